"""What each candidate of an ambiguous row would have cost, and how far the row's amount is from that.

A bill may be without VAT, a percentage below or above the list, or both: then none of its amounts is a list's. Which
of these it is and which service a row means are one question, answered together: every candidate of every row names the
percentage it would need, and the one that explains most of the bill's money is taken beside the list itself, gross
before net, none before one. Where two percentages explain the same nobody can tell, and none is taken.
"""

from dataclasses import replace
from fractions import Fraction

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import regimes
from costlab.compare.totals import KOPECK, NET_KOPECK
from costlab.engine import duckdb as engine
from costlab.model.prices import Sku

_TELLING = 1000 * KOPECK
"""Of a smaller amount a kopeck is more than the tenth of a percent that is looked for."""
_LEAST_QUESTIONS = 2
"""One amount is some percentage of any price."""


def create_fit(connection: duckdb.DuckDBPyConnection, skus: dict[str, Sku], catalog: Catalog) -> None:
    """`fit`: tally, sku_id, home, cost, gap (money in 10^-18) and the tolerance within which the amount is its cost.

    Reads `tally` and `candidate`. An amount is a candidate's when it is its cost to the last digit; where no
    candidate's is, to the kopeck.
    """
    _rate_candidates(connection, skus, catalog)
    basis, tenths = _way_of_the_bill(connection)
    due = f"(CAST({basis} * {1000 - tenths} AS HUGEINT) // 1000)"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE fit AS
        SELECT tally, sku_id, home, cost, gap,
            CASE WHEN min(gap) OVER (PARTITION BY tally) = 0 THEN 0 ELSE {NET_KOPECK} END AS tolerance
        FROM (
            SELECT tally, sku_id, home, gross AS cost, least(abs(billed - gross), abs(billed - {due})) AS gap
            FROM costed
        )
    """)
    engine.drop(connection, "costed")


def _rate_candidates(connection: duckdb.DuckDBPyConnection, skus: dict[str, Sku], catalog: Catalog) -> None:
    """`costed`: what each candidate of a question costs, with VAT (`gross`) and without (`net`)."""
    histories = {f"{s.sku_id}|{n}": r for s in skus.values() for n, r in enumerate(regimes(catalog, s))}
    untaxed = [Fraction(1) / (1 + Fraction(r.tax.rate)) for r in histories.values()]
    columns = {
        "sku_id": pa.array([r.sku.sku_id for r in histories.values()], pa.string()),
        "start_minute": pa.array([r.start for r in histories.values()], pa.int64()),
        "end_minute": pa.array([r.end for r in histories.values()], pa.int64()),
        "price_key": pa.array(list(histories), pa.string()),
        "net_n": pa.array([f.numerator for f in untaxed], pa.int64()),
        "net_d": pa.array([f.denominator for f in untaxed], pa.int64()),
    }
    engine.create(connection, "candidate_regime", pa.table(columns))
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE trial AS
        SELECT
            tally.tally, candidate.sku_id, candidate.home, candidate_regime.price_key, tally.start_minute, net_n, net_d,
            tally.whole_quantity * candidate.numerator // (candidate.denominator * 1000000000) AS quantity,
            tally.whole_amount + tally.whole_bonus AS billed, tally.rows
        FROM tally
        JOIN candidate
            ON candidate.service = tally.service AND candidate.parameter = tally.parameter
            AND candidate.unit = tally.unit
        JOIN candidate_regime
            ON candidate_regime.sku_id = candidate.sku_id AND candidate_regime.start_minute <= tally.start_minute
            AND candidate_regime.end_minute > tally.start_minute
        WHERE tally.quantity IS NOT NULL
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT row_number() OVER () AS usage_id, price_key, min(start_minute) AS start_minute,
            min(start_minute) + 1440 AS end_minute, quantity
        FROM trial GROUP BY price_key, quantity
    """)
    history = [replace(regime, price_key=key) for key, regime in histories.items()]
    engine.create_price_tables(connection, history, engine.span(connection))
    rated = f"SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE costed AS
        SELECT trial.tally, trial.sku_id, trial.home, trial.rows, trial.billed, rated.cost AS gross,
            CAST(rated.cost * net_n // net_d AS HUGEINT) AS net
        FROM trial
        JOIN usage ON usage.price_key = trial.price_key AND usage.quantity = trial.quantity
        JOIN ({rated}) AS rated ON rated.usage_id = usage.usage_id
    """)
    engine.drop(connection, "usage", "trial", "candidate_regime")


def _way_of_the_bill(connection: duckdb.DuckDBPyConnection) -> tuple[str, int]:
    """`gross` or `net`, and the tenths of a percent below it (above: negative) that explain most of the bill's money.

    What explains no more than a simpler way is not taken.
    """
    votes = connection.execute(f"""
        SELECT basis, tenths, sum(rows * abs(billed)) AS money FROM (
            SELECT DISTINCT tally, basis, tenths, rows, billed FROM (
                SELECT *, 1000 - (2000 * billed + due) // (2 * due) AS tenths FROM (
                    SELECT tally, rows, billed, 'gross' AS basis, gross AS due FROM costed
                    UNION ALL
                    SELECT tally, rows, billed, 'net' AS basis, net AS due FROM costed
                ) WHERE due >= {_TELLING} AND billed > 0 AND billed < 2 * due
            ) WHERE abs(billed - CAST(due * (1000 - tenths) AS HUGEINT) // 1000) <= {NET_KOPECK}
        ) GROUP BY basis, tenths HAVING tenths = 0 OR count(*) >= {_LEAST_QUESTIONS}
    """).fetchall()
    money = {(basis, int(tenths)): int(found) for basis, tenths, found in votes}
    best, most = ("gross", 0), money.get(("gross", 0), 0)
    if money.get(("net", 0), 0) > most:
        best, most = ("net", 0), money["net", 0]
    for basis in ("gross", "net"):
        others = {way: found for way, found in money.items() if way[0] == basis and way[1]}
        top = [way for way, found in others.items() if found == max(others.values())]
        if len(top) == 1 and others[top[0]] > most:
            best, most = top[0], others[top[0]]
    return best
