"""FOCUS 1.4, the Invoice Detail table: the lines of the provider's documents, to compare charges with.

The lines are no charges: the same money stands in Cost and Usage, so they are never stored beside it. `costlab bill
invoices FILE` puts each document beside the store's charges of that number. A line that mends another document names
it in `x_ReferenceInvoiceId`; a voided document keeps its lines and counts nothing.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.focus_names import provider
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

__all__ = ["COLUMNS", "NAMES", "PROVIDER", "REGIONS", "REQUIRED", "RULES", "TITLE", "matches", "provider"]

TITLE = Text(en="FOCUS, invoice detail", ru="FOCUS, Invoice Detail")
PROVIDER = "focus"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "start": ("BillingPeriodStart",),
    "end": ("BillingPeriodEnd",),
    "account": ("BillingAccountId",),
    "amount": ("BilledCost",),
    "currency": ("BillingCurrency",),
    "category": ("ChargeCategory",),
    "invoice": ("InvoiceId",),
    "sku": ("InvoiceDetailId",),
    "description": ("InvoiceDetailDescription",),
}
REQUIRED = ("start", "amount", "invoice", "sku")
NAMES: Names = names(COLUMNS, {}, REQUIRED, ())
RULES = Rules(
    currency="",
    utc=True,
    month_bounds=("BillingPeriodStart", "BillingPeriodEnd"),
    provider_columns=("InvoiceIssuerName",),
    signed=True,
    documents=True,
)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header is that of the table: documents' lines, and no charge periods."""
    charges = any(h.strip().casefold() == "chargeperiodstart" for h in header)
    return not charges and not layout(header, NAMES, profile).missing
