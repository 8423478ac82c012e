"""Questions about charges, one SQL file each; the folder is the registry, and a file's head says all of the question.

A question (`_card.py` has the keys of its head) reads the view `asked` (see `_asked.py`): the charges of `charge` under
a filter, with dimensions and grain. Its answer is checked before it is given: the parts add up to the whole, a currency
by itself, to the last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from costlab.errors import InputError, near
from costlab.model.numbers import Problem, exact
from costlab.questions._asked import DIMENSIONS, GRAINS, MAX_DIMENSIONS, Grain, Where, create_asked_view
from costlab.questions._card import Column, Kind, Question, Word, card, sql
from costlab.questions._relations import RELATIONS, THEN

FIRST = "cost"
"""The question that is asked where none is named."""
_ALL = 1 << 40
SNAPSHOT_DAYS = 30
"""How long a snapshot is not yet old."""


@dataclass(frozen=True)
class Answer:
    """What was asked, what came out, and the whole it is a part of."""

    question: str
    card: Question
    """What the question says of itself."""
    table: pa.Table
    """Money as DECIMAL(38, 18). A column named after each dimension of `by`; a row with `place` > `top` is the rest."""
    where: Where
    by: tuple[str, ...] = ()
    grain: Grain = "total"
    top: int | None = None
    days: int = SNAPSHOT_DAYS
    """For `idle`: the age from which a snapshot is old."""
    totals: dict[str, Decimal] = field(default_factory=dict)
    """Currency → Σ amount of all charges asked about."""
    bonuses: dict[str, Decimal] = field(default_factory=dict)
    charges: int = 0
    first_day: date | None = None
    last_day: date | None = None
    originals: dict[str, Decimal] = field(default_factory=dict)
    """Where money was converted: currency → Σ of what it was before."""
    rates: str = ""
    """The file of the rates it was converted by."""
    problems: tuple[Problem, ...] = ()
    """What had no rate, and so stands in its own currency."""
    periods: tuple[date, ...] = ()
    """Billing months that have charges; for `changed`, the two that were compared."""

    @property
    def rest(self) -> int | None:
        """The `place` of the rows that stand for many; None when there are none."""
        return None if self.top is None else self.top + 1


@cache
def names() -> tuple[str, ...]:
    """Every question, the one most asked first."""
    endings = (f.name.removesuffix(".sql") for f in files(__package__).iterdir() if f.name.endswith(".sql"))
    return tuple(sorted((n for n in endings if not n.startswith("_")), key=lambda n: (n != FIRST, n)))


def ask(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    *,
    where: Where | None = None,
    by: Sequence[str] = (),
    grain: Grain = "total",
    top: int | None = None,
    before: date | None = None,
    after: date | None = None,
    days: int = SNAPSHOT_DAYS,
) -> Answer:
    """Answer a question about the view `charge` of a connection.

    A question takes of `by`, `grain`, `top`, `before` and `after` (first days of billing months, by default the last
    two) and `days` what its head says, and is not moved by the others. Raises `InputError` for an unknown question or
    dimension and for two months that are not there; `ArithmeticError` when the parts are not the whole, our defect.
    """
    if name not in names():
        args = {"question": name, **near(name, names())}
        raise InputError(Problem(code="unknown_question", source="--question", args=args))
    where = where or Where()
    asked = card(name)
    by = tuple(by) if "by" in asked.takes else ()
    grain = grain if "grain" in asked.takes else "total"
    create_asked_view(connection, where, by, grain)
    whole = connection.sql(sql("_total")).to_arrow_table().to_pylist()
    values: dict[str, Any] = {}
    if "months" in asked.takes:
        before, after = _two(before, after, sorted({row["period"] for row in whole}))
        whole = [row for row in whole if row["period"] in (before, after)]
        values |= {"before": before, "after": after}
    if "top" in asked.takes:
        values["top"] = _ALL if top is None else max(top, 0)
    if "days" in asked.takes:
        values["days"] = days
    for relation in asked.needs:
        RELATIONS[relation](connection, whole)
    table = connection.sql(sql(name), params=values).to_arrow_table()
    if asked.then:
        table = THEN[asked.then](table)
    if table.column_names != list(asked.columns):
        raise TypeError(f"{name}.sql yields {table.column_names}, its head says {list(asked.columns)}")
    if "by" in asked.takes:
        table = _named(table, by, grain)
    answer = Answer(
        question=name,
        card=asked,
        table=table,
        where=where,
        by=by,
        grain=grain,
        top=top if "top" in asked.takes else None,
        days=days,
        totals=_sums(whole, "amount"),
        bonuses=_sums(whole, "bonus"),
        charges=sum(row["charges"] for row in whole),
        first_day=min((row["first_day"] for row in whole), default=None),
        last_day=max((row["last_day"] for row in whole), default=None),
        periods=(values["before"], values["after"])
        if "before" in values
        else tuple(sorted({row["period"] for row in whole})),
    )
    _check(answer, whole)
    return answer


def _named(table: pa.Table, by: Sequence[str], grain: Grain) -> pa.Table:
    """The columns of a cost under the names of the dimensions; those nobody asked for are left out."""
    unused = [f"d{n}" for n in range(len(by) + 1, MAX_DIMENSIONS + 1)] + (["bucket"] if grain == "total" else [])
    if not by:
        unused += ["place", "items"]
    names = {f"d{n}": name for n, name in enumerate(by, start=1)} | {"bucket": grain}
    kept = table.drop_columns(unused)
    return kept.rename_columns([names.get(c, c) for c in kept.column_names])


def _two(before: date | None, after: date | None, periods: list[date]) -> tuple[date, date]:
    """The two months to compare: as asked, else the last one and the one before it."""
    if after is None:
        after = periods[-1] if periods else None
    if before is None:
        before = max((p for p in periods if after is not None and p < after), default=None)
    missing = [p for p in (before, after) if p is not None and p not in periods]
    if before is None or after is None or missing:
        args = {"missing": ", ".join(f"{p:%Y-%m}" for p in missing) or "—"}
        args["known"] = ", ".join(f"{p:%Y-%m}" for p in periods) or "—"
        raise InputError(Problem(code="two_months", source="changed", args=args))
    return before, after


def _sums(rows: list[dict[str, Any]], column: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    with exact():
        for row in rows:
            found[row["currency"]] = found.get(row["currency"], Decimal(0)) + row[column]
    return found


def _check(answer: Answer, whole: list[dict[str, Any]]) -> None:
    """Parts = whole, exactly. Raises `ArithmeticError`."""
    with exact():
        _check_exactly(answer, whole)


def _check_exactly(answer: Answer, whole: list[dict[str, Any]]) -> None:
    table = answer.table
    if answer.card.adds_up == "nothing":
        return
    if answer.card.adds_up == "months":
        pairs = [
            (column, _sums([r for r in whole if r["period"] == period], "amount"))
            for column, period in zip(("before", "after"), answer.periods, strict=True)
        ]
    elif answer.card.adds_up == "each_row":
        rows = table.to_pylist()
        if any(r["tagged"] + r["untagged"] != r["amount"] or r["amount"] != answer.totals[r["currency"]] for r in rows):
            raise ArithmeticError(f"{answer.question}: the parts are not the whole")
        return
    else:
        pairs = [("amount", answer.totals)]
    for column, expected in pairs:
        found = table.group_by("currency").aggregate([(column, "sum")])
        sums = dict(zip(found["currency"].to_pylist(), found[f"{column}_sum"].to_pylist(), strict=True))
        if any(sums.get(c, 0) != expected.get(c, 0) for c in {*sums, *expected}):
            raise ArithmeticError(f"{answer.question}: the parts come to {sums}, the whole is {expected}")
    if "charges" in table.column_names and (pc.sum(table["charges"]).as_py() or 0) != answer.charges:
        raise ArithmeticError(f"{answer.question}: rows were lost or counted twice")


__all__ = [
    "DIMENSIONS", "FIRST", "GRAINS", "MAX_DIMENSIONS", "SNAPSHOT_DAYS", "Answer", "Column", "Grain", "Kind", "Question",
    "Where", "Word", "ask", "card", "names", "sql",
]  # fmt: skip
