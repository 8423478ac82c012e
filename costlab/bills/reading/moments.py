"""When a charge was: moments with a time of day, and spans written as one cell (`Июнь 2026`, `01.06-07.06.2026`)."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from costlab.bills.reading.values import parse_day

_MOMENT = re.compile(
    r"(?P<day>.*?[0-9])(?:[T ]+(?P<h>[0-9]{1,2}):(?P<m>[0-9][0-9])(?::(?P<s>[0-9][0-9])(?:[.,](?P<f>[0-9]{1,9}))?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9][0-9]:?[0-9][0-9])?)?\Z",
    re.IGNORECASE,
)
_EDGES = " \u00a0\u202f\u2009\u2007\t\r\n\ufeff"
_NUMBERS = re.compile(r"(?P<y>20[0-9]{2})[-./](?P<m>[0-9]{1,2})\Z|(?P<m2>[0-9]{1,2})[-./](?P<y2>20[0-9]{2})\Z")
_WORDS = re.compile(r"(?P<m>[а-яёa-z]{3,9})\.?,?\s+(?P<y>20[0-9]{2})(?:\s*г(?:\.|ода?)?)?\Z", re.IGNORECASE)
_YEAR = re.compile(r"(20[0-9]{2})(?:\s*г(?:\.|од)?)?\Z", re.IGNORECASE)
_WEEK = re.compile(r"(20[0-9]{2})-?W([0-9][0-9])\Z", re.IGNORECASE)
_FROM_TO = re.compile(
    r"(?:с|from)?\s*([0-9][0-9.\-/]*[0-9])\s*(?:-|–|—|\.\.|по|to|до)\s*([0-9][0-9.\-/]*[0-9])(?:\s*г\.?)?\Z",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})\Z")
_IN_TEXT = re.compile(
    r"[0-9][0-9.\-/]*[0-9]\s*(?:-|–|—|\.\.|по|to)\s*[0-9][0-9.\-/]*[0-9]|[а-яёa-z]{3,9}\.?,?\s+20[0-9]{2}",
    re.IGNORECASE,
)
_MONTHS = ("янв jan", "фев feb", "мар mar", "апр apr", "май мая may", "июн jun", "июл jul", "авг aug", "сен sep",
           "окт oct", "ноя nov", "дек dec")  # fmt: skip
_MONTH = {word: n for n, words in enumerate(_MONTHS, start=1) for word in words.split()}
_DECEMBER = 12


def parse_moment(text: str, order: str, clock: timedelta, *, serial: date | bool = False) -> datetime | None:
    """The moment a cell means, in UTC; a text without an offset is on the given clock. None for no moment."""
    match = _MOMENT.match(text.strip(_EDGES))
    day = parse_day(match["day"], order, lambda: clock, serial=serial) if match else None
    if match is None or day is None:
        return None
    zone = timezone(clock)
    if said := match["zone"]:
        sign = -1 if said.startswith("-") else 1
        digits = re.sub(r"\D", "", said) or "0000"
        zone = timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    try:
        micro = int((match["f"] or "0")[:6].ljust(6, "0"))
        local = datetime(
            day[0].year, day[0].month, day[0].day, int(match["h"] or 0), int(match["m"] or 0), int(match["s"] or 0),
            micro, zone,
        )  # fmt: skip
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_span(text: str, order: str) -> tuple[date, date] | None:
    """First day and the day after the last of a cell that names a month, a week, a year, or two days. None for none."""
    text = " ".join(text.strip(_EDGES).split())
    try:
        if match := _NUMBERS.match(text):
            return _month(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]))
        if (match := _WORDS.match(text)) and (month := _MONTH.get(match["m"].casefold()[:3])):
            return _month(int(match["y"]), month)
        if match := _YEAR.match(text):
            return date(int(match[1]), 1, 1), date(int(match[1]) + 1, 1, 1)
        if match := _WEEK.match(text):
            first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return first, first + timedelta(days=7)
        if match := _FROM_TO.match(text):
            return _between(match[1], match[2], order)
    except (ValueError, OverflowError):
        pass
    return None


def span_in(lines: Iterable[str]) -> tuple[date, date] | None:
    """The one span that the rows above a header name (`Период: 01.06.2026 - 30.06.2026`); None for none, or several."""
    found = {span for line in lines for m in _IN_TEXT.finditer(line) if (span := parse_span(m[0], "dmy")) is not None}
    return found.pop() if len(found) == 1 else None


def month_order(bounds: Iterable[str]) -> str:
    """`dmy` or `mdy`, whichever makes every one of these texts the first of a month; "" when both do, or none."""
    texts = [t for t in bounds if t.strip(_EDGES)]
    fits = [order for order in ("dmy", "mdy") if texts and all(_is_first(t, order) for t in texts)]
    return fits[0] if len(fits) == 1 else ""


def billing_month(start: datetime) -> date:
    """The month of a billing period; a start late in the evening of UTC is the next day on its own clock."""
    return (start + timedelta(hours=12)).date().replace(day=1)


def _is_first(text: str, order: str) -> bool:
    moment = parse_moment(text, order, timedelta(0))
    return moment is not None and moment.day == 1


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year + month // _DECEMBER, month % _DECEMBER + 1, 1)


def _between(first: str, last: str, order: str) -> tuple[date, date] | None:
    none: Callable[[], timedelta] = timedelta
    end = parse_day(last, order or "dmy", none, serial=False)
    if end is None:
        return None
    if match := _NO_YEAR.match(first):
        day, month = (int(match[2]), int(match[1])) if order == "mdy" else (int(match[1]), int(match[2]))
        start = date(end[0].year - (month > end[0].month), month, day)
    elif found := parse_day(first, order or "dmy", none, serial=False):
        start = found[0]
    else:
        return None
    return (start, end[0] + timedelta(days=1)) if start <= end[0] else None
