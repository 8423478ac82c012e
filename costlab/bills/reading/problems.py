"""What is wrong with each row that should have been a charge: file, line, column, the cell's text, what to do."""

from collections.abc import Sequence

from costlab.bills.reading.columns import Layout, currency_code
from costlab.bills.reading.values import Notation
from costlab.files.tables import Table
from costlab.model.numbers import Args, Problem, Text

_SHOWN = 120
_TOLERATED_CELLS = 3
"""So many spoiled rows are an accident, whatever the size of the file: a stray line break alone makes two."""
_SPOILED = {
    "bad_bytes": "many_bad_bytes",
    "bad_row": "many_bad_rows",
    "bad_object": "many_bad_objects",
    "resource_id": "many_mangled_ids",
}
_EXPECTED = {
    "currency": Text(en="a currency", ru="валюта"),
    "day": Text(en="a day", ru="дата"),
    "start": Text(en="a moment", ru="дата и время"),
    "period": Text(en="a month", ru="месяц"),
    "amount": Text(en="an amount", ru="сумма"),
    "bonus": Text(en="an amount", ru="сумма"),
    "quantity": Text(en="a number", ru="число"),
    "list_cost": Text(en="an amount", ru="сумма"),
    "effective_cost": Text(en="an amount", ru="сумма"),
}


def row_problems(
    table: Table, layout: Layout, rejected: list[tuple[int, str, list[str]]], notations: dict[str, Notation]
) -> list[Problem]:
    """A problem for each rejected row: line, the field (or `bad_row`, `bad_bytes`), cells."""
    return [_problem(table, layout, line, why, cells, notations) for line, why, cells in rejected]


def refusal(
    table: Table, layout: Layout, rejected: list[tuple[int, str, list[str]]], notations: dict[str, Notation], rows: int,
    last: int,
) -> Problem | None:  # fmt: skip
    """Why a file as a whole cannot be trusted, by its rejected rows; None when it can. `last`: the last charge's line.

    One row in a thousand may be spoiled, and a few in any file.
    """
    names = {h.strip().casefold() for h in table.header if h.strip()}
    for line, _, cells in rejected:
        if len(names & {c.strip().casefold() for c in cells}) > len(names) // 2:
            return Problem(code="second_table", source=table.source, line=line)
    at, why, cells = rejected[-1] if rejected else (0, "", [])
    if at > last and why in ("bad_row", "bad_object") and len(cells) < table.least and not table.ended:
        return Problem(code="cut_off", source=table.source, line=at)
    other = [
        line
        for line, why, cells in rejected
        if why in notations and _other_sign(cells[layout.fields[why][0]], notations[why])
    ]
    if len(other) > max(_TOLERATED_CELLS, rows // 1000):
        args = {"count": str(len(other)), "rows": str(rows)}
        return Problem(code="mixed_decimals", source=table.source, line=other[0], args=args)
    for reason, code in _SPOILED.items():
        spoiled = [line for line, why, _ in rejected if why == reason]
        if len(spoiled) > max(_TOLERATED_CELLS, rows // 1000):
            args = {"count": str(len(spoiled)), "rows": str(rows)}
            return Problem(code=code, source=table.source, line=spoiled[0], args=args)
    return None


def file_doubts(table: Table) -> list[Problem]:
    """What a person should know of a file that can be read."""
    found = []
    if table.doubtful:
        args = {"encoding": table.encoding, "other": table.doubtful}
        found.append(Problem(code="encoding_doubtful", source=table.source, args=args))
    if table.left:
        args = {"names": ", ".join(table.left)}
        found.append(Problem(code="archive_rest", source=table.source, args=args))
    found += [
        Problem(code="repeated_sheet", source=table.source, args={"sheet": sheet, "other": other})
        for sheet, other in table.repeated
    ]
    read = [p.sheet for p in table.parts] or [table.sheet]
    for code, names in (("other_sheets", table.other_sheets), ("sheets_aside", table.sheets_aside)):
        if names:
            own = [n for n in read if n not in dict(table.repeated)]
            both: Args = {"sheets": _quoted(own), "others": _quoted(names)}
            found.append(Problem(code=code, source=table.source, args=both))
    return found


def _quoted(names: Sequence[str]) -> Text:
    """A list of names."""
    return Text(en=", ".join(f"“{n}”" for n in names), ru=", ".join(f"«{n}»" for n in names))


def _problem(
    table: Table, layout: Layout, line: int, why: str, cells: list[str], notations: dict[str, Notation]
) -> Problem:
    if why in ("bad_row", "bad_bytes", "bad_object"):
        text = _shown((table.delimiter or " ").join(cells))
        return Problem(code=why, source=table.source, line=line, args={"width": str(table.width), "value": text})
    place = layout.fields.get(why, layout.fields["amount"])[0]
    text = cells[place].strip()
    args: Args = {"column": " ".join(table.header[place].split()), "value": _shown(text)}
    if not text:
        code = "formula_without_value" if (line, place + 1) in table.uncomputed else "empty_cell"
    elif why == "currency" and "currency" not in layout.fields:
        code = "cell_currency"
    elif why == "currency" and currency_code(text):
        code, args["currency"] = "currency_conflict", cells[layout.fields["amount"][0]].strip()
    elif why == "resource_id":
        code = "mangled_id"
    elif why in notations and _too_long(notations[why], text):
        code, args["limit"] = "excess_digits", str(notations[why].scale)
    else:
        code = "bad_cell"
        args["expected"] = _EXPECTED.get(why, Text(en="a text", ru="текст"))
    return Problem(code=code, source=table.source, line=line, args=args)


def credit_problem(table: Table, line: int, column: str, text: str) -> Problem:
    """A credit that is no number, in a column or a list of its row: the row was set aside."""
    args: Args = {"column": column, "value": _shown(text), "expected": _EXPECTED["amount"]}
    return Problem(code="bad_cell" if text.strip() else "empty_cell", source=table.source, line=line, args=args)


def _other_sign(text: str, notation: Notation) -> bool:
    """Whether a cell is a number in the other notation: of comma and point."""
    other = Notation("," if notation.decimal == "." else ".", True, notation.scale)
    return bool(text.strip()) and other.canonical(text) is not None


def _too_long(notation: Notation, text: str) -> bool:
    try:
        return notation.parse(text) is not None
    except (ValueError, ArithmeticError):
        return False


def _shown(text: str) -> str:
    """Text for a message: one line, no control characters, not too long."""
    clean = "".join(c if c.isprintable() else "�" for c in " ".join(text.replace("\x00", "�").split()))
    return clean if len(clean) <= _SHOWN else clean[: _SHOWN - 1] + "…"
