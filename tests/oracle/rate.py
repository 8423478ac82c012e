"""The oracle: what a usage costs, computed the slow way with fractions, to judge `costlab/engine/rate.sql` by.

Written from the documents (architecture, interfaces, the records' docstrings), not from the program: it walks through
the days one by one, asks each day which price, VAT rate and rounding rule are in force, walks through the tiers one
band at a time, and never uses anything but whole numbers and `Fraction`. It knows nothing of the engine.

Units: minutes since 1970 (UTC), quantities in pricing units, money in roubles; a result is in billionths, 10^-12
roubles and kopecks, as the program yields it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from costlab.model.prices import Rate, Rounding, TaxRate

BILLION = 10**9
DAY = 1440
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Tariff:
    """The raw dated history of one SKU: rates, VAT rates and the rounding rules by policy name, oldest first."""

    rates: tuple[Rate, ...]
    taxes: tuple[TaxRate, ...]
    roundings: dict[str, tuple[Rounding, ...]]


@dataclass(frozen=True)
class Used:
    """`quantity` billionths of a pricing unit, spread evenly over the minutes [start, end)."""

    usage_id: int
    price_key: str
    start: int
    end: int
    quantity: int


@dataclass(frozen=True, order=True)
class Charged:
    """One charge, or (without a usage) what rounding the document's total leaves."""

    usage_id: int
    """-1 for a remainder."""
    start: int
    end: int
    effective: tuple[date, date, date] | tuple[()]
    """First days of the rate, the VAT rate and the rounding rule."""
    quantity: int
    raw_cost: int
    cost: int
    vat: int
    vat_rate: Fraction


@dataclass(frozen=True)
class Stretch:
    """Minutes of one usage in which one rate, one VAT rate and one rounding rule hold."""

    start: int
    end: int
    rate: Rate
    tax: TaxRate
    rule: Rounding


def rate_all(
    usages: Iterable[Used], tariffs: dict[str, Tariff], clock: int, as_of: date | None = None
) -> list[Charged]:
    """Every charge of a document and its remainders, sorted. `clock` is the region's minutes ahead of UTC."""
    charges: list[Charged] = []
    exact: dict[tuple[Fraction, str, bool], Fraction] = defaultdict(Fraction)
    lines: dict[tuple[Fraction, str, bool], int] = defaultdict(int)
    for used in usages:
        for stretch in stretches(used, tariffs[used.price_key], clock, as_of):
            charge, raw = charge_of(used, stretch, clock)
            charges.append(charge)
            if stretch.rule.scope == "total":
                document = (Fraction(stretch.tax.rate), stretch.rule.mode, stretch.rule.minimum)
                exact[document] += raw
                lines[document] += charge.cost
    for (vat_rate, mode, minimum), raw in exact.items():
        rest = kopecks(raw, mode, minimum=minimum) - lines[vat_rate, mode, minimum]
        if rest:
            charges.append(Charged(-1, 0, 0, (), 0, 0, rest, vat_of(rest, vat_rate), vat_rate))
    return sorted(charges)


def stretches(used: Used, tariff: Tariff, clock: int, as_of: date | None) -> Iterator[Stretch]:
    """The usage's minutes day by day, days with the same rate, VAT and rule put together."""
    run: Stretch | None = None
    for start, end, day in days(used.start, used.end, clock):
        found = in_force(tariff, as_of or day)
        if run and found and found == (run.rate, run.tax, run.rule):
            run = Stretch(run.start, end, *found)
            continue
        if run:
            yield run
        run = Stretch(start, end, *found) if found else None
    if run:
        yield run


def days(start: int, end: int, clock: int) -> Iterator[tuple[int, int, date]]:
    """The calendar days of the region that a stretch of minutes touches, with the minutes it has of each."""
    while start < end:
        number = (start + clock) // DAY
        midnight_after = (number + 1) * DAY - clock
        yield start, min(end, midnight_after), EPOCH + timedelta(days=number)
        start = midnight_after


