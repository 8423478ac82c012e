"""What a bill says of itself once its rows are typed: counts, sums, days, doubts. Useless files are refused here."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from costlab.bills.origin import provider_of, region_of
from costlab.bills.readers import Reader
from costlab.bills.reading import json as _json
from costlab.bills.reading.columns import Layout, columns_taken
from costlab.bills.reading.doubts import doubts
from costlab.bills.reading.meaning import Rewritten
from costlab.bills.reading.problems import credit_problem, file_doubts, refusal, row_problems
from costlab.bills.reading.profile import Profile
from costlab.bills.reading.rows import Read
from costlab.bills.reading.totals import Aside, check, sort_out
from costlab.engine.duckdb import connect
from costlab.errors import InputError
from costlab.files.sql_text import parquet
from costlab.files.tables import Table
from costlab.model.bill import Bill, Control
from costlab.model.numbers import Problem, exact

MAX_REJECTED = 10_000
"""With so many rejected rows, the file is not what it was taken for."""
_SHOWN = 20


def bill_of(
    table: Table, name: str, reader: Reader, seen: Layout, profile: Profile | None, read: Read, meant: Rewritten | None,
    charges: Path,
) -> Bill:  # fmt: skip
    """The bill whose charges stand in the Parquet file `charges`. Raises `InputError` for a useless file.

    accepted + rejected = rows; `problems` in the order of their lines.
    """
    unsplit = [(line, code, text.split(table.delimiter or "\x00")) for line, code, text in table.rejected]
    aside = sort_out(
        sorted([*read.aside, *unsplit], key=lambda row: row[0]),
        table.header, seen.fields["amount"][0], read.notations["amount"], read.last_line or table.header_line,
    )  # fmt: skip
    kept, added = (meant.kept, meant.added) if meant else (read.before, Control(0, Decimal(0)))
    unread = meant.aside if meant else []
    zero = _zero_month(table, read, aside, seen, profile)
    problems = (
        *row_problems(table, seen, aside.rejected, read.notations),
        *file_doubts(table),
        *_doubts_of_rows(table, read, aside, charges),
        *(credit_problem(table, *row) for row in unread),
        *(meant.problems if meant else ()),
        *_of_the_whole(table, read, zero),
    )
    provider = provider_of(reader, profile, read.providers)
    return Bill(
        source=table.source,
        format=name,
        provider=provider,
        region=region_of(reader, provider, read.currency),
        currency=read.currency,
        sha256=table.sha256,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header_line=table.header_line,
        columns=columns_taken(table.header, seen),
        ignored=seen.ignored,
        rows=kept.rows + len(aside.rejected) + len(unread),
        accepted=kept.rows,
        rejected=len(aside.rejected) + len(unread),
        total=_plain(kept.amount),
        sign=read.sign,
        control=aside.control,
        first_day=zero or read.first_day,
        last_day=(zero + timedelta(days=31)).replace(day=1) - timedelta(days=1) if zero else read.last_day,
        projects=read.projects,
        totals=meant.totals if meant else read.totals,
        before=kept if meant else read.before,
        after=kept if meant else read.after,
        added=added,
        basis=meant.basis if meant else "",
        notes=tuple(sorted(_notes(table, read, aside, meant).items())),
        problems=tuple(sorted(problems, key=lambda p: p.line or 0)),
    )


def _doubts_of_rows(table: Table, read: Read, aside: Aside, charges: Path) -> list[Problem]:
    """Totals that disagree, rows that repeat others, days that are missing."""
    with connect() as connection:
        relation = parquet(charges)
        wrong = check(aside, connection, relation, read.before.amount, read.sign, table.source)
        return wrong + doubts(connection, relation, table.source)


def _of_the_whole(table: Table, read: Read, zero: date | None) -> Iterator[Problem]:
    """A month without charges; pages of an answer that are not here."""
    if zero is not None:
        yield Problem(code="zero_month", source=table.source, args={"month": f"{zero:%Y-%m}"})
    if more := table.notes.get(_json.MORE, 0):
        args = {"missing": str(more), "rows": str(read.after.rows)}
        yield Problem(code=_json.MORE, source=table.source, args=args)


def _notes(table: Table, read: Read, aside: Aside, meant: Rewritten | None) -> Counter[str]:
    """What was repaired or noticed, and how often."""
    of_table = {k: n for k, n in table.notes.items() if k != _json.MORE}
    notes = Counter({**of_table, **read.notes, **aside.notes, **(meant.notes if meant else {})})
    if table.encoding not in ("", "utf-8"):
        notes["encoding"] = 1
    return notes


def _plain(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros; every digit stays."""
    with exact():
        return amount.normalize() + 0


def _zero_month(table: Table, read: Read, aside: Aside, seen: Layout, profile: Profile | None) -> date | None:
    """The first day of a month without charges, where a person says so; None of any other file.

    Raises `InputError` for a file without a row that can be read.
    """
    accepted, rejected = read.after.rows, len(aside.rejected) + read.left_out - len(read.aside)
    if not accepted and not rejected:
        if profile is not None and profile.period:
            return date.fromisoformat(f"{profile.period}-01")
        raise InputError(Problem(code="header_only", source=table.source, line=table.header_line))
    if rejected > MAX_REJECTED or (not accepted and rejected):
        args = {"rejected": str(rejected), "rows": str(accepted + rejected)}
        first = row_problems(table, seen, aside.rejected[:_SHOWN], read.notations)
        raise InputError(Problem(code="mostly_rejected", source=table.source, args=args), *first)
    if (why := refusal(table, seen, aside.rejected, read.notations, accepted + rejected, read.last_line)) is not None:
        raise InputError(why, *row_problems(table, seen, aside.rejected[:_SHOWN], read.notations))
    return None
