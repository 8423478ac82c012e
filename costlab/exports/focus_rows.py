"""FOCUS rows as CSV or Parquet. In CSV a number has a point (24.0): no tool takes its column for whole numbers."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from costlab.exports.charges._columns import columns, inert
from costlab.files.sql_text import identifier, literal
from costlab.focus.columns import SPECIFIED

_TYPES = {c.name: c.type for c in SPECIFIED}
# Characters with which a spreadsheet would begin a formula stand as JSON escapes, which mean the same.
_ESCAPES = (("=", r"\u003d"), ("@", r"\u0040"), ('"+', r'"\u002b'), ('"-', r'"\u002d'))
_ORDER = "ORDER BY part, n"


def write_csv(connection: duckdb.DuckDBPyConnection, names: Sequence[str], path: Path) -> None:
    """The table `focus_row` in UTF-8; null is an empty cell, no text of a file becomes a formula."""
    kinds = dict(columns(connection, "focus_row"))
    shown = ", ".join(f"{_cell(name, kinds[name])} AS {identifier(name)}" for name in names)
    query = f"SELECT {shown} FROM focus_row {_ORDER}"
    connection.execute(f"COPY ({query}) TO {literal(path)} (FORMAT csv, HEADER true)")


def write_parquet(connection: duckdb.DuckDBPyConnection, names: Sequence[str], path: Path) -> None:
    """The same with types: text, DECIMAL(38, 20), moments in UTC."""
    kinds = dict(columns(connection, "focus_row"))
    shown = ", ".join(f"{_typed(name, kinds[name])} AS {identifier(name)}" for name in names)
    query = f"SELECT {shown} FROM focus_row {_ORDER}"
    connection.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")


def _cell(name: str, kind: str) -> str:
    cell = identifier(name)
    if kind.startswith("DECIMAL"):
        digits = f"rtrim(CAST({cell} AS VARCHAR), '0')"
        return f"CASE WHEN ends_with({digits}, '.') THEN {digits} || '0' ELSE {digits} END"
    if kind == "TIMESTAMP":
        return f"strftime({cell}, '%Y-%m-%dT%H:%M:%SZ')"
    if _TYPES.get(name) == "json" or name == "x_Dimensions":
        for found, escape in _ESCAPES:
            cell = f"replace({cell}, {literal(found)}, {literal(escape)})"
        return cell
    return inert(cell) if kind == "VARCHAR" else f"CAST({cell} AS VARCHAR)"


def _typed(name: str, kind: str) -> str:
    return f"timezone('UTC', {identifier(name)})" if kind == "TIMESTAMP" else identifier(name)
