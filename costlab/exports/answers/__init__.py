"""What the answer to a question about bills looks like, one file an output; the folder is the registry.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `render(answer, language) -> str | bytes`.
"""

from typing import Protocol, cast

from costlab.exports.answers._words import (
    asked_title,
    cell,
    columns,
    day_text,
    is_number,
    kind,
    rows,
    rules_met,
    share,
    title,
    totals_text,
)
from costlab.model.numbers import Language
from costlab.plugins import plugins
from costlab.questions import Answer

__all__ = [
    "Export", "asked_title", "cell", "columns", "day_text", "is_number", "kind", "load", "names", "rows",
    "rules_met", "share", "title", "totals_text",
]  # fmt: skip


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, answer: Answer, language: Language) -> str | bytes:
        """The answer in this format."""
        ...


names, _load = plugins(__name__)


def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", _load(name))
