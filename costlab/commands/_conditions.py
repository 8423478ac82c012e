"""`--fail-if "delta > 10000"`: a condition on a result, for pipelines. One comparison of a known figure with a number.

The figures: `total` (of what is priced now), `delta` (after - before), `delta_percent` (of before), `unpriced` (lines
without a price). Nothing is evaluated but this form; several conditions are several options.
"""

import operator
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from costlab.commands import FAILED

FIGURES = ("total", "delta", "delta_percent", "unpriced")
_FORM = re.compile(r"\s*([a-z_]+)\s*(>=|<=|==|>|<)\s*([-+]?[0-9]{1,15}(?:\.[0-9]{1,6})?)\s*(%?)\s*\Z")
_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq,
}  # fmt: skip
_HELP = {
    "en": "exit with 4 when this holds: total|delta|delta_percent|unpriced, > >= < <= ==, a number; may be repeated",
    "ru": "завершиться с кодом 4, если верно: total|delta|delta_percent|unpriced, > >= < <= ==, число; можно повторять",
}
_HUNDREDTH = Decimal("0.01")
"""Of a percentage."""
_SAID = {"en": "--fail-if: {text} holds: {figure} = {value}", "ru": "--fail-if: выполнено {text}: {figure} = {value}"}


class Condition(NamedTuple):
    """A figure, how it is compared, and with what."""

    figure: str
    sign: str
    limit: Decimal
    text: str


def parse(text: str) -> Condition:
    """A condition from its text; `ArgumentTypeError` when it is none.

    >>> parse("delta > 10000").limit
    Decimal('10000')
    """
    found = _FORM.match(text)
    if not found or found[1] not in FIGURES or (found[4] and found[1] != "delta_percent"):
        raise ArgumentTypeError(f"{text!r}: {'|'.join(FIGURES)} > >= < <= == NUMBER")
    return Condition(found[1], found[2], Decimal(found[3]), text.strip())


def option(parser: ArgumentParser, language: str) -> None:
    """Declare `--fail-if`."""
    parser.add_argument("--fail-if", metavar="CONDITION", type=parse, action="append", default=[], help=_HELP[language])


def check(conditions: Iterable[Condition], *, two_sides: bool) -> None:
    """Raise `InputError` for a condition on a difference where there is nothing to differ from."""
    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    for condition in conditions:
        if condition.figure.startswith("delta") and not two_sides:
            args = {"figure": condition.figure}
            raise InputError(Problem(code="condition_needs_sides", source="--fail-if", args=args))


def verdict(
    conditions: Iterable[Condition], after: Decimal, before: Decimal | None, unpriced: int, status: int, language: str
) -> int:
    """The exit status: FAILED when a condition holds, which is told on stderr, else the status given.

    A percentage of nothing is more than any limit when something came, and 0 when nothing did.
    """
    failed = False
    for condition in conditions:
        value = _value(condition.figure, after, before or Decimal(0), unpriced)
        if _OPERATORS[condition.sign](value, condition.limit):
            failed = True
            told = {"text": condition.text, "figure": condition.figure, "value": f"{value:f}"}
            print(_SAID[language].format(**told), file=sys.stderr)
    return FAILED if failed else status


def _value(figure: str, after: Decimal, before: Decimal, unpriced: int) -> Decimal:
    delta = after - before
    if figure == "delta_percent":
        if before:
            return (delta * 100 / before).quantize(_HUNDREDTH)
        return Decimal("Infinity") if delta else Decimal(0)
    return {"total": after, "delta": delta, "unpriced": Decimal(unpriced)}[figure]
