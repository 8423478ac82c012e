"""One file a bill format; the folder is the registry. A reader is chosen by what a file holds, never by its name.

Each module exposes `TITLE`, `PROVIDER`, `REGIONS` (currency → region), `COLUMNS` (our field → names of its column),
`REQUIRED`, `NAMES` (the same ready for comparing) and `matches(header) -> bool`. A module whose name begins with `_` is
a part of the reading all formats share.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol, cast

import duckdb
import pyarrow.parquet as pq

from costlab.bills.formats import cloudkitty
from costlab.bills.known import known_format, unknown
from costlab.bills.profile_draft import draft_profile
from costlab.bills.reading import json as _json
from costlab.bills.reading.columns import Layout, Names, Rules, check_profile, layout, score
from costlab.bills.reading.doubts import doubts
from costlab.bills.reading.meaning import Rewritten, rewrite_credits
from costlab.bills.reading.merge import merged, other_basis
from costlab.bills.reading.notes import NOTES
from costlab.bills.reading.problems import credit_problem, file_doubts, refusal, row_problems
from costlab.bills.reading.profile import Profile, load_profile, parse_profile, profile_text
from costlab.bills.reading.rows import Read, Rows
from costlab.bills.reading.totals import Aside, check, sort_out
from costlab.bills.reading.vat import add_vat, vat_added
from costlab.catalog.loading import load_catalog, providers
from costlab.engine.duckdb import MEMORY, connect
from costlab.errors import InputError, near
from costlab.files.sql_text import parquet
from costlab.files.tables import Irregular, Table, open_table, write_rows
from costlab.model.bill import Bill, Control
from costlab.model.numbers import Problem, Text, exact
from costlab.model.periods import moment
from costlab.plugins import plugins
from costlab.progress import Progress, report

MAX_REJECTED = 10_000
"""With so many rejected rows, the file is not what it was taken for."""
_SHOWN = 20
_BILLED_IN_UTC = ("aws", "azure", "gcp")
"""Providers whose bills count days in UTC, wherever the region of the price list is."""
_PREVIEW = 5


class Reader(Protocol):
    """The names a bill module exposes."""

    TITLE: Text
    PROVIDER: str
    REGIONS: dict[str, str]
    COLUMNS: dict[str, tuple[str, ...]]
    REQUIRED: tuple[str, ...]
    NAMES: Names
    RULES: Rules

    def matches(self, header: Sequence[str], profile: Profile | None = None) -> bool:
        """Whether the reader knows a file with this header, read with this profile."""
        ...

    def provider(self, said: Sequence[str]) -> str:
        """The provider's name from what the rows say; asked of readers whose rules name its columns."""
        ...


@dataclass(frozen=True)
class Detected:
    """What a file seems to be, before its rows are read."""

    source: str
    format: str
    """Name of the reader; "" when none claims the file as it is."""
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    header_line: int
    header: tuple[str, ...]
    columns: dict[str, str]
    """Our field (`label:env` for a label's own column) → the header taken for it."""
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    """Required fields without a column."""
    rows: tuple[tuple[str, ...], ...]
    """The first rows below the header."""


names, _load = plugins("costlab.bills.formats")


def load(name: str) -> Reader:
    """A reader by its name."""
    return cast("Reader", _load(name))


def detect(path: Path | str, *, profile: Profile | None = None) -> Detected:
    """What a file seems to be; reads only its beginning. Raises `InputError` when it is no table at all."""
    table = _open(path, profile, whole=False)
    known = _layouts(table, profile)
    claims = [n for n in known if _claims(n, table, profile)]
    best = max(known, key=lambda n: (n in claims, known[n].score))
    found = known[best]
    return Detected(
        source=table.source,
        format=best if best in claims else "",
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        header_line=table.header_line,
        header=table.header,
        columns=_columns(table, found),
        ignored=found.ignored,
        missing=found.missing,
        rows=tuple(tuple(r) for r in table.preview[:_PREVIEW]),
    )


