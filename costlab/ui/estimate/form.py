"""A form drawn from a service's `Spec`: nothing here knows any service.

Every input writes into the draft when it changes, before the page is drawn again; so the draft is the only truth.
"""

import re
from typing import Any

import streamlit as st
from pydantic import BaseModel

from costlab import services
from costlab.model.numbers import Language
from costlab.model.spec_fields import SpecField, spec_fields
from costlab.ui import draft as drafts
from costlab.ui import state
from costlab.ui.choices import choice
from costlab.ui.words import say

Path = tuple[str | int, ...]
_COLUMNS = 3
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?\Z")


def draw(resource: str, zones: tuple[str, ...]) -> None:
    """The inputs of one resource's spec, present values filled in."""
    entry = state.draft().resources[resource]
    service = services.load(entry["service"])
    data = entry["spec"] if isinstance(entry.get("spec"), dict) else {}
    _record(_Place(resource, zones, service.EXAMPLE), service.Spec, data, ())


class _Place:
    """Where a form stands: the resource, the zones it may choose, the example of its service."""

    def __init__(self, resource: str, zones: tuple[str, ...], example: dict[str, Any]) -> None:
        self.resource, self.zones, self.example = resource, zones, example
        self.language: Language = state.language()

    def key(self, path: Path) -> str:
        return state.key(self.resource, *path)


def _record(place: _Place, record: type[BaseModel], data: dict[str, Any], path: Path) -> None:
    """Plain inputs side by side, then records and lists, then what few people need."""
    example = drafts.at(place.example, path)
    shown: list[SpecField] = []
    more: list[SpecField] = []
    for field in spec_fields(record):
        usual = field.required or field.default not in (None, ()) or field.key in (example or {}) or not path
        rare = field.default is None and not field.required and field.key not in (example or {})
        (more if rare or not usual else shown).append(field)
    _inputs(place, shown, data, path)
    if more:
        opened = any(f.key in data for f in more)
        with st.expander(say("more", place.language), expanded=opened, type="compact"):
            _inputs(place, more, data, path)


def _inputs(place: _Place, fields: list[SpecField], data: dict[str, Any], path: Path) -> None:
    plain = [f for f in fields if f.kind not in ("record", "list", "bool")]
    for start in range(0, len(plain), _COLUMNS):
        columns = st.columns(_COLUMNS, vertical_alignment="bottom")
        for column, field in zip(columns, plain[start : start + _COLUMNS], strict=False):
            with column:
                _input(place, field, data.get(field.key, _plain(field.default)), (*path, field.key))
    switches = [f for f in fields if f.kind == "bool" or (f.kind == "int" and f.record is not None)]
    if switches:
        with st.container(horizontal=True, gap="medium"):
            for field in switches:
                _switch(place, field, data.get(field.key, _plain(field.default)), (*path, field.key))
    for field in fields:
        if field.kind == "record" and field.record is not None:
            value = data.get(field.key, _plain(field.default))
            with st.container(border=True, gap="xsmall"):
                st.markdown(f"**{field.label[place.language]}**", help=field.help[place.language] or None)
                _record(place, field.record, value if isinstance(value, dict) else {}, (*path, field.key))
        elif field.kind == "list":
            value = data.get(field.key, [])
            _list(place, field, value if isinstance(value, list) else [], (*path, field.key))


def _plain(default: Any) -> Any:
    """A default as an estimate file would write it."""
    if isinstance(default, BaseModel):
        return default.model_dump(mode="json", by_alias=True)
    return default


def _input(place: _Place, field: SpecField, value: Any, path: Path) -> None:
    """One input; a number that is a range has one for each end."""
    language = place.language
    args: dict[str, Any] = {"key": place.key(path), "help": _help(field, language)}
    args["on_change"] = state.call_if_drawn(_put, place.resource, path, args["key"], field.kind)
    label = field.label[language]
    if field.kind == "choice" or field.key == "zone":
        options: list[Any] = list(place.zones if field.key == "zone" else field.choices)
        if not field.required and field.default is None:
            options.insert(0, None)
        st.selectbox(
            label,
            options,
            index=options.index(value) if value in options else None,
            format_func=lambda x: say("unset", language) if x is None else choice(x, language),
            **args,
        )
    elif field.record is not None and isinstance(value, dict):
        for inner in spec_fields(field.record):
            _input(place, inner, value.get(inner.key), (*path, inner.key))
    elif field.kind == "int":
        _whole(field, label, value, args)
    else:
        text = "" if value is None else str(value)
        if field.kind == "decimal" and language == "ru":
            text = text.replace(".", ",")
        st.text_input(label, value=text, max_chars=200, placeholder=_hint(field, language), **args)


