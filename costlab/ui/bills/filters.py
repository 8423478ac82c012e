"""Which charges a page is about, and in which currency; money of two is never drawn or added together."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costlab.model.numbers import Language
from costlab.questions import Where
from costlab.ui import state
from costlab.ui.parts.files import choose
from costlab.ui.words import month, say

NONE = ""


def draw(
    periods: Sequence[date],
    currencies: Sequence[str],
    labels: Sequence[str],
    values_of: Callable[[str], Sequence[str]],
    language: Language,
) -> tuple[Where, str]:
    """The filter chosen, and the currency that is shown."""
    equal: list[tuple[str, tuple[str, ...]]] = []
    columns = st.columns([1, 1, 1.6, 1.6, 1.2, 1.4])
    titles = {p: month(p, language) for p in periods}
    first = _month(columns[0], "first_month", periods, periods[0], titles, language)
    last = _month(columns[1], "last_month", [p for p in periods if p >= first], periods[-1], titles, language)
    for column, name, word in ((columns[2], "project", "projects"), (columns[3], "service", "services")):
        chosen = column.multiselect(
            say(word, language), values_of(name), key=state.key("bills", name), placeholder=say("all", language),
            format_func=lambda v: v or say("not_told", language),
        )  # fmt: skip
        if chosen:
            equal.append((name, tuple(chosen)))
    if labels:
        key = columns[4].selectbox(
            say("label_key", language), [NONE, *labels], key=state.key("bills-tag"), format_func=lambda v: v or "—"
        )
        if key:
            values = columns[5].multiselect(
                say("label_values", language), values_of(f"tag:{key}"), key=state.key("bills-tag-values", key),
                placeholder=say("all", language), format_func=lambda v: v or say("no_value", language),
            )  # fmt: skip
            if values:
                equal.append((f"tag:{key}", tuple(values)))
    currency = currencies[0]
    if len(currencies) > 1:
        named = {c: c for c in currencies}
        currency = choose(say("currency", language), list(currencies), currency, "bills-currency", named)
        equal.append(("currency", (currency,)))
    # Asking for all months is asking without a filter: what was answered before is known.
    since, until = (None if first == periods[0] else first), (None if last == periods[-1] else last)
    return Where(since, until, tuple(equal)), currency


def _month(
    column: DeltaGenerator, name: str, options: Sequence[date], usual: date, titles: dict[date, str], language: Language
) -> date:
    chosen: date = column.selectbox(
        say(name, language),
        options,
        index=list(options).index(usual),
        format_func=titles.__getitem__,
        key=state.key("bills", name, options[0]),
    )
    return chosen
