"""With which price, VAT and rounding was a row billed? Known alternatives are rated; who gives the amount wins.

Alternatives are facts: the other price the list prints, the SKU's other lists, the other VAT rates of the country, and
the other ways to round. As soon as one row differs every row is asked, because two faults may cancel out in a row. Per
SKU, the alternative that explains most rows is taken first, then the one that explains most rows of the bill, then the
simpler one. What none explains keeps the amount's own price, unless it is a kopeck: that is rounding. Rows of the same
tariff, quantity and amount are one question.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import Regime
from costlab.compare.rerate import Rerated, tariff_key
from costlab.compare.split import Tariff, price_text
from costlab.compare.totals import KOPECK, NET_KOPECK
from costlab.engine import duckdb as engine
from costlab.i18n.reasons import reason
from costlab.model.numbers import Text
from costlab.model.prices import Rate, Rounding, TaxRate

_ROUNDS = 12
"""How many alternatives one SKU's rows may need."""
_MOST_ASKED = 100
"""How many questions of a SKU that were billed as expected are tried first."""
_MOST_DIFFERING = 1_000
"""How many questions of a SKU that were not are tried with every alternative."""
_MOST_UNKNOWN = 100_000
"""Of the others, how many that no alternative explains so far; beyond them a price is told from the amount."""


@dataclass(frozen=True)
class Alternative:
    """Another way to bill what a tariff bills."""

    kind: str
    """The same words for the same change in every tariff: rows are counted by them."""
    changes: int
    of: str
    tariff: Tariff
    reason: str | None


def infer(connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog, asked: str) -> dict[str, Tariff]:
    """Find the tariff each question was billed with. Returns the tariffs that are not the expected ones.

    `asked` selects sku_id, tariff, quantity, billed, expected_cost, start_minute and rows; creates `doubt` (those,
    numbered) and `verdict` (doubt, tariff, reason; none where the question was billed as it should be or as nobody
    knows).
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE doubt AS
        SELECT row_number() OVER () - 1 AS doubt, * FROM (
            SELECT sku_id, tariff, quantity, billed, expected_cost, min(start_minute) AS start_minute, sum(rows) AS rows
            FROM ({asked}) GROUP BY sku_id, tariff, quantity, billed, expected_cost
        )
    """)
    ((doubted,),) = connection.execute("SELECT count(*) FROM doubt WHERE billed <> expected_cost").fetchall()
    kinds = connection.execute("SELECT DISTINCT tariff FROM doubt").fetchall() if doubted else []
    others = [a for (key,) in sorted(kinds) for a in alternatives(rerated.tariffs[key], rerated, catalog)]
    connection.execute("CREATE OR REPLACE TEMP TABLE verdict (doubt BIGINT, tariff VARCHAR, reason VARCHAR)")
    if others:
        _rate_alternatives(connection, others)
        for _ in range(_ROUNDS):
            if not _take_best(connection):
                break
        engine.drop(connection, "hit", "usage", "tried", "live", "alternative")
    used = {k for (k,) in connection.execute("SELECT DISTINCT tariff FROM verdict").fetchall()}
    return {a.tariff.key: a.tariff for a in others if a.tariff.key in used}


def alternatives(own: Tariff, rerated: Rerated, catalog: Catalog) -> Iterator[Alternative]:
    """Every combination of another price, VAT and rounding, simplest first."""
    regime = own.regime
    prices = [("", regime.rate, "", ""), *_prices(regime, rerated)]
    taxes = [("", regime.tax), *_taxes(regime, catalog)]
    rules = [("", regime.rounding), *_rules(regime)]
    combined = sorted(product(rules, taxes, prices), key=lambda c: sum(bool(x[0]) for x in c))
    for rule, tax, price in combined:
        kind = " ".join(x[0] for x in (price, tax, rule) if x[0])
        if not kind:
            yield Alternative("as due", 0, own.key, own, None)
            continue
        factor = (1 + Fraction(tax[1].rate)) / (1 + Fraction(regime.tax.rate)) if regime.rate.vat == "included" else 1
        other = replace(regime, rate=price[1], tax=tax[1], rounding=rule[1], factor=regime.factor * factor)
        key = f"{tariff_key(regime)}|{kind}"
        code = "other_price" if price[0] else "other_vat" if tax[0] else "other_rounding"
        changes = sum(bool(x[0]) for x in (rule, tax, price))
        words = reason(code, which=Text(en=price[2], ru=price[3]))
        yield Alternative(kind, changes, own.key, Tariff(key, replace(other, price_key=key)), words)


