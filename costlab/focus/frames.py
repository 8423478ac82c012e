"""Charges as a pandas DataFrame: FOCUS columns, exact decimals (Arrow), times with their offset."""

import json
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import pandas as pd
import pyarrow as pa

from costlab.focus.columns import COLUMNS, ColumnType
from costlab.model.scenario import Charge

_ARROW: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "json": pa.string(),
    "money": pa.decimal128(38, 2),
    "decimal": pa.decimal128(38, 12),
    "date": pa.date32(),
}


def charges_frame(charges: Iterable[Charge]) -> pd.DataFrame:
    """One row a charge, columns as in `focus.COLUMNS`.

    Money is DECIMAL(38, 2) and other numbers DECIMAL(38, 12), both Arrow-backed: sums are exact and cells come out as
    `Decimal`. Times carry the region's UTC offset.
    """
    rows = list(charges)
    columns: dict[str, Any] = {}
    for column in COLUMNS:
        values = [attrgetter(column.attribute)(row) for row in rows]
        if column.type == "time":
            columns[column.name] = pd.Series(values, dtype=None if rows else "object")
        else:
            if column.type == "json":
                values = [json.dumps(v, ensure_ascii=False) for v in values]
            kind = _ARROW[column.type]
            columns[column.name] = pd.Series(pa.array(values, kind), dtype=pd.ArrowDtype(kind))
    return pd.DataFrame(columns)
