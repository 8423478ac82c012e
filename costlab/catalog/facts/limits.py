"""What resources take of a project's quotas, and which quotas must be raised for them.

Rule: VK Cloud documentation, «Квоты и лимиты»: quotas are per project; `facts/limits.yaml` has them. Compared is with
the raised ones, which a new project gets after its first payments: below them nobody has to ask.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from costlab.catalog.loading import Catalog
from costlab.i18n.words import number
from costlab.model.numbers import Args, Problem, Text
from costlab.model.scenario import Resource, Scenario
from costlab.services.parts.shapes import Flavor, machine, parse_flavor

MACHINES = ("vm", "gpu_vm")
_Taken = Iterator[tuple[str, Decimal | int]]
shape_of = lru_cache(maxsize=4096)(parse_flavor)
"""A flavor's shape by its name, read once."""


def machines(resource: Resource) -> Iterator[tuple[str, Flavor]]:
    """The machines a resource consists of, by name and shape; sizes given in numbers are named by them."""
    spec = resource.spec
    if resource.service == "kubernetes":
        for name in (spec.masters.flavor, *(g.flavor for g in spec.groups)):
            yield name, machine(name)
        return
    if resource.service not in (*MACHINES, "database"):
        return
    if spec.flavor is not None:
        shape = shape_of(spec.flavor)
        if shape is not None:
            yield spec.flavor, shape
    elif getattr(spec, "vcpu", None) is not None:
        shape = machine(None, spec.vcpu, spec.ram_gb, spec.cpu)
        yield f"{shape.vcpu} vCPU, {shape.ram_gb} GB ({shape.cpu})", shape


def disks(resource: Resource) -> tuple[Any, ...]:
    """The disks of a resource that a project itself holds."""
    if resource.service == "disk":
        return (resource.spec,)
    if resource.service in MACHINES:
        return tuple(resource.spec.disks)
    return tuple(resource.spec.volumes) if resource.service == "kubernetes" and resource.spec.generation == 1 else ()


def quotas(scenario: Scenario, catalog: Catalog) -> list[Problem]:
    """One warning for each ceiling exceeded, then one with every quota that support must raise."""
    facts: dict[str, Any] = catalog.facts("limits") or {}
    taken = takes(scenario)
    above, needed = [], []
    for name, quota in facts.get("quotas", {}).items():
        value, words = taken.get(name, Decimal(0)), quota["title"]
        if quota["ceiling"] is not None and value > quota["ceiling"]:
            args: Args = {"what": Text(en=words["en"], ru=words["ru"]), **figures(value=value, limit=quota["ceiling"])}
            above.append(Problem(code="ceiling", source=scenario.source, subject=scenario.region, args=args))
        elif quota["raised"] is not None and value > quota["raised"]:
            needed.append((words, value, quota["raised"]))
    if not needed:
        return above
    currency = catalog.provider.regions[scenario.region].currency
    paid = figures(paid=facts["raised_after"].get(currency, 0))
    args = {
        **{k: Text(en=f"{v.en} {currency}", ru=f"{v.ru} {currency}") for k, v in paid.items()},
        "items": Text(
            en=", ".join(f"{w['en']} {number(v, 'en')} (raised: {number(Decimal(r), 'en')})" for w, v, r in needed),
            ru=", ".join(f"{w['ru']} {number(v, 'ru')} (повышенная: {number(Decimal(r), 'ru')})" for w, v, r in needed),
        ),
    }
    return [*above, Problem(code="quotas", source=scenario.source, subject=scenario.region, args=args)]


def figures(**values: Decimal | int | str) -> dict[str, Text]:
    """Numbers as arguments of a message, in both languages."""
    return {k: Text(en=number(Decimal(v), "en"), ru=number(Decimal(v), "ru")) for k, v in values.items()}


def takes(scenario: Scenario) -> dict[str, Decimal]:
    """Quota → what the resources of a scenario take of it, every instance counted."""
    used: dict[str, Decimal | int] = {}
    for resource in scenario.resources:
        for take in (_disk_space, _OTHERS.get(resource.service)):
            for name, value in take(resource) if take else ():
                used[name] = used.get(name, 0) + value * resource.count
    return {name: Decimal(value) for name, value in used.items()}


def _disk_space(resource: Resource) -> _Taken:
    for disk in disks(resource):
        if disk.type != "ef-nvme":  # has no quota
            yield from (("disks", 1), ("disk_gb", disk.size_gb))
        if disk.type in ("high-iops", "high-iops-ha"):
            kind = disk.type.replace("-", "_")
            yield from ((f"{kind}_disks", 1), (f"{kind}_gb", disk.size_gb))


def _machine(resource: Resource) -> _Taken:
    yield from (("vms", 1), ("floating_ips", int(getattr(resource.spec, "public_ip", 0))))
    for _, shape in machines(resource):
        yield from (("vcpu", shape.vcpu), ("ram_gb", shape.ram_gb))


def _address(resource: Resource) -> _Taken:
    yield ("floating_ips" if resource.spec.kind == "floating" else "external_ports"), 1


def _balancer(resource: Resource) -> _Taken:
    yield "load_balancers", int(resource.spec.kind == "standard")


def _share(resource: Resource) -> _Taken:
    yield from (("shares", 1), ("share_gb", resource.spec.size_gb))


def _snapshot(resource: Resource) -> _Taken:  # noqa: ARG001 (each of these takes the resource)
    yield "snapshots", 1


def _image(resource: Resource) -> _Taken:
    yield "images_gb", resource.spec.size_gb


def _cluster(resource: Resource) -> _Taken:
    """What a Kubernetes cluster takes, its groups at their least (what they begin with)."""
    spec = resource.spec
    yield from (("k8s_clusters", 1), ("k8s_groups", len(spec.groups)))
    yield "load_balancers", spec.standard_load_balancers
    if spec.generation == 1:
        yield "floating_ips", int(spec.public_ip)
    for group in spec.groups:
        nodes = group.nodes if isinstance(group.nodes, int) else group.nodes.min
        shape = machine(group.flavor)
        yield from (("k8s_nodes", nodes), ("k8s_vcpu", nodes * shape.vcpu), ("k8s_ram_gb", nodes * shape.ram_gb))
        yield from (("k8s_disks", nodes), ("k8s_disk_gb", nodes * group.disk.size_gb))


_OTHERS: dict[str, Callable[[Resource], _Taken]] = {
    **dict.fromkeys(MACHINES, _machine),
    "public_ip": _address,
    "load_balancer": _balancer,
    "file_share": _share,
    "snapshot": _snapshot,
    "image": _image,
    "kubernetes": _cluster,
}
"""Service → what one instance of it takes besides disks."""
