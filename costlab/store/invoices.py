"""The documents of a provider beside the charges of the store that name them.

A document's lines are FOCUS 1.4's Invoice Detail. Lines and charges meet by the number of the document and the
currency. The two sums may differ for good reasons (taxes, roundings), so the difference is told and never booked.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from costlab.bills import read_bill
from costlab.engine.duckdb import connect
from costlab.errors import InputError
from costlab.model.numbers import Problem
from costlab.store import Store, create_charge_view

VOIDED = "voided"


@dataclass(frozen=True)
class Invoice:
    """One document in one currency."""

    number: str
    currency: str
    status: str
    """As the document says: Open, Issued, Voided; several are joined."""
    lines: int
    document: Decimal
    """Σ of its lines; 0 of voided ones."""
    charges: Decimal
    """Σ of the store's charges of this number."""
    rows: int
    """How many they are."""

    @property
    def difference(self) -> Decimal:
        """What the document takes beyond the charges."""
        return self.document - self.charges


def compare_invoices(store: Store, path: Path | str) -> tuple[list[Invoice], tuple[Problem, ...]]:
    """Every document of a file beside the store's charges; and what was wrong with the file. Raises `InputError`."""
    bill = read_bill(path)
    if bill.format != "focus_invoice_detail":
        raise InputError(Problem(code="no_documents", source=bill.source))
    with connect() as connection:
        create_charge_view(store, connection)
        connection.register("detail", bill.charges)
        status = "x_InvoiceIssueStatus" if "x_InvoiceIssueStatus" in bill.charges.column_names else ""
        said = f'trim("{status}")' if status else "''"
        found = connection.execute(
            f"""
            SELECT invoice, currency, string_agg(DISTINCT {said}, ', ' ORDER BY {said}), count(*),
                sum(CASE WHEN lower({said}) = '{VOIDED}' THEN 0 ELSE amount END)
            FROM detail GROUP BY invoice, currency ORDER BY invoice, currency
            """
        ).fetchall()
        charged = {
            (number, currency): (money, rows)
            for number, currency, money, rows in connection.execute(
                "SELECT invoice, currency, sum(amount), count(*) FROM charge WHERE invoice <> '' GROUP BY 1, 2"
            ).fetchall()
        }
    none = (Decimal(0), 0)
    return [
        Invoice(number, currency, status_, lines, document, *charged.get((number, currency), none))
        for number, currency, status_, lines, document in found
    ], bill.problems
