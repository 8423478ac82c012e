"""1C:Ready workplace (1C:GRM): per user of an application and day.

Rules: VK Cloud documentation, «1С:ГРМ. Тарификация». A whole calendar month is 30 days, whatever its length. The price
is made of the licence (60 %), infrastructure (30 %) and support (10 %). The first application of a kind has a trial
of 30 days, once. It is charged after the month, from the personal account, and is in no granular report.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import KOPECK, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="1C:Ready workplace", ru="1С:Готовое рабочее место")
EXAMPLE: dict[str, Any] = {"application": "accounting", "users": 5}

DAYS_A_MONTH = 30
SHARES = {"licence": Decimal("0.6"), "infrastructure": Decimal("0.3"), "support": Decimal("0.1")}
"""What the price is made of."""

Application = Literal[
    "accounting", "accounting-corp", "docflow", "docflow-corp", "hrm", "hrm-corp", "ka", "retail", "unf", "ut",
    "appeals", "contracts", "crm-prof", "crm-corp", "ut-crm",
]  # fmt: skip


class Spec(Record):
    """Which application and how many users."""

    application: Application
    """Application: hrm = payroll and personnel, ka = integrated automation, unf = small firm, ut = trade
    Приложение: hrm — ЗУП, ka — комплексная автоматизация, unf — УНФ, ut — управление торговлей"""
    users: Annotated[Count, Field(ge=1, le=100_000)]
    """Users
    Пользователи"""
    trial_days: Annotated[Count, Field(ge=0, le=30)] = 0
    """Trial days: days of the period that the trial covers; 30 once for the first application of a kind
    Пробные дни: дни периода в пробном доступе; 30 дней один раз для первого приложения каждого типа"""


def billed_days(start: date, end: date) -> int:
    """Days paid from `start` until before `end`: 30 for a whole month, at most 30 of a part of one.

    >>> billed_days(date(2026, 12, 1), date(2027, 1, 1)), billed_days(date(2027, 2, 1), date(2027, 3, 1))
    (30, 30)
    >>> billed_days(date(2026, 12, 20), date(2027, 1, 5))
    16
    """
    days, first = 0, start
    while first < end:
        month = first.replace(day=1)
        following = (month + timedelta(days=32)).replace(day=1)
        last = min(following, end)
        whole = first == month and last == following
        days += DAYS_A_MONTH if whole else min((last - first).days, DAYS_A_MONTH)
        first = last
    return days


def share(cost: Decimal | str, part: str) -> Decimal:
    """The licence, infrastructure or support in an amount, RUB; the parts sum to it, support takes the rest.

    >>> [str(share("1170", part)) for part in SHARES]
    ['702.00', '351.00', '117.00']
    """
    whole = Decimal(cost)
    if part == "support":
        return whole - share(whole, "licence") - share(whole, "infrastructure")
    # A split of money already charged, not a price: nothing is rated here.
    return (whole * SHARES[part]).quantize(KOPECK, ROUND_HALF_UP)


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """User-days of one application."""
    end = (period.end - timedelta(minutes=1)).date() + timedelta(days=1)
    days = max(billed_days(period.start.date(), end) - spec.trial_days, 0)
    yield Usage(meter="one_c.user", dimensions={"application": spec.application}, amount=Decimal(spec.users * days))
