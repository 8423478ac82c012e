"""Sums of charges by any of their features: group, service, resource. Additions only, so parts make the whole."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from costlab.model.numbers import Record
from costlab.model.scenario import Charge, Estimate


class Sum(Record):
    """What some charges add up to: gross, without VAT, and the VAT between them."""

    cost: Decimal = Decimal("0.00")
    net: Decimal = Decimal("0.00")
    vat: Decimal = Decimal("0.00")
    lines: int = 0
    """How many charges were added."""


def sums(charges: Iterable[Charge], by: Callable[[Charge], str]) -> dict[str, Sum]:
    """Sums per key, in the order the keys first appear; Σ over the keys = the sum of all charges."""
    found: dict[str, list[Charge]] = {}
    for charge in charges:
        found.setdefault(by(charge), []).append(charge)
    return {key: total(own) for key, own in found.items()}


def total(charges: Iterable[Charge]) -> Sum:
    """One sum over all charges."""
    cost = net = vat = Decimal("0.00")
    lines = 0
    for charge in charges:
        cost, net, vat, lines = cost + charge.cost, net + charge.net, vat + charge.vat, lines + 1
    return Sum(cost=cost, net=net, vat=vat, lines=lines)


def owners(estimate: Estimate) -> dict[str, str]:
    """Which resource of the scenario each priced instance belongs to: `web#2` → `web`."""
    instances = iter(estimate.resources)
    return {next(instances).resource_id: r.resource_id for r in estimate.scenario.resources for _ in range(r.count)}
