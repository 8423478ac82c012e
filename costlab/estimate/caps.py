"""The fourth step: what a discount gives beyond its cap is charged back, a visible row priced like any other.

A cap is the most a discount gives from its first day on, with VAT; `used` says how much of it went before the period.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import ALWAYS, SCALE, Regime, regimes
from costlab.engine.duckdb import Rated
from costlab.estimate.lines import PricingRequest
from costlab.estimate.rating import Subject, charge_of, rated
from costlab.model.numbers import ZERO, Problem, Text
from costlab.model.prices import Discount, Rate
from costlab.model.scenario import CAP_ID, ROUNDING_ID, Charge


def cap(charges: list[Charge], request: PricingRequest) -> list[Charge]:
    """The charges, then a row for each discount that gives more than its cap, then the remainder of a rounded total."""
    own = [c for c in charges if c.resource_id != ROUNDING_ID]
    return [*own, *_over_caps(own, request), *(c for c in charges if c.resource_id == ROUNDING_ID)]


def excess(discount: Discount, given: Decimal) -> Decimal:
    """How much of what a discount gives is beyond what is left of its cap; 0 where it has none."""
    if discount.cap is None:
        return ZERO
    return max(ZERO, given - (discount.cap - (discount.used or ZERO)))


def assumed_unused(catalog: Catalog, first: date, met: Iterable[str]) -> Iterator[Problem]:
    """One warning for each discount that was `met`, began before the `first` day and says not how much it has given."""
    names = set(met)
    for discount in catalog.discounts:
        if discount.cap is not None and discount.used is None and discount.first < first and discount.name in names:
            args = {"name": discount.name, "cap": f"{discount.cap:f}", "since": discount.first.isoformat(),
                    "first": first.isoformat()}  # fmt: skip
            yield Problem(code="cap_assumed_unused", source=catalog.contract, args=args)


def _over_caps(charges: list[Charge], request: PricingRequest) -> Iterator[Charge]:
    for discount in request.catalog.discounts:
        own = [c for c in charges if c.contract == discount.name]
        given = sum((c.list_cost - c.cost for c in own if c.list_cost is not None), ZERO)
        if beyond := excess(discount, given):
            yield _charge(beyond, discount, own[-1], request)


def _charge(amount: Decimal, discount: Discount, last: Charge, request: PricingRequest) -> Charge:
    """The excess as a charge, with VAT and rounding as the last of the discounted charges has them."""
    period = request.scenario.period
    as_of = request.scenario.prices_on or last.period.start.date()
    held = regimes(request.catalog, request.catalog.by_id[last.sku_id], as_of=as_of)[0]
    minutes = (int(period.start.timestamp()) // 60, int(period.end.timestamp()) // 60)
    row = charged_back(amount, discount, held, minutes, request.scenario.source)
    limit = f"{discount.cap:f}"
    name = Text(en=f"Beyond the cap of {limit}: {discount.name}", ru=f"Сверх предела {limit}: {discount.name}")
    subject = Subject(CAP_ID, CAP_ID, name, period)
    return charge_of(row, _flat(amount, discount, held), subject, request.region.currency, Decimal("0.00"))


def charged_back(amount: Decimal, discount: Discount, held: Regime, minutes: tuple[int, int], source: str) -> Rated:
    """An excess, rated as a flat price with VAT and rounding as `held` has them."""
    return rated([(0, CAP_ID, *minutes, SCALE)], [_flat(amount, discount, held)], source)[0]


def _flat(amount: Decimal, discount: Discount, held: Regime) -> Regime:
    price = Rate(effective=discount.first, charge_model="flat", price=amount, source=f"contract: {discount.name}",
                 checked=discount.first, contract=discount.name)  # fmt: skip
    return Regime(CAP_ID, held.sku, price, held.tax, held.rounding, -ALWAYS, ALWAYS, held.clock)
