"""Google Cloud: instances and disks as the API's aggregated lists or `gcloud compute … list --format json` give them.

The machine type's name carries its size (custom ones too). Sizes of disks stand in the machine, else in the list of
disks. A preemptible or spot machine has no counterpart at its price, which is told.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.instance_types import gcp as size_of
from costlab.inventory.reading.machines import InventoryDraft, exact, inner, items, note, pairs, text
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power
from costlab.model.numbers import Text

TITLE = Text(en="Google Compute Engine lists", ru="Списки Google Compute Engine")

_POWER: dict[str, Power] = {"RUNNING": "on", "PROVISIONING": "on", "STAGING": "on", "STOPPED": "off",
                            "TERMINATED": "off", "STOPPING": "off", "SUSPENDED": "suspended"}  # fmt: skip


def matches(sample: Sample) -> bool:
    """At least one instance or disk of Compute Engine."""
    return any(True for f in sample.files for _ in _objects(f))


def read(sample: Sample, options: Options) -> Inventory:
    """Machines; disks that no machine here uses, and other files, are set aside."""
    draft = InventoryDraft("gcp", sample.source, options)
    listed = [(f, list(_objects(f))) for f in sample.files]
    for file, values in listed:
        if not values:
            draft.other_file(
                file, "no instance or disk of Compute Engine is in it", "нет машин и дисков Compute Engine"
            )
        draft.other_objects(file.source, [v for v in _values(file) if values and not _known(v)])
    objects = [(f.source, v) for f, values in listed for v in values]
    disks = {_link(v.get("selfLink")) or text(v.get("name")): v for _, v in objects if "machineType" not in v}
    used: set[int] = set()
    for source, value in objects:
        if "machineType" in value:
            _machine(draft, source, value, disks, used)
    for source, value in objects:
        if "machineType" in value or id(value) in used:
            continue
        name, size = text(value.get("name")), text(value.get("sizeGb"))
        if value.get("users"):
            draft.unusable(f"{source}:{name}", name, "orphan", f"{size} GB of a machine that was not read",
                           f"{size} ГБ машины, которая не прочитана")  # fmt: skip
        else:
            draft.aside(f"{source}:{name}", name, "unattached", f"{size} GB attached to nothing: not moved",
                        f"{size} ГБ, ни к чему не подключён: не переносится")  # fmt: skip
    return draft.inventory()


def _objects(file: Sample) -> Iterator[dict[str, Any]]:
    """Instances and disks of an aggregated list, of a list of a zone, or of gcloud."""
    return (v for v in _values(file) if _known(v))


def _values(file: Sample) -> list[dict[str, Any]]:
    """Every object of a file's lists."""
    data = file.data if file.kind == "json" else None
    if isinstance(data, dict) and isinstance(data.get("items"), dict):
        scopes = [s for s in data["items"].values() if isinstance(s, dict)]
        return [v for s in scopes for k in ("instances", "disks") for v in items(s.get(k))]
    return items(data.get("items")) if isinstance(data, dict) else items(data)


def _known(value: dict[str, Any]) -> bool:
    """Whether an object is an instance or a disk."""
    instance = "machineType" in value and ("disks" in value or "networkInterfaces" in value)
    return instance or (
        "sizeGb" in value and ("/diskTypes/" in text(value.get("type")) or value.get("kind") == "compute#disk")
    )


def _link(value: Any) -> str:
    """`projects/…/disks/x` of a link; "" for one that names nothing."""
    said = text(value)
    return said.partition("/projects/")[2]


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _machine(
    draft: InventoryDraft, source: str, value: dict[str, Any], disks: dict[str, dict[str, Any]], used: set[int]
) -> None:  # fmt: skip
    name, kind = text(value.get("name")), text(value.get("machineType")).rpartition("/")[2]
    origin = f"{source}:{name}"
    size = draft.shape(kind, size_of(kind))
    made: list[MachineDisk] = []
    links: list[str] = []
    unsized = 0
    for entry in items(value.get("disks")):
        if entry.get("type") == "SCRATCH":
            continue
        known = disks.get(_link(entry.get("source"))) or disks.get(text(entry.get("source")).rpartition("/")[2], {})
        if known:
            used.add(id(known))
        gigabytes = exact(entry.get("diskSizeGb")) or exact(known.get("sizeGb"))
        unsized += not gigabytes
        if gigabytes:
            links.append(_link(entry.get("source")) or _link(known.get("selfLink")))
            tier = text(known.get("type")).rpartition("/")[2]
            made.append(MachineDisk(name=text(entry.get("deviceName")), size_gb=gigabytes, tier=tier,
                                    boot=entry.get("boot") is True))  # fmt: skip
    scheduling = value.get("scheduling")
    cheap = inner(scheduling, "preemptible") is True or inner(scheduling, "provisioningModel") == "SPOT"
    notes = [note("preemptible: VK Cloud has no such price", "прерываемая: такой цены в VK Cloud нет")] if cheap else []
    if size[1] is not None and size[1] != size[1].quantize(Decimal(1)):
        notes.append(note(f"{kind}: {size[1]} GB of memory", f"{kind}: {size[1]} ГБ памяти"))
    accesses = [a for n in items(value.get("networkInterfaces")) for a in items(n.get("accessConfigs"))]
    licences = [text(x).rpartition("/")[2] for d in items(value.get("disks")) for x in _texts(d.get("licenses"))]
    labels = pairs(value.get("labels"))
    draft.add(
        Machine(
            machine_id=text(value.get("id")) or name,
            name=name,
            power=_POWER.get(text(value.get("status")), "unknown"),
            vcpu=size[0],
            ram_gb=size[1],
            flavor=kind,
            disks=tuple(made),
            os_name=" ".join(licences).replace("-", " "),
            public_ips=sum(bool(text(a.get("natIP"))) for a in accesses),
            environment=labels.get("env") or labels.get("environment") or "",
            tags=labels,
            notes=tuple(notes),
            origin=origin,
        ),
        uuid=text(value.get("id")),
        scope=_link(value.get("selfLink")).partition("/")[0],
        disk_ids=links,
        licensed=True,
        missing=list(_missing(value, unsized)),
    )


def _missing(value: dict[str, Any], unsized: int) -> Iterator[Text]:
    """GPUs, which have no counterpart of the same size, and disks of no known size."""
    for entry in items(value.get("guestAccelerators")):
        kind, count = text(entry.get("acceleratorType")).rpartition("/")[2], text(entry.get("acceleratorCount"))
        yield note(f"{count} × {kind}: choose a GPU flavor by hand", f"{count} × {kind}: выберите конфигурацию с GPU")
    scratch = [exact(d.get("diskSizeGb")) for d in items(value.get("disks")) if d.get("type") == "SCRATCH"]
    if scratch:
        size = f" ({sum((s or Decimal(0) for s in scratch), Decimal(0)):f} GB)" if all(scratch) else ""
        yield note(f"{len(scratch)} local SSDs{size}: add disks of that size",
                   f"локальных SSD: {len(scratch)}{size.replace('GB', 'ГБ')}; добавьте такие диски")  # fmt: skip
    if unsized:
        yield note(f"{unsized} disks without a size: add `gcloud compute disks list`",
                   f"дисков без размера: {unsized}; добавьте `gcloud compute disks list`")  # fmt: skip
