"""Vision. Rule: «Vision. Тарификация»: a price per image that falls with the images of a month.

Whether a lower price is that of the images beyond a threshold (graduated, the default) or of all of them is not
documented: `tiers` chooses.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage

TITLE = Text(en="Vision", ru="Компьютерное зрение (Vision)")
EXAMPLE: dict[str, Any] = {"images": 100000}
_MONTH_MINUTES = 31 * 1440
"""The longest month."""


class Spec(Record):
    """Images, and how the tiers are read."""

    images: Annotated[Count, Field(ge=0, le=10**12)]
    """Images: recognised in the period; the tiers are those of a month
    Изображения: распознано за период; ступени цен — месячные"""
    tiers: Literal["graduated", "volume"] = "graduated"
    """Tiers: graduated = a lower price only beyond its threshold; volume = for all images
    Ступени: graduated — цена ступени только сверх порога; volume — за все изображения"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """Images, counted from nothing at the start of the period."""
    assumed = Assumption(
        key="images",
        value=str(spec.images),
        reason=Text(
            en="the tiers are those of a month, but the images of this longer period are counted together: "
            "estimate a month by itself",
            ru="ступени цен месячные, а изображения этого более длинного периода считаются вместе: "
            "считайте каждый месяц отдельно",
        ),
        source="vk-docs-vision-tariffication",
    )
    yield Usage(meter="vision.images", dimensions={"tiers": spec.tiers}, amount=spec.images,
                assumption=assumed if period.minutes > _MONTH_MINUTES else None)  # fmt: skip
