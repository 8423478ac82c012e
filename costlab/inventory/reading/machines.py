"""What a reading of a foreign platform has come to: machines, and the rows that became none, each with its reason.

A row ends in exactly one place, so read = machines + set aside. A duplicate is a machine with the id of an earlier one
(or its name and address, where there is no id) of the same source that agrees with it in everything; one that differs
is another machine, which is told. A disk that several machines hold is bought once. What a machine certainly has and
the source does not say (disks, GPUs, licences) makes the result incomplete, one line a kind. Machines that are off,
client systems of Windows and sizes by request are no matter of reading: `sizing.py` decides about them, and needs to
see them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.cells import number
from costlab.inventory.reading.licences import licence
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, SetAside
from costlab.model.numbers import Args, Problem, Text
from costlab.model.scenario import Resource
from costlab.services.parts.shapes import parse_flavor

MOST_VCPU, MOST_GB, MOST_DISK_GB = 240, Decimal(2048), Decimal(10) ** 7
"""Largest machine that can be asked a price for (`services/vm.py`), and ten petabytes of disks."""
LEAST_GB = Decimal(64) / 1024
"""Less memory than any system runs in: a thousand was lost, or the unit is another."""
_LISTED, _NAMED = 5, 20
_AGENT = re.compile(r"vCLS(?:[-_ (].*)?|NTNX-.+-CVM|Z-?VRAH?-.+|Guest Introspection \(.*\)", re.IGNORECASE)
"""Machines a platform runs for itself: vSphere Cluster Services, Nutanix controllers, Zerto and NSX appliances."""
_AGENT_FOLDER = re.compile(r"(?:.*/)?(?:vCLS|ESX Agents)(?:/.*)?", re.IGNORECASE)
_MANY_COLUMNS = 3
_NAMES = ("name", "Name", "id", "Id", "ID")
Shape = tuple[int | None, Decimal | None]
"""VCPU and GB of a machine; None where nobody says."""


@dataclass
class InventoryDraft:
    """One source while it is read."""

    kind: str
    source: str
    options: Options
    machines: list[Machine] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, list[tuple[Machine, tuple[str, ...]]]] = field(default_factory=dict)
    """Source and id, or name and address -> the machines that have it, with the whole row where there is one."""
    holders: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Identity of a disk (what a line end parts from it is not shown) -> place of a machine and of the disk in it."""
    lacking: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What is missing, in both languages -> machines."""

    def add(
        self, machine: Machine, *, uuid: str = "", address: str = "", scope: str = "", disk_ids: Sequence[str] = (),
        licensed: bool = False, missing: Sequence[Text] = (), disks_elsewhere: bool = False, raw: Sequence[str] = (),
    ) -> bool:  # fmt: skip
        """One more machine, unless it was here before, is the platform's own, or has a size no machine can have.

        `scope`: the file, cluster or vCenter within which its id is unique; `disk_ids`: an identity of each of its
        disks, "" where there is none; `licensed`: its price today includes the licence its system needs; `missing`:
        parts it has and the source does not say; `disks_elsewhere`: its disks are resources of their own; `raw`: its
        whole row, known columns or not: one that differs is no duplicate.
        """
        if _AGENT.fullmatch(machine.name) or _AGENT_FOLDER.fullmatch(machine.group):
            self.aside(machine.origin, machine.name, "agent", "a machine the platform runs for itself: not moved",
                       "служебная машина самой платформы: не переносится")  # fmt: skip
            return False
        if (machine.vcpu or 0) > MOST_VCPU or (machine.ram_gb or 0) > MOST_GB or _storage(machine) > MOST_DISK_GB:
            self.unusable(machine.origin, machine.name, "too_large", "its size cannot be true of one machine",
                          "таких размеров у одной машины не бывает")  # fmt: skip
            return False
        if machine.ram_gb is not None and machine.ram_gb < LEAST_GB:
            memory = f"{machine.ram_gb * 1024:.0f}"
            self.unusable(machine.origin, machine.name, "too_small", f"{memory} MB of memory cannot be true",
                          f"{memory} МБ памяти не может быть")  # fmt: skip
            return False
        key = f"id {uuid.casefold()}" if uuid else f"name {machine.name.casefold()} {address}" if address else ""
        if key and self._seen_before(f"{scope} {key}", machine, tuple(raw)):
            return False
        if machine.power in ("off", "suspended") and not self.options.powered_off:  # not moved: nothing is missing
            machine = machine.model_copy(update={"notes": (*machine.notes, *missing)})
        else:
            for part in (*missing, *_parts_unsaid(machine, licensed=licensed, disks_elsewhere=disks_elsewhere)):
                self.lacks(machine.name, part.en, part.ru)
        for place, identity in enumerate(disk_ids):
            if identity:
                self.holders.setdefault(identity, []).append((len(self.machines), place))
        self.machines.append(machine)
        return True

    def _seen_before(self, key: str, machine: Machine, row: tuple[str, ...]) -> bool:
        """Set a machine aside that was here before; one of the same identity that differs is told."""
        before = self.seen.setdefault(key, [])
        for first, known in before:
            if known == row and _alike(first, machine):
                self.aside(machine.origin, machine.name, "duplicate", f"the same machine as {first.origin}",
                           f"та же машина, что {first.origin}")  # fmt: skip
                return True
        if before:
            self._conflict(machine, before[0][0])
        before.append((machine, row))
        return False

    def _conflict(self, machine: Machine, first: Machine) -> None:
        """Two machines of one id that differ: both are kept."""
        args = {"other": first.origin}
        code = "same_identity" if machine.name == first.name else "cloned_identity"
        self.problems.append(Problem(code=code, source=machine.origin, subject=machine.name, args=args))

    def lacks(self, name: str, en: str, ru: str) -> None:
        """A part of a machine that will cost something and cannot be priced: the result is incomplete."""
        self.lacking.setdefault((en, ru), []).append(name)

    def other_file(self, file: Sample, en: str, ru: str) -> None:
        """A file of a set that nothing was read of; one that may list things that cost makes the result incomplete."""
        things = things_in(file)
        if not things:
            self.aside(file.source, file.path.name, "other_file", en, ru)
            return
        named = ", ".join(t for t in things[:_LISTED] if t)
        more = f" ({named}{', …' if len(things) > _LISTED else ''})" if named else ""
        self.unusable(file.source, file.path.name, "other_file", f"{en}{more}", f"{ru}{more}")

    def other_objects(self, source: str, values: Sequence[dict[str, Any]]) -> None:
        """Objects of a list that are none of what the reader knows: each may cost something, and is named."""
        for place, value in enumerate(values, 1):
            said = [t for k in _NAMES if (t := text(value.get(k)))]
            name = said[0] if said else next((t for v in value.values() if (t := text(v))), str(place))
            self.unusable(f"{source}:{name}", name, "unknown", "what this is cannot be told: it may cost something",
                          "что это, не понять: возможно, оно платное")  # fmt: skip

    def aside(self, origin: str, name: str, code: str, en: str, ru: str) -> None:
        """A row that becomes nothing."""
        self.set_aside.append(SetAside(origin=origin, name=name, code=code, reason=Text(en=en, ru=ru)))

    def unusable(self, origin: str, name: str, code: str, en: str, ru: str) -> None:
        """A row that should have become a machine and cannot: the result is incomplete."""
        self.aside(origin, name, code, en, ru)
        args: Args = {"reason": Text(en=en, ru=ru)}
        self.problems.append(Problem(code="row_unusable", source=origin, subject=name, args=args))

    def shape(self, flavor: str, known: tuple[int, Decimal] | None) -> Shape:
        """VCPU and GB of an instance type: of the flavor a person set for it, else what is known.

        Of a type whose size nobody says both are None: the machine becomes a line to fill in.
        """
        given = parse_flavor(self.options.flavors.get(flavor, "")) if flavor else None
        return (given.vcpu, Decimal(given.ram_gb)) if given else known or (None, None)

    def assumed(self, key: str, value: str, subjects: Sequence[str], en: str, ru: str) -> None:
        """How something doubtful is read: told once for all it concerns."""
        args: Args = {"key": key, "value": value, "reason": Text(en=en, ru=ru)}
        subject = _first(subjects, _LISTED)
        self.problems.append(Problem(code="read_as", source=self.source, subject=subject, args=args))

    def inventory(self, **more: Any) -> Inventory:
        """What was read."""
        self._buy_shared_once()
        for (en, ru), names in self.lacking.items():
            args: Args = {"reason": Text(en=en, ru=ru)}
            self.problems.append(
                Problem(code="part_missing", source=self.source, subject=_first(names, _NAMED), args=args)
            )
        self.lacking.clear()
        return Inventory(
            source=self.source,
            kind=self.kind,
            read=len(self.machines) + len(self.set_aside) + more.pop("own_rows", 0),
            machines=tuple(self.machines),
            resources=tuple(self.resources),
            set_aside=tuple(self.set_aside),
            problems=tuple(self.problems),
            **more,
        )

    def _buy_shared_once(self) -> None:
        """A disk several machines hold stays with the first that is on; the others lose it, which is told."""
        for key, held in self.holders.items():
            identity = key.rpartition("\n")[2]
            places = list(dict.fromkeys(p for p, _ in held))
            if len(places) < 2:  # noqa: PLR2004 (one holder shares with nobody)
                continue
            owner = next((p for p in places if self.machines[p].power == "on"), places[0])
            sizes = {self.machines[p].disks[d].size_gb for p, d in held}
            for place, disk in held:
                if place != owner:
                    machine = self.machines[place]
                    kept = [d if n != disk else d.model_copy(update={"size_gb": Decimal(0)})
                            for n, d in enumerate(machine.disks)]  # fmt: skip
                    said = note(f"shares {identity} with {self.machines[owner].name}: bought once",
                                f"общий диск {identity} с {self.machines[owner].name}: учтён один раз")  # fmt: skip
                    self.machines[place] = machine.model_copy(
                        update={"disks": tuple(kept), "notes": (*machine.notes, said)}
                    )
            names = [self.machines[p].name for p in (owner, *(p for p in places if p != owner))]
            self.assumed("disk", identity, names, "one disk that several machines share: bought once, with the first",
                         "один диск, общий для нескольких машин: учтён один раз, у первой")  # fmt: skip
            if len(sizes) > 1:
                said_sizes = ", ".join(str(s) for s in sorted(sizes))
                self.lacks(names[0], f"the shared disk {identity} has several sizes: {said_sizes} GB",
                           f"у общего диска {identity} разные размеры: {said_sizes} ГБ")  # fmt: skip
        self.holders.clear()
        self.machines = [
            m
            if all(d.size_gb for d in m.disks)
            else m.model_copy(update={"disks": tuple(d for d in m.disks if d.size_gb)})
            for m in self.machines
        ]


def _parts_unsaid(machine: Machine, *, licensed: bool, disks_elsewhere: bool) -> Iterator[Text]:
    """What every machine needs and this one's source does not say."""
    if any(not d.size_gb for d in machine.disks):
        yield note("a disk without a size", "диск без размера")
    elif not _storage(machine) and not disks_elsewhere:
        yield note("no disks are given", "диски не указаны")
    if needed := licence(machine.os_name, included=licensed):
        yield needed


