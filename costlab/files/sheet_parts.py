"""Several sheets of a workbook that are one table: a report of more rows than a sheet holds is split over them.

While such a table is read, one number says sheet and row, so that rows keep one order. A sheet all of whose rows stand
on another one is a copy or an excerpt: read as well, it would be the same money twice.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from costlab.files.careful import Row

_SHIFT = 21
"""A row of a sheet has fewer bits."""
MASK = (1 << _SHIFT) - 1

_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Part:
    """A sheet, and the last row of its header."""

    sheet: str
    header_end: int


def line_of(part: int, row: int) -> int:
    """The number that says sheet and row; of the first sheet it is the row itself.

    >>> place_of(line_of(3, 17))
    (3, 17)
    """
    return part << _SHIFT | row


def place_of(line: int) -> tuple[int, int]:
    """Number of the sheet (from 0), and row."""
    return line >> _SHIFT, line & MASK


def sheet_of(place: str) -> str:
    """The sheet that a place `workbook!sheet` names; "" for a file as a whole.

    >>> sheet_of("bill.xlsx!Лист 2"), sheet_of("so!.csv")
    ('Лист 2', '')
    """
    book, _, sheet = place.rpartition("!")
    return sheet if book.lower().endswith(_BOOKS) else ""


def part_sql(line: str) -> str:
    """SQL for the number of the sheet of a line."""
    return f"({line} >> {_SHIFT})"


def emptied(
    rows: Iterable[tuple[int, list[str]]], uncomputed: Collection[tuple[int, int]]
) -> Iterable[tuple[int, list[str]]]:
    """Rows in which a formula that nobody computed (line, and column from 1) is empty, whatever stands in its place."""
    return (
        (
            (line, ["" if c and (line, n) in uncomputed else c for n, c in enumerate(cells, start=1)])
            for line, cells in rows
        )
        if uncomputed
        else rows
    )


def hashed(rows: Iterable[Row], hashes: "array[int]") -> Iterator[Row]:
    """The rows as they are; what tells each from others goes to `hashes`, blank ones left out."""
    for row in rows:
        if any(row[1] or ()):
            hashes.append(hash(tuple(row[1] or ())))
        yield row


def repeated(rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Each sheet all of whose rows stand on another one, as often: its number, and the other's.

    `rows` are the hashes of the rows of each.

    >>> list(repeated([[1, 2, 3, 3], [3, 1], [3, 3, 3], [9]]))
    [(1, 0)]
    """
    counted = [np.unique(np.asarray(hashes, np.int64), return_counts=True) for hashes in rows]
    left = set(range(len(rows)))
    for n in sorted(left, key=lambda n: (len(rows[n]), -n)):
        hashes, counts = counted[n]
        for other in sorted(left - {n}):
            known, times = counted[other]
            if not len(hashes) or not len(known):
                continue
            at = np.searchsorted(known, hashes).clip(max=len(known) - 1)
            if bool(np.all((known[at] == hashes) & (times[at] >= counts))):
                left.remove(n)
                yield n, other
                break
