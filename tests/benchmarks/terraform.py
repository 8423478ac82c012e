"""A Terraform plan of 5,000 resources: written, read and priced. Goal: under 3 s on two cores, start-up included.

`python -m tests.benchmarks.terraform` prints the time of a fresh process, which is what a pipeline waits for.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESOURCES = int(os.environ.get("COSTLAB_BENCH_PLAN", "5000"))
GOAL_S = 3.0


def _values(n: int) -> tuple[str, dict[str, Any]]:
    """Of ten resources four are machines, two disks, one an address, one a database, two free."""
    match n % 10:
        case 0 | 1 | 2 | 3:
            block = {"source_type": "image", "destination_type": "volume", "volume_size": 20 + n % 80,
                     "volume_type": "ceph-ssd", "uuid": "image", "boot_index": 0}  # fmt: skip
            return "vkcs_compute_instance", {
                "name": f"app-{n}", "flavor_name": f"STD3-{2 ** (1 + n % 3)}-{2 ** (2 + n % 3)}",
                "availability_zone": "MS1", "power_state": "active", "block_device": [block], "tags": ["env=prod"],
            }  # fmt: skip
        case 4 | 5:
            return "vkcs_blockstorage_volume", {
                "name": f"data-{n}", "size": 100 + n % 900, "volume_type": "high-iops", "availability_zone": "MS1",
            }  # fmt: skip
        case 6:
            return "vkcs_networking_floatingip", {"pool": "internet"}
        case 7:
            return "vkcs_db_instance", {
                "name": f"db-{n}", "flavor_id": "flavor", "size": 50, "volume_type": "ceph-ssd",
                "datastore": [{"type": "postgresql", "version": "16"}], "availability_zone": "MS1",
            }  # fmt: skip
        case _:
            return "vkcs_networking_secgroup_rule", {"direction": "ingress", "protocol": "tcp", "port_range_min": n}


def plan(count: int = RESOURCES) -> dict[str, Any]:
    """The plan as Terraform writes it: planned values and changes say everything twice."""
    planned, changes, configured = [], [], []
    for n in range(count):
        kind, values = _values(n)
        address, name = f"{kind}.r{n}", f"r{n}"
        unknown = {"id": True, "region": True}
        planned.append({"address": address, "mode": "managed", "type": kind, "name": name, "values": values})
        change = {"actions": ["create"], "before": None, "after": values, "after_unknown": unknown}
        changes.append({"address": address, "mode": "managed", "type": kind, "name": name, "change": change})
        expressions = {k: {"constant_value": v} for k, v in values.items() if isinstance(v, str | int)}
        configured.append({"address": address, "mode": "managed", "type": kind, "expressions": expressions})
    flavor = {"id": "flavor", "name": "STD3-2-8", "vcpus": 2, "ram": 8192}
    data = {"address": "data.vkcs_compute_flavor.db", "mode": "data", "type": "vkcs_compute_flavor", "values": flavor}
    return {
        "format_version": "1.2", "terraform_version": "1.11.4", "errored": False,
        "planned_values": {"root_module": {"resources": planned}}, "resource_changes": changes,
        "prior_state": {"values": {"root_module": {"resources": [data]}}},
        "configuration": {"root_module": {"resources": configured}},
    }  # fmt: skip


def main() -> int:
    """Print the seconds of `costlab estimate` on the plan; 1 when the goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "plan.json", Path(folder) / "estimate.json"
        path.write_text(json.dumps(plan()), encoding="utf-8")
        words = [sys.executable, "-m", "costlab.cli", "estimate", str(path), "-o", str(out)]
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            subprocess.run(words, check=True, capture_output=True)
            spent.append(time.perf_counter() - start)
        total = json.loads(out.read_text(encoding="utf-8"))["total"]
        size = path.stat().st_size / 1e6
    print(f"plan of {RESOURCES:,} resources, {size:.1f} MB: {min(spent):.2f} s (goal {GOAL_S} s), total {total}")
    return int(min(spent) > GOAL_S)


if __name__ == "__main__":
    sys.exit(main())
