"""The sheets a migration workbook computes from: lines of both sides, money of single months, waves, rates."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from costlab.exports.migrations._words import category, word
from costlab.exports.workbook import Column, Formula, Looked, Looks, Value, put, table
from costlab.i18n.words import visible
from costlab.migration.budget import Budget, kopecks
from costlab.migration.cashflow import Flow
from costlab.migration.plan import CATEGORIES, month_name
from costlab.model.numbers import Language

FOREVER = 9999
"""A last month that never comes."""
_LINES = 6
"""First column of the lines on the sheet of running costs: the categories stand before it."""
_WAVES = 7


@dataclass
class Book:
    """A workbook in the making and where its inputs stand (as formulas name them)."""

    budget: Budget
    language: Language
    looks: Looks
    sheets: dict[str, Any]
    cells: dict[str, str] = field(default_factory=dict)

    def word(self, key: str) -> str:
        """A word in the workbook's language."""
        return word(key, self.language)

    def there(self, sheet: str) -> str:
        """The prefix of a reference to another sheet."""
        return f"'{self.word(sheet)}'!"


def assumptions(book: Book) -> None:
    """Rates and waves; blue cells are inputs."""
    sheet, looks, budget = book.sheets["assumptions"], book.looks, book.budget
    heads = [("name", "text", 44), ("value", "input", 16), ("unit", "text", 12), ("state", "text", 36),
             ("note", "text", 50), ("key", "text", 30)]  # fmt: skip
    rows: list[list[Value | Looked]] = []
    for n, item in enumerate(budget.assumed, 2):
        value: Value | Looked = item.value
        if item.value.replace(".", "").replace("-", "").isdigit():
            value = Decimal(item.value)
        else:
            value = Looked(item.value, "text")
        given = book.word("given" if item.given else "default")
        note = item.hint[book.language] if item.hint else ""
        rows.append([item.title[book.language], value, item.unit, given, visible(note), item.key])
        book.cells[item.key] = f"{book.there('assumptions')}$B${n}"
    table(sheet, looks, [Column(book.word(k), look, width) for k, look, width in heads], rows)
    keys = ("wave", "share", "target_starts", "source_until", "ramp")
    for column, key in enumerate(keys, _WAVES):
        put(sheet, 0, column, book.word(key), looks.formats["head"])
        sheet.set_column(column, column, 16)
    for row, wave in enumerate(budget.plan.waves, 1):
        values: list[Value] = [wave.name or str(row), wave.share, wave.target_starts, wave.source_paid_until, wave.ramp]
        for column, value_ in enumerate(values, _WAVES):
            put(sheet, row, column, value_, looks.formats["text" if column == _WAVES else "input"])
    last = len(budget.plan.waves) + 1
    for letter, key in zip("IJKL", keys[1:], strict=True):
        book.cells[key] = f"{book.there('assumptions')}${letter}$2:${letter}${last}"


def run_rate(book: Book) -> None:
    """Categories of both sides, summed by formulas over the lines beside them."""
    sheet, looks, budget = book.sheets["run_rate"], book.looks, book.budget
    source, target = budget.inputs.source, budget.inputs.target
    sides = ((book.word("today"), source, "finance.indexation.source"),
             (book.word("after"), target, "finance.indexation.target"))  # fmt: skip
    heads = ("side", "category", "name", "amount", "first", "last", "bound", "stays", "growth", "indexation")
    for column, key in enumerate(heads, _LINES):
        put(sheet, 0, column, book.word(key), looks.formats["head"])
        sheet.set_column(column, column, 30 if key in ("name", "category") else 16)
    row = 1
    for side, flows, index in sides:
        first = row + 1
        for flow in flows:
            _line(book, row, side, flow, index)
            row += 1
        name = "source" if side == sides[0][0] else "target"
        for letter, key in zip("JKLMNOP", heads[3:], strict=True):
            # A side without lines has a range too: an empty row below.
            book.cells[f"{name}.{key}"] = f"{book.there('run_rate')}${letter}${first}:${letter}${max(first, row)}"
    _categories(book, row)


