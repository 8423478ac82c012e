"""Sheets of a workbook as rows of text. An XLSX is measured before any parser may unpack it; `.xls`, `.xlsb` and `.ods`
are parsed apart (`other_books.py`).

A number in a sheet is a double; its text is the shortest one that means the same double. Excel itself keeps fifteen
digits, so a double with more of them is noise of arithmetic: fifteen are taken, and counted in the notes.
"""

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import python_calamine

from costlab.errors import InputError
from costlab.files import archives, headers, other_books
from costlab.files.sheet_bytes import SheetSeen, look
from costlab.files.sheet_parts import Part, line_of
from costlab.files.writing import shown_path
from costlab.model.numbers import Problem

MAX_SHEETS = 100
LAST_ROW = 1_048_576
_DIGITS = 15
_BATCH = 100  # more fall out of the processor's cache
_TO_COMPUTE = re.compile(rb"""\bfullCalcOnLoad\s*=\s*["'](?:1|true)""")
_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)""")
_EPOCHS = date(1899, 12, 30), date(1904, 1, 1)
_TAG = re.compile(rb"<[^>]{1,2000}>")
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED = ("xl/sharedStrings.xml", "xl/styles.xml")


_VISIBLE = python_calamine.SheetVisibleEnum.Visible

T = TypeVar("T")


@dataclass(frozen=True)
class Header:
    """Where the header stands."""

    sheet: str
    header: tuple[str, ...]
    line: int
    preview: list[list[str]]
    end: int = 0
    """Its last row; beyond `line` when two rows are read as one."""
    notes: dict[str, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    """Every sheet with this very header, where there are several."""
    others: tuple[str, ...] = ()
    """Sheets with another header of such a table, or with this one and hidden."""
    aside: tuple[str, ...] = ()
    """Sheets that hold something else."""
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    """Row and column (from 1) of formulas that hold no value."""
    epoch: date = _EPOCHS[0]
    """The day whose serial number is 0."""
    above: tuple[str, ...] = ()
    """What stands above it: the text of each row, and of the paragraphs of a document."""
    parsed: Any = None
    """The sheet as the parser holds it, for `rows`."""


@dataclass(frozen=True)
class _Book:
    """What a workbook's archive holds."""

    names: tuple[str, ...]
    parts: dict[str, SheetSeen]
    workbook: bytes
    relations: bytes

    def uncomputed(self, part: SheetSeen) -> set[tuple[int, int]]:
        """Row and column (from 1) of a sheet's formulas that hold no value.

        A 0 is none either in a workbook that asks to be computed when it is opened, and whose formulas are all 0: the
        program that wrote it has computed nothing.
        """
        if _TO_COMPUTE.search(self.workbook) and not any(p.computed for p in self.parts.values()):
            return part.uncomputed | part.zeros
        return part.uncomputed

    def sheet(self, name: str) -> SheetSeen:
        """What the bytes of a sheet say."""
        targets = {_attribute(t, b"Id"): _attribute(t, b"Target") for t in _TAG.findall(self.relations)}
        for tag in _TAG.findall(self.workbook):
            if tag.startswith(b"<sheet ") and _attribute(tag, b"name") == name:
                target = targets.get(_attribute(tag, rb"\w+:id"), "")
                return self.parts.get(target.lstrip("/"), self.parts.get(f"xl/{target}", SheetSeen()))
        return SheetSeen()


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"""\s""" + name + rb"""\s*=\s*("[^"]*"|'[^']*')""", tag)
    return html.unescape(match[1][1:-1].decode("utf-8", "replace")) if match else ""