def read_bill(path: Path | str, *, profile: Profile | None = None) -> Bill:
    """Read one file. Rows that cannot be read are problems of kind `rejected`; accepted + rejected = rows.

    Raises `InputError` when the file as a whole cannot be used, or no reader (or more than one) claims it.
    """
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder:
        bill = read_bill_into(path, Path(folder), profile=profile)
        return replace(bill, loaded=bill.charges, parquet=None)


def read_bill_into(
    path: Path | str, folder: Path, *, profile: Profile | None = None, progress: Progress | None = None
) -> Bill:
    """The same with its charges in `folder/<sha256>.parquet` instead of memory; `Bill.parquet` is that file.

    `progress` is told the stage and the share done (0..1, or None when it is not known); raising from it cancels, and
    leaves no file.
    """
    report(progress, "read")
    table = _open(path, profile, whole=True)
    name, found = _reader(table, profile)
    reader = load(name)
    out = folder / f"{table.sha256}.parquet"
    draft = out.with_suffix(f".{os.getpid()}.draft")
    try:
        with tempfile.TemporaryDirectory(prefix="costlab-") as work, connect() as connection:
            rows = _text_rows(connection, table, Path(work), found, profile, reader)
            read = rows.read(_clock(reader, profile), draft, progress)
            report(progress, "check")
            meant = _meant(connection, draft, table, reader, read)
            bill = _bill(table, name, found, read, draft, profile, meant)
            if found.without_vat:
                bill = _with_vat(bill, table, connection, draft)
        draft.replace(out)
    except duckdb.OutOfMemoryException:  # cells that unfold to more than a bill can need
        raise InputError(Problem(code="unfolds", source=table.source, args={"limit": MEMORY})) from None
    finally:
        draft.unlink(missing_ok=True)
    return replace(bill, parquet=out)


def _with_vat(bill: Bill, table: Table, connection: duckdb.DuckDBPyConnection, draft: Path) -> Bill:
    """A bill whose amounts were without VAT, with the VAT of each day. Raises `InputError` where it is unknown."""
    region = load_catalog(bill.provider).region(bill.region) if bill.provider in providers() else None
    history = load_catalog(bill.provider).taxes.get(region.tax or "", ()) if region is not None else ()
    if not history:
        args = {"column": bill.columns["amount"], "provider": bill.provider or "—"}
        raise InputError(Problem(code="vat_unknown", source=table.source, line=table.header_line, args=args))
    taxed = add_vat(connection, draft, history)
    with exact():
        net, gross = (sum(totals.values(), Decimal(0)) for totals in (bill.totals, taxed.totals))
        added = Control(bill.added.rows, bill.added.amount + gross - net)
    args = {"column": bill.columns["amount"], **vat_added(taxed, net)}
    told = Problem(code="vat_added", source=table.source, line=table.header_line, args=args)
    return replace(bill, totals=taxed.totals, added=added, problems=(told, *bill.problems))


def _text_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, work: Path, found: Layout, profile: Profile | None,
    reader: Reader,
) -> Rows:  # fmt: skip
    """The file's rows of text; by the careful reader where the fast one does not see the lines as they are."""
    try:
        expected = write_rows(table, connection, work)
        return Rows(connection, table, found, profile, reader.RULES, expected)
    except Irregular:
        write_rows(table, connection, work, careful=True)
        return Rows(connection, table, found, profile, reader.RULES, None)


def read_bills(paths: Sequence[Path | str], *, profile: Profile | None = None) -> Bill:
    """Read several files of one format as one bill; a file given twice counts once.

    A row's `line` is that of its own file. The same project and days in two files are a warning. Raises `InputError`.
    """
    bills: list[Bill] = []
    repeated = 0
    for path in paths:
        bill = read_bill(path, profile=profile)
        if any(b.sha256 == bill.sha256 for b in bills):
            repeated += 1
        else:
            bills.append(bill)
    if not bills:
        raise InputError(Problem(code="no_bill", source=""))
    return merged(bills, repeated)


