"""Figures of a comparison that every face shows. Additions and choices only: the differences themselves are given."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

import pyarrow as pa
import pyarrow.compute as pc

from costlab.compare.result import CAUSES, Comparison, Rest
from costlab.model.numbers import ZERO, exact

MAX_LINES = 50_000
"""With more lines than this a file has the lines that differ, and the rest as one."""
_TENTH = Decimal("0.001")
_MOST_DECIMALS = 18


def key_columns(lines: pa.Table) -> list[str]:
    """The columns that name a line: those that stand before `before`."""
    return list(lines.column_names[: lines.column_names.index("before")])


def total(column: pa.ChunkedArray) -> Decimal:
    """Exact sum of a column of money; of nothing it is 0."""
    found = pc.sum(column).as_py()
    return ZERO if found is None else Decimal(found)


def explained(comparison: Comparison) -> Decimal:
    """Which part of the money that moved has a cause with a name: 1 only when all of it has, else rounded down.

    Taken over the lines, so that an unexplained plus and an unexplained minus do not hide each other.
    """
    with exact():
        rest = comparison.rest.moved if comparison.rest else {}
        amounts = {cause: total(pc.abs(comparison.lines[cause])) + rest.get(cause, ZERO) for cause in CAUSES}
        moved, unexplained = sum(amounts.values(), ZERO), amounts["unexplained"]
        if not unexplained:
            return Decimal(1)
        return ((moved - unexplained) / moved).quantize(_TENTH, ROUND_DOWN)


def _matching(lines: pa.Table) -> pa.ChunkedArray:
    return pc.and_(pc.equal(lines["verdict"], "match"), pc.equal(lines["delta"], pa.scalar(ZERO, lines["delta"].type)))


def differing(comparison: Comparison) -> pa.Table:
    """The lines that differ, the largest difference first."""
    found = comparison.lines.filter(pc.invert(_matching(comparison.lines)))
    order = pc.sort_indices(pc.abs(found["delta"]), sort_keys=[("", "descending")])
    return found.take(order)


def in_patterns(lines: pa.Table) -> pa.ChunkedArray:
    """Which lines belong to a pattern; quotes inside a text stand escaped in JSON, so that no name looks like one."""
    return pc.match_substring_regex(lines["why_args"].cast(pa.string()).fill_null(""), r'"pattern":\s*"')


def compact(comparison: Comparison, many: int = MAX_LINES) -> tuple[pa.Table, Rest | None]:
    """The lines a file holds, and what they leave out: of more than `many` those that differ, the rest as one."""
    lines, left = comparison.lines, comparison.rest
    if lines.num_rows <= many:
        return lines, left
    matching = _matching(lines)
    rest, kept = lines.filter(matching), lines.filter(pc.invert(matching))
    before, after = total(rest["before"]), total(rest["after"])
    causes, moved = ({c: total(f(rest[c])) for c in CAUSES} for f in (lambda column: column, pc.abs))
    if left is None:
        return kept, Rest(rest.num_rows, before, after, causes, moved)
    with exact():
        before, after = before + left.before, after + left.after
        causes = {c: causes[c] + left.causes[c] for c in CAUSES}
        moved = {c: moved[c] + left.moved[c] for c in CAUSES}
    return kept, Rest(rest.num_rows + left.lines, before, after, causes, moved, left.differing)


def decimals(comparison: Comparison) -> int:
    """How many decimals the amounts have: two, or more where the bill itself has more."""
    found = 2
    for name in ("before", "after", *CAUSES):
        column = comparison.lines[name]
        while found < _MOST_DECIMALS and not _all(pc.equal(pc.round(column, found), column)):
            found += 1
    if comparison.rest:
        sums = (comparison.rest.before, comparison.rest.after, *comparison.rest.causes.values())
        found = max(found, *(places(x) for x in sums))
    return found


def places(value: Decimal) -> int:
    """Decimals an amount is shown with: two, or as many as it has."""
    exponent = value.normalize().as_tuple().exponent
    return max(2, -exponent if isinstance(exponent, int) else 2)


def _all(found: pa.ChunkedArray) -> bool:
    answer = pc.all(found).as_py()
    return answer is None or bool(answer)


def grouped(comparison: Comparison, by: Sequence[str], groups: Mapping[str, str] | None = None) -> Comparison:
    """The same comparison with its lines summed by some of their names; Σ lines stays what it was.

    `by` are columns of `comparison.KEY`, or `group`: the group of a resource, looked up in `groups`. A sum has the
    verdict of its lines when they share one, else that of the largest difference.
    """
    lines = comparison.lines
    if "group" in by:
        names = pa.array([(groups or {}).get(r or "", "") for r in lines["resource_id"].to_pylist()], pa.string())
        lines = lines.append_column("group", names)
    # The largest difference first, so that the first verdict of a sum is that of its largest line.
    order = pc.sort_indices(pc.abs(lines["delta"]), sort_keys=[("", "descending")])
    money = ["before", "after", "delta", *CAUSES]
    wanted = [(m, "sum") for m in money] + [("verdict", "first"), ("verdict", "count_distinct")]
    wanted += [(name, side) for name in ("why_code", "why_args") for side in ("first",)]
    wanted += [("why_args", "count_distinct"), ("why_code", "count_distinct")]
    sums = lines.take(order).group_by(list(by), use_threads=False).aggregate(wanted)
    one = pc.and_(pc.equal(sums["why_code_count_distinct"], 1), pc.equal(sums["why_args_count_distinct"], 1))
    empty = pa.nulls(sums.num_rows, pa.int64())
    columns = {name: sums[name] for name in by}
    columns |= {name: sums[f"{name}_sum"].cast(lines[name].type) for name in money}
    columns |= {
        "verdict": sums["verdict_first"],
        "why_code": pc.if_else(one, sums["why_code_first"], "several"),
        "why_args": pc.if_else(one, sums["why_args_first"], "{}"),
        "line_before": empty,
        "line_after": empty,
    }
    columns |= {name: pa.nulls(sums.num_rows, pa.decimal128(38, 9)) for name in ("quantity_before", "quantity_after")}
    columns |= {name: pa.nulls(sums.num_rows, pa.string()) for name in ("unit", "price_before", "price_after", "file")}
    return replace(comparison, lines=pa.table(columns))
