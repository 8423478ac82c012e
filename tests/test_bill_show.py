"""`costlab bill show`: the store's sums, split and asked about, in every format."""

import json
from pathlib import Path

import openpyxl
import pytest

from costlab.cli import main
from costlab.examples import example
from costlab.store import import_bill, open_store

HEADER = "Дата;Проект;ID ресурса;Сервис;Параметр;Количество;Единица измерения;Сумма, ₽\n"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """November of the example, one row of October whose name would run in a spreadsheet."""
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COSTLAB_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("november.csv").write_bytes(example("bill-clean.csv"))
    Path("october.csv").write_text(
        f"{HEADER}2026-10-31;mcs1;=cmd|x;Виртуальные серверы;RAM;1440;ГБ·мин;7,50\n", "utf-8"
    )
    found = open_store()
    for name in ("november.csv", "october.csv"):
        import_bill(found, name)


def show(capsys: Capture, *words: str, status: int = 0) -> str:
    assert main(["bill", "show", *words, "--lang", "ru"]) == status
    told = capsys.readouterr()
    return (told.out if status == 0 else told.err).replace("\u00a0", " ")


def test_a_table_is_the_largest_and_the_rest(capsys: Capture) -> None:
    text = show(capsys, "--by", "service,tag:env", "--grain", "month", "--top", "2")
    assert text.startswith("Расходы: Сервис, env, Расчётный месяц\n")
    assert "остальные: " in text
    assert "Итого: 81 980,37 ₽ · строк: 823" in text


def test_json_has_every_digit(capsys: Capture) -> None:
    data = json.loads(show(capsys, "--by", "project", "--format", "json"))
    assert data["totals"] == {"RUB": "81980.37"}
    assert [(r["project"], r["amount"]) for r in data["rows"]] == [("mcs1234567890", "81972.87"), ("mcs1", "7.5")]


def test_filters(capsys: Capture) -> None:
    assert json.loads(show(capsys, "--period", "2026-10", "--format", "json"))["totals"] == {"RUB": "7.5"}
    assert json.loads(show(capsys, "--project", "mcs1", "--format", "json"))["charges"] == 1
    words = ("--where", "service=Лицензии", "--where", "service=Базы данных", "--format", "json")
    assert json.loads(show(capsys, *words))["totals"] == {"RUB": "23569.8"}


def test_the_last_two_months_are_compared(capsys: Capture) -> None:
    for words in ((), ("--period", "2026-11"), ("--period", "2026-10..2026-11")):
        data = json.loads(show(capsys, "--question", "changed", "--format", "json", *words))
        assert data["periods"] == ["2026-10", "2026-11"]
        assert {r["status"] for r in data["rows"]} == {"new", "gone"}


@pytest.mark.parametrize("question", ["changed", "coverage", "idle", "prices", "restated", "tags"])
@pytest.mark.parametrize("name", ["table", "md", "csv", "json"])
def test_every_question_in_every_format(capsys: Capture, question: str, name: str) -> None:
    assert show(capsys, "--question", question, "--format", name)


def test_a_name_never_becomes_a_formula(capsys: Capture) -> None:
    assert show(capsys, "--by", "resource", "-o", "out.xlsx") == ""
    cells = [c for row in openpyxl.load_workbook("out.xlsx")["Ответ"].iter_rows() for c in row]
    assert [c.data_type for c in cells if c.value == "=cmd|x"] == ["s"]
    assert "'=cmd|x," in show(capsys, "--by", "resource", "--format", "csv")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--by", "servise"], "возможно, «service»?"),
        (["--question", "idel"], "возможно, «idle»?"),
        (["--period", "2026-13"], "2026-09..2026-11"),
        (["--period", "2026-11..2026-10"], "2026-09..2026-11"),
        (["--where", "prod"], "РАЗРЕЗ=ЗНАЧЕНИЕ"),
        (["--period", "2025-01"], "нет начислений"),
    ],
)
def test_what_cannot_be_asked_says_what_can(capsys: Capture, words: list[str], expected: str) -> None:
    assert expected in show(capsys, *words, status=2)
