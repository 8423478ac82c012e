"""FOCUS: the names this project's charges have as columns, and what they hold.

Source: FinOps Open Cost and Usage Specification 1.2, Cost and Usage dataset. Columns that begin with `x_` are ours, as
the specification provides. In `COLUMNS`, `BilledCost` is gross, as the list is; only a FOCUS export splits tax into
rows. `SPECIFIED` is the specification itself: what a column holds, whether it must be there and be filled.
"""

from typing import Literal, NamedTuple

ColumnType = Literal["text", "money", "decimal", "time", "date", "json"]


class Column(NamedTuple):
    """A column of the charges: FOCUS name, the attribute of `Charge` it comes from, and its type."""

    name: str
    attribute: str
    type: ColumnType


COLUMNS: tuple[Column, ...] = (
    Column("ResourceId", "resource_id", "text"),
    Column("ServiceName", "service", "text"),
    Column("x_Group", "group", "text"),
    Column("SkuId", "sku_id", "text"),
    Column("SkuMeter", "meter", "text"),
    Column("x_Dimensions", "dimensions", "json"),
    Column("ChargePeriodStart", "period.start", "time"),
    Column("ChargePeriodEnd", "period.end", "time"),
    Column("PricingQuantity", "quantity", "decimal"),
    Column("PricingUnit", "unit", "text"),
    Column("ListUnitPrice", "unit_price", "decimal"),
    Column("x_PricePer", "per", "decimal"),
    Column("x_ChargeModel", "charge_model", "text"),
    Column("x_RawCost", "raw_cost", "decimal"),
    Column("x_Rounding", "rounding.label", "text"),
    Column("BilledCost", "cost", "money"),
    Column("x_NetCost", "net", "money"),
    Column("x_Vat", "vat", "money"),
    Column("x_VatRate", "vat_rate", "decimal"),
    Column("BillingCurrency", "currency", "text"),
    Column("x_PriceEffective", "price_effective", "date"),
    Column("x_PriceSource", "price_source", "text"),
    Column("Tags", "tags", "json"),
)

VERSION = "1.2"
Level = Literal["M", "R", "C"]
"""Mandatory, recommended, or conditional: there when the provider has such a thing."""


class Specified(NamedTuple):
    """A column of the specification: type, whether it must be there, whether it may be null, the values it may have."""

    name: str
    type: ColumnType
    level: Level
    nullable: bool
    since: str
    allowed: tuple[str, ...] = ()


SPECIFIED: tuple[Specified, ...] = (
    Specified("AvailabilityZone", "text", "R", True, "0.5"),
    Specified("BilledCost", "decimal", "M", False, "0.5"),
    Specified("BillingAccountId", "text", "M", False, "0.5"),
    Specified("BillingAccountName", "text", "M", True, "0.5"),
    Specified("BillingAccountType", "text", "C", False, "1.2"),
    Specified("BillingCurrency", "text", "M", False, "0.5"),
    Specified("BillingPeriodEnd", "time", "M", False, "0.5"),
    Specified("BillingPeriodStart", "time", "M", False, "0.5"),
    Specified("CapacityReservationId", "text", "C", True, "1.1"),
    Specified("CapacityReservationStatus", "text", "C", True, "1.1", ("Used", "Unused")),
    Specified("ChargeCategory", "text", "M", False, "0.5", ("Usage", "Purchase", "Tax", "Credit", "Adjustment")),
    Specified("ChargeClass", "text", "M", True, "1.0", ("Correction",)),
    Specified("ChargeDescription", "text", "M", True, "1.0"),
    Specified("ChargeFrequency", "text", "R", False, "1.0", ("One-Time", "Recurring", "Usage-Based")),
    Specified("ChargePeriodEnd", "time", "M", False, "0.5"),
    Specified("ChargePeriodStart", "time", "M", False, "0.5"),
    Specified("CommitmentDiscountCategory", "text", "C", True, "1.0", ("Spend", "Usage")),
    Specified("CommitmentDiscountId", "text", "C", True, "1.0"),
    Specified("CommitmentDiscountName", "text", "C", True, "1.0"),
    Specified("CommitmentDiscountQuantity", "decimal", "C", True, "1.1"),
    Specified("CommitmentDiscountStatus", "text", "C", True, "1.0", ("Used", "Unused")),
    Specified("CommitmentDiscountType", "text", "C", True, "1.0"),
    Specified("CommitmentDiscountUnit", "text", "C", True, "1.1"),
    Specified("ConsumedQuantity", "decimal", "C", True, "1.0"),
    Specified("ConsumedUnit", "text", "C", True, "1.0"),
    Specified("ContractedCost", "decimal", "M", False, "1.0"),
    Specified("ContractedUnitPrice", "decimal", "C", True, "1.0"),
    Specified("EffectiveCost", "decimal", "M", False, "0.5"),
    Specified("InvoiceId", "text", "R", True, "1.2"),
    Specified("InvoiceIssuerName", "text", "M", False, "0.5"),
    Specified("ListCost", "decimal", "M", False, "1.0"),
    Specified("ListUnitPrice", "decimal", "C", True, "1.0"),
    Specified("PricingCategory", "text", "C", True, "1.0", ("Standard", "Dynamic", "Committed", "Other")),
    Specified("PricingCurrency", "text", "C", True, "1.2"),
    Specified("PricingCurrencyContractedUnitPrice", "decimal", "C", True, "1.2"),
    Specified("PricingCurrencyEffectiveCost", "decimal", "C", True, "1.2"),
    Specified("PricingCurrencyListUnitPrice", "decimal", "C", True, "1.2"),
    Specified("PricingQuantity", "decimal", "M", True, "1.0"),
    Specified("PricingUnit", "text", "M", True, "1.0"),
    Specified("ProviderName", "text", "M", False, "0.5"),
    Specified("PublisherName", "text", "M", False, "0.5"),
    Specified("RegionId", "text", "C", True, "1.0"),
    Specified("RegionName", "text", "C", True, "1.0"),
    Specified("ResourceId", "text", "C", True, "0.5"),
    Specified("ResourceName", "text", "C", True, "0.5"),
    Specified("ResourceType", "text", "C", True, "1.0"),
    Specified("ServiceCategory", "text", "M", False, "0.5"),
    Specified("ServiceName", "text", "M", False, "0.5"),
    Specified("ServiceSubcategory", "text", "R", False, "1.1"),
    Specified("SkuId", "text", "C", True, "1.0"),
    Specified("SkuMeter", "text", "C", True, "1.1"),
    Specified("SkuPriceDetails", "json", "C", True, "1.1"),
    Specified("SkuPriceId", "text", "C", True, "1.0"),
    Specified("SubAccountId", "text", "C", True, "0.5"),
    Specified("SubAccountName", "text", "C", True, "0.5"),
    Specified("SubAccountType", "text", "C", True, "1.2"),
    Specified("Tags", "json", "C", True, "1.0"),
)
"""The 57 columns of the Cost and Usage dataset of 1.2."""

