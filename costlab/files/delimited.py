"""Text with delimiters as rows of cells, each with the lines it stands on. What reads such a text begins here."""

import csv
import io
from collections.abc import Iterator

DELIMITERS = (";", ",", "\t")
"""Those that are tried, the likeliest first."""


def delimiter_of(top: str) -> str:
    """The delimiter that splits the first lines of a text into most cells; for tables whose header is not known.

    >>> delimiter_of("Name;vCPU;RAM, GB")
    ';'
    """
    lines = top.splitlines()[:20]
    return max(DELIMITERS, key=lambda d: sum(line.count(d) for line in lines))


def records(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    r"""First line, last line (from 1) and cells of each row; a quoted cell may hold line breaks.

    Raises `csv.Error` where a cell is larger than `csv` takes.

    >>> list(records('a;"b\nc"\nd;e\n', ";"))
    [(1, 2, ['a', 'b\nc']), (3, 3, ['d', 'e'])]
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    end = 0
    for cells in reader:
        start, end = end + 1, reader.line_num
        yield start, end, cells
