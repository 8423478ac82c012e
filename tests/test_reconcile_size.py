"""Reconcile at size and over the store: what is done for many rows comes to the same."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlab.bills import read_bill, read_bill_into
from costlab.catalog.loading import Catalog, load_catalog
from costlab.cli import main
from costlab.compare import infer, reconcile, totals
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import CAUSES, Comparison
from costlab.errors import InputError, sentence
from costlab.exports import comparisons
from costlab.exports.comparisons import explained
from costlab.model.bill import CHARGES
from costlab.progress import Cancelled
from tests.bills.dialects import write
from tests.bills.faults import FAULTS, plant, second_list
from tests.bills.generator import PROJECT, Made, charged, make, shop
from tests.test_reconcile import NOTHING, causes, expected, line_by_line, reconciled, true_lines

FOCUS = (
    "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,"
    "ChargePeriodEnd,ProviderName,ServiceName,ServiceCategory,EffectiveCost,ListCost,ContractedCost,ChargeDescription\n"
    "1.00,1,USD,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,Usage,2026-11-03T00:00:00Z,2026-11-04T00:00:00Z,AWS,EC2,"
    "Compute,1.00,1.00,1.00,machine\n"
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog("vk")


@pytest.fixture(scope="module")
def two_lists(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The catalog with a second list in the middle of November."""
    return second_list(tmp_path_factory.mktemp("catalog"))


