"""Marketplace. Rules: «Магазин приложений. Тарификация», «Кабинет вендора: тарифные планы и опции».

Vendors set the prices, so they are given here. A prepaid plan is paid once a cycle: the plan, each step of an option
above its base, each option switched on. A postpaid plan costs what is used. An image-based product runs on machines
that VK bills at the list's own card «Инфраструктура маркетплейса».
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.i18n.words import plain
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.shapes import Disk, MachineFlavor, MachineShape, compute, disk_meter

TITLE = Text(en="Marketplace product", ru="Приложение маркетплейса")
EXAMPLE: dict[str, Any] = {
    "plan": {"name": "Standard", "cost": 2000},
    "options": [{"name": "users", "base": 25, "size": 100, "cost": 150, "value": 125}],
    "infrastructure": [{"name": "app", "flavor": "STD3-2-4", "disks": [{"type": "ceph-ssd", "size_gb": 50}]}],
}
LONGEST_MONTH = 31


class Cycle(Record):
    """How often a prepaid plan is paid: one month and no days is not 31 days."""

    months: Annotated[Count, Field(ge=0, le=120)] = 1
    """Months: of the calendar
    Месяцы: календарные"""
    days: Annotated[Count, Field(ge=0, le=3660)] = 0
    """Days: added to the months
    Дни: добавляются к месяцам"""

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not self.months and not self.days:
            raise invalid(
                "months",
                Text(en="the cycle has no length", ru="цикл не имеет длины"),
                Text(en="give `months` or `days`", ru="укажите `months` или `days`"),
            )
        return self


class Plan(Record):
    """The vendor's plan."""

    name: str = ""
    """Plan: its name
    Тариф: название"""
    kind: Literal["prepaid", "postpaid", "free", "byol"] = "prepaid"
    """Payment: prepaid per cycle, postpaid by use, free, or byol = your own licence
    Оплата: prepaid — за цикл вперёд, postpaid — по потреблению, free — бесплатно, byol — своя лицензия"""
    cost: Amount | None = None
    """Price of a cycle: of a prepaid plan, VAT included
    Цена цикла: тарифа с предоплатой, с НДС"""
    cycle: Cycle = Cycle()
    """Cycle: a month unless given
    Цикл: месяц, если не указано иное"""


class Option(Record):
    """An option: a number in steps above a base, a switch (`value: true`), or what is used of a postpaid plan."""

    name: str
    """Option: its name
    Опция: название"""
    base: Amount = Decimal(0)
    """Base: included in the plan, and the least
    База: входит в тариф, меньше нельзя"""
    size: Annotated[Amount, Field(gt=0)] = Decimal(1)
    """Step: how much one step adds
    Шаг: сколько добавляет один шаг"""
    cost: Amount | None = None
    """Price: of a step, of the switch or of a unit used, VAT included
    Цена: шага, включённой опции или единицы потребления, с НДС"""
    value: Amount | bool | None = None
    """Value: a number, or true for a switch; the base unless given
    Значение: число или true для включаемой опции; если не указано — база"""


class Role(Record):
    """What machines do for a product, and how many do it."""

    name: str = ""
    """Name: of the role
    Имя: роль"""
    nodes: Annotated[Count, Field(ge=1, le=500)] = 1
    """Machines: identical ones
    Машины: одинаковые"""


class Machine(MachineShape, Role):
    """Machines the product runs on."""

    flavor: MachineFlavor | None = None
    """Flavor
    Конфигурация"""
    disks: tuple[Disk, ...] = ()
    """Disks: of each machine
    Диски: каждой машины"""
    public_ip: Annotated[int, Field(ge=0, le=50)] = 0
    """Public IPv4: floating addresses of each machine, at the ordinary price
    Публичные IPv4: плавающие адреса каждой машины, по обычной цене"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one machine per 30 days
    Цена по запросу: ядра и память одной машины за 30 дней"""


class Spec(Record):
    """A plan, its options and what the product runs on."""

    plan: Plan
    """Plan: the vendor's price table
    Тариф: таблица цен вендора"""
    options: tuple[Option, ...] = ()
    """Options
    Опции"""
    charges: Annotated[Count, Field(ge=0, le=10_000)] | None = None
    """Payments: how often a prepaid plan is paid in the period; counted from its first day unless given
    Платежи: сколько раз в периоде платится предоплата; если не указано — считается с его первого дня"""
    infrastructure: tuple[Machine, ...] = ()
    """Infrastructure: machines of an image-based product
    Инфраструктура: машины приложения из образа"""

    @model_validator(mode="after")
    def _one_way_to_pay(self) -> Self:
        kind = self.plan.kind
        if kind != "prepaid" and self.plan.cost:
            raise invalid(
                "plan.cost",
                Text(en=f"a {kind} plan has no price of its own", ru=f"у тарифа {kind} нет своей цены"),
                Text(en="remove `cost`, or choose `kind: prepaid`", ru="уберите `cost` или выберите `kind: prepaid`"),
            )
        if kind in ("free", "byol") and self.options:
            raise invalid(
                "options",
                Text(en=f"a {kind} plan has no options", ru=f"у тарифа {kind} нет опций"),
                Text(
                    en="remove `options`, or choose `kind: postpaid`",
                    ru="уберите `options` или выберите `kind: postpaid`",
                ),
            )
        for option in self.options:
            _check(option, kind)
        return self


