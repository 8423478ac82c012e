"""What the resources of a scenario use, and which SKU answers: rows for the rating program.

A question without exactly one answer becomes a problem here, and so does a stretch of time without a price.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from costlab import services
from costlab.catalog.facts import flavors
from costlab.catalog.facts.assumptions import unused, with_assumptions
from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import SCALE, Regime, regimes
from costlab.errors import InputError, near
from costlab.model.numbers import ZERO, Language, Period, Problem
from costlab.model.periods import moment, running_minutes
from costlab.model.prices import Region, Sku
from costlab.model.scenario import Assumption, Resource, Scenario, Usage
from costlab.services.parts.shapes import parse_flavor

MINUTES_A_DAY = 1440


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

    @property
    def billionths(self) -> int:
        """The quantity as the rating program takes it."""
        scaled = self.quantity * SCALE
        if scaled != int(scaled):
            raise ValueError(f"a quantity may have nine decimals, not {self.quantity}")
        return int(scaled)


@dataclass
class PricingRequest:
    """What a scenario asks of the price list, and what was met on the way."""

    scenario: Scenario
    catalog: Catalog
    region: Region
    by_day: bool = False
    lines: list[Line] = field(default_factory=list)
    histories: dict[str, list[Regime]] = field(default_factory=dict)
    """The regimes of each SKU that answered, by price key."""
    assumptions: list[Assumption] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    """Impossible wishes, such as a disk type that its zone lacks: nothing can be priced."""
    unpriced: int = 0
    """Lines without a price, each instance's counted."""
    incomplete: set[str] = field(default_factory=set)
    """Resources of which something has no price."""


def ask(scenario: Scenario, catalog: Catalog, *, by_day: bool = False) -> PricingRequest:
    """Every line of a scenario (of one instance where a resource has a count); `by_day` cuts it at each midnight."""
    asked = PricingRequest(scenario, catalog, catalog.provider.regions[scenario.region], by_day)
    for resource in scenario.resources:
        _resource(asked, resource)
    asked.problems += unused(scenario)
    return asked


def _resource(asked: PricingRequest, resource: Resource) -> None:
    period = asked.scenario.period
    gaps: dict[tuple[int, int], list[Sku]] = {}
    try:
        spec, assumed = with_assumptions(resource, asked.scenario, asked.catalog)
    except InputError as error:
        asked.errors += error.problems
        return
    asked.assumptions += assumed
    for usage in merged(services.load(resource.service).usage(spec, period)):
        told = usage.assumption
        if told is not None and (resource.schedule.kind != "always" or not told.only_if_stopped):
            asked.assumptions.append(told.model_copy(update={"resource_id": resource.resource_id}))
        sku = _answer(asked, usage, resource)
        if sku is None:
            continue
        key = sku.sku_id if usage.given is None else f"{sku.sku_id}@{usage.given}"
        if key not in asked.histories:
            as_of = asked.scenario.prices_on
            asked.histories[key] = regimes(asked.catalog, sku, as_of=as_of, given=usage.given, price_key=key)
        found = _gaps(asked.histories[key], period)
        asked.unpriced += resource.count if found else 0
        for gap in found:
            gaps.setdefault(gap, []).append(sku)
        asked.lines += _cut(asked, resource, usage, sku, key)
    for (start, end), skus in gaps.items():
        asked.incomplete.add(resource.resource_id)
        asked.problems.append(_gap_problem(asked, resource, start, end, skus))


def merged(usages: Any) -> list[Usage]:
    """One usage per question: two disks of one type are one line."""
    found: dict[Any, Usage] = {}
    for usage in usages:
        asked = (usage.meter, *sorted(usage.dimensions.items()), usage.when, usage.zone, usage.given)
        key = (asked, usage.level is None, usage.low is None)
        before = found.get(key)
        names = [n for n in ("level", "amount", "low", "high") if getattr(usage, n) is not None]
        update = {n: getattr(before, n) + getattr(usage, n) for n in names} if before else {}
        found[key] = before.model_copy(update=update) if before else usage
    return list(found.values())


