"""Golden bills whose rows differ in one way: `patterns/<case>/` holds `bill.csv` and `expected.json`.

`expected.json` says how its figures were `worked` out by hand, then `delta` and `causes`, and the `patterns`: kind,
rows, what they come to, and which rows of the same items are `apart`; of several that fit equally all `ways`.
`told` are the codes of the problems, and `accepted` is the difference that is left when the contract that is suggested
is taken.
"""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.bills import Profile, read_bill
from costlab.catalog.contract import with_contract
from costlab.catalog.loading import load_catalog
from costlab.cli import main
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.suggested_contract import FILE, suggested_contract
from costlab.errors import InputError, message
from costlab.i18n.words import plain
from costlab.store import import_bill, open_store

FOLDER = Path(__file__).parent / "patterns"
CASES = sorted(p.parent for p in FOLDER.glob("*/expected.json"))


def wanted(folder: Path) -> dict:  # type: ignore[type-arg]
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", CASES, ids=lambda c: c.name)
def test_rows_that_differ_in_one_way_are_one_finding(folder: Path) -> None:
    expected = wanted(folder)
    found = reconcile_bill(read_bill(folder / "bill.csv"))
    assert found.delta == Decimal(expected["delta"])
    if "causes" in expected:
        causes = {k: v for k, v in found.causes.items() if v}
        assert causes == {k: Decimal(v) for k, v in expected["causes"].items()}
    if "after" in expected:
        assert found.after == Decimal(expected["after"])
    if "told" in expected:
        assert sorted(p.code for p in found.problems) == sorted(expected["told"])
    assert len(found.patterns) == len(expected["patterns"])
    for pattern, told in zip(found.patterns, expected["patterns"], strict=True):
        assert (pattern.kind, pattern.rows, pattern.apart) == (told["kind"], told["rows"], told["apart"])
        assert pattern.delta == Decimal(told["delta"])
        assert (plain(pattern.percent) if pattern.percent else None) == told.get("percent")
        assert (pattern.since.isoformat() if pattern.since else None) == told.get("since")
        assert list(pattern.services) == told.get("services", [])
        assert sorted(way.en for way, _ in pattern.rivals) == told.get("ways", [])
        assert not any(left for _, left in pattern.rivals)
        assert told.get("message", "") in message(pattern.finding, "en")


@pytest.mark.parametrize("folder", [c for c in CASES if "accepted" in wanted(c)], ids=lambda c: c.name)
def test_a_suggested_contract_explains_its_pattern(folder: Path, tmp_path: Path) -> None:
    bill = read_bill(folder / "bill.csv")
    (tmp_path / FILE).write_text(suggested_contract(reconcile_bill(bill)), encoding="utf-8")
    found = reconcile_bill(bill, catalog=with_contract(load_catalog(), tmp_path))
    assert found.delta == Decimal(wanted(folder)["accepted"])
    assert not found.causes["unexplained"]


def test_vat_of_nobody_knows_whom_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("Day;Item;Cost excl. VAT\n2026-06-01;CPU;1.00\n", encoding="utf-8")
    columns = {"day": "Day", "parameter": "Item", "amount": "Cost excl. VAT"}
    profile = Profile.model_validate({"format": "generic", "provider": "acme", "currency": "EUR", "columns": columns})
    with pytest.raises(InputError) as error:
        read_bill(path, profile=profile)
    assert [p.code for p in error.value.problems] == ["vat_unknown"]
    gross = read_bill(path, profile=profile.model_copy(update={"vat": "included"}))
    assert gross.totals == {"EUR": Decimal("1.00")}


@pytest.mark.parametrize("name", ["net-at-22-per-cent", "net-at-20-per-cent", "net-across-the-change-of-vat"])
def test_the_remedy_for_a_bill_without_vat_works_when_typed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    bill = str(FOLDER / name / "bill.csv")
    assert main(["reconcile", bill, "--lang", "en"]) == 0
    assert "say so with --vat excluded" in capsys.readouterr().out
    assert main(["reconcile", bill, "--vat", "excluded", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["delta"], found["patterns"]) == ("0.00", [])


def test_a_contract_is_written_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bill, deal = str(FOLDER / "one-service-below" / "bill.csv"), str(tmp_path / "deal")
    assert main(["reconcile", bill, "--suggest-contract", deal, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(p["kind"], p["percent"], p["services"]) for p in found["patterns"]] == [("percent", "15", ["one_c"])]
    assert {line.get("pattern") for line in found["lines"] if line["verdict"] != "match"} == {1}
    assert main(["reconcile", bill, "--contract", deal, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["delta"] == "0.00"
    clean = str(FOLDER / "column-without-vat" / "bill.csv")
    assert main(["reconcile", clean, "--suggest-contract", deal, "--lang", "en"]) == 2
    assert "no contract can be suggested" in capsys.readouterr().err


def test_a_net_bill_is_stored_with_its_vat(tmp_path: Path) -> None:
    bill = read_bill(FOLDER / "column-without-vat" / "bill.csv")
    assert (bill.total, bill.totals, bill.added.amount) == (
        Decimal("905.56"), {"RUB": Decimal("1104.7832")}, Decimal("199.2232"),
    )  # fmt: skip
    store = open_store(home=tmp_path / "store")
    assert import_bill(store, FOLDER / "column-without-vat" / "bill.csv").bill.totals == bill.totals


def test_a_net_bill_is_exported_as_it_was_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """905.56 without VAT, as the bill prints it, and its 22 %."""
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    out = tmp_path / "focus.csv"
    assert main(["bill", "import", str(FOLDER / "column-without-vat" / "bill.csv")]) == 0
    assert main(["bill", "export", "--format", "focus", "-o", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    costs = {kind: [Decimal(r["BilledCost"]) for r in rows if r["ChargeCategory"] == kind] for kind in ("Usage", "Tax")}
    assert (costs["Usage"][0], sum(costs["Usage"]), sum(costs["Tax"])) == (
        Decimal("92.82"), Decimal("905.56"), Decimal("199.2232"),
    )  # fmt: skip
