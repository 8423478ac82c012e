"""What a reading of Terraform resources has come to: resources, what was set aside, what was assumed or is not known.

Every resource instance ends in exactly one place: it becomes a resource, or it is set aside with the reason (free, a
part of another, not known). What is not known makes the result incomplete; what was assumed is told, and a person
sets it with `--set "ADDRESS.KEY=VALUE"`, where `*` in the address stands for anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from costlab import services
from costlab.files.validation import first_wrong
from costlab.inventory.reading.resources import unknown_keys
from costlab.inventory.reading.sample import Options
from costlab.inventory.sources.terraform.plan import Plan, Planned, base, own_address
from costlab.model.inventory import SetAside
from costlab.model.numbers import Args, Problem, Text
from costlab.model.scenario import Resource, Schedule

_INDEX = re.compile(r"(\[[^\]]*\])\Z")
_LISTED = 5
_ID = 200
_SIX = Decimal("0.000001")
_QUANTITY = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*\Z")
_GB = {"": 1, "G": 1, "Gi": 1, "GB": 1, "GiB": 1, "T": 1024, "Ti": 1024, "TB": 1024, "TiB": 1024}
"""Kubernetes quantities: sizes of disks and memory are ordered in binary steps, which the price list calls GB."""


@dataclass
class Reading:
    """One end of a plan while it is read."""

    plan: Plan
    items: tuple[Planned, ...]
    options: Options
    zones: Mapping[str, Any]
    """Zones of the region and their aliases."""
    resources: list[Resource] = field(default_factory=list)
    unfilled: list[Resource] = field(default_factory=list)
    """Of which a value is not known: lines to fill in."""
    set_aside: list[SetAside] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    assumed: dict[tuple[str, str, str], tuple[Text, list[str]]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    """Addresses that have ended somewhere."""
    mapped: set[str] = field(default_factory=set)
    """Addresses that have become a resource, or several (the shards of a cluster)."""

    @cached_property
    def by_base(self) -> dict[str, list[Planned]]:
        """Resources by address without indices."""
        found: dict[str, list[Planned]] = {}
        for item in self.items:
            if not item.absent:
                found.setdefault(base(item.address), []).append(item)
        return found

    @cached_property
    def by_id(self) -> dict[str, Planned]:
        """Resources by the id the cloud gave them."""
        return {i.values["id"]: i for i in self.items if isinstance(i.values.get("id"), str)}

    def refers(self, planned: Planned, *path: str | int, value: Any = None) -> list[Planned]:
        """What a key leads to: by its value where that is an id, else by its reference; data sources included."""
        if isinstance(value, str) and value:
            known = self.by_id.get(value) or self.plan.data_by_id.get(value)
            if known is not None:
                return [known]
        found: list[Planned] = []
        for reference in self.plan.references(planned, *path):
            home = _prefix(planned.address if planned.links is None else reference)
            name = reference if planned.links is None else own_address(reference)
            listed = self.by_base.get(base(name)) or self.plan.data_by_address.get(base(name)) or []
            listed = [p for p in listed if _prefix(p.address) == home] or listed
            index = _INDEX.search(name) or (_INDEX.search(planned.address) if planned.links is None else None)
            exact = [p for p in listed if index and p.address.endswith(index[1])]
            found += [p for p in exact or listed if p not in found]
        return found

    def zone(self, planned: Planned, *names: Any) -> str | None:
        """The zone, None when it is not known; a name the region lacks is told and left out."""
        for name in names or (planned.get("availability_zone"),):
            if not isinstance(name, str) or not name:
                continue
            if name in self.zones:
                return name
            self.assume(
                planned, "zone", "", Text(en=f"the region has no zone “{name}”", ru=f"в регионе нет зоны «{name}»")
            )
        return None

    def overridden(self, planned: Planned, key: str) -> str | None:
        """What a person set for a key of this resource."""
        return self.options.override(planned.address, key)

    def number(self, planned: Planned, key: str, value: Any) -> Decimal | None:
        """A size: what a person set, else the value; None when there is none."""
        given = self.overridden(planned, key)
        return quantity(value if given is None else given)

    def add(
        self, planned: Planned, service: str, spec: dict[str, Any], *, suffix: str = "", stopped: bool = False,
        count: int = 1,
    ) -> bool:  # fmt: skip
        """One more resource; what its service refuses is set aside with the reason. Keys that are None are left out."""
        given = {k: v for k, v in spec.items() if v is not None}
        spec_type = services.load(service).Spec
        for key in (found.alias or name for name, found in spec_type.model_fields.items()):
            if (value := self.overridden(planned, key)) is not None:
                given[key] = {"true": True, "false": False}.get(value, value)
        waits = unknown_keys(given)
        try:
            built = given if waits else spec_type.model_validate(given)
        except ValidationError as error:
            en, ru = first_wrong(error, given, spec_type)
            self.unknown(planned, "unusable_resource", reason=Text(en=en, ru=ru))
            return False
        self.done.add(planned.address)
        self.mapped.add(planned.address)
        (self.unfilled if waits else self.resources).append(
            Resource(
                resource_id=f"{planned.address}{suffix}"[:_ID],
                service=service,
                spec=built,
                group=planned.group,
                tags=_tags(planned),
                count=count,
                schedule=Schedule(kind="stopped") if stopped else Schedule(),
                source=planned.origin,
                to_fill_in=waits,
            )
        )
        return True

    def aside(self, planned: Planned, code: str, en: str, ru: str) -> None:
        """Set a resource aside: it is free, or a part of another, or none of the cloud's. The first reason stands."""
        if planned.address in self.done:
            return
        self.done.add(planned.address)
        self.set_aside.append(
            SetAside(origin=planned.origin, name=planned.address, code=code, reason=Text(en=en, ru=ru))
        )

    def unknown(self, planned: Planned, code: str, **args: str | Text) -> None:
        """Set a resource aside because it cannot be priced, which makes the result incomplete."""
        self.incomplete(planned, code, **args)
        reason = args.get("reason") or args.get("key") or code
        en, ru = (reason, reason) if isinstance(reason, str) else (reason.en, reason.ru)
        self.aside(planned, "unresolved", en, ru)

    def incomplete(self, planned: Planned, code: str, **args: str | Text) -> None:
        """Something of a resource has no price."""
        problem = Problem(code=code, source=self.plan.source, subject=planned.address, args=args)
        if problem not in self.problems:
            self.problems.append(problem)

    def missing(self, planned: Planned, key: str, en: str, ru: str) -> None:
        """A resource whose price depends on a key that the plan does not hold."""
        self.unknown(planned, "value_unknown", key=key, reason=Text(en=en, ru=ru))

    def assume(self, planned: Planned, key: str, value: str, reason: Text) -> None:
        """A value the plan lacks and we took: told once for all resources that are alike."""
        _, subjects = self.assumed.setdefault((key, value, reason.en), (reason, []))
        subjects.append(planned.address)

    def told(self) -> list[Problem]:
        """The problems, then what was assumed."""
        found = list(self.problems)
        for (key, value, _), (reason, subjects) in self.assumed.items():
            more = f", … +{len(subjects) - _LISTED}" if len(subjects) > _LISTED else ""
            args: Args = {"key": key, "value": value or "-", "reason": reason}
            subject = ", ".join(subjects[:_LISTED]) + more
            found.append(Problem(code="value_assumed", source=self.plan.source, subject=subject, args=args))
        return found


