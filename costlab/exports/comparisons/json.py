"""JSON for programs: money as decimal text. The shape is stable; see the README, «JSON».

A comparison of very many lines is written with the lines that differ and one more that holds the rest, so that
Σ lines = the totals holds in every file.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from costlab import errors
from costlab.compare.result import CAUSES, Comparison, Rest, RowPattern
from costlab.exports.comparisons._figures import compact, key_columns, places
from costlab.exports.comparisons._words import why
from costlab.exports.problems import problem_json
from costlab.i18n.words import plain
from costlab.model.numbers import ZERO, Language

SUFFIX = "json"
MEDIA_TYPE = "application/json"
_BATCH = 5_000


def render(comparison: Comparison, language: Language) -> str:
    """The comparison as JSON text."""
    return "".join(stream(comparison, language))


def stream(comparison: Comparison, language: Language) -> Iterator[str]:
    """The same text piece by piece; a line of the comparison is a line of the text."""
    lines, rest = compact(comparison)
    head = json.dumps(_head(comparison), ensure_ascii=False, indent=1)
    yield head[: head.rindex("\n}")] + ',\n "lines": ['
    comma = ""
    for batch in lines.to_batches(max_chunksize=_BATCH):
        names = key_columns(lines)
        texts = [json.dumps(_line(row, names, comparison, language), ensure_ascii=False) for row in batch.to_pylist()]
        if texts:
            yield comma + "\n  " + ",\n  ".join(texts)
            comma = ","
    if rest is not None:
        yield comma + "\n  " + json.dumps(_rest(rest), ensure_ascii=False)
    tail = json.dumps(_tail(comparison, language), ensure_ascii=False, indent=1)
    yield "\n ]," + tail[1:] + "\n"


def money(value: Decimal) -> str:
    """An amount as text: two decimals, more only when it has more."""
    return f"{value:.{places(value)}f}"


def _causes(causes: Mapping[str, Decimal]) -> dict[str, str]:
    return {cause: money(causes[cause]) for cause in CAUSES}


def _head(comparison: Comparison) -> dict[str, Any]:
    return {
        "costlab": 1,
        "kind": comparison.kind,
        "name": comparison.name,
        "currency": comparison.currency,
        "sides": {
            "before": {"title": comparison.before_side.title, "source": comparison.before_side.source},
            "after": {"title": comparison.after_side.title, "source": comparison.after_side.source},
        },
        "before": money(comparison.before),
        "after": money(comparison.after),
        "delta": money(comparison.delta),
        "causes": _causes(comparison.causes),
    }


def _line(row: Mapping[str, Any], names: list[str], comparison: Comparison, language: Language) -> dict[str, Any]:
    key = {name: row[name].isoformat() if hasattr(row[name], "isoformat") else row[name] for name in names}
    data: dict[str, Any] = {"key": key}
    data |= {name: money(row[name] or ZERO) for name in ("before", "after")}
    data |= {"delta": money(row["delta"]), "causes": _causes(row), "verdict": row["verdict"]}
    data |= {"why": why(row, language, comparison.currency), "why_code": row["why_code"]}
    if pattern := json.loads(row["why_args"] or "{}").get("pattern"):
        data["pattern"] = int(pattern)
    for name in ("line_before", "line_after", "unit", "price_before", "price_after"):
        if row[name] not in (None, ""):
            data[name] = row[name]
    if row.get("file") and row["file"] != comparison.after_side.source:
        data["file"] = row["file"]
    for name in ("quantity_before", "quantity_after"):
        if row[name] is not None:
            data[name] = plain(row[name])
    return data


def _rest(rest: Rest) -> dict[str, Any]:
    """The lines that were left out because they match, or because very many others differ by more."""
    return {
        "key": {"matching_lines": rest.lines - rest.differing}
        | ({"other_lines": rest.differing} if rest.differing else {}),
        "before": money(rest.before),
        "after": money(rest.after),
        "delta": money(rest.delta),
        "causes": _causes(rest.causes),
        "verdict": "rest" if rest.differing else "match",
        "why": "",
    }


def _pattern(pattern: RowPattern, language: Language) -> dict[str, Any]:
    """One way in which many rows differ; `number` is that of its lines' `pattern`."""
    data: dict[str, Any] = {
        "number": pattern.number,
        "kind": pattern.kind,
        "rows": pattern.rows,
        "apart": pattern.apart,
    }
    data |= {name: money(getattr(pattern, name)) for name in ("before", "after", "delta")}
    data |= {"first_day": pattern.first.isoformat(), "last_day": pattern.last.isoformat()}
    data |= {name: day.isoformat() for name in ("since", "until") if (day := getattr(pattern, name)) is not None}
    if pattern.percent is not None:
        data["percent"] = plain(pattern.percent)
    data |= {"services": list(pattern.services), "skus": list(pattern.skus), "certain": not pattern.rivals}
    if pattern.rivals:
        data["ways"] = [{"way": way[language], "residual": money(left)} for way, left in pattern.rivals]
    if pattern.prices:
        data["prices"] = [
            {"sku_id": p.sku_id, "first_day": p.first.isoformat(), "last_day": p.last.isoformat() if p.last else None,
             "price": plain(p.price), "per": plain(p.per)}
            for p in pattern.prices
        ]  # fmt: skip
    finding = pattern.finding
    return data | {"message": errors.message(finding, language), "remedy": errors.remedy(finding, language)}


def _left_out(rest: Rest) -> dict[str, int]:
    """How many lines were compared and are not in `lines`."""
    return {"matching": rest.lines - rest.differing, "differing": rest.differing}


def _tail(comparison: Comparison, language: Language) -> dict[str, Any]:
    coverage = comparison.coverage
    return {
        "verdicts": {k: {"lines": n, "delta": money(x)} for k, (n, x) in comparison.verdicts.items()},
        "coverage": {
            "rows": coverage.rows,
            "rows_rated": coverage.rows_rated,
            "money": money(coverage.money),
            "money_rated": money(coverage.money_rated),
            "conversions": [
                {"unit": c.unit, "pricing_unit": c.pricing_unit, "factor": str(c.factor), "items": c.items}
                for c in coverage.conversions
            ],
        },
        **({"left_out": _left_out(comparison.rest)} if comparison.rest else {}),
        **(
            {"patterns": [_pattern(p, language) for p in comparison.patterns]} if comparison.kind == "reconcile" else {}
        ),
        "complete": comparison.complete,
        "problems": [problem_json(p, language) for p in comparison.problems],
    }
