"""`--fail-if "delta > 10000"`: a condition on a result, for pipelines. One comparison of a known figure with a number.

The figures of an estimate and of two sides: `total` (of what is priced now), `delta` (after - before), `delta_percent`
(of before), `unpriced` (lines without a price); of a bill and of the store see `BILL` and `STORE`. Nothing is
evaluated but this form; several conditions are several options.
"""

import operator
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from costlab.commands import FAILED

if TYPE_CHECKING:
    from costlab.compare.result import Comparison

FIGURES = ("total", "delta", "delta_percent", "unpriced")
BILL = ("total", "expected", "difference", "overcharge", "delta", "delta_percent", "unrated", "unpriced", "unexplained")
"""Of a bill beside what it should have been: billed; what it should have been; billed - expected, and the same where it
is more than 0; `delta` is `difference` and `unpriced` is `unrated`, rows without a price; what no cause explains."""
STORE = ("total", "bonuses", "charges")
"""Of the charges that were asked about: money, money paid with bonuses, how many."""
_FORM = re.compile(r"\s*([a-z_]+)\s*(>=|<=|==|>|<)\s*([-+]?[0-9]{1,15}(?:\.[0-9]{1,6})?)\s*(%?)\s*\Z")
_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq,
}  # fmt: skip
_HELP = {
    "en": "exit with 4 when this holds: {figures}, > >= < <= ==, a number; may be repeated",
    "ru": "завершиться с кодом 4, если верно: {figures}, > >= < <= ==, число; можно повторять",
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


def parse(text: str, figures: Sequence[str] = FIGURES) -> Condition:
    """A condition on one of `figures` from its text; `ArgumentTypeError` when it is none.

    >>> parse("delta > 10000").limit
    Decimal('10000')
    """
    match = _FORM.match(text)
    if not match or match[1] not in figures or (match[4] and match[1] != "delta_percent"):
        raise ArgumentTypeError(f"{text!r}: {'|'.join(figures)} > >= < <= == NUMBER")
    return Condition(match[1], match[2], Decimal(match[3]), text.strip())


def option(parser: ArgumentParser, language: str, figures: Sequence[str] = FIGURES) -> None:
    """Declare `--fail-if` with the figures that a result has."""
    told = _HELP[language].format(figures="|".join(figures))
    parser.add_argument(
        "--fail-if", metavar="CONDITION", type=partial(parse, figures=figures), action="append", default=[], help=told
    )


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
    """The exit status for an estimate or two sides; see `failed_or`."""
    return failed_or(status, conditions, _two_sides(after, before or Decimal(0), unpriced), language)


def failed_or(status: int, conditions: Iterable[Condition], figures: Mapping[str, Decimal], language: str) -> int:
    """The exit status: FAILED when a condition holds, which is told on stderr, else the status given."""
    failed = False
    for condition in conditions:
        value = figures[condition.figure]
        if _OPERATORS[condition.sign](value, condition.limit):
            failed = True
            holds = {"text": condition.text, "figure": condition.figure, "value": f"{value:f}"}
            print(_SAID[language].format(**holds), file=sys.stderr)
    return FAILED if failed else status


def bill_figures(comparison: "Comparison") -> dict[str, Decimal]:
    """The figures of `BILL`."""
    coverage = comparison.coverage
    unrated = coverage.rows - coverage.rows_rated
    return _two_sides(comparison.after, comparison.before, unrated) | {
        "expected": comparison.before,
        "difference": comparison.delta,
        "overcharge": max(comparison.delta, Decimal(0)),
        "unrated": Decimal(unrated),
        "unexplained": abs(comparison.causes["unexplained"]),
    }


def _two_sides(after: Decimal, before: Decimal, unpriced: int) -> dict[str, Decimal]:
    """A percentage of nothing is more than any limit when something came, and 0 when nothing did."""
    from costlab.model.numbers import exact

    with exact():
        delta = after - before
        if before:
            percent = (delta * 100 / before).quantize(_HUNDREDTH)
        else:
            percent = Decimal("Infinity") if delta else Decimal(0)
    return {"total": after, "delta": delta, "delta_percent": percent, "unpriced": Decimal(unpriced)}
