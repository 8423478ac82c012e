"""The current rows of the store as a view that questions are asked of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import Connection, select

from costlab.engine.duckdb import create
from costlab.errors import InputError
from costlab.files.sql_text import literal
from costlab.files.writing import no_pattern
from costlab.model.bill import CHARGES
from costlab.model.numbers import Problem, exact
from costlab.store.days import FIRST_DAY, LAST_DAY, SCOPE, Ownership, ownership
from costlab.store.listing import amounts, claims_of
from costlab.store.opening import Store, database_errors_as_problems
from costlab.store.schema import BILL, BILL_FILE

_LOST = pa.schema(
    [
        ("lost_file", pa.string()),
        ("lost_scope", pa.string()),
        ("lost_period", pa.date32()),
        ("lost_first", pa.date32()),
        ("lost_last", pa.date32()),
    ]
)


@dataclass(frozen=True)
class File:
    """A Parquet file of the store: the rows of one bill and billing month."""

    bill_id: int
    source: str
    provider: str
    period: str
    """`2026-11`"""
    name: str
    """Relative to the store's folder."""
    rows: int
    totals: dict[str, Decimal]


@dataclass(frozen=True)
class Offered:
    """What a view of charges was made of."""

    bills: tuple[int, ...]
    """Whose rows are in it."""
    providers: tuple[str, ...]
    rows: int | None
    """How many rows it has; None when they must be counted: days were taken from a file, or projects chosen."""
    totals: dict[str, Decimal] | None
    """Currency → Σ amount; None where `rows` is."""


def create_charge_view(
    store: Store,
    connection: duckdb.DuckDBPyConnection,
    *,
    provider: str | None = None,
    first_period: str | None = None,
    last_period: str | None = None,
    projects: Sequence[str] = (),
) -> Offered:
    """Create the temporary view `charge` of the current rows: the columns of `bill.CHARGES`, `provider`, then `x_…`.

    A row is current when its file owns every day the row stands for (`days.py`). `first_period` and `last_period` are
    billing months, `2026-11`, both included. A column `x_…` that only other files have is null. The view is empty when
    nothing fits. Raises `InputError` when the store does not answer or a file of it is gone.
    """
    with database_errors_as_problems(store.place), store.engine.connect().execution_options(reads=True) as link:
        found = files_of(link, provider, first_period or "", last_period or "9999-99")
        owned = ownership(claims_of(link, provider))
    return create_view(connection, "charge", store.folder, found, owned, projects)


def files_of(connection: Connection, provider: str | None = None, first: str = "", last: str = "9999-99") -> list[File]:
    """The files of the store in the order of the imports, of one provider or all, of these billing months."""
    query = (
        select(BILL_FILE, BILL.c.source, BILL.c.provider)
        .join(BILL, BILL.c.bill_id == BILL_FILE.c.bill_id)
        .where(BILL_FILE.c.period >= first, BILL_FILE.c.period <= last)
        .order_by(BILL_FILE.c.bill_id, BILL_FILE.c.period)
    )
    if provider is not None:
        query = query.where(BILL.c.provider == provider)
    return [
        File(r.bill_id, r.source, r.provider, r.period, r.name, r.rows, amounts(r.totals))
        for r in connection.execute(query)
    ]


def create_view(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    folder: Path,
    files: Sequence[File],
    owned: dict[int, Ownership],
    projects: Sequence[str] = (),
) -> Offered:
    """Create a temporary view of those rows of these files that their bills own."""
    whole: list[File] = []
    partial: list[File] = []
    lost: list[tuple[Any, ...]] = []
    for file in files:
        own, month = owned.get(file.bill_id, Ownership({}, {})), date.fromisoformat(f"{file.period}-01")
        if not any(period == month for _, _, period in own.owned):
            continue
        if not (folder / file.name).is_file():
            args = {"bill": file.source, "id": str(file.bill_id), "name": str(folder / file.name)}
            raise InputError(Problem(code="store_file_missing", source="store", args=args))
        gone = [
            (str(folder / file.name), scope, period, date.fromordinal(first), date.fromordinal(last))
            for (_, scope, period), ranges in own.lost.items()
            if period == month
            for first, last in ranges
        ]
        lost += gone
        (partial if gone else whole).append(file)
    columns: list[Sequence[Any]] = list(zip(*lost, strict=True)) or [() for _ in _LOST]
    arrays = [pa.array(column, f.type) for column, f in zip(columns, _LOST, strict=True)]
    create(connection, f"{view}_lost", pa.Table.from_arrays(arrays, schema=_LOST))
    create(connection, f"{view}_none", CHARGES.append(pa.field("provider", pa.string())).empty_table())
    queries = [f"SELECT * FROM {view}_none"]
    queries += [_stored(folder, [f for f in whole if f.provider == name], name) for name in _providers(whole)]
    queries += [
        f"{_stored(folder, [f for f in partial if f.provider == name], name, ', filename=true')} {_current(view)}"
        for name in _providers(partial)
    ]
    query = " UNION ALL BY NAME ".join(queries)
    if projects:
        query = f"SELECT * FROM ({query}) WHERE project IN ({', '.join(map(literal, projects))})"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {query}")
    counted = not partial and not projects
    sums: dict[str, Decimal] = {}
    with exact():
        for file in whole:
            for currency, amount in file.totals.items():
                sums[currency] = sums.get(currency, Decimal(0)) + amount
    return Offered(
        bills=tuple(sorted({f.bill_id for f in [*whole, *partial]})),
        providers=tuple(_providers([*whole, *partial])),
        rows=sum(f.rows for f in whole) if counted else None,
        totals=sums if counted else None,
    )


def _providers(files: Sequence[File]) -> list[str]:
    return sorted({f.provider for f in files})


def _stored(folder: Path, files: Sequence[File], provider: str, options: str = "") -> str:
    paths = ", ".join(literal(no_pattern(folder / f.name)) for f in files)
    # The folder's name must not become the column `period`, which the file has as a date.
    read = f"read_parquet([{paths}], union_by_name=true, hive_partitioning=false{options})"
    but = " EXCLUDE (filename)" if options else ""
    return f"SELECT *{but}, {literal(provider)} AS provider FROM {read}"


def _current(view: str) -> str:
    """The rows of which no newer file has taken a day."""
    return (
        f"ANTI JOIN {view}_lost ON filename = lost_file AND {SCOPE} = lost_scope AND period = lost_period "
        f"AND {FIRST_DAY} <= lost_last AND {LAST_DAY} >= lost_first"
    )
