"""Markdown, for a ticket or a wiki: the figures, the causes, the lines that differ, problems."""

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
from costlab.exports.comparisons._words import cash, change, side_words, verdict_title, why, word
from costlab.exports.inert import in_markdown as inert
from costlab.i18n.words import number, percent
from costlab.model.numbers import Language

SUFFIX = "md"
MEDIA_TYPE = "text/markdown"
_LINES = 40
_PROBLEMS = 40


def render(comparison: Comparison, language: Language) -> str:
    """The comparison as Markdown."""
    currency = comparison.currency
    expected, billed = side_words(comparison, language)
    delta = change(comparison.delta, currency, language)
    sides = f"{billed} {cash(comparison.after, currency, language)} − "
    sides += f"{expected} {cash(comparison.before, currency, language)}"
    share = f"{word('explained', language)}: {percent(explained(comparison), language)}, "
    share += f"{word('unexplained', language).lower()}: {cash(comparison.causes['unexplained'], currency, language)}"
    lines = [f"## {word(comparison.kind, language)}: {inert(comparison.name)}", ""]
    lines.append(f"**{word('difference', language)}: {delta}** = {sides}. {share}")
    lines += [f"\n{'⚠ **' + s[2:] + '**' if s.startswith('! ') else s}" for s in status(comparison, language)]
    lines += ["", f"| {word('cause', language)} | {word('amount', language)} |", "|---|---:|"]
    moved = [c for c in CAUSES if comparison.causes[c] or c == "unexplained"]
    lines += [f"| {CAUSE_TITLES[c][language]} | {change(comparison.causes[c], currency, language)} |" for c in moved]
    lines.append(f"| **{word('difference', language)}** | **{delta}** |")
    groups = by_verdict(comparison, _LINES)
    if comparison.patterns:
        lines += ["", f"### {word('patterns', language)}", ""]
        lines += [f"- **{title}** {inert(text)}" for title, text in pattern_lines(comparison, language)]
    counts = (differing_lines(comparison), comparison.count)
    n, m = (number(Decimal(x), language) for x in counts)
    title = word("lines_differ", language, n=n, m=m) if counts[0] else word("all_equal", language, n=m)
    lines += ["", f"### {title}"]
    for group in groups:
        lines += _group(group, comparison, language)
    if left := left_out(comparison, language):
        lines += ["", left]
    if comparison.problems:
        lines += ["", f"### {word('problems', language)}", ""]
        lines += [f"- {inert(errors.sentence(p, language))}" for p in comparison.problems[:_PROBLEMS]]
        if len(comparison.problems) > _PROBLEMS:
            lines.append(f"- … +{len(comparison.problems) - _PROBLEMS}")
    return "\n".join(lines) + "\n"


def _group(group: Group, comparison: Comparison, language: Language) -> list[str]:
    currency = comparison.currency

    def amount(value: Decimal | None) -> str:
        return "—" if value is None else cash(value, currency, language)

    lines = [""]
    if group.verdict:
        title, delta = verdict_title(group.verdict, comparison, language), change(group.delta, currency, language)
        lines += [f"**{title}**: {number(Decimal(group.lines), language)}, {delta}", ""]
    if group.shown:
        keys = names_of(comparison)
        heads = [*(word(k, language) for k in keys), *side_words(comparison, language)]
        heads += [word("difference", language), word("why", language)]
        lines.append("| " + " | ".join(heads) + " |")
        lines.append("|" + "|".join(["---"] * len(keys) + ["---:"] * 3 + ["---"]) + "|")
    for row in group.shown:
        cells = [inert(cell(row, k, language)) for k in keys]
        cells += [amount(row["before"]), amount(row["after"]), change(row["delta"], currency, language)]
        lines.append("| " + " | ".join([*cells, inert(why(row, language, currency))]) + " |")
    if group.rest:
        rest = change(group.rest_delta, currency, language)
        lines += ["", word("more", language, n=number(Decimal(group.rest), language), amount=rest)]
    return lines
