"""Cloud Monitoring. Rule: its page «Тарификация»: free, as basic monitoring is everywhere."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Monitoring", ru="Мониторинг")
EXAMPLE: dict[str, Any] = {"projects": 1}


class Spec(Record):
    """How many projects are watched."""

    projects: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Projects: metrics and dashboards are free
    Проекты: метрики и дашборды бесплатны"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Projects, at a documented price of nothing."""
    yield Usage(meter="operations.monitoring", amount=spec.projects)
