"""Read a `Spec`: its keys, labels, help, limits and allowed values. Forms are drawn and errors are worded from this."""

import ast
import inspect
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from textwrap import dedent
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from costlab.model.numbers import Text

Kind = Literal["choice", "bool", "int", "decimal", "text", "day", "record", "list"]


@dataclass(frozen=True)
class SpecField:
    """One key of a spec."""

    key: str
    """As written in the file."""
    label: Text
    help: Text
    kind: Kind
    required: bool
    default: Any
    choices: tuple[Any, ...] = ()
    record: type[BaseModel] | None = None
    """For `record` and for the items of a `list`."""
    minimum: Decimal | None = None
    exclusive_minimum: bool = False
    maximum: Decimal | None = None


@cache
def spec_fields(spec: type[BaseModel]) -> tuple[SpecField, ...]:
    """The keys of a spec in the order they are written."""
    docs = _attribute_docs(spec)
    return tuple(
        _field(name, info, info.description or docs.get(name, name)) for name, info in spec.model_fields.items()
    )


def _attribute_docs(spec: type[BaseModel]) -> dict[str, str]:
    """The text that stands below each attribute of a class and those it inherits.

    Pydantic would read it of every record when it is made (a fifth of a second before the first answer); only forms
    and messages ask.
    """
    docs: dict[str, str] = {}
    for record in reversed([c for c in spec.__mro__ if issubclass(c, BaseModel) and c is not BaseModel]):
        (body,) = ast.parse(dedent(inspect.getsource(record))).body
        lines = body.body if isinstance(body, ast.ClassDef) else []
        for field, below in pairwise(lines):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                docs[field.target.id] = inspect.cleandoc(str(below.value.value))
    return docs


def field_at(spec: type[BaseModel], path: tuple[str | int, ...]) -> SpecField | None:
    """The field a path of keys and indexes leads to."""
    found: SpecField | None = None
    record: type[BaseModel] | None = spec
    for part in path:
        if isinstance(part, int):
            continue
        if record is None:
            return None
        found = next((f for f in spec_fields(record) if f.key == part), None)
        if found is None:
            return None
        record = found.record
    return found


def record_at(spec: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The record whose keys stand at a path."""
    if not [p for p in path if isinstance(p, str)]:
        return spec
    found = field_at(spec, path)
    return found.record if found else None


def _field(name: str, info: FieldInfo, doc: str) -> SpecField:
    label, more = _words(doc)
    kind, choices, record = _kind(info.annotation)
    limits = [*info.metadata, *_inner_metadata(info.annotation)]
    low = _limit(limits, "gt")
    return SpecField(
        key=info.alias or name,
        label=label,
        help=more,
        kind=kind,
        required=info.is_required(),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        choices=choices,
        record=record,
        minimum=_limit(limits, "ge") if low is None else low,
        exclusive_minimum=low is not None,
        maximum=_limit(limits, "le"),
    )


def _words(doc: str) -> tuple[Text, Text]:
    """Label and help in English and Russian from an attribute docstring: two lines `Label: help`."""
    lines = [line.strip() for line in doc.strip().splitlines() if line.strip()]
    label, _, more = lines[0].partition(": ")
    russian, _, more_russian = lines[-1].partition(": ")
    return Text(en=label, ru=russian), Text(en=more, ru=more_russian)


def _members(annotation: Any) -> list[Any]:
    """The types a value may have, without None and without annotations."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [m for a in get_args(annotation) if a is not type(None) for m in _members(a)]
    return [annotation]


def _kind(annotation: Any) -> tuple[Kind, tuple[Any, ...], type[BaseModel] | None]:
    members = _members(annotation)
    record = next((m for m in members if isinstance(m, type) and issubclass(m, BaseModel)), None)
    first = members[0]
    if get_origin(first) is tuple:
        item = _members(get_args(first)[0])[0]
        return "list", (), item if isinstance(item, type) and issubclass(item, BaseModel) else None
    if get_origin(first) is Literal:
        return "choice", get_args(first), None
    kinds: dict[Any, Kind] = {bool: "bool", int: "int", Decimal: "decimal", str: "text", date: "day"}
    return kinds.get(first, "record"), (), record


def _inner_metadata(annotation: Any) -> list[Any]:
    """Constraints inside `Annotated[…] | None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        return [*metadata, *_inner_metadata(inner)]
    if origin in (Union, UnionType):
        return [m for a in get_args(annotation) for m in _inner_metadata(a)]
    return []


def _limit(metadata: list[Any], name: str) -> Decimal | None:
    for item in metadata:
        if isinstance(item, FieldInfo):
            limit = _limit(item.metadata, name)
            if limit is not None:
                return limit
        elif (value := getattr(item, name, None)) is not None:
            return Decimal(str(value))
    return None
