"""The migration budget: the worked example to the kopeck, sums that hold identically, plans that are wrong."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.cli import main
from costlab.errors import InputError
from costlab.estimate.charges import estimate_cost
from costlab.exports import migrations
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.migration.budget import kopecks, migrate
from costlab.migration.cashflow import Flow, Inputs, Single, Step, outcome, power, project
from costlab.migration.plan import parse_plan, read_plan
from costlab.migration.sensitivity import scenarios, switch_value

GOLDEN = Path(__file__).parent / "migrations" / "golden.yaml"


@pytest.fixture(scope="module")
def golden():
    return migrate(read_plan(GOLDEN), source=str(GOLDEN))


def test_the_worked_example(golden):
    result, net = golden.result, {r.month: str(kopecks(r.net)) for r in golden.rows}
    assert {m: net[m] for m in (1, 3, 9, 18)} == {1: "-600000.00", 3: "-853415.58", 9: "401883.09", 18: "2325815.12"}
    assert (str(kopecks(result.trough)), result.trough_month) == ("-2423301.76", 7)
    assert (result.break_even, result.break_even_discounted) == (16, 16)
    assert (str(kopecks(result.dual)), str(kopecks(result.one_offs))) == ("2549092.16", "1500000.00")
    assert (str(kopecks(result.net)), str(kopecks(result.npv))) == ("9068603.37", "6759344.85")
    assert str(kopecks(result.run_rate)) == "4266888.31"


@pytest.mark.parametrize(
    ("change", "npv", "months"),
    [
        ({"target_factor": Decimal("0.8")}, 10839116, (12, 12)),
        ({"target_factor": Decimal("1.2")}, 2679574, (18, 18)),
        ({"source_factor": Decimal("0.8")}, 1413838, (18, 20)),
        ({"dual_more": 3}, 3906446, None),
        ({"refresh": ()}, 5116212, None),
        ({"rate": Decimal("0.20")}, 6012458, None),
        ({"one_off_factor": Decimal("1.5")}, 6031286, None),
    ],
)
def test_the_worked_example_moved(golden, change, npv, months):
    found = outcome(replace(golden.inputs, **change))
    assert round(found.npv) == npv
    assert months in (None, (found.break_even, found.break_even_discounted))


def test_the_switch_value_is_where_nothing_is_won(golden):
    factor = switch_value(golden.inputs)
    assert abs(outcome(replace(golden.inputs, target_factor=factor)).npv) < Decimal("0.000001")
    assert golden.switch == Decimal("931951.34")


def test_scenarios_are_in_order(golden):
    found = scenarios(golden.inputs, None)
    assert found["conservative"].npv < found["base"].npv < found["optimistic"].npv


def test_powers_are_decimal_powers():
    assert power(Decimal("1.06"), 24) == Decimal("1.1236")
    assert abs(power(Decimal("1.06"), 5) ** 12 - Decimal("1.06") ** 5) < Decimal("1e-40")


def test_a_month_printed_adds_up(golden):
    for row in json.loads(migrations.load("json").render(golden, "en"))["monthly"]:
        n = {k: Decimal(v) for k, v in row.items() if k not in ("month", "name")}
        parts = n["status_quo"] - n["source"] - n["target"] - n["one_off"] + n["credit"] + n["resale"] + n["rounding"]
        assert parts == n["net"]
        assert abs(n["rounding"]) <= Decimal("0.03")


def test_a_contract_binds_and_a_line_stays():
    contract = Flow("lease", "hardware", Decimal(100), bound=6)
    stays = Flow("team", "labour", Decimal(10), stays=True)
    inputs = Inputs(source=(contract, stays), target=(), waves=(Step(Decimal(1), 2, 3),), horizon=8)
    assert [r.source for r in project(inputs)] == [110] * 6 + [10] * 2
    assert [r.status_quo for r in project(inputs)] == [110] * 8  # the lease is renewed by today's way


def test_a_ramp_rises_to_the_share():
    inputs = Inputs((), (Flow("t", "compute", Decimal(90)),), (Step(Decimal(1), 2, 5, ramp=3),), horizon=5)
    assert [r.target for r in project(inputs)] == [0, 30, 60, 90, 90]


def test_break_even_is_the_month_from_which_it_stays():
    inputs = Inputs((), (), (Step(Decimal(1), 1, 0),), horizon=4)
    ups = replace(inputs, resale=(Single(1, Decimal(5)),), one_offs=(Single(2, Decimal(9)),))
    assert outcome(ups).break_even is None
    assert outcome(replace(ups, credits=(Single(4, Decimal(4)),))).break_even == 4


ESTIMATE = b"""costlab: 1
name: target
period: 30d
prices_on: 2026-11-01
resources:
  - id: web
    service: vm
    count: 2
    spec: {flavor: STD3-%s, disks: [{type: %s, size_gb: %s}], public_ip: 1, os: windows}
  - id: db
    service: database
    spec: {engine: postgresql, topology: single, flavor: STD3-4-16, disk: {type: ceph-ssd, size_gb: 100}}
