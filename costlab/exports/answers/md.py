"""An answer as Markdown, for a ticket or a wiki."""

from costlab.exports.answers._words import (
    asked_title,
    cell,
    columns,
    conversion_text,
    is_number,
    rows,
    rules_met,
    title,
    totals_text,
)
from costlab.exports.inert import in_markdown as inert
from costlab.i18n.words import word
from costlab.model.numbers import Language
from costlab.questions import Answer

SUFFIX = "md"
MEDIA_TYPE = "text/markdown"


def render(answer: Answer, language: Language) -> str:
    """The answer as Markdown."""
    shown = columns(answer)
    lines = [f"## {inert(asked_title(answer, language))}", ""]
    lines.append("| " + " | ".join(inert(title(c, language, answer)) for c in shown) + " |")
    lines.append("|" + "|".join("---:" if is_number(c, answer) else "---" for c in shown) + "|")
    lines += ["| " + " | ".join(inert(cell(c, row, answer, language)) for c in shown) + " |" for row in rows(answer)[0]]
    lines += ["", f"**{word('total', language)}:** {totals_text(answer, language)}"]
    lines += ["", inert(text)] if (text := conversion_text(answer, language)) else []
    rules = rules_met(answer, language)
    lines += ["", *(f"- **{inert(name)}:** {inert(why)}" for name, why in rules)] if rules else []
    return "\n".join(lines) + "\n"
