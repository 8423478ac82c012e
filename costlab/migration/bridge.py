"""From today's monthly cost to the target's, step by step in one printed order; the steps add up to the kopeck.

Steps of quantity (schedule, sizes, disk types) are taken at the target's prices: the same estate is rated again after
each of them by the rating program, so no step is a guess. What is left between today's cost and the as-is estate at the
target's prices is price. Another order would give other steps and the same sum, so the order is printed.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from costlab.catalog.loading import Catalog
from costlab.estimate.charges import estimate_cost
from costlab.model.numbers import Text
from costlab.model.scenario import Charge, Estimate, Resource, Scenario, Schedule

ZERO = Decimal("0.00")
ORDER: dict[str, Text] = {
    "scope": Text(en="Scope removed", ru="Вывод из эксплуатации"),
    "schedule": Text(en="Schedule, off-hours", ru="Расписание работы"),
    "cpu": Text(en="Right-sizing of cores", ru="Подбор ядер"),
    "ram": Text(en="Right-sizing of memory", ru="Подбор памяти"),
    "storage_amount": Text(en="Amount of storage", ru="Объём хранения"),
    "storage_tier": Text(en="Type of storage", ru="Тип хранения"),
    "price_compute": Text(en="Price of compute", ru="Цена вычислений"),
    "price_storage": Text(en="Price of storage", ru="Цена хранения"),
    "licences": Text(en="Licences", ru="Лицензии"),
    "network": Text(en="Network and traffic", ru="Сеть и трафик"),
    "managed_services": Text(en="Managed services", ru="Управляемые сервисы"),
    "facilities": Text(en="Space, power, cooling", ru="Площади, электричество, охлаждение"),
    "hardware": Text(en="Hardware", ru="Оборудование"),
    "labour": Text(en="Labour", ru="Персонал"),
    "other": Text(en="Support and other", ru="Поддержка и прочее"),
    "discounts": Text(en="Discounts", ru="Скидки"),
    "vat": Text(en="VAT not recovered", ru="НДС, не принимаемый к вычету"),
}
_STEP_OF = {
    "compute": "price_compute", "ram": "price_compute", "storage": "price_storage", "licences": "licences",
    "network": "network", "public_ip_lb": "network", "managed_services": "managed_services",
    "facilities": "facilities", "hardware": "hardware", "hardware_maintenance": "hardware", "labour": "labour",
}  # fmt: skip
_METERS = (
    ("compute.vcpu", "compute"), ("compute.ram", "ram"), ("compute.", "compute"), ("block_storage.", "storage"),
    ("file_storage.", "storage"), ("object_storage.", "storage"), ("image.", "storage"), ("backup", "backup"),
    ("network.public_ipv4", "public_ip_lb"), ("network.load_balancer", "public_ip_lb"), ("network.", "network"),
    ("cdn.", "network"), ("licence.", "licences"), ("security.", "security"), ("operations.support", "support"),
)  # fmt: skip


class BridgeStep(NamedTuple):
    """A step: what it adds to the monthly cost (a saving is negative)."""

    key: str
    amount: Decimal


def category_of(charge: Charge) -> str:
    """The category of a charge: by its meter; what no category names is a managed service."""
    if charge.service in ("backup", "cyber_backup"):
        return "backup"
    return next((c for prefix, c in _METERS if charge.meter.startswith(prefix)), "managed_services")


def by_category(estimate: Estimate) -> dict[str, tuple[Decimal, Decimal]]:
    """Category → net and gross sums of an estimate's charges."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for charge in estimate.charges:
        key = category_of(charge)
        net, gross = found.get(key, (ZERO, ZERO))
        found[key] = (net + charge.net, gross + charge.cost)
    return found


def bridge(
    today: Mapping[str, Decimal],
    retired: Decimal,
    after: Mapping[str, Decimal],
    moves: Mapping[str, Decimal],
    discount: Decimal,
    vat: Decimal,
) -> tuple[BridgeStep, ...]:
    """Every step of `ORDER`.

    `today` and `after` are net monthly amounts by category, `today` with what is retired left out, `after` before
    discounts; `moves` are the quantity steps (see `quantity_steps`), which are parts of `after`'s categories.
    """
    steps = dict.fromkeys(ORDER, ZERO)
    steps |= {"scope": -retired, **moves, "discounts": -discount, "vat": vat}
    for category in {*today, *after}:
        step = _STEP_OF.get(category, "other")
        steps[step] += after.get(category, ZERO) - today.get(category, ZERO)
    steps["price_compute"] -= sum((moves.get(k, ZERO) for k in ("schedule", "cpu", "ram")), ZERO)
    steps["price_storage"] -= sum((moves.get(k, ZERO) for k in ("storage_amount", "storage_tier")), ZERO)
    return tuple(BridgeStep(key, steps[key]) for key in ORDER)


def quantity_steps(as_is: Estimate, target: Estimate, catalog: Catalog | None = None) -> dict[str, Decimal]:
    """What schedule, cores, memory, amount and type of storage each change, net a month, at the target's prices.

    The as-is estate is rated with the target's schedules, then with the target's disk sizes on its own disk types.
    """
    scenario = as_is.scenario
    wanted = {r.resource_id: r for r in target.scenario.resources}
    timed = _changed(scenario, (_timed(r, wanted.get(r.resource_id)) for r in scenario.resources))
    sized = _changed(scenario, (_sized(r, wanted.get(r.resource_id)) for r in timed.resources))
    stages = [as_is, *(estimate_cost(s, catalog=catalog) for s in (timed, sized)), target]
    first, second, third, last = ({k: v[0] for k, v in by_category(e).items()} for e in stages)

    def change(category: str, before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> Decimal:
        return after.get(category, ZERO) - before.get(category, ZERO)

    return {
        "schedule": sum((change(c, first, second) for c in ("compute", "ram")), ZERO),
        "cpu": change("compute", second, last),
        "ram": change("ram", second, last),
        "storage_amount": change("storage", first, third),
        "storage_tier": change("storage", third, last),
    }


def _changed(scenario: Scenario, resources: Iterator[Resource]) -> Scenario:
    return scenario.model_copy(update={"resources": tuple(resources)})


def _timed(resource: Resource, wanted: Resource | None) -> Resource:
    return resource.model_copy(update={"schedule": wanted.schedule if wanted else Schedule()})


def _sized(resource: Resource, wanted: Resource | None) -> Resource:
    """The resource with the wanted one's disk sizes, where both have as many disks."""
    own, other = getattr(resource.spec, "disks", ()), getattr(wanted.spec, "disks", ()) if wanted else ()
    if not own or len(own) != len(other):
        return resource
    disks = tuple(a.model_copy(update={"size_gb": b.size_gb}) for a, b in zip(own, other, strict=True))
    return resource.model_copy(update={"spec": resource.spec.model_copy(update={"disks": disks})})
