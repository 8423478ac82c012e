"""Formats of others, known by their columns so that a refusal can say what the file is."""

import re
from collections.abc import Sequence

from costlab.bills.reading import focus_names
from costlab.files.tables import Table
from costlab.model.numbers import Args, Problem, Text

_FORMATS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (Text(en="DigitalOcean invoice", ru="счёт DigitalOcean"), ("group_description", "project_name", "USD")),
)  # fmt: skip


def known_format(header: Sequence[str]) -> Text | None:
    """The name of the format a header belongs to, among those no reader here reads; None when it is none of them."""
    seen = {_plain(h) for h in header}
    return next((name for name, columns in _FORMATS if all(_plain(c) in seen for c in columns)), None)


def unknown(table: Table, nearest: Text, missing: Sequence[str], *, asked: bool = False) -> Problem:
    """What a file is that no reader claims, and what the nearest reader (or the one asked for) lacks."""
    args: Args = {"missing": ", ".join(missing) or "—", "nearest": nearest}
    if not asked and (dataset := focus_names.dataset(table.header)):
        return Problem(
            code="other_dataset", source=table.source, line=table.header_line or None, args={"dataset": dataset}
        )
    if not asked and (known := known_format(table.header)) is not None:
        args |= {"what": known}
        return Problem(code="other_format", source=table.source, line=table.header_line or None, args=args)
    args["seen"] = ", ".join(h.strip() for h in table.header if h.strip())[:300]
    return Problem(code="no_header", source=table.source, line=table.header_line or None, args=args)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
