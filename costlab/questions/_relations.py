"""What questions need beside `asked`, and what is made of rows that SQL alone cannot finish.

A head names these under `needs` and `then`; a new name is a line of `RELATIONS` or `THEN`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import duckdb
import pyarrow as pa

from costlab.engine import duckdb as engine
from costlab.errors import InputError
from costlab.model.numbers import Problem
from costlab.questions._card import sql
from costlab.questions._items import items
from costlab.questions._prices import seen

_LONGEST = 100_000
"""Days between the first and the last charge that are looked at one by one."""
Whole = list[dict[str, Any]]
"""Rows of `_total.sql`."""


def days_between(whole: list[dict[str, Any]]) -> pa.Table:
    """Every day from the first charge to the last."""
    if not whole:
        return pa.table({"day": pa.array([], pa.date32())})
    first, last = min(r["first_day"] for r in whole), max(r["last_day"] for r in whole)
    count = (last - first).days + 1
    if count > _LONGEST:
        args = {"first": first.isoformat(), "last": last.isoformat()}
        raise InputError(Problem(code="too_long_ago", source="coverage", args=args))
    return pa.table({"day": pa.array([first + timedelta(days=n) for n in range(count)], pa.date32())})


def _calendar(connection: duckdb.DuckDBPyConnection, whole: Whole) -> None:
    engine.create(connection, "calendar", days_between(whole))


def _item(connection: duckdb.DuckDBPyConnection, whole: Whole) -> None:  # noqa: ARG001 (all alike)
    kinds = connection.execute("SELECT DISTINCT service, parameter, unit FROM asked").fetchall()
    engine.create(connection, "item", items(kinds))


def _tag_pair(connection: duckdb.DuckDBPyConnection, whole: Whole) -> None:  # noqa: ARG001 (all alike)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE tag_pair AS {sql('_tag_pair')}")


RELATIONS: dict[str, Callable[[duckdb.DuckDBPyConnection, Whole], None]] = {
    "calendar": _calendar,
    "item": _item,
    "tag_pair": _tag_pair,
}
"""Name → creates the relation; `calendar` raises `InputError` where the days are too many."""
THEN: dict[str, Callable[[pa.Table], pa.Table]] = {"unit_prices": seen}
