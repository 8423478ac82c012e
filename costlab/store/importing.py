"""Import a file: read it aside, put its rows in place, and make them count by one transaction.

Until the transaction commits nothing is visible, and after it everything is: a process that dies leaves only files no
row names. The same file read with the same profile changes nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Connection, Row, Table, and_, select

from costlab.bills import Profile, detect, load, other_basis, profile_text, read_bill_into
from costlab.bills import names as formats
from costlab.engine.duckdb import connect
from costlab.errors import InputError, near
from costlab.files.sql_text import literal, parquet
from costlab.files.writing import os_reason, shown_path
from costlab.i18n.words import plain
from costlab.model.bill import Bill
from costlab.model.numbers import Problem, exact
from costlab.progress import Progress, report
from costlab.store import files
from costlab.store.days import FIRST_DAY, LAST_DAY, SCOPE, Days, count, joined, meet, minus, ownership, rows
from costlab.store.listing import claims_of, problem_of, restatements, stored
from costlab.store.opening import Store, database_errors_as_problems
from costlab.store.records import Imported, Replaced, Restated
from costlab.store.restating import difference, warnings
from costlab.store.schema import BILL, BILL_FILE, CLAIM, REPLACED, RESTATED, STORE, to_json

_CHUNK = 1 << 22


@dataclass(frozen=True)
class Part:
    """The rows of one billing month."""

    period: date
    draft: Path
    rows: int
    totals: dict[str, Decimal]


def import_bill(
    store: Store,
    path: Path | str,
    *,
    profile: Profile | None = None,
    hint: str | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Import one file. `hint`: the reader it must be of. What `progress` raises goes through, and
    the store stays as it was.

    Raises `InputError` when the file cannot be used or the store does not answer; then nothing has changed.
    """
    path = Path(path)
    _check_hint(path, profile, hint)
    words = profile_text(profile) if profile else ""
    report(progress, "hash")
    if (digest := _digest(path)) and (known := _known(store, shown_path(path), digest, words)):
        return known
    try:
        with files.incoming(store.folder) as own:
            bill = read_bill_into(path, own, profile=profile, progress=progress)
            if hint is not None and bill.format != hint:
                raise _differs(bill.source, bill.format, hint)
            if load(bill.format).RULES.documents:
                raise InputError(Problem(code="documents_only", source=bill.source))
            return _keep(store, bill, words, own, progress)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(store.folder), args=os_reason(error))) from None
    except duckdb.IOException as error:
        args = {"reason": str(error).splitlines()[0][:300]}
        raise InputError(Problem(code="unwritable", source=shown_path(store.folder), args=args)) from None


def _check_hint(path: Path, profile: Profile | None, hint: str | None) -> None:
    if hint is None:
        return
    if hint not in formats():
        args = {"value": hint, **near(hint, formats())}
        raise InputError(Problem(code="unknown_hint", source="--format-hint", args=args))
    found = detect(path, profile=profile).format
    if found and found != hint:
        raise _differs(shown_path(path), found, hint)


def _differs(source: str, found: str, hint: str) -> InputError:
    return InputError(Problem(code="hint_differs", source=source, args={"found": found, "hint": hint}))


def _digest(path: Path) -> str:
    """SHA-256 of a file; "" when it cannot be had: the reader will say why."""
    try:
        if not path.is_file():
            return ""
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()
    except OSError:
        return ""


def _known(store: Store, source: str, digest: str, words: str) -> Imported | None:
    with database_errors_as_problems(store.place), store.engine.connect().execution_options(reads=True) as connection:
        return _same(connection, source, digest, words)


def _same(connection: Connection, source: str, digest: str, words: str) -> Imported | None:
    """The import of the same bytes with the same profile, if there was one."""
    wanted = and_(BILL.c.sha256 == digest, BILL.c.profile == words)
    row = connection.execute(select(BILL).where(wanted)).first()
    if row is None:
        return None
    (bill,) = stored(connection, row.bill_id)
    return Imported(source=source, bill=bill, status="unchanged", restatement=None, problems=problem_of(row))


