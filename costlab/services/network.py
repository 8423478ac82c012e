"""Virtual networks. Rule: «Виртуальные сети. Тарификация».

Networks, subnets, routers with their external address, security groups and traffic are free. What costs money hangs
on a network and is a service of its own: public addresses, standard load balancers, Object Storage and CDN traffic.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Virtual network", ru="Виртуальная сеть")
EXAMPLE: dict[str, Any] = {"networks": 1, "routers": 1, "egress_gb": 100}


class Spec(Record):
    """Networks, routers and the traffic of what stands in them."""

    networks: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Networks: with their subnets and security groups, free
    Сети: вместе с подсетями и группами безопасности бесплатны"""
    routers: Annotated[Count, Field(ge=0, le=1000)] = 0
    """Routers: with the external address, free
    Маршрутизаторы: вместе с внешним адресом бесплатны"""
    ingress_gb: Amount = Decimal(0)
    """Incoming traffic, GB: in the period, free
    Входящий трафик, ГБ: за период, бесплатен"""
    egress_gb: Amount = Decimal(0)
    """Outgoing traffic, GB: of servers, clusters and databases in the period, free
    Исходящий трафик, ГБ: серверов, кластеров и баз данных за период, бесплатен"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Networks, routers and traffic, each at a documented price of nothing."""
    yield Usage(meter="network.network", amount=spec.networks)
    counted = {"router": spec.routers, "ingress": spec.ingress_gb, "egress": spec.egress_gb}
    yield from (Usage(meter=f"network.{name}", amount=amount) for name, amount in counted.items() if amount)
