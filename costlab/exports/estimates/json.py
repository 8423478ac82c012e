"""JSON for programs: money and quantities as decimal text. The shape is stable; keys are added, never renamed."""

import json
from typing import Any

from costlab.exports.estimates import VatView
from costlab.exports.problems import problem_json
from costlab.i18n.words import plain
from costlab.inventory.sources.estimate_file import as_file
from costlab.model.numbers import Language, Period
from costlab.model.scenario import Charge, Estimate

SUFFIX = "json"
MEDIA_TYPE = "application/json"


def render(estimate: Estimate, language: Language, vat: VatView) -> str:  # noqa: ARG001 (JSON always carries both)
    """The estimate as JSON text."""
    return json.dumps(as_json(estimate, language), ensure_ascii=False, indent=1) + "\n"


def as_json(estimate: Estimate, language: Language) -> dict[str, Any]:
    """The estimate as plain data, money and quantities as text."""
    rate = estimate.vat_rate
    data: dict[str, Any] = {
        "costlab": 1,
        "name": estimate.name,
        "provider": estimate.provider,
        "region": estimate.region,
        "currency": estimate.currency,
        "period": {**period_json(estimate.period), "minutes": str(estimate.period.minutes)},
        "prices_on": estimate.prices_on.isoformat() if estimate.prices_on else None,
        "total": str(estimate.total),
        "total_net": str(estimate.total_net),
        "vat": str(estimate.vat),
        "vat_rate": None if rate is None else str(rate),
        "complete": estimate.complete,
        "unpriced": estimate.unpriced,
        "catalog": estimate.catalog.model_dump(mode="json"),
        "resources": [
            {
                "id": r.resource_id,
                "service": r.service,
                "group": r.group,
                "cost": str(r.cost),
                "complete": r.complete,
            }
            for r in estimate.resources
        ],
        "charges": [charge_json(c, language) for c in estimate.charges],
        "assumptions": [
            {
                "resource_id": a.resource_id,
                "key": a.key,
                "value": a.value,
                "reason": a.reason[language],
                "source": a.source,
            }
            for a in estimate.assumptions
        ],
        "problems": [problem_json(p, language) for p in estimate.problems],
        "estimate": as_file(estimate.scenario),
    }
    if any(c.contract for c in estimate.charges):
        listed = estimate.list_total
        data["contract"] = {
            "folder": estimate.contract,
            "list_total": None if listed is None else str(listed),
            "agreed": {name: str(-off) for name, off in estimate.agreed.items()},
        }
    if estimate.total_low is not None and estimate.total_high is not None:
        data |= {"total_low": str(estimate.total_low), "total_high": str(estimate.total_high)}
    return data


def charge_json(charge: Charge, language: Language) -> dict[str, Any]:
    """One charge; names as in the estimate's JSON, FOCUS names are in `focus.py`."""
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
