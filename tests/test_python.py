"""`import costlab`: the verbs, what help and completion show, and frames that survive what people do to frames."""

import contextlib
import inspect
import io
import pydoc
import re
import runpy
import subprocess
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import costlab
from costlab import api
from costlab.cli import main
from costlab.errors import InputError
from costlab.examples import example
from costlab.focus.frames import charges_frame, decimals, frames, table_frame
from tests.charges import charge
from tests.test_papers import blocks

VERBS = {
    "read_estimate", "read_inventory", "estimate_cost", "compare", "read_bill", "import_bill", "reconcile", "migrate",
    "load_catalog", "write_workbook", "frames", "charges_frame",
}  # fmt: skip
HEAVY = ("pandas", "pyarrow", "duckdb", "pydantic", "streamlit", "openpyxl", "sqlalchemy")


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files the page speaks of."""
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    for name in ("estate.xlsx", "estate-plan.yaml"):
        (tmp_path / name).write_bytes(example(name))
    assert main(["demo", "demo"]) == 0
    assert main(["import", "estate.xlsx", "--prices-on", "2026-11-22", "-o", "estate.yaml"]) == 0
    return tmp_path


def test_the_page_runs_as_a_notebook(notebook: Path) -> None:
    """Every block in one go; what a comment beside `print` promises is what is printed."""
    text = "\n".join(blocks("python", "docs/python.md"))
    script = notebook / "notebook.py"
    script.write_text(text, encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(str(script))
    printed = out.getvalue().splitlines()
    promised = [line.partition("  # ")[2] for line in text.splitlines() if line.startswith("print(")]
    assert len(printed) == len(promised) > 12
    for got, told in zip(printed, promised, strict=True):
        assert told
        assert got == told.partition(":")[0]


def test_completion_shows_the_verbs_and_nothing_else() -> None:
    assert set(dir(costlab)) == set(costlab.__all__) == set(api.__all__) == VERBS
    assert all(callable(getattr(costlab, name)) for name in VERBS)


def test_help_says_what_each_takes_gives_and_raises() -> None:
    page = pydoc.render_doc(costlab, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    for name in VERBS:
        verb = getattr(costlab, name)
        assert f"    {name}(" in page
        text = inspect.getdoc(verb) or ""
        for parameter in inspect.signature(verb).parameters:
            assert re.search(rf"^ *{parameter}: ", text, re.MULTILINE), (name, parameter)
        assert "Args:" in text
        assert "Raises:" in text or name == "charges_frame", name
        assert "Returns:" in text or name == "write_workbook", name


def test_importing_it_imports_nothing_heavy() -> None:
    program = f"import costlab, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("first", ["import costlab.compare.split", "from costlab.compare import reconcile", "pass"])
def test_compare_is_the_verb_whatever_was_imported(first: str) -> None:
    """Python binds a submodule on its package; the verb stands before it, and the package is still there."""
    program = f"""{first}
import costlab, sys, warnings
warnings.simplefilter("error")
import costlab.compare.totals
from costlab import compare
from costlab.compare.split import compare_estimates
from costlab.compare import result
assert compare is costlab.compare is costlab.api.compare, costlab.compare
assert sys.modules["costlab.compare"].__name__ == "costlab.compare"
assert result.__name__ == "costlab.compare.result"
from costlab import *
assert compare is costlab.compare
print("ok")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "ok", done.stderr


def test_what_cannot_be_used_is_told_as_on_the_command_line(notebook: Path) -> None:
    (notebook / "odd.csv").write_text("a;b\n1;2\n")
    for verb in (costlab.read_bill, costlab.read_inventory, costlab.estimate_cost, costlab.reconcile):
        with pytest.raises(InputError):
            verb(notebook / "odd.csv")
    with pytest.raises(InputError):
        costlab.load_catalog(contract=notebook / "nothing")
    with pytest.raises(ValueError, match="storage_basis"):
        costlab.estimate_cost(costlab.read_estimate("web.yaml"), storage_basis="in_use")
    with pytest.raises(TypeError, match="int"):
        costlab.frames(3)


def test_a_frozen_budget_is_compared_with_an_estimate_and_with_a_bill(notebook: Path) -> None:
    assert main(["migrate", "estate-plan.yaml", "--freeze", "baseline.json", "-o", "plan.md"]) == 0
    same = costlab.compare(notebook / "baseline.json", "estate.yaml")
    assert (same.delta, same.kind) == (0, "compare")
    billed = costlab.compare("baseline.json", costlab.read_bill("demo/bill-clean.csv"))
    assert (billed.kind, billed.delta) == ("reconcile", sum(billed.causes.values()))


# Frames

MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)
USES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "times 12": lambda f: f["c"] * 12,
    "12 times": lambda f: 12 * f["c"],
    "third": lambda f: f["c"] / 3,
    "times a rate": lambda f: f["c"] * Decimal("1.22"),
    "difference": lambda f: f["c"] - f["c"].sum(),
    "minus": lambda f: -f["c"],
    "size": lambda f: f["c"].abs(),
    "by group": lambda f: f.groupby("k")["c"].sum(),
    "by group, several": lambda f: f.groupby("k").agg({"c": ["sum", "max"]}),
    "pivot": lambda f: f.pivot_table(index="k", values="c", aggfunc="sum"),
    "of its group": lambda f: f["c"] - f.groupby("k")["c"].transform("sum"),
    "together": lambda f: pd.concat([f, f])["c"].sum(),
    "joined": lambda f: f.merge(f, on="k")["c_x"].sum(),
    "above": lambda f: f[f["c"] > 100]["c"].sum(),
    "rounded": lambda f: (f["c"] / 3).round(2),
    "sorted": lambda f: f.sort_values("c")["c"],
}


def elements(result: Any) -> list[Any]:
    if isinstance(result, pd.DataFrame):
        return [x for column in result.columns for x in elements(result[column])]
    return result.tolist() if isinstance(result, pd.Series) else [result]


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(st.sampled_from("abc"), MONEY), min_size=1, max_size=12))
def test_money_in_a_frame_stays_decimal(rows: list[tuple[str, Decimal]]) -> None:
    """Every use gives decimals, and every sum is the one that fractions give."""
    frame = pd.DataFrame({"k": [k for k, _ in rows], "c": decimals([v for _, v in rows], 2)})
    for name, use in USES.items():
        assert {type(x) for x in elements(use(frame))} <= {Decimal, int}, name
    whole = sum((Fraction(v) for _, v in rows), Fraction(0))
    assert Fraction(frame["c"].sum()) == whole
    assert Fraction((frame["c"] * 12).sum()) == whole * 12
    for key, total in frame.groupby("k")["c"].sum().items():
        assert Fraction(total) == sum(Fraction(v) for k, v in rows if k == key)
    sizes = frame["c"].abs()
    if sizes.sum():
        assert abs((sizes / sizes.sum()).sum() - 1) < Decimal("1e-24")
    with pytest.raises(TypeError):
        frame["c"] * 1.5
    frame.describe(include="all")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame.to_excel(io.BytesIO(), index=False)


def test_what_is_not_said_is_left_out_of_sums() -> None:
    column = decimals([Decimal("1.10"), None, Decimal("2.20")])
    assert column.sum() == Decimal("3.30")
    assert column.isna().tolist() == [False, True, False]
    assert {type(x) for x in column * 12} == {Decimal}
    assert (column > 1).tolist() == [True, False, True]


def test_a_sum_that_python_would_round_is_kept_by_arrow() -> None:
    large, small = Decimal("1000000000000.000000000000000001"), Decimal("0.000000000000000001")
    column = decimals([large, small])
    assert isinstance(column.dtype, pd.ArrowDtype)
    with localcontext(prec=60):
        assert column.sum() == large + small
    with pytest.raises(pa.ArrowInvalid):
        column * 12


def test_frames_of_every_result(notebook: Path) -> None:
    estimate = costlab.estimate_cost("web.yaml")
    bill = costlab.read_bill("demo/bill-faults.csv")
    checked = costlab.reconcile(bill, estimate="demo/shop.yaml")
    results = {
        "estimate": estimate, "bill": bill, "comparison": checked, "budget": costlab.migrate("estate-plan.yaml"),
        "inventory": costlab.read_inventory("estate.xlsx"),
    }  # fmt: skip
    for name, result in results.items():
        for language in ("en", "ru"):
            tables = frames(result, language)
            assert len(tables["problems"]) == len(result.problems), name
        for title, table in tables.items():
            table.to_excel(notebook / f"{name}-{title}.xlsx")
            assert not [c for c in table if table[c].dtype.kind == "f"], (name, title)
    assert charges_frame(estimate)["BilledCost"].sum() == estimate.total
    assert frames(bill)["charges"]["amount"].sum() == bill.totals["RUB"]
    lines, rest = frames(checked)["lines"], checked.rest.delta if checked.rest else 0
    assert lines["delta"].sum() + rest == checked.delta
    assert charges_frame(()).empty


def test_moments_of_a_bill_are_in_utc() -> None:
    table = pa.Table.from_pylist([charge("2026-11-01", "1.50", quantity=None)])
    frame = table_frame(table)
    assert frame["amount"].tolist() == [Decimal("1.50")]
    assert frame.attrs["utc_offset"] == "UTC"