def _keep(store: Store, bill: Bill, words: str, own: Path, progress: Progress | None) -> Imported:
    if bill.parquet is None:
        raise ValueError(f"{bill.source}: the reader left no file")
    with connect() as connection:
        report(progress, "keep", 0.0)
        parts = _parts(connection, bill, own, progress)
        report(progress, "claim")
        claims = _claims(connection, bill)
    names = []
    for part in parts:
        name = f"charges/period={part.period:%Y-%m}/{bill.sha256}-{own.name}.parquet"
        files.settle(part.draft, store.folder, name)
        names.append(name)
    report(progress, "commit")
    with database_errors_as_problems(store.place), store.engine.begin() as connection:
        number = connection.execute(
            STORE.update().values(last_bill=STORE.c.last_bill + 1).returning(STORE.c.last_bill)
        ).scalar_one()  # in PostgreSQL this also makes other imports wait until this one is done
        if known := _same(connection, bill.source, bill.sha256, words):
            connection.rollback()
            return known
        _refuse_other_basis(connection, bill, claims)
        return _commit(store, connection, bill, words, number, list(zip(names, parts, strict=True)), claims, progress)


def _parts(connection: duckdb.DuckDBPyConnection, bill: Bill, own: Path, progress: Progress | None) -> list[Part]:
    """The rows by billing month, and the proof that none was lost on the way."""
    source = parquet(bill.parquet or "")
    sums = connection.execute(
        f"SELECT period, currency, count(*), sum(amount) FROM {source} "
        "GROUP BY period, currency ORDER BY period, currency"
    ).fetchall()
    months = sorted({period for period, *_ in sums})
    parts = []
    for number, month in enumerate(months, start=1):
        draft = Path(bill.parquet or "")
        if len(months) > 1:
            draft = own / f"{month:%Y-%m}.parquet"
            query = f"SELECT * FROM {source} WHERE period = DATE '{month}'"
            connection.execute(f"COPY ({query}) TO {literal(draft)} (FORMAT parquet, COMPRESSION zstd)")
        written = connection.execute(
            f"SELECT currency, count(*), sum(amount) FROM {parquet(draft)} GROUP BY currency"
        ).fetchall()
        if sorted(written) != [(c, n, s) for m, c, n, s in sums if m == month]:
            raise ArithmeticError(f"{bill.source}: what was written of {month} is not what was read")
        parts.append(Part(month, draft, sum(n for _, n, _ in written), {c: s for c, _, s in sorted(written)}))
        report(progress, "keep", number / len(months))
    with exact():
        written_rows, money = sum(p.rows for p in parts), sum((s for p in parts for s in p.totals.values()), Decimal(0))
        if written_rows != bill.accepted + bill.added.rows or money != bill.total * bill.sign + bill.added.amount:
            raise ArithmeticError(
                f"{bill.source}: {written_rows} rows and {money} are not {bill.accepted} and {bill.total}"
            )
    return parts


def _claims(connection: duckdb.DuckDBPyConnection, bill: Bill) -> Days:
    """The days the file speaks for."""
    claims = connection.execute(
        f"SELECT DISTINCT {SCOPE} AS scope, period, {FIRST_DAY} AS first_day, {LAST_DAY} AS last_day "
        f"FROM {parquet(bill.parquet or '')}"
    ).fetchall()
    return joined(
        *(
            {(bill.provider, scope, period): [(first.toordinal(), last.toordinal())]}
            for scope, period, first, last in claims
        )
    )


def _commit(
    store: Store,
    connection: Connection,
    bill: Bill,
    words: str,
    number: int,
    parts: Sequence[tuple[str, Part]],
    claims: Days,
    progress: Progress | None,
) -> Imported:
    others = claims_of(connection, bill.provider)
    before = ownership(others)
    taken = {older: got for older, own in before.items() if (got := meet(own.owned, claims))}
    now = datetime.now(UTC).replace(microsecond=0)
    sources = {r.bill_id: r.source for r in connection.execute(select(BILL.c.bill_id, BILL.c.source))}
    replaced = []
    for older, days in sorted(taken.items()):
        ordinals = [day for ranges in days.values() for range_ in ranges for day in range_]
        first, last = date.fromordinal(min(ordinals)), date.fromordinal(max(ordinals))
        left = count(minus(before[older].owned, claims))
        replaced.append(Replaced(older, sources[older], first, last, count(days), left))
    lines: list[Restated] = []
    if taken:
        report(progress, "restate")
        lines = difference(
            store, connection, bill.provider, others, joined(*taken.values()), [name for name, _ in parts]
        )
    problems = bill.problems + warnings(bill, number, replaced, lines, claims, before, sources)
    connection.execute(BILL.insert().values(**_row(bill, words, number, now, problems)))
    file_rows = [
        {"name": name, "bill_id": number, "period": f"{p.period:%Y-%m}", "rows": p.rows,
         "bytes": (store.folder / name).stat().st_size, "totals": to_json({c: plain(s) for c, s in p.totals.items()})}
        for name, p in parts
    ]  # fmt: skip
    spans = [
        {"bill_id": number, "scope": scope, "period": str(period), "first_day": str(first), "last_day": str(last)}
        for _, scope, period, first, last in rows(claims)
    ]
    _insert(connection, BILL_FILE, file_rows)
    _insert(connection, CLAIM, spans)
    _insert(connection, REPLACED, [{"bill_id": number, **_texts(r)} for r in replaced])
    _insert(connection, RESTATED, [{"bill_id": number, **_texts(line)} for line in lines])
    (found,) = stored(connection, number)
    restated = restatements(store, number, connection=connection)
    return Imported(
        source=bill.source,
        bill=found,
        status="imported",
        restatement=restated[0] if restated else None,
        problems=problems,
    )


