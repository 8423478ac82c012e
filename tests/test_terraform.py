"""Terraform: what plans, states and `.tf` files become, before and after, and what is said of the rest.

`terraform/<case>/` holds a plan written by hand and what it must come to. The samples of others are tried where they
are (`../shared/samples/terraform-plan`), and skipped, which pytest tells, where they are not.
"""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costlab.cli import main
from costlab.compare.split import compare_estimates
from costlab.errors import MESSAGES, InputError, kind, message
from costlab.estimate.inputs import Read, price_inputs, read_inputs
from costlab.exports.comparisons.pr import by_resource
from costlab.i18n.messages.inventories import INVENTORIES
from costlab.inventory import Options, read_inventory
from costlab.inventory.sources.terraform import BILLABLE
from costlab.inventory.sources.terraform.plan import base
from costlab.model.numbers import Problem, Text
from costlab.model.scenario import Estimate, Resource

TODAY = date(2026, 11, 1)
CASE = Path(__file__).parent / "terraform" / "change"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "terraform-plan"
samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"the sample plans are not at {SAMPLES}")
UUID = "11111111-1111-4111-8111-111111111111"


def read(path: Path, **options: Any) -> Read:
    return read_inputs(path, options=Options(today=TODAY, **options))


def priced(path: Path, **options: Any) -> Estimate:
    return price_inputs(read(path, **options))


def sample(name: str) -> Path:
    return SAMPLES / f"{name}.plan.json"


def change(address: str, after: Any, before: Any = None, unknown: Any = None, **more: Any) -> dict[str, Any]:
    bare = base(address).split(".")
    actions = ["create"] if before is None else ["update"]
    ends = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": address, "mode": "managed", "type": bare[-2], "name": bare[-1], "change": ends, **more}


def plan(tmp_path: Path, *changes: dict[str, Any], **more: Any) -> Path:
    path = tmp_path / "plan.json"
    data = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes, **more}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def codes(problems: Sequence[Problem], *, warnings: bool = False) -> list[str]:
    return [p.code for p in problems if warnings or kind(p) != "warning"]


def only(found: Read) -> Resource:
    (resource,) = found.scenario.resources
    return resource


def test_an_update_a_replacement_and_a_deletion() -> None:
    """Worked by hand: terraform/change/case.yaml."""
    expected = json.loads((CASE / "expected.json").read_text(encoding="utf-8"))
    found = read(CASE / "plan.json")
    before, after = price_inputs(found, end="before"), price_inputs(found)
    comparison = compare_estimates(before, after)
    sums = (before.total, after.total, comparison.delta)
    assert [f"{x:.2f}" for x in sums] == [expected["before"], expected["after"], expected["delta"]]
    parts = by_resource(comparison)
    for name in ("added", "changed", "removed"):
        deltas = {r[0]: f"{(r[2] or 0) - (r[1] or 0):.2f}" for r in parts[name]}
        assert deltas == expected[name]
    assert [r[0] for r in parts["unchanged"]] == expected["unchanged"]
    (inventory,) = found.inventories
    assert inventory.read == expected["read"] == len(inventory.resources) + len(inventory.set_aside)
    assert {a.name: a.code for a in inventory.set_aside} == expected["set_aside"]
    assert found.scenario.resources[0].group == "shop"
    assert found.scenario.resources[0].tags == {"env": "prod"}


def test_references_through_modules(tmp_path: Path) -> None:
    """The flavor comes from a data source at the root, through a variable of a module within a module."""
    inner = {"resources": [{"address": "vkcs_db_instance.db",
                            "expressions": {"flavor_id": {"references": ["var.flavor"]}}}]}  # fmt: skip
    middle = {"module_calls": {"db": {"expressions": {"flavor": {"references": ["var.size"]}}, "module": inner}}}
    reference = ["data.vkcs_compute_flavor.f.id", "data.vkcs_compute_flavor.f"]
    root = {"module_calls": {"app": {"expressions": {"size": {"references": reference}}, "module": middle}}}
    flavor = {"address": "data.vkcs_compute_flavor.f", "mode": "data", "type": "vkcs_compute_flavor",
              "values": {"name": "own", "vcpus": 2, "ram": 8192,
                         "extra_specs": {"mcs:cpu_generation": "cascadelake-v1"}}}  # fmt: skip
    database = {"size": 10, "volume_type": "ceph-ssd", "datastore": [{"type": "mysql", "version": "8.0"}]}
    address = 'module.app["a.b"].module.db.vkcs_db_instance.db'
    path = plan(
        tmp_path, change(address, database, unknown={"flavor_id": True}),
        configuration={"root_module": root}, prior_state={"values": {"root_module": {"resources": [flavor]}}},
    )  # fmt: skip
    spec = only(read(path)).spec
    assert (spec.vcpu, spec.ram_gb, spec.cpu, spec.engine) == (2, 8, "cascade-lake", "mysql")
    assert only(read(path)).group == "app/db"


