"""Objects of OpenStack as resources of VK Cloud; what is missing is assumed and told, or the object is set aside.

A server that is off, shelved or in error holds no cores and pays none (VK Cloud documentation, «Тарификация»); its
volumes and addresses are rows of their own. A flavor is a person's own, one of VK Cloud by its name, or the numbers of
the flavor list. A router's own address and public images are free.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from pydantic import ValidationError

from costlab import services
from costlab.files.validation import first_wrong
from costlab.inventory.reading.cells import to_gb
from costlab.inventory.reading.licences import licence
from costlab.inventory.reading.machines import exact, inner, items, pairs, text, things_in
from costlab.inventory.reading.resources import unknown_keys
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.sources.openstack.flavors import flavor_names, local_gb
from costlab.model.inventory import Inventory, SetAside
from costlab.model.numbers import Args, Problem, Text
from costlab.model.scenario import TO_FILL_IN, Resource, Schedule
from costlab.services.database import TOPOLOGIES
from costlab.services.parts.shapes import disk_type_named, parse_flavor

FREE = {
    "network": Text(en="networks are free", ru="сети бесплатны"),
    "router": Text(en="routers and their own address are free", ru="маршрутизатор и его адрес бесплатны"),
    "vpn": Text(en="VPN is free", ru="VPN бесплатен"),
    "usage": Text(en="a report of past hours, no resource", ru="отчёт о прошлых часах, а не ресурс"),
}
_OFF = ("SHUTOFF", "SHELVED", "SHELVED_OFFLOADED", "STOPPED", "ERROR")
_GONE = ("DELETED", "SOFT_DELETED", "DELETING")
_OUTSIDE = ("ext-net", "internet")
_NO_IMAGE = ("", "n/a", "none")
_ENGINES = ("postgresql", "mysql", "clickhouse", "mongodb", "redis", "tarantool", "opensearch", "postgrespro")
_MB = Decimal(1024)
_GPU = re.compile(r"pci_passthrough:alias|resources:VGPU|gpu", re.IGNORECASE)
_ID = 200
_LISTED = 5


@dataclass
class Made:
    """What a reading has come to."""

    source: str
    options: Options
    zones: Mapping[str, Any]
    resources: list[Resource] = field(default_factory=list)
    unfilled: list[Resource] = field(default_factory=list)
    """Of which the flavor is not known: lines to fill in."""
    set_aside: list[SetAside] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    assumed: dict[tuple[str, str, str], tuple[str, list[str]]] = field(default_factory=dict)
    lacking: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What is missing, in both languages -> things."""
    flavors: dict[str, dict[str, Any]] = field(default_factory=dict)
    servers: dict[str, str] = field(default_factory=dict)
    """Id and fixed addresses -> name."""
    systems: dict[str, str] = field(default_factory=dict)
    """Server id -> what its boot volume says of its image."""
    rooted: set[str] = field(default_factory=set)
    """Servers whose first disk is a volume."""
    outside: set[str] = field(default_factory=lambda: set(_OUTSIDE))
    taken: set[str] = field(default_factory=set)

    def look_up(self, objects: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Note what other objects refer to."""
        for kind, values in objects:
            name = text(values.get("name"))
            if kind == "flavor":
                self.flavors |= {k: values for k in (text(values.get("id")), name) if k}
            elif kind == "server":
                fixed = re.findall(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", str(_networks(values)))
                self.servers |= {k: name for k in (text(values.get("id")), *fixed) if k}
            elif kind == "network" and (values.get("router_external") is True or values.get("router_type") is True):
                self.outside.add(name)
            elif kind == "volume":
                roots = (a for a in _attached(values) if text(a.get("device")).endswith("da"))
                self.rooted |= {text(a.get("server_id")) for a in roots}
                said = values.get("volume_image_metadata")
                if isinstance(said, dict):
                    image = " ".join(text(v) for v in said.values())
                    self.systems |= {text(a.get("server_id")): image for a in _attached(values)}

    def aside(self, origin: str, name: str, code: str, en: str, ru: str) -> None:
        """Set an object aside."""
        self.set_aside.append(SetAside(origin=origin, name=name, code=code, reason=Text(en=en, ru=ru)))

    def unusable(self, origin: str, name: str, en: str, ru: str, code: str = "unresolved") -> None:
        """Set an object aside that may cost something: the result is incomplete."""
        self.aside(origin, name, code, en, ru)
        args: Args = {"reason": Text(en=en, ru=ru)}
        self.problems.append(Problem(code="row_unusable", source=origin, subject=name, args=args))

    def other_file(self, file: Sample, en: str, ru: str) -> None:
        """A file of a set that nothing was read of; one that may list things that cost makes the result incomplete."""
        if things_in(file):
            self.unusable(file.source, file.path.name, en, ru, "other_file")
        else:
            self.aside(file.source, file.path.name, "other_file", en, ru)

    def assume(self, name: str, key: str, value: str, en: str, ru: str) -> None:
        """A value nobody gave: told once for all objects that are alike."""
        self.assumed.setdefault((key, value, en), (ru, []))[1].append(name)

    def add(
        self, values: dict[str, Any], origin: str, service: str, spec: dict[str, Any], *, group: str = "",
        stopped: bool = False,
    ) -> None:  # fmt: skip
        """One more resource; what its service refuses is set aside with the reason."""
        name = "".join(c for c in text(values.get("name")) if c.isprintable())[: _ID // 2]
        identity = text(values.get("id") or values.get("uuid"))
        spec_type = services.load(service).Spec
        for key in spec_type.model_fields:
            if (given := self._overridden(name or identity, key)) is not None:
                spec[key] = {"true": True, "false": False}.get(given, given)
        known = {k: v for k, v in spec.items() if v is not None}
        waits = unknown_keys(known)
        try:
            built = known if waits else spec_type.model_validate(known)
        except ValidationError as error:
            self.unusable(origin, name or identity, *first_wrong(error, known, spec_type))
            return
        tags = pairs(values.get("properties") or values.get("metadata") or {})
        stopped = {"stopped": True, "always": False}.get(self._overridden(name, "schedule") or "", stopped)
        schedule = Schedule(kind="stopped") if stopped else Schedule()
        unique = self._unique(name, identity)
        made = Resource(resource_id=unique, service=service, spec=built, group=group, tags=tags, schedule=schedule,
                        source=origin, to_fill_in=waits)  # fmt: skip
        (self.unfilled if waits else self.resources).append(made)

    def _overridden(self, name: str, key: str) -> str | None:
        """What a person set for a key of this object."""
        return self.options.override(name, key)

    def _unique(self, name: str, identity: str) -> str:
        """The name, with the id where another object has it too."""
        unique = name or identity or "unnamed"
        unique = f"{unique} {identity}"[:_ID].strip() if unique in self.taken or unique.startswith("_") else unique
        number, base = 1, unique
        while unique in self.taken:
            number += 1
            unique = f"{base}-{number}"
        self.taken.add(unique)
        return unique

    def lacks(self, name: str, en: str, ru: str) -> None:
        """A part that will cost something and cannot be priced: the result is incomplete."""
        self.lacking.setdefault((en, ru), []).append(name)

    def zone(self, name: str, value: Any) -> str | None:
        """The zone, None when it is not known; a name the region lacks is told and left out."""
        said = text(value)
        if not said or said in self.zones:
            return said or None
        self.assume(name, "zone", "-", f"the region has no zone “{said}”", f"в регионе нет зоны «{said}»")
        return None

    def disk_type(self, name: str, value: Any) -> str:
        """The disk type; one VK Cloud lacks is assumed and told."""
        said = text(self._overridden(name, "volume_type") or value).casefold()
        if known := disk_type_named(said):
            return known
        taken = self.options.volume_type or "ceph-ssd"
        if said:
            self.assume(name, "volume_type", taken, f"the price list has no disk type “{said}”",
                        f"в прайс-листе нет типа диска «{said}»")  # fmt: skip
        else:
            self.assume(name, "volume_type", taken, "no disk type is given", "тип диска не указан")
        return taken

    def shape(self, name: str, *said: Any) -> tuple[str, dict[str, Any]] | None:
        """Service and keys of a flavor: a person's own, VK Cloud's by name, or the numbers somebody gives."""
        names = [n for value in said for n in flavor_names(value)]
        names += [text(self.flavors[n].get("name")) for n in names if n in self.flavors]
        for flavor in (*(self.options.flavors[n] for n in names if n in self.options.flavors), *names):
            if (known := parse_flavor(flavor)) is not None:
                return ("gpu_vm" if known.gpus else "vm"), {"flavor": flavor}
        numbers = [v for v in said if isinstance(v, dict)] + [self.flavors[n] for n in names if n in self.flavors]
        for values in numbers:
            vcpu, ram = exact(values.get("vcpus")), exact(values.get("ram"))
            if vcpu and ram:
                size = int((ram / _MB).to_integral_value(ROUND_CEILING))
                if _GPU.search(str(values.get("properties") or values.get("extra_specs") or "")):
                    self.lacks(name, "its flavor has GPUs: set a GPU flavor", "в конфигурации есть GPU: задайте её")
                self.assume(name, "flavor", f"{vcpu} vCPU, {size} GB", "the flavor is none of VK Cloud's: its numbers",
                            "конфигурация не из VK Cloud: взяты её числа")  # fmt: skip
                return "vm", {"vcpu": int(vcpu), "ram_gb": size}
        return None

    def inventory(self, region: str) -> Inventory:
        """Everything that was read."""
        for (en, ru), names in self.lacking.items():
            said: Args = {"reason": Text(en=en, ru=ru)}
            self.problems.append(Problem(code="part_missing", source=self.source, subject=_first(names), args=said))
        for (key, value, en), (ru, names) in self.assumed.items():
            args: Args = {"key": key, "value": value, "reason": Text(en=en, ru=ru)}
            subject = _first(names)
            self.problems.append(Problem(code="value_assumed", source=self.source, subject=subject, args=args))
        return Inventory(
            source=self.source,
            kind="openstack",
            read=len(self.resources) + len(self.unfilled) + len(self.set_aside),
            resources=tuple(self.resources),
            unfilled=tuple(self.unfilled),
            set_aside=tuple(self.set_aside),
            problems=tuple(self.problems),
            provider=self.options.provider,
            region=region,
        )


def _first(names: list[str]) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:_LISTED]) + (f", … +{len(names) - _LISTED}" if len(names) > _LISTED else "")


def _networks(values: dict[str, Any]) -> Any:
    return values.get("networks") or values.get("addresses") or {}


def _attached(values: dict[str, Any]) -> list[dict[str, Any]]:
    return items(values.get("attached_to") or values.get("attachments"))


def _server(made: Made, values: dict[str, Any], origin: str) -> None:
    name, status = text(values.get("name")), text(values.get("status")).upper()
    if status in _GONE:
        made.aside(origin, name, "deleted", "is deleted", "удалена")
        return
    shape = made.shape(name, values.get("flavor"), values.get("flavor_name"), values.get("flavor_id"))
    if shape is None:
        said = flavor_names(values.get("flavor") or values.get("flavor_name") or values.get("flavor_id"))
        shape = ("vm", {"flavor": " ".join((TO_FILL_IN, *said[:1]))})
    if status in ("PAUSED", "SUSPENDED"):
        made.assume(name, "schedule", "always", f"{status.lower()} keeps its cores", f"{status.lower()} держит ядра")
    if status == "ERROR":
        made.assume(name, "schedule", "stopped", "is in error: it runs nowhere", "в ошибке: нигде не запущена")
    service, spec = shape
    _local_disks(made, values, name)
    spec |= {
        "public_ip": _outside_ports(made, values),
        "os": _system(made, values, name),
        "zone": made.zone(name, values.get("availability_zone")),
    }
    made.add(values, origin, service, spec, group=name, stopped=status in _OFF)


def _local_disks(made: Made, values: dict[str, Any], name: str) -> None:
    """Name the disks that a server has on its host."""
    said = [v for v in (values.get("flavor"), values.get("flavor_name"), values.get("flavor_id")) if v]
    known = [made.flavors[n] for v in said for n in flavor_names(v) if n in made.flavors]
    image = values.get("image_name") or values.get("image")
    own = text(image.get("name") or image.get("id") if isinstance(image, dict) else image)
    own = "" if own.casefold().split(" ")[0] in _NO_IMAGE else own
    for flavor in [*(v for v in said if isinstance(v, dict)), *known][:1]:
        if size := local_gb(own, flavor, has_root=text(values.get("id")) in made.rooted):
            made.lacks(name, f"disks of its flavor, {size} GB, are on its host: add a disk",
                       f"диски конфигурации, {size} ГБ, лежат на узле: добавьте диск")  # fmt: skip


def _outside_ports(made: Made, values: dict[str, Any]) -> int:
    """Addresses straight on an external network; floating ones are rows of their own."""
    networks = _networks(values)
    if isinstance(networks, str):  # `net=ip, ip; net=ip`, as old clients print it
        networks = {n: a.split(",") for n, _, a in (p.strip().partition("=") for p in networks.split(";"))}
    named = networks.items() if isinstance(networks, dict) else ()
    outside_ports = [
        a for name, addresses in named if name in made.outside and isinstance(addresses, list) for a in addresses
    ]
    return sum(":" not in str(inner(a, "addr") or a) for a in outside_ports)


def _system(made: Made, values: dict[str, Any], name: str) -> str:
    """The licence, by the image's name."""
    image = values.get("image_name") or values.get("image")
    said = text(image.get("name") if isinstance(image, dict) else image)
    if said.casefold().split(" ")[0] in _NO_IMAGE:
        said = made.systems.get(text(values.get("id")), "")
    if needed := licence(said.replace("_", " "), included=True):
        made.lacks(name, needed.en, needed.ru)
    if "windows" in said.casefold():
        return "windows"
    if not said:
        made.assume(name, "os", "linux", "started from a volume or an image without a name: its system is not said",
                    "запущена с диска или образа без имени: система не указана")  # fmt: skip
    return "linux"


def _volume(made: Made, values: dict[str, Any], origin: str) -> None:
    name = text(values.get("name") or values.get("id"))
    size = exact(values.get("size"))
    if not size:
        made.unusable(origin, name, "its size is not readable", "размер не прочитать")
        return
    listed = [text(a.get("server_id")) for a in _attached(values)]
    said = str(values.get("attached_to") or "")  # `Attached to web on /dev/vda`, as old clients print it
    listed += re.findall(r"Attached to (\S+) on ", said)
    group = next((made.servers.get(s, s) for s in listed if s), "")
    spec = {
        "type": made.disk_type(name, values.get("type") or values.get("volume_type")),
        "size_gb": size,
        "zone": made.zone(name, values.get("availability_zone")),
    }
    made.add(values, origin, "disk", spec, group=group)


def _address(made: Made, values: dict[str, Any], origin: str) -> None:
    fixed = text(values.get("fixed_ip_address"))
    group = made.servers.get(fixed, "") if fixed not in ("", "None") else ""
    named = {**values, "name": values.get("floating_ip_address")}
    made.add(named, origin, "public_ip", {"kind": "floating"}, group=group)


def _balancer(made: Made, values: dict[str, Any], origin: str) -> None:
    made.add(values, origin, "load_balancer", {"kind": "standard"})


def _sized(service: str) -> Callable[[Made, dict[str, Any], str], None]:
    def make(made: Made, values: dict[str, Any], origin: str) -> None:
        name = text(values.get("name") or values.get("id"))
        size = exact(values.get("size"))
        if not size:
            made.unusable(origin, name, "its size is not readable", "размер не прочитать")
            return
        spec: dict[str, Any] = {"size_gb": size}
        if service == "file_share":
            spec["zone"] = made.zone(name, values.get("availability_zone"))
        made.add(values, origin, service, spec)

    return make


def _image(made: Made, values: dict[str, Any], origin: str) -> None:
    name = text(values.get("name") or values.get("id"))
    size = exact(values.get("size"))
    if text(values.get("visibility")) in ("public", "community") or values.get("is_public") is True:
        made.aside(origin, name, "free", "public images are free", "публичные образы бесплатны")
    elif not size:
        made.aside(origin, name, "free", "the image holds nothing", "образ пуст")
    else:
        made.add(values, origin, "image", {"size_gb": to_gb(size, "b")})


def _container(made: Made, values: dict[str, Any], origin: str) -> None:
    name, size = text(values.get("name")), exact(values.get("bytes"))
    if not size:
        made.aside(origin, name, "free", "the container is empty", "контейнер пуст")
        return
    made.assume(name, "class", "hotbox", "the storage class is not said", "класс хранения не указан")
    made.add(values, origin, "object_storage", {"class": "hotbox", "stored_gb": to_gb(size, "b")})


def _database(made: Made, values: dict[str, Any], origin: str) -> None:
    name = text(values.get("name"))
    store = values.get("datastore")
    engine = text(store.get("type") if isinstance(store, dict) else store).casefold()
    engine = "postgresql" if engine.startswith("postgresql") else engine
    shape = made.shape(name, values.get("flavor"), values.get("flavor_id"))
    size = exact(inner(values, "volume", "size") or values.get("size"))
    if engine not in _ENGINES or shape is None or not size:
        which = "engine" if engine not in _ENGINES else "flavor" if shape is None else "size"
        russian = {"engine": "СУБД", "flavor": "конфигурация", "size": "размер"}[which]
        made.unusable(origin, name, f"{which} of the database is not said", f"{russian} базы не указаны")
        return
    topology = "single" if "single" in TOPOLOGIES.get(engine, ("single",)) else "cluster"
    disk = {"type": made.disk_type(name, inner(values, "volume", "type")), "size_gb": size}
    made.add(values, origin, "database", {"engine": engine, "topology": topology, **shape[1], "disk": disk})


def _cluster(made: Made, values: dict[str, Any], origin: str) -> None:
    name, status = text(values.get("name")), text(values.get("status")).upper()
    if status.startswith(("CREATE_FAILED", "DELETE")):
        made.aside(origin, name, "failed", f"the cluster is {status}: there are no machines",
                   f"кластер в состоянии {status}: машин нет")  # fmt: skip
        return
    master, node = made.shape(name, values.get("master_flavor_id")), made.shape(name, values.get("flavor_id"))
    masters, nodes = exact(values.get("master_count")), exact(values.get("node_count"))
    if master is None or node is None or masters is None or nodes is None or "flavor" not in {**master[1], **node[1]}:
        made.unusable(origin, name, "flavors of masters and nodes are not said: use `coe cluster show`",
                      "конфигурации мастеров и узлов не указаны: используйте `coe cluster show`")  # fmt: skip
        return
    size = exact(values.get("docker_volume_size")) or Decimal(50)
    made.assume(name, "disk", f"{size} GB", "disks of nodes are not said", "диски узлов не указаны")
    group = {"name": "default", "nodes": int(nodes), **node[1], "disk": {"type": made.disk_type(name, None),
             "size_gb": size}}  # fmt: skip
    spec = {"generation": 1, "masters": {"count": int(masters), **master[1]}, "groups": [group]}
    made.add(values, origin, "kubernetes", spec)


MAKES: dict[str, Callable[[Made, dict[str, Any], str], None]] = {
    "server": _server, "volume": _volume, "address": _address, "balancer": _balancer, "snapshot": _sized("snapshot"),
    "share": _sized("file_share"), "image": _image, "container": _container, "database": _database,
    "cluster": _cluster,
}  # fmt: skip
"""Kind -> what makes a resource of it."""
