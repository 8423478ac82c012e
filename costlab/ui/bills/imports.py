"""Bills in: upload, a path on the server, an example; how far an import is, and what came of it."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from importlib.resources import files
from pathlib import PurePath

import streamlit as st

from costlab.bills import Profile, parse_profile
from costlab.errors import InputError
from costlab.exports.comparisons import cash, change
from costlab.i18n.words import number
from costlab.model.numbers import Language
from costlab.progress import stage_text
from costlab.store import Imported, Store
from costlab.ui import state
from costlab.ui.bills import importing
from costlab.ui.parts import problems
from costlab.ui.parts.files import MEGABYTES
from costlab.ui.words import say

EXAMPLE = "bill-clean.csv"
_KINDS = ["csv", "json", "tsv", "txt", "gz", "xlsx", "docx", "parquet"]
_EVERY = 1.0


def job() -> importing.Job | None:
    """The import this session started last."""
    found: importing.Job | None = state.memory().get("bills-job")
    return found


def draw(store: Store, language: Language, *, first: bool) -> None:
    """The ways in; `first` when the store is empty."""
    generation = state.memory().setdefault("bills-generation", 0)
    key = f"bills-upload-{generation}"
    st.file_uploader(
        say("bills_upload", language, limit=MEGABYTES),
        type=_KINDS,
        accept_multiple_files=True,
        max_upload_size=MEGABYTES,
        key=key,
        on_change=state.call(_upload, store, key),
    )
    _path(store, language)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if first and files("costlab.examples").joinpath(EXAMPLE).is_file():
            st.button(
                say("bills_example", language),
                icon=":material/receipt_long:",
                key="bills-example",
                on_click=state.call(_example, store),
            )
        with st.popover(say("profile_file", language), icon=":material/view_column:", key="bills-profile-box"):
            name = "bills-profile-upload"
            st.file_uploader(
                say("bills_profile", language), type=["yaml", "yml"], max_upload_size=1, key=name,
                on_change=state.call(_profile, name),
            )  # fmt: skip
    for box, (source, found) in enumerate(state.memory().get("bills-refused", ())):
        problems.refused(say("bill_refused", language, file=source), found, language, key=f"bills-refused-{box}")


def _path(store: Store, language: Language) -> None:
    address = st.get_option("server.address")
    if not importing.may_read(address):
        st.caption(say("bills_path_off", language))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        folder = importing.bills_folder()
        label = say("bills_path_in", language, folder=folder) if folder else say("bills_path", language)
        st.text_input(label, key="bills-path", placeholder="/data/bills/2026-11.csv" if not folder else "2026-11.csv")
        st.button(
            say("bills_path_go", language), icon=":material/drive_folder_upload:", key="bills-path-go",
            on_click=state.call(_from_path, store, address),
        )  # fmt: skip


def _begin(started: importing.Job) -> None:
    state.memory()["bills-job"] = started
    state.memory()["bills-told"] = False
    state.memory()["bills-refused"] = ()
    state.memory()["bills-generation"] = state.memory().get("bills-generation", 0) + 1


def _upload(store: Store, key: str) -> None:
    given = state.answer(key)
    if given:
        _begin(importing.upload(store, [(f.name, f.getvalue()) for f in given], _mapping()))


def _example(store: Store) -> None:
    raw = files("costlab.examples").joinpath(EXAMPLE).read_bytes()
    _begin(importing.upload(store, [(EXAMPLE, raw)]))


def _from_path(store: Store, address: str | None) -> None:
    text = state.answer("bills-path") or ""
    try:
        _begin(importing.start(store, importing.server_files(text, address), _mapping()))
    except InputError as error:
        state.memory()["bills-refused"] = ((text.strip() or "—", error.problems),)


def _mapping() -> Profile | None:
    mapping: Profile | None = state.memory().get("bills-mapping")
    return mapping


def _profile(key: str) -> None:
    file = state.answer(key)
    state.memory()["bills-mapping"] = None
    state.memory()["bills-refused"] = ()
    if file is not None:
        try:
            state.memory()["bills-mapping"] = parse_profile(file.getvalue(), file.name)
        except InputError as error:
            state.memory()["bills-refused"] = ((file.name, error.problems),)


def progress(language: Language) -> None:
    """How far the running import is, with a way to stop it; then what came of the last one."""
    now = job()
    if now is None:
        return
    if now.running:
        _running(language)
    else:
        state.memory()["bills-told"] = True
        _draw_outcome(now, language)


@st.fragment(run_every=_EVERY)
def _running(language: Language) -> None:
    now = job()
    if now is None or not now.running:
        st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center", key="bills-progress"):
        words = [now.current, stage_text(now.stage, language)]
        if len(now.names) > 1:
            n = len(now.done) + len(now.refused) + 1
            words.append(say("bills_of", language, n=n, m=len(now.names)))
        text = " · ".join(_markdown(w) for w in words if w)
        st.progress(min(max(now.share or 0.0, 0.0), 1.0), text=text)
        st.button(
            say("bills_cancel", language),
            icon=":material/close:",
            key="bills-cancel",
            on_click=state.call(now.cancel),
        )


def _markdown(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+!|<>~$:" else c for c in text)


def _draw_outcome(now: importing.Job, language: Language) -> None:
    """What came of it: a line a file, then what was refused."""
    lines = [line for done in now.done for line in _lines(done, language)]
    if now.cancelled:
        lines.append(say("bills_cancelled", language))
    if lines:
        st.html(f'<div class="cl-notes">{"".join(f"<div>{line}</div>" for line in lines)}</div>')
    if now.failed:
        st.error(say("bills_failed", language))
    for box, (name, found) in enumerate(now.refused):
        problems.refused(say("bill_refused", language, file=name), found, language, key=f"bills-bad-{box}")
    noted = [p for done in now.done for p in done.problems]
    problems.draw(noted, language)


def _lines(done: Imported, language: Language) -> list[str]:
    name = f"<b>{escape(short(done.bill.source))}</b>"
    if done.status == "unchanged":
        return [say("bills_unchanged", language, file=name)]
    rows = number(Decimal(done.bill.accepted), language)
    line = say(
        "bills_imported", language, file=name, rows=rows, total=f"<b>{escape(money(done.bill.totals, language))}</b>"
    )
    if done.bill.rejected:
        rejected = say("bills_rejected", language, n=number(Decimal(done.bill.rejected), language))
        line += f' <span class="cl-tag bad">{rejected}</span>'
    lines = [line]
    if done.restatement is not None and done.restatement.lines:
        delta = " · ".join(change(v, c, language) for c, v in sorted(done.restatement.changed.items()))
        lines.append(say("bills_restated", language, file=name, delta=escape(delta)))
    return lines


def money(totals: dict[str, Decimal], language: Language) -> str:
    """Sums, each currency by itself."""
    return " · ".join(cash(v, c, language) for c, v in sorted(totals.items())) or "—"


def short(source: str) -> str:
    """The name of a file without the folders of the server."""
    return PurePath(source.replace("\\", "/")).name or source


def names(found: Sequence[str]) -> str:
    """A few names, and how many more."""
    return ", ".join(found[:3]) + (f" +{len(found) - 3}" if len(found) > 3 else "")  # noqa: PLR2004
