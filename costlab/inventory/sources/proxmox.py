"""Proxmox: `pvesh get /cluster/resources --output-format json`, with or without `…/qemu/<id>/config` of machines.

`maxdisk` is the boot disk only, so that a machine without its configuration is told to have more disks perhaps. A
configuration file is joined by its name, when that is the machine's number (`101.json`), or by the name it holds.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.cells import gb, to_gb
from costlab.inventory.reading.machines import InventoryDraft, exact, items, note, text
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power
from costlab.model.numbers import Text

TITLE = Text(en="Proxmox cluster resources", ru="Ресурсы кластера Proxmox")

_POWER: dict[str, Power] = {"running": "on", "stopped": "off", "paused": "suspended", "suspended": "suspended"}
_KINDS = ("qemu", "lxc", "node", "storage", "pool", "sdn")
_SLOT = re.compile(r"(scsi|virtio|sata|ide|rootfs|mp)[0-9]*\Z")
_SYSTEMS = {"l26": "Linux", "l24": "Linux", "win11": "Windows 11 / Server 2022", "win10": "Windows 10 / Server 2016",
            "win8": "Windows 8 / Server 2012", "win7": "Windows 7 / Server 2008 R2", "wxp": "Windows XP",
            "w2k8": "Windows Server 2008", "w2k3": "Windows Server 2003"}  # fmt: skip
"""`ostype` names a client and a server system at once; what it is is told and looked at by a person."""


def matches(sample: Sample) -> bool:
    """Resources of a cluster, or a list of machines with `vmid` and `maxmem`."""
    return any(True for f in sample.files for _ in _resources(f))


def read(sample: Sample, options: Options) -> Inventory:
    """Virtual machines and containers; templates, nodes, storages and other files are set aside."""
    draft = InventoryDraft("proxmox", sample.source, options)
    machines: list[tuple[Sample, dict[str, Any]]] = []
    configs: list[tuple[Sample, dict[str, Any]]] = []
    for file in sample.files:
        values = list(_resources(file))
        machines += [(file, v) for v in values]
        data = file.data if file.kind == "json" else None
        data = data.get("data", data) if isinstance(data, dict) else data
        if isinstance(data, dict) and any(_SLOT.match(str(k)) for k in data):
            configs.append((file, data))
        elif not values:
            draft.other_file(file, "nothing of Proxmox is in this file", "в файле нет данных Proxmox")
    owned: dict[int, dict[str, Any]] = {}
    for file, data in configs:
        claims = _claims(file, data, machines)
        if len(claims) == 1:
            owned[claims[0]] = data
        else:
            draft.unusable(file.source, text(data.get("name")) or file.path.name, "orphan",
                           f"the configuration of {len(claims) or 'no'} machines of the lists",
                           f"конфигурация подходит машинам списков: {len(claims)}")  # fmt: skip
    for place, (file, value) in enumerate(machines):
        _machine(draft, file.source, value, owned.get(place))
    return draft.inventory()


def _claims(file: Sample, config: dict[str, Any], machines: list[tuple[Sample, dict[str, Any]]]) -> list[int]:
    """Places of the machines a configuration may be of: by number and by name, where both have one. A number is
    unique in its cluster only: of several the ones whose list lies beside the configuration are meant.
    """
    name = text(config.get("name"))
    listed = [
        place
        for place, (_, value) in enumerate(machines)
        if (name and text(value.get("name")) == name)
        or (text(value.get("vmid")) == file.path.stem and "" in (name, text(value.get("name"))))
    ]
    if len(listed) > 1:
        numbered = [p for p in listed if text(machines[p][1].get("vmid")) == file.path.stem]
        beside = [p for p in numbered or listed if machines[p][0].path.parent in file.path.parents]
        deepest = max((len(machines[p][0].path.parts) for p in beside), default=0)
        listed = [p for p in beside if len(machines[p][0].path.parts) == deepest] or listed
    return listed


def _resources(file: Sample) -> Iterator[dict[str, Any]]:
    data = file.data if file.kind == "json" else None
    data = data.get("data") if isinstance(data, dict) else data
    for value in items(data):
        if ("vmid" in value and "maxmem" in value) or (value.get("type") in _KINDS and "id" in value):
            yield value


def _machine(draft: InventoryDraft, source: str, value: dict[str, Any], config: dict[str, Any] | None) -> None:
    number, kind = text(value.get("vmid")), text(value.get("type")) or "qemu"
    name = text(value.get("name")) or text(value.get("id")) or number
    origin = f"{source}:{text(value.get('id')) or number}"
    if kind not in ("qemu", "lxc"):
        draft.aside(origin, name, "no_machine", f"a {kind} of the cluster, no machine", f"{kind} кластера, а не машина")
        return
    if text(value.get("template")) == "1" or value.get("template") is True:
        draft.aside(origin, name, "template", "a template is no machine", "шаблон — не машина")
        return
    config = config or {}
    sockets, each = exact(config.get("sockets")) or Decimal(1), exact(config.get("cores"))
    cores = sockets * each if each else exact(value.get("maxcpu")) or exact(value.get("cpus"))
    memory = exact(value.get("maxmem"))
    if not cores or not memory:
        draft.unusable(origin, name, "no_size", "cores or memory are not readable", "не прочитать ядра или память")
        return
    notes: list[Text] = []
    missing: list[Text] = []
    if gpus := [k for k in config if str(k).startswith("hostpci")]:
        missing.append(note(f"{len(gpus)} passed-through devices: choose a GPU flavor by hand",
                            f"проброшенных устройств: {len(gpus)}; выберите конфигурацию с GPU вручную"))  # fmt: skip
    listed = list(_disks(config))
    disks = tuple(d for d, _ in listed)
    boot = exact(value.get("maxdisk"))
    if not disks and boot:
        disks = (MachineDisk(name="boot", size_gb=to_gb(boot, "b"), boot=True),)
        en = "only the boot disk is said, there may be more: add the machine's configuration"
        ru = "указан только загрузочный диск, могут быть ещё: добавьте конфигурацию машины"
        missing.append(note(en, ru))
    system = _SYSTEMS.get(text(config.get("ostype")), "Linux" if kind == "lxc" else "")
    if " / " in system:
        client, _, server = system.partition(" / ")
        notes.append(note(f"Proxmox says {client} or {server}: taken as the server",
                          f"Proxmox называет {client} или {server}: взят сервер"))  # fmt: skip
        system = f"Windows {server}"
    draft.add(
        Machine(
            machine_id=text(value.get("id")) or number,
            name=name,
            power=_POWER.get(text(value.get("status")), "unknown"),
            vcpu=int(cores),
            ram_gb=to_gb(memory, "b"),
            disks=disks,
            os_name=system,
            group=text(value.get("pool")),
            tags={"node": text(value.get("node")), "kind": kind},
            notes=tuple(notes),
            origin=origin,
        ),
        uuid=text(value.get("id")),
        scope=source,
        missing=missing,
        disk_ids=[f"{source}:{v}" if v else "" for _, v in listed],
    )


def _disks(config: dict[str, Any]) -> Iterator[tuple[MachineDisk, str]]:
    """`scsi0: local-lvm:vm-101-disk-0,size=8G`; drives of media and of cloud-init are none."""
    first = True
    for key in sorted(k for k in config if _SLOT.match(str(k))):
        said = text(config[key])
        match = re.search(r"\bsize=([0-9.]+[KMGT]?)", said)
        path = said.partition(",")[0]
        if "media=cdrom" in said or "cloudinit" in said or path in ("", "none") or ("mp=" in said and not match):
            continue
        size = gb(match[1], "b") if match else Decimal(0)  # a device passed through has no size: told of the machine
        if size is not None:
            yield MachineDisk(name=key, size_gb=size, boot=first), said.partition(",")[0]
            first = False
