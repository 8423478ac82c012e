"""The store: what an import does, who owns a day, what forgetting gives back; in SQLite and in PostgreSQL."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from costlab.bills import Profile
from costlab.engine.duckdb import connect
from costlab.errors import InputError, message, remedy
from costlab.exports.imports import file_json, restatement_json
from costlab.progress import Cancelled
from costlab.store import (
    Store,
    create_charge_view,
    forget,
    import_bill,
    list_bills,
    open_store,
    problems_of,
    restatements,
    sweep,
)
from costlab.store.schema import METADATA
from tests import stores
from tests.bills import samples
from tests.charges import charge

_NUMBER = itertools.count()
Open = Callable[[], Store]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with stores.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same store every time it is called."""
    url: str | None = None
    if request.param == "postgresql":
        url = stores.new_database(request.getfixturevalue("server"), f"store{os.getpid()}_{next(_NUMBER)}")
    return lambda: open_store(url, tmp_path / "home", grace=0)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """Files made of rows instead of files people have."""
    monkeypatch.setattr(stores.READER, stores.read)
    return lambda name, *rows, **facts: stores.write(tmp_path / name, list(rows), **facts)


def month(project: str, first: int, last: int, amount: str = "1.00", **values: Any) -> list[dict[str, Any]]:
    return [charge(date(2026, 11, n), amount, project=project, **values) for n in range(first, last + 1)]


def total(store: Store) -> Decimal:
    return sum((amount for *_, amount in stores.current(store)), Decimal(0))


def codes(problems: tuple[Any, ...]) -> list[str]:
    return [p.code for p in problems]


