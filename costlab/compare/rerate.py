"""What a bill should have been: each row finds its SKU by name, its quantity its unit, its day its price.

The rating program computes; this says which price and how much. A row that finds no price, or has no quantity, is not
rated and says why. Rows that ask the same and were billed the same are one question, so that ten million rows are
read and not held.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.catalog.naming import Answer, BillItem, answer, named, names_of
from costlab.catalog.regimes import Regime, regimes
from costlab.compare.evidence import said, settle
from costlab.compare.result import Conversion
from costlab.compare.split import Tariff, tariff
from costlab.compare.tiers import months_beyond_a_tier
from costlab.compare.totals import KOPECK
from costlab.engine import duckdb as engine
from costlab.files.sql_text import identifier
from costlab.model.numbers import Problem
from costlab.model.periods import minute_of
from costlab.model.prices import Region


@dataclass(frozen=True)
class Rerated:
    """The tariffs met; what was asked is in the connection's table `judged`."""

    tariffs: dict[str, Tariff]
    regimes: dict[str, list[Regime]]
    """By SKU, oldest first."""
    answers: dict[BillItem, Answer]
    problems: tuple[Problem, ...]
    """How the service of rows that do not name it was found; where rows together reach a further tier."""


def rerate(connection: duckdb.DuckDBPyConnection, catalog: Catalog, region: str, source: str = "") -> Rerated:
    """Rate what the rows of the connection's view `charge` ask, as of their days; nothing is held for each row.

    Creates `judged`: a row for each different question (see tally.sql) with its tariff, its exact `cost` and how many
    rows ask it; and `twin`, the rows that are there twice. Money is in 10^-18 of the currency, quantities in billionths
    of the pricing unit.
    """
    answers, problems = _answers(connection, catalog, region, source)
    skus = {a.sku.sku_id: a.sku for a in answers.values() if a.sku}
    histories = {name: regimes(catalog, sku) for name, sku in skus.items()}
    tariffs = {key: tariff(key, r) for history in histories.values() for r in history for key in (tariff_key(r),)}
    rerated = Rerated(tariffs, histories, answers, problems)
    _create_answers(connection, rerated, catalog)
    connection.execute(engine.sql("twins", "costlab.compare").replace("$columns", _all_columns(connection)))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {engine.sql('expect', 'costlab.compare')}")
    # Questions of one tariff and quantity cost the same, whatever was taken for them: each is rated once.
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT row_number() OVER () AS usage_id, tariff AS price_key, min(start_minute) AS start_minute,
            min(start_minute) + 1440 AS end_minute, priced_quantity AS quantity
        FROM asked WHERE tariff IS NOT NULL GROUP BY tariff, priced_quantity
    """)
    engine.create_price_tables(connection, [t.regime for t in tariffs.values()], engine.span(connection))
    rated = f"SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT asked.*, rated.cost, TRUE AS doubted FROM asked
        LEFT JOIN usage ON usage.price_key = asked.tariff AND usage.quantity = asked.priced_quantity
        LEFT JOIN ({rated}) AS rated ON rated.usage_id = usage.usage_id
    """)
    engine.drop(connection, "usage", "asked", "tally")
    beyond = months_beyond_a_tier(connection, tariffs, source)
    return replace(rerated, problems=(*rerated.problems, *beyond))


def _answers(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, region: str, source: str
) -> tuple[dict[BillItem, Answer], tuple[Problem, ...]]:
    """Which SKU each kind of row asks for, by its words and, where they have two meanings, by evidence.

    Creates `calendar`, `billed` and `tally`.
    """
    names = names_of(catalog)
    kinds = connection.execute("SELECT DISTINCT service, parameter, unit FROM charge").fetchall()
    ((last,),) = connection.execute("SELECT max(day) FROM charge").fetchall()
    items = [BillItem(*kind) for kind in sorted(kinds)]
    by_words = {item: answer(item, catalog, names, last or date.max) for item in items}
    skus = {s.sku_id: s for item in by_words for s in named(item, catalog, names)}
    _create_calendar(
        connection, catalog.provider.regions[region], [r for s in skus.values() for r in regimes(catalog, s)]
    )
    settled = settle(connection, catalog, by_words, source, last or date.max)
    return by_words | settled.answers, tuple(settled.problems)


