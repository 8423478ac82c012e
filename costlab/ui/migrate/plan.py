"""The plan of a migration as tables and fields, and what it comes to: verdict, figures, charts, files."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from costlab.errors import InputError
from costlab.examples import example
from costlab.exports import migrations
from costlab.exports.migrations import missing_words, sections
from costlab.exports.migrations._words import facts, status, verdict, word
from costlab.migration.budget import Budget
from costlab.migration.plan import CATEGORIES, parse_plan
from costlab.model.numbers import Language, Problem
from costlab.ui import state
from costlab.ui.migrate import charts, plans
from costlab.ui.migrate.estate import cards, rows
from costlab.ui.parts import problems
from costlab.ui.parts.files import MEGABYTES
from costlab.ui.words import say

EXAMPLE = "estate-plan.yaml"
_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "vat": ("vat", ("included", "excluded", "none")),
    "per": ("per", ("month", "quarter", "year")),
    "stops_at": ("stops", ("cutover", "contract_end", "never")),
}
_HEADS = {"vat": "plan_line_vat"}
_CARDS = 5
_VAT = ("", "yes", "no")


def begin(name: str) -> None:
    """A plan of which nothing is known, unless one is at hand."""
    if "migrate-plan" not in state.memory():
        put(plans.empty(name))


def put(plan: dict[str, Any]) -> None:
    """Another plan in the place of the present one."""
    state.memory()["migrate-plan"] = plan
    state.memory()["migrate-typed"] = {t: plans.rows(plan, t) for t in plans.TABLES}
    state.memory()["migrate-shown"] = {}
    state.memory()["migrate-generation"] = state.memory().get("migrate-generation", 0) + 1


def _open(key: str) -> None:
    file = state.answer(key)
    if file is not None:
        _put_file(file.name, file.getvalue())


def _put_file(name: str, raw: bytes) -> None:
    state.memory()["migrate-plan-refused"] = None
    try:
        put(plans.data_of(parse_plan(raw, name)))
    except InputError as error:
        state.memory()["migrate-plan-refused"] = (name, error.problems)


def _open_example() -> None:
    _put_file(EXAMPLE, example(EXAMPLE))


def _clear(name: str) -> None:
    state.memory()["migrate-plan-refused"] = None
    put(plans.empty(name))


def opener(name: str, language: Language, *, offered: bool) -> None:
    """Open a plan, take the example's, or begin anew."""
    left, right = st.columns([1.6, 1], gap="medium", vertical_alignment="bottom")
    with left:
        key = f"migrate-plan-upload-{state.memory()['migrate-generation']}"
        st.file_uploader(
            say("plan_open", language), type=["yaml", "yml", "json"], max_upload_size=MEGABYTES, key=key,
            on_change=state.call(_open, key),
        )  # fmt: skip
    with right, st.container(horizontal=True):
        if offered:
            st.button(
                say("plan_example", language),
                icon=":material/event_note:",
                key="plan-example",
                on_click=state.call(_open_example),
            )
        st.button(
            say("plan_clear", language),
            icon=":material/clear_all:",
            key="plan-clear",
            on_click=state.call(_clear, name),
        )
    refused: tuple[str, tuple[Problem, ...]] | None = state.memory().get("migrate-plan-refused")
    if refused:
        problems.refused(say("plan_not_opened", language, file=refused[0]), refused[1], language, key="plan-refused")


def edited(language: Language) -> dict[str, Any]:
    """The plan as the tables and fields now have it."""
    plan: dict[str, Any] = state.memory()["migrate-plan"]
    typed = {"lines": _table("lines", language)}
    plan = plan | {"current": dict(plan.get("current") or {})}
    known = list(CATEGORIES)
    waived = st.multiselect(
        say("plan_waived", language), known, default=[c for c in plan["current"].get("waived") or () if c in known],
        format_func=lambda c: CATEGORIES[c][language], key=_key("waived"), placeholder="—",
    )  # fmt: skip
    plan["current"]["waived"] = waived
    left, right = st.columns(2, gap="medium")
    with left:
        typed["waves"] = _table("waves", language)
    with right:
        typed["one_offs"] = _table("one_offs", language)
    more = any(state.memory()["migrate-typed"][t] for t in ("extra", "credits", "refresh"))
    titles = " · ".join(say(f"plan_{t}", language) for t in ("extra", "credits", "refresh"))
    with st.expander(titles, expanded=more, key="plan-more"):
        typed |= {t: _table(t, language) for t in ("extra", "credits", "refresh")}
    plan = plans.with_tables(plan, typed, language)
    plan = _finance(plan, language)
    state.memory()["migrate-plan"] = plan
    return plan


