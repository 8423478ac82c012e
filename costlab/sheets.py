"""Sheets of a workbook (XLSX) as rows of text. The file is measured before any parser may unpack it.

A number in a sheet is a double; its text is the shortest one that means the same double. Excel itself keeps fifteen
digits, so a double with more of them is noise of arithmetic: fifteen are taken, and counted in the notes.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import python_calamine

from costlab.errors import InputError
from costlab.model import Problem

MAX_INFLATED = 2_000_000_000
MAX_RATIO = 100
FREE_INFLATED = 50_000_000
"""Below this, no ratio is suspicious."""
MAX_CELLS = 24_000_000
MAX_SHEETS = 100
LAST_ROW = 1_048_576
_DIGITS = 15
_LETTERS = 26
_CHUNK = 1 << 20
_REFERENCE = re.compile(rb'\br="([A-Z]{2,3})[0-9]')
_FAR = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')
_ROW = re.compile(rb'<row [^>]{0,300}?\br="([0-9]+)"')
_OTHERS = {"word/": "DOCX", "ppt/": "PPTX", "xl/workbook.bin": "XLSB", "content.xml": "ODF"}


T = TypeVar("T")


@dataclass(frozen=True)
class Header:
    """Where the header stands."""

    sheet: str
    header: tuple[str, ...]
    line: int
    preview: list[list[str]]


def find_header(path: Path, score: Callable[[list[str]], int], depth: int) -> Header:
    """The best scoring row among the first `depth` of every sheet. Raises `InputError`."""
    _measure(path)
    best: tuple[tuple[int, int], Header] | None = None
    workbook = _workbook(path)
    for name in workbook.sheet_names[:MAX_SHEETS]:
        top = [[_text(v, {}) for v in row] for row in islice(_cells(workbook, name, str(path)), depth * 2)]
        for line, cells in enumerate(top[:depth], start=1):
            rank = (score(cells), sum(bool(c.strip()) for c in cells))
            if rank[1] and (best is None or rank > best[0]):
                best = (rank, Header(name, tuple(cells), line, [r for r in top[line:] if any(r)]))
    if best is None:
        raise InputError(Problem(code="table_empty", source=str(path)))
    return best[1]


def rows(path: Path, sheet: str, header_line: int, notes: dict[str, int]) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row below the header. Raises `InputError` when the sheet is full to Excel's end."""
    number = 0
    for number, row in enumerate(_cells(_workbook(path), sheet, str(path)), start=1):
        if number > header_line:
            yield number, [_text(v, notes) for v in row]
    if number >= LAST_ROW:
        raise InputError(Problem(code="sheet_full", source=str(path), line=number, args={"sheet": sheet}))


def _workbook(path: Path) -> Any:
    return _guarded(lambda: python_calamine.CalamineWorkbook.from_path(str(path)), str(path))


def _cells(workbook: Any, sheet: str, source: str) -> Iterator[list[Any]]:
    found = _guarded(lambda: workbook.get_sheet_by_name(sheet).iter_rows(), source)
    while (row := _guarded(lambda: next(found, None), source)) is not None:
        yield row


def _guarded(call: Callable[[], T], source: str) -> T:
    """Run the parser; what it cannot read is the file's fault."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic of the parser is not an Exception)
        raise InputError(_broken(source, str(error).splitlines()[0] if str(error) else type(error).__name__)) from None


def _broken(source: str, reason: str) -> Problem:
    return Problem(code="broken_workbook", source=source, args={"reason": reason[:200]})


def _measure(path: Path) -> None:
    """Refuse what is no workbook, or would unpack to far more than it seems, before a parser sees it."""
    source = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {e.filename for e in entries}
            if "xl/workbook.xml" not in names:
                kind = next((k for start, k in _OTHERS.items() if any(n.startswith(start) for n in names)), "ZIP")
                raise InputError(Problem(code="document", source=source, args={"kind": kind}))
            size = sum(e.file_size for e in entries)
            if size > MAX_INFLATED or size > max(FREE_INFLATED, MAX_RATIO * path.stat().st_size):
                raise InputError(_bomb(source, f"{size:,} B"))
            for entry in entries:
                cells = _inflate(archive, entry)
                if cells > MAX_CELLS:
                    raise InputError(_bomb(source, f"{cells:,} cells", f"{cells:,} ячеек"))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise InputError(_broken(source, str(error))) from None


def _bomb(source: str, size: str, size_ru: str = "") -> Problem:
    return Problem(code="zip_bomb", source=source, args={"size": size, "size_ru": size_ru or size})


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Unpack an entry once, which checks its size and sum; for a sheet, the cells of the block its references span.

    The parser holds that block densely, whatever the sheet says of its own dimension.
    """
    is_sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
    wide = tall = 0
    carry = b""
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            if not is_sheet:
                continue
            text = carry + chunk
            carry = text[-400:]
            letters = set(_REFERENCE.findall(text))
            wide = max([wide, _LETTERS, *map(_column, letters)])
            tall = max([tall, *map(int, _ROW.findall(text))])
            if letters:  # a far column may stand in a far row that no <row> admits to
                tall = max([tall, *(int(r) for _, r in _FAR.findall(text))])
    return (wide if wide > _LETTERS else 1) * tall


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - 64
    return number


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
    if value.is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    text = repr(value)
    if sum(c.isdigit() for c in text.partition("e")[0].replace(".", "").lstrip("-0")) > _DIGITS:
        notes["excel_digits"] = notes.get("excel_digits", 0) + 1
        text = f"{value:.{_DIGITS}g}"
    return text
