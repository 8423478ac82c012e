"""Which lines of a comparison people are shown, how they are put together, and what they are told besides."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from costlab import errors
from costlab.compare.result import KEY, Comparison
from costlab.exports.comparisons._figures import differing, in_patterns, key_columns
from costlab.exports.comparisons._words import cash, change, item, units_read, word
from costlab.files.sheet_parts import sheet_of
from costlab.i18n.words import number
from costlab.model.numbers import ZERO, Language


class Group(NamedTuple):
    """Lines that differ in one way, the largest difference first; `rest` are not shown."""

    verdict: str
    lines: int
    delta: Decimal
    shown: list[dict[str, Any]]
    rest: int
    rest_delta: Decimal


def by_verdict(comparison: Comparison, limit: int) -> list[Group]:
    """The lines that differ, by verdict: the largest money first; no more than `limit` of them are shown.

    Lines of a pattern are one finding, told apart from these.
    """
    lines = differing(comparison)
    if summed(comparison) and lines.num_rows:  # sums over many lines: one list, whatever their verdicts
        shown = lines.slice(0, limit).to_pylist()
        rest = comparison.delta - sum((row["delta"] for row in shown), ZERO)
        return [Group("", lines.num_rows, comparison.delta, shown, lines.num_rows - len(shown), rest)]
    lines = lines.filter(pc.invert(in_patterns(lines)))
    top = lines.slice(0, limit).to_pylist()
    found = []
    for verdict, count, delta in _sums(lines):
        shown = [row for row in top if row["verdict"] == verdict]
        rest = delta - sum((row["delta"] for row in shown), ZERO)
        found.append(Group(verdict, count, delta, shown, count - len(shown), rest))
    return sorted(found, key=lambda g: -abs(g.delta))


def differing_lines(comparison: Comparison) -> int:
    """How many lines differ, those that are not listed among them."""
    listed: int = differing(comparison).num_rows
    return listed + (comparison.rest.differing if comparison.rest else 0)


def pattern_lines(comparison: Comparison, language: Language) -> Iterator[tuple[str, str]]:
    """A title and a sentence for each way in which many rows differ."""
    for pattern in comparison.patterns:
        delta = f", {change(pattern.delta, comparison.currency, language)}" if pattern.delta else ""
        title = word("pattern", language, n=number(Decimal(pattern.rows), language))
        told = f"{errors.message(pattern.finding, language)}; {errors.remedy(pattern.finding, language)}"
        yield f"[{title}]{delta}:", told


def summed(comparison: Comparison) -> bool:
    """Whether the lines are sums over features instead of pairs of charges."""
    return tuple(key_columns(comparison.lines)) != KEY


def _sums(lines: pa.Table) -> Iterator[tuple[str, int, Decimal]]:
    sums = lines.group_by("verdict").aggregate([("delta", "sum"), ("delta", "count")])
    for row in sums.to_pylist():
        yield row["verdict"], row["delta_count"], row["delta_sum"]


def status(comparison: Comparison, language: Language) -> list[str]:
    """How much was rated, and whether something is missing."""
    found = []
    coverage = comparison.coverage
    if coverage.rows:
        amounts = (cash(x, comparison.currency, language) for x in (coverage.money_rated, coverage.money))
        counts = (number(Decimal(x), language) for x in (coverage.rows_rated, coverage.rows))
        values = dict(zip("nmxy", (*counts, *amounts), strict=True))
        found.append(word("coverage", language, **values))
    if told := units_read(comparison, language):
        found.append(told)
    if not comparison.complete:
        found.append(f"! {word('incomplete', language, n=comparison.unsettled)}")
    return found


def left_out(comparison: Comparison, language: Language) -> str:
    """How many lines that differ are not listed, and what they come to; "" when all are."""
    rest = comparison.rest
    if rest is None or not rest.differing:
        return ""
    amount = change(rest.delta, comparison.currency, language)
    return word("more", language, n=number(Decimal(rest.differing), language), amount=amount)


def names_of(comparison: Comparison) -> list[str]:
    """The names a person reads a line by: day, resource and item, as far as the lines have them; `line` of a bill."""
    keys = key_columns(comparison.lines)
    if summed(comparison):
        return keys
    wanted = ["day", "resource_id", "item"]
    if comparison.lines["day"].null_count == comparison.lines.num_rows:
        wanted.remove("day")
    return ["line", *wanted] if comparison.kind == "reconcile" else wanted


def cell(row: dict[str, Any], key: str, language: Language) -> str:
    """What stands under a name."""
    if key == "item":
        return item(row, language)
    if key == "line":
        line, sheet = row["line_after"] or row["line_before"] or "", sheet_of(row["file"] or "")
        return f"{sheet}:{line}" if sheet else str(line)
    value = row[key]
    return "" if value is None else str(value)
