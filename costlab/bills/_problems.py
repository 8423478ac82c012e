"""What is wrong with each row that should have been a charge: file, line, column, the cell's text, what to do."""

from costlab.bills._columns import Layout
from costlab.bills._values import Notation
from costlab.model import Problem
from costlab.tables import Table

_SHOWN = 120
_EXPECTED = {
    "day": ("a day", "дата"),
    "start": ("a moment", "дата и время"),
    "period": ("a month", "месяц"),
    "amount": ("an amount", "сумма"),
    "bonus": ("an amount", "сумма"),
    "quantity": ("a number", "число"),
    "list_cost": ("an amount", "сумма"),
    "effective_cost": ("an amount", "сумма"),
}


def row_problems(
    table: Table, layout: Layout, rejected: list[tuple[int, str, list[str]]], notations: dict[str, Notation]
) -> list[Problem]:
    """A problem for each rejected row: line, the field (or `bad_row`, `bad_bytes`), cells."""
    return [_problem(table, layout, line, why, cells, notations) for line, why, cells in rejected]


def _problem(
    table: Table, layout: Layout, line: int, why: str, cells: list[str], notations: dict[str, Notation]
) -> Problem:
    if why in ("bad_row", "bad_bytes"):
        text = _shown((table.delimiter or " ").join(cells))
        return Problem(code=why, source=table.source, line=line, args={"width": str(table.width), "value": text})
    place = layout.fields[why][0]
    text = cells[place].strip()
    args = {"column": " ".join(table.header[place].split()), "value": _shown(text)}
    if not text:
        return Problem(code="empty_cell", source=table.source, line=line, args=args)
    if why == "resource_id":
        return Problem(code="mangled_id", source=table.source, line=line, args=args)
    if why in notations and _too_long(notations[why], text):
        args["limit"] = str(notations[why].scale)
        return Problem(code="excess_digits", source=table.source, line=line, args=args)
    args["expected"], args["expected_ru"] = _EXPECTED.get(why, ("a text", "текст"))
    return Problem(code="bad_cell", source=table.source, line=line, args=args)


def _too_long(notation: Notation, text: str) -> bool:
    try:
        return notation.parse(text) is not None
    except (ValueError, ArithmeticError):
        return False


def _shown(text: str) -> str:
    """Text for a message: one line, no control characters, not too long."""
    clean = "".join(c if c.isprintable() else "�" for c in " ".join(text.replace("\x00", "�").split()))
    return clean if len(clean) <= _SHOWN else clean[: _SHOWN - 1] + "…"
