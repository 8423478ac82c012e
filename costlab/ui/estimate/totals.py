"""The sum, what is in it, what is missing from it, and the prices it stands on."""

from html import escape

import streamlit as st

from costlab import errors
from costlab.catalog.loading import Catalog
from costlab.exports.estimates import VatView, agreements
from costlab.i18n.words import money, percent, word
from costlab.model.numbers import Language, Text
from costlab.model.scenario import Estimate
from costlab.ui import state
from costlab.ui.estimate.pricing import Priced
from costlab.ui.words import day, days, say, span

VIEWS: tuple[VatView, ...] = ("included", "net", "both")
STALE_DAYS = 90
"""A list not looked at for longer is marked."""


def vat_switch(language: Language) -> VatView:
    """With VAT, without, or apart; remembered across languages."""
    key = state.key("vat")
    st.segmented_control(
        say("vat", language),
        VIEWS,
        default=state.memory().get("vat-view", "included"),
        required=True,
        key=key,
        label_visibility="collapsed",
        format_func=lambda v: say(v, language),
        width="stretch",
        on_change=state.call_if_drawn(_vat_chosen, key),
    )
    view: VatView = state.memory().get("vat-view", "included")
    return view


def _vat_chosen(key: str) -> None:
    state.memory()["vat-view"] = state.answer(key)


def card(priced: Priced, estimate: Estimate, catalog: Catalog, language: Language, vat: VatView) -> None:
    """The total as HTML, and its short form for a narrow screen's foot."""

    def amount(name: str) -> str:
        return money(getattr(estimate, name), estimate.currency, language)

    rate = f" {percent(estimate.vat_rate, language)}" if estimate.vat_rate is not None else ""
    main = amount("total_net" if vat == "net" else "total")
    if not estimate.charges and not estimate.complete:
        main = say("no_price", language)  # a sum of nothing is not a price of zero
    tax = f"{say('vat', language)}{rate}"
    rows = {
        "included": [(f"{say('including_vat', language)}{rate}", amount("vat"))],
        "net": [(tax, amount("vat")), (say("with_vat", language), amount("total"))],
        "both": [(say("without_vat", language), amount("total_net")), (tax, amount("vat"))],
    }[vat]
    rows += [(escape(name), value) for name, value in agreements(estimate, language)]
    if not estimate.charges:
        rows = []
    table = "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in rows)
    kind = say("without_vat" if vat == "net" else "with_vat", language)
    head = f"{say('total_for', language, days=days(estimate.period, language))}, {kind}"
    star = "" if estimate.complete else " *"
    how = say("lines_sum", language, n=len(estimate.charges))
    st.html(
        f'<div class="cl-total"><h4>{head}</h4><div class="big">{main}</div>'
        f"{_tags(priced, estimate, language)}<table>{table}</table>{_range(estimate, language)}"
        f"<details><summary>{say('how', language)}</summary><p>{escape(how)}</p></details>"
        f'<div class="stamp">{_stamp(estimate, catalog, language)}</div></div>'
        f'<div class="cl-bar"><span>{word("total", language)}</span><span>{main}{star}</span></div>'
    )


def _tags(priced: Priced, estimate: Estimate, language: Language) -> str:
    tags = []
    if estimate.unpriced:
        tags.append(f'<span class="cl-tag warn">{word("incomplete", language).format(n=estimate.unpriced)}</span>')
    if priced.broken:
        tags.append(f'<span class="cl-tag bad">{say("errors", language, n=len(priced.broken))}</span>')
    return f'<div class="tags">{"".join(tags)}</div>' if tags else ""


def _range(estimate: Estimate, language: Language) -> str:
    if estimate.total_low is None or estimate.total_high is None:
        return ""
    low, high = (money(x, estimate.currency, language) for x in (estimate.total_low, estimate.total_high))
    return f'<div class="range">{say("range", language, low=low, high=high)}</div>'


def _stamp(estimate: Estimate, catalog: Catalog, language: Language) -> str:
    """Period, price list and catalog."""
    stamp = estimate.catalog
    parts = [span(estimate.period, language)]
    if estimate.prices_on:
        parts.append(say("prices_of", language, day=day(estimate.prices_on, language)))
    else:
        parts.append(say("each_moment", language))
    lines = [", ".join(parts)]
    if stamp.list_date and stamp.checked:
        text = (
            f"{say('list_of', language, day=day(stamp.list_date, language))}, "
            f"{say('checked', language, day=day(stamp.checked, language))}"
        )
        age = (state.today() - stamp.checked).days
        if age > STALE_DAYS:
            text += f' <span class="cl-tag warn">{say("stale", language, n=age)}</span>'
        lines.append(text)
    lines.append(f'<span title="{stamp.version}">{say("catalog", language, hash=stamp.version[:8])}</span>')
    if not any(s.region == estimate.region for s in catalog.skus):
        lines = lines[:1]
    return "<br>".join(lines)


def said(place: str | Text, language: Language) -> str:
    """A place as the reader's language calls it."""
    return place[language] if isinstance(place, Text) else place


def attention(priced: Priced, estimate: Estimate, language: Language) -> None:
    """Everything that is missing or wrong, in one place below the estimate; and what was assumed."""
    problems = [
        (p.subject or said(p.args["place"], language), p) for p in estimate.problems if p.subject or "place" in p.args
    ]
    if problems:
        rows = "".join(
            f"<div><b>{escape(name)}</b>: {escape(errors.message(p, language))}<br>"
            f"<span>{escape(errors.remedy(p, language))}</span></div>"
            for name, p in problems[:200]
        )
        with st.expander(say("problems", language, n=len(problems)), icon=":material/warning:", key="problems"):
            st.html(f'<div class="cl-notes {"bad" if priced.broken else "warn"}">{rows}</div>')
    if estimate.assumptions:
        rows = "".join(
            f"<div><b>{escape(a.resource_id)}</b>: <code>{escape(a.key)}</code> = {escape(a.value)}<br>"
            f"<span>{escape(a.reason[language])}</span></div>"
            for a in estimate.assumptions[:200]
        )
        with st.expander(
            say("assumptions", language, n=len(estimate.assumptions)), icon=":material/info:", key="assumptions"
        ):
            st.html(f'<div class="cl-notes">{rows}</div>')
