"""Amounts without VAT become what the customer pays: the VAT of each row's day is added, and nothing is rounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from costlab.bills.reading.write import facts
from costlab.files.writing import no_pattern
from costlab.model.bill import NUMBER
from costlab.model.numbers import exact
from costlab.model.prices import TaxRate


@dataclass(frozen=True)
class Taxed:
    """What the rows came to with their VAT."""

    totals: dict[str, Decimal]
    """Currency → Σ amount with VAT."""
    rates: tuple[Decimal, ...]
    """The rates that were added, oldest first."""


def add_vat(connection: duckdb.DuckDBPyConnection, charges: Path, history: Sequence[TaxRate]) -> Taxed:
    """Rewrite `amount` of every row of the file with the VAT of its day; bonuses stay as they are printed.

    `history`: the country's rates, oldest first. A day before the first of them has that one.
    """
    place, draft = (str(p).replace("'", "''") for p in (no_pattern(charges), charges.with_suffix(".taxed")))
    cases = " ".join(f"WHEN day >= DATE '{t.effective}' THEN {1 + t.rate:f}" for t in reversed(history[1:]))
    share = f"CASE {cases} ELSE {1 + history[0].rate:f} END" if cases else f"{1 + history[0].rate:f}"
    days = connection.execute(f"SELECT min(day), max(day) FROM read_parquet('{place}')").fetchall()
    kind = f"DECIMAL({NUMBER.precision}, {NUMBER.scale})"
    rows = f"SELECT * REPLACE (CAST(amount * {share} AS {kind}) AS amount) FROM read_parquet('{place}') ORDER BY line"
    connection.execute(f"COPY ({rows}) TO '{draft}' (FORMAT parquet, COMPRESSION zstd, WRITE_BLOOM_FILTER false)")
    charges.with_suffix(".taxed").replace(charges)
    [(first, last)] = days
    used = [
        tax.rate
        for tax, after in zip(history, [*history[1:], None], strict=True)
        if first is not None and last >= tax.effective and (after is None or first < after.effective)
    ]
    return Taxed(facts(connection, charges).totals, tuple(used or [history[0].rate]))


def vat_added(taxed: Taxed, net: Decimal) -> dict[str, str]:
    """The words of what was added: the rates, Σ without VAT and with it."""
    with exact():
        percents = " / ".join(f"{(rate * 100).normalize():f}" for rate in taxed.rates)
        gross = ", ".join(f"{amount:f}" for amount in taxed.totals.values())
    return {"rates": percents, "net": f"{net:f}", "gross": gross}
