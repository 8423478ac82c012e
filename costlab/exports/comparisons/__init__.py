"""What a comparison looks like, one file an output; the folder is the registry and the file's name is the `--format`.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `render(comparison, language) -> str | bytes`. What they share is named
here: the sentence of a line (`why`), how much is explained, which lines differ, lines summed by a feature.
"""

from typing import Protocol, cast

from costlab.compare.result import Comparison, Rest
from costlab.exports.comparisons._figures import compact, differing, explained, grouped, key_columns
from costlab.exports.comparisons._words import (
    cash,
    change,
    item,
    price_words,
    side_titles,
    side_words,
    units_read,
    verdict_title,
    why,
    word,
)
from costlab.model.numbers import Language
from costlab.plugins import plugins

__all__ = [
    "Export", "Rest", "cash", "change", "compact", "differing", "explained", "grouped", "item", "key_columns", "load",
    "names", "price_words", "side_titles", "side_words", "units_read", "verdict_title", "why", "word",
]  # fmt: skip


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, comparison: Comparison, language: Language) -> str | bytes:
        """The comparison in this format."""
        ...


names, _load = plugins(__name__)


def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", _load(name))