def test_a_disk_is_counted_once(tmp_path: Path) -> None:
    blocks = [
        {"source_type": "image", "destination_type": "volume", "volume_size": 10, "volume_type": "ceph-ssd"},
        {"source_type": "volume", "destination_type": "volume", "uuid": UUID},
        {"source_type": "blank", "destination_type": "local", "volume_size": 5},
    ]
    machine = {"flavor_name": "STD3-2-4", "block_device": blocks}
    volume = {"size": 100, "volume_type": "high-iops", "id": UUID}
    found = read(plan(
        tmp_path, change("vkcs_compute_instance.a", machine), change("vkcs_blockstorage_volume.v", volume),
        change("vkcs_compute_volume_attach.x", {"volume_id": UUID}),
    ))  # fmt: skip
    machine_, volume_ = found.scenario.resources
    assert [(d.type, d.size_gb) for d in machine_.spec.disks] == [("ceph-ssd", 10)]
    assert (volume_.service, volume_.spec.size_gb) == ("disk", 100)


def test_ranges_of_autoscaled_groups(tmp_path: Path) -> None:
    cluster = {"id": UUID, "master_count": 3, "master_flavor": "STD3-2-8", "availability_zones": ["GZ1", "MS1", "ME1"]}
    group = {"cluster_id": UUID, "node_flavor": "STD3-4-8", "scale_type": "auto_scale", "auto_scale_min_size": 0,
             "auto_scale_max_size": 5, "disk_type": "high-iops", "disk_size": 20, "name": "g"}  # fmt: skip
    found = read(plan(
        tmp_path, change("vkcs_kubernetes_node_group_v2.g", group), change("vkcs_kubernetes_cluster_v2.k", cluster),
    ))  # fmt: skip
    spec = only(found).spec
    assert (spec.generation, spec.masters.count) == (2, 3)
    assert (spec.groups[0].nodes.min, spec.groups[0].nodes.max, spec.groups[0].disk.type) == (0, 5, "high-iops")
    assert [a.code for a in found.inventories[0].set_aside] == ["part_of"]
    estimate = price_inputs(found)
    assert estimate.total_low is not None
    assert estimate.total_high is not None
    assert estimate.total_low < estimate.total_high


def test_stopped_windows_gpu_and_direct_addresses(tmp_path: Path) -> None:
    disk = {"source_type": "image", "destination_type": "volume", "volume_size": 50, "volume_type": "ceph-ssd"}
    base = {"block_device": [disk], "availability_zone": "MS1"}
    windows = base | {"flavor_name": "STD3-4-8", "image_name": "Windows-Server-2022", "power_state": "shutoff",
                      "network": [{"name": "internet"}, {"name": "app"}]}  # fmt: skip
    gpu = base | {"flavor_name": "GPU2-16-72-L4-1"}
    first, address, second = read(
        plan(tmp_path, change("vkcs_compute_instance.w", windows), change("vkcs_compute_instance.g", gpu))
    ).scenario.resources
    assert (first.spec.os, first.schedule.kind, first.spec.public_ip) == ("windows", "stopped", 0)
    assert (address.service, address.spec.kind, address.count) == ("public_ip", "port", 1)
    assert (second.service, second.spec.flavor) == ("gpu_vm", "GPU2-16-72-L4-1")


def test_openstack_names(tmp_path: Path) -> None:
    machine = {"flavor_name": "STD2-2-4", "image_name": "Debian-12", "block_device": []}
    found = read(plan(
        tmp_path, change("openstack_compute_instance_v2.a", machine, unknown={}),
        change("openstack_blockstorage_volume_v3.v", {"size": 10, "volume_type": "ceph-ssd"}),
        change("openstack_networking_floatingip_v2.f", {"pool": "ext-net"}),
        change("openstack_networking_router_v2.r", {}),
    ))  # fmt: skip
    assert [r.service for r in found.scenario.resources] == ["vm", "disk", "public_ip"]
    assert "value_unknown" in codes(found.problems)  # a machine without any disk


