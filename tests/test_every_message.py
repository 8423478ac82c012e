"""What a user may do wrong beyond an estimate file, and the exact sentence each gets, in both languages.

Plans, inventories, stored bills and the questions about them; estimate files have their own in `errors/`.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import pyarrow as pa
import pytest

from costlab import commands
from costlab.bills import read_bill
from costlab.catalog.loading import load_catalog
from costlab.compare.reconcile import Charges, reconcile_charges
from costlab.engine import duckdb as engine
from costlab.engine import spark
from costlab.engine.exchange import Rates, convert
from costlab.errors import InputError, sentence
from costlab.estimate.charges import estimate_cost
from costlab.inventory import Options, read_inventory
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.migration.baseline import freeze
from costlab.migration.budget import migrate
from costlab.migration.plan import parse_plan
from costlab.model.bill import CHARGES
from costlab.model.numbers import Problem
from costlab.model.scenario import Estimate
from costlab.questions import ask
from tests.charges import charge, offer
from tests.sentences import SENTENCES

GOLDEN = Path(__file__).parent / "bills" / "formats"
ESTIMATE = """costlab: 1
name: web
period: 30d
prices_on: 2026-11-01
resources:
  - {id: web, service: vm, spec: {flavor: STD3-2-4}}
"""
UNPRICED = ESTIMATE.replace("vm, spec: {flavor: STD3-2-4}", "bare_metal, spec: {}")
PLAN = """costlab: 1
name: move
current: {lines: [{category: hardware, amount: 120000, vat: excluded}]}
target: {estimate: web.yaml}
waves: [{share: 1, target_starts: 2, source_paid_until: 3}]
finance: {vat_recoverable: true}
"""
FOCUS = (
    "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,"
    "ChargePeriodEnd,ProviderName,ServiceName,ServiceCategory,EffectiveCost,ListCost,ContractedCost,ChargeDescription\n"
    "1.00,1,USD,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,Usage,2026-11-03T00:00:00Z,2026-11-04T00:00:00Z,AWS,EC2,"
    "Compute,1.00,1.00,1.00,machine\n"
)
AWS = '{"Reservations": [{"Instances": [{"InstanceId": "i-1", "InstanceType": "m5.large"}]}]}'
GCP = '[{"id": "1", "name": "web", "machineType": "zones/a/machineTypes/e2-small", "disks": []}]'
FILES = {
    "web.yaml": ESTIMATE,
    "plan.yaml": "name: move\n",
    "rates.csv": "date,from,to,rate,source\n2026-11-03,USD,RUB,90.5,contract\n",
    "table.csv": "name;amount\nweb;1\n",
    "focus.csv": FOCUS,
    "other.csv": FOCUS.replace(",AWS,EC2,", ",Acme,Servers,").replace("1.00,1,USD", "2.00,2,USD"),
    "both/aws.json": AWS,
    "both/gcp.json": GCP,
    "two/one.yaml": ESTIMATE,
    "two/two.csv": "name,vcpu,ram_gb\nweb,2,4\n",
    "empty/.hidden": "",
}
Made = Callable[[], Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files above, beside which everything runs; the store is empty."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    for name in ("COSTLAB_STORE", "COSTLAB_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(words: str) -> int:
    """A command of the command line, which lets its `InputError` out with the codes."""
    name, *rest = shlex.split(words)
    parser = argparse.ArgumentParser()
    parser.add_argument("--lang", default="en")
    command = commands.load(name)
    command.arguments(parser, "en")
    return command.run(parser.parse_args(rest))


def refused(made: Made) -> Sequence[Problem]:
    with pytest.raises(InputError) as caught:
        made()
    return caught.value.problems


def same(problems: Sequence[Problem], code: str) -> None:
    """The only problem of the code is told so."""
    assert code in {p.code for p in problems}
    (told,) = [p for p in problems if p.code == code]
    assert (sentence(told, "en"), sentence(told, "ru")) == SENTENCES[code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("sla --spend vm=1000 --downtime vm=soon", "bad_option"),
        ("sla --spend vm=1000 --downtime vm=8h --provider t1", "no_facts"),
        ("estimate web.yaml --fail-if 'delta > 1'", "condition_needs_sides"),
        ("compare web.yaml", "one_side"),
        ("bill show --rates rates.csv", "currency_unsaid"),
        ("bill show --question restated --currency RUB", "not_converted"),
        ("bill show --by a,b,c,d,e", "many_dimensions"),
        ("bill show --by servise", "unknown_dimension"),
        ("bill show --question costs", "unknown_question"),
        ("bill show --where env", "bad_filter"),
        ("bill show --period 2026-13", "bad_months"),
        ("bill show", "nothing_imported"),
        ("bill show --engine localhost", "engine_address"),
        ("bill import empty", "nothing_to_import"),
        ("bill invoices focus.csv", "no_documents"),
        ("bill check table.csv", "not_focus"),
        ("reconcile", "bill_or_period"),
        ("reconcile --period 2026-11 --project shop", "no_charges"),
        ("migrate plan.yaml", "not_a_plan"),
        ("estimate both", "two_inventories"),
    ],
)
def test_of_a_command(words: str, code: str) -> None:
    same(refused(lambda: run(words)), code)


def test_several_providers() -> None:
    run("bill import focus.csv other.csv")
    same(refused(lambda: run("reconcile --period 2026-11")), "several_providers")


def test_several_inventories() -> None:
    same(refused(lambda: read_inventory("two")), "several_inventories")


def test_too_many_files() -> None:
    for n in range(2_000):
        Path("empty", f"{n}.txt").touch()
    Path("empty/last.txt").touch()
    same(refused(lambda: read_inventory("empty")), "too_many_files")


def test_a_resource_its_service_refuses() -> None:
    after = {"size": -1, "volume_type": "ceph-ssd", "name": "x"}
    one = {"address": "vkcs_sharedfilesystem_share.x", "mode": "managed", "type": "vkcs_sharedfilesystem_share"}
    one |= {"name": "x", "change": {"actions": ["create"], "before": None, "after": after, "after_unknown": {}}}
    data = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [one]}
    Path("plan.json").write_text(json.dumps(data), encoding="utf-8")
    options = Options(overrides={"vkcs_sharedfilesystem_share.x.size_gb": "0"})
    same(read_inventory("plan.json", options=options).problems, "unusable_resource")


def test_amortised_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    same(read_bill("azure-amortized.csv").problems, "amortized_view")


@pytest.mark.parametrize(
    ("days", "question", "code"),
    [
        (("1700-01-01", "2026-11-03"), "coverage", "too_long_ago"),
        (("2026-11-03",), "changed", "two_months"),
    ],
)
def test_of_a_question(days: tuple[str, ...], question: str, code: str, tmp_path: Path) -> None:
    with engine.connect() as connection:
        offer(connection, [charge(day) for day in days], tmp_path)
        same(refused(lambda: ask(connection, question)), code)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"currency": ["RUB", "USD"]}, "several_currencies"),
        ({"quantity": [Decimal(99999999999999999999), Decimal(1)], "unit": ["ГБ·мес"] * 2}, "amount_beyond"),
    ],
)
def test_of_a_bill_no_list_can_judge(changed: dict[str, list[Any]], code: str) -> None:
    catalog = load_catalog("vk")
    sku = catalog.by_id["vk.compute.ram"]
    usual = {"parameter": sku.name.ru, "service": catalog.sections[sku.service][0]}
    rows = [charge("2026-11-03", **usual, **{k: v[n] for k, v in changed.items()}) for n in range(2)]
    table = pa.Table.from_pylist(rows, CHARGES)
    charges = Charges("bill.csv", "vk", "ru-msk", lambda c: c.register("charge", table))
    same(refused(lambda: reconcile_charges(charges)), code)


# plans


def priced(text: str = ESTIMATE, source: str = "web.yaml") -> Estimate:
    return estimate_cost(parse_estimate(text.encode(), source))


def budget(target: Estimate | None, plan: str = PLAN, **more: Any) -> Any:
    return migrate(parse_plan(plan.encode(), "plan.yaml"), target, source="plan.yaml", **more)


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (UNPRICED, "target_incomplete"),
        (ESTIMATE.replace("30d", "2026-11-01..2026-11-08"), "not_a_month"),
        (None, "no_target"),
    ],
)
def test_of_a_target(target: str | None, code: str) -> None:
    plan = PLAN if target else PLAN.replace("{estimate: web.yaml}", "{}")
    same(budget(target and priced(target), plan).problems, code)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (UNPRICED, "alternative_incomplete"),
        (ESTIMATE.replace("name: web", "name: web\nregion: kz-ast"), "alternative_no_rate"),
    ],
)
def test_of_an_alternative(other: str, code: str) -> None:
    alternatives = {"other cloud": priced(other, "other.yaml")}
    same(budget(priced(), alternatives=alternatives).problems, code)


def test_a_plan_of_lines_is_not_frozen() -> None:
    plan = PLAN.replace("estimate: web.yaml", "lines: [{category: support, amount: 500, vat: excluded}]")
    same(refused(lambda: freeze(budget(None, plan))), "no_estimate_to_freeze")


def test_a_changed_baseline() -> None:
    frozen = freeze(budget(priced()))
    Path("frozen.json").write_text(frozen.replace('"name": "move"', '"name": "mine"', 1), encoding="utf-8")
    same(refused(lambda: run("compare frozen.json web.yaml")), "baseline_changed")


# a cluster


@pytest.fixture
def address() -> Iterator[str]:
    """Of a server that answers, and is no Spark."""
    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"sc://127.0.0.1:{port}"
    server.stop(0).wait()


def test_no_client_of_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "costlab.engine.spark", raising=False)
    for name in ["pyspark", *(n for n in sys.modules if n.startswith("pyspark."))]:
        monkeypatch.setitem(sys.modules, name, None)  # as where it is not installed
    same(refused(lambda: run("bill show --engine sc://127.0.0.1:15002")), "engine_missing")


def test_a_silent_cluster(address: str) -> None:
    same(refused(lambda: run(f"bill show --engine {address}")), "engine_silent")


def test_a_cluster_converts_no_money(address: str) -> None:
    cluster: Any = spark.Connection(spark.SparkSession.builder.remote(address).create())
    same(refused(lambda: convert(cluster, Rates("rates.csv", ()), "RUB")), "converted_here")
