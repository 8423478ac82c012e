"""Spark on Kubernetes (ML Platform). Rules: VK Cloud documentation, «Spark в k8s. Создание кластера», «Архитектура».

A cluster of Cloud Containers: one master, 2 vCPU and 4 GB in DEV mode, 6 and 6 in PROD, and 1 to 100 workers. Asleep
it pays the nodes' disks only: a schedule says how long it is awake. Without private mode every instance has a public
address. The registry is a machine of its own, outside the cluster, and a bucket is created; neither sleeps.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.i18n.words import plain
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts import kubernetes
from costlab.services.parts.bucket import bucket
from costlab.services.parts.kubernetes import Range
from costlab.services.parts.shapes import Disk, MachineFlavor, compute, disk_meter, machine

TITLE = Text(en="Spark on Kubernetes", ru="Spark в Kubernetes")
EXAMPLE: dict[str, Any] = {
    "mode": "PROD",
    "workers": {"min": 1, "max": 5, "expected": 2},
    "flavor": "STD3-8-32",
    "disk": {"type": "ceph-ssd", "size_gb": 100},
    "registry": {"flavor": "STD3-2-4", "disk": {"type": "ceph-ssd", "size_gb": 50}},
    "private": True,
    "bucket_gb": 100,
}
STOPPABLE = True

MASTERS = {"DEV": (2, 4), "PROD": (6, 6)}
"""Mode → vCPU and GB of the master."""
MASTER_FAMILY = {"cascade-lake": "STD2", "ice-lake": "STD3"}
MASTER_DISK_GB = Decimal(20)
MOST_WORKERS = 100
KEYS = {"masters.etcd_disk_gb": "etcd_disk_gb", "groups.monthly_price": "monthly_price"}
"""Keys of a Kubernetes cluster → keys here."""
DOCS = "vk-docs-spark-k8s"


class Registry(Record):
    """The machine that keeps the images."""

    flavor: MachineFlavor
    """Flavor
    Конфигурация"""
    disk: Disk
    """Disk
    Диск"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory per 30 days
    Цена по запросу: ядра и память за 30 дней"""


class Spec(Record):
    """Mode, workers, registry, and whether it can be reached from the internet."""

    mode: Literal["DEV", "PROD"] = "PROD"
    """Mode: the master has 2 vCPU and 4 GB in DEV, 6 and 6 in PROD
    Режим: мастер-узел 2 vCPU и 4 ГБ в DEV, 6 и 6 в PROD"""
    workers: Annotated[Count, Field(ge=1, le=MOST_WORKERS)] | Range = 1
    """Workers: 1 to 100, or {min, max} with autoscaling
    Рабочие узлы: от 1 до 100 или {min, max} при автомасштабировании"""
    flavor: MachineFlavor
    """Flavor of a worker
    Конфигурация рабочего узла"""
    disk: Disk
    """Disk of a worker: paid also asleep
    Диск рабочего узла: оплачивается и в спящем режиме"""
    registry: Registry | None = None
    """Registry: a machine of its own; none when another cluster's is used
    Реестр: отдельная ВМ; не указывайте, если используется уже созданный"""
    private: bool = False
    """Private mode: no public addresses
    Private mode: без публичных адресов"""
    bucket_gb: Amount | None = None
    """Bucket, GB: stored on average, class Hotbox
    Бакет, ГБ: хранится в среднем, класс Hotbox"""
    bucket_egress_gb: Amount = Decimal(0)
    """Downloads from the bucket, GB: in the period, also by the cluster
    Исходящий трафик бакета, ГБ: за период, в том числе в кластер"""
    master_cpu: Literal["cascade-lake", "ice-lake"] | None = None
    """CPU class of the master: Cascade Lake unless given
    Класс CPU мастера: по умолчанию Cascade Lake"""
    master_disk_gb: Amount | None = None
    """System disk of the master, GB: High-IOPS, 20 unless given, 0 leaves it out
    Системный диск мастера, ГБ: High-IOPS, по умолчанию 20, 0 — не учитывать"""
    etcd_disk_gb: Amount | None = None
    """etcd disk of the master, GB: High-IOPS, 10 unless given, 0 leaves it out
    Диск etcd мастера, ГБ: High-IOPS, по умолчанию 10, 0 — не учитывать"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one worker per 30 days
    Цена по запросу: ядра и память одного рабочего узла за 30 дней"""

    @model_validator(mode="after")
    def _workers(self) -> Self:
        if isinstance(self.workers, Range) and not 1 <= self.workers.min <= self.workers.max <= MOST_WORKERS:
            reason = Text(en="a cluster has 1 to 100 workers", ru="в кластере от 1 до 100 рабочих узлов")
            fix = Text(en="keep both ends within 1 and 100", ru="оставьте обе границы от 1 до 100")
            raise invalid("workers", reason, fix)
        return self


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """The cluster while awake and its disks always, addresses, the registry, the bucket."""
    zone = spec.zone or ""
    first, *rest = kubernetes.usage(_cluster(spec), period)
    yield _asleep(first).model_copy(update={"assumption": _assumed(spec)})
    for used in rest:
        yield _asleep(used)
    if not spec.private:
        yield _addresses(spec.workers, zone)
    if spec.registry is not None:
        shape, given = machine(spec.registry.flavor), spec.registry.monthly_price
        yield from compute("compute", shape, 1, {}, zone=zone, given=given, given_key="registry.monthly_price")
        meter = disk_meter("block_storage", spec.registry.disk.type)
        yield Usage(meter=meter, level=spec.registry.disk.size_gb, zone=zone)
        if not spec.private:
            yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1, zone=zone)
    yield from bucket(spec.bucket_gb, spec.bucket_egress_gb, created=True, source=DOCS)


def _cluster(spec: Spec) -> kubernetes.Spec:
    vcpu, ram_gb = MASTERS[spec.mode]
    flavor = f"{MASTER_FAMILY[spec.master_cpu or 'cascade-lake']}-{vcpu}-{ram_gb}"
    disk_gb = MASTER_DISK_GB if spec.master_disk_gb is None else spec.master_disk_gb
    masters = kubernetes.Masters(count=1, flavor=flavor, disk_gb=disk_gb, etcd_disk_gb=spec.etcd_disk_gb)
    workers = kubernetes.Group(name="workers", nodes=spec.workers, flavor=spec.flavor, disk=spec.disk,
                               monthly_price=spec.monthly_price)  # fmt: skip
    return kubernetes.Spec(generation=2, masters=masters, groups=(workers,), zone=spec.zone)


def _asleep(used: Usage) -> Usage:
    """Of a sleeping cluster only the nodes' disks are paid; the mode fixes the master's shape, so it has no range."""
    update: dict[str, Any] = {"given_key": KEYS.get(used.given_key, used.given_key)}
    update["when"] = "exists" if used.meter.startswith("kubernetes.disk.") else "running"
    if used.dimensions.get("node") == "master":
        update |= {"low": None, "high": None}
    if used.assumption is not None:
        key = KEYS.get(used.assumption.key)
        update["assumption"] = used.assumption.model_copy(update={"key": key}) if key else None
    return used.model_copy(update=update)


def _addresses(workers: int | Range, zone: str) -> Usage:
    """One for the master and one for each worker."""
    if isinstance(workers, int):
        expected, low, high = workers, None, None
    else:
        expected = workers.min if workers.expected is None else workers.expected
        low, high = Decimal(1 + workers.min), Decimal(1 + workers.max)
    asked = {"kind": "floating"}
    return Usage(meter="network.public_ipv4", dimensions=asked, level=Decimal(1 + expected), low=low, high=high,
                 when="running", zone=zone)  # fmt: skip


def _assumed(spec: Spec) -> Assumption:
    vcpu, ram_gb = MASTERS[spec.mode]
    reason = Text(
        en="the list has no section for Spark on Kubernetes, and the master's CPU and disks are not documented: prices"
        " of Cloud Containers of the second generation and its usual master are taken",
        ru="в прайс-листе нет раздела Spark в Kubernetes, CPU и диски мастера не описаны: взяты цены Cloud Containers"
        " второго поколения и обычный для него мастер",
    )
    cpu = spec.master_cpu or "cascade-lake"
    disk_gb = MASTER_DISK_GB if spec.master_disk_gb is None else spec.master_disk_gb
    value = f"{cpu}, {vcpu} vCPU, {ram_gb} GB, High-IOPS {plain(disk_gb)} GB"
    return Assumption(key="mode", value=value, reason=reason, source=DOCS)
