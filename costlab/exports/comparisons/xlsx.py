"""The workbook of a comparison: figures with a waterfall, causes, lines, problems.

Each difference, each sum by cause and every total is a formula over the lines, with our value cached beside it; the
check column shows that the causes of a line add up to its difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from costlab import errors
from costlab.compare.result import CAUSE_TITLES, CAUSES, VERDICT_TITLES, VERDICTS, Comparison, Rest
from costlab.errors import InputError, counted
from costlab.exports.comparisons._figures import compact, decimals, key_columns, total
from costlab.exports.comparisons._words import item, price_words, verdict_title, why, word
from costlab.exports.comparisons._xlsx_summary import Places, summary
from costlab.exports.workbook import ROWS, Column, Formula, Looked, Looks, Value, for_print, put, table
from costlab.i18n.words import number, unit
from costlab.i18n.words import word as common
from costlab.model.numbers import ZERO, Language, Problem

SUFFIX = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_LINES = 20_000
"""With more lines than this the sheet has those that differ, and the rest as one row."""
_SHEETS = ("summary", "causes", "lines", "problems")
_WIDE = {"why": 60, "item": 34, "dimensions": 30, "sku_id": 30, "resource_id": 26, "project": 18}
_AFTER = ("quantity_before", "quantity_after", "unit", "price_before", "price_after")
_DIGITS = 13
"""Digits of a sum that a cell keeps exactly after many binary additions."""


def render(comparison: Comparison, language: Language) -> bytes:
    """The comparison as an .xlsx file's bytes. Raises `InputError` when more lines differ than a sheet has rows."""
    lines, rest = compact(comparison, _SHEET_LINES)
    if lines.num_rows > ROWS - 3:
        limit = counted("limit", ROWS - 3, "lines", "строк")
        raise InputError(Problem(code="too_large", source=comparison.name, args=limit))
    target = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }
    with xlsxwriter.Workbook(target, options) as writer:
        sheets = {key: writer.add_worksheet(word(key, language)) for key in _SHEETS}
        looks = Looks(writer, comparison.currency, language)
        places = _lines(_Sheet(comparison, language, looks, sheets["lines"], lines, rest))
        amounts = _causes(comparison, language, looks, sheets["causes"], places)
        summary(comparison, language, looks, sheets["summary"], places, amounts)
        _problems(comparison, language, looks, sheets["problems"])
        for sheet in sheets.values():
            for_print(sheet, looks, comparison.name)
    return target.getvalue()


@dataclass
class _Sheet:
    """The sheet of lines in the making."""

    comparison: Comparison
    language: Language
    looks: Looks
    sheet: Any
    lines: pa.Table
    rest: Rest | None

    def columns(self) -> dict[str, Column]:
        """Its columns by name. What is empty throughout is there, but not shown."""
        money = "raw" if decimals(self.comparison) > 2 else "money"  # noqa: PLR2004 (kopecks)
        names: dict[str, tuple[str, float]] = {"number": ("index", 7)}
        keys = key_columns(self.lines)
        for key in keys:
            names[key] = ("date" if key == "day" else "text", _WIDE.get(key, 20))
            if key == "service" and "sku_id" in keys:
                names["item"] = ("text", _WIDE["item"])
        names |= {"verdict": ("text", 22), "why": ("text", _WIDE["why"])}
        names |= dict.fromkeys(("before", "after", "delta", *CAUSES, "check"), (money, 24))
        names |= dict.fromkeys(("line_before", "line_after"), ("index", 9))
        names |= dict.fromkeys(_AFTER, ("after", 24)) | {"unit": ("text", 16)}
        names |= dict.fromkeys(("quantity_before", "quantity_after"), ("whole", 20))
        return {n: Column(self.title(n), look, width, hidden=self._empty(n)) for n, (look, width) in names.items()}

    def title(self, name: str) -> str:
        """What a column is called here: the two sides of a bill are what was expected and what was billed."""
        if name in CAUSES:
            return CAUSE_TITLES[name][self.language]
        if self.comparison.kind == "reconcile":
            what, _, side = name.rpartition("_")
            side = {"before": "expected", "after": "billed"}.get(side, side)
            name = f"{what}_{side}" if what else side
        return word({"delta": "difference"}.get(name, name), self.language)

    def _empty(self, name: str) -> bool:
        if name in CAUSES:
            return not self.comparison.causes[name] and not any(self.lines[name].to_pylist())
        if name not in self.lines.column_names or name in ("before", "after", "delta", "verdict", "resource_id"):
            return False
        return not any(value not in (None, "") for value in self.lines[name].to_pylist())


