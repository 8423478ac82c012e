"""A charge as plain data, for programs: money and quantities as decimal text."""

from typing import Any

from costlab.i18n.words import plain
from costlab.model.numbers import Language, Period
from costlab.model.scenario import Charge


def charge_json(charge: Charge, language: Language) -> dict[str, Any]:
    """One charge; names as in the estimate's JSON, FOCUS names are in `focus/`."""
    data: dict[str, Any] = {
        "resource_id": charge.resource_id,
        "service": charge.service,
        "group": charge.group,
        "dimensions": charge.dimensions,
        "meter": charge.meter,
        "sku_id": charge.sku_id,
        "period": period_json(charge.period),
        "quantity": plain(charge.quantity),
        "unit": charge.unit,
        "charge_model": charge.charge_model,
        "unit_price": f"{charge.unit_price:f}",
        "per": f"{charge.per:f}",
        "raw_cost": f"{charge.raw_cost:.12f}",
        "vat_rate": str(charge.vat_rate),
        "net": str(charge.net),
        "vat": str(charge.vat),
        "rounding": charge.rounding.label,
        "cost": str(charge.cost),
        "price_effective": charge.price_effective.isoformat() if charge.price_effective else None,
        "price_source": charge.price_source,
        "tags": charge.tags,
    }
    if charge.price_note is not None:
        data["note"] = charge.price_note[language]
    if charge.contract:
        data |= {"contract": charge.contract, "list_cost": None if charge.list_cost is None else str(charge.list_cost)}
    if charge.tiers:
        data["tiers"] = [
            {"up_to": None if t.up_to is None else f"{t.up_to:f}", "unit_price": f"{t.price:f}"} for t in charge.tiers
        ]
    return data


def period_json(period: Period) -> dict[str, str]:
    """Both ends with the region's offset."""
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