def _check(option: Option, kind: str) -> None:
    """Refuse a value that the vendor's slider cannot show."""
    if kind == "postpaid" and (option.base or option.size != 1 or isinstance(option.value, bool)):
        raise invalid(
            "options",
            Text(
                en=f"“{option.name}” of a postpaid plan is an amount used",
                ru=f"«{option.name}» постоплатного тарифа — это объём потребления",
            ),
            Text(en="give `cost` and a number as `value`", ru="укажите `cost` и число `value`"),
        )
    if option.value is None or isinstance(option.value, bool):
        return
    below = option.value < option.base
    if below or (kind == "prepaid" and (option.value - option.base) % option.size):
        count = 0 if below else int((option.value - option.base) / option.size)
        near = [plain(shown_default(option.base, option.size, n)) for n in (count, count + 1)]
        raise invalid(
            "options",
            Text(
                en=f"“{option.name}” cannot be {plain(option.value)}",
                ru=f"«{option.name}» не может быть {plain(option.value)}",
            ),
            Text(en=f"the nearest values: {', '.join(near)}", ru=f"ближайшие значения: {', '.join(near)}"),
        )


def shown_default(base: Decimal, size: Decimal, steps: int) -> Decimal:
    """The value a vendor's form shows for a default of so many steps.

    >>> shown_default(Decimal(25), Decimal(100), 2)
    Decimal('225')
    """
    return base + steps * size


def steps_of(option: Option) -> Decimal:
    """How many times an option's price is paid a cycle: steps above the base, or once when it is switched on.

    >>> steps_of(Option(name="users", base=25, size=100, value=225))
    Decimal('2')
    """
    if option.value is None or isinstance(option.value, bool):
        return Decimal(bool(option.value))
    return (option.value - option.base) / option.size


def returned_bonuses(paid: Decimal, days_left: int, days: int) -> Decimal:
    """Bonuses that come back when a refundable plan is changed with so many days of its cycle left, half up.

    The documentation speaks of the remaining days without a formula; by the day is our reading. It is a share of a
    charge that was made, not a price times a quantity.

    >>> returned_bonuses(Decimal(2000), 15, 30)
    Decimal('1000.00')
    """
    kopecks = int(paid * 100)
    return Decimal((2 * kopecks * days_left + days) // (2 * days)).scaleb(-2)


def payments(cycle: Cycle, period: Period) -> int:
    """How often a plan connected on the period's first day is paid: on that day and after every cycle.

    A period no longer than a cycle can be is one payment: 30 days of February and March are still a month.
    """
    if period.end - period.start <= timedelta(days=LONGEST_MONTH * cycle.months + cycle.days):
        return 1
    count = 0
    while _after(period.start, cycle, count) < period.end:
        count += 1
    return count


def _after(start: datetime, cycle: Cycle, times: int) -> datetime:
    """The moment so many cycles later; the 31st becomes a shorter month's last day."""
    years, month = divmod(start.month - 1 + times * cycle.months, 12)
    year, month = start.year + years, month + 1
    day = min(start.day, monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day) + timedelta(days=times * cycle.days)


def STOPPABLE(spec: Spec) -> bool:  # noqa: N802 (one of the names a service module exposes)
    """The machines can be stopped; the plan goes on."""
    return bool(spec.infrastructure)


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """The plan's cycles, the options' steps or use, and the machines."""
    plan = {"plan": spec.plan.name}
    if spec.plan.kind == "prepaid":
        count = payments(spec.plan.cycle, period) if spec.charges is None else spec.charges
        yield Usage(meter="marketplace.plan", dimensions=plan, amount=count, given=spec.plan.cost,
                    given_key="plan.cost", assumption=_counted(count) if spec.charges is None else None)  # fmt: skip
        for option in spec.options:
            if steps := steps_of(option) * count:
                yield Usage(meter="marketplace.option", dimensions={**plan, "option": option.name}, amount=steps,
                            given=option.cost, given_key="options.cost")  # fmt: skip
    elif spec.plan.kind == "postpaid":
        for option in spec.options:
            yield Usage(meter="marketplace.usage", dimensions={**plan, "option": option.name},
                        amount=option.value or Decimal(0), given=option.cost, given_key="options.cost")  # fmt: skip
    else:
        yield Usage(meter="marketplace.plan", dimensions=plan, amount=1, given=Decimal(0),
                    assumption=_own_licence() if spec.plan.kind == "byol" else None)  # fmt: skip
    for each in spec.infrastructure:
        yield from compute("marketplace", each.shape, each.nodes, {}, given=each.monthly_price, when="running",
                           given_key="infrastructure.monthly_price")  # fmt: skip
        for disk in each.disks:
            yield Usage(meter=disk_meter("marketplace.disk", disk.type), level=disk.size_gb * each.nodes)
        if each.public_ip:
            yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=each.public_ip * each.nodes)


def _counted(count: int) -> Assumption:
    reason = Text(
        en="a prepaid plan is paid on the day of connection and after every cycle: connected on the period's first day",
        ru="предоплата списывается в день подключения и после каждого цикла: подключение — в первый день периода",
    )
    return Assumption(key="charges", value=str(count), reason=reason, source="vk-docs-marketplace-tariffication")


def _own_licence() -> Assumption:
    reason = Text(
        en="the licence is bought from the vendor and is not on VK's bill",
        ru="лицензия куплена у вендора и в счёт VK не входит",
    )
    return Assumption(key="plan.kind", value="byol", reason=reason, source="vk-docs-marketplace-tariffication")
