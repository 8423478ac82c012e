"""Parquet: the rows as they are kept, exact types."""

from pathlib import Path

import duckdb

from costlab.files.sql_text import literal

SUFFIX = "parquet"
MEDIA_TYPE = "application/vnd.apache.parquet"


def write(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    """Every row of the view, in its order."""
    connection.execute(f"COPY (SELECT * FROM {view}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
