"""What the store says of the bills it holds."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from costlab.model.numbers import Problem, exact


@dataclass(frozen=True)
class Stored:
    """An imported file: what was read, and how many of its days are still its own."""

    bill_id: int
    """Numbers the imports in their order; never used again."""
    source: str
    format: str
    provider: str
    region: str
    currency: str
    """"" when there are several: then only `totals` is money."""
    sha256: str
    rows: int
    accepted: int
    rejected: int
    total: Decimal
    """Σ of the file's own amount column over the accepted rows, all digits, with the file's sign."""
    totals: dict[str, Decimal]
    """Currency → Σ amount of the accepted rows: the money taken, positive = the customer pays."""
    control: Decimal | None
    """The file's own footer total, where it has one."""
    sign: int
    first_day: date | None
    last_day: date | None
    periods: tuple[str, ...]
    """Billing months, `2026-11`."""
    projects: tuple[str, ...]
    imported_at: datetime
    """UTC."""
    notes: tuple[tuple[str, int], ...]
    """What was repaired or noticed (keys of `bills.NOTES`), and how often."""
    encoding: str
    delimiter: str
    header_line: int
    columns: dict[str, str]
    ignored: tuple[str, ...]
    days: int
    """Days it claims; a day of two projects counts twice."""
    days_current: int
    """Those of them no newer file has taken."""


@dataclass(frozen=True)
class Replaced:
    """An earlier file that lost days to a newer one."""

    older_id: int
    older_source: str
    first_day: date
    last_day: date
    days: int
    """Days taken from it; a day of two projects counts twice."""
    days_left: int
    """Days it keeps: 0 when it was replaced as a whole."""


@dataclass(frozen=True)
class Restated:
    """Rows and money of one project, day and service before an import and after it."""

    project: str
    """The account where there is no project."""
    day: date
    service: str
    currency: str
    rows_before: int
    rows_after: int
    amount_before: Decimal
    amount_after: Decimal


@dataclass(frozen=True)
class Restatement:
    """What one import changed in days that earlier files had."""

    bill_id: int
    source: str
    imported_at: datetime
    replaced: tuple[Replaced, ...]
    lines: tuple[Restated, ...]
    """Only what differs in rows or money; () when the newer file says the same."""

    @property
    def changed(self) -> dict[str, Decimal]:
        """Currency → after minus before; empty when nothing changed."""
        out: dict[str, Decimal] = {}
        with exact():
            for line in self.lines:
                out[line.currency] = out.get(line.currency, Decimal(0)) + line.amount_after - line.amount_before
        return out


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    source: str
    """The file as it was given; `bill.source` is its name when it was imported."""
    bill: Stored
    status: Literal["imported", "unchanged"]
    """`unchanged`: the same file was imported before, and nothing was done."""
    restatement: Restatement | None
    """What it changed; None when no earlier file had any of its days."""
    problems: tuple[Problem, ...]
    """Of the file itself and of what it replaced."""
