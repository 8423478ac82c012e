"""What a migration budget looks like, one file an output; the file's name is the `--format`.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `render(budget, language) -> str | bytes`.
"""

from typing import Protocol, cast

from costlab.exports.migrations._sections import missing_words, sections
from costlab.migration.budget import Budget
from costlab.model.numbers import Language
from costlab.plugins import plugins

__all__ = ["Export", "load", "missing_words", "names", "sections"]


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, budget: Budget, language: Language) -> str | bytes:
        """The budget in this format."""
        ...


names, _load = plugins(__name__)


def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", _load(name))
