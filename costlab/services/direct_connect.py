"""Direct Connect: a link to your own site. Rule: «Direct Connect. Тарификация»: the price is individual."""

from collections.abc import Iterator
from typing import Any

from costlab.model.numbers import Period, Text
from costlab.model.scenario import Usage
from costlab.services.parts.quoted import Quoted, quoted

TITLE = Text(en="Direct Connect", ru="Direct Connect")
EXAMPLE: dict[str, Any] = {"quantity": 1}
Spec = Quoted


def usage(spec: Quoted, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Links over time, at the price of your offer."""
    yield from quoted("network.direct_connect", spec)
