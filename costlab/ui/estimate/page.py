"""The estimator: settings, resources, total. Asks, calls a verb, draws."""

from datetime import date

import streamlit as st

from costlab.catalog.loading import load_catalog
from costlab.errors import InputError, message
from costlab.ui import state
from costlab.ui.draft import Draft, file_of, text_of
from costlab.ui.estimate import chart, imported, resources, totals
from costlab.ui.estimate.pricing import Priced, price
from costlab.ui.parts import add, head, settings
from costlab.ui.parts import files as estimates
from costlab.ui.words import say


@st.cache_resource(max_entries=64, show_spinner=False)
def priced(raw: bytes, today: date, version: str, source: str, _draft: Draft) -> Priced:  # noqa: ARG001 (the cache's key)
    """What a draft costs; drafts with the same bytes on the same day and prices cost the same."""
    return price(_draft, source, today)


def page() -> None:
    """Draw everything once."""
    language = head.draw()
    draft = state.draft()
    try:
        catalog = load_catalog(draft.provider)
    except InputError as error:
        st.error(f"{say('broken_catalog', language)}: {message(error.problems[0], language)}")
        return
    settings.draw(catalog, language)
    estimates.refused(language)
    with st.container(horizontal=True, gap="xsmall", key="toolbar"):
        if draft.resources:
            with st.popover(say("add", language), icon=":material/add:", type="primary", key=state.key("add")):
                add.menu(catalog, language)
        estimates.opener(language)
        st.button(
            say("undo", language),
            icon=":material/undo:",
            key="undo",
            help=say("undo_help", language),
            disabled=not state.can_undo(),
            on_click=state.call(state.undo),
        )
        if draft.resources:
            st.button(
                say("clear", language),
                icon=":material/delete_sweep:",
                type="tertiary",
                key="clear",
                on_click=state.call(_clear),
            )
    if not draft.resources:
        add.empty(catalog, language)
        return
    result = priced(text_of(file_of(draft)), state.today(), catalog.version, say("your_estimate", language), draft)
    left, right = st.columns([2.1, 1], gap="medium")
    with right, st.container(key="side"):
        with st.container(border=True):
            vat = totals.vat_switch(language)
            if result.estimate is None:
                for problem in result.header:
                    st.error(message(problem, language))
            else:
                totals.card(result, result.estimate, catalog, language, vat)
                estimates.downloads(result.estimate, language, vat, left_out=bool(result.broken))
        if result.estimate is not None and result.estimate.charges:
            with st.container(border=True):
                chart.draw(result.estimate, language, vat)
    with left:
        if not any(s.region == draft.region for s in catalog.skus):
            region = catalog.provider.regions[draft.region].title[language]
            st.warning(say("no_list", language, region=region), icon=":material/money_off:")
        resources.draw(resources.view(result, catalog, draft.region, language, vat))
        if result.estimate is not None:
            totals.attention(result, result.estimate, language)
        imported.draw(language)


def _clear() -> None:
    draft = state.change()
    draft.resources, draft.imported = {}, []
    state.redraw()


page()
