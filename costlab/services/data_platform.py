"""Data Platform. Rules: VK Cloud documentation, «Тарификация» of each product, and the six cards of the price list.

Nodes take free numbers of cores and memory, no flavors. Cores, memory, data disks and system disks are charged;
traffic and the console are free. The documentation calls most products beta: only their infrastructure is charged, so
there is nothing else to add. A Data Lakehouse (`dlh`) has no tariff of its own: it costs the sum of its parts. A
ClickHouse instance is its Keeper nodes and its server nodes × shards.

ClickHouse, Spark, Trino and Iceberg Metastore have a card of their own in the list; the other products take the common
one, which is an assumption and shown. «Service resources» are nodes added to the platform's own cluster; the load
balancer of the platform stands in their card. Addresses are ordinary ones.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, cast, get_args

from pydantic import Field, model_validator

from costlab.i18n.words import plain
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.shapes import Cpu, Disk, DiskType, disk_meter

TITLE = Text(en="Data platform", ru="Платформа данных (Data Platform)")
EXAMPLE: dict[str, Any] = {
    "product": "clickhouse",
    "nodes": [
        {"role": "server", "count": 2, "vcpu": 4, "ram_gb": 16, "disk": {"type": "high-iops", "size_gb": 200}},
        {"role": "keeper", "count": 3, "vcpu": 1, "ram_gb": 2, "disk": {"type": "ceph-ssd", "size_gb": 10}},
    ],
}

Part = Literal[
    "kafka", "clickhouse", "spark", "trino", "iceberg", "flink", "airflow", "jupyterhub", "lakekeeper", "mlflow",
    "nifi", "opensearch", "postgresql", "redis", "jatoba",
]  # fmt: skip
Product = Literal[Part, "dlh"]
OWN_CARD = ("clickhouse", "spark", "trino", "iceberg")
SYSTEM_DISK_GB = Decimal(10)
SYSTEM_DISK_TYPE: DiskType = "ceph-ssd"
LIST = "vk-pricelist-2026-01-12"
DOCS = "vk-docs-data-platform-tariffication"


class Shape(Record):
    """Nodes of one shape."""

    count: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Nodes: of this shape; of one shard where there are shards
    Узлы: такой конфигурации; в одном шарде, если есть шарды"""
    vcpu: Annotated[Amount, Field(gt=0, le=1000)]
    """vCPU: of a node, parts allowed (0.5)
    vCPU: одного узла, допустимы доли (0,5)"""
    ram_gb: Annotated[Amount, Field(gt=0, le=10_000)]
    """RAM, GB: of a node
    ОЗУ, ГБ: одного узла"""
    cpu: Cpu | None = None
    """CPU class: Ice Lake unless given
    Класс CPU: по умолчанию Ice Lake"""
    disk: Disk | None = None
    """Data disk of a node: none for nodes that keep no data
    Диск данных узла: у узлов без данных его нет"""


class Node(Shape):
    """Nodes of a product that do one thing."""

    role: str
    """Role: such as broker, server, keeper, worker
    Роль: например, broker, server, keeper, worker"""
    product: Part | None = None
    """Part: of a data lakehouse, the product this node belongs to
    Часть: для Data Lakehouse — продукт, которому принадлежит узел"""
    shards: Annotated[Count, Field(ge=1, le=100)] = 1
    """Shards: of ClickHouse, each has the given number of nodes
    Шарды: для ClickHouse, в каждом указанное число узлов"""
    wal_disk: Disk | None = None
    """WAL disk of a node: of PostgreSQL, also under Iceberg Metastore
    Диск WAL узла: для PostgreSQL, в том числе у Iceberg Metastore"""


