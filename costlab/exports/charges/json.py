"""JSON: a list of charges, one a line; money and quantities are decimal text, labels an object."""

from pathlib import Path

import duckdb

from costlab.exports.charges._columns import as_text, columns
from costlab.files.sql_text import identifier, literal

SUFFIX = "json"
MEDIA_TYPE = "application/json"


def write(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    """Every row of the view, in its order."""
    shown = ", ".join(f"{_value(name, kind)} AS {identifier(name)}" for name, kind in columns(connection, view))
    connection.execute(f"COPY (SELECT {shown} FROM {view}) TO {literal(path)} (FORMAT json, ARRAY true)")


def _value(name: str, kind: str) -> str:
    return f"CAST({identifier(name)} AS JSON)" if name == "tags" else as_text(name, kind)
