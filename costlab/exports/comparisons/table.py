"""Plain text for a terminal: the figures, the causes as a waterfall, the lines that differ, problems, coverage."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from costlab import errors
from costlab.compare.result import CAUSE_TITLES, CAUSES, KEY, Comparison
from costlab.exports.comparisons._figures import differing, explained, key_columns
from costlab.exports.comparisons._words import (
    cash,
    change,
    item,
    side_titles,
    side_words,
    units_read,
    verdict_title,
    why,
    word,
)
from costlab.exports.layout import layout
from costlab.i18n.words import number, percent, visible
from costlab.model.numbers import ZERO, Language

SUFFIX = "txt"
MEDIA_TYPE = "text/plain"
_LINES = 40
_PROBLEMS = 40
_BAR = 36
_NAME, _WHY = 40, 70


def render(comparison: Comparison, language: Language) -> str:
    """The comparison as text."""
    parts = [_figures(comparison, language)]
    if any(comparison.causes.values()):
        parts.append(_causes(comparison, language))
    parts += _lines(comparison, language)
    if comparison.problems:
        parts.append(_problems(comparison, language))
    return "\n\n".join(parts) + "\n"


class Group(NamedTuple):
    """Lines that differ in one way, the largest difference first; `rest` are not shown."""

    verdict: str
    lines: int
    delta: Decimal
    shown: list[dict[str, Any]]
    rest: int
    rest_delta: Decimal


def by_verdict(comparison: Comparison, limit: int) -> list[Group]:
    """The lines that differ, by verdict: the largest money first; no more than `limit` of them are shown."""
    lines = differing(comparison)
    if summed(comparison) and lines.num_rows:  # sums over many lines: one list, whatever their verdicts
        shown = lines.slice(0, limit).to_pylist()
        rest = comparison.delta - sum((row["delta"] for row in shown), ZERO)
        return [Group("", lines.num_rows, comparison.delta, shown, lines.num_rows - len(shown), rest)]
    top = lines.slice(0, limit).to_pylist()
    found = []
    for verdict, count, delta in _sums(lines):
        shown = [row for row in top if row["verdict"] == verdict]
        rest = delta - sum((row["delta"] for row in shown), ZERO)
        found.append(Group(verdict, count, delta, shown, count - len(shown), rest))
    return sorted(found, key=lambda g: -abs(g.delta))


def summed(comparison: Comparison) -> bool:
    """Whether the lines are sums over features instead of pairs of charges."""
    return tuple(key_columns(comparison.lines)) != KEY


def _sums(lines: pa.Table) -> Iterator[tuple[str, int, Decimal]]:
    sums = lines.group_by("verdict").aggregate([("delta", "sum"), ("delta", "count")])
    for row in sums.to_pylist():
        yield row["verdict"], row["delta_count"], row["delta_sum"]


def _figures(comparison: Comparison, language: Language) -> str:
    def amount(value: Decimal) -> str:
        return cash(value, comparison.currency, language)

    expected, billed = side_words(comparison, language)
    title = f"{word(comparison.kind, language)}: {visible(comparison.name)}"
    before, after = side_titles(comparison, language)
    rows = [
        [f"{billed} ({after})", amount(comparison.after)],
        [f"{expected} ({before})", amount(comparison.before)],
        [word("difference", language), change(comparison.delta, comparison.currency, language)],
        [word("explained", language), percent(explained(comparison), language)],
        [word("unexplained", language), amount(comparison.causes["unexplained"])],
    ]
    told = status(comparison, language)
    return "\n".join([title, "", layout(rows, set(), right=(1,)), *(["", *told] if told else [])])


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


def _causes(comparison: Comparison, language: Language) -> str:
    """Each cause that moved money, in the order they are taken, as a step of a waterfall."""
    moved = [(c, comparison.causes[c]) for c in CAUSES if comparison.causes[c]]
    steps = []
    level = ZERO
    for cause, amount in moved:
        steps.append((CAUSE_TITLES[cause][language], amount, level, level + amount))
        level += amount
    steps.append((word("difference", language), comparison.delta, ZERO, level))
    low = min(min(a, b) for *_, a, b in steps)
    high = max(max(a, b) for *_, a, b in steps)
    rows = [[word("cause", language), word("amount", language), ""]]
    rows += [
        [title, change(amount, comparison.currency, language), _bar(min(a, b) - low, max(a, b) - low, high - low)]
        for title, amount, a, b in steps
    ]
    return layout(rows, {0, len(rows) - 2}, right=(1,))


def _bar(start: Decimal, end: Decimal, whole: Decimal) -> str:
    left = int(start * _BAR / whole)
    return " " * left + "█" * max(1, int(end * _BAR / whole) - left)


def _lines(comparison: Comparison, language: Language) -> Iterator[str]:
    groups = by_verdict(comparison, _LINES)
    total, unlisted = comparison.count, comparison.rest.differing if comparison.rest else 0
    if not groups:
        yield word("all_equal", language, n=number(Decimal(total), language))
        return
    count = sum(g.lines for g in groups) + unlisted
    yield word("lines_differ", language, n=number(Decimal(count), language), m=number(Decimal(total), language))
    for group in groups:
        yield _group(group, comparison, language)
    if left := left_out(comparison, language):
        yield left


def left_out(comparison: Comparison, language: Language) -> str:
    """How many lines that differ are not listed, and what they come to; "" when all are."""
    rest = comparison.rest
    if rest is None or not rest.differing:
        return ""
    amount = change(rest.delta, comparison.currency, language)
    return word("more", language, n=number(Decimal(rest.differing), language), amount=amount)


def _group(group: Group, comparison: Comparison, language: Language) -> str:
    def amount(value: Decimal | None) -> str:
        return "—" if value is None else cash(value, comparison.currency, language)

    title = verdict_title(group.verdict, comparison, language) if group.verdict else ""
    delta = change(group.delta, comparison.currency, language)
    lines = [f"[{title}] {number(Decimal(group.lines), language)}, {delta}"] if title else []
    if group.shown:
        keys = names_of(comparison)
        expected, billed = side_words(comparison, language)
        heads = [word(k, language) for k in keys] + [expected, billed, word("difference", language)]
        rows = [[*heads, word("why", language)]]
        rows += [
            [
                *(_cut(cell(row, k, language), _NAME) for k in keys),
                amount(row["before"]),
                amount(row["after"]),
                change(row["delta"], comparison.currency, language),
                _cut(why(row, language, comparison.currency), _WHY),
            ]
            for row in group.shown
        ]
        lines.append(layout(rows, {0}, right=range(len(keys), len(keys) + 3)))
    if group.rest:
        rest = change(group.rest_delta, comparison.currency, language)
        lines.append("  " + word("more", language, n=number(Decimal(group.rest), language), amount=rest))
    return "\n".join(lines)


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
        return str(row["line_after"] or row["line_before"] or "")
    value = row[key]
    return "" if value is None else str(value)


def _cut(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _problems(comparison: Comparison, language: Language) -> str:
    lines = [f"{word('problems', language)}:"]
    lines += [f"  {errors.sentence(p, language)}" for p in comparison.problems[:_PROBLEMS]]
    if len(comparison.problems) > _PROBLEMS:
        lines.append(f"  … +{number(Decimal(len(comparison.problems) - _PROBLEMS), language)}")
    return "\n".join(lines)
