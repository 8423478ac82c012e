"""What an estimate expects of a bill's days: its usage, day by day and instance by instance, rated."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.compare.rerate import expect_rows, tariff_key
from costlab.compare.split import Tariff, tariff
from costlab.compare.totals import KOPECK
from costlab.engine import duckdb as engine
from costlab.errors import kind
from costlab.estimate.lines import PricingRequest, ask
from costlab.estimate.partly import partly_discounted
from costlab.estimate.usage import use
from costlab.model.numbers import Period, Problem
from costlab.model.periods import midnight, moment
from costlab.model.scenario import Scenario


@dataclass(frozen=True)
class Planned:
    """What an estimate expects of the days of a bill; the rows are in the connection's table `planned`."""

    tariffs: dict[str, Tariff]
    """Those of the estimate and those of the bill."""
    problems: tuple[Problem, ...]


def rate_plan(
    connection: duckdb.DuckDBPyConnection,
    region_id: str,
    days: tuple[date, date],
    catalog: Catalog,
    scenario: Scenario,
    of_bill: dict[str, Tariff],
) -> Planned:
    """Create `planned`: the estimate's usage of the bill's days, each day rated; and `expected`, the bill's rows.

    `of_bill`: tariffs of the bill.
    """
    expect_rows(connection)
    region = catalog.provider.regions[region_id]
    start, end = midnight(days[0], region), midnight(days[1] + timedelta(days=1), region)
    period = Period(start=start, end=end)
    asked = ask(use(scenario.model_copy(update={"period": period, "prices_on": None}), catalog), by_day=True)
    regimes, own = _regimes(asked)
    tariffs = own | of_bill
    engine.create(connection, "planned_regime", regimes)
    engine.create(connection, "planned_line", _planned_lines(asked))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE plan_rated AS {engine.sql('plan', 'costlab.compare')}")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT line_number AS usage_id, tariff AS price_key, start_minute, start_minute + 1440 AS end_minute, quantity
        FROM plan_rated
    """)
    span = (int(start.timestamp()) // 60, int(end.timestamp()) // 60)
    engine.create_price_tables(connection, [t.regime for t in tariffs.values()], span)
    rated = (
        f"SELECT usage_id AS line_number, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE planned AS SELECT plan_rated.*, rated.cost FROM plan_rated "
        f"JOIN ({rated}) AS rated USING (line_number)"
    )
    lost = (p for p in (*asked.errors, *asked.problems) if kind(p) != "warning")
    return Planned(tariffs, (*lost, *partly_discounted(asked)))


def _regimes(asked: PricingRequest) -> tuple[pa.Table, dict[str, Tariff]]:
    """Which tariff holds when, by price key; and the tariffs by their keys."""
    rows = []
    tariffs: dict[str, Tariff] = {}
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
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds)), tariffs


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


def _planned_lines(asked: PricingRequest) -> pa.Table:
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
