"""Where a resource stands, and what its zone has: a network that the zone lacks is an impossible wish."""

from collections.abc import Iterator

from costlab.catalog.loading import Catalog
from costlab.model.numbers import Problem
from costlab.model.prices import Region
from costlab.model.scenario import Resource


def only_zones(catalog: Catalog, region: Region) -> dict[str, str]:
    """Services that one zone of a region alone has, with that zone."""
    zones: dict[str, set[str]] = {}
    for sku in catalog.skus:
        if sku.region == region.region:
            zones.setdefault(sku.service, set()).add(sku.zones[0] if len(sku.zones) == 1 else "")
    return {service: next(iter(z)) for service, z in zones.items() if len(z) == 1 and "" not in z}


def zone_of(resource: Resource, region: Region, only: dict[str, str]) -> str:
    """The zone of a resource: as given, or the only one that has its service; "" where several may be meant."""
    zone = getattr(resource.spec, "zone", None) or only.get(resource.service, "")
    return region.zone_aliases.get(zone, zone)


def lacking_networks(resource: Resource, region: Region, only: dict[str, str]) -> Iterator[Problem]:
    """The network a resource asks for, where its zone does not have it."""
    zone = zone_of(resource, region, only)
    note = region.zone_notes.get(zone)
    wanted = getattr(resource.spec, "sdn", None)
    if note is not None and note.sdn and wanted is not None and wanted not in note.sdn:
        yield Problem(
            code="zone_lacks_sdn",
            source=resource.source,
            line=resource.lines.get("sdn", resource.line),
            subject=resource.resource_id,
            args={"zone": zone, "value": wanted, "allowed": ", ".join(note.sdn)},
        )
