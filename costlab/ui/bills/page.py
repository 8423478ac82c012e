"""The bills that were imported: bring them in, see what they come to, ask about them."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from costlab.bills import NOTES
from costlab.bills import load as reader
from costlab.errors import InputError
from costlab.exports.answers import title
from costlab.exports.comparisons import cash
from costlab.i18n.words import number
from costlab.model.numbers import Language
from costlab.questions import GRAINS, MAX_DIMENSIONS, SNAPSHOT_DAYS, Answer, Grain, Where, spend
from costlab.store import Store, Stored, list_bills, open_store, problems_of
from costlab.ui import state
from costlab.ui.bills import answers as bills_answers
from costlab.ui.bills import charts as bills_charts
from costlab.ui.bills import filters as bills_filters
from costlab.ui.bills import imports as bills_import
from costlab.ui.bills.imports import money, names, short
from costlab.ui.parts import head, problems
from costlab.ui.parts.files import choose
from costlab.ui.words import day, month, say

OVERVIEW, FILES = "overview", "files"  # the views that are no question
# Comments, not docstrings: Streamlit shows a bare string of a page on the page.
SHOWN = 8  # services a chart tells apart
_DAYS, _WEEKS = 100, 500  # up to so many days a chart has a bar a day, or a week
_LARGEST = 100  # rows of a list of findings that are named one by one
_BOXES = 250
_BY = ("service", "project", "resource", "parameter", "sku", "region", "category", "currency", "account", "file")


@st.cache_resource(show_spinner=False)
def opened(url: str, home: str) -> Store:  # noqa: ARG001 (the key: what the store's place is told by)
    """The store of this server."""
    return open_store()


@st.cache_data(max_entries=200, show_spinner=False)
def answered(stamp: str, question: str, asked: str, _store: Store, _asked: dict[str, Any]) -> Answer:  # noqa: ARG001
    """An answer; the key is what it depends on: the store's imports and what is asked."""
    return spend.answer(_store, question, **_asked)


# Asks the store, or remembers what it said; the parameters of `spend.answer`. Raises `InputError`.
Ask = Callable[..., Answer]


def asker(store: Store, bills: Sequence[Stored]) -> Ask:
    """Asks this store as it now is."""
    stamp = repr([(b.bill_id, b.days_current) for b in bills]) + store.place

    def ask(question: str, **asked: Any) -> Answer:
        found: Answer = answered(stamp, question, repr(sorted(asked.items())), store, asked)
        return found

    return ask


def page() -> None:
    """Draw everything once."""
    language = head.draw()
    try:
        store = opened(os.environ.get("COSTLAB_STORE", ""), os.environ.get("COSTLAB_HOME", ""))
        bills = list_bills(store)
    except InputError as error:
        problems.refused(say("bills_title", language), error.problems, language)
        return
    if not bills:
        _empty(store, language)
        return
    st.html(f'<div class="cl-lead"><h2>{say("bills_title", language)}</h2></div>')
    with st.expander(say("bills_add", language), icon=":material/upload_file:", key="bills-add"):
        bills_import.draw(store, language, first=False)
    bills_import.progress(language)
    try:
        _bills(store, bills, language)
    except InputError as error:
        problems.refused(say("bills_title", language), error.problems, language, key="bills-question-refused")


def _empty(store: Store, language: Language) -> None:
    """What the page is for, and the ways to begin."""
    title, text = say("bills_title", language), say("bills_how", language)
    st.html(f'<div class="cl-empty"><h2>{title}</h2><p>{text}</p></div>')
    _, middle, _ = st.columns([1, 2.2, 1])
    with middle:
        bills_import.progress(language)
        bills_import.draw(store, language, first=True)


