"""The catalog of services: one click adds a working configuration."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

import streamlit as st

from costlab import services
from costlab.catalog.loading import Catalog
from costlab.errors import InputError
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.numbers import Language, Period
from costlab.ui import draft as drafts
from costlab.ui import state
from costlab.ui.words import CATEGORIES, say

_EXAMPLE = "examples/shop.yaml"
_ANY = datetime(2026, 2, 1, tzinfo=UTC)


@cache
def first_meter(service: str) -> str:
    """The first meter a service's example asks for."""
    module = services.load(service)
    period = Period(start=_ANY, end=_ANY + timedelta(days=30))
    return next((u.meter for u in module.usage(module.Spec.model_validate(module.EXAMPLE), period)), "")


def category(service: str, catalog: Catalog) -> str:
    """FOCUS ServiceCategory a service is listed under."""
    meter = catalog.meters.get(first_meter(service))
    return meter.category if meter and meter.category in CATEGORIES else "Other"


def menu(catalog: Catalog, language: Language) -> None:
    """Every service, by category."""
    found: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    for name in services.names():
        found[category(name, catalog)].append(name)
    for name, members in found.items():
        if members:
            title, icon = CATEGORIES[name]
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.caption(title[language], width=110)
                for service in sorted(members, key=lambda s: services.load(s).TITLE[language]):
                    st.button(
                        services.load(service).TITLE[language],
                        icon=f":material/{icon}:",
                        key=f"add-{service}",
                        on_click=state.call(add, service),
                    )


def add(service: str) -> None:
    """Append a service and open its form."""
    state.memory()["opened"] = drafts.add(state.change(), service)
    state.redraw()  # closes the menu as well: its key carries the generation


def empty(catalog: Catalog, language: Language) -> None:
    """What a page without resources says."""
    title, text = say("empty", language), say("empty_how", language)
    st.html(f'<div class="cl-empty"><h2>{title}</h2><p>{text}</p></div>')
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button(
            say("add_server", language),
            icon=":material/add:",
            type="primary",
            key="first-server",
            on_click=state.call(add, "vm"),
        )
        if example() is not None:
            st.button(
                say("example", language),
                icon=":material/storefront:",
                key="example",
                on_click=state.call(open_example),
            )
    st.html(f'<div class="cl-or">{say("or_pick", language)}</div>')
    menu(catalog, language)


@cache
def example() -> bytes | None:
    """The example shop, when the package has it."""
    file = files("costlab").joinpath(_EXAMPLE)
    return file.read_bytes() if file.is_file() else None


def open_example() -> None:
    """Put the example in the place of the draft."""
    raw = example()
    if raw is not None:
        open_bytes(raw, "shop.yaml")


def open_bytes(raw: bytes, name: str) -> bool:
    """Read an estimate into the draft; what is wrong with it is kept for the page to show."""
    state.memory()["refused"] = None
    try:
        scenario = parse_estimate(raw, name, today=state.today())
    except InputError as error:
        state.memory()["refused"] = (name, error.problems)
        state.redraw()
        return False
    state.replace(drafts.draft_of(scenario, state.today()))
    state.memory()["opened"] = ""
    return True
