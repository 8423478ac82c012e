"""A bill that was exported as FOCUS is the same bill when it comes back: every total, cause and verdict."""

import csv
from pathlib import Path

import pytest

from costlab.bills import read_bill
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import Comparison
from costlab.exports.stored_charges import export_charges
from costlab.store import import_bill, open_store

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "costlab" / "examples"
BILLS = [
    EXAMPLES / "bill-clean.csv",
    EXAMPLES / "bill-faults.csv",
    *sorted((HERE / "bills" / "formats").glob("vk-*/bill.csv")),
    *sorted((HERE / "bills" / "focus_exports").glob("*.csv")),
]


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COSTLAB_STORE", raising=False)


def _exported(bill: Path, path: Path) -> Path:
    import_bill(open_store(), bill)
    export_charges(open_store(), "focus_parquet" if path.suffix == ".parquet" else "focus", path)
    return path


def _outcome(found: Comparison) -> tuple[object, ...]:
    return found.before, found.after, found.causes, found.verdicts, found.coverage.rows, found.coverage.money_rated


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("path", BILLS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_an_export_reconciles_as_its_bill(path: Path, suffix: str, tmp_path: Path) -> None:
    back = _exported(path, tmp_path / f"x.{suffix}")
    assert _outcome(reconcile_bill(read_bill(back))) == _outcome(reconcile_bill(read_bill(path)))


@pytest.mark.parametrize(
    ("bill", "difference"), [("year-end", "55.00"), ("refunds", "-132.58"), ("unknown-items", "6020.05")]
)
def test_the_difference_is_the_one_worked_by_hand(bill: str, difference: str, tmp_path: Path) -> None:
    """year-end: a day without a list, 55.00. unknown-items: 1000.01 + 0.01 + 5000.00, and RAM 79.40 for 59.37."""
    back = _exported(HERE / "bills" / "focus_exports" / f"{bill}.csv", tmp_path / "x.csv")
    assert f"{reconcile_bill(read_bill(back)).delta:f}" == difference


def test_a_changed_tax_row_is_told_and_nothing_is_put_together(tmp_path: Path) -> None:
    back = _exported(EXAMPLES / "bill-clean.csv", tmp_path / "x.csv")
    with back.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["ChargeCategory"] == "Tax":
            row["BilledCost"] = "14781.26"
    with back.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = reconcile_bill(read_bill(back))
    assert "focus_tax_changed" in {p.code for p in found.problems}
    assert f"{found.after:f}" == "81972.86"
    assert not found.complete
