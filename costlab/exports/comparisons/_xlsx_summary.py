"""The first sheet of a comparison's workbook: the figures, the causes that moved money, and their waterfall."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from costlab.compare.result import CAUSE_TITLES, CAUSES, Comparison
from costlab.exports.comparisons._figures import explained
from costlab.exports.comparisons._words import side_titles, side_words, units_read, word
from costlab.exports.workbook import Formula, Looks, Value, put
from costlab.i18n.words import number
from costlab.model.numbers import ZERO, Language

_FACTS, _CHART_ROWS, _ROW_PIXELS = 3, 18, 20
_WIDTHS = (34, 24, 4, 18, 18, 18, 18, 18)
_HELP = 11
"""The first of the hidden columns the chart is drawn from: L to R."""
_COLORS = {"rise": "#C2502E", "fall": "#2E8B57", "total": "#23476B"}


@dataclass(frozen=True)
class Places:
    """Where the columns of the sheet of lines stand."""

    sheet: str
    letters: dict[str, str]
    last: int
    digits: int
    """Decimals that sums are rounded to: what binary addition leaves behind them is removed."""

    def range(self, name: str, *, here: bool = False) -> str:
        """The cells of a column."""
        letter = self.letters[name]
        there = "" if here else f"'{self.sheet}'!"
        return f"{there}${letter}$2:${letter}${self.last}"

    def sum(self, name: str, value: Decimal, *, here: bool = False) -> Formula:
        """The sum of a column, with our value."""
        return Formula(f"=ROUND(SUM({self.range(name, here=here)}),{self.digits})", value)


def summary(
    comparison: Comparison, language: Language, looks: Looks, sheet: Any, places: Places, amounts: dict[str, str]
) -> None:
    """Fill the sheet; `amounts` are the cells of the causes' sums."""
    formats = looks.formats
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    sheet.set_row(1, 22)
    put(sheet, 0, 0, f"{word(comparison.kind, language)}: {comparison.name}", formats["title"])
    state = "complete" if comparison.complete else "incomplete"
    badge = word(state, language, n=comparison.unsettled)
    for column in range(len(_WIDTHS)):
        put(sheet, 1, column, None if column else badge, formats[state])
    code = "0.0 %" if language == "ru" else "0.0%"
    formats["fact_share"] = looks.book.add_format(
        {"font_name": "Arial", "font_size": 10, "align": "left", "valign": "top", "num_format": looks.locale + code}
    )
    row = _FACTS
    for label, value, look in _facts(comparison, language, places, amounts):
        put(sheet, row, 0, label, formats["big_label" if look == "big" else "label"])
        put(sheet, row, 1, value, formats[look])
        if look == "big":
            sheet.set_row(row, 24)
        row += 1
    row = _table(comparison, language, looks, sheet, amounts, row + 1)
    put(sheet, row + 1, 0, word("check_note", language), formats["note"])
    sheet.freeze_panes(2, 0)


def _facts(
    comparison: Comparison, language: Language, places: Places, amounts: dict[str, str]
) -> Iterator[tuple[str, Value, str]]:
    expected, billed = side_words(comparison, language)
    yield word("difference", language), Formula(f"={amounts['delta']}", comparison.delta), "big"
    yield billed, places.sum("after", comparison.after), "amount"
    yield expected, places.sum("before", comparison.before), "amount"
    first, last = places.letters[CAUSES[0]], places.letters[CAUSES[-1]]
    unexplained = f"SUMPRODUCT(ABS({places.range('unexplained')}))"
    moved = f"SUMPRODUCT(ABS('{places.sheet}'!${first}$2:${last}${places.last}))"
    share = f"=IF({unexplained}=0,1,ROUNDDOWN(ROUND(1-{unexplained}/{moved},9),3))"
    yield word("explained", language), Formula(share, explained(comparison)), "fact_share"
    value = Formula(f"={amounts['unexplained']}", comparison.causes["unexplained"])
    yield word("unexplained", language), value, "amount"
    coverage = comparison.coverage
    if coverage.rows:
        n, m = (number(Decimal(x), language) for x in (coverage.rows_rated, coverage.rows))
        yield word("rows_rated", language), word("of", language, n=n, m=m), "fact"
        yield word("money_rated", language), coverage.money_rated, "amount"
    if told := units_read(comparison, language):
        title, _, units = told.partition(": ")
        yield title, units, "fact"
    for side, title in zip((expected, billed), side_titles(comparison, language), strict=True):
        yield f"{side}: {word('source', language).lower()}", title, "fact"
    yield word("currency", language), comparison.currency, "fact"


