"""An answer for a terminal: the rows, the whole, and the rules where there are some."""

from costlab.exports.answers._words import (
    asked_title,
    cell,
    columns,
    conversion_text,
    is_number,
    rules_met,
    title,
    totals_text,
)
from costlab.exports.answers._words import rows as found
from costlab.exports.layout import layout
from costlab.i18n.words import visible, word
from costlab.model.numbers import Language
from costlab.questions import Answer

SUFFIX = "txt"
MEDIA_TYPE = "text/plain"
_WIDEST = 48


def render(answer: Answer, language: Language) -> str:
    """The answer as text."""
    shown = columns(answer)
    rows = [[title(c, language, answer) for c in shown]]
    rows += [[_short(visible(cell(c, r, answer, language))) for c in shown] for r in found(answer)[0]]
    right = {n for n, c in enumerate(shown) if is_number(c, answer)}
    parts = [f"{asked_title(answer, language)}\n", layout(rows, {0, len(rows) - 1}, right=right)]
    parts.append(f"{word('total', language)}: {totals_text(answer, language)}")
    parts += [f"  {visible(text)}"] if (text := conversion_text(answer, language)) else []
    parts += [f"  {name}: {why}" for name, why in rules_met(answer, language)]
    return "\n".join(parts) + "\n"


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
