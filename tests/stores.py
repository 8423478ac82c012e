"""Stores for tests: in SQLite and in a real PostgreSQL, files made of rows, and who owns a day, naively."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from costlab.bills import Profile
from costlab.engine.duckdb import connect
from costlab.model.bill import Bill, Control
from costlab.progress import Progress, report
from costlab.store import Store, create_charge_view, list_bills
from costlab.store.schema import BILL_FILE
from tests import charges

READER = "costlab.store.importing.read_bill_into"


def write(path: Path, rows: list[dict[str, Any]], **facts: str) -> Path:
    """A file of rows (`charges.charge`) that `read` reads; `facts` (provider, format) are the file's."""
    path.write_text(json.dumps({"rows": rows, **facts}, default=str), encoding="utf-8")
    return path


def read(path: Path, folder: Path, *, profile: Profile | None = None, progress: Progress | None = None) -> Bill:
    """In place of a reader: exact, quick, and of no format that people have."""
    del profile
    report(progress, "read", 0.5)
    text = path.read_bytes()
    data = json.loads(text)
    rows = [_typed(row) for row in data["rows"]]
    digest = sha256(text).hexdigest()
    out = folder / f"{digest}.parquet"
    pq.write_table(charges.table(rows), out)
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["currency"]] = totals.get(row["currency"], Decimal(0)) + row["amount"]
    total = sum(totals.values(), Decimal(0))
    days = [r["day"] for r in rows]
    return Bill(
        source=str(path),
        format=data.get("format", "vk_granular"),
        provider=data.get("provider", "vk"),
        region="ru-msk",
        currency=next(iter(totals)) if len(totals) == 1 else "",
        sha256=digest,
        encoding="utf-8",
        delimiter=";",
        header_line=1,
        columns={"day": "Дата"},
        ignored=(),
        rows=len(rows),
        accepted=len(rows),
        rejected=0,
        total=total,
        sign=1,
        control=None,
        first_day=min(days),
        last_day=max(days),
        projects=tuple(sorted({r["project"] for r in rows} - {""})),
        parquet=out,
        totals=totals,
        before=Control(len(rows), total),
        after=Control(len(rows), total),
    )


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    row = dict(row)
    for key in ("day", "period"):
        row[key] = date.fromisoformat(row[key])
    for key in ("quantity", "amount", "bonus", "list_cost", "effective_cost"):
        row[key] = None if row[key] is None else Decimal(row[key])
    for key in ("start", "end"):
        row[key] = None if row[key] is None else datetime.fromisoformat(row[key])
    return row


@dataclass
class Model:
    """Day ownership, naively: for each day of a project and billing month, the newest file that has it."""

    files: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def current(self) -> list[tuple[str, date, Decimal]]:
        """Project, day and amount of the rows that count."""
        owner: dict[Any, int] = {}
        for bill in sorted(self.files):
            for row in self.files[bill]:
                for day in days(row):
                    owner[row["project"] or row["account"], row["period"], day] = bill
        return sorted(
            (row["project"], row["day"], row["amount"])
            for bill, rows in self.files.items()
            for row in rows
            if all(owner[row["project"] or row["account"], row["period"], day] == bill for day in days(row))
        )


def days(row: dict[str, Any]) -> list[date]:
    """The days a row stands for."""
    month = row["period"]
    spanned = [row["day"]]
    if row["category"] == "Usage" and row["start"] is not None:
        hours = (row["end"] - row["start"]) / timedelta(hours=1)
        spanned = [row["day"] + timedelta(days=n) for n in range(max(1, int((hours + 22) // 24)))]
    inside = [d for d in spanned if (d.year, d.month) == (month.year, month.month)]
    return inside or [row["day"]]


def current(store: Store, **chosen: Any) -> list[tuple[str, date, Decimal]]:
    """The same asked of a store."""
    with connect() as connection:
        create_charge_view(store, connection, **chosen)
        return sorted(connection.execute("SELECT project, day, amount FROM charge").fetchall())


def whole(store: Store, newest: int = 100) -> None:
    """Every file a bill names is there, the newest hold what their bills say, and nothing else lies about."""
    with store.engine.connect().execution_options(reads=True) as connection:
        files = connection.execute(select(BILL_FILE)).all()
    for bill in list_bills(store)[-newest:]:
        mine = [str(store.folder / f.name) for f in files if f.bill_id == bill.bill_id]
        ((rows, total),) = duckdb.sql(
            f"SELECT count(*), sum(amount) FROM read_parquet({mine!r}, union_by_name=true, hive_partitioning=false)"
        ).fetchall()
        assert (rows, total) == (bill.accepted, bill.total * bill.sign), bill.source
    there = {p.relative_to(store.folder).as_posix() for p in store.folder.rglob("*") if p.is_file()}
    assert there - {"lock"} == {f.name for f in files}


@contextmanager
def postgresql() -> Iterator[str]:
    """A server of its own on loopback, run by a user who is not root; yields its URL without a database."""
    found = [shutil.which("initdb"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True))]
    initdb = next((Path(p).resolve() for p in found if p), None)
    if initdb is None:
        assert os.environ.get("COSTLAB_REQUIRE_ALL") != "1", "postgresql is missing, and COSTLAB_REQUIRE_ALL=1 is set"
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="costlab-postgresql-"))
    who: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    if os.geteuid() == 0:
        name = max(u.pw_name for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody"))
        shutil.chown(folder, name)
        who |= {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, control = str(folder / "data"), str(initdb.with_name("pg_ctl"))
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=40"
    try:
        subprocess.run(
            [initdb, "-D", data, "-U", "costlab", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, **who
        )
        subprocess.run(
            [control, "-D", data, "-o", options, "-w", "-t", "60", "-l", str(folder / "log"), "start"],
            check=True,
            **who,
        )
        try:
            yield f"postgresql://costlab@127.0.0.1:{port}"
        finally:
            subprocess.run([control, "-D", data, "-m", "immediate", "-w", "stop"], check=False, **who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """An empty database of the server; its URL."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"
