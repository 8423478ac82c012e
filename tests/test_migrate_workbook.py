"""The workbook of a migration budget: every formula, recalculated by LibreOffice, gives our value."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from costlab.estimate.charges import estimate_cost
from costlab.examples import example
from costlab.exports import migrations
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.migration.budget import migrate
from costlab.migration.plan import parse_plan, read_plan
from tests import office

GOLDEN = Path(__file__).parent / "migrations" / "golden.yaml"
SHOP = Path(__file__).parent / "migrations" / "shop.yaml"
SHEETS = [
    "Summary", "Bridge", "Run-rate", "One-off", "Cash monthly", "1-3-5 years", "Sensitivity", "Servers", "Excluded",
    "Assumptions", "Sources",
]  # fmt: skip


@pytest.fixture(scope="module")
def budgets():
    target = estimate_cost(parse_estimate(example(), "shop.yaml", prices_on="2026-11-01"))
    shop = migrate(parse_plan(SHOP.read_bytes(), "plan.yaml"), target, source="plan.yaml")
    return {"golden": migrate(read_plan(GOLDEN), source="golden.yaml"), "shop": shop}


@pytest.mark.office
def test_every_formula_gives_our_value(tmp_path, budgets):
    written = []
    for name, budget in budgets.items():
        for language in ("ru", "en"):
            path = tmp_path / f"{name}-{language}.xlsx"
            path.write_bytes(migrations.load("xlsx").render(budget, language))
            spoiled = tmp_path / f"spoiled-{name}-{language}.xlsx"
            assert office.spoil(path, spoiled) > 500
            written.append((path, spoiled))
    again = office.convert(tmp_path, *(s for _, s in written))
    for (path, _), computed in zip(written, again, strict=True):
        ours, theirs, formulas = office.rows(path), office.rows(computed), office.rows(path, formulas=True)
        checked = 0
        for sheet, rows in formulas.items():
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, str) and cell.startswith("="):
                        mine, other = ours[sheet][r][c], theirs[sheet][r][c]
                        place = (path.name, sheet, r + 1, c + 1, cell)
                        if isinstance(mine, str) or isinstance(other, str):
                            assert mine == other, place
                        else:
                            assert other is not None, place
                            assert abs(Decimal(repr(mine)) - Decimal(repr(other))) < Decimal("0.000001"), place
                        checked += 1
        assert checked > 500


def test_sheets_and_texts_that_look_like_formulas(tmp_path, budgets):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(migrations.load("xlsx").render(budgets["shop"], "en"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == SHEETS
    names = [c for c in book["Run-rate"]["I"] if c.value == "=rack"]
    assert [c.data_type for c in names] == ["s"]


@pytest.mark.office
def test_a_changed_input_moves_the_result(tmp_path, budgets):
    path, edited = tmp_path / "plan.xlsx", tmp_path / "edited.xlsx"
    path.write_bytes(migrations.load("xlsx").render(budgets["golden"], "en"))
    cells = office.rows(path)["Run-rate"]
    row = next(n for n, r in enumerate(cells, 1) if r[9] == 700000)
    office.spoil(path, edited, {(3, f"J{row}"): "840000"})
    (computed,) = office.convert(tmp_path, edited)
    years = office.rows(computed)["1-3-5 years"]
    column = years[0].index(36)
    assert round(years[4][column]) == 2679574
    assert years[5][column] == 18
