"""Charges made up for tests, as rows of the schema every bill comes to; and the same asked naively in Python."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from costlab.model.bill import CHARGES

USUAL: dict[str, Any] = {
    "line": 2, "project": "mcs1", "resource_id": "web", "service": "Виртуальные серверы", "parameter": "RAM",
    "quantity": Decimal(1440), "unit": "ГБ·мин", "amount": Decimal("1.00"), "bonus": Decimal(0), "tags": "{}",
    "category": "Usage", "charge_class": "", "currency": "RUB", "account": "", "region": "", "resource_name": "",
    "sku": "", "description": "", "list_cost": None, "effective_cost": None, "invoice": "", "start": None, "end": None,
    "file": "bill.csv",
}  # fmt: skip


def charge(day: date | str, amount: str | Decimal = "1.00", **values: Any) -> dict[str, Any]:
    """A row; what is not said is usual. `tags` may be a mapping."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    row = USUAL | {"day": on, "period": on.replace(day=1), "amount": Decimal(amount)} | values
    if isinstance(row["tags"], dict):
        row["tags"] = json.dumps(row["tags"], ensure_ascii=False)
    return row


def table(rows: list[dict[str, Any]]) -> pa.Table:
    schema = CHARGES
    for name in sorted({k for r in rows for k in r} - set(CHARGES.names)):
        schema = schema.append(pa.field(name, pa.string()))
    return pa.Table.from_pylist(rows, schema=schema)


def offer(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], folder: Path) -> None:
    """The view `charge` over a Parquet file of the rows."""
    file = folder / "charges.parquet"
    pq.write_table(table(rows), file)
    connection.execute(f"CREATE OR REPLACE VIEW charge AS SELECT * FROM read_parquet('{file}')")
