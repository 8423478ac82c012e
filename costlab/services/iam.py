"""Identity and access: IAM, and Keystone as its API. Rule: its page «Тарификация»: free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="IAM and Keystone", ru="IAM и Keystone")
EXAMPLE: dict[str, Any] = {"users": 10}


class Spec(Record):
    """How many users."""

    users: Annotated[Count, Field(ge=1, le=100_000)] = 1
    """Users: people and service accounts, free
    Пользователи: люди и сервисные учётные записи, бесплатно"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Users, at a documented price of nothing."""
    yield Usage(meter="identity.iam", amount=spec.users)