def _line(book: Book, row: int, side: str, flow: Flow, index: str) -> None:
    looks, sheet = book.looks.formats, book.sheets["run_rate"]
    given = flow.indexation is not None
    rise = book.budget.inputs.index_source if "source" in index else book.budget.inputs.index_target
    cells: list[tuple[Value, str]] = [
        (side, "text"),
        (category(flow.category, book.language), "text"),
        (flow.name, "text"),
        (flow.amount, "input"),
        (flow.starts, "input"),
        (flow.ends or FOREVER, "input"),
        (flow.bound, "input"),
        (int(flow.stays), "input"),
        (Formula(f"={book.cells['finance.growth']}", book.budget.inputs.growth) if flow.grows else 0, "share_exact"),
        (flow.indexation if given else Formula(f"={book.cells[index]}", rise), "share_exact"),
    ]
    for column, (value, look) in enumerate(cells, _LINES):
        put(sheet, row, column, value, looks[look])


def _categories(book: Book, last: int) -> None:
    sheet, looks, budget = book.sheets["run_rate"], book.looks, book.budget
    for column, (key, width) in enumerate(
        (("category", 36), ("today", 20), ("after", 20), ("change", 20), ("state", 30))
    ):
        put(sheet, 0, column, book.word(key), looks.formats["head"])
        sheet.set_column(column, column, width)
    there = f"$J$2:$J${last},$H$2:$H${last}"
    today, after = book.word("today"), book.word("after")
    for n, item in enumerate(budget.run_rate, 1):
        own = f"{there},$A{n + 1},$G$2:$G${last}"
        put(sheet, n, 0, category(item.category, book.language), looks.formats["text"])
        put(sheet, n, 1, Formula(f'=ROUND(SUMIFS({own},"{today}"),2)', item.today), looks.formats["money"])
        both = f'=ROUND(SUMIFS({own},"{after}")+SUMIFS({own},"{today}",$N$2:$N${last},1),2)'
        put(sheet, n, 2, Formula(both, item.after), looks.formats["money"])
        put(sheet, n, 3, Formula(f"=C{n + 1}-B{n + 1}", item.after - item.today), looks.formats["money"])
        put(sheet, n, 4, book.word(item.state), looks.formats["warn" if item.state == "missing" else "text"])
    end = len(CATEGORIES) + 1
    put(sheet, end, 0, book.word("total"), looks.formats["sum_text"])
    sums = [sum((getattr(r, side) for r in budget.run_rate), Decimal(0)) for side in ("today", "after")]
    for column, value in enumerate([*sums, sums[1] - sums[0]], 1):
        letter = "ABCD"[column]
        put(sheet, end, column, Formula(f"=ROUND(SUM({letter}2:{letter}{end}),2)", value), looks.formats["sum"])
    for letter, side in (("B", "today"), ("C", "after")):
        book.cells[side] = f"{book.there('run_rate')}${letter}${end + 1}"
    sheet.freeze_panes(1, 1)


def singles(book: Book) -> None:
    """Money of single months: one-offs, credits, refresh, tails, resale."""
    budget, inputs = book.budget, book.budget.inputs
    kinds = (("one_off", inputs.one_offs), ("credit", inputs.credits), ("refresh", inputs.refresh),
             ("tail", inputs.tails), ("resale", inputs.resale))  # fmt: skip
    rows: list[list[Value | Looked]] = [
        [Looked(s.month, "input"), month_name(budget.plan, s.month), book.word(kind),
         category(s.category or "other", book.language), visible(s.name), visible(s.owner),
         Looked(kopecks(s.amount), "input")]
        for kind, found in kinds
        for s in found
    ]  # fmt: skip
    heads = (("month", "index", 9), ("month", "text", 12), ("kind", "text", 20), ("category", "text", 34),
             ("name", "text", 44), ("owner", "text", 24), ("amount", "money", 20))  # fmt: skip
    columns = [Column(book.word(k), look, width) for k, look, width in heads]
    count = max(table(book.sheets["one_off"], book.looks, columns, rows), 1) + 1
    for letter, key in (("A", "once.month"), ("C", "once.kind"), ("G", "once.amount")):
        book.cells[key] = f"{book.there('one_off')}${letter}$2:${letter}${count}"
