"""An estate on its way to VK Cloud: what was read, what it costs here and elsewhere, and when moving pays."""

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import streamlit as st
import yaml

from costlab.catalog.loading import load_catalog
from costlab.errors import InputError
from costlab.examples import example
from costlab.inventory.sizing import SizingOptions
from costlab.inventory.sources.estimate_file import as_file
from costlab.migration.budget import Budget, migrate
from costlab.model.inventory import Inventory
from costlab.model.numbers import Language, Problem
from costlab.model.scenario import Estimate, Scenario
from costlab.ui import state
from costlab.ui.migrate import estate as parts
from costlab.ui.migrate import moving, plans
from costlab.ui.migrate import plan as migrate_plan
from costlab.ui.migrate.moving import HOME, Priced, Sized
from costlab.ui.parts import head, problems
from costlab.ui.parts.files import MEGABYTES
from costlab.ui.words import say

EXAMPLE = "estate.xlsx"
TYPES = ["xlsx", "csv", "json", "yaml", "yml", "tf", "tfstate", "txt"]


@st.cache_data(max_entries=8, show_spinner=False)
def read(digest: str, _files: tuple[tuple[str, bytes], ...]) -> tuple[Inventory, ...]:  # noqa: ARG001 (the key)
    """What files hold; the same bytes hold the same."""
    return moving.read_files(_files)


@st.cache_data(max_entries=16, show_spinner=False)
def sized(key: str, options: str, today: str, _read: Any, _options: SizingOptions, _name: str) -> Sized:  # noqa: ARG001
    """The estate by one set of choices."""
    return moving.size_up(_read, _options, _name, state.today())


@st.cache_data(max_entries=64, show_spinner=False)
def priced(key: str, provider: str, version: str, _sized: Sized, _home: Estimate | None) -> Priced:  # noqa: ARG001
    """The estate by one list; the key is what it depends on: files, choices, day, prices."""
    return moving.price_at(_sized, provider, _home)


@st.cache_data(max_entries=16, show_spinner=False)
def worked_out(key: str, plan: str, _plan: Any, _target: Estimate, _as_is: Estimate | None, _others: Any) -> Budget:  # noqa: ARG001
    """The budget; the key is what it depends on: the estate as it is priced, and the plan's text."""
    return migrate(_plan, _target, as_is=_as_is, alternatives=_others, source=_plan.name, today=state.today())


def page() -> None:
    """Draw everything once."""
    language = head.draw()
    state.draft()
    given: tuple[tuple[str, bytes], ...] | None = state.memory().get("migrate-files")
    if not given:
        _empty(language)
        return
    name = ", ".join(n for n, _ in given)
    with st.container(horizontal=True, vertical_alignment="center", key="migrate-head"):
        st.html(f'<div class="cl-lead"><h2>{_title(name)}</h2></div>', width="stretch")
        st.button(
            say("migrate_other", language),
            icon=":material/folder_open:",
            key="migrate-other",
            on_click=state.call(_forget),
        )
    digest = hashlib.sha256(b"".join(n.encode() + b"\0" + hashlib.sha256(r).digest() for n, r in given)).hexdigest()
    try:
        with st.spinner(say("migrate_reading", language)):
            found = read(digest, given)
        _estate(found, digest, given, language)
    except InputError as error:
        problems.refused(say("migrate_refused", language, file=name), error.problems, language)


def _title(name: str) -> str:
    text = name if len(name) <= 80 else name[:79] + "…"  # noqa: PLR2004
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _stem(given: tuple[tuple[str, bytes], ...]) -> str:
    return re.sub(r"[^\w.-]+", "-", PurePath(given[0][0]).stem).strip("-.")[:60] or "estate"


def _empty(language: Language) -> None:
    """What the page is for, and the ways to begin."""
    title, how = say("migrate_title", language), say("migrate_how", language)
    st.html(f'<div class="cl-empty"><h2>{title}</h2><p>{how}</p></div>')
    _, middle, _ = st.columns([1, 2.2, 1])
    with middle:
        key = "migrate-upload"
        st.file_uploader(
            say("migrate_file", language, limit=MEGABYTES), type=TYPES, accept_multiple_files=True,
            max_upload_size=MEGABYTES, key=key, on_change=state.call(_upload, key),
        )  # fmt: skip
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.button(
                say("migrate_example", language),
                icon=":material/dns:",
                key="migrate-example",
                on_click=state.call(_open_example),
            )
        st.caption(say("migrate_large", language))


def _upload(key: str) -> None:
    if answer := state.answer(key):
        _forget()
        state.memory()["migrate-files"] = tuple((f.name, f.getvalue()) for f in answer)


def _open_example() -> None:
    _forget()
    state.memory()["migrate-files"] = ((EXAMPLE, example(EXAMPLE)),)


def _forget() -> None:
    """Another inventory; the plan stays, for it is typed by hand."""
    for key in ("migrate-files", "migrate-basis", "migrate-mode", "migrate-off"):
        state.memory().pop(key, None)


