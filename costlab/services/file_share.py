"""An NFS or CIFS share. Rule: «Cloud Servers. Тарификация»: the provisioned size is paid; it can only grow."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="File share", ru="Файловое хранилище")
EXAMPLE: dict[str, Any] = {"size_gb": 500}


class Spec(Record):
    """Size of a share."""

    size_gb: Annotated[Amount, Field(gt=0)]
    """Size, GB: provisioned
    Размер, ГБ: выделенный"""
    zone: str | None = None
    """Zone: shares exist in some zones only
    Зона: хранилища есть не во всех зонах"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Gigabytes over time."""
    yield Usage(meter="file_storage.hdd", level=spec.size_gb, zone=spec.zone or "")
