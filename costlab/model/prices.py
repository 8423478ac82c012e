"""A price list as records: meters, SKUs, dated rates, discounts; VAT, rounding and regions of a provider."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from costlab.model.invalid import invalid
from costlab.model.numbers import Number, Price, Record, Text


def _one_or_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_several)]
"""Names in a list, or one name as such."""


class Source(Record):
    """A publication a fact was taken from (`price_catalog/sources.yaml`)."""

    source_id: str
    publisher: str
    title: str
    url: str
    retrieved: date
    read_in: str = ""
    """Where the text was read when not at the publisher's own address."""


class Meter(Record):
    """An entry of the provider-neutral vocabulary (`price_catalog/meters.yaml`)."""

    meter: str
    unit: str
    """What is counted: vCPU, GB, address…"""
    basis: Literal["minute", "hour", "day", "none"]
    """Time basis: a level is multiplied by started units of it; `none` counts amounts, not time."""
    category: str
    """FOCUS ServiceCategory."""
    dimensions: tuple[str, ...] = ()
    title: Text

    @property
    def pricing_unit(self) -> str:
        """The unit a price is *per*: `vCPU·minute`, `GB`…"""
        return self.unit if self.basis == "none" else f"{self.unit}·{self.basis}"

    @property
    def basis_minutes(self) -> int:
        """Minutes in one unit of the time basis; 0 when time does not count."""
        return {"minute": 1, "hour": 60, "day": 1440, "none": 0}[self.basis]


class Tier(Record):
    """A step of a graduated or volume price: this price up to and including `up_to` (None = no end)."""

    up_to: Number | None = None
    price: Price


class AlsoPublished(Record):
    """Another price the provider prints for the same thing, rounded differently; kept, never rated with."""

    price: Number
    per: Number


ChargeModel = Literal["per_unit", "graduated", "volume", "package", "flat", "percentage"]


class Rate(Record):
    """A price from its first day on, exactly as published: `price` per `per` pricing units."""

    effective: date
    until: date | None = None
    """Last day, where one is known; otherwise a later rate ends it."""
    contract: str = ""
    """Name of the contract or discount that gives this price; it takes precedence over the list."""
    charge_model: ChargeModel = "per_unit"
    price: Price | None = None
    per: Annotated[Number, Field(gt=0, decimal_places=9)] = Decimal(1)
    tiers: tuple[Tier, ...] = ()
    rounding: str = "default"
    """Name of a dated rounding policy of the provider."""
    vat: Literal["included", "excluded"] = "included"
    also_published: tuple[AlsoPublished, ...] = ()
    source: str
    checked: date
    note: Text | None = None

    @model_validator(mode="after")
    def _priced_one_way(self) -> Self:
        tiered = self.charge_model in ("graduated", "volume")
        if tiered != bool(self.tiers) or tiered == (self.price is not None):
            raise invalid(
                "charge_model",
                Text(
                    en=f"{self.charge_model} has {'tiers' if tiered else 'a price'}, and just that",
                    ru=f"у {self.charge_model} есть {'ступени' if tiered else 'цена'}, и только",
                ),
                Text(en=f"give `{'tiers' if tiered else 'price'}`", ru=f"укажите `{'tiers' if tiered else 'price'}`"),
            )
        ends = [t.up_to for t in self.tiers]
        known = [e for e in ends[:-1] if e is not None]
        rising = all(a < b for a, b in pairwise(known))
        if tiered and (len(known) != len(ends) - 1 or ends[-1] is not None or not rising):
            raise invalid(
                "tiers",
                Text(
                    en="tiers must rise, and only the last has no `up_to`",
                    ru="ступени должны возрастать, и только у последней нет `up_to`",
                ),
                Text(en="sort them by `up_to`", ru="упорядочите их по `up_to`"),
            )
        return self


