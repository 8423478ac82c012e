"""Rows of text as a Parquet file, in batches; those that are no rows, or hold what is no text, are set aside."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from costlab.files.careful import Row

_BATCH = 20_000
_MAX_ROW = 1 << 20

Rejected = tuple[int, str, str]
"""Line, code (`bad_row`, `bad_object`, `bad_bytes`) and text of a row that is not a row."""


def write_row_file(
    rows: Iterable[Row], width: int, out: Path, *, code: str = "bad_row", delimiter: str = "", damaged: bool = False
) -> list[Rejected]:
    """Write `line`, then `c0, c1, …`; blank rows are left out. Returns what is no row.

    `code`: what a row without cells is;
    `damaged`: some bytes of the file are no text, and stand as replacement characters.
    """
    rejected: list[Rejected] = []
    schema = pa.schema([("line", pa.int64()), *((f"c{n}", pa.string()) for n in range(width))])
    with pq.ParquetWriter(out, schema, compression="snappy") as writer:
        batch: list[list[Any]] = []
        for number, cells, text in rows:
            if cells is None:
                rejected.append((number, code, text[:500]))
            elif not any(c and not c.isspace() for c in cells):
                continue
            elif any("\x00" in c or (damaged and "\ufffd" in c) for c in cells) or sum(map(len, cells)) > _MAX_ROW:
                rejected.append((number, "bad_bytes", delimiter.join(cells)[:500]))
            else:
                batch.append([number, *cells])
            if len(batch) == _BATCH:
                _flush(writer, batch, schema)
        _flush(writer, batch, schema)
    return rejected


def _flush(writer: pq.ParquetWriter, batch: list[list[Any]], schema: pa.Schema) -> None:
    if batch:
        columns = zip(*batch, strict=True)
        writer.write_batch(
            pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
        )
        batch.clear()
