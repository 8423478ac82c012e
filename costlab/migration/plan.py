"""The migration plan: what is paid today, what will be, when the waves go, what it costs once, how money is counted.

Months are numbered 1 to the horizon; shares and yearly rates are fractions (`0.14` is 14 %). Nothing here has a default
in money: what a plan does not say is not given, and the result lists it. Model: README, «Migration budget».
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from costlab.errors import InputError, near
from costlab.files.documents import Document, parse_document, read_document
from costlab.files.validation import problems_of, shown
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Number, Problem, Record, Text

FORMAT = 1
MAX_MONTHS = 120

Category = Literal[
    "compute", "ram", "storage", "backup", "network", "public_ip_lb", "licences", "managed_services", "support",
    "security", "facilities", "hardware", "hardware_maintenance", "labour", "migration", "other",
]  # fmt: skip
CATEGORIES: dict[str, Text] = {
    "compute": Text(en="Compute (cores)", ru="Вычисления (ядра)"),
    "ram": Text(en="Memory", ru="Оперативная память"),
    "storage": Text(en="Storage", ru="Хранение данных"),
    "backup": Text(en="Backup and recovery", ru="Резервное копирование и восстановление"),
    "network": Text(en="Network and traffic", ru="Сеть и трафик"),
    "public_ip_lb": Text(en="Public addresses and balancers", ru="Публичные адреса и балансировщики"),
    "licences": Text(en="Licences", ru="Лицензии"),
    "managed_services": Text(en="Managed services", ru="Управляемые сервисы"),
    "support": Text(en="Support", ru="Поддержка"),
    "security": Text(en="Security", ru="Безопасность"),
    "facilities": Text(en="Space, power, cooling", ru="Площади, электричество, охлаждение"),
    "hardware": Text(en="Hardware: lease or replacement", ru="Оборудование: лизинг или замена"),
    "hardware_maintenance": Text(en="Hardware maintenance", ru="Обслуживание оборудования"),
    "labour": Text(en="Labour", ru="Персонал"),
    "migration": Text(en="Migration work and tools", ru="Работы и средства миграции"),
    "other": Text(en="Other", ru="Прочее"),
}
"""The same list for both sides, so that like stands beside like."""

Month = Annotated[Count, Field(ge=1, le=MAX_MONTHS)]
Yearly = Annotated[Number, Field(gt=-1, le=5, decimal_places=9)]
Part = Annotated[Number, Field(ge=0, le=1, decimal_places=9)]
Vat = Literal["included", "excluded", "none"]


class Paid(Record):
    """An amount of money as it was given, with what is needed to put it on one basis."""

    amount: Amount
    """Amount: as on the invoice
    Сумма: как в счёте"""
    currency: str | None = None
    """Currency: the plan's unless given
    Валюта: если не указана, валюта плана"""
    vat: Vat
    """VAT: included, excluded, or none where there is no VAT in it (salaries)
    НДС: included — в сумме, excluded — сверх суммы, none — НДС нет (зарплата)"""
    vat_rate: Part | None = None
    """VAT rate: the statutory one of the plan's first month unless given
    Ставка НДС: если не указана, установленная законом на первый месяц плана"""
    name: str = ""
    """Name
    Название"""
    source: str = ""
    """Where it comes from: contract, invoice, register
    Откуда: договор, счёт, реестр"""


class CurrentLine(Paid):
    """A cost of today."""

    category: Category
    """Category
    Статья"""
    per: Literal["month", "quarter", "year"] = "month"
    """Per: a quarter or a year is spread evenly over its months
    За: квартал и год делятся на месяцы поровну"""
    starts: Month = 1
    """First month
    Первый месяц"""
    ends: Month | None = None
    """Last month; with `stops_at: contract_end` the month the contract binds until, after which today's way renews it
    Последний месяц; при `stops_at: contract_end` — до какого месяца связывает договор"""
    scales_with: Literal["volume", "server", "vm", "gb", "none"] = "volume"
    """Scales with: `none` does not grow with the volume
    Растёт с объёмом: `none` — не растёт"""
    stops_at: Literal["cutover", "contract_end", "never"] = "cutover"
    """Stops at: cutover = with the waves; contract_end = not before `ends`; never = stays after the migration
    Прекращается: cutover — с волнами; contract_end — не раньше `ends`; never — остаётся"""
    indexation: Yearly | None = None
    """Indexation a year: `finance.indexation.source` unless given
    Индексация в год: если не указана, `finance.indexation.source`"""
    kind: Literal["opex", "capex"] = "opex"
    """Kind
    Вид"""
    retired: bool = False
    """Retired: switched off at cutover without a successor, so that it is no price saving
    Выводится: отключается без замены и экономией на цене не считается"""

    @model_validator(mode="after")
    def _contract_has_an_end(self) -> Self:
        if self.stops_at == "contract_end" and self.ends is None:
            raise invalid(
                "ends",
                Text(en="a contract needs the month it binds until", ru="у договора нужен последний месяц"),
                Text(en="give `ends: 14`", ru="укажите `ends: 14`"),
            )
        if self.ends is not None and self.ends < self.starts:
            raise invalid(
                "ends",
                Text(en="ends before it starts", ru="кончается раньше, чем начинается"),
                Text(en="swap `starts` and `ends`", ru="поменяйте местами `starts` и `ends`"),
            )
        return self


class Current(Record):
    """What is paid today."""

    lines: tuple[CurrentLine, ...] = ()
    """Lines
    Строки"""
    waived: tuple[Category, ...] = ()
    """Waived: categories that truly cost nothing, by the user's word
    Без затрат: статьи, по которым расходов действительно нет"""


class TargetLine(Paid):
    """A monthly cost at the target that no estimate holds."""

    category: Category
    """Category
    Статья"""


class Alternative(Record):
    """Another estimate of the same estate: other sizing, other storage basis, another cloud."""

    name: Annotated[str, Field(min_length=1)]
    """Name
    Название"""
    estimate: str
    """Estimate file
    Файл сметы"""
    provider: str | None = None
    """Provider: the same usage by another list
    Провайдер: то же потребление по другому прайс-листу"""


class Target(Record):
    """What will be paid each month: an estimate of one month, lines, or both."""

    estimate: str | None = None
    """Estimate file, beside the plan
    Файл сметы рядом с планом"""
    as_is: str | None = None
    """Estimate of the same estate before right-sizing: parts the right-sizing saving from the price saving
    Смета той же инфраструктуры без подбора размеров: отделяет экономию на размерах от экономии на цене"""
    lines: tuple[TargetLine, ...] = ()
    """Lines
    Строки"""
    discount: Part = Decimal(0)
    """Discount on the estimate, as a fraction
    Скидка на смету, долей"""
    alternatives: tuple[Alternative, ...] = ()
    """Alternatives: told in the sensitivity
    Варианты: показаны в чувствительности"""

    @model_validator(mode="before")
    @classmethod
    def _only_a_file(cls, value: Any) -> Any:
        """`target: estimate.yaml` is short for its `estimate`."""
        return {"estimate": value} if isinstance(value, str) else value


class Wave(Record):
    """A part of the estate that moves together; both sides are paid from `target_starts` to `source_paid_until`."""

    name: str = ""
    """Name
    Название"""
    share: Annotated[Part, Field(gt=0)]
    """Share of the estate
    Доля инфраструктуры"""
    target_starts: Month
    """First month the target is paid
    Первый месяц оплаты новой площадки"""
    source_paid_until: Annotated[Count, Field(ge=0, le=MAX_MONTHS)]
    """Last month the source is paid
    Последний месяц оплаты старой площадки"""
    ramp: Annotated[Count, Field(ge=1, le=24)] = 1
    """Ramp: months over which the target's cost grows evenly to the wave's share
    Разгон: за сколько месяцев расход растёт до доли волны"""


class Once(Paid):
    """Money in one month."""

    month: Month
    """Month
    Месяц"""
    category: Category = "migration"
    """Category
    Статья"""
    owner: str = ""
    """Owner
    Ответственный"""


class Tail(Paid):
    """Money each month from a contract that outlives its wave."""

    starts: Month
    """First month
    Первый месяц"""
    ends: Month
    """Last month
    Последний месяц"""


class Indexation(Record):
    """How prices rise in a year."""

    source: Yearly | None = None
    """Source
    Старая площадка"""
    target: Yearly | None = None
    """Target
    Новая площадка"""


class Finance(Record):
    """How money is counted."""

    horizon: Month = 36
    """Horizon, months
    Горизонт, месяцев"""
    discount_rate: Annotated[Number, Field(ge=0, le=5, decimal_places=9)] | None = None
    """Discount rate a year; without it there is no NPV
    Ставка дисконтирования в год; без неё нет NPV"""
    growth: Yearly | None = None
    """Growth of volume a year
    Рост объёма в год"""
    indexation: Indexation = Indexation()
    """Indexation
    Индексация"""
    vat_recoverable: bool | None = None
    """VAT is recovered: amounts then stand without it
    НДС принимается к вычету: тогда суммы без него"""
    contingency: Annotated[Number, Field(ge=0, le=5, decimal_places=9)] | None = None
    """Contingency on one-offs
    Резерв на разовые затраты"""


class ExchangeRate(Record):
    """What one unit of a currency is in the plan's currency, on a day, by the user's word."""

    currency: Annotated[str, Field(min_length=3, max_length=3)]
    rate: Annotated[Number, Field(gt=0)]
    day: str
    source: str


class Plan(Record):
    """A migration plan as it was written."""

    costlab: Literal[1]
    """Format
    Формат"""
    name: str
    """Name
    Название"""
    currency: str = "RUB"
    """Currency
    Валюта"""
    starts: str | None = None
    """First month: 2027-01
    Первый месяц: 2027-01"""
    current: Current
    """Current
    Сейчас"""
    target: Target
    """Target: an estimate file, or `estimate`, `lines`, `discount`
    Новая площадка: файл сметы или `estimate`, `lines`, `discount`"""
    waves: tuple[Wave, ...]
    """Waves
    Волны"""
    one_offs: tuple[Once, ...] | None = None
    """One-off costs
    Разовые затраты"""
    credits: tuple[Once, ...] = ()
    """Credits of the vendor
    Кредиты и гранты провайдера"""
    refresh: tuple[Once, ...] = ()
    """Refresh of hardware that the migration makes needless
    Обновление оборудования, которого миграция позволяет избежать"""
    tails: tuple[Tail, ...] = ()
    """Tails of contracts
    Остатки договоров"""
    resale: tuple[Once, ...] = ()
    """Resale of equipment
    Продажа оборудования"""
    finance: Finance = Finance()
    """Finance
    Финансы"""
    rates: tuple[ExchangeRate, ...] = ()
    """Exchange rates
    Курсы валют"""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum((w.share for w in self.waves), Decimal(0)) > 1:
            raise invalid(
                "waves",
                Text(en="the shares of the waves are more than the whole", ru="доли волн больше целого"),
                Text(en="let `share` add up to 1", ru="сумма `share` должна быть 1"),
            )
        if not self.waves:
            raise invalid(
                "waves",
                Text(en="no wave is given", ru="нет ни одной волны"),
                Text(
                    en="add `- {share: 1, target_starts: 3, source_paid_until: 4}`",
                    ru="добавьте `- {share: 1, target_starts: 3, source_paid_until: 4}`",
                ),
            )
        if self.starts is not None and first_day(self.starts) is None:
            raise invalid(
                "starts",
                Text(en="is not a month", ru="это не месяц"),
                Text(en="write `2027-01`", ru="пишите `2027-01`"),
            )
        return self


def first_day(month: str) -> date | None:
    """The first day of `2027-01`; None when it is no month."""
    try:
        return date.fromisoformat(f"{month}-01") if len(month) == len("2027-01") else None
    except ValueError:
        return None


def month_name(plan: Plan, month: int) -> str:
    """`2027-03`, where the plan says when it begins; else the month's number."""
    day = first_day(plan.starts) if plan.starts else None
    if day is None:
        return str(month)
    index = day.year * 12 + day.month - 1 + month - 1
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def read_plan(path: Path | str) -> Plan:
    """Read a plan (YAML or JSON). Raises `InputError` with every problem found, each with its line."""
    return _plan(read_document(path))


def parse_plan(raw: bytes, source: str) -> Plan:
    """The same from bytes, as a browser uploads them."""
    return _plan(parse_document(raw, source))


def _plan(document: Document) -> Plan:
    data = document.data
    if not isinstance(data, dict) or "costlab" not in data or "waves" not in data:
        raise InputError(Problem(code="not_a_plan", source=document.source, line=1))
    if isinstance(data["costlab"], bool) or data["costlab"] != FORMAT:
        args = {"key": "costlab", "value": shown(data["costlab"]), **near(shown(data["costlab"]), [str(FORMAT)])}
        line = document.line("costlab")
        raise InputError(Problem(code="not_allowed", source=document.source, line=line, args=args))
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        found = problems_of(error, document, (), "", Plan)
        raise InputError(*found or [Problem(code="not_a_plan", source=document.source, line=1)]) from None
