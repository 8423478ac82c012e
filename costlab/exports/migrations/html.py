"""One page for a CFO: verdict, figures, curve, bridge, years; no script, nothing fetched; prints to PDF.

The page itself is `_html.jinja`; whatever it is given is text and stays text.
"""

from decimal import Decimal

from costlab import errors
from costlab.exports.migrations._sections import missing_words, sections
from costlab.exports.migrations._words import facts, month, status, verdict, word
from costlab.exports.pages import page
from costlab.migration.budget import Budget
from costlab.model.numbers import Language

SUFFIX = "html"
MEDIA_TYPE = "text/html"
_WIDTH, _HEIGHT, _LEFT = 900, 260, 10


def render(budget: Budget, language: Language) -> str:
    """The budget as one HTML file."""
    return page(
        __package__,
        "_html.jinja",
        language=language,
        name=budget.plan.name,
        verdict=verdict(budget, language),
        complete=budget.complete,
        status=status(budget, language),
        basis=word("with_vat" if budget.with_vat else "without_vat", language),
        facts=facts(budget, language),
        curve=_curve(budget, language),
        sections=[(word(key, language), rows) for key, rows in sections(budget, language)],
        missing=missing_words(budget, language),
        problems=[errors.sentence(p, language) for p in budget.problems],
        words={key: word(key, language) for key in ("cumulative", "missing", "problems", "order")},
    )


def _curve(budget: Budget, language: Language) -> dict[str, str]:
    """The cumulative effect month by month, with its zero line and the month it breaks even, as points of a drawing."""
    values = [Decimal(0), *(r.cumulative for r in budget.rows)]
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)

    def x(n: int) -> str:
        return f"{_LEFT + Decimal(n) * (_WIDTH - 2 * _LEFT) / max(1, len(values) - 1):.1f}"

    def y(value: Decimal) -> str:
        return f"{20 + (high - value) / span * (_HEIGHT - 40):.1f}"

    break_even = budget.result.break_even
    return {
        "width": str(_WIDTH),
        "height": str(_HEIGHT),
        "left": str(_LEFT),
        "zero": y(Decimal(0)),
        "points": " ".join(f"{x(n)},{y(v)}" for n, v in enumerate(values)),
        "break_even": "" if break_even is None else x(break_even),
        "label": f"{word('break_even', language)}: {month(break_even, budget, language)}",
    }
