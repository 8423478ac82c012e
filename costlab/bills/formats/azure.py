"""Azure's cost and usage details, EA and MCA, actual or amortised; the older usage details with PreTaxCost as well.

The same money is exported in two views: actual cost has the purchase of a reservation, amortised cost spreads it over
the usage. A file that holds both is refused, and so are two files of one month. Dates like 9/2/2023 are month first, as
the provider documents, unless the file shows otherwise. Headers of a localised portal name the column in brackets.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.meaning import OPEN_INVOICE, CreditRules, case_sql, finder
from costlab.bills.reading.profile import Profile
from costlab.files.sql_text import identifier
from costlab.model.numbers import Text

TITLE = Text(en="Azure cost export", ru="выгрузка затрат Azure")
PROVIDER = "azure"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "day": ("Date", "UsageDateTime", "UsageDate"),
    "period": ("BillingPeriodStartDate", "BillingPeriodStart"),
    "account": ("BillingAccountId", "EnrollmentNumber"),
    "project": ("SubscriptionId", "SubscriptionGuid", "AbonnementGUID", "Abonnement-ID"),
    "resource_id": ("ResourceId", "InstanceId", "Instanz-ID", "Ressourcen-ID"),
    "resource_name": ("ResourceName", "Ressourcenname"),
    "service": ("MeterCategory", "Kategorie der Verbrauchseinheit"),
    "parameter": ("MeterName", "Name der Verbrauchseinheit"),
    "sku": ("MeterId", "Verbrauchseinheits-ID", "ID der Verbrauchseinheit"),
    "description": ("ProductName", "Product", "Produkt"),
    "quantity": ("Quantity", "UsageQuantity", "Menge"),
    "unit": ("UnitOfMeasure", "Maßeinheit"),
    "amount": ("CostInBillingCurrency", "PreTaxCost", "Kosten in Abrechnungswährung"),
    "list_cost": ("PaygCostInBillingCurrency",),
    "currency": ("BillingCurrencyCode", "BillingCurrency", "Currency", "Abrechnungswährung", "Währung"),
    "category": ("ChargeType", "Gebührentyp"),
    "region": ("ResourceLocation", "Ressourcenspeicherort"),
    "invoice": ("InvoiceId", "InvoiceNumber"),
    "labels": ("Tags", "Markierungen"),
}
_WEAK: dict[str, tuple[str, ...]] = {"Cost": ("amount",), "InstanceName": ("resource_id",), "Location": ("region",)}
REQUIRED = ("day", "service", "sku", "amount")
NAMES: Names = names(COLUMNS, _WEAK, REQUIRED, ())
_CATEGORIES = {
    **dict.fromkeys(("usage", "unusedreservation", "unusedsavingsplan"), "Usage"),
    **dict.fromkeys(("purchase", "refund"), "Purchase"),
    "tax": "Tax",
    "credit": "Credit",
}
"""A refund gives a purchase back; roundings and what is not known are Adjustment."""
_COMMITTED = ("reservation", "savingsplan", "savings plan")


def meaning(columns: Sequence[str]) -> CreditRules:
    """Categories, the view of the money, months without an invoice (of MCA; EA names none)."""
    find = finder(columns)
    models, reservation = find("PricingModel"), find("ReservationId")
    committed = [f"lower(trim({identifier(models)})) IN {_COMMITTED}"] if models else []
    bought = [*committed, *([f"trim({identifier(reservation)}) <> ''"] if reservation else [])]
    kind = "lower(trim(category))"
    unused = f"{kind} IN ('unusedreservation', 'unusedsavingsplan')"
    spread = [f"({kind} = 'usage' AND {test} AND amount <> 0)" for test in committed]
    bases = {"amortized": " OR ".join([unused, *spread])}
    if bought:
        bases["actual"] = f"{kind} = 'purchase' AND ({' OR '.join(bought)})"
    changed = {"category": case_sql("category", _CATEGORIES, "'Adjustment'")}
    return CreditRules(columns=changed, bases=bases, open_=OPEN_INVOICE if find("PreviousInvoiceId") else "")


RULES = Rules(
    currency="",
    month_bounds=("BillingPeriodStartDate", "billingPeriodStartDate", "BillingPeriodStart", "billingPeriodStart"),
    dates="mdy",
    signed=True,
    any_code=True,
    meaning=meaning,
)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header names a meter and its cost."""
    return not layout(header, NAMES, profile).missing
