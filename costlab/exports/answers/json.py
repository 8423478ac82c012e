"""JSON of an answer: every digit, money and quantities as strings, currencies apart."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from costlab.exports.answers._words import rules_met
from costlab.exports.problems import problem_json
from costlab.i18n.words import plain
from costlab.model.numbers import Language
from costlab.questions import Answer

SUFFIX = "json"
MEDIA_TYPE = "application/json"


def render(answer: Answer, language: Language) -> str:
    """The answer as JSON text."""
    where = answer.where
    data = {
        "costlab": 1,
        "question": answer.question,
        "by": list(answer.by),
        "grain": answer.grain,
        "top": answer.top,
        "where": {
            "first_period": f"{where.first_period:%Y-%m}" if where.first_period else None,
            "last_period": f"{where.last_period:%Y-%m}" if where.last_period else None,
            "equal": {name: list(values) for name, values in where.equal},
        },
        "totals": {currency: plain(value) for currency, value in sorted(answer.totals.items())},
        "charges": answer.charges,
        **_conversion(answer, language),
        "first_day": _value(answer.first_day),
        "last_day": _value(answer.last_day),
        "periods": [f"{p:%Y-%m}" for p in answer.periods],
        "rows": [{k: _value(v) for k, v in row.items()} for row in answer.table.to_pylist()],
        "rules": [{"sign": name, "why": why} for name, why in rules_met(answer, language)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _conversion(answer: Answer, language: Language) -> dict[str, Any]:
    """What money was before it was converted, and what had no rate."""
    if not answer.rates:
        return {}
    before = {currency: plain(value) for currency, value in sorted(answer.originals.items())}
    told = [problem_json(p, language) for p in answer.problems]
    return {"originals": before, "rates": answer.rates, "complete": not told, "problems": told}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value
