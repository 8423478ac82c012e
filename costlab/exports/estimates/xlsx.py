"""The workbook: every amount is a live formula on quantity and price cells, with the engine's value cached beside it.

Sheets: summary, resources, line items, prices, assumptions, problems. A line refers to its row of prices directly;
resources are summed by their number, not by their name: a name may be anything a person typed, and SUMIFS would read
`web*` or `>1` as a pattern.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from costlab import errors
from costlab.errors import InputError, counted
from costlab.estimate.sums import Sum, sums
from costlab.exports.estimates._xlsx_formulas import Cells, cost_formula, raw_formula, remainder_formulas, vat_formula
from costlab.exports.estimates._xlsx_summary import shown_amounts, summary
from costlab.exports.workbook import ROWS, Book, Column, Formula, Looked, Looks, Value, for_print, table, totals
from costlab.i18n.words import unit, word
from costlab.model.numbers import ZERO, Language, Problem
from costlab.model.scenario import Charge, Estimate, VatView

SUFFIX = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AMOUNTS = ("net", "vat", "cost")
_LOOKS: dict[str, tuple[str, float]] = {
    "number": ("index", 6),
    "resource": ("text", 26),
    "service": ("text", 20),
    "group": ("text", 20),
    "item": ("text", 34),
    "dimensions": ("text", 28),
    "sku": ("text", 32),
    "start": ("date", 12),
    "end": ("date", 12),
    "quantity": ("quantity", 22),
    "unit": ("after", 16),
    "unit_price": ("money", 20),
    "per": ("whole", 10),
    "raw_cost": ("raw", 24),
    "rounding": ("text", 32),
    "vat_rate": ("rate", 9),
    "net": ("money", 24),
    "vat": ("money", 24),
    "cost": ("money", 24),
    "status": ("warn", 20),
    "up_to": ("quantity", 22),
    "effective": ("date", 12),
    "what": ("text", 60),
    "remedy": ("text", 60),
    "reason": ("text", 60),
    "note": ("text", 50),
}
"""How the cells under a word look, and how wide they may become; other columns are plain text."""
_SHEETS = ("summary", "resources", "line_items", "prices", "assumptions", "problems")


def write_workbook(estimate: Estimate, path: Path | str, language: Language = "en", vat: VatView = "both") -> None:
    """Write an estimate as an Excel workbook. `vat` decides which amounts are shown, not what they are.

    Raises `InputError` when the estimate has more lines than a worksheet has rows, `OSError` when the path cannot be
    written.
    """
    Path(path).write_bytes(render(estimate, language, vat))


def render(estimate: Estimate, language: Language, vat: VatView) -> bytes:
    """The estimate as the bytes of an .xlsx file. Raises `InputError` when it has too many lines for a worksheet."""
    if max(len(estimate.charges), len(estimate.resources)) > ROWS - 2:
        limit = counted("limit", ROWS - 2, "lines", "строк")
        raise InputError(Problem(code="too_large", source=estimate.scenario.source, args=limit))
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
        book = Book(estimate, language, vat, Looks(writer, estimate.currency, language), sheets)
        # Prices first: lines refer to their rows.
        for fill in (_prices, _line_items, _resources, summary, _assumptions, _problems):
            fill(book)
        for sheet in sheets.values():
            for_print(sheet, book.looks, estimate.name)
    return target.getvalue()


def _price_key(charge: Charge) -> Any:
    tiers = tuple((t.up_to, t.price) for t in charge.tiers)
    return (
        charge.sku_id, charge.unit_price, charge.per, tiers, charge.charge_model, charge.price_effective,
        charge.price_source, charge.price_vat, charge.rounding.label, charge.rounding.mode, charge.rounding.scope,
    )  # fmt: skip


def _is_remainder(charge: Charge) -> bool:
    """What rounding the document's total leaves has no price of its own."""
    return not charge.meter


def _columns(book: Book, keys: str, hidden: Collection[str] = ()) -> list[Column]:
    """Columns by the words that head them. Those of `hidden`, and of amounts not asked for, are there but not shown."""
    off = {*hidden, *(k for k in _AMOUNTS if k not in shown_amounts(book.vat))}
    return [
        Column(book.word(key), *_LOOKS.get(key, ("text", 34)), hidden=key in off, total=key in _AMOUNTS)
        for key in keys.split()
    ]