TOGETHER: dict[str, str] = {
    "BillingAccountType": "BillingAccountId",
    "RegionName": "RegionId",
    "ResourceType": "ResourceId",
    "SubAccountName": "SubAccountId",
    "SubAccountType": "SubAccountId",
    "ConsumedUnit": "ConsumedQuantity",
    "PricingUnit": "PricingQuantity",
    "CommitmentDiscountUnit": "CommitmentDiscountQuantity",
    "CommitmentDiscountCategory": "CommitmentDiscountId",
    "CommitmentDiscountType": "CommitmentDiscountId",
}
"""Column -> the column with which it is null or filled."""

LATER = (
    "AllocatedMethodDetails", "AllocatedMethodId", "AllocatedResourceId", "AllocatedResourceName", "AllocatedTags",
    "CommitmentProgramEligibilityDetails", "ContractApplied", "HostProviderName", "InvoiceDetailId",
    "ServiceProviderName",
)  # fmt: skip
"""Columns of 1.3 and 1.4; a file that has them need not have `RETIRED`."""
RETIRED = ("ProviderName", "PublisherName")

_SUBCATEGORIES: dict[str, tuple[str, ...]] = {
    "AI and Machine Learning": (
        "AI Platforms",
        "Bots",
        "Generative AI",
        "Machine Learning",
        "Natural Language Processing",
    ),
    "Analytics": ("Analytics Platforms", "Business Intelligence", "Data Processing", "Search", "Streaming Analytics"),
    "Business Applications": ("Productivity and Collaboration",),
    "Compute": ("Containers", "End User Computing", "Quantum Compute", "Serverless Compute", "Virtual Machines"),
    "Databases": (
        "Caching",
        "Data Warehouses",
        "Ledger Databases",
        "NoSQL Databases",
        "Relational Databases",
        "Time Series Databases",
    ),
    "Developer Tools": (
        "Developer Platforms",
        "Continuous Integration and Deployment",
        "Development Environments",
        "Source Code Management",
        "Quality Assurance",
    ),
    "Identity": ("Identity and Access Management",),
    "Integration": ("API Management", "Messaging", "Workflow Orchestration"),
    "Internet of Things": ("IoT Analytics", "IoT Platforms"),
    "Management and Governance": (
        "Architecture",
        "Compliance",
        "Cost Management",
        "Data Governance",
        "Disaster Recovery",
        "Endpoint Management",
        "Observability",
        "Support",
    ),
    "Media": ("Content Creation", "Gaming", "Media Streaming", "Mixed Reality"),
    "Migration": ("Data Migration", "Resource Migration"),
    "Mobile": (),
    "Multicloud": ("Multicloud Integration",),
    "Networking": (
        "Application Networking",
        "Content Delivery",
        "Network Connectivity",
        "Network Infrastructure",
        "Network Routing",
        "Network Security",
    ),
    "Security": ("Secret Management", "Security Posture Management", "Threat Detection and Response"),
    "Storage": ("Backup Storage", "Block Storage", "File Storage", "Object Storage", "Storage Platforms"),
    "Web": ("Application Platforms",),
    "Other": (),
}

SUBCATEGORIES: dict[str, tuple[str, ...]] = {c: (*s, f"Other ({c})") for c, s in _SUBCATEGORIES.items()}
"""ServiceCategory -> its ServiceSubcategory values: 19 and 82."""

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
NATIONAL = frozenset(_CODES.split())
"""Currencies of ISO 4217; prices may also be in tokens or points, bills may not."""