def _prices(regime: Regime, rerated: Rerated) -> Iterator[tuple[str, Rate, str, str]]:
    for also in regime.rate.also_published:
        rate = regime.rate.model_copy(update={"price": also.price, "per": also.per})
        yield "also published", rate, "the list's other column", "другая колонка прайс-листа"
    if regime.rate.contract and regime.listed is not None:
        yield "list", regime.listed, "the list's price, not the contract's", "цена прайс-листа, а не договора"
    for other in rerated.regimes.get(regime.sku.sku_id, []):
        same = price_text(other) == price_text(regime) and other.rate.charge_model == regime.rate.charge_model
        if other.rate.effective != regime.rate.effective and not same:
            day = other.rate.effective
            yield f"list {day}", other.rate, f"the list of {day}", f"прайс-лист от {day}"


def _taxes(regime: Regime, catalog: Catalog) -> Iterator[tuple[str, TaxRate]]:
    region = catalog.provider.regions[regime.sku.region]
    seen = {regime.tax.rate}
    for tax in catalog.taxes.get(region.tax or "", ()):
        if tax.rate not in seen:
            seen.add(tax.rate)
            yield f"vat {tax.rate}", tax


def _rules(regime: Regime) -> Iterator[tuple[str, Rounding]]:
    if regime.rounding.scope != "line":
        return
    words = {"up": ("up to the kopeck", "вверх до копейки"), "down": ("down to the kopeck", "вниз до копейки"),
             "half_up": ("half-up per line", "до копейки по каждой строке")}  # fmt: skip
    for mode in ("up", "down", "half_up"):
        if mode != regime.rounding.mode:
            label, label_ru = words[mode]
            update = {"mode": mode, "label": label, "label_ru": label_ru}
            yield f"rounded {mode}", regime.rounding.model_copy(update=update)


def _rate_alternatives(connection: duckdb.DuckDBPyConnection, others: list[Alternative]) -> None:
    """`hit`: which alternative gives which question just its amount.

    Not every question is tried with everything, only what can make a difference. First those that differ (of very many,
    those that most rows ask, and the others with what explains some of them): what explains none of these loses to "as
    due" everywhere. Then the questions of each SKU that most rows ask. Where "as due" beats all others even so, it does
    with the rest as well, for the rest is as due; elsewhere the rest is tried, too.
    """
    kinds = {k: n for n, k in enumerate(dict.fromkeys(a.kind for a in sorted(others, key=lambda a: a.changes)))}
    table = {
        "tariff": pa.array([a.of for a in others], pa.string()),
        "number": pa.array([kinds[a.kind] for a in others], pa.int64()),
        "key": pa.array([a.tariff.key for a in others], pa.string()),
        "reason": pa.array([a.reason for a in others], pa.string()),
    }
    engine.create(connection, "alternative", pa.table(table))
    ((first, last),) = connection.execute("SELECT min(start_minute), max(start_minute) + 1440 FROM doubt").fetchall()
    engine.create_price_tables(connection, [a.tariff.regime for a in others], (first, last))
    connection.execute("CREATE OR REPLACE TEMP TABLE tried (doubt BIGINT)")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE hit (doubt BIGINT, sku_id VARCHAR, tariff VARCHAR, rows HUGEINT, number BIGINT)"
    )
    most = "QUALIFY row_number() OVER (PARTITION BY sku_id ORDER BY rows DESC, doubt) <="
    _try(connection, f"SELECT doubt FROM doubt WHERE billed <> expected_cost {most} {_MOST_DIFFERING}", len(kinds))
    connection.execute("CREATE OR REPLACE TEMP TABLE live AS SELECT DISTINCT number FROM hit UNION SELECT 0")
    others_differ = "billed <> expected_cost AND doubt NOT IN (SELECT doubt FROM tried)"
    _try(connection, f"SELECT doubt FROM doubt WHERE {others_differ}", len(kinds), "IN (SELECT number FROM live)")
    unknown = f"""
        SELECT doubt FROM (
            SELECT *, row_number() OVER (PARTITION BY sku_id ORDER BY rows DESC, doubt) AS place
            FROM doubt WHERE billed <> expected_cost
        ) WHERE place > {_MOST_DIFFERING} AND doubt NOT IN (SELECT doubt FROM hit)
        ORDER BY rows DESC, doubt LIMIT {_MOST_UNKNOWN}"""
    _try(connection, unknown, len(kinds), "NOT IN (SELECT number FROM live)")
    connection.execute("DELETE FROM alternative WHERE number <> 0 AND number NOT IN (SELECT number FROM hit)")
    _try(connection, f"SELECT doubt FROM doubt WHERE billed = expected_cost {most} {_MOST_ASKED}", len(kinds))
    unsure = """
        WITH won AS (SELECT sku_id, number, sum(rows) AS rows FROM hit GROUP BY sku_id, number)
        SELECT doubt FROM doubt
        WHERE doubt NOT IN (SELECT doubt FROM tried) AND sku_id IN (
            SELECT other.sku_id FROM won AS other LEFT JOIN won AS due ON due.sku_id = other.sku_id AND due.number = 0
            WHERE other.number <> 0 AND other.rows >= coalesce(due.rows, 0)
        )"""
    _try(connection, unsure, len(kinds))


