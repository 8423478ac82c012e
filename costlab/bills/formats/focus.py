"""FOCUS 1.0 to 1.3, the Cost and Usage table, CSV or Parquet: columns by the specification's names, periods in UTC.

Every ChargeCategory is kept as a row of its own: usage, purchases, taxes, credits, adjustments, and corrections with
their class. `amount` is BilledCost, what the invoice takes; ListCost and EffectiveCost stand beside it. A column that
has no field of ours keeps its name after `x_`. Other FOCUS datasets (contract commitments, invoice details, billing
periods) hold no charges and are refused by name.
"""

import re
from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.focus_names import FOCUS, plain, provider
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

__all__ = [
    "COLUMNS",
    "NAMES",
    "PROVIDER",
    "REGIONS",
    "REQUIRED",
    "RULES",
    "TITLE",
    "matches",
    "provider",
    "version",
]

TITLE = Text(en="FOCUS, cost and usage", ru="FOCUS, Cost and Usage")
PROVIDER = FOCUS
REGIONS: dict[str, str] = {}
RULES = Rules(
    currency="",
    utc=True,
    month_bounds=("BillingPeriodStart", "BillingPeriodEnd"),
    provider_columns=("ServiceProviderName", "ProviderName", "HostProviderName", "PublisherName", "InvoiceIssuerName"),
)
"""ProviderName leaves the specification after 1.3."""

_FIELDS: dict[str, tuple[str, ...]] = {
    "start": ("ChargePeriodStart",),
    "end": ("ChargePeriodEnd",),
    "period": ("BillingPeriodStart",),
    "account": ("BillingAccountId",),
    "project": ("SubAccountId",),
    "resource_id": ("ResourceId",),
    "resource_name": ("ResourceName",),
    "service": ("ServiceName",),
    "parameter": ("SkuMeter",),
    "sku": ("SkuId",),
    "description": ("ChargeDescription",),
    "quantity": ("PricingQuantity",),
    "unit": ("PricingUnit",),
    "amount": ("BilledCost",),
    "list_cost": ("ListCost",),
    "effective_cost": ("EffectiveCost",),
    "currency": ("BillingCurrency",),
    "category": ("ChargeCategory",),
    "charge_class": ("ChargeClass",),
    "region": ("RegionId",),
    "invoice": ("InvoiceId",),
    "labels": ("Tags",),
}
REQUIRED = ("start", "amount")
_SINCE: dict[str, tuple[str, ...]] = {
    "1.4": ("InvoiceDetailId", "CommitmentProgramEligibilityDetails"),
    "1.3": (
        "ServiceProviderName", "HostProviderName", "ContractApplied", "AllocatedMethodId", "AllocatedMethodDetails",
        "AllocatedResourceId", "AllocatedResourceName", "AllocatedTags",
    ),
    "1.2": (
        "InvoiceId", "BillingAccountType", "SubAccountType", "PricingCurrency", "PricingCurrencyListUnitPrice",
        "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost",
    ),
    "1.1": (
        "SkuMeter", "SkuPriceDetails", "ServiceSubcategory", "CapacityReservationId", "CapacityReservationStatus",
        "CommitmentDiscountQuantity", "CommitmentDiscountUnit",
    ),
}  # fmt: skip
"""Version → columns it brought; the newest that shows is the file's."""


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


COLUMNS: dict[str, tuple[str, ...]] = {
    field: tuple(form for name in columns for form in (name, _spaced(name))) for field, columns in _FIELDS.items()
}
"""The names as the specification has them, in any case, their words parted with `_` or not."""
NAMES: Names = names(COLUMNS, {}, REQUIRED, ())


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header is that of a Cost and Usage table; every one has BilledCost and ChargePeriodStart."""
    return not layout(header, NAMES, profile).missing


def version(header: Sequence[str]) -> str:
    """The version of the specification whose columns a header shows: `1.0` to `1.4`."""
    seen = {plain(h) for h in header}
    return next((v for v, columns in _SINCE.items() if any(plain(c) in seen for c in columns)), "1.0")
