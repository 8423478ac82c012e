"""A bill beside what it should have been: its own quantities re-rated, or an estimate's usage rated day by day.

Without an estimate, *before* is the bill's own quantities at the prices of their days. With one, *before* is what the
estimate says of those days, so that a wrong quantity, a missing or an unexpected row shows as well.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from costlab.bill import Bill
from costlab.catalog import Catalog, load_catalog
from costlab.compare import KOPECK, Tariff, assemble, split_pairs, tariff
from costlab.comparison import Comparison, Coverage, Side
from costlab.engine import duckdb as engine
from costlab.errors import kind
from costlab.infer import infer
from costlab.lines import Asked, ask
from costlab.model import Period, Problem
from costlab.periods import midnight, moment
from costlab.rerate import Rerated, conversions, rerate, tariff_key
from costlab.scenario import Scenario


def reconcile_bill(bill: Bill, *, catalog: Catalog | None = None, scenario: Scenario | None = None) -> Comparison:
    """Explain every kopeck between what was billed (*after*) and what should have been (*before*)."""
    catalog = catalog or load_catalog(bill.provider)
    problems = list(bill.problems)
    title = "re-rated"
    with engine.connect() as connection:
        found = rerate(connection, bill, catalog)
        question = engine.sql("pair_bill")
        if scenario is not None and bill.first_day is not None:
            problems += _plan(connection, bill, catalog, scenario, found)
            question, title = engine.sql("pair_plan"), scenario.name
        connection.execute(f"CREATE OR REPLACE TEMP TABLE draft AS {question}")
        tariffs = found.tariffs | infer(connection, found, catalog)
        lines = split_pairs(connection, tariffs)
        coverage = replace(_coverage(connection), conversions=conversions(found, catalog))
        problems += _unpriced(connection, bill)
    sides = (Side(title, scenario.source if scenario else bill.source), Side(bill.source, bill.source))
    name, currency = bill.source, bill.currency
    return assemble("reconcile", name, currency, sides, lines, coverage=coverage, problems=problems)


def _plan(
    connection: duckdb.DuckDBPyConnection, bill: Bill, catalog: Catalog, scenario: Scenario, found: Rerated
) -> list[Problem]:
    """`planned`: the estimate's usage of the bill's days, each day rated; its tariffs join those of the bill."""
    region = catalog.provider.regions[bill.region]
    assert bill.first_day is not None and bill.last_day is not None  # noqa: S101, PT018 (the caller asked)
    start, end = midnight(bill.first_day, region), midnight(bill.last_day + timedelta(days=1), region)
    period = Period(start=start, end=end)
    asked = ask(scenario.model_copy(update={"period": period, "prices_on": None}), catalog, by_day=True)
    engine.create(connection, "planned_regime", _regimes(asked, found.tariffs))
    engine.create(connection, "planned_line", _planned_lines(asked))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE plan_rated AS {engine.sql('plan')}")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT line_number AS usage_id, tariff AS price_key, start_minute, start_minute + 1440 AS end_minute, quantity
        FROM plan_rated
    """)
    span = (int(start.timestamp()) // 60, int(end.timestamp()) // 60)
    engine.offer_prices(connection, [t.regime for t in found.tariffs.values()], span)
    rated = (
        f"SELECT usage_id AS line_number, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE planned AS SELECT plan_rated.*, rated.cost FROM plan_rated "
        f"JOIN ({rated}) AS rated USING (line_number)"
    )
    return [p for p in (*asked.errors, *asked.problems) if kind(p) != "warning"]


def _regimes(asked: Asked, tariffs: dict[str, Tariff]) -> pa.Table:
    """Which tariff holds when, by price key; every tariff joins `tariffs`."""
    rows = []
    for price_key, history in asked.histories.items():
        given = price_key.partition("@")[2]
        for regime in history:
            own = tariff_key(regime, f"given {given}" if given else "")
            tariffs.setdefault(own, tariff(own, regime))
            rows.append({"price_key": price_key, "start_minute": regime.start, "end_minute": regime.end, "tariff": own})
    kinds = [
        ("price_key", pa.string()),
        ("start_minute", pa.int64()),
        ("end_minute", pa.int64()),
        ("tariff", pa.string()),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


_PLANNED = pa.schema(
    [
        ("line_number", pa.int64()),
        ("resource_id", pa.string()),
        ("service", pa.string()),
        ("sku_id", pa.string()),
        ("dimensions", pa.string()),
        ("day", pa.date32()),
        ("start_minute", pa.int64()),
        ("quantity", pa.decimal128(38, 0)),
        ("price_key", pa.string()),
        ("itemised", pa.bool_()),
        ("unit", pa.string()),
        ("line", pa.int64()),
    ]
)


def _planned_lines(asked: Asked) -> pa.Table:
    """The estimate's lines by day and instance; what is not used on a day is not a line."""
    itemised: dict[tuple[str, date], bool] = {}
    rows: list[dict[str, Any]] = []
    for line in asked.lines:
        if line.variant or not line.quantity:
            continue
        day = moment(line.start, asked.region).date()
        if (line.sku.sku_id, day) not in itemised:
            itemised[line.sku.sku_id, day] = asked.catalog.itemised(line.sku, day)
        row = {
            "service": line.resource.service,
            "sku_id": line.sku.sku_id,
            "dimensions": ", ".join(f"{k}={v}" for k, v in line.usage.dimensions.items()),
            "day": day,
            "start_minute": line.start,
            "quantity": Decimal(line.billionths),
            "price_key": line.price_key,
            "itemised": itemised[line.sku.sku_id, day],
            "unit": asked.catalog.meters[line.sku.meter].pricing_unit,
            "line": line.resource.line,
        }
        rows += [
            {**row, "line_number": len(rows) + n, "resource_id": name} for n, name in enumerate(line.resource.instances)
        ]
    return pa.Table.from_pylist(rows, schema=_PLANNED)


def _coverage(connection: duckdb.DuckDBPyConnection) -> Coverage:
    """How many rows and how much money found a price."""
    ((rows, rated, money, money_rated),) = connection.execute("""
        SELECT count(*), count(*) FILTER (status <> 'no_price'), sum(after_cost),
            sum(after_cost) FILTER (status <> 'no_price')
        FROM pair WHERE line_after IS NOT NULL
    """).fetchall()
    return Coverage(rows, rated, _money(money), _money(money_rated))


def _money(pico: int | None) -> Decimal:
    amount = Decimal(pico or 0).scaleb(-12)
    return amount.quantize(Decimal("0.01")) if amount == round(amount, 2) else amount.normalize()


def _unpriced(connection: duckdb.DuckDBPyConnection, bill: Bill) -> Iterator[Problem]:
    """One problem for each kind of row that found no price, with its first line, count and money."""
    found = connection.execute("""
        SELECT reason, dimensions, min(line_after), count(*), sum(after_cost)
        FROM pair WHERE status = 'no_price' GROUP BY reason, dimensions ORDER BY 3
    """).fetchall()
    for text, name, line, rows, money in found:
        why = json.loads(text)
        args = {
            "what": name,
            "rows": str(rows),
            "money": f"{_money(money):f}",
            "reason": why["reason"],
            "reason_ru": why["reason_ru"],
        }
        yield Problem(code="row_without_price", source=bill.source, line=line, args=args)
