"""What was read of a bill, before anything is made of it, and what a person says about its columns."""

from decimal import Decimal
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from costlab.bills import NOTES, Detected, Profile, load, profile_text
from costlab.bills import parse_profile as read_profile
from costlab.errors import InputError
from costlab.exports.comparisons import cash
from costlab.i18n.words import number
from costlab.model.bill import Bill
from costlab.model.numbers import Language
from costlab.ui import state
from costlab.ui.parts import problems
from costlab.ui.words import day, say

FIELDS = (
    "day", "project", "resource_id", "resource_name", "service", "parameter", "quantity", "unit", "amount", "bonus",
    "labels", "currency",
)  # fmt: skip
_PROJECTS = 5
_SEPARATORS = {";": "«;»", ",": "«,»", "\t": "Tab"}


def title(name: str) -> str:
    """The name of a file as HTML."""
    return escape(name)


def preview(detected: Detected, bill: Bill | None, language: Language, *, folded: bool) -> None:
    """Format, columns, sums and first rows."""
    facts = [*_file(detected, language), *(_content(bill, language) if bill else [])]
    if detected.ignored:
        facts.append((say("ignored", language), ", ".join(f"<code>{escape(h)}</code>" for h in detected.ignored)))
    pairs = "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in facts)
    # Another key when it is folded: an expander keeps its first state.
    key = f"bill-preview-{'folded' if folded else 'open'}"
    with st.expander(say("bill_read", language), expanded=not folded, icon=":material/table_view:", key=key):
        st.html(f'<dl class="cl-facts">{pairs}</dl>')
        st.caption(say("first_rows", language))
        st.html(_table(detected, language))
        if bill and bill.problems:
            st.html(problems.notes(bill.problems, language))


def _file(detected: Detected, language: Language) -> list[tuple[str, str]]:
    where = say("sheet", language) + f" «{escape(detected.sheet)}»" if detected.sheet else ""
    where = where or (say("separator", language, sign=_SEPARATORS.get(detected.delimiter, detected.delimiter)))
    kind = f"{detected.kind.upper()}, {where}, {say('header_line', language, n=detected.header_line)}"
    named = load(detected.format).TITLE[language] if detected.format else "—"
    rows = [(say("format", language), escape(named)), (say("kind", language), kind)]
    if detected.encoding:
        rows.append((say("encoding", language), escape(detected.encoding.upper())))
    return rows


def _content(bill: Bill, language: Language) -> list[tuple[str, str]]:
    rows = []
    if bill.projects:
        rest = len(bill.projects) - _PROJECTS
        shown = ", ".join(escape(p) for p in bill.projects[:_PROJECTS]) + (f" … +{rest}" if rest > 0 else "")
        rows.append((say("project", language), shown))
    if bill.first_day and bill.last_day:
        rows.append((say("period", language), f"{day(bill.first_day, language)} – {day(bill.last_day, language)}"))
    counts = [number(Decimal(x), language) for x in (bill.accepted, bill.rejected)]
    rejected = ' <span class="cl-tag bad">!</span>' if bill.rejected else ""
    rows.append((say("rows", language), say("rows_read", language, n=counts[0], m=counts[1]) + rejected))
    total = f"<b>{cash(_paid(bill.total, bill), bill.currency, language)}</b>"
    if bill.control is not None:
        same = bill.control == bill.total
        other = cash(_paid(bill.control, bill), bill.currency, language)
        total += ", " + say("control_same" if same else "control_other", language, total=other)
    rows.append((say("sum", language), total))
    notes = [NOTES[code][language].format(n=number(Decimal(n), language)) for code, n in bill.notes if code in NOTES]
    if notes:
        rows.append((say("note", language), "<br>".join(escape(n) for n in notes)))
    return rows


def _paid(value: Decimal, bill: Bill) -> Decimal:
    """A sum of the file as money paid."""
    return -value if bill.sign < 0 else value


def _table(detected: Detected, language: Language) -> str:
    """The first rows; above each header, what it was taken for."""
    taken = {header: field for field, header in detected.columns.items()}
    head = "".join(
        f"<th>{_field(taken[h.strip()], language) if h.strip() in taken else '—'}<br>{escape(h)}</th>"
        for h in detected.header
    )
    body = "".join("<tr>" + "".join(f"<td>{escape(c[:60])}</td>" for c in row) + "</tr>" for row in detected.rows)
    return f'<div class="cl-rows"><table><tr>{head}</tr>{body}</table></div>'