def _prefix(address: str) -> str:
    """The module instance of an address: what stands before the type, indices kept."""
    match = re.match(r"((?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*)", address)
    return match[1] if match else ""


def quantity(value: Any) -> Decimal | None:
    """A number of GB, from a number or a text such as `5`, `5Gi`, `512Mi`; None when it is none, or not positive."""
    if isinstance(value, bool) or value is None:
        return None
    match = _QUANTITY.match(str(value))
    if not match:
        return None
    try:
        number = Decimal(match[1])
    except InvalidOperation:
        return None
    if match[2] in ("M", "Mi", "MB", "MiB"):
        return (number / 1024).quantize(_SIX, ROUND_UP)
    return number * _GB[match[2]] if match[2] in _GB else None


def whole(value: Any) -> bool:
    """Whether a value is a number of things."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _tags(planned: Planned) -> dict[str, str]:
    """Tags are a list in this provider (`a=b` becomes a pair), metadata a map."""
    listed = planned.values.get("tags")
    tags: dict[str, str] = {}
    if isinstance(listed, list):
        for tag in listed:
            key, _, value = str(tag).partition("=")
            tags[key] = value
    elif isinstance(listed, dict):
        tags = {str(k): str(v) for k, v in listed.items()}
    metadata = planned.values.get("metadata")
    if isinstance(metadata, dict):
        tags |= {str(k): str(v) for k, v in metadata.items() if isinstance(v, str | int)}
    return tags