def find_header(path: Path, score: Callable[[list[str]], int], depth: int) -> Header:
    """The best scoring row among the first `depth` of every sheet, a visible one if it can be. Raises `InputError`."""
    book = _measure(path)
    source = shown_path(path)
    workbook = _workbook(path)
    hidden = {m.name for m in workbook.sheets_metadata if m.visible != _VISIBLE}
    seen: dict[str, tuple[headers.Header, list[list[str]]]] = {}
    filled: list[str] = []
    sheet, held = "", None
    for name in workbook.sheet_names[:MAX_SHEETS]:
        parsed = _guarded(partial(workbook.get_sheet_by_name, name), source)
        top = [[_text(v, {}) for v in row] for row in islice(_rows_of(parsed, source), depth * 2)]
        rows = [(n, n, cells) for n, cells in enumerate(top[:depth], start=1) if any(c.strip() for c in cells)]
        if rows:
            filled.append(name)
        if (header := headers.find(rows, score)) is not None:
            seen[name] = header, top
            if not sheet or _rank(header, name, hidden) > _rank(seen[sheet][0], sheet, hidden):
                sheet, held = name, parsed  # no other need be held
    if not sheet:
        raise InputError(Problem(code="table_empty", source=source))
    best, top = seen[sheet]
    tables = [n for n, (header, _) in seen.items() if header.rank[0] >= headers.WHOLE]
    same = [n for n in tables if _cells_are(seen[n][0], best) and (n not in hidden or n == sheet)]
    parts = tuple(Part(n, seen[n][0].end) for n in same) if len(same) > 1 else ()
    read = {sheet, *(p.sheet for p in parts)}
    own = [book.sheet(n) for n in ([p.sheet for p in parts] or [sheet])]
    notes = best.notes | {
        "other_sheets": len(workbook.sheet_names) - len(read),
        "hidden_sheet": int(sheet in hidden),
        "macros": int(any(n.lower().endswith("vbaproject.bin") for n in book.names)),
        "external_links": sum(n.startswith("xl/externalLinks/") and n.endswith(".xml") for n in book.names),
        "hidden_rows": sum(len(part.hidden.get("row", ())) for part in own),
        "hidden_columns": sum(len(part.hidden.get("col", ())) for part in own),
    }
    cells = best.cells + ("",) * (max((len(seen[n][0].cells) for n in read), default=0) - len(best.cells))
    return Header(
        sheet, cells, best.start, [r for r in top[best.end :] if any(r)], best.end,
        {note: count for note, count in notes.items() if count},
        parts=parts,
        others=tuple(n for n in tables if n not in read),
        aside=tuple(n for n in filled if n not in read and n not in tables) + tuple(workbook.sheet_names[MAX_SHEETS:]),
        uncomputed=frozenset((line_of(n, r), c) for n, part in enumerate(own) for r, c in book.uncomputed(part)),
        epoch=_EPOCHS[_1904.search(book.workbook) is not None],
        above=(sheet, *best.above),
        parsed=held,
    )  # fmt: skip


def _rank(header: headers.Header, name: str, hidden: set[str]) -> tuple[bool, bool, tuple[int, int]]:
    return header.rank[0] >= headers.WHOLE, name not in hidden, header.rank


def _cells_are(header: headers.Header, other: headers.Header) -> bool:
    """Whether two headers name the same columns at the same places."""
    first, second = ([" ".join(c.split()).casefold() for c in h.cells] for h in (header, other))
    wide = max(len(first), len(second))
    return first + [""] * (wide - len(first)) == second + [""] * (wide - len(second))


