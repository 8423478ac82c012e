"""The first sheet of a workbook: the total, what it stands on, and the cost by service as a table and a chart."""

from collections.abc import Iterator

from costlab.estimate.sums import Sum, sums
from costlab.exports.estimates._words import nothing_priced, state
from costlab.exports.workbook import Book, Formula, Value, put, total_of
from costlab.i18n.words import days, percent
from costlab.model.numbers import ZERO
from costlab.model.scenario import VatView

_FACTS, _CHART_ROWS, _ROW_PIXELS = 3, 16, 20
_WIDTHS = (36, 26, 20, 20, 14, 30)
_COLUMNS = {"net": "E", "vat": "F", "cost": "G"}
"""Where the amounts stand on the sheet of resources."""


def summary(book: Book) -> None:
    """Fill the sheet; the sheet of resources is there already."""
    estimate, sheet, formats = book.estimate, book.sheets["summary"], book.looks.formats
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    sheet.set_row(1, 22)
    put(sheet, 0, 0, estimate.name, formats["title"])
    badge = state(estimate, book.language)
    for column in range(len(_WIDTHS)):
        look = formats["complete" if estimate.complete else "incomplete"]
        put(sheet, 1, column, None if column else badge, look)
    row = _FACTS
    for label, value, look in _facts(book):
        put(sheet, row, 0, label, formats["big_label" if look == "big" else "label"])
        put(sheet, row, 1, value, formats[look])
        row += 1
    row = _by_service(book, max(row + 1, _FACTS + _CHART_ROWS + 2))
    for index, note in enumerate(("workbook_note", *(("constant_note",) if book.constants else ()))):
        put(sheet, row + index, 0, book.word(note), formats["note"])
    sheet.set_row(_FACTS, 24)
    sheet.freeze_panes(2, 0)


def shown_amounts(vat: VatView) -> tuple[str, ...]:
    """The amounts a VAT view shows; the last one is the one people ask for."""
    return {"included": ("cost",), "net": ("net",), "both": ("net", "vat", "cost")}[vat]


def _facts(book: Book) -> Iterator[tuple[str, Value, str]]:
    estimate, stamp = book.estimate, book.estimate.catalog
    engine = {"cost": estimate.total, "vat": estimate.vat, "net": estimate.total_net}
    rate = f" ({percent(estimate.vat_rate, book.language)})" if estimate.vat_rate is not None else ""
    if nothing_priced(estimate):
        yield book.word("total"), book.word("no_price"), "big"
    for index, key in enumerate(
        () if nothing_priced(estimate) else ("net",) if book.vat == "net" else ("cost", "vat", "net")
    ):
        value = total_of(_COLUMNS[key], book.resources, engine[key], book.there("resources"))
        label = book.word(key) + (rate if key == "vat" else "")
        yield (f"{book.word('total')} · {label}", value, "big") if index == 0 else (label, value, "amount")
    if estimate.charges and estimate.total_low is not None and estimate.total_high is not None:
        # The ends of a range have no lines of their own: these two are the engine's values and look like it.
        book.constants = True
        yield book.word("low"), estimate.total_low, "fixed"
        yield book.word("high"), estimate.total_high, "fixed"
    if any(c.contract for c in estimate.charges):
        book.constants = True
        listed = estimate.list_total
        yield book.word("at_list"), book.word("no_price") if listed is None else listed, "fixed"
        for name, off in estimate.agreed.items():
            yield name, -off, "fixed"
    yield book.word("period"), days(estimate.period, book.language), "fact"
    yield (
        book.word("prices_on"),
        estimate.prices_on or book.word("each"),
        "date" if estimate.prices_on else "fact",
    )
    if stamp.list_date:
        yield book.word("price_list"), stamp.list_date, "date"
    if stamp.checked:
        yield book.word("checked").capitalize(), stamp.checked, "date"
    yield book.word("catalog"), stamp.version[:12], "fact"
    yield book.word("provider"), f"{estimate.provider}, {estimate.region}", "fact"
    yield book.word("currency"), estimate.currency, "fact"


def _by_service(book: Book, top: int) -> int:
    """A table by service, dearest first, and its chart beside the facts above. Returns the row after it."""
    estimate, sheet, formats = book.estimate, book.sheets["summary"], book.looks.formats
    # Every service has its row, also one of which nothing has a price.
    found = {r.service: Sum() for r in estimate.resources} | sums(estimate.charges, lambda c: c.service)
    cost = {name: own.cost for name, own in found.items()}
    engine = {name: own.model_dump() for name, own in found.items()}
    totals = {"cost": estimate.total, "vat": estimate.vat, "net": estimate.total_net}
    unpriced = {r.service for r in estimate.resources if not r.complete}
    amounts = shown_amounts(book.vat)
    main = len(amounts)  # the column of the amount people ask for
    for column, key in enumerate(("service", *amounts, "share")):
        put(sheet, top, column, book.word(key), formats["head_right" if column else "head"])
    if not cost:
        return top + 2
    first, end = top + 2, top + 1 + len(cost)  # rows as formulas count them
    there, last = book.there("resources"), max(book.resources, 1) + 1
    whole = f"SUM(${'ABCD'[main]}${first}:${'ABCD'[main]}${end})"
    for row, name in enumerate(sorted(cost, key=lambda s: -cost[s]), first):
        put(sheet, row - 1, 0, book.service(name), formats["text"])
        for column, key in enumerate(amounts, 1):
            source = f"{there}${_COLUMNS[key]}$2:${_COLUMNS[key]}${last},{there}$C$2:$C${last},A{row}"
            put(
                sheet,
                row - 1,
                column,
                Formula(f"=ROUND(SUMIFS({source}),2)", engine[name][key]),
                formats["money"],
            )
        key = amounts[-1]
        share = engine[name][key] / totals[key] if totals[key] else ZERO
        formula = f"=IF({whole}=0,0,{'ABCD'[main]}{row}/{whole})"
        put(sheet, row - 1, main + 1, Formula(formula, share), formats["share"])
        if name in unpriced:
            put(sheet, row - 1, main + 2, book.word("no_price"), formats["warn"])
    put(sheet, end, 0, book.word("total"), formats["sum_text"])
    for column, key in enumerate(amounts, 1):
        letter = "ABCD"[column]
        total = Formula(f"=ROUND(SUM({letter}{first}:{letter}{end}),2)", totals[key])
        put(sheet, end, column, total, formats["sum"])
    _chart(book, first - 1, end - 1, main)
    return end + 2


def _chart(book: Book, first: int, end: int, column: int) -> None:
    name = book.word("summary")
    chart = book.looks.book.add_chart({"type": "bar"})
    font, code = {"name": "Arial", "size": 9}, f"{book.looks.locale}#,##0{book.looks.sign}"
    chart.add_series(
        {
            "name": book.word(shown_amounts(book.vat)[-1]),
            "categories": [name, first, 0, end, 0],
            "values": [name, first, column, end, column],
            "fill": {"color": "#2F6DB5"},
            "gap": 45,
            "data_labels": {"value": True, "num_format": code, "font": font},
        }
    )
    chart.set_title({"name": book.word("by_service"), "name_font": {"name": "Arial", "size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 500, "height": _CHART_ROWS * _ROW_PIXELS - 10})
    book.sheets["summary"].insert_chart(_FACTS, 2, chart, {"x_offset": 110, "object_position": 3})
