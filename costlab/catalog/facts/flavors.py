"""Flavors that the provider's pages name, and the nearest one that can be ordered.

The list (`facts/flavors.yaml`) is no whitelist: a name's pattern is enough to price a machine. What is not listed is
told, with the smallest listed flavor that holds it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from costlab.catalog.facts.kubernetes import allocatable_ram_mi, allocatable_vcpu
from costlab.catalog.loading import Catalog
from costlab.i18n.words import plain
from costlab.services.parts.shapes import Flavor, parse_flavor

ORDERABLE = ("self-service", "service-request")
"""Flavors a customer chooses in the console, or after ordering the service; others need support or are gone."""


class Listed(NamedTuple):
    """A flavor of the provider's pages."""

    name: str
    shape: Flavor
    order: str
    """`self-service`, `service-request` (the service is ordered first), `support`, `legacy` or `retired`."""
    source: str


class Nearest(NamedTuple):
    """The smallest listed flavors that hold a shape: of the same kind of CPU, and of another one if that is smaller."""

    same: str | None
    other: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Those there are, the same kind of CPU first."""
        return tuple(n for n in self if n)


def listed(catalog: Catalog) -> tuple[Listed, ...]:
    """Every flavor of `facts/flavors.yaml` whose name can be read; none when the provider has no such file."""
    facts: dict[str, Any] = catalog.facts("flavors")
    groups = [*facts.get("machines", ()), *facts.get("gpu", ())] if facts else []
    read = ((name, parse_flavor(name), g["order"], g["source"]) for g in groups for name in g["names"])
    return tuple(Listed(name, shape, order, source) for name, shape, order, source in read if shape is not None)


def nearest(shape: Flavor, flavors: Sequence[Listed]) -> Nearest:
    """The smallest orderable flavor with at least the shape's vCPU and RAM (and GPUs of the same model).

    Fewest vCPU first, then least RAM. Flavors with a template disk are left out: it is a second choice to make.
    """
    found = [f for f in flavors if f.order in ORDERABLE and not f.shape.disk_gb and _holds(f.shape, shape)]
    found.sort(key=lambda f: _size(f.shape))
    if shape.gpus:
        return Nearest(found[0].name if found else None, None)
    same = next((f for f in found if f.shape.cpu == shape.cpu), None)
    other = next((f for f in found if f.shape.cpu != shape.cpu), None)
    smaller = other is not None and (same is None or _size(other.shape) < _size(same.shape))
    return Nearest(same.name if same else None, other.name if other and smaller else None)


def largest(flavors: Sequence[Listed], cpu: str | None = None) -> str | None:
    """The largest self-service machine (of a kind of CPU when that has any)."""
    found = [f for f in flavors if f.order == "self-service" and not f.shape.gpus]
    own = [f for f in found if f.shape.cpu == cpu]
    return max(own or found, key=lambda f: _size(f.shape)).name if found else None


def suggest(
    catalog: Catalog, vcpu: int, ram_gb: int, cpu: str | None = None, gpu: str | None = None
) -> list[dict[str, Any]]:
    """Rows of `catalog flavors`: flavors that hold a size, smallest first; of a kind of CPU, or of a GPU model.

    Those that cannot simply be ordered come last. `pods_…` is what a Kubernetes node of the flavor leaves to pods.
    """
    found = [
        f
        for f in listed(catalog)
        if (f.shape.gpus > 0) == (gpu is not None)
        and f.shape.vcpu >= vcpu
        and f.shape.ram_gb >= ram_gb
        and cpu in (None, f.shape.cpu)
        and (gpu is None or f.shape.gpu.casefold() == gpu.casefold())
        and not f.shape.disk_gb
    ]
    return [_row(f, catalog) for f in sorted(found, key=lambda f: (f.order not in ORDERABLE, _size(f.shape)))]


def _row(flavor: Listed, catalog: Catalog) -> dict[str, Any]:
    shape = flavor.shape
    cores, memory = allocatable_vcpu(shape.vcpu, catalog), allocatable_ram_mi(shape.ram_gb, catalog)
    return {
        "flavor": flavor.name,
        "vcpu": shape.vcpu,
        "ram_gb": shape.ram_gb,
        "cpu": shape.cpu or "",
        "gpu": shape.gpu,
        "gpus": shape.gpus,
        "order": flavor.order,
        "pods_vcpu": "" if cores is None else plain(cores),
        "pods_ram_mi": "" if memory is None else str(memory),
        "source": flavor.source,
    }


def _holds(larger: Flavor, shape: Flavor) -> bool:
    """At least as many cores, as much memory, and as many GPUs of the model; a whole GPU is no part of one."""
    return (
        larger.vcpu >= shape.vcpu
        and larger.ram_gb >= shape.ram_gb
        and larger.gpus >= shape.gpus
        and larger.gpu == shape.gpu
        and larger.gpu_memory_gb >= shape.gpu_memory_gb
        and bool(larger.gpu_memory_gb) == bool(shape.gpu_memory_gb)
    )


def _size(shape: Flavor) -> tuple[int, int, int]:
    return (shape.gpus, shape.vcpu, shape.ram_gb)
