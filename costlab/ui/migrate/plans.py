"""A migration plan being written: tables of text, as typed, and the plan file made of them.

The file is the only judge: what was typed becomes YAML and is read as any plan is, with the same problems. Keys that no
table shows stay in the plan as they were.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from costlab.i18n.words import plain
from costlab.migration.plan import Plan, parse_plan
from costlab.model.numbers import Language
from costlab.ui.estimate.form import number_text

TABLES = ("lines", "extra", "waves", "one_offs", "credits", "refresh")
"""Tables of a plan by what the page calls them."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "lines": ("category", "name", "amount", "vat", "per", "stops_at", "ends", "source"),
    "extra": ("category", "name", "amount", "vat", "source"),
    "waves": ("name", "share", "target_starts", "source_paid_until", "ramp"),
    "one_offs": ("month", "name", "category", "amount", "vat", "source"),
    "credits": ("month", "name", "amount", "vat", "source"),
    "refresh": ("month", "name", "category", "amount", "vat", "source"),
}
_WHOLE = ("starts", "ends", "month", "target_starts", "source_paid_until", "ramp")
_NUMBERS = ("amount", "share", "vat_rate", "indexation")
FINANCE = ("horizon", "discount_rate", "growth", "index_source", "index_target", "contingency")
Rows = list[dict[str, str]]


def empty(name: str) -> dict[str, Any]:
    """A plan of which nothing is known."""
    return {"costlab": 1, "name": name}


def rows(plan: Mapping[str, Any], table: str) -> Rows:
    """A table's rows as text, with every key they have."""
    found = {
        "lines": (plan.get("current") or {}).get("lines"),
        "extra": (plan.get("target") or {}).get("lines"),
    }.get(table, plan.get(table))
    return [{k: _text(v) for k, v in row.items()} for row in found or ()]


def data_of(plan: Plan) -> dict[str, Any]:
    """A plan that was read, as the data of its file, what it leaves to its defaults left out."""
    data: dict[str, Any] = plan.model_dump(mode="python", exclude_unset=True)
    return data


def with_tables(plan: Mapping[str, Any], tables: Mapping[str, Rows], language: Language) -> dict[str, Any]:
    """The plan with its tables in the place of those it had."""
    data = {**plan, "current": dict(plan.get("current") or {}), "target": dict(plan.get("target") or {})}
    for table, typed in tables.items():
        made = [_entry(row, language) for row in typed]
        made = [row for row in made if row]
        if table == "lines":
            data["current"]["lines"] = made
        elif table == "extra":
            data["target"]["lines"] = made
        elif made or table in plan or table == "waves":
            data[table] = made
    return data


def with_finance(plan: Mapping[str, Any], typed: Mapping[str, str], vat: str, language: Language) -> dict[str, Any]:
    """The plan with its finance fields; an empty field is a field not given."""
    values = {k: typed_number(v, language) for k, v in typed.items() if v.strip()}
    sides = {k.removeprefix("index_"): values.pop(k) for k in ("index_source", "index_target") if k in values}
    finance: dict[str, Any] = {**values, **({"indexation": sides} if sides else {})}
    if vat:
        finance["vat_recoverable"] = vat == "yes"
    return {**plan, "finance": finance}


def finance_of(plan: Mapping[str, Any]) -> dict[str, str]:
    """The finance fields of a plan as text."""
    finance = dict(plan.get("finance") or {})
    index = dict(finance.get("indexation") or {})
    found = {f"index_{k}": v for k, v in index.items()} | finance
    return {k: _text(found[k]) for k in FINANCE if found.get(k) is not None}


def vat_of(plan: Mapping[str, Any]) -> str:
    """`yes`, `no`, or nothing where the plan does not say."""
    given = (plan.get("finance") or {}).get("vat_recoverable")
    return "" if given is None else "yes" if given else "no"


def text_of(plan: Mapping[str, Any]) -> str:
    """A plan as YAML; decimals are written as text, so that nobody reads them through a float."""
    return str(yaml.safe_dump(_plain(plan), allow_unicode=True, sort_keys=False, width=120))


def read(plan: Mapping[str, Any], source: str) -> Plan:
    """The plan as the verbs want it. Raises `InputError` with everything that is wrong."""
    return parse_plan(text_of(plan).encode(), source)


def wanting(plan: Mapping[str, Any]) -> str:
    """What is missing before anything (`lines`), or before months (`waves`), can be worked out; "" for nothing."""
    if not (plan.get("current") or {}).get("lines"):
        return "lines"
    return "" if plan.get("waves") else "waves"


def at_once(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan moved in one step in its first month: only for its monthly costs, which do not depend on the waves."""
    return {**plan, "waves": [{"share": 1, "target_starts": 1, "source_paid_until": 0}]}


def _entry(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for key, value in row.items():
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            continue
        if key in _WHOLE or key in _NUMBERS:
            entry[key] = typed_number(text, language) if key in _NUMBERS else _whole(text)
        elif key == "retired":
            entry[key] = text == "true"
        else:
            entry[key] = text
    return entry


def typed_number(text: str, language: Language) -> Any:
    """A number as people type it, as the file writes it."""
    return _whole(number_text(text, language))


def _whole(text: str) -> Any:
    """Digits as an integer; anything else stays text for the plan's reader to judge."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else text  # noqa: PLR2004


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if hasattr(value, "as_tuple") else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(v) for v in value]
    return value if isinstance(value, bool | int | str) else _text(value)
