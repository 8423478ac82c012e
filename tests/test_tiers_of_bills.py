"""Rows whose month reaches a further tier than each by itself are told; the others are rated as they are."""

from pathlib import Path

import pytest

import costlab

BILLS = Path(__file__).parent / "bills" / "tiers"


@pytest.mark.parametrize(
    ("bill", "expected", "told"),
    [
        # 2 × 600,000 in one month, of two projects: beyond 1,000,000
        ("projects", "72000.00", True),
        # 600,000 × 0.06 in each of two months
        ("two-months", "72000.00", False),
        # 1,000,000 × 0.06 + 200,000 × 0.05
        ("one-row", "70000.00", False),
    ],
)
def test_a_month_counts(bill: str, expected: str, told: bool) -> None:
    found = costlab.reconcile(costlab.read_bill(BILLS / f"{bill}.csv"))
    assert f"{found.before:f}" == expected
    assert [p.line for p in found.problems if p.code == "tiers_by_row"] == ([2] if told else [])
    assert found.complete is not told
