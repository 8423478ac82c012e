"""The header of a table somebody exported: the row that names most of what is known, or two rows read as one.

Reports put titles above the header and merge its cells: over several columns (the name stands once, above the first)
and over two rows (the name stands once, in the upper one).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

WHOLE = 1000
"""A row with such a score names every column a reader needs."""

Score = Callable[[list[str]], int]
"""How much a row looks like the header: 0 is not at all."""


@dataclass(frozen=True)
class Header:
    """A header: first and last line, names, and what was done to get them."""

    rank: tuple[int, int]
    start: int
    end: int
    cells: tuple[str, ...]
    notes: dict[str, int] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    """The text of each row above it."""


def find(rows: Iterable[tuple[int, int, list[str]]], score: Score) -> Header | None:
    """The best row of `rows` (first line, last line, cells); two joined only when no single one is enough."""
    top = list(rows)
    best: Header | None = None
    for above, (start, end, cells) in enumerate(top):
        rank = (score(cells), sum(bool(c.strip()) for c in cells))
        if rank[1] and (best is None or rank > best.rank):
            notes = {"preamble": above} if above else {}
            best = Header(rank, start, end, tuple(cells), notes, _texts(top[:above]))
    # A second row may say which of two sums is the one: joined rows win where they name no less, and more cells.
    for above, ((start, _, upper), (_, end, lower)) in enumerate(pairwise(top)):
        cells = joined(upper, lower)
        rank = (score(cells), sum(bool(c.strip()) for c in cells))
        if (
            best is not None
            and rank[0] >= WHOLE
            and (rank > best.rank or (start == best.start and _split(upper, lower)))
        ):
            notes = {"header_joined": 1} | ({"preamble": above} if above else {})
            best = Header(rank, start, end, tuple(cells), notes, _texts(top[:above]))
    return best


def _split(upper: list[str], lower: list[str]) -> bool:
    """Whether the lower row only names parts of the columns above it: words, some of them beside the upper names."""
    named = [bool(c.strip()) for c in [*upper, *[""] * len(lower)]]
    parts = [n for n, c in enumerate(lower) if c.strip()]
    words = all(not any(d.isdigit() for d in lower[n]) for n in parts)
    return words and any(not named[n] for n in parts) and not lower[0].strip()


def _texts(rows: Iterable[tuple[int, int, list[str]]]) -> tuple[str, ...]:
    return tuple(" ".join(c.strip() for c in cells if c.strip()) for _, _, cells in rows)


def joined(upper: list[str], lower: list[str]) -> list[str]:
    """Two rows of a header as one: a name above several columns stands before each of theirs.

    >>> joined(["Дата", "Ресурс", "", "Сумма"], ["", "ID", "имя", ""])
    ['Дата', 'Ресурс ID', 'Ресурс имя', 'Сумма']
    """
    width = max(len(upper), len(lower))
    above, below = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    names, group = [], ""
    for first, second in zip(above, below, strict=True):
        group = first.strip() or (group if second.strip() else "")
        names.append(" ".join(filter(None, (group, second.strip()))))
    return names
