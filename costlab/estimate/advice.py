"""The last step: what a customer should know of a scenario beside its price: quotas, limits, flavors to order, zones.

Warnings, in the order: zones, flavors, limits, quotas. They never make an estimate incomplete. What is compared
with is data of the provider: `facts/limits.yaml`, `facts/flavors.yaml`, `facts/disks.yaml`, `zone_notes` of the region.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from costlab.catalog.facts.disks import DiskSize, sizes
from costlab.catalog.facts.flavors import Listed, listed, nearest
from costlab.catalog.facts.limits import MACHINES, disks, figures, machines, quotas
from costlab.catalog.loading import Catalog
from costlab.estimate.zones import only_zones, zone_of
from costlab.i18n.messages.advice import ADVICE
from costlab.model.numbers import Args, Problem, Text
from costlab.model.prices import Region
from costlab.model.scenario import Resource, Scenario
from costlab.services.parts.shapes import Flavor

CODES = frozenset(ADVICE)
"""The codes of what this module says."""
_NAMED = 3
"""Of several resources with one warning so many are named beside the first."""
_WORDS = {
    "vcpu": Text(en="vCPU of one machine", ru="vCPU одной машины"),
    "high_freq_vcpu": Text(en="high-frequency vCPU of one machine", ru="высокочастотные vCPU одной машины"),
    "ram_gb": Text(en="GB of RAM of one machine", ru="ГБ ОЗУ одной машины"),
    "gpus": Text(en="GPUs of one machine", ru="GPU одной машины"),
    "disks": Text(en="disks of one machine", ru="диски одной машины"),
    "share": Text(en="GB of one file share", ru="ГБ одного файлового хранилища"),
    "image": Text(en="GB of one image", ru="ГБ одного образа"),
    "database_disk": Text(en="GB of a database disk when it is created", ru="ГБ диска базы данных при создании"),
    "groups": Text(en="node groups of one cluster", ru="группы узлов одного кластера"),
    "nodes_in_group": Text(en="nodes of one group", ru="узлы одной группы"),
    "nodes_in_zone": Text(en="nodes of one cluster in a zone", ru="узлы одного кластера в зоне"),
}


class _Facts(NamedTuple):
    """What the provider publishes; empty where it has no such file."""

    limits: dict[str, Any]
    disks: dict[str, DiskSize]
    flavors: tuple[Listed, ...]
    region: Region
    only_zone: dict[str, str]
    """Service → the one zone that has it."""


def advise(scenario: Scenario, catalog: Catalog) -> list[Problem]:
    """Everything worth saying about a scenario before it is ordered."""
    region = catalog.provider.regions[scenario.region]
    only = only_zones(catalog, region)
    facts = _Facts(catalog.facts("limits") or {}, sizes(catalog), listed(catalog), region, only)
    own = [p for r in scenario.resources for p in _limits(r, facts)]
    return [*_zones(scenario, facts), *_flavors(scenario, facts), *own, *quotas(scenario, catalog)]


def _zones(scenario: Scenario, facts: _Facts) -> Iterator[Problem]:
    """One warning a zone."""
    within: dict[str, list[Resource]] = {}
    for resource in scenario.resources:
        zone = zone_of(resource, facts.region, facts.only_zone)
        note = facts.region.zone_notes.get(zone)
        if note is not None and note.warning is not None:
            within.setdefault(zone, []).append(resource)
    for zone, resources in within.items():
        note = facts.region.zone_notes[zone]
        if note.warning is not None and note.fix is not None:
            args: Args = {"note": note.warning, "fix": note.fix, **_also(resources)}
            yield _problem("zone_note", resources[0], args, key="zone")


def _flavors(scenario: Scenario, facts: _Facts) -> Iterator[Problem]:
    """One warning for each machine that no published flavor describes."""
    if not facts.flavors:
        return
    names = {f.name for f in facts.flavors if f.order != "retired"}
    shapes = {f.shape for f in facts.flavors if f.order != "retired"}
    met: dict[str, tuple[Flavor, list[Resource]]] = {}
    for resource in scenario.resources:
        for name, shape in machines(resource):
            if name in names or shape in shapes or (not shape.gpus and shape.by_request):
                continue
            resources = met.setdefault(name, (shape, []))[1]
            if resource not in resources[-1:]:
                resources.append(resource)
    for name, (shape, resources) in met.items():
        found = nearest(shape, facts.flavors).names
        code = "flavor_not_listed" if found else "flavor_not_listed_alone"
        yield _problem(
            code, resources[0], {"value": name, "nearest": ", ".join(found), **_also(resources)}, key="flavor"
        )


def _limits(resource: Resource, facts: _Facts) -> Iterator[Problem]:
    """What one resource has more of than there can be."""
    limits = facts.limits
    if limits:
        for what, value, limit in _sizes(resource, limits):
            if value > limit:
                words = _WORDS[what]
                args: Args = {"what": words, **figures(value=value, limit=limit)}
                yield _problem("ceiling", resource, args)
    for disk in disks(resource):
        most = facts.disks.get(disk.type)
        if most is not None and disk.size_gb > most.console_max_gb:
            over = disk.size_gb > most.cli_max_gb
            limit = most.cli_max_gb if over else most.console_max_gb
            args = {"type": disk.type, **figures(value=disk.size_gb, limit=limit)}
            yield _problem("disk_too_large" if over else "disk_by_api", resource, args)


def _sizes(resource: Resource, limits: dict[str, Any]) -> list[tuple[str, Decimal | int, int]]:
    """What a resource has of what is limited: its name, value and limit."""
    spec, one = resource.spec, limits["machine"]
    found: list[tuple[str, Decimal | int, int]] = []
    if resource.service in MACHINES:
        for _, shape in machines(resource):
            if shape.gpus:
                found.append(("gpus", shape.gpus, one["gpus_of"].get(shape.gpu, one["gpus"])))
            else:
                key = "high_freq_vcpu" if shape.cpu == "high-freq" else "vcpu"
                found += [(key, shape.vcpu, one[key]), ("ram_gb", shape.ram_gb, one["ram_gb"])]
        found.append(("disks", len(disks(resource)), one["disks"]))
    elif resource.service == "file_share":
        found.append(("share", spec.size_gb, limits["share"]["max_gb"]))
    elif resource.service == "image":
        found.append(("image", spec.size_gb, limits["image"]["cli_max_gb"]))
    elif resource.service == "database":
        limit = limits["database"]["create_max_gb"].get(spec.disk.type)
        found += [("database_disk", spec.disk.size_gb, limit)] if limit is not None else []
    elif resource.service == "kubernetes":
        nodes = [_most(g.nodes) for g in spec.groups]
        most = limits["kubernetes"]
        found += [("groups", len(nodes), most["groups"]), ("nodes_in_zone", sum(nodes), most["nodes_in_zone"])]
        found += [("nodes_in_group", n, most["nodes_in_group"]) for n in nodes]
    return found


def _most(nodes: Any) -> int:
    return int(nodes if isinstance(nodes, int) else nodes.max)


def _also(resources: Iterable[Resource]) -> dict[str, Text]:
    """How many other resources a warning is about."""
    rest = [r.resource_id for r in resources][1:]
    more = "…" if len(rest) > _NAMED else ""
    also = f" (also {', '.join(rest[:_NAMED])}{more})" if rest else ""
    return {"also": Text(en=also, ru=also.replace("(also", "(также", 1))}


def _problem(code: str, resource: Resource, args: Args, key: str = "") -> Problem:
    line = resource.lines.get(key, resource.line) if key else resource.line
    return Problem(code=code, source=resource.source, line=line, subject=resource.resource_id, args=args)
