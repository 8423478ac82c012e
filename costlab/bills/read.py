"""The straight way of a bill: bytes → table → rows → meaning → charges."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from costlab.bills.account import bill_of
from costlab.bills.origin import clock
from costlab.bills.readers import Reader, load, open_bill, the_reader
from costlab.bills.reading.columns import Layout
from costlab.bills.reading.meaning import Rewritten, rewrite_credits
from costlab.bills.reading.merge import merged
from costlab.bills.reading.places import place_rows, placed, places_told
from costlab.bills.reading.profile import Profile
from costlab.bills.reading.rows import Read, Rows
from costlab.bills.reading.vat import with_vat
from costlab.engine.duckdb import MEMORY, connect
from costlab.errors import InputError
from costlab.files.tables import Irregular, Table, write_rows
from costlab.model.bill import Bill
from costlab.model.numbers import Problem
from costlab.progress import Progress, report


def read_bill(path: Path | str, *, profile: Profile | None = None) -> Bill:
    """Read one file. Rows that cannot be read are problems of kind `rejected`; accepted + rejected = rows.

    Raises `InputError` when the file as a whole cannot be used, or no reader (or more than one) claims it.
    """
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder:
        bill = read_bill_into(path, Path(folder), profile=profile)
        return replace(bill, loaded=bill.charges, parquet=None)


def read_bills(paths: Sequence[Path | str], *, profile: Profile | None = None) -> Bill:
    """Read several files of one format as one bill; a file given twice counts once.

    A row's `line` is that of its own file. The same project and days in two files are a warning. Raises `InputError`.
    """
    bills: list[Bill] = []
    repeated = 0
    for path in paths:
        bill = read_bill(path, profile=profile)
        if any(b.sha256 == bill.sha256 for b in bills):
            repeated += 1
        else:
            bills.append(bill)
    if not bills:
        raise InputError(Problem(code="no_bill", source=""))
    return merged(bills, repeated)


def read_bill_into(
    path: Path | str, folder: Path, *, profile: Profile | None = None, progress: Progress | None = None
) -> Bill:
    """The same with its charges in `folder/<sha256>.parquet` instead of memory; `Bill.parquet` is that file.

    `progress` is told the stage and the share done (0..1, or None when it is not known); raising from it cancels, and
    leaves no file.
    """
    report(progress, "read")
    table = open_bill(path, profile, whole=True)
    name, seen = the_reader(table, profile)
    reader = load(name)
    place = folder / f"{table.sha256}.parquet"
    with _written_whole(place, table.source) as draft, places_told(table):
        with tempfile.TemporaryDirectory(prefix="costlab-") as work, connect() as connection:
            rows = _text_rows(connection, table, Path(work), seen, profile, reader)
            read = rows.read(clock(reader, profile), draft, progress)
            report(progress, "check")
            meant = _meaning(connection, draft, table, reader, read)
        bill = bill_of(table, name, reader, seen, profile, read, meant, draft)
        bill = with_vat(bill, seen, draft)
        place_rows(table, draft)
    return replace(bill, parquet=place, problems=placed(table, bill.problems))


@contextmanager
def _written_whole(place: Path, source: str) -> Iterator[Path]:
    """A draft that becomes the file when all went well, and is gone otherwise."""
    draft = place.with_suffix(f".{os.getpid()}.draft")
    try:
        yield draft
        draft.replace(place)
    except duckdb.OutOfMemoryException:  # cells that unfold to more than a bill can need
        raise InputError(Problem(code="unfolds", source=source, args={"limit": MEMORY})) from None
    finally:
        draft.unlink(missing_ok=True)


def _text_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, work: Path, seen: Layout, profile: Profile | None,
    reader: Reader,
) -> Rows:  # fmt: skip
    """The file's rows of text; by the careful reader where the fast one does not see the lines as they are."""
    try:
        expected = write_rows(table, connection, work)
        return Rows(connection, table, seen, profile, reader.RULES, expected)
    except Irregular:
        write_rows(table, connection, work, careful=True)
        return Rows(connection, table, seen, profile, reader.RULES, None)


def _meaning(
    connection: duckdb.DuckDBPyConnection, draft: Path, table: Table, reader: Reader, read: Read
) -> Rewritten | None:
    """The rows of the draft as the format means them, in place; None where its columns say it all."""
    if reader.RULES.meaning is None:
        return None
    columns = [f.name for f in pq.ParquetFile(draft).schema_arrow]
    return rewrite_credits(
        connection, draft, reader.RULES.meaning(columns), read.notations["amount"], read.sign, table.source
    )
