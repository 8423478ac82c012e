"""The estimate being written: the shape of an estimate file, whose resources keep a name of their own while edited.

A draft may be wrong anywhere; `pricing.py` says what is wrong with it.
"""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from costlab.catalog.loading import load_catalog
from costlab.inventory.reading.imported import SECTION
from costlab.inventory.sources.estimate_file import FORMAT, as_file
from costlab.model.periods import LIST_MONTH, parse_period
from costlab.model.scenario import ROUNDING_ID, Scenario
from costlab.model.spec_fields import SpecField, spec_fields
from costlab.services import load


@dataclass
class Draft:
    """An estimate file in the making."""

    name: str = ""
    provider: str = "vk"
    region: str = "ru-msk"
    period: Any = LIST_MONTH
    prices_on: str | None = None
    assumptions: dict[str, Any] = field(default_factory=dict)
    """Usage profile and what is set by wildcard, as in the file."""
    imported: list[dict[str, Any]] = field(default_factory=list)
    """What the resources were imported from, as in the file; a doubt that is settled is taken out of it."""
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Entries of an estimate file, by a name that survives renaming."""
    made: int = 0


def file_of(draft: Draft, *keys: str) -> dict[str, Any]:
    """The draft as an estimate file; with `keys`, only those resources."""
    data: dict[str, Any] = {"costlab": FORMAT, "name": draft.name, "provider": draft.provider, "region": draft.region}
    data["period"] = draft.period
    if draft.prices_on:
        data["prices_on"] = draft.prices_on
    if draft.assumptions:
        data["assumptions"] = draft.assumptions
    if draft.imported:
        data[SECTION] = draft.imported
    data["resources"] = [v for k, v in draft.resources.items() if not keys or k in keys]
    return data


def text_of(data: dict[str, Any]) -> bytes:
    """An estimate file as JSON bytes."""
    return json.dumps(data, ensure_ascii=False).encode()


def draft_of(scenario: Scenario, today: date) -> Draft:
    """A draft from what was read; a list month that begins today stays a list month."""
    data = as_file(scenario)
    draft = Draft(
        name=data["name"],
        provider=data["provider"],
        region=data["region"],
        period=data["period"],
        prices_on=data.get("prices_on"),
        assumptions=data.get("assumptions", {}),
        imported=data.get(SECTION, []),
    )
    catalog = load_catalog(scenario.provider)
    if scenario.period == parse_period(LIST_MONTH, catalog.provider, catalog.provider.regions[scenario.region], today):
        draft.period = LIST_MONTH
        draft.prices_on = None if draft.prices_on == today.isoformat() else draft.prices_on
    for entry in data["resources"]:
        _append(draft, entry)
    return draft


def add(draft: Draft, service: str) -> str:
    """Append a service as its module's example configures it; returns its key."""
    wanted = f"{service.replace('_', '-')}-1"
    return _append(draft, {"id": free_id(draft, wanted), "service": service, "spec": deepcopy(load(service).EXAMPLE)})


def clone(draft: Draft, key: str) -> str:
    """A copy right after its original, under a free id; returns its key."""
    entry = deepcopy(draft.resources[key])
    entry["id"] = free_id(draft, str(entry["id"]))
    new = _append(draft, entry)
    order = [k for k in draft.resources if k != new]
    order.insert(order.index(key) + 1, new)
    draft.resources = {k: draft.resources[k] for k in order}
    return new


def free_id(draft: Draft, wanted: str, *, besides: str = "") -> str:
    """The wanted id, or the next free one made from it: `web`, `web-2`, `web-3`."""
    taken = {str(v["id"]) for k, v in draft.resources.items() if k != besides} | {ROUNDING_ID, ""}
    stem, _, end = wanted.rpartition("-")
    stem, number = (stem, int(end)) if stem and end.isdecimal() and len(end) < 5 else (wanted, 1)  # noqa: PLR2004
    found = wanted
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def put(target: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    """Set the value at a path of keys and indexes; None or an empty text takes the key away, and what that empties."""
    holder: Any = target
    for part in path[:-1]:
        holder = holder.setdefault(part, {}) if isinstance(holder, dict) else holder[part]
    if value is None or value == "":
        holder.pop(path[-1], None)
        if not holder and path[1:] and isinstance(path[-2], str):
            put(target, path[:-1], None)
    else:
        holder[path[-1]] = value


def at(target: dict[str, Any], path: tuple[str | int, ...]) -> Any:
    """The value at a path, or None."""
    found: Any = target
    for part in path:
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and isinstance(part, int):
            found = found[part] if part < len(found) else None
        else:
            return None
    return found


def new_item(field_: SpecField, present: list[Any], example: list[Any] | None) -> Any:
    """A sensible further item of a list: like the last one, else as the example has it, else the least allowed."""
    if present:
        item = deepcopy(present[-1])
        if isinstance(item, dict) and "name" in item:
            item["name"] = f"{item['name']}-{len(present) + 1}"
        return item
    return deepcopy(example[0]) if example else least(field_)


def least(field_: SpecField) -> Any:
    """The least value a field takes: first choice, lower limit, required keys of a record."""
    if field_.kind == "choice":
        return field_.choices[0]
    if field_.kind in ("int", "decimal"):
        return max(1, int(field_.minimum or 0))
    if field_.kind == "bool":
        return False
    if field_.record is not None:
        return {f.key: least(f) for f in spec_fields(field_.record) if f.required}
    return field_.label.en.lower()


def _append(draft: Draft, entry: dict[str, Any]) -> str:
    draft.made += 1
    key = f"r{draft.made}"
    draft.resources[key] = entry
    return key
