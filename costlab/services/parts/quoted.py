"""What is sold without a public price: a number of things, and the price of each from your offer."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from costlab.model.numbers import Amount, Count, Record
from costlab.model.scenario import Usage


class Quoted(Record):
    """How many, and the month price of one."""

    quantity: Annotated[Count, Field(ge=1, le=1000)] = 1
    """Units: links, addresses or contracts
    Единицы: подключения, адреса или договоры"""
    monthly_price: Amount | None = None
    """Price by request: of one per 30 days, from your offer, VAT included
    Цена по запросу: одной единицы за 30 дней, из предложения, с НДС"""


def quoted(meter: str, spec: Quoted) -> Iterator[Usage]:
    """That many of a meter for which the catalog has no public price."""
    yield Usage(meter=meter, level=spec.quantity, given=spec.monthly_price)
