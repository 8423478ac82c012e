"""The event log (Cloud Audit). Rule: its page «Тарификация»: free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Audit", ru="Аудит")
EXAMPLE: dict[str, Any] = {"projects": 1}


class Spec(Record):
    """How many projects are logged."""

    projects: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Projects: whose event log is kept, free
    Проекты: журнал действий ведётся бесплатно"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Projects, at a documented price of nothing."""
    yield Usage(meter="operations.audit", amount=spec.projects)
