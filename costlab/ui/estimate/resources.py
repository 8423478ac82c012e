"""The resources of the estimate as rows, group by group; the one being edited opens into its form and lines."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from costlab import errors, services
from costlab.catalog.facts.disks import disks_in_words
from costlab.catalog.loading import Catalog
from costlab.estimate.doubts import waiting
from costlab.estimate.sums import Sum, owners, sums, total
from costlab.exports.estimates import VatView
from costlab.model.numbers import Language, Problem
from costlab.model.scenario import Charge
from costlab.ui import draft as drafts
from costlab.ui import state
from costlab.ui.draft import Draft
from costlab.ui.estimate import form, lines
from costlab.ui.estimate.pricing import Priced
from costlab.ui.estimate.summary import summary
from costlab.ui.words import say

PAGE = 25
"""Rows on a page."""
_SCHEDULES = ("always", "stopped", "hours", "weekdays")


@dataclass(frozen=True)
class View:
    """What every row needs to be drawn."""

    priced: Priced
    catalog: Catalog
    language: Language
    vat: VatView
    currency: str
    zones: tuple[str, ...]
    by_resource: dict[str, Sum]
    first: dict[str, list[Charge]]
    """Charges of the first instance of each resource."""
    problems: dict[str, list[Problem]]


def view(priced: Priced, catalog: Catalog, region: str, language: Language, vat: VatView) -> View:
    """Sums and problems by resource, once for all rows."""
    estimate = priced.estimate
    whose = owners(estimate) if estimate else {}
    charges = estimate.charges if estimate else ()
    first: dict[str, list[Charge]] = {}
    instance: dict[str, str] = {}
    for charge in charges:
        owner = whose.get(charge.resource_id, charge.resource_id)
        if instance.setdefault(owner, charge.resource_id) == charge.resource_id:
            first.setdefault(owner, []).append(charge)
    problems: dict[str, list[Problem]] = {k: list(v) for k, v in priced.broken.items()}
    for problem in estimate.problems if estimate else ():
        if errors.kind(problem) != "error" and problem.code != "to_fill_in":
            problems.setdefault(problem.subject, []).append(problem)
    for resource in estimate.scenario.unfilled if estimate else ():
        problems.setdefault(resource.resource_id, []).extend(waiting((resource,)))
    place = catalog.provider.regions[region]
    by_resource = sums(charges, lambda c: whose.get(c.resource_id, c.resource_id))
    return View(priced, catalog, language, vat, place.currency, place.zones, by_resource, first, problems)


def draw(seen: View) -> None:
    """Every group with its subtotal and rows; a filter and pages when there are many."""
    draft = state.draft()
    keys = _found(draft, seen.language)
    pages = -(-len(keys) // PAGE)
    start = 0
    if pages > 1:
        start = (min(state.answer("page") or 1, pages) - 1) * PAGE
    groups: dict[str, list[str]] = {}
    for key in keys[start : start + PAGE]:
        groups.setdefault(_group(draft, key), []).append(key)
    for group, members in groups.items():
        if group or len(groups) > 1:
            _heading(seen, draft, group)
        for key in members:
            _row(seen, draft, key)
    if pages > 1:
        st.pagination(pages, key="page")


def _group(draft: Draft, key: str) -> str:
    return str(draft.resources[key].get("group") or "")


def _found(draft: Draft, language: Language) -> list[str]:
    """Keys in the order of the groups, those that answer the filter."""
    keys = list(draft.resources)
    if len(keys) > PAGE:
        asked = (
            st.text_input(
                say("filter", language),
                key="filter",
                icon=":material/search:",
                label_visibility="collapsed",
                placeholder=say("filter", language),
                live=True,
            )
            .strip()
            .lower()
        )
        keys = [k for k in keys if asked in str(draft.resources[k]).lower()]
        if not keys:
            st.caption(say("nothing_found", language))
    order = list(dict.fromkeys(_group(draft, k) for k in keys))
    return sorted(keys, key=lambda k: order.index(_group(draft, k)))


def _lacking(seen: View, name: str) -> bool:
    """Whether something of a resource has no price; a warning takes nothing away."""
    return any(errors.kind(p) != "warning" for p in seen.problems.get(name, ()))


def _heading(seen: View, draft: Draft, group: str) -> None:
    members = {str(e["id"]) for k, e in draft.resources.items() if _group(draft, k) == group}
    estimate = seen.priced.estimate
    own = [c for c in estimate.charges if c.group == group] if estimate else []
    lacking = any(_lacking(seen, m) for m in members)
    partly = f'<small><span class="cl-tag warn">{say("partly", seen.language)}</span></small>' if lacking else ""
    amount = lines.amounts(total(own), seen.currency, seen.language, seen.vat) + partly
    if lacking and not own:
        amount = f'<span class="cl-tag warn">{say("no_price", seen.language)}</span>'
    name = escape(group.replace("/", " / ")) or say("no_group", seen.language)
    st.html(f'<div class="cl-group"><b>{name}</b><span>{amount}</span></div>')


def _row(seen: View, draft: Draft, key: str) -> None:
    entry, language = draft.resources[key], seen.language
    name = str(entry["id"])
    is_open = state.opened() == key
    with st.container(border=True, gap="small", key=f"row-{key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"head-{key}"):
            st.html(_title(entry, language), width="stretch")
            st.html(_amount(seen, name), width="content")
            with st.container(horizontal=True, gap="small", width="content"):
                shut = ("close", "expand_less") if is_open else ("edit", "tune")
                _action(key, "edit", *shut, state.show, language)
                _action(key, "clone", "clone", "content_copy", _clone, language)
                _action(key, "delete", "delete", "delete", _delete, language)
        found = seen.problems.get(name, [])
        if found:
            kind = "bad" if name in seen.priced.broken else "warn"
            st.html(notes(found, language, kind))
        if is_open:
            _edit(seen, draft, key)


def _action(key: str, name: str, words: str, icon: str, call: Callable[[str], None], language: Language) -> None:
    """An icon; its words are for the pointer and for screen readers (`style.css` hides them otherwise)."""
    text = say(words, language)
    shape = f":material/{icon}:"
    st.button(text, icon=shape, type="tertiary", help=text, key=f"{name}-{key}", on_click=state.call(call, key))


def _title(entry: dict[str, Any], language: Language) -> str:
    service = services.load(entry["service"])
    count = entry.get("count", 1)
    times = f" × {count}" if count != 1 else ""
    words = escape(summary(service.Spec, entry.get("spec"), language))
    schedule = entry.get("schedule", "always")
    if schedule != "always":
        kind = schedule if isinstance(schedule, str) else next(iter(schedule), "always")
        value = "" if isinstance(schedule, str) else f": {next(iter(schedule.values()), '')}"
        words = f"{words} · {escape(say(kind, language) + value)}"
    title = escape(service.TITLE[language])
    return f'<div class="cl-row"><b>{escape(str(entry["id"]))}{times}</b><i>{title}</i><div>{words}</div></div>'


def _amount(seen: View, name: str) -> str:
    """The row's sum, or why there is none."""
    language = seen.language
    if name in seen.priced.broken:
        return f'<div class="cl-sum"><span class="cl-tag bad">{say("error", language)}</span></div>'
    found = seen.by_resource.get(name)
    lacking = _lacking(seen, name)
    if found is None:
        tag = f'<span class="cl-tag warn">{say("no_price", language)}</span>' if lacking else "—"
        return f'<div class="cl-sum">{tag}</div>'
    tag = f'<small><span class="cl-tag warn">{say("partly", language)}</span></small>' if lacking else ""
    return f'<div class="cl-sum">{lines.amounts(found, seen.currency, language, seen.vat)}{tag}</div>'


