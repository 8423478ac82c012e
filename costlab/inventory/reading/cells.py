"""Tables of machines as rows by field: headers are found by their words in any order, numbers by their text and unit.

A size is in its own unit, else in the header's, else in the reader's. Sizes in binary steps are what the price list
calls GB: 8,192 MB (or MiB) are 8 GB, 1 TB is 1,024 GB.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from costlab.inventory.reading.sample import UNCOMPUTED, Sample

SEARCH = 40
"""Rows among which a header is looked for."""
LONGEST = 30
_SIX = Decimal("0.000001")
_STEP = Decimal(1024)
_UNITS: dict[str, Decimal] = {
    "b": 1 / _STEP**3, "byte": 1 / _STEP**3, "bytes": 1 / _STEP**3, "байт": 1 / _STEP**3,
    "k": 1 / _STEP**2, "kb": 1 / _STEP**2, "kib": 1 / _STEP**2, "кб": 1 / _STEP**2, "киб": 1 / _STEP**2,
    "m": 1 / _STEP, "mb": 1 / _STEP, "mib": 1 / _STEP, "мб": 1 / _STEP, "миб": 1 / _STEP, "мбайт": 1 / _STEP,
    "g": Decimal(1), "gb": Decimal(1), "gib": Decimal(1), "гб": Decimal(1), "гиб": Decimal(1), "г": Decimal(1),
    "гбайт": Decimal(1), "gbyte": Decimal(1), "gbytes": Decimal(1), "go": Decimal(1), "mo": 1 / _STEP, "to": _STEP,
    "t": _STEP, "tb": _STEP, "tib": _STEP, "тб": _STEP, "тиб": _STEP, "т": _STEP, "тбайт": _STEP,
}  # fmt: skip
"""Unit -> GB."""
WHOLE_UNITS = (
    "b",
    "byte",
    "bytes",
    "байт",
    "k",
    "kb",
    "kib",
    "кб",
    "киб",
    "m",
    "mb",
    "mib",
    "мб",
    "миб",
    "мбайт",
    "mo",
)
"""Units so small that nobody writes parts of them: a point before three digits groups them."""
_NUMBER = re.compile(
    r"([-+]?[0-9]+(?:\.[0-9]+)?)(?:шт|штук[аи]?|ядер|ядр[ао]|cores?|v?cpus?|pcs|iops|mhz|мгц|ip|дн(?:ей|я|ь)?|days?"
    r"|руб(?:лей)?|₽|р|\$|€|usd|eur|rub)?\.?"
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,'])[0-9]{3})(?:\1[0-9]{3})*")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']")
_SPACED = re.compile(r"[0-9]+(?:[\s\u00a0\u2007\u2009\u202f']+[0-9]+)+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[\s\u00a0\u2007\u2009\u202f'][0-9]{3})+")
_DOUBTFUL = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})([.,])([0-9]{3})(?![0-9.,])(\s*[A-Za-zА-Яа-я]*)")
_PARTS_OF_ONE = re.compile(r"(?<![0-9.,])[0-9]+([.,])(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}(?: .*)?")
_KIND = re.compile(r"\b(?:hdd|ssd|nvme|sas|sata|thin|thick|диск|disk|hard disk|[a-z](?=:))\b\s*[:№#]?", re.IGNORECASE)
"""Words beside a size that say what it is of."""
_SIZE = re.compile(r"(?:([0-9]{1,4})\s*[xх×*]\s*)?([0-9][0-9 \u00a0\u2009\u202f.,']*)\s*([A-Za-zА-Яа-я]*)\.?")
_HEADER_UNIT = re.compile(r"\b([kmgt]i?b|bytes?|[кмгт]и?б|байт|[mg]o)\b")
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
    match = _HEADER_UNIT.search(normal(header))
    return match[1] if match else ""


def number(text: str) -> Decimal | None:
    """A number as people write it: `1 024`, `12,5`, `1,234.5`, `16 шт`; None when the cell is anything else.

    The whole cell is the number: of `4 (8 threads)`, a date or `2.4 GHz` nothing is taken.
    """
    plain = _SPACES.sub("", text).rstrip("%")
    if (spaced := _SPACED.match(text.strip())) and not _THOUSANDS.fullmatch(spaced[0]):
        return None  # two numbers: only groups of three are parted by spaces
    if "," in plain and "." in plain:
        plain = plain.replace("." if plain.rfind(",") > plain.rfind(".") else ",", "")
    elif plain.count(",") > 1 or re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", plain):
        plain = plain.replace(",", "")  # 1,024 and 131,072: machines have no thousandths
    plain = plain.replace(",", ".")
    digits = _NUMBER.fullmatch(plain.casefold())
    if not digits or len(digits[1]) > LONGEST or digits[1].startswith("-"):
        return None
    return Decimal(digits[1])


def unread(text: str) -> tuple[str, str]:
    """Why a cell is no number, in English and Russian.

    >>> unread("2026-05-01")[0]
    'a date where a number belongs: “2026-05-01”'
    """
    said = text.strip()
    if said == UNCOMPUTED:
        return (
            "a formula without a value: open the workbook and save it",
            "формула без значения: откройте и сохраните книгу",
        )
    if _DATE.fullmatch(said):
        return f"a date where a number belongs: “{said}”", f"дата на месте числа: «{said}»"
    if _DOUBTFUL.fullmatch(said):
        en, ru = "a thousand or parts of one? write it without the mark", "тысячи или доли? напишите без знака"
        return f"“{said}”: {en}", f"«{said}»: {ru}"
    return f"“{said}” is no number", f"«{said}» — не число"


def whole(text: str) -> int | None:
    """A whole number of things, None when there is none."""
    value = number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def gb(text: str, unit: str = "gb") -> Decimal | None:
    """A size in GB by its own unit, else by `unit`; None when there is none."""
    listed = sizes(text, unit)
    return sum(listed, Decimal(0)) if listed else None


def sizes(text: str, unit: str = "gb") -> list[Decimal]:
    """The sizes of a cell such as `16 Гб`, `100+500`, `2x100 GB`, `1,5 ТБ; 200`; empty when one of them is none."""
    listed: list[Decimal] = []
    if _DATE.fullmatch(text.strip()):
        return []
    own = [m[3].casefold() for m in _SIZE.finditer(text) if m[3].casefold() in _UNITS]
    fallback = own[-1] if own and "+" in text else unit  # in 100+500 ГБ the unit is said once
    for part in parts(text):
        match = _SIZE.fullmatch(_KIND.sub("|", part).strip(" ()|"))  # a word between two numbers parts them
        if match is None:
            return []
        named = match[3].casefold() or fallback
        value = grouped_number(match[2].strip()) if named in WHOLE_UNITS else number(match[2])
        if value is None or named not in _UNITS:
            return []
        listed += [to_gb(value, _UNITS[named])] * int(match[1] or 1)
        if len(listed) > LONGEST * 10:
            return []
    return listed


def decimal_mark(cells: Iterable[str]) -> str:
    """The mark before parts of one that the sizes of a table show (`99,5`), "" where they show none or both."""
    marks = {m[1] for c in cells if not _DATE.fullmatch(c.strip()) for m in _PARTS_OF_ONE.finditer(c)}
    return marks.pop() if len(marks) == 1 else ""


def settled(text: str, unit: str, mark: str) -> str | None:
    """A cell of sizes in which `1,024` and `1.024` are what the rest of the table shows: thousands or parts of one.

    In small units they are thousands anyway. Where the table shows nothing `1,024` GB are thousands; `1.024` GB and
    either of TB could be both: None.

    >>> settled("1.024", "gb", ","), settled("1.024", "gb", ""), settled("1,024", "tb", ",")
    ('1024', None, '1.024')
    """
    for match in _DOUBTFUL.finditer(text):
        named = match[4].strip().casefold() or unit
        if named not in WHOLE_UNITS and not mark and (match[2] == "." or _UNITS.get(named, 0) > 1):
            return None

    def plain(match: re.Match[str]) -> str:
        small = (match[4].strip().casefold() or unit) in WHOLE_UNITS
        return f"{match[1]}{'.' if not small and match[2] == mark else ''}{match[3]}{match[4]}"

    return _DOUBTFUL.sub(plain, text)


def grouped_number(text: str) -> Decimal | None:
    """A number of small units: `8.192` and `8,192` are thousands, for nobody writes thousandths of a megabyte.

    >>> grouped_number("8.192")
    Decimal('8192')
    """
    return Decimal(re.sub(r"[.,']", "", text)) if _GROUPED.fullmatch(text) else number(text)


def to_gb(value: Decimal, factor: Decimal | str) -> Decimal:
    """A value in a unit, in GB of at most six decimals; what is left over is rounded up."""
    size = value * (_UNITS[factor] if isinstance(factor, str) else factor)
    if size == size.to_integral_value():
        return Decimal(int(size))
    return size.quantize(_SIX, ROUND_UP).normalize()


def parts(text: str) -> list[str]:
    """The sizes of a cell of several, each as text: `50 ГБ SSD + 1 ТБ HDD`."""
    split = re.split(r"[+;/\n]|,(?=\s)", text)
    return [p for p in split if p.strip()]
