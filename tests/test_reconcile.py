"""A bill against what it should have been: every kopeck in its cause, and no false alarm.

The bills are made by `tests/bills`, their amounts by the oracle; what each fault comes to is known from there.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from costlab.bills import read_bill, read_bills
from costlab.catalog.loading import Catalog, load_catalog
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import CAUSES, Comparison
from costlab.errors import sentence
from costlab.examples import example
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.bill import Bill
from costlab.model.scenario import Scenario
from tests.bills import package
from tests.bills.dialects import DIALECTS, write
from tests.bills.faults import FAULTS, SWITCH, plant, second_list
from tests.bills.generator import Made, charged, in_month, make, not_itemised, price, shop, truth, unexpected

NOTHING = Decimal(0)
COMBINATIONS = 20
Found = dict[tuple[Any, ...], dict[str, Decimal]]


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


def reconciled(
    folder: Path, rows: Iterable[Made], catalog: Catalog, scenario: Scenario | None = None, dialect: str = "russian.csv"
) -> Comparison:
    """Write the rows, read them back, compare."""
    bill = read_bill(write(folder, dialect, charged(catalog, rows), catalog))
    assert bill.rejected == 0
    return reconcile_bill(bill, catalog=catalog, scenario=scenario)


def causes(found: Comparison) -> dict[str, Decimal]:
    return {cause: amount for cause, amount in found.causes.items() if amount}


def expected(catalog: Catalog, rows: Iterable[Made], scenario: Scenario | None = None) -> dict[str, Decimal]:
    """What every cause must come to."""
    found = truth(catalog, rows, estimate=scenario is not None)
    if scenario is not None:
        found["not_itemised"] += not_itemised(scenario, catalog)
    return {cause: amount for cause, amount in found.items() if amount}


def line_by_line(found: Comparison) -> Found:
    """Nonzero causes by resource, SKU and day, but for what the report does not contain."""
    sums: Found = defaultdict(lambda: defaultdict(Decimal))
    for line in found.lines.to_pylist():
        for cause in CAUSES:
            if line[cause] and cause != "not_itemised":
                sums[line["resource_id"], line["sku_id"], line["day"]][cause] += line[cause]
    return {key: dict(amounts) for key, amounts in sums.items()}


def true_lines(catalog: Catalog, rows: Iterable[Made], *, estimate: bool) -> Found:
    sums = {}
    for made in rows:
        amounts = {c: a for c, a in truth(catalog, [made], estimate=estimate).items() if a}
        if amounts:
            sums[made.resource_id, made.sku.sku_id, made.day] = amounts
    return sums


def check(found: Comparison, catalog: Catalog, rows: list[Made], scenario: Scenario | None = None) -> None:
    """Every kopeck in its cause, in the whole and in each line, and nothing elsewhere."""
    assert causes(found) == expected(catalog, rows, scenario)
    assert line_by_line(found) == true_lines(catalog, rows, estimate=scenario is not None)
    consistent(found)


def consistent(found: Comparison) -> None:
    """Σ causes = delta and Σ lines = totals."""
    assert sum(found.causes.values()) == found.delta
    lines = found.lines.to_pylist()
    for name in ("before", "after"):
        assert sum((x[name] or NOTHING for x in lines), NOTHING) == getattr(found, name)
    for cause in CAUSES:
        assert sum((x[cause] for x in lines), NOTHING) == found.causes[cause]
    for line in lines:
        assert (line["after"] or NOTHING) - (line["before"] or NOTHING) == line["delta"] == sum(line[c] for c in CAUSES)
    assert sum(n for n, _ in found.verdicts.values()) == len(lines)


# a clean bill


def big_scenario() -> Scenario:
    """The shop and some ninety machines more, all different."""
    file = {
        "costlab": 1, "name": "Big", "period": "2026-11",
        "resources": [
            {"id": f"vm{n}", "service": "vm", "tags": {"n": str(n)},
             "spec": {"vcpu": 1 + n % 16, "ram_gb": 1 + n * 7 % 64, "public_ip": n % 3, "zone": "MS1",
                      "disks": [{"type": ("ceph-hdd", "ceph-ssd", "high-iops")[n % 3], "size_gb": 10 + 13 * n}],
                      "os": ("linux", "windows", "astra-orel", "alt-server")[n % 4]}}
            for n in range(70)
        ],
    }  # fmt: skip
    more = parse_estimate(json.dumps(file).encode(), "big.json")
    return more.model_copy(update={"resources": (*shop().resources, *more.resources)})


@pytest.mark.parametrize("names", ["ru", "mixed"])
def test_a_clean_bill_of_ten_thousand_rows_matches(tmp_path: Path, catalog: Catalog, names: str) -> None:
    rows = make(big_scenario(), catalog, names=names)
    assert len(rows) >= 10_000
    rows = rows[:10_000]
    found = reconciled(tmp_path, rows, catalog)
    assert found.delta == 0
    assert {v: n for v, (n, _) in found.verdicts.items() if n} == {"match": 10_000}
    assert (found.coverage.rows, found.coverage.rows_rated) == (10_000, 10_000)
    assert found.coverage.money == found.coverage.money_rated == found.after
    assert found.problems == ()
    check(found, catalog, rows)


def test_a_clean_bill_is_its_estimate_without_what_reports_do_not_contain(
    tmp_path: Path, catalog: Catalog, clean: list[Made]
) -> None:
    found = reconciled(tmp_path, clean, catalog, shop())
    assert causes(found) == {"not_itemised": not_itemised(shop(), catalog)}
    assert {v for v, (n, _) in found.verdicts.items() if n} == {"match", "not_itemised"}
    consistent(found)


@pytest.mark.parametrize("month", ["2026-02", "2026-03", "2026-12"])
def test_other_months(tmp_path: Path, catalog: Catalog, month: str) -> None:
    """Kubernetes of the second generation is itemised from 25 March on."""
    scenario = in_month(shop(), month)
    rows = make(scenario, catalog)
    check(reconciled(tmp_path, rows, catalog), catalog, rows)
    check(reconciled(tmp_path, rows, catalog, scenario), catalog, rows, scenario)


# faults


@pytest.mark.parametrize("estimate", [False, True], ids=["alone", "with the estimate"])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_alone(tmp_path: Path, two_lists: Catalog, fault: str, seed: int, estimate: bool) -> None:
    rows = plant([fault], make(shop(), two_lists), two_lists, seed)
    scenario = shop() if estimate else None
    if estimate or fault not in ("missing", "wrong_quantity"):
        assert any(truth(two_lists, rows, estimate=estimate).values())
    check(reconciled(tmp_path, rows, two_lists, scenario), two_lists, rows, scenario)


@pytest.mark.parametrize("seed", range(COMBINATIONS))
def test_a_random_combination_of_faults(tmp_path: Path, two_lists: Catalog, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    names = random.sample(list(FAULTS), random.randint(2, 5))
    rows = plant(names, make(shop(), two_lists), two_lists, seed)
    check(reconciled(tmp_path, rows, two_lists), two_lists, rows)
    check(reconciled(tmp_path, rows, two_lists, shop()), two_lists, rows, shop())


def test_a_small_bill_with_a_fault_in_every_row(tmp_path: Path, catalog: Catalog) -> None:
    """Nothing is right here that the wrong could be told by, except the price list."""
    rows = plant(["other_vat", "rounded_up"], make(shop(), catalog)[:27], catalog)
    check(reconciled(tmp_path, rows, catalog), catalog, rows)


def test_verdicts_of_the_faults(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    rows = list(clean)
    rows[0] = replace(rows[0], copies=2)
    rows[1] = replace(rows[1], copies=0)
    rows[3] = replace(rows[3], quantity=rows[3].quantity * 2)
    strange = unexpected(rows[5:7], "nobody")
    found = reconciled(tmp_path, [*rows, *strange], catalog, shop())
    counts = {v: n for v, (n, _) in found.verdicts.items() if n}
    assert counts.pop("not_itemised") > 0
    assert counts == {"match": len(clean) - 2, "duplicate": 1, "not_billed": 1, "quantity": 1, "unexpected": 2}
    check(found, catalog, [*rows, *strange], shop())


def test_what_the_report_lacks_is_not_unexplained(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    """Object storage cannot be in the report; a missing disk could."""
    rows = [replace(m, copies=0) if "HDD" in m.parameter else m for m in clean]
    found = reconciled(tmp_path, rows, catalog, shop())
    gone = sum(price(catalog, m.sku, m.day, m.quantity) for m in rows if not m.copies)
    assert causes(found) == {"not_itemised": not_itemised(shop(), catalog), "gone": -gone}
    lines = found.lines.to_pylist()
    assert {x["resource_id"] for x in lines if x["verdict"] == "not_itemised"} == {"pictures", "orders-db"}
    assert {x["resource_id"] for x in lines if x["verdict"] == "not_billed"} == {"build"}


def test_two_equal_rows_that_are_right_are_two_duplicates_of_nothing(tmp_path: Path, catalog: Catalog) -> None:
    """The same amount on another day, of another resource or another item is not a duplicate."""
    rows = make(shop(), catalog)
    assert len({price(catalog, m.sku, m.day, m.quantity) for m in rows}) < len(rows) / 10
    assert causes(reconciled(tmp_path, rows, catalog)) == {}


# files


def charges(bill: Bill) -> list[tuple[Any, ...]]:
    names = ("project", "resource_id", "service", "parameter", "day", "amount", "bonus")
    rows = bill.charges.to_pylist()
    return sorted((*(r[n] for n in names), sorted(json.loads(r["tags"] or "{}").items())) for r in rows)


def test_dialects_give_the_same_charges_and_the_same_comparison(tmp_path: Path, catalog: Catalog) -> None:
    rows = plant(["wrong_rate", "bonus", "duplicate"], make(shop(), catalog, names="mixed"), catalog, 7)
    bills = {name: read_bill(write(tmp_path, name, charged(catalog, rows), catalog)) for name in DIALECTS}
    first = bills["russian.csv"]
    for name, bill in bills.items():
        assert (bill.rejected, bill.accepted) == (0, sum(m.copies for m in rows)), name
        assert charges(bill) == charges(first), name
        assert bill.sign * bill.total == first.total, name
        assert bill.currency == "RUB"
        found = reconcile_bill(bill, catalog=catalog)
        check(found, catalog, rows)
        check(reconcile_bill(bill, catalog=catalog, scenario=shop()), catalog, rows, shop())


def test_the_same_file_twice_counts_once(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    path = write(tmp_path, "russian.csv", charged(catalog, clean), catalog)
    copy = tmp_path / "copy.csv"
    copy.write_bytes(path.read_bytes())
    once, twice = read_bill(path), read_bills([path, copy])
    assert charges(twice) == charges(once)
    found = reconcile_bill(twice, catalog=catalog)
    assert found.delta == 0
    assert found.causes["duplicate"] == 0


def test_two_files_are_one_bill(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    half = len(clean) // 2
    one = write(tmp_path, "russian.csv", charged(catalog, clean[:half]), catalog)
    two = write(tmp_path, "cp1251.csv", charged(catalog, clean[half:]), catalog)
    found = reconcile_bill(read_bills([one, two]), catalog=catalog, scenario=shop())
    assert causes(found) == {"not_itemised": not_itemised(shop(), catalog)}


@pytest.mark.parametrize("seed", range(12))
def test_a_corrupted_cell_costs_at_most_its_row(tmp_path: Path, catalog: Catalog, clean: list[Made], seed: int) -> None:
    rows = clean[:200]
    random = Random(seed)  # noqa: S311
    path = write(tmp_path, "russian.csv", charged(catalog, rows), catalog)
    lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
    number = random.randint(1, len(rows))
    cells = lines[number].split(";")
    broken = random.choice(['"', "#ЗНАЧ!", "1,2,3", "9" * 60, "x" * 5000, "нет", "-", "NaN", "31.06.2026", "=1+1"])
    cells[random.choice([0, 5, 7, 8])] = broken
    lines[number] = ";".join(cells)
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    bill = read_bill(path)
    assert bill.rows == len(rows)
    assert (bill.accepted, bill.rejected) in ((len(rows), 0), (len(rows) - 1, 1))
    if bill.rejected:
        assert any(p.line == number + 1 for p in bill.problems)
    kept = {r["line"] for r in bill.charges.to_pylist()}
    assert kept >= set(range(2, len(rows) + 2)) - {number + 1}


def test_without_quantities_only_the_estimate_helps(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    bill = read_bill(write(tmp_path, "no_quantity.csv", charged(catalog, clean), catalog))
    alone = reconcile_bill(bill, catalog=catalog)
    assert {v: n for v, (n, _) in alone.verdicts.items() if n} == {"no_price": len(clean)}
    assert alone.coverage.rows_rated == 0
    consistent(alone)
    found = reconcile_bill(bill, catalog=catalog, scenario=shop())
    assert causes(found) == {"not_itemised": not_itemised(shop(), catalog)}
    assert found.verdicts["match"][0] == len(clean)
    consistent(found)


def test_unit_conversions_are_shown(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    found = reconciled(tmp_path, clean, catalog)
    shown = {(c.unit, c.pricing_unit): c.factor for c in found.coverage.conversions}
    assert shown
    assert all(factor > 0 for factor in shown.values())


def test_a_row_of_an_unknown_item_is_not_guessed(tmp_path: Path, catalog: Catalog, clean: list[Made]) -> None:
    rows = [replace(clean[0], parameter="Неизвестная позиция"), *clean[1:]]
    found = reconciled(tmp_path, rows, catalog)
    amount = price(catalog, clean[0].sku, clean[0].day, clean[0].quantity)
    assert found.verdicts["no_price"] == (1, amount)
    assert causes(found) == {"unexplained": amount}
    assert found.coverage.rows_rated == len(clean) - 1
    assert not found.complete
    (problem,) = found.problems
    assert problem.code == "row_without_price"
    assert "1 rows of “Неизвестная позиция”" in sentence(problem, "en")
    assert "нет в прайс-листе" in sentence(problem, "ru")
    consistent(found)


# package data


def test_the_reports_of_the_package_are_what_the_generator_makes() -> None:
    """After a change: `python -m tests.bills`."""
    for name, content in package.reports().items():
        assert example(name) == content, name


def test_the_reports_of_the_package_reconcile(tmp_path: Path, catalog: Catalog) -> None:
    for name in ("bill-clean.csv", "bill-faults.csv"):
        path = tmp_path / name
        path.write_bytes(example(name))
        rows = package.rows_of(name)
        bill = read_bill(path)
        check(reconcile_bill(bill, catalog=catalog), catalog, rows)
        check(reconcile_bill(bill, catalog=catalog, scenario=shop()), catalog, rows, shop())


def test_the_second_list_begins_in_the_middle_of_the_month(two_lists: Catalog, catalog: Catalog) -> None:
    changed = [s for s in two_lists.skus if len(s.rates) > len(catalog.by_id[s.sku_id].rates)]
    assert changed
    assert {s.rates[-1].effective for s in changed} == {SWITCH}
