"""What the whole estimate depends on: name, region, period, the day of the prices."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from costlab.catalog.facts.assumptions import profiles
from costlab.catalog.loading import Catalog
from costlab.model.numbers import Language
from costlab.model.periods import YEARS, PeriodError, parse_period
from costlab.ui import state
from costlab.ui.choices import choice
from costlab.ui.words import days, month, say

LIST_MONTH, OWN = "30d", "own"
FIRST_DAY, LAST_DAY = date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31)


def languages() -> None:
    """Russian or English."""
    now = state.language()
    st.segmented_control(
        "Language",
        ["ru", "en"],
        default=now,
        required=True,
        format_func=str.upper,
        key="language-choice",
        label_visibility="collapsed",
        on_change=state.call(_language),
    )


def _language() -> None:
    state.memory()["language"] = state.answer("language-choice")
    state.redraw()


def draw(catalog: Catalog, language: Language) -> None:
    """One row of inputs, and a second one for own dates."""
    draft = state.draft()
    row = st.container(key="settings")
    name, where, when, prices, usage = row.columns([2.2, 1.2, 1.7, 1.2, 1.2], vertical_alignment="bottom")
    key = state.key("name")
    name.text_input(
        say("name", language),
        value=draft.name,
        max_chars=200,
        key=key,
        on_change=state.call_if_drawn(_set, "name", key),
    )
    regions = catalog.provider.regions
    key = state.key("region")
    where.selectbox(
        say("region", language),
        list(regions),
        index=list(regions).index(draft.region),
        key=key,
        format_func=lambda r: f"{catalog.provider.title[language]}, {regions[r].title[language]}",
        on_change=state.call_if_drawn(_set, "region", key),
    )
    options = _periods(state.today())
    now = _choice(draft.period, options)
    titles = {p: _title(p, options, catalog, language) for p in (*options, OWN)}
    key = state.key("period")
    when.selectbox(
        say("period", language),
        [*options, OWN],
        index=[*options, OWN].index(now),
        key=key,
        format_func=titles.__getitem__,
        on_change=state.call_if_drawn(_set_period, key, catalog),
    )
    key = state.key("prices-on")
    prices.date_input(
        say("prices_on", language),
        value=date.fromisoformat(draft.prices_on) if draft.prices_on else None,
        format="DD.MM.YYYY" if language == "ru" else "YYYY-MM-DD",
        key=key,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        help=say("prices_on_help", language),
        on_change=state.call_if_drawn(_set_prices_on, key),
    )
    key = state.key("profile")
    known = ["", *profiles(catalog)]
    usage.selectbox(
        say("usage_profile", language),
        known,
        index=known.index(draft.assumptions.get("profile", "")),
        key=key,
        help=say("profile_help", language),
        format_func=lambda p: choice(p, language) if p else say("profile_none", language),
        on_change=state.call_if_drawn(_set_profile, key),
    )
    if now == OWN:
        _own(catalog, language)


def _periods(today: date) -> dict[str, date | None]:
    """Period texts offered, and the month of those that are one."""
    this = today.replace(day=1)
    following = (this + timedelta(days=32)).replace(day=1)
    return {LIST_MONTH: None, f"{this:%Y-%m}": this, f"{following:%Y-%m}": following}


def _choice(period: Any, options: dict[str, date | None]) -> str:
    return period if isinstance(period, str) and period in options else OWN


def _title(period: str, options: dict[str, date | None], catalog: Catalog, language: Language) -> str:
    if period == OWN:
        return say("own", language)
    region = catalog.provider.regions[state.draft().region]
    found = parse_period(period, catalog.provider, region, state.today())
    first = options.get(period)
    length = days(found, language)
    if first is None:
        return say("list_month", language, days=length)
    return f"{month(first, language)}, {length} {'дн.' if language == 'ru' else 'days'}"


def _own(catalog: Catalog, language: Language) -> None:
    """First and last day of any period; the file has the day after the last."""
    draft = state.draft()
    region = catalog.provider.regions[draft.region]
    period = parse_period(draft.period, catalog.provider, region, state.today())
    last = (period.end - timedelta(minutes=1)).date()
    left, right, _ = st.columns([1, 1, 3])
    form = "DD.MM.YYYY" if language == "ru" else "YYYY-MM-DD"
    first_key, last_key = state.key("first-day"), state.key("last-day")
    args = (first_key, last_key, catalog)
    low, high = FIRST_DAY, LAST_DAY - timedelta(days=1)  # the file has the day after the last
    left.date_input(
        say("first_day", language),
        value=period.start.date(),
        format=form,
        key=first_key,
        min_value=low,
        max_value=high,
        on_change=state.call_if_drawn(_set_own, *args),
    )
    right.date_input(
        say("last_day", language),
        value=last,
        format=form,
        key=last_key,
        min_value=low,
        max_value=high,
        on_change=state.call_if_drawn(_set_own, *args),
    )


def _set(field: str, key: str) -> None:
    setattr(state.change(), field, state.answer(key))


def _set_period(key: str, catalog: Catalog) -> None:
    chosen = state.answer(key)
    draft = state.change()
    if chosen == OWN:
        region = catalog.provider.regions[draft.region]
        period = parse_period(draft.period, catalog.provider, region, state.today())
        end = period.end.date()
        draft.period = {"start": period.start.date().isoformat(), "end": end.isoformat()}
    else:
        draft.period = chosen


def _set_own(first_key: str, last_key: str, catalog: Catalog) -> None:
    first, last = state.answer(first_key), state.answer(last_key)
    draft = state.draft()
    asked = {"start": str(first), "end": str(last + timedelta(days=1)) if last else ""}
    try:
        parse_period(asked, catalog.provider, catalog.provider.regions[draft.region], state.today())
    except PeriodError:
        state.redraw()
        st.toast(say("order_of_days", state.language()), icon=":material/warning:")
        return
    state.change().period = asked


def _set_profile(key: str) -> None:
    chosen = state.answer(key)
    draft = state.change()
    kept = {k: v for k, v in draft.assumptions.items() if k != "profile"}
    draft.assumptions = {"profile": chosen, **kept} if chosen else kept


def _set_prices_on(key: str) -> None:
    chosen = state.answer(key)
    state.change().prices_on = chosen.isoformat() if chosen else None
