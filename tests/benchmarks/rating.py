"""Ten million usage rows from Parquet: the rating program beside DuckDB's scan and a hand-written query."""

import os
import tempfile
from datetime import date
from pathlib import Path

from costlab.catalog.loading import load_catalog
from costlab.catalog.regimes import Regime, regimes
from costlab.engine import duckdb as engine
from costlab.model.periods import minute_of

ROWS = int(os.environ.get("COSTLAB_BENCH_ROWS", "10000000"))
FOLDER = Path(tempfile.gettempdir()) / "costlab-bench"
USAGE = FOLDER / f"usage-{ROWS}.parquet"

SCAN = "SELECT sum(quantity), sum(start_minute), sum(end_minute), count(price_key) FROM usage"
# The same arithmetic as rate.sql for plain prices, written by hand for just this question.
BY_HAND = """
SELECT sum(kopecks), sum((2 * kopecks::BIGINT * vat_numerator + vat_denominator) // (2 * vat_denominator))
FROM (
    SELECT vat_numerator, vat_denominator,
        CASE WHEN quantity * numerator = 0 THEN 0::HUGEINT
            ELSE greatest(minimum::HUGEINT, (2 * quantity * numerator + denominator) // (2 * denominator))
        END AS kopecks
    FROM usage JOIN price ON usage.price_key = price.price_key
        AND price.start_minute < usage.end_minute AND price.end_minute > usage.start_minute
)"""


def history() -> list[Regime]:
    """Every regime of the VK catalog."""
    catalog = load_catalog()
    return [r for sku in catalog.skus for r in regimes(catalog, sku)]


def make_usage() -> None:
    """A bill's worth of day rows, seeded by arithmetic: the same file every time."""
    FOLDER.mkdir(exist_ok=True)
    if USAGE.exists():
        return
    start = minute_of(date(2026, 11, 1), load_catalog().provider.regions["ru-msk"])
    keys = [s.sku_id for s in load_catalog().skus if s.rates]
    with engine.connect() as connection:
        connection.execute(
            "CREATE TEMP TABLE key AS SELECT unnest(?) AS price_key, unnest(?) AS i",
            [keys, list(range(len(keys)))],
        )
        connection.execute(f"""
            COPY (
                SELECT range AS usage_id, price_key, {start} + range % 30 * 1440 AS start_minute,
                    {start} + range % 30 * 1440 + 1440 AS end_minute,
                    CAST(CAST(range * 7919 % 1000003 AS HUGEINT) * 1440000000 AS DECIMAL(38, 0)) AS quantity
                FROM range({ROWS}) JOIN key ON i = range % {len(keys)} ORDER BY range
            ) TO '{USAGE}' (FORMAT parquet)""")


def _ask(question: str) -> object:
    with engine.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        rules = history()
        span = (min(r.start for r in rules), max(r.start for r in rules))
        engine.create_price_tables(connection, rules, span)
        connection.execute(
            "CREATE VIEW usage AS SELECT usage_id, price_key, start_minute, end_minute, "
            f"CAST(quantity AS HUGEINT) AS quantity FROM '{USAGE}'"
        )
        return connection.execute(question).fetchone()


def scan() -> object:
    """Baseline: DuckDB reads the same columns and sums them."""
    return _ask(SCAN)


def by_hand() -> object:
    """Baseline: one query written for this question."""
    return _ask(BY_HAND)


def program() -> object:
    """The rating program: cost and VAT of every row, summed."""
    return _ask(f"SELECT sum(cost), sum(vat) FROM ({engine.sql('rate')})")
