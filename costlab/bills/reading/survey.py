"""One pass over the rows of text: what the columns hold, before any cell is given a meaning.

How numbers are written (their shapes), which texts the columns of days, labels and names hold: all of it is counted in
one scan, so that a file of many gigabytes is read twice and not once for every question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from costlab.bills.reading.values import shape_sql

EDGES = " \t\n\r\u00a0\ufeff\u202f"
TRIM = " || ".join(f"chr({ord(c)})" for c in EDGES)
NOTHING = ("NULL", "null", "Null", "N/A", "n/a", "-", "—", "–")
"""Words that some exports write for an empty text."""
_TOTAL = r"(?i)итог|всего|общая сумма|сумма к оплате|в том числе|total"
"""Whatever may be the name of a total; `_totals.TOTAL` decides."""
_PLAIN = "-?[0-9]{1,40}([.,][0-9]{1,40})?"
_MANGLED = r"[0-9][.,][0-9]+[eE]\+[0-9]+"


@dataclass(frozen=True)
class Shape:
    """Cells of a column of numbers that are written the same way, each digit as 9."""

    text: str
    zero: bool
    """The number begins with 0."""
    count: int
    digits: int | None
    """Σ of the cells with their decimal sign taken out, minus signs kept; None where a cell has too many for this."""


@dataclass
class Survey:
    """What the columns hold."""

    rows: int = 0
    shapes: dict[str, list[Shape]] = field(default_factory=dict)
    """By column."""
    texts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Every distinct text of a column, and how many rows have it."""
    suspects: dict[str, dict[str, int]] = field(default_factory=dict)
    """Those texts of a column that are empty, have spaces around them, or may be the name of a total."""
    labels: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    """Distinct cells of the columns of labels, and how many rows have them."""
    mangled: int = 0
    """Rows whose identifier a spreadsheet made a number of."""


@dataclass(frozen=True)
class SurveyPlan:
    """The columns (`c0`, `c1`, …) a survey looks at."""

    numbers: Sequence[str]
    texts: Sequence[str]
    named: Sequence[str]
    """Columns in which the name of a total may stand."""
    labels: Sequence[str]
    summed: str
    """The one of `numbers` whose digits are summed."""
    identifier: str
    """"" when the file has none."""


@dataclass(frozen=True)
class _Set:
    """Texts that are counted together."""

    kind: str
    """`shapes`, `texts`, `named`, `labels` or `flags`."""
    column: str
    keys: tuple[str, ...]
    """SQL of what the rows are grouped by."""


def survey(connection: duckdb.DuckDBPyConnection, asked: SurveyPlan) -> Survey:
    """Look at every row of the view `raw` once. Raises `duckdb.Error` for a file that DuckDB cannot split."""
    mangled = " OR ".join(f"contains({asked.identifier}, '{e}+')" for e in "Ee") if asked.identifier else "false"
    named = [c for c in asked.named if c not in asked.texts]
    sets = [
        *(_Set("shapes", c, _shape_keys(c)) for c in asked.numbers),
        *(_Set("texts", c, (c,)) for c in asked.texts),
        *([_Set("named", "", tuple(named))] if named else []),
        *([_Set("labels", "", tuple(asked.labels))] if asked.labels else []),
        _Set("flags", "", (mangled,)),
    ]
    _group(connection, sets, asked.summed)
    found = Survey()
    for own in sets:
        rows = _rows(connection, sets, own, asked.summed) if own.kind != "named" else []
        if own.kind == "shapes":
            found.shapes[own.column] = [
                Shape(*_shape(*keys), n, None if missing else digits) for *keys, n, digits, missing in rows
            ]
        elif own.kind == "named":
            for column, key in zip(named, _names(sets, own), strict=True):
                found.suspects[column] = _suspects(connection, key, sets.index(own))
        elif own.kind == "labels":
            found.labels = [(tuple(texts), n) for *texts, n in rows]
        elif own.kind == "flags":
            found.rows = sum(n for _, n in rows)
            found.mangled = sum(n for bad, n in rows if bad)
        else:
            found.texts[own.column] = dict(rows)
    connection.execute("DROP TABLE surveyed")
    for column in asked.named:
        found.suspects.setdefault(column, found.texts.get(column, {}))
    return found


def _shape_keys(column: str) -> tuple[str, str, str]:
    """A number for a cell of digits with one decimal sign; else the text of its shape, and whether it begins with 0.

    Making the text of every cell would cost more than all the rest.
    """
    is_plain = f"regexp_full_match({column}, '{_PLAIN}')"
    # Such a cell begins with a minus, which comes before the point, or with a digit: comparing tells which.
    start = f"CASE WHEN {column} < '.' THEN 2 + ({column} < '-1')::INTEGER ELSE ({column} < '1')::INTEGER END"
    marks = f"instr({column}, '.') * 512 + instr({column}, ',') * 4"
    code = f"CASE WHEN {is_plain} THEN strlen({column}) * 65536 + {marks} + ({start}) END"
    return (
        code,
        f"CASE WHEN NOT {is_plain} THEN {shape_sql(column)} END",
        f"CASE WHEN NOT {is_plain} THEN starts_with(ltrim({column}, ' -−+'), '0') END",
    )


