"""The catalog of the store: which files were imported, what days they claim, what they changed. Money is text.

SQLite computes NUMERIC as floats, so amounts are decimal text in both databases and are summed in Python. A database is
brought up to date when it is opened: each file of `migrations/` is applied once, in order, in one transaction.
"""

import json
import sqlite3
import uuid
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import NullPool

METADATA = MetaData()

STORE = Table(
    "store",
    METADATA,
    Column("version", Integer, nullable=False),
    Column("store_id", String, nullable=False),
    Column("last_bill", Integer, nullable=False),
)
"""One row. `store_id` names the folder of the files; `last_bill` numbers the imports in the order of their commits."""

BILL = Table(
    "bill",
    METADATA,
    Column("bill_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("profile", String, nullable=False),
    Column("format", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("region", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("total", String, nullable=False),
    Column("control", String),
    Column("sign", Integer, nullable=False),
    Column("first_day", String),
    Column("last_day", String),
    Column("imported_at", String, nullable=False),
    Column("reading", String, nullable=False),
    Column("problems", String, nullable=False),
)
"""One row a file that was imported. `profile` is the mapping profile's text; `reading` and `problems` are JSON."""

BILL_FILE = Table(
    "bill_file",
    METADATA,
    Column("name", String, primary_key=True),
    Column("bill_id", ForeignKey("bill.bill_id"), nullable=False),
    Column("period", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("totals", String, nullable=False),
)
"""The Parquet files of a bill, one a billing month; `totals` is JSON, currency → decimal text."""

CLAIM = Table(
    "claim",
    METADATA,
    Column("bill_id", ForeignKey("bill.bill_id"), nullable=False),
    Column("scope", String, nullable=False),
    Column("period", String, nullable=False),
    Column("first_day", String, nullable=False),
    Column("last_day", String, nullable=False),
)
"""Days a bill speaks for, see `days.py`."""

REPLACED = Table(
    "replaced",
    METADATA,
    Column("bill_id", ForeignKey("bill.bill_id"), nullable=False),
    Column("older_id", Integer, nullable=False),
    Column("older_source", String, nullable=False),
    Column("first_day", String, nullable=False),
    Column("last_day", String, nullable=False),
    Column("days", Integer, nullable=False),
    Column("days_left", Integer, nullable=False),
)
"""Which earlier files lost days to a bill, and how many days those keep."""

RESTATED = Table(
    "restated",
    METADATA,
    Column("bill_id", ForeignKey("bill.bill_id"), nullable=False),
    Column("project", String, nullable=False),
    Column("day", String, nullable=False),
    Column("service", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("rows_before", Integer, nullable=False),
    Column("rows_after", Integer, nullable=False),
    Column("amount_before", String, nullable=False),
    Column("amount_after", String, nullable=False),
)
"""What a bill changed in days that earlier files had: only what differs in rows or money."""

Index("bill_sha256", BILL.c.sha256)
Index("bill_file_bill", BILL_FILE.c.bill_id)
Index("claim_bill", CLAIM.c.bill_id)
Index("replaced_bill", REPLACED.c.bill_id)
Index("restated_bill", RESTATED.c.bill_id)

_CREATE = (
    "CREATE TABLE IF NOT EXISTS store (version INTEGER NOT NULL, store_id VARCHAR NOT NULL, last_bill INTEGER NOT NULL)"
)


@cache
def migrations() -> tuple[tuple[str, ...], ...]:
    """The statements of each version, `migrations/0001.sql` first. Only append: databases in the field have these."""
    folder = sorted(files("costlab.store").joinpath("migrations").iterdir(), key=lambda f: f.name)
    texts = [f.read_text(encoding="utf-8") for f in folder if f.name.endswith(".sql")]
    return tuple(tuple(s for s in text.split(";\n") if s.strip()) for text in texts)


class NewerStoreError(Exception):
    """The database was written by a later costlab; carries its version."""


def database(url: URL) -> Engine:
    """An engine whose connections are private to a call. SQLite: WAL, full sync, writers wait for each other."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions late and end them at a CREATE
    for pragma in ("busy_timeout=60000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: one that reads first and writes then could be refused half-way.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reads") else "BEGIN IMMEDIATE")


def migrate(engine: Engine) -> str:
    """Bring the database up to date; returns its `store_id`. Raises `NewerStoreError`."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7261073)"))  # two that open an empty database
        connection.execute(text(_CREATE))
        found = connection.execute(STORE.select()).all()
        if not found:
            connection.execute(STORE.insert().values(version=0, store_id=uuid.uuid4().hex, last_bill=0))
            found = connection.execute(STORE.select()).all()
        ((version, store_id, _),) = found
        known = len(migrations())
        if version > known:
            raise NewerStoreError(str(version))
        for statements in migrations()[version:]:
            for statement in statements:
                connection.exec_driver_sql(statement)
        if version < known:
            connection.execute(STORE.update().values(version=known))
    return str(store_id)


def to_json(value: Any) -> str:
    """A value as the text of a column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
