"""A table as JSON: one object a line (as BigQuery exports it, packed or not), or one list of objects.

A field inside another is a column named after both, with a point between them, as the CSV of the same data has it; a
list stays one cell of JSON. Every number keeps its digits. The line is the one the object stands on, in a list its
number. A line that is no object is set aside like any broken row.
"""

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from costlab.files import encodings
from costlab.files.careful import Row
from costlab.files.documents import read_data

MAX_DEPTH = 20
_PREVIEW = 50
_FEW = 2
_FAULTS = (ValueError, RecursionError)


@dataclass(frozen=True)
class JsonLook:
    """Columns, in the order in which they first appear, and how to go through the rows."""

    header: tuple[str, ...]
    preview: list[list[str]]
    rows: Callable[[], Iterator[Row]]
    content: encodings.Content


def is_table(head: bytes) -> bool:
    """Whether a file that begins so holds one object a line, or a list of objects; `head` may be packed."""
    start = encodings.unpacked(head).removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"["):
        return start[1:].lstrip().startswith(b"{")
    first = start.partition(b"\n")[0]
    if not first.startswith(b"{"):
        return False
    try:
        return isinstance(data := _object(first.decode("utf-8", "replace")), dict) and len(data) >= _FEW
    except _FAULTS:
        return False


def look(path: Path, head: bytes, limit: int, *, whole: bool) -> JsonLook:
    """The columns of the table; `whole=False` looks at its beginning only. Raises `InputError`, `OSError`."""
    listed = encodings.unpacked(head).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"[")
    # A list may stand on one line, however long: its limit is that of data that a program wrote.
    content = encodings.look(path, limit, whole=whole and not listed)

    def objects() -> Iterator[tuple[int, dict[str, str] | None, str]]:
        numbered = _items(path) if listed else _lines(path, content.encoding, limit)
        return ((n, dict(_flat(data, "", 0)) if isinstance(data, dict) else None, text) for n, data, text in numbered)

    names: dict[str, None] = {}
    for _, cells, _ in objects() if whole or listed else islice(objects(), _PREVIEW):
        names.update(dict.fromkeys(cells or ()))
    header = tuple(names)

    def rows() -> Iterator[Row]:
        for number, cells, text in objects():
            yield number, None if cells is None else [cells.get(name, "") for name in header], text

    preview = [cells for _, cells, _ in islice(rows(), _PREVIEW) if cells is not None]
    return JsonLook(header, preview, rows, content)


def _lines(path: Path, encoding: str, limit: int) -> Iterator[tuple[int, Any, str]]:
    """Number, data and text of every line that is not blank; the data of a broken one is None."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    number, rest = 0, ""
    for chunk in encodings.chunks(path, limit):
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in whole:
            number += 1
            if line.strip("\ufeff \t\r"):
                yield number, _parsed(line), line.rstrip("\r")
    if rest.strip():
        yield number + 1, _parsed(rest), rest


def _items(path: Path) -> Iterator[tuple[int, Any, str]]:
    data = read_data(path)
    for number, item in enumerate(data if isinstance(data, list) else [data], start=1):
        yield number, item, "" if isinstance(item, dict) else _json(item)


def _parsed(line: str) -> Any:
    try:
        return _object(line)
    except _FAULTS:
        return None


def _object(line: str) -> Any:
    return json.loads(
        line.lstrip("\ufeff"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_without_doubles
    )


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    without_doubles = dict(pairs)
    if len(without_doubles) != len(pairs):
        raise ValueError("a key given twice")
    return without_doubles


def _flat(data: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, dict) and value and depth < MAX_DEPTH:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
        elif value is not None:
            yield f"{prefix}{key}", value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    """A value as JSON, every number with its digits and without an exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
