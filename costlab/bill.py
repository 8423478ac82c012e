"""A bill as it was read: what the file is, what it says of itself, and its rows as a table.

`charges` is an Arrow table, one row per accepted row of the file, in the file's order:

| column | type | meaning |
|---|---|---|
| line | int64 | line (CSV) or row (sheet) of the file, counted from 1 |
| project | string | project of the provider (`mcs…`), "" when the file does not say |
| resource_id | string | "" for what belongs to a project as a whole |
| service | string | the section of the price list as the file names it, "" when it does not |
| parameter | string | the name of the price list's item, as in the file |
| day | date32 | day on the region's clock |
| quantity | decimal128(38, 9), null | as in the file, in `unit`; null when the file has no quantity |
| unit | string | unit of the quantity as in the file, "" when it does not say |
| amount | decimal128(38, 12) | money taken, gross, positive = the customer pays |
| bonus | decimal128(38, 12) | the part paid with bonuses, positive; the whole price is amount + bonus |
| tags | string | labels as a JSON object |
| file | string | the file the row stands in |
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pyarrow as pa

from costlab.model import Problem

ROWS = pa.schema(
    [
        ("line", pa.int64()),
        ("project", pa.string()),
        ("resource_id", pa.string()),
        ("service", pa.string()),
        ("parameter", pa.string()),
        ("day", pa.date32()),
        ("quantity", pa.decimal128(38, 9)),
        ("unit", pa.string()),
        ("amount", pa.decimal128(38, 12)),
        ("bonus", pa.decimal128(38, 12)),
        ("tags", pa.string()),
    ]
)
"""What a reader makes of the rows of one file."""
CHARGES = ROWS.append(pa.field("file", pa.string()))


@dataclass(frozen=True)
class Bill:
    """One file (or several read as one), and its rows. accepted + rejected = rows."""

    source: str
    format: str
    """Name of the reader (a module of `costlab/bills`)."""
    provider: str
    region: str
    currency: str
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
    charges: pa.Table
    notes: tuple[tuple[str, int], ...] = ()
    """What was repaired or noticed, and how often."""
    problems: tuple[Problem, ...] = field(default_factory=tuple)
