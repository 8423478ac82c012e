"""FOCUS 1.2, Parquet: the rows of the CSV, typed."""

from costlab.exports.estimates._focus import rendered
from costlab.exports.focus_rows import write_parquet
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate, VatView

SUFFIX = "focus.parquet"
MEDIA_TYPE = "application/vnd.apache.parquet"


def render(estimate: Estimate, language: Language, vat: VatView) -> bytes:  # noqa: ARG001 (FOCUS always has both)
    """The estimate as a Parquet file."""
    return rendered(estimate, language, write_parquet)
