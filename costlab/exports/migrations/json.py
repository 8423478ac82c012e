"""JSON for programs: money as decimal text, in kopecks. Keys are added, never renamed."""

import json
from decimal import Decimal
from typing import Any

from costlab.exports.migrations._words import MONTHLY, monthly, status, verdict
from costlab.exports.problems import problem_json
from costlab.migration.bridge import ORDER
from costlab.migration.budget import Budget, kopecks
from costlab.migration.cashflow import Measures
from costlab.migration.plan import CATEGORIES, month_name
from costlab.model.numbers import Language

SUFFIX = "json"
MEDIA_TYPE = "application/json"


def render(budget: Budget, language: Language) -> str:
    """The budget as JSON text."""
    return json.dumps(as_json(budget, language), ensure_ascii=False, indent=1) + "\n"


def as_json(budget: Budget, language: Language) -> dict[str, Any]:
    """The budget as plain data."""
    result, inputs = budget.result, budget.inputs
    return {
        "costlab": 1,
        "name": budget.plan.name,
        "currency": budget.plan.currency,
        "vat": "included" if budget.with_vat else "excluded",
        "starts": budget.plan.starts,
        "verdict": verdict(budget, language),
        "status": status(budget, language),
        "complete": budget.complete,
        "completeness": f"{(budget.completeness * 100).quantize(Decimal('0.1'))}",
        "not_given": list(budget.missing),
        **measures_json(result),
        "run_rate_before": text(inputs.base_source),
        "run_rate_after": text(sum((r.after for r in budget.run_rate), Decimal(0))),
        "monthly": [_month(budget, n) for n in range(len(budget.rows))],
        "horizons": {str(m): measures_json(found) for m, found in budget.horizons.items()},
        "bridge": [
            {"step": s.key, "title": ORDER[s.key][language], "amount": text(s.amount)} for s in budget.steps
        ],
        "run_rate": [
            {"category": r.category, "title": CATEGORIES[r.category][language], "today": text(r.today),
             "after": text(r.after), "state": r.state}
            for r in budget.run_rate
        ],
        "one_offs": [
            {"month": s.month, "name": s.name, "category": s.category, "owner": s.owner, "amount": text(s.amount)}
            for s in inputs.one_offs
        ],
        "sensitivity": {
            "swings": [
                {"input": s.key, "title": s.title[language],
                 "low": None if s.low is None else measures_json(s.low),
                 "high": None if s.high is None else measures_json(s.high)}
                for s in budget.swings
            ],
            "switch_value": text(budget.switch),
            "scenarios": {name: measures_json(m) for name, m in budget.scenarios.items()},
        },
        "assumptions": [
            {"key": a.key, "title": a.title[language], "value": a.value, "unit": a.unit, "given": a.given,
             "note": a.hint[language] if a.hint else ""}
            for a in budget.assumed
        ],
        "problems": [problem_json(p, language) for p in budget.problems],
    }  # fmt: skip


def text(value: Decimal | None) -> str | None:
    """An amount in kopecks as text."""
    return None if value is None else str(kopecks(value))


def measures_json(measures: Measures) -> dict[str, Any]:
    """The measures of a horizon."""
    return {
        "months": measures.months,
        "status_quo": text(measures.status_quo),
        "project": text(measures.project),
        "net": text(measures.net),
        "npv": text(measures.npv),
        "break_even": measures.break_even,
        "break_even_discounted": measures.break_even_discounted,
        "break_even_without_refresh": measures.break_even_without_refresh,
        "trough": {"amount": text(measures.trough), "month": measures.trough_month},
        "one_off_total": text(measures.one_offs),
        "dual_total": text(measures.dual),
        "run_rate_saving": text(measures.run_rate),
        "payback_months": None if measures.payback is None else f"{measures.payback:.2f}",
        "roi": None if measures.roi is None else f"{measures.roi:.4f}",
    }


def _month(budget: Budget, row: int) -> dict[str, Any]:
    found = monthly(budget, row)
    amounts = {name: None if found[name] is None else str(found[name]) for name in MONTHLY}
    return {"month": row + 1, "name": month_name(budget.plan, row + 1), **amounts}
