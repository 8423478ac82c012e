"""What keeps an estimate from being whole before anything is priced: what its import left out, and lines to fill in."""

from collections.abc import Iterator, Sequence

from costlab.errors import kind, message, remedy
from costlab.model.numbers import Args, Problem, Text
from costlab.model.scenario import TO_FILL_IN, Imported, Resource, Scenario

_NAMED = 5
_OWN = ("sized_with_doubt",)
"""Doubts whose words hold for a line of an estimate file as they are."""


def doubts(scenario: Scenario) -> tuple[Problem, ...]:
    """The doubts of the import, then what is to be filled in: one problem for all lines that wait for the same."""
    return (*_of_imports(scenario.imported), *waiting(scenario.unfilled))


def left_out(scenario: Scenario) -> int:
    """How many lines have no price because of that: doubts that leave something out, and instances to fill in."""
    doubtful = sum(kind(d) != "warning" for one in scenario.imported for d in one.doubts)
    return doubtful + sum(r.count for r in scenario.unfilled)


def doubtful_ids(scenario: Scenario) -> frozenset[str]:
    """Resources of which something was left out."""
    named = (d.subject for one in scenario.imported for d in one.doubts if kind(d) != "warning")
    return frozenset(name for subject in named for name in (subject, *subject.split(", ")))


def _of_imports(imported: Sequence[Imported]) -> Iterator[Problem]:
    """Those an estimate file says name its line and how they are settled; those just read are what the reader said."""
    for one in imported:
        for number, doubt in enumerate(one.doubts):
            yield doubt if not one.file or doubt.code in _OWN else _in_file(one, number, doubt)


def _in_file(one: Imported, number: int, doubt: Problem) -> Problem:
    args: Args = {
        "reason": Text(en=message(doubt, "en"), ru=message(doubt, "ru")),
        "fix": Text(en=remedy(doubt, "en"), ru=remedy(doubt, "ru")), "place": doubt.source,
    }  # fmt: skip
    code = "import_note" if kind(doubt) == "warning" else "import_doubt"
    line = one.lines[number] if number < len(one.lines) else None
    return Problem(code=code, source=one.file, line=line, subject=doubt.subject, args=args)


def waiting(unfilled: Sequence[Resource]) -> Iterator[Problem]:
    """One problem for all lines that wait for the same key, of which their source says the same."""
    alike: dict[tuple[str, str, str], list[Resource]] = {}
    for resource in unfilled:
        key = resource.to_fill_in[0]
        said = str(_value(resource.spec, key)).strip().removeprefix(TO_FILL_IN).strip()
        alike.setdefault((key, said, resource.source.partition(":")[0]), []).append(resource)
    for (key, said, _), resources in alike.items():
        names = [r.resource_id for r in resources]
        more = f", … +{len(names) - _NAMED}" if len(names) > _NAMED else ""
        args: Args = {"key": key, "name": names[0], "n": str(sum(r.count for r in resources)), "said": ""}
        if said:
            args |= {"said": Text(en=f": its source says “{said}”", ru=f": в источнике «{said}»")}
        first = resources[0]
        yield Problem(code="to_fill_in", source=first.source, line=first.lines.get(key, first.line),
                      subject=", ".join(names[:_NAMED]) + more, args=args)  # fmt: skip


def _value(spec: object, path: str) -> object:
    """The first value at a path, through lists."""
    key, _, rest = path.partition(".")
    for part in spec if isinstance(spec, list | tuple) else (spec,):
        if isinstance(part, dict) and key in part:
            return _value(part[key], rest) if rest else part[key]
    return ""
