"""What a comparison comes to: its totals by cause and verdict, and the lines that are shown or written.

Reads the table `line` of the connection (effects.sql), which may be larger than memory.
"""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from costlab.compare.result import CAUSES, Comparison, Coverage, Rest, Side
from costlab.engine import duckdb as engine
from costlab.files.writing import written_whole
from costlab.model.bill import DECIMALS
from costlab.model.numbers import KOPECK as _TWO_DECIMALS
from costlab.model.numbers import Problem, exact

ONE = 10**DECIMALS
"""Amounts are counted in 10^-18 of the currency: a bill may print more decimals than kopecks."""
KOPECK = ONE // 100
NET_KOPECK = KOPECK * 5 // 4
"""A kopeck of an amount that was printed without VAT, with the VAT of any country."""
MAX_LINES = 200_000
"""Of more lines that differ than this, the largest differences are listed, the others are one sum."""


def assemble(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    name: str,
    currency: str,
    sides: tuple[Side, Side],
    *,
    matching: tuple[int, int] = (0, 0),
    most: int = MAX_LINES,
    coverage: Coverage | None = None,
    problems: Iterable[Problem] = (),
) -> Comparison:
    """Totals by cause and verdict over the table `line`, and no more than `most` of its rows, as `Comparison.lines`.

    `matching`: how many lines match and are not in the table, and the money of each side of them.
    """
    whole = _sums(connection, "line")
    counted = connection.execute("SELECT verdict, count(*), sum(delta) FROM line GROUP BY verdict").fetchall()
    verdicts = {v: (n, amount_of(d)) for v, n, d in counted}
    lines, left = shown_lines(connection, most), None
    if matching[0]:
        count, delta = verdicts.get("match", (0, Decimal("0.00")))
        verdicts["match"] = (count + matching[0], delta)
    if matching[0] or lines.num_rows < whole[0]:
        out = [w - s for w, s in zip(whole, _sums(connection, "shown"), strict=True)]
        sums = [amount_of(x) for x in (out[1] + matching[1], out[2] + matching[1], *out[3:])]
        causes = dict(zip(CAUSES, sums[2:], strict=False))
        moved = dict(zip(CAUSES, sums[2 + len(CAUSES) :], strict=True))
        left = Rest(out[0] + matching[0], sums[0], sums[1], causes, moved, differing=out[0])
    amounts = [amount_of(x) for x in (whole[1] + matching[1], whole[2] + matching[1], *whole[3:])]
    return Comparison(
        kind=kind,
        name=name,
        currency=currency,
        before_side=sides[0],
        after_side=sides[1],
        before=amounts[0],
        after=amounts[1],
        causes=dict(zip(CAUSES, amounts[2:], strict=False)),
        lines=lines,
        verdicts=verdicts,
        coverage=coverage or Coverage(),
        problems=tuple(problems),
        rest=left,
    )


def _sums(connection: duckdb.DuckDBPyConnection, table: str) -> list[int]:
    """Rows, before, after, each cause, and each cause without signs."""
    wanted = ["before", "after", *(f'"{c}"' for c in CAUSES), *(f'abs("{c}")' for c in CAUSES)]
    asked = f"SELECT count(*), {', '.join(f'sum({w})' for w in wanted)} FROM {table}"
    ((rows, *sums),) = connection.execute(asked).fetchall()
    return [rows, *(x or 0 for x in sums)]


def shown_lines(connection: duckdb.DuckDBPyConnection, most: int) -> pa.Table:
    """Rows of `line` as `Comparison.lines` has them: all, or the `most` with the largest differences."""
    ((rows,),) = connection.execute("SELECT count(*) FROM line").fetchall()
    largest = f"SELECT * FROM line ORDER BY abs(delta) DESC, pair LIMIT {most}"
    if rows > most:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE largest AS {largest}")
    source = "largest" if rows > most else "line"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW shown AS SELECT * FROM {source}")
    return _pointed(engine.ask(connection, engine.sql("explain", "costlab.compare")))


def write_lines(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Every row of `line` into a Parquet file, batch by batch, whole or not at all. Raises `InputError`."""
    connection.execute("CREATE OR REPLACE TEMP VIEW shown AS SELECT * FROM line")
    with written_whole(path) as draft, engine.batches(connection, engine.sql("explain", "costlab.compare")) as reader:
        schema = _pointed(reader.schema.empty_table()).schema
        with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_table(_pointed(pa.Table.from_batches([batch])))


def _pointed(raw: pa.Table) -> pa.Table:
    """Whole numbers with their point: money has 18 decimals, quantities 9."""
    decimals = {"quantity_before": 9, "quantity_after": 9}
    decimals |= dict.fromkeys(("before", "after", "delta", *CAUSES), DECIMALS)
    return pa.table(
        {
            name: engine.scaled(raw.column(name), decimals[name]) if name in decimals else raw.column(name)
            for name in raw.column_names
        }
    )


def amount_of(whole: int | None) -> Decimal:
    """An amount of 10^-18: at least two decimals, more only when they are there."""
    with exact():
        amount = Decimal(whole or 0).scaleb(-DECIMALS).normalize()
        rounded = amount.quantize(_TWO_DECIMALS)
        return rounded if rounded == amount else amount
