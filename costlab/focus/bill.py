"""Bills' charges as input of the FOCUS program, with what the catalog knows of their services, items and units."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa

from costlab import services
from costlab.catalog.loading import Catalog, load_catalog, providers
from costlab.catalog.naming import BillItem, answer, names_of, normal_name
from costlab.catalog.regimes import Regime, regimes
from costlab.engine import duckdb as engine
from costlab.focus.names import KINDS, service_kind, unit_name
from costlab.focus.rows import WHOLE, create_focus_rows, create_macros, net_price, run, table
from costlab.model.periods import minute_of
from costlab.model.prices import Region

_PASSED = (
    "AvailabilityZone", "BillingAccountType", "SubAccountType", "CapacityReservationId", "ConsumedQuantity",
    "CapacityReservationStatus", "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName",
    "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType", "CommitmentDiscountUnit",
    "ConsumedUnit", "PricingCurrency", "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice", "SkuPriceDetails",
)  # fmt: skip
"""Columns that only a FOCUS file has; its values are handed on."""
_READ = (
    "BillingPeriodEnd", "BillingAccountName", "ChargeFrequency", "ContractedCost", "ContractedUnitPrice",
    "InvoiceIssuerName", "ListUnitPrice", "PricingCategory", "ProviderName", "PublisherName", "RegionName",
    "ResourceType", "ServiceCategory", "ServiceSubcategory", "SkuPriceId", "SubAccountName",
)  # fmt: skip
"""Columns of a FOCUS file that the program takes."""


def create_bill_rows(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    """Create the table `focus_row` of the charges in a view: columns of `bill.CHARGES`, `provider`, `x_…` of files.

    Returns its columns in order. Raises `InputError` when amounts are too large.
    """
    there = [name for name, *_ in connection.execute(f"DESCRIBE {view}").fetchall()]
    absent = [f'CAST(NULL AS VARCHAR) AS "x_{n}"' for n in (*_READ, *_PASSED) if f"x_{n}" not in there]
    shown = ", ".join(["row_number() OVER () AS n", "*", *absent])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE source AS SELECT {shown} FROM {view}")
    create_macros(connection)
    _create_facts(connection)
    run(connection, f"CREATE OR REPLACE TEMP TABLE entry AS {engine.sql('bill', 'costlab.focus')}")
    taken = {f"x_{n}" for n in (*_READ, *_PASSED)}
    own = [n for n in there if n.startswith("x_") and n not in taken]
    passed = [f'nullif("x_{n}", \'\') AS "{n}"' for n in _PASSED]
    kept = [f'CAST("{n}" AS VARCHAR) AS "{n}"' for n in own]
    told = [
        'CAST(day AS VARCHAR) AS "x_SourceDate"',
        'file AS "x_SourceFile"',
        'CAST(line AS VARCHAR) AS "x_SourceLine"',
    ]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW more AS SELECT n, {', '.join(told + passed + kept)} FROM source")
    return create_focus_rows(connection, [*("x_SourceDate", "x_SourceFile", "x_SourceLine"), *own], _PASSED)


def _create_facts(connection: duckdb.DuckDBPyConnection) -> None:
    """What the catalog knows of the providers, services, items and units of `source`."""
    clocks: list[dict[str, Any]] = []
    taxes: list[dict[str, Any]] = []
    kinds: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    known = providers()
    for provider, currency in connection.execute("SELECT DISTINCT provider, currency FROM source").fetchall():
        catalog = load_catalog(provider) if provider in known else None
        region = _region(catalog, currency)
        clocks.append(_clock(provider, currency, catalog, region))
        taxes += _taxes(provider, currency, catalog, region)
    for provider in {c["provider"] for c in clocks}:
        catalog = load_catalog(provider) if provider in known else None
        query = "SELECT DISTINCT service, parameter, unit FROM source WHERE provider = ?"
        asked = [BillItem(*row) for row in connection.execute(query, [provider]).fetchall()]
        kinds += _kinds(provider, catalog, {a.service for a in asked})
        if catalog is not None:
            listed += _listed(provider, catalog, asked)
    units = [u for (u,) in connection.execute("SELECT DISTINCT unit FROM source").fetchall()]
    text, minute, day = pa.string(), pa.int64(), pa.date32()
    for name, columns, rows in (
        ("clock", {"provider": text, "currency": text, "title": text, "offset_minutes": minute, "region": text,
                   "region_name": text}, clocks),
        ("tax", {"provider": text, "currency": text, "first_day": day, "end_day": day, "vat_n": WHOLE, "vat_d": WHOLE,
                 "vat_rate": text}, taxes),
        ("kind", dict.fromkeys(("provider", "service", "category", "subcategory"), text), kinds),
        ("listed", {"provider": text, "service": text, "parameter": text, "unit": text, "start_minute": minute,
                    "end_minute": minute, "sku": text, "sku_price": text, "list_price": WHOLE, "price_effective": day,
                    "price_source": text}, listed),
        ("unit_name", {"unit": text, "name": text}, [{"unit": u, "name": unit_name(u)} for u in units]),
    ):  # fmt: skip
        engine.create(connection, name, table(pa.schema(list(columns.items())), rows))


def _region(catalog: Catalog | None, currency: str) -> Region | None:
    """The provider's region that takes this currency."""
    region = [r for r in catalog.provider.regions.values() if r.currency == currency] if catalog else []
    return region[0] if region else None


