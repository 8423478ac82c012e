"""`costlab bill` from the command line: import, list, restatements, export, forget."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from costlab.cli import main
from costlab.commands._progress_line import Line
from costlab.exports.charges._columns import inert
from costlab.progress import stage_text
from tests.bills import samples


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COSTLAB_STORE", raising=False)
    monkeypatch.setenv("COSTLAB_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    found = main(["bill", *words])
    told = capsys.readouterr()
    assert found == status, told.err
    return told.out


def bill(name: str = "a.csv", *more: tuple[str, ...]) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(samples.text([samples.HEADER, *samples.full(), *more]), encoding="utf-8")
    return path


def test_import_list_and_forget(capsys: pytest.CaptureFixture[str]) -> None:
    bill()
    told = json.loads(run(capsys, "import", "a.csv", "--format", "json"))
    (file,) = told["files"]
    wanted = {"file": "a.csv", "format": "vk_granular", "rows": 5, "accepted": 5, "rejected": 0, "currency": "RUB"}
    assert wanted.items() <= file.items()
    assert (file["total"], file["status"]) == (str(samples.TOTAL), "imported")
    assert file["period"] == {"start": "2026-06-01", "end": "2026-07-01"}
    assert len(file["sha256"]) == 64
    assert {"kind": "corrections", "count": 1} in file["notes"]
    again = json.loads(run(capsys, "import", "a.csv", "--format", "json"))["files"][0]
    assert (again["status"], again["notes"][-1]) == ("unchanged", {"kind": "same_file", "count": 1})
    assert "nothing changed" in run(capsys, "import", "a.csv")
    (listed,) = json.loads(run(capsys, "list", "--format", "json"))
    assert (listed["id"], listed["days"], listed["days_current"]) == (1, 3, 3)
    assert "1 235 809,05" in run(capsys, "list", "--lang", "ru").replace("\xa0", " ")
    run(capsys, "forget", "1")
    assert "empty" in run(capsys, "list")
    run(capsys, "forget", "1", status=2)


def test_a_folder_with_good_bad_and_hidden_files(capsys: pytest.CaptureFixture[str]) -> None:
    bill("inbox/a.csv")
    bill("inbox/b.csv", ("2026-06-03", "p", "x", "y", "z", "1", "шт.", "??", ""))
    Path("inbox/note.txt").write_text("hello\n", encoding="utf-8")
    Path("inbox/.hidden").write_text("x", encoding="utf-8")
    Path("inbox/empty.csv").write_text("", encoding="utf-8")
    told = json.loads(run(capsys, "import", "inbox", "--format", "json", status=3))
    assert [f["file"] for f in told["files"]] == ["inbox/a.csv", "inbox/b.csv"]
    assert sorted(r["file"] for r in told["refused"]) == ["inbox/empty.csv", "inbox/note.txt"]
    assert all(p["message"] and p["remedy"] for r in told["refused"] for p in r["problems"])
    assert [f["rejected"] for f in told["files"]] == [0, 1]
    found = json.loads(run(capsys, "restatements", "--format", "json"))
    assert [(r["id"], r["changed"], r["lines"]) for r in found] == [(2, {}, [])]
    assert "says the same" in run(capsys, "restatements", "2")


@pytest.mark.parametrize(
    "given", [["nothing.csv"], ["nothing.csv", "void.csv"], ["void"], ["a.csv", "--format-hint", "x"]]
)
def test_nothing_that_can_be_used(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    bill()
    Path("void").mkdir()
    run(capsys, "import", *given, status=2)
    assert json.loads(run(capsys, "list", "--format", "json")) == []


def test_export(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bill("a.csv", ("2026-07-01", "=cmd", "@x", "y", "-z", "1", "шт.", "-5.50", '{"k": "=1"}'))
    run(capsys, "import", "a.csv")
    rows = list(csv.DictReader(run(capsys, "export").splitlines()))
    assert sum(Decimal(r["amount"]) for r in rows) == samples.TOTAL - Decimal("5.50")
    assert (rows[-1]["project"], rows[-1]["resource_id"], rows[-1]["amount"]) == ("'=cmd", "'@x", "-5.5")
    june = json.loads(run(capsys, "export", "--format", "json", "--period", "2026-06"))
    assert len(june) == 5
    assert (june[0]["amount"], june[0]["tags"], june[0]["day"]) == ("113.24", {"env": "prod"}, "2026-06-01")
    run(capsys, "export", "-o", "out.parquet", "--project", "mcs0000000001")
    assert duckdb.sql("SELECT count(*) FROM 'out.parquet'").fetchall() == [(2,)]
    run(capsys, "export", "-o", "out.csv", "--period", "2026-06..2026-07")
    assert len(Path("out.csv").read_text(encoding="utf-8").splitlines()) == 7
    for words in (
        ("export", "--period", "2025-01"), ("export", "--format", "parquet"), ("export", "-o", "no/such/place.csv"),
        ("export", "-o", "."),
    ):  # fmt: skip
        run(capsys, *words, status=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "home", "out.csv", "out.parquet"]
    for wrong in ("2026-13", "2026", "2026-12..2026-11"):
        with pytest.raises(SystemExit):
            main(["bill", "export", "--period", wrong])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1", "'=1"), ("a;=1", "a;'=1"), ("web", "web"), ("a-b", "a-b"), ("\t=1", "'\t'=1"), (' "=1', "' \"=1"),
        ("a,\t+1", "a,\t'+1"), ("-5", "'-5"), ("x\r\n@y", "x\r\n'@y"), ("\u00a0=1", "'\u00a0=1"), ("", ""),
        ("=1,=2", "'=1,'=2"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    found = duckdb.connect().execute(f"SELECT {inert('t')} FROM (SELECT ? AS t)", [text]).fetchall()
    assert found == [(shown,)]


def test_interrupted_it_leaves_the_store_whole(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    bill("small.csv")
    run(capsys, "import", "small.csv")
    before = json.loads(run(capsys, "list", "--format", "json"))
    rows = [
        (f"2026-08-{n % 28 + 1:02}", f"p{n % 50}", f"r{n}", "y", "z", "1", "шт.", "1.00", "") for n in range(300_000)
    ]
    bill("large.csv", *rows)
    words = [sys.executable, "-m", "costlab.cli", "bill", "import", "large.csv"]
    place = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=place) as process:
        incoming = home / "home"
        while process.poll() is None and not list(incoming.glob("stores/*/incoming/*")):
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=120)
    assert process.returncode in (130, 0, -signal.SIGINT), told  # the last two: it had just been done
    assert b"Traceback" not in told
    if process.returncode == 130:
        listed = json.loads(run(capsys, "list", "--format", "json"))
        assert listed == before or len(listed) == 2
    run(capsys, "import", "large.csv")
    assert len(json.loads(run(capsys, "list", "--format", "json"))) == 2


def test_a_line_of_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("costlab.commands._progress_line.time.monotonic", lambda: now[0])
    shown: list[Any] = []

    class Terminal:
        def write(self, text: str) -> None:
            shown.append(text)

        def flush(self) -> None:
            pass

    line = Line("ru", "bill.csv", Terminal())  # type: ignore[arg-type]
    line("write", 0.0)
    assert not shown, "nothing for what takes a moment"
    now[0] = 10.0
    line("write", 0.25)
    assert shown == ["\rbill.csv · запись · 25 % · −0:30"]
    line("write", 0.26)
    assert len(shown) == 1, "not more often than anyone can read"
    line.clear()
    assert shown[-1].strip() == ""
    assert stage_text("unheard", "en") == "unheard"
