"""A bill as it was read: what the file is, what it says of itself, and its rows as a table.

`charges` has one row per accepted row of the file, in the file's order, in memory or in a Parquet file:

| column | type | meaning |
|---|---|---|
| line | int64 | line (CSV) or row (sheet, Parquet) of the file, counted from 1 |
| project | string | project or sub-account of the provider (`mcs…`), "" when the file does not say |
| resource_id | string | "" for what belongs to a project as a whole |
| service | string | the section of the price list as the file names it, "" when it does not |
| parameter | string | the name of the price list's item, as in the file |
| day | date32 | day on the region's clock on which the charge begins |
| quantity | decimal128(38, 18), null | as in the file, in `unit`; null when the file has no quantity |
| unit | string | unit of the quantity as in the file, "" when it does not say |
| amount | decimal128(38, 18) | money taken, gross, positive = the customer pays (BilledCost of FOCUS) |
| bonus | decimal128(38, 18) | the part paid with bonuses, positive; the whole price is amount + bonus |
| tags | string | labels as a JSON object |
| category | string | Usage, Purchase, Tax, Credit or Adjustment, as FOCUS has them; Usage when the file does not say |
| charge_class | string | Correction for a row that mends an invoiced period, else "" |
| currency | string | ISO code; money of two currencies is never added |
| period | date32 | first day of the billing month; the day's month when the file does not say |
| account | string | billing account |
| region | string | as in the file |
| resource_name | string | as in the file |
| sku | string | identifier of the price list's item, as in the file |
| description | string | as in the file |
| list_cost | decimal128(38, 18), null | at list prices, as in the file |
| effective_cost | decimal128(38, 18), null | on accrual basis, as in the file |
| invoice | string | number of the document |
| start, end | timestamp (us, UTC), null | what the charge covers, half-open; null where that is the whole day |
| file | string | the file the row stands in |
| x_… | string | every column of the file that is none of these, as text, named after its header |

Text is "" when the file does not say, never null. Eighteen decimals are what the most exact exports show; a number
with more of them is refused, none is rounded.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from costlab.model.numbers import Problem

DECIMALS = 18
"""Decimals of money and quantities."""
NUMBER = pa.decimal128(38, DECIMALS)
MOMENT = pa.timestamp("us", "UTC")
ROWS = pa.schema(
    [
        ("line", pa.int64()),
        ("project", pa.string()),
        ("resource_id", pa.string()),
        ("service", pa.string()),
        ("parameter", pa.string()),
        ("day", pa.date32()),
        ("quantity", NUMBER),
        ("unit", pa.string()),
        ("amount", NUMBER),
        ("bonus", NUMBER),
        ("tags", pa.string()),
        ("category", pa.string()),
        ("charge_class", pa.string()),
        ("currency", pa.string()),
        ("period", pa.date32()),
        ("account", pa.string()),
        ("region", pa.string()),
        ("resource_name", pa.string()),
        ("sku", pa.string()),
        ("description", pa.string()),
        ("list_cost", NUMBER),
        ("effective_cost", NUMBER),
        ("invoice", pa.string()),
        ("start", MOMENT),
        ("end", MOMENT),
    ]
)
"""What a reader makes of the rows of one file; `x_…` columns follow `file`."""
CHARGES = ROWS.append(pa.field("file", pa.string()))


@dataclass(frozen=True)
class Control:
    """How many rows became charges, and the sum of their amounts with the file's sign, all currencies together."""

    rows: int
    amount: Decimal


@dataclass(frozen=True)
class Bill:
    """One file (or several read as one), and its rows. accepted + rejected = rows."""

    source: str
    format: str
    """Name of the reader (a module of `costlab/bills`)."""
    provider: str
    region: str
    currency: str
    """"" when there are several: then only `totals` is money."""
    sha256: str
    encoding: str
    delimiter: str
    """"" for a sheet."""
    header_line: int
    columns: dict[str, str]
    """Which header of the file was taken for which of our columns."""
    ignored: tuple[str, ...]
    """Headers nobody knew; a mapping profile can name them."""
    rows: int
    accepted: int
    rejected: int
    total: Decimal
    """Σ of the file's own amount column over the accepted rows, all digits, with the file's sign."""
    sign: int
    """-1 when the file shows what is paid as negative; amount = sign × the file's number."""
    control: Decimal | None
    """The file's own footer total, where it has one."""
    first_day: date | None
    last_day: date | None
    projects: tuple[str, ...]
    loaded: pa.Table | None = None
    """The charges when they are in memory; ask `charges`."""
    parquet: Path | None = field(default=None, compare=False)
    """The file of the charges when they are not."""
    totals: dict[str, Decimal] = field(default_factory=dict)
    """Currency → Σ amount: the money taken, positive = the customer pays."""
    before: Control = Control(0, Decimal(0))
    """Counted and summed from the file's text; `after` from the typed rows. They are equal."""
    after: Control = Control(0, Decimal(0))
    added: Control = Control(0, Decimal(0))
    """Charges that are credits out of columns or lists inside the accepted rows: beside them, with `totals`' sign."""
    basis: str = ""
    """`actual` or `amortized` where the rows show which of two views of the money they are."""
    notes: tuple[tuple[str, int], ...] = ()
    """What was repaired or noticed, and how often."""
    problems: tuple[Problem, ...] = field(default_factory=tuple)

    @cached_property
    def charges(self) -> pa.Table:
        """Every row in memory, in the file's order; large bills are better asked by SQL over `parquet`."""
        if self.loaded is not None:
            return self.loaded
        if self.parquet is None:
            return CHARGES.empty_table()
        table = pq.ParquetFile(self.parquet).read()
        return table.cast(pa.schema([f.with_nullable(True) for f in table.schema]))
