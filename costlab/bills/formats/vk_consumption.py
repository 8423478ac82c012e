"""VK Cloud's consumption report (page «Баланс»; DOCX, XLSX or «Для бухгалтерии»): spending by service and period.

It confirms the accounting documents and names no resources. Its columns are not published, so they are found by name.
A row may cover a day, a week, a month or a year, and the period may stand above the table instead of in a column.
"""

from collections.abc import Sequence

from costlab.bills.reading import selectel_columns, vk_columns
from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="VK Cloud, consumption report", ru="VK Cloud, отчёт о потреблении")
PROVIDER = "vk"
REGIONS = vk_columns.REGIONS
RULES = Rules(spans=True, likely=1)

COLUMNS: dict[str, tuple[str, ...]] = {
    "day": (
        "Период", "Месяц", "Неделя", "Год", "День", "Дата", "Отчётный период", "Период оказания услуг",
        "Расчётный период", "Период потребления", "Период списания", "Дата списания", "Period", "Month", "Week", "Year",
        "Day", "Date", "Billing period", "Report period",
    ),
    "project": vk_columns.COLUMNS["project"],
    "service": (
        "Сервис", "Услуга", "Раздел", "Наименование услуги", "Название услуги", "Наименование услуг", "Группа услуг",
        "Название сервиса", "Наименование сервиса", "Наименование", "Наименование работ, услуг", "Вид услуги",
        "Наименование товара, работы, услуги", "Service", "Service name", "Product", "Category", "Категория",
    ),
    "parameter": ("Параметр", "Параметр услуги", "Номенклатура", "Тариф", "Item", "Parameter", "SKU"),
    "quantity": vk_columns.COLUMNS["quantity"],
    "unit": vk_columns.COLUMNS["unit"],
    "amount": (
        *vk_columns.COLUMNS["amount"], "Всего", "Сумма всего", "Всего к оплате", "Стоимость услуг",
        "Стоимость услуги", "Сумма расходов", "Потрачено", "Total charged",
    ),
    "bonus": vk_columns.COLUMNS["bonus"],
    "vat_amount": vk_columns.COLUMNS["vat_amount"],
    "currency": vk_columns.COLUMNS["currency"],
    "account": ("Лицевой счёт", "Номер лицевого счёта", "Договор", "Номер договора", "Account", "Contract"),
    "invoice": ("Номер документа", "Документ", "Номер УПД", "Invoice"),
}  # fmt: skip
REQUIRED = ("service", "amount")
IGNORED = (*vk_columns.IGNORED, "Код", "Код услуги", "Номер")
NAMES: Names = names(COLUMNS, {}, REQUIRED, IGNORED)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether a header names services and amounts, and is none of the granular report.

    Any cloud's summary names services and amounts: only a Russian header is taken for VK's unless the profile says so.
    """
    if layout(header, NAMES, profile).missing:
        return False
    russian = any("а" <= c <= "я" for name in header for c in name.casefold())
    asked = profile is not None and profile.format == "vk_consumption"
    return asked or (
        russian and not vk_columns.matches(header, profile) and not selectel_columns.matches(header, profile)
    )
