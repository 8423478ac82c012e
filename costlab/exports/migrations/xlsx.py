"""The workbook of a migration budget: inputs in blue, cash and years as live formulas, our values cached beside them.

Bridge steps of quantity and the sensitivity are costlab's values (orange): a spreadsheet cannot price an estate again.
"""

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO

import xlsxwriter

from costlab import errors
from costlab.catalog.loading import load_catalog
from costlab.exports.migrations._words import category, facts, part, status, verdict, word
from costlab.exports.migrations._xlsx_cash import cash, horizons
from costlab.exports.migrations._xlsx_inputs import Book, assumptions, run_rate, singles
from costlab.exports.workbook import Column, Formula, Looked, Looks, Value, for_print, put, table
from costlab.i18n.words import visible
from costlab.migration.bridge import ORDER
from costlab.migration.budget import Budget, kopecks
from costlab.migration.sensitivity import value
from costlab.model.numbers import Language, Record

SUFFIX = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = ("summary", "bridge", "run_rate", "one_off", "cash", "horizons", "sensitivity", "servers", "excluded",
          "assumptions", "sources")  # fmt: skip
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
}
Rows = Iterable[list[Value | Looked]]


def render(budget: Budget, language: Language) -> bytes:
    """The budget as an .xlsx file's bytes."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as writer:
        sheets = {key: writer.add_worksheet(word(key, language)) for key in SHEETS}
        looks = Looks(writer, budget.plan.currency, language)
        looks.formats["input"] = _format(writer, looks, num_format="#,##0.########", font_color="#1F4FB0")
        looks.formats["share_exact"] = _format(writer, looks, num_format="0.0###%", font_color="#1F4FB0")
        looks.formats["decimal"] = _format(writer, looks, num_format="0.0")
        book = Book(budget, language, looks, sheets)
        for fill in (assumptions, run_rate, singles, cash, horizons, _bridge, _sensitivity, _servers, _excluded):
            fill(book)
        _sources(book)
        _summary(book)
        for sheet in sheets.values():
            for_print(sheet, looks, budget.plan.name)
    return target.getvalue()


def _format(writer: xlsxwriter.Workbook, looks: Looks, **properties: str) -> object:
    own = {"font_name": "Arial", "font_size": 10, "valign": "top", "align": "right"}
    return writer.add_format({**own, **properties, "num_format": looks.locale + properties["num_format"]})


def _summary(book: Book) -> None:
    sheet, looks, budget, language = book.sheets["summary"], book.looks.formats, book.budget, book.language
    sheet.set_column(0, 0, 70)
    sheet.set_column(1, 1, 40)
    put(sheet, 0, 0, visible(budget.plan.name), looks["title"])
    put(sheet, 1, 0, verdict(budget, language), looks["big_label"])
    put(sheet, 2, 0, status(budget, language), looks["complete" if budget.complete else "incomplete"])
    put(sheet, 3, 0, word("with_vat" if budget.with_vat else "without_vat", language), looks["note"])
    months, result = budget.result.months, budget.result
    live: dict[str, tuple[str, Decimal | None]] = {
        "npv": (f"npv.{months}", result.npv),
        "trough": (f"trough.{months}", result.trough),
        "one_offs": (f"one_offs.{months}", result.one_offs),
        "dual_total": (f"dual_total.{months}", result.dual),
        "run_rate_saving": (f"run_rate_saving.{months}", result.run_rate),
    }
    row = 5
    for label, key, now in (("today", "today", budget.inputs.base_source), ("after", "after", _after(budget))):
        put(sheet, row, 0, f"{word('run_rate', language)}: {word(label, language).lower()}", looks["label"])
        put(sheet, row, 1, Formula(f"={book.cells[key]}", now), looks["amount"])
        row += 1
    net = Formula(f"={book.cells[f'net.{months}']}", result.net.quantize(Decimal("1e-10")))
    put(sheet, row, 0, f"{word('net', language)}, {months}", looks["label"])
    put(sheet, row, 1, net, looks["amount"])
    row += 1
    for key, (cell, amount) in live.items():
        put(sheet, row, 0, word(key, language), looks["label"])
        if amount is None:
            put(sheet, row, 1, word("no_rate", language), looks["fact"])
        else:
            put(sheet, row, 1, Formula(f"={book.cells[cell]}", amount.quantize(Decimal("1e-10"))), looks["amount"])
        row += 1
    shown = {word(k, language) for k in live}
    for label, text in facts(budget, language)[2:]:
        if label not in shown:
            put(sheet, row, 0, label, looks["label"])
            put(sheet, row, 1, text, looks["fact"])
            row += 1
    put(sheet, row + 1, 0, word("live", language), looks["note"])


def _after(budget: Budget) -> Decimal:
    return sum((r.after for r in budget.run_rate), Decimal(0))


def _bridge(book: Book) -> None:
    """The steps, their running sum, and the check that they end where the sheet of running costs does."""
    budget, language, rows = book.budget, book.language, list[list[Value | Looked]]()
    running = budget.inputs.base_source
    rows.append([word("today", language), Formula(f"={book.cells['today']}", running), Formula("=B2", running)])
    for n, step in enumerate(budget.steps, 3):
        running += step.amount
        rows.append([ORDER[step.key][language], Looked(step.amount, "constant"), Formula(f"=C{n - 1}+B{n}", running)])
    end, after = len(rows) + 1, _after(budget)
    rows.append([word("after", language), Formula(f"={book.cells['after']}", after), Formula(f"=C{end}", running)])
    rows.append([word("rounding", language), Formula(f"=ROUND(B{end + 1}-C{end + 1},2)", after - running), None])
    columns = [
        Column(word(k, language), look, 44) for k, look in (("step", "text"), ("amount", "money"), ("total", "money"))
    ]
    sheet = book.sheets["bridge"]
    table(sheet, book.looks, columns, rows)
    put(sheet, len(rows) + 2, 0, word("order", language), book.looks.formats["note"])
    name = word("bridge", language)
    chart = book.looks.book.add_chart({"type": "column"})
    chart.add_series({"name": name, "categories": [name, 1, 0, end, 0], "values": [name, 1, 1, end, 1]})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(0, 4, chart)


def _sensitivity(book: Book) -> None:
    language, budget = book.language, book.budget
    rows: list[list[Value | Looked]] = [
        [s.title[language], *(None if m is None else kopecks(value(m)) for m in (s.low, s.high))] for s in budget.swings
    ]
    rows += [
        [word(name, language), Looked(kopecks(value(m)), "constant"), None] for name, m in budget.scenarios.items()
    ]
    if budget.switch is not None:
        rows.append([word("switch", language), budget.switch, None])
    columns = [Column(word(k, language), look, 60) for k, look in
               (("input", "text"), ("low", "constant"), ("high", "constant"))]  # fmt: skip
    table(book.sheets["sensitivity"], book.looks, columns, rows)


def _servers(book: Book) -> None:
    """What the target consists of, with origin and what sizing says of it."""
    language, target = book.language, book.budget.target
    rows: list[list[Value | Looked]] = []
    for resource in target.scenario.resources if target else ():
        names = set(resource.instances)
        cost = sum((r.cost for r in target.resources if r.resource_id in names), Decimal("0.00")) if target else None
        note = "; ".join(f"{k}={v}" for k, v in resource.tags.items())
        rows.append([resource.resource_id, resource.service, resource.count, _size(resource.spec), cost,
                     visible(resource.origin), visible(note)])  # fmt: skip
    heads = (("resource", "text", 30), ("service", "text", 18), ("unit", "whole", 8), ("size", "text", 50),
             ("cost", "money", 20), ("source", "text", 36), ("note", "text", 60))  # fmt: skip
    columns = [Column("n" if k == "unit" else word(k, language), look, width) for k, look, width in heads]
    table(book.sheets["servers"], book.looks, columns, rows or [[word("none", language)]])


def _size(spec: Record) -> str:
    data = spec.model_dump(mode="json", exclude_defaults=True)
    return visible("; ".join(f"{k}={v}" for k, v in data.items()))


def _excluded(book: Book) -> None:
    language, budget = book.language, book.budget
    rows: list[list[Value | Looked]] = [[category(c, language), word("missing", language), ""] for c in budget.missing]
    rows += [[a.title[language], word("default", language), a.value] for a in budget.assumed if not a.given]
    rows += [[line.name or category(line.category, language), ORDER["scope"][language], str(line.amount)]
             for line in budget.plan.current.lines if line.retired]  # fmt: skip
    found = (*budget.problems, *(budget.target.problems if budget.target else ()))
    rows += [[p.subject or p.source, errors.message(p, language), errors.remedy(p, language)] for p in found]
    columns = [Column(word(k, language), "text", 70) for k in ("name", "reason", "note")]
    table(book.sheets["excluded"], book.looks, columns, rows or [[word("none", language)]])


def _sources(book: Book) -> None:
    """Where every figure comes from: the plan's own words, and the publications of the target's prices."""
    language, budget, plan = book.language, book.budget, book.budget.plan
    paid = (*plan.current.lines, *plan.target.lines, *(plan.one_offs or ()), *plan.credits, *plan.refresh, *plan.tails,
            *plan.resale)  # fmt: skip
    rows: list[list[Value | Looked]] = [[p.name or getattr(p, "category", ""), p.source or book.word("missing"), "", ""]
                                        for p in paid]  # fmt: skip
    if budget.target is not None:
        known = load_catalog(budget.target.provider).sources
        for key in dict.fromkeys(c.price_source for c in budget.target.charges):
            source = known.get(key)
            rows.append([key, source.title, source.url, source.retrieved] if source else [key, "", "", ""])
    heads = (("name", "text", 40), ("publisher", "text", 60), ("note", "text", 60), ("day", "date", 12))
    columns = [Column(word(k, language), look, width) for k, look, width in heads]
    share = part(budget.completeness, language)
    table(book.sheets["sources"], book.looks, columns, [*rows, [word("completeness", language), share, "", ""]])
