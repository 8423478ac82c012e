"""A bill beside what it should have been: its own quantities re-rated, or an estimate's usage rated day by day.

Without an estimate, *before* is the bill's own quantities at the prices of their days. With one, *before* is what the
estimate says of those days, so that a wrong quantity, a missing or an unexpected row shows as well.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog, load_catalog, providers
from costlab.compare.caps import caps_assumed_unused, given_by_discounts, take_back
from costlab.compare.implied_prices import implied_prices
from costlab.compare.infer import complete, infer
from costlab.compare.pattern_findings import pattern_findings
from costlab.compare.patterns import find_patterns
from costlab.compare.rerate import Rerated, conversions, expect_rows, rerate, tariff_key
from costlab.compare.result import Comparison, Coverage, Side
from costlab.compare.split import Tariff, split, tariff
from costlab.compare.totals import KOPECK, amount_of, assemble, write_lines
from costlab.compare.without_vat import expect_net_rounding
from costlab.engine import duckdb as engine
from costlab.engine.exchange import Rates, convert, missing
from costlab.engine.opening import opened
from costlab.errors import InputError, kind
from costlab.estimate.lines import PricingRequest, ask
from costlab.estimate.partly import partly_discounted
from costlab.estimate.usage import use
from costlab.files.sql_text import parquet
from costlab.model.bill import Bill
from costlab.model.numbers import Period, Problem
from costlab.model.periods import midnight, moment
from costlab.model.scenario import Scenario
from costlab.progress import Progress, report

EVERY_LINE_UP_TO = 50_000
"""Of a bill with more rows only the lines that differ are listed, unless every line is asked for."""


@dataclass(frozen=True)
class Charges:
    """Rows to reconcile, wherever they are: in memory, in a Parquet file, in the bill store."""

    name: str
    provider: str
    region: str
    create_charge_view: Callable[[duckdb.DuckDBPyConnection], object]
    """Creates the connection's view `charge` with the columns of `model.bill.CHARGES`."""
    problems: tuple[Problem, ...] = ()


def charges_of(bill: Bill) -> Charges:
    """The rows of a bill; those of a Parquet file are read from it as they are needed."""

    def create_charge_view(connection: duckdb.DuckDBPyConnection) -> None:
        if bill.loaded is None and bill.parquet is not None:
            connection.execute(f"CREATE TEMP VIEW charge AS SELECT * FROM {parquet(bill.parquet)}")
        else:
            connection.register("charge", bill.charges)

    return Charges(bill.source, bill.provider, bill.region, create_charge_view, bill.problems)


def converted(charges: Charges, rates: Rates, currency: str) -> Charges:
    """The same rows as money of one currency. Offering them raises `InputError` where a day has no rate.

    A bill that is converted in part only could not be compared with a list.
    """

    def create_charge_view(connection: duckdb.DuckDBPyConnection) -> None:
        charges.create_charge_view(connection)
        convert(connection, rates, currency)
        if lost := missing(connection, "charge", rates, currency):
            raise InputError(*lost)

    return replace(charges, create_charge_view=create_charge_view)


def reconcile_bill(
    bill: Bill,
    *,
    catalog: Catalog | None = None,
    scenario: Scenario | None = None,
    lines: Path | None = None,
    progress: Progress | None = None,
    server: str | None = None,
) -> Comparison:
    """Explain every kopeck between what was billed (*after*) and what should have been (*before*).

    See `reconcile_charges`.
    """
    return reconcile_charges(
        charges_of(bill), catalog=catalog, scenario=scenario, lines=lines, progress=progress, server=server
    )


