"""CSV in UTF-8, one row a charge. Text that a spreadsheet would run as a formula is defused; numbers stay numbers."""

from pathlib import Path

import duckdb

from costlab.exports.charges._columns import as_text, columns, inert
from costlab.exports.inert import in_spreadsheet
from costlab.files.sql_text import identifier, literal

SUFFIX = "csv"
MEDIA_TYPE = "text/csv"


def write(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    """Every row of the view, in its order."""
    # The names of a file's own columns are text of others as well.
    shown = ", ".join(
        f"{_cell(name, kind)} AS {identifier(in_spreadsheet(name))}" for name, kind in columns(connection, view)
    )
    connection.execute(f"COPY (SELECT {shown} FROM {view}) TO {literal(path)} (FORMAT csv, HEADER true)")


def _cell(name: str, kind: str) -> str:
    return inert(identifier(name)) if kind == "VARCHAR" else as_text(name, kind)
