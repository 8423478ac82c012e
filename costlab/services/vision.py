"""Vision. Rule: «Vision. Тарификация»: a price per image that falls with the images of a month.

Whether a lower price is that of the images beyond a threshold (graduated, the default) or of all of them is not
documented: `tiers` chooses.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage

TITLE = Text(en="Vision", ru="Компьютерное зрение (Vision)")
EXAMPLE: dict[str, Any] = {"images": 100000}


class Spec(Record):
    """Images, and how the tiers are read."""

    images: Annotated[Count, Field(ge=0, le=10**12)]
    """Images: recognised in the period; the tiers are those of a month
    Изображения: распознано за период; ступени цен — месячные"""
    tiers: Literal["graduated", "volume"] = "graduated"
    """Tiers: graduated = a lower price only beyond its threshold; volume = for all images
    Ступени: graduated — цена ступени только сверх порога; volume — за все изображения"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """Images; where the period holds several calendar months, spread evenly over them."""
    assumed = Assumption(
        key="images",
        value=str(spec.images),
        reason=Text(
            en="the tiers are those of a calendar month: the images are taken to be spread evenly over the months",
            ru="ступени цен — календарного месяца: считается, что изображения распределены по месяцам равномерно",
        ),
        source="vk-docs-vision-tariffication",
    )
    yield Usage(meter="vision.images", dimensions={"tiers": spec.tiers}, amount=spec.images,
                assumption=assumed if _several_months(period) else None)  # fmt: skip


def _several_months(period: Period) -> bool:
    last = period.end - timedelta(minutes=1)
    return (period.start.year, period.start.month) != (last.year, last.month)