def _table(
    comparison: Comparison, language: Language, looks: Looks, sheet: Any, amounts: dict[str, str], top: int
) -> int:
    """The causes that moved money and what the waterfall is drawn from. Returns the row after the table."""
    moved = [c for c in CAUSES if comparison.causes[c]]
    formats = looks.formats
    put(sheet, top, 0, word("cause", language), formats["head"])
    put(sheet, top, 1, word("amount", language), formats["head_right"])
    level = ZERO
    for row, cause in enumerate(moved, top + 1):
        amount = comparison.causes[cause]
        put(sheet, row, 0, CAUSE_TITLES[cause][language], formats["text"])
        put(sheet, row, 1, Formula(f"={amounts[cause]}", amount), formats["money"])
        _step(sheet, row, level, level + amount, first=row == top + 1, look=formats["money"])
        level += amount
    end = top + 1 + len(moved)
    put(sheet, end, 0, word("difference", language), formats["sum_text"])
    total = Formula(f"=ROUND(SUM(B{top + 2}:B{end}),12)", comparison.delta) if moved else comparison.delta
    put(sheet, end, 1, total, formats["sum"])
    if moved:
        put(sheet, end, _HELP + 6, Formula(f"=B{end + 1}", comparison.delta), formats["money"])
        sheet.set_column(_HELP, _HELP + 6, 14, None, {"hidden": True})
        _chart(comparison, language, looks, sheet, top + 1, end)
    return end + 1


def _step(sheet: Any, row: int, low: Decimal, high: Decimal, *, first: bool, look: Any) -> None:
    """One step of the waterfall, from one level to the next; stacked columns grow from zero, so it is cut there."""
    n = row + 1
    before, after = "0" if first else f"L{n - 1}", f"L{n}"
    rising = high >= low
    above = max(ZERO, high) - max(ZERO, low)
    below = min(ZERO, low) - min(ZERO, high)
    base = max(ZERO, min(low, high)) + min(ZERO, max(low, high))
    cells = [
        (f"=ROUND({before}+B{n},12)", high),
        (f"=MAX(0,MIN({before},{after}))+MIN(0,MAX({before},{after}))", base),
        (f"=IF(B{n}<0,0,MAX(0,{after})-MAX(0,{before}))", above if rising else ZERO),
        (f"=IF(B{n}<0,0,MIN(0,{before})-MIN(0,{after}))", below if rising else ZERO),
        (f"=IF(B{n}<0,MAX(0,{before})-MAX(0,{after}),0)", ZERO if rising else -above),
        (f"=IF(B{n}<0,MIN(0,{after})-MIN(0,{before}),0)", ZERO if rising else -below),
    ]
    for column, (formula, value) in enumerate(cells, _HELP):
        put(sheet, row, column, Formula(formula, value), look)


def _chart(comparison: Comparison, language: Language, looks: Looks, sheet: Any, first: int, end: int) -> None:
    name, font = word("summary", language), {"name": "Arial", "size": 9}
    chart = looks.book.add_chart({"type": "column", "subtype": "stacked"})
    series = [("start", 1), ("rise", 2), ("rise", 3), ("fall", 4), ("fall", 5), ("total", 6)]
    for kind, column in series:
        fill = {"color": _COLORS[kind]} if kind in _COLORS else {"none": True}
        chart.add_series(
            {
                "name": word(kind, language),
                "categories": [name, first, 0, end, 0],
                "values": [name, first, _HELP + column, end, _HELP + column],
                "fill": fill,
                "border": {"none": True},
                "gap": 40,
            }
        )
    chart.show_hidden_data()
    title = f"{word('difference', language)}, {comparison.currency}"
    chart.set_title({"name": title, "name_font": {"name": "Arial", "size": 12}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": font, "label_position": "low", "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": "#DDE3EA", "width": 0.75}}
    code = f"{looks.locale}#,##0"
    chart.set_y_axis({"num_font": font, "num_format": code, "major_gridlines": grid, "line": {"none": True}})
    chart.set_size({"width": 720, "height": _CHART_ROWS * _ROW_PIXELS})
    sheet.insert_chart(_FACTS, 3, chart, {"object_position": 3})