def notes(problems: list[Problem], language: Language, kind: str) -> str:
    """Problems of one resource: what is wrong, and what to do."""
    rows = "".join(
        f"<div>{escape(errors.message(p, language))}<br><span>{escape(errors.remedy(p, language))}</span></div>"
        for p in problems
    )
    return f'<div class="cl-notes {kind}">{rows}</div>'


def _edit(seen: View, draft: Draft, key: str) -> None:
    """Name, group, count and running time; the service's own form; the lines."""
    entry, language = draft.resources[key], seen.language
    groups = list(dict.fromkeys(g for k in draft.resources if (g := _group(draft, k))))
    name, group, count = st.columns([2, 2, 1], vertical_alignment="bottom")
    widget = state.key(key, "id")
    name.text_input(
        say("resource_name", language),
        value=str(entry["id"]),
        max_chars=200,
        key=widget,
        on_change=state.call_if_drawn(_rename, key, widget),
    )
    widget = state.key(key, "group")
    now = _group(draft, key)
    group.selectbox(
        say("group", language),
        ["", *groups],
        index=groups.index(now) + 1 if now else 0,
        key=widget,
        format_func=lambda x: x or say("no_group", language),
        accept_new_options=True,
        help=say("group_help", language),
        on_change=state.call_if_drawn(_set, key, "group", widget),
    )
    widget = state.key(key, "count")
    count.number_input(
        say("count", language),
        min_value=1,
        max_value=10_000,
        value=int(entry.get("count", 1)),
        step=1,
        key=widget,
        help=say("count_help", language),
        on_change=state.call_if_drawn(_set, key, "count", widget),
    )
    form.draw(key, seen.zones)
    if _stoppable(entry):
        _schedule(key, entry, language)
    for disk in _disks(seen, str(entry["id"])):
        st.caption(disk)
    charges = seen.first.get(str(entry["id"]), [])
    if charges:
        many = entry.get("count", 1)
        title = say("details_one", language, n=many) if many != 1 else say("details", language)
        st.html(f"<b>{title}</b>" + lines.lines(charges, seen.catalog, language, seen.vat))


