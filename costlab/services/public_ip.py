"""A public IPv4 address. Rule: «Cloud Networks. Тарификация».

A floating address and an address directly on a port of the external network are two meters with two prices. Both are
paid whether or not anything is attached. The external address of a router is free.
"""

from collections.abc import Iterator
from typing import Any, Literal

from costlab.model.numbers import Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Public IP", ru="Публичный IP")
EXAMPLE: dict[str, Any] = {"kind": "floating"}


class Spec(Record):
    """Which kind of address."""

    kind: Literal["floating", "port"] = "floating"
    """Kind: floating, or on a port of the external network
    Вид: плавающий или на порту внешней сети"""
    sdn: Literal["sprut", "neutron"] = "sprut"
    """SDN: the price is the same in both
    SDN: цена одинакова"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """One address over time."""
    yield Usage(meter="network.public_ipv4", dimensions={"kind": spec.kind, "sdn": spec.sdn}, level=1)
