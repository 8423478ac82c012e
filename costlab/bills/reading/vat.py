"""VAT beside the amounts of a bill: added where they are without it, checked where the file prints both.

Amounts without VAT become what the customer pays: the VAT of each row's day is added, and nothing is rounded. Rows
whose own VAT is another (an older rate, an exempt item) keep theirs, and are told. Where amounts are with VAT, a column
without it is only held against them.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from costlab.bills.reading.columns import Layout
from costlab.bills.reading.values import BESIDE
from costlab.bills.reading.write import facts
from costlab.catalog.loading import load_catalog, providers
from costlab.engine.duckdb import connect
from costlab.errors import InputError
from costlab.files.sql_text import literal, parquet
from costlab.model.bill import NUMBER, Bill, Control
from costlab.model.numbers import Problem, exact
from costlab.model.prices import TaxRate

_ROUNDED = "0.015"
"""Three amounts, each rounded to the kopeck, may miss by this much."""
_KOPECK = "0.01"
_NUMBER = f"DECIMAL({NUMBER.precision}, {NUMBER.scale})"


def with_vat(bill: Bill, layout: Layout, charges: Path) -> Bill:
    """The bill as what is paid: `charges` (Parquet) is rewritten with VAT where its amounts were without.

    Problems name the rows whose VAT, or whose amount without VAT, does not agree. Bonuses stay as they are printed.
    Raises `InputError` where amounts are without VAT and nobody knows which VAT to add.
    """
    beside = [name for name in BESIDE if name in layout.fields]
    if not layout.without_vat and not beside:
        return bill
    history = _history(bill)
    if layout.without_vat and not history:
        args = {"column": bill.columns["amount"], "provider": bill.provider or "—"}
        raise InputError(Problem(code="vat_unknown", source=bill.source, line=bill.header_line, args=args))
    with connect() as connection:
        if layout.without_vat:
            _refuse_tax_rows(bill, connection, charges)
        rows = f"(SELECT *, {_rate(history)} AS rate FROM {parquet(charges)})"
        own = "vat_amount" if "vat_amount" in beside and not _is_rate(connection, rows, history, layout) else "NULL"
        if not layout.without_vat:
            problems = _gross_differs(bill, connection, rows, own) if "net_amount" in beside else []
            _rewrite(connection, charges, f"SELECT * EXCLUDE ({', '.join(beside)}) FROM {parquet(charges)}")
            return replace(bill, problems=(*problems, *bill.problems))
        problems = _vat_differs(bill, connection, rows, own) if own != "NULL" else []
        rates = connection.execute(f"SELECT DISTINCT rate FROM {rows} ORDER BY 1").fetchall()
        vat = f"CASE WHEN abs({own} - amount * rate) > {_KOPECK} THEN {own} ELSE amount * rate END"
        gross_amount = f"CAST(amount + {vat} AS {_NUMBER}) AS amount"
        query = f"SELECT * EXCLUDE ({', '.join(['rate', *beside])}) REPLACE ({gross_amount}) FROM {rows}"
        _rewrite(connection, charges, query)
        totals = facts(connection, charges).totals
    with exact():
        net, gross = (sum(t.values(), Decimal(0)) for t in (bill.totals, totals))
        added = Control(bill.added.rows, bill.added.amount + gross - net)
        percents = " / ".join(f"{(rate * 100).normalize():f}" for (rate,) in rates)
    args = {"column": bill.columns["amount"], "rates": percents, "net": f"{net:f}", "gross": f"{gross:f}"}
    told = Problem(code="vat_added", source=bill.source, line=bill.header_line, args=args)
    return replace(bill, totals=totals, added=added, problems=(told, *problems, *bill.problems))


def _history(bill: Bill) -> Sequence[TaxRate]:
    """The VAT rates of the bill's country, oldest first; none where no price list has its provider."""
    if bill.provider not in providers():
        return ()
    catalog = load_catalog(bill.provider)
    region = catalog.provider.regions.get(bill.region)
    return catalog.taxes.get(region.tax or "", ()) if region is not None else ()


