"""Several files of one format as one bill: what they cover, where they overlap, what must not stand together."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa

from costlab.bills.reading.doubts import schema_changed
from costlab.errors import InputError
from costlab.model.bill import Bill, Control
from costlab.model.numbers import Problem


def merged(bills: list[Bill], repeated: int) -> Bill:
    """Several bills as one; `repeated`: files given twice. Raises `InputError` for what cannot be one."""
    first = bills[0]
    problems = [p for b in bills for p in b.problems]
    for bill in bills[1:]:
        for key in ("format", "provider", "region", "currency"):
            if getattr(bill, key) != getattr(first, key):
                raise InputError(
                    Problem(code="different_bills", source=bill.source, args={"first": first.source, "key": key})
                )
    _refuse_two_bases(bills)
    problems += [p for a, b in pairwise(bills) if (p := schema_changed(a, b)) is not None]
    covered = [(b, _project_days(b)) for b in bills]
    for index, (bill, days) in enumerate(covered):
        for earlier, others in covered[:index]:
            if both := sorted(days & others):
                shown = f"{both[0][1]} … {max(d for _, d in both)}"
                args = {"first": earlier.source, "days": shown, "count": str(len(both))}
                problems.append(Problem(code="overlapping_files", source=bill.source, args=args))
    notes = sum((Counter(dict(b.notes)) for b in bills), Counter[str]())
    if repeated:
        notes["same_file"] = repeated
    if len(bills) == 1:
        return replace(first, notes=tuple(sorted(notes.items())))
    starts, ends = ([d for b in bills if (d := getattr(b, k))] for k in ("first_day", "last_day"))
    controls = [b.control for b in bills if b.control is not None]
    same_sign = len({b.sign for b in bills}) == 1
    return replace(
        first,
        source=", ".join(b.source for b in bills),
        sha256=hashlib.sha256("".join(sorted(b.sha256 for b in bills)).encode()).hexdigest(),
        ignored=tuple(dict.fromkeys(h for b in bills for h in b.ignored)),
        rows=sum(b.rows for b in bills),
        accepted=sum(b.accepted for b in bills),
        rejected=sum(b.rejected for b in bills),
        sign=first.sign if same_sign else 1,
        total=sum((b.total * (1 if same_sign else b.sign) for b in bills), Decimal(0)),
        control=sum(controls, Decimal(0)) if len(controls) == len(bills) and same_sign else None,
        first_day=min(starts, default=None),
        last_day=max(ends, default=None),
        projects=tuple(sorted({p for b in bills for p in b.projects})),
        loaded=pa.concat_tables([b.charges for b in bills], promote_options="default"),
        totals={first.currency: sum((t for b in bills for t in b.totals.values()), Decimal(0))},
        added=_both([b.added for b in bills]),
        before=_both([b.before for b in bills]),
        after=_both([b.after for b in bills]),
        notes=tuple(sorted(notes.items())),
        problems=tuple(problems),
    )


def _both(controls: list[Control]) -> Control:
    return Control(sum(c.rows for c in controls), sum((c.amount for c in controls), Decimal(0)))


def _project_days(bill: Bill) -> set[tuple[str, str]]:
    pairs = bill.charges.select(["project", "day"]).group_by(["project", "day"]).aggregate([])
    return {(p, d.isoformat()) for p, d in zip(pairs["project"].to_pylist(), pairs["day"].to_pylist(), strict=True)}


def _refuse_two_bases(bills: list[Bill]) -> None:
    """Two views of one month's money are the same money twice. Raises `InputError`."""
    for index, bill in enumerate(bills):
        for earlier in bills[:index]:
            months = set(bill.charges["period"].to_pylist()) & set(earlier.charges["period"].to_pylist())
            if months and bill.basis and earlier.basis and bill.basis != earlier.basis:
                raise InputError(other_basis(bill.source, bill.basis, earlier.source, earlier.basis, min(months)))


def other_basis(source: str, basis: str, other: str, other_basis_: str, month: date) -> Problem:
    """The problem of a file whose money stands already in another view."""
    args = {"basis": basis, "other": other, "other_basis": other_basis_, "month": f"{month:%Y-%m}"}
    return Problem(code="other_basis", source=source, args=args)
