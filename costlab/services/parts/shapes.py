"""Machine shapes and disks as customers write them: flavor names, CPU classes, disk types.

Sources: VK Cloud documentation, pages on flavors and disk types. The name pattern is enough to know a shape; there is
no list of allowed flavors, because VK opens others on request.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from costlab.errors import near
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Number, Record, Text
from costlab.model.scenario import Assumption, Usage

Cpu = Literal["ice-lake", "cascade-lake", "high-freq", "legacy"]
DiskType = Literal["ceph-hdd", "ceph-ssd", "high-iops", "high-iops-ha", "ef-nvme"]

DISK_METERS: dict[str, str] = {
    "ceph-hdd": "hdd",
    "ceph-ssd": "ssd",
    "high-iops": "high_iops",
    "high-iops-ha": "high_iops_ha",
    "ef-nvme": "nvme",
}
"""API name of a disk type → last word of its meter."""

_OLD_ZONES = re.compile(r"(?:dp1|ko1|gz1|ms1|me1|pa2|kz1|qaz)(?P<kind>-hdd|-ssd|-high-iops|-high-iops-ha)?\Z")
_OLD_KINDS = {None: "ceph-hdd", "-hdd": "ceph-hdd", "-ssd": "ceph-ssd"}


def disk_type_named(name: str) -> str:
    """The disk type a name means, today's or one of the old zones; "" for none.

    Old API names carried their zone (VK Cloud's documentation of disks): a zone alone was its HDD.

    >>> disk_type_named("ceph-ssd"), disk_type_named("dp1-high-iops"), disk_type_named("ms1"), disk_type_named("ssd")
    ('ceph-ssd', 'high-iops', 'ceph-hdd', '')
    """
    plain = name.strip().casefold()
    if plain in DISK_METERS:
        return plain
    old = _OLD_ZONES.match(plain)
    return "" if old is None else _OLD_KINDS.get(old["kind"]) or old["kind"].removeprefix("-")


SELF_SERVICE_VCPU, SELF_SERVICE_RAM_GB = 16, 64
"""Above this a flavor is opened by support and priced individually (VK documentation, page on flavors)."""

_FAMILIES: dict[str, Cpu] = {
    "STD2": "cascade-lake",
    "STD3": "ice-lake",
    "Basic": "legacy",
    "Standard": "legacy",
    "Advanced": "legacy",
    "Heavy": "legacy",
    "Custom": "legacy",
    "Freq": "high-freq",
}
_MACHINE = re.compile(r"(?P<family>[A-Za-z][A-Za-z0-9]*)-(?P<vcpu>\d{1,3})-(?P<ram>\d{1,4})(?:-(?P<disk>\d{1,5}))?\Z")
_GPU = re.compile(
    r"GPU[0-9]?[A-Z]?-(?P<vcpu>\d{1,3})-(?P<ram>\d{1,4})-(?P<gpu>[A-Z]{1,2}\d{1,3}[A-Z]?)"
    r"(?:x(?P<memory>\d{1,3}))?(?:-(?P<form>sxm\d))?-(?P<count>\d{1,2})\Z"
)
_VGPU = re.compile(r"vGPU-(?P<vcpu>\d{1,3})-(?P<ram>\d{1,4})-(?P<gpu>[A-Z]\d{1,3})-(?P<memory>\d{1,3})Q\Z")


class Flavor(NamedTuple):
    """What a flavor name says."""

    vcpu: int
    ram_gb: int
    cpu: Cpu | None = None
    disk_gb: int = 0
    gpu: str = ""
    gpus: int = 0
    gpu_memory_gb: int = 0

    @property
    def by_request(self) -> bool:
        """Above the self-service limits, so without a public price."""
        return self.vcpu > SELF_SERVICE_VCPU or self.ram_gb > SELF_SERVICE_RAM_GB


def parse_flavor(name: str) -> Flavor | None:
    """Read a flavor name; None when it is not one.

    >>> parse_flavor("STD3-4-8")
    Flavor(vcpu=4, ram_gb=8, cpu='ice-lake', disk_gb=0, gpu='', gpus=0, gpu_memory_gb=0)
    >>> parse_flavor("GPU3-64-384-A100x80-sxm4-2")[4:]
    ('A100 SXM4', 2, 80)
    """
    if match := _VGPU.match(name):
        memory = int(match["memory"])
        return Flavor(int(match["vcpu"]), int(match["ram"]), gpu=match["gpu"], gpus=1, gpu_memory_gb=memory)
    if match := _GPU.match(name):
        gpu = f"{match['gpu']} {match['form'].upper()}" if match["form"] else match["gpu"]
        memory = int(match["memory"] or 0)
        return Flavor(int(match["vcpu"]), int(match["ram"]), gpu=gpu, gpus=int(match["count"]), gpu_memory_gb=memory)
    match = _MACHINE.match(name)
    if not match or match["family"] not in _FAMILIES or int(match["vcpu"]) == 0 or int(match["ram"]) == 0:
        return None
    return Flavor(int(match["vcpu"]), int(match["ram"]), _FAMILIES[match["family"]], int(match["disk"] or 0))


def _known_machine(name: str) -> str:
    flavor = parse_flavor(name)
    if flavor is None or flavor.gpus:
        size = re.search(r"\d+-\d+\Z", name)
        hints = near(name, [f"{family}-{size[0] if size else '4-16'}" for family in ("STD3", "STD2")])
        raise PydanticCustomError("unknown_flavor", "unknown flavor", hints)
    return name


MachineFlavor = Annotated[str, AfterValidator(_known_machine)]
"""A flavor name without GPU."""


class Disk(Record):
    """A disk of provisioned size."""

    type: DiskType = "ceph-ssd"
    """Type: `ceph-ssd` suits most; the zone must have it
    Тип: для большинства задач подходит `ceph-ssd`; тип должен быть в зоне"""
    size_gb: Annotated[Amount, Field(gt=0)]
    """Size, GB: what is provisioned is paid, used or not
    Размер, ГБ: оплачивается выделенный объём"""


class MachineShape(Record):
    """A machine by its flavor, or by cores and memory; what has a shape inherits it.

    Fields that stand before the shape in a file are of a record of their own, named after it among the bases.
    """

    flavor: MachineFlavor | None = None
    """Flavor: STD3-<vCPU>-<RAM GB> is Ice Lake, STD2 is Cascade Lake
    Конфигурация: STD3-<vCPU>-<ОЗУ ГБ> — Ice Lake, STD2 — Cascade Lake"""
    vcpu: Annotated[Count, Field(ge=1, le=240)] | None = None
    """vCPU: instead of a flavor
    vCPU: вместо конфигурации"""
    ram_gb: Annotated[Count, Field(ge=1, le=2048)] | None = None
    """RAM, GB: instead of a flavor
    ОЗУ, ГБ: вместо конфигурации"""
    cpu: Cpu | None = None
    """CPU class: Ice Lake unless given
    Класс CPU: по умолчанию Ice Lake"""

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        """Refuse a shape that is given twice, or not at all."""
        if self.flavor is None and (self.vcpu is None or self.ram_gb is None):
            raise invalid(
                "flavor",
                Text(en="no shape is given", ru="не указана конфигурация"),
                Text(
                    en="give `flavor: STD3-4-16`, or `vcpu` and `ram_gb`",
                    ru="укажите `flavor: STD3-4-16` или `vcpu` и `ram_gb`",
                ),
            )
        if self.flavor is not None and (self.vcpu is not None or self.ram_gb is not None or self.cpu is not None):
            raise invalid(
                "flavor",
                Text(en="the shape is given twice", ru="конфигурация указана дважды"),
                Text(
                    en="keep `flavor`, or `vcpu`, `ram_gb` and `cpu`",
                    ru="оставьте `flavor` или `vcpu`, `ram_gb` и `cpu`",
                ),
            )
        return self

    @property
    def shape(self) -> Flavor:
        """Cores, memory and class of the machine."""
        return machine(self.flavor, self.vcpu, self.ram_gb, self.cpu)


def machine(flavor: str | None, vcpu: int | None = None, ram_gb: int | None = None, cpu: Cpu | None = None) -> Flavor:
    """The shape named by a flavor, or given in numbers."""
    if flavor is not None:
        parsed = parse_flavor(flavor)
        assert parsed is not None  # noqa: S101 (MachineFlavor let it through)
        return parsed
    assert vcpu is not None and ram_gb is not None  # noqa: S101, PT018 (MachineShape let it through)
    return Flavor(vcpu, ram_gb, cpu or "ice-lake")


def compute(
    family: str,
    shape: Flavor,
    nodes: Decimal | int,
    dimensions: Mapping[str, str],
    *,
    zone: str = "",
    given: Number | None = None,
    when: Literal["exists", "running"] = "exists",
    span: tuple[int, int] | None = None,
    given_key: str = "monthly_price",
) -> Iterator[Usage]:
    """Cores and memory of `nodes` machines on a family's meters (`compute`, `kubernetes`, `database`).

    Above the self-service limits, or with a price `given` per machine, it is one machine priced by request.
    `given_key` is the key of the spec that takes that price.
    `span` is the least and the most number of nodes when that is a range.
    """

    def levels(each: Decimal | int) -> dict[str, Decimal | None]:
        low, high = (each * span[0], each * span[1]) if span else (None, None)
        return {
            "level": Decimal(each * nodes),
            "low": None if low is None else Decimal(low),
            "high": None if high is None else Decimal(high),
        }

    assumed = _template_disk(shape)
    if shape.by_request or given is not None:
        meter = "compute.vm_by_request"
        yield Usage(meter=meter, dimensions=dict(dimensions), given=given, given_key=given_key, when=when, zone=zone,
                    assumption=assumed, **levels(1))  # fmt: skip
        return
    asked = {**dimensions, "cpu": shape.cpu or "ice-lake"}
    yield Usage(meter=f"{family}.vcpu", dimensions=asked, when=when, zone=zone, assumption=assumed,
                **levels(shape.vcpu))  # fmt: skip
    yield Usage(meter=f"{family}.ram", dimensions=asked, when=when, zone=zone, **levels(shape.ram_gb))


def _template_disk(shape: Flavor) -> Assumption | None:
    """What became of the disk that the name of an old flavor has as its third number."""
    if not shape.disk_gb:
        return None
    reason = Text(
        en=f"the template disk of {shape.disk_gb} GB in the flavor's name is not added: list the disks themselves",
        ru=f"шаблонный диск {shape.disk_gb} ГБ из имени конфигурации не добавлен: перечислите диски сами",
    )
    return Assumption(key="flavor", value=f"{shape.disk_gb} GB", reason=reason)


def disk_meter(family: str, disk_type: str) -> str:
    """The meter of a disk type in a family (`block_storage`, `kubernetes.disk`, `database.disk`…)."""
    return f"{family}.{DISK_METERS[disk_type]}"
