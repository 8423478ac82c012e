"""The engine's side of the comparison: the same raw tariffs through `regimes()`, `price_rows()` and `rate.sql`."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import Regime, regimes
from costlab.engine import duckdb
from costlab.model.numbers import Text
from costlab.model.prices import ListMonth, Meter, PriceList, Provider, Region, Sku
from tests.oracle.rate import Charged, Tariff, Used

METER = Meter(meter="thing", unit="thing", basis="none", category="Other", title=Text(en="Thing", ru="Вещь"))


def catalog_of(tariffs: dict[str, Tariff], utc_offset: str = "+03:00") -> Catalog:
    """A catalog whose SKUs are the tariffs' keys; the tariffs share their VAT rates and rounding rules."""
    first = next(iter(tariffs.values()))
    region = Region(
        region="here", title=Text(en="Here", ru="Тут"), currency="RUB", utc_offset=utc_offset, tax="vat", zones=()
    )
    provider = Provider(
        provider="test",
        title=region.title,
        regions={"here": region},
        lists=(PriceList(list_date=date(2020, 1, 1), checked=date(2020, 1, 1), source="test"),),
        list_month=(ListMonth(effective=date(2020, 1, 1), minutes=43200, source="test"),),
        rounding=first.roundings,
    )
    skus = tuple(
        Sku(provider="test", sku_id=k, service="vm", region="here", meter=METER.meter, name=region.title, rates=t.rates)
        for k, t in tariffs.items()
    )
    return Catalog(provider, skus, {METER.meter: METER}, {"vat": first.taxes}, {}, "test")


def history_of(tariffs: dict[str, Tariff], utc_offset: str = "+03:00", as_of: date | None = None) -> list[Regime]:
    """The regimes of all tariffs."""
    catalog = catalog_of(tariffs, utc_offset)
    return [r for sku in catalog.skus for r in regimes(catalog, sku, as_of=as_of)]


def rate_all(
    usages: list[Used], tariffs: dict[str, Tariff], utc_offset: str = "+03:00", as_of: date | None = None
) -> list[Charged]:
    """What the engine yields, in the oracle's records."""
    history = history_of(tariffs, utc_offset, as_of)
    rows = duckdb.rate([(u.usage_id, u.price_key, u.start, u.end, u.quantity) for u in usages], history)
    return sorted(_charged(row, history) for row in rows)


def _charged(row: duckdb.Rated, history: list[Regime]) -> Charged:
    share = Fraction(row.vat_numerator, row.vat_denominator)
    vat_rate = share / (1 - share)
    if row.usage_id is None:
        return Charged(-1, 0, 0, (), row.quantity, row.raw_cost, row.cost, row.vat, vat_rate)
    assert row.rate_id is not None
    regime = history[row.rate_id]
    effective = (regime.rate.effective, regime.tax.effective, regime.rounding.effective)
    assert row.start_minute is not None
    assert row.end_minute is not None
    return Charged(
        row.usage_id,
        row.start_minute,
        row.end_minute,
        effective,
        row.quantity,
        row.raw_cost,
        row.cost,
        row.vat,
        vat_rate,
    )


def billionths(units: str | int) -> int:
    """A quantity as the program counts it."""
    return int(Decimal(units).scaleb(9))
