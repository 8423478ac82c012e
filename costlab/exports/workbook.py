"""How the sheets of a workbook look: formats, tables with their filters and widths, print set-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from costlab import services
from costlab.exports.estimates import VatView
from costlab.i18n.words import sign, word
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate

ROWS = 1_048_576
"""Rows of a worksheet."""
_INK, _MUTED, _HEAD, _GIVEN = "#1B2A3A", "#5A6B7B", "#23476B", "#1F4FB0"
_A4 = 9
_HEAD_PIXELS, _LINE_PIXELS, _MOST_LINES = 34, 17, 20
_LONGEST_TEXT = 32_767


class Formula(NamedTuple):
    """A formula with the engine's value beside it, which previews and mail clients show."""

    formula: str
    value: Decimal


Value = Decimal | int | str | date | Formula | None


class Looked(NamedTuple):
    """A cell that looks unlike its column."""

    value: Value
    look: str


class Column(NamedTuple):
    """One column of a table."""

    title: str
    look: str
    """Key of `Looks.formats`."""
    widest: float
    """In characters; longer text wraps."""
    hidden: bool = False
    total: bool = False
    """Whether the last row sums it."""


class Looks:
    """The formats of one workbook, each made once; no cell gets a format of its own."""

    def __init__(self, book: Any, currency: str, language: Language) -> None:
        self.book, self.language = book, language
        self.formats: dict[str, Any] = {}
        self.sign = f'\\ "{sign(currency)}"'
        # Excel groups digits as its user has chosen; LibreOffice asks the format: `1 234,56` in a Russian one.
        self.locale = "[$-419]" if language == "ru" else ""
        percent = "\\ %" if language == "ru" else "%"
        money = {"num_format": f"#,##0.00{self.sign}", "align": "right"}
        left = {**money, "align": "left"}
        self._add("text", text_wrap=True)
        self._add("index", num_format="0", align="center", font_color=_MUTED)
        self._add("after", align="left", indent=1)
        self._add("money", **money)
        self._add("raw", num_format=f"#,##0.00########{self.sign}", align="right")
        self._add("constant", **money, bg_color="#FFE7C2")
        self._add("whole", num_format="#,##0", align="right")
        self._add("quantity", num_format="#,##0", align="right", font_color=_GIVEN)
        self._add("rate", num_format=f"0{percent}", align="right")
        self._add("rate_exact", num_format=f"0.0#{percent}", align="right")
        self._add("share", num_format=f"0.0{percent}", align="right")
        self._add("date", num_format="dd.mm.yyyy" if language == "ru" else "yyyy-mm-dd", align="left")
        self._add("warn", text_wrap=True, align="left", indent=1, bold=True, font_color="#A3180E")
        head = {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": _HEAD,
            "text_wrap": True,
            "valign": "vcenter",
        }
        self._add("head", **head)
        self._add("head_right", **head, align="right")
        self._add("head_after", **head, align="left", indent=1)
        self._add("sum", **money, bold=True, top=1)
        self._add("sum_text", bold=True, top=1)
        self._add("title", bold=True, font_size=16, valign="vcenter")
        self._add("label", font_color=_MUTED)
        self._add("fact", align="left")
        self._add("big", **left, bold=True, font_size=14)
        self._add("big_label", font_color=_MUTED, valign="vcenter")
        self._add("amount", **left)
        self._add("fixed", **left, bg_color="#FFE7C2")
        self._add("note", italic=True, font_color=_MUTED)
        self._add("complete", bold=True, font_color="#14532D", bg_color="#DDF3E2", valign="vcenter", indent=1)
        self._add("incomplete", bold=True, font_color="#8B1A10", bg_color="#FBDAD7", valign="vcenter", indent=1)
        self._fraction = book.add_format({"num_format": f"{self.locale}#,##0.0########"})

    def _add(self, name: str, **properties: Any) -> None:
        usual = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top"}
        code = properties.get("num_format", "")
        if code.startswith(("0", "#")):
            properties["num_format"] = self.locale + code
        self.formats[name] = self.book.add_format({**usual, **properties})

    def price(self, value: Decimal, *, given: bool = False) -> str:
        """The look of a price: every decimal that was published, and more when someone types more."""
        exponent = value.as_tuple().exponent
        decimals = max(2, -exponent if isinstance(exponent, int) else 2)
        name = f"price {decimals} {given}"
        if name not in self.formats:
            code = f"#,##0.{'0' * decimals}{'#' * 6}{self.sign}"
            self._add(name, num_format=code, align="right", font_color=_GIVEN if given else _INK)
        return name

    def fractions(self, sheet: Any, column: int, rows: int) -> None:
        """Show the decimals of a quantity only where it has some: a format alone would leave a bare decimal sign."""
        if rows:
            name = _letter(column)
            rule = {"type": "formula", "criteria": f"=${name}2<>INT(${name}2)", "format": self._fraction}
            sheet.conditional_format(1, column, rows, column, rule)


