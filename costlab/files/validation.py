"""Turn what pydantic found wrong into problems a person can act on: file, line, key, allowed values, nearest one."""

import re
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from costlab.errors import message, near, remedy
from costlab.files.documents import Document
from costlab.model.numbers import Args, Problem, Text
from costlab.model.spec_fields import SpecField, field_at, record_at, spec_fields

_TYPES: dict[str, Text] = {
    "bool": Text(en="true or false", ru="true или false"),
    "int": Text(en="a whole number", ru="целое число"),
    "decimal": Text(en="a number", ru="число"),
    "text": Text(en="a text", ru="текст"),
    "day": Text(en="a day such as 2026-11-01", ru="день, например 2026-11-01"),
    "list": Text(en="a list", ru="список"),
    "record": Text(en="a group of keys", ru="группа ключей"),
}
Place = tuple[str | int, ...]
_TOO_LONG = ("decimal_max_places", "decimal_max_digits", "decimal_whole_digits", "finite_number")
_WIDTH = 60


def problems_of(
    error: ValidationError, document: Document, base: Place, subject: str, record: type[BaseModel]
) -> list[Problem]:
    """One problem for each thing wrong below `base` in a document, in the order of the file."""
    found: dict[tuple[Place, str], Problem] = {}
    for detail in error.errors():
        place = _in_data(detail["loc"], _at(document.data, base), missing=detail["type"] == "missing")
        problem = _problem(detail, place, document, base, subject, record)
        if problem is not None:
            found.setdefault((place, problem.code), problem)
    return sorted(found.values(), key=lambda p: p.line or 0)


def first_wrong(error: ValidationError, data: dict[str, Any], record: type[BaseModel]) -> tuple[str, str]:
    """The first thing wrong with data that stands in no file of ours, in English and in Russian."""
    found = problems_of(error, Document(data, {}, ""), (), "", record)[0]
    en, ru = (f"{message(found, language)}; {remedy(found, language)}" for language in ("en", "ru"))
    return en, ru


def _at(data: Any, path: Place) -> Any:
    for part in path:
        data = data[part]
    return data


def _in_data(loc: tuple[int | str, ...], data: Any, *, missing: bool) -> Place:
    """The part of a pydantic location that exists in the data: names of union members fall out."""
    place: list[str | int] = []
    for index, part in enumerate(loc):
        inside = isinstance(data, dict) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        if inside:
            place.append(part)
            data = data[part]
        elif missing and index == len(loc) - 1:
            place.append(part)
    return tuple(place)


def _problem(
    detail: ErrorDetails, place: Place, document: Document, base: Place, subject: str, record: type[BaseModel]
) -> Problem | None:
    kind, context = detail["type"], detail.get("ctx", {})
    field = field_at(record, place)
    value = detail.get("input")
    if kind == "int_type" and isinstance(value, dict) and field and field.record:
        return None  # the other member of the union says it better
    if kind in ("model_type", "model_attributes_type") and field and field.kind not in {"record", "list"}:
        return None
    args: Args = {k: v if isinstance(v, Text) else str(v) for k, v in context.items() if k != "error"}
    key = ".".join(str(p) for p in place if isinstance(p, str))
    code = kind if kind in ("invalid", "unknown_flavor") else ""
    if code == "invalid":
        args["key"] = ".".join(x for x in (key, context.get("key", "")) if x)
        place = (*place, context["key"]) if "key" in context else place
    elif code == "unknown_flavor":
        args |= {"key": key, "value": str(value)}
    else:
        code, args = _standard(kind, place, key, value, context, field, record)
    line = document.line(*base, *place)
    return Problem(code=code, source=document.source, line=line, subject=subject, args=args)


def _standard(
    kind: str,
    place: Place,
    key: str,
    value: Any,
    context: dict[str, Any],
    field: SpecField | None,
    record: type[BaseModel],
) -> tuple[str, Args]:
    if kind == "extra_forbidden":
        around = record_at(record, place[:-1])
        allowed = [f.key for f in spec_fields(around)] if around else []
        return "unknown_key", {"key": key, **near(str(place[-1]), allowed)}
    if kind == "missing":
        hint = f" {field.choices[0]}" if field and field.choices else ""
        return "missing_key", {"key": str(place[-1]) if place else key, "hint": hint}
    if kind == "literal_error" and field:
        return "not_allowed", {
            "key": key,
            "value": shown(value),
            **near(str(value), map(str, field.choices)),
        }
    limits = {
        "greater_than": ">",
        "greater_than_equal": "≥",
        "less_than": "<",
        "less_than_equal": "≤",
    }
    if kind in limits:
        bound = next(iter(context.values()))
        return "out_of_range", {"key": key, "value": shown(value), "limit": f"{limits[kind]} {_plain(bound)}"}
    if kind in _TOO_LONG:
        return "out_of_range", {
            "key": key,
            "value": shown(value),
            "limit": Text(
                en="at most 10^12, with at most 6 decimals", ru="не больше 10^12 и не больше 6 знаков после запятой"
            ),
        }
    item_of_texts = kind == "string_type" and isinstance(place[-1] if place else key, int)
    expected = _TYPES.get(
        "text" if item_of_texts else field.kind if field else "record",
        Text(en="a valid value", ru="допустимое значение"),
    )
    return "wrong_type", {"key": key, "value": shown(value), "expected": expected}


def shown(value: Any) -> str:
    """A value as the file would have it, cut to the line of a terminal."""
    text = _flow(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k}: {_flow(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(v) for v in value)}]"
    return {"True": "true", "False": "false", "None": "null"}.get(repr(value), str(value))


def _plain(bound: Any) -> str:
    """A limit as a number: pydantic gives a Decimal as the text of its Python form."""
    return re.sub(r"Decimal\('(.*)'\)", r"\1", str(bound))
