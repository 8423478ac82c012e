"""Anycast IP: one address in front of up to 8 targets. No tariff is documented, and that is not a price of zero."""

from collections.abc import Iterator
from typing import Any

from costlab.model.numbers import Period, Text
from costlab.model.scenario import Usage
from costlab.services.parts.quoted import Quoted, quoted

TITLE = Text(en="Anycast IP", ru="Anycast IP")
EXAMPLE: dict[str, Any] = {"quantity": 1}
Spec = Quoted


def usage(spec: Quoted, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Addresses over time, at the price you were told."""
    yield from quoted("network.anycast_ip", spec)
