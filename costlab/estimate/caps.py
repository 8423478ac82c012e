"""What a discount gives beyond its cap is charged back: a visible row, priced by the rating program like any other."""

from collections.abc import Iterator
from decimal import Decimal

from costlab.catalog.regimes import ALWAYS, SCALE, Regime, regimes
from costlab.engine import duckdb as engine
from costlab.estimate.lines import PricingRequest
from costlab.model.numbers import Text
from costlab.model.prices import Discount, Rate
from costlab.model.scenario import CAP_ID, Charge

_KOPECK = Decimal("0.01")


def over_caps(asked: PricingRequest, charges: list[Charge]) -> Iterator[Charge]:
    """A charge for each discount of the contract that took more off these charges than its cap allows."""
    for discount in asked.catalog.discounts:
        own = [c for c in charges if c.contract == discount.name]
        given = sum((c.list_cost - c.cost for c in own if c.list_cost is not None), Decimal(0))
        if discount.cap is not None and given > discount.cap:
            yield _charge(asked, discount, own, given - discount.cap)


def _charge(asked: PricingRequest, discount: Discount, own: list[Charge], excess: Decimal) -> Charge:
    """The excess as a flat price, with VAT and rounding as the last of the discounted charges has them."""
    last = own[-1]
    region, period = asked.region, asked.scenario.period
    as_of = asked.scenario.prices_on or last.period.start.date()
    held = regimes(asked.catalog, asked.catalog.by_id[last.sku_id], as_of=as_of)[0]
    rate = Rate(effective=discount.first, charge_model="flat", price=excess, source=f"contract: {discount.name}",
                checked=discount.first)  # fmt: skip
    regime = Regime(CAP_ID, held.sku, rate, held.tax, held.rounding, -ALWAYS, ALWAYS, held.clock)
    start, end = (int(m.timestamp()) // 60 for m in (period.start, period.end))
    row = engine.rate([(0, CAP_ID, start, end, SCALE)], [regime])[0]
    cost, vat = Decimal(row.cost) * _KOPECK, Decimal(row.vat) * _KOPECK
    limit = f"{discount.cap:f}"
    name = Text(en=f"Beyond the cap of {limit}: {discount.name}", ru=f"Сверх предела {limit}: {discount.name}")
    return Charge(
        resource_id=CAP_ID, service="", group="", meter="", sku_id=CAP_ID, sku_name=name, dimensions={}, period=period,
        quantity=Decimal(1), unit="", unit_price=excess, per=Decimal(1), charge_model="flat",
        raw_cost=Decimal(row.raw_cost).scaleb(-12), price_vat="included", rounding=held.rounding,
        vat_rate=held.tax.rate, net=cost - vat, vat=vat, cost=cost, currency=region.currency,
        price_effective=discount.first, price_source=rate.source, contract=discount.name, list_cost=Decimal("0.00"),
        tags={},
    )  # fmt: skip
