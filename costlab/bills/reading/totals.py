"""Rows of a report that are no charges: totals, repeated headers, signatures. Totals are a control, never money."""

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from costlab.bills.reading.values import Notation
from costlab.model.numbers import Problem

TOTAL = re.compile(
    r"\W*(?:итого?|всего|общая сумма|общий итог|подытог|промежуточный итог|сумма к оплате|в том числе|"
    r"(?:grand |sub-?|sub )?totals?)(?![\w-])",
    re.IGNORECASE,
)
_GRAND = re.compile(
    r"\W*(?:(?:итог|итого|всего|общая сумма|общий итог|сумма к оплате|grand totals?|total|к оплате|amount|due|"
    r"за период|по отчету|по отчёту|по всем проектам|с ндс|with vat|incl vat|for the period|руб|rub)\W*)+\Z",
    re.IGNORECASE,
)
_TAX = re.compile(r"в том числе|(?<!с )ндс|(?<!with )(?<!incl )\bvat\b|без\s+ндс", re.IGNORECASE)
_IN_TEXT = re.compile(r"[-−]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?(?=\D*\Z)")
_SIGNATURE = 2
_ZERO = Decimal(0)


@dataclass
class Aside:
    """What the rows that are no charges are."""

    control: Decimal | None = None
    totals: list[tuple[int, str, Decimal, tuple[str, ...]]] = field(default_factory=list)
    """Line, label, number, cells; the grand total too."""
    grand: int = 0
    """Line of the grand total that counts, 0 when there is none."""
    rejected: list[tuple[int, str, list[str]]] = field(default_factory=list)
    """Line, field or code, cells: rows that should have been charges."""
    notes: dict[str, int] = field(default_factory=dict)


def sort_out(
    rows: list[tuple[int, str, list[str]]], header: tuple[str, ...], amount: int, notation: Notation, last: int
) -> Aside:
    """Tell totals, repeated headers and signatures from rows that cannot be read; `last` is the last charge's line."""
    aside = Aside()
    names = [h.strip() for h in header if h.strip()]
    for line, reason, cells in rows:
        filled = [c.strip() for c in cells if c.strip()]
        if not filled:
            continue
        if reason == "bad_object":  # neither a total nor a signature is written so
            aside.rejected.append((line, reason, cells))
            continue
        if filled == names:
            _count(aside, "header_repeated")
            continue
        label = next((c for c in filled if TOTAL.match(c)), None)
        if label is not None and reason != "bad_bytes":
            number = _number(cells, filled, amount, notation)
            if number is not None and not _TAX.search(label):
                aside.totals.append((line, label, number, tuple(filled)))
                if _GRAND.match(re.sub(_IN_TEXT, "", label).strip(" :.-")):
                    aside.control, aside.grand = number, line
            _count(aside, "totals")
        elif line > last and len(filled) <= _SIGNATURE and (len(cells) <= amount or not cells[amount].strip()):
            _count(aside, "trailing_text")
        else:
            aside.rejected.append((line, reason, cells))
    return aside


def _count(aside: Aside, note: str) -> None:
    aside.notes[note] = aside.notes.get(note, 0) + 1


def _number(cells: list[str], filled: list[str], amount: int, notation: Notation) -> Decimal | None:
    """The number of a total: in the amount's column, else the last number of the row, else the end of a text."""
    at = cells[amount : amount + 1]
    texts = [*at, *reversed(filled), *(m[0] for c in reversed(filled) if (m := _IN_TEXT.search(c)))]
    for text in texts:
        try:
            number = notation.parse(text)
        except (ValueError, ArithmeticError):
            continue
        if number is not None:
            return number
    return None


def check(
    aside: Aside, connection: duckdb.DuckDBPyConnection, charges: str, total: Decimal, sign: int, source: str
) -> list[Problem]:
    """A warning for each total that is not the sum of what it may sum; `charges` is a relation in SQL, of this sign."""
    problems = []
    start = 0
    for line, label, number, cells in aside.totals[:1000]:
        if line == aside.grand:
            sums = [total]
        else:
            words = sorted({w.strip("«»\"'():;,") for c in cells for w in (c, *c.split())})
            parts = [f"line > {start} AND line < {line}"]
            parts += [f"list_contains(?, {column})" for column in ("project", "service", "resource_id")]
            asked = ", ".join(f"sum(amount) FILTER ({part})" for part in parts)
            [row] = connection.execute(f"SELECT {asked} FROM {charges}", [words] * 3).fetchall()
            sums = [total, *((s or _ZERO) * sign for s in row)]
        start = line
        if not any(_agrees(number, s) for s in sums):
            args = {
                "label": label[:80],
                "control": f"{number:f}",
                "total": _short(sums[0] if line == aside.grand else sums[1]),
            }
            args["difference"] = _short(number - Decimal(args["total"]))
            problems.append(Problem(code="control_differs", source=source, line=line, args=args))
    return problems


def _agrees(number: Decimal, total: Decimal) -> bool:
    """Whether a printed total is this sum, as exactly as it is printed."""
    exponent = number.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    if abs(number) == abs(total):  # a report may show payments as negative and their sum as positive
        return True
    return abs(abs(number) - abs(total).quantize(max(step, Decimal("1E-12")), ROUND_HALF_UP)) == 0


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
