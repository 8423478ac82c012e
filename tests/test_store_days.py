"""Who owns a day: ranges against sets of days, and any sequence of imports and forgets against a naive model."""

import itertools
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from costlab.store import forget, import_bill, list_bills, open_store, sweep
from costlab.store.days import Days, both, count, joined, meet, merged, minus, ownership, without
from tests import stores
from tests.charges import charge

_NOVEMBER = date(2026, 11, 1)
_RANGE = st.tuples(st.integers(1, 30), st.integers(0, 9)).map(lambda x: (x[0], x[0] + x[1]))
_RANGES = st.lists(_RANGE, max_size=5).map(merged)
_DAYS = st.dictionaries(st.sampled_from([("vk", "p", _NOVEMBER), ("vk", "q", _NOVEMBER)]), _RANGES.filter(bool))


def numbers(ranges: list[tuple[int, int]]) -> set[int]:
    return {n for first, last in ranges for n in range(first, last + 1)}


def flat(days: Days) -> set[Any]:
    return {(key, n) for key, ranges in days.items() for n in numbers(ranges)}


@given(_RANGES, _RANGES)
def test_ranges_are_sets_of_days(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    for found, expected in (
        (both(one, other), numbers(one) & numbers(other)),
        (without(one, other), numbers(one) - numbers(other)),
        (merged([*one, *other]), numbers(one) | numbers(other)),
    ):
        assert numbers(found) == expected
        assert all(a[1] < b[0] for a, b in itertools.pairwise(found)), "in order, none twice"


@given(_DAYS, _DAYS)
def test_days_of_several_scopes(one: Days, other: Days) -> None:
    assert flat(meet(one, other)) == flat(one) & flat(other)
    assert flat(minus(one, other)) == flat(one) - flat(other)
    assert flat(joined(one, other)) == flat(one) | flat(other)
    assert count(one) == len(flat(one))


@given(st.dictionaries(st.integers(1, 9), _DAYS, max_size=5))
def test_the_newest_owns_a_day(claims: dict[int, Days]) -> None:
    owner = {day: bill for bill in sorted(claims) for day in flat(claims[bill])}
    found = ownership(claims)
    for bill, own in found.items():
        assert flat(own.owned) == {day for day, newest in owner.items() if newest == bill}
        assert flat(own.lost) == flat(claims[bill]) - flat(own.owned)


def _row(project: str, day: int, amount: int, length: int, late: bool, category: str) -> dict[str, Any]:
    on = date(2026, 10, 25) + timedelta(days=day)
    begin = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=3)
    span = {"start": begin, "end": begin + timedelta(hours=24 * length - 1)} if length > 1 else {}
    month = (on.replace(day=1) + timedelta(days=32)).replace(day=1) if late else on.replace(day=1)
    account = "" if project else "account"
    return charge(on, Decimal(amount), project=project, account=account, period=month, category=category, **span)


_ROW = st.builds(
    _row,
    st.sampled_from(["p", "q", ""]),
    st.integers(0, 12),
    st.integers(-3, 9),
    st.sampled_from([1, 1, 1, 2, 5]),
    st.sampled_from([False, False, True]),
    st.sampled_from(["Usage", "Usage", "Purchase"]),
)
_STEPS = st.lists(
    st.one_of(st.lists(_ROW, min_size=1, max_size=8), st.integers(0, 5)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25)
@given(_STEPS)
def test_imports_and_forgets_are_day_ownership(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as home, patch(stores.READER, stores.read):
        store, model = open_store(home=home), stores.Model()
        known: dict[bytes, int] = {}
        for step in steps:
            if isinstance(step, int):
                if model.files:
                    bill = sorted(model.files)[step % len(model.files)]
                    forget(store, bill)
                    del model.files[bill]
                    known = {text: number for text, number in known.items() if number != bill}
            else:
                path = stores.write(Path(home) / "bill", step)
                for _ in range(2):  # importing twice is importing once
                    done = import_bill(store, path)
                    number = known.setdefault(path.read_bytes(), done.bill.bill_id)
                    assert done.bill.bill_id == number
                    if done.status == "imported":
                        before = {key: amount for key, amount in _sums(model.current()).items() if amount}
                        model.files[number] = step
                        after = _sums(model.current())
                        changed = done.restatement.changed.get("RUB", Decimal(0)) if done.restatement else Decimal(0)
                        new = sum(r["amount"] for r in _on_new_days(model, number, step))
                        assert sum(after.values()) - sum(before.values()) == changed + new
                assert done.status == "unchanged"
            assert stores.current(store) == model.current()
        sweep(store, 0)
        stores.whole(store)
        assert [b.bill_id for b in list_bills(store)] == sorted(model.files)


def _sums(rows: list[tuple[str, date, Decimal]]) -> dict[tuple[str, date], Decimal]:
    out: dict[tuple[str, date], Decimal] = {}
    for project, day, amount in rows:
        out[project, day] = out.get((project, day), Decimal(0)) + amount
    return out


def _on_new_days(model: stores.Model, number: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows none of whose days another file has: they add to the total and restate nothing."""
    taken = {
        (row["project"] or row["account"], row["period"], day)
        for bill, others in model.files.items()
        if bill < number
        for row in others
        for day in stores.days(row)
    }
    return [
        row
        for row in rows
        if not any((row["project"] or row["account"], row["period"], day) in taken for day in stores.days(row))
    ]
