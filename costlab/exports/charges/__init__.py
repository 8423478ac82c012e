"""Charges of bills as files, one file an output; the folder is the registry and the file's name is the `--format`.

Each module exposes `SUFFIX`, `MEDIA_TYPE` and `write(connection, view, path)`, which writes the rows of a view of
charges (the columns of `bill.CHARGES` and whatever stands beside them) to a file that does not exist yet.
"""

from pathlib import Path
from typing import Protocol, cast

import duckdb

from costlab.plugins import plugins


class Export(Protocol):
    """The names an export module exposes."""

    SUFFIX: str
    MEDIA_TYPE: str

    def write(self, connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
        """Every row of the view, in its order."""
        ...


names, _load = plugins(__name__)


def load(name: str) -> Export:
    """An output by its format name."""
    return cast("Export", _load(name))
