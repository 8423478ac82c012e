"""Bare Metal. Rule: «Bare Metal. Тарификация».

There is no public list: give the month price of your offer. An hour costs 1/720 of it, cut to the kopeck and then
multiplied by the hours from hand-over to release (199 919 a month: 277.66 an hour, 99 957.60 for 360 hours).
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Bare metal server", ru="Выделенный сервер")
EXAMPLE: dict[str, Any] = {"monthly_price": 199919}


class Spec(Record):
    """The price of the offer and the hours the server is kept."""

    monthly_price: Amount | None = None
    """Month price: of your offer, VAT included
    Цена месяца: из предложения, с НДС"""
    hours: Annotated[Count, Field(ge=1, le=100_000)] | None = None
    """Hours: from hand-over to release; the whole period unless given
    Часы: от выдачи до возврата; если не указано — весь период"""
    zone: str | None = None
    """Zone: servers stand in ME1
    Зона: серверы есть в ME1"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """Started hours of one server."""
    hours = spec.hours if spec.hours is not None else -(-period.minutes // 60)
    yield Usage(meter="compute.bare_metal", amount=hours, given=spec.monthly_price, zone=spec.zone or "")