def _rate(history: Sequence[TaxRate]) -> str:
    """SQL for the rate of a row's day; a day before the first rate has that one."""
    if not history:
        return "NULL"
    cases = " ".join(f"WHEN day >= DATE '{t.effective}' THEN {t.rate:f}" for t in reversed(history[1:]))
    return f"CASE {cases} ELSE {history[0].rate:f} END" if cases else f"{history[0].rate:f}"


def _refuse_tax_rows(bill: Bill, connection: duckdb.DuckDBPyConnection, charges: Path) -> None:
    """Refuse amounts without VAT beside rows that are the VAT (FOCUS: ChargeCategory `Tax`): it would count twice."""
    [[count, line, tax]] = connection.execute(
        f"SELECT count(*), min(line), sum(amount) FROM {parquet(charges)} WHERE category = 'Tax'"
    ).fetchall()
    if count:
        args = {"rows": str(count), "tax": _plain(tax), "column": bill.columns["amount"]}
        raise InputError(Problem(code="vat_in_rows", source=bill.source, line=line, args=args))


def _is_rate(connection: duckdb.DuckDBPyConnection, rows: str, history: Sequence[TaxRate], layout: Layout) -> bool:
    """Whether the column of VAT holds rates (22, 0.22) instead of money: nothing else, and it is not the rows' VAT."""
    rates = ", ".join(f"{rate:f}, {100 * rate:f}" for rate in {t.rate for t in history}) or "NULL"
    net = "net_amount" if "net_amount" in layout.fields else "amount" if layout.without_vat else "amount / (1 + rate)"
    [[others, agree]] = connection.execute(f"""
        SELECT count(*) FILTER (vat_amount NOT IN (0, {rates})), count(*) FILTER (abs({net} * rate - vat_amount) <= 0.01
            AND vat_amount <> 0)
        FROM {rows} WHERE vat_amount IS NOT NULL
    """).fetchall()
    return not others and not agree


def _vat_differs(bill: Bill, connection: duckdb.DuckDBPyConnection, rows: str, own: str) -> list[Problem]:
    """Rows without VAT whose own VAT is not that of their day."""
    [[count, line, given, due]] = connection.execute(f"""
        SELECT count(*), min(line), sum({own}), sum(CAST(amount * rate AS {_NUMBER})) FROM {rows}
        WHERE abs({own} - amount * rate) > {_KOPECK}
    """).fetchall()
    if not count:
        return []
    args = {"rows": str(count), "given": _plain(given), "due": _plain(due), "column": bill.columns["vat_amount"]}
    return [Problem(code="vat_differs", source=bill.source, line=line, args=args)]


def _gross_differs(bill: Bill, connection: duckdb.DuckDBPyConnection, rows: str, own: str) -> list[Problem]:
    """Rows whose amount is not the one without VAT and its VAT."""
    summed = f"CAST(net_amount + coalesce({own}, net_amount * rate) AS {_NUMBER})"
    [[count, line, gross, due]] = connection.execute(f"""
        SELECT count(*), min(line), sum(amount), sum({summed}) FROM {rows}
        WHERE abs(amount - {summed}) > {_ROUNDED}
    """).fetchall()
    if not count:
        return []
    args = {"rows": str(count), "gross": _plain(gross), "due": _plain(due), "column": bill.columns["amount"],
            "net": bill.columns["net_amount"]}  # fmt: skip
    return [Problem(code="gross_differs", source=bill.source, line=line, args=args)]


def _rewrite(connection: duckdb.DuckDBPyConnection, charges: Path, query: str) -> None:
    draft = charges.with_suffix(".taxed")
    connection.execute(
        f"COPY ({query} ORDER BY line) TO {literal(draft)} (FORMAT parquet, COMPRESSION zstd, WRITE_BLOOM_FILTER false)"
    )
    draft.replace(charges)


def _plain(amount: Decimal) -> str:
    with exact():
        return f"{amount.normalize() + 0:f}"
