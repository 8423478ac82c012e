"""Price a scenario: services say what is used, the catalog says which SKU answers, the rating program computes.

Nothing here multiplies a price. What has no answer becomes a problem, and the estimate says that it is incomplete.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from costlab import services
from costlab.catalog import Catalog, load_catalog
from costlab.engine import duckdb as engine
from costlab.engine.prices import SCALE, Regime, moment, regimes, tiers_of
from costlab.errors import InputError, kind, near
from costlab.model import (
    ZERO,
    Assumption,
    Charge,
    Estimate,
    Period,
    Problem,
    Region,
    Resource,
    ResourceCost,
    Scenario,
    Sku,
    Text,
    Usage,
)
from costlab.periods import running_minutes

ROUNDING_ID = "_rounding"
_KOPECK = Decimal("0.01")
_PRINTED = Decimal(1).scaleb(-12)
_DIGITS = 60
"""More than any product here needs, so that no Decimal operation rounds."""


@dataclass(frozen=True)
class Line:
    """A usage row for the rating program, and what its charge must remember."""

    resource: Resource
    usage: Usage
    sku: Sku
    price_key: str
    start: int
    end: int
    quantity: Decimal
    variant: str = ""
    """`low` or `high` for the ends of a range: priced and summed, not shown."""


@dataclass
class Found:
    """What was met on the way, besides lines."""

    problems: list[Problem]
    errors: list[Problem]
    assumptions: list[Assumption]
    incomplete: set[str]
    histories: dict[str, list[Regime]]


def estimate_cost(scenario: Scenario, *, catalog: Catalog | None = None) -> Estimate:
    """Price a scenario.

    Returns charges, sums, assumptions and problems; `complete` is false when a line has no price. Raises `InputError`
    when a resource asks for something impossible, such as a disk type its zone lacks.
    """
    with localcontext(prec=_DIGITS):
        return _priced(scenario, catalog or load_catalog(scenario.provider))


def _priced(scenario: Scenario, catalog: Catalog) -> Estimate:
    region = catalog.provider.regions[scenario.region]
    found = Found([], [], [], set(), {})
    lines = [x for r in scenario.resources for x in _lines(r, scenario, catalog, region, found)]
    if found.errors:
        raise InputError(*found.errors)
    history = [r for h in found.histories.values() for r in h]
    rows = ((i, x.price_key, x.start, x.end, _billionths(x.quantity)) for i, x in enumerate(lines))
    rated = engine.rate(rows, history)
    if not scenario.resources:
        found.problems.append(Problem(code="nothing_to_price", source=scenario.source))
    return _estimate(scenario, catalog, region, lines, history, rated, found)


def _billionths(quantity: Decimal) -> int:
    scaled = quantity * SCALE
    if scaled != int(scaled):
        raise ValueError(f"a quantity may have nine decimals, not {quantity}")
    return int(scaled)


def _lines(
    resource: Resource, scenario: Scenario, catalog: Catalog, region: Region, found: Found
) -> Iterator[Line]:
    """The priced lines of one resource (of one instance when it has a count)."""
    asked = list(services.load(resource.service).usage(resource.spec, scenario.period))
    gaps: dict[tuple[int, int], list[Sku]] = {}
    for usage in _merged(asked):
        if usage.assumption is not None:
            update = {"resource_id": resource.resource_id}
            found.assumptions.append(usage.assumption.model_copy(update=update))
        sku = _answer(usage, resource, catalog, region, found)
        if sku is None:
            continue
        key = sku.sku_id if usage.given is None else f"{sku.sku_id}@{usage.given}"
        if key not in found.histories:
            found.histories[key] = regimes(
                catalog, sku, as_of=scenario.prices_on, given=usage.given, price_key=key
            )
        for gap in _gaps(found.histories[key], scenario.period, region):
            gaps.setdefault(gap, []).append(sku)
        yield from _cut(resource, usage, sku, key, scenario.period, catalog, region, found.histories[key])
    for (start, end), skus in gaps.items():
        found.incomplete.add(resource.resource_id)
        found.problems.append(_gap_problem(resource, scenario, catalog, region, start, end, skus))


def _merged(asked: list[Usage]) -> list[Usage]:
    """One usage per question: two disks of one type are one line."""
    merged: dict[Any, Usage] = {}
    for usage in asked:
        ranged = usage.low is not None
        question = (usage.meter, *sorted(usage.dimensions.items()), usage.when, usage.zone, usage.given, ranged)
        key = (question, usage.level is None)
        before = merged.get(key)
        if before is None:
            merged[key] = usage
            continue
        sums = {
            name: getattr(before, name) + getattr(usage, name)
            for name in ("level", "amount", "low", "high")
            if getattr(usage, name) is not None
        }
        merged[key] = before.model_copy(update=sums)
    return list(merged.values())


def _answer(
    usage: Usage, resource: Resource, catalog: Catalog, region: Region, found: Found
) -> Sku | None:
    """The one SKU that answers, or None and the reason among the problems."""
    zone = region.zone_aliases.get(usage.zone, usage.zone)
    where = resource.lines.get("zone", resource.line)
    if zone and zone not in region.zones:
        args = {"key": "zone", "value": zone, **near(zone, region.zones)}
        _once(found.errors, Problem(code="not_allowed", source=resource.source, line=where,
                                    subject=resource.resource_id, args=args))  # fmt: skip
        return None
    answers = catalog.answers(region.region, usage.meter, usage.dimensions)
    what = question(usage, catalog, "en")
    args = {"what": what, "what_ru": question(usage, catalog, "ru")}
    code = ""
    if not answers:
        code, args["region"], args["region_ru"] = "no_price", region.title.en, region.title.ru
    elif len(answers) > 1:
        code, args["count"], args["skus"] = "ambiguous_price", str(len(answers)), ", ".join(s.sku_id for s in answers)
    elif zone and answers[0].zones and zone not in answers[0].zones:
        args = {"what": answers[0].name.en, "what_ru": answers[0].name.ru, "zone": zone, "zones": ", ".join(answers[0].zones)}
        _once(found.errors, Problem(code="zone_lacks", source=resource.source, line=where,
                                    subject=resource.resource_id, args=args))  # fmt: skip
        return None
    elif answers[0].on_request is not None and usage.given is None:
        note = answers[0].on_request.note
        code, args["note"], args["note_ru"] = "on_request", note.en, note.ru
    if code:
        found.incomplete.add(resource.resource_id)
        problem = Problem(code=code, source=resource.source, line=resource.line, subject=resource.resource_id, args=args)
        _once(found.problems, problem)
        return None
    return answers[0]


def _once(problems: list[Problem], problem: Problem) -> None:
    if problem not in problems[-20:]:
        problems.append(problem)


def question(usage: Usage, catalog: Catalog, language: str) -> str:
    """A question in words: `Cores (cpu=ice-lake)`."""
    meter = catalog.meters.get(usage.meter)
    title = meter.title[language] if meter else usage.meter
    asked = ", ".join(f"{k}={v}" for k, v in usage.dimensions.items())
    return f"{title} ({asked})" if asked else title


def _cut(
    resource: Resource,
    usage: Usage,
    sku: Sku,
    key: str,
    period: Period,
    catalog: Catalog,
    region: Region,
    history: list[Regime],
) -> Iterator[Line]:
    """Usage rows: one for the period, or one per regime when week days decide how much falls into each."""
    by_weekdays = usage.when == "running" and resource.schedule.kind == "weekdays"
    start, end = _minute(period, "start"), _minute(period, "end")
    edges = sorted({start, end} | {m for r in history for m in (r.start, r.end) if by_weekdays and start < m < end})
    for begin, stop in zip(edges, edges[1:], strict=False):
        part = Period(start=moment(begin, region), end=moment(stop, region))
        for variant in ("", "low", "high") if usage.low is not None else ("",):
            level = getattr(usage, variant) if variant else usage.level
            quantity = _quantity(usage, level, resource, part, catalog)
            yield Line(resource, usage, sku, key, begin, stop, quantity, variant)


def _minute(period: Period, edge: str) -> int:
    return int(getattr(period, edge).timestamp()) // 60


def _quantity(usage: Usage, level: Decimal | None, resource: Resource, part: Period, catalog: Catalog) -> Decimal:
    """Pricing units: an amount as it is, a level × started units of the meter's time basis."""
    if usage.amount is not None:
        return usage.amount
    meter = catalog.meters[usage.meter]
    minutes = running_minutes(resource.schedule, part) if usage.when == "running" else part.minutes
    units = -(-minutes // meter.basis_minutes) if meter.basis_minutes else 1
    return (level or ZERO) * units


def _gaps(history: list[Regime], period: Period, region: Region) -> list[tuple[int, int]]:
    """Stretches of the period for which no price is known."""
    cursor, end = _minute(period, "start"), _minute(period, "end")
    gaps = []
    for regime in sorted(history, key=lambda r: r.start):
        if regime.start >= end or regime.end <= cursor:
            continue
        if regime.start > cursor:
            gaps.append((cursor, regime.start))
        cursor = max(cursor, regime.end)
    return [*gaps, (cursor, end)] if cursor < end else gaps


def _gap_problem(
    resource: Resource, scenario: Scenario, catalog: Catalog, region: Region, start: int, end: int, skus: list[Sku]
) -> Problem:
    first = min((r.effective for s in skus for r in s.rates), default=None)
    day = scenario.prices_on.isoformat() if scenario.prices_on else None
    return Problem(
        code="no_price_on" if day else "no_price_then",
        source=resource.source,
        line=resource.line,
        subject=resource.resource_id,
        args={
            "day": day or "",
            "start": moment(start, region).date().isoformat(),
            "end": moment(end, region).date().isoformat(),
            "what": ", ".join(s.sku_id for s in skus),
            "first": first.isoformat() if first else "—",
        },
    )


def _estimate(
    scenario: Scenario,
    catalog: Catalog,
    region: Region,
    lines: list[Line],
    history: list[Regime],
    rated: Any,
    found: Found,
) -> Estimate:
    """Put charges, sums and what was met together."""
    shown: dict[str, list[Charge]] = {r.resource_id: [] for r in scenario.resources}
    ends = {"low": ZERO, "high": ZERO}
    ranged_expected = ZERO
    rest: list[Charge] = []
    for row in rated:
        if row.usage_id is None:
            rest.append(_remainder(row, scenario, region, history))
            continue
        line = lines[row.usage_id]
        cost = Decimal(row.cost) * _KOPECK
        if line.variant:
            ends[line.variant] += cost * line.resource.count
            continue
        if line.usage.low is not None:
            ranged_expected += cost * line.resource.count
        shown[line.resource.resource_id].append(_charge(row, line, history[row.rate_id], catalog, region))
    charges: list[Charge] = []
    resources: list[ResourceCost] = []
    for resource in scenario.resources:
        own = shown[resource.resource_id]
        complete = resource.resource_id not in found.incomplete
        for name in _instances(resource):
            mine = own if name == resource.resource_id else [c.model_copy(update={"resource_id": name}) for c in own]
            charges += mine
            cost = sum((c.cost for c in mine), Decimal("0.00"))
            resources.append(
                ResourceCost(resource_id=name, service=resource.service, group=resource.group, cost=cost, complete=complete)
            )
    for charge in rest:
        charges.append(charge)
        resources.append(ResourceCost(resource_id=ROUNDING_ID, service="", group="", cost=charge.cost, complete=True))
    total = sum((c.cost for c in charges), Decimal("0.00"))
    ranged = any(x.variant for x in lines)
    return Estimate(
        scenario=scenario,
        name=scenario.name,
        provider=scenario.provider,
        region=scenario.region,
        currency=region.currency,
        period=scenario.period,
        prices_on=scenario.prices_on,
        catalog=catalog.stamp(scenario.prices_on),
        resources=tuple(resources),
        charges=tuple(charges),
        problems=tuple(found.problems),
        assumptions=tuple(found.assumptions),
        total_low=total - ranged_expected + ends["low"] if ranged else None,
        total_high=total - ranged_expected + ends["high"] if ranged else None,
        complete=not any(kind(p) == "unpriced" for p in found.problems),
    )


def _instances(resource: Resource) -> list[str]:
    """`web`, or `web#1` … `web#n` for n identical resources."""
    if resource.count == 1:
        return [resource.resource_id]
    return [f"{resource.resource_id}#{n}" for n in range(1, resource.count + 1)]


def _charge(row: engine.Rated, line: Line, regime: Regime, catalog: Catalog, region: Region) -> Charge:
    assert row.start_minute is not None and row.end_minute is not None  # noqa: S101, PT018 (only remainders lack them)
    rate, resource = regime.rate, line.resource
    cost, vat = Decimal(row.cost) * _KOPECK, Decimal(row.vat) * _KOPECK
    return Charge(
        resource_id=resource.resource_id,
        service=resource.service,
        group=resource.group,
        meter=line.usage.meter,
        sku_id=line.sku.sku_id,
        sku_name=line.sku.name,
        dimensions=line.usage.dimensions,
        period=Period(start=moment(row.start_minute, region), end=moment(row.end_minute, region)),
        quantity=Decimal(row.quantity) / SCALE,
        level=line.usage.level,
        unit=catalog.meters[line.usage.meter].pricing_unit,
        unit_price=tiers_of(rate)[0].price,
        per=rate.per,
        tiers=rate.tiers,
        charge_model=rate.charge_model,
        raw_cost=Decimal(row.raw_cost) * _PRINTED,
        price_vat=rate.vat,
        rounding=regime.rounding.label,
        rounding_text=_rule_text(regime),
        rounding_mode=regime.rounding.mode,
        rounding_scope=regime.rounding.scope,
        rounding_minimum=regime.rounding.minimum,
        vat_rate=regime.tax.rate,
        net=cost - vat,
        vat=vat,
        cost=cost,
        currency=region.currency,
        price_effective=rate.effective,
        price_source=rate.source if rate.source != "given" else f"given: {resource.origin}",
        price_note=rate.note,
        tags=resource.tags,
        source=resource.source,
        line=resource.line,
    )


def _rule_text(regime: Regime) -> Text:
    return Text(en=regime.rounding.label, ru=regime.rounding.label_ru or regime.rounding.label)


def _remainder(row: engine.Rated, scenario: Scenario, region: Region, history: list[Regime]) -> Charge:
    """What rounding the document's total leaves: a visible row of its own."""
    rule = next(r for r in history if r.rounding.scope == "total")
    cost, vat = Decimal(row.cost) * _KOPECK, Decimal(row.vat) * _KOPECK
    name = Text(en="Rounding of the total", ru="Округление итога")
    share = Decimal(row.vat_numerator) / Decimal(row.vat_denominator - row.vat_numerator)
    return Charge(
        resource_id=ROUNDING_ID, service="", group="", meter="", sku_id=ROUNDING_ID, sku_name=name, dimensions={},
        period=scenario.period, quantity=ZERO, unit="", unit_price=ZERO, per=Decimal(1), charge_model="flat",
        raw_cost=ZERO, price_vat="included", rounding=rule.rounding.label, rounding_text=_rule_text(rule), rounding_mode=rule.rounding.mode,
        rounding_scope="total", rounding_minimum=False, vat_rate=share, net=cost - vat, vat=vat, cost=cost,
        currency=region.currency, price_effective=rule.rate.effective, price_source=rule.rounding.source, tags={},
    )  # fmt: skip
