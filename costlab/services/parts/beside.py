"""What a machine pays beside its cores and memory, as long as it exists: «Cloud Servers. Тарификация»."""

from collections.abc import Iterable, Iterator
from typing import Literal

from costlab.model.scenario import Usage
from costlab.services.parts.core_pairs import core_pairs
from costlab.services.parts.shapes import Disk, disk_meter

Os = Literal[
    "linux", "windows", "astra-orel", "astra-voronezh", "astra-smolensk", "alt-server", "alt-server-sp",
    "redos-standard", "redos-fstec",
]  # fmt: skip


def beside(disks: Iterable[Disk], public_ip: int, sdn: str, os: Os, vcpu: int, zone: str) -> Iterator[Usage]:
    """What a machine of `vcpu` cores pays as long as it exists: disks, addresses, the operating system's licence."""
    for disk in disks:
        yield Usage(meter=disk_meter("block_storage", disk.type), level=disk.size_gb, zone=zone)
    if public_ip:
        asked = {"kind": "floating", "sdn": sdn}
        yield Usage(meter="network.public_ipv4", dimensions=asked, level=public_ip, zone=zone)
    if os == "windows":
        asked = {"product": "windows-server"}
        yield Usage(meter="licence.core_pair", dimensions=asked, level=core_pairs("windows-server", vcpu))
    elif os != "linux":
        yield Usage(meter="licence.instance", dimensions={"product": os}, level=1)
