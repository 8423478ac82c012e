"""An estimate's charges as input of the FOCUS program: net prices of one unit, moments in UTC."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa

from costlab import services
from costlab.catalog.loading import Catalog, load_catalog
from costlab.engine import duckdb as engine
from costlab.focus.names import service_kind, unit_name
from costlab.focus.rows import ENTRY, create_focus_rows, net_price, rate_price, table
from costlab.model.numbers import Language
from costlab.model.scenario import Charge, Estimate

_OURS = ("x_Group", "x_Dimensions", "x_Rounding", "x_Contract", "x_PriceAsPublished", "x_PricePer", "x_ChargeModel")


def create_estimate_rows(connection: duckdb.DuckDBPyConnection, estimate: Estimate, language: Language) -> list[str]:
    """Create the table `focus_row` of an estimate's charges; returns its columns in order.

    Raises `InputError` when amounts are too large.
    """
    catalog = load_catalog(estimate.provider)
    engine.create(connection, "entry", table(ENTRY, _entries(estimate, catalog, language)))
    more = pa.schema([("n", pa.int64()), *((n, pa.string()) for n in _OURS)])
    engine.create(connection, "more", table(more, map(_more, range(len(estimate.charges)), estimate.charges)))
    return create_focus_rows(connection, _OURS)


def _entries(estimate: Estimate, catalog: Catalog, language: Language) -> Iterator[dict[str, Any]]:
    region = catalog.provider.regions[estimate.region]
    for n, charge in enumerate(estimate.charges):
        sku = catalog.by_id.get(charge.sku_id)
        service = sku.service if sku else charge.service
        category, subcategory = service_kind([service], catalog)
        priced = bool(charge.meter)
        share = Fraction(charge.vat_rate) / (1 + Fraction(charge.vat_rate))
        plain = priced and charge.charge_model == "per_unit" and charge.rounding.scope != "unit"
        agreed = net_price(charge.unit_price, charge.per, charge.vat_rate, charge.price_vat) if plain else None
        yield {
            "n": n,
            "start": _utc(charge.period.start),
            "end": _utc(charge.period.end),
            "period_start": _utc(estimate.period.start),
            "period_end": _utc(estimate.period.end),
            "provider": catalog.provider.title.en,
            "category": "Usage" if priced else "Adjustment",
            "account": "estimate",
            "account_name": estimate.name,
            "resource_id": _lettered(charge.resource_id, "resource-") if priced else None,
            "service": _service_title(service, catalog, language) or catalog.provider.title[language],
            "service_category": category,
            "service_subcategory": subcategory,
            "sku": charge.sku_id,
            "sku_price": f"{charge.sku_id}@{charge.contract or charge.price_effective or charge.price_source}",
            "meter": charge.meter or None,
            "description": charge.sku_name[language],
            "quantity": charge.quantity.scaleb(18) if priced else None,
            "unit": unit_name(charge.unit),
            "source_unit": charge.unit or None,
            "list_price": _list_price(charge, agreed),
            "agreed_price": agreed,
            "amount": charge.cost.scaleb(18),
            "bonus": Decimal(0),
            "list_amount": None if charge.list_cost is None else charge.list_cost.scaleb(18),
            "vat_n": Decimal(share.numerator),
            "vat_d": Decimal(share.denominator),
            "vat_rate": str(charge.vat_rate),
            "currency": charge.currency,
            "region": region.region,
            "region_name": region.title[language],
            "tags": json.dumps(charge.tags, ensure_ascii=False) if charge.tags else None,
            "price_details": json.dumps({f"x_{k}": v for k, v in charge.dimensions.items()})
            if charge.dimensions
            else None,
            "price_effective": charge.price_effective.isoformat() if charge.price_effective else None,
            "price_source": charge.price_source,
            "given": False,
        }


def _more(n: int, charge: Charge) -> dict[str, Any]:
    return {
        "n": n,
        "x_Group": charge.group or None,
        "x_Dimensions": json.dumps(charge.dimensions, ensure_ascii=False) if charge.dimensions else None,
        "x_Rounding": charge.rounding.label,
        "x_Contract": charge.contract or None,
        "x_PriceAsPublished": f"{charge.unit_price:f}" if charge.meter else None,
        "x_PricePer": f"{charge.per:f}" if charge.meter else None,
        "x_ChargeModel": charge.charge_model,
    }


def _list_price(charge: Charge, agreed: Decimal | None) -> Decimal | None:
    """The list's price; the agreed one where that is the list's, or the list has none."""
    rate = charge.list_rate
    if not charge.contract or charge.list_cost is None:
        return agreed
    return rate_price(rate, charge.vat_rate) if rate is not None else None


def _service_title(service: str, catalog: Catalog, language: Language) -> str:
    if service in services.names():
        return services.load(service).TITLE[language]
    sections = catalog.sections.get(service, ())
    return sections[0] if sections else service


def _lettered(name: str, word: str) -> str:
    return f"{word}{name}" if name and all(c in "0123456789.+-eE" for c in name) else name


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
