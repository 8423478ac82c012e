"""What a bill should have been: each row finds its SKU by name, its quantity its unit, its day its price.

The rating program computes; this says which price and how much. A row that finds no price, or has no quantity, is not
rated and says why. Rows that ask the same and were billed the same are one question, so that ten million rows are
read and not held.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import pyarrow as pa

from costlab.catalog import Catalog
from costlab.compare import Tariff, reason, tariff
from costlab.comparison import Conversion
from costlab.engine import duckdb as engine
from costlab.engine.prices import Regime, regimes
from costlab.model import Meter, Region, Sku
from costlab.periods import minute_of
from costlab.totals import KOPECK

_LIST_MONTH_MINUTES = 43_200
_TIMES: dict[str, int] = {
    "мин": 1, "минута": 1, "минуты": 1, "минут": 1, "min": 1, "minute": 1, "minutes": 1,
    "ч": 60, "час": 60, "часа": 60, "часов": 60, "h": 60, "hour": 60, "hours": 60,
    "сут": 1440, "сутки": 1440, "день": 1440, "дней": 1440, "дня": 1440, "day": 1440, "days": 1440,
    "мес": _LIST_MONTH_MINUTES, "месяц": _LIST_MONTH_MINUTES, "month": _LIST_MONTH_MINUTES,
}  # fmt: skip
"""Words for time in units of quantity, in minutes; a month is the list's 30 days."""


@dataclass(frozen=True)
class Asked:
    """What one kind of row asks: section, item name and unit as the bill writes them."""

    service: str
    parameter: str
    unit: str


@dataclass(frozen=True)
class Answer:
    """The SKU it means and how its unit becomes pricing units; or why it has none."""

    sku: Sku | None = None
    factor: Fraction = Fraction(1)
    why: str = ""
    """JSON for the sentence, when there is no SKU."""


@dataclass
class Rerated:
    """The tariffs met; what was asked is in the connection's table `judged`."""

    tariffs: dict[str, Tariff] = field(default_factory=dict)
    regimes: dict[str, list[Regime]] = field(default_factory=dict)
    """By SKU, oldest first."""
    answers: dict[Asked, Answer] = field(default_factory=dict)


def normal_name(name: str) -> str:
    """An item's name for comparing: case, ё, spaces, quotes and dashes do not matter.

    >>> normal_name("Жёсткий  диск, SSD") == normal_name("жесткий диск , ssd")
    True
    """
    text = name.replace("\u00a0", " ").casefold().replace("ё", "е")
    return " ".join(re.sub(r"[^\w+%/.]+", " ", text).split())


def names_of(catalog: Catalog) -> dict[str, list[Sku]]:
    """Every name the price list prints, in both languages, aliases included → the SKUs that have it."""
    found: dict[str, list[Sku]] = {}
    for sku in catalog.skus:
        texts = [sku.name, *(a.name for a in sku.also_published_as)]
        words = {normal_name(t) for text in texts for t in (text.ru, text.en)}
        for name in words | {sku.sku_id, *(a.sku_id for a in sku.also_published_as)}:
            found.setdefault(name, []).append(sku)
    return found


def answer(asked: Asked, catalog: Catalog, names: dict[str, list[Sku]]) -> Answer:
    """Which SKU a row means. One name in several sections needs the section; two answers are none."""
    known = names.get(normal_name(asked.parameter)) or names.get(asked.parameter.strip(), [])
    priced = [s for s in known if s.rates]
    section = normal_name(asked.service)
    inside = [
        s for s in priced if section in {normal_name(n) for n in catalog.sections.get(s.service, ())} | {s.service}
    ]
    candidates = inside or priced
    if not candidates:
        return Answer(why=_no("no such item in the price list", "такой позиции нет в прайс-листе"))
    if len(candidates) > 1:
        skus = ", ".join(s.sku_id for s in candidates)
        return Answer(why=_no(f"several items have this name: {skus}", f"это имя у нескольких позиций: {skus}"))
    sku = candidates[0]
    factor = conversion(asked.unit, catalog.meters[sku.meter])
    if factor is None:
        unit = catalog.meters[sku.meter].pricing_unit
        return Answer(why=_no(f"unit “{asked.unit}” is not {unit}", f"единица «{asked.unit}» — не {unit}"))
    return Answer(sku, factor)


def _no(text: str, text_ru: str) -> str:
    return reason("no_price", reason=text, reason_ru=text_ru)


def conversion(unit: str, meter: Meter) -> Fraction | None:
    """Pricing units in one unit of the bill: `ГБ·ч` is 60 GB·minutes; a bare `ГБ` of a time meter is held all day.

    No unit at all means the price list's own. None when the two do not measure the same thing.
    """
    if " ".join(unit.split()).casefold() == meter.pricing_unit.casefold():
        return Fraction(1)
    words = [w for w in re.split(r"[·*×\-/\s.]+", unit.casefold()) if w]
    if not words:
        return Fraction(1)
    times = [_TIMES[w] for w in words if w in _TIMES]
    if len(times) > 1 or (times and not meter.basis_minutes):
        return None
    things = [w for w in words if w not in _TIMES]
    if things and not any(_same_thing(w, meter.unit) for w in things):
        return None
    if not meter.basis_minutes:
        return Fraction(1)
    return Fraction(times[0] if times else 1440, meter.basis_minutes)


