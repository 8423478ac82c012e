"""The words of every face in both languages, and how numbers are written. Problems have theirs in errors.py."""

import re
from datetime import timedelta
from decimal import Decimal

from costlab.model.numbers import Language, Period, Text, exact

WORDS: dict[str, Text] = {
    "estimate": Text(en="Estimate", ru="Смета"),
    "summary": Text(en="Summary", ru="Итоги"),
    "resources": Text(en="Resources", ru="Ресурсы"),
    "line_items": Text(en="Line items", ru="Строки"),
    "prices": Text(en="Prices", ru="Цены"),
    "days_ago": Text(en="{n} d ago", ru="{n} дн. назад"),
    "at_list": Text(en="At list prices", ru="По прайс-листу"),
    "notes": Text(en="Notes of the price list", ru="Примечания к прайс-листу"),
    "assumptions": Text(en="Assumptions", ru="Допущения"),
    "problems": Text(en="Problems", ru="Проблемы"),
    "resource": Text(en="Resource", ru="Ресурс"),
    "service": Text(en="Service", ru="Сервис"),
    "group": Text(en="Group", ru="Группа"),
    "item": Text(en="Item", ru="Позиция"),
    "sku": Text(en="SKU", ru="SKU"),
    "meter": Text(en="Meter", ru="Показатель"),
    "dimensions": Text(en="Details", ru="Уточнения"),
    "quantity": Text(en="Quantity", ru="Количество"),
    "unit": Text(en="Unit", ru="Единица"),
    "unit_price": Text(en="Price", ru="Цена"),
    "per": Text(en="per", ru="за"),
    "raw_cost": Text(en="Before rounding", ru="До округления"),
    "rounding": Text(en="Rounding", ru="Округление"),
    "cost": Text(en="Cost with VAT", ru="Стоимость с НДС"),
    "net": Text(en="Without VAT", ru="Без НДС"),
    "vat": Text(en="VAT", ru="НДС"),
    "vat_rate": Text(en="VAT rate", ru="Ставка НДС"),
    "total": Text(en="Total", ru="Итого"),
    "period": Text(en="Period", ru="Период"),
    "start": Text(en="From", ru="С"),
    "end": Text(en="To (excluded)", ru="По (не включая)"),
    "minutes": Text(en="minutes", ru="минут"),
    "prices_on": Text(en="Prices as of", ru="Цены на"),
    "price_list": Text(en="Price list of", ru="Прайс-лист от"),
    "checked": Text(en="checked", ru="сверен"),
    "effective": Text(en="First day", ru="Действует с"),
    "source": Text(en="Source", ru="Источник"),
    "note": Text(en="Note", ru="Примечание"),
    "complete": Text(en="Complete: every line has a price", ru="Полная: у всех строк есть цена"),
    "incomplete": Text(en="INCOMPLETE: lines without a price: {n}", ru="НЕПОЛНАЯ: строк без цены — {n}"),
    "left_out": Text(en="INCOMPLETE: resources with errors are left out", ru="НЕПОЛНАЯ: без ресурсов с ошибками"),
    "given": Text(en="given", ru="указана"),
    "no_price": Text(en="no price", ru="нет цены"),
    "each": Text(en="each moment at its own prices", ru="на каждый момент — свои"),
    "range": Text(en="Range (growth)", ru="Диапазон (рост)"),
    "share": Text(en="Share", ru="Доля"),
    "catalog": Text(en="Price catalog", ru="Каталог цен"),
    "what": Text(en="What", ru="Что"),
    "remedy": Text(en="What to do", ru="Что делать"),
    "where": Text(en="Where", ru="Где"),
    "value": Text(en="Value", ru="Значение"),
    "key": Text(en="Key", ru="Ключ"),
    "reason": Text(en="Why", ru="Почему"),
    "by_service": Text(en="By service", ru="По сервисам"),
    "by_group": Text(en="By group", ru="По группам"),
    "none": Text(en="none", ru="нет"),
    "other": Text(en="(no group)", ru="(без группы)"),
    "currency": Text(en="Currency", ru="Валюта"),
    "before": Text(en="Before", ru="Было"),
    "after": Text(en="After", ru="Стало"),
    "no_changes": Text(en="No changes", ru="Изменений нет"),
    "also": Text(en="also published", ru="опубликовано также"),
    "zones": Text(en="Zones", ru="Зоны"),
    "number": Text(en="No.", ru="№"),
    "page": Text(en="page", ru="стр."),
    "up_to": Text(en="up to", ru="до"),
    "price_vat": Text(en="Price and VAT", ru="Цена и НДС"),
    "included": Text(en="VAT included", ru="с НДС"),
    "excluded": Text(en="without VAT", ru="без НДС"),
    "low": Text(en="Lowest (autoscaling)", ru="Наименьшая (автомасштабирование)"),
    "high": Text(en="Highest (autoscaling)", ru="Наибольшая (автомасштабирование)"),
    "status": Text(en="State", ru="Состояние"),
    "not_a_formula": Text(en="a value of costlab, not a formula", ru="значение costlab, не формула"),
    "workbook_note": Text(
        en="Change the blue quantities and prices: every amount is a formula and follows.",
        ru="Меняйте синие количества и цены: все суммы — формулы и пересчитаются.",
    ),
    "constant_note": Text(
        en="Orange amounts are values of costlab that do not follow.",
        ru="Оранжевые суммы — значения costlab, они не пересчитаются.",
    ),
    "name": Text(en="Name", ru="Название"),
    "provider": Text(en="Provider", ru="Провайдер"),
    "region": Text(en="Region", ru="Регион"),
}