def _answer(asked: PricingRequest, usage: Usage, resource: Resource) -> Sku | None:
    """The one SKU that answers, or None and the reason among the problems."""
    region = asked.region
    zone = region.zone_aliases.get(usage.zone, usage.zone)
    if zone and zone not in region.zones:
        _refuse(asked, resource, "not_allowed", key="zone", value=zone, **near(zone, region.zones))
        return None
    answers = asked.catalog.answers(region.region, usage.meter, usage.dimensions)
    args = {"what": question(usage, asked.catalog, "en"), "what_ru": question(usage, asked.catalog, "ru")}
    if not answers:
        args |= {"region": region.title.en, "region_ru": region.title.ru}
        code = "no_price" if any(s.region == region.region for s in asked.catalog.skus) else "no_list"
        _unpriced(asked, resource, code, **args, **_nearest(asked, usage), **_or_give(asked, usage))
        return None
    if len(answers) > 1:
        skus = ", ".join(s.sku_id for s in answers)
        _unpriced(asked, resource, "ambiguous_price", **args, count=str(len(answers)), skus=skus)
        return None
    sku = answers[0]
    if zone and sku.zones and zone not in sku.zones:
        names = {"what": sku.name.en, "what_ru": sku.name.ru}
        _refuse(asked, resource, "zone_lacks", **names, zone=zone, zones=", ".join(sku.zones))
        return None
    if sku.on_request is not None and not sku.rates and usage.given is None:
        note = sku.on_request.note
        told = {"note": note.en, "note_ru": note.ru, "key": usage.given_key, "meter": usage.meter}
        _unpriced(asked, resource, "on_request", **args, **told)
        return None
    return sku


def _nearest(asked: PricingRequest, usage: Usage) -> dict[str, str]:
    """What the list has nearest to a value it lacks, such as a GPU flavor."""
    skus = [s for s in asked.catalog.skus if s.meter == usage.meter and s.region == asked.region.region]
    for key, value in usage.dimensions.items():
        known = {s.dimensions[key] for s in skus if key in s.dimensions and s.rates}
        if known and value not in known:
            return near(_smallest(value, known, asked.catalog) if key == "flavor" else value, sorted(known))
    return {}


def _smallest(flavor: str, known: set[str], catalog: Catalog) -> str:
    """The smallest priced flavor that holds another one; that one itself when none does."""
    shape = parse_flavor(flavor)
    priced = [f for f in flavors.listed(catalog) if f.name in known]
    return (flavors.nearest(shape, priced).same if shape else None) or flavor


def _or_give(asked: PricingRequest, usage: Usage) -> dict[str, str]:
    """Where a meter of its own takes the price of an offer, the key of the spec for it."""
    if f"{usage.meter}_by_request" not in asked.catalog.meters:
        return {}
    return {"or_give": f", or give `{usage.given_key}`", "or_give_ru": f" или укажите `{usage.given_key}`"}


def _refuse(asked: PricingRequest, resource: Resource, code: str, **args: str) -> None:
    line = resource.lines.get("zone", resource.line)
    problem = Problem(code=code, source=resource.source, line=line, subject=resource.resource_id, args=args)
    if problem not in asked.errors[-20:]:
        asked.errors.append(problem)


def _unpriced(asked: PricingRequest, resource: Resource, code: str, **args: str) -> None:
    asked.incomplete.add(resource.resource_id)
    asked.unpriced += resource.count
    subject, line = resource.resource_id, resource.line
    problem = Problem(code=code, source=resource.source, line=line, subject=subject, args=args)
    if problem not in asked.problems[-20:]:
        asked.problems.append(problem)