def reconcile_charges(
    charges: Charges,
    *,
    catalog: Catalog | None = None,
    scenario: Scenario | None = None,
    lines: Path | None = None,
    progress: Progress | None = None,
    server: str | None = None,
) -> Comparison:
    """The same for rows wherever they are; memory does not grow with their number.

    Of more than `EVERY_LINE_UP_TO` rows only those that differ are listed. `lines`: a Parquet file for every line,
    matching ones as well. `server`: where to compute (`engine.opened`). Raises `InputError`: several currencies, no
    price list of the provider, money in another currency than the list's, amounts no bill has.
    """
    catalog = catalog or _catalog(charges)
    region = catalog.provider.regions.get(charges.region)
    if region is None or not any(sku.rates for sku in catalog.skus):
        raise InputError(_no_list(charges, f"{charges.provider} {charges.region}".strip()))
    with opened(server) as connection:
        report(progress, "read", 0.0)
        charges.create_charge_view(connection)
        currency = _currency(connection, charges, region.currency)
        try:
            return _reconciled(connection, charges, catalog, currency, scenario, lines, progress)
        except (duckdb.OutOfRangeException, duckdb.ConversionException):
            raise InputError(Problem(code="amount_beyond", source=charges.name)) from None


def _reconciled(
    connection: duckdb.DuckDBPyConnection,
    charges: Charges,
    catalog: Catalog,
    currency: str,
    scenario: Scenario | None,
    into: Path | None,
    progress: Progress | None,
) -> Comparison:
    problems = list(charges.problems)
    title = "re-rated"
    report(progress, "rate", 0.1)
    found = rerate(connection, catalog, charges.region, charges.name)
    expect_net_rounding(connection, found)
    problems += found.problems
    ((rows, first, last),) = connection.execute(
        "SELECT (SELECT sum(with_copies) FROM judged), (SELECT min(day) FROM calendar), (SELECT max(day) FROM calendar)"
    ).fetchall()
    every = into is not None or (rows or 0) <= EVERY_LINE_UP_TO
    report(progress, "rate", 0.5)
    if scenario is not None and first is not None:
        expect_rows(connection)
        problems += _plan(connection, charges.region, (first, last), catalog, scenario, found)
        title = scenario.name
        connection.execute(f"CREATE OR REPLACE TEMP TABLE draft AS {engine.sql('pair_plan', 'costlab.compare')}")
        engine.drop(connection, "expected", "planned", "plan_rated")
        given = given_by_discounts(connection, _PLANNED_COSTS, found.tariffs, catalog)
        tariffs = found.tariffs | infer(connection, found, catalog, _PAIRED)
        patterns, brought = find_patterns(connection, found, catalog, tariffs)
        coverage, matching = _coverage(connection, _DRAFTED), (0, 0)
        complete(connection)
        if not every:
            matching = _set_aside(connection)
    else:
        given = given_by_discounts(connection, _JUDGED_COSTS, found.tariffs, catalog)
        tariffs = found.tariffs | infer(connection, found, catalog, _ASKED)
        patterns, brought = find_patterns(connection, found, catalog, tariffs)
        coverage = _coverage(connection, _JUDGED)
        matching = (0, 0) if every else _settle(connection)
        expect_rows(connection)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE draft AS {engine.sql('pair_bill', 'costlab.compare')}")
        engine.drop(connection, "expected")
        complete(connection)
    report(progress, "compare", 0.7)
    coverage = replace(coverage, conversions=conversions(found, catalog))
    problems += _unpriced(connection, charges.name)
    problems += caps_assumed_unused(given, catalog, first) if first is not None else []
    take_back(connection, given)
    split(connection, tariffs | brought)
    if into is not None:
        report(progress, "export", 0.9)
        write_lines(connection, into)
    sides = (Side(title, scenario.source if scenario else charges.name), Side(charges.name, charges.name))
    made = assemble(
        connection, "reconcile", charges.name, currency, sides,
        matching=matching, coverage=coverage, problems=problems,
    )  # fmt: skip
    findings = pattern_findings(connection, patterns, tariffs | brought, catalog, charges.name)
    made = replace(made, patterns=(*findings, *implied_prices(connection, catalog, charges.name)))
    report(progress, "compare", 1.0)
    return made


_ASKED = """
    SELECT sku_id, tariff, priced_quantity AS quantity, billed, cost AS expected_cost, start_minute, rows
    FROM judged WHERE tariff IS NOT NULL"""
_PAIRED = """
    SELECT sku_id, before_tariff AS tariff, after_quantity AS quantity, after_cost + after_bonus AS billed,
        expected_cost, after_start AS start_minute, 1 AS rows
    FROM draft WHERE status = 'pair'"""
_JUDGED_COSTS = """
    SELECT tariff, priced_quantity AS quantity, start_minute, cost, rows FROM judged WHERE tariff IS NOT NULL"""
