"""Ten million charges of 26 columns in Parquet, with faults whose exact effect the oracle knows.

A bill of many resources over 30 days. What a resource uses of which item follows from its number by arithmetic, so the
file is the same every time. Every amount is the oracle's (`tests/oracle`): it prices each distinct question once, right
and as the fault has it, and the sums of its answers over the rows that were written are what must be found.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from costlab.catalog.loading import Catalog, load_catalog
from costlab.compare.result import CAUSES
from costlab.engine import duckdb as engine
from costlab.model.prices import Sku
from tests.bills.generator import Made, Steps, steps

ROWS = int(os.environ.get("COSTLAB_BENCH_CHARGES", "10000000"))
FOLDER = Path(tempfile.gettempdir()) / "costlab-bench"
FIRST, DAYS = date(2026, 11, 1), 30
_ITEMS = 5
"""Items of a resource: a row of each, every day."""
_SIZES = 48
"""Whole sizes an item comes in, held all day; the rest of its quantities are parts of a day, or measured amounts."""
_QUANTITIES = 240
_DEAR = Decimal("5.00")
"""A price nobody published is told from a rounding rule by more than a kopeck."""
MONEY = pa.decimal128(38, 18)


def folder_of(rows: int) -> Path:
    """Where a bill of so many rows lies."""
    return FOLDER / f"charges-{rows}.parquet"


def truth_of(rows: int) -> dict[str, Decimal]:
    """What the causes must come to, and `rows`, `before`, `after`."""
    found = json.loads(folder_of(rows).with_suffix(".json").read_text(encoding="utf-8"))
    return {name: Decimal(value) for name, value in found.items()}


def make_charges(rows: int = ROWS) -> None:
    """Write the file and the oracle's sums, unless they are there."""
    FOLDER.mkdir(exist_ok=True)
    path = folder_of(rows)
    if path.with_suffix(".json").exists():
        return
    catalog = load_catalog("vk")
    skus = [s for s in catalog.skus if s.rates and s.region == "ru-msk" and catalog.itemised(s, FIRST)]
    skus = [s for s in skus if len(s.rates) == 1]
    with engine.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        engine.create(connection, "item", pa.Table.from_pylist(list(_items(skus, catalog))))
        engine.create(connection, "price", pa.Table.from_pylist(list(_answers(skus, catalog)), schema=_PRICE))
        connection.execute(_placed(rows, len(skus)))
        connection.execute(f"COPY ({_WRITTEN}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        effects = ", ".join(f"sum({c} * (1 - copy))" for c in ("price", "vat", "bonus", "rounding"))
        ((before, after, copies, *causes),) = connection.execute(f"""
            SELECT sum(due * (1 - copy)), sum(amount), sum(amount * copy), {effects}
            FROM placed JOIN price USING (item, quantity_no, fault)
        """).fetchall()
    truth = dict.fromkeys(CAUSES, Decimal(0)) | dict(zip(("price", "vat", "bonus", "rounding"), causes, strict=True))
    truth |= {"duplicate": copies, "before": before, "after": after, "rows": Decimal(rows)}
    path.with_suffix(".json").write_text(json.dumps({k: str(v) for k, v in truth.items()}), encoding="utf-8")


def _items(skus: list[Sku], catalog: Catalog) -> Iterator[dict[str, Any]]:
    for number, sku in enumerate(skus):
        yield {
            "item": number, "service": catalog.sections[sku.service][0], "parameter": sku.name.ru,
            "unit": catalog.meters[sku.meter].pricing_unit, "sku": sku.sku_id,
        }  # fmt: skip


def _made(sku: Sku, quantity: Decimal) -> Made:
    return Made("", sku, FIRST, quantity, quantity, sku.name.ru, "")


_PRICE = pa.schema(
    [
        ("item", pa.int64()), ("quantity_no", pa.int64()), ("fault", pa.int64()), ("quantity", MONEY),
        *((name, MONEY) for name in ("due", "amount", "paid_bonus", "price", "vat", "bonus", "rounding")),
    ]
)  # fmt: skip


def _answers(skus: list[Sku], catalog: Catalog) -> Iterator[dict[str, Any]]:
    """Each question as the oracle answers it: right (fault 0), as this item's own fault has it (1), with bonuses (2).

    An item has one fault, so that two ways to bill it wrongly are never the same amount.
    """
    for number, sku in enumerate(skus):
        for n in range(_QUANTITIES):
            made = _made(sku, _quantity(sku, n, catalog))
            wrong = _wrong(made, number)
            if wrong.rate and abs(steps(catalog, wrong).priced - steps(catalog, made).priced) < _DEAR:
                wrong = made
            for fault, chosen in enumerate((made, wrong, replace(made, bonus_share=37))):
                yield _answer(steps(catalog, chosen)) | {
                    "item": number, "quantity_no": n, "fault": fault, "quantity": made.quantity,
                }  # fmt: skip


def _quantity(sku: Sku, number: int, catalog: Catalog) -> Decimal:
    """Sizes of which people have many, held all day; else a part of the day, or an amount to three decimals."""
    minutes = catalog.meters[sku.meter].basis == "minute"
    if number < _SIZES:
        size = (number + 1) * (1 if number < 24 else 10)
        return Decimal(size * (1440 if minutes else 1))
    if minutes:
        return Decimal((number % 16 + 1) * (number * 7919 % 1439 + 1))
    return Decimal(number * 7919 % 100_003).scaleb(-3)


def _wrong(made: Made, number: int) -> Made:
    """The item billed up to the kopeck, with another VAT, at the list's other column, at a price nobody published."""
    rate = made.sku.rates[-1]
    if not rate.also_published:  # else the other column could be what rounds up
        return replace(made, mode="up")
    if number % 3 == 0:
        return replace(made, vat=Decimal("0.20"))
    if number % 3 == 1:
        other = rate.also_published[0]
        return replace(made, rate=rate.model_copy(update={"price": other.price, "per": other.per}))
    if rate.price is None:
        return made
    return replace(made, rate=rate.model_copy(update={"price": rate.price * Decimal("1.13"), "also_published": ()}))


def _answer(step: Steps) -> dict[str, Decimal]:
    return {
        "due": step.due, "amount": step.amount, "paid_bonus": step.bonus, "price": step.priced - step.counted,
        "vat": step.taxed - step.priced, "bonus": -step.bonus, "rounding": step.rounded - step.taxed,
    }  # fmt: skip


def _placed(rows: int, items: int) -> str:
    """`placed`: who uses how much of what on which day; nine of ten hold one size all month, one changes every day.

    Every 64th resource is billed wrongly, every 97th pays with bonuses, and one row of 10,000 stands there twice.
    """
    copies = rows // 10_000
    resources = -(-rows // (DAYS * _ITEMS))
    return f"""
        CREATE TABLE placed AS
        WITH numbered AS (
            SELECT range AS i, range // {resources * _ITEMS} AS day_no, range % {resources * _ITEMS} // {_ITEMS} AS who,
                range % {_ITEMS} AS nth
            FROM range({rows - copies})
        ),
        chosen AS (
            SELECT *, (who * 31 + nth * 43) % {items} AS item,
                CASE WHEN who % 10 = 0 THEN {_SIZES} + (who * 7 + nth * 13 + day_no * 101) % {_QUANTITIES - _SIZES}
                    ELSE (who * 17 + nth * 5) % {_SIZES} END AS quantity_no,
                CASE WHEN who % 64 = 5 THEN 1 WHEN who % 97 = 7 THEN 2 ELSE 0 END AS fault
            FROM numbered
        )
        SELECT *, i + 2 AS line, 0 AS copy FROM chosen
        UNION ALL
        SELECT *, {rows - copies} + 2 + i // 9999, 1 FROM chosen WHERE i % 9999 = 77 AND i // 9999 < {copies}"""


_WRITTEN = f"""
    SELECT
        line,
        'mcs' || (1000000000 + who % 40) AS project,
        'res-' || (who * 2654435761 % 4294967296) || '-' || who AS resource_id,
        service, parameter, CAST(DATE '{FIRST}' + CAST(day_no AS INTEGER) AS DATE) AS day, quantity, unit,
        amount, paid_bonus AS bonus,
        '{{"env": "' || CASE who % 3 WHEN 0 THEN 'prod' WHEN 1 THEN 'test' ELSE 'dev' END || '", "team": "t'
            || who % 25 || '"}}' AS tags,
        'Usage' AS category, '' AS charge_class, 'RUB' AS currency, DATE '{FIRST}' AS period,
        'acc-' || who % 7 AS account, 'ru-msk' AS region, 'machine ' || who AS resource_name, sku,
        parameter AS description,
        due AS list_cost, amount + paid_bonus AS effective_cost, '' AS invoice,
        CAST(NULL AS TIMESTAMPTZ) AS start, CAST(NULL AS TIMESTAMPTZ) AS "end", 'report.csv' AS file
    FROM placed JOIN item USING (item) JOIN price USING (item, quantity_no, fault)
    ORDER BY line"""
