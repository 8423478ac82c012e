"""What a browser session remembers: the draft, its earlier versions, the language, what is open."""

import os
from copy import deepcopy
from datetime import date
from typing import cast

import streamlit as st

from costlab.catalog import load_catalog
from costlab.model import Language
from costlab.periods import today_in
from costlab.ui.draft import Draft

_KEPT = 50
"""Steps back that are remembered."""


def language() -> Language:
    """The reader's language: chosen on the page, else COSTLAB_LANG, else the browser's, else English."""
    if "language" not in st.session_state:
        asked = os.environ.get("COSTLAB_LANG") or st.context.locale or "en"
        st.session_state["language"] = "ru" if asked.lower().startswith("ru") else "en"
    return cast("Language", st.session_state["language"])


def draft() -> Draft:
    """The estimate being written."""
    if "draft" not in st.session_state:
        st.session_state["draft"] = Draft(name="Новая смета" if language() == "ru" else "New estimate")
        st.session_state["past"] = []
        st.session_state["generation"] = 0
    return cast("Draft", st.session_state["draft"])


def change() -> Draft:
    """The draft, after its present version was remembered: call it before every change."""
    now = draft()
    past = st.session_state["past"]
    past.append(deepcopy(now))
    del past[:-_KEPT]
    return now


def replace(new: Draft) -> None:
    """Another draft in its place; the old one can be had back."""
    change()
    st.session_state["draft"] = new
    redraw()


def undo() -> None:
    """One step back."""
    if st.session_state["past"]:
        st.session_state["draft"] = st.session_state["past"].pop()
        redraw()


def can_undo() -> bool:
    """Whether there is a step back."""
    return bool(st.session_state.get("past"))


def redraw() -> None:
    """Make every input read the draft anew: their keys carry the generation."""
    st.session_state["generation"] += 1


def key(*parts: object) -> str:
    """A widget's key in this generation of the draft and this language.

    The language belongs to it because a browser answers with the words of an option, not with the option.
    """
    return "-".join(str(p) for p in (*parts, st.session_state["generation"], language()))


def opened() -> str:
    """The key of the resource whose form is open, or nothing."""
    return cast("str", st.session_state.get("opened", ""))


def show(resource: str) -> None:
    """Open a resource's form, or close it when it is open."""
    st.session_state["opened"] = "" if resource == opened() else resource


def today() -> date:
    """The day on the region's clock, not the machine's."""
    now = draft()
    return today_in(load_catalog(now.provider).provider.regions[now.region])
