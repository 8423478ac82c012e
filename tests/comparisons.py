"""Comparisons made by hand: what the faces must show, without the programs that compute one."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from costlab.compare.result import CAUSES, KEY, VERDICTS, Comparison, Coverage, Side
from costlab.model.numbers import Args, Problem, Text

MONEY, SIZE = pa.decimal128(38, 18), pa.decimal128(38, 9)
SCHEMA = pa.schema(
    [
        *((name, pa.date32() if name == "day" else pa.string()) for name in KEY),
        *((name, MONEY) for name in ("before", "after", "delta", *CAUSES)),
        *((name, pa.string()) for name in ("verdict", "why_code", "why_args")),
        ("line_before", pa.int64()), ("line_after", pa.int64()),
        ("quantity_before", SIZE), ("quantity_after", SIZE),
        *((name, pa.string()) for name in ("unit", "price_before", "price_after", "file")),
    ]
)  # fmt: skip
DAY = date(2026, 11, 3)
PRICE: Args = {
    "expected": "0.019660 / 1",
    "billed": "0.021626 / 1",
    "which": Text(en="the old list", ru="старый прайс"),
}


def line(before: str | None, after: str | None, verdict: str = "match", **more: Any) -> dict[str, Any]:
    """A row of `lines`; causes by name, the rest as documented; `why` is the sentence's code and its arguments."""
    causes = {c: Decimal(more.pop(c, 0)) for c in CAUSES}
    delta = Decimal(after or 0) - Decimal(before or 0)
    assert sum(causes.values()) == delta, (delta, causes)
    code, args = more.pop("why", ("same", {}))
    row: dict[str, Any] = dict.fromkeys(KEY, "") | {"day": DAY, "resource_id": "web"}
    row |= {"service": "vm", "sku_id": "vk.compute.vcpu.ice-lake", "dimensions": "cpu=ice-lake"}
    row |= {"before": before and Decimal(before), "after": after and Decimal(after), "delta": delta, **causes}
    row |= {
        "verdict": verdict,
        "why_code": code,
        "why_args": json.dumps(args, default=Text.model_dump) if args else None,
    }
    row |= {"line_before": None, "line_after": None, "quantity_before": Decimal(5760), "quantity_after": Decimal(5760)}
    row |= {"unit": "vCPU·minute", "price_before": "0.019660 / 1", "price_after": "0.019660 / 1", "file": ""}
    return row | more


def comparison(lines: Iterable[dict[str, Any]], kind: str = "reconcile", **more: Any) -> Comparison:
    """A comparison whose totals are those of its lines."""
    rows = list(lines)
    assert {r["verdict"] for r in rows} <= set(VERDICTS)
    counts = Counter(r["verdict"] for r in rows)
    verdicts = {
        v: (n, sum((r["delta"] for r in rows if r["verdict"] == v), Decimal("0.00"))) for v, n in counts.items()
    }
    before, after = (sum((r[s] or 0 for r in rows), Decimal("0.00")) for s in ("before", "after"))
    sides = {"before_side": Side("price list", "price_catalog"), "after_side": Side("bill.csv", "bill.csv")}
    values: dict[str, Any] = {"name": "bill.csv", "currency": "RUB", **sides, "coverage": Coverage(), **more}
    return Comparison(
        kind=kind,
        before=before,
        after=after,
        causes={c: sum((r[c] for r in rows), Decimal("0.00")) for c in CAUSES},
        lines=pa.Table.from_pylist(rows, SCHEMA),
        verdicts=verdicts,
        **values,
    )


def faulty(**more: Any) -> Comparison:
    """A bill with one line of nearly every verdict, hostile names and a row nobody can rate."""
    quantity = {"before": "5760", "after": "11520", "unit": "vCPU·minute"}
    rows = [
        line("113.24", "113.24", line_after=2),
        line("113.24", "124.57", "price", price="11.33", line_after=3, price_after="0.021626 / 1",
             why=("other_price", PRICE)),
        line("113.24", "226.48", "quantity", quantity="113.24", quantity_after=Decimal(11520), line_after=4,
             why=("quantity", quantity)),
        line(None, "113.24", "duplicate", duplicate="113.24", line_after=5, why=("duplicate", {"line": "2"})),
        line("44.20", None, "not_billed", gone="-44.20", line_before=9, resource_id="=HYPERLINK(1)",
             sku_id="vk.compute.disk.ssd", dimensions="type=ceph-ssd", why=("not_billed", {})),
        line("10.00", "10.01", "rounding", rounding="0.01", line_after=6, resource_id="web|*",
             why=("other_rounding", {"billed": Text(en="up", ru="вверх"),
                                     "expected": Text(en="half-up", ru="до ближайшего")})),
        line("50.00", "40.00", bonus="-10.00", line_after=7, why=("bonus", {"amount": "10.00"})),
        line(None, "7.50", "no_price", unexplained="7.50", line_after=8, sku_id="", dimensions="Загадка",
             why=("no_price", {"reason": Text(en="not in the price list", ru="нет в прайс-листе")})),
    ]  # fmt: skip
    problem = Problem(code="no_price", source="bill.csv", line=8, args={"what": "Загадка", "region": "ru-msk"})
    coverage = Coverage(8, 7, Decimal("635.04"), Decimal("627.54"))
    return comparison(rows, **{"coverage": coverage, "problems": (problem,), **more})