def test_what_is_not_priced_is_named(tmp_path: Path) -> None:
    found = read(plan(
        tmp_path, change("aws_instance.x", {}), change("vkcs_quantum_computer.x", {}), change("random_id.x", {}),
        change("vkcs_compute_instance.x", {"flavor_name": None}, unknown={"flavor_id": True}),
        change("vkcs_cdn_resource.x", {}), change("vkcs_dc_router.x", {"flavor": "standard"}), errored=True,
    ))  # fmt: skip
    told = [(p.code, p.subject) for p in price_inputs(found).problems if kind(p) != "warning"]
    assert told == [
        ("other_provider", "aws_instance.x"), ("unknown_type", "vkcs_quantum_computer.x"),
        ("value_unknown", "vkcs_compute_instance.x"), ("value_unknown", "vkcs_cdn_resource.x"), ("plan_errored", ""),
        ("to_fill_in", "vkcs_compute_instance.x"), ("on_request", "vkcs_dc_router.x"),
    ]  # fmt: skip
    (inventory,) = found.inventories
    assert [(r.resource_id, r.spec["flavor"]) for r in inventory.unfilled] == [("vkcs_compute_instance.x", "?")]
    assert inventory.read == len(inventory.resources) + len(inventory.unfilled) + len(inventory.set_aside) == 6
    set_by_hand = read(tmp_path / "plan.json", overrides={"*.x.traffic_gb": "100", "vkcs_compute*.flavor": "STD3-2-4"})
    assert [r.service for r in set_by_hand.scenario.resources] == ["vm", "cdn", "advanced_router"]


def test_a_destroy_plan(tmp_path: Path) -> None:
    gone = change("vkcs_networking_floatingip.a", None, before={})
    deposed = change("vkcs_networking_floatingip.a", None, before={}, deposed="00000000")
    found = read(plan(tmp_path, gone, deposed, planned_values={"root_module": {}}))
    assert (price_inputs(found, end="before").total, price_inputs(found).total) == (Decimal("376.80"), Decimal("0.00"))
    assert "plan_deposed" in codes(found.problems, warnings=True)


def test_an_impossible_resource_leaves_the_others_priced(tmp_path: Path) -> None:
    """High-IOPS HA is in ME1 only: the plan asks for it elsewhere."""
    bad = {"size": 10, "volume_type": "high-iops-ha", "availability_zone": "MS1"}
    found = priced(
        plan(tmp_path, change("vkcs_blockstorage_volume.v", bad), change("vkcs_networking_floatingip.a", {}))
    )
    assert (found.total, found.complete, codes(found.problems)) == (Decimal("188.40"), False, ["impossible_resource"])


def test_kazakhstan_and_unknown_zones(tmp_path: Path) -> None:
    config = {"provider_config": {"vkcs": {"expressions": {"region": {"constant_value": "kz"}}}}}
    machine = {"size": 10, "volume_type": "ceph-ssd", "availability_zone": "nova"}
    found = read(plan(tmp_path, change("vkcs_blockstorage_volume.v", machine), configuration=config))
    assert (found.scenario.region, only(found).spec.zone) == ("kz-ast", None)
    assert codes(found.problems, warnings=True) == ["value_assumed"]