class Discount(Record):
    """A percentage off the list, from a contract overlay. A price the contract itself names is not discounted again.

    Where several discounts meet, the largest percentage applies. `services` are services of the price list, `skus` ids
    of its rows, `exclude` either; each takes wildcards. No services and no skus means everything. A contract file may
    write a service as the price list prints its section: `catalog/contract.py`.
    """

    name: Annotated[str, Field(min_length=1)]
    percent: Annotated[Number, Field(gt=0, le=100, decimal_places=6)]
    services: Names = ()
    skus: Names = ()
    exclude: Names = ()
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date | None, Field(alias="to")] = None
    """Last day, inclusive."""
    cap: Price | None = None
    """The most it gives from its first day on, with VAT; what exceeds it is charged back as a row of its own."""
    used: Price | None = None
    """How much of the cap was given before the period of a result; unless it is said, nothing, which is told."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise invalid(
                "to",
                Text(
                    en=f"the last day, {self.last}, is before the first, {self.first}",
                    ru=f"последний день {self.last} раньше первого, {self.first}",
                ),
                Text(en="correct `from` or `to`", ru="исправьте `from` или `to`"),
            )
        if self.used is not None and (self.cap is None or self.used > self.cap):
            raise invalid(
                "used",
                Text(en="more than the cap gives", ru="больше, чем предел `cap`"),
                Text(
                    en="`used` is the part of `cap` that was given before the period",
                    ru="`used` — часть `cap`, данная до начала периода",
                ),
            )
        return self


class OnRequest(Record):
    """The provider sells it but publishes no price: a price given by the user is per `per` pricing units."""

    per: Annotated[Number, Field(gt=0, decimal_places=9)]
    rounding: str = "default"
    source: str
    checked: date
    note: Text


class Alias(Record):
    """Another row of the price list that has the same price for the same meter."""

    sku_id: str
    name: Text


class Sku(Record):
    """A row of a price list: it answers one question (meter and dimensions) in one region."""

    provider: str
    sku_id: str
    service: str
    region: str
    meter: str
    dimensions: dict[str, str] = Field(default_factory=dict)
    zones: tuple[str, ...] = ()
    """Zones that have it; empty = every zone of the region."""
    name: Text
    rates: tuple[Rate, ...] = ()
    on_request: OnRequest | None = None
    also_published_as: tuple[Alias, ...] = ()


class TaxRate(Record):
    """A VAT rate from a day on."""

    effective: date
    rate: Annotated[Number, Field(ge=0, lt=1)]
    source: str


class Rounding(Record):
    """How an exact amount becomes kopecks, from a day on.

    `line`: each charge is rounded. `day`: each day of a charge is rounded and the days are summed. `unit`: the
    price of one pricing unit is rounded before it is multiplied. `total`: the document's sum is rounded.
    `minimum`: an amount that is not zero is at least one kopeck.
    """

    effective: date
    mode: Literal["half_up", "up", "down"]
    scope: Literal["line", "day", "unit", "total"]
    minimum: bool
    label: str
    """The rule in English words; its name in every file we write."""
    label_ru: str = ""
    source: str

    @property
    def text(self) -> Text:
        """The rule in words of both languages."""
        return Text(en=self.label, ru=self.label_ru or self.label)


class ListMonth(Record):
    """How many minutes the price list calls a month, from a day on."""

    effective: date
    minutes: Annotated[int, Field(gt=0)]
    source: str


class PriceList(Record):
    """A published list: its date and the day it was last seen to be in force."""

    list_date: date
    checked: date
    source: str


class ZoneNote(Record):
    """What a customer must know of a zone."""

    sdn: tuple[str, ...] = ()
    """The networks it has; empty = all."""
    warning: Text | None = None
    fix: Text | None = None
    """What to do about the warning."""
    source: str

    @model_validator(mode="after")
    def _fix_for_warning(self) -> Self:
        if (self.warning is None) != (self.fix is None):
            raise ValueError("a warning says what to do, and only a warning does: `warning` and `fix`")
        return self


class Region(Record):
    """A region: its money, its clock and its zones."""

    region: str
    title: Text
    currency: str
    utc_offset: Annotated[str, Field(pattern=r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$")]
    tax: str | None
    zones: tuple[str, ...]
    zone_aliases: dict[str, str] = Field(default_factory=dict)
    zone_notes: dict[str, ZoneNote] = Field(default_factory=dict)


class Itemised(Record):
    """What the provider's granular bill contains from a day on."""

    since: date
    meters: tuple[str, ...]
    """Meters; `*` stands for any ending."""
    dimensions: dict[str, str] = Field(default_factory=dict)
    source: str


class Provider(Record):
    """A provider's conventions (`price_catalog/<provider>/provider.yaml`)."""

    provider: str
    title: Text
    regions: dict[str, Region]
    lists: tuple[PriceList, ...]
    list_month: Annotated[tuple[ListMonth, ...], Field(min_length=1)]
    rounding: dict[str, tuple[Rounding, ...]]
    itemised: tuple[Itemised, ...] = ()