def test_a_bill_comes_back_to_its_last_digit(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "счёт '1'.csv"
    path.write_bytes(samples.russian())
    store = opened()
    done = import_bill(store, path)
    (bill,) = list_bills(opened())
    assert done.status == "imported"
    assert (bill, done.restatement) == (done.bill, None)
    assert (bill.format, bill.provider, bill.rows, bill.accepted, bill.rejected) == ("vk_granular", "vk", 5, 5, 0)
    assert bill.total == bill.control == samples.TOTAL
    assert bill.totals == {"RUB": samples.TOTAL}
    assert (bill.first_day, bill.last_day, bill.periods) == (date(2026, 6, 1), date(2026, 6, 30), ("2026-06",))
    assert (bill.days, bill.days_current, bill.encoding) == (3, 3, "cp1251")
    with connect() as connection:
        offered = create_charge_view(store, connection)
        assert (offered.rows, offered.totals, offered.bills) == (5, {"RUB": samples.TOTAL}, (1,))
        ((found, money),) = connection.execute("SELECT count(*), sum(amount) FROM charge").fetchall()
        kinds = {name: kind for name, kind, *_ in connection.execute("DESCRIBE charge").fetchall()}
    assert (found, money) == (5, samples.TOTAL)
    assert (kinds["period"], kinds["amount"], kinds["provider"]) == ("DATE", "DECIMAL(38,18)", "VARCHAR")
    stores.whole(store)


def test_the_same_file_twice_changes_nothing(opened: Open, rows: Callable[..., Path], tmp_path: Path) -> None:
    path = rows("a", *month("p", 1, 3))
    store = opened()
    import_bill(store, path)
    before = [(f.relative_to(tmp_path), f.stat().st_mtime_ns) for f in sorted(store.folder.rglob("*.parquet"))]
    copy = tmp_path / "copy"
    copy.write_bytes(path.read_bytes())
    again = import_bill(opened(), copy)
    assert (again.status, again.source, again.bill.source) == ("unchanged", str(copy), str(path))
    assert [(f.relative_to(tmp_path), f.stat().st_mtime_ns) for f in sorted(store.folder.rglob("*.parquet"))] == before
    assert len(list_bills(store)) == 1
    forget(store, 1)
    assert import_bill(store, path).bill.bill_id == 2, "a number is never used again"


def test_another_profile_is_another_reading(opened: Open, rows: Callable[..., Path]) -> None:
    path = rows("a", *month("p", 1, 3))
    store = opened()
    import_bill(store, path)
    again = import_bill(store, path, profile=Profile(decimal=","))
    assert codes(again.problems) == ["bill_replaced"]
    assert import_bill(store, path, profile=Profile(decimal=",")).status == "unchanged"
    assert total(store) == Decimal(3)


def test_a_corrected_file_replaces_its_days(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("a", *month("p", 1, 3), *month("q", 1, 3, "10")))
    fixed = [*month("p", 1, 2), charge("2026-11-03", "1.25", project="p"), charge("2026-11-03", "2", project="p")]
    done = import_bill(store, rows("b", *fixed, *month("q", 1, 3, "10")))
    assert codes(done.problems) == ["bill_replaced"]
    assert done.restatement is not None
    (older,) = done.restatement.replaced
    assert (older.older_id, older.days, older.days_left) == (1, 6, 0)
    (line,) = done.restatement.lines
    assert (line.project, line.day, line.service) == ("p", date(2026, 11, 3), "Виртуальные серверы")
    assert (line.rows_before, line.rows_after, line.amount_before, line.amount_after) == (1, 2, 1, Decimal("3.25"))
    assert done.restatement.changed == {"RUB": Decimal("2.25")}
    assert restatements(opened()) == restatements(store, 2) == [done.restatement]
    assert problems_of(store, 2) == done.problems
    assert total(store) == Decimal("35.25")
    assert [(b.days, b.days_current) for b in list_bills(store)] == [(6, 0), (6, 6)]
    forget(store, 2)
    assert total(store) == Decimal(33)
    assert restatements(store) == []
    sweep(store, 0)
    stores.whole(store)


def test_an_overlap_is_told_and_never_added(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("a", *month("p", 1, 15)))
    done = import_bill(store, rows("b", *month("p", 10, 20, "2")))
    assert codes(done.problems) == ["bill_overlaps"]
    for words in (message, remedy):
        assert all(words(p, language) for p in done.problems for language in ("en", "ru"))  # type: ignore[arg-type]
    assert "2026-11-10 … 2026-11-15" in message(done.problems[0], "en")
    assert total(store) == 9 + 22
    assert done.restatement is not None
    assert done.restatement.changed == {"RUB": 6}
    assert stores.current(store, projects=("q",)) == []
    assert len(stores.current(store, projects=("p", "q"))) == 20


def test_an_earlier_import_after_a_later_one_owns_its_days(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("b", *month("p", 10, 20, "2")))
    done = import_bill(store, rows("a", *month("p", 1, 30)))
    assert codes(done.problems) == ["bill_replaced"]
    assert total(store) == 30
    forget(store, 1)
    assert total(store) == 30
    forget(store, 2)
    assert total(store) == 0


def test_a_row_of_many_days_counts_whole_or_not_at_all(opened: Open, rows: Callable[..., Path]) -> None:
    begin = datetime(2026, 10, 31, 21, tzinfo=UTC)  # midnight of the first of November in Moscow
    whole_month = {"start": begin, "end": begin + timedelta(days=30)}
    store = opened()
    import_bill(store, rows("report", charge("2026-11-01", "900", project="p", **whole_month)))
    assert list_bills(store)[0].days == 30
    import_bill(store, rows("day 7", *month("p", 7, 7, "31")))
    assert total(store) == 31
    forget(store, 2)
    assert total(store) == 900


def test_a_purchase_belongs_to_the_day_it_begins_on(opened: Open, rows: Callable[..., Path]) -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    term = {"start": begin, "end": begin + timedelta(days=1095), "category": "Purchase"}
    store = opened()
    import_bill(store, rows("1", charge("2026-11-01", "1000", project="p", **term)))
    import_bill(store, rows("2", *month("p", 2, 30)))
    assert total(store) == 1029


def test_a_correction_billed_later_takes_nothing_from_the_month_it_mends(
    opened: Open, rows: Callable[..., Path]
) -> None:
    store = opened()
    import_bill(store, rows("november", *month("p", 1, 30)))
    late = charge("2026-11-05", "-0.50", project="p", period=date(2026, 12, 1), charge_class="Correction")
    done = import_bill(store, rows("december", late, charge("2026-12-01", project="p")))
    assert done.restatement is None
    assert total(store) == Decimal("30.50")
    assert len(stores.current(store, first_period="2026-12")) == 2
    assert len(stores.current(store, last_period="2026-11")) == 30
    assert stores.current(store, first_period="2027-01") == []
    assert len(list((store.folder / "charges" / "period=2026-12").iterdir())) == 1


def test_providers_and_formats_lie_side_by_side(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("vk", *month("p", 1, 2)))
    import_bill(store, rows("aws", *month("p", 1, 2, "3", currency="USD", x_zone="a"), provider="aws", format="focus"))
    with connect() as connection:
        offered = create_charge_view(store, connection)
        assert (offered.providers, offered.totals) == (("aws", "vk"), {"RUB": 2, "USD": 6})
        found = connection.execute("SELECT provider, x_zone, count(*) FROM charge GROUP BY ALL ORDER BY ALL").fetchall()
    assert found == [("aws", "a", 2), ("vk", None, 2)]
    assert len(stores.current(store, provider="vk")) == 2


def test_accounts_without_projects_do_not_replace_each_other(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("1", *month("", 1, 2, account="one")))
    done = import_bill(store, rows("2", *month("", 1, 2, account="two")))
    assert (codes(done.problems), total(store)) == ([], 4)
    done = import_bill(store, rows("3", *month("", 1, 2)))
    assert codes(done.problems) == ["bill_may_double", "bill_may_double"]


def test_an_empty_store_can_be_asked(opened: Open) -> None:
    store = opened()
    assert (list_bills(store), restatements(store), stores.current(store)) == ([], [], [])
    for call in (lambda: forget(store, 1), lambda: problems_of(store, 1)):
        with pytest.raises(InputError) as caught:
            call()
        assert codes(caught.value.problems) == ["unknown_bill"]


def test_the_migrations_make_the_tables(opened: Open) -> None:
    found = inspect(opened().engine)
    assert set(found.get_table_names()) == set(METADATA.tables)
    for name, table in METADATA.tables.items():
        columns = {c["name"]: (type(c["type"]).__name__, c["nullable"]) for c in found.get_columns(name)}
        assert columns == {
            c.name: ("VARCHAR" if str(c.type) == "VARCHAR" else str(c.type), c.nullable) for c in table.columns
        }
        assert {i["name"] for i in found.get_indexes(name)} == {i.name for i in table.indexes}
        assert found.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]