def in_force(tariff: Tariff, day: date) -> tuple[Rate, TaxRate, Rounding] | None:
    """What holds on a day, or None when one of the three is not known yet."""
    rates = [r for r in tariff.rates if r.effective <= day]
    taxes = [t for t in tariff.taxes if t.effective <= day]
    if not rates or not taxes:
        return None
    rules = [r for r in tariff.roundings[rates[-1].rounding] if r.effective <= day]
    return (rates[-1], taxes[-1], rules[-1]) if rules else None


def charge_of(used: Used, stretch: Stretch, clock: int) -> tuple[Charged, Fraction]:
    """The charge of one stretch, and its exact cost in roubles."""
    rule, vat_rate = stretch.rule, Fraction(stretch.tax.rate)
    pieces = [(stretch.start, stretch.end)]
    if rule.scope == "day":
        pieces = [(start, end) for start, end, _ in days(stretch.start, stretch.end, clock)]
    whole = abs(used.quantity)
    if stretch.rate.charge_model == "flat" and whole:
        whole = BILLION  # a fee is one unit, however much is used
    raw, cost, quantity = Fraction(0), 0, 0
    for start, end in pieces:
        before, after = (used_until(m, used, whole) for m in (start, end))
        part = price_of(stretch.rate, before, after, whole, rule, vat_rate)
        raw += part
        quantity += after - before
        if rule.scope in ("unit", "total"):
            cost += kopecks(part, "half_up", minimum=rule.minimum and rule.scope == "unit")
        else:
            cost += kopecks(part, rule.mode, minimum=rule.minimum)
    sign = -1 if used.quantity < 0 else 1
    charged = Charged(
        usage_id=used.usage_id,
        start=stretch.start,
        end=stretch.end,
        effective=(stretch.rate.effective, stretch.tax.effective, rule.effective),
        quantity=sign * quantity,
        raw_cost=sign * half_up(raw * 10**12),
        cost=sign * cost,
        vat=sign * vat_of(cost, vat_rate),
        vat_rate=vat_rate,
    )
    return charged, sign * raw


def used_until(minute: int, used: Used, whole: int) -> int:
    """Billionths used from the start of the usage until a minute: begun billionths do not count."""
    return floor(Fraction(whole * (minute - used.start), used.end - used.start))


def price_of(rate: Rate, before: int, after: int, whole: int, rule: Rounding, vat_rate: Fraction) -> Fraction:
    """Roubles, gross and exact, for what is used between two points of a usage of `whole` billionths."""

    def unit_price(price: object, per: Fraction) -> Fraction:
        gross = Fraction(str(price)) / per
        if rate.vat == "excluded":
            gross *= 1 + vat_rate
        if rule.scope == "unit":
            gross = Fraction(kopecks(gross, rule.mode, minimum=False), 100)
        return gross

    per = Fraction(rate.per)
    low, high = Fraction(before, BILLION), Fraction(after, BILLION)
    if rate.charge_model == "package":
        return (ceil(high / per) - ceil(low / per)) * unit_price(rate.price, Fraction(1))
    bands = [(t.up_to, unit_price(t.price, per)) for t in rate.tiers] or [(None, unit_price(rate.price, per))]
    if rate.charge_model == "volume":
        size = Fraction(whole, BILLION)
        return (high - low) * next(p for up_to, p in bands if up_to is None or size <= Fraction(up_to))
    amount, position = Fraction(0), low
    for up_to, price in bands:
        top = high if up_to is None else min(high, Fraction(up_to))
        if top > position:
            amount += (top - position) * price
            position = top
    return amount


def kopecks(roubles: Fraction, mode: str, *, minimum: bool) -> int:
    """Whole kopecks; half-up is away from zero, and so are `up` and the minimum."""
    size = abs(roubles) * 100
    found = {"half_up": half_up, "up": ceil, "down": floor}[mode](size)
    if minimum and size and not found:
        found = 1
    return -found if roubles < 0 else found


def half_up(value: Fraction) -> int:
    """To the nearest whole number; a half goes away from zero."""
    size = floor(abs(value) + Fraction(1, 2))
    return -size if value < 0 else size


def vat_of(cost: int, rate: Fraction) -> int:
    """The VAT contained in gross kopecks."""
    return half_up(cost * rate / (1 + rate))
