"""Tables of a text document (DOCX) as rows of text. The archive is measured before its XML is read, as for a workbook.

A DOCX is a zip with `word/document.xml`; only the text of its table cells is taken. The XML goes through expat in
pieces: a document type (the way to entity expansion and to outside files) is refused at its first byte, nothing is
fetched, and memory holds one row. Cells merged across columns are empty after the first; cells merged down repeat,
except numbers: money that stands once counts once.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from costlab.errors import InputError
from costlab.files import archives, headers
from costlab.files.sheet_bytes import MAX_CELLS
from costlab.files.writing import shown_path
from costlab.files.xlsx import Header
from costlab.model.numbers import Problem

PART = "word/document.xml"
MAX_COLUMNS = 1000
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_SKIPPED = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_CHUNK = 1 << 18
_NUMBER = re.compile(r"(?!\d{1,2}\.\d{1,2}\.\d)[-+(\u2212\u2013]?\s*\d[\d\s']*(?:[.,]\d*)*\)?\s*(?:\D{1,6})?\Z")

Row = tuple[int, int, list[str]]
"""Number of the table, of the row (both through the document, from 1), and the cells."""


@dataclass
class _Open:
    """A table that is being read."""

    number: int
    cells: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    """The row above, for cells merged down."""
    text: list[str] = field(default_factory=list)
    span: int = 1
    merged: bool = False
    """The cell goes on with the one above it."""


def is_document(head: bytes) -> bool:
    """Whether the beginning of an archive is that of a text document: its entries are named before their content."""
    return PART.encode() in head and b"xl/workbook.xml" not in head


def find_header(path: Path, score: headers.Score, depth: int) -> Header:
    """The best header among the first `depth` rows of each table; `sheet` is its number. Raises `InputError`."""
    archives.measure(path)
    tops: dict[int, list[tuple[int, int, list[str]]]] = {}
    for table, line, cells in _rows(path):
        top = tops.setdefault(table, [])
        if len(top) < depth * 2 and any(cells):
            top.append((line, line, cells))
    found = [(header, table) for table, top in tops.items() if (header := headers.find(top[:depth], score)) is not None]
    if not found:
        raise InputError(Problem(code="document", source=shown_path(path), args={"kind": "DOCX"}))
    best, table = max(found, key=lambda f: f[0].rank)
    preview = [cells for line, _, cells in tops[table] if line > best.end]
    above = (*_above(path), *best.above)
    return Header(str(table), best.cells, best.start, preview, best.end, best.notes, above=above)


def rows(path: Path, table: str, header_end: int, width: int, notes: dict[str, int]) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells below the header, of its table and of later ones as wide: Word breaks a long table up.

    Rows of other tables are counted in the notes. Raises `InputError`.
    """
    for number, line, cells in _rows(path):
        if line <= header_end or not any(cells):
            continue
        if number == int(table) or (number > int(table) and len(cells) == width):
            yield line, cells
        else:
            notes["other_tables"] = notes.get("other_tables", 0) + 1


def _above(path: Path) -> Iterator[str]:
    """The paragraphs above the first table: what the document says of itself."""
    reader = _Reader()
    for _ in _pieces(path, reader):
        yield from reader.paragraphs
        reader.paragraphs.clear()
        if reader.tables:
            return


def _rows(path: Path) -> Iterator[Row]:
    reader = _Reader()
    for _ in _pieces(path, reader):
        yield from reader.done
        reader.done.clear()
        reader.paragraphs.clear()


def _pieces(path: Path, reader: "_Reader") -> Iterator[None]:
    """Hand the text to the reader, piece by piece."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(PART) as file:
            while chunk := file.read(_CHUNK):
                reader.parser.Parse(chunk, False)
                yield
            reader.parser.Parse(b"", True)
            yield
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError, NotImplementedError, RuntimeError,
        ValueError, OSError,
    ) as error:  # fmt: skip
        raise InputError(archives.broken(shown_path(path), str(error))) from None


class _Reader:
    """The calls expat makes; `done` gathers the finished rows, `paragraphs` the text outside tables."""

    def __init__(self) -> None:
        self.done: list[Row] = []
        self.paragraphs: list[str] = []
        self.tables = self.lines = self.cells = self.skipping = 0
        self.open: list[_Open] = []
        self.outside: list[str] = []
        self.writing = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _SKIPPED or self.skipping:
            self.skipping += 1
            return
        tag = _tag(name)
        if tag == "tbl":
            self.tables += 1
            self.open.append(_Open(self.tables))
        self.writing = self.writing or tag == "t"
        if self.open:
            self._in_table(tag, next((v for k, v in attributes.items() if _tag(k) == "val"), ""))

    def _in_table(self, tag: str, value: str) -> None:
        table = self.open[-1]
        if tag == "tr":
            table.cells = []
        elif tag == "tc":
            table.text, table.span, table.merged = [], 1, False
        elif tag == "vMerge":
            table.merged = value != "restart"
        elif tag == "gridSpan" and re.fullmatch("[0-9]{1,5}", value):
            table.span = max(1, int(value))
        elif tag in ("p", "br", "tab", "cr"):
            table.text.append(" ")

    def _end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        tag = _tag(name)
        self.writing = self.writing and tag != "t"
        if tag == "tbl":
            self.open.pop()
        elif tag == "tc" and self.open:
            self._cell(self.open[-1])
        elif tag == "tr" and self.open:
            table = self.open[-1]
            self.lines += 1
            self.done.append((table.number, self.lines, table.cells))
            table.above = table.cells
        elif tag == "p" and not self.open:
            self.paragraphs.append("".join(self.outside))
            self.outside = []

    def _cell(self, table: _Open) -> None:
        place = len(table.cells)
        text = " ".join("".join(table.text).split())
        if table.merged and place < len(table.above) and not _NUMBER.match(table.above[place]):
            text = table.above[place]
        self.cells += table.span
        if place + table.span > MAX_COLUMNS or self.cells > MAX_CELLS:
            raise ValueError(f"{self.cells} cells, {place + table.span} columns")
        table.cells += [text, *[""] * (table.span - 1)]

    def _text(self, data: str) -> None:
        if self.writing and not self.skipping:
            (self.open[-1].text if self.open else self.outside).append(data)


def _tag(name: str) -> str:
    """An element of the text itself; "" for anything else."""
    return next((name[len(space) :] for space in _SPACES if name.startswith(space)), "")


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a document type is declared")
