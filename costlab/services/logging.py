"""Cloud Logging. Rule: its page «Тарификация»: free."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Logging", ru="Логирование")
EXAMPLE: dict[str, Any] = {"ingested_gb": 50}


class Spec(Record):
    """How much is logged."""

    ingested_gb: Amount = Decimal(0)
    """Log records, GB: taken in during the period, free
    Записи журналов, ГБ: принято за период, бесплатно"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Gigabytes taken in, at a documented price of nothing."""
    yield Usage(meter="operations.logging", amount=spec.ingested_gb)
