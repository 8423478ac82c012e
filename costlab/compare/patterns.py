"""When most rows of a bill differ in one way, that is one finding and not as many as there are rows.

Looked for, in the questions that the bill's amounts answer (`doubt`, see infer.py), for the whole bill and, where that
has none, for each service: the amounts are the list's without VAT, or they are the list's less the same percentage
from a day on (a contract nobody named). A row fits when it is within a kopeck of what the pattern gives, which is what
rounding either way can do; rows below ten roubles decide nothing. Where a percentage fits as well as leaving VAT off
does, both are told: nothing in the amounts tells them apart.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb

from costlab.catalog.loading import Catalog
from costlab.compare.rerate import Rerated
from costlab.compare.result import Pattern
from costlab.compare.totals import KOPECK, amount_of
from costlab.model.numbers import Problem, exact
from costlab.model.periods import moment

_MOST = Fraction(9, 10)
"""Of the rows that count, so many must fit."""
_DECIDING = 1000 * KOPECK
"""A smaller row fits too many percentages."""
_LEAST = 3
"""Rows that make a pattern."""
_ASKED = 100_000
"""Questions looked at, those of most money."""
_STEPS = (Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10_000))
"""Percentages are tried as contracts write them: whole, tenths, hundredths."""


@dataclass(frozen=True)
class _Question:
    service: str
    billed: int
    expected: int
    rows: int
    start: int
    vat: Fraction


def find(connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog, region: str) -> list[Pattern]:
    """Patterns of the table `doubt`; none where the rows differ each in its own way, or not at all."""
    asked = connection.execute(f"""
        SELECT sku_id, tariff, billed, expected_cost, rows, start_minute FROM doubt
        WHERE expected_cost > 0 AND billed > 0 AND doubt NOT IN (SELECT doubt FROM verdict WHERE reason IS NOT NULL)
        ORDER BY rows * expected_cost DESC LIMIT {_ASKED}
    """).fetchall()
    questions = [
        _Question(
            catalog.by_id[sku].service, int(billed), int(expected), int(rows), start,
            Fraction(rerated.tariffs[tariff].regime.tax.rate),
        )
        for sku, tariff, billed, expected, rows, start in asked
    ]  # fmt: skip
    clock = catalog.provider.regions[region]

    def day(minute: int) -> date:
        return moment(minute, clock).date()

    whole = list(_patterns(questions, (), day))
    if whole or not questions:
        return whole
    services = sorted({q.service for q in questions})
    return [p for s in services for p in _patterns([q for q in questions if q.service == s], (s,), day)]


def told(patterns: Sequence[Pattern], source: str) -> Iterator[Problem]:
    """Each pattern in words, with what to do about it."""
    for pattern in patterns:
        args = {
            "rows": str(pattern.rows), "of": str(pattern.of_rows), "money": f"{pattern.money:f}",
            "services": ", ".join(pattern.services) or "*", "day": f"{pattern.first_day}",
        }  # fmt: skip
        if pattern.percent is not None:
            args["percent"] = f"{abs(pattern.percent):f}"
        code = "pattern_net" if pattern.kind == "net" else "pattern_below" if _below(pattern) else "pattern_above"
        yield Problem(code=code, source=source, args=args)
    if len({p.kind for p in patterns}) > 1:
        yield Problem(code="pattern_unsure", source=source)


def contract_of(patterns: Sequence[Pattern], name: str) -> str:
    """The contract that would explain what is below the list, as a file of the catalog's shape; "" for none."""
    lines = [
        f'  - {{name: {name} {n}, percent: "{p.percent:f}", from: {p.first_day}'
        + (f", services: [{', '.join(p.services)}]" if p.services else "")
        + "}"
        for n, p in enumerate((p for p in patterns if _below(p)), start=1)
    ]
    head = (
        "# Suggested by costlab from the amounts of a bill: nobody agreed to it yet. Check it against your contract.\n"
    )
    return f"{head}contract: {name}\ndiscounts:\n" + "\n".join(lines) + "\n" if lines else ""


def _below(pattern: Pattern) -> bool:
    return pattern.percent is not None and pattern.percent > 0


def _patterns(questions: list[_Question], services: tuple[str, ...], day: Callable[[int], date]) -> Iterator[Pattern]:
    """The patterns of some questions; from the first day on that has one, when the days before are as listed."""
    differing = [q for q in questions if abs(q.billed - q.expected) > KOPECK]
    if not differing:
        return
    first = day(min(q.start for q in differing))
    since = [q for q in questions if day(q.start) >= first]
    counted = [q for q in since if q.expected >= _DECIDING]
    if sum(q.rows for q in counted) < _LEAST:
        return
    net = [q for q in since if abs(q.billed - _part(q.expected, 1 / (1 + q.vat))) <= KOPECK]
    found = []
    if _enough(net, counted):
        found.append(_pattern("net", None, services, first, net, since))
    # A discount of just what VAT is would be written as a round number, if it were one.
    percent = _percent(counted, _STEPS[:-1] if found else _STEPS)
    if percent is not None:
        fits = _fitting(since, percent)
        found.append(_pattern("percent", percent, services, first, fits, since))
    yield from found


def _percent(counted: list[_Question], steps: Sequence[Fraction]) -> Fraction | None:
    """The percentage below the list that most rows have, as coarse as it may be; None for none, or for none at all."""
    most = sorted(counted, key=lambda q: -q.expected)[:200]
    for step in steps:
        tried = {round((1 - Fraction(q.billed, q.expected)) / step) * step for q in most}
        best = max(tried, key=lambda p: (_rows(_fitting(counted, p)), -abs(p)))
        if best and _enough(_fitting(counted, best), counted):
            return best
    return None


def _fitting(questions: list[_Question], percent: Fraction) -> list[_Question]:
    return [q for q in questions if abs(q.billed - _part(q.expected, 1 - percent)) <= KOPECK]


def _enough(fits: list[_Question], counted: list[_Question]) -> bool:
    deciding = [q for q in fits if q.expected >= _DECIDING]
    return _rows(deciding) >= _LEAST and _rows(deciding) >= _MOST * _rows(counted)


def _part(whole: int, share: Fraction) -> int:
    return whole * share.numerator // share.denominator


def _rows(questions: Sequence[_Question]) -> int:
    return sum(q.rows for q in questions)


def _pattern(
    kind: str, percent: Fraction | None, services: tuple[str, ...], first: date, fits: list[_Question],
    since: list[_Question],
) -> Pattern:  # fmt: skip
    with exact():
        shown = (
            None if percent is None else (Decimal(percent.numerator) * 100 / Decimal(percent.denominator)).normalize()
        )
        money = amount_of(sum(q.rows * (q.billed - q.expected) for q in fits))
    return Pattern(kind, shown, services, first, _rows(fits), _rows(since), money)
