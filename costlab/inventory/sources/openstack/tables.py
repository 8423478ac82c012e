"""Tables as the `openstack` client prints them for people (`-f table`): lists and `Field | Value`, borders of `+---+`.

Cells stand where the border has its crosses, so a `|` inside a value is kept; a line whose first cell is blank
continues the row above. Prompts and other lines around tables are passed over. Values are what `-f csv` holds: text,
`None`, Python literals, and `key='value', …` where the client prints an object.
"""

import re
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from typing import Any

from costlab.files import encodings
from costlab.inventory.reading.sample import MAX_TABLE_BYTES, Sample

_BORDER = re.compile(r"\+(?:-+\+)+")
_PAIR = r"[\w:.\-]+=(?:'[^']*'|[^\s,'=]*)"
_PAIRS = re.compile(rf"{_PAIR}(?:, {_PAIR})*")
_Line = tuple[int, list[str]]
_ONE = re.compile(r"([\w:.\-]+)=(?:'([^']*)'|([^\s,'=]*))")


def printed(sample: Sample) -> bool:
    """Whether a border stands at the beginning of the text."""
    content = sample.head.replace(b"\x00", b"").decode("utf-8", errors="replace")
    return any(_BORDER.fullmatch(line.strip()) for line in content.splitlines())


def objects(sample: Sample) -> Iterator[tuple[int, dict[str, str]]]:
    """Line (first = 1) and cells by header of every row of a list; a table of fields is one object."""
    content = encodings.look(sample.path, MAX_TABLE_BYTES, whole=True)
    raw = b"".join(encodings.chunks(sample.path, MAX_TABLE_BYTES))
    lines = raw.decode(content.encoding, errors="replace").removeprefix("\ufeff").split("\n")
    for header, rows in _tables(lines):
        if [c.casefold() for c in header] == ["field", "value"]:
            yield rows[0][0] if rows else 0, {cells[0]: cells[1] for _, cells in rows}
        else:
            yield from ((n, dict(zip(header, cells, strict=True))) for n, cells in rows)


def value(text: str) -> Any:
    """`key='value', other='2'` as an object (several lines: a list of them), anything else as it is."""
    lines = text.replace(",\n", ", ").split("\n")
    found = [dict(_pairs(line)) for line in lines if "='" in line and _PAIRS.fullmatch(line)]
    if not found or len(found) != len(lines):
        return text
    return found[0] if len(found) == 1 else found


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    return ((m[1], m[2] if m[2] is not None else m[3]) for m in _ONE.finditer(line))


def _tables(lines: list[str]) -> Iterator[tuple[list[str], list[_Line]]]:
    """Header and rows of each table: what stands between its first two borders, and below until no table follows."""
    parts: list[list[_Line]] = []
    border = ""
    for number, line in enumerate([*lines, ""], 1):
        bare = line.strip()
        if _BORDER.fullmatch(bare):
            if parts and not parts[-1]:  # two borders in a row: one table ended, another begins
                yield from _table(parts)
                parts = []
            parts, border = [*parts, []], bare
        elif parts and bare.startswith("|"):
            parts[-1].append((number, _cells(bare, border)))
        elif parts:
            yield from _table(parts)
            parts = []


def _table(parts: list[list[_Line]]) -> Iterator[tuple[list[str], list[_Line]]]:
    """A table of its parts between borders; one that was cut off has the rows it has."""
    if not parts[0]:
        return
    header = [" ".join(c).strip() for c in zip_longest(*(cells for _, cells in parts[0]), fillvalue="")]
    rows: list[_Line] = []
    for number, said in (line for part in parts[1:] for line in part):
        cells = (said + [""] * len(header))[: len(header)]
        if rows and not cells[0]:
            rows[-1] = rows[-1][0], [f"{a}\n{b}" if b else a for a, b in zip(rows[-1][1], cells, strict=True)]
        else:
            rows.append((number, cells))
    yield header, rows


def _cells(line: str, border: str) -> list[str]:
    """By the crosses of the border where the line has bars there, else (wide letters) by its bars."""
    places = [i for i, c in enumerate(border) if c == "+"]
    if len(line) == len(border) and all(line[i] == "|" for i in places):
        return [line[a + 1 : b].strip() for a, b in pairwise(places)]
    return [c.strip() for c in line.strip("|").split(" | ")]
