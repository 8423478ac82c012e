"""Doubt travels: what an import could not take, guessed or sized with doubt makes everything made from it incomplete.

`doubt/<case>/` holds the input of an import, and in `case.yaml` what a person reads from it: rows read and set aside,
the lines to fill in, the beginnings of what is told, and which edits of the estimate file settle it.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from costlab.cli import main

FOLDER = Path(__file__).parent / "doubt"
CASES = sorted(p for p in FOLDER.iterdir() if p.is_dir())
INCOMPLETE, FAILED = 3, 4


def said_of(case: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))
    return found


def imported(case: Path, tmp_path: Path) -> Path:
    """The estimate file that the import writes."""
    out = tmp_path / "e.yaml"
    status = main(["import", str(case / said_of(case)["file"]), "-o", str(out), "--prices-on", "2026-11-01"])
    assert status == said_of(case).get("status", INCOMPLETE)
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_the_file_says_what_the_import_met(case: Path, tmp_path: Path) -> None:
    said = said_of(case)
    data = yaml.safe_load(imported(case, tmp_path).read_text(encoding="utf-8"))
    (one,) = data["import"]
    assert one["read"] == said["read"]
    assert sum(r["count"] for r in one.get("set_aside", [])) == said["set_aside"]
    waiting = [r["id"] for r in data["resources"] if str(r["spec"].get("flavor", "")).startswith("?")]
    assert waiting == said.get("to_fill_in", [])


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_the_estimate_of_the_file_is_as_incomplete_as_that_of_its_source(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, wanted = said_of(case), said_of(case).get("status", INCOMPLETE)
    out = imported(case, tmp_path)
    capsys.readouterr()
    for path in (out, case / said["file"]):
        assert main(["estimate", str(path), "--prices-on", "2026-11-01"]) == wanted
        told = capsys.readouterr().out.replace("\n", " ")
        for sentence in said["told"]:
            assert sentence in told, sentence
    more = 4 if said["unpriced"] else wanted
    assert main(["estimate", str(out), "--fail-if", "unpriced > 0"]) == more


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_what_settles_it_settles_it(case: Path, tmp_path: Path) -> None:
    out = imported(case, tmp_path)
    data = yaml.safe_load(out.read_text(encoding="utf-8"))
    for one in data["import"]:
        one.pop("doubts", None)
    for resource in data["resources"]:
        if str(resource["spec"].get("flavor", "")).startswith("?"):
            resource["spec"]["flavor"] = "STD3-2-4"
    out.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert main(["estimate", str(out)]) == 0


PLAN = """costlab: 1
name: move
starts: 2027-01
current:
  lines:
    - {category: hardware, amount: 120000, per: month, vat: included}
target: {estimate: e.yaml}
waves: [{name: all, share: 1, target_starts: 3, source_paid_until: 4}]
finance: {horizon: 12, discount_rate: 0.14, growth: 0, indexation: {source: 0, target: 0}, contingency: 0}
"""
DOUBTED = """costlab: 1
name: base
region: ru-msk
period: {start: 2026-11-01, end: 2026-12-01}
prices_on: 2026-11-01
resources:
  - {id: e, service: vm, tags: {sizing: as_is, readiness: unknown}, spec: {flavor: STD3-1-1}}
"""
BILL = (
    "Дата;ID ресурса;Сервис;Параметр;Количество;Ед. изм.;Сумма\n2026-11-01;e;Виртуальные серверы;RAM;1440;ГБ·мин;7.42\n"
)


def test_a_frozen_budget_keeps_its_doubts_beside_a_bill(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("plan.yaml", PLAN), ("e.yaml", DOUBTED), ("bill.csv", BILL)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    frozen = str(tmp_path / "frozen.json")
    main(["migrate", str(tmp_path / "plan.yaml"), "--freeze", frozen])
    capsys.readouterr()
    asked = ["compare", frozen, str(tmp_path / "bill.csv"), "--lang", "en"]
    assert main(asked) == INCOMPLETE
    assert "was sized with doubt" in capsys.readouterr().out
    assert main([*asked, "--fail-if", "total > 7.41", "--by", "service"]) == FAILED
    assert "total > 7.41 holds: total = 7.42" in capsys.readouterr().err
