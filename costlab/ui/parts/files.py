"""Estimates in and out: open a JSON or YAML file, download every format there is."""

import re
from collections.abc import Callable
from html import escape

import streamlit as st

from costlab import errors, exports
from costlab.exports import VatView
from costlab.model import Language
from costlab.scenario import Estimate
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
            on_change=_open,
            args=(key,),
        )


def _open(key: str) -> None:
    file = st.session_state[key]
    if file is not None and open_bytes(file.getvalue(), file.name):
        st.toast(say("opened", state.language(), file=file.name))


def refused(language: Language) -> None:
    """Why the last file was not opened: line, what, remedy."""
    found = st.session_state.get("refused")
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
            on_click=_forget,
        )


def _forget() -> None:
    st.session_state["refused"] = None


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
