"""Arenadata Hadoop (Big Data): legacy. Rules: VK Cloud documentation until March 2026, «Big Data. Тарификация».

Cores, memory, disks, backups and the licence were charged, ADCM, traffic and monitoring were not. A node has up to
eight data disks of 500 to 2000 GB; edge and monitoring nodes are optional; the head node gets a public address. No
list of 2026 has it; whoever still runs one gives the price of a node and of the licence.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Arenadata Hadoop (legacy)", ru="Arenadata Hadoop (устаревший)")
EXAMPLE: dict[str, Any] = {
    "licence": "community",
    "nodes": [
        {"role": "head", "count": 1},
        {"role": "worker", "count": 3, "disks": 2, "disk_gb": 1000},
    ],
}
Licence = Literal["community", "enterprise-full", "enterprise-limited", "enterprise-test"]


class Node(Record):
    """Nodes that do one thing."""

    role: Literal["head", "worker", "edge", "monitoring"]
    """Role: edge and monitoring nodes are optional
    Роль: узлы edge и monitoring необязательны"""
    count: Annotated[Count, Field(ge=1, le=500)] = 1
    """Nodes
    Узлы"""
    disks: Annotated[Count, Field(ge=0, le=8)] = 0
    """Data disks of a node: in its price, up to 8
    Диски данных узла: входят в его цену, до 8"""
    disk_gb: Annotated[Amount, Field(ge=500, le=2000)] | None = None
    """Size of a data disk, GB: 500 to 2000
    Размер диска данных, ГБ: от 500 до 2000"""
    monthly_price: Amount | None = None
    """Price of a node: from your contract or bill, per 30 days, disks included
    Цена узла: из договора или счёта, за 30 дней, с дисками"""


class Spec(Record):
    """Nodes, licence, and what they cost by contract."""

    nodes: tuple[Node, ...]
    """Nodes
    Узлы"""
    licence: Licence = "community"
    """Licence: all four were charged
    Лицензия: все четыре платные"""
    public_ip: bool = True
    """Public address: of the head node
    Публичный адрес: головного узла"""
    licence_monthly_price: Amount | None = None
    """Licence price: of the whole cluster, from your contract or bill, per 30 days
    Цена лицензии: всего кластера, из договора или счёта, за 30 дней"""

    @model_validator(mode="after")
    def _some_node(self) -> Self:
        if not self.nodes:
            fix = Text(en="describe at least one node", ru="опишите хотя бы один узел")
            raise invalid("nodes", Text(en="there are no nodes", ru="нет ни одного узла"), fix)
        return self


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Nodes by role at the price given, the licence, and the head node's address."""
    for node in spec.nodes:
        yield Usage(meter="hadoop.node", dimensions={"node": node.role}, level=node.count, given=node.monthly_price,
                    given_key="nodes.monthly_price")  # fmt: skip
    yield Usage(meter="hadoop.licence", dimensions={"edition": spec.licence}, level=1,
                given=spec.licence_monthly_price, given_key="licence_monthly_price")  # fmt: skip
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1)
