"""What is asked and what comes out: schedules, resources, usage, charges, estimates.

The records of prices are in `prices.py`, the numbers themselves in `numbers.py`.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from costlab.model.numbers import Number, Period, Problem, Record, Text
from costlab.model.prices import ChargeModel, Rate, Rounding, Tier

CAP_ID = "_discount"
"""The resource of what a discount would give beyond its cap."""
ROUNDING_ID = "_rounding"
"""The resource of what rounding a document's total leaves; no resource of a customer may have this id."""
TO_FILL_IN = "?"
"""A text of a spec that begins so stands for what nobody knows yet; the rest is what its source says: `? m5.metal`."""
VatView = Literal["included", "net", "both"]
"""Which amounts people are shown; the numbers of an estimate are the same in each."""


class Schedule(Record):
    """When an instance runs: `always`, `stopped`, some hours per period, or week days and hours."""

    kind: Literal["always", "stopped", "hours", "weekdays"] = "always"
    hours: Number | None = None
    weekdays: tuple[int, ...] = ()
    """0 = Monday."""
    start_minute: int = 0
    """Minute of the day."""
    end_minute: int = 1440


class Resource(Record):
    """Something a customer has or plans: `spec` is the `Spec` of its service module."""

    resource_id: str
    service: str
    spec: Any
    group: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    count: int = 1
    schedule: Schedule = Schedule()
    source: str = ""
    line: int | None = None
    lines: dict[str, int] = Field(default_factory=dict)
    """Line of each key of the spec, where known."""
    to_fill_in: tuple[str, ...] = ()
    """Keys of the spec that nobody knows yet (`flavor: "? m5.metal"`); the spec is then plain data, never priced."""

    @property
    def instances(self) -> list[str]:
        """`web`, or `web#1` … `web#n` for n identical resources."""
        if self.count == 1:
            return [self.resource_id]
        return [f"{self.resource_id}#{n}" for n in range(1, self.count + 1)]

    @property
    def origin(self) -> str:
        """Where it was read, such as `shop.yaml:12`."""
        return f"{self.source}:{self.line}" if self.line else self.source


class Reason(Record):
    """Rows of an import that became nothing for one reason."""

    code: str
    reason: Text
    count: int
    names: tuple[str, ...] = ()
    """The first of them."""


class Imported(Record):
    """What an estimate was made from: read = mapped + set aside, and what of it is doubtful."""

    source: str
    kind: str = ""
    """Name of the reader; "" where an estimate file does not say."""
    read: int
    set_aside: tuple[Reason, ...] = ()
    doubts: tuple[Problem, ...] = ()
    """What was left out, guessed, or sized with doubt; those that leave something out make everything incomplete."""
    file: str = ""
    """The estimate file that says all this; "" when it was read right now."""
    lines: tuple[int, ...] = ()
    """Line of each doubt in that file."""

    @property
    def aside(self) -> int:
        """Rows set aside."""
        return sum(r.count for r in self.set_aside)


class Scenario(Record):
    """What an estimate is asked about."""

    name: str
    provider: str
    region: str
    period: Period
    prices_on: date | None = None
    """The day whose list, VAT and rounding hold throughout; None = each moment at its own."""
    resources: tuple[Resource, ...]
    profile: str = ""
    """Usage profile that fills what nobody gave; none unless asked for."""
    overrides: dict[str, str] = Field(default_factory=dict)
    """`wildcard of resources.key` → value, before the profile."""
    unfilled: tuple[Resource, ...] = ()
    """Lines that wait for a value (`to_fill_in`): they have no price, and the result says so."""
    imported: tuple[Imported, ...] = ()
    """What the resources were imported from; nothing for an estimate a person wrote."""
    source: str = ""


class Assumption(Record):
    """A value nobody gave, so that we took one: what, why, and the key that overrides it."""

    resource_id: str = ""
    key: str
    value: str
    reason: Text
    source: str = ""
    only_if_stopped: bool = False
    """Matters only to a resource that does not always run, and is told only then."""


