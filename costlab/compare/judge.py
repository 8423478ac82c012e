"""Why a row was billed as it was: at which tariff, in which pattern of rows; then each row beside what is due.

Both ways, with an estimate and without, leave the same: the table `pair` that `split` takes, and a `Judgement`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from costlab.catalog.loading import Catalog
from costlab.compare.caps import Given, given_by_discounts
from costlab.compare.infer import complete, infer
from costlab.compare.patterns import Pattern, find_patterns
from costlab.compare.rerate import Rerated, conversions, expect_rows
from costlab.compare.result import Coverage
from costlab.compare.split import Tariff
from costlab.compare.totals import amount_of
from costlab.engine import duckdb as engine


@dataclass(frozen=True)
class Judgement:
    """What is known of all rows together; each row is in the connection's table `pair`."""

    tariffs: dict[str, Tariff]
    """Every tariff that is due or was billed."""
    given: Sequence[Given]
    """What discounts with a cap give."""
    patterns: Sequence[Pattern]
    coverage: Coverage
    matching: tuple[int, int]
    """Rows just as expected that are not listed: how many, and their money in 10^-18."""


def judge_bill(
    connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog, *, every_line: bool
) -> Judgement:
    """The bill's own quantities at the prices of their days."""
    given = given_by_discounts(connection, _EXPECTED_OF_BILL, rerated.tariffs, catalog)
    tariffs, patterns = _tariffs(connection, rerated, catalog, _QUESTIONS)
    coverage = _coverage(connection, _COVERED_BY_LIST, rerated, catalog)
    matching = (0, 0) if every_line else _without_matching_questions(connection)
    expect_rows(connection)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE draft AS {engine.sql('pair_bill', 'costlab.compare')}")
    engine.drop(connection, "expected")
    complete(connection)
    return Judgement(tariffs, given, patterns, coverage, matching)


def judge_plan(
    connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog, *, every_line: bool
) -> Judgement:
    """The bill's rows (`expected`) beside `planned`, see `planned.rate_plan`; `rerated` holds the tariffs of both."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE draft AS {engine.sql('pair_plan', 'costlab.compare')}")
    engine.drop(connection, "expected", "planned", "plan_rated")
    given = given_by_discounts(connection, _EXPECTED_OF_PLAN, rerated.tariffs, catalog)
    tariffs, patterns = _tariffs(connection, rerated, catalog, _PAIRED)
    coverage = _coverage(connection, _COVERED_BY_PLAN, rerated, catalog)
    complete(connection)
    matching = (0, 0) if every_line else _without_matching_pairs(connection)
    return Judgement(tariffs, given, patterns, coverage, matching)


def _tariffs(
    connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog, questions: str
) -> tuple[dict[str, Tariff], list[Pattern]]:
    """The tariffs due and those billed, and the patterns that rows are billed in."""
    known = rerated.tariffs | infer(connection, rerated, catalog, questions)
    patterns, brought = find_patterns(connection, rerated, catalog, known)
    return known | brought, patterns


_QUESTIONS = """
    SELECT sku_id, tariff, priced_quantity AS quantity, billed, cost AS expected_cost, start_minute, rows
    FROM judged WHERE tariff IS NOT NULL"""
_PAIRED = """
    SELECT sku_id, before_tariff AS tariff, after_quantity AS quantity, after_cost + after_bonus AS billed,
        expected_cost, after_start AS start_minute, 1 AS rows
    FROM draft WHERE status = 'pair'"""
_EXPECTED_OF_BILL = """
    SELECT tariff, priced_quantity AS quantity, start_minute, cost, rows FROM judged WHERE tariff IS NOT NULL"""
_EXPECTED_OF_PLAN = """
    SELECT before_tariff AS tariff, before_quantity AS quantity, before_start AS start_minute, before_cost AS cost,
        1 AS rows
    FROM draft WHERE before_tariff IS NOT NULL"""
_COVERED_BY_LIST = """
    SELECT with_copies AS rows, with_copies - CASE WHEN tariff IS NULL THEN rows ELSE 0 END AS rated,
        whole_amount AS money
    FROM judged"""
_COVERED_BY_PLAN = """
    SELECT 1 AS rows, CASE WHEN status = 'no_price' THEN 0 ELSE 1 END AS rated, after_cost AS money
    FROM draft WHERE line_after IS NOT NULL"""


def _without_matching_questions(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Take the doubt from questions that were billed just as expected: how many rows, and how much money."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT judged.* EXCLUDE (doubted),
            judged.tariff IS NULL OR judged.whole_bonus <> 0 OR judged.billed <> judged.cost
                OR coalesce(verdict.tariff, judged.tariff) <> judged.tariff AS doubted
        FROM judged
        LEFT JOIN doubt ON doubt.tariff = judged.tariff AND doubt.quantity = judged.priced_quantity
            AND doubt.billed = judged.billed AND doubt.expected_cost = judged.cost
        LEFT JOIN verdict ON verdict.doubt = doubt.doubt
    """)
    question = "SELECT coalesce(sum(rows), 0), coalesce(sum(rows * whole_amount), 0) FROM judged WHERE NOT doubted"
    ((rows, money),) = connection.execute(question).fetchall()
    return rows, money


def _without_matching_pairs(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Take from `pair` what is just as expected: how many lines, and how much money."""
    same = (
        "status = 'pair' AND before_tariff = after_tariff AND before_quantity = after_quantity AND after_bonus = 0 "
        "AND before_cost = after_cost"
    )
    question = f"SELECT count(*), coalesce(sum(after_cost), 0) FROM pair WHERE {same}"
    ((rows, money),) = connection.execute(question).fetchall()
    connection.execute(f"CREATE OR REPLACE TEMP TABLE pair AS SELECT * FROM pair WHERE ({same}) IS NOT TRUE")
    return rows, money


def _coverage(connection: duckdb.DuckDBPyConnection, counted: str, rerated: Rerated, catalog: Catalog) -> Coverage:
    """How many rows and how much money found a price; `counted` selects rows, rated and money (of each row)."""
    ((rows, rated, money, money_rated),) = connection.execute(f"""
        SELECT coalesce(sum(rows), 0), coalesce(sum(rated), 0), sum(rows * money), sum(rated * money) FROM ({counted})
    """).fetchall()
    coverage = Coverage(rows, rated, amount_of(money), amount_of(money_rated))
    return replace(coverage, conversions=conversions(rerated, catalog))
