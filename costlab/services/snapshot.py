"""A disk snapshot. Rule: «Cloud Servers. Тарификация»; one price for every disk type."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Disk snapshot", ru="Снимок диска")
EXAMPLE: dict[str, Any] = {"size_gb": 100}


class Spec(Record):
    """Size of a snapshot."""

    size_gb: Annotated[Amount, Field(gt=0)]
    """Size, GB
    Размер, ГБ"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Gigabytes over time."""
    yield Usage(meter="block_storage.snapshot", level=spec.size_gb)
