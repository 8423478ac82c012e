"""Cloud Containers (Kubernetes). Rules: VK Cloud documentation, «Cloud Containers. Тарификация» and «Архитектура».

There is no control-plane fee: masters and workers are paid as machines at the section's own rates. A cluster always
has a service load balancer, and each master a High-IOPS disk and a separate etcd disk. The first generation keeps
its volumes and public address in the customer's project at the ordinary rates; the second has meters of its own.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.kubernetes_growth import grown
from costlab.services.parts.shapes import Disk, DiskType, MachineFlavor, compute, disk_meter, machine

MASTER_DISK_TYPE: DiskType = "high-iops"
ETCD_DISK_GB = Decimal(10)
GROWTH_STEPS = 1


class Range(Record):
    """An autoscaled number of nodes."""

    min: Annotated[Count, Field(ge=0, le=500)]
    """Least nodes
    Минимум узлов"""
    max: Annotated[Count, Field(ge=0, le=500)]
    """Most nodes
    Максимум узлов"""
    expected: Annotated[Count, Field(ge=0, le=500)] | None = None
    """Expected nodes: the least unless given
    Ожидаемое число узлов: минимум, если не указано"""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.min <= (self.min if self.expected is None else self.expected) <= self.max:
            raise invalid(
                "min", Text(en="the range is not in order", ru="границы не по порядку"), "min ≤ expected ≤ max"
            )
        return self


class Masters(Record):
    """The control plane's machines."""

    count: Literal[1, 3, 5] = 1
    """Masters: 1, 3 or 5
    Мастер-узлы: 1, 3 или 5"""
    flavor: MachineFlavor = "STD2-2-6"
    """Flavor of a master: it grows by itself under load and does not shrink by itself
    Конфигурация мастера: растёт сама под нагрузкой, сама не уменьшается"""
    disk_gb: Amount = Decimal(20)
    """System disk of a master, GB: High-IOPS unless another type is given
    Системный диск мастера, ГБ: High-IOPS, если не указан другой тип"""
    disk_type: DiskType = MASTER_DISK_TYPE
    """Type of that disk: High-IOPS unless given; the first generation can have another
    Тип этого диска: по умолчанию High-IOPS; в первом поколении бывает и другой"""
    etcd_disk_gb: Amount | None = None
    """etcd disk of a master, GB: High-IOPS, 10 unless given, 0 leaves it out
    Диск etcd мастера, ГБ: High-IOPS, по умолчанию 10, 0 — не учитывать"""
    growth_steps: Annotated[Count, Field(ge=0, le=20)] | None = None
    """Growth of a master: steps of CPU and of RAM that the high end of the range allows for, 1 unless given
    Рост мастера: сколько шагов CPU и RAM учесть в верхней границе, по умолчанию 1"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one master per 30 days
    Цена по запросу: ядра и память одного мастера за 30 дней"""


class Group(Record):
    """Worker nodes of one shape."""

    name: str
    """Name of the group
    Имя группы"""
    nodes: Annotated[Count, Field(ge=0, le=500)] | Range
    """Nodes: a number, or {min, max} with autoscaling
    Узлы: число или {min, max} при автомасштабировании"""
    flavor: MachineFlavor
    """Flavor of a node
    Конфигурация узла"""
    disk: Disk
    """Disk of a node
    Диск узла"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one node per 30 days
    Цена по запросу: ядра и память одного узла за 30 дней"""


class Spec(Record):
    """A cluster: generation, masters, groups of workers and what hangs on it."""

    generation: Literal[1, 2] = 2
    """Generation
    Поколение"""
    masters: Masters = Masters()
    """Masters
    Мастер-узлы"""
    groups: tuple[Group, ...] = ()
    """Worker groups
    Группы рабочих узлов"""
    volumes: tuple[Disk, ...] = ()
    """Persistent volumes
    Постоянные тома (PV)"""
    public_ip: bool = False
    """Public address of the API
    Публичный адрес API"""
    standard_load_balancers: Annotated[Count, Field(ge=0, le=1000)] = 0
    """Standard load balancers: one for each Service of type LoadBalancer and for the ingress
    Стандартные балансировщики: по одному на каждый Service типа LoadBalancer и ingress"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Masters, their disks, groups, volumes, the service load balancer, addresses, standard load balancers."""
    generation, zone = {"generation": str(spec.generation)}, spec.zone or ""
    yield from _masters(spec.masters, {**generation, "node": "master"}, zone)
    yield Usage(meter="kubernetes.service_load_balancer", dimensions=generation, level=1)
    for group in spec.groups:
        yield from _group(group, {**generation, "node": "worker", "group": group.name}, zone)
    for volume in spec.volumes:
        family = "block_storage" if spec.generation == 1 else "kubernetes.volume"
        asked = {"use": "volume"} if spec.generation == 1 else {**generation, "use": "volume"}
        yield Usage(meter=disk_meter(family, volume.type), dimensions=asked, level=volume.size_gb, zone=zone)
    if spec.public_ip and spec.generation == 1:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1)
    elif spec.public_ip:
        yield Usage(meter="kubernetes.public_ipv4", dimensions=generation, level=1)
    if spec.standard_load_balancers:
        asked = {"kind": "standard"}
        yield Usage(meter="network.load_balancer", dimensions=asked, level=spec.standard_load_balancers)


