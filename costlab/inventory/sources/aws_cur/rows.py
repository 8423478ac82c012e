"""Rows of an AWS Cost and Usage Report, and what all rows of one instance or volume say together.

Names are compared without case, `/`, `_` and `:`, so `lineItem/UsageAmount` and `line_item_usage_amount` are one; what
2.0 keeps in maps (`product`, `resource_tags`) is looked for there.
"""

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from costlab.inventory.reading.cells import gb, number, whole
from costlab.inventory.reading.instance_types import Size
from costlab.inventory.reading.sample import Sample

_NEED = ("lineitemlineitemtype", "lineitemproductcode", "lineitemusagetype", "lineitemusageamount")
_EC2 = r"(?:arn:aws[\w-]*:ec2:[^:]*:[^:]*:{}/)?({}-[0-9a-f]{{4,32}})"
_INSTANCE = re.compile(_EC2.format("instance", "i"))
_VOLUME = re.compile(_EC2.format("volume", "vol"))
_RUNS = re.compile(r"(?:[A-Z0-9]+-)?(?:BoxUsage|SpotUsage|DedicatedUsage|HeavyUsage|SoftwareUsage):([\w.-]+)")
_HELD = re.compile(r"(?:[A-Z0-9]+-)?EBS:VolumeUsage(?:\.([\w-]+))?")
_TIERS = {"": "standard", "piops": "io1"}
_COST = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,30})?(?:[eE]-?[0-9]{1,2})?")
_THOUSANDTH = Decimal("0.001")
_MAP = 100_000
_HOUR = Decimal(3600)


@dataclass(frozen=True)
class Line:
    """A row; `cells` by normal name."""

    cells: Mapping[str, str]
    origin: str

    @cached_property
    def kind(self) -> str:
        """`Usage`, `Tax`, `SavingsPlanCoveredUsage`…"""
        return self.cells.get("lineitemlineitemtype", "")

    @cached_property
    def product(self) -> str:
        """`AmazonEC2`, `AmazonS3`…"""
        return self.cells.get("lineitemproductcode", "")

    @cached_property
    def instance(self) -> str:
        """The instance the row is about, "" for none."""
        match = _INSTANCE.fullmatch(self.cells.get("lineitemresourceid", ""))
        return match[1] if match else ""

    @cached_property
    def volume(self) -> str:
        """The volume the row is about, "" for none."""
        match = _VOLUME.fullmatch(self.cells.get("lineitemresourceid", ""))
        return match[1] if match else ""

    @property
    def offsets(self) -> bool:
        """Whether it takes back what savings plans cover: its effective cost is nothing."""
        return self.kind == "SavingsPlanNegation"

    @cached_property
    def type(self) -> str:
        """The instance type, only in a row of running."""
        match = _RUNS.fullmatch(self.cells.get("lineitemusagetype", ""))
        return (self.said("instancetype") or match[1]) if match else ""

    @property
    def currency(self) -> str:
        """The currency of its costs."""
        return self.cells.get("lineitemcurrencycode", "")[:3].upper()

    @property
    def unblended(self) -> Decimal | None:
        """Unblended cost."""
        return _money(self.cells.get("lineitemunblendedcost", ""))

    @property
    def cost(self) -> Decimal | None:
        """Amortised cost, unblended where the report has no other."""
        if self.offsets:
            return Decimal(0)
        covered = {"SavingsPlanCoveredUsage": "savingsplansavingsplaneffectivecost",
                   "DiscountedUsage": "reservationeffectivecost"}.get(self.kind, "")  # fmt: skip
        amortised = _money(self.cells.get(covered, ""))
        return self.unblended if amortised is None else amortised

    @property
    def amount(self) -> Decimal:
        """Usage in its own unit."""
        return number(self.cells.get("lineitemusageamount", "")) or Decimal(0)

    @cached_property
    def interval(self) -> tuple[datetime, datetime] | None:
        """What the row covers, None when it does not say."""
        found = [_moment(self.cells.get(f"lineitemusage{w}date", "")) for w in ("start", "end")]
        return (found[0], found[1]) if found[0] and found[1] and found[0] < found[1] else None

    @property
    def month(self) -> str:
        """`2025-06`, "" when it does not say."""
        return f"{self.interval[0]:%Y-%m}" if self.interval else ""

    def said(self, name: str) -> str:
        """An attribute of the product, of a column or the map."""
        return self.cells.get(f"product{name}") or _map(self.cells.get("product", "")).get(name, "")

    @property
    def tags(self) -> dict[str, str]:
        """Tags of people, by lower-case key."""
        found = {
            k.removeprefix("resourcetagsuser"): v for k, v in self.cells.items() if k.startswith("resourcetagsuser")
        }
        mapped = _map(self.cells.get("resourcetags", ""))
        return {k: v for k, v in (found | {k.removeprefix("user"): v for k, v in mapped.items()}).items() if k and v}


