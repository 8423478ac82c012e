"""Turn dated rates, taxes and rounding rules into the `price` relation of the rating program.

A regime is a stretch of time in which a SKU's price, VAT and rounding rule stay the same. Here they are laid end to
end, and each price becomes an exact fraction of integers: kopecks per billionth of a pricing unit. No quantity is
known here and nothing is rounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TypeVar

from costlab.catalog.discounts import discounted
from costlab.catalog.loading import Catalog
from costlab.model.numbers import Number
from costlab.model.periods import minute_of
from costlab.model.prices import Rate, Rounding, Sku, TaxRate, Tier

SCALE = 10**9
"""Quantities are counted in billionths of a pricing unit."""
ALWAYS = 10**11
"""A minute beyond any calendar: the open end of time (and its start, negated)."""
ENDLESS = 10**30
"""A quantity beyond any usage: the open end of the last tier."""
KOPECKS = 100


GIVEN = "given"
"""The source of a price that is in no list because the user gave it."""

Dated = TypeVar("Dated", TaxRate, Rounding)


@dataclass(frozen=True)
class Regime:
    """One stretch of one SKU's history: which rate, VAT and rounding rule hold in [start, end) minutes."""

    price_key: str
    sku: Sku
    rate: Rate
    tax: TaxRate
    rounding: Rounding
    start: int
    end: int
    clock: int
    """Minutes the region's clock is ahead of UTC: where its days begin."""
    factor: Fraction = Fraction(1)
    """What the price is multiplied by: a comparison asks for one price with the VAT of another."""
    listed: Rate | None = None
    """The list's own rate then, which `rate` is unless a contract or a discount takes precedence; None: not listed."""


def regimes(
    catalog: Catalog, sku: Sku, *, as_of: date | None = None, given: Number | None = None, price_key: str = ""
) -> list[Regime]:
    """The history of a SKU, cut where its price, VAT or rounding rule changes; oldest first.

    A contract's price takes precedence over the list, and a discount over neither: it is taken off the list's.
    With `as_of`, that day's rate, VAT and rule hold for all time. A SKU quoted on request has a history only when a
    price is `given`, and then that price holds throughout.
    """
    region = catalog.provider.regions[sku.region]
    taxes = catalog.taxes.get(region.tax or "", ())
    rates = sku.rates
    if given is not None:
        rules = catalog.provider.rounding[sku.on_request.rounding] if sku.on_request else ()
        rates = _given_rate(sku, given, [x[0].effective for x in (taxes, rules) if x])
    clock = -minute_of(date(1970, 1, 1), region)
    history: list[Regime] = []
    days = _days(rates, taxes, catalog)
    for day, end in zip(days, [*days[1:], date.max], strict=True):
        listed, agreed = _listed(rates, day), _agreed(rates, day)
        if agreed is None and listed is not None and given is None:
            agreed = discounted(catalog.discounts, sku, listed, day)
        rate = agreed or listed
        if rate is None:
            continue
        tax = _in_force(taxes, day)
        rule = _in_force(catalog.provider.rounding[rate.rounding], day)
        if tax is None or rule is None:
            continue  # before the first known VAT rate or rule: no price, rather than a wrong one
        start, stop = minute_of(day, region), ALWAYS if end == date.max else minute_of(end, region)
        before = history[-1] if history else None
        if before and before.end == start and (before.rate, before.listed, before.tax, before.rounding) == (
            rate, listed, tax, rule,
        ):  # fmt: skip
            history[-1] = replace(before, end=stop)
        else:
            history.append(Regime(price_key or sku.sku_id, sku, rate, tax, rule, start, stop, clock, listed=listed))
    if as_of is None:
        return history
    day_starts = minute_of(as_of, region)
    return [replace(r, start=-ALWAYS, end=ALWAYS) for r in history if r.start <= day_starts < r.end]


