"""CSV, one row a charge, names as in the JSON. Text that a spreadsheet would run as a formula is defused."""

import csv
import io

from costlab.exports.estimates._charges import charge_json
from costlab.exports.inert import in_spreadsheet
from costlab.model.numbers import Language
from costlab.model.scenario import Estimate, VatView

SUFFIX = "csv"
MEDIA_TYPE = "text/csv"
COLUMNS = (
    "resource_id", "service", "group", "meter", "sku_id", "dimensions", "period_start", "period_end", "quantity",
    "unit",
    "charge_model", "unit_price", "per", "raw_cost", "rounding", "cost", "net", "vat", "vat_rate", "currency",
    "price_effective", "price_source", "tags", "contract", "list_cost", "note",
)  # fmt: skip
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
        writer.writerow(row | {key: in_spreadsheet(row[key]) for key in _TEXTS if key in row})
    return out.getvalue()
