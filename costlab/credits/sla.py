"""What a provider owes for downtime: credits by service, from minutes not available and money paid.

Rules: `price_catalog/<provider>/facts/sla.yaml`. A credit is a share of what a service took from the personal account
in the calendar month; bonuses spent do not count, and it is paid as bonuses. The published table has a column of
minutes and a column of percent of 43,800 minutes that do not quite agree: the minutes decide, both are computed, and
where they differ (or an edge between two rows is met exactly) the credit says so.

A share of money is no price times a quantity: it is taken here, in whole kopecks, half up.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from costlab.catalog.loading import Catalog, load_catalog
from costlab.model.numbers import KOPECK, Amount, Number, Period, Problem, Record, exact

FACTS = "sla"
_NOTHING = Decimal("0.00")
Status = Literal["credit", "none", "no_sla", "data_loss"]


class Step(Record):
    """A row of the table: from so many minutes (or only `after` them), below so much availability, such a share."""

    minutes: Number
    below: Number
    share: Number
    after: bool = False


class Sla(Record):
    """A provider's promise."""

    target: Number
    month_minutes: int
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    none: tuple[str, ...] = ()
    data_loss: tuple[str, ...] = ()
    claim_working_days: int
    announced_hours: int
    source: str


class Outage(Record):
    """What a service cost in a calendar month, how much of that bonuses paid, and how long it did not work."""

    service: str
    spent: Amount
    """Taken for the service in the month, from all accounts."""
    bonuses: Amount = Decimal(0)
    """Of that, paid with bonuses."""
    downtime_minutes: Amount = Decimal(0)
    """Confirmed downtime of the month, without maintenance announced in time."""
    beta: bool = False
    """Beta services have no SLA."""
    data_lost: bool = False
    """Stored objects were lost."""


class Credit(Record):
    """What is owed for one service. `amount` follows the minutes, `amount_by_percent` the percent column."""

    service: str
    status: Status
    spent: Decimal
    personal: Decimal
    """What credits are a share of: paid from the personal account."""
    downtime_minutes: Decimal
    availability: Decimal
    """Share of the table's month, at six decimals, cut: only for reading."""
    share: Decimal
    share_by_percent: Decimal
    amount: Decimal
    amount_by_percent: Decimal

    @property
    def differs(self) -> bool:
        """Whether the two columns of the table give different credits."""
        return self.share != self.share_by_percent


class Credits(Record):
    """Credits of a month: Σ services = `total`; `problems` are what must be known before claiming."""

    currency: str
    credits: tuple[Credit, ...]
    problems: tuple[Problem, ...]
    claim_working_days: int
    source: str

    @property
    def total(self) -> Decimal:
        """Sum of the credits, by the minutes."""
        return sum((c.amount for c in self.credits), _NOTHING)

    @property
    def total_by_percent(self) -> Decimal:
        """The same by the percent column."""
        return sum((c.amount_by_percent for c in self.credits), _NOTHING)


def sla_of(catalog: Catalog) -> Sla | None:
    """The provider's promise; None when none is known."""
    data = catalog.facts(FACTS)
    return Sla.model_validate(data) if data else None


def share_by_minutes(sla: Sla, minutes: Decimal) -> Decimal:
    """The credit's share by the table's column of minutes: a row begins with its first minute, the last one after."""
    met = [s.share for s in sla.steps if (minutes > s.minutes if s.after else minutes >= s.minutes)]
    return met[-1] if met else Decimal(0)


def share_by_percent(sla: Sla, minutes: Decimal) -> Decimal:
    """The credit's share by the table's column of percent, of a month that always has 43,800 minutes."""
    working = 1 - Fraction(minutes) / sla.month_minutes
    met = [s.share for s in sla.steps if working < Fraction(s.below)]
    return met[-1] if met else Decimal(0)


def on_edge(sla: Sla, minutes: Decimal) -> bool:
    """Whether a time is exactly where one row ends and the next begins, which the table leaves open."""
    working = 1 - Fraction(minutes) / sla.month_minutes
    return any(minutes == s.minutes or working == Fraction(s.below) for s in sla.steps)