_SIGNS = {"RUB": "₽", "KZT": "₸", "USD": "$", "EUR": "€"}
_UNITS = {
    "GB": "ГБ", "minute": "мин", "hour": "ч", "day": "сут", "address": "адрес", "licence": "лиц.", "server": "сервер",
    "request": "запрос", "LB": "баланс.", "VM": "ВМ", "user": "польз.", "package": "пакет",
    "network": "сеть", "router": "маршрут.", "zone": "зона", "tunnel": "туннель", "connection": "подкл.",
    "contract": "договор", "secret": "секрет", "check": "проверка", "project": "проект", "trigger": "триггер",
    "account": "уч. запись", "character": "символ", "audio minute": "мин аудио", "image": "изобр.", "cycle": "цикл",
    "step": "шаг", "unit": "ед.", "node": "узел", "instance": "экз.", "TB": "ТБ", "order": "заказ",
}  # fmt: skip
_UNITS_EN = {"minute": "min", "hour": "h", "LB": "balancer"}
_NBSP = "\u00a0"
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, line separators, bidirectional controls, halves of characters."""


def word(key: str, language: Language) -> str:
    """A word of the faces."""
    return WORDS[key][language]


def plain(value: Decimal) -> str:
    """A number for programs: every digit, no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def visible(text: str) -> str:
    r"""Text of a file as a terminal may have it: what would steer the screen or turn the writing stands as an escape.

    >>> visible("web\x1b[2J"), visible("сайт\u202e")
    ('web\\x1b[2J', 'сайт\\u202e')
    """
    return text if text.isprintable() else _STEERING.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def grouped(count: int, language: Language) -> str:
    r"""A count for people.

    >>> grouped(2000, "en"), grouped(2000, "ru")
    ('2,000', '2\xa0000')
    """
    return number(Decimal(count), language)


def number(value: Decimal, language: Language, decimals: int | None = None) -> str:
    r"""A number for people: grouped thousands, the language's decimal sign; all digits unless `decimals` is given.

    >>> number(Decimal("8474.33"), "ru"), number(Decimal("172800"), "en")
    ('8\xa0474,33', '172,800')
    """
    text = f"{value:,f}" if decimals is None else f"{value:,.{decimals}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if language == "ru":
        text = text.replace(",", _NBSP).replace(".", ",")
    return text


def price(value: Decimal, language: Language) -> str:
    """A price with every digit that was published: `0,019660`."""
    text = f"{value:,f}"
    return text.replace(",", _NBSP).replace(".", ",") if language == "ru" else text


def unit(name: str, language: Language) -> str:
    """A pricing unit for people: `vCPU·minute` → `vCPU·мин`."""
    words = _UNITS if language == "ru" else _UNITS_EN
    return "·".join(words.get(part, part) for part in name.split("·"))


def quantity(value: Decimal, level: Decimal | None, name: str, language: Language) -> str:
    r"""A quantity as people count it: `4 vCPU × 43 200 мин` when a level was held, else `100 ГБ`.

    What has more than two decimals is rounded for reading; every digit is in the JSON.

    >>> quantity(Decimal("100.123456789"), None, "GB", "en"), quantity(Decimal(100), Decimal(3), "GB·minute", "en")
    ('100.12\xa0GB', '100\xa0GB·min')
    """
    what, _, basis = name.partition("·")
    if basis and level:
        time = value / level
        if time == _readable(time):
            held = f"{number(level, language)}{_NBSP}{unit(what, language)}"
            return f"{held} × {number(time, language)}{_NBSP}{unit(basis, language)}"
    return f"{number(_readable(value), language)}{_NBSP}{unit(name, language)}"


def _readable(value: Decimal) -> Decimal:
    """Two decimals, but every digit of what is below one and would vanish."""
    with exact():
        return value if abs(value) < 1 else round(value, 2)


def sign(currency: str) -> str:
    """The sign of a currency: `₽`; its code where it has none."""
    return _SIGNS.get(currency, currency)


def money(value: Decimal, currency: str, language: Language) -> str:
    """An amount with its sign: `8 474,33 ₽`."""
    return f"{number(value, language, 2)}{_NBSP}{sign(currency)}"


def percent(value: Decimal, language: Language) -> str:
    """A share as percent with what decimals it has: 0.22 → `22 %`."""
    return f"{number((value * 100).normalize() + 0, language)}{_NBSP}%"


def days(period: Period, language: Language) -> str:
    """A period for people, its last day included: `1–30 Nov`-like but unambiguous: `2026-11-01 … 2026-11-30`."""
    last = period.end - timedelta(minutes=1)
    minutes = number(Decimal(period.minutes), language)
    return f"{period.start.date()} … {last.date()} ({minutes} {word('minutes', language)})"
