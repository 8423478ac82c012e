"""VPN to other sites. Rule: «Виртуальные сети. Тарификация»: tunnels, traffic and the router's address are free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="VPN", ru="VPN")
EXAMPLE: dict[str, Any] = {"tunnels": 1}


class Spec(Record):
    """How many tunnels."""

    tunnels: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Tunnels: with their traffic, free
    Туннели: вместе с трафиком бесплатны"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Tunnels, at a documented price of nothing."""
    yield Usage(meter="network.vpn", amount=spec.tunnels)
