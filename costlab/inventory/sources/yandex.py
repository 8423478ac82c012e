"""Yandex Cloud: `yc compute instance list|get` and `yc compute disk list` with `--format json`, or the API's answers.

Bytes stand as text. A share of a core below 100 % and a preemptible machine have no counterpart at their price: taken
as whole cores, which is told.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.cells import to_gb
from costlab.inventory.reading.machines import InventoryDraft, exact, inner, items, note, pairs, text
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power
from costlab.model.numbers import Text

TITLE = Text(en="Yandex Cloud instance and disk lists", ru="Списки ВМ и дисков Yandex Cloud")

_POWER: dict[str, Power] = {"RUNNING": "on", "STARTING": "on", "PROVISIONING": "on", "RESTARTING": "on",
                            "STOPPED": "off", "STOPPING": "off", "CRASHED": "off"}  # fmt: skip
_WHOLE = 100


def matches(sample: Sample) -> bool:
    """At least one instance or disk as `yc` prints it."""
    return any(True for f in sample.files for _ in _objects(f))


def read(sample: Sample, options: Options) -> Inventory:
    """Machines; disks of none, and other files, are set aside."""
    draft = InventoryDraft("yandex", sample.source, options)
    objects: list[tuple[str, dict[str, Any]]] = []
    for file in sample.files:
        values = list(_objects(file))
        objects += [(file.source, v) for v in values]
        known = {text(v.get("id")) for v in values}
        if values:
            draft.other_objects(file.source, [v for v in _lists(file) if text(v.get("id")) not in known])
        elif not _others(draft, file):
            draft.other_file(file, "no instance or disk of Yandex Cloud is in it", "нет машин и дисков Yandex Cloud")
    disks = {text(v.get("id")): v for _, v in objects if "resources" not in v}
    used: set[str] = set()
    for source, value in objects:
        if "resources" in value:
            _machine(draft, source, value, disks, used)
    for source, value in objects:
        identity = text(value.get("id"))
        if "resources" in value or identity in used:
            continue
        name, size = text(value.get("name")) or identity, to_gb(exact(value.get("size")) or Decimal(0), "b")
        if value.get("instance_ids"):
            draft.unusable(f"{source}:{identity}", name, "orphan", f"{size} GB of a machine that was not read",
                           f"{size} ГБ машины, которая не прочитана")  # fmt: skip
        else:
            draft.aside(f"{source}:{identity}", name, "unattached", f"{size} GB attached to nothing: not moved",
                        f"{size} ГБ, ни к чему не подключён: не переносится")  # fmt: skip
    return draft.inventory()


def _others(draft: InventoryDraft, file: Sample) -> bool:
    """Addresses, and what has an id and a name of its own: managed services, balancers… Whether there are any."""
    data = file.data if file.kind in ("json", "yaml") else None
    if isinstance(data, dict):
        data = next((v for v in data.values() if isinstance(v, list)), [data])
    listed = [v for v in items(data) if text(v.get("id"))]
    if len(listed) != len(items(data)):
        return False
    for value in listed:
        origin, name = f"{file.source}:{text(value.get('id'))}", text(value.get("name")) or text(value.get("id"))
        config = _get(value, "config")
        preset = text(_get(config, "resources", "resource_preset_id"))
        if _get(value, "external_ipv4_address") is not None:
            _address(draft, origin, name, value)
        elif preset or isinstance(config, dict):
            size = to_gb(exact(_get(config, "resources", "disk_size")) or Decimal(0), "b")
            draft.unusable(origin, name, "managed_service", f"a managed service ({preset or '-'}, {size} GB): add it to"
                           " an estimate", f"управляемый сервис ({preset or '-'}, {size} ГБ): добавьте его в смету",
                           )  # fmt: skip
        elif {"cidr_blocks", "v4_cidr_blocks", "default_security_group_id", "rules"} & {_snake(str(k)) for k in value}:
            draft.aside(origin, name, "free", "networks are free", "сети бесплатны")
        else:
            draft.unusable(origin, name, "unknown", "what this is cannot be told: it may cost something",
                           "что это, не понять: возможно, оно платное")  # fmt: skip
    return bool(listed)


def _address(draft: InventoryDraft, origin: str, name: str, value: dict[str, Any]) -> None:
    if value.get("used") is True:
        draft.aside(origin, name, "part", "an address of a machine, counted there", "адрес машины, учтён у неё")
    else:
        draft.aside(
            origin, name, "unattached", "attached to nothing: not moved", "ни к чему не подключён: не переносится"
        )


def _objects(file: Sample) -> Iterator[dict[str, Any]]:
    """Instances and disks; the API says `instances` and `disks` and writes words together, `yc` with `_`."""
    for value in _lists(file):
        flat = {_snake(str(k)): v for k, v in value.items()}
        instance = "platform_id" in flat and isinstance(flat.get("resources"), dict)
        if instance or ("type_id" in flat and "size" in flat):
            yield flat


def _lists(file: Sample) -> list[dict[str, Any]]:
    """Every object of a file: of a list, of the lists of an answer (several may be merged), or one alone."""
    data = file.data if file.kind in ("json", "yaml") else None
    if not isinstance(data, dict):
        return items(data)
    known = [v for k in ("instances", "disks") for v in items(data.get(k))]
    return (
        [*known, *(v for k, o in data.items() if k not in ("instances", "disks") for v in items(o))]
        if known
        else [data]
    )


def _snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def _get(value: Any, *path: str) -> Any:
    """A value deep inside, its words together or apart."""
    for key in path:
        value = {_snake(str(k)): v for k, v in value.items()}.get(key) if isinstance(value, dict) else None
    return value


def _machine(
    draft: InventoryDraft, source: str, value: dict[str, Any], disks: dict[str, dict[str, Any]], used: set[str]
) -> None:  # fmt: skip
    identity = text(value.get("id"))
    name, resources = text(value.get("name")) or identity, value.get("resources")
    origin = f"{source}:{identity or name}"
    cores, memory = exact(inner(resources, "cores")), exact(inner(resources, "memory"))
    if text(value.get("status")) == "DELETING":
        draft.aside(origin, name, "deleted", "is being deleted", "удаляется")
        return
    if not cores or not memory:
        draft.unusable(origin, name, "no_size", "cores or memory are not readable", "не прочитать ядра или память")
        return
    notes: list[Text] = []
    share = exact(_get(resources, "core_fraction"))
    if share is not None and share < _WHOLE:
        notes.append(note(f"core share {share} %: taken as whole cores, VK Cloud sells no shares",
                          f"доля ядра {share} %: взяты целые ядра, долей в VK Cloud нет"))  # fmt: skip
    if _get(value, "scheduling_policy", "preemptible") is True:
        notes.append(note("preemptible: VK Cloud has no such price", "прерываемая: такой цены в VK Cloud нет"))
    attached = [value.get("boot_disk"), *items(value.get("secondary_disks"))]
    wanted = [text(_get(a, "disk_id")) for a in attached if isinstance(a, dict)]
    used.update(wanted)
    listed = [d for d in wanted if d in disks]
    made = [_disk(disks[d], boot=d == wanted[0]) for d in listed]
    missing: list[Text] = []
    if gpus := exact(inner(resources, "gpus")):
        missing.append(note(f"{gpus} GPUs: choose a GPU flavor by hand", f"GPU: {gpus}; выберите конфигурацию с GPU"))
    for key, en, ru in (("local_disks", "local disks", "локальных дисков"),
                        ("filesystems", "attached file systems", "файловых хранилищ")):  # fmt: skip
        if more := items(value.get(key)):
            missing.append(note(f"{len(more)} {en}: add them by hand", f"{ru}: {len(more)}; добавьте их вручную"))
    if absent := len(wanted) - len(made):
        missing.append(note(f"{absent} disks are not in the set: add `yc compute disk list`",
                            f"дисков нет в наборе: {absent}; добавьте `yc compute disk list`"))  # fmt: skip
    interfaces = items(value.get("network_interfaces"))
    labels = pairs(value.get("labels"))
    draft.add(
        Machine(
            machine_id=identity or name,
            name=name,
            power=_POWER.get(text(value.get("status")), "unknown"),
            vcpu=int(cores),
            ram_gb=to_gb(memory, "b"),
            flavor=text(value.get("platform_id")),
            disks=tuple(made),
            public_ips=sum(bool(_get(i, "primary_v4_address", "one_to_one_nat", "address")) for i in interfaces),
            environment=labels.get("env") or labels.get("environment") or "",
            group=text(value.get("folder_id")),
            tags=labels,
            notes=tuple(notes),
            origin=origin,
        ),
        uuid=identity,
        disk_ids=listed,
        missing=missing,
    )


def _disk(value: dict[str, Any], *, boot: bool) -> MachineDisk:
    size = to_gb(exact(value.get("size")) or Decimal(0), "b")
    return MachineDisk(name=text(value.get("name")) or text(value.get("id")), size_gb=size,
                       tier=text(value.get("type_id")), boot=boot)  # fmt: skip
