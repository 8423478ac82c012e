"""What a disk does: operations and megabytes a second by type and size.

Rule: VK Cloud documentation, page on disk performance: operations grow with the size between a least and a most, and
megabytes follow from them. The figures are `facts/disks.yaml` of the provider; all its published rows are a test.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from costlab.catalog.loading import Catalog, load_catalog
from costlab.i18n.words import number
from costlab.model.numbers import Language, Record
from costlab.services.parts.shapes import Disk

PUBLISHED_SIZES = (10, 50, 100, 250, 500, 1000, 1500, 2000)
"""GB: the sizes the provider's own tables show."""


class Performance(NamedTuple):
    """What one disk reaches: operations and megabytes a second."""

    read_iops: int
    read_mb_s: int
    write_iops: int
    write_mb_s: int
    latency_ms: Decimal


class DiskSize(NamedTuple):
    """How large one disk may be, in GB: made in the console, and at all."""

    console_max_gb: int
    cli_max_gb: int


def performance(disk_type: str, size_gb: Decimal | int, catalog: Catalog | None = None) -> Performance | None:
    """What a disk of a type and size (GB) reaches; None when the provider publishes nothing for the type.

    >>> performance("ceph-ssd", 250)[:4]
    (7500, 400, 3750, 400)
    """
    known = _types(catalog).get(disk_type)
    if known is None:
        return None
    read, write = (_iops(known[f"{way}_iops"], Decimal(size_gb)) for way in ("read", "write"))
    return Performance(
        read,
        _mb_s(known["read_mb_s"], read),
        write,
        _mb_s(known["write_mb_s"], write),
        Decimal(known["latency_ms"]),
    )


def read_iops(disk_type: str, size_gb: Decimal | int) -> int:
    """Reads a second of a disk of VK Cloud; 0 when unknown."""
    return _figure(disk_type, size_gb, 0)


def read_mb_s(disk_type: str, size_gb: Decimal | int) -> int:
    """Megabytes read a second of a disk of VK Cloud; 0 when unknown."""
    return _figure(disk_type, size_gb, 1)


def write_iops(disk_type: str, size_gb: Decimal | int) -> int:
    """Writes a second of a disk of VK Cloud; 0 when unknown."""
    return _figure(disk_type, size_gb, 2)


def write_mb_s(disk_type: str, size_gb: Decimal | int) -> int:
    """Megabytes written a second of a disk of VK Cloud; 0 when unknown."""
    return _figure(disk_type, size_gb, 3)


def _figure(disk_type: str, size_gb: Decimal | int, index: int) -> int:
    figure = performance(disk_type, size_gb)
    return int(figure[index]) if figure else 0


def sizes(catalog: Catalog) -> dict[str, DiskSize]:
    """Disk type → its greatest sizes."""
    return {name: DiskSize(int(t["console_max_gb"]), int(t["cli_max_gb"])) for name, t in _types(catalog).items()}


def disks_in_words(spec: Record, catalog: Catalog, language: Language) -> list[str]:
    """A line for each different disk of a spec, its nodes' and volumes' as well: type, size, what it reaches."""
    found = dict.fromkeys((d.type, d.size_gb) for d in _disks(spec))
    reached = ((kind, size, performance(kind, size, catalog)) for kind, size in found)
    return [_words(kind, size, does, language) for kind, size, does in reached if does is not None]


def _disks(value: Any) -> Iterator[Disk]:
    """The disks somewhere in a spec."""
    if isinstance(value, Disk):
        yield value
    elif isinstance(value, Record):
        for name in type(value).model_fields:
            yield from _disks(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _disks(item)


def _words(kind: str, size_gb: Decimal, does: Performance, language: Language) -> str:
    iops = [number(Decimal(n), language) for n in does[:4]]
    latency = number(does.latency_ms, language)
    if language == "ru":
        return (
            f"{kind}, {number(size_gb, language)} ГБ: чтение {iops[0]} IOPS, {iops[1]} МБ/с; "
            f"запись {iops[2]} IOPS, {iops[3]} МБ/с; задержка {latency} мс"
        )
    return (
        f"{kind}, {number(size_gb, language)} GB: read {iops[0]} IOPS, {iops[1]} MB/s; "
        f"write {iops[2]} IOPS, {iops[3]} MB/s; latency {latency} ms"
    )


def table(catalog: Catalog, disk_type: str | None = None, size_gb: Decimal | None = None) -> list[dict[str, Any]]:
    """Rows of `catalog disks`: a type and size, or every published size of a type, or of all."""
    wanted = [disk_type] if disk_type else list(_types(catalog))
    chosen = [size_gb] if size_gb is not None else [Decimal(n) for n in PUBLISHED_SIZES]
    return [row for name in wanted for row in _rows(catalog, name, chosen)]


def _rows(catalog: Catalog, name: str, chosen: list[Decimal]) -> Iterator[dict[str, Any]]:
    facts = catalog.facts("disks")
    for size in chosen:
        found = performance(name, size, catalog)
        if found is not None:
            yield {
                "type": name,
                "size_gb": f"{size:f}",
                **{k: str(v) for k, v in found._asdict().items()},
                "console_max_gb": str(facts["types"][name]["console_max_gb"]),
                "cli_max_gb": str(facts["types"][name]["cli_max_gb"]),
                "zones": list(facts["types"][name]["zones"]),
                "source": facts["source"],
            }


def _types(catalog: Catalog | None) -> dict[str, Any]:
    facts: dict[str, Any] = (catalog or load_catalog()).facts("disks")
    return facts.get("types", {}) if facts else {}


def _iops(rule: dict[str, int], size_gb: Decimal) -> int:
    return int(_rounded(max(Decimal(rule["min"]), min(Decimal(rule["max"]), rule["per_gb"] * size_gb))))


def _mb_s(rule: dict[str, int], iops: int) -> int:
    if "fixed" in rule:
        return rule["fixed"]
    found = int(_rounded(Decimal(iops) / rule["iops_per_mb"]))
    return max(rule.get("min", 0), min(rule.get("max", found), found))


def _rounded(value: Decimal) -> Decimal:
    return value.to_integral_value(rounding=ROUND_HALF_UP)
