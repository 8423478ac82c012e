"""Cloud Backup. Rule: «Cloud Backup. Тарификация».

Every run keeps a temporary snapshot of the disks for an hour or so, at the snapshot rate of Cloud Servers, and leaves a
compressed copy in the Backup class of Object Storage. Requests, traffic and failed copies are free. What the copies
hold is given (`stored_gb`), or follows from their number (`copies`), or from a schedule and a retention rule, which is
simulated over the period (`costlab/retention.py`).
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from costlab.i18n.words import plain
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.retention import Copy, Gfs, Limit, Plan, Policy, since_full, stored

TITLE = Text(en="Backup", ru="Резервное копирование")
EXAMPLE: dict[str, Any] = {
    "disk_gb": 100,
    "compression": "0.4",
    "changed_share": "0.05",
    "every_hours": 24,
    "full_every_days": 7,
    "max_full_copies": 3,
}

COMPRESSION, CHANGED_SHARE = Decimal("0.5"), Decimal("0.1")
"""Taken when nobody gives them: the ratio is not known in advance, the pages say, and neither is what changes."""
FULL_EVERY_DAYS, EVERY_HOURS = 7, 24
_BYTE = Decimal("0.000000001")
"""Copies are whole bytes, so that no digit is lost on the way to the rating program."""
_RETENTION = ("max_full_copies", "keep_weeks", "keep_months", "keep_years")
_PLAN = (*_RETENTION, "every_hours", "full_every_days", "plan_started")

_UNKNOWN_RATIO = Text(
    en="the ratio is known only after the first copy: text and databases shrink well, images and archives hardly",
    ru="степень сжатия известна только после первой копии: тексты и базы сжимаются хорошо, изображения и архивы — "
    "почти нет",
)
_UNKNOWN_CHANGE = Text(
    en="how much changes between two copies is not given",
    ru="не указано, сколько данных меняется между копиями",
)

Share = Annotated[Amount, Field(gt=0, le=1)]


class Spec(Record):
    """What is backed up, how often, and how long it is kept."""

    disk_gb: Annotated[Amount, Field(gt=0)]
    """Disks, GB: provisioned size of all disks backed up; each run makes a snapshot of it
    Диски, ГБ: выделенный объём всех копируемых дисков, его занимает снимок при каждом запуске"""
    stored_gb: Amount | None = None
    """Stored copies, GB: average over the period, when you know it; nothing is simulated then
    Хранится копий, ГБ: в среднем за период, если известно; тогда ничего не моделируется"""
    compression: Share | None = None
    """Compression: size of a full copy as a share of the disks, such as 0.4; of no effect beside `stored_gb`
    Сжатие: доля полной копии от объёма дисков, например 0.4; при `stored_gb` не влияет"""
    copies: Annotated[Count, Field(ge=1, le=10_000)] | None = None
    """Full copies: how many are kept all the time, instead of a schedule
    Полные копии: сколько хранится всё время; вместо расписания"""
    runs: Annotated[Count, Field(ge=0, le=1_000_000)] | None = None
    """Runs: backups made in the period, each with a snapshot; follows from the schedule unless given
    Запуски: сколько копий делается за период, каждая со снимком; если не указано — по расписанию"""
    snapshot_minutes: Annotated[Count, Field(ge=0, le=43_200)] = 60
    """Snapshot, minutes: how long a run keeps its temporary snapshot, about an hour on average
    Снимок, минут: сколько существует временный снимок, в среднем около часа"""
    every_hours: Annotated[Count, Field(ge=1, le=744)] | None = None
    """Every, hours: the plan's schedule, such as 3, 12 or 24
    Каждые, часов: расписание плана, например 3, 12 или 24"""
    full_every_days: Annotated[Count, Field(ge=1, le=366)] | None = None
    """Full copy every, days: increments between; 7 unless given
    Полная копия каждые, дней: между ними инкременты; по умолчанию 7"""
    changed_share: Share | None = None
    """Changed data: size of an increment as a share of a full copy
    Изменения: доля инкремента от полной копии"""
    max_full_copies: Annotated[Count, Field(ge=1, le=200)] | None = None
    """Limit of full copies: the oldest go, with their increments
    Максимум полных копий: старые удаляются вместе с инкрементами"""
    keep_weeks: Annotated[Count, Field(ge=0, le=52)] | None = None
    """GFS, weeks: weekly copies and increments
    GFS, недель: недельные копии и инкременты"""
    keep_months: Annotated[Count, Field(ge=0, le=120)] | None = None
    """GFS, months: full copies of a month's beginning
    GFS, месяцев: полные копии на начало месяца"""
    keep_years: Annotated[Count, Field(ge=0, le=20)] | None = None
    """GFS, years: full copies of a year's beginning, the current year included
    GFS, лет: полные копии на начало года, включая текущий год"""
    plan_started: str | None = None
    """Plan's first day: 2026-11-01; unless given, the plan has long been running and keeps all it may
    Первый день плана: 2026-11-01; если не указан — план работает давно и хранит всё, что положено"""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [k for k in _PLAN if getattr(self, k) is not None]
        known = [w for w in (self.stored_gb is not None, self.copies is not None, bool(given)) if w]
        if not known:
            raise invalid(
                "stored_gb",
                Text(en="nothing says how much is kept", ru="не указано, сколько хранится"),
                Text(
                    en="give `stored_gb: 40`, or `copies: 7`, or a plan: `every_hours: 24`, `max_full_copies: 3`",
                    ru="укажите `stored_gb: 40`, или `copies: 7`, или план: `every_hours: 24`, `max_full_copies: 3`",
                ),
            )
        if len(known) > 1:  # ratios do no harm beside `stored_gb`: a usage profile may have filled them in
            raise invalid(
                "stored_gb",
                Text(en="what is kept is given in several ways", ru="объём копий указан несколькими способами"),
                Text(
                    en="keep `stored_gb`, or `copies`, or the keys of a plan",
                    ru="оставьте `stored_gb`, или `copies`, или ключи плана",
                ),
            )
        if given:
            self._plan_is_possible()
        return self

    def _plan_is_possible(self) -> None:
        kept = [k for k in _RETENTION if getattr(self, k) is not None]
        gfs = [k for k in kept if k != "max_full_copies"]
        if not kept or (self.max_full_copies is not None and gfs) or (gfs and not any(getattr(self, k) for k in gfs)):
            raise invalid(
                "max_full_copies",
                Text(en="a plan keeps copies by one rule", ru="план хранит копии по одному правилу"),
                Text(
                    en="give `max_full_copies: 3`, or for GFS `keep_weeks: 4`, `keep_months: 12`, `keep_years: 5`",
                    ru="укажите `max_full_copies: 3` или для GFS `keep_weeks: 4`, `keep_months: 12`, `keep_years: 5`",
                ),
            )
        hours, days = self.every_hours or EVERY_HOURS, self.full_every_days or FULL_EVERY_DAYS
        if days * 24 % hours:
            raise invalid(
                "every_hours",
                Text(
                    en=f"{hours} h do not divide the {days} days between full copies",
                    ru=f"{hours} ч не делят нацело {days} дней между полными копиями",
                ),
                Text(
                    en="give `full_every_days` that is a whole number of runs",
                    ru="укажите `full_every_days`, кратный расписанию",
                ),
            )
        if self.plan_started is not None:
            try:
                date.fromisoformat(self.plan_started)
            except ValueError:
                fix = Text(en="write 2026-11-01", ru="напишите 2026-11-01")
                raise invalid("plan_started", Text(en="is not a day", ru="это не день"), fix) from None

    @property
    def policy(self) -> Policy | None:
        """The retention rule of a plan; None without one."""
        if self.max_full_copies is not None:
            return Limit(self.max_full_copies)
        found = (self.keep_weeks, self.keep_months, self.keep_years)
        return None if found == (None, None, None) else Gfs(*(x or 0 for x in found))


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """GB x minutes of the temporary snapshots, and of the compressed copies."""
    policy = spec.policy
    runs = spec.runs
    assumed = None
    if policy is not None:
        made, held = _simulated(spec, policy, period)
        runs = made if runs is None else runs
        yield from _compressed(spec, held)
        if spec.plan_started is None:
            assumed = Assumption(
                key="plan_started",
                value=plain(Decimal(made)),
                reason=Text(
                    en="the plan has long been running: its retention is "
                    "full, and a full copy is made on the period's first day; runs in the period",
                    ru="план работает давно: хранится всё, что положено, полная копия делается в первый день "
                    "периода; запусков за период",
                ),
                source="vk-docs-backup-tariffication",
            )
    elif spec.stored_gb is not None:
        yield Usage(meter="object_storage.stored", dimensions={"class": "backup"}, level=spec.stored_gb)
    else:
        assert spec.copies is not None  # noqa: S101 (the validator let it through)
        yield from _compressed(spec, _full_gb(spec) * spec.copies * period.minutes)
    if runs is None:
        runs = 1
        assumed = Assumption(
            key="runs",
            value="1",
            reason=Text(
                en="how often copies are made is not given: the snapshot of one run is counted",
                ru="не указано, как часто делаются копии: учтён снимок одного запуска",
            ),
            source="vk-docs-backup-tariffication",
        )
    # The snapshots of all runs are one line; each lives for minutes only, so the amount is gigabytes x minutes.
    yield Usage(meter="block_storage.snapshot", dimensions={}, amount=spec.disk_gb * spec.snapshot_minutes * runs,
                assumption=assumed)  # fmt: skip


def _compressed(spec: Spec, held: Decimal) -> Iterator[Usage]:
    """Copies over time, and on which ratios of ours their size stands."""
    yield Usage(meter="object_storage.stored", dimensions={"class": "backup"}, amount=held, assumption=_ratios(spec))


def _ratios(spec: Spec) -> Assumption | None:
    """The ratios nobody gave, as one assumption: a line carries one."""
    taken: list[tuple[str, Decimal, Text]] = []
    if spec.compression is None:
        taken.append(("compression", COMPRESSION, _UNKNOWN_RATIO))
    if spec.policy is not None and spec.changed_share is None and _increments(spec):
        taken.append(("changed_share", CHANGED_SHARE, _UNKNOWN_CHANGE))
    if not taken:
        return None
    keys, values, reasons = zip(*taken, strict=True)
    source = "vk-docs-backup-tariffication" if "compression" in keys else ""
    english, russian = "; ".join(r.en for r in reasons), "; ".join(r.ru for r in reasons)
    return Assumption(
        key=", ".join(keys), value=", ".join(map(plain, values)), reason=Text(en=english, ru=russian), source=source
    )


def _increments(spec: Spec) -> bool:
    return (spec.every_hours or EVERY_HOURS) < (spec.full_every_days or FULL_EVERY_DAYS) * 24


def _full_gb(spec: Spec) -> Decimal:
    """Size of a full copy, in whole bytes."""
    ratio = COMPRESSION if spec.compression is None else spec.compression
    return (spec.disk_gb * ratio).quantize(_BYTE, ROUND_HALF_UP)


def _simulated(spec: Spec, policy: Policy, period: Period) -> tuple[int, Decimal]:
    """Runs in the period, and GB x minutes the copies hold in it."""
    hours, days = spec.every_hours or EVERY_HOURS, spec.full_every_days or FULL_EVERY_DAYS
    if spec.plan_started is None:
        start = period.start - since_full(policy, hours, days)
    else:
        start = datetime.combine(date.fromisoformat(spec.plan_started), time(), period.start.tzinfo)
    full = _full_gb(spec)
    share = CHANGED_SHARE if spec.changed_share is None else spec.changed_share
    increment = (full * share).quantize(_BYTE, ROUND_HALF_UP)

    def size(copy: Copy) -> Decimal:
        return full if copy.full else increment

    return stored(Plan(start, hours, days, policy), period.start, period.end, size)
