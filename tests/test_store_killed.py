"""An import is killed at a random moment, a hundred times: the store is whole, and the import again completes.

Most of the files are made of rows (`stores.read`), which is quick, so that the moments fall into the store's own work;
some are reports that a reader of the product reads.
"""

import multiprocessing
import os
import random
import signal
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from costlab.bills import read_bill_into
from costlab.store import import_bill, importing, list_bills, open_store
from tests import stores
from tests.bills import samples
from tests.charges import charge

_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["tests.stores", "costlab.store", "pandas"])  # pyarrow would load pandas in each
_BY_LINE, _BY_TIME, _REPORTS = 60, 30, 10
_STORE = str(Path("costlab") / "store")


def _victim(url: str | None, home: str, path: str, limit: int | None, told: Any) -> None:
    """Import a file; die without a word before the line `limit` of the store's code, if there is one."""
    store = open_store(url, home)
    passed = 0
    if not path.endswith(".csv"):
        importing.read_bill_into = stores.read  # type: ignore[assignment]

    def at_line(frame: Any, event: str, _: Any) -> Any:
        nonlocal passed
        if _STORE not in frame.f_code.co_filename:
            return None
        if event == "line":
            passed += 1
            if passed == limit:
                os.kill(os.getpid(), signal.SIGKILL)
        return at_line

    told.send("ready")
    if limit is not None:
        sys.settrace(at_line)
    import_bill(store, path)
    sys.settrace(None)
    told.send(passed)


def _bill(folder: Path, number: int, *, report: bool = False) -> tuple[Path, Decimal]:
    """A small file of two projects; every file has days 1 and 2 of June and a day of July of its own."""
    rows = [
        ("2026-06-01", "mcs1", f"{number}.01"),
        ("2026-06-02", "mcs2", f"{number}.10"),
        (f"2026-07-{number % 28 + 1:02}", f"own{number}", "1000"),
    ]
    if report:
        path = folder / f"{number}.csv"
        full = [(day, who, "web", "Виртуальные серверы", "CPU", "1", "шт.", amount, "") for day, who, amount in rows]
        path.write_text(samples.text([samples.HEADER, *full]), encoding="utf-8")
    else:
        path = stores.write(folder / f"{number}.json", [charge(d, a, project=p) for d, p, a in rows])
    return path, sum((Decimal(amount) for *_, amount in rows[:2]), Decimal(0))


def _start(url: str | None, home: Path, path: Path, limit: int | None) -> tuple[Any, Any]:
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_victim, args=(url, str(home), str(path), limit, theirs))
    process.start()
    theirs.close()
    assert ours.recv() == "ready"
    return process, ours


def _killed(url: str | None, home: Path, kills: list[tuple[str, float]]) -> int:
    """Kill an import at each of these moments; how many imports had not been done by then."""
    expected, shared, unfinished = 0, Decimal(0), 0
    for number, (how, moment) in enumerate(kills, start=1):
        path, amount = _bill(home.parent, number, report=how == "report")
        process, ours = _start(url, home, path, int(moment) if how == "line" else None)
        if how != "line":
            time.sleep(moment)
            process.kill()
        process.join(60)
        ours.close()
        assert process.exitcode in (0, -signal.SIGKILL)
        store = open_store(url, home, grace=0)
        there = [b for b in list_bills(store) if b.source == str(path)]
        assert len(there) <= 1
        assert there or process.exitcode, "an import that ended is there"
        stores.whole(store, newest=3)  # which also says that nothing lies about that no bill names
        money = sum((a for *_, a in stores.current(store)), Decimal(0))
        assert money == (expected + bool(there)) * 1000 + (amount if there else shared)
        unfinished += not there
        with patch(stores.READER, stores.read if how != "report" else read_bill_into):
            done = import_bill(store, path)
        assert done.status == ("unchanged" if there else "imported")
        expected, shared = expected + 1, amount
        assert sum((a for *_, a in stores.current(store)), Decimal(0)) == expected * 1000 + shared
    stores.whole(open_store(url, home, grace=0))
    return unfinished


def _moments(home: Path, by_line: int, by_time: int, reports: int, url: str | None = None) -> list[tuple[str, float]]:
    """Random moments of an import: lines of the store's code, the same ones every time, and seconds."""
    path, _ = _bill(home.parent, 0)
    process, ours = _start(url, home, path, 0)
    lines = ours.recv()
    process.join(60)
    seconds = {}
    for how in ("time", "report"):
        process, ours = _start(url, home, _bill(home.parent, 99, report=how == "report")[0], None)
        began = time.perf_counter()
        process.join(60)
        seconds[how] = time.perf_counter() - began
    assert lines > 100
    chance = random.Random(20261122)  # noqa: S311 (moments, not secrets)
    moments = [("line", chance.randint(1, lines)) for _ in range(by_line)]
    moments += [("time", chance.uniform(0, seconds["time"])) for _ in range(by_time)]
    moments += [("report", chance.uniform(0, seconds["report"])) for _ in range(reports)]
    chance.shuffle(moments)
    return moments


def test_killed_a_hundred_times(tmp_path: Path) -> None:
    (tmp_path / "measured").mkdir()
    moments = _moments(tmp_path / "measured" / "home", _BY_LINE, _BY_TIME, _REPORTS)
    (tmp_path / "killed").mkdir()
    unfinished = _killed(None, tmp_path / "killed" / "home", moments)
    assert unfinished > _BY_LINE // 2, "most of them died in the middle"


def test_killed_over_postgresql(tmp_path: Path) -> None:
    with stores.postgresql() as server:
        (tmp_path / "measured").mkdir()
        moments = _moments(tmp_path / "measured" / "home", 8, 4, 0, stores.new_database(server, "measured"))
        (tmp_path / "killed").mkdir()
        assert _killed(stores.new_database(server, "killed"), tmp_path / "killed" / "home", moments)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_imports_at_the_same_time(kind: str, tmp_path: Path) -> None:
    """Four processes open a store nobody has opened yet; two import one file, two others their own."""
    paths = [_bill(tmp_path, n)[0] for n in (1, 1, 2, 3)]
    if kind == "sqlite":
        _together(None, tmp_path / "home", paths)
    else:
        with stores.postgresql() as server:
            _together(stores.new_database(server, "together"), tmp_path / "home", paths)


def _together(url: str | None, home: Path, paths: list[Path]) -> None:
    begun = []
    for path in paths:
        ours, theirs = _SPAWN.Pipe(duplex=False)
        process = _SPAWN.Process(target=_victim, args=(url, str(home), str(path), None, theirs))
        process.start()
        begun.append((process, ours, theirs))
    for process, *_ in begun:
        process.join(120)
        assert process.exitcode == 0
    store = open_store(url, home, grace=0)
    bills = list_bills(store)
    assert sorted(b.source for b in bills) == sorted({str(p) for p in paths})
    stores.whole(store)
    newest = max(bills, key=lambda b: b.bill_id)
    assert sum((a for *_, a in stores.current(store)), Decimal(0)) == 3000 + newest.total - 1000
