"""DNS zones, public and private. Rule: «DNS. Тарификация»: zones, records and queries are free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="DNS", ru="DNS")
EXAMPLE: dict[str, Any] = {"zones": 3}


class Spec(Record):
    """How many zones."""

    zones: Annotated[Count, Field(ge=1, le=100_000)] = 1
    """Zones: public and private; zones, records and queries are free
    Зоны: публичные и приватные; зоны, записи и запросы бесплатны"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Zones, at a documented price of nothing."""
    yield Usage(meter="network.dns", amount=spec.zones)
