"""A disk on its own. Rule: «Cloud Servers. Тарификация»: the provisioned size is paid as long as the disk exists."""

from collections.abc import Iterator
from typing import Any

from costlab.model.numbers import Period, Text
from costlab.model.scenario import Usage
from costlab.services.parts.shapes import Disk, disk_meter

TITLE = Text(en="Disk", ru="Диск")
EXAMPLE: dict[str, Any] = {"type": "ceph-ssd", "size_gb": 100}


class Spec(Disk):
    """Type, size and zone of a disk."""

    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Gigabytes over time."""
    yield Usage(meter=disk_meter("block_storage", spec.type), level=spec.size_gb, zone=spec.zone or "")
