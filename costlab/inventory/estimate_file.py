"""Read our own estimate file (YAML or JSON, the same shape) into a scenario. The shape: README, «The estimate file»."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from costlab import services
from costlab.catalog import Catalog, load_catalog, providers
from costlab.documents import Document, parse_document, read_document
from costlab.errors import InputError, near
from costlab.model import Period, Problem, Region
from costlab.periods import (
    LIST_MONTH,
    PeriodError,
    parse_day,
    parse_period,
    parse_schedule,
    schedule_text,
    today_in,
)
from costlab.scenario import ROUNDING_ID, Resource, Scenario, Schedule
from costlab.validation import problems_of, shown

FORMAT = 1
HEADER = ("costlab", "name", "provider", "region", "period", "prices_on", "resources")
RESOURCE = ("id", "service", "group", "count", "tags", "spec", "schedule")
MAX_COUNT = 10_000
MAX_INSTANCES = 100_000
"""Of all resources together: each instance is rated by itself."""
_MAX_ID = 200


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
    scenarios = [_scenario(read_document(p), period, prices_on, today, folder) for p in paths]
    if not scenarios:
        raise InputError(Problem(code="not_an_estimate", source="", args={"reason": "no file"}))
    first, *others = scenarios
    if not others:
        return first
    problems = [
        Problem(code="different_header", source=s.source, line=1, args={"key": key})
        for s in others
        for key in ("provider", "region", "period", "prices_on")
        if getattr(s, key) != getattr(first, key)
    ]
    resources = tuple(r for s in scenarios for r in s.resources)
    problems += _too_many(resources) or _doubles(resources)
    if problems:
        raise InputError(*problems)
    name, source = (", ".join(getattr(s, key) for s in scenarios) for key in ("name", "source"))
    return first.model_copy(update={"name": name, "source": source, "resources": resources})


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
    return _scenario(parse_document(raw, source), period, prices_on, today, folder)


def _scenario(
    document: Document, period: str | None, prices_on: str | None, today: date | None, folder: Path | None
) -> Scenario:
    if isinstance(document.data, dict) and "charges" in document.data and "estimate" in document.data:
        # A result of `costlab estimate --format json` carries the file it came from: read that.
        lines = {p[1:]: line for p, line in document.lines.items() if p[0] == "estimate"}
        document = Document(document.data["estimate"], lines, document.source)
    data, source = document.data, document.source
    if not isinstance(data, dict) or "costlab" not in data:
        args = {"reason": "`costlab: 1` is missing", "reason_ru": "нет строки `costlab: 1`"}
        raise InputError(_plain(document, "not_an_estimate", **args))
    if isinstance(data["costlab"], bool) or data["costlab"] != FORMAT:
        given = shown(data["costlab"])
        args = {"reason": f"format {given}, known is {FORMAT}", "reason_ru": f"формат {given}, известен {FORMAT}"}
        raise InputError(_plain(document, "not_an_estimate", "costlab", **args))
    problems = [
        _plain(document, "unknown_key", key, key=str(key), **near(str(key), HEADER))
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
        wrong = _wrong(document, "period", asked, f"a period ({error})", f"период ({error})")
        problems.append(wrong if period is None else _option(wrong))
        span = parse_period(LIST_MONTH, catalog.provider, region, today)
    if asked == LIST_MONTH and day is None:
        day = today  # the list month is never split: it is today's prices throughout
    resources = tuple(_resources(document, span, problems))
    problems += _too_many(resources) or _doubles(resources)
    name = data.get("name")
    if name is not None and not _is_text(name):
        problems.append(_wrong(document, "name", name, "a text", "текст"))
    if problems:
        raise InputError(*problems)
    return Scenario(
        name=str(name or Path(source).stem),
        provider=catalog.provider.provider,
        region=region.region,
        period=span,
        prices_on=day,
        resources=resources,
        source=source,
    )


def _is_text(value: Any) -> bool:
    """A text, or a whole number that can only mean one; `true` and 1.50 are slips."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    """Printable, so without control characters, half characters and marks that turn the direction of writing."""
    return _is_text(value) and 1 <= len(str(value)) <= _MAX_ID and str(value).isprintable() and value != ROUNDING_ID


def _where(document: Document, folder: Path | None) -> tuple[Catalog, Region]:
    """The catalog and region a file asks for; without them nothing else can be understood."""
    provider = shown(document.data.get("provider", "vk"))
    known = providers(folder)
    if provider not in known:
        args = {"key": "provider", "value": provider, **near(provider, known)}
        raise InputError(_plain(document, "not_allowed", "provider", **args))
    catalog = load_catalog(provider, folder)
    name = shown(document.data.get("region", next(iter(catalog.provider.regions))))
    region = catalog.region(name)
    if region is None:
        args = {"key": "region", "value": name, **near(name, catalog.provider.regions)}
        raise InputError(_plain(document, "not_allowed", "region", **args))
    return catalog, region


def _prices_on(document: Document, override: str | None, problems: list[Problem]) -> date | None:
    asked = document.data.get("prices_on") if override is None else override
    if asked is None:
        return None
    try:
        return parse_day(asked)
    except PeriodError as error:
        wrong = _wrong(document, "prices_on", asked, f"a day ({error})", f"день ({error})")
        problems.append(wrong if override is None else _option(wrong))
        return None


def _resources(document: Document, period: Period, problems: list[Problem]) -> Iterator[Resource]:
    entries = document.data.get("resources")
    if entries is None:
        problems.append(_plain(document, "missing_key", key="resources", hint=""))
        return
    if not isinstance(entries, list):
        problems.append(_wrong(document, "resources", entries, "a list", "список"))
        return
    for index, entry in enumerate(entries):
        found: list[Problem] = []
        resource = _resource(document, index, entry, period, found)
        problems += found
        if resource is not None and not found:
            yield resource


def _resource(document: Document, index: int, entry: Any, period: Period, problems: list[Problem]) -> Resource | None:
    """One resource, or None and what is wrong with it."""
    base: tuple[str | int, ...] = ("resources", index)
    if not isinstance(entry, dict):
        shape = ("a resource: `id`, `service`, `spec`", "ресурс: `id`, `service`, `spec`")
        problems.append(_wrong(document, base, entry, *shape))
        return None
    subject = shown(entry.get("id", ""))

    def say(code: str, where: str, /, **args: str) -> None:
        line = document.line(*base, where) if where in entry else document.line(*base)
        problems.append(Problem(code=code, source=document.source, line=line, subject=subject, args=args))

    _shell(entry, say)
    name = shown(entry.get("service", ""))
    if name not in services.names():
        say("unknown_service", "service", value=name, **near(name, services.names()))
        return None
    spec = _spec(document, (*base, "spec"), entry.get("spec"), name, subject, problems)
    schedule = Schedule()
    try:
        schedule = parse_schedule(entry.get("schedule"), period)
    except PeriodError as error:
        expected = {"expected": f"a schedule ({error})", "expected_ru": f"расписание ({error})"}
        say("wrong_type", "schedule", key="schedule", value=shown(entry["schedule"]), **expected)
    if spec is not None and schedule.kind != "always" and not services.stoppable(name, spec):
        title = services.load(name).TITLE
        say("cannot_stop", "schedule", service=title.en, service_ru=title.ru)
    if problems:
        return None
    return Resource(
        resource_id=str(entry["id"]),
        service=name,
        spec=spec,
        group=str(entry.get("group") or ""),
        tags={str(k): _tag(v) for k, v in (entry.get("tags") or {}).items()},
        count=entry.get("count", 1),
        schedule=schedule,
        source=document.source,
        line=document.line(*base),
        lines={key: document.line(*base, "spec", key) for key in entry.get("spec") or {}},
    )


def _shell(entry: dict[Any, Any], say: Callable[..., None]) -> None:
    """What every resource has, whatever its service: keys, id, count, tags."""
    for key in entry:
        if key not in RESOURCE:
            say("unknown_key", key, key=str(key), **near(str(key), RESOURCE))
    if entry.get("id") is None or entry["id"] == "":
        say("missing_key", "id", key="id", hint=" web")
    elif not _is_id(entry["id"]):
        expected = {
            "expected": f"an id of 1 to {_MAX_ID} printable characters, other than “{ROUNDING_ID}”",
            "expected_ru": f"id из 1–{_MAX_ID} печатных символов, кроме «{ROUNDING_ID}»",
        }
        say("wrong_type", "id", key="id", value=shown(entry["id"]), **expected)
    count = entry.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool):
        expected = {"expected": "a whole number", "expected_ru": "целое число"}
        say("wrong_type", "count", key="count", value=shown(count), **expected)
    elif not 1 <= count <= MAX_COUNT:
        say("out_of_range", "count", key="count", value=str(count), limit=f"1…{MAX_COUNT}")
    group = entry.get("group")
    if group is not None and not _is_text(group):
        say("wrong_type", "group", key="group", value=shown(group), expected="a text", expected_ru="текст")
    tags = entry.get("tags") or {}
    if not isinstance(tags, dict) or any(isinstance(v, dict | list) for v in tags.values()):
        expected = {"expected": "a list of `key: value`", "expected_ru": "список `ключ: значение`"}
        say("wrong_type", "tags", key="tags", value=shown(tags), **expected)


def _tag(value: Any) -> str:
    """A tag as text; `1` is not `true`, though Python thinks them equal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _spec(
    document: Document,
    base: tuple[str | int, ...],
    data: Any,
    service: str,
    subject: str,
    problems: list[Problem],
) -> Any:
    spec = services.load(service).Spec
    if data is None:
        data = {}
    if not isinstance(data, dict):
        wrong = _wrong(document, base, data, "a group of keys", "группа ключей")
        problems.append(wrong.model_copy(update={"subject": subject}))
        return None
    try:
        return spec.model_validate(data)
    except ValidationError as error:
        holder = document if base[-1] in document.data["resources"][base[1]] else _with_empty_spec(document, base)
        problems += problems_of(error, holder, base, subject, spec)
        return None


