"""From machines of any inventory to cloud servers: sizes, flavor, disks, licence; every choice told, nothing guessed.

Modes: `as_is` keeps what a machine has; `moderate` takes the 95th percentile and 30 % more, `aggressive` 10 % more,
both only with a week of measurements and 60 % of the samples. Databases and SAP take the 99th percentile and keep their
memory. Cores are not converted between a hyper-thread and a core unless `vcpu_factor` says so. The saving of smaller
sizes is no saving of price: size the same machines `as_is` too, and give both estimates to the migration plan.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from costlab.catalog.facts.disks import performance, sizes
from costlab.catalog.facts.flavors import Listed, listed, nearest
from costlab.catalog.loading import Catalog, load_catalog
from costlab.i18n.words import plain
from costlab.model.inventory import Machine, MachineDisk, SetAside, StorageBasis, Utilisation
from costlab.model.numbers import Args, Period, Problem, Text
from costlab.model.scenario import TO_FILL_IN, Resource, Scenario
from costlab.services import vm
from costlab.services.parts.shapes import SELF_SERVICE_RAM_GB, SELF_SERVICE_VCPU, Cpu, Disk, Flavor, parse_flavor

Mode = Literal["as_is", "moderate", "aggressive"]
Readiness = Literal["ready", "conditional", "unknown"]
COMFORT: dict[Mode, Decimal] = {"as_is": Decimal(1), "moderate": Decimal("1.3"), "aggressive": Decimal("1.1")}
ENOUGH_DAYS, ENOUGH_COVERAGE, BUSY = Decimal(7), Decimal("0.60"), Decimal(80)
CAREFUL = ("database", "sap")
"""Roles whose memory is a setting, not a load."""
USED_FACTOR = Decimal("1.3")
"""Room above what is used, where the storage basis is what is used."""
TIERS = ("ceph-hdd", "ceph-ssd", "high-iops")
"""Cheapest first; `high-iops-ha` is in one zone and `ef-nvme` is local and on request: neither is chosen by itself."""
HDD_TIERS = ("hdd", "sata", "sas", "network-hdd", "st1", "sc1", "standard", "pd-standard", "standard_lrs",
             "standardhdd_lrs", "ceph-hdd", "magnetic")  # fmt: skip
"""What the sources call a magnetic disk: tables; Yandex; AWS (EBS volume types); Google; Azure."""
_CLIENT = re.compile(r"windows\s+(xp|vista|7|8|8\.1|10|11)\b", re.IGNORECASE)
_SERVER_OLD = re.compile(r"windows\s+(server\s+)?(2000|2003)", re.IGNORECASE)
_OWN_LICENCE = re.compile(r"red hat|rhel|suse|sles|oracle linux", re.IGNORECASE)
_LICENSED: tuple[tuple[str, str], ...] = (
    (r"astra.*(смоленск|smolensk)", "astra-smolensk"), (r"astra.*(воронеж|voronezh)", "astra-voronezh"),
    (r"astra", "astra-orel"), (r"red\s?os|ред ос", "redos-standard"), (r"alt\s.*server|альт сервер", "alt-server"),
)  # fmt: skip
_LINUX = re.compile(
    r"linux|ubuntu|debian|centos|alma|rocky|fedora|freebsd|red hat|rhel|suse|sles|coreos|photon", re.IGNORECASE
)
_MOST_IPS = 50
_NAMED = 20


@dataclass(frozen=True)
class SizingOptions:
    """What the user decides about all machines."""

    mode: Mode = "as_is"
    basis: StorageBasis = "disks"
    cpu: Cpu = "ice-lake"
    vcpu_factor: Decimal = Decimal(1)
    powered_off: bool = False
    """Whether machines that are off move as well."""
    zone: str | None = None
    given: Callable[[str, str], str | None] = lambda _name, _key: None
    """What a person set for a key of a machine by its name: nothing about it is guessed then."""


@dataclass(frozen=True)
class Server:
    """A machine and what became of it."""

    machine: Machine
    resource: Resource
    mode: Mode
    """The one used: `as_is` where the measurements do not suffice for the one asked for."""
    confidence: int | None
    """1 to 5 by the share of samples; None for lists without measurements."""
    readiness: Readiness
    choices: tuple[Text, ...]


@dataclass(frozen=True)
class Sizing:
    """Servers and what was left out: servers + lines to fill in (`scenario.unfilled`) + set aside = machines."""

    scenario: Scenario
    servers: tuple[Server, ...]
    set_aside: tuple[SetAside, ...]
    problems: tuple[Problem, ...] = ()
    """Machines that cannot be taken, and sizes that are doubtful: the result is not whole."""


def size(
    machines: Sequence[Machine],
    options: SizingOptions,
    *,
    name: str,
    period: Period,
    region: str = "ru-msk",
    catalog: Catalog | None = None,
) -> Sizing:
    """Size machines for VK Cloud; the scenario is ready to be priced or saved as an estimate file."""
    catalog = catalog or load_catalog("vk")
    flavors = listed(catalog)
    servers: list[Server] = []
    aside: list[SetAside] = []
    unfilled: list[Resource] = []
    doubtful: dict[tuple[str, Text], list[str]] = {}
    taken: set[str] = set()
    for machine in machines:
        left_out = _kept_out(machine, options)
        if left_out is not None:
            aside.append(left_out)
            continue
        made = _Made(machine, options, catalog, flavors)
        if machine.vcpu and machine.ram_gb:
            servers.append(made.server(_id(machine, taken)))
        else:
            unfilled.append(made.to_fill_in(_id(machine, taken)))
        said = {"size_doubtful": made.doubts, "size_assumed": made.guesses, "part_missing": made.slow}
        for code, texts in said.items():
            for text in texts:
                doubtful.setdefault((code, text), []).append(machine.name)
    scenario = Scenario(
        name=name,
        provider="vk",
        region=region,
        period=period,
        resources=tuple(s.resource for s in servers),
        unfilled=tuple(unfilled),
        source=name,
    )
    return Sizing(scenario, tuple(servers), tuple(aside), (*_not_taken(aside), *_doubtful(name, doubtful)))


def _not_taken(aside: Sequence[SetAside]) -> Iterator[Problem]:
    """Machines that were to move and of which too little is known."""
    for row in aside:
        if row.code == "no_size":
            args: Args = {"reason": row.reason}
            yield Problem(code="row_unusable", source=row.origin, subject=row.name, args=args)


def _doubtful(source: str, doubtful: dict[tuple[str, Text], list[str]]) -> Iterator[Problem]:
    """One problem for all machines with one doubt, or one guess."""
    for (code, text), names in doubtful.items():
        more = f", … +{len(names) - _NAMED}" if len(names) > _NAMED else ""
        args: Args = {"reason": text, "name": names[0]}
        yield Problem(code=code, source=source, subject=", ".join(names[:_NAMED]) + more, args=args)


def _id(machine: Machine, taken: set[str]) -> str:
    """The machine's name as an id no other has."""
    base = "".join(c for c in machine.name or machine.machine_id if c.isprintable())[:180].strip() or "machine"
    name, number = base, 1
    while name in taken or name.startswith("_"):
        number += 1
        name = f"{base.lstrip('_') or 'machine'}-{number}"
    taken.add(name)
    return name


