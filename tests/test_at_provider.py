"""The same usage by other lists: their months, their VAT, and what they do not have."""

import json
from datetime import date
from decimal import Decimal

import pytest

from costlab.catalog.check import check_catalog
from costlab.catalog.loading import providers
from costlab.cli import main
from costlab.errors import InputError
from costlab.estimate.at_provider import at_provider
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import parse_estimate

WEB = b"""costlab: 1
name: web
period: 30d
prices_on: 2026-11-01
resources:
  - id: web
    service: vm
    spec: {flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: 1, zone: MS1}
  - {id: s3, service: object_storage, spec: {class: hotbox, stored_gb: 1000}}
"""

PLAN = """costlab: 1
name: moves
current:
  lines: [{category: hardware, amount: 30000, vat: none}]
target:
  estimate: web.yaml
  alternatives:
    - {name: yandex, estimate: web.yaml, provider: yandex}
    - {name: cloud, estimate: web.yaml, provider: cloud-ru}
    - {name: aws, estimate: web.yaml, provider: aws}
waves: [{share: 1, target_starts: 2, source_paid_until: 2}]
"""


def priced(provider):
    return estimate_cost(at_provider(parse_estimate(WEB, "web.yaml", today=date(2026, 11, 1)), provider))


@pytest.mark.parametrize(
    ("provider", "web"),
    [
        # hours of a 30-day month x (4 vCPU, 16 GB, 100 GB, 1 address), each line to the kopeck
        ("yandex", "3571.20 3801.60 1432.80 189.73"),
        ("selectel", "2900.45 4218.62 1036.80 186.98"),
        ("mws", "3650.28 3886.04 895.97 152.42"),
        # minutes of it, and VAT on top: the annex is without
        ("t1", "3595.00 3480.61 1312.70 213.66"),
    ],
)
def test_a_machine_elsewhere(provider, web):
    found = priced(provider)
    assert [str(c.cost) for c in found.charges if c.resource_id == "web"] == web.split()
    assert found.complete
    assert found.currency == "RUB"


def test_a_month_of_730_hours_is_longer_than_the_period():
    s3 = next(c for c in priced("selectel").charges if c.resource_id == "s3")
    assert s3.per == 43800
    assert s3.cost == (Decimal(1000) * 43200 * Decimal("2.57") / 43800).quantize(Decimal("0.01"))


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_abroad_is_an_order_of_magnitude_in_dollars(provider):
    found = priced(provider)
    assert found.currency == "USD"
    assert not found.complete
    assert {p.code for p in found.problems} == {"no_price"}
    assert all("order of magnitude" in c.price_note.en for c in found.charges)


def test_what_has_no_counterpart_is_a_problem():
    found = priced("cloud-ru")  # sells whole machines only
    assert [p.code for p in found.problems] == ["no_price", "no_price"]


def test_an_unknown_provider():
    with pytest.raises(InputError):
        priced("nimbus")


def test_every_list_is_sound():
    assert {"vk", "yandex", "selectel", "cloud-ru", "mws", "t1", "aws", "azure", "gcp"} <= set(providers())
    assert check_catalog() == []


def test_the_command_rates_it_elsewhere(tmp_path, capsys):
    path = tmp_path / "web.yaml"
    path.write_bytes(WEB)
    assert main(["estimate", str(path), "--provider", "yandex", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["provider"], found["region"], found["currency"]) == ("yandex", "ru-central1", "RUB")
    assert main(["estimate", str(path), "--provider", "nimbus"]) == 2


def test_an_alternative_of_a_plan(tmp_path, capsys):
    (tmp_path / "web.yaml").write_bytes(WEB)
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    assert main(["migrate", str(plan), "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)
    inputs = [s["input"] for s in found["sensitivity"]["swings"]]
    assert "alternative:yandex" in inputs
    assert "alternative:aws" not in inputs
    assert [p["subject"] for p in found["problems"]] == ["cloud", "aws"]
    assert {p["kind"] for p in found["problems"]} == {"warning"}


def test_a_baseline_is_compared_and_guarded(tmp_path, capsys):
    (tmp_path / "web.yaml").write_bytes(WEB)
    plan, baseline = tmp_path / "plan.yaml", tmp_path / "baseline.json"
    plan.write_text(PLAN, encoding="utf-8")
    main(["migrate", str(plan), "--freeze", str(baseline)])
    capsys.readouterr()
    assert main(["compare", str(baseline), str(tmp_path / "web.yaml"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["delta"] == "0.00"
    more = tmp_path / "more.yaml"
    more.write_bytes(WEB.replace(b"size_gb: 100", b"size_gb: 200"))
    main(["compare", str(baseline), str(more), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["causes"]["quantity"] == "1326.24"
    baseline.write_text(baseline.read_text(encoding="utf-8").replace('"3397.25"', '"3397.26"'), encoding="utf-8")
    assert main(["compare", str(baseline), str(more)]) == 2
    assert "hash" in capsys.readouterr().err