def _shape(code: int | None, text: str | None, zero: bool | None) -> tuple[str, bool]:
    """The shape and whether it begins with 0, from what `_shape_keys` yields."""
    if code is None:
        return text or "", bool(zero)
    length, point, comma, rest = code // 65536, code % 65536 // 512, code % 512 // 4, code % 4
    cells = ["9"] * length
    if point or comma:
        cells[max(point, comma) - 1] = "." if point else ","
    if rest & 2:
        cells[0] = "-"
    return "".join(cells), bool(rest & 1)


def _names(sets: Sequence[_Set], own: _Set) -> list[str]:
    """The columns of `surveyed` that hold the keys of a set."""
    first = sum(len(s.keys) for s in sets[: sets.index(own)])
    return [f"k{n}" for n in range(first, first + len(own.keys))]


def _group(connection: duckdb.DuckDBPyConnection, sets: Sequence[_Set], summed: str) -> None:
    """The table `surveyed`: `g` says which set a row is of."""
    names = [_names(sets, own) for own in sets]
    keys = (
        f"{sql} AS {name}"
        for own, known in zip(sets, names, strict=True)
        for sql, name in zip(own.keys, known, strict=True)
    )
    digits = [f"TRY_CAST(replace(replace({c}, '.', ''), ',', '') AS BIGINT) AS digits" for c in [summed] if c]
    sums = ["sum(digits)::HUGEINT AS digits", "count(*) - count(digits) AS missing"] if digits else []
    which = " ".join(f"WHEN GROUPING({known[0]}) = 0 THEN {n}" for n, known in enumerate(names))
    outer = [f"CASE {which} END AS g", *(k for known in names for k in known), "count(*) AS n", *sums]
    groups = ", ".join(f"({', '.join(known)})" for known in names)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE surveyed AS SELECT {', '.join(outer)} "
        f"FROM (SELECT {', '.join([*keys, *digits])} FROM raw) GROUP BY GROUPING SETS ({groups})"
    )


def _rows(connection: duckdb.DuckDBPyConnection, sets: Sequence[_Set], own: _Set, summed: str) -> list[tuple[Any, ...]]:
    """Keys and count of each row of a set; for shapes also the digits' sum, and how many cells it leaves out."""
    names = _names(sets, own)
    columns = [*names, "n"]
    if own.kind == "shapes":
        columns += ["digits", "missing"] if own.column == summed else ["0", "1"]
    return connection.execute(f"SELECT {', '.join(columns)} FROM surveyed WHERE g = {sets.index(own)}").fetchall()


def _suspects(connection: duckdb.DuckDBPyConnection, key: str, place: int) -> dict[str, int]:
    """The texts of one named column that may be no name of a thing."""
    texts = f"(SELECT {key} AS k, sum(n)::BIGINT AS n FROM surveyed WHERE g = {place} GROUP BY 1)"
    where = f"{untidy_sql('k')} OR k = '' OR regexp_matches(k, '{_TOTAL}')"
    return dict(connection.execute(f"SELECT k, n FROM {texts} WHERE {where}").fetchall())


def untidy_sql(text: str) -> str:
    """Whether a text has spaces around it, or is a word for nothing."""
    # Its ends are compared: trimming every text costs ten times as much.
    edges = ", ".join(f"chr({ord(c)})" for c in EDGES)
    return f"({text}[1] IN ({edges}) OR {text}[-1] IN ({edges}) OR {text} IN {NOTHING})"


def tidy_sql(text: str) -> str:
    """A text without spaces around it, "" for a word for nothing."""
    bare = f"trim({text}, {TRIM})"
    return f"CASE WHEN {bare} IN {NOTHING} THEN '' ELSE {bare} END"


def mangled_sql(text: str) -> str:
    """Whether an identifier is a number as spreadsheets write long ones."""
    return f"regexp_full_match({text}, '{_MANGLED}')"


def plain_sum(shape: Shape) -> Decimal | None:
    """Σ of the cells of a plain shape; None when its digits were not summed."""
    if not shape.text:
        return Decimal(0)
    mark = max(shape.text.rfind("."), shape.text.rfind(","))
    decimals = len(shape.text) - mark - 1 if mark >= 0 else 0
    return None if shape.digits is None else Decimal(shape.digits).scaleb(-decimals)
