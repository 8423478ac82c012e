"""Two bills, or two months of the store: what changed between them, split exactly by cause.

Each side is judged by itself (whose service, at which tariff it was billed: `judge.py`), its rows are added up by thing
and item, and the one comparison (`split.py`) takes the two. Months of different length are a cause of their own,
`calendar`, for what is charged by time. Where one thing was billed at several tariffs, or at a price that no tariff
explains, its price is what was paid for what was used.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import SCALE, tiers_of
from costlab.compare.judge import judge_bill
from costlab.compare.reconcile import Charges, charges_in, unpriced
from costlab.compare.rerate import rerate
from costlab.compare.result import Comparison, Coverage, Side
from costlab.compare.split import PAIR, Tariff, price_text, split, tariff
from costlab.compare.totals import ONE, assemble
from costlab.compare.without_vat import expect_net_rounding
from costlab.engine import duckdb as engine
from costlab.errors import InputError
from costlab.i18n.reasons import reason
from costlab.model.numbers import Problem, Text

_KEY = ("project", "resource_id", "service", "sku_id", "dimensions", "unit", "unrated")
_TIME = ("minute", "day")
"""Pricing units that grow with the length of a month."""
_UNPRICED = Text(en="no price on the list: only its money can be compared", ru="нет цены в прайс-листе: сравнены суммы")
_FACTOR_SIZE = 10**9
"""Of a price that is money / quantity: enough digits for a kopeck of any bill; what is left is rounding."""


@dataclass(frozen=True)
class BilledSide:
    """One bill, added up: rows by thing and item, the tariffs they were billed at, its months."""

    name: str
    currency: str
    rows: dict[tuple[Any, ...], dict[str, Any]]
    tariffs: dict[str, Tariff]
    minutes: tuple[int, int]
    """From the first minute of its first billing month to the last of its last."""
    coverage: Coverage
    problems: tuple[Problem, ...]


def compare_bills(
    before: Charges, after: Charges, *, catalogs: tuple[Catalog | None, Catalog | None] = (None, None)
) -> Comparison:
    """What changes from one bill to another; `catalogs`: the prices of each, the provider's list unless given.

    Raises `InputError`: a side cannot be rated, or they are in different currencies.
    """
    first, second = (billed_side(c, catalog) for c, catalog in zip((before, after), catalogs, strict=True))
    if first.currency != second.currency:
        currencies = ", ".join(sorted((first.currency, second.currency)))
        raise InputError(Problem(code="several_currencies", source=after.name, args={"currencies": currencies}))
    keys = dict.fromkeys([*first.rows, *second.rows])
    rows = [_pair(n, key, first, second) for n, key in enumerate(keys)]
    with engine.connect() as connection:
        engine.create(connection, "pair", pa.Table.from_pylist(rows, schema=PAIR))
        split(connection, first.tariffs | second.tariffs)
        problems = [*first.problems, *(p for p in second.problems if p not in first.problems)]
        return assemble(
            connection, "compare", f"{first.name} → {second.name}", second.currency,
            (Side(first.name, before.name), Side(second.name, after.name)), problems=problems,
        )  # fmt: skip


def billed_side(charges: Charges, catalog: Catalog | None) -> BilledSide:
    """Judge a bill by itself and add its rows up. Raises `InputError`."""
    with charges_in(charges, catalog) as (connection, read, prices, currency):
        rerated = rerate(connection, prices, charges.region, charges.name)
        rounding = expect_net_rounding(connection, rerated, charges.name)
        judged = judge_bill(connection, rerated, prices, every_line=True)
        problems = (*read.problems, *rounding, *rerated.problems, *unpriced(connection, charges.name))
        table = engine.ask(connection, engine.sql("billed", "costlab.compare"))
        ((first, last, clock),) = connection.execute(
            "SELECT min(period), max(period), (SELECT any_value(start_minute - (day - DATE '1970-01-01') * 1440) "
            "FROM calendar) FROM charge"
        ).fetchall()
    tariffs: dict[str, Tariff] = {}
    rows = {}
    for row in table.to_pylist():
        key = tuple(row[name] for name in _KEY)
        rows[key] = {**row, "tariff": _tariff(row, judged.tariffs, tariffs)}
    months = (_minute(first, clock), _minute(_next_month(last), clock)) if first else (0, 0)
    return BilledSide(charges.name, currency, rows, tariffs, months, judged.coverage, problems)


def _minute(day: date, clock: int) -> int:
    return (day - date(1970, 1, 1)).days * 1440 + clock


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _tariff(row: dict[str, Any], judged: dict[str, Tariff], tariffs: dict[str, Tariff]) -> str:
    """The key of the tariff that a row's money was taken at, by what it says; "" where there is none."""
    if row["unrated"] or row["tariff"] not in judged:
        return ""
    regime = judged[row["tariff"]].regime
    tiers = tiers_of(regime.rate)
    listed = Fraction(tiers[0].price) / Fraction(regime.rate.per)
    if regime.rate.vat != "included":
        listed *= 1 + Fraction(regime.tax.rate)
    if not row["plain"] and len(tiers) == 1 and row["quantity"] and listed:
        paid = Fraction(row["cost"] + row["bonus"]) / ONE / (Fraction(row["quantity"]) / SCALE)
        regime = replace(regime, factor=(paid / listed).limit_denominator(_FACTOR_SIZE))
    key = "|".join(
        (
            row["sku_id"], price_text(regime), str(regime.factor), regime.rate.charge_model, regime.rate.vat,
            str(regime.tax.rate), regime.rounding.label, regime.rate.contract or "",
        )
    )  # fmt: skip
    tariffs.setdefault(key, tariff(key, regime))
    return key


def _pair(number: int, key: tuple[Any, ...], first: BilledSide, second: BilledSide) -> dict[str, Any]:
    """A thing's item of both bills as a row of `split.PAIR`."""
    old, new = first.rows.get(key), second.rows.get(key)
    if old and new and not (old["tariff"] and new["tariff"]):
        status = "no_price"
    else:
        status = "pair" if old and new else "before" if old else "after"
    named = dict(zip(_KEY, key, strict=True))
    row: dict[str, Any] = {
        "pair": number, **{k: named[k] for k in _KEY if k != "unrated"}, "day": None, "status": status,
        "held": any(unit in named["unit"] for unit in _TIME), "implied": False, "file": "",
        "reason": reason("no_price", reason=_UNPRICED) if status == "no_price" else None,
    }  # fmt: skip
    for side, values, (start, end) in (("before", old, first.minutes), ("after", new, second.minutes)):
        row[f"{side}_tariff"] = values["tariff"] if values else None
        row[f"{side}_start"], row[f"{side}_end"] = start, end
        row[f"{side}_quantity"] = values["quantity"] if values else None
        row[f"{side}_cost"] = values["cost"] if values else None
        row[f"{side}_bonus"] = values["bonus"] if values else Decimal(0)
        row[f"line_{side}"] = values["line"] if values else None
    return row
