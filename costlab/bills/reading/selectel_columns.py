"""Selectel's columns. VK's reports have some of the same names, and leave a file that has all of these to Selectel."""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, layout, names
from costlab.bills.reading.profile import Profile

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


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header names account, product, service, period and cost."""
    return not layout(header, NAMES, profile).missing
