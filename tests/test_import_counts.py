"""Counts that add up: of every input, each row is mapped or set aside, once, and every face says the same two figures.

`import_counts/<case>/` holds an input of Terraform, where one block may become several resources, and `expected.json`;
the golden cases of the other inventories and `../shared/cases` (where they are there) are counted as well.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from costlab.cli import main
from costlab.errors import InputError
from costlab.inventory import Options, read_inventories
from costlab.model.inventory import Inventory
from tests.test_inventories import CASES, inventory_of
from tests.test_inventory_kinds import INPUTS, put

FOLDER = Path(__file__).parent / "import_counts"
OURS = sorted(p for p in FOLDER.iterdir() if p.is_dir())
SHARED = Path(__file__).parents[2] / "shared" / "cases"
FOREIGN = sorted(p for p in SHARED.iterdir() if p.is_dir()) if SHARED.is_dir() else []
_FIGURES = {
    "en": re.compile(r"Read: (\d+), mapped: (\d+), set aside: (\d+)"),
    "ru": re.compile(r"Прочитано: (\d+), принято: (\d+), отложено: (\d+)"),
}


def add_up(found: Inventory) -> None:
    """Every row is in one place: what became something is counted by what it became, not by subtraction."""
    if found.kind == "terraform":
        aside = [a.name for a in found.set_aside]
        assert len(aside) == len(set(aside)), aside
        became = {r.resource_id.partition("#")[0] for r in (*found.resources, *found.unfilled)}
        assert not became & set(aside)
        assert found.mapped == len(became)
    elif found.kind != "aws_cur":  # rows of a report are not its machines
        assert found.mapped == len(found.machines) + len(found.resources) + len(found.unfilled)
    assert found.read == found.mapped + len(found.set_aside)
    assert found.mapped >= 0


def printed(paths: list[str], capsys: pytest.CaptureFixture[str], *options: str) -> tuple[str, str]:
    main(["import", *paths, *options])
    said = capsys.readouterr()
    return said.out, said.err


@pytest.mark.parametrize("case", OURS, ids=lambda p: p.name)
def test_case(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    main(["import", str(case / "main.tf"), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert {k: told[k] for k in ("read", "mapped")} == {k: expected[k] for k in ("read", "mapped")}
    assert [a["name"] for a in told["set_aside"]] == expected["set_aside"]
    assert [r["id"] for r in told["resources"]] == expected["resources"]
    assert told["to_fill_in"] == expected["to_fill_in"]
    assert [p["subject"] for p in told["problems"]] == expected["problems"]
    figures = (expected["read"], expected["mapped"], len(expected["set_aside"]))
    for language, pattern in _FIGURES.items():
        out, _ = printed([str(case / "main.tf")], capsys, "--lang", language)
        assert [tuple(map(int, f)) for f in pattern.findall(out)] == [figures]


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_inventories(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    add_up(inventory_of(case, tmp_path))


@pytest.mark.parametrize("one", INPUTS)
def test_kinds(one: dict[str, Any], tmp_path: Path) -> None:
    for found in read_inventories(put(one, tmp_path)):
        add_up(found)


@pytest.mark.skipif(not FOREIGN, reason=f"no cases at {SHARED}")
@pytest.mark.parametrize("case", FOREIGN, ids=lambda p: p.name)
def test_shared_cases(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        found = read_inventories(case, options=Options())
    except InputError as error:
        pytest.skip(f"refused: {error}")
    for one in found:
        add_up(one)
    main(["import", str(case), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert told["read"] == told["mapped"] + len(told["set_aside"])
    assert told["mapped"] >= 0
