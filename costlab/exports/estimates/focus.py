"""FOCUS 1.2, CSV: an estimate's charges net, and one Tax row a VAT rate; their sum is the estimate's total."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from costlab.engine.duckdb import connect
from costlab.exports.estimates import VatView
from costlab.exports.focus_rows import write_csv
from costlab.focus.estimate import create_estimate_rows
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate

SUFFIX = "focus.csv"
MEDIA_TYPE = "text/csv"


def render(estimate: Estimate, language: Language, vat: VatView) -> str:  # noqa: ARG001 (FOCUS always has both)
    """The estimate as CSV text."""
    return rendered(estimate, language, write_csv).decode("utf-8")


def rendered(estimate: Estimate, language: Language, write: Callable[..., None]) -> bytes:
    """The file that one of the writers makes of an estimate."""
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder, connect() as connection:
        path = Path(folder) / "focus"
        write(connection, create_estimate_rows(connection, estimate, language), path)
        return path.read_bytes()
