"""DDoS protection. Rule: «Архитектура»: a partner's service, sold on request."""

from collections.abc import Iterator
from typing import Any

from costlab.model.numbers import Period, Text
from costlab.model.scenario import Usage
from costlab.services.parts.quoted import Quoted, quoted

TITLE = Text(en="DDoS protection", ru="Защита от DDoS")
EXAMPLE: dict[str, Any] = {"quantity": 1}
Spec = Quoted


def usage(spec: Quoted, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Contracts over time, at the price of your offer."""
    yield from quoted("security.anti_ddos", spec)
