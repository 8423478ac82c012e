"""SQL for when each row was: its day, its billing month, and what it covers where that is not the whole day.

Texts are distinct far fewer times than rows: Python reads each once. Moments in plain ISO form are left to SQL, for an
hourly bill of many resources may hold a million of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from costlab.bills.reading.columns import Rules
from costlab.bills.reading.moments import billing_month, month_order, parse_moment, parse_span, span_in
from costlab.bills.reading.profile import Profile
from costlab.bills.reading.values import day_order, parse_day, stray_days
from costlab.errors import InputError
from costlab.files.tables import Table
from costlab.model.numbers import Problem

_ISO = r"20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?Z?"
_NAIVE = pa.timestamp("us")
_EMPTY = "('', '-', '—', 'null', 'none', 'n/a')"
_SOURCES = ("day", "start", "period")
"""Fields a day is read from, the first that has a column."""


@dataclass
class When:
    """SQL over `raw` and the joins; `day` and `period` are dates, `start` and `end` naive timestamps in UTC."""

    day: str
    period: str
    start: str = "NULL::TIMESTAMP"
    end: str = "NULL::TIMESTAMP"
    joins: list[str] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)
    """Condition and field of what makes a row no charge, beside `day IS NULL`."""
    source: str = ""
    """The field the day is read from; "" when it is said for the whole file."""
    notes: dict[str, int] = field(default_factory=dict)


@dataclass
class Times:
    """The columns of a file that say when, and how to ask its rows."""

    columns: dict[str, str]
    """Field → column of the view `raw`."""
    table: Table
    profile: Profile
    rules: Rules
    ask: Callable[[str], list[tuple[Any, ...]]]
    create_lookup: Callable[[str, dict[str, Any], Any], None]
    """Makes a small table `k`, `v` of a name, pairs and the type of `v`."""
    offset: Callable[[], timedelta]
    """The clock of the days; asked for only where a text needs it."""
    order: str = ""
    texts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Every distinct text of the columns that were looked at already."""

    def when(self) -> When:
        """How the rows say when they were. Raises `InputError` when day and month cannot be told apart."""
        source = next((f for f in _SOURCES if f in self.columns), "")
        if not source:
            return self._said()
        self.order = self._order(source)
        found = {"day": self._days, "start": self._moments, "period": self._months}[source]()
        found.source = source
        if "period" in self.columns and source != "period":
            self._period(found)
        return found

    @property
    def _serial(self) -> date | bool:
        """The day a sheet counts its days from; in a file of text a number is a day only where a person says so."""
        return self.table.epoch or self.profile.dates == "serial"

    def _order(self, source: str) -> str:
        if self.profile.dates in ("dmy", "mdy"):
            return self.profile.dates
        bounds = [f"c{n}" for n, h in enumerate(self.table.header) if h.strip() in self.rules.month_bounds]
        if decided := month_order(t for c in bounds for t in self._distinct(c)):
            return decided
        asked = [self.columns[f] for f in ("day", "start", "end", "period") if f in self.columns]
        order, example = day_order([t for c in asked for t in self._distinct(c)])
        order = order or self.rules.dates
        if not order and example:
            header = self.table.header[int(self.columns[source][1:])]
            args = {"column": header, "value": example}
            raise InputError(Problem(code="ambiguous_dates", source=self.table.source, args=args))
        return order

    def _distinct(self, column: str, *, iso: bool = False) -> list[str]:
        """The texts of a column; moments in plain ISO form only when asked for."""
        if column in self.texts:
            return [t for t in self.texts[column] if iso or not re.fullmatch(_ISO, t)]
        where = "" if iso else f" WHERE NOT regexp_full_match({column}, '{_ISO}')"
        return [t for [t] in self.ask(f"SELECT DISTINCT {column} FROM raw{where}")]

    def _join(self, when: When, name: str, column: str, pairs: dict[str, Any], kind: Any) -> None:
        self.create_lookup(name, pairs, kind)
        when.joins.append(f"LEFT JOIN {name} ON {name}.k = {column}")

    def _days(self) -> When:
        column = self.columns["day"]
        when = When("days.v", "CAST(date_trunc('month', days.v) AS DATE)")
        days: dict[str, date | None] = {}
        spans: dict[str, tuple[date, date]] = {}
        timed = 0
        for text in self._distinct(column, iso=True):
            day = parse_day(text, self.order, self.offset, serial=self._serial)
            span = parse_span(text, self.order) if day is None and self.rules.spans else None
            days[text] = day[0] if day else span[0] if span else None
            timed += day is not None and day[1]
            if span and span[1] - span[0] > timedelta(days=1):
                spans[text] = span
        far = stray_days(d for d in days.values() if d)
        self._join(when, "days", column, {t: None if d in far else d for t, d in days.items()}, pa.date32())
        if timed:
            when.notes["time_dropped"] = timed
        if spans:
            self._covers(when, column, dict(spans))
        return when

    def _covers(self, when: When, column: str, spans: dict[str, tuple[date, date] | None]) -> None:
        """What the rows cover, from spans of days."""
        for name, place in (("span_start", 0), ("span_end", 1)):
            self._join(when, name, column, {t: s and self._utc(s[place]) for t, s in spans.items()}, _NAIVE)
        when.start, when.end = "span_start.v", "span_end.v"

    def _moments(self) -> When:
        moments, clock = When("", ""), int(self.offset().total_seconds())
        said = timedelta(0) if self.rules.utc else self.offset()
        sql = {"end": "NULL::TIMESTAMP"}
        for name in ("start", "end"):
            if column := self.columns.get(name):
                parsed = {t: parse_moment(t, self.order, said, serial=self._serial) for t in self._distinct(column)}
                naive = {t: m.replace(tzinfo=None) if m else None for t, m in parsed.items()}
                self._join(moments, f"{name}s", column, naive, _NAIVE)
                plain = f"TRY_CAST(replace(replace({column}, 'T', ' '), 'Z', '') AS TIMESTAMP)"
                in_utc = f"{plain} - to_seconds(if(ends_with({column}, 'Z'), 0, {int(said.total_seconds())}))"
                sql[name] = f"(CASE WHEN regexp_full_match({column}, '{_ISO}') THEN {in_utc} ELSE {name}s.v END)"
        start, end = sql["start"], sql["end"]
        local = f"({start} + to_seconds({clock}))"
        whole = f"({local} = date_trunc('day', {local}) AND coalesce({end} = {start} + to_days(1), true))"
        moments.day = f"if(year({local}) BETWEEN 2010 AND 2099, CAST({local} AS DATE), NULL)"
        moments.period = f"CAST(date_trunc('month', {local}) AS DATE)"
        moments.start, moments.end = (f"CASE WHEN NOT {whole} THEN {s} END" for s in (start, end))
        if "end" in self.columns:
            # An impossible end costs the row nothing: the money and the day stand.
            unread_where = f"WHERE {end} IS NULL AND {_filled(self.columns['end'])}"
            [[unread]] = self.ask(f"SELECT count(*) FROM raw {' '.join(moments.joins)} {unread_where}")
            if unread:
                moments.notes["ends_unread"] = unread
        return moments

    def _months(self) -> When:
        """Rows that say their billing month and no day: each covers the month."""
        column = self.columns["period"]
        spans = {t: self._month(t) for t in self._distinct(column, iso=True)}
        when = When("months.v", "CAST(date_trunc('month', months.v) AS DATE)")
        self._join(when, "months", column, {t: s and s[0] for t, s in spans.items()}, pa.date32())
        self._covers(when, column, spans)
        return when

    def _said(self) -> When:
        """One span for every row: from the profile, else from the rows above the header."""
        span = parse_span(self.profile.period, "") if self.profile.period else None
        if span is None and self.rules.spans:
            span = span_in(self.table.above)
        if span is None:
            args = {"missing": "day", "seen": ", ".join(h.strip() for h in self.table.header if h.strip())[:300]}
            raise InputError(
                Problem(code="no_header", source=self.table.source, line=self.table.header_line, args=args)
            )
        start, end = (f"TIMESTAMP '{self._utc(day)}'" for day in span)
        return When(f"DATE '{span[0]}'", f"DATE '{span[0].replace(day=1)}'", start, end)

    def _period(self, when: When) -> None:
        """The billing month from its own column; an empty cell leaves the month of the day."""
        column = self.columns["period"]
        months = {t: self._month(t) for t in self._distinct(column, iso=True)}
        firsts = {t: m[0].replace(day=1) if m else None for t, m in months.items()}
        self._join(when, "periods", column, firsts, pa.date32())
        when.bad.append((f"periods.v IS NULL AND {_filled(column)}", "period"))
        when.period = f"coalesce(periods.v, {when.period})"

    def _month(self, text: str) -> tuple[date, date] | None:
        if span := parse_span(text, self.order):
            return span
        moment = parse_moment(text, self.order, self.offset(), serial=self._serial)
        if moment is None:
            return None
        first = billing_month(moment)
        return first, (first + timedelta(days=31)).replace(day=1)

    def _utc(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day) - self.offset()  # noqa: DTZ001 (naive in UTC, as the table's type)


def _filled(column: str) -> str:
    return f"lower(trim({column})) NOT IN {_EMPTY}"
