"""Results as pandas DataFrames, with decimals that stay decimals.

Measured with pandas 3.1: a column of Arrow decimals cannot be multiplied by 12 or divided by 3 once it is as wide as
money needs (`Decimal precision out of range`), and `describe`, `cumsum` and `nlargest` refuse it at any width. A column
of Python's own `Decimal` takes all arithmetic, sums to `Decimal` and refuses floats. Its one limit is Python's context:
a sum of more digits would be rounded in silence, so such a column (there is none in practice) is an Arrow one.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, getcontext, localcontext
from operator import attrgetter
from typing import Any

import pandas as pd
import pyarrow as pa
from pydantic import BaseModel

from costlab import errors
from costlab.compare.result import Comparison
from costlab.focus.columns import COLUMNS
from costlab.migration.budget import Budget
from costlab.model.bill import Bill
from costlab.model.inventory import Inventory
from costlab.model.numbers import DIGITS, Language, Problem, exact
from costlab.model.scenario import Charge, Estimate

_NOT_SAID = Decimal("NaN")
_FINEST = 18
"""Decimals of the finest amount there is."""
_ARROW = {2: pa.decimal128(38, 2), 12: pa.decimal128(38, 12), 18: pa.decimal128(38, 18)}


def decimals(values: Sequence[Decimal | None], places: int = 18) -> pd.Series:
    """A column of `Decimal`, `Decimal("NaN")` where there is none.

    Where Σ |value| has more digits than Python's context, the column is Arrow's DECIMAL(38, places): its sums are
    exact, and arithmetic that it cannot do exactly raises.
    """
    said = [v for v in values if v is not None]
    with localcontext(prec=2 * DIGITS):
        whole = sum(map(abs, said), Decimal(0))
        finest = min((v.as_tuple().exponent for v in said), default=0)
    if whole and whole.adjusted() - int(finest) + 1 > getcontext().prec:
        return pd.Series(pa.array(values, _ARROW[places]), dtype=pd.ArrowDtype(_ARROW[places]))
    return pd.Series([_NOT_SAID if v is None else v for v in values], dtype=object)


def charges_frame(charges: Estimate | Bill | Iterable[Charge]) -> pd.DataFrame:
    """One row a charge; columns as in `focus.COLUMNS`, of a bill as in `model.bill.CHARGES` and what its file adds.

    Times are naive, by the region's clock (Excel takes no others); `attrs["utc_offset"]` is its offset, of a bill UTC.
    """
    if isinstance(charges, Bill):
        return table_frame(charges.charges)
    rows = list(charges.charges if isinstance(charges, Estimate) else charges)
    columns: dict[str, pd.Series] = {}
    for column in COLUMNS:
        values = [attrgetter(column.attribute)(row) for row in rows]
        if column.type in ("money", "decimal"):
            columns[column.name] = decimals(values, 2 if column.type == "money" else 12)
        elif column.type == "time":
            columns[column.name] = pd.Series([v.replace(tzinfo=None) for v in values], dtype="datetime64[us]")
        elif column.type == "date":
            columns[column.name] = pd.Series(values, dtype=object)
        else:
            texts = [json.dumps(v, ensure_ascii=False) for v in values] if column.type == "json" else values
            columns[column.name] = pd.Series(texts, dtype="str")
    frame = pd.DataFrame(columns)
    frame.attrs["utc_offset"] = str(rows[0].period.start.tzinfo) if rows else ""
    return frame


def table_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table with its decimals as `Decimal` without trailing zeros, its moments naive in UTC."""
    columns: dict[str, pd.Series] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_decimal(column.type):
            columns[name] = decimals([None if v is None else _short(v) for v in column.to_pylist()])
        elif pa.types.is_timestamp(column.type):
            moments = column.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
            columns[name] = moments.to_pandas()
        elif pa.types.is_integer(column.type):
            columns[name] = pd.Series(column.to_pylist(), dtype="Int64")
        elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            columns[name] = pd.Series(column.to_pylist(), dtype="str")
        else:
            columns[name] = column.to_pandas()
    frame = pd.DataFrame(columns)
    frame.attrs["utc_offset"] = "UTC"
    return frame