def _prices(book: Book) -> None:
    """One row for each price that was used, one more for each further tier."""
    charges = book.estimate.charges
    hidden = [] if any(len(c.tiers) > 1 for c in charges) else ["up_to"]
    hidden += [] if any(c.price_note for c in charges) else ["note"]
    keys = "sku item unit_price per unit up_to price_vat effective source rounding note"
    columns = [c._replace(look="quantity") if c.title == book.word("per") else c for c in _columns(book, keys, hidden)]

    def rows() -> Iterator[list[Value | Looked]]:
        row = 2
        for charge in charges:
            key = _price_key(charge)
            if _is_remainder(charge) or key in book.prices:
                continue
            book.prices[key] = row
            for price, up_to in [(t.price, t.up_to) for t in charge.tiers] or [(charge.unit_price, None)]:
                row += 1
                yield [
                    charge.sku_id,
                    charge.sku_name[book.language],
                    Looked(price, book.looks.price(price, given=True)),
                    charge.per,
                    unit(charge.unit, book.language),
                    up_to,
                    book.word(charge.price_vat),
                    charge.price_effective or Looked(book.word("given"), "text"),
                    charge.price_source,
                    charge.rounding.text[book.language],
                    charge.price_note[book.language] if charge.price_note else None,
                ]

    count = table(book.sheets["prices"], book.looks, columns, rows())
    for column in (3, 5):
        book.looks.fractions(book.sheets["prices"], column, count)


def _line_items(book: Book) -> None:
    """One row a charge: quantity × price / per → before rounding → cost → VAT → net."""
    estimate, sheet = book.estimate, book.sheets["line_items"]
    hidden = [] if any(c.group for c in estimate.charges) else ["group"]
    hidden += ["vat_rate"] if book.vat == "included" else []
    keys = (
        "number resource service group item dimensions sku start end quantity unit unit_price per raw_cost rounding "
        "vat_rate net vat cost"
    )
    columns = _columns(book, keys, hidden)
    numbers = {r.resource_id: n for n, r in enumerate(estimate.resources, 1)}
    rows = (_line(book, charge, numbers[charge.resource_id], row) for row, charge in enumerate(estimate.charges, 2))
    book.lines = table(sheet, book.looks, columns, rows)
    book.looks.fractions(sheet, 9, book.lines)
    totals(sheet, book.looks, columns, book.lines, (estimate.total_net, estimate.vat, estimate.total))
    sheet.freeze_panes(1, 2)
    if not book.constants:  # the rule stands with the price; here it tells which amounts are no formulas
        sheet.set_column("O:O", None, None, {"hidden": True})


def _line(book: Book, charge: Charge, number: int, row: int) -> list[Value | Looked]:
    prices = book.there("prices")
    cells = Cells(
        quantity=f"J{row}", price=f"L{row}", per=f"M{row}", raw=f"N{row}", vat_rate=f"P{row}", vat=f"R{row}",
        cost=f"S{row}", rule=f"O{row}", start=f"H{row}", end=f"I{row}",
    )  # fmt: skip
    price: Value | Looked = None
    per: Value = None
    if _is_remainder(charge):
        raw, cost = _remainder(book, charge, cells)
    else:
        at = book.prices[_price_key(charge)]
        price = Looked(Formula(f"={prices}$C${at}", charge.unit_price), book.looks.price(charge.unit_price))
        per = Formula(f"={prices}$D${at}", charge.per)
        if charge.tiers:
            steps = tuple((f"{prices}$C${at + i}", f"{prices}$F${at + i}") for i in range(len(charge.tiers)))
            cells = replace(cells, tiers=steps)
        raw = _formula(raw_formula(charge, cells, book.estimate), charge.raw_cost)
        # Where the raw amount is no formula, a cost computed from it would only look alive.
        cost = _formula(None if isinstance(raw, Looked) else cost_formula(charge, cells), charge.cost)
    fixed = isinstance(cost, Looked)
    book.constants |= fixed
    rule = charge.rounding.text[book.language]
    hundredths = charge.vat_rate * 100
    return [
        number,
        book.word("rounding") if _is_remainder(charge) else charge.resource_id,
        book.service(charge.service),
        charge.group or None,
        charge.sku_name[book.language],
        ", ".join(f"{k}={v}" for k, v in charge.dimensions.items()) or None,
        charge.sku_id,
        charge.period.start,
        charge.period.end,
        None if _is_remainder(charge) else charge.quantity,
        unit(charge.unit, book.language),
        price,
        per,
        raw,
        f"{rule} ({book.word('not_a_formula')})" if fixed else rule,
        charge.vat_rate if hundredths == int(hundredths) else Looked(charge.vat_rate, "rate_exact"),
        Formula(f"=ROUND({cells.cost}-{cells.vat},2)", charge.net),
        Formula(vat_formula(cells), charge.vat),
        cost,
    ]


