"""Tables of machines as rows by field: headers are found by their words in any order, numbers by their text and unit.

A size is in its own unit, else in the header's, else in the reader's. Sizes in binary steps are what the price list
calls GB: 8,192 MB (or MiB) are 8 GB, 1 TB is 1,024 GB.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from costlab.inventory.reading.sample import Sample

SEARCH = 40
"""Rows among which a header is looked for."""
LONGEST = 30
_SIX = Decimal("0.000001")
_STEP = Decimal(1024)
_UNITS: dict[str, Decimal] = {
    "b": 1 / _STEP**3, "byte": 1 / _STEP**3, "bytes": 1 / _STEP**3, "байт": 1 / _STEP**3,
    "k": 1 / _STEP**2, "kb": 1 / _STEP**2, "kib": 1 / _STEP**2, "кб": 1 / _STEP**2, "киб": 1 / _STEP**2,
    "m": 1 / _STEP, "mb": 1 / _STEP, "mib": 1 / _STEP, "мб": 1 / _STEP, "миб": 1 / _STEP,
    "g": Decimal(1), "gb": Decimal(1), "gib": Decimal(1), "гб": Decimal(1), "гиб": Decimal(1), "г": Decimal(1),
    "t": _STEP, "tb": _STEP, "tib": _STEP, "тб": _STEP, "тиб": _STEP, "т": _STEP,
}  # fmt: skip
"""Unit -> GB."""
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']")
_SIZE = re.compile(r"(?:([0-9]{1,4})\s*[xх×*]\s*)?([0-9][0-9 \u00a0\u2009\u202f.,']*)\s*([A-Za-zА-Яа-я]*)\.?")
_HEADER_UNIT = re.compile(r"\b([kmgt]i?b|bytes?|[кмгт]и?б|байт)\b")
_MARKS = re.compile(r"[^\w%#№+]+")


@dataclass(frozen=True)
class Row:
    """A row of a table by field; a field the table lacks is ""."""

    line: int
    origin: str
    cells: Mapping[str, str]
    raw: tuple[str, ...] = ()
    """Every cell, also of columns no field is known for."""

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")


@dataclass(frozen=True)
class Table:
    """Where the header stands, the fields it has, and the rows below it."""

    sheet: str
    line: int
    columns: Mapping[str, int]
    units: Mapping[str, str]
    """Unit that the header of a field names."""
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def gb(self, row: Row, field: str, default: str = "gb") -> Decimal | None:
        """A size of a row in GB: by the unit of the cell, else of the header, else `default`."""
        return gb(row[field], self.units.get(field, default))


def normal(text: str) -> str:
    """A header as it is compared: letters and digits of any case, single spaces."""
    return _MARKS.sub(" ", text.casefold().replace("ё", "е").replace("_", " ")).strip()


def fields_of(cells: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Field -> column. A header matches as it is, or without the unit it names; the first spelling known wins."""
    names = [normal(c) for c in cells]
    bare = [_MARKS.sub(" ", _HEADER_UNIT.sub(" ", n)).strip() for n in names]
    found: dict[str, int] = {}
    for field, spellings in known.items():
        for spelling in spellings:
            column = next((i for i, n in enumerate(names) if n == spelling and i not in found.values()), None)
            if column is None:
                column = next((i for i, n in enumerate(bare) if n == spelling and i not in found.values()), None)
            if column is not None:
                found[field] = column
                break
    return found


def find_table(
    sample: Sample, sheet: str, known: Mapping[str, Sequence[str]], need: Sequence[str], *, depth: int = SEARCH
) -> Table | None:
    """The table of a sheet (of a CSV: sheet ""), None where no row among the first names all that is needed."""
    rows = sample.rows(sheet)
    best: tuple[int, int, dict[str, int]] | None = None
    for index, (_, cells) in enumerate(rows[:depth]):
        found = fields_of(cells, known)
        if all(n in found for n in need) and (best is None or len(found) > best[0]):
            best = (len(found), index, found)
    if best is None:
        return None
    _, index, columns = best
    line, header = rows[index]
    units = {f: u for f, c in columns.items() if (u := unit_of(header[c]))}
    mark = f"!{sheet}" if sheet else ""
    below = tuple(
        Row(
            n,
            f"{sample.source}{mark}:{n}",
            {f: cells[c].strip() if c < len(cells) else "" for f, c in columns.items()},
            tuple(cells),
        )
        for n, cells in rows[index + 1 :]
    )
    return Table(sheet, line, columns, units, tuple(header), below)


def unit_of(header: str) -> str:
    """The unit a header names, "" when it names none."""
    found = _HEADER_UNIT.search(normal(header))
    return found[1] if found else ""


def number(text: str) -> Decimal | None:
    """A number as people write it: `1 024`, `12,5`, `1,234.5`, `16 шт`; None when there is none, or it is negative."""
    plain = _SPACES.sub("", text).rstrip("%")
    if "," in plain and "." in plain:
        plain = plain.replace("." if plain.rfind(",") > plain.rfind(".") else ",", "")
    elif plain.count(",") > 1 or re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", plain):
        plain = plain.replace(",", "")  # 1,024 and 131,072: machines have no thousandths
    plain = plain.replace(",", ".")
    found = _NUMBER.match(plain)
    if not found or len(found[0]) > LONGEST or found[0].startswith("-"):
        return None
    return Decimal(found[0])


def whole(text: str) -> int | None:
    """A whole number of things, None when there is none."""
    found = number(text)
    return int(found) if found is not None and found == found.to_integral_value() else None


def gb(text: str, unit: str = "gb") -> Decimal | None:
    """A size in GB by its own unit, else by `unit`; None when there is none."""
    found = sizes(text, unit)
    return sum(found, Decimal(0)) if found else None


def sizes(text: str, unit: str = "gb") -> list[Decimal]:
    """The sizes of a cell such as `16 Гб`, `100+500`, `2x100 GB`, `1,5 ТБ; 200`; empty when one of them is none."""
    found: list[Decimal] = []
    own = [m[3].casefold() for m in _SIZE.finditer(text) if m[3].casefold() in _UNITS]
    fallback = own[-1] if own and "+" in text else unit  # in 100+500 ГБ the unit is said once
    for part in _parts(text):
        match = _SIZE.search(part)
        value = number(match[2]) if match else None
        if match is None or value is None:
            return []
        named = match[3].casefold()
        factor = _UNITS[named] if named in _UNITS else _UNITS[fallback]
        found += [to_gb(value, factor)] * int(match[1] or 1)
        if len(found) > LONGEST * 10:
            return []
    return found


def to_gb(value: Decimal, factor: Decimal | str) -> Decimal:
    """A value in a unit, in GB of at most six decimals; what is left over is rounded up."""
    size = value * (_UNITS[factor] if isinstance(factor, str) else factor)
    if size == size.to_integral_value():
        return Decimal(int(size))
    return size.quantize(_SIX, ROUND_UP).normalize()


def _parts(text: str) -> Iterator[str]:
    split = re.split(r"[+;/\n]|,(?=\s)", text)
    return (p for p in split if p.strip())