def credit(sla: Sla, outage: Outage) -> Credit:
    """What is owed for one service; never more than was paid for it."""
    with exact():
        spent, bonuses = outage.spent, min(outage.bonuses, outage.spent)
        minutes, personal = outage.downtime_minutes, spent - bonuses
        shares = share_by_minutes(sla, minutes), share_by_percent(sla, minutes)
        base, status = personal, "credit" if any(shares) else "none"
        if outage.beta or outage.service in sla.none:
            shares, status = (Decimal(0), Decimal(0)), "no_sla"
        elif outage.data_lost and outage.service in sla.data_loss:
            shares, status, base = (Decimal(1), Decimal(1)), "data_loss", spent
        amounts = [min((base * s).quantize(KOPECK, ROUND_HALF_UP), base) for s in shares]
        working = max(1 - minutes / sla.month_minutes, Decimal(0)) if sla.month_minutes else Decimal(0)
        return Credit(
            service=outage.service,
            status=status,
            spent=spent,
            personal=personal,
            downtime_minutes=minutes,
            availability=Decimal(int(working.scaleb(6))).scaleb(-6),
            share=shares[0],
            share_by_percent=shares[1],
            amount=amounts[0],
            amount_by_percent=amounts[1],
        )


def owed(spent: Number, bonuses: Number, minutes: Number, reading: str = "minutes", provider: str = "vk") -> Decimal:
    """The credit for one service, by the table's `minutes` or by its `percent`.

    >>> owed(Decimal(10_000), Decimal(4_000), Decimal(30))
    Decimal('180.00')
    """
    sla = sla_of(load_catalog(provider))
    if sla is None:
        raise ValueError(f"no SLA is known of {provider}")
    outage = Outage(service="", spent=Decimal(spent), bonuses=Decimal(bonuses), downtime_minutes=Decimal(minutes))
    found = credit(sla, outage)
    return found.amount if reading == "minutes" else found.amount_by_percent


def credits_of(sla: Sla, outages: Iterable[Outage], currency: str, source: str = "") -> Credits:
    """Credits of every service, with warnings: readings that differ, edges, services without a promise."""
    outages = tuple(outages)
    found = tuple(credit(sla, o) for o in outages)
    problems = [p for o, c in zip(outages, found, strict=True) for p in _warnings(sla, o, c, source)]
    return Credits(
        currency=currency,
        credits=found,
        problems=tuple(problems),
        claim_working_days=sla.claim_working_days,
        source=sla.source,
    )


def _warnings(sla: Sla, outage: Outage, found: Credit, source: str) -> Iterable[Problem]:
    def told(code: str, **args: str) -> Problem:
        return Problem(code=code, source=source, subject=outage.service, args=args)

    if outage.bonuses > outage.spent:
        yield told("more_bonuses_than_spent", bonuses=f"{outage.bonuses:f}", spent=f"{outage.spent:f}")
    if outage.data_lost and found.status != "data_loss":
        yield told("no_data_loss_credit", services=", ".join(sla.data_loss))
    if found.status == "no_sla":
        yield told("no_sla")
    elif found.status != "data_loss":
        minutes = f"{outage.downtime_minutes:f}"
        if found.differs:
            yield told("sla_readings_differ", minutes=minutes, one=_percent(found.share),
                       other=_percent(found.share_by_percent))  # fmt: skip
        elif on_edge(sla, outage.downtime_minutes):
            yield told("sla_edge", minutes=minutes)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def month_of(outage: Period) -> date:
    """First day of the calendar month an outage belongs to: all of it to the one with its larger part.

    The agreement says nothing of equal parts: the earlier month is taken.
    """
    edges = [outage.start, *_month_starts(outage), outage.end]
    parts = [(later - earlier, -n) for n, (earlier, later) in enumerate(pairwise(edges))]
    longest = -max(parts)[1]
    return edges[longest].date().replace(day=1)


def _month_starts(period: Period) -> Iterable[datetime]:
    month = period.start.replace(day=1, hour=0, minute=0)
    while True:
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
        if month >= period.end:
            return
        yield month