class Spec(Record):
    """A product, its nodes, and what the platform adds."""

    product: Product
    """Product: dlh = data lakehouse, the sum of its parts
    Продукт: dlh — Data Lakehouse, сумма своих частей"""
    nodes: tuple[Node, ...]
    """Nodes
    Узлы"""
    service_resources: tuple[Shape, ...] = ()
    """Service resources: nodes added to the platform's own cluster
    Сервисные ресурсы: узлы, добавленные в собственный кластер платформы"""
    service_load_balancers: Annotated[Count, Field(ge=0, le=100)] | None = None
    """Service load balancers: one for each product unless given
    Сервисные балансировщики: по умолчанию один на продукт"""
    system_disk_gb: Amount | None = None
    """System disk of a node, GB: 10 unless given, 0 leaves it out
    Системный диск узла, ГБ: по умолчанию 10, 0 — не учитывать"""
    public_ip: Annotated[Count, Field(ge=0, le=50)] = 0
    """Public IPv4: number of addresses
    Публичные IPv4: число адресов"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""

    @model_validator(mode="after")
    def _parts(self) -> Self:
        if not self.nodes:
            raise invalid(
                "nodes",
                Text(en="there are no nodes", ru="нет ни одного узла"),
                Text(en="describe at least one node", ru="опишите хотя бы один узел"),
            )
        named = [n.product for n in self.nodes]
        if self.product == "dlh" and None in named:
            raise invalid(
                "nodes.product",
                Text(
                    en="a node of a data lakehouse belongs to one of its parts",
                    ru="узел Data Lakehouse относится к одной из его частей",
                ),
                Text(
                    en=f"give the node's product: {', '.join(get_args(Part))}",
                    ru=f"укажите продукт узла: {', '.join(get_args(Part))}",
                ),
            )
        if self.product != "dlh" and any(p not in (None, self.product) for p in named):
            raise invalid(
                "nodes.product",
                Text(en=f"all nodes belong to {self.product}", ru=f"все узлы относятся к {self.product}"),
                Text(
                    en="remove the node's `product`, or choose `product: dlh`",
                    ru="уберите `product` узла или выберите `product: dlh`",
                ),
            )
        if any(n.shards > 1 and (n.product or self.product) != "clickhouse" for n in self.nodes):
            raise invalid(
                "nodes.shards",
                Text(en="only ClickHouse has shards", ru="шарды есть только у ClickHouse"),
                Text(en="remove `shards`", ru="уберите `shards`"),
            )
        return self


def card(product: str) -> str:
    """The card of the price list that a product's nodes are rated with.

    >>> card("trino"), card("kafka")
    ('trino', 'common')
    """
    return product if product in OWN_CARD else "common"


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Nodes × (cores, memory, disks) part by part, service resources, service load balancers, addresses."""
    system = SYSTEM_DISK_GB if spec.system_disk_gb is None else spec.system_disk_gb
    told: set[str] = set()
    zone = spec.zone or ""
    for node in spec.nodes:
        product = cast("str", node.product or spec.product)
        asked = {"card": card(product), "product": product, "node": node.role}
        assumed = _common_card(product) if asked["card"] == "common" and product not in told else None
        told.add(product)
        yield from _nodes(node, node.count * node.shards, asked, zone, assumed)
        if node.wal_disk is not None:
            yield _disk(node.wal_disk.type, node.wal_disk.size_gb * node.count * node.shards, asked, "wal", zone)
        if system:
            disk_type = node.disk.type if node.disk else SYSTEM_DISK_TYPE
            used = _disk(disk_type, system * node.count * node.shards, asked, "system", zone)
            first = spec.system_disk_gb is None and node is spec.nodes[0]
            yield used.model_copy(update={"assumption": _system_disk(system)}) if first else used
    for added in spec.service_resources:
        yield from _nodes(added, added.count, {"card": "service", "product": spec.product, "node": "service"}, zone)
    balancers = len(told) if spec.service_load_balancers is None else spec.service_load_balancers
    if balancers:
        assumed = _load_balancers(balancers) if spec.service_load_balancers is None else None
        yield Usage(meter="data_platform.service_load_balancer", dimensions={"product": spec.product}, level=balancers,
                    assumption=assumed)  # fmt: skip
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=spec.public_ip, zone=zone)


def _nodes(
    shape: Shape, count: int, asked: dict[str, str], zone: str, assumed: Assumption | None = None
) -> Iterator[Usage]:
    machine = {**asked, "cpu": shape.cpu or "ice-lake"}
    yield Usage(meter="data_platform.vcpu", dimensions=machine, level=shape.vcpu * count, zone=zone, assumption=assumed)
    yield Usage(meter="data_platform.ram", dimensions=machine, level=shape.ram_gb * count, zone=zone)
    if shape.disk is not None:
        yield _disk(shape.disk.type, shape.disk.size_gb * count, asked, "data", zone)


def _disk(disk_type: DiskType, size_gb: Decimal, asked: dict[str, str], use: str, zone: str) -> Usage:
    meter = disk_meter("data_platform.disk", disk_type)
    return Usage(meter=meter, dimensions={**asked, "use": use}, level=size_gb, zone=zone)


def _common_card(product: str) -> Assumption:
    reason = Text(
        en="the list has no card of its own for this product: the common card of Data Platform is taken",
        ru="у этого продукта нет своего раздела в прайс-листе: взяты общие цены Data Platform",
    )
    return Assumption(key="product", value=product, reason=reason, source=LIST)


def _system_disk(size_gb: Decimal) -> Assumption:
    reason = Text(
        en="system disks are charged; neither size nor type is documented: the data disk's type is taken, or SSD",
        ru="системные диски оплачиваются; ни размер, ни тип не описаны: взят тип диска данных или SSD",
    )
    return Assumption(key="system_disk_gb", value=plain(size_gb), reason=reason, source=DOCS)


def _load_balancers(count: int) -> Assumption:
    reason = Text(
        en="the list prices a service load balancer of the platform; how many an instance has is not documented",
        ru="в прайс-листе есть сервисный балансировщик платформы; сколько их у экземпляра, не описано",
    )
    return Assumption(key="service_load_balancers", value=str(count), reason=reason, source=LIST)
