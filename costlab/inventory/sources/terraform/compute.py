"""Machines, disks, addresses and what else Terraform orders one by one.

Rules: vk-cs/vkcs provider documentation (v0.16) of each resource. A disk is counted once: a `block_device` that makes
a volume belongs to its machine, one that takes an existing volume belongs to that volume, and attaching is free. A
floating address is its own resource; a machine pays only for a network interface straight on the external network.
"""

from decimal import ROUND_UP, Decimal
from typing import Any

from costlab.inventory.sources.terraform.plan import Planned
from costlab.inventory.sources.terraform.reading import Reading
from costlab.inventory.sources.terraform.shapes import Shape, disk, outside, shape, system_of, to_fill_in
from costlab.model.numbers import Text

STOPPED = ("shutoff", "shelved_offloaded", "stopped")
_GIGABYTE = Decimal(10) ** 9
_SIX = Decimal("0.000001")


def compute_instance(reading: Reading, planned: Planned) -> None:
    """A machine with the disks it makes, direct external addresses and the licence of its image."""
    if str(planned.get("flavor_name") or "").startswith("BM_"):
        reading.add(planned, "bare_metal", {"zone": reading.zone(planned)})
        return
    found = shape(reading, planned, planned.get("flavor_name"), planned.get("flavor_id"), *_flavor_key(planned))
    if found is None:
        found = to_fill_in(planned.get("flavor_name"), planned.get("flavor_id"))
    spec: dict[str, Any] = {
        "disks": _made_disks(reading, planned, found),
        "os": system_of(reading, planned),
        "zone": reading.zone(planned),
    }
    gpu = found.flavor is not None and found.flavor.gpus > 0
    stopped = str(planned.get("power_state") or "").lower() in STOPPED
    added = reading.add(planned, "gpu_vm" if gpu else "vm", spec | found.spec, stopped=stopped)
    if added and (ports := _outside_ports(reading, planned)):
        # An address on a port has a price of its own, which is not that of a floating one.
        reading.add(planned, "public_ip", {"kind": "port"}, suffix="#internet", count=ports)


def _flavor_key(planned: Planned) -> tuple[str]:
    return ("flavor_id",) if planned.get("flavor_id") or not planned.is_unknown("flavor_name") else ("flavor_name",)


def _made_disks(reading: Reading, planned: Planned, found: Shape) -> list[dict[str, Any]]:
    """Disks that come and go with the machine."""
    made = []
    blocks = planned.blocks("block_device")
    for index, block in enumerate(blocks):
        if block.get("destination_type") == "local" or block.get("source_type") == "volume":
            continue
        size = reading.number(planned, "volume_size", block.get("volume_size"))
        if size is None and block.get("source_type") == "snapshot":
            size = _snapshot_size(reading, planned, "block_device", index, "uuid", value=block.get("uuid"))
        if size is None:
            which = Text(en=f"size of disk {index + 1}", ru=f"размер диска {index + 1}")
            reading.incomplete(planned, "value_unknown", key="volume_size", reason=which)
            continue
        made.append(disk(reading, planned, size, block.get("volume_type")))
    if not blocks and found.flavor is not None and found.flavor.disk_gb:
        return made  # the service itself tells of the disk in the flavor's name
    if not blocks and found.local_gb:
        why = Text(en="no block device: the flavor's own disk is used, which has no price of its own",
                   ru="нет block_device: используется диск конфигурации, отдельной цены у него нет")  # fmt: skip
        reading.assume(planned, "disks", "0", why)
    elif not blocks:
        why = Text(en="the plan names no disk to start from", ru="в плане нет диска, с которого машина запустится")
        reading.incomplete(planned, "value_unknown", key="disks", reason=why)
    return made


def _outside_ports(reading: Reading, planned: Planned) -> int:
    """Interfaces straight on the external network; those made as ports of their own are counted there."""
    ports = 0
    for index, block in enumerate(planned.blocks("network")):
        has_port = block.get("port") or reading.plan.references(planned, "network", index, "port")
        if has_port:
            continue
        if block.get("name") in ("internet", "ext-net"):
            ports += 1
            continue
        networks = reading.refers(planned, "network", index, "uuid", value=block.get("uuid"))
        ports += any(outside(n) for n in networks)
    return ports


def blockstorage_volume(reading: Reading, planned: Planned) -> None:
    """A disk of its own."""
    size = reading.number(planned, "size_gb", planned.get("size"))
    if size is None:
        sources = reading.refers(planned, "snapshot_id", value=planned.get("snapshot_id"))
        sources += reading.refers(planned, "source_vol_id", value=planned.get("source_vol_id"))
        size = next((s for p in sources if (s := _volume_size(reading, p)) is not None), None)
    if size is None:
        reading.missing(planned, "size_gb", "the size is not in the plan", "размера в плане нет")
        return
    spec = disk(reading, planned, size, planned.get("volume_type"))
    reading.add(planned, "disk", spec | {"zone": reading.zone(planned)})


def _volume_size(reading: Reading, planned: Planned) -> Decimal | None:
    if planned.kind.endswith("blockstorage_snapshot"):
        return _snapshot_size(reading, planned, "volume_id", value=planned.get("volume_id"))
    return reading.number(planned, "size_gb", planned.get("size"))