def _all_columns(connection: duckdb.DuckDBPyConnection) -> str:
    """Every column of the bill's rows but those that say where a row stands."""
    names = connection.sql("SELECT * FROM charge LIMIT 0").to_arrow_table().column_names
    return ", ".join(f"keyed.{identifier(name)}" for name in names if name not in ("line", "file"))


def expect_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `expected`: the rows whose question is doubted, and every copy of another row, one by one."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE expected AS {engine.sql('rows', 'costlab.compare')}")


def conversions(rerated: Rerated, catalog: Catalog) -> tuple[Conversion, ...]:
    """How the bill's units became pricing units, the most used first; a row without a unit is in the list's own."""
    counts: Counter[tuple[str, Fraction, str]] = Counter()
    for asked, a in rerated.answers.items():
        if a.sku is not None and asked.unit:
            counts[asked.unit, a.factor, catalog.meters[a.sku.meter].pricing_unit] += 1
    return tuple(Conversion(unit, factor, priced, n) for (unit, factor, priced), n in counts.most_common())


def tariff_key(regime: Regime, variant: str = "") -> str:
    """A name for a tariff: SKU, contract, first day of its price and of the list's, VAT rate, rounding rule."""
    first = regime.rate.effective.isoformat()
    if regime.rate.contract:
        first = f"{regime.rate.contract} {first} {regime.listed.effective if regime.listed else ''}"
    parts = (regime.sku.sku_id, first, str(regime.tax.rate), regime.rounding.label)
    return "|".join((*parts, variant) if variant else parts)


def _create_calendar(connection: duckdb.DuckDBPyConnection, region: Region, history: list[Regime]) -> None:
    """`calendar`: the bill's days, the minute each begins, and its stretch: days between which no tariff changes."""
    cuts = sorted({minute for regime in history for minute in (regime.start, regime.end)})
    engine.create(connection, "cut", pa.table({"minute": pa.array(cuts, pa.int64())}))
    clock = -minute_of(date(1970, 1, 1), region)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE calendar AS
        WITH days AS (
            SELECT DISTINCT day, (day - DATE '1970-01-01') * 1440 - {clock} AS start_minute FROM charge
        )
        SELECT day, start_minute, count(minute) AS stretch
        FROM days LEFT JOIN cut ON cut.minute <= days.start_minute GROUP BY day, start_minute
    """)


_ANSWER = pa.schema(
    [
        *((n, pa.string()) for n in ("service", "parameter", "unit", "sku_id", "sku_service", "dimensions")),
        ("numerator", pa.decimal128(38, 0)),
        ("denominator", pa.decimal128(38, 0)),
        ("pricing_unit", pa.string()),
        ("why", pa.string()),
        ("evidence", pa.string()),
    ]
)


def _create_answers(connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog) -> None:
    rows = [_answer_row(asked, a, catalog) for asked, a in rerated.answers.items()]
    engine.create(connection, "answer", pa.Table.from_pylist(rows, schema=_ANSWER))
    spans = [(r.sku.sku_id, r.start, r.end, tariff_key(r)) for h in rerated.regimes.values() for r in h]
    ids, starts, ends, keys = zip(*spans, strict=True) if spans else ((), (), (), ())
    regime = {"sku_id": pa.array(ids, pa.string()), "start_minute": pa.array(starts, pa.int64())}
    regime |= {"end_minute": pa.array(ends, pa.int64()), "tariff": pa.array(keys, pa.string())}
    engine.create(connection, "regime_of", pa.table(regime))


def _answer_row(asked: BillItem, a: Answer, catalog: Catalog) -> dict[str, object]:
    sku = a.sku
    return {
        "service": asked.service,
        "parameter": asked.parameter,
        "unit": asked.unit,
        "sku_id": sku.sku_id if sku else "",
        "sku_service": sku.service if sku else said(asked.service),
        "dimensions": ", ".join(f"{k}={v}" for k, v in sku.dimensions.items()) if sku else asked.parameter,
        "numerator": Decimal(a.factor.numerator),
        "denominator": Decimal(a.factor.denominator),
        "pricing_unit": catalog.meters[sku.meter].pricing_unit if sku else asked.unit,
        "why": a.why or None,
        "evidence": a.evidence or None,
    }