def test_a_lost_file_is_told(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("a", *month("p", 1, 3)))
    for path in store.folder.rglob("*.parquet"):
        path.unlink()
    with pytest.raises(InputError) as caught:
        stores.current(store)
    assert codes(caught.value.problems) == ["store_file_missing"]
    forget(store, 1)
    assert stores.current(store) == []


def test_two_databases_over_one_home_leave_each_other_alone(tmp_path: Path, rows: Callable[..., Path]) -> None:
    one, two = (f"sqlite:///{tmp_path / name}.db" for name in ("one", "two"))
    import_bill(open_store(one, tmp_path), rows("a", *month("p", 1, 3)))
    import_bill(open_store(two, tmp_path, grace=0), rows("b", *month("p", 1, 4)))
    assert total(open_store(one, tmp_path, grace=0)) == 3


def test_a_folder_with_an_awkward_name(tmp_path: Path, rows: Callable[..., Path]) -> None:
    store = open_store(home=tmp_path / "a'b [x]* {y} %s ю")
    import_bill(store, rows("a", *month("p", 1, 3)))
    import_bill(store, rows("b", *month("p", 2, 2, "5")))
    assert total(store) == 7


def test_what_dead_imports_left_is_swept(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("a", *month("p", 1, 3)))
    (store.folder / "incoming" / "dead").mkdir(parents=True)
    (store.folder / "incoming" / "dead" / "half.parquet").write_bytes(b"PAR1")
    orphan = store.folder / "charges" / "period=2026-11" / "orphan.parquet"
    orphan.write_bytes(b"PAR1")
    assert total(store) == 3, "nobody sees an orphan"
    assert sweep(store, 3600) == 0
    assert orphan.exists(), "somebody may be reading a bill that was just forgotten"
    opened()
    stores.whole(store)
    assert total(store) == 3


def test_cancelled_anywhere_nothing_has_happened(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("a", *month("p", 1, 3)))
    second = rows("b", *month("p", 2, 4, "7"), charge("2026-12-01", project="p"))
    for reports in range(20):
        left = itertools.count(reports, -1)

        def stop(stage: str, share: float | None, left: Iterator[int] = left) -> None:
            assert stage
            assert share is None or 0 <= share <= 1
            if next(left) == 0:
                raise Cancelled

        try:
            import_bill(store, second, progress=stop)
        except Cancelled:
            assert total(store) == 3
            sweep(store, 0)
            stores.whole(store)
        else:
            assert reports > 5
            break
    assert total(store) == 1 + 21 + 1
    stores.whole(store)


def test_hints(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(samples.russian())
    store = opened()
    for hint, code in (("nonsense", "unknown_hint"), ("focus", "hint_differs")):
        with pytest.raises(InputError) as caught:
            import_bill(store, path, hint=hint)
        assert codes(caught.value.problems) == [code]
    assert list_bills(store) == []
    assert import_bill(store, path, hint="vk_granular").status == "imported"


def test_rejected_rows_are_kept_as_problems(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        samples.text(
            [samples.HEADER, *samples.full(), *[("2026-06-01", "p", "x", "y", "z", "1", "шт.", "??", "")]]
        ).encode()
    )
    store = opened()
    done = import_bill(store, path)
    assert (done.bill.accepted, done.bill.rejected, done.bill.rows) == (5, 1, 6)
    assert "bad_cell" in codes(problems_of(store, 1))
    again = import_bill(store, path)
    assert (again.status, codes(again.problems)) == ("unchanged", codes(done.problems))


def test_what_a_store_says_can_be_printed_as_json(opened: Open, rows: Callable[..., Path]) -> None:
    store = opened()
    import_bill(store, rows("a", *month("p", 1, 3)))
    done = import_bill(store, rows("b", *month("p", 3, 3, "1.10")))
    told = json.loads(json.dumps(file_json(done)))
    assert (told["total"], told["currency"], told["accepted"]) == ("1.1", "RUB", 1)
    assert told["period"] == {"start": "2026-11-03", "end": "2026-11-04"}
    assert told["changed"] == {"RUB": "0.1"}
    assert told["replaced"][0]["days_left"] == 2
    (line,) = restatement_json(restatements(store)[0])["lines"]
    assert (line["before"], line["after"], line["delta"]) == ("1", "1.1", "0.1")