@pytest.fixture(scope="module")
def clean(catalog: Catalog) -> list[Made]:
    return make(shop(), catalog)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bill is as large as those of which only differing lines are listed."""
    monkeypatch.setattr(reconcile, "EVERY_LINE_UP_TO", 0)
    monkeypatch.setattr(infer, "_MOST_ASKED", 1)


def with_rest(found: Comparison) -> dict[str, Decimal]:
    """Σ lines + the rest."""
    lines = found.lines.to_pylist()
    sums = {name: sum((x[name] or NOTHING for x in lines), NOTHING) for name in ("before", "after", *CAUSES)}
    if found.rest:
        more = {"before": found.rest.before, "after": found.rest.after, **found.rest.causes}
        sums = {name: amount + more[name] for name, amount in sums.items()}
    return sums


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("estimate", [False, True], ids=["alone", "with the estimate"])
@pytest.mark.parametrize("seed", range(8))
def test_of_a_large_bill_only_what_differs_is_listed(
    tmp_path: Path, two_lists: Catalog, seed: int, estimate: bool
) -> None:
    random = Random(seed)  # noqa: S311
    names = random.sample(list(FAULTS), random.randint(1, 4))
    rows = plant(names, make(shop(), two_lists), two_lists, seed)
    scenario = shop() if estimate else None
    path = write(tmp_path, "russian.csv", charged(two_lists, rows), two_lists)
    bill = read_bill_into(path, tmp_path)
    assert bill.parquet is not None
    found = reconcile_bill(bill, catalog=two_lists, scenario=scenario)
    assert causes(found) == expected(two_lists, rows, scenario), names
    assert line_by_line(found) == true_lines(two_lists, rows, estimate=estimate), names
    assert with_rest(found) == {"before": found.before, "after": found.after, **found.causes}
    assert sum(n for n, _ in found.verdicts.values()) == found.count
    every = tmp_path / "lines.parquet"
    whole = reconcile_bill(bill, catalog=two_lists, scenario=scenario, lines=every)
    assert (whole.causes, whole.count, whole.verdicts) == (found.causes, found.count, found.verdicts)
    assert whole.coverage == found.coverage
    assert pq.read_table(every).to_pylist() == whole.lines.to_pylist()
    listed = {x["line_after"] for x in found.lines.to_pylist() if x["verdict"] != "match"}
    assert listed == {x["line_after"] for x in whole.lines.to_pylist() if x["verdict"] != "match"}
    assert explained(found) == explained(whole)


def test_of_very_many_differences_the_largest_are_listed(
    tmp_path: Path, catalog: Catalog, clean: list[Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(totals.assemble, "__kwdefaults__", {**totals.assemble.__kwdefaults__, "most": 10})
    rows = plant(["other_vat"], clean, catalog)
    found = reconciled(tmp_path, rows, catalog)
    assert found.lines.num_rows == 10
    assert found.rest is not None
    assert found.rest.lines == found.rest.differing == len(rows) - 10
    assert with_rest(found) == {"before": found.before, "after": found.after, **found.causes}
    assert causes(found) == expected(catalog, rows)
    assert explained(found) == 1
    smallest = min(abs(x["delta"]) for x in found.lines.to_pylist())
    assert sum(abs(x["delta"]) >= smallest for x in found.lines.to_pylist()) == 10
    data = json.loads(comparisons.load("json").render(found, "en"))
    assert data["left_out"] == {"matching": 0, "differing": len(rows) - 10}
    assert sum(Decimal(x["delta"]) for x in data["lines"]) == Decimal(data["delta"])
    assert f"and {len(rows) - 10:,} more" in comparisons.load("table").render(found, "en").replace("\u00a0", " ")
    assert comparisons.load("xlsx").render(found, "ru")
    assert comparisons.load("md").render(found, "ru")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"currency": ["RUB", "USD"]}, ("RUB, USD", "разных валютах")),
        ({"currency": ["KZT", "KZT"]}, ("is in KZT, the price list in RUB", "в валюте KZT")),
        ({"provider": "newcloud"}, ("no price list of “newcloud”", "нет прайс-листа «newcloud»")),
        ({"amount": ["12345678901234567890", "1"]}, ("", "")),
        ({"quantity": ["99999999999999999999", "1"], "unit": ["ГБ·мес", "ГБ·мес"]}, ("too large", "слишком велики")),
    ],
)
def test_what_no_list_can_judge_is_refused(changed: dict[str, Any], words: tuple[str, str]) -> None:
    columns = {name: values for name, values in changed.items() if name != "provider"}
    row = {f.name: "" if f.type == pa.string() else None for f in CHARGES}
    row |= {"day": date(2026, 11, 3), "period": date(2026, 11, 1), "category": "Usage", "bonus": Decimal(0)}
    row |= {"amount": Decimal("1.00"), "quantity": Decimal(1440), "currency": "RUB"}
    sku = load_catalog("vk").by_id["vk.compute.ram"]
    row |= {"parameter": sku.name.ru, "service": load_catalog("vk").sections[sku.service][0]}
    rows = [{**row, "line": n + 2} for n in range(2)]
    for name, values in columns.items():
        for one, value in zip(rows, values, strict=True):
            one[name] = value if name in ("currency", "unit") else Decimal(value)
    table = pa.Table.from_pylist(rows, CHARGES)
    offered = reconcile.Charges("b", changed.get("provider", "vk"), "ru-msk", lambda c: c.register("charge", table))
    if not words[0]:
        found = reconcile.reconcile_charges(offered)
        assert found.after == sum(x["amount"] for x in rows)
        return
    with pytest.raises(InputError) as refused:
        reconcile.reconcile_charges(offered)
    assert words[0] in sentence(refused.value.problems[0], "en")
    assert words[1] in sentence(refused.value.problems[0], "ru")


def test_lines_that_cannot_be_written_leave_nothing(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    bill = read_bill(write(tmp_path, "russian.csv", charged(catalog, clean[:20]), catalog))
    with pytest.raises(InputError):
        reconcile_bill(bill, catalog=catalog, lines=tmp_path / "no" / "lines.parquet")
    assert [p.name for p in tmp_path.iterdir()] == ["russian.csv"]


def test_whoever_watches_may_stop_it(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    bill = read_bill(write(tmp_path, "russian.csv", charged(catalog, clean[:20]), catalog))
    seen: list[tuple[str, float | None]] = []
    reconcile_bill(bill, catalog=catalog, progress=lambda stage, share: seen.append((stage, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def stop(stage: str, _: float | None) -> None:
        if stage == "compare":
            raise Cancelled

    with pytest.raises(Cancelled):
        reconcile_bill(bill, catalog=catalog, progress=stop)


# the store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COSTLAB_STORE", raising=False)
    return tmp_path


def test_a_month_of_the_store_is_reconciled_as_its_file(
    home: Path, catalog: Catalog, clean: list[Made], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = plant(["wrong_rate", "bonus", "duplicate"], clean, catalog)
    path = write(home, "russian.csv", charged(catalog, rows), catalog)
    assert main(["bill", "import", str(path), "--format", "json"]) == 0
    capsys.readouterr()
    assert main(["reconcile", str(path), "--format", "json"]) == 0
    of_file = json.loads(capsys.readouterr().out)
    lines = home / "lines.parquet"
    assert main(["reconcile", "--period", "2026-11", "--format", "json", "--lines", str(lines)]) == 0
    of_store = json.loads(capsys.readouterr().out)
    for key in ("before", "after", "delta", "causes", "verdicts", "coverage", "complete"):
        assert of_store[key] == of_file[key], key
    assert Decimal(of_store["causes"]["price"]) == expected(catalog, rows)["price"]
    assert pq.read_metadata(lines).num_rows == sum(m.copies for m in rows)
    assert {x["file"] for x in of_store["lines"]} == {str(path)}
    assert main(["reconcile", "--period", "2026-11", "--project", PROJECT, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["causes"] == of_file["causes"]


def test_what_the_store_cannot_give(home: Path, catalog: Catalog, clean: list[Made], capsys: Any) -> None:
    def refused(*words: str) -> str:
        assert main(["reconcile", *words, "--lang", "en"]) == 2
        return str(capsys.readouterr().err)

    assert "either files or --period" in refused()
    assert "either files or --period" in refused("a.csv", "--period", "2026-11")
    assert "no charges of 2026-11" in refused("--period", "2026-11")
    path = write(home, "russian.csv", charged(catalog, clean[:50]), catalog)
    focus = home / "focus.csv"
    focus.write_text(FOCUS, encoding="utf-8")
    assert main(["bill", "import", str(path), str(focus)]) in (0, 3)
    capsys.readouterr()
    assert "no charges of 2026-11, nobody" in refused("--period", "2026-11", "--project", "nobody")
    assert "several providers or regions" in refused("--period", "2026-11")
    assert main(["reconcile", "--period", "2026-11", "--provider", "vk", "--lang", "en"]) == 0
