"""What a file seems to be, by a look at its beginning."""

from dataclasses import dataclass
from pathlib import Path

from costlab.bills.readers import claims, layouts, open_bill
from costlab.bills.reading.columns import columns_taken
from costlab.bills.reading.profile import Profile

_PREVIEW = 5


@dataclass(frozen=True)
class Detected:
    """What a file seems to be, before its rows are read."""

    source: str
    format: str
    """Name of the reader; "" when none claims the file as it is."""
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    header_line: int
    header: tuple[str, ...]
    columns: dict[str, str]
    """Our field (`label:env` for a label's own column) → the header taken for it."""
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    """Required fields without a column."""
    rows: tuple[tuple[str, ...], ...]
    """The first rows below the header."""


def detect(path: Path | str, *, profile: Profile | None = None) -> Detected:
    """What a file seems to be; reads only its beginning. Raises `InputError` when it is no table at all."""
    table = open_bill(path, profile, whole=False)
    seen = layouts(table, profile)
    claiming = [name for name in seen if claims(name, table, profile)]
    best = max(seen, key=lambda n: (n in claiming, seen[n].score))
    return Detected(
        source=table.source,
        format=best if best in claiming else "",
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        header_line=table.header_line,
        header=table.header,
        columns=columns_taken(table.header, seen[best]),
        ignored=seen[best].ignored,
        missing=seen[best].missing,
        rows=tuple(tuple(r) for r in table.preview[:_PREVIEW]),
    )
