"""A bill beside what it should have been: upload, see what was read, say which column is which, then every kopeck."""

import hashlib
from importlib.resources import files

import streamlit as st

from costlab.bills import Detected, Profile, profile_text
from costlab.catalog.loading import load_catalog
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import Comparison
from costlab.compare.suggested_contract import FILE, suggested_contract
from costlab.errors import InputError
from costlab.exports.comparisons import word
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.bill import Bill
from costlab.model.numbers import Language
from costlab.model.scenario import Scenario
from costlab.ui import state
from costlab.ui.draft import file_of, text_of
from costlab.ui.parts import comparison as parts
from costlab.ui.parts import differences, head, problems
from costlab.ui.parts.add import example as example_estimate
from costlab.ui.parts.files import MEGABYTES, choose, kept
from costlab.ui.reconcile import bill as bills
from costlab.ui.reconcile import reading
from costlab.ui.words import say

EXAMPLES = {"bill_example": "bill-faults.csv", "bill_clean": "bill-clean.csv"}


@st.cache_data(max_entries=16, show_spinner=False)
def seen(digest: str, name: str, profile: str, _raw: bytes, _profile: Profile | None) -> Detected:  # noqa: ARG001 (the key)
    """What a file seems to be."""
    return reading.preview_of(_raw, name, _profile)


@st.cache_data(max_entries=8, show_spinner=False)
def read(digest: str, name: str, profile: str, _raw: bytes, _profile: Profile | None) -> Bill:  # noqa: ARG001 (the key)
    """The rows of a file; the same bytes under the same profile are the same bill."""
    return reading.bill_of(_raw, name, _profile)


@st.cache_data(max_entries=8, show_spinner=False)
def reconciled(digest: str, scenario: str, version: str, _bill: Bill, _scenario: Scenario | None) -> Comparison:  # noqa: ARG001
    """The comparison; the key is what it depends on: file, profile, estimate, prices."""
    return reconcile_bill(_bill, scenario=_scenario)


def page() -> None:
    """Draw everything once."""
    language = head.draw()
    state.draft()
    given = state.memory().get("bill")
    if given is None:
        _empty(language)
        return
    name, raw = given
    with st.container(horizontal=True, vertical_alignment="center", key="bill-head"):
        st.html(f'<div class="cl-lead"><h2>{bills.title(name)}</h2></div>', width="stretch")
        st.button(
            say("bill_other", language),
            icon=":material/folder_open:",
            key="bill-other",
            on_click=state.call(_forget),
        )
    profile: Profile | None = state.memory().get("bill-profile")
    key = (hashlib.sha256(raw).hexdigest(), name, profile_text(profile) if profile else "")
    try:
        preview = seen(*key, raw, profile)
    except InputError as error:
        problems.refused(say("bill_refused", language, file=name), error.problems, language)
        return
    bill: Bill | None = None
    refused: InputError | None = None
    try:
        with st.spinner(say("reading", language)):
            bill = read(*key, raw, profile)
    except InputError as error:
        refused = error
        problems.refused(say("bill_refused", language, file=name), error.problems, language)
    ready = bill is not None and state.memory().get("bill-ready") == key[0]
    bills.preview(preview, bill, language, folded=ready)
    bills.mapping(preview, profile, language, needed=bill is None and bool(refused))
    if bill is None:
        return
    scenario, tag = _against(name, language)
    if not ready:
        st.button(
            say("bill_check", language),
            type="primary",
            icon=":material/balance:",
            key="bill-check",
            on_click=state.call(_check, key[0]),
        )
        return
    _result(bill, "-".join(key), scenario, tag, language)


def _result(bill: Bill, key: str, scenario: Scenario | None, tag: str, language: Language) -> None:
    catalog = load_catalog(bill.provider)
    try:
        with st.spinner(say("reconciling", language)):
            result = reconciled(key, tag, catalog.version, bill, scenario)
    except InputError as error:
        problems.refused(say("bill_refused", language, file=bill.source), error.problems, language)
        return
    parts.figures(result, language)
    parts.status(result, language)
    parts.downloads(result, language)
    parts.causes(result, language)
    _patterns(result, language)
    differences.draw(result, catalog, language)
    problems.draw(result.problems, language)


def _patterns(result: Comparison, language: Language) -> None:
    """Ways in which many rows differ, and the contract that they would be."""
    if not result.patterns:
        return
    with st.container(border=True, key="patterns"):
        st.html(f"<b>{word('patterns', language)}</b>" + problems.notes([p.finding for p in result.patterns], language))
        try:
            text = suggested_contract(result)
        except InputError:  # no pattern that a contract could be made of
            return
        st.download_button(
            say("suggested_contract", language), text, FILE, "application/yaml", key="contract-suggested"
        )


def _empty(language: Language) -> None:
    """What the page is for, and the ways to begin."""
    st.html(
        f'<div class="cl-empty"><h2>{say("reconcile_title", language)}</h2>'
        f"<p>{say('reconcile_how', language)}</p></div>"
    )
    _, middle, _ = st.columns([1, 2.2, 1])
    with middle:
        key = "bill-upload"
        st.file_uploader(
            say("bill_file", language, limit=MEGABYTES),
            type=["csv", "xlsx", "txt", "tsv"],
            max_upload_size=MEGABYTES,
            key=key,
            on_change=state.call(_upload, key),
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            for word, name in EXAMPLES.items():
                if example(name) is not None:
                    st.button(
                        say(word, language),
                        icon=":material/receipt_long:",
                        key=word,
                        on_click=state.call(_open, name),
                    )
        st.caption(say("bill_large", language))


def example(name: str) -> bytes | None:
    """A bill that comes with costlab, when the package has it."""
    file = files("costlab.examples").joinpath(name)
    return file.read_bytes() if file.is_file() else None


def _check(digest: str) -> None:
    state.memory()["bill-ready"] = digest


def _upload(key: str) -> None:
    file = state.answer(key)
    if file is not None:
        _forget()
        state.memory()["bill"] = (file.name, file.getvalue())


def _open(name: str) -> None:
    """An example goes straight to its result."""
    raw = example(name)
    if raw is not None:
        _forget()
        state.memory().update({"bill": (name, raw), "bill-ready": hashlib.sha256(raw).hexdigest()})


def _forget() -> None:
    for key in ("bill", "bill-ready", "bill-profile"):
        state.memory().pop(key, None)


def _against(name: str, language: Language) -> tuple[Scenario | None, str]:
    """The estimate a bill is held against, and what names it in a cache."""
    draft = state.draft()
    options = ["list"]
    if draft.resources:
        options.append("draft")
    if name in EXAMPLES.values() and example_estimate() is not None:
        options.append("example")
    options.append("file")
    titles = {o: say(f"against_{o}", language, name=draft.name) for o in options}
    chosen = choose(say("against", language), options, "list", "against", titles)
    st.caption(say("against_how", language))
    if chosen == "list":
        return None, ""
    raw, source = b"", ""
    if chosen == "file":
        file = kept(say("open_file", language), "against-file")
        if file is None:
            return None, ""
        source, raw = file
    elif chosen == "draft":
        raw, source = text_of(file_of(draft)), draft.name
    else:
        raw, source = example_estimate() or b"", "shop.yaml"
    try:
        scenario = parse_estimate(raw, source, today=state.today())
    except InputError as error:
        problems.refused(say("not_opened", language, file=source), error.problems, language)
        return None, ""
    return scenario, hashlib.sha256(raw).hexdigest()


page()
