"""The top of every page: name, pages, language; and the style sheet."""

from importlib.resources import files
from pathlib import Path

import streamlit as st

from costlab.model.numbers import Language
from costlab.ui import state
from costlab.ui.parts import settings
from costlab.ui.words import say

_PAGES = Path(__file__).resolve().parent.parent
NAMES = ("estimate", "bills", "reconcile", "compare", "migrate")


def page(name: str) -> st.Page:
    """A page by the name of its file; the first one is where the reader arrives."""
    return st.Page(_PAGES / name / "page.py", title="costlab", url_path=name, default=name == NAMES[0])


def draw() -> Language:
    """Draw the head; returns the reader's language."""
    language = state.language()
    st.html(f"<style>{files('costlab.ui.parts').joinpath('style.css').read_text(encoding='utf-8')}</style>")
    st.html(f'<style>:root {{ --cl-upload: "{say("upload", language)}" }}</style>')
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.html(f'<div class="cl-brand"><b>costlab</b><span>{say("tagline", language)}</span></div>', width="stretch")
        with st.container(horizontal=True, gap="small", width="content", key="pages"):
            for name in NAMES:
                st.page_link(page(name), label=say(f"page_{name}", language))
        settings.languages()
    return language
