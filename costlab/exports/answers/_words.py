"""The words of answers, and how a value of a column is written for people.

The words of a question are its own (`questions.card`); here are those of dimensions and of columns many questions have.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from costlab.exports.comparisons import cash, change
from costlab.i18n.words import number, percent, sign
from costlab.i18n.words import unit as unit_text
from costlab.model.numbers import Language, Text, exact
from costlab.questions import GRAINS, Answer, Kind

_TITLES: dict[str, Text] = {
    "service": Text(en="Service", ru="Сервис"),
    "project": Text(en="Project", ru="Проект"),
    "resource": Text(en="Resource", ru="Ресурс"),
    "resource_id": Text(en="Resource", ru="Ресурс"),
    "name": Text(en="Resource name", ru="Имя ресурса"),
    "parameter": Text(en="Item", ru="Позиция"),
    "sku": Text(en="SKU", ru="SKU"),
    "region": Text(en="Region", ru="Регион"),
    "category": Text(en="Category", ru="Категория"),
    "class": Text(en="Class", ru="Класс"),
    "currency": Text(en="Currency", ru="Валюта"),
    "account": Text(en="Account", ru="Аккаунт"),
    "unit": Text(en="Unit", ru="Единица"),
    "invoice": Text(en="Document", ru="Документ"),
    "file": Text(en="File", ru="Файл"),
    "provider": Text(en="Provider", ru="Провайдер"),
    "month": Text(en="Billing month", ru="Расчётный месяц"),
    "week": Text(en="Week from", ru="Неделя с"),
    "day": Text(en="Day", ru="День"),
    "charges": Text(en="Rows", ru="Строк"),
    "amount": Text(en="Cost", ru="Сумма"),
    "bonus": Text(en="Paid with bonuses", ru="Бонусами"),
    "share": Text(en="Share", ru="Доля"),
    "first_day": Text(en="From", ru="С"),
    "last_day": Text(en="To", ru="По"),
}
_FACES: dict[str, Text] = {
    "converted": Text(
        en="was {money}; each row by the rate of its day ({rates}), rounded half up to the hundredth",
        ru="было {money}; каждая строка по курсу её дня ({rates}) с округлением до сотых",
    ),
    "rest": Text(en="others: {n}", ru="остальные: {n}"),
    "untold": Text(en="(not told)", ru="(не указано)"),
    "untagged_value": Text(en="(no label)", ru="(без метки)"),
    "rows": Text(en="rows: {n}", ru="строк: {n}"),
}


_NUMBERS = ("money", "change", "count", "quantity", "price", "share")


def kind(column: str, answer: Answer) -> Kind:
    """What a column holds."""
    if column in answer.card.columns:
        return answer.card.columns[column].kind
    return "share" if column == "share" else "date" if column in GRAINS else "text"


def is_number(column: str, answer: Answer) -> bool:
    """Whether a column stands to the right."""
    return kind(column, answer) in _NUMBERS


def title(column: str, language: Language, answer: Answer | None = None) -> str:
    """The heading of a column or dimension; a label or a column of the file stands under its own name."""
    own = answer.card.columns.get(column) if answer else None
    named = own.title if own and own.title else _TITLES.get(column)
    if named is not None:
        return named[language]
    return column.removeprefix("tag:").removeprefix("x_")


def asked_title(answer: Answer, language: Language) -> str:
    """The question as a heading: `Cost: Service, env`."""
    named = [title(name, language) for name in answer.by] + (
        [_TITLES[answer.grain][language]] if answer.grain in _TITLES else []
    )
    return answer.card.title[language] + (f": {', '.join(named)}" if named else "")


def totals_text(answer: Answer, language: Language) -> str:
    """The whole, each currency by itself, and of how many rows."""
    money = [cash(v, c, language) for c, v in sorted(answer.totals.items())]
    rows = _FACES["rows"][language].format(n=number(Decimal(answer.charges), language))
    return " · ".join([*money, rows] if answer.card.adds_up != "nothing" else money)


def conversion_text(answer: Answer, language: Language) -> str:
    """What converted money was before, and how it was converted; "" when none was."""
    if not answer.rates:
        return ""
    money = " · ".join(cash(v, c, language) for c, v in sorted(answer.originals.items()))
    return _FACES["converted"][language].format(money=money, rates=answer.rates)


def columns(answer: Answer) -> list[str]:
    """The columns people are shown, in order: none that is empty throughout, a share where it says something."""
    table = answer.table
    kept = [c for c in table.column_names if kind(c, answer) != "hidden"]
    for name in tuple(kept):
        if name not in answer.by and (kind(name, answer) in ("text", "state") or name == "bonus"):
            values = set(table[name].to_pylist())
            one = name == "currency" and len(values | set(answer.totals)) <= 1
            if values <= {"", None, Decimal(0)} or one:
                kept.remove(name)
    if answer.card.share and (answer.by or "by" not in answer.card.takes):
        kept.append("share")
    return kept


def share(row: Mapping[str, Any], answer: Answer) -> Decimal | None:
    """The part of the money of its currency a row stands for, to four decimals; None where that says nothing."""
    part, whole = Decimal(row[answer.card.share]), answer.totals.get(row["currency"], Decimal(0))
    if whole <= 0:
        return None
    with exact():
        return round(part / whole, 4)


def cell(column: str, row: Mapping[str, Any], answer: Answer, language: Language) -> str:
    """A value as people read it."""
    value = share(row, answer) if column == "share" else row[column]
    if value is None:
        return "—"
    what = kind(column, answer)
    if what in ("text", "state"):
        return _text(column, str(value), row, answer, language)
    return _WRITTEN[what](value, column, row, language)


def _price(value: Decimal, column: str, row: Mapping[str, Any], language: Language) -> str:  # noqa: ARG001 (all alike)
    per = f" / {unit_text(row['unit'], language)}" if row.get("unit") else ""
    return f"{number(_digits(value), language)}\u00a0{sign(row['currency'])}{per}"


def day_text(value: date, column: str, language: Language) -> str:
    """A day, or a month without its first day."""
    if column == "month":
        return f"{value:%m.%Y}" if language == "ru" else f"{value:%Y-%m}"
    return f"{value:%d.%m.%Y}" if language == "ru" else value.isoformat()


def _digits(value: Decimal) -> Decimal:
    """Six leading digits: more would be the rounding of the rows."""
    with localcontext(prec=6):
        return +value


_WRITTEN: dict[Kind, Callable[[Any, str, Mapping[str, Any], Language], str]] = {
    "money": lambda v, _, row, language: cash(v, row["currency"], language),
    "change": lambda v, _, row, language: change(v, row["currency"], language),
    "count": lambda v, _, __, language: number(Decimal(v), language),
    "share": lambda v, _, __, language: percent(v, language),
    "date": lambda v, column, _, language: day_text(v, column, language),
    "quantity": lambda v, _, __, language: number(round(v, 2) if abs(v) >= 1 else v, language),
    "price": _price,
}


def _text(column: str, value: str, row: Mapping[str, Any], answer: Answer, language: Language) -> str:
    """Text, or words in its place: a state, the rest, what the file does not say."""
    if value in answer.card.words and kind(column, answer) == "state":
        return answer.card.words[value][language]
    if kind(column, answer) != "state" and answer.rest is not None and row.get("place") == answer.rest:
        first = next(c for c in answer.table.column_names if kind(c, answer) == "text")
        return _FACES["rest"][language].format(n=number(Decimal(row["items"]), language)) if column == first else ""
    return value or _untold(column, row, answer, language)


def _untold(column: str, row: Mapping[str, Any], answer: Answer, language: Language) -> str:
    own = answer.card.columns.get(column)
    if own is not None and own.empty is not None and (own.kind == "state" or row.get("resource_id") != ""):
        return own.empty[language]
    if column.startswith("tag:"):
        return _FACES["untagged_value"][language]
    return _FACES["untold"][language] if column in answer.by else ""


def rows(answer: Answer) -> tuple[list[dict[str, Any]], int]:
    """The rows people are shown, and how many things are not, because nothing is to be said of them."""
    found: list[dict[str, Any]] = answer.table.to_pylist()
    states = _states(answer)
    if not answer.card.quiet or not states:
        return found, 0
    # A thing has a row for each of its currencies, and is one thing all the same.
    keys = [c for c in answer.table.column_names if kind(c, answer) in ("text", "date") and c != "currency"]
    quiet = [row for row in found if any(row[s] in answer.card.quiet for s in states)]
    kept = [row for row in found if not any(row[s] in answer.card.quiet for s in states)]
    return kept, len({tuple(row[k] for k in keys) for row in quiet})


def rules_met(answer: Answer, language: Language) -> list[tuple[str, str]]:
    """Title and why of each state that some row has, where the question explains it; how many rows are quiet."""
    met = dict.fromkeys(value for s in _states(answer) for value in answer.table[s].to_pylist())
    words = [answer.card.words[value] for value in met if value in answer.card.words]
    quiet = number(Decimal(rows(answer)[1]), language)
    return [(w[language], w.why[language].format(days=answer.days, n=quiet)) for w in words if w.why is not None]


def _states(answer: Answer) -> list[str]:
    return [c for c in answer.table.column_names if kind(c, answer) == "state"]
