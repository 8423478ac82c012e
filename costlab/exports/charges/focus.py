"""FOCUS 1.2, CSV: net rows, Tax rows whose sum with them is the document, Credits for what bonuses paid."""

from pathlib import Path

import duckdb

from costlab.exports.focus_rows import write_csv
from costlab.focus.bill import create_bill_rows

SUFFIX = "focus.csv"
MEDIA_TYPE = "text/csv"


def write(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    """Every row of the view, then the credits and taxes."""
    write_csv(connection, create_bill_rows(connection, view), path)
