"""Periods and schedules: from text to half-open stretches of whole minutes, on the region's clock."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from costlab.model.numbers import Period
from costlab.model.prices import Provider, Region
from costlab.model.scenario import Schedule

LIST_MONTH = "30d"
MAX_YEARS = 10
YEARS = range(2000, 2200)
"""Days outside are slips of the pen, and their neighbours may not exist."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.|/)(\d{4}-\d{2}-\d{2})\Z", re.ASCII)
_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?\Z", re.ASCII)


class PeriodError(ValueError):
    """A period or schedule that cannot be read; the text says what is expected."""


def parse_period(value: Any, provider: Provider, region: Region, today: date) -> Period:
    """Read `30d`, `2026-11`, `2026-11-01..2026-12-01` or `{start, end}` (end excluded).

    `30d` is the list month in force on `today`, counted from its midnight. Raises `PeriodError`.
    """
    if isinstance(value, dict):
        if set(value) != {"start", "end"}:
            raise PeriodError("30d | 2026-11 | {start: 2026-11-01, end: 2026-12-01}")
        return _span(parse_day(value["start"]), parse_day(value["end"]), region)
    text = str(value)
    if text == LIST_MONTH:
        start = midnight(today, region)
        return Period(start=start, end=start + timedelta(minutes=list_month_minutes(provider, today)))
    if match := _MONTH.match(text):
        try:
            first = parse_day(f"{text}-01")
        except PeriodError:
            raise PeriodError("2026-11") from None
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return _span(first, following, region)
    if match := _SPAN.match(text):
        return _span(parse_day(match[1]), parse_day(match[2]), region)
    raise PeriodError("30d | 2026-11 | 2026-11-01..2026-12-01")


def list_month_minutes(provider: Provider, day: date) -> int:
    """What the provider's price list calls a month on a day; before the first day that is known, as on that day."""
    known = [m for m in provider.list_month if m.effective <= day] or list(provider.list_month[:1])
    return known[-1].minutes


def month_starts(period: Period, region: Region) -> list[int]:
    """The minutes inside a period at which a calendar month of the region begins."""
    day = period.start.date().replace(day=1)
    starts: list[int] = []
    while day < period.end.date():
        day = (day + timedelta(days=31)).replace(day=1)
        starts.append(minute_of(day, region))
    first, last = (int(m.timestamp()) // 60 for m in (period.start, period.end))
    return [m for m in starts if first < m < last]


def parse_day(value: Any) -> date:
    """Read an ISO day. Raises `PeriodError`."""
    try:
        if not _DAY.match(str(value)):  # Python would also read 20261101 and 2026-W45-7
            raise PeriodError("2026-11-01")
        day = date.fromisoformat(str(value))
    except ValueError:
        raise PeriodError("2026-11-01") from None
    if day.year not in YEARS:
        raise PeriodError(f"{YEARS.start}…{YEARS.stop - 1}")
    return day


def today_in(region: Region) -> date:
    """Today on the region's clock, not the machine's."""
    return moment(int(datetime.now(UTC).timestamp()) // 60, region).date()


def midnight(day: date, region: Region) -> datetime:
    """The first moment of a day in a region."""
    return datetime.fromisoformat(f"{day.isoformat()}T00:00:00{region.utc_offset}")


def minute_of(day: date, region: Region) -> int:
    """The minute (since 1970, UTC) in which a day begins in a region."""
    return int(midnight(day, region).timestamp()) // 60


def moment(minute: int, region: Region) -> datetime:
    """A minute as a moment on the region's clock."""
    clock = datetime.fromisoformat(f"2000-01-01T00:00:00{region.utc_offset}").tzinfo
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(clock)


def _span(start: date, end: date, region: Region) -> Period:
    if not start < end or (end - start).days > MAX_YEARS * 366:
        raise PeriodError(f"start < end ≤ start + {MAX_YEARS * 366} × 24 h")
    return Period(start=midnight(start, region), end=midnight(end, region))


def parse_schedule(value: Any, period: Period) -> Schedule:
    """Read `always`, `stopped`, `{hours: 220}` or `{weekdays: "mon-fri 09-18"}`. Raises `PeriodError`."""
    if value in (None, "always"):
        return Schedule()
    if value == "stopped":
        return Schedule(kind="stopped")
    if isinstance(value, dict) and set(value) == {"hours"}:
        hours = value["hours"]
        if isinstance(hours, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", hours):
            hours = Decimal(hours)
        if not isinstance(hours, int | Decimal) or isinstance(hours, bool) or hours < 0:
            raise PeriodError("{hours: 220}")
        minutes = Decimal(hours) * 60
        if minutes > period.minutes or minutes != int(minutes):
            raise PeriodError(f"0 ≤ hours × 60 ≤ {period.minutes}")
        return Schedule(kind="hours", hours=Decimal(hours))
    if isinstance(value, dict) and set(value) == {"weekdays"}:
        return _weekdays(str(value["weekdays"]))
    raise PeriodError('always | stopped | {hours: 220} | {weekdays: "mon-fri 09-18"}')


def _weekdays(text: str) -> Schedule:
    expected = PeriodError('{weekdays: "mon-fri 09-18"}')
    days_text, _, hours_text = text.strip().lower().partition(" ")
    match = _HOURS.match(hours_text.strip())
    if not match:
        raise expected
    start = int(match[1]) * 60 + int(match[2] or 0)
    end = int(match[3]) * 60 + int(match[4] or 0)
    days: set[int] = set()
    for part in days_text.split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last or first) not in _DAYS:
            raise expected
        low, high = _DAYS.index(first), _DAYS.index(last or first)
        days.update(d % 7 for d in range(low, high + 1 if high >= low else high + 8))
    if not 0 <= start < end <= 24 * 60 or int(match[2] or 0) > 59 or int(match[4] or 0) > 59:  # noqa: PLR2004
        raise expected
    return Schedule(kind="weekdays", weekdays=tuple(sorted(days)), start_minute=start, end_minute=end)


def schedule_text(schedule: Schedule) -> Any:
    """A schedule as it is written in an estimate file."""
    if schedule.kind == "hours":
        return {"hours": f"{schedule.hours:f}"}
    if schedule.kind == "weekdays":
        days = ",".join(_DAYS[d] for d in schedule.weekdays)
        start, end = (f"{m // 60:02}:{m % 60:02}" for m in (schedule.start_minute, schedule.end_minute))
        return {"weekdays": f"{days} {start}-{end}"}
    return schedule.kind


def running_minutes(schedule: Schedule, period: Period) -> int:
    """Minutes an instance runs in a period."""
    if schedule.kind == "stopped":
        return 0
    if schedule.kind == "hours":
        assert schedule.hours is not None  # noqa: S101 (parse_schedule gave it)
        return int(schedule.hours * 60)
    if schedule.kind == "always":
        return period.minutes
    total = 0
    day = period.start.replace(hour=0, minute=0)
    while day < period.end:
        if day.weekday() in schedule.weekdays:
            start = max(period.start, day + timedelta(minutes=schedule.start_minute))
            end = min(period.end, day + timedelta(minutes=schedule.end_minute))
            total += max(0, int((end - start).total_seconds()) // 60)
        day += timedelta(days=1)
    return total
