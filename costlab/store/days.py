"""Which file has the say about which day.

A file claims days of a *scope* (a project; the account for what has no project) in a billing month of a provider. The
newest file that claims a day owns it; what an older one says of that day is kept on disk and shown no more, until the
newer file is forgotten. Everything here is arithmetic on ranges of days; nothing is stored: ownership follows from the
claims and the order of the imports, so it cannot go stale.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

Key = tuple[str, str, date]
"""Provider, scope, first day of the billing month."""
Range = tuple[int, int]
"""First and last day, as `date.toordinal()`."""
Days = dict[Key, list[Range]]
"""Ranges of a key in order, with a gap between each two."""

SCOPE = "coalesce(nullif(project, ''), account)"
_TIMED = """category = 'Usage' AND "start" IS NOT NULL AND "end" IS NOT NULL"""
# A charge of n days, one of them an hour longer or shorter where clocks change; never less than one.
_LENGTH = f"""CASE WHEN {_TIMED} THEN CAST(greatest(1, (epoch_us("end") - epoch_us("start") + 79200000000)
    // 86400000000) AS INTEGER) ELSE 1 END"""
_LAST = f"day + ({_LENGTH} - 1)"
_INSIDE = f"day <= last_day(period) AND {_LAST} >= period"
FIRST_DAY = f"CASE WHEN {_INSIDE} THEN greatest(day, period) ELSE day END"
LAST_DAY = f"CASE WHEN {_INSIDE} THEN least({_LAST}, last_day(period)) ELSE day END"
"""SQL over a row of charges: the days it stands for. A usage row may span several, within its billing month; a
purchase, tax or credit belongs to the day it begins on, however long what was bought will last."""


@dataclass(frozen=True)
class Ownership:
    """What one file still has the say about, and what newer files took from it."""

    owned: Days
    lost: Days


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, those that touch joined."""
    out: list[Range] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = out[-1][0], max(last, out[-1][1])
        else:
            out.append((first, last))
    return out


def both(one: list[Range], other: list[Range]) -> list[Range]:
    """Days in both; both in order."""
    out: list[Range] = []
    a = b = 0
    while a < len(one) and b < len(other):
        first, last = max(one[a][0], other[b][0]), min(one[a][1], other[b][1])
        if first <= last:
            out.append((first, last))
        if one[a][1] < other[b][1]:
            a += 1
        else:
            b += 1
    return out


def without(one: list[Range], other: list[Range]) -> list[Range]:
    """Days of the first that are not in the second; both in order."""
    out: list[Range] = []
    for first, last in one:
        start = first
        for cut_first, cut_last in other:
            if cut_last < start or cut_first > last:
                continue
            if cut_first > start:
                out.append((start, cut_first - 1))
            start = cut_last + 1
        if start <= last:
            out.append((start, last))
    return out


def meet(one: Days, other: Days) -> Days:
    """Days claimed by both."""
    found = {key: both(ranges, other[key]) for key, ranges in one.items() if key in other}
    return {key: ranges for key, ranges in found.items() if ranges}


def minus(one: Days, other: Days) -> Days:
    """Days claimed by the first only."""
    found = {key: without(ranges, other.get(key, [])) for key, ranges in one.items()}
    return {key: ranges for key, ranges in found.items() if ranges}


def joined(*many: Days) -> Days:
    """Days claimed by any."""
    out: dict[Key, list[Range]] = {}
    for key, ranges in chain.from_iterable(days.items() for days in many):
        out.setdefault(key, []).extend(ranges)
    return {key: merged(ranges) for key, ranges in out.items()}


def count(days: Days) -> int:
    """Days of all scopes; one day of two projects counts twice."""
    return sum(last - first + 1 for ranges in days.values() for first, last in ranges)


def shown(days: Days) -> str:
    """The first and last of them, for people: `2026-11-01 … 2026-11-30`."""
    first = min(first for ranges in days.values() for first, _ in ranges)
    last = max(last for ranges in days.values() for _, last in ranges)
    return str(date.fromordinal(first)) if first == last else f"{date.fromordinal(first)} … {date.fromordinal(last)}"


def ownership(claims: dict[int, Days]) -> dict[int, Ownership]:
    """Who owns what: bills by number, a higher one is newer."""
    taken: Days = {}
    found: dict[int, Ownership] = {}
    for bill in sorted(claims, reverse=True):
        mine = claims[bill]
        found[bill] = Ownership(owned=minus(mine, taken), lost=meet(mine, taken))
        for key, ranges in mine.items():
            taken[key] = merged([*taken.get(key, []), *ranges])
    return found


def rows(days: Days) -> Iterator[tuple[str, str, date, date, date]]:
    """Provider, scope, billing month, first and last day of each range."""
    for (provider, scope, period), ranges in days.items():
        for first, last in ranges:
            yield provider, scope, period, date.fromordinal(first), date.fromordinal(last)
