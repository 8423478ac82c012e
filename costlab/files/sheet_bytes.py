"""What the bytes of a sheet say before a parser sees it: how large a block it will hold, what is hidden, and which
formulas nobody worked out.
"""

import re
from dataclasses import dataclass, field

from costlab.errors import InputError
from costlab.files import archives
from costlab.i18n.words import grouped
from costlab.model.numbers import Text

MAX_CELLS = 24_000_000
_LETTERS = 26
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{2,3})[0-9]""")
_FAR = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,3})([0-9]+)""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]{0,300}?\br\s*=\s*["']\s*([0-9]+)""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?(row|col)\s[^>]*?\bhidden\s*=\s*["'](?:1|true)""")
_UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]+)["'][^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_COMPUTED = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]+)["'][^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*<(?:\w+:)?v>\s*([^<\s][^<]*)</(?:\w+:)?v>"""
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>/]")
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*)?(?:/>|>\s*</(?:\w+:)?c>)")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^>]*)?(?:/>|>\s*</(?:\w+:)?row>)")
_OPEN_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^>]{0,500})?>\s*\Z")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_FRAGMENT = re.compile(rb"\A[^<]{0,400}|(?:<(?:\w+:)?c(?:\s[^>]{0,150})?>\s{0,10})?(?:<[^>]{0,200})?\Z")
"""What a piece begins and ends with and the next or the last one has whole."""


@dataclass
class SheetSeen:
    """What the bytes of a workbook say of it."""

    wide: int = 0
    tall: int = 0
    pending: int = 0
    """Number of a row that the last piece began, with no value in it yet."""
    hidden: dict[str, set[bytes]] = field(default_factory=dict)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    """Row and column (from 1) of formulas without a value."""
    zeros: set[tuple[int, int]] = field(default_factory=set)
    """The same of formulas whose value is 0, as long as no formula has another one."""
    computed: bool = False
    """Some formula has a value that is not 0."""


def look(part: SheetSeen, text: bytes, source: str) -> None:
    """The block that a sheet's cells with a value span: the parser holds it densely, whatever the sheet says of its
    dimension. Cells without a value (a format down to the last row) and empty rows are not kept, and not counted.
    """
    if b"hidden" in text:
        for hidden in _HIDDEN.finditer(text):
            part.hidden.setdefault(hidden[1].decode(), set()).add(hidden[0])
    if _VALUE.search(text) is None:  # most of a sheet that is formatted down to its last row
        last = text[max(text.rfind(b"<row"), text.rfind(b":row")) - 20 :]
        part.pending = max([part.pending, *map(_row, _ROW.findall(last))])
        return
    wide, tall = _span(part, text)
    if part.pending and _CELL.search(_EMPTY_CELL.sub(b"", _FRAGMENT.sub(b"", text))):
        tall = max(tall, part.pending)  # the cells of the row that the last piece began may have no reference
    if _cells_of(wide, tall) > MAX_CELLS:
        wide, tall = _stored_span(part, text)
    part.wide, part.tall = wide, tall
    cells = _cells_of(wide, tall)
    if cells > MAX_CELLS:
        raise InputError(
            archives.bomb(source, Text(en=f"{grouped(cells, 'en')} cells", ru=f"{grouped(cells, 'ru')} ячеек"))
        )
    if b"<f" in text or b":f" in text:
        part.uncomputed |= {(_row(row), _column(column)) for column, row in _UNCOMPUTED.findall(text)}
        _see_values(part, text)


def _see_values(part: SheetSeen, text: bytes) -> None:
    """Whether the values of the formulas are all 0: what writes formulas and computes nothing may write that."""
    if part.computed:
        return
    for column, row, value in _COMPUTED.findall(text):
        if value.strip(b"-0. "):
            part.computed = True
            part.zeros.clear()
            return
        part.zeros.add((_row(row), _column(column)))


def _span(part: SheetSeen, text: bytes) -> tuple[int, int]:
    """Columns and rows that a piece of a sheet spans, with all before it."""
    letters = set(_REFERENCE.findall(text))
    wide = max([part.wide, _LETTERS, *map(_column, letters)])
    tall = max([part.tall, *map(_row, _ROW.findall(text))])
    if letters:  # a far column may stand in a far row that no <row> admits to
        tall = max([tall, *(_row(r) for _, r in _FAR.findall(text))])
    return wide, tall


def _stored_span(part: SheetSeen, text: bytes) -> tuple[int, int]:
    """The same of what holds a value. Tags that a piece cuts stand whole in the next; a row that it cuts is pending."""
    filled = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", _FRAGMENT.sub(b"", text)))
    if opened := _OPEN_ROW.search(filled):
        part.pending = max([part.pending, *map(_row, _ROW.findall(opened[0]))])
        filled = filled[: opened.start()]
    return _span(part, filled)


def _cells_of(wide: int, tall: int) -> int:
    return (wide if wide > _LETTERS else 1) * tall


def _row(digits: bytes) -> int:
    return int(digits[:12])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - 64
    return number