def _bills(store: Store, bills: Sequence[Stored], language: Language) -> None:
    ask = asker(store, bills)
    everything = ask("cost")
    if not everything.charges:
        _files(store, bills, language)
        return
    labels = [t for t in dict.fromkeys(ask("tags").table["tag"].to_pylist()) if t]
    currencies = sorted(everything.totals, key=lambda c: (c != "RUB", c))
    where, currency = bills_filters.draw(everything.periods, currencies, labels, partial(_values, ask), language)
    titles = {OVERVIEW: say("view_overview", language)}
    titles |= {name: spend.card(name).short[language] for name in spend.questions()}
    titles |= {FILES: say("view_files", language)}
    view = choose(say("bills_view", language), list(titles), OVERVIEW, "bills-view", titles)
    if view == FILES:
        _files(store, bills, language)
    elif view == OVERVIEW:
        _overview(ask, where, currency, language)
    else:
        _question(ask, view, where, labels, everything.periods, language)


def _question(
    ask: Ask, name: str, where: Where, labels: Sequence[str], periods: Sequence[date], language: Language
) -> None:
    """A question with the controls of what it takes."""
    card = spend.card(name)
    st.caption(card.about[language])
    if "by" in card.takes:
        _split(ask, name, where, labels, language)
    elif "months" in card.takes:
        _two_months(ask, name, where, periods, language)
    elif "days" in card.takes:
        days = st.number_input(
            say("snapshot_age", language),
            min_value=1,
            max_value=3650,
            value=SNAPSHOT_DAYS,
            key="bills-snapshot",
            width=260,
        )
        _answer(ask, name, language, where=where, days=int(days), top=_LARGEST)
    else:
        _answer(ask, name, language, where=where)


def _values(ask: Ask, dimension: str) -> list[str]:
    """The values of a dimension, the dearest first."""
    return list(dict.fromkeys(ask("cost", by=(dimension,)).table[dimension].to_pylist()))


def _answer(ask: Ask, question: str, language: Language, **asked: Any) -> None:
    found = ask(question, **asked)
    if not found.table.num_rows:
        st.info(say("nothing_asked", language) if question != "restated" else say("no_restatements", language))
        return
    asked.pop("top", None)
    bills_answers.draw(found, lambda: ask(question, **asked), language)


def _overview(ask: Ask, where: Where, currency: str, language: Language) -> None:
    top = ask("cost", where=where, by=("service",), top=SHOWN)
    if not top.charges:
        st.info(say("nothing_asked", language))
        return
    st.html(_figures(top, ask("tags", where=where), currency, language))
    st.markdown(f"**{say('per_day', language)}**")
    grain = _grain(top.first_day, top.last_day)
    series = ask("cost", where=where, by=("service",), grain=grain, top=SHOWN)
    bills_charts.draw(bills_charts.over_time(series, currency, language), "bills-time", say("per_day", language))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{say('top_services', language)}**")
        bills_charts.draw(bills_charts.largest(top, currency, language), "bills-top", say("top_services", language))
    with right:
        st.markdown(f"**{say('tree', language)}**")
        boxes = ask("cost", where=where, by=("project", "service", "parameter"), top=_BOXES)
        figure, negative = bills_charts.tree(boxes, currency, language)
        bills_charts.draw(figure, "bills-tree", say("tree", language))
        if negative:
            st.caption(say("tree_negative", language, total=cash(negative, currency, language)))


def _grain(first: date | None, last: date | None) -> Grain:
    length = (last - first).days + 1 if first and last else 1
    return "day" if length <= _DAYS else "week" if length <= _WEEKS else "month"


def _figures(top: Answer, tags: Answer, currency: str, language: Language) -> str:
    """The figures people look for first."""
    untagged = next((r["untagged"] for r in tags.table.to_pylist() if not r["tag"]), Decimal(0))
    rows = [r for r in top.table.to_pylist() if r["place"] != top.rest]
    largest, of = (rows[0]["service"], rows[0]["amount"]) if rows else ("", Decimal(0))
    bonus = top.bonuses.get(currency, Decimal(0))
    span = [day(d, language) for d in (top.first_day, top.last_day) if d]
    boxes = [
        (
            "kpi_total",
            cash(top.totals[currency], currency, language),
            f"+ {cash(bonus, currency, language)}" if bonus else "",
        ),
        ("kpi_largest", cash(of, currency, language), largest or say("not_told", language)),
        ("kpi_untagged", cash(untagged, currency, language), ""),
        ("kpi_rows", number(Decimal(top.charges), language), ""),
        ("kpi_days", span[0] if span else "—", f"– {span[-1]}" if span else ""),
    ]
    cells = "".join(
        f"<div><span>{escape(say(word, language))}</span><b>{escape(value)}</b><small>{escape(note)}</small></div>"
        for word, value, note in boxes
    )
    return f'<div class="cl-kpis">{cells}</div>'


