"""Files of AWS that hold machines: answers of `aws … describe-*`, and the import CSV of Migration Hub."""

from typing import Any

from costlab.inventory.reading.cells import Table, find_table
from costlab.inventory.reading.machines import items
from costlab.inventory.reading.sample import Sample

_KEYS = ("Reservations", "Volumes", "Addresses", "LoadBalancers", "LoadBalancerDescriptions", "NatGateways",
         "DBInstances", "InstanceTypes")  # fmt: skip
_HUB: dict[str, tuple[str, ...]] = {
    "id": ("externalid",), "smbios": ("smbiosid",), "address": ("ipaddress",), "host": ("hostname",),
    "vm": ("vmware vmname",), "processors": ("cpu numberofprocessors",), "cores": ("cpu numberofcores",),
    "logical": ("cpu numberoflogicalcores",), "os": ("os name",), "version": ("os version",),
    "ram": ("ram totalsizeinmb",), "ram_avg": ("ram usedsizeinmb avg",), "ram_max": ("ram usedsizeinmb max",),
    "cpu_avg": ("cpu usagepct avg",), "cpu_max": ("cpu usagepct max",), "group": ("applications",),
    "wave": ("applicationwave",), "tags": ("tags",),
}  # fmt: skip


def answers_of(file: Sample) -> dict[str, Any]:
    """The lists of describe-* in a file; {} when it is none."""
    data = file.data if file.kind == "json" else None
    return {k: data[k] for k in _KEYS if isinstance(data.get(k), list)} if isinstance(data, dict) else {}


def others_of(file: Sample) -> list[dict[str, Any]]:
    """Objects of lists that stand beside those in an answer: other services, merged into one file."""
    data = file.data if isinstance(file.data, dict) else {}
    return [v for k, listed in data.items() if k not in _KEYS for v in items(listed)]


def hub_of(file: Sample) -> Table | None:
    """The servers of Migration Hub in a file; None when it is none."""
    return find_table(file, "", _HUB, ("address", "logical", "ram")) if file.kind == "csv" else None


def any_of(sample: Sample) -> bool:
    """At least one answer of describe-*, or a CSV of Migration Hub."""
    return any(answers_of(f) or hub_of(f) is not None for f in sample.files)
