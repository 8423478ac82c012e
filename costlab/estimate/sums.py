"""The fifth step: sums of charges by any of their features. Additions only, so parts make the whole."""

from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal

from costlab.model.numbers import Record
from costlab.model.scenario import CAP_ID, ROUNDING_ID, Charge, Estimate, ResourceCost, Scenario

_NOTHING = Decimal("0.00")


class Sum(Record):
    """What some charges add up to: gross, without VAT, and the VAT between them."""

    cost: Decimal = Decimal("0.00")
    net: Decimal = Decimal("0.00")
    vat: Decimal = Decimal("0.00")
    lines: int = 0
    """How many charges were added."""


def sums(charges: Iterable[Charge], by: Callable[[Charge], str]) -> dict[str, Sum]:
    """Sums per key, in the order the keys first appear; Σ over the keys = the sum of all charges."""
    by_key: dict[str, list[Charge]] = {}
    for charge in charges:
        by_key.setdefault(by(charge), []).append(charge)
    return {key: total(own) for key, own in by_key.items()}


def total(charges: Iterable[Charge]) -> Sum:
    """One sum over all charges."""
    cost = net = vat = Decimal("0.00")
    lines = 0
    for charge in charges:
        cost, net, vat, lines = cost + charge.cost, net + charge.net, vat + charge.vat, lines + 1
    return Sum(cost=cost, net=net, vat=vat, lines=lines)


def resource_costs(
    scenario: Scenario, charges: Iterable[Charge], incomplete: Collection[str]
) -> Iterator[ResourceCost]:
    """What each instance of a scenario costs, in its order; then what caps take back and a rounded total leaves.

    `incomplete`: the resources of which something has no price. Σ of the costs = Σ of the charges.
    """
    own: dict[str, list[Charge]] = {}
    for charge in charges:
        own.setdefault(charge.resource_id, []).append(charge)
    for resource in scenario.resources:
        complete = resource.resource_id not in incomplete
        for name in resource.instances:
            yield _resource_cost(name, resource.service, resource.group, own.get(name, []), complete=complete)
    for resource in scenario.unfilled:
        for name in resource.instances:
            yield _resource_cost(name, resource.service, resource.group, [], complete=False)
    for name in (CAP_ID, ROUNDING_ID):
        if name in own:
            yield _resource_cost(name, "", "", own[name], complete=True)


def _resource_cost(name: str, service: str, group: str, charges: list[Charge], *, complete: bool) -> ResourceCost:
    at_list = [c.list_cost for c in charges if c.list_cost is not None]
    return ResourceCost(
        resource_id=name,
        service=service,
        group=group,
        cost=sum((c.cost for c in charges), _NOTHING),
        complete=complete,
        list_cost=sum(at_list, _NOTHING) if len(at_list) == len(charges) else None,
    )


def owners(estimate: Estimate) -> dict[str, str]:
    """Which resource of the scenario each priced instance belongs to: `web#2` → `web`."""
    instances = iter(estimate.resources)
    return {next(instances).resource_id: r.resource_id for r in estimate.scenario.resources for _ in range(r.count)}