def _disks(seen: View, name: str) -> list[str]:
    """What each disk of a resource reaches, in words."""
    resources = seen.priced.estimate.scenario.resources if seen.priced.estimate else ()
    specs = (r.spec for r in resources if r.resource_id == name)
    return [words for spec in specs for words in disks_in_words(spec, seen.catalog, seen.language)]


def _stoppable(entry: dict[str, Any]) -> bool:
    try:
        spec = services.load(entry["service"]).Spec.model_validate(entry.get("spec") or {})
    except ValueError:
        return "schedule" in entry
    return "schedule" in entry or services.stoppable(entry["service"], spec)


def _schedule(key: str, entry: dict[str, Any], language: Language) -> None:
    now = entry.get("schedule", "always")
    kind = now if isinstance(now, str) else next(iter(now))
    kind_key, value_key = state.key(key, "schedule"), state.key(key, "schedule-value", kind)
    left, right = st.columns(2, vertical_alignment="bottom")
    left.selectbox(
        say("schedule", language),
        _SCHEDULES,
        index=_SCHEDULES.index(kind),
        key=kind_key,
        format_func=lambda x: say(x, language),
        on_change=state.call_if_drawn(_set_schedule, key, kind_key, ""),
    )
    if kind in ("hours", "weekdays"):
        hint = say("weekdays_help", language) if kind == "weekdays" else None
        right.text_input(
            say(kind, language),
            value=str(now[kind]),
            key=value_key,
            help=hint,
            on_change=state.call_if_drawn(_set_schedule, key, kind_key, value_key),
        )


def _set_schedule(key: str, kind_key: str, value_key: str) -> None:
    entry = state.change().resources[key]
    kind = state.answer(kind_key)
    if kind == "always":
        entry.pop("schedule", None)
    elif kind == "stopped":
        entry["schedule"] = "stopped"
    else:
        typed = str(state.answer(value_key)) if value_key else ""
        value = form.number_text(typed, state.language()) if kind == "hours" else typed.strip()
        entry["schedule"] = {kind: value or ("220" if kind == "hours" else "mon-fri 09-18")}


def _set(key: str, field: str, widget: str) -> None:
    entry = state.change().resources[key]
    value = state.answer(widget)
    drafts.put(entry, (field,), value.strip()[:200] if isinstance(value, str) else value)


def _rename(key: str, widget: str) -> None:
    draft = state.draft()
    wanted = "".join(c for c in str(state.answer(widget)).strip() if c.isprintable())
    if not wanted:
        state.redraw()
        return
    free = drafts.free_id(draft, wanted, besides=key)
    state.change().resources[key]["id"] = free
    if free != state.answer(widget):
        state.redraw()
    if free != wanted:
        st.toast(say("name_taken", state.language(), id=free))


def _clone(key: str) -> None:
    state.memory()["opened"] = drafts.clone(state.change(), key)


def _delete(key: str) -> None:
    state.change().resources.pop(key)
