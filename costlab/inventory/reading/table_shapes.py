"""Where the tables of a sheet stand: header, tables side by side, sheets without a table, hidden parts."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from costlab.inventory.reading.cells import fields_of, normal, number
from costlab.inventory.reading.machines import InventoryDraft
from costlab.inventory.reading.sample import Sample
from costlab.inventory.reading.table_words import NEED

Rows = Sequence[tuple[int, list[str]]]


def bands(
    rows: Sequence[tuple[int, list[str]]], known: Mapping[str, Sequence[str]]
) -> list[list[tuple[int, list[str]]]]:
    """The rows of each of several tables that stand side by side: every other column blank. One table, one band.

    Tables are parted by columns that are blank from top to bottom (but for titles), or by a header that says its first
    name again; each part must name all that is needed.
    """
    start = next(headers(rows, known, len(rows)), None)
    if start is None:
        return [list(rows)]
    width = max(len(c) for _, c in rows)
    filled = [cells for _, cells in rows if sum(bool(c.strip()) for c in cells) > 1]
    blank = {i for i in range(width) if not any(i < len(c) and c[i].strip() for c in filled)}
    header = [normal(c) for c in rows[start][1]]
    first = next(c for c in header if c)
    cuts = blank | {i for i, c in enumerate(header) if c == first}
    edges = sorted({0, width, *cuts})
    parts = [(a, b) for a, b in pairwise(edges) if any(i not in blank for i in range(a, b))]
    found = [
        part for low, high in parts if next(headers(part := _band(rows, low, high), known, len(rows)), None) is not None
    ]
    return found if len(found) > 1 and len(found) == len(parts) else [list(rows)]


def _band(rows: Sequence[tuple[int, list[str]]], low: int, high: int) -> list[tuple[int, list[str]]]:
    masked = ((n, [c if low <= i < high else "" for i, c in enumerate(cells)]) for n, cells in rows)
    return [(n, cells) for n, cells in masked if any(c.strip() for c in cells)]


def other_sheet(draft: InventoryDraft, rows: Sequence[tuple[int, Sequence[str]]], sheet: str, origin: str) -> None:
    """A sheet without machines is set aside; one with numbers may hold some: the result is incomplete."""
    en, ru = "no table of machines is on this sheet", "на листе нет таблицы машин"
    if sum(number(c) is not None for _, cells in rows for c in cells) > 1:
        draft.unusable(origin, sheet, "other_sheet", en, ru)
    else:
        draft.aside(origin, sheet, "other_sheet", en, ru)


def hidden_parts(sample: Sample, sheet: str) -> tuple[str, str] | None:
    """What of a sheet that was read a person does not see in it, in both languages."""
    look = sample.look(sheet)
    if look.hidden:
        return "the sheet is hidden: it is read as well", "лист скрыт: он тоже прочитан"
    if look.hidden_rows or look.hidden_columns:
        count = f"{look.hidden_rows}, {look.hidden_columns}"
        return (f"hidden rows and columns ({count}) are read as well",
                f"скрытые строки и столбцы ({count}) тоже прочитаны")  # fmt: skip
    return None


def headers(rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, Sequence[str]], depth: int) -> Iterator[int]:
    """Places of the rows, among the first, that name all that is needed; the richest first."""
    found = [(len(f), i) for i, (_, c) in enumerate(rows[:depth]) if all(n in (f := fields_of(c, known)) for n in NEED)]
    yield from (i for _, i in sorted(found, key=lambda x: (-x[0], x[1])))