def question(usage: Usage, catalog: Catalog, language: Language) -> str:
    """A question in words: `Cores (cpu=ice-lake)`."""
    meter = catalog.meters.get(usage.meter)
    title = meter.title[language] if meter else usage.meter
    narrowed = ", ".join(f"{k}={v}" for k, v in usage.dimensions.items())
    return f"{title} ({narrowed})" if narrowed else title


def _cut(asked: PricingRequest, resource: Resource, usage: Usage, sku: Sku, key: str) -> Iterator[Line]:
    """Usage rows: one for the period, or one per regime when week days decide how much falls into each, or per day."""
    start, end = _edges(asked.scenario.period)
    edges = {start, end}
    if usage.when == "running" and resource.schedule.kind == "weekdays":
        edges |= {m for r in asked.histories[key] for m in (r.start, r.end) if start < m < end}
    if asked.by_day:
        edges |= set(range(start, end, MINUTES_A_DAY))
    cuts = sorted(edges)
    for variant in ("", "low", "high") if usage.low is not None else ("",):
        level = getattr(usage, variant) if variant else usage.level
        for (begin, stop), quantity in zip(
            pairwise(cuts), _quantities(asked, resource, usage, level, cuts), strict=True
        ):
            yield Line(resource, usage, sku, key, begin, stop, quantity, variant)


def _edges(period: Period) -> tuple[int, int]:
    return int(period.start.timestamp()) // 60, int(period.end.timestamp()) // 60


def _quantities(
    asked: PricingRequest, resource: Resource, usage: Usage, level: Decimal | None, cuts: list[int]
) -> Iterator[Decimal]:
    """Pricing units between the cuts: a level × started units of the meter's time basis, or the share of an amount.

    What has no place in time (an amount of the period, some hours of it) is spread evenly in whole billionths.
    """
    meter = asked.catalog.meters[usage.meter]
    by_hours = usage.when == "running" and resource.schedule.kind == "hours"
    if usage.amount is not None or by_hours:
        total = usage.amount
        if total is None:
            minutes = running_minutes(resource.schedule, asked.scenario.period)
            total = (level or ZERO) * -(-minutes // meter.basis_minutes)
        scaled, length = int(total * SCALE), cuts[-1] - cuts[0]
        for begin, stop in pairwise(cuts):
            share = scaled * (stop - cuts[0]) // length - scaled * (begin - cuts[0]) // length
            yield total if stop - begin == length else Decimal(share) / SCALE
        return
    for begin, stop in pairwise(cuts):
        part = Period(start=moment(begin, asked.region), end=moment(stop, asked.region))
        minutes = running_minutes(resource.schedule, part) if usage.when == "running" else part.minutes
        yield (level or ZERO) * (-(-minutes // meter.basis_minutes) if meter.basis_minutes else 1)


def _gaps(history: list[Regime], period: Period) -> list[tuple[int, int]]:
    """Stretches of the period for which no price is known."""
    cursor, end = _edges(period)
    gaps = []
    for regime in sorted(history, key=lambda r: r.start):
        if regime.start < end and regime.end > cursor:
            if regime.start > cursor:
                gaps.append((cursor, regime.start))
            cursor = regime.end
    return [*gaps, (cursor, end)] if cursor < end else gaps


def _gap_problem(asked: PricingRequest, resource: Resource, start: int, end: int, skus: list[Sku]) -> Problem:
    day = asked.scenario.prices_on
    since = day or moment(start, asked.region).date()
    first = min((r.effective for s in skus for r in s.rates if r.effective > since), default=None)
    return Problem(
        code="no_price_on" if day else "no_price_then",
        source=resource.source,
        line=resource.line,
        subject=resource.resource_id,
        args={
            "day": day.isoformat() if day else "",
            "start": moment(start, asked.region).date().isoformat(),
            "end": moment(end, asked.region).date().isoformat(),
            "what": ", ".join(s.sku_id for s in skus),
            "first": first.isoformat() if first else "—",
        },
    )
