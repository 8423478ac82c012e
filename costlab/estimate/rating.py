"""The third step: every instance's lines meet their prices in the rating program and come out as charges."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from costlab.catalog.regimes import GIVEN, SCALE, Regime, tiers_of
from costlab.engine import duckdb as engine
from costlab.errors import InputError
from costlab.estimate.lines import Line, PricingRequest
from costlab.model.numbers import KOPECK, ZERO, Period, Problem, Text
from costlab.model.periods import moment
from costlab.model.prices import Rate, TaxRate
from costlab.model.scenario import ROUNDING_ID, Charge

UsageRow = tuple[int, str, int, int, int]
"""usage_id, price_key, first and last minute, quantity in billionths."""
_PRINTED = Decimal(1).scaleb(-12)


@dataclass(frozen=True)
class Subject:
    """What a charge is for, apart from its price: a resource's line, or a row of its own such as a rounding."""

    resource_id: str
    sku_id: str
    sku_name: Text
    period: Period
    service: str = ""
    group: str = ""
    meter: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    level: Decimal | None = None
    unit: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    source: str = ""
    line: int | None = None
    origin: str = ""


def charge_of(row: engine.Rated, regime: Regime, subject: Subject, currency: str, list_cost: Decimal | None) -> Charge:
    """The charge a rated row makes, with the price, VAT and rounding rule it was made with. The only way to make one.

    `list_cost`: what the same would cost at the list's price, None where the list has none.
    """
    rate = regime.rate
    cost, vat = row.cost * KOPECK, row.vat * KOPECK
    return Charge(
        resource_id=subject.resource_id,
        service=subject.service,
        group=subject.group,
        meter=subject.meter,
        sku_id=subject.sku_id,
        sku_name=subject.sku_name,
        dimensions=subject.dimensions,
        period=subject.period,
        quantity=Decimal(row.quantity) / SCALE,
        level=subject.level,
        unit=subject.unit,
        unit_price=tiers_of(rate)[0].price,
        per=rate.per,
        tiers=rate.tiers,
        charge_model=rate.charge_model,
        raw_cost=row.raw_cost * _PRINTED,
        price_vat=rate.vat,
        rounding=regime.rounding,
        vat_rate=regime.tax.rate,
        net=cost - vat,
        vat=vat,
        cost=cost,
        currency=currency,
        price_effective=None if rate.source == GIVEN else rate.effective,
        price_source=f"{GIVEN}: {subject.origin}" if rate.source == GIVEN else rate.source,
        price_note=rate.note,
        contract=rate.contract,
        list_cost=list_cost,
        list_rate=regime.listed if rate.contract else None,
        tags=subject.tags,
        source=subject.source,
        line=subject.line,
    )


def rate(request: PricingRequest, end: str = "") -> list[Charge]:
    """The charges in the order of the resources, then the remainder of a rounded total.

    `end`: `low` or `high` for every range at that end instead of what is expected. Raises `InputError` for amounts
    beyond any bill.
    """
    rows = [(name, line) for line in _chosen(request, end) for name in line.resource.instances]
    history = [r for h in request.histories.values() for r in h]
    usage: list[UsageRow] = [(i, x.price_key, x.start, x.end, x.billionths) for i, (_, x) in enumerate(rows)]
    source = request.scenario.source
    at_list = _list_costs(usage, history, source)
    own: dict[str, list[Charge]] = {n: [] for r in request.scenario.resources for n in r.instances}
    rest: list[Charge] = []
    for row in rated(usage, history, source):
        if row.usage_id is None or row.rate_id is None:
            rest.append(_remainder(row, request, history))
        else:
            name, line = rows[row.usage_id]
            regime = history[row.rate_id]
            listed = _list_cost(row, regime, at_list)
            own[name].append(
                charge_of(row, regime, _subject(row, name, line, request), request.region.currency, listed)
            )
    return [*(c for charges in own.values() for c in charges), *rest]


def rated(usage: list[UsageRow], history: list[Regime], source: str) -> Sequence[engine.Rated]:
    """What the rating program makes of usage rows. Raises `InputError` for amounts beyond any bill."""
    try:
        return engine.rate(usage, history)
    except OverflowError:
        raise InputError(Problem(code="too_much", source=source)) from None


def _chosen(request: PricingRequest, end: str) -> list[Line]:
    """The lines of a total: as expected, or with every range at one of its ends."""
    return [x for x in request.lines if x.variant == end or (end and not x.variant and x.usage.low is None)]


def _subject(row: engine.Rated, name: str, line: Line, request: PricingRequest) -> Subject:
    assert row.start_minute is not None and row.end_minute is not None  # noqa: S101, PT018 (only remainders lack them)
    resource, region = line.resource, request.region
    return Subject(
        resource_id=name,
        sku_id=line.sku.sku_id,
        sku_name=line.sku.name,
        period=Period(start=moment(row.start_minute, region), end=moment(row.end_minute, region)),
        service=resource.service,
        group=resource.group,
        meter=line.usage.meter,
        dimensions=line.usage.dimensions,
        level=line.usage.level,
        unit=request.catalog.meters[line.usage.meter].pricing_unit,
        tags=resource.tags,
        source=resource.source,
        line=resource.line,
        origin=resource.origin,
    )


def _list_costs(usage: list[UsageRow], history: list[Regime], source: str) -> dict[tuple[int | None, int | None], int]:
    """Kopecks at the list's price, by usage and rate, of what a contract or a discount prices otherwise."""
    agreed = {r.price_key for r in history if r.listed not in (None, r.rate)}
    if not agreed:
        return {}
    at_list = [replace(r, rate=r.listed) if r.listed else r for r in history]
    rows = rated([u for u in usage if u[1] in agreed], at_list, source)
    return {(r.usage_id, r.rate_id): r.cost for r in rows}


def _list_cost(row: engine.Rated, regime: Regime, at_list: dict[tuple[int | None, int | None], int]) -> Decimal | None:
    if regime.rate.source == GIVEN or not regime.rate.contract:
        return row.cost * KOPECK
    listed = at_list.get((row.usage_id, row.rate_id))
    return None if regime.listed is None or listed is None else listed * KOPECK


def _remainder(row: engine.Rated, request: PricingRequest, history: list[Regime]) -> Charge:
    """What rounding the document's total leaves: a visible row of its own."""
    held = next(r for r in history if r.rounding.scope == "total")
    source = held.rounding.source
    nothing = Rate(
        effective=held.rate.effective, charge_model="flat", price=ZERO, source=source, checked=held.rate.checked
    )
    share = Decimal(row.vat_numerator) / Decimal(row.vat_denominator - row.vat_numerator)
    tax = TaxRate(effective=held.tax.effective, rate=share, source=held.tax.source)
    name = Text(en="Rounding of the total", ru="Округление итога")
    subject = Subject(ROUNDING_ID, ROUNDING_ID, name, request.scenario.period)
    return charge_of(row, replace(held, rate=nothing, tax=tax), subject, request.region.currency, ZERO)
