"""One file a bill format; the folder `formats` is the registry. Which reader reads a file is decided here.

A reader is chosen by what a file holds, never by its name.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from costlab.bills.known import known_format, unknown
from costlab.bills.reading import json as _json
from costlab.bills.reading.columns import Layout, Names, Rules, check_profile, layout, score
from costlab.bills.reading.profile import Profile
from costlab.errors import InputError, near
from costlab.files.tables import Table, open_table
from costlab.model.numbers import Problem, Text
from costlab.plugins import plugins


class Reader(Protocol):
    """The names a bill module exposes. One that reads answers of an API as well exposes `flat` (see `reading.json`)."""

    TITLE: Text
    PROVIDER: str
    REGIONS: dict[str, str]
    COLUMNS: dict[str, tuple[str, ...]]
    REQUIRED: tuple[str, ...]
    NAMES: Names
    RULES: Rules

    def matches(self, header: Sequence[str], profile: Profile | None = None) -> bool:
        """Whether the reader knows a file with this header, read with this profile."""
        ...

    def provider(self, said: Sequence[str]) -> str:
        """The provider's name from what the rows say; asked of readers whose rules name its columns."""
        ...


names, _load = plugins("costlab.bills.formats")


def load(name: str) -> Reader:
    """A reader by its name."""
    return cast("Reader", _load(name))


def open_bill(path: Path | str, profile: Profile | None, *, whole: bool) -> Table:
    """The table a file holds; `whole=False` looks at its beginning only. Raises `InputError` when it is no table."""
    return open_table(path, score([load(n).NAMES for n in names()], profile), whole=whole, special=_answer)


def _answer(path: Path) -> Table | None:
    """The table of an API's answer; None for any other file."""
    return _json.open_json(path, _answers()) if _json.looks_like(path) else None


def _answers() -> list[_json.Flat]:
    """What the formats know of answers of an API."""
    return [flat for n in names() if (flat := getattr(load(n), "flat", None)) is not None]


def layouts(table: Table, profile: Profile | None) -> dict[str, Layout]:
    """Where each reader sees its fields, the likeliest first; only the reader a profile asks for, where it asks."""
    wanted = profile.format if profile else None
    if wanted is not None and wanted not in names():
        args = {"key": "format", "value": wanted, **near(wanted, names())}
        raise InputError(Problem(code="not_allowed", source=table.source, args=args))
    chosen = names() if wanted is None else (wanted,)
    ordered = sorted(chosen, key=lambda name: (load(name).RULES.likely, name), reverse=True)
    return {name: layout(table.header, load(name).NAMES, profile) for name in ordered}


def claims(name: str, table: Table, profile: Profile | None) -> bool:
    """Whether a reader claims a file; another cloud's format only where a profile asks for the reader by name."""
    foreign = (profile is None or profile.format is None) and known_format(table.header) is not None
    return not foreign and load(name).matches(table.header, profile)


def the_reader(table: Table, profile: Profile | None) -> tuple[str, Layout]:
    """The one reader that claims the file, and where it sees its fields. Raises `InputError`: none, or several."""
    check_profile(table.header, profile, table.source, table.header_line)
    seen = layouts(table, profile)
    claiming = [name for name in seen if claims(name, table, profile)]
    if len(claiming) > 1:
        args = {"readers": ", ".join(claiming)}
        raise InputError(Problem(code="two_readers", source=table.source, line=table.header_line, args=args))
    if not claiming:
        nearest = max(seen, key=lambda n: (bool(seen[n].missing), seen[n].score))
        asked = profile is not None and profile.format is not None
        raise InputError(unknown(table, load(nearest).TITLE, seen[nearest].missing, asked=asked))
    return claiming[0], seen[claiming[0]]