def _masters(masters: Masters, node: dict[str, str], zone: str) -> Iterator[Usage]:
    yield from _grown(masters, node, zone)
    if masters.disk_gb:
        yield Usage(
            meter=disk_meter("kubernetes.disk", masters.disk_type),
            dimensions={**node, "use": "system"},
            level=masters.disk_gb * masters.count,
            zone=zone,
        )
    etcd = ETCD_DISK_GB if masters.etcd_disk_gb is None else masters.etcd_disk_gb
    assumed = Assumption(
        key="masters.etcd_disk_gb",
        value=f"{ETCD_DISK_GB}",
        reason=Text(
            en="each master has a High-IOPS etcd disk of its own; its size is not documented, 10 GB is Terraform's",
            ru="у каждого мастера отдельный диск etcd High-IOPS; размер не описан, 10 ГБ — значение Terraform",
        ),
        source="vkcs-terraform-provider",
    )
    if etcd:
        yield Usage(
            meter=disk_meter("kubernetes.disk", MASTER_DISK_TYPE),
            dimensions={**node, "use": "etcd"},
            level=etcd * masters.count,
            zone=zone,
            assumption=assumed if masters.etcd_disk_gb is None else None,
        )


def _grown(masters: Masters, node: dict[str, str], zone: str) -> Iterator[Usage]:
    """Cores and memory of the masters: as given, and at the high end after they have grown."""
    shape = machine(masters.flavor)
    steps = GROWTH_STEPS if masters.growth_steps is None else masters.growth_steps
    later = grown(shape, steps)
    given = compute("kubernetes", shape, masters.count, node, zone=zone, given=masters.monthly_price,
                    given_key="masters.monthly_price")  # fmt: skip
    if shape.by_request or masters.monthly_price is not None or later == shape:
        yield from given
        return
    assumed = Assumption(
        key="masters.growth_steps",
        value=f"{steps}",
        reason=Text(
            en=f"masters grow by themselves: at the high end each has {later.vcpu} vCPU and {later.ram_gb} GB, after "
            "a step for CPU and one for RAM",
            ru=f"мастера растут сами: в верхней границе у каждого {later.vcpu} vCPU и {later.ram_gb} ГБ, после шага "
            "по CPU и шага по RAM",
        ),
        source="vk-docs-k8s-scale",
    )
    for now, then in zip(given, compute("kubernetes", later, masters.count, node, zone=zone), strict=True):
        told = now.meter == "kubernetes.ram" and masters.growth_steps is None
        update = {"low": now.level, "high": then.level, **({"assumption": assumed} if told else {})}
        yield now.model_copy(update=update)


def _group(group: Group, node: dict[str, str], zone: str) -> Iterator[Usage]:
    span = (group.nodes.min, group.nodes.max) if isinstance(group.nodes, Range) else None
    if isinstance(group.nodes, Range):
        nodes = group.nodes.min if group.nodes.expected is None else group.nodes.expected
    else:
        nodes = group.nodes
    shape = machine(group.flavor)
    yield from compute("kubernetes", shape, nodes, node, zone=zone, given=group.monthly_price, span=span,
                       given_key="groups.monthly_price")  # fmt: skip
    yield Usage(
        meter=disk_meter("kubernetes.disk", group.disk.type),
        dimensions={**node, "use": "system"},
        level=group.disk.size_gb * nodes,
        low=group.disk.size_gb * span[0] if span else None,
        high=group.disk.size_gb * span[1] if span else None,
        zone=zone,
    )
