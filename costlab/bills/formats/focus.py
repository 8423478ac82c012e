"""FOCUS 1.0 to 1.3, the Cost and Usage table, CSV or Parquet: columns by the specification's names, periods in UTC.

Every ChargeCategory is kept as a row of its own: usage, purchases, taxes, credits, adjustments, and corrections with
their class. `amount` is BilledCost, what the invoice takes; ListCost and EffectiveCost stand beside it. A column that
has no field of ours keeps its name after `x_`. Other FOCUS datasets (contract commitments, invoice details, billing
periods) hold no charges and are refused by name.
"""

import re
from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="FOCUS, cost and usage", ru="FOCUS, Cost and Usage")
PROVIDER = "focus"
"""When the rows name no provider, or several."""
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
_OTHERS: dict[str, tuple[str, ...]] = {
    "Contract Commitment": ("ContractCommitmentId",),
    "Invoice Detail": ("InvoiceDetailId", "InvoiceIssueStatus"),
    "Billing Period": ("BillingPeriodStatus", "BillingPeriodLastUpdated"),
}
_PROVIDERS = {
    "aws": ("aws", "amazon", "amazon web services"), "azure": ("azure", "microsoft", "microsoft azure"),
    "gcp": ("gcp", "google", "google cloud", "google cloud platform"), "oracle": ("oci", "oracle", "oracle cloud"),
    "vk": ("vk", "vk cloud", "вк", "вк облако"), "yandex": ("yandex", "yandex cloud"), "selectel": ("selectel",),
}  # fmt: skip


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
    seen = {_plain(h) for h in header}
    return next((v for v, columns in _SINCE.items() if any(_plain(c) in seen for c in columns)), "1.0")


def dataset(header: Sequence[str]) -> str:
    """The name of another FOCUS dataset that has this header; "" when it is none."""
    seen = {_plain(h) for h in header}
    if _plain("ChargePeriodStart") in seen:
        return ""
    return next((name for name, columns in _OTHERS.items() if all(_plain(c) in seen for c in columns)), "")


def provider(said: Sequence[str]) -> str:
    """The folder-like name of the one provider the rows name; `focus` when they name several, or none."""
    found = {_provider(s) for s in said if s.strip()}
    return found.pop() if len(found) == 1 else PROVIDER


def _provider(said: str) -> str:
    word = " ".join(re.findall(r"\w+", said.casefold()))
    known = next((name for name, words in _PROVIDERS.items() if word in words), "")
    return known or "-".join(re.findall(r"[a-z0-9]+", word))[:40] or PROVIDER


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
