"""Two bills, or two months of the store, compared: the causes are worked by hand and sum to the difference."""

from decimal import Decimal
from pathlib import Path

import pytest

import costlab
from costlab.cli import main
from costlab.compare.bills import compare_bills
from costlab.compare.reconcile import charges_of

PAIRS = Path(__file__).parent / "bills" / "pairs"


def _causes(before: str, after: str) -> dict[str, str]:
    found = costlab.compare(*(costlab.read_bill(PAIRS / f"{name}.csv") for name in (before, after)))
    assert sum(found.causes.values()) == found.delta
    for line in found.lines.to_pylist():
        assert sum(line[cause] for cause in found.causes) == line["delta"]
    return {cause: f"{money:f}" for cause, money in found.causes.items() if money}


@pytest.mark.parametrize(
    ("before", "after", "causes"),
    [
        ("june", "june", {}),
        # 30 × 60.00 - 30 × 56.62
        ("june", "september-dearer", {"price": "101.40"}),
        # the list's 86,400 × 0.01966 is 1,698.62, thirty rows of it are 1,698.60
        ("september-dearer", "june", {"price": "-101.38", "rounding": "-0.02"}),
        # 30 × 10.00 paid with bonuses
        ("june", "april-bonus", {"bonus": "-300.00"}),
        # vm-1: 31 days of 2,880 become 30, then 5,760; vm-2 gone, vm-3 new, support 100 → 150 has no price
        (
            "october",
            "november",
            {
                "calendar": "-56.60",
                "quantity": "1698.63",
                "rounding": "-0.05",
                "new": "50.00",
                "gone": "-56.62",
                "unexplained": "50.00",
            },
        ),
    ],
)
def test_causes(before: str, after: str, causes: dict[str, str]) -> None:
    assert _causes(before, after) == causes


@pytest.mark.parametrize("form", ["table", "json", "md", "xlsx"])
def test_every_face(form: str, tmp_path: Path) -> None:
    words = ["compare", str(PAIRS / "june.csv"), str(PAIRS / "september-dearer.csv"), "--format", form]
    assert main([*words, "-o", str(tmp_path / f"x.{form}")]) == 0
    assert (tmp_path / f"x.{form}").stat().st_size > 0


def test_months_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path))
    assert main(["bill", "import", *(str(PAIRS / f"{n}.csv") for n in ("june", "september-dearer"))]) == 0
    capsys.readouterr()
    words = ["compare", "store:2026-06", "store:2026-09", "--by", "service", "--fail-if"]
    assert main([*words, "delta > 101.40"]) == 0
    assert main([*words, "delta > 101.39"]) == 4
    assert "101.40" in capsys.readouterr().out


def test_a_bill_and_an_estimate_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    example = Path(costlab.__file__).parent / "examples" / "shop.yaml"
    assert main(["compare", str(PAIRS / "june.csv"), str(example)]) == 2
    assert "costlab reconcile BILL --estimate FILE" in capsys.readouterr().err


def test_coverage_of_no_bill_is_lost() -> None:
    sides = [charges_of(costlab.read_bill(PAIRS / f"{n}.csv")) for n in ("october", "november")]
    found = compare_bills(*sides)
    assert found.after == Decimal("3597.20")
    assert not found.complete
