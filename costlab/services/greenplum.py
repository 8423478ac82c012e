"""Arenadata DB (Greenplum). Rules: VK Cloud documentation, «Arenadata DB. Тарификация» and «Создание».

Segment hosts keep the data; a standby master of the master's shape is created beside it; a monitoring node is
optional. Cores, memory, disks, a service load balancer and the licence are charged. The licence, Enterprise Full or
Test, is per TB of total storage; the list says GB and TB without saying binary, so 1 TB = 1000 GB here.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.i18n.words import plain
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.shapes import Disk, Flavor, MachineFlavor, MachineShape, compute, disk_meter

TITLE = Text(en="Arenadata DB (Greenplum)", ru="Arenadata DB (Greenplum)")
EXAMPLE: dict[str, Any] = {
    "segments": 4,
    "flavor": "STD3-8-64",
    "disk": {"type": "ceph-ssd", "size_gb": 1000},
    "master": {"flavor": "STD3-8-32", "disk": {"type": "ceph-ssd", "size_gb": 200}},
    "licence": "full",
}
MASTERS = 2
"""The master and its standby of the same shape, which is created with it."""
GB_PER_TB = Decimal(1000)


class Machine(MachineShape):
    """A master or a monitoring node."""

    disk: Disk
    """Disk
    Диск"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one node per 30 days
    Цена по запросу: ядра и память одного узла за 30 дней"""


class Segments(Record):
    """How many segment hosts there are."""

    segments: Annotated[Count, Field(ge=1, le=1000)]
    """Segment hosts
    Серверы-сегменты"""


class Spec(MachineShape, Segments):
    """Segment hosts, masters, monitoring and the licence."""

    flavor: MachineFlavor | None = None
    """Flavor of a segment host
    Конфигурация сервера-сегмента"""
    disk: Disk
    """Data disk of a segment host: the list has HDD, SSD and High-IOPS
    Диск данных сервера-сегмента: в прайс-листе есть HDD, SSD и High-IOPS"""
    master: Machine | None = None
    """Master: its standby has the same shape; like a segment host unless given
    Мастер: у резервного та же конфигурация; по умолчанию как сервер-сегмент"""
    monitoring: Machine | None = None
    """Monitoring node: none unless given
    Узел мониторинга: по умолчанию нет"""
    licence: Literal["full", "test"] = "full"
    """Licence: Enterprise Full or Enterprise Test
    Лицензия: Enterprise Full или Enterprise Test"""
    licence_tb: Amount | None = None
    """Licensed storage, TB: the segments' data disks unless given
    Лицензируемый объём, ТБ: по умолчанию диски данных сегментов"""
    public_ip: bool = False
    """Public address
    Публичный адрес"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one segment host per 30 days
    Цена по запросу: ядра и память одного сервера-сегмента за 30 дней"""


def licensed_tb(segments: int, disk_gb: Decimal) -> Decimal:
    """Terabytes the licence counts for the data disks of the segment hosts.

    >>> licensed_tb(4, Decimal(1500))
    Decimal('6')
    """
    return segments * disk_gb / GB_PER_TB


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Segment hosts, master and standby, monitoring, licence, service load balancer, address."""
    zone = spec.zone or ""
    segment = spec.shape
    yield from _nodes("segment", segment, spec.segments, spec.disk, zone, spec.monthly_price, "monthly_price")
    if spec.master is None:
        first, *rest = _nodes("master", segment, MASTERS, spec.disk, zone, spec.monthly_price, "monthly_price")
        yield first.model_copy(update={"assumption": _like_a_segment()})
        yield from rest
    else:
        yield from _machine("master", spec.master, MASTERS, zone)
    if spec.monitoring is not None:
        yield from _machine("monitoring", spec.monitoring, 1, zone)
    size = licensed_tb(spec.segments, spec.disk.size_gb) if spec.licence_tb is None else spec.licence_tb
    assumed = _licence(size) if spec.licence_tb is None else None
    yield Usage(meter="greenplum.licence", dimensions={"edition": spec.licence}, level=size, assumption=assumed)
    yield Usage(meter="greenplum.service_load_balancer", level=1)
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1, zone=zone)


def _machine(role: str, node: Machine, count: int, zone: str) -> Iterator[Usage]:
    yield from _nodes(role, node.shape, count, node.disk, zone, node.monthly_price, f"{role}.monthly_price")


def _nodes(
    role: str, shape: Flavor, count: int, disk: Disk, zone: str, given: Decimal | None, given_key: str
) -> Iterator[Usage]:
    yield from compute("greenplum", shape, count, {"node": role}, zone=zone, given=given, given_key=given_key)
    asked = {"node": role, "use": "data"}
    yield Usage(meter=disk_meter("greenplum.disk", disk.type), dimensions=asked, level=disk.size_gb * count, zone=zone)


def _like_a_segment() -> Assumption:
    reason = Text(
        en="the master's shape is not given: a segment host's is taken, for the master and its standby",
        ru="конфигурация мастера не указана: взята как у сервера-сегмента, для мастера и резервного",
    )
    return Assumption(key="master", value=str(MASTERS), reason=reason, source="vk-docs-adb-create")


def _licence(size_tb: Decimal) -> Assumption:
    reason = Text(
        en="the licence is per TB of total storage: the segments' data disks are counted, 1 TB = 1000 GB, parts of a TB"
        " in proportion",
        ru="лицензия — за ТБ суммарного хранилища: учтены диски данных сегментов, 1 ТБ = 1000 ГБ, неполный ТБ"
        " пропорционально",
    )
    return Assumption(key="licence_tb", value=plain(size_tb), reason=reason, source="vk-docs-adb-tariffication")
