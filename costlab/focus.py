"""FOCUS: the names this project's charges have as columns, and what they hold.

Source: FinOps Open Cost and Usage Specification 1.2, Cost and Usage dataset. Columns that begin with `x_` are ours, as
the specification provides. `BilledCost` here is gross, as the list is; only a FOCUS export splits tax into rows.
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
