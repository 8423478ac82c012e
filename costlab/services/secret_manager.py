"""Secret Manager. Rule: «Secret Manager. Тарификация»: free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Secret manager", ru="Менеджер секретов")
EXAMPLE: dict[str, Any] = {"secrets": 10}


class Spec(Record):
    """How many secrets."""

    secrets: Annotated[Count, Field(ge=1, le=1_000_000)] = 1
    """Secrets: stored and read for free
    Секреты: хранение и чтение бесплатны"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Secrets, at a documented price of nothing."""
    yield Usage(meter="security.secret_manager", amount=spec.secrets)
