"""The provider's own examples, every block accounted for, where `COSTLAB_TEST_PROVIDER_EXAMPLES` names their folder.

The folder is a checkout of vk-cs/terraform-provider-vkcs, or any other that holds folders of `.tf` files. Blocks are
counted by a scanner of its own, which knows nothing of the reader.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from costlab.inventory import read_inventory
from costlab.inventory.sources.terraform.plan import base

VARIABLE = "COSTLAB_TEST_PROVIDER_EXAMPLES"
GIVEN = os.environ.get(VARIABLE, "")
FOLDERS = sorted({p.parent for p in Path(GIVEN).rglob("*.tf")}) if GIVEN else []
MASKED = re.compile(r"<<-?(\w+)[^\n]*\n.*?^\s*\1\s*$|#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r'^(resource|module)\s+"([^"]+)"(?:\s+"([^"]+)")?\s*\{', re.MULTILINE)


def test_where_the_examples_are() -> None:
    if not FOLDERS:
        pytest.skip(f"{VARIABLE} names no folder with .tf files")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: str(f.relative_to(GIVEN)))
def test_every_block_is_read_free_or_named(folder: Path) -> None:
    texts = [MASKED.sub("", p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.tf"))]
    there = Counter(
        f"{a}.{b}" if kind == "resource" else f"module.{a}" for t in texts for kind, a, b in BLOCK.findall(t)
    )
    found = read_inventory(folder)
    own = [a for a in found.set_aside if a.code != "not_called"]
    ended = [r.resource_id.partition("#")[0] for r in (*found.resources, *found.unfilled)] + [a.name for a in own]
    named = {str(p.subject) for p in found.problems}
    modules = {name for name in there if name.startswith("module.")}
    blocks = {base(address) for address in ended if not address.startswith("module.")}
    assert blocks == set(there) - modules
    assert all(m in named or any(a.startswith((f"{m}.", f"{m}[")) or a == m for a in ended) for m in modules)
    assert found.read == len(set(ended)) + len(found.set_aside) - len(own)