def _clock(provider: str, currency: str, catalog: Catalog | None, region: Region | None) -> dict[str, Any]:
    ahead = -minute_of(date(1970, 1, 1), region) if region else 0
    return {
        "provider": provider, "currency": currency, "title": catalog.provider.title.en if catalog else provider,
        "offset_minutes": ahead, "region": region.region if region else None,
        "region_name": region.title.en if region else None,
    }  # fmt: skip


def _taxes(provider: str, currency: str, catalog: Catalog | None, region: Region | None) -> Iterator[dict[str, Any]]:
    history = catalog.taxes.get(region.tax or "", ()) if catalog and region else ()
    for n, tax in enumerate(history):
        share = Fraction(tax.rate) / (1 + Fraction(tax.rate))
        end = history[n + 1].effective if n + 1 < len(history) else date.max - timedelta(days=1)
        yield {
            "provider": provider, "currency": currency, "first_day": tax.effective, "end_day": end,
            "vat_n": Decimal(share.numerator), "vat_d": Decimal(share.denominator), "vat_rate": str(tax.rate),
        }  # fmt: skip


def _kinds(provider: str, catalog: Catalog | None, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    sections: dict[str, list[str]] = {}
    for service, words in (catalog.sections if catalog else {}).items():
        for word in {*words, service}:
            sections.setdefault(normal_name(word), []).append(service)
    titles = {normal_name(services.load(s).TITLE[x]): s for s in services.names() if s in KINDS for x in ("en", "ru")}
    for name in names:
        plain = normal_name(name)
        found = sections.get(plain) or ([titles[plain]] if plain in titles and catalog else [])
        category, subcategory = service_kind(found, catalog)
        yield {"provider": provider, "service": name, "category": category, "subcategory": subcategory}


def _listed(provider: str, catalog: Catalog, asked: Iterable[BillItem]) -> Iterator[dict[str, Any]]:
    """The list's price of each kind of row, in the row's own unit, as long as it holds."""
    names = names_of(catalog)
    histories: dict[str, list[Regime]] = {}
    for row in asked:
        found = answer(row, catalog, names)
        if found.sku is None:
            continue
        if found.sku.sku_id not in histories:
            histories[found.sku.sku_id] = regimes(catalog, found.sku)
        for regime in histories[found.sku.sku_id]:
            rate = regime.rate
            if rate.charge_model != "per_unit" or rate.price is None or regime.rounding.scope == "unit":
                continue
            yield {
                "provider": provider, "service": row.service, "parameter": row.parameter, "unit": row.unit,
                "start_minute": regime.start, "end_minute": regime.end, "sku": found.sku.sku_id,
                "sku_price": f"{found.sku.sku_id}@{rate.effective}",
                "list_price": net_price(rate.price, rate.per, regime.tax.rate, rate.vat, found.factor),
                "price_effective": rate.effective, "price_source": rate.source,
            }  # fmt: skip