def _key(name: str) -> str:
    return state.key("plan", name, state.memory()["migrate-generation"])


def _table(table: str, language: Language) -> plans.Rows:
    """A table to type in. Amounts are text: a grid's own numbers would be floats."""
    word_key = {"one_offs": "once"}.get(table, table)
    st.markdown(f"**{say(f'plan_{word_key}', language)}**")
    key, shown = _key(table), state.memory()["migrate-shown"]
    if state.answer(key) is None or key not in shown:  # first drawn, or drawn again after another page or language
        shown[key] = list(state.memory()["migrate-typed"][table])
    visible = plans.COLUMNS[table]
    hidden = [k for row in shown[key] for k in row if k not in visible]
    columns = [*visible, *dict.fromkeys(hidden)]
    frame = pd.DataFrame([[row.get(c) for c in columns] for row in shown[key]], columns=columns, dtype="string")
    found = st.data_editor(
        frame, key=key, num_rows="dynamic", hide_index=True, column_order=visible, width="stretch",
        column_config={c: _column(c, language) for c in visible}, placeholder=" ",
        alt=say(f"plan_{word_key}", language),
    )  # fmt: skip
    typed = [{str(c): v for c, v in row.items() if isinstance(v, str) and v} for row in found.to_dict("records")]
    state.memory()["migrate-typed"][table] = typed
    return typed


def _column(name: str, language: Language) -> Any:
    title = say(_HEADS.get(name, f"plan_{name}"), language)
    if name == "category":
        return st.column_config.SelectboxColumn(
            title, options=list(CATEGORIES), format_func=lambda c: CATEGORIES[str(c)][language], width="medium"
        )
    if name in _CHOICES:
        prefix, options = _CHOICES[name]
        return st.column_config.SelectboxColumn(
            title, options=list(options), format_func=lambda v: say(f"{prefix}_{v}", language)
        )
    alignment: Any = "right" if name == "amount" else "left"
    return st.column_config.TextColumn(title, alignment=alignment, max_chars=200)


