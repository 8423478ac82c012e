"""Which backup copies are kept, and how many gigabytes they hold over time. Nothing here knows a price.

Rules: VK Cloud documentation, Cloud Backup, pages on the limit of copies (forward-incremental) and on GFS. Both run
after each successful backup. Where the pages are silent, the reading taken is said at the function.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
LONGEST_MONTH, LONGEST_YEAR = timedelta(days=31), timedelta(days=366)
_WEEK = timedelta(days=7)


class Copy(NamedTuple):
    """A backup copy: the number of its run, the moment of it, and for an increment the run of its full copy."""

    number: int
    at: datetime
    base: int | None = None
    succeeded: bool = True
    tag: str = ""
    """GFS: `yearly`, `monthly` or `weekly`, given to a successful full copy when it is made."""

    @property
    def full(self) -> bool:
        """A full copy, which increments build on."""
        return self.base is None


@dataclass(frozen=True)
class Limit:
    """Forward-incremental retention: so many successful full copies."""

    full_copies: int


@dataclass(frozen=True)
class Gfs:
    """Grandfather-father-son: how many weeks, calendar months and calendar years (the current one included)."""

    weeks: int
    months: int
    years: int


Policy = Limit | Gfs


def kept(copies: Sequence[Copy], policy: Policy) -> list[Copy]:
    """The copies that stay after the last one of `copies` was made; oldest first."""
    return _within_limit(copies, policy.full_copies) if isinstance(policy, Limit) else _by_age(copies, policy)


def _within_limit(copies: Sequence[Copy], maximum: int) -> list[Copy]:
    """The documented three steps, on full copies; an increment goes with its full copy.

    1. More successful copies than the maximum: the oldest of them go. 2. More copies in all than the maximum: failed
    ones made before the oldest successful one go. 3. No successful copy at all: the oldest failed ones beyond the
    maximum go.
    """
    fulls = [c for c in copies if c.full]
    good, failed = [c for c in fulls if c.succeeded], [c for c in fulls if not c.succeeded]
    surplus = max(len(good) - maximum, 0)
    good = good[surplus:]
    if len(good) + len(failed) > maximum and good:
        failed = [c for c in failed if c.number > good[0].number]
    if not good:
        failed = failed[max(len(failed) - maximum, 0) :]
    stay = {c.number for c in (*good, *failed)}
    return [c for c in copies if (c.number if c.base is None else c.base) in stay]


def _by_age(copies: Sequence[Copy], policy: Gfs) -> list[Copy]:
    """GFS: a full copy has one tag, and the tag says how long it stays; increments stay as weekly copies do.

    The first successful full copy of a calendar year is the yearly one, else the first of a calendar month the monthly
    one, else it is weekly (a level kept for 0 is not given). Readings of ours: a week is over after 7 days and not on a
    Sunday; months are counted like years, the current one included; increments of a monthly or yearly copy stay until
    the weeks are over, or the last days could not be restored. The newest chain always stays.
    """
    if not copies or not copies[-1].succeeded:
        return list(copies)
    *earlier, last = copies
    if last.full and not last.tag:
        last = last._replace(tag=_tag(last, earlier, policy))
    marked = [*earlier, last]
    newest = max((c.number for c in marked if c.full and c.succeeded), default=None)
    now = last.at

    def stays(copy: Copy) -> bool:
        if newest in (copy.number, copy.base):
            return True
        if copy.tag == "yearly":
            return now.year - copy.at.year < policy.years
        if copy.tag == "monthly":
            return _months(now) - _months(copy.at) < policy.months
        return now - copy.at < policy.weeks * _WEEK

    by_age = [c for c in marked if stays(c)]
    bases = {c.number for c in by_age if c.full}
    return [c for c in by_age if c.full or c.base in bases]


def _tag(copy: Copy, earlier: Sequence[Copy], policy: Gfs) -> str:
    """The tag of a new copy. A first one of its year or month still exists while these last, so no other is taken."""
    tagged = [c for c in earlier if c.tag]
    if policy.years and all(c.at.year != copy.at.year for c in tagged):
        return "yearly"
    if policy.months and all(_months(c.at) != _months(copy.at) for c in tagged):
        return "monthly"
    return "weekly"


def _months(day: datetime) -> int:
    return day.year * 12 + day.month


def keeps(outcomes: str, maximum: int, number: int) -> bool:
    """Whether copy `number` is still there after full copies with these outcomes (S success, F failure).

    >>> [number for number in range(1, 7) if keeps("FSSFFS", 2, number)]
    [3, 4, 5, 6]
    """
    start = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
    copies: list[Copy] = []
    for run, outcome in enumerate(outcomes, 1):
        made = Copy(run, start + run * _WEEK, succeeded=outcome == "S")
        copies = kept([*copies, made], Limit(maximum))
    return number in {c.number for c in copies}


@dataclass(frozen=True)
class Plan:
    """When copies are made: every so many hours from `start` on, full ones every so many days, increments between."""

    start: datetime
    every_hours: int
    full_every_days: int
    policy: Policy

    def runs(self, until: datetime) -> Iterator[Copy]:
        """The runs from the start until a moment, which is excluded."""
        step, cycle = timedelta(hours=self.every_hours), timedelta(days=self.full_every_days)
        at, number, base, due = self.start, 0, 0, self.start
        while at < until:
            number += 1
            if at >= due:
                base, due = number, due + cycle * ((at - due) // cycle + 1)
            yield Copy(number, at, None if base == number else base)
            at += step


def since_full(policy: Policy, every_hours: int, full_every_days: int) -> timedelta:
    """How long a plan has been running, in whole cycles of full copies, when its retention is full."""
    cycle = timedelta(days=full_every_days)
    if isinstance(policy, Limit):
        needed = cycle * policy.full_copies
    else:
        needed = max(policy.weeks * _WEEK, policy.months * LONGEST_MONTH, policy.years * LONGEST_YEAR)
    needed += timedelta(hours=every_hours)
    return cycle * -(-needed // cycle)


def stored(plan: Plan, start: datetime, end: datetime, size_gb: Callable[[Copy], Decimal]) -> tuple[int, Decimal]:
    """Runs in [start, end) and what the copies hold in that time, in GB x minutes.

    A copy counts from the minute of its run to the run whose retention deletes it. Every run succeeds: failed ones
    cost nothing.
    """
    copies: list[Copy] = []
    held = total = Decimal(0)
    count = 0
    horizon = start - _reach(plan)
    relevant = [c for c in plan.runs(end) if c.full or c.at >= horizon]
    for made, stop in zip(relevant, [*(c.at for c in relevant[1:]), end], strict=True):
        if _due(copies, made, plan.policy):
            copies = kept([*copies, made], plan.policy)
            held = sum((size_gb(c) for c in copies), Decimal(0))
        else:
            copies.append(made)
            held += size_gb(made)
        total += held * max((stop - max(made.at, start)) // MINUTE, 0)
        count += made.at >= start
    return count, total


def _reach(plan: Plan) -> timedelta:
    """How long before a moment an increment may have been made that still exists then."""
    cycle = timedelta(days=plan.full_every_days)
    if isinstance(plan.policy, Limit):
        return cycle * (plan.policy.full_copies + 1)
    return plan.policy.weeks * _WEEK + cycle


def _due(copies: Sequence[Copy], made: Copy, policy: Policy) -> bool:
    """Whether a run can delete anything: an increment only when the oldest is over age, or a month or year is."""
    if made.full or isinstance(policy, Limit):
        return made.full
    if _months(made.at) != _months(copies[-1].at):
        return True
    oldest = next((c for c in copies if not c.full or c.tag == "weekly"), made)
    return made.at - oldest.at >= policy.weeks * _WEEK
