"""Yandex Cloud's detail (CSV, a row per product, day and folder): cost before discounts, credits in columns beside it.

Days are Moscow days, as the file has them. Every credit becomes a row of category Credit; what a grant paid stands in
`bonus` too. `credit` is the sum of a row's credits: whatever its parts leave of it is a credit of its own, so that
Σ amount = Σ cost + Σ credit. Columns as the provider's documentation lists them.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.meaning import CreditRules, finder
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="Yandex Cloud, detail", ru="Yandex Cloud, детализация")
PROVIDER = "yandex"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "day": ("date",),
    "account": ("billing_account_id",),
    "project": ("folder_id",),
    "resource_id": ("resource_id",),
    "service": ("service_name",),
    "parameter": ("sku_name",),
    "sku": ("sku_id",),
    "quantity": ("pricing_quantity",),
    "unit": ("pricing_unit",),
    "amount": ("cost",),
    "currency": ("currency",),
}
REQUIRED = ("day", "service", "sku", "amount", "project")
NAMES: Names = names(COLUMNS, {}, REQUIRED, ())
_CREDITS = {
    "monetary_grant_credit": True, "volume_incentive_credit": False, "cud_credit": False, "misc_credit": False,
}  # fmt: skip
_KEYS = r"""regexp_replace(tags, '"user_labels\.((?:[^"\\]|\\.)*)": "', '"\1": "', 'g')"""


def meaning(columns: Sequence[str]) -> CreditRules:
    """Labels without the name of their family; credits as rows."""
    find = finder(columns)
    return CreditRules(
        columns={"tags": _KEYS},
        credits={column: grant for name, grant in _CREDITS.items() if (column := find(name))},
        credits_total=find("credit"),
    )


RULES = Rules(signed=True, meaning=meaning)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header has the detail's own columns: a cost by SKU and folder."""
    return not layout(header, NAMES, profile).missing
