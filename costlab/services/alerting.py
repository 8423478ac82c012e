"""Cloud Alerting. Rule: its page «Тарификация»: free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Alerting", ru="Оповещения")
EXAMPLE: dict[str, Any] = {"triggers": 10}


class Spec(Record):
    """How many triggers."""

    triggers: Annotated[Count, Field(ge=1, le=100_000)] = 1
    """Triggers: with their messages, free
    Триггеры: вместе с сообщениями бесплатны"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Triggers, at a documented price of nothing."""
    yield Usage(meter="operations.alerting", amount=spec.triggers)
