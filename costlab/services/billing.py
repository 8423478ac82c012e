"""The personal account: balance, reports, documents. Rule: its page «Тарификация»: free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Personal account and billing", ru="Личный кабинет и биллинг")
EXAMPLE: dict[str, Any] = {"accounts": 1}


class Spec(Record):
    """How many accounts."""

    accounts: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Accounts: balance, reports and closing documents are free
    Учётные записи: баланс, отчёты и закрывающие документы бесплатны"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Accounts, at a documented price of nothing."""
    yield Usage(meter="operations.billing", amount=spec.accounts)
