"""Plain text for a terminal: the figures, the causes as a waterfall, the lines that differ, problems, coverage."""

from collections.abc import Iterator
from decimal import Decimal

from costlab import errors
from costlab.compare.result import CAUSE_TITLES, CAUSES, Comparison
from costlab.exports.comparisons._figures import explained
from costlab.exports.comparisons._lines import (
    Group,
    by_verdict,
    cell,
    differing_lines,
    left_out,
    names_of,
    pattern_lines,
    status,
)
from costlab.exports.comparisons._words import (
    cash,
    change,
    side_titles,
    side_words,
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
    total, count = comparison.count, differing_lines(comparison)
    if comparison.patterns:
        told = pattern_lines(comparison, language)
        yield "\n".join([f"{word('patterns', language)}:", *(f"  {title} {visible(text)}" for title, text in told)])
    if not count:
        yield word("all_equal", language, n=number(Decimal(total), language))
        return
    yield word("lines_differ", language, n=number(Decimal(count), language), m=number(Decimal(total), language))
    for group in groups:
        yield _group(group, comparison, language)
    if left := left_out(comparison, language):
        yield left


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


def _cut(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _problems(comparison: Comparison, language: Language) -> str:
    lines = [f"{word('problems', language)}:"]
    lines += [f"  {errors.sentence(p, language)}" for p in comparison.problems[:_PROBLEMS]]
    if len(comparison.problems) > _PROBLEMS:
        lines.append(f"  … +{number(Decimal(len(comparison.problems) - _PROBLEMS), language)}")
    return "\n".join(lines)
