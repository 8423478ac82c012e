"""The same SQL on a real Spark: what DuckDB answers, to the last digit.

Wants the address of a Spark Connect server in COSTLAB_TEST_SPARK (`.ci/spark start FOLDER` starts one and prints it).
"""

import json
import os
import warnings
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from costlab.cli import main
from costlab.compare.reconcile import Charges, reconcile_charges
from costlab.compare.result import Comparison
from costlab.engine import duckdb as engine
from costlab.engine.dialect import spark as text_of
from costlab.engine.dialect import turned
from costlab.engine.opening import opened
from costlab.errors import InputError
from costlab.questions import ask, names, sql
from costlab.store import open_store
from tests import charges
from tests.oracle import bridge
from tests.oracle.worked import NOVEMBER, rate, rule, tariff

WIDEST = 10**38 - 1
STEP = 10**18


@pytest.fixture(scope="module")
def server() -> str:
    address = os.environ.get("COSTLAB_TEST_SPARK", "")
    if not address:
        reason = "no Spark Connect server: COSTLAB_TEST_SPARK is not set"
        if os.environ.get("COSTLAB_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return address


@pytest.fixture(scope="module")
def cluster(server: str) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with opened(server) as connection:
            yield connection


def whole(*numbers: int) -> pa.Array:
    return pa.array([Decimal(n) for n in numbers], pa.decimal128(38, 0))


def test_division_is_exact_in_38_digits(cluster: Any) -> None:
    random = Random(20261122)  # noqa: S311
    pairs = [(a, b) for a in (WIDEST, STEP, STEP - 1, 10**36, 43_200 * 10**20 + 1, 0)
             for b in (1, 2, 3, 43_200, STEP, STEP - 1, STEP + 1, 10**20, WIDEST)]  # fmt: skip
    pairs += [(random.randrange(10 ** random.randrange(1, 39)), random.randrange(1, 10 ** random.randrange(1, 39)))
              for _ in range(2_000)]  # fmt: skip
    pairs = [(a * random.choice((1, -1)), b * random.choice((1, -1))) for a, b in pairs]
    engine.create(cluster, "pairs", pa.table({"a": whole(*(p[0] for p in pairs)), "b": whole(*(p[1] for p in pairs))}))
    found = cluster.execute("SELECT a, b, a // b, a // 43200, -a, abs(a) FROM pairs").fetchall()
    assert len(found) == len(pairs)
    for a, b, quotient, minutes, opposite, size in found:
        assert quotient == abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1), (a, b)
        assert minutes == abs(a) // 43_200 * (-1 if a < 0 else 1), a
        assert (opposite, size) == (-a, abs(a))


def test_beyond_38_digits_is_refused_not_wrapped(cluster: Any) -> None:
    engine.create(cluster, "wide", pa.table({"a": whole(WIDEST, WIDEST)}))
    for asked in ("sum(a)", "max(a * 10)", "max(a + 1)", "CAST(max(a) AS BIGINT)"):
        with pytest.raises(duckdb.OutOfRangeException):
            cluster.execute(f"SELECT {asked} FROM wide").fetchall()


BOOK = {
    "month": tariff(rate("983.51", "43200")),
    "tie": tariff(rate("2.01", "43200"), rate("0.005", "1", day=date(2026, 11, 9))),
    "up": tariff(rate("0.000307", "1"), rounding=(rule("up"),)),
    "day": tariff(rate("1234.56", "43200"), rounding=(rule(scope="day"),)),
    "unit": tariff(rate("0.123456789", "7"), rounding=(rule(scope="unit"),)),
    "package": tariff(rate("12.34", "1000", charge_model="package")),
}
QUANTITIES = (0, 1, 5 * 10**8, 10**9, -(10**9), 43_200 * 10**9, 21_600 * 10**9, 333 * 10**9 + 1, 10**21, -(10**21))


def test_rating(cluster: Any) -> None:
    """Every rounding scope, ties of half a kopeck, 43,200-divisions, negative quantities, 10^12 roubles."""
    history = [regime for key, own in BOOK.items() for regime in bridge.history_of({key: own})]
    usage = [(n, key, *NOVEMBER, quantity) for n, (key, quantity) in
             enumerate((k, q) for k in BOOK for q in QUANTITIES)]  # fmt: skip
    expected = engine.rate(usage, history)
    assert max(r.cost for r in expected) >= 10**12, "kopecks: large enough to matter"

    def known(rows: Any) -> list[str]:
        return sorted(map(str, rows))

    assert known(engine.rated(cluster, usage, history)) == known(expected)