def _snapshot_size(reading: Reading, planned: Planned, *path: str | int, value: Any) -> Decimal | None:
    for source in reading.refers(planned, *path, value=value):
        if source.kind.endswith("blockstorage_snapshot") and source is not planned:
            return _snapshot_size(reading, source, "volume_id", value=source.get("volume_id"))
        if (size := reading.number(source, "size_gb", source.get("size"))) is not None:
            return size
    return None


def blockstorage_snapshot(reading: Reading, planned: Planned) -> None:
    """A snapshot: at most as large as its volume."""
    size = reading.number(planned, "size_gb", planned.get("size"))
    if size is None:
        size = _snapshot_size(reading, planned, "volume_id", value=planned.get("volume_id"))
        if size is not None:
            why = Text(en="size of the volume, which is the most a snapshot takes",
                       ru="размер диска: больше снимок не занимает")  # fmt: skip
            reading.assume(planned, "size_gb", f"{size:f}", why)
    if size is None:
        reading.missing(planned, "size_gb", "neither the snapshot's nor its volume's size is in the plan",
                        "размера снимка и его диска в плане нет")  # fmt: skip
        return
    reading.add(planned, "snapshot", {"size_gb": size})


def images_image(reading: Reading, planned: Planned) -> None:
    """An image kept in Icebox; its size is known once it is there."""
    known = quantity_of_bytes(planned.get("size_bytes"))
    size = reading.number(planned, "size_gb", known)
    if size is None:
        reading.missing(planned, "size_gb", "the size of an image is known once it is uploaded",
                        "размер образа известен только после загрузки")  # fmt: skip
        return
    reading.add(planned, "image", {"size_gb": size})


def quantity_of_bytes(value: Any) -> Decimal | None:
    """Bytes as GB, six decimals, rounded up."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        return None
    return (Decimal(value) / _GIGABYTE).quantize(_SIX, ROUND_UP)


def sharedfilesystem_share(reading: Reading, planned: Planned) -> None:
    """A share of a provisioned size."""
    size = reading.number(planned, "size_gb", planned.get("size"))
    if size is None:
        reading.missing(planned, "size_gb", "the size is not in the plan", "размера в плане нет")
        return
    reading.add(planned, "file_share", {"size_gb": size, "zone": reading.zone(planned)})


def networking_floatingip(reading: Reading, planned: Planned) -> None:
    """A floating address: paid whether attached or not."""
    reading.add(planned, "public_ip", {"kind": "floating", "sdn": _sdn(planned)})


def networking_port(reading: Reading, planned: Planned) -> None:
    """A port: an address of its own on the external network, free on any other."""
    networks = reading.refers(planned, "network_id", value=planned.get("network_id"))
    if any(outside(n) for n in networks):
        reading.add(planned, "public_ip", {"kind": "port", "sdn": _sdn(planned)})
        return
    if not networks:
        why = Text(en="its network is not in the plan: taken for an internal one, where a port is free",
                   ru="сети порта в плане нет: считаем её внутренней, там порт бесплатен")  # fmt: skip
        reading.assume(planned, "network_id", "", why)
    reading.aside(planned, "free", "a port on an internal network is free", "порт во внутренней сети бесплатен")


def _sdn(planned: Planned) -> str | None:
    said = planned.get("sdn")
    return said if said in ("sprut", "neutron") else None


def networking_anycastip(reading: Reading, planned: Planned) -> None:
    """No tariff is published: priced by an offer, else listed as such."""
    reading.add(planned, "anycast_ip", {})


def lb_loadbalancer(reading: Reading, planned: Planned) -> None:
    """A standard load balancer: one whatever it balances."""
    reading.add(planned, "load_balancer", {"kind": "standard"})


def dc_router(reading: Reading, planned: Planned) -> None:
    """No tariff is published: priced by an offer, else listed as such."""
    reading.add(planned, "advanced_router", {})


def dc_interface(reading: Reading, planned: Planned) -> None:
    """Part of an advanced router; on the external network it holds an address that may be charged."""
    if any(outside(n) for n in reading.refers(planned, "network_id", value=planned.get("network_id"))):
        why = Text(en="an interface on the external network: how its address is charged is not published",
                   ru="интерфейс во внешней сети: как оплачивается его адрес, не опубликовано")  # fmt: skip
        reading.assume(planned, "public_ip", "0", why)
    reading.aside(planned, "part_of", "an interface of an advanced router", "интерфейс Advanced-маршрутизатора")


def cdn_resource(reading: Reading, planned: Planned) -> None:
    """Paid by traffic, which no plan knows."""
    traffic = reading.number(planned, "traffic_gb", None)
    if traffic is None:
        reading.missing(planned, "traffic_gb", "paid by traffic, which a plan does not hold",
                        "оплачивается трафик, в плане его нет")  # fmt: skip
        return
    reading.add(planned, "cdn", {"traffic_gb": traffic})


def bucket(reading: Reading, planned: Planned) -> None:
    """Paid by what is stored and downloaded, which no plan knows."""
    stored = reading.number(planned, "stored_gb", None)
    if stored is None:
        reading.missing(planned, "stored_gb", "paid by what is stored, which a plan does not hold",
                        "оплачивается хранимый объём, в плане его нет")  # fmt: skip
        return
    reading.add(planned, "object_storage", {"class": "hotbox", "stored_gb": stored})