def _short(value: Decimal) -> Decimal:
    """The same number without trailing zeros beyond the kopeck."""
    with exact():
        places = -int(value.normalize().as_tuple().exponent) if value else 0
        return value.quantize(Decimal(1).scaleb(-max(places, 2)))


def frames(result: Any, language: Language = "en") -> dict[str, pd.DataFrame]:
    """Tables of a result by name; see `costlab.frames`. Raises `TypeError` where there are none."""
    for kind, tables in _TABLES.items():
        if isinstance(result, kind):
            return {**tables(result), "problems": _problems(result.problems, language)}
    raise TypeError(f"no tables can be made of {type(result).__name__}")


def _estimate(result: Estimate) -> dict[str, pd.DataFrame]:
    return {"charges": charges_frame(result), "resources": _records(result.resources)}


def _comparison(result: Comparison) -> dict[str, pd.DataFrame]:
    causes = {"cause": pd.Series(list(result.causes), dtype="str"), "amount": decimals(list(result.causes.values()))}
    return {"lines": table_frame(result.lines), "causes": pd.DataFrame(causes)}


def _inventory(result: Inventory) -> dict[str, pd.DataFrame]:
    return {
        "machines": _records(result.machines),
        "resources": _records(result.resources),
        "set_aside": _records(result.set_aside),
    }


_TABLES: dict[type[Any], Callable[[Any], dict[str, pd.DataFrame]]] = {
    Estimate: _estimate,
    Comparison: _comparison,
    Bill: lambda bill: {"charges": charges_frame(bill)},
    Budget: lambda budget: {"months": _records(budget.rows), "run_rate": _records(budget.run_rate)},
    Inventory: _inventory,
}


def _problems(problems: Iterable[Problem], language: Language) -> pd.DataFrame:
    rows = [
        {"source": p.source, "line": p.line, "subject": p.subject, "code": p.code, "kind": errors.kind(p),
         "message": errors.message(p, language), "remedy": errors.remedy(p, language)}
        for p in problems
    ]  # fmt: skip
    names = ["source", "line", "subject", "code", "kind", "message", "remedy"]
    return pd.DataFrame(rows, columns=names).astype({"line": "Int64"})


def _records(records: Sequence[Any]) -> pd.DataFrame:
    """Records of one kind as rows: decimals as such, what has parts of its own as JSON."""
    names = _fields(records[0]) if records else ()
    return pd.DataFrame({name: _column([getattr(record, name) for record in records]) for name in names})


def _fields(record: Any) -> tuple[str, ...]:
    return tuple(type(record).model_fields) if isinstance(record, BaseModel) else tuple(record.__dataclass_fields__)


def _column(values: list[Any]) -> pd.Series:
    if any(isinstance(v, Decimal) for v in values):
        return decimals([v if v is None else _readable(v) for v in values])
    if any(isinstance(v, BaseModel | Mapping | tuple) for v in values):
        return pd.Series([_json(v) for v in values], dtype="str")
    if any(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return pd.Series(values, dtype="Int64")
    return pd.Series(values, dtype=object if any(v is None for v in values) else None)


def _readable(value: Decimal) -> Decimal:
    """Money and quantities as they are; a present value, which is a quotient of sixty digits, to twelve decimals."""
    with exact():
        return round(value, 12) if int(value.as_tuple().exponent) < -_FINEST else value


def _json(value: Any) -> str:
    def plain(part: Any) -> Any:
        return part.model_dump(mode="json", exclude_defaults=True) if isinstance(part, BaseModel) else str(part)

    return json.dumps(value, ensure_ascii=False, default=plain)
