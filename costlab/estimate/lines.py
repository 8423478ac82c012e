"""The second step: which SKU answers what is used, as rows for the rating program.

A question without exactly one answer becomes a problem here, and so does a stretch of time without a price.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from costlab.catalog.facts import flavors
from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import SCALE, Regime, regimes
from costlab.errors import kind, near
from costlab.estimate.usage import ResourceUsage, ScenarioUsage
from costlab.estimate.zones import lacking_networks, only_zones
from costlab.model.numbers import ZERO, Args, Language, Period, Problem, Text
from costlab.model.periods import moment, month_starts, running_minutes
from costlab.model.prices import Region, Sku
from costlab.model.scenario import Assumption, Resource, Scenario, Usage
from costlab.services.parts.shapes import parse_flavor

MINUTES_A_DAY = 1440
_BY_MONTH = ("graduated", "volume")
_VM_BY_REQUEST = "compute.vm_by_request"


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


@dataclass(frozen=True)
class PricingRequest:
    """What a scenario asks of the price list, and what was met on the way."""

    scenario: Scenario
    catalog: Catalog
    region: Region
    lines: tuple[Line, ...]
    histories: dict[str, list[Regime]]
    """The regimes of each SKU that answered, by price key."""
    assumptions: tuple[Assumption, ...]
    problems: tuple[Problem, ...]
    errors: tuple[Problem, ...]
    """Impossible wishes, such as a disk type that its zone lacks: nothing can be priced."""
    unpriced: int
    """Lines without a price, each instance's counted."""
    incomplete: frozenset[str]
    """Resources of which something has no price."""

    @property
    def ranged(self) -> bool:
        """Whether something of it is a range, so that there is a lowest and a highest total."""
        return any(line.variant for line in self.lines)


