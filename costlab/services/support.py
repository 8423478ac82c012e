"""Technical support and Professional Services. Rules: «Техническая поддержка», terms of the startup programme.

Basic support is free; anything more, and works done to order, has no public price.
"""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import model_validator

from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Technical support", ru="Техническая поддержка")
EXAMPLE: dict[str, Any] = {"plan": "basic"}


class Spec(Record):
    """Which support, and its price where it has one."""

    plan: Literal["basic", "extended", "professional-services"] = "basic"
    """Plan: basic is free; the others are priced by request
    План: базовая поддержка бесплатна; остальное — по запросу"""
    monthly_price: Amount | None = None
    """Price by request: per 30 days, from your offer, VAT included
    Цена по запросу: за 30 дней, из предложения, с НДС"""

    @model_validator(mode="after")
    def _priced_once(self) -> Self:
        if self.plan == "basic" and self.monthly_price is not None:
            reason = Text(en="basic support is free", ru="базовая поддержка бесплатна")
            fix = Text(en="remove it, or choose another `plan`", ru="уберите её или выберите другой `plan`")
            raise invalid("monthly_price", reason, fix)
        return self


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """One plan over time."""
    yield Usage(meter="operations.support", dimensions={"plan": spec.plan}, level=1, given=spec.monthly_price)