def _days(rates: Iterable[Rate], taxes: Iterable[TaxRate], catalog: Catalog) -> list[date]:
    """Every day on which something of a price may change, oldest first."""
    after = timedelta(days=1)
    days = {r.effective for r in rates} | {r.until + after for r in rates if r.until} | {t.effective for t in taxes}
    days |= {x.effective for name in {r.rounding for r in rates} for x in catalog.provider.rounding[name]}
    for discount in catalog.discounts:
        days |= {discount.first} | ({discount.last + after} if discount.last else set())
    return sorted(days)


def _listed(rates: Iterable[Rate], day: date) -> Rate | None:
    """The list's rate on a day: the latest one, unless it has ended."""
    rate = max((r for r in rates if not r.contract and r.effective <= day), key=lambda r: r.effective, default=None)
    return rate if rate is not None and (rate.until is None or day <= rate.until) else None


def _agreed(rates: Iterable[Rate], day: date) -> Rate | None:
    """The contract's rate on a day: the latest one that has not ended."""
    known = (r for r in rates if r.contract and r.effective <= day and (r.until is None or day <= r.until))
    return max(known, key=lambda r: r.effective, default=None)


def _in_force(history: Iterable[Dated], day: date) -> Dated | None:
    latest: Dated | None = None
    for entry in history:
        if entry.effective <= day:
            latest = entry
    return latest


def _given_rate(sku: Sku, given: Number, known: list[date]) -> tuple[Rate, ...]:
    """A price somebody was quoted, valid wherever VAT and rounding are known."""
    if sku.on_request is None or not known:
        return ()
    asked = sku.on_request
    return (
        Rate(
            effective=max(known),
            price=given,
            per=asked.per,
            rounding=asked.rounding,
            source=GIVEN,
            checked=asked.checked,
        ),
    )


def tiers_of(rate: Rate) -> tuple[Tier, ...]:
    """The steps of a rate; a plain price is one step without end."""
    return rate.tiers or (Tier(price=rate.price if rate.price is not None else Decimal(0)),)


PRICE_COLUMNS = (
    "price_key", "rate_id", "start_minute", "end_minute", "charge_model", "size", "tier_from", "tier_to", "numerator",
    "denominator", "common", "rounding_mode", "rounding_scope", "minimum", "vat_numerator", "vat_denominator",
)  # fmt: skip


def price_rows(history: list[Regime]) -> list[tuple[str | int, ...]]:
    """Rows of the `price` relation, in the order of `PRICE_COLUMNS`; `rate_id` is the index into `history`.

    The tiers of one regime share their denominator, so that a graduated amount is one fraction.
    """
    fractions = [[_kopecks(r, tier) for tier in tiers_of(r.rate)] for r in history]
    shared = [lcm(*(f.denominator for f in tiers)) for tiers in fractions]
    totals = [d for d, r in zip(shared, history, strict=True) if r.rounding.scope == "total"]
    common = lcm(*totals) if totals else 1
    rows: list[tuple[str | int, ...]] = []
    for index, (regime, prices, denominator) in enumerate(zip(history, fractions, shared, strict=True)):
        vat = _vat_share(regime.tax.rate)
        rule = regime.rounding
        low = 0
        for tier, price in zip(tiers_of(regime.rate), prices, strict=True):
            high = ENDLESS if tier.up_to is None else int(tier.up_to * SCALE)
            rows.append((
                regime.price_key, index, regime.start, regime.end, regime.rate.charge_model,
                int(regime.rate.per * SCALE), low, high,
                price.numerator * (denominator // price.denominator), denominator,
                common if rule.scope == "total" else denominator,
                rule.mode, rule.scope, int(rule.minimum),
                vat.numerator, vat.denominator,
            ))  # fmt: skip
            low = high
    return rows


def _kopecks(regime: Regime, tier: Tier) -> Fraction:
    """Gross kopecks per billionth of a unit; for a package, per package."""
    price = Fraction(tier.price) * KOPECKS * regime.factor
    if regime.rate.vat == "excluded":
        price *= 1 + Fraction(regime.tax.rate)
    if regime.rate.charge_model == "package":
        return price
    return price / (Fraction(regime.rate.per) * SCALE)


def _vat_share(rate: Number) -> Fraction:
    """The part of a gross amount that is VAT: r / (1 + r)."""
    return Fraction(rate) / (1 + Fraction(rate))
