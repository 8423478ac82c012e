"""What the estimate was imported from: rows read and set aside, why, and the doubts, each with its own button."""

from html import escape
from typing import Any

import streamlit as st

from costlab import errors
from costlab.model.numbers import Language, Problem
from costlab.ui import state
from costlab.ui.words import say

_SHOWN = 50


def draw(language: Language) -> None:
    """One expander for each source; nothing for an estimate that was not imported."""
    for place, one in enumerate(state.draft().imported):
        aside = sum(r.get("count", 1) for r in one.get("set_aside", []))
        title = say("imported", language, source=one.get("source", ""), read=one.get("read", 0), aside=aside)
        with st.expander(title, icon=":material/input:", key=f"imported-{place}"):
            rows = "".join(
                f"<div>{escape(str(r['count']))}: {escape(r['reason'][language])}<br>"
                f"<span>{escape(', '.join(r.get('names', [])))}</span></div>"
                for r in one.get("set_aside", [])
            )
            if rows:
                st.html(f'<div class="cl-notes">{rows}</div>')
            for number, doubt in enumerate(one.get("doubts", [])[:_SHOWN]):
                _doubt(place, number, doubt, language)


def _doubt(place: int, number: int, entry: dict[str, Any], language: Language) -> None:
    doubt = Problem(code=entry["code"], source="", subject=entry.get("subject", ""), args=entry.get("args", {}))
    kind = "" if errors.kind(doubt) == "warning" else "warn"
    words = f"<b>{escape(doubt.subject)}</b> {escape(errors.message(doubt, language))}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"doubt-{place}-{number}"):
        st.html(f'<div class="cl-notes {kind}"><div>{words}</div></div>', width="stretch")
        st.button(
            say("settled", language),
            icon=":material/check:",
            type="tertiary",
            width="content",
            key=state.key("settled", place, number),
            on_click=state.call(_settle, place, number),
        )


def _settle(place: int, number: int) -> None:
    state.change().imported[place]["doubts"].pop(number)
    state.redraw()
