"""The one comparison: two sets of charges, their difference split exactly by cause.

Both sides come as rows of `pair`: what is compared with what was decided by the caller (two estimates here, a bill
and what it should have been in `reconcile.py`). Every amount between the two ends is asked of the rating program.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog, load_catalog
from costlab.catalog.regimes import ALWAYS, SCALE, Regime, tiers_of
from costlab.compare.result import Comparison, Side
from costlab.compare.totals import KOPECK, ONE, assemble
from costlab.engine import duckdb as engine
from costlab.i18n.reasons import reason
from costlab.i18n.words import plain
from costlab.model.numbers import Problem
from costlab.model.prices import Rate, TaxRate
from costlab.model.scenario import CAP_ID, Charge, Estimate

PAIR = pa.schema(
    [
        ("pair", pa.int64()),
        ("project", pa.string()),
        ("resource_id", pa.string()),
        ("service", pa.string()),
        ("sku_id", pa.string()),
        ("dimensions", pa.string()),
        ("day", pa.date32()),
        ("status", pa.string()),
        ("before_tariff", pa.string()),
        ("after_tariff", pa.string()),
        ("before_start", pa.int64()),
        ("before_end", pa.int64()),
        ("after_start", pa.int64()),
        ("after_end", pa.int64()),
        ("before_quantity", pa.decimal128(38, 0)),
        ("after_quantity", pa.decimal128(38, 0)),
        ("before_cost", pa.decimal128(38, 0)),
        ("after_cost", pa.decimal128(38, 0)),
        ("before_bonus", pa.decimal128(38, 0)),
        ("after_bonus", pa.decimal128(38, 0)),
        ("held", pa.bool_()),
        ("implied", pa.bool_()),
        ("unit", pa.string()),
        ("line_before", pa.int64()),
        ("line_after", pa.int64()),
        ("file", pa.string()),
        ("reason", pa.string()),
    ]
)
"""Columns of `pair`. status: pair | before | after | duplicate | not_itemised | no_price | rounding | cap. Quantities
are in billionths, money in 10^-18; `implied`: the price is known only from the amount itself; `reason`: JSON, for
`why`."""


@dataclass(frozen=True)
class Tariff:
    """One price with its VAT and rounding rule, apart from time: what a charge was made with."""

    key: str
    regime: Regime


def tariff(key: str, regime: Regime) -> Tariff:
    """A regime as a tariff that holds for all time."""
    return Tariff(key, replace(regime, price_key=key, start=-ALWAYS, end=ALWAYS))


def price_text(regime: Regime) -> str:
    """A price for a file: `0.019660 / 1`, tiers joined by arrows."""
    prices = [t.price for t in tiers_of(regime.rate)]
    if regime.factor != 1:
        prices = [
            (p * regime.factor.numerator / regime.factor.denominator).quantize(Decimal("1.000000000")) for p in prices
        ]
    return " → ".join(f"{p:f}" for p in prices) + f" / {plain(regime.rate.per)}"


def compare_estimates(
    before: Estimate, after: Estimate, *, catalogs: tuple[Catalog, Catalog] | None = None
) -> Comparison:
    """What changes from one estimate to another; `catalogs` are those they were priced with, the lists unless given.

    Raises `ValueError` when their currencies differ.
    """
    if before.currency != after.currency:
        raise ValueError(f"{before.currency} and {after.currency} cannot be compared without a rate")
    known = catalogs or (load_catalog(before.provider), load_catalog(after.provider))
    tariffs: dict[str, Tariff] = {}
    sides = [_by_key(e, catalog, tariffs) for e, catalog in zip((before, after), known, strict=True)]
    rows = [_pair(n, *(side.get(key) for side in sides)) for n, key in enumerate(dict.fromkeys([*sides[0], *sides[1]]))]
    with engine.connect() as connection:
        engine.create(connection, "pair", pa.Table.from_pylist(rows, schema=PAIR))
        split(connection, tariffs)
        return assemble(
            connection,
            "compare",
            f"{before.name} → {after.name}",
            after.currency,
            (Side(before.name, before.scenario.source), Side(after.name, after.scenario.source)),
            problems=_distinct(before, after),
        )


def _distinct(before: Estimate, after: Estimate) -> tuple[Problem, ...]:
    distinct: list[Problem] = []
    for problem in (*before.problems, *after.problems):
        if problem not in distinct:
            distinct.append(problem)
    return tuple(distinct)


Key = tuple[str, str, str, int]


def _by_key(estimate: Estimate, catalog: Catalog, tariffs: dict[str, Tariff]) -> dict[Key, dict[str, Any]]:
    """The charges of an estimate by resource, SKU and dimensions (and number, where one question has several)."""
    found: dict[Key, dict[str, Any]] = {}
    for charge in estimate.charges:
        dimensions = ", ".join(f"{k}={v}" for k, v in charge.dimensions.items())
        number = 0
        while (charge.resource_id, charge.sku_id, dimensions, number) in found:
            number += 1
        found[charge.resource_id, charge.sku_id, dimensions, number] = _row(charge, dimensions, catalog, tariffs)
    return found


def _row(charge: Charge, dimensions: str, catalog: Catalog, tariffs: dict[str, Tariff]) -> dict[str, Any]:
    known = catalog.by_id.get(charge.sku_id)  # a row of its own, such as the rounding's, is no SKU
    key = ""
    if known is not None:
        regime = regime_of(charge, catalog)
        key = "|".join(
            (
                charge.sku_id,
                price_text(regime),
                charge.charge_model,
                charge.price_vat,
                str(charge.vat_rate),
                charge.rounding.label,
                charge.contract,
            )
        )
        tariffs.setdefault(key, tariff(key, regime))
    return {
        "resource_id": charge.resource_id,
        "service": charge.service,
        "sku_id": charge.sku_id,
        "dimensions": dimensions,
        "tariff": key,
        "start": int(charge.period.start.timestamp()) // 60,
        "end": int(charge.period.end.timestamp()) // 60,
        "quantity": Decimal(int(charge.quantity * SCALE)),
        "cost": Decimal(int(charge.cost * ONE)),
        "held": charge.level is not None,
        "unit": charge.unit,
        "line": charge.line,
    }


def regime_of(charge: Charge, catalog: Catalog) -> Regime:
    """The tariff a charge was made with, from the charge itself."""
    day = charge.price_effective or charge.period.start.date()  # a given price has no first day
    rate = Rate(
        effective=day,
        charge_model=charge.charge_model,
        price=None if charge.tiers else charge.unit_price,
        tiers=charge.tiers,
        per=charge.per,
        vat=charge.price_vat,
        contract=charge.contract,
        source=charge.price_source,
        checked=day,
    )
    tax = TaxRate(effective=day, rate=charge.vat_rate, source=charge.price_source)
    sku = catalog.by_id[charge.sku_id]
    offset = charge.period.start.utcoffset()
    clock = int(offset.total_seconds()) // 60 if offset else 0
    listed = charge.list_rate if charge.contract else rate
    return Regime(sku.sku_id, sku, rate, tax, charge.rounding, -ALWAYS, ALWAYS, clock, listed=listed)


def _pair(number: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    shown = after or before or {}
    status = "pair" if before and after else "before" if before else "after"
    if shown["sku_id"].startswith("_") or (status == "pair" and not (before and before["tariff"])):
        status = "rounding"
    if shown["sku_id"] == CAP_ID:
        status = "cap"
    row: dict[str, Any] = {
        "pair": number,
        "project": "",
        **{k: shown[k] for k in ("resource_id", "service", "sku_id", "dimensions", "unit")},
        "day": None,
        "status": status,
        "held": bool(before and after and before["held"] and after["held"]),
        "implied": False,
        "before_bonus": Decimal(0),
        "after_bonus": Decimal(0),
        "line_before": before["line"] if before else None,
        "line_after": after["line"] if after else None,
        "file": "",
        "reason": reason("cap") if status == "cap" else None,
    }
    for side, values in (("before", before), ("after", after)):
        for key in ("tariff", "start", "end", "quantity", "cost"):
            row[f"{side}_{key}"] = values[key] if values else None
    return row


def split(connection: duckdb.DuckDBPyConnection, tariffs: dict[str, Tariff]) -> None:
    """The difference of every row of the table `pair` by cause: creates `line`."""
    rate_steps(connection, tariffs)
    engine.create(connection, "tariff_text", _texts(tariffs))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE line AS {engine.sql('effects', 'costlab.compare')}")
    engine.drop(connection, "step", "usage")


def _texts(tariffs: dict[str, Tariff]) -> pa.Table:
    """Each tariff in words, for the sentences."""
    regimes = [t.regime for t in tariffs.values()]
    return pa.table(
        {
            "key": pa.array(list(tariffs), pa.string()),
            "text": pa.array([price_text(r) for r in regimes], pa.string()),
            "size": pa.array([plain(r.rate.per) for r in regimes], pa.string()),
            "vat_rate": pa.array([plain(r.tax.rate) for r in regimes], pa.string()),
            "rule": pa.array([r.rounding.label for r in regimes], pa.string()),
        }
    )


def rate_steps(connection: duckdb.DuckDBPyConnection, tariffs: dict[str, Tariff]) -> None:
    """Create `step`: what every differing pair would cost on the way from one end to the other."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE usage AS {engine.sql('steps', 'costlab.compare')}")
    used = connection.execute(
        "SELECT DISTINCT before_tariff, after_tariff FROM pair WHERE status = 'pair' AND before_tariff <> after_tariff"
    ).fetchall()
    history = [t.regime for t in tariffs.values()]
    for one, two in used:
        history += between(tariffs[one], tariffs[two])
    engine.create_price_tables(connection, history, engine.span(connection))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE step AS SELECT usage_id, sum(cost) * "
        f"{KOPECK} AS amount FROM ({engine.sql('rate')}) WHERE usage_id IS NOT NULL GROUP BY usage_id"
    )


