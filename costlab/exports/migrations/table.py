"""Plain text for a terminal: the verdict, the figures, the bridge, the years, what is missing."""

from costlab import errors
from costlab.exports.layout import layout
from costlab.exports.migrations._sections import missing_words, sections
from costlab.exports.migrations._words import (
    facts,
    status,
    verdict,
    word,
)
from costlab.i18n.words import visible
from costlab.migration.budget import Budget
from costlab.model.numbers import Language

SUFFIX = "txt"
MEDIA_TYPE = "text/plain"


def render(budget: Budget, language: Language) -> str:
    """The budget as text."""
    basis = word("with_vat" if budget.with_vat else "without_vat", language)
    head = f"{visible(budget.plan.name)}\n{verdict(budget, language)} · {basis}\n"
    parts = [head + ("" if budget.complete else "! ") + status(budget, language) + "\n"]
    parts.append(layout([list(f) for f in facts(budget, language)], set(), right=range(1, 2)))
    for key, rows in sections(budget, language):
        parts.append(f"{word(key, language)}\n{layout(rows, {0}, right=range(1, len(rows[0])))}")
    missing = missing_words(budget, language)
    if missing:
        parts.append(f"{word('missing', language)}: {missing}\n")
    parts += [f"! {errors.sentence(p, language)}" for p in budget.problems]
    return "\n".join(parts) + "\n"
