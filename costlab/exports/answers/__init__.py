"""What the answer to a question about bills looks like, one file an output; the folder is the registry.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `render(answer, language) -> str | bytes`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from costlab.exports.answers._words import (
    RULES,
    STATES,
    asked_title,
    cell,
    columns,
    day_text,
    kind,
    rows,
    rules_met,
    share,
    title,
    totals_text,
)
from costlab.model import Language
from costlab.questions import Answer

__all__ = [
    "RULES", "STATES", "Export", "asked_title", "cell", "columns", "day_text", "kind", "load", "names", "rows",
    "rules_met", "share", "title", "totals_text",
]  # fmt: skip


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, answer: Answer, language: Language) -> str | bytes:
        """The answer in this format."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Every output format; a module whose name begins with `_` is a part of one, not a format."""
    return tuple(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


@cache
def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", import_module(f"costlab.exports.answers.{name}"))
