"""AWS Cost and Usage Report, CUR 1.0 (`lineItem/UnblendedCost`) and 2.0 (`line_item_unblended_cost`), CSV or Parquet.

`amount` is the unblended cost, what the invoice takes; `effective_cost` is the amortised one, by the rule the provider
documents for reserved instances and savings plans; `list_cost` is on demand. Times are in UTC. The kind of a line
(LineItemType) becomes a category; its own text stays in `x_SourceCategory`. A line without the number of an invoice
belongs to a month that is not final.
"""

from collections.abc import Callable, Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.meaning import OPEN_INVOICE, CreditRules, case_sql, finder, number_sql
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="AWS Cost and Usage Report", ru="AWS Cost and Usage Report")
PROVIDER = "aws"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "start": ("lineItem/UsageStartDate", "line_item_usage_start_date"),
    "end": ("lineItem/UsageEndDate", "line_item_usage_end_date"),
    "period": ("bill/BillingPeriodStartDate", "bill_billing_period_start_date"),
    "account": ("bill/PayerAccountId", "bill_payer_account_id"),
    "project": ("lineItem/UsageAccountId", "line_item_usage_account_id"),
    "resource_id": ("lineItem/ResourceId", "line_item_resource_id"),
    "service": ("lineItem/ProductCode", "line_item_product_code"),
    "parameter": ("lineItem/UsageType", "line_item_usage_type"),
    "sku": ("product/sku", "product_sku"),
    "description": ("lineItem/LineItemDescription", "line_item_line_item_description"),
    "quantity": ("lineItem/UsageAmount", "line_item_usage_amount"),
    "unit": ("pricing/unit", "pricing_unit"),
    "amount": ("lineItem/UnblendedCost", "line_item_unblended_cost"),
    "list_cost": ("pricing/publicOnDemandCost", "pricing_public_on_demand_cost"),
    "currency": ("lineItem/CurrencyCode", "line_item_currency_code"),
    "category": ("lineItem/LineItemType", "line_item_line_item_type"),
    "region": ("product/regionCode", "product_region_code"),
    "invoice": ("bill/InvoiceId", "bill_invoice_id"),
    "labels": ("resource_tags",),
}
_WEAK: dict[str, tuple[str, ...]] = {"product/region": ("region",), "product_region": ("region",)}
REQUIRED = ("start", "service", "amount", "category")
NAMES: Names = names(COLUMNS, _WEAK, REQUIRED, ())
_CATEGORIES = {
    **dict.fromkeys(("usage", "discountedusage", "savingsplancoveredusage", "savingsplannegation"), "Usage"),
    **dict.fromkeys(("fee", "rifee", "savingsplanrecurringfee", "savingsplanupfrontfee"), "Purchase"),
    "tax": "Tax",
    "credit": "Credit",
}
"""A negation takes off what covered usage would have cost, so the two are of one category; discounts of a contract and
what is unknown are Adjustment. A refund keeps the category of what it gives back: usage where it says
a usage type."""


def meaning(columns: Sequence[str]) -> CreditRules:
    """Categories, corrections of earlier months, amortised cost."""
    find = finder(columns)
    line = "lower(category)"
    refund = f"CASE WHEN {line} = 'refund' AND parameter <> '' THEN 'Usage' ELSE 'Adjustment' END"
    changed = {
        "category": case_sql("category", _CATEGORIES, refund),
        "charge_class": f"CASE WHEN {line} IN ('refund', 'credit') AND date_trunc('month', day) < period "
        "THEN 'Correction' ELSE '' END",
        "effective_cost": _amortised(find, line),
    }
    return CreditRules(columns=changed, open_=OPEN_INVOICE)


def _amortised(find: Callable[..., str], line: str) -> str:
    """SQL of the amortised cost: unknown (null) where the column it needs is not there."""
    reserved = number_sql(find("reservation/EffectiveCost"))
    covered = number_sql(find("savingsPlan/SavingsPlanEffectiveCost"))
    committed = number_sql(find("savingsPlan/TotalCommitmentToDate"))
    used = number_sql(find("savingsPlan/UsedCommitment"))
    upfront = number_sql(find("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"))
    recurring = number_sql(find("reservation/UnusedRecurringFee"))
    arn = find("reservation/ReservationARN")
    bought = f"""CASE WHEN "{arn}" <> '' THEN 0 ELSE amount END""" if arn else "amount"
    cases = {
        "savingsplancoveredusage": covered, "discountedusage": reserved, "savingsplannegation": "0",
        "savingsplanupfrontfee": "0", "savingsplanrecurringfee": f"({committed}) - ({used})",
        "rifee": f"({upfront}) + ({recurring})", "fee": bought,
    }  # fmt: skip
    when = " ".join(f"WHEN '{kind}' THEN {sql}" for kind, sql in cases.items())
    return f"CAST(CASE {line} {when} ELSE amount END AS DECIMAL(38, 18))"


RULES = Rules(currency="", utc=True, signed=True, meaning=meaning)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header has the report's lines."""
    return not layout(header, NAMES, profile).missing
