"""Run the SQL files here, in this process, on DuckDB. A connection per call: nothing is shared between threads."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from costlab.catalog.regimes import ALWAYS, PRICE_COLUMNS, Regime, price_rows
from costlab.engine.arrow_columns import WHOLE, column

MEMORY = "1GB"
"""What one connection may hold in memory before it uses the disk."""
_BATCH = 100_000
_DAY = 1440
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("size", "tier_from", "tier_to", "numerator", "denominator", "common"), WHOLE),
    **dict.fromkeys(
        ("rate_id", "start_minute", "end_minute", "minimum", "vat_numerator", "vat_denominator"), pa.int64()
    ),
}


@dataclass(frozen=True)
class Rated:
    """A row the rating program yields; quantity in billionths, raw cost in 10^-12 roubles, cost and VAT in kopecks."""

    usage_id: int | None
    """None for what rounding a document's total leaves."""
    rate_id: int | None
    start_minute: int | None
    end_minute: int | None
    quantity: int
    raw_cost: int
    cost: int
    vat: int
    vat_numerator: int
    vat_denominator: int


@cache
def sql(name: str, package: str = "costlab.engine") -> str:
    """The text of a question of a package; here, the rating program."""
    return files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def connect() -> duckdb.DuckDBPyConnection:
    """A private in-memory connection: no network, no extension from outside; what exceeds the memory goes to disk."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": MEMORY,
            "temp_directory": str(Path(tempfile.gettempdir()) / f"costlab-{os.getpid()}"),
        }
    )
    connection.execute("SET enable_progress_bar_print = false")  # it would stand amid our own output
    return connection


def drop(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """Forget tables that were steps on the way, so that memory holds one step and not all."""
    for table in tables:
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def create_price_tables(connection: duckdb.DuckDBPyConnection, history: list[Regime], span: tuple[int, int]) -> None:
    """Create the views `price` and `slice` that `rate.sql` reads; `span` bounds the usage in minutes."""
    columns: list[Sequence[Any]] = list(zip(*price_rows(history), strict=True)) or [() for _ in PRICE_COLUMNS]
    arrays = {
        name: column(values, _TYPES.get(name, pa.string())) for name, values in zip(PRICE_COLUMNS, columns, strict=True)
    }
    create(connection, "price", pa.table(arrays))
    create(connection, "slice", _slices(history, span))


def create(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """A temporary table from Arrow, with HUGEINT where that has DECIMAL(38, 0)."""
    connection.register("arrow_input", table)
    kept = [f'CAST("{f.name}" AS HUGEINT) AS "{f.name}"' if f.type == WHOLE else f'"{f.name}"' for f in table.schema]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(kept)} FROM arrow_input")
    connection.unregister("arrow_input")


def _slices(history: list[Regime], span: tuple[int, int]) -> pa.Table:
    rows = [(scope, -ALWAYS, ALWAYS) for scope in ("line", "unit", "total")]
    for offset in sorted({r.clock for r in history if r.rounding.scope == "day"}):
        first = (span[0] + offset) // _DAY * _DAY - offset
        rows += [("day", start, start + _DAY) for start in range(first, span[1], _DAY)]
    scopes, starts, ends = zip(*rows, strict=True)
    return pa.table(
        {
            "rounding_scope": column(scopes, pa.string()),
            "start_minute": column(starts, pa.int64()),
            "end_minute": column(ends, pa.int64()),
        }
    )


def span(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """The first and last minute of the table `usage`."""
    ((first, last),) = connection.execute("SELECT min(start_minute), max(end_minute) FROM usage").fetchall()
    return (first, last) if first is not None else (0, 0)


def ask(connection: duckdb.DuckDBPyConnection, question: str) -> pa.Table:
    """A question's answer as Arrow, with DECIMAL(38, 0) where DuckDB has HUGEINT (which Arrow lacks)."""
    return _asked(connection, question).to_arrow_table()


def batches(connection: duckdb.DuckDBPyConnection, question: str) -> pa.RecordBatchReader:
    """The same piece by piece, for answers larger than memory; in the question's order if it has one."""
    return _asked(connection, question).to_arrow_reader(_BATCH)


def _asked(connection: duckdb.DuckDBPyConnection, question: str) -> duckdb.DuckDBPyRelation:
    columns = connection.execute(f"DESCRIBE {question}").fetchall()
    kept = [f'CAST("{c[0]}" AS DECIMAL(38, 0)) AS "{c[0]}"' if c[1] == "HUGEINT" else f'"{c[0]}"' for c in columns]
    return connection.sql(f"SELECT {', '.join(kept)} FROM ({question})")


def scaled(column: pa.ChunkedArray, decimals: int) -> pa.ChunkedArray:
    """Whole numbers read as so many decimals: the same digits, another point; nothing is computed."""
    kind = pa.decimal128(38, decimals)
    chunks = [pa.Array.from_buffers(kind, len(c), c.buffers(), c.null_count, c.offset) for c in column.chunks]
    return pa.chunked_array(chunks, kind)


def rate(usage: Iterable[tuple[int, str, int, int, int]], history: list[Regime]) -> Sequence[Rated]:
    """Rate usage rows `(usage_id, price_key, start_minute, end_minute, quantity in billionths)`. See `rated`."""
    with connect() as connection:
        return rated(connection, usage, history)


def rated(
    connection: duckdb.DuckDBPyConnection, usage: Iterable[tuple[int, str, int, int, int]], history: list[Regime]
) -> Sequence[Rated]:
    """The same where a connection computes.

    Raises `OverflowError` when an amount exceeds the integers it is computed in (38 digits; 10^15 roubles a charge).
    """
    rows = list(usage)
    if not rows:
        return []
    ids, keys, starts, ends, quantities = zip(*rows, strict=True)
    table = pa.table(
        {
            "usage_id": column(ids, pa.int64()),
            "price_key": column(keys, pa.string()),
            "start_minute": column(starts, pa.int64()),
            "end_minute": column(ends, pa.int64()),
            "quantity": column(quantities, WHOLE),
        }
    )
    create_price_tables(connection, history, (min(starts), max(ends)))
    create(connection, "usage", table)
    try:
        found = connection.execute(f"{sql('rate')} ORDER BY usage_id NULLS LAST, start_minute").fetchall()
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise OverflowError(str(error)) from error
    return [Rated(*row) for row in found]


__all__ = [
    "Rated",
    "ask",
    "batches",
    "connect",
    "create",
    "create_price_tables",
    "drop",
    "rate",
    "rated",
    "scaled",
    "span",
    "sql",
]
