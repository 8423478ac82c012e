"""Estimates in and out: open a JSON or YAML file, download every format there is."""

import re
from collections.abc import Callable
from html import escape

import streamlit as st

from costlab import errors
from costlab.exports import estimates as exports
from costlab.exports.estimates import VatView
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate
from costlab.ui import state
from costlab.ui.parts.add import open_bytes
from costlab.ui.words import say

MEGABYTES = 20
"""The largest upload; larger files are for the command line."""
_SHOWN = 20


def opener(language: Language) -> None:
    """A file to read in the place of the draft."""
    with st.popover(say("open", language), icon=":material/folder_open:", key=state.key("opener")):
        key = state.key("upload")
        st.file_uploader(
            say("open_file", language),
            type=["json", "yaml", "yml"],
            max_upload_size=MEGABYTES,
            key=key,
            help=say("open_help", language),
            on_change=state.call_if_drawn(_open, key),
        )


def kept(label: str, name: str) -> tuple[str, bytes] | None:
    """An estimate file given on a page: its name and bytes, also after the reader was on another page."""
    key = f"{name}-upload"
    st.file_uploader(
        label,
        type=["json", "yaml", "yml"],
        max_upload_size=MEGABYTES,
        key=key,
        on_change=state.call(_keep, key, name),
    )
    found: tuple[str, bytes] | None = state.memory().get(name)
    if found is not None and state.answer(key) is None:
        st.caption(f":material/draft: {_plain(found[0])}")
    return found


def _keep(key: str, name: str) -> None:
    file = state.answer(key)
    state.memory()[name] = None if file is None else (file.name, file.getvalue())


def _plain(text: str) -> str:
    """A file's name as Markdown that shows just it."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~$:-])", r"\\\1", text)


def choose(label: str, options: list[str], usual: str, name: str, titles: dict[str, str]) -> str:
    """One of a few; the choice outlives a change of language and of page."""
    key = state.key(name)
    now = state.memory().get(name, usual)
    chosen = st.segmented_control(
        label,
        options,
        default=now if now in options else usual,
        required=True,
        format_func=titles.__getitem__,
        key=key,
        wrap=True,
        on_change=state.call_if_drawn(_choose, key, name),
    )
    return chosen or usual


def _choose(key: str, name: str) -> None:
    state.memory()[name] = state.answer(key)


def _open(key: str) -> None:
    file = state.answer(key)
    if file is not None and open_bytes(file.getvalue(), file.name):
        st.toast(say("opened", state.language(), file=file.name))


def refused(language: Language) -> None:
    """Why the last file was not opened: line, what, remedy."""
    found = state.memory().get("refused")
    if not found:
        return
    name, problems = found
    rows = "".join(
        f"<div><b>{escape(say('line', language, n=p.line)) if p.line else ''}</b> {escape(p.subject)} "
        f"{escape(errors.message(p, language))}<br><span>{escape(errors.remedy(p, language))}</span></div>"
        for p in problems[:_SHOWN]
    )
    rest = f"<div>… +{len(problems) - _SHOWN}</div>" if len(problems) > _SHOWN else ""
    with st.container(border=True, horizontal=True, key="refused"):
        title = escape(say("not_opened", language, file=name))
        st.html(f'<b>{title}</b><div class="cl-notes bad">{rows}{rest}</div>', width="stretch")
        st.button(
            "",
            icon=":material/close:",
            type="tertiary",
            key="refused-close",
            help=say("close", language),
            on_click=state.call(_forget),
        )


def _forget() -> None:
    state.memory()["refused"] = None


def downloads(estimate: Estimate, language: Language, vat: VatView, *, left_out: bool) -> None:
    """A button per format; the file is made only when it is asked for."""
    stem = re.sub(r"[^\w.-]+", "-", estimate.name).strip("-.")[:80] or "estimate"
    with st.container(horizontal=True, gap="xsmall", key="downloads"):
        for name in exports.offered(exports.names()):
            output = exports.load(name)
            st.download_button(
                name.upper(),
                data=_maker(name, estimate, language, vat),
                mime=output.MEDIA_TYPE,
                file_name=f"{stem}.{output.SUFFIX}",
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{name}",
                help=say("download", language),
            )
    if left_out:
        st.caption(say("left_out", language))


def _maker(name: str, estimate: Estimate, language: Language, vat: VatView) -> Callable[[], bytes]:
    def make() -> bytes:
        made = exports.load(name).render(estimate, language, vat)
        return made.encode() if isinstance(made, str) else made

    return make
