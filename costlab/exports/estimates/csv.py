"""CSV, one row a charge, names as in the JSON. Text that a spreadsheet would run as a formula is defused."""

import csv
import io
import re

from costlab.exports.estimates import VatView
from costlab.exports.estimates.json import charge_json
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate

SUFFIX = "csv"
MEDIA_TYPE = "text/csv"
COLUMNS = (
    "resource_id", "service", "group", "meter", "sku_id", "dimensions", "period_start", "period_end", "quantity",
    "unit",
    "charge_model", "unit_price", "per", "raw_cost", "rounding", "cost", "net", "vat", "vat_rate", "currency",
    "price_effective", "price_source", "tags", "contract", "list_cost", "note",
)  # fmt: skip
_FORMULA = re.compile(r"(^|[;,\t\r\n])(?=[\t\r\n]|[\s\"']*[=+@-])")
_TEXTS = ("resource_id", "service", "group", "dimensions", "price_source", "tags", "contract", "note")


def render(estimate: Estimate, language: Language, vat: VatView) -> str:  # noqa: ARG001 (amounts are all there)
    """The charges as CSV text; amounts with a decimal point."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for charge in estimate.charges:
        row = charge_json(charge, language)
        row["period_start"], row["period_end"] = row["period"]["start"], row["period"]["end"]
        row["currency"] = charge.currency
        for key in ("dimensions", "tags"):
            row[key] = "; ".join(f"{k}={v}" for k, v in row[key].items())
        writer.writerow(row | {key: inert(row[key]) for key in _TEXTS if key in row})
    return out.getvalue()


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula, also when it splits at another separator than ours.

    >>> inert("=1+1"), inert("a;=1+1"), inert("web")
    ("'=1+1", "a;'=1+1", 'web')
    """
    return _FORMULA.sub(r"\1'", text)
