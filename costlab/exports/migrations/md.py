"""Markdown, for a ticket or a wiki."""

from costlab import errors
from costlab.exports.inert import in_markdown as cell
from costlab.exports.migrations._sections import missing_words, sections
from costlab.exports.migrations._words import facts, status, verdict, word
from costlab.migration.budget import Budget
from costlab.model.numbers import Language

SUFFIX = "md"
MEDIA_TYPE = "text/markdown"


def render(budget: Budget, language: Language) -> str:
    """The budget as Markdown."""
    basis = word("with_vat" if budget.with_vat else "without_vat", language)
    mark = "" if budget.complete else "⚠ "
    lines = [f"## {word('title', language)}: {cell(budget.plan.name)}", ""]
    lines += [f"**{verdict(budget, language)}** · {basis}", "", f"{mark}{status(budget, language)}", ""]
    lines += ["| | |", "|---|---:|", *(f"| {a} | {b} |" for a, b in facts(budget, language))]
    for key, rows in sections(budget, language):
        lines += ["", f"### {word(key, language)}", "", "| " + " | ".join(rows[0]) + " |"]
        lines.append("|---" + "|---:" * (len(rows[0]) - 1) + "|")
        lines += ["| " + " | ".join(cell(c) for c in row) + " |" for row in rows[1:]]
    missing = missing_words(budget, language)
    if missing:
        lines += ["", f"**{word('missing', language)}**: {cell(missing)}"]
    if budget.problems:
        lines += ["", f"### {word('problems', language)}", ""]
        lines += [f"- {cell(errors.sentence(p, language))}" for p in budget.problems]
    return "\n".join(lines) + "\n"
