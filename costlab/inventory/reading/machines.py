"""What a reading of a foreign platform has come to: machines, and the rows that became none, each with its reason.

A row ends in exactly one place, so read = machines + set aside. A duplicate is a machine with the id of an earlier one,
or with its name and address where there is no id. Machines that are off, client systems of Windows and sizes by request
are no matter of reading: `sizing.py` decides about them, and needs to see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.cells import number
from costlab.inventory.reading.sample import Options
from costlab.model.inventory import Inventory, Machine, SetAside
from costlab.model.numbers import Problem, Text
from costlab.model.scenario import Resource
from costlab.services.parts.shapes import parse_flavor

MOST_VCPU, MOST_GB, MOST_DISK_GB = 240, Decimal(2048), Decimal(10) ** 7
"""Largest machine that can be asked a price for (`services/vm.py`), and ten petabytes of disks."""
_LISTED = 5


@dataclass
class Found:
    """One source while it is read."""

    kind: str
    source: str
    options: Options
    machines: list[Machine] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    """Id, or name and address -> the origin that had it first."""

    def add(self, machine: Machine, *, uuid: str = "", address: str = "") -> bool:
        """One more machine, unless it was here before, or is larger than any machine can be."""
        if (machine.vcpu or 0) > MOST_VCPU or (machine.ram_gb or 0) > MOST_GB or _storage(machine) > MOST_DISK_GB:
            self.unusable(machine.origin, machine.name, "too_large", "its size cannot be true of one machine",
                          "таких размеров у одной машины не бывает")  # fmt: skip
            return False
        key = f"id {uuid.casefold()}" if uuid else f"name {machine.name.casefold()} {address}" if address else ""
        if key and key in self.seen:
            first = self.seen[key]
            self.aside(machine.origin, machine.name, "duplicate", f"the same machine as {first}",
                       f"та же машина, что {first}")  # fmt: skip
            return False
        if key:
            self.seen[key] = machine.origin
        self.machines.append(machine)
        return True

    def aside(self, origin: str, name: str, code: str, en: str, ru: str) -> None:
        """A row that becomes nothing."""
        self.set_aside.append(SetAside(origin=origin, name=name, code=code, reason=Text(en=en, ru=ru)))

    def unusable(self, origin: str, name: str, code: str, en: str, ru: str) -> None:
        """A row that should have become a machine and cannot: the result is incomplete."""
        self.aside(origin, name, code, en, ru)
        args = {"reason": en, "reason_ru": ru}
        self.problems.append(Problem(code="row_unusable", source=origin, subject=name, args=args))

    def shape(self, flavor: str, known: tuple[int, Decimal] | None) -> tuple[int, Decimal] | None:
        """VCPU and GB of an instance type: of the flavor a person set for it, else what is known."""
        given = parse_flavor(self.options.flavors.get(flavor, "")) if flavor else None
        return (given.vcpu, Decimal(given.ram_gb)) if given else known

    def unknown_flavor(self, origin: str, name: str, flavor: str) -> None:
        """A machine of a type whose size nobody says."""
        self.unusable(origin, name, "unknown_flavor", f"the size of type “{flavor}” is not known",
                      f"размер типа «{flavor}» неизвестен")  # fmt: skip

    def assumed(self, key: str, value: str, subjects: Sequence[str], en: str, ru: str) -> None:
        """How something doubtful is read: told once for all it concerns."""
        more = f", … +{len(subjects) - _LISTED}" if len(subjects) > _LISTED else ""
        args = {"key": key, "value": value, "reason": en, "reason_ru": ru}
        subject = ", ".join(subjects[:_LISTED]) + more
        self.problems.append(Problem(code="read_as", source=self.source, subject=subject, args=args))

    def inventory(self, **more: Any) -> Inventory:
        """What was read."""
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
