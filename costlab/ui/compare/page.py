"""Two estimates side by side: what changed, by how much, and why."""

import hashlib
from datetime import date

import streamlit as st

from costlab.catalog.loading import load_catalog
from costlab.compare.result import Comparison
from costlab.compare.split import compare_estimates
from costlab.errors import InputError
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.numbers import Language, Problem
from costlab.model.scenario import Estimate
from costlab.ui import state
from costlab.ui.draft import file_of, text_of
from costlab.ui.parts import comparison as parts
from costlab.ui.parts import differences, head, problems
from costlab.ui.parts.add import example
from costlab.ui.parts.files import choose, kept
from costlab.ui.words import say

SIDES = ("before", "after")


@st.cache_data(max_entries=16, show_spinner=False)
def estimated(digest: str, source: str, today: str, version: str, _raw: bytes) -> Estimate:  # noqa: ARG001 (the key)
    """An estimate file's cost; the same bytes on the same day and prices cost the same."""
    return estimate_cost(parse_estimate(_raw, source, today=date.fromisoformat(today)))


@st.cache_data(max_entries=16, show_spinner=False)
def compared(digest: str, _before: Estimate, _after: Estimate) -> Comparison:  # noqa: ARG001 (the key)
    """The difference of two estimates."""
    return compare_estimates(_before, _after)


def page() -> None:
    """Draw everything once."""
    language = head.draw()
    state.draft()
    st.html(
        f'<div class="cl-lead"><h2>{say("compare_title", language)}</h2><p>{say("compare_how", language)}</p></div>'
    )
    found: list[tuple[str, bytes] | None] = []
    for column, side in zip(st.columns(2, gap="medium"), SIDES, strict=True):
        with column, st.container(border=True):
            found.append(_side(side, language))
    estimates = [_estimate(*given, language) for given in found if given is not None]
    known = [e for e in estimates if e is not None]
    if len(known) < len(SIDES):
        if len(estimates) == len(known):
            st.info(say("compare_wait", language), icon=":material/difference:")
        return
    before, after = known
    if before.currency != after.currency:
        st.error(say("currencies", language, one=before.currency, two=after.currency))
        return
    keys = [hashlib.sha256(raw).hexdigest() for _, raw in (x for x in found if x is not None)]
    result = compared("-".join((*keys, str(state.today()), before.catalog.version)), before, after)
    parts.figures(result, language)
    parts.downloads(result, language)
    parts.causes(result, language)
    differences.draw(result, load_catalog(after.provider), language)
    problems.draw(result.problems, language)


def _side(side: str, language: Language) -> tuple[str, bytes] | None:
    """Name and bytes of the estimate chosen for a side."""
    draft = state.draft()
    options = ["draft", "file", "example"] if example() is not None else ["draft", "file"]
    usual = "file" if side == SIDES[0] or not draft.resources else "draft"
    titles = {o: say(f"side_{o}", language) for o in options}
    chosen = choose(say(f"side_{side}", language), options, usual, f"side-{side}", titles)
    if chosen == "example":
        return "shop.yaml", example() or b""
    if chosen == "draft":
        if not draft.resources:
            st.caption(say("side_empty", language))
            return None
        return draft.name or say("your_estimate", language), text_of(file_of(draft))
    return kept(say("open_file", language), f"side-{side}-file")


def _estimate(source: str, raw: bytes, language: Language) -> Estimate | None:
    try:
        version = load_catalog().version
        return estimated(hashlib.sha256(raw).hexdigest(), source, str(state.today()), version, raw)
    except InputError as error:
        found: tuple[Problem, ...] = error.problems
        problems.refused(say("not_opened", language, file=source), found, language)
        return None


page()
