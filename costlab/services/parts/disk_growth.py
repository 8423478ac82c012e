"""How disks of a managed database grow by themselves.

Rule: VK Cloud documentation, «Автоматическое увеличение размера диска»: when the free space falls to the step, the disk
grows by the step, unless that would exceed the greatest size. All hosts of a cluster grow together.
"""

from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple

Use = Literal["data", "wal"]
_SHARE = Decimal(25)
_KEPT = Decimal("0.000001")
"""Sizes are kept at the precision a size may have in an estimate; the rule says nothing of fractions."""


class _Rule(NamedTuple):
    base: Decimal
    most: Decimal


_RULES: dict[str, _Rule] = {"data": _Rule(Decimal(2), Decimal(25)), "wal": _Rule(Decimal("0.5"), Decimal(2))}
_TERABYTE = 1024  # the same page writes 2 TB as 2048 GB
MOST_GB: dict[str, int] = {
    "ceph-ssd": 25 * _TERABYTE,
    "high-iops": 10 * _TERABYTE,
    "high-iops-ha": 10 * _TERABYTE,
}
"""The greatest size by growth of a data disk; nothing is published for the other types."""
MOST_WAL_GB = 2048


def step_gb(size_gb: Decimal | int, use: Use = "data") -> Decimal:
    """By how much a disk of this size grows at a time.

    >>> step_gb(500), step_gb(Decimal("37.5"), "wal")
    (Decimal('22'), Decimal('2.0'))
    """
    rule = _RULES[use]
    return min(rule.base + Decimal(size_gb) / _SHARE, rule.most)


def grown_gb(size_gb: Decimal | int, max_gb: Decimal | int, use: Use = "data") -> Decimal:
    """How far a disk grows in the end, step by step, without exceeding `max_gb`.

    >>> grown_gb(100, 105), grown_gb(100, 106)
    (Decimal('100'), Decimal('106'))
    """
    size, most, rule = Decimal(size_gb), Decimal(max_gb), _RULES[use]
    while (step := step_gb(size, use).quantize(_KEPT, ROUND_DOWN)) < rule.most:
        if size + step > most:
            return _short(size)
        size += step
    return _short(size + max(Decimal(0), (most - size) // rule.most * rule.most))


def _short(size: Decimal) -> Decimal:
    return size.quantize(Decimal(1)) if size == size.to_integral_value() else size.normalize()