def _lines(made: _Sheet) -> Places:
    """A row a line; below them the sums."""
    columns = made.columns()
    names = list(columns)
    letters = {name: xl_col_to_name(n) for n, name in enumerate(names)}
    sizes = [abs(made.comparison.before), abs(made.comparison.after)]
    digits = max(2, min(decimals(made.comparison), _DIGITS - len(str(int(max(sizes))))))

    def rows() -> Iterator[list[Value | Looked]]:
        place = 1
        for batch in made.lines.to_batches(max_chunksize=5_000):
            for row in batch.to_pylist():
                place += 1
                yield _row(row, place, names, letters, digits, made)
        if made.rest is not None:
            yield _row(_rest(made.rest, names, made.language), place + 1, names, letters, digits, made)

    count = table(made.sheet, made.looks, list(columns.values()), rows())
    for name in ("quantity_before", "quantity_after"):
        _fractions(made, letters[name], names.index(name), count)
    places = Places(word("lines", made.language), letters, max(count, 1) + 1, digits)
    if count:
        _sums(made, names, places, count)
    made.sheet.freeze_panes(1, names.index("verdict"))
    return places


def _fractions(made: _Sheet, letter: str, column: int, count: int) -> None:
    """Decimals of a quantity only where it has some."""
    if count:
        form = made.looks.book.add_format({"num_format": f"{made.looks.locale}#,##0.0########"})
        rule = {"type": "formula", "criteria": f"=${letter}2<>INT(${letter}2)", "format": form}
        made.sheet.conditional_format(1, column, count, column, rule)


def _row(
    row: Mapping[str, Any], place: int, names: list[str], letters: dict[str, str], digits: int, made: _Sheet
) -> list[Value | Looked]:
    """The cells of a line: its own numbers, the difference as a formula, and the check that the causes make it."""
    language, currency = made.language, made.comparison.currency
    first, last = letters[CAUSES[0]], letters[CAUSES[-1]]
    delta = f"=ROUND({letters['after']}{place}-{letters['before']}{place},{digits})"
    check = f"=ROUND(SUM({first}{place}:{last}{place})-{letters['delta']}{place},{digits})"
    own: dict[str, Value | Looked] = {
        "number": place - 1,
        "verdict": verdict_words(row["verdict"], made.comparison, language),
        "why": row["rest"] if "rest" in row else why(row, language, currency),
        "delta": Formula(delta, row["delta"]),
        "check": Formula(check, ZERO),
    }
    if "item" in names:
        own["item"] = "" if "rest" in row else item(row, language)
    for name in ("price_before", "price_after"):
        own[name] = price_words(row[name], row["unit"] or "", currency, language) or None
    own["unit"] = unit(row["unit"], language) if row["unit"] else None
    return [own[name] if name in own else (row[name] if row[name] != "" else None) for name in names]


def _rest(rest: Rest, names: list[str], language: Language) -> dict[str, Any]:
    """The lines that match, as one row."""
    text = word("rest", language, n=number(Decimal(rest.lines - rest.differing), language))
    if rest.differing:
        text += f"; {word('others', language)}: {number(Decimal(rest.differing), language)}"
    row: dict[str, Any] = dict.fromkeys(names)
    row |= {"before": rest.before, "after": rest.after, "delta": rest.delta, **rest.causes}
    return row | {"verdict": "rest" if rest.differing else "match", "rest": text}


def verdict_words(verdict: str, comparison: Comparison, language: Language) -> str:
    """A verdict as the formulas look it up: without the marks of a change, which SUMIFS would read as a pattern."""
    if verdict == "match":
        return VERDICT_TITLES[verdict][language]
    if verdict == "rest":
        return word("others", language)
    return verdict_title(verdict, comparison, language).lstrip("+~- ")


