"""Terraform's JSON as lists of resources, and what references in it lead to.

Sources of the shape: HashiCorp's «JSON Output Format» (format 1.x). `resource_changes` is read where there is one: it
holds both ends of every change, and what is not yet known; a state holds `values` only. References stand in
`configuration`, module by module, without indices: they are followed through variables and outputs of modules, not
through locals, which that format does not write.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

PROVIDERS = ("vkcs", "openstack")
_INDEX = re.compile(r"\[(\d+|\"(?:[^\"\\]|\\.)*\")\]")
_OWN = re.compile(r"(module\.[^.\[]+(\[[^\]]*\])?\.)*(data\.)?[\w-]+\.[\w-]+(\[[^\]]*\])?")
_VERSION = re.compile(r"_v[1-4]\Z")
_SAME = {
    "compute_floatingip": "networking_floatingip",
    "containerinfra_cluster": "kubernetes_cluster",
    "containerinfra_nodegroup": "kubernetes_node_group",
    "containerinfra_clustertemplate": "kubernetes_clustertemplate",
    "compute_volume_attach": "compute_volume_attach",
    "blockstorage_volume_attach": "compute_volume_attach",
}
"""Names of the OpenStack provider → those of the VK Cloud provider, without their prefixes."""
_HOPS = 20
_COUNT_UNKNOWN = "instance_count_unknown"
PLAN_KEYS = ("planned_values", "resource_changes", "resource_drift", "deferred_changes", "configuration", "errored")
"""A document with any of these is a plan; a state has none of them."""


@dataclass(frozen=True)
class Planned:
    """One resource instance at one end of a plan: before, or after; or of a state."""

    address: str
    type: str
    """Terraform's own: `vkcs_compute_instance`."""
    values: dict[str, Any]
    unknown: dict[str, Any] = field(default_factory=dict)
    """What Terraform knows only after apply: key → True, or a structure with True in it."""
    missing: bool = False
    """Terraform wrote no values at all."""
    origin: str = ""
    links: dict[str, Any] | None = None
    """Of a configuration: key → `{"references": […]}` of what this very instance refers to, from the root."""
    absent: bool = False
    """A block of a configuration that comes to no instance."""

    @property
    def kind(self) -> str:
        """The type without its provider, one name for both providers; "" for other providers."""
        provider, _, rest = self.type.partition("_")
        if provider not in PROVIDERS:
            return ""
        if provider == "openstack":
            rest = _VERSION.sub("", rest)
            return _SAME.get(rest, rest)
        return rest

    @property
    def module(self) -> str:
        """Address of its module without indices: `module.web.module.db`, "" for the root."""
        return base(self.address).rpartition(f"{self.type}.")[0].removesuffix(".")

    @property
    def group(self) -> str:
        """Modules as a group of resources: `web/db`."""
        return "/".join(p for p in self.module.split(".")[1::2])

    def get(self, key: str) -> Any:
        """A value, None when it is empty or not known."""
        value = self.values.get(key)
        return None if value in ("", [], {}) else value

    def block(self, key: str) -> dict[str, Any]:
        """The only (or first) block of a name; {} when there is none."""
        return next(iter(self.blocks(key)), {})

    def blocks(self, key: str) -> list[dict[str, Any]]:
        """Blocks of a name, whether Terraform writes them as a list or as one object."""
        return blocks_of(self.values.get(key))

    def is_unknown(self, key: str) -> bool:
        """Whether all of a value is known only after apply."""
        return self.unknown.get(key) is True


def blocks_of(value: Any) -> list[dict[str, Any]]:
    """Blocks, whether they stand in a list or alone."""
    found = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [b for b in found if isinstance(b, dict)]


def base(address: str) -> str:
    """An address without indices.

    >>> base('module.web["a"].vkcs_compute_instance.app[0]')
    'module.web.vkcs_compute_instance.app'
    """
    return _INDEX.sub("", address)


def own_address(reference: str) -> str:
    """The resource that a reference from the root stands for, without the attribute it asks.

    >>> own_address('module.web["a"].data.vkcs_compute_flavor.f[0].id')
    'module.web["a"].data.vkcs_compute_flavor.f[0]'
    """
    match = _OWN.match(reference)
    return match[0] if match else reference


End = Literal["before", "after"]


