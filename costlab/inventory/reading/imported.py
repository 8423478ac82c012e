"""The `import` section of an estimate file: what the resources were read from, what was set aside, what is doubtful.

`costlab import` writes it, and it stays with the file until a person settles a doubt and takes its entry out. A file
written before there was this section says as much by the tags its sizing left (`readiness: unknown`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from costlab.errors import near
from costlab.files.documents import Document
from costlab.i18n.messages import MESSAGES
from costlab.inventory.reading.resources import plain_problem, tag, wrong_type
from costlab.model.inventory import SetAside
from costlab.model.numbers import Problem, Text
from costlab.model.scenario import Imported, Reason, Resource

SECTION = "import"
_KEYS = ("source", "from", "read", "set_aside", "doubts")
_ASIDE = ("code", "reason", "count", "names")
_DOUBT = ("code", "source", "subject", "args")
_NAMED = 5
_SIZED, _READINESS = "sizing", "readiness"
"""Tags that the sizing of machines leaves on what it made."""
_ENTRY = Text(en="a group of the keys {keys}", ru="группа ключей {keys}")


def reasons(set_aside: Iterable[SetAside]) -> tuple[Reason, ...]:
    """Rows set aside by reason, the most frequent first."""
    rows = list(set_aside)
    counted = Counter((a.code, a.reason.en, a.reason.ru) for a in rows)
    named: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        named.setdefault((row.code, row.reason.en, row.reason.ru), []).append(row.name)
    return tuple(
        Reason(code=code, reason=Text(en=en, ru=ru), count=count, names=tuple(named[code, en, ru][:_NAMED]))
        for (code, en, ru), count in counted.most_common()
    )


def section(imported: Sequence[Imported]) -> list[dict[str, Any]]:
    """The section as plain data; reading it back gives the same."""
    return [_entry(one) for one in imported]


def _entry(one: Imported) -> dict[str, Any]:
    data: dict[str, Any] = {"source": one.source} | ({"from": one.kind} if one.kind else {}) | {"read": one.read}
    if one.set_aside:
        data["set_aside"] = [
            {"code": r.code, "reason": r.reason.model_dump(), "count": r.count, "names": list(r.names)}
            for r in one.set_aside
        ]
    if one.doubts:
        data["doubts"] = [
            {"code": d.code}
            | ({"subject": d.subject} if d.subject else {})
            | {"source": f"{d.source}:{d.line}" if d.line else d.source}
            | ({"args": d.model_dump()["args"]} if d.args else {})
            for d in one.doubts
        ]
    return data


def imported_of(document: Document, resources: Sequence[Resource], problems: list[Problem]) -> tuple[Imported, ...]:
    """The section of a parsed file, or what the tags of its resources say; mistakes go to `problems`."""
    if SECTION not in document.data:
        return _by_tags(document.source, resources)
    entries = document.data[SECTION]
    if not isinstance(entries, list):
        shape = Text(en="a list of `source`, `read`, `doubts`", ru="список из `source`, `read`, `doubts`")
        problems.append(wrong_type(document, SECTION, entries, shape))
        return ()
    found = (_imported(document, index, entry, problems) for index, entry in enumerate(entries))
    return tuple(one for one in found if one is not None)


def _by_tags(source: str, resources: Sequence[Resource]) -> tuple[Imported, ...]:
    """What an older import left: machines that it sized without knowing enough of them."""
    doubts = tuple(
        Problem(code="sized_with_doubt", source=source, line=r.line, subject=r.resource_id)
        for r in resources
        if _SIZED in r.tags and r.tags.get(_READINESS) == "unknown"
    )
    if not doubts:
        return ()
    lines = tuple(d.line or 0 for d in doubts)
    return (Imported(source=source, read=len(resources), doubts=doubts, file=source, lines=lines),)


def _imported(document: Document, index: int, entry: Any, problems: list[Problem]) -> Imported | None:
    base = (SECTION, index)
    before = len(problems)
    if not _group(document, base, entry, _KEYS, problems):
        return None
    read = entry.get("read")
    if not isinstance(read, int) or isinstance(read, bool) or read < 0:
        problems.append(wrong_type(document, (*base, "read"), read, Text(en="a whole number", ru="целое число")))
    aside = _each(document, (*base, "set_aside"), entry.get("set_aside"), problems)
    doubts = _each(document, (*base, "doubts"), entry.get("doubts"), problems)
    set_aside = [_reason(document, (*base, "set_aside", n), a, problems) for n, a in enumerate(aside)]
    doubtful = [_doubt(document, (*base, "doubts", n), d, problems) for n, d in enumerate(doubts)]
    if len(problems) > before:
        return None
    return Imported(
        source=tag(entry.get("source")),
        kind=tag(entry.get("from")),
        read=read,
        set_aside=tuple(r for r in set_aside if r is not None),
        doubts=tuple(d for d in doubtful if d is not None),
        file=document.source,
        lines=tuple(document.line(*base, "doubts", n) for n in range(len(doubts))),
    )


def _reason(document: Document, base: tuple[str | int, ...], entry: Any, problems: list[Problem]) -> Reason | None:
    if not _group(document, base, entry, _ASIDE, problems):
        return None
    said, count, names = entry.get("reason"), entry.get("count", 1), entry.get("names") or []
    if not isinstance(said, dict) or set(said) != {"en", "ru"}:
        problems.append(wrong_type(document, (*base, "reason"), said, Text(en="`en` and `ru`", ru="`en` и `ru`")))
    elif not isinstance(count, int) or isinstance(count, bool) or count < 1:
        problems.append(wrong_type(document, (*base, "count"), count, Text(en="a whole number", ru="целое число")))
    elif not isinstance(names, list):
        problems.append(wrong_type(document, (*base, "names"), names, Text(en="a list", ru="список")))
    else:
        reason = Text(en=str(said["en"]), ru=str(said["ru"]))
        return Reason(code=tag(entry.get("code")), reason=reason, count=count, names=tuple(map(tag, names)))
    return None


def _doubt(document: Document, base: tuple[str | int, ...], entry: Any, problems: list[Problem]) -> Problem | None:
    """A doubt; its code is one of ours, or nobody could say what it means."""
    if not _group(document, base, entry, _DOUBT, problems):
        return None
    code, args = tag(entry.get("code")), entry.get("args") or {}
    known = [c for c, message in MESSAGES.items() if message.kind != "error"]
    if code not in known:
        nearest = near(code, known)["nearest"]
        problems.append(plain_problem(document, "unknown_doubt", *base, value=code, nearest=nearest))
    elif not isinstance(args, dict):
        problems.append(wrong_type(document, (*base, "args"), args, Text(en="a group of keys", ru="группа ключей")))
    else:
        said = {str(k): _argument(v) for k, v in args.items()}
        return Problem(code=code, source=tag(entry.get("source")), subject=tag(entry.get("subject")), args=said)
    return None


def _argument(value: Any) -> str | Text:
    """An argument of a doubt: `{en, ru}` where it differs by language."""
    if isinstance(value, dict) and set(value) == {"en", "ru"}:
        return Text(en=tag(value["en"]), ru=tag(value["ru"]))
    return tag(value)


def _group(
    document: Document, base: tuple[str | int, ...], entry: Any, keys: tuple[str, ...], problems: list[Problem]
) -> bool:
    """Whether an entry is a group of known keys; what is wrong goes to `problems`."""
    if not isinstance(entry, dict):
        named = ", ".join(keys)
        problems.append(
            wrong_type(document, base, entry, Text(en=_ENTRY.en.format(keys=named), ru=_ENTRY.ru.format(keys=named)))
        )
        return False
    wrong = [k for k in entry if k not in keys]
    problems += [plain_problem(document, "unknown_key", *base, str(k), key=str(k), **near(str(k), keys)) for k in wrong]
    return not wrong


def _each(document: Document, base: tuple[str | int, ...], value: Any, problems: list[Problem]) -> list[Any]:
    """A list, [] where there is none or something else."""
    if value is None or isinstance(value, list):
        return value or []
    problems.append(wrong_type(document, base, value, Text(en="a list", ru="список")))
    return []
