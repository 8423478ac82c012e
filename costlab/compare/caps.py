"""What discounts give beyond their caps, taken back from what a bill should have been: a row each, as in an estimate.

A cap is counted over everything that is expected, so the row is the whole bill's and no line's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import Regime
from costlab.compare.split import PAIR, Tariff
from costlab.compare.totals import KOPECK, amount_of
from costlab.engine import duckdb as engine
from costlab.estimate.caps import assumed_unused, charged_back, excess
from costlab.i18n.reasons import reason
from costlab.model.numbers import Problem, exact
from costlab.model.prices import Discount
from costlab.model.scenario import CAP_ID


@dataclass(frozen=True)
class Given:
    """What a discount with a cap takes off the list in all that is expected, in 10^-18, and a tariff it made."""

    discount: Discount
    amount: int
    regime: Regime


def given_by_discounts(
    connection: duckdb.DuckDBPyConnection, expected: str, tariffs: dict[str, Tariff], catalog: Catalog
) -> list[Given]:
    """What each discount that has a cap gives: the list's price of the same quantities, rated, less what is expected.

    `expected` selects tariff, quantity, start_minute, cost and rows (how often that is expected).
    """
    capped = {d.name: d for d in catalog.discounts if d.cap is not None}
    agreed = {k: t.regime for k, t in tariffs.items() if t.regime.rate.contract in capped and t.regime.listed}
    if not agreed:
        return []
    names = {"tariff": list(agreed), "discount": [r.rate.contract for r in agreed.values()]}
    engine.create(connection, "agreed", pa.table(names))
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT row_number() OVER () AS usage_id, tariff AS price_key, min(start_minute) AS start_minute,
            min(start_minute) + 1440 AS end_minute, quantity, sum(rows) AS rows, sum(rows * cost) AS cost
        FROM ({expected}) WHERE tariff IN (SELECT tariff FROM agreed) GROUP BY tariff, quantity
    """)
    at_list = [replace(r, rate=r.listed) for r in agreed.values() if r.listed is not None]
    engine.create_price_tables(connection, at_list, engine.span(connection))
    rated = f"SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    sums = connection.execute(f"""
        SELECT agreed.discount, min(agreed.tariff), sum(usage.rows * rated.cost - usage.cost)
        FROM usage JOIN ({rated}) AS rated ON rated.usage_id = usage.usage_id
        JOIN agreed ON agreed.tariff = usage.price_key GROUP BY agreed.discount ORDER BY agreed.discount
    """).fetchall()
    engine.drop(connection, "usage", "agreed")
    return [Given(capped[name], int(amount), agreed[key]) for name, key, amount in sums]


def take_back(connection: duckdb.DuckDBPyConnection, given: Sequence[Given]) -> None:
    """Add to the table `pair` what is expected to be charged back: rows without a counterpart in the bill."""
    with exact():
        beyond = [(g, excess(g.discount, amount_of(g.amount))) for g in given]
    rows = [_row(g, amount) for g, amount in beyond if amount]
    if not rows:
        return
    ((last,),) = connection.execute("SELECT coalesce(max(pair), -1) FROM pair").fetchall()
    numbered = [{**row, "pair": last + 1 + n} for n, row in enumerate(rows)]
    engine.create(connection, "taken_back", pa.Table.from_pylist(numbered, schema=PAIR))
    columns = ", ".join(f'"{name}"' for name in PAIR.names)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE pair AS SELECT {columns} FROM pair UNION ALL SELECT {columns} FROM taken_back"
    )
    engine.drop(connection, "taken_back")


def caps_assumed_unused(given: Sequence[Given], catalog: Catalog, first: date) -> list[Problem]:
    """What was assumed of the caps that were met."""
    return list(assumed_unused(catalog, first, (g.discount.name for g in given)))


def _row(given: Given, amount: Decimal) -> dict[str, object]:
    cost = charged_back(amount, given.discount, given.regime, (0, 1), "").cost
    return {
        "project": "",
        "resource_id": CAP_ID,
        "service": "",
        "sku_id": CAP_ID,
        "dimensions": given.discount.name,
        "status": "cap",
        "before_cost": Decimal(cost * KOPECK),
        "before_bonus": Decimal(0),
        "after_bonus": Decimal(0),
        "held": False,
        "implied": False,
        "unit": "",
        "file": "",
        "reason": reason("cap"),
    }
