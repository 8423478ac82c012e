"""One line that says how a resource is configured, from its `Spec` alone."""

from typing import Any

from pydantic import BaseModel

from costlab.model.numbers import Language
from costlab.model.spec_fields import SpecField, spec_fields
from costlab.ui.choices import choice

_ITEMS = 3
"""Items of a list that are written out."""


def summary(record: type[BaseModel], data: Any, language: Language) -> str:
    """`STD3-4-16 · SSD (ceph-ssd) 100 ГБ · Публичные IPv4: 1`; values that are off, zero or empty are left out."""
    return " · ".join(_words(record, data, language))


def _words(record: type[BaseModel], data: Any, language: Language) -> list[str]:
    if not isinstance(data, dict):
        return []
    return [w for f in spec_fields(record) if (w := _word(f, data.get(f.key), language))]


def _item(record: type[BaseModel], data: Any, language: Language) -> str:
    """An item of a list, its name first when it has one."""
    words = _words(record, data, language)
    named = isinstance(data, dict) and "name" in data
    return f"{words[0]}: {', '.join(words[1:])}" if named and words else " ".join(words)


def _word(field: SpecField, value: Any, language: Language) -> str:
    if value in (None, "", 0, False, "0", [], {}):
        return ""
    label = field.label[language]
    if field.kind == "bool":
        return label
    if isinstance(value, list) and field.record is not None:
        items = [_item(field.record, x, language) for x in value]
        rest = len(items) - _ITEMS
        return " + ".join(items[:_ITEMS]) + (f" + … {rest}" if rest > 0 else "")
    if isinstance(value, dict) and field.record is not None:
        ends = "–".join(str(v) for v in value.values())
        inner = " ".join(_words(field.record, value, language)) if field.kind == "record" else ends
        return inner if inner.startswith(label) else f"{label}: {inner}"
    if field.kind in ("choice", "text"):
        return f"{label}: {value}" if isinstance(value, int) else choice(value, language)
    shown = str(value).replace(".", ",") if language == "ru" else str(value)
    what, _, unit = label.rpartition(", ")
    return (f"{shown} {unit}" if field.key == "size_gb" else f"{what}: {shown} {unit}") if what else f"{label}: {shown}"
