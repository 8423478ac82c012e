"""Aligned text for a terminal."""

from collections.abc import Container
from unicodedata import east_asian_width

from costlab.i18n.words import visible


def layout(rows: list[list[str]], rules: set[int], right: Container[int]) -> str:
    """Aligned text; a rule is drawn below the rows in `rules`, the columns in `right` stand right."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for index, row in enumerate(rows):
        cells = [_pad(cell, width, right=i in right) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
        if index in rules:
            lines.append("─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
