"""FOCUS 1.2 rows: the one program is engine/focus.sql; here is what it reads, and how it is run.

`focus_estimate.py` and `focus_bill.py` put its input together. Days and months of the region become UTC; a provider's
name stands for provider, publisher and invoice issuer alike; an identifier of digits alone gets a word before it,
because tools that infer types would make a number of it.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa

from costlab.engine import duckdb as engine
from costlab.errors import InputError
from costlab.files.sql_text import identifier
from costlab.focus.columns import SPECIFIED
from costlab.model.numbers import Problem
from costlab.model.prices import Rate

PRICE_DECIMALS = 11
WHOLE = pa.decimal128(38, 0)
_NUMBER = pa.decimal128(38, 20)
_MOMENT = pa.timestamp("us")
_TEXTS = (
    "provider", "category", "charge_class", "frequency", "account", "account_name", "sub_account", "sub_account_name",
    "resource_id", "resource_name", "resource_type", "service", "service_category", "service_subcategory", "sku",
    "sku_price", "meter", "description", "unit", "source_unit", "vat_rate", "currency", "region", "region_name",
    "invoice", "tags", "price_details", "price_effective", "price_source", "pricing_category",
)  # fmt: skip
_WHOLES = ("quantity", "list_price", "agreed_price", "amount", "bonus", "list_amount", "effective", "vat_n", "vat_d")
_NUMBERS = ("given_list_price", "given_agreed_price", "given_list_cost", "given_agreed_cost")
ENTRY = pa.schema(
    [
        ("n", pa.int64()),
        *((n, _MOMENT) for n in ("start", "end", "period_start", "period_end")),
        *((n, pa.string()) for n in _TEXTS),
        *((n, WHOLE) for n in _WHOLES),
        ("given", pa.bool_()),
        *((n, _NUMBER) for n in _NUMBERS),
    ]
)
"""What the program reads; see engine/focus.sql."""
_ALWAYS = ("ResourceId", "ResourceName", "SkuPriceDetails", "SubAccountId", "SubAccountName", "Tags")
"""Conditional columns of what these providers have; they are there even when every row leaves them empty."""
_OF_A_ROW = ("x_SourceFile", "x_SourceLine")
"""What bonuses paid says which row it belongs to."""
_MACROS = (
    """pointed(w, decimals) AS CAST(w * CAST('1' || repeat('0', 20 - decimals) AS HUGEINT) AS DECIMAL(38, 0))
        * CAST('0.00000000000000000001' AS DECIMAL(38, 20))""",
    "whole(d) AS CAST(replace(CAST(CAST(d AS DECIMAL(38, 18)) AS VARCHAR), '.', '') AS HUGEINT)",
    "lettered(t, word) AS CASE WHEN regexp_full_match(t, '[0-9.+eE-]+') THEN word || t ELSE nullif(t, '') END",
)


def create_focus_rows(
    connection: duckdb.DuckDBPyConnection, own: Sequence[str], passed: Sequence[str] = ()
) -> list[str]:
    """Run the program; the columns that hold something, in the order of the specification, then ours."""
    create_macros(connection)
    run(connection, f"CREATE OR REPLACE TEMP TABLE charged AS {engine.sql('entries', 'costlab.focus')}")
    made = [name for name, *_ in connection.execute("DESCRIBE charged").fetchall() if name not in ("n", "part")]
    ours = [n for n in made if n.startswith("x_")]
    clash = {n.casefold() for n in ours}
    extra = [n for n in own if n.casefold() not in clash]
    texts = [
        f"CASE WHEN part <= {1 if n in _OF_A_ROW else 0} THEN more.{identifier(n)} END AS {identifier(n)}"
        for n in extra
    ]
    for name in passed:
        from_file = f"CASE WHEN part = 0 THEN more.{identifier(name)} END"
        kind = next(c.type for c in SPECIFIED if c.name == name)
        if kind == "decimal":
            from_file = f"CAST({from_file} AS DECIMAL(38, 20))"
        value = f"coalesce(charged.{identifier(name)}, {from_file})" if name in made else from_file
        texts.append(f"{value} AS {identifier(name)}")
    replaced = [n for n in passed if n in made]
    but = f" EXCLUDE ({', '.join(map(identifier, replaced))})" if replaced else ""
    more = ", ".join([f"charged.*{but}", *texts])
    run(
        connection,
        f"CREATE OR REPLACE TEMP TABLE focus_row AS SELECT {more} FROM charged JOIN more ON more.n = charged.n",
    )
    names = [n for n, *_ in connection.execute("DESCRIBE focus_row").fetchall()]
    counted = ", ".join(f"count({identifier(n)})" for n in names)
    [counts] = connection.execute(f"SELECT {counted} FROM focus_row").fetchall()
    filled = {n for n, count in zip(names, counts, strict=True) if count}
    standard = [
        c.name for c in SPECIFIED if c.name in filled or (c.name in names and (c.level != "C" or c.name in _ALWAYS))
    ]
    return [*standard, *(n for n in (*ours, *extra) if n in filled)]


def run(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    try:
        connection.execute(statement)
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        raise InputError(Problem(code="too_much", source="focus")) from None


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    for macro in _MACROS:
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def table(schema: pa.Schema, rows: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema)


def rate_price(rate: Rate, vat_rate: Decimal) -> Decimal | None:
    if rate.charge_model != "per_unit" or rate.price is None:
        return None
    return net_price(rate.price, rate.per, vat_rate, rate.vat)


def net_price(price: Decimal, per: Decimal, vat_rate: Decimal, vat: str, factor: Fraction = Fraction(1)) -> Decimal:
    """A price of one unit without VAT, in 10^-11, half up."""
    net = Fraction(price) * factor / Fraction(per)
    if vat == "included":
        net /= 1 + Fraction(vat_rate)
    scaled = net * 10**PRICE_DECIMALS
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))