def _formula(text: str | None, value: Decimal) -> Formula | Looked:
    """A formula, or the engine's value marked as a constant where no formula is the engine's rule."""
    return Looked(value, "constant") if text is None else Formula(text, value)


def _remainder(book: Book, charge: Charge, cells: Cells) -> tuple[Formula | Looked, Formula | Looked]:
    """The row of what rounding the total leaves: over the lines above, which come before every such row."""
    lines = [c for c in book.estimate.charges if not _is_remainder(c)]
    raw, cost, rule, rate = (f"${x}$2:${x}${len(lines) + 1}" for x in "NSOP")
    remainder = remainder_formulas(charge, cells, lines, (raw, cost, rule, rate), book.language)
    if remainder is None:
        return Looked(charge.raw_cost, "constant"), Looked(charge.cost, "constant")
    exact = sum((c.raw_cost for c in lines if c.rounding.scope == "total" and c.vat_rate == charge.vat_rate), ZERO)
    return Formula(remainder[0], exact), Formula(remainder[1], charge.cost)


def _resources(book: Book) -> None:
    """One row a resource, summed over its lines by number."""
    estimate, sheet = book.estimate, book.sheets["resources"]
    hidden = [] if any(r.group for r in estimate.resources) else ["group"]
    hidden += ["status"] if all(r.complete for r in estimate.resources) else []
    columns = _columns(book, "number resource service group net vat cost status", hidden)
    engine = sums(estimate.charges, lambda c: c.resource_id)
    lines, last = book.there("line_items"), max(book.lines, 1) + 1

    def total(column: str, row: int, value: Decimal) -> Formula:
        chosen = f"{lines}$A$2:$A${last},A{row}"
        return Formula(f"=ROUND(SUMIFS({lines}${column}$2:${column}${last},{chosen}),2)", value)

    def rows() -> Iterator[list[Value | Looked]]:
        for number, resource in enumerate(estimate.resources, 1):
            own, row = engine.get(resource.resource_id, Sum()), number + 1
            yield [
                number,
                resource.resource_id if resource.service else book.word("rounding"),
                book.service(resource.service),
                resource.group or None,
                total("Q", row, own.net),
                total("R", row, own.vat),
                total("S", row, own.cost),
                None if resource.complete else book.word("no_price"),
            ]

    book.resources = table(sheet, book.looks, columns, rows())
    totals(sheet, book.looks, columns, book.resources, (estimate.total_net, estimate.vat, estimate.total))
    sheet.freeze_panes(1, 2)


def _assumptions(book: Book) -> None:
    """What nobody gave and we took: the value, why, and the key that overrides it."""
    rows: list[list[Value | Looked]] = [
        [a.resource_id, a.key, a.value, a.reason[book.language], a.source] for a in book.estimate.assumptions
    ]
    columns = _columns(book, "resource key value reason source")
    table(book.sheets["assumptions"], book.looks, columns, rows or [[book.word("none")]])


def _problems(book: Book) -> None:
    """What is wrong or missing, where, and what to do."""
    rows: list[list[Value | Looked]] = [
        [
            p.subject,
            errors.message(p, book.language),
            errors.remedy(p, book.language),
            f"{p.source}:{p.line}" if p.line else p.source,
        ]
        for p in book.estimate.problems
    ]
    columns = _columns(book, "resource what remedy where")
    table(book.sheets["problems"], book.looks, columns, rows or [[book.word("none")]])
