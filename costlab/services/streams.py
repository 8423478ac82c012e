"""Arenadata Streaming (Cloud Streams): legacy. Rule: VK Cloud documentation until 2023, page on types of clusters.

An Enterprise cluster has seven nodes: a master, three of NiFi, three of Kafka. A Community one has four: a master and
three with NiFi and Kafka together. No list of 2026 has it; whoever still runs one gives the price of a node.
"""

from collections.abc import Iterator
from typing import Any, Literal

from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Arenadata Streaming (legacy)", ru="Arenadata Streaming (устаревший)")
EXAMPLE: dict[str, Any] = {"edition": "enterprise"}
ROLES: dict[str, dict[str, int]] = {
    "enterprise": {"master": 1, "nifi": 3, "kafka": 3},
    "community": {"master": 1, "nifi-kafka": 3},
}
"""Edition → nodes of each role."""


class Spec(Record):
    """Edition and the price of a node."""

    edition: Literal["enterprise", "community"] = "enterprise"
    """Edition: Enterprise has 7 nodes, Community 4
    Редакция: Enterprise — 7 узлов, Community — 4"""
    public_ip: bool = False
    """Public address
    Публичный адрес"""
    monthly_price: Amount | None = None
    """Price of a node: from your contract or bill, per 30 days, disks and licence included
    Цена узла: из договора или счёта, за 30 дней, с дисками и лицензией"""


def nodes(edition: str) -> int:
    """How many nodes an edition has.

    >>> nodes("enterprise"), nodes("community")
    (7, 4)
    """
    return sum(ROLES[edition].values())


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """The nodes of the edition at the price of a node, and the address."""
    asked = {"edition": spec.edition}
    yield Usage(meter="streams.node", dimensions=asked, level=nodes(spec.edition), given=spec.monthly_price)
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1)
