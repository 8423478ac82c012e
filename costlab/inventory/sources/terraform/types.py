"""Types of Terraform's variables: a value that is given to one is turned into its type, `optional` filled in.

Source of the rules: HashiCorp's language documentation, "Type Constraints".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from costlab.inventory.sources.terraform.evaluate import CALLS, expression
from costlab.inventory.sources.terraform.functions import (
    NotKnownError,
    Unknown,
    as_set,
    boolean,
    number,
    text_of,
    unknowns,
)
from costlab.inventory.sources.terraform.texts import bare

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Optional:
    convert: Convert
    default: Any

    def __call__(self, value: Any) -> Any:
        return self.convert(self.default if value is None else value)


def converted(value: Any, type_: Any, name: str) -> Any:
    """A value in the type that its variable declares; not known where Terraform would refuse it."""
    if type_ is None:
        return value
    text = bare(str(type_))
    convert = expression(text[2:-1] if text.startswith("${") else text, _SCOPE)
    if isinstance(convert, Unknown) or not callable(convert):
        return Unknown(name)
    try:
        return convert(value)
    except (NotKnownError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return Unknown(name)


def _unless_open(convert: Convert) -> Convert:
    """Null stays null, and what is not known is not turned into anything."""
    return lambda value: value if value is None or isinstance(value, Unknown) else convert(value)


def _each(convert: Convert, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise NotKnownError
    return [convert(v) for v in value]


def _set(convert: Convert, value: Any) -> list[Any]:
    held = _each(convert, value)
    return held if any(True for _ in unknowns(held)) else as_set(held)


def _object(keys: dict[str, Convert], value: Any) -> dict[str, Any]:
    """Exactly the keys of the type; one that is no `optional` must be there."""
    if any(k not in value and not isinstance(c, _Optional) for k, c in keys.items()):
        raise NotKnownError
    return {k: convert(value.get(k)) for k, convert in keys.items()}


_SCOPE: dict[str, Any] = {
    "any": lambda value: value, "string": _unless_open(text_of), "number": _unless_open(number),
    "bool": _unless_open(boolean), "list": lambda value: value, "set": lambda value: value, "map": lambda value: value,
    CALLS: {
        "list": lambda c: _unless_open(lambda v: _each(c, v)),
        "set": lambda c: _unless_open(lambda v: _set(c, v)),
        "map": lambda c: _unless_open(lambda v: {k: c(x) for k, x in v.items()}),
        "object": lambda keys: _unless_open(lambda v: _object(keys, v)),
        "tuple": lambda cs: _unless_open(lambda v: [c(x) for c, x in zip(cs, v, strict=True)]),
        "optional": lambda c, default=None: _Optional(c, default),
    },
}  # fmt: skip