@dataclass
class Thing:
    """An instance or a volume by all its rows."""

    identity: str
    origin: str
    lines: list[Line] = field(default_factory=list)

    @cached_property
    def month(self) -> str:
        """The last month it has rows of."""
        return max((r.month for r in self.lines), default="")

    @cached_property
    def last(self) -> list[Line]:
        """Rows of that month, by their start."""
        found = [r for r in self.lines if r.month == self.month]
        return sorted(found, key=lambda r: r.interval[0] if r.interval else datetime.min)  # noqa: DTZ901 (as read: UTC)

    @cached_property
    def types(self) -> list[str]:
        """Instance types, the last one last."""
        return list(dict.fromkeys(r.type for r in reversed(self.last) if r.type))[::-1]

    @property
    def type(self) -> str:
        """The last instance type, "" where it never ran."""
        return self.types[-1] if self.types else ""

    @cached_property
    def size(self) -> Size | None:
        """Cores and memory as the report says them."""
        for row in self.last:
            vcpu, memory = whole(row.said("vcpu")), gb(row.said("memory"))
            if row.type == self.type and vcpu and memory:
                return vcpu, memory
        return None

    @property
    def os_name(self) -> str:
        """The operating system."""
        return next((s for r in self.last if r.type and (s := r.said("operatingsystem")) not in ("", "NA")), "")

    @cached_property
    def tags(self) -> dict[str, str]:
        """Tags as the last row has them."""
        return {k: v for r in self.last for k, v in r.tags.items()}

    @property
    def costs(self) -> list[tuple[Decimal, str]]:
        """Amount and currency of each row of the last month."""
        return [(c, r.currency) for r in self.last if (c := r.cost) is not None]

    @property
    def hours(self) -> Decimal | None:
        """Hours it ran in the last month, None when it was the whole month; marketplace software runs beside it."""
        ran: dict[tuple[datetime, datetime], Decimal] = {}
        for row in self.last:
            if row.type and row.interval and not row.offsets and "SoftwareUsage" not in row.cells["lineitemusagetype"]:
                ran[row.interval] = ran.get(row.interval, Decimal(0)) + row.amount
        total = sum(ran.values(), Decimal(0))
        days = monthrange(*(int(p) for p in self.month.split("-")))[1] if self.month else 0
        return None if not ran or total >= days * 24 else total

    @property
    def tier(self) -> str:
        """The volume's type: `gp3`."""
        named = [match[1] or "" for r in self.last if (match := _HELD.fullmatch(r.cells["lineitemusagetype"]))]
        return _TIERS.get(named[-1].casefold(), named[-1]) if named else ""

    @cached_property
    def held_gb(self) -> Decimal:
        """GB of the volume in the interval it was largest, whole GB up; 0 where nothing says it."""
        used: dict[tuple[datetime, datetime], Decimal] = {}
        for row in self.last:
            if row.interval and _HELD.fullmatch(row.cells["lineitemusagetype"]):
                used[row.interval] = used.get(row.interval, Decimal(0)) + row.amount
        sizes = [amount * _month_seconds(i[0]) / _seconds(i) for i, amount in used.items()]
        return max((s.quantize(_THOUSANDTH).to_integral_value(ROUND_CEILING) for s in sizes if s < _MAP**2),
                   default=Decimal(0))  # fmt: skip


def columns_of(sample: Sample) -> list[str] | None:
    """Normal names of the header, None when the file is no report."""
    rows = sample.rows() if sample.kind == "csv" else []
    header = [_normal(c) for c in rows[0][1]] if rows else []
    return header if all(n in header for n in _NEED) else None


def lines(sample: Sample) -> Iterator[Line]:
    """Every row of a report."""
    header = columns_of(sample) or []
    for number_, cells in sample.rows()[1:]:
        named = {k: v.strip() for k, v in zip(header, cells, strict=False) if v.strip()}
        yield Line({"lineitemusagetype": "", **named}, f"{sample.source}:{number_}")


def _normal(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _map(text: str) -> dict[str, str]:
    """A map of 2.0: JSON of plain values; what is none has nothing."""
    if not text.startswith("{") or len(text) > _MAP:
        return {}
    try:
        data = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {}
    return {_normal(k): str(v) for k, v in data.items() if isinstance(v, str | int | Decimal)}


def _money(text: str) -> Decimal | None:
    return Decimal(text) if _COST.fullmatch(text) else None


def _moment(text: str) -> datetime | None:
    """`2023-06-01 00:00:00`, `2022-07-01 00:00:00.000`, `2023-11-01T00:00:00.000Z`: UTC all."""
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        return None


def _seconds(interval: tuple[datetime, datetime]) -> Decimal:
    return Decimal(int((interval[1] - interval[0]).total_seconds())) or Decimal(1)


def _month_seconds(day: datetime) -> Decimal:
    return monthrange(day.year, day.month)[1] * 24 * _HOUR
