"""How the columns of numbers are written, and SQL that makes money and quantities of them without losing a digit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from costlab.bills.reading.profile import Profile
from costlab.bills.reading.survey import Shape, plain_sum
from costlab.bills.reading.values import BESIDE, SCALES, Notation, Votes, currency_of, shape_sql, votes
from costlab.errors import InputError
from costlab.files.sql_text import literal
from costlab.files.tables import Table
from costlab.model.bill import DECIMALS
from costlab.model.numbers import Problem

_NARROW = 18
"""So many digits fit a machine word, which DuckDB reads several times faster than a wide decimal."""
WIDE = f"DECIMAL(38, {DECIMALS})"


@dataclass
class Number:
    """One column of numbers."""

    text: str
    """SQL for its canonical text: digits with a point, "" for an empty cell, null for what is none."""
    value: str
    """SQL for the number; null for an empty cell."""
    plain: bool
    """Every cell is a number, or empty."""
    filled: bool
    """No cell is empty."""
    negative: bool
    """Some cell is below zero."""
    total: Decimal | None = None
    """Σ of the cells by their digits; None when not every cell is plain."""
    currencies: dict[str, str] = field(default_factory=dict)
    """Shape → the currency it names beside the number."""


@dataclass
class Numbers:
    """The columns of numbers of a file."""

    table: Table
    profile: Profile
    columns: dict[str, str]
    """Field → column of the view `raw`."""
    shapes: dict[str, list[Shape]]
    """By column."""
    ask: Callable[[str], list[tuple[Any, ...]]]
    create_lookup: Callable[[str, dict[str, Any], Any], None]
    joins: list[str] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    def notations(self) -> dict[str, Notation]:
        """How each is written: by the column itself, else by the file's other columns. Raises `InputError`."""
        found = {
            name: votes((s.text, s.zero, s.count) for s in self.shapes[self.columns[name]])
            for name in SCALES if name in self.columns
        }  # fmt: skip
        comma, point = (sum(getattr(v, key) for v in found.values()) for key in ("comma", "point"))
        everywhere = Votes(comma, point).decimal or ("." if self.table.kind in ("xlsx", "parquet") else "")
        notations = {}
        for name, column_votes in found.items():
            decimal = self.profile.decimal or column_votes.decimal or everywhere
            if not decimal and column_votes.undecided and name not in BESIDE:
                column = self.columns[name]
                [[example]] = self.ask(
                    f"SELECT min({column}) FROM raw WHERE {shape_sql(column)} = {literal(column_votes.open)}"
                )
                header = self.table.header[int(column[1:])]
                args = {"column": header, "value": example}
                raise InputError(Problem(code="ambiguous_numbers", source=self.table.source, args=args))
            groups = column_votes.grouped or not (column_votes.ungrouped or not decimal)
            notations[name] = Notation(decimal or ".", groups, SCALES[name])
            if decimal == ",":
                self.notes["decimal_comma"] = self.notes.get("decimal_comma", 0) + 1
        return notations

    def number(self, name: str, notation: Notation) -> Number:
        """SQL for one of them; what SQL does not read itself becomes a small table to join."""
        column, shapes = self.columns[name], self.shapes[self.columns[name]]
        kinds = {s.text: notation.kind(s.text) for s in shapes}
        plain = f"replace({column}, ',', '.')" if notation.decimal == "," else column
        filled = all(s.text for s in shapes)
        negative = any(c in s.text for s in shapes for c in "-−–(")
        if all(kind == "plain" for kind in kinds.values()):
            sums = [plain_sum(s) for s in shapes]
            total = None if None in sums else sum((s for s in sums if s is not None), Decimal(0))
            value = plain if filled else f"nullif({plain}, '')"
            return Number(plain, _cast(value, list(kinds), notation), True, filled, negative, total)
        examples = dict(self.ask(f"SELECT {shape_sql(column)}, any_value({column}) FROM raw GROUP BY 1"))
        repaired = sum(s.count for s in shapes if kinds[s.text] != "plain" and notation.canonical(examples[s.text]))
        if repaired:
            self.notes["numbers_repaired"] = self.notes.get("numbers_repaired", 0) + repaired
        nothing = sum(s.count for s in shapes if s.text.strip() and notation.canonical(examples[s.text]) == "")
        if nothing:
            self.notes["null_words"] = self.notes.get("null_words", 0) + nothing
        self.create_lookup(f"kinds_{name}", kinds, pa.string())
        join = f"LEFT JOIN kinds_{name} ON kinds_{name}.k = {shape_sql(column)}"
        slow = f"SELECT DISTINCT {column} FROM raw {join} WHERE kinds_{name}.v = 'slow'"
        self.create_lookup(f"slow_{name}", {t: notation.canonical(t) for [t] in self.ask(slow)}, pa.string())
        self.joins += [join, f"LEFT JOIN slow_{name} ON slow_{name}.k = {column}"]
        text = (
            f"CASE kinds_{name}.v WHEN 'plain' THEN {plain} WHEN 'clean' THEN {notation.clean_sql(column)} "
            f"ELSE slow_{name}.v END"
        )
        marks = {s: code for s in kinds if "9" in s and (code := currency_of(s))}
        # An unreadable number is named by the row's reason; what is readable fits its column and loses no digit.
        return Number(text, f"TRY_CAST(nullif({text}, '') AS {WIDE})", False, filled, negative, None, marks)


def unreadable(numbers: dict[str, Number]) -> Iterator[tuple[str, str]]:
    """Conditions and fields of rows in which a number is none, or the amount is not there."""
    for name in SCALES:
        number = numbers.get(name)
        if number and name == "amount" and not (number.plain and number.filled):
            yield f"({number.value}) IS NULL", name
        elif number and not number.plain and name not in BESIDE:
            yield f"({number.text}) IS NULL", name


def digits_sql(text: str) -> str:
    """SQL for a canonical text as an integer of 10^-18: another way to a sum than the column's type."""
    places = f"CASE WHEN contains({text}, '.') THEN length({text}) - instr({text}, '.') ELSE 0 END"
    return f"CAST(replace({text}, '.', '') || repeat('0', {DECIMALS} - ({places})) AS HUGEINT)"


def _cast(text: str, shapes: list[str], notation: Notation) -> str:
    """A plain text as a decimal; every digit was counted, so nothing can be rounded."""
    parts = [s.lstrip("-").partition(notation.decimal) for s in shapes]
    whole, decimals = max([1, *(len(p[0]) for p in parts)]), max([0, *(len(p[2]) for p in parts)])
    if whole + decimals <= _NARROW:
        return f"CAST(CAST({text} AS DECIMAL({whole + decimals}, {decimals})) AS {WIDE})"
    return f"CAST({text} AS {WIDE})"