"""
PLAN = b"""costlab: 1
name: two sides
starts: 2027-01
current:
  lines:
    - {category: hardware, amount: 120000, per: quarter, vat: included}
    - {category: labour, amount: 30000.50, vat: none, stops_at: never}
    - {category: facilities, amount: 9000, vat: excluded, vat_rate: 0.2}
    - {category: other, amount: 700, vat: none, retired: true}
target: {estimate: t.yaml, as_is: a.yaml, discount: 0.07, lines: [{category: support, amount: 500, vat: excluded}]}
waves: [{share: 1, target_starts: 2, source_paid_until: 3}]
finance: {vat_recoverable: %s}
"""


def estimates():
    right = parse_estimate(ESTIMATE % (b"2-4", b"ceph-hdd", b"60"), "t.yaml")
    as_is = parse_estimate(ESTIMATE % (b"4-16", b"ceph-ssd", b"100"), "a.yaml")
    return estimate_cost(right), estimate_cost(as_is)


@pytest.mark.parametrize("recovered", [b"true", b"false"])
def test_the_bridge_adds_up_to_the_kopeck(recovered):
    right, as_is = estimates()
    budget = migrate(parse_plan(PLAN % recovered, "plan.yaml"), right, as_is=as_is, source="plan.yaml")
    steps = {s.key: s.amount for s in budget.steps}
    end = sum(r.after for r in budget.run_rate)
    assert budget.inputs.base_source + sum(steps.values()) == end
    assert sum(r.today for r in budget.run_rate) == budget.inputs.base_source
    assert all(steps[k] < 0 for k in ("cpu", "ram", "storage_amount", "storage_tier", "discounts"))
    assert (steps["vat"] != 0) == (recovered == b"false")
    assert steps["scope"] == -700


def test_without_enough_there_is_no_saving():
    budget = migrate(parse_plan(PLAN % b"true", "plan.yaml"), estimates()[0], source="plan.yaml")
    assert not budget.complete
    assert budget.result.npv is None
    for name in ("table", "md", "json"):
        text = migrations.load(name).render(budget, "ru")
        assert "Экономия" not in text
        assert "Серверы" not in text
        assert "finance.discount_rate" in text or "Ставка дисконтирования" in text


def test_a_missing_rate_leaves_the_amount_out_and_says_so():
    plan = PLAN.replace(b"amount: 9000,", b"amount: 9000, currency: USD,") % b"true"
    budget = migrate(parse_plan(plan, "plan.yaml"), estimates()[0], source="plan.yaml")
    assert [p.code for p in budget.problems] == ["no_exchange_rate"]
    assert "facilities" in budget.missing
    rates = b"\nrates: [{currency: USD, rate: 90.5, day: 2026-11-01, source: contract 7}]\n"
    known = migrate(parse_plan(plan + rates, "plan.yaml"), estimates()[0], source="plan.yaml")
    assert not known.problems
    assert next(r for r in known.run_rate if r.category == "facilities").today == Decimal("814500.00")


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        (b"target_starts: 3,", b"target_start: 3,", 13, "missing_key"),
        (b"amount: 700000", b"amount: seven", 11, "wrong_type"),
        (b"category: compute,", b"category: computers,", 11, "not_allowed"),
        (b"{share: 0.5, target_starts: 5", b"{share: 0.6, target_starts: 5", 12, "invalid"),
        (b"discount_rate: 0.14", b"discount_rate: 14", 30, "out_of_range"),
        (b"starts: 2027-01", b"starts: January", 4, "invalid"),
        (b"costlab: 1", b"costlab: 2", 1, "not_allowed"),
    ],
)
def test_what_is_wrong_has_its_line(old, new, line, code):
    raw = GOLDEN.read_bytes()
    assert old in raw
    with pytest.raises(InputError) as caught:
        parse_plan(raw.replace(old, new, 1), "plan.yaml")
    assert (code, line) in {(p.code, p.line) for p in caught.value.problems}


@pytest.mark.parametrize("name", ["table", "json", "md", "html"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_command(name, language, capsys):
    assert main(["migrate", str(GOLDEN), "--format", name, "--lang", language]) == 0
    text = capsys.readouterr().out
    assert "6759344.85" in text.replace("\u00a0", "").replace(",", "." if language == "ru" else "")
