"""CDN. Rule: «CDN. Тарификация»: traffic into and out of the cache servers costs the same, by the gigabyte.

Over 100 TB a month the price is asked of support: the list's price is taken and said to be taken. The demonstration
period (7 days or 1 TB, once) is not subtracted.
"""

from collections.abc import Iterator
from typing import Any

from costlab.i18n.words import plain
from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Assumption, Usage

TITLE = Text(en="CDN", ru="CDN")
EXAMPLE: dict[str, Any] = {"traffic_gb": 1000}
LISTED_GB = 100_000
"""What a month may have at the list's price («CDN. Тарификация»: 100 TB)."""
_MONTH_MINUTES = 30 * 1440


class Spec(Record):
    """Traffic of the cache servers."""

    traffic_gb: Amount
    """Traffic, GB: into and out of the cache servers in the period
    Трафик, ГБ: входящий и исходящий трафик кеширующих серверов за период"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """Gigabytes in and out."""
    months = max(1, period.minutes // _MONTH_MINUTES)
    assumed = Assumption(
        key="traffic_gb",
        value=f"{plain(spec.traffic_gb)} GB",
        reason=Text(
            en="over 100 TB a month the price is agreed with support: the list's is taken; load yours with --contract",
            ru="больше 100 ТБ в месяц цену согласует поддержка: взята цена из прайс-листа; свою укажите через "
            "--contract",
        ),
        source="vk-docs-cdn-tariffication",
    )
    over = spec.traffic_gb > LISTED_GB * months
    yield Usage(meter="cdn.traffic", amount=spec.traffic_gb, assumption=assumed if over else None)
