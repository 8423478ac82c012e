"""The columns of a view as text that loses nothing: every digit, days and moments in ISO 8601."""

import duckdb

from costlab.files.sql_text import identifier, literal

# As `exports.inert`, in the words of DuckDB's expressions, which cannot look ahead.
_SIGN = r"""(^|[;,\t\r\n])([\p{Z}\v\f"']*[=+@-])"""
_QUOTED = r"\1'\2"
_QUOTE = "'"
_CONTROL = r"^[\t\r\n]"


def columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[tuple[str, str]]:
    """Name and DuckDB type of each column."""
    return [(name, kind) for name, kind, *_ in connection.execute(f"DESCRIBE {view}").fetchall()]


def as_text(name: str, kind: str) -> str:
    """A column as text; whole numbers and text stay as they are."""
    column = identifier(name)
    if kind.startswith("DECIMAL"):
        digits = f"CAST({column} AS VARCHAR)"
        return f"CASE WHEN contains({digits}, '.') THEN rtrim(rtrim({digits}, '0'), '.') ELSE {digits} END"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kind == "DATE":
        return f"CAST({column} AS VARCHAR)"
    return column


def inert(column: str) -> str:
    """SQL of a text that no spreadsheet takes for a formula, also when it splits at another separator than ours."""
    found = f"regexp_replace({column}, {literal(_SIGN)}, {literal(_QUOTED)}, 'g')"
    return f"CASE WHEN regexp_matches({column}, {literal(_CONTROL)}) THEN {literal(_QUOTE)} || {found} ELSE {found} END"
