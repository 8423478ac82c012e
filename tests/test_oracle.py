"""The oracle is judged first, by cases a person worked out; only then may it judge the engine."""

import ast
from pathlib import Path

import pytest

from tests.oracle import rate as oracle
from tests.oracle.worked import MOSCOW, WORKED, Worked, printed


@pytest.mark.parametrize("case", WORKED, ids=lambda c: c.name)
def test_worked_by_hand(case: Worked) -> None:
    assert printed(oracle.rate_all(case.used(), case.by_key(), MOSCOW)) == (case.lines, case.rest)


def test_it_knows_nothing_of_the_engine() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {m for m in imported if m and m.startswith("costlab")} == {"costlab.model.prices"}
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
