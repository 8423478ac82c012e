"""Small folders of sources and what Terraform would make of each: `terraform/language/*.yaml`, worked out by hand.

`files`: what lies in the folder; `have`: address → size and type of its disks, the flavor before them; `aside`: address
→ why it is set aside; `open`: what is named as not to be worked out; `refused`: the error instead of all that.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from costlab.errors import InputError, kind
from costlab.inventory import read_inventory
from costlab.model.scenario import Resource

CASES = [
    pytest.param(case, id=f"{path.stem}-{name}")
    for path in sorted((Path(__file__).parent / "terraform" / "language").glob("*.yaml"))
    for name, case in yaml.safe_load(path.read_text(encoding="utf-8")).items()
]


def shown(resource: Resource) -> str:
    spec: Any = resource.spec
    if resource.service == "disk":
        return f"{spec.size_gb.normalize():f} {spec.type}"
    if resource.service in ("database", "public_ip"):
        return spec.kind if resource.service == "public_ip" else f"{spec.nodes} {spec.flavor} {spec.public_ip}"
    disks = [f"{d.size_gb.normalize():f} {d.type}" for d in spec.disks]
    return ", ".join([spec.flavor or f"{spec.vcpu}x{spec.ram_gb}", *disks])


@pytest.mark.parametrize("case", CASES)
def test_a_folder_comes_to_what_terraform_makes_of_it(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in case["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    if "refused" in case:
        with pytest.raises(InputError) as refused:
            read_inventory(tmp_path)
        assert [p.code for p in refused.value.problems] == [case["refused"]]
        return
    found = read_inventory(tmp_path)
    assert {r.resource_id: shown(r) for r in found.resources} == case.get("have", {})
    assert {a.name: a.code for a in found.set_aside} == case.get("aside", {})
    unpriced = [p for p in found.problems if kind(p) != "warning"]
    assert sorted({str(p.subject) for p in unpriced}) == sorted(case.get("open", []))
    things = {r.resource_id.partition("#")[0] for r in (*found.resources, *found.unfilled)}
    assert found.read == len(things) + len(found.set_aside)
