"""CSV of an answer: names as in the JSON, every digit; text that a spreadsheet would run is defused."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

from costlab.exports.inert import in_spreadsheet as inert
from costlab.i18n.words import plain
from costlab.model.numbers import Language
from costlab.questions import Answer

SUFFIX = "csv"
MEDIA_TYPE = "text/csv"


def render(answer: Answer, language: Language) -> str:  # noqa: ARG001 (for programs: no language)
    """The rows as CSV text; amounts with a decimal point."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([inert(name) for name in answer.table.column_names])
    for batch in answer.table.to_batches():
        for row in batch.to_pylist():
            writer.writerow([_value(v) for v in row.values()])
    return out.getvalue()


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else inert(str(value))