_PLANNED_COSTS = """
    SELECT before_tariff AS tariff, before_quantity AS quantity, before_start AS start_minute, before_cost AS cost,
        1 AS rows
    FROM draft WHERE before_tariff IS NOT NULL"""
_JUDGED = """
    SELECT with_copies AS rows, with_copies - CASE WHEN tariff IS NULL THEN rows ELSE 0 END AS rated,
        whole_amount AS money
    FROM judged"""
_DRAFTED = """
    SELECT 1 AS rows, CASE WHEN status = 'no_price' THEN 0 ELSE 1 END AS rated, after_cost AS money
    FROM draft WHERE line_after IS NOT NULL"""


def _settle(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Take the doubt from questions that were billed just as expected: how many rows, and how much money."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT judged.* EXCLUDE (doubted),
            judged.tariff IS NULL OR judged.whole_bonus <> 0 OR judged.billed <> judged.cost
                OR coalesce(verdict.tariff, judged.tariff) <> judged.tariff AS doubted
        FROM judged
        LEFT JOIN doubt ON doubt.tariff = judged.tariff AND doubt.quantity = judged.priced_quantity
            AND doubt.billed = judged.billed AND doubt.expected_cost = judged.cost
        LEFT JOIN verdict ON verdict.doubt = doubt.doubt
    """)
    question = "SELECT coalesce(sum(rows), 0), coalesce(sum(rows * whole_amount), 0) FROM judged WHERE NOT doubted"
    ((rows, money),) = connection.execute(question).fetchall()
    return rows, money


def _set_aside(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Take from `pair` what is just as expected: how many lines, and how much money."""
    same = (
        "status = 'pair' AND before_tariff = after_tariff AND before_quantity = after_quantity AND after_bonus = 0 "
        "AND before_cost = after_cost"
    )
    question = f"SELECT count(*), coalesce(sum(after_cost), 0) FROM pair WHERE {same}"
    ((rows, money),) = connection.execute(question).fetchall()
    connection.execute(f"CREATE OR REPLACE TEMP TABLE pair AS SELECT * FROM pair WHERE ({same}) IS NOT TRUE")
    return rows, money


def _catalog(charges: Charges) -> Catalog:
    """The price list of the provider."""
    if charges.provider not in providers():
        raise InputError(_no_list(charges, charges.provider))
    return load_catalog(charges.provider)


def _no_list(charges: Charges, what: str) -> Problem:
    return Problem(code="no_list_of", source=charges.name, args={"what": what or "—", "known": ", ".join(providers())})


def _currency(connection: duckdb.DuckDBPyConnection, charges: Charges, listed: str) -> str:
    """The bill's one currency; rows that do not say are in the list's. Raises `InputError`: several, or another."""
    found = connection.execute("SELECT DISTINCT currency FROM charge ORDER BY currency").fetchall()
    told = {currency or listed for (currency,) in found}
    if len(told) > 1:
        raise InputError(
            Problem(code="several_currencies", source=charges.name, args={"currencies": ", ".join(sorted(told))})
        )
    if told and told != {listed}:
        args = {"currency": told.pop(), "listed": listed}
        raise InputError(Problem(code="other_currency", source=charges.name, args=args))
    return listed


def _plan(
    connection: duckdb.DuckDBPyConnection,
    region_id: str,
    days: tuple[date, date],
    catalog: Catalog,
    scenario: Scenario,
    found: Rerated,
) -> list[Problem]:
    """`planned`: the estimate's usage of the bill's days, each day rated; its tariffs join those of the bill."""
    region = catalog.provider.regions[region_id]
    start, end = midnight(days[0], region), midnight(days[1] + timedelta(days=1), region)
    period = Period(start=start, end=end)
    asked = ask(use(scenario.model_copy(update={"period": period, "prices_on": None}), catalog), by_day=True)
    engine.create(connection, "planned_regime", _regimes(asked, found.tariffs))
    engine.create(connection, "planned_line", _planned_lines(asked))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE plan_rated AS {engine.sql('plan', 'costlab.compare')}")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT line_number AS usage_id, tariff AS price_key, start_minute, start_minute + 1440 AS end_minute, quantity
        FROM plan_rated
    """)
    span = (int(start.timestamp()) // 60, int(end.timestamp()) // 60)
    engine.create_price_tables(connection, [t.regime for t in found.tariffs.values()], span)
    rated = (
        f"SELECT usage_id AS line_number, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE planned AS SELECT plan_rated.*, rated.cost FROM plan_rated "
        f"JOIN ({rated}) AS rated USING (line_number)"
    )
    return [*(p for p in (*asked.errors, *asked.problems) if kind(p) != "warning"), *partly_discounted(asked)]


def _regimes(asked: PricingRequest, tariffs: dict[str, Tariff]) -> pa.Table:
    """Which tariff holds when, by price key; every tariff joins `tariffs`."""
    rows = []
    for price_key, history in asked.histories.items():
        given = price_key.partition("@")[2]
        for regime in history:
            own = tariff_key(regime, f"given {given}" if given else "")
            tariffs.setdefault(own, tariff(own, regime))
            rows.append({"price_key": price_key, "start_minute": regime.start, "end_minute": regime.end, "tariff": own})
    kinds = [
        ("price_key", pa.string()),
        ("start_minute", pa.int64()),
        ("end_minute", pa.int64()),
        ("tariff", pa.string()),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


_PLANNED = pa.schema(
    [
        ("line_number", pa.int64()),
        ("resource_id", pa.string()),
        ("service", pa.string()),
        ("sku_id", pa.string()),
        ("dimensions", pa.string()),
        ("day", pa.date32()),
        ("start_minute", pa.int64()),
        ("quantity", pa.decimal128(38, 0)),
        ("price_key", pa.string()),
        ("itemised", pa.bool_()),
        ("unit", pa.string()),
        ("line", pa.int64()),
    ]
)


def _planned_lines(asked: PricingRequest) -> pa.Table:
    """The estimate's lines by day and instance; what is not used on a day is not a line."""
    itemised: dict[tuple[str, date], bool] = {}
    rows: list[dict[str, Any]] = []
    for line in asked.lines:
        if line.variant or not line.quantity:
            continue
        day = moment(line.start, asked.region).date()
        if (line.sku.sku_id, day) not in itemised:
            itemised[line.sku.sku_id, day] = asked.catalog.itemised(line.sku, day)
        row = {
            "service": line.resource.service,
            "sku_id": line.sku.sku_id,
            "dimensions": ", ".join(f"{k}={v}" for k, v in line.usage.dimensions.items()),
            "day": day,
            "start_minute": line.start,
            "quantity": Decimal(line.billionths),
            "price_key": line.price_key,
            "itemised": itemised[line.sku.sku_id, day],
            "unit": asked.catalog.meters[line.sku.meter].pricing_unit,
            "line": line.resource.line,
        }
        rows += [
            {**row, "line_number": len(rows) + n, "resource_id": name} for n, name in enumerate(line.resource.instances)
        ]
    return pa.Table.from_pylist(rows, schema=_PLANNED)


def _coverage(connection: duckdb.DuckDBPyConnection, counted: str) -> Coverage:
    """How many rows and how much money found a price; `counted` selects rows, rated and money (of each row)."""
    ((rows, rated, money, money_rated),) = connection.execute(f"""
        SELECT coalesce(sum(rows), 0), coalesce(sum(rated), 0), sum(rows * money), sum(rated * money) FROM ({counted})
    """).fetchall()
    return Coverage(rows, rated, amount_of(money), amount_of(money_rated))


def _unpriced(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[Problem]:
    """One problem for each kind of row that found no price, with its first line, count and money."""
    found = connection.execute("""
        SELECT reason, dimensions, min(line_after), count(*), sum(after_cost)
        FROM pair WHERE status = 'no_price' GROUP BY reason, dimensions ORDER BY 3
    """).fetchall()
    for text, name, line, rows, money in found:
        why = json.loads(text)
        args = {
            "what": name,
            "rows": str(rows),
            "money": f"{amount_of(money):f}",
            "reason": why["reason"],
            "reason_ru": why["reason_ru"],
        }
        yield Problem(code="row_without_price", source=source, line=line, args=args)
