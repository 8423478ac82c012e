"""A bill beside what it should have been: its own quantities re-rated, or an estimate's usage rated day by day.

Without an estimate, *before* is the bill's own quantities at the prices of their days. With one, *before* is what the
estimate says of those days, so that a wrong quantity, a missing or an unexpected row shows as well.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from costlab.catalog.loading import Catalog, load_catalog, providers
from costlab.compare.caps import caps_assumed_unused, take_back
from costlab.compare.implied_prices import implied_prices
from costlab.compare.judge import judge_bill, judge_plan
from costlab.compare.own_focus import bring_back
from costlab.compare.pattern_findings import pattern_findings
from costlab.compare.planned import rate_plan
from costlab.compare.rerate import rerate
from costlab.compare.result import Comparison, Side
from costlab.compare.split import split
from costlab.compare.totals import amount_of, assemble, write_lines
from costlab.compare.without_vat import expect_net_rounding
from costlab.engine.exchange import Rates, convert, missing
from costlab.engine.opening import opened
from costlab.errors import InputError
from costlab.files.sql_text import parquet
from costlab.model.bill import Bill
from costlab.model.numbers import Args, Problem, Text
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
    report(progress, "read", 0.0)
    with charges_in(charges, catalog, server) as (connection, read, prices, currency):
        return _reconciled(connection, read, prices, currency, scenario, lines, progress)


@contextmanager
def charges_in(
    charges: Charges, catalog: Catalog | None, server: str | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Charges, Catalog, str]]:
    """A connection whose view `charge` has the rows, with their problems, price list and currency.

    Raises `InputError` as `reconcile_charges`.
    """
    catalog = catalog or _catalog(charges)
    region = catalog.provider.regions.get(charges.region)
    if region is None or not any(sku.rates for sku in catalog.skus):
        raise InputError(_no_list(charges, f"{charges.provider} {charges.region}".strip()))
    with opened(server) as connection:
        charges.create_charge_view(connection)
        charges = replace(charges, problems=(*charges.problems, *bring_back(connection, charges.name)))
        currency = _currency(connection, charges, region.currency)
        try:
            yield connection, charges, catalog, currency
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
    """Charges → questions → rate → judge → split → total; the rows stay in the connection, a table a step."""
    report(progress, "rate", 0.1)
    rerated = rerate(connection, catalog, charges.region, charges.name)
    rounding = expect_net_rounding(connection, rerated, charges.name)
    rows, days = _extent(connection)
    every_line = into is not None or rows <= EVERY_LINE_UP_TO
    report(progress, "rate", 0.5)
    if scenario is not None and days is not None:
        plan = rate_plan(connection, charges.region, days, catalog, scenario, rerated.tariffs)
        before = Side(scenario.name, scenario.source)
        judged = judge_plan(connection, replace(rerated, tariffs=plan.tariffs), catalog, every_line=every_line)
        told = [*rounding, *rerated.problems, *plan.problems]
    else:
        before = Side("re-rated", scenario.source if scenario else charges.name)
        judged = judge_bill(connection, rerated, catalog, every_line=every_line)
        told = [*rounding, *rerated.problems]
    report(progress, "compare", 0.7)
    problems = [*charges.problems, *told, *unpriced(connection, charges.name)]
    problems += caps_assumed_unused(judged.given, catalog, days[0]) if days is not None else []
    take_back(connection, judged.given)
    split(connection, judged.tariffs)
    if into is not None:
        report(progress, "export", 0.9)
        write_lines(connection, into)
    total = assemble(
        connection, "reconcile", charges.name, currency, (before, Side(charges.name, charges.name)),
        matching=judged.matching, coverage=judged.coverage, problems=problems,
    )  # fmt: skip
    findings = pattern_findings(connection, judged.patterns, judged.tariffs, catalog, charges.name)
    report(progress, "compare", 1.0)
    return replace(total, patterns=(*findings, *implied_prices(connection, catalog, charges.name)))


def _extent(connection: duckdb.DuckDBPyConnection) -> tuple[int, tuple[date, date] | None]:
    """How many rows there are, and the first and last of their days."""
    ((rows, first, last),) = connection.execute(
        "SELECT (SELECT sum(with_copies) FROM judged), (SELECT min(day) FROM calendar), (SELECT max(day) FROM calendar)"
    ).fetchall()
    return rows or 0, None if first is None else (first, last)


def _catalog(charges: Charges) -> Catalog:
    """The price list of the provider."""
    if charges.provider not in providers():
        raise InputError(_no_list(charges, charges.provider))
    return load_catalog(charges.provider)


def _no_list(charges: Charges, what: str) -> Problem:
    return Problem(code="no_list_of", source=charges.name, args={"what": what or "—", "known": ", ".join(providers())})


def _currency(connection: duckdb.DuckDBPyConnection, charges: Charges, listed: str) -> str:
    """The bill's one currency; rows that do not say are in the list's. Raises `InputError`: several, or another."""
    rows = connection.execute("SELECT DISTINCT currency FROM charge ORDER BY currency").fetchall()
    told = {currency or listed for (currency,) in rows}
    if len(told) > 1:
        raise InputError(
            Problem(code="several_currencies", source=charges.name, args={"currencies": ", ".join(sorted(told))})
        )
    if told and told != {listed}:
        args = {"currency": told.pop(), "listed": listed}
        raise InputError(Problem(code="other_currency", source=charges.name, args=args))
    return listed


def unpriced(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[Problem]:
    """One problem for each kind of row that found no price, with its first line, count and money."""
    found = connection.execute("""
        SELECT reason, dimensions, min(line_after), count(*), sum(after_cost)
        FROM pair WHERE status = 'no_price' GROUP BY reason, dimensions ORDER BY 3
    """).fetchall()
    for text, name, line, rows, money in found:
        why = json.loads(text)
        args: Args = {
            "what": name,
            "rows": str(rows),
            "money": f"{amount_of(money):f}",
            "reason": Text(**why["reason"]),
        }
        yield Problem(code="row_without_price", source=source, line=line, args=args)
