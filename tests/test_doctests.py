"""The examples in docstrings are true: every module of the product that has one."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "costlab").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


def test_they_are_found() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    ran = doctest.testmod(import_module(name))
    assert ran.attempted
    assert not ran.failed