def _kept_out(machine: Machine, options: SizingOptions) -> SetAside | None:
    """Why a machine is not sized at all."""
    if machine.power in ("off", "suspended") and not options.powered_off:
        return _aside(
            machine, "powered_off", "is off: not moved unless asked for", "выключена: без просьбы не переносится"
        )
    if not machine.flavor and not (machine.vcpu and machine.ram_gb):
        return _aside(machine, "no_size", "its cores or memory are not given", "не указаны ядра или память")
    if _CLIENT.search(machine.os_name):
        return _aside(machine, "blocked_os", f"{machine.os_name}: client systems of Windows cannot run in VK Cloud",
                      f"{machine.os_name}: клиентские Windows в VK Cloud запускать нельзя")  # fmt: skip
    load = machine.utilisation
    if load is not None and load.cpu_max == 0 and (load.memory_max_gb or 0) == 0:
        return _aside(machine, "zombie", "does nothing at all by its measurements", "по измерениям ничего не делает")
    return None


def _aside(machine: Machine, code: str, en: str, ru: str) -> SetAside:
    return SetAside(origin=machine.origin, name=machine.name, code=code, reason=Text(en=en, ru=ru))


class _Made:
    """One machine in the making; collects the choices."""

    def __init__(self, machine: Machine, options: SizingOptions, catalog: Catalog, flavors: Sequence[Listed]) -> None:
        self.machine, self.options, self.catalog, self.flavors = machine, options, catalog, flavors
        self.choices: list[Text] = list(machine.notes)
        self.doubts: list[Text] = []
        self.guesses: list[Text] = []
        self.slow: list[Text] = []
        """Disks that no type is fast enough for."""
        self.readiness: Readiness = "ready"

    def server(self, name: str) -> Server:
        mode = self._mode()
        spec = vm.Spec.model_validate(self._shape(mode) | self._beside(mode))
        confidence = self._confidence()
        stars = "n/a" if confidence is None else f"{confidence}/5"
        resource = self._resource(name, spec, {"sizing": mode, "confidence": stars, "readiness": self.readiness})
        return Server(self.machine, resource, mode, confidence, self.readiness, tuple(self.choices))

    def to_fill_in(self, name: str) -> Resource:
        """A line that waits for its flavor: everything else of the machine is known."""
        spec = {"flavor": f"{TO_FILL_IN} {self.machine.flavor}", **self._beside("as_is")}
        disks = [d.model_dump(mode="json", exclude_unset=True) for d in spec["disks"]]
        return self._resource(name, spec | {"disks": disks}, {}, waits=("flavor",))

    def _beside(self, mode: Mode) -> dict[str, Any]:
        """What a machine has beside its cores and memory."""
        spec = {
            "disks": tuple(self._disks(mode)),
            "public_ip": min(self.machine.public_ips, _MOST_IPS),
            "os": self._os(),
        }
        return spec | ({"zone": self.options.zone} if self.options.zone else {})

    def _resource(self, name: str, spec: Any, tags: dict[str, str], *, waits: tuple[str, ...] = ()) -> Resource:
        return Resource(
            resource_id=name,
            service="vm",
            spec=spec,
            group=self.machine.group or self.machine.environment,
            tags=self.machine.tags | tags,
            count=self.machine.count,
            source=self.machine.origin,
            to_fill_in=waits,
        )

    def _say(self, en: str, ru: str, readiness: Readiness | None = None, *, doubt: bool = False) -> None:
        """A choice that was made; a `doubt` is one that nothing in the source supports."""
        self.choices.append(Text(en=en, ru=ru))
        if doubt:
            self.doubts.append(Text(en=en, ru=ru))
        if readiness is not None and self.readiness != "conditional":
            self.readiness = readiness

    def _mode(self) -> Mode:
        """The mode asked for, where the measurements suffice."""
        load, asked = self.machine.utilisation, self.options.mode
        if asked == "as_is":
            return asked
        if load is None or self._busy(load) is None:
            self._say("no percentiles: sized as is", "нет перцентилей: размер как есть")
            return "as_is"
        if (load.days or 0) < ENOUGH_DAYS or (load.coverage or 0) < ENOUGH_COVERAGE:
            self._say("fewer than 7 days or 60 % of the samples: sized as is",
                      "меньше 7 дней или 60 % измерений: размер как есть")  # fmt: skip
            return "as_is"
        return asked

    def _busy(self, load: Utilisation) -> Decimal | None:
        if self.machine.role in CAREFUL:
            return load.cpu_p99 if load.cpu_p99 is not None else load.cpu_max
        return load.cpu_p95

    def _confidence(self) -> int | None:
        load = self.machine.utilisation
        if load is None or load.coverage is None:
            return None
        return max(1, min(5, int((load.coverage * 5).to_integral_value(ROUND_CEILING))))

    def _shape(self, mode: Mode) -> dict[str, Any]:
        """The smallest orderable flavor that holds the need, else the numbers themselves, priced by request."""
        vcpu, ram = self._need(mode)
        found = nearest(Flavor(vcpu, ram, self.options.cpu), self.flavors)
        name = found.other or found.same  # another class of CPU only where it is smaller
        shape = parse_flavor(name) if name else None
        if shape is None:
            large = vcpu > SELF_SERVICE_VCPU or ram > SELF_SERVICE_RAM_GB
            why = ("above 16 vCPU or 64 GB", "больше 16 vCPU или 64 ГБ") if large else ("none listed", "нет в списке")
            self._say(f"{vcpu} vCPU, {ram} GB: by request ({why[0]})", f"{vcpu} vCPU, {ram} ГБ: по запросу ({why[1]})",
                      "conditional")  # fmt: skip
            return {"vcpu": vcpu, "ram_gb": ram, "cpu": self.options.cpu}
        if (shape.vcpu, shape.ram_gb) != (vcpu, ram):
            self._say(f"{vcpu} vCPU, {ram} GB → {name}, the smallest orderable flavor that holds it",
                      f"{vcpu} vCPU, {ram} ГБ → {name}, наименьшая доступная конфигурация")  # fmt: skip
        if found.other:
            own = found.same or "—"
            self._say(f"{name} has another class of CPU ({shape.cpu}); of {self.options.cpu} the smallest is {own}",
                      f"{name} другого класса CPU ({shape.cpu}); из {self.options.cpu} наименьшая — {own}")  # fmt: skip
        return {"flavor": name}

    def _need(self, mode: Mode) -> tuple[int, int]:
        """Whole cores and GB needed; never above what the machine has, unless it is busy now."""
        machine, load = self.machine, self.machine.utilisation
        cores, memory = Decimal(machine.vcpu or 0), machine.ram_gb or Decimal(0)
        wanted, held = cores, memory
        if mode != "as_is" and load is not None:
            busy = self._busy(load) or Decimal(0)
            wanted = cores * busy / 100 * COMFORT[mode]
            wanted = wanted if busy > BUSY else min(wanted, cores)
            if machine.role in CAREFUL:
                self._say("a database or SAP: 99th percentile of cores, memory as it is",
                          "база данных или SAP: 99-й перцентиль ядер, память как есть")  # fmt: skip
            elif load.memory_p95_gb is not None:
                full = load.memory_p95_gb * 100 > memory * BUSY
                held = load.memory_p95_gb * COMFORT[mode]
                held = held if full else min(held, memory)
            else:
                self._say("memory is not measured: kept as is", "память не измерена: как есть")
        if self.options.vcpu_factor != 1:
            wanted *= self.options.vcpu_factor
            factor = plain(self.options.vcpu_factor)
            self._say(f"cores × {factor}, as asked", f"ядра × {factor}, как задано")
        return max(1, _whole(wanted)), max(1, _whole(held))

    def _disks(self, mode: Mode) -> Iterator[Disk]:
        """The disks of the storage basis, each of the cheapest type that reaches its operations."""
        for disk in self._basis():
            yield Disk(type=self._tier(disk, mode), size_gb=Decimal(max(1, _whole(disk.size_gb))))

    def _basis(self) -> tuple[MachineDisk, ...]:
        machine, asked = self.machine, self.options.basis
        used = {"in_use": machine.in_use_gb, "partitions": machine.partition_gb}
        offered: dict[str, Decimal | None] = {
            "disks": sum((d.size_gb for d in machine.disks), Decimal(0)) or None,
            **{k: None if v is None else v * USED_FACTOR for k, v in used.items()},
            "provisioned": machine.provisioned_gb,
        }
        basis = next((b for b in (asked, "disks", "in_use", "provisioned", "partitions") if offered[b]), None)
        if basis is None:
            self._say("no storage is given: none is planned", "данных о дисках нет: диски не заложены", "unknown")
            return ()
        if basis != asked:
            self._say(f"storage by {basis}: the source has no {asked}", f"диски по {basis}: в источнике нет {asked}")
        if basis == "disks":
            return machine.disks
        if basis in used:
            self._say(f"storage is what is used × {plain(USED_FACTOR)}, as one disk",
                      f"диск — занятое × {plain(USED_FACTOR)}, одним диском")  # fmt: skip
        speeds = [[getattr(d, way) or Decimal(0) for d in machine.disks] for way in ("read_iops", "write_iops")]
        known = any(d.read_iops is not None or d.write_iops is not None for d in machine.disks)
        total = [sum(x, Decimal(0)) if known else None for x in speeds]
        return (MachineDisk(size_gb=offered[basis] or Decimal(0), read_iops=total[0], write_iops=total[1]),)

    def _tier(self, disk: MachineDisk, mode: Mode) -> str:
        if disk.size_gb > sizes(self.catalog)["ceph-ssd"].console_max_gb:
            self._say(f"{plain(disk.size_gb)} GB is more than one disk in the console: split it",
                      f"{plain(disk.size_gb)} ГБ больше одного диска в консоли: разделите", "conditional")  # fmt: skip
        if disk.read_iops is None and disk.write_iops is None:
            if disk.tier.casefold() not in HDD_TIERS:
                return "ceph-ssd"
            self._say(f"{disk.tier}: ceph-hdd", f"{disk.tier}: ceph-hdd")
            return "ceph-hdd"
        read, write = ((x or Decimal(0)) * COMFORT[mode] for x in (disk.read_iops, disk.write_iops))
        for tier in TIERS:
            does = performance(tier, disk.size_gb, self.catalog)
            if does is not None and does.read_iops >= read and does.write_iops >= write:
                iops = f"{plain(read)}/{plain(write)}"
                self._say(f"{tier}: reaches {iops} IOPS", f"{tier}: достигает {iops} IOPS")
                return tier
        self._say("no type reaches its operations a second: high-iops is taken",
                  "столько операций в секунду не достигает ни один тип: взят high-iops", "conditional")  # fmt: skip
        self.slow.append(self.choices[-1])
        return TIERS[-1]

    def _os(self) -> str:
        """The operating system's licence as the list sells it; what a person set takes its place later."""
        if self.options.given(self.machine.name, "os") is not None:
            return "linux"
        name = self.machine.os_name
        if _SERVER_OLD.search(name):
            self._say(f"{name} is not among the supported systems", f"{name} нет среди поддерживаемых", "conditional",
                      doubt=True)  # fmt: skip
        if "windows" in name.casefold():
            return "windows"
        for pattern, found in _LICENSED:
            if re.search(pattern, name, re.IGNORECASE):
                self._say(f"{name}: licence {found}", f"{name}: лицензия {found}")
                return found
        if _OWN_LICENCE.search(name):
            self._say(
                f"{name}: its subscription stays the user's own", f"{name}: подписка остаётся своей", "conditional"
            )
        elif not name:
            self._say("no system is given: taken as free Linux", "система не указана: принята за бесплатный Linux",
                      "unknown")  # fmt: skip
            self.guesses.append(self.choices[-1])
        elif not _LINUX.search(name):
            self._say(f"system {name}: taken as free Linux", f"система {name}: принята за бесплатный Linux", "unknown",
                      doubt=True)  # fmt: skip
        return "linux"


def _whole(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