def _meant(
    connection: duckdb.DuckDBPyConnection, draft: Path, table: Table, reader: Reader, read: Read
) -> Rewritten | None:
    """The rows of the draft as the format means them, in place; None where its columns say it all."""
    if reader.RULES.meaning is None:
        return None
    columns = [f.name for f in pq.ParquetFile(draft).schema_arrow]
    return rewrite_credits(
        connection, draft, reader.RULES.meaning(columns), read.notations["amount"], read.sign, table.source
    )


def _open(path: Path | str, profile: Profile | None, *, whole: bool) -> Table:
    if _json.looks_like(path) and (table := _json.open_json(path, cloudkitty.flat)) is not None:
        return table
    return open_table(path, score([load(n).NAMES for n in names()], profile), whole=whole)


def _layouts(table: Table, profile: Profile | None) -> dict[str, Layout]:
    """Where each reader sees its fields; only the reader that a profile asks for, where it asks for one."""
    wanted = profile.format if profile else None
    if wanted is not None and wanted not in names():
        args = {"key": "format", "value": wanted, **near(wanted, names())}
        raise InputError(Problem(code="not_allowed", source=table.source, args=args))
    chosen = names() if wanted is None else (wanted,)
    # The first of equals is the nearest: a header nobody knows is taken for the granular report, which varies most.
    ordered = sorted(chosen, key=lambda name: (name.startswith("vk_"), name), reverse=True)
    return {name: layout(table.header, load(name).NAMES, profile) for name in ordered}


def _claims(name: str, table: Table, profile: Profile | None) -> bool:
    """Whether a reader claims a file; another cloud's format only where a profile asks for the reader by name."""
    foreign = (profile is None or profile.format is None) and known_format(table.header) is not None
    return not foreign and load(name).matches(table.header, profile)


def _reader(table: Table, profile: Profile | None) -> tuple[str, Layout]:
    """The one reader that claims the file."""
    check_profile(table.header, profile, table.source, table.header_line)
    known = _layouts(table, profile)
    claims = [name for name in known if _claims(name, table, profile)]
    if len(claims) > 1:
        args = {"readers": ", ".join(claims)}
        raise InputError(Problem(code="two_readers", source=table.source, line=table.header_line, args=args))
    if not claims:
        nearest = max(known, key=lambda n: (bool(known[n].missing), known[n].score))
        asked = profile is not None and profile.format is not None
        raise InputError(unknown(table, load(nearest).TITLE, known[nearest].missing, asked=asked))
    return claims[0], known[claims[0]]


def _clock(reader: Reader, profile: Profile | None) -> Callable[[str, tuple[str, ...]], timedelta]:
    """The clock of a currency's region, for days that carry a UTC offset and for moments; UTC where no list has it."""

    def offset(currency: str, said: tuple[str, ...]) -> timedelta:
        provider = _provider(reader, profile, said)
        if provider in _BILLED_IN_UTC or provider not in providers():
            return timedelta(0)
        regions = load_catalog(provider).provider.regions
        name = _region(reader, provider, currency)
        return (moment(0, regions[name]).utcoffset() if name in regions else None) or timedelta(0)

    return offset


def _provider(reader: Reader, profile: Profile | None, said: tuple[str, ...]) -> str:
    """Who sent the bill: the profile says it, else the rows, else it follows from the format."""
    if profile is not None and profile.provider is not None:
        return profile.provider
    return reader.provider(said) if reader.RULES.provider_columns else reader.PROVIDER


