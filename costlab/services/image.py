"""An own image of a machine. Rule: «Cloud Servers. Тарификация».

Kept in Object Storage (the default) it is Icebox storage, and every machine created from it downloads it once at the
Icebox price. Kept in block storage it costs what an HDD costs. VK's public images are free.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Machine image", ru="Образ машины")
EXAMPLE: dict[str, Any] = {"size_gb": 20, "storage": "s3", "downloads": 1}


class Spec(Record):
    """Size of an image, where it lies and how often it is read."""

    size_gb: Annotated[Amount, Field(gt=0)]
    """Size, GB
    Размер, ГБ"""
    storage: Literal["s3", "block"] = "s3"
    """Kept in: s3 = Icebox (the default), block = block storage
    Хранение: s3 — Icebox (по умолчанию), block — блочное хранилище"""
    downloads: Annotated[Count, Field(ge=0, le=1_000_000)] = 0
    """Downloads: in the period; creating a machine is one; paid when kept in s3
    Скачиваний: за период; создание машины — одно; оплачиваются при хранении в s3"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Gigabytes over time, and gigabytes read."""
    if spec.storage == "block":
        yield Usage(meter="image.block_storage", level=spec.size_gb)
        return
    icebox = {"class": "icebox"}
    yield Usage(meter="object_storage.stored", dimensions=icebox, level=spec.size_gb)
    if spec.downloads:
        yield Usage(meter="object_storage.egress", dimensions=icebox, amount=spec.size_gb * spec.downloads)
