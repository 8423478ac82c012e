"""Google Cloud's billing export of BigQuery as CSV: usage in UTC, months by the invoice, credits as a list in a cell.

The cost is before credits; each credit becomes a row of category Credit, and Σ amount = Σ cost + Σ credits.
Promotions and free trials stand in `bonus` too. The day is that of UTC, the billing month that of `invoice.month`,
whose days the provider counts in Pacific time; rows arrive for a few days after their day.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.meaning import CreditRules, case_sql, finder
from costlab.bills.reading.profile import Profile
from costlab.files.sql_text import identifier
from costlab.model.numbers import Text

TITLE = Text(en="Google Cloud billing export", ru="выгрузка биллинга Google Cloud")
PROVIDER = "gcp"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "start": ("usage_start_time",),
    "end": ("usage_end_time",),
    "account": ("billing_account_id",),
    "project": ("project.id",),
    "service": ("service.description",),
    "parameter": ("sku.description",),
    "sku": ("sku.id",),
    "resource_id": ("resource.global_name",),
    "quantity": ("usage.amount_in_pricing_units",),
    "unit": ("usage.pricing_unit",),
    "amount": ("cost",),
    "list_cost": ("cost_at_list",),
    "currency": ("currency",),
    "category": ("cost_type",),
    "region": ("location.region",),
    "labels": ("labels",),
}
_WEAK: dict[str, tuple[str, ...]] = {
    "resource.name": ("resource_id",),
    "usage.amount": ("quantity",),
    "usage.unit": ("unit",),
}
REQUIRED = ("start", "service", "amount")
NAMES: Names = names(COLUMNS, _WEAK, REQUIRED, ())
_CATEGORIES = {"regular": "Usage", "tax": "Tax", "adjustment": "Adjustment", "rounding_error": "Adjustment"}


def meaning(columns: Sequence[str]) -> CreditRules:
    """The month of the invoice, categories, credits as rows."""
    find = finder(columns)
    changed = {"category": case_sql("category", _CATEGORIES, "'Adjustment'")}
    if month := find("invoice.month"):
        text = f"trim({identifier(month)})"
        first = f"try_strptime({text} || '01', '%Y%m%d')"
        changed["period"] = (
            f"CASE WHEN regexp_full_match({text}, '20[0-9]{{4}}') THEN CAST({first} AS DATE) ELSE period END"
        )
        prior = f"{text} > strftime(day, '%Y%m')"
        changed["charge_class"] = f"CASE WHEN lower(category) = 'adjustment' AND {prior} THEN 'Correction' ELSE '' END"
    return CreditRules(columns=changed, nested=find("credits"), grants=("PROMOTION", "FREE_TRIAL"))


RULES = Rules(currency="", utc=True, signed=True, meaning=meaning)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header is the export's: what was used, when, at what cost."""
    return not layout(header, NAMES, profile).missing
