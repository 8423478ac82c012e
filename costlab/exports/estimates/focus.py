"""FOCUS 1.2, CSV: an estimate's charges net, and one Tax row a VAT rate; their sum is the estimate's total."""

from costlab.exports.estimates._focus import rendered
from costlab.exports.focus_rows import write_csv
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate, VatView

SUFFIX = "focus.csv"
MEDIA_TYPE = "text/csv"


def render(estimate: Estimate, language: Language, vat: VatView) -> str:  # noqa: ARG001 (FOCUS always has both)
    """The estimate as CSV text."""
    return rendered(estimate, language, write_csv).decode("utf-8")
