"""Tiers of a bill: steps of a price by volume are those of a calendar month, and a row is rated by itself.

As long as the rows of a month stay in the step that one of them reaches, that is the same. Where they go beyond
it, what each should have cost depends on those before it, which are not yet counted here: that is told.
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from costlab.catalog.regimes import SCALE, tiers_of
from costlab.compare.split import Tariff
from costlab.engine import duckdb as engine
from costlab.i18n.words import plain
from costlab.model.numbers import Problem

_MONTHS = """
    SELECT judged.tariff, date_trunc('month', billed.day) AS month, count(*) AS rows, min(billed.line) AS line,
        sum(judged.priced_quantity) AS quantity, max(judged.priced_quantity) AS largest
    FROM billed
    JOIN calendar ON calendar.day = billed.day
    JOIN judged
        ON judged.service = billed.service AND judged.parameter = billed.parameter AND judged.unit = billed.unit
        AND judged.stretch = calendar.stretch AND judged.quantity IS NOT DISTINCT FROM billed.quantity
        AND judged.amount = billed.amount AND judged.bonus = billed.bonus
    JOIN tiered ON tiered.tariff = judged.tariff
    GROUP BY judged.tariff, date_trunc('month', billed.day)
    HAVING count(*) > 1
    ORDER BY 2, 1
"""


def months_beyond_a_tier(
    connection: duckdb.DuckDBPyConnection, tariffs: dict[str, Tariff], source: str
) -> Iterator[Problem]:
    """Each month and item of `judged` whose rows together reach a step of the price that none of them reaches alone."""
    tiered = [key for key, t in tariffs.items() if len(tiers_of(t.regime.rate)) > 1]
    if not tiered:
        return
    engine.create(connection, "tiered", pa.table({"tariff": pa.array(tiered, pa.string())}))
    months = connection.execute(_MONTHS).fetchall()
    engine.drop(connection, "tiered")
    for key, month, rows, line, quantity, largest in months:
        regime = tariffs[key].regime
        ends = [tier.up_to * SCALE for tier in tiers_of(regime.rate) if tier.up_to is not None]
        if sum(largest > end for end in ends) == sum(quantity > end for end in ends):
            continue
        args = {
            "rows": str(rows),
            "what": regime.sku.sku_id,
            "month": f"{month:%Y-%m}",
            "quantity": plain(quantity / SCALE),
        }
        yield Problem(code="tiers_by_row", source=source, line=line, args=args)
