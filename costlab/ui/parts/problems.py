"""Problems in words: what made a file unusable, and what a result lacks."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from costlab import errors
from costlab.model.numbers import Language, Problem
from costlab.ui.words import say

_SHOWN = 50


def _rows(problems: Sequence[Problem], language: Language) -> str:
    def place(problem: Problem) -> str:
        words = [say("line", language, n=problem.line) if problem.line else "", problem.subject]
        return escape(" · ".join(w for w in words if w))

    rows = "".join(
        f"<div><b>{place(p)}</b> {escape(errors.message(p, language))}<br>"
        f"<span>{escape(errors.remedy(p, language))}</span></div>"
        for p in problems[:_SHOWN]
    )
    rest = len(problems) - _SHOWN
    return rows + (f"<div>{say('more_problems', language, n=rest)}</div>" if rest > 0 else "")


def refused(title: str, problems: Sequence[Problem], language: Language, key: str = "refused") -> None:
    """Why a file cannot be used: line, what, remedy."""
    with st.container(border=True, key=key):
        st.html(f'<b>{escape(title)}</b><div class="cl-notes bad">{_rows(problems, language)}</div>')


def notes(problems: Sequence[Problem], language: Language) -> str:
    """Problems as HTML, the colour by the gravest of them."""
    grave = any(errors.kind(p) in ("error", "rejected") for p in problems)
    return f'<div class="cl-notes {"bad" if grave else "warn"}">{_rows(problems, language)}</div>'


def draw(problems: Sequence[Problem], language: Language, key: str = "problems") -> None:
    """What needs attention in a result."""
    if problems:
        with st.expander(say("problems", language, n=len(problems)), icon=":material/warning:", key=key):
            st.html(notes(problems, language))
