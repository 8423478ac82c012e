"""Questions asked of the store: what the faces call. The sums are the store's own, to the last digit."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from costlab.engine.exchange import Rates, convert, missing, originals
from costlab.engine.opening import opened
from costlab.errors import InputError
from costlab.model.bill import NUMBER
from costlab.model.numbers import Problem, Text, exact
from costlab.questions import SNAPSHOT_DAYS, Answer, Column, Grain, Question, Where, ask
from costlab.questions import card as asked_card
from costlab.questions import names as asked_names
from costlab.store import Offered, Store, create_charge_view, restatements

RESTATED = "restated"
"""The question that is answered from what the store remembers instead of the charges."""
_MONTHS = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_RESTATED = pa.schema(
    [
        ("bill", pa.int64()),
        ("source", pa.string()),
        ("project", pa.string()),
        ("day", pa.date32()),
        ("service", pa.string()),
        ("currency", pa.string()),
        ("charges_before", pa.int64()),
        ("charges_after", pa.int64()),
        ("before", NUMBER),
        ("after", NUMBER),
        ("delta", NUMBER),
    ]
)


_RESTATED_CARD = Question(
    title=Text(en="What later files changed", ru="Что изменили позднейшие файлы"),
    short=Text(en="Restatements", ru="Исправления"),
    about=Text(
        en="What later files changed in days that earlier ones had.",
        ru="Что позднейшие файлы изменили в днях прежних.",
    ),
    reads="the store's restatements",
    rule="a row for every project, day, service and currency whose charges a later file replaced",
    adds_up="nothing",
    columns={
        "bill": Column(kind="count", en="Import", ru="Загрузка"),
        "source": Column(en="File", ru="Файл"),
        "project": Column(),
        "day": Column(kind="date"),
        "service": Column(),
        "currency": Column(),
        "charges_before": Column(kind="count", en="Rows before", ru="Строк было"),
        "charges_after": Column(kind="count", en="Rows after", ru="Строк стало"),
        "before": Column(kind="money", en="Before", ru="Было"),
        "after": Column(kind="money", en="After", ru="Стало"),
        "delta": Column(kind="change", en="Difference", ru="Разница"),
    },
)


def card(question: str) -> Question:
    """What a question of `questions()` says of itself: titles, columns, what may be chosen."""
    return _RESTATED_CARD if question == RESTATED else asked_card(question)


def questions() -> tuple[str, ...]:
    """Everything that can be asked of the store."""
    return (*asked_names(), RESTATED)


def answer(
    store: Store,
    question: str,
    *,
    where: Where | None = None,
    by: Sequence[str] = (),
    grain: Grain = "total",
    top: int | None = None,
    before: date | None = None,
    after: date | None = None,
    days: int = SNAPSHOT_DAYS,
    currency: str | None = None,
    rates: Rates | None = None,
    server: str | None = None,
) -> Answer:
    """Answer a question about the current charges of the store; the parameters are those of `questions.ask`.

    `currency` makes all money that currency by the given rates; what has none stays as it is, and the answer says so.
    `server`: where to compute (`engine.opened`).

    Raises `InputError` when it cannot be asked or the store does not answer; `ArithmeticError` when the answer does
    not come to the store's own total, which is our defect.
    """
    where = where or Where()
    if question == RESTATED and currency is not None:
        raise InputError(Problem(code="not_converted", source="--currency"))
    if question == RESTATED:
        return _restated(store, where)
    first, last = where.first_period, where.last_period
    months_compared = question in asked_names() and "months" in asked_card(question).takes
    if months_compared:  # without both months given, the last two have to be found
        first, last = (before, after) if before and after else (None, None)
    with opened(server) as connection:
        offered = create_charge_view(
            store,
            connection,
            first_period=f"{first:%Y-%m}" if first else None,
            last_period=f"{last:%Y-%m}" if last else None,
        )
        if currency is not None:
            convert(connection, rates or Rates("--rates", ()), currency)
        found = ask(
            connection, question, where=where, by=by, grain=grain, top=top, before=before, after=after, days=days
        )
        if currency is not None:
            source = rates or Rates("--rates", ())
            compared = found.periods if months_compared else ()
            lost = missing(connection, "asked", source, currency, compared)
            kept = originals(connection, "asked", compared)
            return replace(found, originals=kept, rates=source.source, problems=tuple(lost))
    _check(found, offered)
    return found


def _check(found: Answer, offered: Offered) -> None:
    """Where nothing was left out, the whole is what the imports came to."""
    if offered.rows is None or offered.totals is None or found.where.equal or "months" in found.card.takes:
        return
    totals = {c: found.totals.get(c, Decimal(0)) == offered.totals.get(c, Decimal(0)) for c in offered.totals}
    if found.charges != offered.rows or not all(totals.values()):
        raise ArithmeticError(f"{found.question}: {found.totals} is not the store's {offered.totals}")


def _restated(store: Store, where: Where) -> Answer:
    """What imports changed in days that earlier files had."""
    rows = []
    totals: dict[str, Decimal] = {}
    projects = where.values("project")
    with exact():
        for restatement in restatements(store):
            for line in restatement.lines:
                month = line.day.replace(day=1)
                early = where.first_period and month < where.first_period
                late = where.last_period and month > where.last_period
                if early or late or (projects and line.project not in projects):
                    continue
                delta = line.amount_after - line.amount_before
                totals[line.currency] = totals.get(line.currency, Decimal(0)) + delta
                rows.append(
                    {
                        "bill": restatement.bill_id,
                        "source": restatement.source,
                        "project": line.project,
                        "day": line.day,
                        "service": line.service,
                        "currency": line.currency,
                        "charges_before": line.rows_before,
                        "charges_after": line.rows_after,
                        "before": line.amount_before,
                        "after": line.amount_after,
                        "delta": delta,
                    }
                )
    table = pa.Table.from_pylist(rows, schema=_RESTATED)
    return Answer(question=RESTATED, card=_RESTATED_CARD, table=table, where=where, totals=totals)


def months(text: str) -> tuple[date, date]:
    """First days of the billing months of `2026-11` or `2026-09..2026-11`. Raises `InputError`."""
    first, dots, last = text.partition("..")
    found = [_MONTHS.fullmatch(part.strip()) for part in (first, last if dots else first)]
    if found[0] is None or found[1] is None:
        raise InputError(Problem(code="bad_months", source="--period", args={"value": text}))
    start, end = (date(int(m[1]), int(m[2]), 1) for m in (found[0], found[1]))
    if end < start:
        raise InputError(Problem(code="bad_months", source="--period", args={"value": text}))
    return start, end


def condition(text: str) -> tuple[str, tuple[str, ...]]:
    """A filter `DIMENSION=VALUE`, as in `tag:env=prod`. Raises `InputError`."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InputError(Problem(code="bad_filter", source="--where", args={"value": text}))
    return name.strip(), (value.strip(),)


def where_of(period: str | None, equal: Sequence[tuple[str, tuple[str, ...]]]) -> Where:
    """A filter from words; values of one dimension given twice are alternatives. Raises `InputError`."""
    first, last = months(period) if period else (None, None)
    together: dict[str, tuple[str, ...]] = {}
    for name, values in equal:
        together[name] = together.get(name, ()) + values
    return Where(first, last, tuple(together.items()))
