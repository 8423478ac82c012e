"""Read our own estimate file (YAML or JSON, the same shape) into a scenario. The shape: README, «The estimate file»."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from costlab.catalog.facts.assumptions import profiles
from costlab.catalog.loading import Catalog, load_catalog, providers
from costlab.errors import InputError, near
from costlab.files.documents import Document, parse_document, read_document
from costlab.files.validation import shown
from costlab.inventory.reading.imported import SECTION, imported_of, section
from costlab.inventory.reading.resources import is_text, plain_problem, resources_of, tag, wrong_type
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory
from costlab.model.numbers import Problem, Text
from costlab.model.periods import LIST_MONTH, PeriodError, parse_day, parse_period, schedule_text, today_in
from costlab.model.prices import Region
from costlab.model.scenario import Resource, Scenario

TITLE = Text(en="Estimate file", ru="Файл сметы")
FORMAT = 1
HEADER = ("costlab", "name", "provider", "region", "period", "prices_on", "assumptions", "import", "resources")
_JOINED = ("resources", "unfilled", "imported")
MAX_INSTANCES = 100_000
"""Of all resources together: each instance is rated by itself."""


def matches(sample: Sample) -> bool:
    """`costlab: 1` with resources, or a result of `costlab estimate` that carries its file."""
    if sample.kind not in ("json", "yaml") or not isinstance(sample.data, dict):
        return False
    return {"costlab", "resources"} <= set(sample.data) or {"charges", "estimate"} <= set(sample.data)


def read(sample: Sample, options: Options) -> Inventory:
    """An estimate file as an inventory: every resource is of VK Cloud already."""
    scenario = scenario_of(sample.document, options.period, options.prices_on, options.today, options.folder)
    return Inventory(
        source=sample.source,
        kind="estimate_file",
        read=len(scenario.resources) + len(scenario.unfilled),
        resources=scenario.resources,
        unfilled=scenario.unfilled,
        scenario=scenario,
        provider=scenario.provider,
        region=scenario.region,
        period=scenario.period,
    )


def read_estimate(
    *paths: Path | str,
    period: str | None = None,
    prices_on: str | None = None,
    today: date | None = None,
    folder: Path | None = None,
) -> Scenario:
    """Read one or more estimate files as one scenario; `period` and `prices_on` override the file's own.

    Several files must agree on provider, region, period and prices_on. Raises `InputError` with every problem found.
    """
    scenarios = [scenario_of(read_document(p), period, prices_on, today, folder) for p in paths]
    if not scenarios:
        raise InputError(Problem(code="not_an_estimate", source="", args={"reason": "no file"}))
    first, *others = scenarios
    if not others:
        return first
    problems = [
        Problem(code="different_header", source=s.source, line=1, args={"key": key})
        for s in others
        for key in ("provider", "region", "period", "prices_on", "profile", "overrides")
        if getattr(s, key) != getattr(first, key)
    ]
    every = tuple(r for s in scenarios for r in (*s.resources, *s.unfilled))
    problems += _too_many(every) or _doubles(every)
    if problems:
        raise InputError(*problems)
    name, source = (", ".join(getattr(s, key) for s in scenarios) for key in ("name", "source"))
    together = {key: tuple(r for s in scenarios for r in getattr(s, key)) for key in _JOINED}
    return first.model_copy(update={"name": name, "source": source, **together})


def parse_estimate(
    raw: bytes,
    source: str,
    *,
    period: str | None = None,
    prices_on: str | None = None,
    today: date | None = None,
    folder: Path | None = None,
) -> Scenario:
    """The same from bytes, as a browser uploads them."""
    return scenario_of(parse_document(raw, source), period, prices_on, today, folder)


def scenario_of(
    document: Document, period: str | None, prices_on: str | None, today: date | None, folder: Path | None
) -> Scenario:
    """A parsed estimate file as a scenario. Raises `InputError` with every problem found."""
    if isinstance(document.data, dict) and "charges" in document.data and "estimate" in document.data:
        # A result of `costlab estimate --format json` carries the file it came from: read that.
        lines = {p[1:]: line for p, line in document.lines.items() if p[0] == "estimate"}
        document = Document(document.data["estimate"], lines, document.source)
    data, source = document.data, document.source
    if not isinstance(data, dict) or "costlab" not in data:
        reason = Text(en="`costlab: 1` is missing", ru="нет строки `costlab: 1`")
        raise InputError(plain_problem(document, "not_an_estimate", reason=reason))
    if isinstance(data["costlab"], bool) or data["costlab"] != FORMAT:
        given = shown(data["costlab"])
        reason = Text(en=f"format {given}, known is {FORMAT}", ru=f"формат {given}, известен {FORMAT}")
        raise InputError(plain_problem(document, "not_an_estimate", "costlab", reason=reason))
    problems = [
        plain_problem(document, "unknown_key", key, key=str(key), **near(str(key), HEADER))
        for key in data
        if key not in HEADER
    ]
    catalog, region = _where(document, folder)
    day = _prices_on(document, prices_on, problems)
    today = today or today_in(region)
    asked = data.get("period", LIST_MONTH) if period is None else period
    try:
        span = parse_period(asked, catalog.provider, region, day or today)
    except PeriodError as error:
        wrong = wrong_type(document, "period", asked, Text(en=f"a period ({error})", ru=f"период ({error})"))
        problems.append(wrong if period is None else _option(wrong))
        span = parse_period(LIST_MONTH, catalog.provider, region, today)
    if asked == LIST_MONTH and day is None:
        day = today  # the list month is never split: it is today's prices throughout
    entries = tuple(resources_of(document, span, problems))
    problems += _too_many(entries) or _doubles(entries)
    imported = imported_of(document, entries, problems)
    name = data.get("name")
    if name is not None and not is_text(name):
        problems.append(wrong_type(document, "name", name, Text(en="a text", ru="текст")))
    profile, overrides = _assumptions(document, catalog, problems)
    if problems:
        raise InputError(*problems)
    return Scenario(
        name=str(name or Path(source).stem),
        provider=catalog.provider.provider,
        region=region.region,
        period=span,
        prices_on=day,
        resources=tuple(r for r in entries if not r.to_fill_in),
        unfilled=tuple(r for r in entries if r.to_fill_in),
        imported=imported,
        profile=profile,
        overrides=overrides,
        source=source,
    )


def _assumptions(document: Document, catalog: Catalog, problems: list[Problem]) -> tuple[str, dict[str, str]]:
    """The usage profile a file asks for, and what it sets by wildcard."""
    asked = document.data.get("assumptions")
    if asked is None:
        return "", {}
    if not isinstance(asked, dict):
        shape = Text(en="`profile` and `set`", ru="`profile` и `set`")
        problems.append(wrong_type(document, "assumptions", asked, shape))
        return "", {}
    base = "assumptions"
    wrong = [key for key in asked if key not in ("profile", "set")]
    problems += [
        plain_problem(document, "unknown_key", base, k, key=str(k), **near(str(k), ("profile", "set"))) for k in wrong
    ]
    profile = asked.get("profile") or ""
    known = profiles(catalog)
    if profile and profile not in known:
        args = {"key": "profile", "value": shown(profile), **near(shown(profile), known)}
        problems.append(plain_problem(document, "not_allowed", base, "profile", **args))
        profile = ""
    assumptions = asked.get("set") or {}
    fits = isinstance(assumptions, dict) and all(
        "." in str(k) and isinstance(v, str | int | Decimal) and not isinstance(v, bool) for k, v in assumptions.items()
    )
    if not fits:
        shape = Text(en="`resource*.key: value`", ru="`ресурс*.ключ: значение`")
        problems.append(wrong_type(document, (base, "set"), assumptions, shape))
        assumptions = {}
    return str(profile), {str(k): tag(v) for k, v in assumptions.items()}


def _where(document: Document, folder: Path | None) -> tuple[Catalog, Region]:
    """The catalog and region a file asks for; without them nothing else can be understood."""
    provider = shown(document.data.get("provider", "vk"))
    known = providers(folder)
    if provider not in known:
        args = {"key": "provider", "value": provider, **near(provider, known)}
        raise InputError(plain_problem(document, "not_allowed", "provider", **args))
    catalog = load_catalog(provider, folder)
    name = shown(document.data.get("region", next(iter(catalog.provider.regions))))
    region = catalog.region(name)
    if region is None:
        args = {"key": "region", "value": name, **near(name, catalog.provider.regions)}
        raise InputError(plain_problem(document, "not_allowed", "region", **args))
    return catalog, region


def _prices_on(document: Document, override: str | None, problems: list[Problem]) -> date | None:
    asked = document.data.get("prices_on") if override is None else override
    if asked is None:
        return None
    try:
        return parse_day(asked)
    except PeriodError as error:
        wrong = wrong_type(document, "prices_on", asked, Text(en=f"a day ({error})", ru=f"день ({error})"))
        problems.append(wrong if override is None else _option(wrong))
        return None


def as_file(scenario: Scenario) -> dict[str, Any]:
    """A scenario in the shape of an estimate file, ready for JSON: reading it back gives the same scenario."""
    data: dict[str, Any] = {
        "costlab": FORMAT,
        "name": scenario.name,
        "provider": scenario.provider,
        "region": scenario.region,
        "period": {
            "start": scenario.period.start.date().isoformat(),
            "end": scenario.period.end.date().isoformat(),
        },
    }
    if scenario.prices_on:
        data["prices_on"] = scenario.prices_on.isoformat()
    if scenario.profile or scenario.overrides:
        chosen = {"profile": scenario.profile} if scenario.profile else {}
        data["assumptions"] = chosen | ({"set": dict(scenario.overrides)} if scenario.overrides else {})
    if scenario.imported:
        data[SECTION] = section(scenario.imported)
    data["resources"] = [_resource_as_file(r) for r in (*scenario.resources, *scenario.unfilled)]
    return data


def _resource_as_file(resource: Resource) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": resource.resource_id, "service": resource.service}
    if resource.group:
        entry["group"] = resource.group
    if resource.count != 1:
        entry["count"] = resource.count
    if resource.tags:
        entry["tags"] = dict(resource.tags)
    entry["spec"] = plain_spec(resource)
    if resource.schedule.kind != "always":
        entry["schedule"] = schedule_text(resource.schedule)
    return entry


def plain_spec(resource: Resource) -> dict[str, Any]:
    """The spec as plain data for JSON: what was given, decimals as text."""
    if resource.to_fill_in:
        return {k: _plain(v) for k, v in resource.spec.items()}
    spec: dict[str, Any] = resource.spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return spec


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _too_many(resources: tuple[Resource, ...]) -> list[Problem]:
    """More instances than can be priced one by one; told before any list of their names is made."""
    total = 0
    for resource in resources:
        total += resource.count
        if total > MAX_INSTANCES:
            args = {"value": str(sum(r.count for r in resources)), "limit": str(MAX_INSTANCES)}
            return [Problem(code="too_many_resources", source=resource.source, line=resource.line, args=args)]
    return []


def _option(problem: Problem) -> Problem:
    """The same about an option of the command line, not about a line of the file."""
    name = str(problem.args["key"]).replace("_", "-")
    return problem.model_copy(update={"source": f"--{name}", "line": None})


def _doubles(resources: tuple[Resource, ...]) -> list[Problem]:
    """Ids used twice, also by the instances of a resource with a count (`web#2`)."""
    first: dict[str, Resource] = {}
    problems = []
    for resource in resources:
        for name in (resource.resource_id, *resource.instances):
            earlier = first.setdefault(name, resource)
            if earlier is not resource:
                args = {"value": name, "first": earlier.origin}
                problems.append(Problem(code="duplicate_id", source=resource.source, line=resource.line, args=args))
                break
    return problems