def _plain(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros; every digit stays."""
    with exact():
        return amount.normalize() + 0


def _region(reader: Reader, provider: str, currency: str) -> str:
    """The region of a provider that bills in a currency; "" when nobody knows."""
    if reader.REGIONS:
        return reader.REGIONS.get(currency, next(iter(reader.REGIONS.values())))
    regions = load_catalog(provider).provider.regions if provider in providers() else {}
    return next((name for name, region in regions.items() if region.currency == currency), "")


def _refuse_useless(table: Table, read: Read, aside: Aside, found: Layout, profile: Profile | None) -> date | None:
    """Refuse a file without a row that can be read; a file without rows is a month without charges if a person says so.

    Returns the first day of such a month.
    """
    accepted, rejected = read.after.rows, len(aside.rejected) + read.left_out - len(read.aside)
    if not accepted and not rejected:
        if profile is not None and profile.period:
            return date.fromisoformat(f"{profile.period}-01")
        raise InputError(Problem(code="header_only", source=table.source, line=table.header_line))
    if rejected > MAX_REJECTED or (not accepted and rejected):
        args = {"rejected": str(rejected), "rows": str(accepted + rejected)}
        first = row_problems(table, found, aside.rejected[:_SHOWN], read.notations)
        raise InputError(Problem(code="mostly_rejected", source=table.source, args=args), *first)
    if (why := refusal(table, found, aside.rejected, read.notations, accepted + rejected, read.last_line)) is not None:
        raise InputError(why, *row_problems(table, found, aside.rejected[:_SHOWN], read.notations))
    return None


def _columns(table: Table, found: Layout) -> dict[str, str]:
    fields = {name: table.header[places[0]].strip() for name, places in found.fields.items()}
    return fields | {f"label:{key}": table.header[place].strip() for key, place in found.labels.items()}


def _bill(
    table: Table, name: str, found: Layout, read: Read, charges: Path, profile: Profile | None, meant: Rewritten | None
) -> Bill:
    """What the file says of itself, and what is to know of its rows. Raises `InputError` for a useless file."""
    unsplit = [(line, code, text.split(table.delimiter or "\x00")) for line, code, text in table.rejected]
    aside = sort_out(
        sorted([*read.aside, *unsplit], key=lambda row: row[0]),
        table.header, found.fields["amount"][0], read.notations["amount"], read.last_line or table.header_line,
    )  # fmt: skip
    kept, added = (meant.kept, meant.added) if meant else (read.before, Control(0, Decimal(0)))
    unread = meant.aside if meant else []
    zero = _refuse_useless(table, read, aside, found, profile)
    problems = row_problems(table, found, aside.rejected, read.notations) + file_doubts(table)
    with connect() as connection:
        relation = parquet(charges)
        problems += check(aside, connection, relation, read.before.amount, read.sign, table.source)
        problems += doubts(connection, relation, table.source)
    problems += [credit_problem(table, *row) for row in unread] + (meant.problems if meant else [])
    if zero is not None:
        problems.append(Problem(code="zero_month", source=table.source, args={"month": f"{zero:%Y-%m}"}))
    if more := table.notes.pop(_json.MORE, 0):
        args = {"missing": str(more), "rows": str(read.after.rows)}
        problems.append(Problem(code=_json.MORE, source=table.source, args=args))
    notes = Counter({**table.notes, **read.notes, **aside.notes, **(meant.notes if meant else {})})
    if table.encoding not in ("", "utf-8"):
        notes["encoding"] = 1
    reader = load(name)
    provider = _provider(reader, profile, read.providers)
    return Bill(
        source=table.source,
        format=name,
        provider=provider,
        region=_region(reader, provider, read.currency),
        currency=read.currency,
        sha256=table.sha256,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header_line=table.header_line,
        columns=_columns(table, found),
        ignored=found.ignored,
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
        notes=tuple(sorted(notes.items())),
        problems=tuple(sorted(problems, key=lambda p: p.line or 0)),
    )


__all__ = [
    "NOTES", "Detected", "Profile", "detect", "draft_profile", "load", "load_profile", "names", "other_basis",
    "parse_profile", "profile_text", "read_bill", "read_bill_into", "read_bills",
]  # fmt: skip