def _field(name: str, language: Language) -> str:
    what = say("field_labels", language) if name.startswith("label:") else say(f"field_{name}", language)
    return f"<b>{escape(what)}</b>"


def mapping(detected: Detected, profile: Profile | None, language: Language, *, needed: bool) -> None:
    """A choice of column for each of our fields; what is chosen is a profile that can be kept."""
    now = profile or Profile()
    headers = list(dict.fromkeys(h.strip() for h in detected.header if h.strip()))
    with st.expander(say("mapping", language), expanded=needed, icon=":material/view_column:", key="bill-mapping"):
        st.caption(say("mapping_how", language))
        columns = st.columns(4)
        for index, name in enumerate(FIELDS):
            options = ["", *headers]
            chosen = str(now.columns.get(name, ""))  # type: ignore[call-overload]
            automatic = detected.columns.get(name, "")
            key = state.key("map", name)
            columns[index % 4].selectbox(
                say(f"field_{name}", language),
                options,
                index=options.index(chosen) if chosen in options else 0,
                format_func=partial(_chosen, automatic=automatic, language=language),
                key=key,
                on_change=state.call_if_drawn(_map, name, key),
            )
        _option(columns[0], "decimal", ("", ",", "."), now, language)
        _option(columns[1], "dates", ("", "dmy", "mdy", "serial"), now, language)
        with st.container(horizontal=True, vertical_alignment="bottom", key="profile"):
            st.download_button(
                say("profile", language),
                data=profile_text(_kept(detected, now)),
                mime="application/yaml",
                file_name="columns.yaml",
                icon=":material/download:",
                on_click="ignore",
                key="profile-download",
            )
            key = "profile-upload"
            st.file_uploader(
                say("profile_file", language),
                type=["yaml", "yml"],
                max_upload_size=1,
                key=key,
                on_change=state.call(_upload, key),
            )
        refused = state.memory().get("profile-refused")
        if refused:
            problems.refused(
                say("not_opened", language, file=refused[0]), refused[1], language, key="profile-refused-box"
            )


def _chosen(header: str, automatic: str, language: Language) -> str:
    return header or (f"{say('by_name', language)}: {automatic}" if automatic else "—")


def _option(place: Any, name: str, options: tuple[str, ...], now: Profile, language: Language) -> None:
    key = state.key("option", name)
    place.selectbox(
        say(name, language),
        options,
        index=options.index(getattr(now, name) or ""),
        format_func=lambda o: say(o, language) if o in ("dmy", "mdy", "serial") else o or say("as_found", language),
        key=key,
        on_change=state.call_if_drawn(_set, name, key),
    )


def _kept(detected: Detected, now: Profile) -> Profile:
    """The profile with the columns that were found by their names: the next file may name them otherwise."""
    known = {f: h for f, h in detected.columns.items() if f in FIELDS}
    return now.model_copy(update={"columns": {**known, **now.columns}})


def _map(name: str, key: str) -> None:
    now: Profile = state.memory().get("bill-profile") or Profile()
    columns = {f: h for f, h in now.columns.items() if f != name}
    chosen = state.answer(key)
    if chosen:
        columns[name] = chosen  # type: ignore[index]
    _keep(now.model_copy(update={"columns": columns}))


def _set(name: str, key: str) -> None:
    now: Profile = state.memory().get("bill-profile") or Profile()
    _keep(now.model_copy(update={name: state.answer(key) or None}))


def _keep(profile: Profile) -> None:
    state.memory()["bill-profile"] = profile if profile != Profile() else None


def _upload(key: str) -> None:
    """A kept profile in the place of the present one; a broken one is told about."""
    file = state.answer(key)
    state.memory()["profile-refused"] = None
    if file is None:
        return
    try:
        state.memory()["bill-profile"] = read_profile(file.getvalue(), file.name)
    except InputError as error:
        state.memory()["profile-refused"] = (file.name, error.problems)