def _refuse_other_basis(connection: Connection, bill: Bill, claims: Days) -> None:
    """Two views of one month's money are the same money twice. Raises `InputError`."""
    if not bill.basis:
        return
    months = {(provider, period) for provider, _, period in claims}
    others = claims_of(connection, bill.provider)
    for row in connection.execute(select(BILL.c.bill_id, BILL.c.source, BILL.c.reading)):
        basis = json.loads(row.reading).get("basis", "")
        common = {(p, m) for p, _, m in others.get(row.bill_id, {})} & months
        if basis not in ("", bill.basis) and common:
            raise InputError(other_basis(bill.source, bill.basis, row.source, basis, min(m for _, m in common)))


def _insert(connection: Connection, table: Table, many: list[dict[str, Any]]) -> None:
    if many:
        connection.execute(table.insert(), many)


def _texts(record: Replaced | Restated) -> dict[str, Any]:
    """A record as a row: days and money as text."""
    values = vars(record)
    return {k: plain(v) if isinstance(v, Decimal) else str(v) if isinstance(v, date) else v for k, v in values.items()}


def _row(bill: Bill, words: str, number: int, now: datetime, problems: Sequence[Problem]) -> dict[str, Any]:
    reading = {
        "encoding": bill.encoding, "delimiter": bill.delimiter, "header_line": bill.header_line,
        "columns": bill.columns, "ignored": bill.ignored, "projects": bill.projects, "notes": bill.notes,
        "totals": {c: plain(s) for c, s in bill.totals.items()},
        "added": {"rows": bill.added.rows, "amount": plain(bill.added.amount)}, "basis": bill.basis,
    }  # fmt: skip
    return {
        "bill_id": number, "source": bill.source, "sha256": bill.sha256, "profile": words, "format": bill.format,
        "provider": bill.provider, "region": bill.region, "currency": bill.currency, "rows": bill.rows,
        "accepted": bill.accepted, "rejected": bill.rejected, "total": plain(bill.total),
        "control": None if bill.control is None else plain(bill.control), "sign": bill.sign,
        "first_day": bill.first_day and str(bill.first_day), "last_day": bill.last_day and str(bill.last_day),
        "imported_at": now.isoformat(), "reading": to_json(reading),
        "problems": to_json([p.model_dump() for p in problems]),
    }  # fmt: skip


def forget(store: Store, bill_id: int) -> None:
    """Take a file out of the store; days it had taken from earlier files are theirs again. Raises `InputError`."""
    with database_errors_as_problems(store.place), store.engine.begin() as connection:
        connection.execute(STORE.update().values(last_bill=STORE.c.last_bill))  # waits for an import that commits
        names: list[Row[Any]] = list(connection.execute(select(BILL_FILE.c.name).where(BILL_FILE.c.bill_id == bill_id)))
        for table in (RESTATED, REPLACED, CLAIM, BILL_FILE):
            connection.execute(table.delete().where(table.c.bill_id == bill_id))
        if not connection.execute(BILL.delete().where(BILL.c.bill_id == bill_id)).rowcount:
            raise InputError(Problem(code="unknown_bill", source="store", args={"id": str(bill_id)}))
    files.orphaned(store.folder, [name for (name,) in names])


__all__ = ["forget", "import_bill", "load"]
