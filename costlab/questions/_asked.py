"""The charges a question is about: the view `asked` over `charge`, with the dimensions, the grain and the filter.

What a person or a file says enters the SQL only as literal text, or as the literal name of a column that exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from costlab.errors import InputError, near
from costlab.files.sql_text import identifier, literal
from costlab.model.numbers import Problem

Grain = Literal["total", "month", "week", "day"]
GRAINS: tuple[Grain, ...] = ("total", "month", "week", "day")
MAX_DIMENSIONS = 4
"""Dimensions at once."""
DIMENSIONS: dict[str, str] = {
    "service": "service", "project": "project", "resource": "resource_id", "parameter": "parameter", "sku": "sku",
    "region": "region", "category": "category", "class": "charge_class", "currency": "currency", "account": "account",
    "name": "resource_name", "unit": "unit", "invoice": "invoice", "file": "file", "provider": "provider",
}  # fmt: skip
"""What cost can be split by → the column of the charges; besides, `tag:KEY` and any `x_…` column of a file."""
_TAG = "tag:"
# A month is the billing month, so that it equals the documents of that month, also where a charge began before it.
_BUCKETS: dict[Grain, str] = {
    "total": "CAST(NULL AS DATE)",
    "month": "period",
    "week": "CAST(date_trunc('week', day) AS DATE)",
    "day": "day",
}
# The last day a usage row covers; what was bought belongs to the day it was bought on. A day may have 23 or 25 hours.
_LAST_DAY = """CASE WHEN category = 'Usage' AND "start" IS NOT NULL AND "end" IS NOT NULL
    THEN day + CAST(greatest(0, (epoch_us("end") - epoch_us("start") + 79200000000) // 86400000000 - 1) AS INTEGER)
    ELSE day END"""


@dataclass(frozen=True)
class Where:
    """Which charges are asked about; empty means all. Periods are the first days of billing months, both included."""

    first_period: date | None = None
    last_period: date | None = None
    equal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Dimension and the values it may have: `("tag:env", ("prod",))`; "" is what does not say."""

    def values(self, dimension: str) -> tuple[str, ...]:
        """The values asked for of a dimension; () when it is not asked about."""
        return dict(self.equal).get(dimension, ())


def create_asked_view(
    connection: duckdb.DuckDBPyConnection, where: Where, by: Sequence[str] = (), grain: Grain = "total"
) -> None:
    """Create the view `asked`: every column of `charge`, `d1`..`d4`, `bucket`, `last_day`.

    Raises `InputError` for a dimension the charges do not have, or more than four.
    """
    columns = [str(row[0]) for row in connection.execute("DESCRIBE charge").fetchall()]
    if len(by) > MAX_DIMENSIONS:
        raise InputError(Problem(code="many_dimensions", source="--by", args={"most": str(MAX_DIMENSIONS)}))
    named = [f"{expression(name, columns)} AS d{n}" for n, name in enumerate(by, start=1)]
    named += [f"'' AS d{n}" for n in range(len(by) + 1, MAX_DIMENSIONS + 1)]
    conditions = [f"{expression(name, columns)} IN ({', '.join(map(literal, values))})" for name, values in where.equal]
    if where.first_period:
        conditions.append(f"period >= DATE '{where.first_period.isoformat()}'")
    if where.last_period:
        conditions.append(f"period <= DATE '{where.last_period.isoformat()}'")
    text = f"SELECT charge.*, {', '.join(named)}, {_BUCKETS[grain]} AS bucket, {_LAST_DAY} AS last_day FROM charge"
    text += f" WHERE {' AND '.join(conditions)}" if conditions else ""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW asked AS {text}")


def expression(dimension: str, columns: Sequence[str]) -> str:
    """A dimension in SQL. Raises `InputError` when the charges have no such column."""
    if dimension.startswith(_TAG) and len(dimension) > len(_TAG):
        pointer = "/" + dimension.removeprefix(_TAG).replace("~", "~0").replace("/", "~1")
        return f"coalesce(json_extract_string(nullif(tags, ''), {literal(pointer)}), '')"
    column = DIMENSIONS.get(dimension, dimension if dimension.startswith("x_") else "")
    if column in columns:
        name = identifier(column)
        return f"coalesce({name}, '')"
    offered = [name for name, c in DIMENSIONS.items() if c in columns]
    offered += [f"{_TAG}KEY", *sorted(c for c in columns if c.startswith("x_"))]
    args = {"dimension": dimension, **near(dimension, offered)}
    raise InputError(Problem(code="unknown_dimension", source="--by", args=args))
