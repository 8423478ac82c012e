"""What a migration budget looks like, one file an output; the file's name is the `--format`.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `render(budget, language) -> str | bytes`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from costlab.migrate import Budget
from costlab.model import Language


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def render(self, budget: Budget, language: Language) -> str | bytes:
        """The budget in this format."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Every output format; a module whose name begins with `_` is a part of one, not a format."""
    return tuple(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


@cache
def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", import_module(f"costlab.exports.migrations.{name}"))