def _with_empty_spec(document: Document, base: tuple[str | int, ...]) -> Document:
    """A view of the document in which a left-out `spec` is there and empty."""
    data: dict[str, Any] = {"resources": {base[1]: {"spec": {}}}}
    return Document(data, document.lines, document.source)


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
    data["resources"] = [_resource_as_file(r) for r in scenario.resources]
    return data


def _resource_as_file(resource: Resource) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": resource.resource_id, "service": resource.service}
    if resource.group:
        entry["group"] = resource.group
    if resource.count != 1:
        entry["count"] = resource.count
    if resource.tags:
        entry["tags"] = dict(resource.tags)
    entry["spec"] = resource.spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if resource.schedule.kind != "always":
        entry["schedule"] = schedule_text(resource.schedule)
    return entry


def _too_many(resources: tuple[Resource, ...]) -> list[Problem]:
    """More instances than can be priced one by one; told before any list of their names is made."""
    total = 0
    for resource in resources:
        total += resource.count
        if total > MAX_INSTANCES:
            args = {"value": f"{sum(r.count for r in resources):,}", "limit": f"{MAX_INSTANCES:,}"}
            return [Problem(code="too_many_resources", source=resource.source, line=resource.line, args=args)]
    return []


def _option(problem: Problem) -> Problem:
    """The same about an option of the command line, not about a line of the file."""
    name = problem.args["key"].replace("_", "-")
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


def _plain(document: Document, code: str, *place: str | int, **args: str) -> Problem:
    return Problem(code=code, source=document.source, line=document.line(*place), args=args)


def _wrong(document: Document, place: Any, value: Any, expected: str, expected_ru: str = "") -> Problem:
    path = place if isinstance(place, tuple) else (place,)
    args = {
        "key": next(p for p in reversed(path) if isinstance(p, str)),
        "value": shown(value),
        "expected": expected,
        "expected_ru": expected_ru or expected,
    }
    return Problem(code="wrong_type", source=document.source, line=document.line(*path), args=args)
