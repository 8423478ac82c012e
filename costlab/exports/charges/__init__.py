"""Charges of bills as files, one file an output; the folder is the registry and the file's name is the `--format`.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `write(connection, view, path)`, which writes the rows of a view of
charges (the columns of `bill.CHARGES` and whatever stands beside them) to a file that does not exist yet.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

import duckdb


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def write(self, connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
        """Every row of the view, in its order."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Every output format; a module whose name begins with `_` is a part of one, not a format."""
    return tuple(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


@cache
def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", import_module(f"costlab.exports.charges.{name}"))