def _estate(
    found: tuple[Inventory, ...], digest: str, given: tuple[tuple[str, bytes], ...], language: Language
) -> None:
    """Choices, figures, lists, other clouds; then the plan. Raises `InputError`."""
    stem = _stem(given)
    top = st.container()
    with st.container(border=True, key="migrate-choices"):
        options = parts.choices(found, language)
    with top, st.spinner(say("migrate_pricing", language)):
        estate = sized(digest, repr(options), str(state.today()), found, options, stem)
        key = f"{digest}-{options!r}-{state.today()}"
        home = None
        if estate.scenario.resources:
            home = priced(key, HOME, load_catalog(HOME).version, estate, None)
    with top:
        parts.figures(estate, home.estimate if home else None, language)
        parts.set_aside(estate.set_aside, language)
    if home is None:
        st.warning(say("migrate_none", language), icon=":material/block:")
        problems.draw(estate.problems, language)
        return
    if options.mode != "as_is" and (same := sum(s.mode == "as_is" for s in estate.servers)):
        st.info(say("migrate_unmeasured", language, n=same, m=len(estate.servers)), icon=":material/query_stats:")
    parts.servers(estate, home.estimate, language)
    _problems(home.estimate.problems, language)
    st.markdown(f"#### {say('migrate_clouds', language)}")
    st.caption(say("migrate_clouds_how", language))
    others = _others(parts.beside(language), key, estate, home, language)
    parts.clouds(home, others, language)
    _plan(estate, home, key, found, options, stem, given[0][0] == EXAMPLE, language)


def _problems(found: tuple[Problem, ...], language: Language) -> None:
    with st.container(key="migrate-problems"):
        problems.draw(found, language)


def _others(asked: list[str], key: str, estate: Sized, home: Priced, language: Language) -> list[Priced]:
    with st.spinner(say("migrate_elsewhere", language)):
        return [priced(key, p, load_catalog(p).version, estate, home.estimate) for p in asked]


def _plan(
    estate: Sized, home: Priced, key: str, found: tuple[Inventory, ...], options: SizingOptions, stem: str,
    offered: bool, language: Language,
) -> None:  # fmt: skip
    """The plan beside the estimate, and what both come to."""
    st.markdown(f"#### {say('migrate_budget', language)}")
    st.caption(say("migrate_budget_how", language))
    migrate_plan.begin(stem)
    migrate_plan.opener(stem, language, offered=offered)
    with st.container(border=True, key="plan"):
        plan = migrate_plan.edited(language)
    as_is, as_is_scenario = None, None
    if options.mode != "as_is" and any(s.mode != "as_is" for s in estate.servers):
        plain = SizingOptions(basis=options.basis, powered_off=options.powered_off)
        today = str(state.today())
        before = sized(key.partition("-")[0], repr(plain), today, found, plain, stem)
        as_is = priced(f"{key}-{plain!r}", HOME, load_catalog(HOME).version, before, None).estimate
        as_is_scenario = before.scenario
    plan = _aimed(plan, stem, with_as_is=as_is is not None)
    texts: dict[str, tuple[str, Callable[[], bytes]]] = {
        "get_estimate": (f"{stem}.yaml", lambda: _estimate_text(estate.scenario)),
        "get_plan": (f"{stem}-plan.yaml", lambda: plans.text_of(plan).encode()),
    }
    if as_is_scenario is not None:
        texts["get_as_is"] = (f"{stem}-as-is.yaml", lambda: _estimate_text(as_is_scenario))
    budget = None
    wanting = plans.wanting(plan)
    if wanting != "lines":
        try:
            parsed = plans.read(plans.at_once(plan) if wanting else plan, f"{stem}-plan.yaml")
            wanted = {} if wanting else {a.name: a.provider for a in parsed.target.alternatives if a.provider}
            rated = {n: priced(key, p, load_catalog(p).version, estate, home.estimate).estimate
                     for n, p in wanted.items()}  # fmt: skip
            budget = worked_out(key, plans.text_of(plan), parsed, home.estimate, as_is, rated)
        except InputError as error:
            bare = tuple(p.model_copy(update={"line": None}) for p in error.problems)
            problems.refused(say("plan_refused", language), bare, language, key="plan-wrong")
    if budget is not None:
        migrate_plan.run_rate(budget, language)
    if wanting:
        st.info(say(f"plan_wait_{wanting}", language), icon=":material/edit_note:")
        budget = None
    if budget is not None:
        migrate_plan.result(budget, language)
    migrate_plan.files(budget, texts, stem, language)


def _aimed(plan: dict[str, Any], stem: str, *, with_as_is: bool) -> dict[str, Any]:
    """The plan with this estate as its target; alternatives by other lists are of this estate, too."""
    target = dict(plan.get("target") or {})
    target["estimate"] = f"{stem}.yaml"
    target["as_is"] = f"{stem}-as-is.yaml" if with_as_is else None
    target["alternatives"] = [
        {**a, "estimate": f"{stem}.yaml"} if a.get("provider") else a for a in target.get("alternatives") or ()
    ]
    order = ("costlab", "name", "currency", "starts", "current", "target")
    whole = {**plan, "target": target}
    return {k: whole[k] for k in order if k in whole} | {k: v for k, v in whole.items() if k not in order}


def _estimate_text(scenario: Scenario) -> bytes:
    return str(yaml.safe_dump(as_file(scenario), allow_unicode=True, sort_keys=False, width=120)).encode()


page()
