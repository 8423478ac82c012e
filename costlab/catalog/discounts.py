"""Which rows of a price list a discount of a contract is for, and the list's price with it taken off."""

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from costlab.model.numbers import exact
from costlab.model.prices import Discount, Rate, Sku


def in_force(discount: Discount, first: date, last: date) -> bool:
    """Whether a discount holds on some day of `first` to `last`, both inclusive."""
    return discount.first <= last and (discount.last is None or first <= discount.last)


def excluded(discount: Discount, sku: Sku) -> bool:
    """Whether the contract names a row, or its service, as one the discount is not for."""
    return any(fnmatchcase(sku.service, x) or fnmatchcase(sku.sku_id, x) for x in discount.exclude)


def includes(discount: Discount, sku: Sku) -> bool:
    """Whether a discount is for a row of the price list; one that names no services and no SKUs is for every row."""
    if excluded(discount, sku):
        return False
    everything = not discount.services and not discount.skus
    return (
        everything
        or any(fnmatchcase(sku.service, x) for x in discount.services)
        or any(fnmatchcase(sku.sku_id, x) for x in discount.skus)
    )


def discounted(discounts: Iterable[Discount], sku: Sku, rate: Rate, day: date) -> Rate | None:
    """The list's rate with the largest discount of that day taken off: an ordinary rate for the rating program."""
    fitting = (d for d in discounts if in_force(d, day, day) and includes(d, sku))
    largest = max(fitting, key=lambda d: d.percent, default=None)
    if largest is None:
        return None
    with exact():
        share = 1 - largest.percent / 100
        price = None if rate.price is None else rate.price * share
        tiers = tuple(t.model_copy(update={"price": t.price * share}) for t in rate.tiers)
    return rate.model_copy(update={"price": price, "tiers": tiers, "contract": largest.name, "also_published": ()})
