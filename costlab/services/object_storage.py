"""Object Storage (S3). Rule: «Object Storage. Тарификация».

Stored gigabytes over time; every download is egress, also to machines inside VK Cloud; uploads and requests are free.
Class `backup` is the Cloud Backup SKU, whose downloads are free. No minimum term or object size is documented.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Usage
from costlab.services.parts.bucket import stored

TITLE = Text(en="Object storage", ru="Объектное хранилище S3")
EXAMPLE: dict[str, Any] = {"class": "hotbox", "stored_gb": 1000, "egress_gb": 100}


class Spec(Record):
    """Class, stored gigabytes and downloads."""

    storage_class: Literal["hotbox", "icebox", "backup"] = Field(alias="class")
    """Class: hotbox is read often, icebox seldom; backup is Cloud Backup's own
    Класс: hotbox — частое чтение, icebox — редкое; backup — резервные копии"""
    stored_gb: Amount
    """Stored, GB: average over the period, all object versions
    Хранение, ГБ: в среднем за период, все версии объектов"""
    egress_gb: Amount = Decimal(0)
    """Downloads, GB: in the period
    Исходящий трафик, ГБ: за период"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Gigabytes over time, and gigabytes downloaded."""
    yield from stored(spec.storage_class, spec.stored_gb, spec.egress_gb)
