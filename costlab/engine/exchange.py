"""Money of one currency as money of another, by rates a person gives: dated, with a source, never guessed.

A rate holds for its own day only: there is no yesterday's, no inverse and no way round over a third currency. A row is
converted by the rate of the day it begins on and rounded once, half up (away from zero) to the hundredth; what it was
stays beside it in `original_amount` and `original_currency`. A row without a rate keeps its currency and is told.

The file is a table (`date, from, to, rate, source`; CSV or XLSX) or YAML/JSON: `rates: [{date: 2026-06-01, from: USD,
to: RUB, rate: 78.5012, source: "cbr.ru"}]`. `rate` is what one unit of `from` costs in `to`.
"""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from costlab.engine.duckdb import connect, create
from costlab.errors import InputError
from costlab.files import tables
from costlab.files.documents import read_document
from costlab.files.writing import shown_path
from costlab.i18n.words import plain
from costlab.model.numbers import Problem

DECIMALS = 10
"""Of a rate; more are refused, none is rounded."""
MAX_RATE = 10**6
_COLUMNS = ("date", "from", "to", "rate", "source")
_MONEY = ("amount", "bonus", "list_cost", "effective_cost")
_DOCUMENTS = (".yaml", ".yml", ".json")
_RATE = pa.schema(
    [
        ("rate_day", pa.date32()),
        ("rate_from", pa.string()),
        ("rate_scaled", pa.decimal128(38, 0)),
        ("exchange_rate", pa.string()),
        ("exchange_source", pa.string()),
    ]
)


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of a currency costs in another on a day."""

    day: date
    sold: str
    bought: str
    rate: Decimal
    source: str


@dataclass(frozen=True)
class Rates:
    """The rates of one file; each day, pair of currencies once."""

    source: str
    rates: tuple[ExchangeRate, ...]


def load_rates(path: Path | str) -> Rates:
    """Read a file of rates. Raises `InputError` with every row that is wrong; half a file of rates is of no use."""
    source = shown_path(path)
    rows = _document(path, source) if str(path).lower().endswith(_DOCUMENTS) else _table(path)
    rates: dict[tuple[date, str, str], ExchangeRate] = {}
    problems = []
    for line, row in rows:
        rate = _rate(row)
        if isinstance(rate, str):
            args = {"key": rate, "value": str(row.get(rate) or "")[:80]}
            problems.append(Problem(code="bad_rate", source=source, line=line, args=args))
            continue
        earlier = rates.setdefault((rate.day, rate.sold, rate.bought), rate)
        if earlier.rate != rate.rate:
            args = {"day": str(rate.day), "from": rate.sold, "to": rate.bought, "first": f"{earlier.rate:f}"}
            problems.append(
                Problem(code="two_rates", source=source, line=line, args={**args, "second": f"{rate.rate:f}"})
            )
    if not rates and not problems:
        problems.append(Problem(code="no_rates", source=source))
    if problems:
        raise InputError(*problems)
    return Rates(source, tuple(rates.values()))


def convert(connection: duckdb.DuckDBPyConnection, rates: Rates, currency: str) -> None:
    """Make the view `charge` of a connection money of one currency; what has no rate stays as it is and is told.

    Beside the columns of `charge` the view has original_amount, original_currency, exchange_rate, exchange_source.
    Raises `InputError` for a currency that is no code.
    """
    if not re.fullmatch("[A-Z]{3}", currency):
        raise InputError(Problem(code="bad_rate", source="--currency", args={"key": "to", "value": currency}))
    if not isinstance(connection, duckdb.DuckDBPyConnection):  # a cluster
        raise InputError(Problem(code="converted_here", source="--currency"))
    usable = [r for r in rates.rates if r.bought == currency and r.sold != currency]
    known = [
        {"rate_day": r.day, "rate_from": r.sold, "rate_scaled": r.rate.scaleb(DECIMALS),
         "exchange_rate": f"{r.rate:f}", "exchange_source": r.source}
        for r in usable
    ]  # fmt: skip
    create(connection, "exchange_rate", pa.Table.from_pylist(known, schema=_RATE))
    connection.execute("ALTER VIEW charge RENAME TO charge_original")
    money = ", ".join(
        f"CASE WHEN rate_scaled IS NULL THEN c.{name} ELSE {_converted('c.' + name)} END AS {name}" for name in _MONEY
    )
    converted = f"""
        SELECT c.* REPLACE ({money},
                CASE WHEN rate_scaled IS NULL THEN c.currency ELSE '{currency}' END AS currency),
            c.amount AS original_amount, c.currency AS original_currency,
            coalesce(exchange_rate, '') AS exchange_rate, coalesce(exchange_source, '') AS exchange_source
        FROM charge_original AS c
        LEFT JOIN exchange_rate ON rate_from = c.currency AND rate_day = c.day
    """
    connection.execute(f"CREATE OR REPLACE TEMP VIEW charge AS {converted}")


def missing(
    connection: duckdb.DuckDBPyConnection, view: str, rates: Rates, currency: str, months: Sequence[date] = ()
) -> list[Problem]:
    """A problem for each currency and day that has no rate; `view`: the converted `charge`, or one over it.

    `months` (first days) leaves out the other billing months.
    """
    query = f"SELECT currency, day, count(*), sum(amount) FROM {view} WHERE currency <> ?{_of(months)}"
    rows = connection.execute(f"{query} GROUP BY 1, 2 ORDER BY 1, 2", [currency]).fetchall()
    return [
        Problem(
            code="missing_rate",
            source=rates.source,
            args={"from": sold or "—", "to": currency, "day": str(day), "rows": str(n), "money": plain(money)},
        )
        for sold, day, n, money in rows
    ]


def originals(connection: duckdb.DuckDBPyConnection, view: str, months: Sequence[date] = ()) -> dict[str, Decimal]:
    """Currency → Σ of what the rows were before any conversion."""
    query = f"SELECT original_currency, sum(original_amount) FROM {view} WHERE true{_of(months)} GROUP BY 1 ORDER BY 1"
    return dict(connection.execute(query).fetchall())


def _of(months: Sequence[date]) -> str:
    days = ", ".join(f"DATE '{m}'" for m in months)
    return f" AND period IN ({days})" if months else ""


def _converted(column: str) -> str:
    """SQL of an amount at its rate, rounded half away from zero to the hundredth; integers only, one rounding.

    An amount has 15 digits before its point and 18 after, a rate 6 and 10: their product would need 51 digits, so the
    whole part goes first and what it leaves joins the fraction.
    """
    text = f"CAST(abs({column}) AS VARCHAR)"
    whole = f"CAST(split_part({text}, '.', 1) AS HUGEINT)"
    fraction = f"CAST(split_part({text}, '.', 2) AS HUGEINT)"
    rate = "CAST(rate_scaled AS HUGEINT)"
    scale = f"{10**DECIMALS}::HUGEINT"
    product = f"({whole} * {rate} * 100)"
    rest = f"(({product} % {scale}) * {10**18}::HUGEINT + {fraction} * {rate} * 100)"
    unit = f"{10 ** (DECIMALS + 18)}::HUGEINT"
    hundredths = f"({product} // {scale} + (2 * {rest} + {unit}) // (2 * {unit}))"
    signed = f"CASE WHEN {column} < 0 THEN -{hundredths} ELSE {hundredths} END"
    return f"CAST(CAST({signed} AS DECIMAL(33, 0)) * CAST('0.01' AS DECIMAL(3, 2)) AS DECIMAL(38, 18))"


def _rate(row: dict[str, Any]) -> ExchangeRate | str:
    """A row as a rate, or the name of what is wrong with it."""
    try:
        day = date.fromisoformat(str(row.get("date") or "").strip())
    except ValueError:
        return "date"
    sold, bought = (str(row.get(k) or "").strip().upper() for k in ("from", "to"))
    for name, code in (("from", sold), ("to", bought)):
        if not re.fullmatch("[A-Z]{3}", code):
            return name
    if sold == bought:
        return "to"
    text = str(row.get("rate") if row.get("rate") is not None else "").strip().replace(",", ".")
    try:
        rate = Decimal(text) if re.fullmatch(r"[0-9]{1,7}([.][0-9]{1,30})?", text, re.ASCII) else Decimal(0)
    except InvalidOperation:
        return "rate"
    if not 0 < rate < MAX_RATE or rate != rate.quantize(Decimal(1).scaleb(-DECIMALS)):
        return "rate"
    source = str(row.get("source") or "").strip()
    return ExchangeRate(day, sold, bought, rate, source) if source else "source"


def _document(path: Path | str, source: str) -> list[tuple[int, dict[str, Any]]]:
    document = read_document(path)
    data = document.data.get("rates") if isinstance(document.data, dict) else document.data
    inside: tuple[str, ...] = ("rates",) if isinstance(document.data, dict) else ()
    if not isinstance(data, list):
        raise InputError(Problem(code="no_rates", source=source))
    return [(document.line(*inside, n), row if isinstance(row, dict) else {}) for n, row in enumerate(data)]


def _table(path: Path | str) -> list[tuple[int, dict[str, Any]]]:
    def score(cells: Sequence[str]) -> int:
        named = {c.strip().casefold() for c in cells}
        return sum(c in named for c in _COLUMNS)

    table = tables.open_table(path, score)
    header = [h.strip().casefold() for h in table.header]
    absent = [c for c in _COLUMNS if c not in header]
    if absent:
        raise InputError(Problem(code="rate_columns", source=table.source, args={"missing": ", ".join(absent)}))
    cells = ", ".join(f"c{header.index(c)}" for c in _COLUMNS)
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder, connect() as connection:
        tables.write_rows(table, connection, Path(folder), careful=True)
        rows = connection.execute(f"SELECT line, {cells} FROM raw ORDER BY line").fetchall()
    broken = [(line, {"date": text}) for line, _, text in table.rejected]
    read = [(line, dict(zip(_COLUMNS, values, strict=True))) for line, *values in rows if any(values)]
    return sorted([*read, *broken], key=lambda row: row[0])
