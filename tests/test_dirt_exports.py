"""Names that a spreadsheet would run as formulas stay names in every output, and numbers stay numbers."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from costlab.bills import read_bill
from costlab.compare.reconcile import reconcile_bill
from costlab.engine.duckdb import connect
from costlab.exports import answers, charges, comparisons
from costlab.model.numbers import Language
from costlab.questions import ask
from costlab.questions import names as questions

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", 'a;=HYPERLINK("x")', " =1", "\u00a0=1",
    '"=1', "a\n=1", "'=1", "=1\t=2",
)  # fmt: skip
RUNS = re.compile(r"[\t\r\n]|[\s\"]*[=+@-]")
NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
LANGUAGES: tuple[Language, ...] = ("en", "ru")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "bill.csv"
    header = ("Дата", "Проект", "ID ресурса", "Сервис", "Параметр", "Количество", "Сумма", "Метки", "x;=1")
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(header)
        for n, text in enumerate(HOSTILE, start=1):
            row = [f"2026-0{6 + n % 2}-{n:02}", text, text, text, text, "1440", "-5.00" if n == 1 else "7.25"]
            writer.writerow([*row, f'{{"env": "{text[:1]}1"}}' if text[:1] in "=+-@" else "", text])
    return path


def runs(content: str) -> list[str]:
    """Cells a spreadsheet would take for formulas, at whichever separator it splits."""
    found = []
    for delimiter in ",;\t":
        rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
        cells = [c for row in rows for c in row]
        found += [c for c in cells if RUNS.match(c) and not NUMBER.match(c.strip())]
    return found


def test_csv_of_charges(file: Path, tmp_path: Path) -> None:
    bill = read_bill(file)
    assert bill.rejected == 0
    with connect() as connection:
        connection.register("charge", bill.charges)
        out = tmp_path / "out.csv"
        charges.load("csv").write(connection, "charge", out)
    content = out.read_text(encoding="utf-8")
    assert runs(content) == []
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [Decimal(r["amount"]) for r in rows] == bill.charges["amount"].to_pylist()
    assert rows[0]["amount"] == "-5"


@pytest.mark.parametrize("name", [n for n in answers.names() if n in ("csv", "xlsx", "md", "table")])
@pytest.mark.parametrize("question", questions())
def test_answers(file: Path, name: str, question: str) -> None:
    more: dict[str, Any] = {"cost": {"by": ["project", "service", "resource", "tag:env"]}}.get(question, {})
    with connect() as connection:
        connection.register("charge", read_bill(file).charges)
        try:
            answer = ask(connection, question, **more)
        except (TypeError, ValueError):
            pytest.skip(f"{question} needs more to be asked")
    for language in LANGUAGES:
        found = answers.load(name).render(answer, language)
        check(name, found)


@pytest.mark.parametrize("name", comparisons.names())
def test_comparisons(file: Path, name: str) -> None:
    for language in LANGUAGES:
        check(name, comparisons.load(name).render(reconcile_bill(read_bill(file)), language))


def check(name: str, found: str | bytes) -> None:
    if name == "csv":
        assert isinstance(found, str)
        assert runs(found) == []
    elif name == "xlsx":
        assert isinstance(found, bytes)
        for sheet in openpyxl.load_workbook(io.BytesIO(found)):
            for cell in (c for row in sheet.iter_rows() for c in row):
                if cell.data_type == "f":  # ours, over cells of the workbook
                    assert not any(word in str(cell.value) for word in ("cmd", "HYPERLINK", "SUM(1)"))
                    assert str(cell.value)[1:] not in ("1", "1+1", "2+3", "-2+3", "+1+1")
    elif name == "md":
        assert isinstance(found, str)
        tables = [line for line in found.splitlines() if line.startswith("|")]
        assert len({line.replace("\\|", "").count("|") for line in tables}) <= 4
    else:
        assert "\r" not in str(found)
