"""JSON answers of an API as a table: the reader that knows the shape names the columns, every number keeps its text.

The rows go to a Parquet file of texts that lives as long as the table, so that everything after it is the same.
"""

import json
import re
import tempfile
import weakref
from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from costlab.files import parquet as columnar
from costlab.files.documents import read_data
from costlab.files.tables import Table
from costlab.files.writing import shown_path

Flat = Callable[[Any], tuple[list[str], list[list[Any]], int] | None]
"""Header, rows, and how many rows the whole answer has; None of any other data. A format offers it as `flat`."""
_HEAD = 1 << 16
_KNOWN = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{.*"(?:dataframes|columns|results|total)"\s*:', re.DOTALL)
MORE = "other_pages"
"""Note and problem: rows of the whole answer that this page does not hold."""


def looks_like(path: Path | str) -> bool:
    """Whether a file begins as an answer that is known here; a look at its beginning."""
    try:
        if not Path(path).is_file():
            return False
        with Path(path).open("rb") as file:
            return _KNOWN.match(file.read(_HEAD)) is not None
    except OSError:
        return False


def open_json(path: Path | str, flats: Sequence[Flat]) -> Table | None:
    """The table of an answer, by the first that knows its shape; None of any other JSON.

    Raises `InputError` for broken or too large JSON.
    """
    path = Path(path)
    data = read_data(path)
    answer = next((known for flat in flats if (known := flat(data)) is not None), None)
    if answer is None:
        return None
    header, rows, total = answer
    folder = tempfile.TemporaryDirectory(prefix="costlab-")
    place = Path(folder.name) / "rows.parquet"
    names = [f"{n}" for n in range(len(header))]
    columns = [
        pa.array([_text(row[n] if n < len(row) else None) for row in rows], pa.string()) for n in range(len(header))
    ]
    pq.write_table(pa.Table.from_arrays(columns, names=names), place)
    look = columnar.look(place, whole=False)
    table = Table(place, shown_path(path), "parquet", "", "", "", tuple(header), 0, 0, look.preview)
    table.sha256 = sha256(path.read_bytes()).hexdigest()
    if total > len(rows):
        table.notes[MORE] = total - len(rows)
    weakref.finalize(table, folder.cleanup)
    return table


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return str(value)