_THINGS: dict[str, tuple[str, ...]] = {
    "GB": ("гб", "gb"),
    "vCPU": ("vcpu", "cpu", "ядро", "ядра", "ядер", "core", "cores"),
    "address": ("адрес", "адреса", "адресов", "address", "addresses", "ip"),
    "LB": ("балансировщик", "баланс", "lb", "balancer"),
    "licence": ("лицензия", "лицензии", "лицензий", "лиц", "licence", "license", "licences"),
    "server": ("сервер", "server"),
}
_PIECES = ("шт", "штук", "штуки", "ед", "pcs", "piece", "pieces", "unit", "units")


def _same_thing(word: str, unit: str) -> bool:
    return word in _PIECES or word in _THINGS.get(unit, (unit.casefold(),))


def rerate(connection: duckdb.DuckDBPyConnection, catalog: Catalog, region: str) -> Rerated:
    """Rate what the rows of the connection's view `charge` ask, as of their days; nothing is held for each row.

    Creates `judged`: a row for each different question (see tally.sql) with its tariff, its exact `cost` and how many
    rows ask it; and `twin`, the rows that are there twice. Money is in 10^-18 of the currency, quantities in billionths
    of the pricing unit.
    """
    found = Rerated()
    names = names_of(catalog)
    kinds = connection.execute("SELECT DISTINCT service, parameter, unit FROM charge").fetchall()
    for kind in sorted(kinds):
        asked = Asked(*kind)
        found.answers[asked] = answer(asked, catalog, names)
    for sku in {a.sku.sku_id: a.sku for a in found.answers.values() if a.sku}.values():
        history = regimes(catalog, sku)
        found.regimes[sku.sku_id] = history
        for regime in history:
            key = tariff_key(regime)
            found.tariffs[key] = tariff(key, regime)
    _offer_answers(connection, found, catalog)
    _offer_calendar(connection, catalog.provider.regions[region])
    connection.execute(engine.sql("tally"))
    connection.execute(engine.sql("twins"))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {engine.sql('expect')}")
    # Questions of one tariff and quantity cost the same, whatever was taken for them: each is rated once.
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT row_number() OVER () AS usage_id, tariff AS price_key, min(start_minute) AS start_minute,
            min(start_minute) + 1440 AS end_minute, priced_quantity AS quantity
        FROM asked WHERE tariff IS NOT NULL GROUP BY tariff, priced_quantity
    """)
    engine.offer_prices(connection, [t.regime for t in found.tariffs.values()], engine.span(connection))
    rated = f"SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT asked.*, rated.cost, TRUE AS doubted FROM asked
        LEFT JOIN usage ON usage.price_key = asked.tariff AND usage.quantity = asked.priced_quantity
        LEFT JOIN ({rated}) AS rated ON rated.usage_id = usage.usage_id
    """)
    engine.drop(connection, "usage", "asked", "tally")
    return found


def expect_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `expected`: the rows whose question is doubted, and every copy of another row, one by one."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE expected AS {engine.sql('rows')}")


def conversions(found: Rerated, catalog: Catalog) -> tuple[Conversion, ...]:
    """How the bill's units became pricing units, the most used first; a row without a unit is in the list's own."""
    counts: Counter[tuple[str, Fraction, str]] = Counter()
    for asked, a in found.answers.items():
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


def _offer_calendar(connection: duckdb.DuckDBPyConnection, region: Region) -> None:
    """`calendar`: the bill's days, the minute each begins, and its stretch: days between which no tariff changes."""
    clock = -minute_of(date(1970, 1, 1), region)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE calendar AS
        WITH days AS (
            SELECT DISTINCT day, (day - DATE '1970-01-01') * 1440 - {clock} AS start_minute FROM charge
        ),
        cut AS (SELECT start_minute AS minute FROM regime_of UNION SELECT end_minute FROM regime_of)
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
    ]
)


def _offer_answers(connection: duckdb.DuckDBPyConnection, found: Rerated, catalog: Catalog) -> None:
    rows = [_answer_row(asked, a, catalog) for asked, a in found.answers.items()]
    engine.create(connection, "answer", pa.Table.from_pylist(rows, schema=_ANSWER))
    spans = [(r.sku.sku_id, r.start, r.end, tariff_key(r)) for h in found.regimes.values() for r in h]
    ids, starts, ends, keys = zip(*spans, strict=True) if spans else ((), (), (), ())
    regime = {"sku_id": pa.array(ids, pa.string()), "start_minute": pa.array(starts, pa.int64())}
    regime |= {"end_minute": pa.array(ends, pa.int64()), "tariff": pa.array(keys, pa.string())}
    engine.create(connection, "regime_of", pa.table(regime))


def _answer_row(asked: Asked, a: Answer, catalog: Catalog) -> dict[str, object]:
    sku = a.sku
    return {
        "service": asked.service,
        "parameter": asked.parameter,
        "unit": asked.unit,
        "sku_id": sku.sku_id if sku else "",
        "sku_service": sku.service if sku else asked.service,
        "dimensions": ", ".join(f"{k}={v}" for k, v in sku.dimensions.items()) if sku else asked.parameter,
        "numerator": Decimal(a.factor.numerator),
        "denominator": Decimal(a.factor.denominator),
        "pricing_unit": catalog.meters[sku.meter].pricing_unit if sku else asked.unit,
        "why": a.why or None,
    }
