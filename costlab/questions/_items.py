"""What the items of a bill are: machine, address, disk, licence, snapshot. The question about idle things reads it.

An item of a price list is known by its meter; an item nobody lists, by the words of its name.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from typing import Any

import pyarrow as pa

from costlab.catalog.facts.disks import performance, sizes
from costlab.catalog.loading import Catalog, load_catalog
from costlab.catalog.naming import conversion, names_of, normal_name
from costlab.model.bill import DECIMALS, NUMBER
from costlab.model.numbers import exact
from costlab.model.periods import list_month_minutes
from costlab.model.prices import Sku

ITEMS = pa.schema(
    [
        *((name, pa.string()) for name in ("service", "parameter", "unit", "kind")),
        ("least", NUMBER),
        ("most", NUMBER),
    ]
)
_METERS = (
    ("block_storage.snapshot", "snapshot"),
    ("block_storage.ephemeral", ""),
    ("block_storage.", "disk"),
    ("network.public_ipv4", "ip"),
    ("network.load_balancer", "holder"),
    ("licence.", "licence"),
    ("compute.", "machine"),
)
"""Beginning of a meter → kind. What a managed service consists of (its nodes, its addresses) has meters of its own."""
_FAST = {"block_storage.high_iops": "high-iops", "block_storage.high_iops_ha": "high-iops-ha"}
_ORDINARY = "ceph-ssd"
_DAY = 1440
_WORDS = (
    ("snapshot", r"snapshot|снимок|снимк|снапшот"),
    ("licence", r"licen[cs]e|лиценз|windows server|sql server"),
    ("holder", r"load ?balanc|балансировщик"),
    ("ip", r"\b(public|floating|elastic|static|external)\W{0,3}\w{0,8}\W?ip|\bipv4|(плавающ|публичн|внешн)\w* ip"),
    ("disk", r"\bdisks?\b|\bvolumes?\b|\bдиск"),
    ("machine", r"\bvcpu|\bcpu\b|\bram\b|virtual machine|виртуальн\w+ машин|\binstances?\b|\bboxusage|\bядр"),
)


def items(kinds: Iterable[tuple[str, str, str]], provider: str = "vk") -> pa.Table:
    """Service, parameter and unit as bills write them → what they are, as `ITEMS`; kind "" is of no interest."""
    catalog = load_catalog(provider)
    names = names_of(catalog)
    return pa.Table.from_pylist([_item(*kind, catalog, names) for kind in kinds], schema=ITEMS)


def _item(service: str, parameter: str, unit: str, catalog: Catalog, names: dict[str, list[Sku]]) -> dict[str, Any]:
    row: dict[str, Any] = {"service": service, "parameter": parameter, "unit": unit}
    named = names.get(normal_name(parameter)) or names.get(parameter.strip(), [])
    if not named:
        return row | {"kind": _by_words(parameter or service)}
    section = normal_name(service)
    inside = [
        s for s in named if section in {normal_name(n) for n in catalog.sections.get(s.service, ())} | {s.service}
    ]
    known = inside or named
    found = {_kind(sku.meter) for sku in known}
    if len(found) != 1:
        return row | {"kind": ""}
    if known[0].meter in _FAST:
        row |= _sizes(known[0], unit, catalog)
    return row | {"kind": found.pop()}


def _kind(meter: str) -> str:
    return next((kind for start, kind in _METERS if meter.startswith(start)), "")


def _by_words(name: str) -> str:
    text = name.casefold().replace("ё", "е")
    return next((kind for kind, words in _WORDS if re.search(words, text)), "")


def _sizes(sku: Sku, unit: str, catalog: Catalog) -> dict[str, Decimal]:
    """Quantities of a row of one day at which an ordinary SSD of the same size is documented to read as fast."""
    meter = catalog.meters[sku.meter]
    factor = conversion(unit, meter, list_month_minutes(catalog.provider, date.max))
    found = as_fast(_FAST[sku.meter])
    if factor is None or not factor or found is None:
        return {}
    with exact():
        ends = [
            Decimal(x.numerator) / x.denominator for x in (n * _DAY / (meter.basis_minutes * factor) for n in found)
        ]
        step = Decimal(1).scaleb(-DECIMALS)
        return {"least": ends[0].quantize(step, ROUND_CEILING), "most": ends[1].quantize(step, ROUND_FLOOR)}


@cache
def as_fast(disk_type: str, provider: str = "vk") -> tuple[int, int] | None:
    """From which to which size (GB) an ordinary SSD reads as many operations a second as a fast disk; None: never.

    >>> as_fast("high-iops")
    (334, 533)
    """
    found = list(_equal(disk_type, load_catalog(provider)))
    return (found[0], found[-1]) if found and found[-1] - found[0] + 1 == len(found) else None


def _equal(disk_type: str, catalog: Catalog) -> Iterator[int]:
    for size in range(1, sizes(catalog)[disk_type].cli_max_gb + 1):
        fast, ordinary = performance(disk_type, size, catalog), performance(_ORDINARY, size, catalog)
        if fast and ordinary and ordinary.read_iops >= fast.read_iops:
            yield size