def test_plain_configuration(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "n" {\n  default = 2\n}\nvariable "open" {}\nlocals {\n  type = "high-iops"\n}\n'
        'data "vkcs_compute_flavor" "f" {\n  name = "STD3-2-8"\n}\n'
        'resource "vkcs_compute_instance" "a" {\n  count = var.n\n  flavor_id = data.vkcs_compute_flavor.f.id\n'
        '  block_device {\n    source_type = "image"\n    destination_type = "volume"\n    volume_size = 10\n'
        "    volume_type = local.type\n  }\n}\n"
        'resource "vkcs_blockstorage_volume" "v" {\n  for_each = toset(["a", "b"])\n  size = var.open * 2\n}\n'
        'module "m" {\n  source = "./m"\n}\n',
        encoding="utf-8",
    )
    found = read(tmp_path)
    assert [(r.resource_id, r.spec.flavor, r.spec.disks[0].type) for r in found.scenario.resources] == [
        (f"vkcs_compute_instance.a[{n}]", "STD3-2-8", "high-iops") for n in (0, 1)
    ]
    told = [(p.subject, p.args.get("what")) for p in found.problems if p.code == "hcl_unresolved"]
    assert told == [("vkcs_blockstorage_volume.v", "size = ${var.open * 2}"), ("module.m", "module: source = ./m")]
    assert codes(found.problems).count("value_unknown") == 2
    (tmp_path / "main.tf").write_text('resource "a" "b" {\n  x = \n', encoding="utf-8")
    with pytest.raises(InputError) as stopped:
        read(tmp_path)
    assert [p.code for p in stopped.value.problems] == ["hcl_broken"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"version": 4, "terraform_version": "1.9", "resources": []}', "raw_state"),
        ('{"format_version": "7.0", "terraform_version": "9"}', "terraform_format"),
        ('{"format_version": "1.0", "terraform_version": "9", "a": 1, "a": 2}', "duplicate_key"),
        ('{"format_version": "1.0", "terraform_version": "9", ' + '"a": ' + "[" * 50 + "]" * 50 + "}", "too_deep"),
        ('{"format_version": "1.0", "terraform_version": "9", "resource_changes": [1]}', "terraform_shape"),
        ('{"other": 1}', "unknown_inventory"),
    ],
)
def test_unusable(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(InputError) as stopped:
        read_inventory(path)
    assert [p.code for p in stopped.value.problems] == [code]


def test_a_hostile_plan_does_no_harm(tmp_path: Path) -> None:
    """Wrong types wherever a value may stand: told or set aside, never a defect."""
    odd: list[Any] = [None, True, 0, -1, "", "x", [], {}, [None], [[]], {"a": []}, 10**30, "=1+1", "STD3-0-0"]
    keys = (
        "flavor_name", "flavor_id", "size", "volume_type", "block_device", "network", "datastore", "shard", "labels",
        "master_count", "master_flavor", "pod_groups", "node_groups", "schedule", "tags", "backup_schedule",
        "wal_volume", "instance_ids", "cluster_size", "volume_size", "size_bytes", "availability_zone",
    )  # fmt: skip
    for value in odd:
        changes = [change(f"vkcs_{k}.x", dict.fromkeys(keys, value)) for k in BILLABLE]
        found = read(plan(tmp_path, *changes))
        assert price_inputs(found).total >= 0


def test_every_message_is_in_both_languages() -> None:
    for code in INVENTORIES:
        problem = Problem(code=code, source="x", args={"reason": Text(en="r", ru="р")})
        assert all(message(problem, x) for x in ("en", "ru"))
        assert MESSAGES[code].remedy_en
        assert MESSAGES[code].remedy_ru


def test_import_writes_an_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "estimate.yaml"
    assert (
        main(["import", str(CASE / "plan.json"), "-o", str(out), "--format", "json", "--prices-on", "2026-11-01"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["read"], told["mapped"], len(told["set_aside"])) == (6, 4, 2)
    assert told["resources"][0]["origin"].endswith("plan.json:module.shop.vkcs_compute_instance.web[0]")
    assert main(["estimate", str(out), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == "12990.33"
    assert main(["import", str(CASE / "plan.json"), "--lang", "ru"]) == 0
    assert "Прочитано: 6, принято: 4, отложено: 2" in capsys.readouterr().out


@samples
def test_facts_of_the_samples() -> None:
    def spec(name: str, place: int = 0) -> Any:
        return read(sample(name)).scenario.resources[place].spec

    wal = spec("db_instance_with_wal")
    assert (wal.disk.size_gb, wal.wal_gb, wal.disk.type, wal.zone) == (10, 10, "ceph-ssd", "GZ1")
    first = spec("kubernetes_cluster_standard")
    assert (first.masters.count, first.masters.disk_gb, first.masters.disk_type, first.public_ip) == (
        1, 100, "ceph-ssd", True,
    )  # fmt: skip
    assert spec("kubernetes_cluster_v2_regional").masters.count == 3
    several = spec("db_cluster_multiaz")
    assert (several.nodes, several.disk.size_gb, several.multi_az) == (3, 10, True)
    keeper, server = spec("dataplatform_cluster_clickhouse").nodes
    assert (keeper.count, keeper.vcpu, keeper.ram_gb, keeper.disk.size_gb) == (1, Decimal("0.5"), 1, 5)
    assert (server.count, server.vcpu, server.ram_gb, server.disk.size_gb, server.disk.type) == (1, 2, 4, 5, "ceph-ssd")
    windows = priced(sample("compute_instance_windows_password"))
    (licence,) = [c for c in windows.charges if c.meter == "licence.core_pair"]
    assert licence.level == 1
    machine = windows.scenario.resources[0].spec
    assert (machine.flavor, machine.disks[0].size_gb, machine.disks[0].type, machine.zone) == (
        "STD2-2-8", 50, "high-iops-ha", "ME1",
    )  # fmt: skip


INCOMPLETE = {
    "cdn_resource", "dataplatform_cluster_trino", "images_image", "kubernetes_addon", "kubernetes_node_group",
    "mlplatform_k8s_registry", "mlplatform_spark_k8s",
}  # fmt: skip
"""Sample plans that do not hold what the price depends on; those with an advanced router have no public price."""


@samples
def test_every_sample_is_priced_or_says_why() -> None:
    paths = sorted(SAMPLES.glob("*.plan.json"))
    assert len(paths) == 121
    left_out = set()
    for path in paths:
        found = priced(path)
        (inventory,) = read(path).inventories
        assert inventory.read == len({r.source for r in inventory.resources}) + len(inventory.set_aside)
        if not found.complete:
            left_out.add(path.name.removesuffix(".plan.json"))
            assert all(p.subject for p in found.problems if kind(p) != "warning")
            continue
        assert all(r.cost for r in found.resources)
    routers = {p.name.removesuffix(".plan.json") for p in paths if '"vkcs_dc_router"' in p.read_text(encoding="utf-8")}
    assert left_out == INCOMPLETE | routers
