"""Prices that a bill itself shows on days that no list covers: offered as a list of the user's own, never as published.

A row's amount, rounded to the kopeck, allows an interval of prices; the larger the quantity, the narrower. Of each item
the price that most rows allow is taken, in the fewest decimals, preferably per the unit the list prints it in; rows
that allow another are changes inside the month, and stay apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import duckdb

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import SCALE
from costlab.compare.result import ImpliedPrice, RowPattern
from costlab.compare.totals import KOPECK, ONE, amount_of
from costlab.model.numbers import Problem
from costlab.model.prices import Rate, Sku

_DECIMALS = 9
"""The most decimals a price is offered with."""
_FEWEST = 2
"""Rows that must agree on a price: one amount alone implies nothing."""
_MOST = 2_000
"""Different amounts of an item that are looked at, the largest quantities first."""


@dataclass(frozen=True)
class _Amount:
    """Rows of an item that ask the same and were billed the same: billionths, 10^-18 of the currency, days."""

    quantity: int
    billed: int
    rows: int
    first: date
    last: date
    day: date
    """Their own first day; `first` and `last` are those of the stretch without a list."""

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """What one pricing unit may cost, when the amount is rounded to the kopeck, or to its own last digit."""
        half = Fraction(KOPECK, 2)
        while self.billed % (half * 2) and half > 1:
            half /= 10
        units = Fraction(self.quantity, SCALE) * ONE
        return (self.billed - half) / units, (self.billed + half) / units


Interval = tuple[Fraction, Fraction, int]
"""The lowest and highest price of one pricing unit that an amount allows, and how many rows it has."""


def implied_prices(connection: duckdb.DuckDBPyConnection, catalog: Catalog, source: str) -> tuple[RowPattern, ...]:
    """One finding with a price of each item that has rows on days without a list, and agrees with itself."""
    rows = connection.execute(f"""
        SELECT judged.sku_id, judged.priced_quantity, judged.billed, sum(judged.rows), min(span.first), max(span.last),
            min(calendar.day)
        FROM judged
        JOIN calendar ON calendar.start_minute = judged.start_minute
        JOIN (
            SELECT billed.service, billed.parameter, billed.unit, calendar.stretch, min(billed.day) AS first,
                max(billed.day) AS last
            FROM billed JOIN calendar ON calendar.day = billed.day GROUP BY ALL
        ) AS span
            ON span.service = judged.service AND span.parameter = judged.parameter AND span.unit = judged.unit
            AND span.stretch = judged.stretch
        WHERE judged.tariff IS NULL AND judged.sku_id <> '' AND judged.priced_quantity > 0 AND judged.billed > 0
        GROUP BY judged.sku_id, judged.priced_quantity, judged.billed
        QUALIFY row_number() OVER (
            PARTITION BY judged.sku_id ORDER BY judged.priced_quantity DESC, judged.billed
        ) <= {_MOST}
        ORDER BY 1, 2, 3
    """).fetchall() if _unlisted(connection) else []  # fmt: skip
    by_sku: dict[str, list[_Amount]] = {}
    for sku_id, *row in rows:
        by_sku.setdefault(sku_id, []).append(_Amount(*row))
    prices: list[ImpliedPrice] = []
    agreed, apart, money = 0, 0, 0
    for sku_id, amounts in by_sku.items():
        for asked in _by_tax(catalog, catalog.by_id[sku_id], amounts):
            found = _price(catalog.by_id[sku_id], asked)
            prices += [found[0]] if found else []
            for amount in asked:
                low, high = amount.interval
                fits = found is not None and low <= found[1] <= high
                agreed, apart = agreed + fits * amount.rows, apart + (not fits) * amount.rows
                money += fits * amount.rows * amount.billed
    if not prices:
        return ()
    first, last = min(p.first for p in prices), max(p.last or p.first for p in prices)
    args = {"rows": str(agreed), "items": str(len(prices)), "apart": str(apart), "money": f"{amount_of(money):f}",
            "first": str(first), "last": str(last)}  # fmt: skip
    finding = Problem(code="pattern_implied_prices", source=source, args=args)
    return (
        RowPattern(
            0, "implied_prices", finding, agreed, apart, amount_of(money), amount_of(money), first, last,
            skus=tuple(p.sku_id for p in prices), prices=tuple(prices), since=first, until=last,
        ),
    )  # fmt: skip


def _unlisted(connection: duckdb.DuckDBPyConnection) -> bool:
    question = "SELECT 1 FROM judged WHERE tariff IS NULL AND sku_id <> '' AND priced_quantity > 0 LIMIT 1"
    return bool(connection.execute(question).fetchall())


def _by_tax(catalog: Catalog, sku: Sku, amounts: list[_Amount]) -> Iterator[list[_Amount]]:
    """The amounts of an item together, or by VAT rate where not one price does for all: then the net price is the same.

    Days are cut where the rate of the region changes.
    """
    together = _densest([(*a.interval, a.rows) for a in amounts])
    taxes = catalog.taxes.get(catalog.provider.regions[sku.region].tax or "", ())
    if together[2] == sum(a.rows for a in amounts) or not taxes:
        yield amounts
        return
    for tax, after in zip(taxes, [*taxes[1:], None], strict=True):
        end = after.effective - timedelta(days=1) if after else date.max
        inside = [
            replace(a, first=max(a.first, tax.effective), last=min(a.last, end))
            for a in amounts if tax.effective <= a.day <= end
        ]  # fmt: skip
        if inside:
            yield inside


def _price(sku: Sku, asked: list[_Amount]) -> tuple[ImpliedPrice, Fraction] | None:
    """The price that most rows allow, and the same per pricing unit; None where too few agree."""
    low, high, rows = _densest([(*a.interval, a.rows) for a in asked])
    if rows < _FEWEST or rows * 2 <= sum(a.rows for a in asked):
        return None
    first, last = min(a.first for a in asked), max(a.last for a in asked)
    for per in _sizes(sku):
        for decimals in range(_DECIMALS + 1 if per == 1 else 3):
            scale = 10**decimals
            lowest, highest = ceil(low * per * scale), floor(high * per * scale)
            if lowest <= highest:
                middle = round((low + high) / 2 * per * scale)
                price = Decimal(min(max(middle, lowest), highest)).scaleb(-decimals)
                return ImpliedPrice(sku.sku_id, first, last, price, Decimal(per)), Fraction(price) / per
    return None


def _sizes(sku: Sku) -> Iterator[int]:
    """Units that a price may be printed per: as the list prints it, then one."""
    printed = [rate.per for rate in sku.rates if _plain(rate)]
    yield from dict.fromkeys([*(int(p) for p in printed if p == int(p)), 1])


def _plain(rate: Rate) -> bool:
    return rate.charge_model == "per_unit"


def _densest(intervals: list[Interval]) -> Interval:
    """Where most rows agree: the part that all of them allow, and how many they are."""
    edges = sorted([(low, 0, rows) for low, _, rows in intervals] + [(high, 1, -rows) for _, high, rows in intervals])
    best, here, opened = (Fraction(0), Fraction(0), 0), 0, Fraction(0)
    for place, closing, rows in edges:
        if closing and here > best[2]:
            best = (opened, place, here)
        here += rows
        opened = opened if closing else place
    return best
