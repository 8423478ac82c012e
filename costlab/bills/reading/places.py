"""Where rows stand that came from several sheets: each with its sheet and its row there, once everything is read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from costlab.bills.reading.write import OPTIONS
from costlab.engine.duckdb import connect
from costlab.errors import InputError
from costlab.files.sheet_parts import MASK, part_sql
from costlab.files.sql_text import literal, parquet
from costlab.files.tables import Table
from costlab.model.numbers import Problem


def place_rows(table: Table, charges: Path) -> None:
    """Give every charge the sheet and the row it stands in; of other tables nothing changes."""
    if not table.parts:
        return
    draft = charges.with_suffix(".placed")
    names = " ".join(f"WHEN {n} THEN {literal(f'{table.source}!{p.sheet}')}" for n, p in enumerate(table.parts))
    file = f"CASE {part_sql('line')} {names} END AS file"
    query = f"SELECT * REPLACE (line & {MASK} AS line, {file}) FROM {parquet(charges)}"
    with connect() as connection:
        connection.execute(f"COPY ({query}) TO {literal(draft)} ({OPTIONS})")
    draft.replace(charges)


def placed(table: Table, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems with the sheet and the row they are about."""
    return tuple(_placed(table, p) for p in problems) if table.parts else tuple(problems)


@contextmanager
def places_told(table: Table) -> Iterator[None]:
    """The same for what is refused."""
    try:
        yield
    except InputError as error:
        raise InputError(*placed(table, error.problems)) from None


def _placed(table: Table, problem: Problem) -> Problem:
    args = dict(problem.args)
    if problem.code == "duplicate_rows":
        place, row = table.place(int(str(args["first"])))
        args["first"] = f"{place.rpartition('!')[2]}:{row}"
    if not problem.line:
        return problem.model_copy(update={"args": args})
    source, line = table.place(problem.line)
    return problem.model_copy(update={"source": source, "line": line, "args": args})
