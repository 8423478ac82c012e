"""The names of FOCUS that more than one of its tables has: providers, and by which columns a table is known."""

import re
from collections.abc import Sequence

FOCUS = "focus"
"""The provider when the rows name none, or several."""
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


def dataset(header: Sequence[str]) -> str:
    """The name of another FOCUS dataset that has this header; "" when it is none."""
    seen = {plain(h) for h in header}
    if plain("ChargePeriodStart") in seen:
        return ""
    return next((name for name, columns in _OTHERS.items() if all(plain(c) in seen for c in columns)), "")


def provider(said: Sequence[str]) -> str:
    """The folder-like name of the one provider the rows name; `focus` when they name several, or none."""
    found = {_provider(s) for s in said if s.strip()}
    return found.pop() if len(found) == 1 else FOCUS


def _provider(said: str) -> str:
    word = " ".join(re.findall(r"\w+", said.casefold()))
    known = next((name for name, words in _PROVIDERS.items() if word in words), "")
    return known or "-".join(re.findall(r"[a-z0-9]+", word))[:40] or FOCUS


def plain(name: str) -> str:
    """A column's name in lower case, without the marks between its words."""
    return re.sub(r"[\W_]+", "", name).casefold()
