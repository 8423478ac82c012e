"""JSON for programs: money and quantities as decimal text. The shape is stable; keys are added, never renamed."""

import json
from typing import Any

from costlab.exports.estimates._charges import charge_json, period_json
from costlab.exports.problems import problem_json
from costlab.inventory.sources.estimate_file import as_file
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate, VatView

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