ROWS = [
    *(charges.charge(f"2026-{10 + n % 2}-{n % 28 + 1:02d}", f"{n}.{n:02d}", line=n, resource_id=f"vm{n % 7}",
                     tags={"env": "prod" if n % 3 else "тест", 'a/b~"c': str(n % 2)}) for n in range(2, 40)),
    charges.charge("2026-11-03", "1000000000000.000000000000000001", line=50, resource_id="large"),
    charges.charge("2026-11-03", "-1000000000000.005", line=51, service="", resource_id="", category="Credit"),
    charges.charge("2026-11-09", "7.00", line=52, currency="USD", project="p'1\\", service='say "x"'),
]  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_questions(name: str, cluster: Any, tmp_path: Path) -> None:
    found = []
    by = ("service", "tag:env", 'tag:a/b~"c') if name == "cost" else ()
    with engine.connect() as here:
        for connection in (here, cluster):
            charges.offer(connection, ROWS, tmp_path)
            found.append(ask(connection, name, by=by, grain="week" if name == "cost" else "total", top=3))
    here_found, there = found
    assert there.table.to_pylist() == here_found.table.to_pylist()
    assert (there.totals, there.charges, there.bonuses) == (here_found.totals, here_found.charges, here_found.bonuses)


CPU = {"parameter": "CPU, Intel Ice Lake", "unit": "vCPU·мин"}
DISK = {"parameter": "Жесткий диск, SSD"}
BILLED = [
    *(charges.charge(f"2026-11-{n % 28 + 1:02d}", f"{n}.{n:02d}", line=n, resource_id=f"vm{n % 5}",
                     quantity=Decimal(1440 * (n % 4 + 1))) for n in range(2, 30)),
    charges.charge("2026-11-03", "-12.34", line=40, quantity=Decimal(-1440)),
    charges.charge("2026-11-04", "1000000000000.00", line=41, resource_id="large", quantity=Decimal(10**12), **DISK),
    charges.charge("2026-11-05", "5.005", line=42, quantity=Decimal("720.5"), **CPU),
    charges.charge("2026-11-05", "5.005", line=43, quantity=Decimal("720.5"), **CPU),
    charges.charge("2026-11-06", "7.1", line=44, parameter="nobody knows this"),
    charges.charge("2026-11-07", "3.00", line=45, quantity=None),
]  # fmt: skip


def lines_of(found: Comparison) -> list[dict[str, Any]]:
    rows = found.lines.to_pylist()
    return [row | {"why_args": json.loads(row["why_args"]) if row["why_args"] else None} for row in rows]


def test_a_reconcile(server: str) -> None:
    rows = charges.table(BILLED)
    given = Charges("bill.csv", "vk", "ru-msk", lambda connection: connection.register("charge", rows))
    here, there = (reconcile_charges(given, server=where) for where in ("", server))
    assert lines_of(there) == lines_of(here)
    for name in ("before", "after", "causes", "verdicts", "coverage", "problems", "rest"):
        assert getattr(there, name) == getattr(here, name), name
    assert here.before + sum(here.causes.values()) == here.after


def test_the_command_asks_the_cluster(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.stores import READER, read, write  # noqa: PLC0415 (needs psycopg)

    monkeypatch.setenv("COSTLAB_STORE", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setattr(READER, read)
    path = write(tmp_path / "bill.json", ROWS[:30])
    assert main(["bill", "import", str(path)]) == 0
    open_store()
    capsys.readouterr()
    told = []
    for options in ([], ["--engine", server]):
        assert main(["bill", "show", "--by", "resource", "--format", "csv", *options]) == 0
        told.append(capsys.readouterr().out)
    assert told[0]
    assert told[0] == told[1]


def test_an_address_that_is_none() -> None:
    with pytest.raises(InputError, match="sc://host:port"):
        opened("127.0.0.1:15002")


def test_every_file_is_turned() -> None:
    """Nothing of DuckDB's own is left in the text."""
    folder = Path(engine.__file__).parent
    queries = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.sql")}
    queries |= {file.stem: sql(file.stem) for file in folder.parent.glob("questions/*.sql")}
    for asked in queries.values():
        values = tuple((name, 1) for name in ("after", "before", "days", "top"))
        told = " ".join(map(text_of, turned(asked, values))).upper()
        assert not [
            w for w in ("INT128", "HUGEINT", " DIV ", "//", "MATERIALIZED", "EPOCH_US", "JSON_MERGE") if w in told
        ]
