"""The resources of an estimate file: what every resource has, and the spec its service defines."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from costlab import services
from costlab.errors import near
from costlab.files.documents import Document
from costlab.files.validation import problems_of, shown
from costlab.model.numbers import Args, Period, Problem, Text
from costlab.model.periods import PeriodError, parse_schedule
from costlab.model.scenario import CAP_ID, ROUNDING_ID, TO_FILL_IN, Resource, Schedule

RESOURCE = ("id", "service", "group", "count", "tags", "spec", "schedule")
MAX_COUNT = 10_000
_MAX_ID = 200


def resources_of(document: Document, period: Period, problems: list[Problem]) -> Iterator[Resource]:
    """Every resource that can be used; what is wrong with the others goes to `problems`."""
    entries = document.data.get("resources")
    if entries is None:
        problems.append(plain_problem(document, "missing_key", key="resources", hint=""))
        return
    if not isinstance(entries, list):
        problems.append(wrong_type(document, "resources", entries, Text(en="a list", ru="список")))
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
        shape = Text(en="a resource: `id`, `service`, `spec`", ru="ресурс: `id`, `service`, `spec`")
        problems.append(wrong_type(document, base, entry, shape))
        return None
    subject = shown(entry.get("id", ""))

    def say(code: str, where: str, /, **args: str | Text) -> None:
        line = document.line(*base, where) if where in entry else document.line(*base)
        problems.append(Problem(code=code, source=document.source, line=line, subject=subject, args=args))

    _shell(entry, say)
    name = shown(entry.get("service", ""))
    if name not in services.names():
        say("unknown_service", "service", value=name, **near(name, services.names()))
        return None
    waiting = unknown_keys(entry.get("spec"))
    read_spec = _unfilled if waiting else _spec
    spec = read_spec(document, (*base, "spec"), entry.get("spec"), name, subject, problems)
    schedule = Schedule()
    try:
        schedule = parse_schedule(entry.get("schedule"), period)
    except PeriodError as error:
        expected = Text(en=f"a schedule ({error})", ru=f"расписание ({error})")
        say("wrong_type", "schedule", key="schedule", value=shown(entry["schedule"]), expected=expected)
    if spec is not None and not waiting and schedule.kind != "always" and not services.stoppable(name, spec):
        title = services.load(name).TITLE
        say("cannot_stop", "schedule", service=title)
    if problems:
        return None
    return Resource(
        resource_id=str(entry["id"]),
        service=name,
        spec=spec,
        group=str(entry.get("group") or ""),
        tags={str(k): tag(v) for k, v in (entry.get("tags") or {}).items()},
        count=entry.get("count", 1),
        schedule=schedule,
        source=document.source,
        line=document.line(*base),
        lines={key: document.line(*base, "spec", key) for key in entry.get("spec") or {}},
        to_fill_in=waiting,
    )


def unknown_keys(spec: Any) -> tuple[str, ...]:
    """The keys of a spec, as plain data, that wait for a value.

    >>> unknown_keys({"flavor": "? m5.metal", "disks": [{"type": "ceph-ssd", "size_gb": "?"}]})
    ('flavor', 'disks.size_gb')
    """
    found: list[str] = []

    def look(value: Any, path: tuple[str, ...]) -> None:
        if isinstance(value, str) and value.lstrip().startswith(TO_FILL_IN):
            found.append(".".join(path))
        for key, inner in value.items() if isinstance(value, dict) else ():
            look(inner, (*path, str(key)))
        for inner in value if isinstance(value, list | tuple) else ():
            look(inner, path)

    look(spec, ())
    return tuple(dict.fromkeys(found))


def _unfilled(
    document: Document, base: tuple[str | int, ...], data: Any, service: str, subject: str, problems: list[Problem]
) -> dict[str, Any]:
    """The spec of a line to fill in, as plain data: only its keys are judged, the values once all are there."""
    known = [f.alias or name for name, f in services.load(service).Spec.model_fields.items()]
    wrong = [k for k in data if k not in known]
    problems += [
        plain_problem(document, "unknown_key", *base, k, key=str(k), **near(str(k), known)).model_copy(
            update={"subject": subject}
        )
        for k in wrong
    ]
    return {k: v for k, v in data.items() if k in known}


def _shell(entry: dict[Any, Any], say: Callable[..., None]) -> None:
    """What every resource has, whatever its service: keys, id, count, tags."""
    for key in entry:
        if key not in RESOURCE:
            say("unknown_key", key, key=str(key), **near(str(key), RESOURCE))
    if entry.get("id") is None or entry["id"] == "":
        say("missing_key", "id", key="id", hint=" web")
    elif not _is_id(entry["id"]):
        expected = Text(
            en=f"an id of 1 to {_MAX_ID} printable characters, other than “{ROUNDING_ID}”",
            ru=f"id из 1–{_MAX_ID} печатных символов, кроме «{ROUNDING_ID}»",
        )
        say("wrong_type", "id", key="id", value=shown(entry["id"]), expected=expected)
    count = entry.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool):
        expected = Text(en="a whole number", ru="целое число")
        say("wrong_type", "count", key="count", value=shown(count), expected=expected)
    elif not 1 <= count <= MAX_COUNT:
        say("out_of_range", "count", key="count", value=str(count), limit=f"1…{MAX_COUNT}")
    group = entry.get("group")
    if group is not None and not is_text(group):
        say("wrong_type", "group", key="group", value=shown(group), expected=Text(en="a text", ru="текст"))
    tags = entry.get("tags") or {}
    if not isinstance(tags, dict) or any(isinstance(v, dict | list) for v in tags.values()):
        expected = Text(en="a list of `key: value`", ru="список `ключ: значение`")
        say("wrong_type", "tags", key="tags", value=shown(tags), expected=expected)


def tag(value: Any) -> str:
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
        wrong = wrong_type(document, base, data, Text(en="a group of keys", ru="группа ключей"))
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


def is_text(value: Any) -> bool:
    """A text, or a whole number that can only mean one; `true` and 1.50 are slips."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    """Printable, so without control characters, half characters and marks that turn the direction of writing."""
    return (
        is_text(value)
        and 1 <= len(str(value)) <= _MAX_ID
        and str(value).isprintable()
        and value not in (ROUNDING_ID, CAP_ID)
    )


def plain_problem(document: Document, code: str, *place: str | int, **args: str | Text) -> Problem:
    """A problem at a place of the document."""
    return Problem(code=code, source=document.source, line=document.line(*place), args=args)


def wrong_type(document: Document, place: Any, value: Any, expected: str | Text) -> Problem:
    """A value of another type than is expected there."""
    path = place if isinstance(place, tuple) else (place,)
    args: Args = {
        "key": next(p for p in reversed(path) if isinstance(p, str)),
        "value": shown(value),
        "expected": expected,
    }
    return Problem(code="wrong_type", source=document.source, line=document.line(*path), args=args)
