"""An estimate through one of the writers of FOCUS rows."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from costlab.engine.duckdb import connect
from costlab.focus.estimate import create_estimate_rows
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate


def rendered(estimate: Estimate, language: Language, write: Callable[..., None]) -> bytes:
    """The file that one of the writers makes of an estimate."""
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder, connect() as connection:
        path = Path(folder) / "focus"
        write(connection, create_estimate_rows(connection, estimate, language), path)
        return path.read_bytes()
