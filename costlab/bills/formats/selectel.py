"""Selectel's report of services rendered (CSV, monthly): by project, service, object and resource.

It is no accounting document. Its exact header is not published, so columns are found by name. What was paid from a
bonus balance becomes a row of category Credit with `bonus`, for the closing documents leave it out.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.meaning import CreditRules, finder, quoted
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="Selectel, services rendered", ru="Selectel, отчёт об оказанных услугах")
PROVIDER = "selectel"
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {
    "day": (
        "Период оказания услуги", "Период оказания услуг", "Период оказания", "Период услуги", "Период",
        "Service period", "Period", "Дата оказания услуги",
    ),
    "account": ("Номер аккаунта", "Аккаунт", "ID аккаунта", "Account number"),
    "project": ("ID проекта", "Идентификатор проекта", "UUID проекта", "Project ID"),
    "service": ("Продукт", "Название продукта", "Product", "Product name"),
    "parameter": ("Ресурс", "Название ресурса", "Имя ресурса", "Метрика", "Resource", "Resource name", "Metric"),
    "sku": ("ID ресурса", "Идентификатор ресурса", "Resource ID"),
    "description": ("Услуга", "Название услуги", "Service", "Service name"),
    "resource_id": ("ID объекта", "Идентификатор объекта", "UUID объекта", "Object ID"),
    "resource_name": ("Объект", "Название объекта", "Имя объекта", "Object", "Object name"),
    "quantity": ("Количество", "Объём", "Quantity"),
    "unit": ("Единица измерения", "Ед. изм.", "Единица", "Unit"),
    "amount": ("Общая стоимость", "Итоговая стоимость", "Стоимость", "Сумма", "Total cost", "Cost"),
    "currency": ("Валюта", "Currency"),
}  # fmt: skip
REQUIRED = ("day", "account", "service", "description", "amount")
NAMES: Names = names(COLUMNS, {}, REQUIRED, ())
_BALANCE = (
    "Баланс", "Баланс списания", "Списано с баланса", "Тип баланса", "Balance", "Balance charged", "Charged balance",
)  # fmt: skip


def meaning(columns: Sequence[str]) -> CreditRules:
    """What was paid with bonuses, by the balance it was taken from."""
    balance = finder(columns)(*_BALANCE)
    return CreditRules(paid_with_bonus=f"regexp_matches(lower({quoted(balance)}), 'бонус|bonus')" if balance else "")


RULES = Rules(spans=True, signed=True, meaning=meaning)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header names account, product, service, period and cost."""
    return not layout(header, NAMES, profile).missing