@dataclass
class Book:
    """A workbook in the making, and what its sheets must know of each other."""

    estimate: Estimate
    language: Language
    vat: VatView
    looks: Looks
    sheets: dict[str, Any]
    prices: dict[Any, int] = field(default_factory=dict)
    """Row (from 1) of the first tier of each price on the sheet of prices."""
    titles: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    resources: int = 0
    constants: bool = False
    """Whether an amount is the engine's value instead of a formula."""

    def word(self, key: str) -> str:
        """A word in the workbook's language."""
        return word(key, self.language)

    def service(self, name: str) -> str:
        """The title of a service; the row of what rounding the total leaves has none."""
        if name not in self.titles:
            self.titles[name] = services.load(name).TITLE[self.language] if name else self.word("rounding")
        return self.titles[name]

    def there(self, sheet: str) -> str:
        """The prefix of a reference to another sheet."""
        return f"'{self.word(sheet)}'!"


def put(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    """Write one cell. The writer prints a Decimal's own digits, up to sixteen; a text stays a text."""
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.formula, look, value.value)
    elif isinstance(value, str):
        sheet.write_string(row, column, _text(value), look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value.replace(tzinfo=None) if isinstance(value, datetime) else value, look)
    elif value is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_number(row, column, value, look)


def _text(value: str) -> str:
    """A text as a cell can hold it: in length, in code points, and not taken for the writer's own rich text."""
    safe = value.encode("utf-8", "replace").decode()[:_LONGEST_TEXT]
    return f"{safe[:-1]} " if safe.startswith("<r>") and safe.endswith("</r>") else safe


def table(sheet: Any, looks: Looks, columns: Sequence[Column], rows: Iterable[Sequence[Value | Looked]]) -> int:
    """Write a table from the sheet's first row on, with filter, widths and frozen, repeated headers.

    Returns the number of its rows, headers not counted.
    """
    formats = looks.formats
    usual = [formats[c.look] for c in columns]
    widths = [_header_width(c.title) for c in columns]
    count = 0
    lines: dict[int, int] = {}
    for row in rows:
        count += 1
        for index, cell in enumerate(row):
            if cell is None:
                continue
            value, look = (cell.value, formats[cell.look]) if isinstance(cell, Looked) else (cell, usual[index])
            put(sheet, count, index, value, look)
            width = _width(value)
            widths[index] = max(widths[index], width)
            if width > columns[index].widest and isinstance(value, str):
                lines[count] = max(lines.get(count, 1), ceil(width / columns[index].widest - 0.1))
    for index, column in enumerate(columns):
        look = formats[column.look]
        right = look.text_h_align == 3  # noqa: PLR2004 (the writer's number for «right»)
        head = "head_right" if right else "head_after" if look.indent else "head"
        put(sheet, 0, index, column.title, formats[head])
        sheet.set_column(index, index, min(widths[index], column.widest), None, {"hidden": column.hidden})
    # A row is as high as its wrapped texts: not every program finds that out by itself.
    for row_number, wrapped in lines.items():
        sheet.set_row_pixels(row_number, min(wrapped, _MOST_LINES) * _LINE_PIXELS + 3)
    sheet.set_row_pixels(0, _HEAD_PIXELS)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    return count


def totals(sheet: Any, looks: Looks, columns: Sequence[Column], rows: int, engine: Sequence[Decimal]) -> None:
    """Below a table, outside its filter: the sums of its `total` columns, with the engine's values in their order."""
    values = iter(engine)
    for index, column in enumerate(columns if rows else ()):  # below nothing a sum would be its own term
        if column.total:
            put(sheet, rows + 1, index, total_of(_letter(index), rows, next(values)), looks.formats["sum"])
        else:
            label = word("total", looks.language) if index == 1 else None
            put(sheet, rows + 1, index, label, looks.formats["sum_text"])


def total_of(letter: str, rows: int, value: Decimal, sheet: str = "") -> Formula:
    """The sum of a column of whole kopecks: rounding removes what binary addition leaves behind them."""
    return Formula(f"=ROUND(SUM({sheet}{letter}2:{letter}{max(rows, 1) + 1}),2)", value)


def for_print(sheet: Any, looks: Looks, name: str) -> None:
    """Landscape A4, as wide as the page, with the estimate's name and page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    page = word("page", looks.language)
    label = name.replace("&", "&&")[:100]
    sheet.set_footer(f"&L&8{' ' if label[:1].isdigit() else ''}{label}&C&8&A&R&8{page} &P / &N")


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _header_width(title: str) -> float:
    """Room for the longest word and the filter's button."""
    return max(len(part) for part in title.split()) + 3.5


def _width(value: Value) -> float:
    """Characters a cell wants; an amount gets some more, for its sign and for someone who edits it."""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, str):
        return len(value) + 2
    if isinstance(value, date):
        return 11.5
    return len(f"{value:,.10f}".rstrip("0")) + 4 if isinstance(value, Decimal) else len(str(value)) + 3