class Usage(Record):
    """What a service asks the price list: a level held over time, or an amount measured in the period.

    `low` and `high` stand beside the expected `level` when a size is a range (autoscaling).
    """

    meter: str
    dimensions: dict[str, str] = Field(default_factory=dict)
    level: Number | None = None
    amount: Number | None = None
    low: Number | None = None
    high: Number | None = None
    when: Literal["exists", "running"] = "exists"
    """`running` follows the schedule; `exists` is paid while the resource exists."""
    zone: str = ""
    given: Number | None = None
    """A price the user gives for something quoted on request."""
    given_key: str = "monthly_price"
    """The key of the spec that takes such a price."""
    assumption: Assumption | None = None


class Charge(Record):
    """One line: resource × SKU × stretch of time with one price, VAT and rounding rule. FOCUS names: `focus/`."""

    resource_id: str
    service: str
    group: str
    meter: str
    sku_id: str
    sku_name: Text
    dimensions: dict[str, str]
    period: Period
    quantity: Decimal
    level: Decimal | None = None
    """What was held over the time, when the quantity is a level × time."""
    unit: str
    unit_price: Decimal
    """For tiers: the price of the first one; `tiers` has them all."""
    per: Decimal
    tiers: tuple[Tier, ...] = ()
    charge_model: ChargeModel
    raw_cost: Decimal
    """Gross and not yet rounded, printed at twelve decimals."""
    price_vat: Literal["included", "excluded"]
    """Whether the price as published contains VAT."""
    rounding: Rounding
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    cost: Decimal
    """Gross, in whole kopecks."""
    currency: str
    price_effective: date | None
    """First day of the price; None for a price the user gave."""
    price_source: str
    price_note: Text | None = None
    contract: str = ""
    """Name of the contract or discount that gave the price."""
    list_cost: Decimal | None = None
    """What the same would cost at the list's price; None where the list has none."""
    list_rate: Rate | None = None
    """The list's rate, where a contract or discount took precedence."""
    tags: dict[str, str]
    source: str = ""
    line: int | None = None


class ResourceCost(Record):
    """A resource with the sum of its charges."""

    resource_id: str
    service: str
    group: str
    cost: Decimal
    complete: bool
    """False when something of it has no price."""
    list_cost: Decimal | None = None
    """The same at list prices; None where the list lacks a price of it."""


class CatalogStamp(Record):
    """Which prices a result stands on."""

    version: str
    list_date: date | None
    checked: date | None


class Estimate(Record):
    """A priced scenario. `total` = Σ resources = Σ charges, to the kopeck."""

    scenario: Scenario
    name: str
    provider: str
    region: str
    currency: str
    period: Period
    prices_on: date | None
    catalog: CatalogStamp
    resources: tuple[ResourceCost, ...]
    charges: tuple[Charge, ...]
    problems: tuple[Problem, ...]
    assumptions: tuple[Assumption, ...]
    total_low: Decimal | None = None
    total_high: Decimal | None = None
    complete: bool
    unpriced: int = 0
    """Lines without a price, for all the period or a part of it; each instance has its own."""

    contract: str = ""
    """Folder of the contract overlay, when one was given."""

    @property
    def list_total(self) -> Decimal | None:
        """The total at list prices; None where the list lacks a price of something."""
        costs = [c.list_cost for c in self.charges]
        return None if None in costs else sum((c for c in costs if c is not None), Decimal("0.00"))

    @property
    def agreed(self) -> dict[str, Decimal]:
        """What each contract or discount takes off the list, by name, largest first; what a cap takes back included."""
        found: dict[str, Decimal] = {}
        for charge in self.charges:
            if charge.contract and charge.list_cost is not None:
                found[charge.contract] = found.get(charge.contract, Decimal("0.00")) + charge.list_cost - charge.cost
        return dict(sorted(found.items(), key=lambda x: (-x[1], x[0])))

    @property
    def total(self) -> Decimal:
        """Gross sum of the charges."""
        return sum((c.cost for c in self.charges), Decimal("0.00"))

    @property
    def vat(self) -> Decimal:
        """VAT contained in the total."""
        return sum((c.vat for c in self.charges), Decimal("0.00"))

    @property
    def total_net(self) -> Decimal:
        """The total without VAT."""
        return self.total - self.vat

    @property
    def vat_rate(self) -> Decimal | None:
        """The VAT rate when all charges have the same one."""
        rates = {c.vat_rate for c in self.charges}
        return rates.pop() if len(rates) == 1 else None
