"""FOCUS 1.2, Parquet: the rows of the CSV, typed."""

from pathlib import Path

import duckdb

from costlab.exports.focus_rows import write_parquet
from costlab.focus.bill import create_bill_rows

SUFFIX = "focus.parquet"
MEDIA_TYPE = "application/vnd.apache.parquet"


def write(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    """Every row of the view, then the credits and taxes."""
    write_parquet(connection, create_bill_rows(connection, view), path)