def _alike(first: Machine, other: Machine) -> bool:
    """Whether two machines differ in nothing but where they stand."""
    return first.model_copy(update={"origin": other.origin, "notes": other.notes}) == other


def _first(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:most]) + (f", … +{len(names) - most}" if len(names) > most else "")


def things_in(file: Sample) -> list[str]:
    """Names of what a file may list: objects of JSON, rows of a table ("" where nothing names them)."""
    if file.kind == "folder":  # an archive in an archive
        return [""]
    if file.kind == "json":
        data = file.data
        lists = [v for v in data.values() if isinstance(v, list)] if isinstance(data, dict) else []
        objects = items(data) or [v for found in lists for v in items(found)] or items([data])
        return [next((n for k in ("name", "Name", "id", "Id") if (n := text(o.get(k)))), "") for o in objects if o]
    rows = [cells for sheet in file.sheet_names for _, cells in file.rows(sheet)]
    wide = [cells for cells in rows if sum(bool(c.strip()) for c in cells) >= _MANY_COLUMNS]
    return [next(c for c in cells if c.strip()).strip()[:40] for cells in wide[1:]] if len(wide) * 2 > len(rows) else []


def _storage(machine: Machine) -> Decimal:
    """The largest of the storage sizes."""
    said = (machine.provisioned_gb, machine.in_use_gb, machine.partition_gb)
    return max([sum((d.size_gb for d in machine.disks), Decimal(0)), *(s for s in said if s is not None)])


def note(en: str, ru: str) -> Text:
    """A doubt that does not keep a machine out."""
    return Text(en=en, ru=ru)


def text(value: Any) -> str:
    """A value of JSON as text; what is no plain value is ""."""
    return "" if value is None or isinstance(value, dict | list | bool) else str(value).strip()


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list of JSON; what is none is left out."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def inner(value: Any, *path: str) -> Any:
    """A value deep inside objects, None where the path ends early."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def pairs(value: Any, key: str = "Key", named: str = "Value") -> dict[str, str]:
    """Tags: an object of texts, or a list of objects with a key and a value."""
    if isinstance(value, dict):
        return {str(k): text(v) for k, v in value.items() if not isinstance(v, dict | list)}
    return {text(v.get(key)): text(v.get(named)) for v in items(value) if text(v.get(key))}


def exact(value: Any) -> Decimal | None:
    """A number of JSON, also where it is written as text; None when it is none or negative."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value) if value >= 0 else None
    return number(value) if isinstance(value, str) else None
