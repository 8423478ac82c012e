"""The 62 kinds of dirt that reports of clouds come with, and what exactly becomes of each.

`errors/bills/NN-name/` is one kind; every `*.yaml` in it is a case: `open` names the files (beside it, or built by a
recipe of `tests/bills/dirt.py`, as `{file: recipe}`), then the exact rows, total, notes, problems and their sentences
in both languages. `level` is what is done: repair, warn, quarantine (the row), refuse (the file), keep.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from costlab.bills import NOTES, parse_profile, read_bill_into, read_bills
from costlab.engine.duckdb import connect
from costlab.errors import InputError, kind, sentence
from costlab.files import archives, encodings, tables
from costlab.files import xlsx as sheets
from costlab.model.bill import Bill
from costlab.model.numbers import Problem
from costlab.store import create_charge_view, import_bill, open_store
from tests.bills.dirt import build

FOLDER = Path(__file__).parent / "errors" / "bills"
CASES = sorted(FOLDER.glob("*/*.yaml"))
LEVELS = {"repair", "warn", "quarantine", "refuse", "keep"}
KINDS = 62
LIMITS = {"LAST_ROW": sheets, "MAX_INFLATED": archives, "MAX_BYTES": tables, "MAX_LINE": encodings}


def load(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return case


def opened(case: dict[str, Any], folder: Path, work: Path) -> list[str]:
    """The files of a case, put into an empty folder."""
    files = case["open"]
    for name in files:
        if isinstance(files, dict) and files[name]:
            build(files[name], work / name)
        else:
            (work / name).write_bytes((folder / name).read_bytes())
    return list(files)


def read(case: dict[str, Any], names: list[str]) -> tuple[Bill | None, tuple[Problem, ...]]:
    profile = parse_profile(case["profile"].encode(), "profile.yaml") if "profile" in case else None
    try:
        bill = read_bills(names, profile=profile)
    except InputError as error:
        return None, error.problems
    return bill, bill.problems


def test_every_kind_of_dirt_has_a_case() -> None:
    numbers = {int(p.parent.name[:2]) for p in CASES}
    assert numbers == set(range(1, KINDS + 1))
    assert len({p.parent for p in CASES}) == KINDS


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_dirt(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = load(path)
    assert case["level"] in LEVELS
    for name, limit in case.get("limits", {}).items():
        monkeypatch.setattr(LIMITS[name], name, limit)
    names = opened(case, path.parent, tmp_path)
    monkeypatch.chdir(tmp_path)
    bill, problems = read(case, names)
    assert [p.code for p in problems] == case.get("codes", [])
    for language in ("en", "ru"):
        said = [sentence(p, language) for p in problems]
        assert said == case.get(language, "").splitlines()
        assert not any("{" in s.replace("{amount: …}", "") or ": ;" in s for s in said)
    assert (bill is None) == (case["level"] == "refuse")
    if bill is None:
        assert kind(problems[0]) == "error"
        return
    assert (bill.accepted, bill.rejected) == (case["accepted"], case.get("rejected", 0))
    assert bill.rows == bill.accepted + bill.rejected
    assert sum(kind(p) == "rejected" for p in problems) == bill.rejected
    assert dict(bill.notes) == case.get("notes", {})
    assert set(dict(bill.notes)) <= set(NOTES)
    assert {c: f"{t.normalize():f}" for c, t in bill.totals.items()} == case["totals"]
    assert sum(bill.totals.values()) == sum(bill.charges["amount"].to_pylist(), Decimal(0))
    for column, values in case.get("cells", {}).items():
        assert [text(v) for v in bill.charges[column].to_pylist()] == values
    if case["level"] == "quarantine":
        assert bill.rejected
    if case["level"] == "repair":
        assert bill.notes
    if case["level"] == "warn":
        assert any(kind(p) == "warning" for p in problems)


def text(value: Any) -> str:
    """A cell as a case writes it."""
    return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def test_a_report_issued_again_replaces_its_days(tmp_path: Path) -> None:
    """Kinds 36 and 37 in the store: the same bytes change nothing, other sums for the same days replace them."""
    folder = FOLDER / "36-re-issued"
    store = open_store(home=tmp_path / "home")
    first = import_bill(store, folder / "bill.csv")
    assert import_bill(store, folder / "bill.csv").status == "unchanged"
    again = import_bill(store, folder / "again.csv")
    assert (first.status, again.status) == ("imported", "imported")
    assert again.restatement is not None
    [line] = again.restatement.lines
    assert (line.day.isoformat(), line.amount_before, line.amount_after) == (
        "2026-06-02", Decimal("90.05"), Decimal("95.05"),
    )  # fmt: skip
    with connect() as connection:
        create_charge_view(store, connection)
        assert connection.execute("SELECT sum(amount) FROM charge").fetchall() == [(Decimal("318.97"),)]
    store.engine.dispose()


def test_what_unfolds_beyond_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With eight megabytes instead of a gigabyte, twenty thousand names of two kilobytes are too much."""
    for module in ("costlab.engine.duckdb", "costlab.bills.read"):
        monkeypatch.setattr(f"{module}.MEMORY", "8MB")
    rows = "".join(f"2026-11-01;r{n};s{'x' * 2000}{n};p;1;шт;1,00\n" for n in range(20_000))
    file = tmp_path / "bill.csv"
    file.write_text("Дата;ID ресурса;Сервис;Параметр;Количество;Единица измерения;Сумма\n" + rows, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_bill_into(file, tmp_path)
    assert [p.code for p in caught.value.problems] == ["unfolds"]
    assert [p.name for p in tmp_path.iterdir()] == ["bill.csv"]
