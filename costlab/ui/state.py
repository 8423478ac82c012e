"""What a browser session remembers: the draft, its earlier versions, the language, what is open.

All of it is one dict of ours. Streamlit ends a callback at its first touch of `st.session_state` when another click is
waiting, and never calls it again: the reader's edit would be lost. So a callback begins with a copy that cannot be
interrupted, and changes the dict in it.
"""

import os
from collections.abc import Callable
from contextvars import ContextVar
from copy import deepcopy
from datetime import date
from threading import RLock
from typing import Any, ParamSpec, cast

import streamlit as st

from costlab.catalog.loading import load_catalog
from costlab.model.numbers import Language
from costlab.model.periods import today_in
from costlab.ui.draft import Draft

_KEPT = 50
"""Steps back that are remembered."""
_OURS = "memory"
_HELD: ContextVar[dict[str, Any] | None] = ContextVar("held", default=None)
"""Within a callback: the session as it was when the callback began."""

P = ParamSpec("P")


def fresh() -> dict[str, Any]:
    """What a session that has just begun remembers."""
    return {"generation": 0, "whole": 0, "past": [], "lock": RLock()}


def memory() -> dict[str, Any]:
    """What the session remembers, to read and to change in place."""
    held = _HELD.get()
    if held is None:
        if _OURS not in st.session_state:
            st.session_state[_OURS] = fresh()
        return cast("dict[str, Any]", st.session_state[_OURS])
    return cast("dict[str, Any]", held[_OURS])


def answer(key: str) -> Any:
    """What the reader chose or typed in the widget of this key; None while it was not drawn."""
    held = _HELD.get()
    return st.session_state.get(key) if held is None else held.get(key)


def call(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Callable[[], None]:
    """For `on_click` and `on_change`: the call, which runs to its end whatever is clicked meanwhile."""

    def run() -> None:
        token = _HELD.set(st.session_state.to_dict())  # the one way to look at it that never ends the callback
        try:
            with memory()["lock"]:  # the run that another click interrupts may still be in a callback of its own
                function(*args, **kwargs)
        finally:
            _HELD.reset(token)

    return run


def call_if_drawn(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Callable[[], None]:
    """As `call`, for a widget whose key is made by `key`: until a page is whole without it.

    A browser that has not yet heard so sends once more what stood in the widget, as if it were new.
    """
    drawn = memory()["generation"]

    def run() -> None:
        if memory()["whole"] <= drawn:
            function(*args, **kwargs)

    return call(run)


def drawn() -> None:
    """The page is whole: widgets of earlier generations are gone from it."""
    memory()["whole"] = memory()["generation"]


def language() -> Language:
    """The reader's language: chosen on the page, else COSTLAB_LANG, else the browser's, else English."""
    if "language" not in memory():
        asked = os.environ.get("COSTLAB_LANG") or st.context.locale or "en"
        memory()["language"] = "ru" if asked.lower().startswith("ru") else "en"
    return cast("Language", memory()["language"])


def draft() -> Draft:
    """The estimate being written."""
    if "draft" not in memory():
        memory()["draft"] = Draft(name="Новая смета" if language() == "ru" else "New estimate")
    return cast("Draft", memory()["draft"])


def change() -> Draft:
    """The draft, after its present version was remembered: call it before every change."""
    now = draft()
    past = memory()["past"]
    past.append(deepcopy(now))
    del past[:-_KEPT]
    return now


def replace(new: Draft) -> None:
    """Another draft in its place; the old one can be had back."""
    change()
    memory()["draft"] = new
    redraw()


def undo() -> None:
    """One step back."""
    if memory()["past"]:
        memory()["draft"] = memory()["past"].pop()
        redraw()


def can_undo() -> bool:
    """Whether there is a step back."""
    return bool(memory()["past"])


def redraw() -> None:
    """Make every input read the draft anew: their keys carry the generation."""
    memory()["generation"] += 1


def key(*parts: object) -> str:
    """A widget's key in this generation: another one after `redraw`.

    Another language is another generation, because a browser answers with the words of an option, not with the option.
    """
    return "-".join(str(p) for p in (*parts, memory()["generation"]))


def opened() -> str:
    """The key of the resource whose form is open, or nothing."""
    return cast("str", memory().get("opened", ""))


def show(resource: str) -> None:
    """Open a resource's form, or close it when it is open."""
    memory()["opened"] = "" if resource == opened() else resource


def today() -> date:
    """The day on the region's clock, not the machine's."""
    now = draft()
    return today_in(load_catalog(now.provider).provider.regions[now.region])