def _try(connection: duckdb.DuckDBPyConnection, chosen: str, width: int, numbers: str = "IS NOT NULL") -> None:
    """Rate some questions with the alternatives of their tariffs; add to `hit` where the amount is just theirs."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE trial AS {chosen}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE usage AS SELECT doubt * {width} + number AS usage_id, key AS price_key, "
        "start_minute, start_minute + 1440 AS end_minute, quantity "
        "FROM doubt JOIN alternative USING (tariff) "
        f"WHERE doubt IN (SELECT doubt FROM trial) AND number {numbers}"
    )
    connection.execute(f"""
        INSERT INTO hit
        SELECT doubt.doubt, doubt.sku_id, doubt.tariff, doubt.rows, rated.usage_id % {width} AS number
        FROM (SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql("rate")}) GROUP BY usage_id) AS rated
        JOIN doubt ON doubt.doubt = rated.usage_id // {width} AND doubt.billed = rated.cost
    """)
    connection.execute("INSERT INTO tried SELECT doubt FROM trial")
    engine.drop(connection, "trial", "usage")


def _take_best(connection: duckdb.DuckDBPyConnection) -> bool:
    """Settle the rows of each SKU that its best alternative explains; False when no row is left that any explains."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE best AS
        WITH counted AS (SELECT sku_id, number, sum(rows) AS rows FROM hit GROUP BY sku_id, number),
        everywhere AS (SELECT number, sum(rows) AS rows FROM counted GROUP BY number)
        SELECT sku_id, counted.number FROM counted JOIN everywhere USING (number)
        QUALIFY row_number() OVER (PARTITION BY sku_id ORDER BY counted.rows DESC, everywhere.rows DESC, number) = 1
    """)
    connection.execute("""
        INSERT INTO verdict SELECT hit.doubt, alternative.key, alternative.reason
        FROM hit JOIN best USING (sku_id, number)
        JOIN alternative ON alternative.tariff = hit.tariff AND alternative.number = hit.number
    """)
    connection.execute("DELETE FROM hit WHERE doubt IN (SELECT doubt FROM verdict)")
    ((left,),) = connection.execute("SELECT count(*) FROM hit").fetchall()
    return bool(left)


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `pair` of `draft`: each row with the tariff it was billed with."""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE pair AS
        SELECT
            draft.* EXCLUDE (expected_cost, reason),
            CASE WHEN draft.status = 'pair' THEN coalesce(verdict.tariff, draft.before_tariff) END AS after_tariff,
            draft.status = 'pair' AND verdict.tariff IS NULL
                AND abs(draft.expected_cost - draft.after_cost - draft.after_bonus)
                    > CASE WHEN draft.after_cost % {KOPECK} = 0 THEN {KOPECK} ELSE {NET_KOPECK} END AS implied,
            CASE WHEN verdict.reason IS NOT NULL AND draft.reason IS NOT NULL
                THEN json_merge_patch(draft.reason, verdict.reason)
                ELSE coalesce(verdict.reason, draft.reason) END AS reason
        FROM draft
        LEFT JOIN doubt ON draft.status = 'pair' AND doubt.tariff = draft.before_tariff
            AND doubt.quantity = draft.after_quantity AND doubt.billed = draft.after_cost + draft.after_bonus
            AND doubt.expected_cost = draft.expected_cost
        LEFT JOIN verdict ON verdict.doubt = doubt.doubt
    """)
    engine.drop(connection, "draft", "doubt", "verdict")
