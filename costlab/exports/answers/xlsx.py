"""The workbook of an answer: one sheet of rows, one of what was asked. A name that begins with `=` stays a name."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from costlab.errors import InputError, counted
from costlab.exports.answers._words import asked_title, cell, columns, kind, rules_met, share, title
from costlab.exports.workbook import ROWS, Column, Looks, Value, for_print, put, table
from costlab.i18n.words import word
from costlab.model.numbers import Language, Problem
from costlab.questions import Answer

SUFFIX = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKS = {
    "money": "raw", "change": "raw", "count": "whole", "quantity": "quantity", "price": "raw", "share": "share",
    "date": "date",
}  # fmt: skip
_SHEETS = {"ru": ("Ответ", "Вопрос"), "en": ("Answer", "Question")}


def render(answer: Answer, language: Language) -> bytes:
    """The answer as an .xlsx file's bytes. Raises `InputError` when it has more rows than a sheet."""
    if answer.table.num_rows > ROWS - 1:
        limit = counted("limit", ROWS - 1, "rows", "строк")
        raise InputError(Problem(code="too_large", source=answer.question, args=limit))
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        rows, asked = (book.add_worksheet(name) for name in _SHEETS[language])
        looks = Looks(book, _currency(answer), language)
        shown = columns(answer)
        heads = [Column(title(c, language, answer), _LOOKS.get(kind(c, answer), "text"), 44) for c in shown]
        table(rows, looks, heads, ([_value(c, r, answer, language) for c in shown] for r in answer.table.to_pylist()))
        _about(asked, looks, answer, language)
        for sheet in (rows, asked):
            for_print(sheet, looks, asked_title(answer, language))
    return target.getvalue()


def _currency(answer: Answer) -> str:
    """The one currency, whose sign the amounts get; "" where there are several, each row having its own."""
    return next(iter(answer.totals)) if len(answer.totals) == 1 else ""


def _value(column: str, row: dict[str, Any], answer: Answer, language: Language) -> Value:
    if column == "share":
        return share(row, answer)
    value: Value = row[column]
    return cell(column, row, answer, language) if isinstance(value, str) else value


def _about(sheet: Any, looks: Looks, answer: Answer, language: Language) -> None:
    formats = looks.formats
    facts: list[tuple[str, Value]] = [(word("what", language), asked_title(answer, language))]
    for currency, total in sorted(answer.totals.items()):
        facts.append((f"{word('total', language)}, {currency}", Decimal(total)))
    if answer.first_day and answer.last_day:
        facts += [(title("first_day", language), answer.first_day), (title("last_day", language), answer.last_day)]
    facts.append((title("charges", language), answer.charges))
    facts += rules_met(answer, language)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    for index, (name, value) in enumerate(facts):
        put(sheet, index, 0, name, formats["label"])
        look = "raw" if isinstance(value, Decimal) else "date" if not isinstance(value, str | int) else "fact"
        put(sheet, index, 1, value, formats["text"] if isinstance(value, str) else formats[look])
