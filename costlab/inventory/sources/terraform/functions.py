"""Functions of Terraform's language that are worked out here, and what a value is that only Terraform knows.

Source of the rules: HashiCorp's language documentation, "Functions" and "Type conversion".
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

MAX_ITEMS = 10_000
MAX_TEXT = 1_000_000
MAX_DIGITS = 30


@dataclass(frozen=True)
class Unknown:
    """A value that only Terraform knows: its text, and the address it is an attribute of, where it is only that."""

    text: str
    references: tuple[str, ...] = ()
    """`module.m["x"].vkcs_compute_flavor.a[0].id`; empty for whatever is computed from one."""


class NotKnownError(Exception):
    """Somewhere in an expression stands what is not known."""


def unknowns(value: Any) -> Iterator[Unknown]:
    """Everything in a value that is not known."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from unknowns(inner)


def limited(value: Any, name: str) -> Any:
    """A value, or that it is not known when it holds more than anybody writes."""
    left, open_ = MAX_ITEMS, [value]
    while open_:
        one = open_.pop()
        left -= 1 + (len(one) // MAX_TEXT * MAX_ITEMS if isinstance(one, str) else 0)
        if left < 0:
            return Unknown(name)
        if isinstance(one, dict | list):
            open_ += one.values() if isinstance(one, dict) else one
    return value


def text_of(value: Any) -> str:
    """A value as Terraform turns it into text."""
    if isinstance(value, Unknown | dict | list) or value is None:
        raise NotKnownError
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def number(value: Any) -> Any:
    """A value as Terraform turns it into a number: whole ones as `int`, others exact."""
    if isinstance(value, bool | Unknown | dict | list) or value is None:
        raise NotKnownError
    found = Decimal(str(value)) if isinstance(value, str) else Decimal(value)
    if found.is_nan() or found.is_infinite() or found.adjusted() > MAX_DIGITS:
        raise NotKnownError
    if isinstance(value, int | Decimal):
        return value
    return int(found) if found == found.to_integral_value() else found


def boolean(value: Any) -> bool:
    """A value as Terraform turns it into true or false."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise NotKnownError


def _merged(*maps: dict[str, Any]) -> dict[str, Any]:
    return {k: v for one in maps for k, v in one.items()}


def _flat(value: list[Any]) -> list[Any]:
    if any(isinstance(v, Unknown) for v in value):
        raise NotKnownError  # it may be a list of any length
    return [x for v in value for x in (_flat(v) if isinstance(v, list) else [v])]


def _range(*bounds: Any) -> list[int]:
    values = range(*(int(number(b)) for b in bounds))
    if len(values) > MAX_ITEMS:
        raise NotKnownError
    return list(values)


def _lookup(holder: dict[str, Any], key: str, *default: Any) -> Any:
    return holder[key] if key in holder else default[0]


def _unique(values: Any) -> list[Any]:
    return [v for n, v in enumerate(values) if v not in values[:n]]


def as_set(values: Any) -> list[Any]:
    """A set: texts stand in order."""
    held = _unique(list(values))
    return sorted(held) if all(isinstance(v, str) for v in held) else held


def _format(shape: str, *values: Any) -> str:
    """`%s`, `%d`, `%v` and numbers filled with zeros; anything else is not known."""
    left = list(values)

    def filled(mark: re.Match[str]) -> str:
        if mark[2] == "%":
            return "%"
        value = left.pop(0)
        return f"{int(number(value)):{mark[1]}d}" if mark[2] == "d" else text_of(value) if not mark[1] else _refuse()

    result = re.sub(r"%(0\d{1,2}|)([sdv%])", filled, shape)
    if left or re.search(r"%(?![sdv%0])", shape):
        raise NotKnownError
    return result


def _refuse() -> str:
    raise NotKnownError


def _replaced(text: str, old: str, new: str) -> str:
    return _refuse() if len(old) > 1 and old.startswith("/") and old.endswith("/") else text.replace(old, new)


def _product(*lists: list[Any]) -> list[list[Any]]:
    if prod(len(one) for one in lists) > MAX_ITEMS:
        raise NotKnownError
    return [list(p) for p in product(*lists)]


def _decoded(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "toset": as_set, "tolist": list, "tomap": dict, "tobool": boolean, "distinct": _unique,
    "concat": lambda *x: [v for one in x for v in one],
    "flatten": _flat, "merge": _merged, "keys": sorted, "values": lambda m: [m[k] for k in sorted(m)],
    "length": len, "range": _range, "lookup": _lookup, "contains": lambda held, v: v in held,
    "element": lambda held, n: held[int(n) % len(held)], "tonumber": number, "tostring": text_of,
    "max": lambda *x: max(map(number, x)), "min": lambda *x: min(map(number, x)),
    "ceil": lambda n: int(Decimal(number(n)).to_integral_value("ROUND_CEILING")),
    "floor": lambda n: int(Decimal(number(n)).to_integral_value("ROUND_FLOOR")),
    "coalesce": lambda *x: next(v for v in x if v not in (None, "")), "lower": str.lower, "upper": str.upper,
    "join": lambda sign, held: sign.join(map(text_of, held)), "split": lambda sign, text: text.split(sign),
    "zipmap": lambda k, v: dict(zip(map(text_of, k), v, strict=True)),
    "trimspace": str.strip, "chomp": lambda text: text.rstrip("\r\n"), "format": _format, "replace": _replaced,
    "trimprefix": str.removeprefix, "trimsuffix": str.removesuffix, "startswith": str.startswith,
    "endswith": str.endswith, "compact": lambda held: [v for v in held if v not in (None, "")],
    "reverse": lambda held: held[::-1], "sort": sorted, "slice": lambda held, a, b: held[int(a) : int(b)],
    "setproduct": _product, "setunion": lambda *x: as_set([v for s in x for v in s]),
    "jsondecode": _decoded, "sensitive": lambda v: v, "nonsensitive": lambda v: v, "abs": lambda n: abs(number(n)),
    "one": lambda held: held[0] if held else None, "sum": lambda held: sum(map(number, held)),
}  # fmt: skip
"""Functions of Terraform that are worked out here; any other makes its expression unknown."""
MAY_HOLD_UNKNOWN = (
    "concat",
    "flatten",
    "merge",
    "keys",
    "values",
    "length",
    "lookup",
    "element",
    "tolist",
    "tomap",
    "zipmap",
)
"""Functions that only move what they hold, known or not."""
