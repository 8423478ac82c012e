"""The charges of one file as Parquet: written in the file's order, told while it goes on, and counted afterwards."""

import threading
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

from costlab.bills.reading.survey import NOTHING, tidy_sql, untidy_sql
from costlab.files.sql_text import literal, parquet
from costlab.progress import Progress, report

OPTIONS = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false"
"""How charges are written."""
_EVERY = 0.1
_WHOLE = 100.0


@dataclass(frozen=True)
class Facts:
    """What the file holds; amounts are positive where the customer pays."""

    rows: int
    amount: Decimal
    totals: dict[str, Decimal]
    """By currency."""
    negative: int
    first_day: date | None
    last_day: date | None
    last_line: int
    projects: tuple[str, ...]


def write(connection: duckdb.DuckDBPyConnection, query: str, out: Path, progress: Progress | None) -> None:
    """Write the rows a query yields, in the order of their lines. What `progress` raises stops the writing."""
    _run(connection, f"COPY ({query}) TO {literal(out)} ({OPTIONS})", progress)
    if not _rising(out):
        draft = out.with_suffix(".sorted")
        query = f"SELECT * FROM {parquet(out)} ORDER BY line"
        connection.execute(f"COPY ({query}) TO {literal(draft)} ({OPTIONS})")
        draft.replace(out)


def tidy(connection: duckdb.DuckDBPyConnection, out: Path, columns: list[str]) -> int:
    """Take spaces and words for nothing from texts that were written as they are; how many such words there were.

    Few files have any, and here DuckDB looks at each distinct text of a row group once.
    """
    written = parquet(out)
    untidy = []
    for name in columns:
        asked = f"SELECT count(*) FROM {written} WHERE {untidy_sql(name)}"
        [[found]] = connection.execute(asked).fetchall()
        if found:
            untidy.append(name)
    if not untidy:
        return 0
    words = " + ".join(f"count(*) FILTER ({name} IN {NOTHING})" for name in untidy)
    [[nothing]] = connection.execute(f"SELECT {words} FROM {written}").fetchall()
    texts = ", ".join(f"{_default(name)} AS {name}" for name in untidy)
    draft = out.with_suffix(".tidy")
    connection.execute(f"COPY (SELECT * REPLACE ({texts}) FROM {written}) TO {literal(draft)} ({OPTIONS})")
    draft.replace(out)
    return int(nothing)


def _default(name: str) -> str:
    return f"coalesce(nullif({tidy_sql(name)}, ''), 'Usage')" if name == "category" else tidy_sql(name)


def facts(connection: duckdb.DuckDBPyConnection, out: Path) -> Facts:
    """Count and sum what was written."""
    groups = connection.execute(f"""
        SELECT currency, project, count(*), sum(amount), count(*) FILTER (amount < 0), min(day), max(day), max(line)
        FROM {parquet(out)} GROUP BY currency, project
    """).fetchall()
    totals: dict[str, Decimal] = {}
    for currency, _, _, amount, *_ in groups:
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    days = [d for *_, first, last, _ in groups for d in (first, last)]
    return Facts(
        rows=sum(g[2] for g in groups),
        amount=sum(totals.values(), Decimal(0)),
        totals=dict(sorted((c, t.normalize() + 0) for c, t in totals.items())),
        negative=sum(g[4] for g in groups),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        last_line=max((g[7] for g in groups), default=0),
        projects=tuple(sorted({g[1] for g in groups if g[1]})),
    )


def _run(connection: duckdb.DuckDBPyConnection, query: str, progress: Progress | None) -> None:
    if progress is None:
        connection.execute(query)
        return
    failed: list[BaseException] = []

    def work() -> None:
        try:
            connection.execute(query)
        except BaseException as error:  # noqa: BLE001 (told to the thread that waits)
            failed.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_EVERY)
            share = connection.query_progress() / _WHOLE
            report(progress, "write", share if share >= 0 else None)
    except BaseException:
        connection.interrupt()
        worker.join()
        raise
    if failed:
        raise failed[0]


def _rising(out: Path) -> bool:
    """Whether the lines stand in the file's order."""
    last = -1
    for batch in pq.ParquetFile(out).iter_batches(columns=["line"]):
        lines = batch.column(0)
        if not len(lines):
            continue
        inside = len(lines) == 1 or pc.all(pc.less(lines[:-1], lines[1:])).as_py()
        if not inside or lines[0].as_py() <= last:
            return False
        last = lines[-1].as_py()
    return True