@dataclass(frozen=True)
class Plan:
    """A plan or a state: its resources at both ends, its data sources, its configuration."""

    source: str
    after: tuple[Planned, ...]
    before: tuple[Planned, ...] | None = None
    """None for a state and for a folder of `.tf` files: nothing is changed."""
    data: tuple[Planned, ...] = ()
    configuration: dict[str, Any] = field(default_factory=dict)
    errored: bool = False
    deposed: int = 0
    forgotten: tuple[str, ...] = ()
    """Addresses that Terraform will no longer manage: they live on and are paid."""
    deferred: tuple[str, ...] = ()
    """Addresses that Terraform leaves for a later plan; they are counted as it foresees them."""
    uncounted: tuple[str, ...] = ()
    """Those of them whose number is not known either: one is counted."""
    drifted: tuple[str, ...] = ()
    """Of a plan that changes nothing (`-refresh-only`): what was changed past Terraform, as it stands now."""
    partial: bool = False
    """The plan says itself that another one must follow (`complete` is false) and names nothing that it left out."""
    unresolved: tuple[tuple[str, str], ...] = ()
    """Addresses with an expression that could not be followed (folders of `.tf` files)."""
    undeclared: tuple[tuple[str, str], ...] = ()
    """Names that files of values give and no variable has, with the file: Terraform warns of them."""

    @cached_property
    def _expressions(self) -> dict[str, dict[str, Any]]:
        """Address without indices → its expressions."""
        return dict(_expressions(mapping(self.configuration, "root_module"), ""))

    @cached_property
    def _modules(self) -> dict[str, dict[str, Any]]:
        """Module address → what calls it and what it is: `{"expressions": …, "module": …}`."""
        return dict(_modules(mapping(self.configuration, "root_module"), ""))

    @cached_property
    def data_by_address(self) -> dict[str, list[Planned]]:
        """Data sources by address without indices, `data.` included."""
        found: dict[str, list[Planned]] = {}
        for source in self.data:
            found.setdefault(base(source.address), []).append(source)
        return found

    @cached_property
    def data_by_id(self) -> dict[str, Planned]:
        """Data sources by their id; ids are UUIDs, so that types do not mix."""
        found: dict[str, Planned] = {}
        for source in self.data:
            for key in ("id", "flavor_id", "network_id"):
                if isinstance(source.values.get(key), str):
                    found.setdefault(source.values[key], source)
        return found

    def expression(self, planned: Planned, *path: str | int) -> Any:
        """The expression of a key (or of a key of a block) of a resource; None when the plan has none."""
        found: Any = self._expressions.get(base(planned.address)) if planned.links is None else planned.links
        for step in path:
            if isinstance(found, list) and isinstance(step, int):
                found = found[step] if step < len(found) else None
            elif isinstance(found, list) and found:
                found = found[0].get(step) if isinstance(found[0], dict) else None
            else:
                found = found.get(step) if isinstance(found, dict) and isinstance(step, str) else None
            if found is None:
                return None
        return found

    def references(self, planned: Planned, *path: str | int) -> tuple[str, ...]:
        """Addresses (indices kept where the configuration has them) of what a key refers to, nearest first."""
        if planned.links is not None:
            return tuple(dict.fromkeys(_references(self.expression(planned, *path))))
        found: list[str] = []
        self._follow(self.expression(planned, *path), planned.module, found, 0)
        return tuple(dict.fromkeys(found))

    def _follow(self, expression: Any, module: str, found: list[str], hops: int) -> None:
        if hops > _HOPS:
            return
        for reference in _references(expression):
            parts = reference.split(".")
            prefix = f"{module}." if module else ""
            if parts[0] == "var" and module:
                call = mapping(self._modules.get(module, {}), "expressions")
                self._follow(
                    call.get(base(parts[1])), module.rpartition("module.")[0].removesuffix("."), found, hops + 1
                )
            elif parts[0] == "module" and len(parts) > 2:  # noqa: PLR2004 (module.name.output)
                inner = f"{prefix}module.{base(parts[1])}"
                outputs = mapping(mapping(self._modules.get(inner, {}), "module"), "outputs")
                self._follow(mapping(outputs, base(parts[2])).get("expression"), inner, found, hops + 1)
            elif parts[0] == "data" and len(parts) > 2:  # noqa: PLR2004 (data.type.name)
                found.append(prefix + ".".join(parts[:3]))
            elif parts[0] not in ("var", "local", "module", "each", "count", "path", "terraform") and len(parts) > 1:
                found.append(prefix + ".".join(parts[:2]))


def _references(expression: Any) -> Iterator[str]:
    """Every reference of an expression, also of those in its blocks."""
    if isinstance(expression, dict):
        listed = expression.get("references")
        if isinstance(listed, list):
            yield from (r for r in listed if isinstance(r, str))
        else:
            for inner in expression.values():
                yield from _references(inner)
    elif isinstance(expression, list):
        for inner in expression:
            yield from _references(inner)


