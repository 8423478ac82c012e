"""CloudKitty v2, OpenStack's own rating: the answers `dataframes` and `summary` of its API as JSON.

A row is one rated point of a dataframe, or one row of a summary; the line is its number in the answer. The price is
what the rating came to (CloudKitty keeps no currency: a profile may say it). Times are in UTC. An answer may be one
page of many: then it says how many points there are, and the bill says what is missing.
"""

from collections.abc import Sequence
from typing import Any

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="CloudKitty, dataframes or summary", ru="CloudKitty, dataframes или summary")
PROVIDER = "cloudkitty"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "start": ("begin",),
    "end": ("end",),
    "project": ("project_id", "tenant_id"),
    "resource_id": ("id", "resource_id"),
    "resource_name": ("resource_name", "display_name"),
    "parameter": ("type", "metric"),
    "quantity": ("qty",),
    "unit": ("unit",),
    "amount": ("rate",),
    "labels": ("metadata",),
}
REQUIRED = ("start", "amount", "quantity")
NAMES: Names = names(COLUMNS, {}, REQUIRED, ())
RULES = Rules(currency="", utc=True, signed=True)
_POINT = ("begin", "end", "type", "qty", "unit", "rate")


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header is a summary's: begin, qty and rate."""
    return not layout(header, NAMES, profile).missing


def flat(data: Any) -> tuple[list[str], list[list[Any]], int] | None:
    """Header, rows, and how many rows the whole answer has, of an answer of the API; None for any other JSON."""
    if not isinstance(data, dict):
        return None
    total = data.get("total")
    if isinstance(data.get("columns"), list) and isinstance(data.get("results"), list):
        header, rows = [str(c) for c in data["columns"]], data["results"]
        if not {"begin", "qty", "rate"} <= set(header):
            return None
        # A row that is not one of these columns is told by its text in every cell.
        rows = [r if isinstance(r, list) and len(r) == len(header) else [str(r)[:200]] * len(header) for r in rows]
    elif isinstance(data.get("dataframes"), list):
        points = [p for frame in data["dataframes"] for p in _points(frame)]
        keys = list(dict.fromkeys(k for p in points for k in p["groupby"]))
        header = [*_POINT, *(k for k in keys if k not in _POINT), "metadata"]
        rows = [
            [*(p[k] for k in _POINT), *(p["groupby"].get(k) for k in header[len(_POINT) : -1]), p["metadata"]]
            for p in points
        ]
    else:
        return None
    return header, rows, total if isinstance(total, int) and not isinstance(total, bool) else len(rows)


def _points(frame: Any) -> list[dict[str, Any]]:
    """The rated points of one dataframe; what is none of the API's shape is kept as a point without a price."""
    frame = frame if isinstance(frame, dict) else {}
    period, usage = _part(frame, "period"), _part(frame, "usage")
    begin, end = (_moment(period.get(k)) for k in ("begin", "end"))
    return [
        {
            "begin": begin, "end": end, "type": metric, "qty": _part(p, "vol").get("qty"),
            "unit": _part(p, "vol").get("unit"), "rate": _part(p, "rating").get("price"),
            "groupby": _part(p, "groupby"), "metadata": _part(p, "metadata"),
        }
        for metric, points in usage.items()
        for p in (points if isinstance(points, list) else [points])
    ]  # fmt: skip


def _part(data: Any, key: str) -> dict[str, Any]:
    part = data.get(key) if isinstance(data, dict) else None
    return part if isinstance(part, dict) else {}


def _moment(text: Any) -> Any:
    """`20190723T122810Z` as `2019-07-23T12:28:10Z`; anything else as it is."""
    if isinstance(text, str) and len(text) >= 15 and text[8:9] == "T" and (text[:8] + text[9:15]).isdigit():  # noqa: PLR2004
        day, clock = text[:8], text[9:15]
        return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}{text[15:]}"
    return text
