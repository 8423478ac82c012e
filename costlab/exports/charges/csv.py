"""CSV in UTF-8, one row a charge. Text that a spreadsheet would run as a formula is defused; numbers stay numbers."""

from pathlib import Path

import duckdb

from costlab.exports.charges._columns import as_text, columns, literal, quoted
from costlab.exports.estimates.csv import inert as inert_text

SUFFIX = "csv"
MEDIA_TYPE = "text/csv"
# As `exports.csv.inert`, in the words of DuckDB's expressions, which cannot look ahead.
_SIGN = r"""(^|[;,\t\r\n])([\p{Z}\v\f"']*[=+@-])"""
_QUOTED = r"\1'\2"
_QUOTE = "'"
_CONTROL = r"^[\t\r\n]"


def write(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    """Every row of the view, in its order."""
    # The names of a file's own columns are text of others as well.
    shown = ", ".join(f"{_cell(name, kind)} AS {quoted(inert_text(name))}" for name, kind in columns(connection, view))
    connection.execute(f"COPY (SELECT {shown} FROM {view}) TO {literal(path)} (FORMAT csv, HEADER true)")


def _cell(name: str, kind: str) -> str:
    return inert(quoted(name)) if kind == "VARCHAR" else as_text(name, kind)


def inert(column: str) -> str:
    """SQL of a text that no spreadsheet takes for a formula, also when it splits at another separator than ours."""
    found = f"regexp_replace({column}, {literal(_SIGN)}, {literal(_QUOTED)}, 'g')"
    return f"CASE WHEN regexp_matches({column}, {literal(_CONTROL)}) THEN {literal(_QUOTE)} || {found} ELSE {found} END"
