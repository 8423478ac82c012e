"""The rows of an irregular CSV, line by line: a broken row costs itself and no other."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_CONTINUED = 20
"""A quoted cell may go on for this many lines; further on, a stray quote is the likelier cause."""

Row = tuple[int, list[str] | None, str]
"""Line, the cells (None: not a row), and the line's text when it is not a row."""


@dataclass(frozen=True)
class Shape:
    """How a table is written."""

    delimiter: str
    header_end: int
    """Last line of the header."""
    least: int
    """Cells a row must have."""
    width: int


def careful_records(numbered: Iterable[tuple[int, str]], shape: Shape) -> Iterator[Row]:
    """Rows below the header. A broken row costs only itself: what was taken for its continuation is read again."""
    lines = iter(numbered)
    delimiter, least, width = shape.delimiter, shape.least, shape.width
    again: deque[tuple[int, str]] = deque()
    blank = " \t\r\n" + delimiter
    while True:
        number, line = again.popleft() if again else next(lines, (0, ""))
        if not number:
            return
        if number <= shape.header_end or not line.strip(blank):
            continue
        taken = [(number, line)]
        cells = _split(line, delimiter, least, width)
        while cells == [] and len(taken) < _CONTINUED:
            following = again.popleft() if again else next(lines, None)
            if following is None:
                break
            taken.append(following)
            cells = _split("".join(text for _, text in taken), delimiter, least, width)
        if len(taken) > 1 and (not cells or any(_split(text, delimiter, least, width) for _, text in taken[1:])):
            cells = None
        if not cells:
            again.extendleft(reversed(taken[1:]))
        yield number, cells or None, line.rstrip("\r\n")


def _split(text: str, delimiter: str, least: int, width: int) -> list[str] | None:
    """The cells of a record; [] when a quoted cell is still open; None when it is not a row of this table."""
    text = text.rstrip("\r\n")
    if '"' not in text:
        cells = text.split(delimiter)
    else:
        try:
            cells = next(
                csv.reader(
                    [text] if "\n" not in text else io.StringIO(text, newline=""), delimiter=delimiter, strict=True
                ),
                [],
            )
        except csv.Error as error:
            return [] if "unexpected end" in str(error) else None
    if len(cells) == width:
        return cells
    if len(cells) < least or any(cells[width:]):
        return None
    return (cells + [""] * width)[:width]
