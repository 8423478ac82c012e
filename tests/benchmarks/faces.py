"""An estimate of a thousand resources, a workbook of ten thousand lines, and a page that is clicked."""

import io
import json
from functools import cache
from typing import Any

import ryaml
import yaml
from openpyxl import Workbook

from costlab.catalog.loading import _load, catalog_folder, files, load_catalog
from costlab.estimate.charges import estimate_cost
from costlab.exports import estimates as exports
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.scenario import Estimate


@cache
def estimate_text(resources: int) -> bytes:
    """An estimate file with so many different machines."""
    entries: list[dict[str, Any]] = [
        {
            "id": f"vm-{n}",
            "service": "vm",
            "group": f"group-{n % 20}",
            "spec": {
                "vcpu": 1 + n % 16,
                "ram_gb": 1 + n % 64,
                "disks": [{"type": "ceph-ssd", "size_gb": 10 + n % 490}],
                "public_ip": 1,
            },
        }
        for n in range(resources)
    ]
    data = {"costlab": 1, "name": "bench", "period": "30d", "resources": entries}
    return yaml.safe_dump(data, sort_keys=False).encode()


def parse() -> object:
    """Baseline: the fast YAML parser reads the catalog's files."""
    base = catalog_folder()
    return sum(len(ryaml.loads(path.read_text(encoding="utf-8"))) for path in files("vk", base))


def load() -> object:
    """The VK catalog as records."""
    _load.cache_clear()
    return len(load_catalog().skus)


def read_yaml() -> object:
    """Baseline: PyYAML's C loader reads the same file."""
    return len(yaml.load(estimate_text(1000), Loader=yaml.CSafeLoader)["resources"])


def estimate_1000() -> object:
    """Read and price a thousand machines."""
    return estimate_cost(parse_estimate(estimate_text(1000), "bench.yaml")).total


@cache
def large() -> Estimate:
    """2,500 machines with four lines each."""
    return estimate_cost(parse_estimate(estimate_text(2500), "bench.yaml"))


def prepare_large() -> object:
    """What both workbook measures need first."""
    return len(large().charges)


def workbook() -> object:
    """Ten thousand lines with live formulas and their values."""
    return len(exports.load("xlsx").render(large(), "ru", "both")) // 1024


def plain_workbook() -> object:
    """Baseline: openpyxl writes the same lines as bare values."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lines")
    for c in large().charges:
        sheet.append([c.resource_id, c.service, c.group, c.sku_id, c.sku_name.ru, c.meter, c.quantity, c.unit,
                      c.unit_price, c.per, c.raw_cost, c.rounding.label, c.net, c.vat, c.cost])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return len(out.getvalue()) // 1024


def json_text() -> object:
    """The same estimate as JSON."""
    return len(json.dumps(exports.load("json").render(large(), "en", "both"))) // 1024
