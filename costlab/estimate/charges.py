"""Price a scenario: services say what is used, the catalog says which SKU answers, the rating program computes.

Nothing here multiplies a price. What has no answer becomes a problem, and the estimate says that it is incomplete.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, localcontext

from costlab.catalog.loading import Catalog, load_catalog
from costlab.catalog.regimes import GIVEN, SCALE, Regime, tiers_of
from costlab.engine import duckdb as engine
from costlab.errors import InputError, kind
from costlab.estimate.advice import add_warnings
from costlab.estimate.caps import over_caps
from costlab.estimate.lines import Line, PricingRequest, ask
from costlab.model.numbers import ZERO, Period, Problem, Text
from costlab.model.periods import moment
from costlab.model.scenario import CAP_ID, ROUNDING_ID, Charge, Estimate, ResourceCost, Scenario

_NOTHING = Decimal("0.00")
_KOPECK = Decimal("0.01")
_PRINTED = Decimal(1).scaleb(-12)
_DIGITS = 60
"""More than any product here needs, so that no Decimal operation rounds."""


def estimate_cost(scenario: Scenario, *, catalog: Catalog | None = None) -> Estimate:
    """Price a scenario.

    Returns charges, sums, assumptions and problems; `complete` is false when a line has no price. Raises `InputError`
    when a resource asks for something impossible, such as a disk type its zone lacks.
    """
    with localcontext(prec=_DIGITS):
        asked = add_warnings(ask(scenario, catalog or load_catalog(scenario.provider)))
        if asked.errors:
            raise InputError(*asked.errors)
        try:
            return _estimate(asked)
        except OverflowError:
            raise InputError(Problem(code="too_much", source=scenario.source)) from None


def _estimate(asked: PricingRequest) -> Estimate:
    """Rate the lines and put charges, sums and what was met together."""
    scenario = asked.scenario
    charges = _charges(asked)
    ranged = any(x.variant for x in asked.lines)
    empty = [] if scenario.resources else [Problem(code="nothing_to_price", source=scenario.source)]
    problems = (*asked.problems, *empty)
    return Estimate(
        scenario=scenario,
        name=scenario.name,
        provider=scenario.provider,
        region=scenario.region,
        currency=asked.region.currency,
        period=scenario.period,
        prices_on=scenario.prices_on,
        catalog=asked.catalog.stamp(scenario.prices_on),
        resources=tuple(_resource_costs(asked, charges)),
        charges=tuple(charges),
        problems=problems,
        assumptions=tuple(asked.assumptions),
        total_low=_end_of_range(asked, "low") if ranged else None,
        total_high=_end_of_range(asked, "high") if ranged else None,
        complete=not any(kind(p) == "unpriced" for p in problems),
        unpriced=asked.unpriced,
        contract=asked.catalog.contract,
    )


def _rate(
    asked: PricingRequest, lines: Iterable[Line]
) -> tuple[list[tuple[str, Line]], list[Regime], list[engine.Rated]]:
    """Rate every instance by itself; `usage_id` of a row is its index in the first list."""
    rows = [(name, line) for line in lines for name in line.resource.instances]
    history = [r for h in asked.histories.values() for r in h]
    usage = ((i, x.price_key, x.start, x.end, x.billionths) for i, (_, x) in enumerate(rows))
    return rows, history, list(engine.rate(usage, history))


def _charges(asked: PricingRequest) -> list[Charge]:
    """The charges in the order of the resources, then what a cap takes back and the remainder of a rounded total."""
    rows, history, rated = _rate(asked, (x for x in asked.lines if not x.variant))
    listed = _list_costs(rows, history)
    found: dict[str, list[Charge]] = {n: [] for r in asked.scenario.resources for n in r.instances}
    rest: list[Charge] = []
    for row in rated:
        if row.usage_id is None or row.rate_id is None:
            rest.append(_remainder(row, asked, history))
        else:
            name, line = rows[row.usage_id]
            at_list = listed.get((row.usage_id, row.rate_id))
            found[name].append(_charge(row, name, line, history[row.rate_id], asked, at_list))
    charges = [c for own in found.values() for c in own]
    return [*charges, *over_caps(asked, charges), *rest]


def _list_costs(rows: list[tuple[str, Line]], history: list[Regime]) -> dict[tuple[int, int], int]:
    """Kopecks at the list's price, by usage and rate, of what a contract or a discount prices otherwise."""
    agreed = {r.price_key for r in history if r.listed not in (None, r.rate)}
    if not agreed:
        return {}
    at_list = [replace(r, rate=r.listed) if r.listed else r for r in history]
    usage = ((i, x.price_key, x.start, x.end, x.billionths) for i, (_, x) in enumerate(rows) if x.price_key in agreed)
    found = engine.rate(usage, at_list)
    return {(r.usage_id, r.rate_id): r.cost for r in found if r.usage_id is not None and r.rate_id is not None}


