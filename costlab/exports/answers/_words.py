"""The words of answers: questions, columns, states, rules; and how a value of a column is written for people."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, Literal

from costlab.exports.comparisons import cash, change
from costlab.i18n.words import number, percent, sign
from costlab.i18n.words import unit as unit_text
from costlab.model.numbers import Language, Text
from costlab.questions import Answer

Kind = Literal["text", "money", "change", "count", "date", "quantity", "price", "share"]

QUESTIONS: dict[str, Text] = {
    "cost": Text(en="Cost", ru="Расходы"),
    "changed": Text(en="New, gone and changed resources", ru="Новые, ушедшие и изменившиеся ресурсы"),
    "coverage": Text(en="Days with and without rows", ru="Дни с начислениями и без"),
    "idle": Text(en="What looks idle", ru="Что похоже на простой"),
    "prices": Text(en="Unit prices seen", ru="Цены за единицу по счёту"),
    "tags": Text(en="Labels and money without them", ru="Метки и расходы без меток"),
    "restated": Text(en="What later files changed", ru="Что изменили позднейшие файлы"),
}
TITLES: dict[str, Text] = {
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
    "before": Text(en="Before", ru="Было"),
    "after": Text(en="After", ru="Стало"),
    "delta": Text(en="Difference", ru="Разница"),
    "status": Text(en="State", ru="Состояние"),
    "state": Text(en="State", ru="Состояние"),
    "usual": Text(en="Usual", ru="Обычно"),
    "tag": Text(en="Label", ru="Метка"),
    "different": Text(en="Values", ru="Значений"),
    "untagged_charges": Text(en="Rows without", ru="Строк без неё"),
    "tagged": Text(en="With the label", ru="С меткой"),
    "untagged": Text(en="Without", ru="Без метки"),
    "rule": Text(en="Sign", ru="Признак"),
    "days": Text(en="Days", ru="Дней"),
    "first_day": Text(en="From", ru="С"),
    "last_day": Text(en="To", ru="По"),
    "quantity": Text(en="Quantity", ru="Количество"),
    "price": Text(en="Price of a unit", ru="Цена единицы"),
    "bill": Text(en="Import", ru="Загрузка"),
    "source": Text(en="File", ru="Файл"),
    "charges_before": Text(en="Rows before", ru="Строк было"),
    "charges_after": Text(en="Rows after", ru="Строк стало"),
}
STATES: dict[str, Text] = {
    "new": Text(en="new", ru="новый"),
    "gone": Text(en="gone", ru="ушёл"),
    "changed": Text(en="changed", ru="изменился"),
    "same": Text(en="the same", ru="без изменений"),
    "missing": Text(en="no rows", ru="нет строк"),
    "fewer": Text(en="fewer rows", ru="строк меньше"),
    "more": Text(en="more rows", ru="строк больше"),
    "usual": Text(en="as usual", ru="как обычно"),
    "within": Text(en="covered by a longer row", ru="в составе строки за больший срок"),
    "ip_stopped": Text(en="address of a stopped machine", ru="адрес остановленной машины"),
    "ip_alone": Text(en="address without a machine", ru="адрес без машины"),
    "ip_empty": Text(en="address, no machines in the project", ru="адрес, а машин в проекте нет"),
    "ip_surplus": Text(en="more addresses than machines", ru="адресов больше, чем машин"),
    "disk_stopped": Text(en="disk of a stopped machine", ru="диск остановленной машины"),
    "disk_alone": Text(en="disk without a machine", ru="диск без машины"),
    "disk_empty": Text(en="disk, no machines in the project", ru="диск, а машин в проекте нет"),
    "disk_fast": Text(en="SSD would read as fast", ru="хватило бы SSD"),
    "licence_stopped": Text(en="licence of a stopped machine", ru="лицензия остановленной машины"),
    "licence_alone": Text(en="licence without a machine", ru="лицензия без машины"),
    "snapshot_old": Text(en="old snapshot", ru="старый снимок"),
}
RULES: dict[str, Text] = {
    "ip_stopped": Text(
        en="The machine with this id is billed on other days and not on these: its public address was paid for all "
        "the same.",
        ru="Машина с этим идентификатором в другие дни начисляется, а в эти — нет: публичный адрес всё равно оплачен.",
    ),
    "ip_alone": Text(
        en="In this project the addresses of machines stand under their machine's id, and no machine with this id was "
        "ever billed: stopped all the time, deleted, or the address is nobody's.",
        ru="В этом проекте адреса машин идут под идентификатором машины, а машина с этим идентификатором не "
        "начислялась ни разу: всё время остановлена, удалена, или адрес ничей.",
    ),
    "ip_empty": Text(
        en="On these days the project paid for no machine and no balancer that could hold the address.",
        ru="В эти дни у проекта не было ни машин, ни балансировщиков, которым нужен адрес.",
    ),
    "ip_surplus": Text(
        en="On these days the project had more addresses than machines and balancers. As many of the cheapest as are "
        "too many are listed; which ones are free, the bill does not say, and one machine may hold several.",
        ru="В эти дни адресов у проекта больше, чем машин и балансировщиков. Показано столько самых дешёвых, сколько "
        "лишних; какие именно свободны, из счёта не видно, и у одной машины их может быть несколько.",
    ),
    "disk_stopped": Text(
        en="The machine with this id is billed on other days and not on these: it was stopped or deleted, its disk "
        "was not.",
        ru="Машина с этим идентификатором в другие дни начисляется, а в эти — нет: она остановлена или удалена, а диск "
        "остался.",
    ),
    "disk_alone": Text(
        en="In this project disks of machines stand under their machine's id, and no machine with this id was ever "
        "billed: stopped all the time, deleted, or the disk is not attached.",
        ru="В этом проекте диски машин идут под идентификатором машины, а машина с этим идентификатором не начислялась "
        "ни разу: всё время остановлена, удалена, или диск не подключён.",
    ),
    "disk_empty": Text(
        en="On these days the project paid for disks and for no machine at all.",
        ru="В эти дни проект платил за диски, а за машины — нет.",
    ),
    "disk_fast": Text(
        en="A High-IOPS disk of this size reads no more operations a second than an ordinary SSD of the same size, by "
        "the provider's documentation (334–533 GB). It writes more: look at the writes before changing it. Several "
        "disks in one row are taken for one.",
        ru="Диск High-IOPS такого размера по документации провайдера даёт не больше операций чтения в секунду, чем "
        "обычный SSD того же размера (334–533 ГБ). На запись он быстрее: прежде чем менять, проверьте запись. "
        "Несколько дисков в одной строке считаются одним.",
    ),
    "licence_stopped": Text(
        en="The machine with this id is billed on other days and not on these: the licence goes on being charged "
        "while it is stopped.",
        ru="Машина с этим идентификатором в другие дни начисляется, а в эти — нет: за лицензию берут и тогда, когда "
        "машина остановлена.",
    ),
    "licence_alone": Text(
        en="In this project addresses and disks stand under their machine's id, and no machine with this id was ever "
        "billed, but its licence was.",
        ru="В этом проекте адреса и диски идут под идентификатором машины, а машина с этим идентификатором не "
        "начислялась ни разу, в отличие от лицензии.",
    ),
    "snapshot_old": Text(
        en="What the snapshot costs after its first {days} days that are in the store; it may be older.",
        ru="Сколько стоит снимок после первых {days} дней, которые есть в хранилище; он может быть и старше.",
    ),
}
_FACES: dict[str, Text] = {
    "converted": Text(
        en="was {money}; each row by the rate of its day ({rates}), rounded half up to the hundredth",
        ru="было {money}; каждая строка по курсу её дня ({rates}) с округлением до сотых",
    ),
    "rest": Text(en="others: {n}", ru="остальные: {n}"),
    "untold": Text(en="(not told)", ru="(не указано)"),
    "untagged_value": Text(en="(no label)", ru="(без метки)"),
    "any": Text(en="any label at all", ru="хоть какая-нибудь метка"),
    "nothing": Text(en="nothing noticed", ru="ничего не замечено"),
    "several": Text(en="(several)", ru="(несколько)"),
    "usual_days": Text(
        en="days: {n}. Usual is the number of rows most days of a project have, a tenth more or less",
        ru="дней: {n}. Обычно — столько строк, сколько у большинства дней проекта, плюс-минус десятая часть",
    ),
    "rows": Text(en="rows: {n}", ru="строк: {n}"),
}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("amount", "bonus", "before", "after", "tagged", "untagged"), "money"),
    **dict.fromkeys(("day", "week", "month", "first_day", "last_day"), "date"),
    **dict.fromkeys(
        ("charges", "usual", "different", "untagged_charges", "days", "bill", "charges_before", "charges_after"),
        "count",
    ),
    "delta": "change",
    "quantity": "quantity",
    "price": "price",
    "share": "share",
}
_HIDDEN = ("place", "items")
_STATES = ("status", "state", "rule")


def kind(column: str) -> Kind:
    """What a column holds."""
    return _KINDS.get(column, "text")


def title(column: str, language: Language) -> str:
    """The heading of a column; a label or a column of the file stands under its own name."""
    if column in TITLES:
        return TITLES[column][language]
    return column.removeprefix("tag:").removeprefix("x_")


def asked_title(answer: Answer, language: Language) -> str:
    """The question as a heading: `Cost: Service, env`."""
    named = [title(name, language) for name in answer.by] + (
        [TITLES[answer.grain][language]] if answer.grain in TITLES and answer.question == "cost" else []
    )
    return QUESTIONS[answer.question][language] + (f": {', '.join(named)}" if named else "")


def totals_text(answer: Answer, language: Language) -> str:
    """The whole, each currency by itself, and of how many rows."""
    money = [cash(v, c, language) for c, v in sorted(answer.totals.items())]
    rows = _FACES["rows"][language].format(n=number(Decimal(answer.charges), language))
    return " · ".join([*money, rows] if answer.question != "restated" else money)


def conversion_text(answer: Answer, language: Language) -> str:
    """What converted money was before, and how it was converted; "" when none was."""
    if not answer.rates:
        return ""
    money = " · ".join(cash(v, c, language) for c, v in sorted(answer.originals.items()))
    return _FACES["converted"][language].format(money=money, rates=answer.rates)


def columns(answer: Answer) -> list[str]:
    """The columns people are shown, in order: none that is empty throughout, a share where it says something."""
    table = answer.table
    kept = [c for c in table.column_names if c not in _HIDDEN]
    for name in tuple(kept):
        if name not in answer.by and (kind(name) == "text" or name == "bonus"):
            values = set(table[name].to_pylist())
            one = name == "currency" and len(values | set(answer.totals)) <= 1
            if values <= {"", None, Decimal(0)} or one:
                kept.remove(name)
    if answer.question == "tags" or (answer.question == "cost" and answer.by):
        kept.append("share")
    return kept


def share(row: Mapping[str, Any], answer: Answer) -> Decimal | None:
    """The part of the money of its currency a row stands for, to four decimals; None where that says nothing."""
    if answer.question == "tags":
        part, whole = Decimal(row["tagged"]), Decimal(row["amount"])
    else:
        part, whole = Decimal(row["amount"]), answer.totals.get(row["currency"], Decimal(0))
    if whole <= 0:
        return None
    with localcontext(prec=60):
        return round(part / whole, 4)


def cell(column: str, row: Mapping[str, Any], answer: Answer, language: Language) -> str:
    """A value as people read it."""
    value = share(row, answer) if column == "share" else row[column]
    if value is None:
        return "—"
    what = kind(column)
    if what == "text":
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
    if column in _STATES:
        return _FACES["nothing"][language] if not value else STATES[value][language]
    if answer.rest is not None and row.get("place") == answer.rest:
        first = next(c for c in answer.table.column_names if kind(c) == "text" and c not in _STATES)
        return _FACES["rest"][language].format(n=number(Decimal(row["items"]), language)) if column == first else ""
    return value or _untold(column, row, answer, language)


def _untold(column: str, row: Mapping[str, Any], answer: Answer, language: Language) -> str:
    if column == "tag":
        return _FACES["any"][language]
    if column.startswith("tag:"):
        return _FACES["untagged_value"][language]
    if answer.question == "changed" and column == "service" and row["resource_id"]:
        return _FACES["several"][language]
    return _FACES["untold"][language] if column in answer.by else ""


def rows(answer: Answer) -> tuple[list[dict[str, Any]], int]:
    """The rows people are shown, and how many are not: days on which everything is as usual."""
    found: list[dict[str, Any]] = answer.table.to_pylist()
    if answer.question != "coverage":
        return found, 0
    kept = [row for row in found if row["state"] not in ("usual", "within")]
    return kept, len({(row["project"], row["day"]) for row in found if row["state"] in ("usual", "within")})


def rules_met(answer: Answer, language: Language) -> list[tuple[str, str]]:
    """The rules that noticed something, title and why; for coverage, what is usual."""
    if answer.question == "coverage":
        usual = number(Decimal(rows(answer)[1]), language)
        return [(STATES["usual"][language], _FACES["usual_days"][language].format(n=usual))]
    if answer.question != "idle":
        return []
    met = dict.fromkeys(r for r in answer.table["rule"].to_pylist() if r)
    return [(STATES[r][language], RULES[r][language].format(days=answer.days)) for r in met]
