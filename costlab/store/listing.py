"""What the store holds, as records."""

import json
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

from costlab.errors import InputError
from costlab.model.numbers import Problem, Text
from costlab.store.days import Days, Ownership, count, joined, ownership
from costlab.store.opening import Store, database_errors_as_problems
from costlab.store.records import Replaced, Restated, Restatement, Stored
from costlab.store.schema import BILL, BILL_FILE, CLAIM, REPLACED, RESTATED


def list_bills(store: Store) -> list[Stored]:
    """Every imported file, in the order of the imports. Raises `InputError` when the store does not answer."""
    with database_errors_as_problems(store.place), store.engine.connect().execution_options(reads=True) as connection:
        return stored(connection)


def problems_of(store: Store, bill_id: int) -> tuple[Problem, ...]:
    """Every rejected row and warning of an import. Raises `InputError`."""
    with database_errors_as_problems(store.place), store.engine.connect().execution_options(reads=True) as connection:
        row = connection.execute(select(BILL.c.problems).where(BILL.c.bill_id == bill_id)).first()
    if row is None:
        raise InputError(Problem(code="unknown_bill", source="store", args={"id": str(bill_id)}))
    return problem_of(row)


def restatements(
    store: Store, bill_id: int | None = None, *, connection: Connection | None = None
) -> list[Restatement]:
    """What imports changed in days that earlier files had, in the order of the imports; of one bill when given.

    An import that took no day from another has none. Raises `InputError` when the store does not answer.
    """
    opened = store.engine.connect().execution_options(reads=True) if connection is None else nullcontext(connection)
    with database_errors_as_problems(store.place), opened as link:
        query = select(BILL.c.bill_id, BILL.c.source, BILL.c.imported_at).order_by(BILL.c.bill_id)
        older = select(REPLACED).order_by(REPLACED.c.older_id)
        changed = select(RESTATED).order_by(RESTATED.c.day, RESTATED.c.project, RESTATED.c.service, RESTATED.c.currency)
        if bill_id is not None:
            query, older = query.where(BILL.c.bill_id == bill_id), older.where(REPLACED.c.bill_id == bill_id)
            changed = changed.where(RESTATED.c.bill_id == bill_id)
        bills = link.execute(query).all()
        replaced = _grouped([(r.bill_id, _replaced(r)) for r in link.execute(older)])
        lines = _grouped([(r.bill_id, _restated(r)) for r in link.execute(changed)])
    return [
        Restatement(
            bill_id=b.bill_id,
            source=b.source,
            imported_at=datetime.fromisoformat(b.imported_at),
            replaced=tuple(replaced[b.bill_id]),
            lines=tuple(lines.get(b.bill_id, ())),
        )
        for b in bills
        if b.bill_id in replaced
    ]


def claims_of(connection: Connection, provider: str | None = None) -> dict[int, Days]:
    """Bill → the days it claims, of one provider or of all."""
    query = select(CLAIM, BILL.c.provider).join(BILL, BILL.c.bill_id == CLAIM.c.bill_id)
    if provider is not None:
        query = query.where(BILL.c.provider == provider)
    found: dict[int, Days] = {}
    for row in connection.execute(query):
        key = row.provider, row.scope, date.fromisoformat(row.period)
        span = date.fromisoformat(row.first_day).toordinal(), date.fromisoformat(row.last_day).toordinal()
        found.setdefault(row.bill_id, {}).setdefault(key, []).append(span)
    return {bill: joined(days) for bill, days in found.items()}


def stored(connection: Connection, bill_id: int | None = None) -> list[Stored]:
    """The bills as records; one when its number is given."""
    query, periods = select(BILL).order_by(BILL.c.bill_id), select(BILL_FILE.c.bill_id, BILL_FILE.c.period)
    if bill_id is not None:
        query, periods = query.where(BILL.c.bill_id == bill_id), periods.where(BILL_FILE.c.bill_id == bill_id)
    bills = connection.execute(query).all()
    provider = bills[0].provider if bill_id is not None and bills else None
    owned = ownership(claims_of(connection, provider))
    months = _grouped([(r.bill_id, r.period) for r in connection.execute(periods)])
    return [_stored(b, sorted(months.get(b.bill_id, ())), owned.get(b.bill_id, Ownership({}, {}))) for b in bills]


def problem_of(row: Row[Any]) -> tuple[Problem, ...]:
    """The problems of a row of `bill`."""
    return tuple(_problem(p) for p in json.loads(row.problems))


def _problem(stored: dict[str, Any]) -> Problem:
    """A stored problem; a store of costlab 0.1 may keep an argument's Russian text under a key of its own."""
    args: dict[str, Any] = dict(stored["args"])
    for key in [k for k in args if f"{k}_ru" in args]:
        args[key] = Text(en=args[key], ru=args.pop(f"{key}_ru"))
    return Problem.model_validate({**stored, "args": args})


def _stored(row: Row[Any], periods: list[str], own: Ownership) -> Stored:
    reading = json.loads(row.reading)
    return Stored(
        bill_id=row.bill_id,
        source=row.source,
        format=row.format,
        provider=row.provider,
        region=row.region,
        currency=row.currency,
        sha256=row.sha256,
        rows=row.rows,
        accepted=row.accepted,
        rejected=row.rejected,
        total=Decimal(row.total),
        totals={currency: Decimal(amount) for currency, amount in reading["totals"].items()},
        control=None if row.control is None else Decimal(row.control),
        sign=row.sign,
        first_day=_day(row.first_day),
        last_day=_day(row.last_day),
        periods=tuple(periods),
        projects=tuple(reading["projects"]),
        imported_at=datetime.fromisoformat(row.imported_at),
        notes=tuple((kind, times) for kind, times in reading["notes"]),
        encoding=reading["encoding"],
        delimiter=reading["delimiter"],
        header_line=reading["header_line"],
        columns=reading["columns"],
        ignored=tuple(reading["ignored"]),
        days=count(own.owned) + count(own.lost),
        days_current=count(own.owned),
    )


def amounts(text: str) -> dict[str, Decimal]:
    """Currency → amount, from the JSON of a column."""
    return {currency: Decimal(amount) for currency, amount in json.loads(text).items()}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _replaced(row: Row[Any]) -> Replaced:
    first, last = date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)
    return Replaced(row.older_id, row.older_source, first, last, row.days, row.days_left)


def _restated(row: Row[Any]) -> Restated:
    before, after = Decimal(row.amount_before), Decimal(row.amount_after)
    day = date.fromisoformat(row.day)
    return Restated(row.project, day, row.service, row.currency, row.rows_before, row.rows_after, before, after)


def _grouped(pairs: list[tuple[int, Any]]) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return out
