"""Any table of machines made by hand (CSV or XLSX): by its Russian or English column names, or by a mapping profile.

A profile is YAML a person writes once: `columns` (field -> header of the table), `units` (field -> mb, gb, tb…),
`sheet`, `header_row`. Fields are those of `_table_machines.FIELDS`. Every sheet with a name, cores and memory is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from costlab.errors import InputError, near
from costlab.files.documents import Document, read_document
from costlab.files.validation import shown
from costlab.inventory import load, names
from costlab.inventory.reading.cells import SEARCH, normal
from costlab.inventory.reading.machines import InventoryDraft
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.reading.table_machines import read_rows
from costlab.inventory.reading.table_shapes import bands, headers, hidden_parts, other_sheet
from costlab.inventory.reading.table_words import FIELDS
from costlab.model.inventory import Inventory
from costlab.model.numbers import Args, Problem, Text

TITLE = Text(en="Table made by hand", ru="Таблица, сделанная вручную")

_KEYS = ("columns", "units", "sheet", "header_row")
_UNITS = ("b", "kb", "mb", "gb", "tb", "mib", "gib", "tib")


@dataclass(frozen=True)
class _Profile:
    """Words of columns, with what a person said of them before all others."""

    known: Mapping[str, Sequence[str]]
    units: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    header_row: int | None = None


def matches(sample: Sample) -> bool:
    """A table with a name, cores and memory that no reader of a known export claims."""
    if sample.kind not in ("csv", "xlsx"):
        return False
    if not any(True for s in sample.sheet_names for _ in headers(sample.rows(s), FIELDS, SEARCH)):
        return False
    return not any(load(n).matches(sample) for n in names() if n != "table")


def read(sample: Sample, options: Options) -> Inventory:
    """Machines of every sheet. Raises `InputError` where no sheet has the columns, or the profile is wrong."""
    profile = _profile(options.profile) if options.profile else _Profile(FIELDS)
    draft = InventoryDraft("table", sample.source, options)
    read_any = False
    for sheet in sample.sheet_names:
        origin = f"{sample.source}!{sheet}" if sheet else sample.source
        if profile.sheet and sheet and sheet != profile.sheet:
            draft.aside(origin, sheet, "other_sheet", "another sheet than the profile's", "не тот лист, что в профиле")
            continue
        read_any |= _sheet(draft, sample, sheet, origin, profile)
    if not read_any:
        raise InputError(Problem(code="table_empty", source=sample.source))
    return draft.inventory()


def _sheet(draft: InventoryDraft, sample: Sample, sheet: str, origin: str, profile: _Profile) -> bool:
    """The tables of a sheet; whether there is any. A sheet of numbers that is none is named."""
    rows = sample.rows(sheet)
    tables = [rows] if profile.header_row is not None else bands(rows, profile.known)
    read = False
    for table in tables:
        if profile.header_row is not None:
            start = next((i for i, (n, _) in enumerate(table) if n == profile.header_row), None)
        else:
            start = next(headers(table, profile.known, SEARCH), None)
        if start is not None:
            read_rows(draft, table[start:], origin, profile.known, profile.units)
            read = True
    if not read and rows:
        other_sheet(draft, rows, sheet, origin)
    if read and (hidden := hidden_parts(sample, sheet)):
        draft.assumed("hidden", "+", [origin], *hidden)
    return read


def _profile(path: str) -> _Profile:
    """A mapping profile. Raises `InputError` with every mistake in it."""
    document = read_document(path)
    data = document.data if isinstance(document.data, dict) else {}
    columns, units = data.get("columns") or {}, data.get("units") or {}
    if not data or not isinstance(columns, dict) or not isinstance(units, dict):
        expected: Args = {"expected": Text(en="`columns: {field: header}`", ru="`columns: {поле: заголовок}`")}
        args = {"key": "columns", "value": shown(document.data), **expected}
        raise InputError(Problem(code="wrong_type", source=document.source, line=1, args=args))
    problems = list(_mistakes(document, data, columns, units))
    if problems:
        raise InputError(*problems)
    given: dict[str, tuple[str, ...]] = {str(k): (normal(str(v)),) for k, v in columns.items()}
    taken = {spelling for spellings in given.values() for spelling in spellings}
    others = {f: tuple(s for s in spellings if s not in taken) for f, spellings in FIELDS.items() if f not in given}
    words = {str(k): str(v).casefold() for k, v in units.items()}
    return _Profile({**given, **others}, words, str(data.get("sheet") or ""), data.get("header_row"))


def _mistakes(
    document: Document, data: dict[str, Any], columns: dict[Any, Any], units: dict[Any, Any]
) -> Iterator[Problem]:
    """What is wrong with the keys of a profile, with the line of each."""

    def wrong(code: str, *place: str, **args: str | Text) -> Problem:
        return Problem(code=code, source=document.source, line=document.line(*place), args=args)

    for key in data:
        if key not in _KEYS:
            yield wrong("unknown_key", str(key), key=str(key), **near(str(key), _KEYS))
    for part, keys in (("columns", columns), ("units", units)):
        for name in keys:
            if name not in FIELDS:
                yield wrong("unknown_key", part, str(name), key=str(name), **near(str(name), FIELDS))
    for name, unit in units.items():
        if str(unit).casefold() not in _UNITS:
            said = {"key": f"units.{name}", "value": shown(unit), **near(str(unit), _UNITS)}
            yield wrong("not_allowed", "units", str(name), **said)
    row = data.get("header_row")
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 1):
        expected: Args = {"expected": Text(en="a number of a row", ru="номер строки")}
        yield wrong("wrong_type", "header_row", key="header_row", value=shown(row), **expected)
