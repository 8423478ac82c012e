"""A bill whose amounts were printed without VAT: what it should have been was rounded without VAT as well.

The reader adds the VAT of the day exactly, so that 92.82 without VAT is 113.2404. The list's price of the row is
rounded without VAT, too, and the same VAT added to it: else every row would differ by a part of a kopeck that nobody
charged.
"""

from dataclasses import replace
from fractions import Fraction

import duckdb
import pyarrow as pa

from costlab.catalog.regimes import Regime
from costlab.compare.rerate import Rerated
from costlab.compare.totals import KOPECK, amount_of
from costlab.engine import duckdb as engine
from costlab.model.numbers import Problem
from costlab.model.prices import TaxRate


def untaxed(regime: Regime, key: str) -> Regime:
    """The same price without its VAT."""
    share = 1 / (1 + Fraction(regime.tax.rate)) if regime.rate.vat == "included" else Fraction(1)
    tax = TaxRate(effective=regime.tax.effective, rate=0, source=regime.tax.source)
    return replace(regime, price_key=key, tax=tax, factor=regime.factor * share)


def expect_net_rounding(connection: duckdb.DuckDBPyConnection, rerated: Rerated, source: str) -> list[Problem]:
    """Replace the cost of questions of `judged` whose amount is whole kopecks without VAT, and is not with it.

    Where every amount is whole without VAT, all are asked so; else a whole amount with VAT is only where it is just
    what rounding without VAT gives. What rounding without VAT comes to is told.
    """
    odd = f"SELECT 1 FROM judged WHERE tariff IS NOT NULL AND billed % {KOPECK} <> 0 LIMIT 1"
    if not connection.execute(odd).fetchall():
        return []
    expected = "SELECT coalesce(sum(rows * cost), 0) FROM judged WHERE tariff IS NOT NULL"
    [[with_vat]] = connection.execute(expected).fetchall()
    taxed = {k: 1 + Fraction(t.regime.tax.rate) for k, t in rerated.tariffs.items() if t.regime.tax.rate}
    shares = {
        "tariff": pa.array(list(taxed), pa.string()),
        "gross": pa.array([f.numerator for f in taxed.values()], pa.int64()),
        "net": pa.array([f.denominator for f in taxed.values()], pa.int64()),
    }
    engine.create(connection, "vat_share", pa.table(shares))
    ((mixed,),) = connection.execute(f"""
        SELECT count(*) FROM judged JOIN vat_share ON vat_share.tariff = judged.tariff
        WHERE billed * net % (gross * CAST({KOPECK} AS HUGEINT)) <> 0
    """).fetchall()
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE net_question AS
        SELECT DISTINCT judged.tariff, priced_quantity AS quantity, gross, net
        FROM judged JOIN vat_share ON vat_share.tariff = judged.tariff
        WHERE billed * net % (gross * CAST({KOPECK} AS HUGEINT)) = 0 AND billed <> 0
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT row_number() OVER () AS usage_id, net_question.tariff AS price_key, min(start_minute) AS start_minute,
            min(start_minute) + 1440 AS end_minute, net_question.quantity
        FROM net_question JOIN judged
            ON judged.tariff = net_question.tariff AND judged.priced_quantity = net_question.quantity
        GROUP BY net_question.tariff, net_question.quantity
    """)
    engine.create_price_tables(
        connection, [untaxed(rerated.tariffs[k].regime, k) for k in taxed], engine.span(connection)
    )
    rated = f"SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        WITH with_vat AS (
            SELECT usage.price_key AS tariff, usage.quantity, net,
                CAST(rated.cost * gross // net AS HUGEINT) AS cost, gross
            FROM usage JOIN ({rated}) AS rated ON rated.usage_id = usage.usage_id
            JOIN vat_share ON vat_share.tariff = usage.price_key
        )
        SELECT judged.* EXCLUDE (cost), CASE
            WHEN with_vat.cost IS NULL OR billed * net % (gross * CAST({KOPECK} AS HUGEINT)) <> 0 THEN judged.cost
            WHEN {"false" if mixed else "true"} OR billed % {KOPECK} <> 0 OR with_vat.cost = billed THEN with_vat.cost
            ELSE judged.cost END AS cost
        FROM judged
        LEFT JOIN with_vat ON with_vat.tariff = judged.tariff AND with_vat.quantity = judged.priced_quantity
    """)
    engine.drop(connection, "vat_share", "net_question", "usage")
    [[without_vat]] = connection.execute(expected).fetchall()
    if without_vat == with_vat:
        return []
    args = {"money": f"{amount_of(without_vat - with_vat):+f}"}
    return [Problem(code="net_rounding", source=source, args=args)]
