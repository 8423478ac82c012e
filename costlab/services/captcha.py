"""Captcha. Rule: «Captcha. Тарификация»: an individual price per check; checks with the test header are free."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Captcha", ru="Капча")
EXAMPLE: dict[str, Any] = {"checks": 10000}


class Spec(Record):
    """Checks and their price, or the price of a contract."""

    checks: Annotated[Count, Field(ge=0, le=10**12)] = 0
    """Checks: in the period, without those of the test header
    Проверки: за период, без проверок с тестовым заголовком"""
    check_price: Amount | None = None
    """Price of a check: from your offer, VAT included
    Цена проверки: из предложения, с НДС"""
    monthly_price: Amount | None = None
    """Price by request: of a contract per 30 days, instead of the price of a check
    Цена по запросу: договора за 30 дней, вместо цены проверки"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Checks at the price of your offer, or a contract over time."""
    if spec.monthly_price is not None:
        yield Usage(meter="security.captcha", level=1, given=spec.monthly_price)
    else:
        yield Usage(meter="security.captcha_checks", amount=spec.checks, given=spec.check_price,
                    given_key="check_price")  # fmt: skip