@dataclass(frozen=True)
class _Answered:
    """What one resource's questions came to."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unpriced: int = 0


def ask(used: ScenarioUsage, *, by_day: bool = False) -> PricingRequest:
    """Every line of what is used (of one instance where a resource has a count); `by_day` cuts it at each midnight."""
    histories: dict[str, list[Regime]] = {}
    only = only_zones(used.catalog, used.region)
    answered = [_ask(own, used, histories, by_day=by_day) for own in used.resources]
    met = [
        (own, problem)
        for own, answer in zip(used.resources, answered, strict=True)
        for problem in (*own.errors, *lacking_networks(own.resource, used.region, only), *answer.problems)
    ]
    without_price = [(own, p) for own, p in met if kind(p) != "error"]
    return PricingRequest(
        scenario=used.scenario,
        catalog=used.catalog,
        region=used.region,
        lines=tuple(line for a in answered for line in a.lines),
        histories=histories,
        assumptions=tuple(a for own in used.resources for a in own.assumptions),
        problems=(*(p for _, p in without_price), *used.problems),
        errors=tuple(p for _, p in met if kind(p) == "error"),
        unpriced=sum(a.unpriced for a in answered),
        incomplete=frozenset(own.resource.resource_id for own, _ in without_price),
    )


def _ask(own: ResourceUsage, used: ScenarioUsage, histories: dict[str, list[Regime]], *, by_day: bool) -> _Answered:
    """The lines of one resource; the history of a SKU that answers joins `histories`, where it is looked for first."""
    scenario, resource = used.scenario, own.resource
    lines: list[Line] = []
    problems: list[Problem] = []
    gaps: dict[tuple[int, int], list[Sku]] = {}
    unpriced = 0
    for usage in own.usages:
        sku = _answer(usage, resource, used)
        if isinstance(sku, Problem):
            unpriced += resource.count if kind(sku) != "error" else 0
            problems += [sku] if sku not in problems else []
            continue
        key = sku.sku_id if usage.given is None else f"{sku.sku_id}@{usage.given}"
        if key not in histories:
            histories[key] = regimes(used.catalog, sku, as_of=scenario.prices_on, given=usage.given, price_key=key)
        missing = _gaps(histories[key], scenario.period)
        unpriced += resource.count if missing else 0
        for gap in missing:
            gaps.setdefault(gap, []).append(sku)
        edges = _cuts(resource, usage, histories[key], scenario.period, used.region, by_day=by_day)
        lines += _lines(resource, usage, sku, key, edges, used)
    problems += [_gap_problem(used, resource, start, end, skus) for (start, end), skus in gaps.items()]
    return _Answered(lines, problems, unpriced)


def _answer(usage: Usage, resource: Resource, used: ScenarioUsage) -> Sku | Problem:
    """The one SKU that answers, or why there is none."""
    catalog, region = used.catalog, used.region
    zone = region.zone_aliases.get(usage.zone, usage.zone)
    if zone and zone not in region.zones:
        return _problem(resource, "not_allowed", "zone", key="zone", value=zone, **near(zone, region.zones))
    answers = catalog.answers(region.region, usage.meter, usage.dimensions)
    args: Args = {"what": Text(en=question(usage, catalog, "en"), ru=question(usage, catalog, "ru"))}
    if not answers:
        args |= {"region": region.title}
        code = "no_price" if any(s.region == region.region for s in catalog.skus) else "no_list"
        return _problem(resource, code, **args, **_nearest(usage, used), **_or_give(usage, catalog))
    if len(answers) > 1:
        skus = ", ".join(s.sku_id for s in answers)
        return _problem(resource, "ambiguous_price", **args, count=str(len(answers)), skus=skus)
    sku = answers[0]
    if zone and sku.zones and zone not in sku.zones:
        return _problem(resource, "zone_lacks", "zone", what=sku.name, zone=zone, zones=", ".join(sku.zones))
    if sku.on_request is not None and not sku.rates and usage.given is None:
        note = sku.on_request.note
        args |= {"note": note, "key": usage.given_key, "meter": usage.meter, **_largest(usage, catalog)}
        return _problem(resource, "on_request", **args)
    return sku


def _problem(resource: Resource, code: str, spec_key: str = "", /, **args: str | Text) -> Problem:
    """About a resource, or about a key of its spec where that has a line of its own."""
    line = resource.lines.get(spec_key, resource.line) if spec_key else resource.line
    return Problem(code=code, source=resource.source, line=line, subject=resource.resource_id, args=args)


def _nearest(usage: Usage, used: ScenarioUsage) -> Args:
    """What the list has nearest to a value it lacks, such as a GPU flavor."""
    skus = [s for s in used.catalog.skus if s.meter == usage.meter and s.region == used.region.region]
    for key, value in usage.dimensions.items():
        known = {s.dimensions[key] for s in skus if key in s.dimensions and s.rates}
        if known and value not in known:
            return near(_smallest(value, known, used.catalog) if key == "flavor" else value, sorted(known))
    return {}


def _smallest(flavor: str, known: set[str], catalog: Catalog) -> str:
    """The smallest priced flavor that holds another one; that one itself when none does."""
    shape = parse_flavor(flavor)
    priced = [f for f in flavors.listed(catalog) if f.name in known]
    return (flavors.nearest(shape, priced).same if shape else None) or flavor


def _largest(usage: Usage, catalog: Catalog) -> dict[str, Text]:
    """For a machine that is sold by request: the largest flavor that is not."""
    name = flavors.largest(flavors.listed(catalog)) if usage.meter == _VM_BY_REQUEST else ""
    if not name:
        return {}
    return {
        "hint": Text(
            en=f"; the largest you can order yourself is {name}",
            ru=f"; самая большая из доступных без поддержки — {name}",
        ),
    }


def _or_give(usage: Usage, catalog: Catalog) -> dict[str, Text]:
    """Where a meter of its own takes the price of an offer, the key of the spec for it."""
    if f"{usage.meter}_by_request" not in catalog.meters:
        return {}
    return {"or_give": Text(en=f", or give `{usage.given_key}`", ru=f" или укажите `{usage.given_key}`")}


def question(usage: Usage, catalog: Catalog, language: Language) -> str:
    """A question in words: `Cores (cpu=ice-lake)`."""
    meter = catalog.meters.get(usage.meter)
    title = meter.title[language] if meter else usage.meter
    narrowed = ", ".join(f"{k}={v}" for k, v in usage.dimensions.items())
    return f"{title} ({narrowed})" if narrowed else title


def _cuts(
    resource: Resource, usage: Usage, history: list[Regime], period: Period, region: Region, *, by_day: bool
) -> list[int]:
    """Where usage is cut into rows: at the ends, at regimes when week days decide what falls into each, by day.

    Steps of a price by volume are those of a calendar month («Vision. Тарификация»): each month begins from nothing.
    """
    start, end = _edges(period)
    edges = {start, end}
    if any(r.rate.charge_model in _BY_MONTH for r in history):
        edges |= set(month_starts(period, region))
    if usage.when == "running" and resource.schedule.kind == "weekdays":
        edges |= {m for r in history for m in (r.start, r.end) if start < m < end}
    if by_day:
        edges |= set(range(start, end, MINUTES_A_DAY))
    return sorted(edges)


def _lines(
    resource: Resource, usage: Usage, sku: Sku, key: str, cuts: list[int], used: ScenarioUsage
) -> Iterator[Line]:
    """A row between every two cuts; where a size is a range, the same for both of its ends."""
    for variant in ("", "low", "high") if usage.low is not None else ("",):
        level = getattr(usage, variant) if variant else usage.level
        quantities = _quantities(resource, usage, level, cuts, used)
        for (start, end), quantity in zip(pairwise(cuts), quantities, strict=True):
            yield Line(resource, usage, sku, key, start, end, quantity, variant)


def _edges(period: Period) -> tuple[int, int]:
    return int(period.start.timestamp()) // 60, int(period.end.timestamp()) // 60


def _quantities(
    resource: Resource, usage: Usage, level: Decimal | None, cuts: list[int], used: ScenarioUsage
) -> Iterator[Decimal]:
    """Pricing units between the cuts: a level × started units of the meter's time basis, or the share of an amount.

    What has no place in time (an amount of the period, some hours of it) is spread evenly in whole billionths.
    """
    meter = used.catalog.meters[usage.meter]
    by_hours = usage.when == "running" and resource.schedule.kind == "hours"
    if usage.amount is not None or by_hours:
        total = usage.amount
        if total is None:
            minutes = running_minutes(resource.schedule, used.scenario.period)
            total = (level or ZERO) * -(-minutes // meter.basis_minutes)
        scaled, length = int(total * SCALE), cuts[-1] - cuts[0]
        for begin, stop in pairwise(cuts):
            share = scaled * (stop - cuts[0]) // length - scaled * (begin - cuts[0]) // length
            yield total if stop - begin == length else Decimal(share) / SCALE
        return
    for begin, stop in pairwise(cuts):
        part = Period(start=moment(begin, used.region), end=moment(stop, used.region))
        minutes = running_minutes(resource.schedule, part) if usage.when == "running" else part.minutes
        yield (level or ZERO) * (-(-minutes // meter.basis_minutes) if meter.basis_minutes else 1)


def _gaps(history: Iterable[Regime], period: Period) -> list[tuple[int, int]]:
    """Stretches of the period for which no price is known."""
    cursor, end = _edges(period)
    gaps = []
    for regime in sorted(history, key=lambda r: r.start):
        if regime.start < end and regime.end > cursor:
            if regime.start > cursor:
                gaps.append((cursor, regime.start))
            cursor = regime.end
    return [*gaps, (cursor, end)] if cursor < end else gaps


def _gap_problem(used: ScenarioUsage, resource: Resource, start: int, end: int, skus: list[Sku]) -> Problem:
    day = used.scenario.prices_on
    since = day or moment(start, used.region).date()
    first = min((r.effective for s in skus for r in s.rates if r.effective > since), default=None)
    return _problem(
        resource,
        "no_price_on" if day else "no_price_then",
        day=day.isoformat() if day else "",
        start=moment(start, used.region).date().isoformat(),
        end=moment(end, used.region).date().isoformat(),
        what=", ".join(s.sku_id for s in skus),
        first=first.isoformat() if first else "—",
    )