def _sums(made: _Sheet, names: list[str], places: Places, count: int) -> None:
    values = {"before": made.comparison.before, "after": made.comparison.after, "delta": made.comparison.delta}
    values |= {**made.comparison.causes, "check": ZERO}
    formats = made.looks.formats
    for column, name in enumerate(names):
        if name in values:
            put(made.sheet, count + 1, column, places.sum(name, values[name], here=True), formats["sum"])
        else:
            label = word("total", made.language) if column == 1 else None
            put(made.sheet, count + 1, column, label, formats["sum_text"])
    wrong = made.looks.book.add_format({"bg_color": "#FBDAD7", "font_color": "#8B1A10"})
    rule = {"type": "cell", "criteria": "!=", "value": 0, "format": wrong}
    made.sheet.conditional_format(1, names.index("check"), count + 1, names.index("check"), rule)


def _causes(comparison: Comparison, language: Language, looks: Looks, sheet: Any, places: Places) -> dict[str, str]:
    """Causes in the order they are taken × verdicts; returns the cell of each cause's amount, and of their sum."""
    verdicts = [v for v in VERDICTS if v in comparison.verdicts]
    titles = [verdict_words(v, comparison, language) for v in verdicts]
    money = "raw" if places.digits > 2 else "money"  # noqa: PLR2004 (kopecks)
    columns = [Column(word("cause", language), "text", 34), Column(word("amount", language), money, 24)]
    columns += [Column(title, money, 24) for title in titles]
    split = {v: comparison.lines.filter(pc.equal(comparison.lines["verdict"], v)) for v in verdicts}
    rest = comparison.rest if comparison.rest and comparison.rest.differing else None
    if rest is not None:
        verdicts.append("")
        columns.append(Column(word("others", language), "money" if places.digits == 2 else "raw", 24))  # noqa: PLR2004

    def of(verdict: str, name: str) -> Decimal:
        if verdict or rest is None:
            return total(split[verdict][name])
        return rest.delta if name == "delta" else rest.causes[name]

    last = xl_col_to_name(len(columns) - 1)

    def rows() -> Iterator[list[Value | Looked]]:
        for row, cause in enumerate(CAUSES, 2):
            whole = Formula(f"=ROUND(SUM(C{row}:{last}{row}),{places.digits})", comparison.causes[cause])
            cells: list[Value | Looked] = [CAUSE_TITLES[cause][language], whole if verdicts else ZERO]
            for column, verdict in enumerate(verdicts, 2):
                chosen = f"{places.range('verdict')},{xl_col_to_name(column)}$1"
                formula = f"=ROUND(SUMIFS({places.range(cause)},{chosen}),{places.digits})"
                cells.append(Formula(formula, of(verdict, cause)))
            yield cells

    count = table(sheet, looks, columns, rows())
    put(sheet, count + 1, 0, word("difference", language), looks.formats["sum_text"])
    for column in range(1, len(columns)):
        letter = xl_col_to_name(column)
        value = comparison.delta if column == 1 else of(verdicts[column - 2], "delta")
        formula = Formula(f"=ROUND(SUM({letter}2:{letter}{count + 1}),{places.digits})", value)
        put(sheet, count + 1, column, formula, looks.formats["sum"])
    sheet.freeze_panes(1, 2)
    there = f"'{word('causes', language)}'!"
    cells = {cause: f"{there}$B${row}" for row, cause in enumerate(CAUSES, 2)}
    return cells | {"delta": f"{there}$B${len(CAUSES) + 2}"}


def _problems(comparison: Comparison, language: Language, looks: Looks, sheet: Any) -> None:
    """What is wrong or missing, where, and what to do."""
    widths = {"where": 34, "resource": 26, "what": 60, "remedy": 60}
    columns = [Column(common(key, language), "text", width) for key, width in widths.items()]
    rows: list[list[Value | Looked]] = [
        [
            f"{p.source}:{p.line}" if p.line else p.source,
            p.subject,
            errors.message(p, language),
            errors.remedy(p, language),
        ]
        for p in [*(pattern.finding for pattern in comparison.patterns), *comparison.problems][: ROWS - 2]
    ]
    table(sheet, looks, columns, rows or [[common("none", language)]])