def rows(
    path: Path, sheet: str, header_line: int, notes: dict[str, int], parsed: Any = None, *, goes_on: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row below the header. Raises `InputError` when the sheet is full to Excel's end,
    unless another one `goes_on`.

    `parsed` is what `find_header` made of the sheet: it need not be unpacked again.
    """
    number = 0
    cells = _cells(_workbook(path), sheet, shown_path(path)) if parsed is None else _rows_of(parsed, shown_path(path))
    for number, row in enumerate(cells, start=1):
        if number > header_line:
            # Texts and numbers, the most of every sheet, are told by their class: a call for each costs more than both.
            yield (
                number,
                [
                    v if v.__class__ is str else _number(v, notes) if v.__class__ is float else _text(v, notes)
                    for v in row
                ],
            )
    if number >= LAST_ROW and not goes_on:
        raise InputError(Problem(code="sheet_full", source=shown_path(path), line=number, args={"sheet": sheet}))


@dataclass(frozen=True)
class Look:
    """What a sheet does not show: formulas without a value (row and column from 1), hidden rows and columns, itself."""

    uncomputed: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: int = 0
    hidden_columns: int = 0
    hidden: bool = False


def looks(path: Path) -> dict[str, Look]:
    """What every sheet of a workbook does not show. Raises `InputError`."""
    book = _measure(path)
    hidden = {
        _attribute(t, b"name")
        for t in _TAG.findall(book.workbook)
        if t.startswith(b"<sheet ") and _attribute(t, b"state") in ("hidden", "veryHidden")
    }
    found: dict[str, Look] = {}
    for name in _workbook(path).sheet_names[:MAX_SHEETS]:
        part = book.sheet(name)
        hidden_rows, hidden_columns = (len(part.hidden.get(kind, ())) for kind in ("row", "col"))
        found[name] = Look(frozenset(book.uncomputed(part)), hidden_rows, hidden_columns, hidden=name in hidden)
    return found


def is_book(path: Path) -> bool:
    """Whether a file is a workbook of any kind that is read, by its content; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _BOOK in archive.namelist():
                return True
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return True  # what is wrong with it is said when it is measured
    return other_books.is_other_book(path)


def names(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook, which is measured first. Raises `InputError`."""
    _measure(path)
    return tuple(_workbook(path).sheet_names[:MAX_SHEETS])


def _workbook(path: Path) -> Any:
    if other_books.is_other_book(path):
        return other_books.open_book(path)
    return _guarded(lambda: python_calamine.CalamineWorkbook.from_path(str(path)), shown_path(path))


def _cells(workbook: Any, sheet: str, source: str) -> Iterator[list[Any]]:
    yield from _rows_of(_guarded(lambda: workbook.get_sheet_by_name(sheet), source), source)


def _rows_of(parsed: Any, source: str) -> Iterator[list[Any]]:
    found = _guarded(parsed.iter_rows, source)
    while batch := _guarded(lambda: list(islice(found, _BATCH)), source):
        yield from batch


def _guarded(call: Callable[[], T], source: str) -> T:
    """Run the parser; what it cannot read is the file's fault."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic of the parser is not an Exception)
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(archives.broken(source, reason)) from None


def _measure(path: Path) -> _Book:
    """Refuse what is no workbook, or would unpack to far more than it seems, before a parser sees it."""
    with path.open("rb") as file:
        if file.read(len(other_books.OLE)) == other_books.OLE:  # no archive: bounded where it is parsed
            return _Book((), {}, b"", b"")
    seen: dict[str, SheetSeen] = {}

    kept: dict[str, bytes] = {}

    def keep(name: str) -> Callable[[bytes], None]:
        def first(text: bytes) -> None:
            kept.setdefault(name, text)

        return first

    def watch(name: str) -> Callable[[bytes], None] | None:
        if name in _SHARED:
            return None
        if name in (_BOOK, _RELATIONS):
            return keep(name)
        part = seen.setdefault(name, SheetSeen())  # a sheet may be kept under any name
        return lambda text: look(part, text, shown_path(path))

    names = archives.measure(path, watch)
    if _BOOK not in names and not other_books.is_other_book(path):
        kind = archives.office_kind(names) or "ZIP"
        raise InputError(Problem(code="document", source=shown_path(path), args={"kind": kind}))
    return _Book(names, seen, kept.get(_BOOK, b""), kept.get(_RELATIONS, b""))


def _text(value: Any, notes: dict[str, int]) -> str:
    """The text of a cell."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value, notes)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _number(value: float, notes: dict[str, int]) -> str:
    text = repr(value)
    if len(text) <= _DIGITS + 1:  # no more than fifteen digits and a point: most numbers end here
        return text if text[-2:] != ".0" else text[:-2] if value else "0"
    if value.is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    if sum(c.isdigit() for c in text.partition("e")[0].replace(".", "").lstrip("-0")) > _DIGITS:
        notes["excel_digits"] = notes.get("excel_digits", 0) + 1
        text = f"{value:.{_DIGITS}g}"
    return text
