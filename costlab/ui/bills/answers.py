"""Answers as tables with pages and downloads."""

import re
from collections.abc import Callable
from html import escape

import streamlit as st

from costlab.exports import answers
from costlab.exports.answers import cell, columns, is_number, rows, rules_met, title, totals_text
from costlab.i18n.words import word
from costlab.model.numbers import Language
from costlab.questions import Answer
from costlab.ui.words import say

PAGE = 50


def draw(answer: Answer, whole: Callable[[], Answer], language: Language) -> None:
    """The rows, the rules that noticed something, the sum, and a download of all of it in every format."""
    found, _ = rows(answer)
    shown = columns(answer)
    pages = max(1, -(-len(found) // PAGE))
    slot = st.container()
    at = 1
    if pages > 1:
        at = st.pagination(pages, key=f"bills-page-{answer.question}-{answer.by}-{answer.grain}-{len(found)}")
    with slot:
        head = "".join(f"<th{_class(c, answer)}>{escape(title(c, language, answer))}</th>" for c in shown)
        body = "".join(
            "<tr>"
            + "".join(f"<td{_class(c, answer)}>{escape(cell(c, row, answer, language))}</td>" for c in shown)
            + "</tr>"
            for row in found[(at - 1) * PAGE : at * PAGE]
        )
        st.html(f'<div class="cl-rows"><table><tr>{head}</tr>{body}</table></div>')
    st.html(f'<div class="cl-sum">{word("total", language)}: {escape(totals_text(answer, language))}</div>')
    rules = rules_met(answer, language)
    if rules:
        facts = "".join(f"<div><b>{escape(name)}</b><br><span>{escape(why)}</span></div>" for name, why in rules)
        st.html(f'<div class="cl-notes">{facts}</div>')
    _downloads(answer, whole, language)


def _class(column: str, answer: Answer) -> str:
    return ' class="n"' if is_number(column, answer) else ""


def _downloads(answer: Answer, whole: Callable[[], Answer], language: Language) -> None:
    stem = re.sub(r"[^\w.-]+", "-", "-".join((answer.question, *answer.by)))[:60]
    with st.container(horizontal=True, gap="xsmall", key="bills-downloads"):
        for name in answers.names():
            output = answers.load(name)
            st.download_button(
                output.SUFFIX.upper(),
                data=_maker(name, whole, language),
                mime=output.MEDIA_TYPE,
                file_name=f"{stem}.{output.SUFFIX}",
                icon=":material/download:",
                on_click="ignore",
                key=f"bills-download-{name}",
                help=say("download", language),
            )


def _maker(name: str, whole: Callable[[], Answer], language: Language) -> Callable[[], bytes]:
    """The file with every row, made only when it is asked for."""

    def make() -> bytes:
        made = answers.load(name).render(whole(), language)
        return made.encode() if isinstance(made, str) else made

    return make
