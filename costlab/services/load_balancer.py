"""A load balancer. Rule: «Cloud Networks. Балансировщики. Тарификация».

A standard one is a pair of instances and counts as one. A service one is made by Kubernetes clusters and by MySQL and
PostgreSQL clusters, which already include it; ask for it here only to price it apart. All those sections of the list
print the same price; this asks for the Kubernetes one.
"""

from collections.abc import Iterator
from typing import Any, Literal

from costlab.model.numbers import Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Load balancer", ru="Балансировщик нагрузки")
EXAMPLE: dict[str, Any] = {"kind": "standard"}


class Spec(Record):
    """Which kind of load balancer."""

    kind: Literal["standard", "service"] = "standard"
    """Kind: standard = ordered by you; service = made by a cluster
    Вид: standard — ваш; service — создаётся кластером"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """One load balancer over time."""
    if spec.kind == "service":
        yield Usage(meter="kubernetes.service_load_balancer", dimensions={"generation": "1"}, level=1)
    else:
        yield Usage(meter="network.load_balancer", dimensions={"kind": "standard"}, level=1)