def between(before: Tariff, after: Tariff) -> list[Regime]:
    """The tariffs on the way, under the old rounding: the new price with the old VAT, with the new, with its discount.

    Where contract or discount differ, the price on the way is the new list's with the old one's part of its list.
    """
    old, new = before.regime, after.regime
    name = f"{before.key} > {after.key}"
    untaxed = (1 + Fraction(old.tax.rate)) / (1 + Fraction(new.tax.rate)) if new.rate.vat == "included" else Fraction(1)
    way, share = new, Fraction(1)
    if new.rate.contract != old.rate.contract and new.listed is not None and (kept := _share(old)) is not None:
        way, share = replace(new, rate=new.listed), kept
    return [
        replace(
            way, price_key=f"{name} price", tax=old.tax, rounding=old.rounding, factor=way.factor * untaxed * share
        ),
        replace(way, price_key=f"{name} vat", rounding=old.rounding, factor=way.factor * share),
        replace(new, price_key=f"{name} discount", rounding=old.rounding),
    ]


def _share(regime: Regime) -> Fraction | None:
    """What part of the list's price a tariff is; None where the list has none, or prices in another way."""
    if not regime.rate.contract:
        return Fraction(1)
    if regime.listed is None or regime.listed.charge_model != regime.rate.charge_model:
        return None
    own, listed = tiers_of(regime.rate)[0].price, tiers_of(regime.listed)[0].price
    return (
        Fraction(own) / Fraction(regime.rate.per) / (Fraction(listed) / Fraction(regime.listed.per)) if listed else None
    )