def _split(ask: Ask, question: str, where: Where, labels: Sequence[str], language: Language) -> None:
    options = [*_BY, *(f"tag:{label}" for label in labels)]
    left, middle, right = st.columns([3, 1.2, 1])
    by = left.multiselect(
        say("by", language), options, default=["service"], max_selections=MAX_DIMENSIONS, key=state.key("bills-by"),
        format_func=lambda d: title(d, language),
    )  # fmt: skip
    grain = middle.selectbox(
        say("grain", language), GRAINS, key=state.key("bills-grain"), format_func=lambda g: say(f"grain_{g}", language)
    )
    top = right.number_input(say("top", language), min_value=1, max_value=1000, value=20, key="bills-top-n")
    _answer(ask, question, language, where=where, by=tuple(by), grain=grain, top=int(top))


def _two_months(ask: Ask, question: str, where: Where, periods: Sequence[date], language: Language) -> None:
    if len(periods) < 2:  # noqa: PLR2004
        st.info(say("one_month", language))
        return
    left, right, _ = st.columns([1, 1, 3])
    chosen = [
        column.selectbox(
            say(word, language), periods, index=len(periods) - back, key=state.key("bills", word),
            format_func=lambda p: month(p, language),
        )
        for column, word, back in ((left, "before_month", 2), (right, "after_month", 1))
    ]  # fmt: skip
    if chosen[0] == chosen[1]:
        st.info(say("one_month", language))
        return
    months = Where(equal=where.equal)
    _answer(ask, question, language, where=months, before=chosen[0], after=chosen[1], top=_LARGEST)


def _files(store: Store, bills: Sequence[Stored], language: Language) -> None:
    """What was imported: sums, what still counts, notes."""
    words = ("file_name", "file_format", "file_days", "projects", "file_rows", "file_rejected", "file_total",
             "file_current", "file_imported", "file_notes")  # fmt: skip
    right = ("file_rows", "file_rejected", "file_total", "file_current")
    heads = "".join(f"<th{' class=n' if w in right else ''}>{escape(say(w, language))}</th>" for w in words)
    body = "".join(_file(bill, words, right, language) for bill in reversed(bills))
    st.html(f'<div class="cl-rows"><table><tr>{heads}</tr>{body}</table></div>')
    noted = [b for b in bills if b.rejected or b.notes]
    if noted:
        titles = {b.bill_id: f"{b.bill_id}: {short(b.source)}" for b in noted}
        chosen = st.selectbox(
            say("file_problems", language), list(titles), index=None, format_func=titles.__getitem__,
            key=state.key("bills-problems"), placeholder="—", width=420,
        )  # fmt: skip
        if chosen is not None:
            problems.draw(problems_of(store, chosen), language)


def _file(bill: Stored, words: Sequence[str], right: Sequence[str], language: Language) -> str:
    span = [day(d, language) for d in (bill.first_day, bill.last_day) if d]
    notes = "; ".join(NOTES[k][language].format(n=number(Decimal(n), language)) for k, n in bill.notes if k in NOTES)
    cells = {
        "file_name": short(bill.source),
        "file_format": reader(bill.format).TITLE[language],
        "file_days": " – ".join(dict.fromkeys(span)) or "—",
        "projects": names(bill.projects),
        "file_rows": number(Decimal(bill.accepted), language),
        "file_rejected": number(Decimal(bill.rejected), language),
        "file_total": money(bill.totals, language),
        "file_current": f"{number(Decimal(bill.days_current), language)} / {number(Decimal(bill.days), language)}",
        "file_imported": f"{bill.imported_at:%Y-%m-%d %H:%M}",
        "file_notes": notes,
    }
    return "<tr>" + "".join(f"<td{' class=n' if w in right else ''}>{escape(cells[w])}</td>" for w in words) + "</tr>"


page()