def _expressions(module: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in listed(module, "resources"):
        yield f"{prefix}{resource.get('address', '')}", mapping(resource, "expressions")
    for name, call in _calls(module):
        yield from _expressions(mapping(call, "module"), f"{prefix}module.{name}.")


def _modules(module: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, call in _calls(module):
        yield f"{prefix}module.{name}", call
        yield from _modules(mapping(call, "module"), f"{prefix}module.{name}.")


def _calls(module: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    calls = mapping(module, "module_calls")
    yield from ((name, mapping(calls, name)) for name in calls)


class ShapeError(ValueError):
    """A part of the file is not what Terraform's format says; the text names the key."""


def mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    """An object of the format, {} when left out. Raises `ShapeError`."""
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ShapeError(key)
    return value


def listed(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects of the format, [] when left out. Raises `ShapeError`."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(x, dict) for x in value):
        raise ShapeError(key)
    return value


def plan_of(data: dict[str, Any], source: str) -> Plan:
    """A plan (`terraform show -json PLAN`) or a state (`terraform show -json`) as records. Raises `ShapeError`."""
    prior = mapping(mapping(mapping(data, "prior_state"), "values"), "root_module")
    known = tuple(_planned(r, source) for r in _resources(prior) if r.get("mode") == "data")
    if not any(key in data for key in PLAN_KEYS):
        found = list(_resources(mapping(mapping(data, "values"), "root_module")))
        held = tuple(_planned(r, source) for r in found if r.get("mode", "managed") == "managed")
        return Plan(source, held, data=tuple(_planned(r, source) for r in found if r.get("mode") == "data"))
    later = [mapping(d, "resource_change") for d in listed(data, "deferred_changes")]
    changes = [c for c in (*listed(data, "resource_changes"), *later) if c.get("mode", "managed") == "managed"]
    before, after, deposed, forgotten = [], [], 0, []
    for change in changes:
        ends = mapping(change, "change")
        address, kind = str(change.get("address", "")), str(change.get("type", ""))
        origin = f"{source}:{address}"
        name = f"{address}#deposed" if change.get("deposed") else address
        deposed += name != address
        if ends.get("before") is not None:
            before.append(Planned(name, kind, mapping(ends, "before"), origin=origin))
        actions = ends.get("actions")
        if isinstance(actions, list) and "forget" in actions and ends.get("before") is not None:
            # Replaced or not, the old one lives on; where a new one takes its name, it is told apart.
            old = f"{name}#forgotten" if ends.get("after") is not None else name
            after.append(Planned(old, kind, mapping(ends, "before"), origin=origin))
            forgotten.append(old)
        if ends.get("after") is not None:
            unknown = ends.get("after_unknown")
            after.append(
                Planned(name, kind, mapping(ends, "after"), unknown if isinstance(unknown, dict) else {}, origin=origin)
            )
    told = {str(c.get("address", "")) for c in changes}
    # What no change names stays as it is: with `-target`, `-refresh-only` or an error only a part has changes.
    extra = {p.address: p for p in _managed(mapping(mapping(data, "planned_values"), "root_module"), source)}
    after += [planned for address, planned in extra.items() if address not in told]
    before += [p for p in _managed(prior, source) if p.address in extra and p.address not in told]
    errored = data.get("errored") is True
    configuration = mapping(data, "configuration")
    reasons = {str(mapping(d, "resource_change").get("address", "")): d.get("reason")
               for d in listed(data, "deferred_changes")}  # fmt: skip
    uncounted = tuple(a for a, why in reasons.items() if why == _COUNT_UNKNOWN or "[*]" in a)
    deferred = tuple(a for a in reasons if a not in uncounted)
    partial = data.get("complete") is False and not reasons
    drifted = () if changes else tuple(str(d.get("address", "")) for d in listed(data, "resource_drift"))
    return Plan(
        source, tuple(after), tuple(before), known, configuration, errored=errored, deposed=deposed,
        forgotten=tuple(forgotten), deferred=deferred, uncounted=uncounted, partial=partial, drifted=drifted,
    )  # fmt: skip


def _managed(module: dict[str, Any], source: str) -> Iterator[Planned]:
    yield from (_planned(r, source) for r in _resources(module) if r.get("mode", "managed") == "managed")


def _resources(module: dict[str, Any]) -> Iterable[dict[str, Any]]:
    yield from listed(module, "resources")
    for child in listed(module, "child_modules"):
        yield from _resources(child)


def _planned(resource: dict[str, Any], source: str) -> Planned:
    values, address = resource.get("values"), str(resource.get("address", ""))
    return Planned(
        address,
        str(resource.get("type", "")),
        values if isinstance(values, dict) else {},
        missing=not isinstance(values, dict),
        origin=f"{source}:{address}",
    )
