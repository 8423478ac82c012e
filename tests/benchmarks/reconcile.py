"""A bill of a million rows: read, re-rated and explained, beside DuckDB's own scan of the same file."""

import os
import tempfile
from pathlib import Path

from costlab.catalog.loading import load_catalog
from costlab.engine import duckdb as engine
from tests.bills.dialects import russian
from tests.bills.faults import plant
from tests.bills.generator import charged, make, shop

ROWS = int(os.environ.get("COSTLAB_BENCH_BILL_ROWS", "1000000"))
FOLDER = Path(tempfile.gettempdir()) / "costlab-bench"
BILL = FOLDER / f"bill-{ROWS}-rows.csv"
PLANTED = ("wrong_rate", "duplicate", "bonus")


def make_bill() -> None:
    """A month of the shop with some faults, over and over for other resources: the same file every time."""
    FOLDER.mkdir(exist_ok=True)
    if BILL.exists():
        return
    catalog = load_catalog("vk")
    rows = charged(catalog, plant(PLANTED, make(shop(), catalog), catalog))
    template = FOLDER / "template.csv"
    template.write_bytes(russian(rows, catalog))
    with engine.connect() as connection:
        connection.execute(f"""
            COPY (
                SELECT template.* REPLACE ("ID ресурса" || '-' || range AS "ID ресурса")
                FROM range({-(-ROWS // len(rows))}), read_csv('{template}', delim = ';', all_varchar = true) AS template
                WHERE "Дата" <> 'Итого' LIMIT {ROWS}
            ) TO '{BILL}' (DELIMITER ';', HEADER)""")


def reconcile() -> object:
    """Read the bill and compare it with what it should have been."""
    from costlab.bills import read_bill  # noqa: PLC0415 (its import is a part of what a user waits for)
    from costlab.compare.reconcile import reconcile_bill  # noqa: PLC0415

    found = reconcile_bill(read_bill(BILL))
    assert found.coverage.rows == ROWS
    return found.after


def scan() -> object:
    """Baseline: DuckDB reads every cell and sums the amounts."""
    with engine.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        (found,) = connection.execute(f"""
            SELECT sum(CAST(replace("Сумма, ₽", ',', '.') AS DECIMAL(18, 2)))
            FROM read_csv('{BILL}', delim = ';', all_varchar = true)
            WHERE length(COLUMNS(*)) >= 0""").fetchall()
        return found[0]
