"""Azure: `az vm list` (CLI or REST shape, with or without `--show-details`), `az disk list`, `az vm list-sizes`.

Disks stand in the machine itself; where they lack a size, the list of disks has it. Cores and memory come from
list-sizes in the same set, else from the known sizes.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.cells import to_gb
from costlab.inventory.reading.instance_types import Size
from costlab.inventory.reading.instance_types import azure as size_of
from costlab.inventory.reading.machines import InventoryDraft, exact, inner, items, note, pairs, text
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power
from costlab.model.numbers import Text

TITLE = Text(en="Azure vm list", ru="Список ВМ Azure")

_POWER: dict[str, Power] = {"running": "on", "starting": "on", "stopped": "off", "stopping": "off",
                            "deallocated": "off", "deallocating": "off"}  # fmt: skip

_FREE = tuple(
    f"microsoft.{t}" for t in (
        "network/networkinterfaces", "network/virtualnetworks", "network/networksecuritygroups", "network/routetables",
        "network/publicipaddresses", "compute/availabilitysets", "compute/virtualmachines/extensions",
        "compute/sshpublickeys", "compute/proximityplacementgroups", "network/networkwatchers",
        "managedidentity/userassignedidentities", "resources/resourcegroups",
    )
)  # fmt: skip
"""Types that cost nothing in VK Cloud, or are parts of a machine that are counted there."""
_GPU = re.compile(r"Standard_N[A-Z]")


def matches(sample: Sample) -> bool:
    """At least one object with a hardware profile."""
    return any("hardwareProfile" in v for f in sample.files for v in _objects(f))


def read(sample: Sample, options: Options) -> Inventory:
    """Machines; disks of none of them, and files of another kind, are set aside."""
    draft = InventoryDraft("azure", sample.source, options)
    machines: list[tuple[str, dict[str, Any]]] = []
    disks: dict[str, tuple[str, dict[str, Any]]] = {}
    sizes: dict[str, Size] = {}
    for file in sample.files:
        known = False
        draft.other_objects(file.source, [v for v in _flat(file) if not _is_object(v)] if any(_objects(file)) else [])
        for value in _objects(file):
            cores, memory = exact(value.get("numberOfCores")), exact(value.get("memoryInMB", value.get("memoryInMb")))
            known = True
            if "hardwareProfile" in value:
                machines.append((file.source, value))
            elif cores and memory:
                sizes[text(value.get("name"))] = (int(cores), to_gb(memory, "mb"))
            elif "diskState" in value or ("diskSizeGB" in value or "diskSizeGb" in value):
                disks[text(value.get("id")).casefold()] = (file.source, value)
            else:
                _other(draft, file.source, value)
        if not known:
            draft.other_file(file, "nothing of Azure is in this file", "в файле нет данных Azure")
    used: set[str] = set()
    for source, value in machines:
        _machine(draft, source, value, sizes, disks, used)
    for key, (source, value) in disks.items():
        if key not in used:
            _lonely_disk(draft, source, value)
    return draft.inventory()


def _other(draft: InventoryDraft, source: str, value: dict[str, Any]) -> None:
    """What is no machine and no disk: free parts of a network, or something that costs and is named."""
    name, kind = text(value.get("name")), text(value.get("type"))
    if kind.casefold() in _FREE:
        draft.aside(f"{source}:{name}", name, "other_object", "neither a machine nor a disk", "не машина и не диск")
    else:
        draft.unusable(f"{source}:{name}", name, "managed_service", f"{kind or 'a service'}: add it to an estimate",
                       f"{kind or 'сервис'}: добавьте его в смету")  # fmt: skip


def _lonely_disk(draft: InventoryDraft, source: str, value: dict[str, Any]) -> None:
    size, name = text(value.get("diskSizeGB", value.get("diskSizeGb"))), text(value.get("name"))
    if text(value.get("managedBy")) or text(value.get("diskState")) in ("Attached", "Reserved"):
        draft.unusable(f"{source}:{name}", name, "orphan", f"{size} GB of a machine that was not read",
                       f"{size} ГБ машины, которая не прочитана")  # fmt: skip
    else:
        draft.aside(f"{source}:{name}", name, "unattached", f"{size} GB attached to nothing: not moved",
                    f"{size} ГБ, ни к чему не подключён: не переносится")  # fmt: skip


def _objects(file: Sample) -> Iterator[dict[str, Any]]:
    """Objects of Azure in a file."""
    return (v for v in _flat(file) if _is_object(v))


def _flat(file: Sample) -> Iterator[dict[str, Any]]:
    """Objects of a list, of `value`, or one alone; what REST keeps in `properties` is brought up."""
    data = file.data if file.kind == "json" else None
    listed = data.get("value") if isinstance(data, dict) and "value" in data else data
    for value in items(listed if isinstance(listed, list) else [listed]):
        properties = value.get("properties")
        flat = {**value, **properties} if isinstance(properties, dict) else value
        yield flat


def _is_object(value: dict[str, Any]) -> bool:
    """Whether it is an object of Azure."""
    keys = {"hardwareProfile", "numberOfCores", "diskState", "diskSizeGB", "diskSizeGb"}
    return bool(keys & value.keys()) or text(value.get("type")).casefold().startswith("microsoft.")


def _machine(
    draft: InventoryDraft, source: str, value: dict[str, Any], sizes: dict[str, Size],
    disks: dict[str, tuple[str, dict[str, Any]]], used: set[str],
) -> None:  # fmt: skip
    name, kind = text(value.get("name")), text(inner(value, "hardwareProfile", "vmSize"))
    origin = f"{source}:{name}"
    storage = value.get("storageProfile")
    system = inner(storage, "osDisk")
    listed = [v for v in (system, *items(inner(storage, "dataDisks"))) if isinstance(v, dict)]
    size = draft.shape(kind, sizes.get(kind) or size_of(kind))
    used.update(text(inner(d, "managedDisk", "id")).casefold() for d in listed)
    made = [_disk(d, disks, boot=d is system) for d in listed]
    unsized = sum(d is None for d in made)
    image = inner(storage, "imageReference")
    words = (text(inner(image, "offer")), text(inner(image, "sku")))
    os_type = text(inner(system, "osType"))
    name_of_os = " ".join(w for w in (os_type, *words) if w)
    public = text(value.get("publicIps"))
    missing: list[Text] = []
    if unsized:
        missing.append(note(f"{unsized} disks without a size: add `az disk list`",
                            f"дисков без размера: {unsized}; добавьте `az disk list`"))  # fmt: skip
    if _GPU.match(kind):
        missing.append(note(f"{kind} has GPUs: choose a GPU flavor by hand",
                            f"{kind}: есть GPU; выберите конфигурацию с GPU"))  # fmt: skip
    draft.add(
        Machine(
            machine_id=text(value.get("vmId")) or text(value.get("id")) or name,
            name=name,
            power=_power(value),
            vcpu=size[0],
            ram_gb=size[1],
            flavor=kind,
            disks=tuple(d for d in made if d is not None),
            os_name=name_of_os,
            public_ips=len([p for p in public.split(",") if p.strip()]),
            group=text(value.get("resourceGroup")) or _group(text(value.get("id"))),
            tags=pairs(value.get("tags")),
            origin=origin,
        ),
        uuid=text(value.get("vmId")) or text(value.get("id")),
        disk_ids=[text(inner(v, "managedDisk", "id")).casefold() for v, d in zip(listed, made, strict=True) if d],
        licensed=not text(value.get("licenseType")).endswith("_BYOS"),
        missing=missing,
    )


def _disk(value: dict[str, Any], disks: dict[str, tuple[str, dict[str, Any]]], *, boot: bool) -> MachineDisk | None:
    """A disk with its size: its own, else that of the list of disks."""
    managed = value.get("managedDisk")
    listed = disks.get(text(inner(managed, "id")).casefold(), ("", {}))[1]
    said = [v.get(k) for v in (value, listed) for k in ("diskSizeGB", "diskSizeGb")]
    size = next((s for v in said if (s := exact(v))), Decimal(0))
    tier = text(inner(managed, "storageAccountType")) or text(inner(listed, "sku", "name"))
    return MachineDisk(name=text(value.get("name")), size_gb=size, tier=tier, boot=boot) if size else None


def _power(value: dict[str, Any]) -> Power:
    """`VM running` of `--show-details`, or the status of an instance view."""
    said = text(value.get("powerState")).casefold().removeprefix("vm ")
    codes = [text(s.get("code")) for s in items(inner(value, "instanceView", "statuses"))]
    said = said or next((c.partition("/")[2] for c in codes if c.startswith("PowerState/")), "")
    return _POWER.get(said, "unknown")


def _group(identity: str) -> str:
    parts = identity.split("/")
    place = next((i for i, p in enumerate(parts) if p.casefold() == "resourcegroups"), None)
    return parts[place + 1] if place is not None and place + 1 < len(parts) else ""
