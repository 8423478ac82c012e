"""One file an output; the folder is the registry and the file's name is the `--format`.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `render(estimate, language, vat) -> str | bytes`, where `vat` is
`included`, `net` or `both` and only decides what people are shown: the numbers are the estimate's.
"""

from typing import Protocol, cast

from costlab.exports.estimates._words import agreements, label
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate, VatView
from costlab.plugins import plugins

__all__ = ["USUAL", "Export", "VatView", "agreements", "label", "load", "names", "offered"]
USUAL = ("xlsx", "csv", "json", "md")


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, estimate: Estimate, language: Language, vat: VatView) -> str | bytes:
        """The estimate in this format."""
        ...


def offered(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Formats as people are offered files: the usual ones first, then every other; the table is for a terminal."""
    usual = tuple(name for name in USUAL if name in formats)
    return (*usual, *(name for name in formats if name not in (*usual, "table")))


names, _load = plugins(__name__)


def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", _load(name))
