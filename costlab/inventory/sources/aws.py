"""AWS: answers of `aws … describe-*` (instances, volumes, addresses, load balancers, NAT gateways, databases, types),
and the import CSV of Migration Hub.

`describe-instances` says neither cores, memory nor disks: volumes come from describe-volumes, sizes from
describe-instance-types in the same set, from CpuOptions, else from the known families. Attached volumes are a part of
their machine; what is attached to nothing, and what has another price here (NAT is free in VK Cloud, databases are
sized anew), is set aside and told.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.aws_answers import answers_of, any_of, hub_of, others_of
from costlab.inventory.reading.cells import Row, gb, number, to_gb, whole
from costlab.inventory.reading.instance_types import Size
from costlab.inventory.reading.instance_types import aws as size_of
from costlab.inventory.reading.machines import InventoryDraft, exact, inner, items, note, pairs, text
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power, Utilisation
from costlab.model.numbers import Text
from costlab.model.scenario import Resource
from costlab.services import load_balancer

TITLE = Text(en="AWS describe-* and Migration Hub", ru="AWS describe-* и Migration Hub")

_IDS = ("LoadBalancerArn", "DNSName", "NatGatewayId", "AllocationId", "DBInstanceArn")
_OWN_DISKS = re.compile(r"(?:[a-z]+[0-9]+[a-z]*d[a-z]*|i[0-9]\w*|m3|c3|r3|d[0-9]\w*|h1)\.")
"""Types with disks of their host (AWS, «Amazon EC2 instance store»): a `d` after the generation, and older families."""
_STATES: dict[str, Power] = {"running": "on", "pending": "on", "stopping": "off", "stopped": "off"}


def matches(sample: Sample) -> bool:
    """At least one answer of describe-*, or a CSV of Migration Hub."""
    return any_of(sample)


def read(sample: Sample, options: Options) -> Inventory:
    """Machines with their volumes; everything that becomes none is set aside with the reason."""
    draft = InventoryDraft("aws", sample.source, options)
    answers = list(_opened(draft, sample))
    volumes = {text(v.get("VolumeId")): v for _, v in _listed(answers, "Volumes")}
    types = {
        text(t.get("InstanceType")): s for _, t in _listed(answers, "InstanceTypes") if (s := _type(t)) is not None
    }
    gpus = {
        text(t.get("InstanceType")).partition(".")[0] for _, t in _listed(answers, "InstanceTypes") if t.get("GpuInfo")
    }
    used: set[str] = set()
    for source, reservation in _listed(answers, "Reservations"):
        for instance in items(reservation.get("Instances")):
            _instance(draft, source, instance, volumes, types, gpus, used)
    for source, volume in _listed(answers, "Volumes"):
        if text(volume.get("VolumeId")) not in used:
            _lonely_volume(draft, source, volume)
    told: set[str] = set()
    for key, tell in _OTHERS.items():
        for source, entry in _listed(answers, key):
            identity = next((i for k in _IDS if (i := text(entry.get(k)))), "")
            if identity and identity in told:
                draft.aside(f"{source}:{identity}", identity, "duplicate", "said by another answer already",
                            "уже есть в другом ответе")  # fmt: skip
                continue
            told.add(identity)
            tell(draft, source, entry)
    return draft.inventory(own_rows=len(draft.resources))


def _opened(draft: InventoryDraft, sample: Sample) -> Iterator[tuple[str, dict[str, Any]]]:
    """Answers with their files; servers of Migration Hub are taken on the way."""
    for file in sample.files:
        if data := answers_of(file):
            yield file.source, data
            draft.other_objects(file.source, others_of(file))
        elif (table := hub_of(file)) is not None:
            for row in table.rows:
                _server(draft, row)
        else:
            draft.other_file(file, "nothing of AWS that is known is in this file", "в файле нет известных данных AWS")


def _listed(answers: list[tuple[str, dict[str, Any]]], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for source, data in answers:
        yield from ((source, v) for v in items(data.get(key)))


def _type(entry: dict[str, Any]) -> Size | None:
    """A size as describe-instance-types says it."""
    cores, memory = exact(inner(entry, "VCpuInfo", "DefaultVCpus")), exact(inner(entry, "MemoryInfo", "SizeInMiB"))
    return (int(cores), to_gb(memory, "mib")) if cores and memory else None


def _instance(
    draft: InventoryDraft, source: str, instance: dict[str, Any], volumes: dict[str, dict[str, Any]],
    types: dict[str, Size], gpus: set[str], used: set[str],
) -> None:  # fmt: skip
    identity, kind = text(instance.get("InstanceId")), text(instance.get("InstanceType"))
    tags = pairs(instance.get("Tags"))
    name, origin, state = tags.get("Name") or identity, f"{source}:{identity}", text(inner(instance, "State", "Name"))
    mapped = [text(inner(b, "Ebs", "VolumeId")) for b in items(instance.get("BlockDeviceMappings"))]
    attached = [v for v in mapped if v in volumes]
    if state in ("terminated", "shutting-down"):
        draft.aside(origin, name, "deleted", f"is {state}", "удалена (terminated)")
        return
    size = draft.shape(kind, types.get(kind) or size_of(kind))
    used.update(attached)
    options = instance.get("CpuOptions")
    cores, threads = exact(inner(options, "CoreCount")), exact(inner(options, "ThreadsPerCore"))
    vcpu = int(cores * threads) if cores and threads and kind not in draft.options.flavors else size[0]
    disks = tuple(_disk(volumes[v], boot=i == 0) for i, v in enumerate(attached))
    missing: list[Text] = []
    if absent := len(mapped) - len(attached):
        missing.append(note(f"{absent} volumes are not in the set: add describe-volumes",
                            f"томов нет в наборе: {absent}; добавьте describe-volumes"))  # fmt: skip
    if _OWN_DISKS.match(kind):
        missing.append(note(f"{kind} has disks of its own host: give their size",
                            f"{kind}: есть локальные диски; укажите их размер"))  # fmt: skip
    if kind.partition(".")[0] in gpus:
        missing.append(note(f"{kind} has GPUs: choose a GPU flavor by hand",
                            f"{kind}: есть GPU; выберите конфигурацию с GPU"))  # fmt: skip
    draft.add(
        Machine(
            machine_id=identity or name,
            name=name,
            power=_STATES.get(state, "unknown"),
            vcpu=vcpu,
            ram_gb=size[1],
            flavor=kind,
            disks=disks,
            os_name=text(instance.get("PlatformDetails") or instance.get("Platform")),
            public_ips=len(_public(instance)),
            environment=tags.get("env") or tags.get("Env") or tags.get("Environment") or "",
            tags=tags,
            origin=origin,
        ),
        uuid=identity,
        disk_ids=attached,
        licensed=True,
        missing=missing,
    )


def _public(instance: dict[str, Any]) -> set[str]:
    """Public addresses of an instance: of each of its interfaces there may be several."""
    interfaces = items(instance.get("NetworkInterfaces"))
    holders = [*interfaces, *(a for i in interfaces for a in items(i.get("PrivateIpAddresses")))]
    said = (text(inner(h, "Association", "PublicIp")) for h in holders)
    return {a for a in (text(instance.get("PublicIpAddress")), *said) if a}


def _disk(volume: dict[str, Any], *, boot: bool) -> MachineDisk:
    """A volume; its operations a second are what it is provisioned for, so no measure of what it needs."""
    kind = text(volume.get("VolumeType"))
    return MachineDisk(name=text(volume.get("VolumeId")), size_gb=exact(volume.get("Size")) or Decimal(0), tier=kind,
                       boot=boot)  # fmt: skip


def _lonely_volume(draft: InventoryDraft, source: str, volume: dict[str, Any]) -> None:
    identity, size = text(volume.get("VolumeId")), text(volume.get("Size"))
    owners = [text(a.get("InstanceId")) for a in items(volume.get("Attachments"))]
    if owners:
        en, ru = f"{size} GB of {owners[0]}, which was not read", f"{size} ГБ машины {owners[0]}, которая не прочитана"
        draft.unusable(f"{source}:{identity}", identity, "orphan", en, ru)
    else:
        draft.aside(f"{source}:{identity}", identity, "unattached", f"{size} GB attached to nothing: not moved",
                    f"{size} ГБ, ни к чему не подключён: не переносится")  # fmt: skip


def _address(draft: InventoryDraft, source: str, entry: dict[str, Any]) -> None:
    origin, name = f"{source}:{text(entry.get('AllocationId'))}", text(entry.get("PublicIp"))
    if text(entry.get("InstanceId")):
        draft.aside(origin, name, "part", "an address of a machine, counted there", "адрес машины, учтён у неё")
    elif text(entry.get("AssociationId")):
        draft.aside(origin, name, "part", "an address of a gateway or balancer, a part of it",
                    "адрес шлюза или балансировщика, его часть")  # fmt: skip
    else:
        draft.aside(
            origin, name, "unattached", "attached to nothing: not moved", "ни к чему не подключён: не переносится"
        )


def _balancer(draft: InventoryDraft, source: str, entry: dict[str, Any]) -> None:
    name = text(entry.get("LoadBalancerName"))
    origin = f"{source}:{name}"
    if text(entry.get("Type")) == "gateway":
        draft.unusable(
            origin, name, "no_counterpart", "a gateway balancer has no counterpart", "для gateway аналога нет"
        )
        return
    number_ = sum(r.resource_id.partition("#")[0] == name for r in draft.resources)
    unique = f"{name}-{number_ + 1}" if number_ else name
    spec = load_balancer.Spec(kind="standard")
    draft.resources.append(Resource(resource_id=unique, service="load_balancer", spec=spec, source=origin))


def _nat(draft: InventoryDraft, source: str, entry: dict[str, Any]) -> None:
    name = text(entry.get("NatGatewayId"))
    draft.aside(f"{source}:{name}", name, "free", "in VK Cloud the router's own NAT is free",
                "в VK Cloud NAT маршрутизатора бесплатен")  # fmt: skip


def _database(draft: InventoryDraft, source: str, entry: dict[str, Any]) -> None:
    name = text(entry.get("DBInstanceIdentifier"))
    size = f"{text(entry.get('Engine'))} {text(entry.get('DBInstanceClass'))} {text(entry.get('AllocatedStorage'))}"
    draft.unusable(f"{source}:{name}", name, "managed_service", f"managed database {size} GB: add it to an estimate",
                   f"управляемая база {size} ГБ: добавьте её в смету")  # fmt: skip


_OTHERS: dict[str, Callable[[InventoryDraft, str, dict[str, Any]], None]] = {
    "Addresses": _address, "LoadBalancers": _balancer, "LoadBalancerDescriptions": _balancer, "NatGateways": _nat,
    "DBInstances": _database,
}  # fmt: skip


def _server(draft: InventoryDraft, row: Row) -> None:
    """A row of Migration Hub's import: no disks; logical cores are what the system sees."""
    name = row["host"] or row["vm"] or row["id"]
    vcpu, memory = whole(row["logical"] or row["cores"]), gb(row["ram"], "mb")
    if not vcpu or not memory:
        draft.unusable(row.origin, name, "no_size", "cores or memory are not readable", "не прочитать ядра или память")
        return
    load = Utilisation(
        cpu_avg=number(row["cpu_avg"]),
        cpu_max=number(row["cpu_max"]),
        memory_avg_gb=gb(row["ram_avg"], "mb"),
        memory_max_gb=gb(row["ram_max"], "mb"),
    )
    draft.add(
        Machine(
            machine_id=row["smbios"] or row["id"] or name,
            name=name,
            vcpu=vcpu,
            ram_gb=memory,
            os_name=f"{row['os']} {row['version']}".strip(),
            group=row["group"],
            tags={k: row[k] for k in ("wave", "tags") if row[k]},
            utilisation=load if any(v is not None for v in load.model_dump().values()) else None,
            origin=row.origin,
        ),
        uuid=row["smbios"] or row["id"],
        address=row["address"],
    )