def _end_of_range(asked: PricingRequest, variant: str) -> Decimal:
    """The total with every range at one of its ends."""
    chosen = (x for x in asked.lines if x.variant == variant or (not x.variant and x.usage.low is None))
    _, _, rated = _rate(asked, chosen)
    return sum((row.cost for row in rated), 0) * _KOPECK


def _resource_costs(asked: PricingRequest, charges: list[Charge]) -> list[ResourceCost]:
    costs: dict[str, Decimal] = {}
    at_list: dict[str, Decimal | None] = {}
    for charge in charges:
        costs[charge.resource_id] = costs.get(charge.resource_id, _NOTHING) + charge.cost
        before = at_list.get(charge.resource_id, _NOTHING)
        both = before is not None and charge.list_cost is not None
        at_list[charge.resource_id] = before + charge.list_cost if both else None  # type: ignore[operator]
    found = [
        ResourceCost(
            resource_id=name,
            service=resource.service,
            group=resource.group,
            cost=costs.get(name, _NOTHING),
            complete=resource.resource_id not in asked.incomplete,
            list_cost=at_list.get(name, _NOTHING),
        )
        for resource in asked.scenario.resources
        for name in resource.instances
    ]
    for name in (CAP_ID, ROUNDING_ID):
        if name in costs:
            own = ResourceCost(resource_id=name, service="", group="", cost=costs[name], complete=True)
            found.append(own.model_copy(update={"list_cost": at_list[name]}))
    return found


def _charge(
    row: engine.Rated, name: str, line: Line, regime: Regime, asked: PricingRequest, at_list: int | None
) -> Charge:
    assert row.start_minute is not None and row.end_minute is not None  # noqa: S101, PT018 (only remainders lack them)
    rate, resource, region = regime.rate, line.resource, asked.region
    cost, vat = Decimal(row.cost) * _KOPECK, Decimal(row.vat) * _KOPECK
    return Charge(
        resource_id=name,
        service=resource.service,
        group=resource.group,
        meter=line.usage.meter,
        sku_id=line.sku.sku_id,
        sku_name=line.sku.name,
        dimensions=line.usage.dimensions,
        period=Period(start=moment(row.start_minute, region), end=moment(row.end_minute, region)),
        quantity=Decimal(row.quantity) / SCALE,
        level=line.usage.level,
        unit=asked.catalog.meters[line.usage.meter].pricing_unit,
        unit_price=tiers_of(rate)[0].price,
        per=rate.per,
        tiers=rate.tiers,
        charge_model=rate.charge_model,
        raw_cost=Decimal(row.raw_cost) * _PRINTED,
        price_vat=rate.vat,
        rounding=regime.rounding,
        vat_rate=regime.tax.rate,
        net=cost - vat,
        vat=vat,
        cost=cost,
        currency=region.currency,
        price_effective=None if rate.source == GIVEN else rate.effective,
        price_source=f"{GIVEN}: {resource.origin}" if rate.source == GIVEN else rate.source,
        price_note=rate.note,
        contract=rate.contract,
        list_cost=_list_cost(regime, cost, at_list),
        list_rate=regime.listed if rate.contract else None,
        tags=resource.tags,
        source=resource.source,
        line=resource.line,
    )


def _list_cost(regime: Regime, cost: Decimal, at_list: int | None) -> Decimal | None:
    if regime.rate.source == GIVEN or not regime.rate.contract:
        return cost
    return None if regime.listed is None or at_list is None else Decimal(at_list) * _KOPECK


def _remainder(row: engine.Rated, asked: PricingRequest, history: list[Regime]) -> Charge:
    """What rounding the document's total leaves: a visible row of its own."""
    rule = next(r for r in history if r.rounding.scope == "total")
    cost, vat = Decimal(row.cost) * _KOPECK, Decimal(row.vat) * _KOPECK
    name = Text(en="Rounding of the total", ru="Округление итога")
    share = Decimal(row.vat_numerator) / Decimal(row.vat_denominator - row.vat_numerator)
    return Charge(
        resource_id=ROUNDING_ID, service="", group="", meter="", sku_id=ROUNDING_ID, sku_name=name, dimensions={},
        period=asked.scenario.period, quantity=ZERO, unit="", unit_price=ZERO, per=Decimal(1), charge_model="flat",
        raw_cost=ZERO, price_vat="included", rounding=rule.rounding, vat_rate=share, net=cost - vat, vat=vat, cost=cost,
        list_cost=ZERO, currency=asked.region.currency, price_effective=rule.rate.effective,
        price_source=rule.rounding.source, tags={},
    )  # fmt: skip
