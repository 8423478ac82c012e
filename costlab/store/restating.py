"""What a new file changes in days that earlier files had."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
from sqlalchemy import Connection

from costlab.engine.duckdb import connect, create
from costlab.i18n.words import plain
from costlab.model.bill import Bill
from costlab.model.numbers import Problem, Text, exact
from costlab.store.charge_views import File, create_view, files_of
from costlab.store.days import FIRST_DAY, LAST_DAY, SCOPE, Days, Ownership, meet, ownership, rows, shown
from costlab.store.opening import Store
from costlab.store.records import Replaced, Restated

_Sums = dict[tuple[str, date, str, str], tuple[int, Decimal]]
"""Project, day, service, currency → rows, money."""


def difference(
    store: Store, connection: Connection, provider: str, claims: Mapping[int, Days], taken: Days, names: Sequence[str]
) -> list[Restated]:
    """Rows and money of the days that change hands, before and after; only what differs.

    `claims` are those of the earlier bills, `taken` the days the new one takes from them, `names` its files.
    """
    months = {f"{period:%Y-%m}" for _, _, period in taken}
    earlier = [f for f in files_of(connection, provider, min(months), max(months)) if f.period in months]
    new = [File(0, "", provider, name.partition("=")[2][:7], name, 0, {}) for name in names]
    all_mine = Ownership(owned={("", "", date.fromisoformat(f"{f.period}-01")): [(1, 1)] for f in new}, lost={})
    with connect() as link:
        _create_taken(link, taken)
        create_view(link, "before", store.folder, earlier, ownership(dict(claims)))
        create_view(link, "after", store.folder, [f for f in new if f.period in months], {0: all_mine})
        before, after = _sums(link, "before"), _sums(link, "after")
    nothing = (0, Decimal(0))
    lines = []
    for key in sorted(before.keys() | after.keys()):
        (rows_before, amount_before), (rows_after, amount_after) = before.get(key, nothing), after.get(key, nothing)
        if rows_before != rows_after or amount_before != amount_after:
            lines.append(Restated(*key, rows_before, rows_after, amount_before, amount_after))
    return lines


def _create_taken(link: duckdb.DuckDBPyConnection, taken: Days) -> None:
    _, scopes, periods, firsts, lasts = zip(*rows(taken), strict=True)
    days = pa.date32()
    table = {
        "taken_scope": pa.array(scopes, pa.string()),
        "taken_period": pa.array(periods, days),
        "taken_first": pa.array(firsts, days),
        "taken_last": pa.array(lasts, days),
    }
    create(link, "taken", pa.table(table))


def _sums(link: duckdb.DuckDBPyConnection, view: str) -> _Sums:
    found = link.execute(
        f"SELECT {SCOPE} AS scope, day, service, currency, count(*), sum(amount) FROM {view} SEMI JOIN taken "
        f"ON {SCOPE} = taken_scope AND period = taken_period AND {FIRST_DAY} <= taken_last "
        f"AND {LAST_DAY} >= taken_first GROUP BY scope, day, service, currency"
    ).fetchall()
    return {(scope, day, service, currency): (count, amount) for scope, day, service, currency, count, amount in found}


def warnings(
    bill: Bill,
    number: int,
    replaced: Sequence[Replaced],
    lines: Sequence[Restated],
    claims: Days,
    before: Mapping[int, Ownership],
    sources: Mapping[int, str],
) -> tuple[Problem, ...]:
    """What a person should know of the earlier files the new one meets."""
    changed = _changed(lines)
    problems = []
    for older in replaced:
        days = str(older.first_day) if older.days == 1 else f"{older.first_day} … {older.last_day}"
        args = {"id": str(older.older_id), "older": older.older_source, "own": str(number), "days": days, **changed}
        code = "bill_overlaps" if older.days_left else "bill_replaced"
        problems.append(Problem(code=code, source=bill.source, args={**args, "left": str(older.days_left)}))
    for older_id, own in before.items():
        if common := _unnamed(claims, own.owned):
            args = {"id": str(older_id), "older": sources[older_id], "own": str(number), "days": shown(common)}
            problems.append(Problem(code="bill_may_double", source=bill.source, args=args))
    return tuple(problems)


def _unnamed(new: Days, old: Days) -> Days:
    """Days of which one of two files has only rows without a project and the other only rows with one."""
    for one, other in ((new, old), (old, new)):
        if one and all(not scope for _, scope, _ in one) and not any(not scope for _, scope, _ in other):
            plain_other: Days = {}
            for (provider, _, period), ranges in other.items():
                plain_other.setdefault((provider, "", period), []).extend(ranges)
            return meet(one, {key: sorted(ranges) for key, ranges in plain_other.items()})
    return {}


def _changed(lines: Sequence[Restated]) -> dict[str, Text]:
    """How the money of those days changed, for a message."""
    if not lines:
        return {"changed": Text(en="no difference", ru="отличий нет")}
    sums: dict[str, Decimal] = {}
    with exact():
        for line in lines:
            sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.amount_after - line.amount_before
    money = ", ".join(
        f"{plain(amount) if amount < 0 else '+' + plain(amount)} {currency}" for currency, amount in sums.items()
    )
    return {"changed": Text(en=f"{money} in {len(lines)} sums", ru=f"{money}, изменилось сумм: {len(lines)}")}
