"""Unit prices seen: days of one price put together. A ratio is only shown; no money is ever made of it.

Amounts are rounded, so a day's ratio is not exact: it lies in a range as wide as the rounding of its rows. Days follow
each other as one price while one number lies in all their ranges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pyarrow as pa

from costlab.model.bill import DECIMALS, NUMBER
from costlab.model.numbers import KOPECK, exact

_ITEM = ("service", "parameter", "sku", "unit", "region", "currency", "measured")
SEEN = pa.schema(
    [
        *((name, pa.string()) for name in _ITEM[:-1]),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("days", pa.int64()),
        ("charges", pa.int64()),
        ("quantity", NUMBER),
        ("amount", NUMBER),
        ("bonus", NUMBER),
        ("price", NUMBER),
    ]
)
"""`price` is (amount + bonus) / quantity, rounded to its twelve leading digits; null where there is no quantity."""
_DIGITS = 12


@dataclass
class _Run:
    """Days of one price; the price lies between least and most."""

    item: tuple[Any, ...]
    least: Fraction | None
    most: Fraction | None
    first_day: date
    last_day: date
    days: int = 0
    charges: int = 0
    quantity: Decimal = field(default_factory=Decimal)
    amount: Decimal = field(default_factory=Decimal)
    bonus: Decimal = field(default_factory=Decimal)


def seen(daily: pa.Table) -> pa.Table:
    """Rows of `prices.sql` (ordered by item and day) → runs of days of one price, as `SEEN`."""
    rows = daily.to_pylist()
    steps: dict[tuple[Any, ...], Decimal] = {}
    with exact():
        for row in rows:
            key = _key(row)
            steps[key] = min(steps.get(key, KOPECK), _step(row["amount"] + row["bonus"]))
        return pa.Table.from_pylist([_row(run) for run in _runs(rows, steps)], schema=SEEN)


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _ITEM)


def _step(value: Decimal) -> Decimal:
    """The last decimal a sum has: what its rows are rounded to, or finer."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else KOPECK


def _runs(rows: Iterable[dict[str, Any]], steps: dict[tuple[Any, ...], Decimal]) -> Iterator[_Run]:
    run: _Run | None = None
    for row in rows:
        key = _key(row)
        least, most = _range(row, steps[key])
        if run is not None and run.item == key and _meet(run, least, most):
            if least is not None and most is not None and run.least is not None and run.most is not None:
                run.least, run.most = max(run.least, least), min(run.most, most)
        else:
            if run is not None:
                yield run
            run = _Run(key, least, most, row["day"], row["day"])
        run.last_day = row["day"]
        run.days += 1
        run.charges += row["charges"]
        run.quantity += row["quantity"] or 0
        run.amount += row["amount"]
        run.bonus += row["bonus"]
    if run is not None:
        yield run


def _range(row: dict[str, Any], step: Decimal) -> tuple[Fraction | None, Fraction | None]:
    """Between which prices the day's rows allow it to be; None when nothing was measured."""
    if not row["measured"] or not row["quantity"]:
        return None, None
    whole, room, quantity = Fraction(row["amount"] + row["bonus"]), Fraction(step) * row["charges"], row["quantity"]
    ends = ((whole - room) / Fraction(quantity), (whole + room) / Fraction(quantity))
    return min(ends), max(ends)


def _meet(run: _Run, least: Fraction | None, most: Fraction | None) -> bool:
    if run.least is None or run.most is None or least is None or most is None:
        return run.least is least
    return max(run.least, least) <= min(run.most, most)


def _row(run: _Run) -> dict[str, Any]:
    price = None
    if run.item[-1] and run.quantity:
        with localcontext(prec=_DIGITS):
            price = (run.amount + run.bonus) / run.quantity
        price = round(price, DECIMALS)
    return {
        **dict(zip(_ITEM, run.item, strict=True)),
        "first_day": run.first_day,
        "last_day": run.last_day,
        "days": run.days,
        "charges": run.charges,
        "quantity": run.quantity if run.item[-1] else None,
        "amount": run.amount,
        "bonus": run.bonus,
        "price": price,
    }