def _finance(plan: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Fields of how money is counted; an empty one is one not given."""
    st.markdown(f"**{say('plan_finance', language)}**")
    now = plans.finance_of(plan)
    typed: dict[str, str] = {}
    cells = [*st.columns(5, gap="small"), *st.columns(5, gap="small")]  # two rows: a narrow screen stacks them in order
    starts = cells[0].text_input(say("plan_starts", language), value=str(plan.get("starts") or ""), key=_key("starts"))
    for n, field in enumerate(plans.FINANCE, 1):
        typed[field] = cells[n].text_input(
            say(f"plan_{field}", language), value=_shown(now.get(field, ""), language), key=_key(field)
        )
    target = dict(plan.get("target") or {})
    discount = cells[7].text_input(
        say("plan_discount", language), value=_shown(str(target.get("discount") or ""), language),
        key=_key("discount"),
    )  # fmt: skip
    vat = cells[8].selectbox(
        say("plan_vat", language), _VAT, index=_VAT.index(plans.vat_of(plan)), key=_key("vat"),
        format_func=lambda v: say(f"plan_vat_{v or 'unset'}", language),
    )  # fmt: skip
    target["discount"] = plans.typed_number(discount, language) if discount.strip() else None
    finance = plans.with_finance(plan, typed, vat or "", language)
    return finance | {"starts": starts.strip() or None, "target": target}


def _shown(text: str, language: Language) -> str:
    return text.replace(".", ",") if language == "ru" else text


def result(budget: Budget, language: Language) -> None:
    """Verdict, completeness, figures, charts, what is missing."""
    basis = word("with_vat" if budget.with_vat else "without_vat", language)
    st.html(f'<div class="cl-lead"><h2>{escape(verdict(budget, language))}</h2></div>')
    told = f"{status(budget, language)} · {basis}"
    if budget.complete:
        st.success(told, icon=":material/check_circle:")
    else:
        st.warning(told, icon=":material/warning:")
    if missing := missing_words(budget, language):
        st.caption(say("plan_missing", language, what=_markdown(missing)))
    found = facts(budget, language)
    trough, months = budget.result.trough_month, found[6][1].partition(", ")
    cards([*((t, v, "", "") for t, v in found[:4]), (found[6][0], months[0], months[2] if trough else "", "")])
    rest = [*found[4:6], *found[7:]]
    for column, part in zip(st.columns(2, gap="large"), (rest[: len(rest) // 2], rest[len(rest) // 2 :]), strict=True):
        body = "".join(f"<tr><td>{escape(t)}</td><td>{escape(v)}</td></tr>" for t, v in part)
        column.html(f'<table class="cl-causes">{body}</table>')
    left, right = st.columns(2, gap="medium")
    for column, name, figure in (
        (left, "cash", charts.cash_flow), (right, "cumulative", charts.cumulative),
        (left, "bridge", charts.bridge), (right, "tornado", charts.tornado),
    ):  # fmt: skip
        with column, st.container(border=True):
            title = say(f"chart_{name}", language)
            if name == "tornado":
                title += f": {word('cumulative' if budget.result.npv is None else 'npv', language)}"
            st.markdown(f"**{title}**")
            st.plotly_chart(figure(budget, language), key=f"chart-{name}", config={"displayModeBar": False}, alt=title)
    for key, table in sections(budget, language):
        if key in ("horizons", "scenario", "cash"):
            with st.expander(word(key, language), key=f"plan-{key}"):
                st.html(rows(table[0], table[1:], right=range(1, len(table[0]))))
    problems.draw(budget.problems, language, key="plan-problems")


def run_rate(budget: Budget, language: Language) -> None:
    """Today's month beside the target's, by category, on the plan's VAT basis."""
    basis = word("with_vat" if budget.with_vat else "without_vat", language)
    st.markdown(f"**{say('plan_run_rate', language)}**, {basis}")
    table = dict(sections(budget, language))["run_rate"]
    st.html(rows(table[0], table[1:], right=range(1, len(table[0]))))


def _markdown(text: str) -> str:
    """Text that Markdown shall show as it is."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")


def files(budget: Budget | None, texts: Mapping[str, tuple[str, Callable[[], bytes]]], stem: str,
          language: Language) -> None:  # fmt: skip
    """Buttons: the budget as workbook, page and JSON; estimate and plan as files."""
    with st.container(horizontal=True, gap="xsmall", key="downloads"):
        for name, key in (("xlsx", "get_workbook"), ("html", "get_page"), ("json", "get_json")):
            if budget is not None:
                output = migrations.load(name)
                st.download_button(
                    say(key, language), data=_maker(name, budget, language), mime=output.MEDIA_TYPE,
                    file_name=f"{stem}-budget.{output.SUFFIX}", icon=":material/download:", on_click="ignore",
                    key=f"migrate-{name}",
                )  # fmt: skip
        for key, (name, make) in texts.items():
            st.download_button(
                say(key, language), data=make, mime="application/yaml", file_name=name, icon=":material/download:",
                on_click="ignore", key=f"migrate-{key}",
            )  # fmt: skip
    st.caption(say("get_files_how", language, plan=f"{stem}-plan.yaml"))


def _maker(name: str, budget: Budget, language: Language) -> Callable[[], bytes]:
    def make() -> bytes:
        made = migrations.load(name).render(budget, language)
        return made.encode() if isinstance(made, str) else made

    return make
