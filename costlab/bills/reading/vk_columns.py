"""The columns of VK Cloud's granular report, which its consumption report shares and must be told from."""

from collections.abc import Sequence

from costlab.bills.reading import selectel_columns
from costlab.bills.reading.columns import Names, layout, names, normal
from costlab.bills.reading.profile import Profile

REGIONS = {"RUB": "ru-msk", "KZT": "kz-ast"}
"""Currency → region; the first is taken when the file names none."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "day": (
        "Дата", "День", "Дата списания", "Дата начисления", "Дата потребления", "Дата использования", "Сутки",
        "Дата операции", "Date", "Day", "Usage day", "Usage date", "Charge date", "Billing date", "Report date",
    ),
    "project": (
        "Проект", "ID проекта", "Идентификатор проекта", "Проект ID", "PID", "PID проекта", "Project", "Project ID",
        "Project PID",
        "Код проекта",
    ),
    "resource_id": (
        "ID ресурса", "Идентификатор ресурса", "Ресурс ID", "Код ресурса", "UUID ресурса", "Resource ID",
        "Resource UUID", "ResourceID", "ID объекта", "Object ID", "Instance ID",
    ),
    "resource_name": (
        "Имя ресурса", "Название ресурса", "Наименование ресурса", "Ресурс имя", "Resource name", "Имя объекта",
        "Название объекта",
    ),
    "service": (
        "Сервис", "Раздел", "Название сервиса", "Наименование сервиса", "Группа услуг", "Service", "Service name",
        "Section", "Product", "Категория", "Category",
    ),
    "parameter": (
        "Параметр", "Услуга/параметр", "Параметр услуги", "Название параметра", "Наименование параметра",
        "Параметр тарификации", "Номенклатура", "Тарифицируемый параметр", "Item", "Parameter", "Parameter name",
        "Resource price", "SKU", "Item name", "Service parameter",
    ),
    "quantity": (
        "Количество", "Кол-во", "Объём", "Потребление", "Объём потребления", "Объём услуг", "Потреблено",
        "Израсходовано", "Quantity", "Usage", "Usage quantity", "Usage amount", "Consumption", "Volume", "Qty",
    ),
    "unit": (
        "Ед. изм.", "Ед.", "Единица", "Единица измерения", "Единицы", "Единицы измерения", "Ед. измерения", "Unit",
        "Units", "Unit of measure", "Usage unit", "UoM",
    ),
    "amount": (
        "Стоимость", "Сумма", "Списано", "Начислено", "Списания", "Сумма списания", "Сумма списаний", "Итого",
        "Всего", "К оплате",
        "Списано деньгами", "Итоговая стоимость", "Стоимость всего", "Расход", "Расходы", "Сумма к оплате",
        "Начисления", "Сумма начисления", "Cost", "Amount", "Money", "Total", "Total cost", "Charge", "Charged", "Sum",
        "Total amount", "Money amount",
    ),
    "bonus": (
        "Бонусы", "Списано бонусами", "Бонус", "Бонусами", "Сумма бонусов", "Оплачено бонусами", "Списано бонусов",
        "Bonus", "Bonuses", "Bonus amount", "Paid with bonuses", "Bonus money",
    ),
    "vat_amount": (
        "НДС", "Сумма НДС", "В том числе НДС", "В т.ч. НДС", "VAT", "VAT amount", "Tax", "Tax amount",
    ),
    "labels": (
        "Метки", "Лейблы", "Теги", "Метки ресурса", "Пользовательские метки", "Labels", "Tags", "User labels", "Label",
        "Resource labels", "User tags",
    ),
    "currency": ("Валюта", "Currency", "Код валюты", "Billing currency"),
}  # fmt: skip
WEAK: dict[str, tuple[str, ...]] = {
    "Услуга": ("parameter", "service"),
    "Наименование услуги": ("parameter", "service"),
    "Название услуги": ("parameter", "service"),
    "Наименование": ("parameter", "resource_name"),
    "Название": ("parameter", "resource_name"),
    "Тариф": ("parameter",),
    "Name": ("resource_name", "parameter"),
    "Ресурс": ("resource_id", "resource_name"),
    "Объект": ("resource_id", "resource_name"),
    "Resource": ("resource_id", "resource_name"),
    "ID": ("resource_id",),
    "UUID": ("resource_id",),
    "Период": ("day",),
    "Period": ("day",),
}
REQUIRED = ("day", "parameter", "amount")
IGNORED = (
    "№", "№ п/п", "N", "Цена", "Цена за единицу", "Тариф", "Price", "Unit price", "Ставка НДС",
    "VAT rate", "Имя проекта", "Название проекта", "Project name",
    "Регион", "Region", "Зона", "Зона доступности", "AZ", "Availability zone", "Zone", "Тип", "Type", "Тип ресурса",
    "Resource type", "Комментарий", "Comment",
)  # fmt: skip
_SPANS = frozenset(map(normal, ("Период", "Period")))
NAMES: Names = names(COLUMNS, WEAK, REQUIRED, IGNORED)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header has every required column under a name we know.

    A period beside nothing but a service is the consumption report, unless the profile asks for this reader.
    """
    found = layout(header, NAMES, profile)
    if found.missing or (profile is not None and profile.format == "vk_granular"):
        return not found.missing
    if selectel_columns.matches(header, profile):
        return False
    spans = normal(header[found.fields["day"][0]]) in _SPANS
    item = normal(header[found.fields["parameter"][0]]) in NAMES.strong
    return not spans or item or "resource_id" in found.fields or "day" in (profile.columns if profile else {})
