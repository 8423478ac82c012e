"""Parquet as rows of text: every cell as exactly as its type has it, so that one reading serves all files.

A decimal keeps all its digits, a double is the shortest text that means it, a moment is ISO 8601 in UTC, a list or a
map is JSON, null is the empty text. Lines are the rows of the file, counted from 1.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from costlab.errors import InputError, counted
from costlab.files.sql_text import identifier, literal
from costlab.files.writing import no_pattern, shown_path
from costlab.model.numbers import Args, Problem, Text

MAGIC = b"PAR1"
MAX_RATIO = 2000
"""Unpacked to packed bytes; dictionaries make columns of one value very small, so this is far above a text's ratio."""
FREE_INFLATED = 1_000_000_000
"""Below this, no ratio is suspicious."""
_CHUNK = 1 << 22
_PREVIEW = 50


@dataclass(frozen=True)
class ParquetLook:
    """A Parquet file that can be read."""

    header: tuple[str, ...]
    preview: list[list[str]]
    rows: int
    sha256: str


def look(path: Path, *, whole: bool) -> ParquetLook:
    """Columns and first rows; `sha256` only when `whole`. Raises `InputError` for what is broken or a bomb."""
    source = shown_path(path)
    try:
        facts = pq.ParquetFile(path).metadata
        size = sum(facts.row_group(n).total_byte_size for n in range(facts.num_row_groups))
        header = tuple(pq.ParquetFile(path).schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(_broken(source, error)) from None
    if size > max(FREE_INFLATED, MAX_RATIO * path.stat().st_size):
        raise InputError(Problem(code="zip_bomb", source=source, args=counted("size", size, "B", "Б")))
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        create_raw_view(path, connection)
        rows = connection.execute(f"SELECT * EXCLUDE (line) FROM raw LIMIT {_PREVIEW}").fetchall() if header else []
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while whole and (chunk := file.read(_CHUNK)):
            digest.update(chunk)
    return ParquetLook(header, [list(row) for row in rows], facts.num_rows, digest.hexdigest() if whole else "")


def create_raw_view(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Create the view `raw`: `line`, then `c0, c1, …`, texts that are never null. Raises `InputError`."""
    place = literal(no_pattern(path))
    read = f"read_parquet({place}, file_row_number=true, hive_partitioning=false, binary_as_string=true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {read}").fetchall()
    except duckdb.Error as error:
        raise InputError(_broken(shown_path(path), error)) from None
    cells = []
    for n, (name, kind, *_) in enumerate(described):
        cell = identifier(name)
        cells.append(f"coalesce({_text(cell, kind)}, '') AS c{n}")
    query = f"SELECT file_row_number + 1 AS line, {', '.join(cells)} FROM {read}"
    connection.execute(f"CREATE OR REPLACE VIEW raw AS {query}")


def _text(cell: str, kind: str) -> str:
    """SQL for the text of a cell."""
    if kind == "VARCHAR":
        return cell
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        cell, kind = f"timezone('UTC', {cell})", "TIMESTAMP"
        return f"strftime({cell}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime(CAST({cell} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f')"
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]"):
        return f"CAST(to_json({cell}) AS VARCHAR)"
    return f"CAST({cell} AS VARCHAR)"


def _broken(source: str, error: Exception) -> Problem:
    said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    args: Args = {"reason": Text(en=f"broken Parquet ({said})", ru=f"испорченный Parquet ({said})")}
    return Problem(code="not_a_table", source=source, args=args)