def _whole(field: SpecField, label: str, value: Any, args: dict[str, Any]) -> None:
    low = int(field.minimum or 0) + (1 if field.exclusive_minimum else 0)
    high = int(field.maximum) if field.maximum is not None else 10**9
    whole = value if isinstance(value, int) and low <= value <= high else None
    st.number_input(label, min_value=low, max_value=high, value=whole, step=1, **args)


def _switch(place: _Place, field: SpecField, value: Any, path: Path) -> None:
    """On or off; or whether a number is a range."""
    key, text = place.key((*path, "switch")), _help(field, place.language)
    if field.kind == "bool":
        label, on = field.label[place.language], bool(value)
        call = state.call_if_drawn(_put, place.resource, path, key, "bool")
    else:
        label = f"{say('autoscaling', place.language)}: {field.label[place.language].lower()}"
        on = isinstance(value, dict)
        call = state.call_if_drawn(_range, place.resource, path, key, field, value)
    st.toggle(label, value=on, key=key, help=text, width="content", on_change=call)


def _list(place: _Place, field: SpecField, items: list[Any], path: Path) -> None:
    """Rows to fill in, each with a button that removes it, and one that adds another."""
    language = place.language
    with st.container(border=True, gap="small", key=place.key((*path, "list"))):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{field.label[language]}**", help=field.help[language] or None)
            st.button(
                say("add_item", language),
                icon=":material/add:",
                type="tertiary",
                width="content",
                key=place.key((*path, "add")),
                on_click=state.call(_add_item, place, field, path),
            )
        for index, item in enumerate(items):
            here = (*path, index)
            with st.container(horizontal=True, vertical_alignment="bottom"):
                with st.container(gap="xsmall"):
                    if field.record is not None:
                        _record(place, field.record, item if isinstance(item, dict) else {}, here)
                    else:
                        key = place.key(here)
                        st.text_input(
                            field.label[language],
                            value=str(item),
                            key=key,
                            label_visibility="collapsed",
                            on_change=state.call_if_drawn(_put, place.resource, here, key, "text"),
                        )
                st.button(
                    "",
                    icon=":material/close:",
                    type="tertiary",
                    width="content",
                    help=say("remove_item", language),
                    key=place.key((*here, "remove")),
                    on_click=state.call(_remove_item, place, path, index),
                )


def _help(field: SpecField, language: Language) -> str | None:
    parts = [field.help[language]]
    if field.kind == "int" and field.maximum is not None:
        low = int(field.minimum or 0) + (1 if field.exclusive_minimum else 0)
        parts.append(say("min_max", language, low=low, high=int(field.maximum)))
    text = "; ".join(p for p in parts if p)
    return text.replace("<", "&lt;") or None


def _hint(field: SpecField, language: Language) -> str | None:
    return say("unset", language) if not field.required and field.default is None else None


def number_text(text: str, language: Language) -> str:
    """A number as people type it (`1 000,5`; in English also `1,000.5`) as the file writes it: `1000.5`."""
    bare = "".join(text.split())
    if language == "en" and _THOUSANDS.match(bare):
        return bare.replace(",", "")
    return bare.replace(",", ".")


def _put(resource: str, path: Path, key: str, kind: str) -> None:
    value = state.answer(key)
    if kind == "decimal" and isinstance(value, str):
        value = number_text(value, state.language())
    entry = state.change().resources[resource]
    drafts.put(entry.setdefault("spec", {}), path, value.strip() if isinstance(value, str) else value)


def _range(resource: str, path: Path, switch: str, field: SpecField, value: Any) -> None:
    """Turn a number into a range that begins with it, or a range back into its least."""
    entry = state.change().resources[resource]
    assert field.record is not None  # noqa: S101 (only such fields have the switch)
    if state.answer(switch):
        new: Any = {f.key: value or 1 for f in spec_fields(field.record) if f.required}
    else:
        new = next(iter(value.values()), 1) if isinstance(value, dict) else value
    drafts.put(entry.setdefault("spec", {}), path, new)


def _add_item(place: _Place, field: SpecField, path: Path) -> None:
    spec = state.change().resources[place.resource].setdefault("spec", {})
    present = drafts.at(spec, path) or []
    example = drafts.at(place.example, path)
    drafts.put(spec, path, [*present, drafts.new_item(field, present, example)])
    state.redraw()


def _remove_item(place: _Place, path: Path, index: int) -> None:
    spec = state.change().resources[place.resource]["spec"]
    present = drafts.at(spec, path) or []
    drafts.put(spec, path, [x for i, x in enumerate(present) if i != index])
    state.redraw()
