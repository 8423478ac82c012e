"""Words only the web pages use; the rest are in `costlab/language.py`."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from costlab.language import number
from costlab.model import Language, Period, Text

WORDS: dict[str, Text] = {
    "tagline": Text(en="Cloud cost, exact to the kopeck", ru="Стоимость облака с точностью до копейки"),
    "name": Text(en="Estimate name", ru="Название сметы"),
    "region": Text(en="Region", ru="Регион"),
    "period": Text(en="Period", ru="Период"),
    "list_month": Text(en="List month, {days} days", ru="Прайсовый месяц, {days} дней"),
    "own": Text(en="Own dates…", ru="Свои даты…"),
    "first_day": Text(en="First day", ru="Первый день"),
    "last_day": Text(en="Last day", ru="Последний день"),
    "prices_on": Text(en="Prices as of", ru="Цены на дату"),
    "prices_on_help": Text(
        en="Empty: every moment at the price, VAT and rounding rule in force then (a list month: today's)",
        ru="Пусто: каждый момент по своим цене, НДС и правилу округления (прайсовый месяц — по сегодняшним)",
    ),
    "order_of_days": Text(
        en="The last day is before the first: the period was left as it was",
        ru="Последний день раньше первого: период не изменён",
    ),
    "add": Text(en="Add a service", ru="Добавить сервис"),
    "add_server": Text(en="Add a server", ru="Добавить сервер"),
    "example": Text(en="Open the example shop", ru="Открыть пример: магазин"),
    "empty": Text(en="What will your cloud cost?", ru="Сколько будет стоить ваше облако?"),
    "empty_how": Text(
        en="Add a service: it opens with a working configuration and a price. Change it, and the total follows at "
        "once. Every amount shows how it was computed.",
        ru="Добавьте сервис: он откроется с рабочей конфигурацией и ценой. Меняйте — итог пересчитается сразу. "
        "У каждой суммы видно, как она посчитана.",
    ),
    "or_pick": Text(en="or choose a service", ru="или выберите сервис"),
    "open": Text(en="Open", ru="Открыть"),
    "open_file": Text(en="Estimate file, JSON or YAML", ru="Файл сметы, JSON или YAML"),
    "open_help": Text(
        en="Replaces the present estimate; “Undo” brings it back", ru="Заменит текущую смету; «Отменить» вернёт её"
    ),
    "not_opened": Text(en="{file} was not opened", ru="Файл {file} не открыт"),
    "line": Text(en="line {n}", ru="строка {n}"),
    "opened": Text(en="{file} was opened", ru="Файл {file} открыт"),
    "undo": Text(en="Undo", ru="Отменить"),
    "undo_help": Text(en="One change back", ru="Вернуться на одно изменение назад"),
    "clear": Text(en="Delete all", ru="Удалить всё"),
    "edit": Text(en="Configure", ru="Настроить"),
    "close": Text(en="Close", ru="Свернуть"),
    "clone": Text(en="Clone", ru="Копировать"),
    "delete": Text(en="Remove from the estimate", ru="Убрать из расчёта"),
    "resource_name": Text(en="Name", ru="Название"),
    "group": Text(en="Group", ru="Группа"),
    "no_group": Text(en="No group", ru="Без группы"),
    "group_help": Text(
        en="Application, environment or wave; type a new one. “/” nests",
        ru="Система, среда или волна; можно вписать новую. «/» вкладывает",
    ),
    "count": Text(en="Count", ru="Количество"),
    "count_help": Text(
        en="Identical resources, each rated by itself", ru="Одинаковых ресурсов; каждый рассчитывается отдельно"
    ),
    "schedule": Text(en="Running time", ru="Время работы"),
    "always": Text(en="Always", ru="Круглосуточно"),
    "stopped": Text(en="Stopped", ru="Остановлен"),
    "hours": Text(en="Hours per period", ru="Часов за период"),
    "weekdays": Text(en="By week days", ru="По дням недели"),
    "weekdays_help": Text(en="As in mon-fri 09-18", ru="Например, mon-fri 09-18"),
    "more": Text(en="More options", ru="Дополнительно"),
    "autoscaling": Text(en="Autoscaling", ru="Автомасштабирование"),
    "unset": Text(en="Not set", ru="Не задано"),
    "add_item": Text(en="Add", ru="Добавить"),
    "remove_item": Text(en="Remove", ru="Удалить"),
    "details": Text(en="Calculation details", ru="Детализация расчёта"),
    "details_one": Text(
        en="Calculation details, one of {n} identical", ru="Детализация расчёта: один из {n} одинаковых"
    ),
    "name_taken": Text(en="This name is taken; {id} was given", ru="Это название занято; присвоено {id}"),
    "errors": Text(en="{n} with errors, not in the total", ru="с ошибками, не в итоге: {n}"),
    "error": Text(en="error", ru="ошибка"),
    "partly": Text(en="partly without a price", ru="частично без цены"),
    "no_price": Text(en="no price", ru="нет цены"),
    "no_list": Text(
        en="There is no public price list for {region}: nothing here can be priced. Ask the provider for an offer, or "
        "choose another region.",
        ru="Публичного прайс-листа для региона «{region}» нет: рассчитать здесь нечего. Запросите предложение у "
        "провайдера или выберите другой регион.",
    ),
    "vat": Text(en="VAT", ru="НДС"),
    "included": Text(en="With VAT", ru="С НДС"),
    "net": Text(en="Without", ru="Без НДС"),
    "both": Text(en="Separately", ru="Отдельно"),
    "total_for": Text(en="Total for {days} days", ru="Итого за {days} дн."),
    "including_vat": Text(en="including VAT", ru="в том числе НДС"),
    "without_vat": Text(en="without VAT", ru="без НДС"),
    "with_vat": Text(en="with VAT", ru="с НДС"),
    "lines_sum": Text(
        en="Sum of {n} lines, each rounded by itself. VAT = each line × r / (1 + r), rounded; without VAT = the "
        "line less its VAT.",
        ru="Сумма строк ({n}), каждая округлена отдельно. НДС = строка × r / (1 + r) с округлением; без НДС = строка "
        "минус её НДС.",
    ),
    "how": Text(en="How computed", ru="Как посчитано"),
    "range": Text(en="With autoscaling: {low} … {high}", ru="С автомасштабированием: {low} … {high}"),
    "list_of": Text(en="Price list of {day}", ru="Прайс-лист от {day}"),
    "checked": Text(en="checked {day}", ru="сверен {day}"),
    "stale": Text(en="checked {n} days ago", ru="сверен {n} дн. назад"),
    "catalog": Text(en="catalog {hash}", ru="каталог {hash}"),
    "prices_of": Text(en="prices as of {day}", ru="цены на {day}"),
    "each_moment": Text(en="each moment at its own prices", ru="каждый момент по своим ценам"),
    "download": Text(en="Download", ru="Скачать"),
    "left_out": Text(en="Resources with errors are not in the files", ru="Ресурсы с ошибками в файлы не попадут"),
    "breakdown": Text(en="Breakdown", ru="Структура стоимости"),
    "by_service": Text(en="By service", ru="По сервисам"),
    "by_group": Text(en="By group", ru="По группам"),
    "assumptions": Text(en="Assumptions: {n}", ru="Допущения: {n}"),
    "problems": Text(en="Needs attention: {n}", ru="Требует внимания: {n}"),
    "default": Text(en="by default", ru="по умолчанию"),
    "remedy": Text(en="What to do", ru="Что делать"),
    "row": Text(en="Price list row", ru="Строка прайс-листа"),
    "effective": Text(en="First day", ru="Действует с"),
    "source": Text(en="Source", ru="Источник"),
    "also": Text(en="Also published", ru="Опубликована также"),
    "also_note": Text(
        en="printed by the provider too, not used here", ru="провайдер печатает и её, здесь не применяется"
    ),
    "note": Text(en="Note", ru="Примечание"),
    "span": Text(en="Time", ru="Время"),
    "rounding": Text(en="Rounding", ru="Округление"),
    "given": Text(en="given by you", ru="указана вами"),
    "up_to": Text(en="up to", ru="до"),
    "beyond": Text(en="beyond", ru="далее"),
    "filter": Text(en="Find in the estimate", ru="Найти в смете"),
    "nothing_found": Text(en="Nothing found", ru="Ничего не найдено"),
    "broken_catalog": Text(en="The price catalog cannot be read", ru="Каталог цен не читается"),
    "your_estimate": Text(en="this page", ru="страница"),
    "upload": Text(en="Choose a file", ru="Выбрать файл"),
    "min_max": Text(en="from {low} to {high}", ru="от {low} до {high}"),
}

CATEGORIES: dict[str, tuple[Text, str]] = {
    "Compute": (Text(en="Compute", ru="Вычисления"), "dns"),
    "Storage": (Text(en="Storage", ru="Хранение"), "hard_drive"),
    "Networking": (Text(en="Networks", ru="Сети"), "lan"),
    "Databases": (Text(en="Databases", ru="Базы данных"), "database"),
    "Security": (Text(en="Security", ru="Безопасность"), "shield"),
    "Analytics": (Text(en="Analytics", ru="Аналитика"), "analytics"),
    "AI and Machine Learning": (Text(en="Machine learning", ru="Машинное обучение"), "neurology"),
    "Management and Governance": (Text(en="Management", ru="Управление"), "monitoring"),
    "Web": (Text(en="Web", ru="Веб"), "language"),
    "Other": (Text(en="Other", ru="Прочее"), "category"),
}
"""FOCUS ServiceCategory → its name here and an icon."""

CHOICES: dict[str, Text] = {
    "single": Text(en="Single node", ru="Один узел"),
    "replica": Text(en="Master with replica", ru="Мастер с репликой"),
    "cluster": Text(en="Cluster", ru="Кластер"),
    "standard": Text(en="Standard", ru="Стандартный"),
    "service": Text(en="Service", ru="Сервисный"),
    "floating": Text(en="Floating", ru="Плавающий"),
    "port": Text(en="Port", ru="Порт"),
    "linux": Text(en="Linux, free distributions", ru="Linux, свободные дистрибутивы"),
    "windows": Text(en="Windows Server", ru="Windows Server"),
    "ice-lake": Text(en="Ice Lake", ru="Ice Lake"),
    "cascade-lake": Text(en="Cascade Lake", ru="Cascade Lake"),
    "high-freq": Text(en="High-frequency", ru="Высокочастотный"),
    "legacy": Text(en="Legacy", ru="Архивный"),
    "ceph-hdd": Text(en="HDD (ceph-hdd)", ru="HDD (ceph-hdd)"),
    "ceph-ssd": Text(en="SSD (ceph-ssd)", ru="SSD (ceph-ssd)"),
    "high-iops": Text(en="High-IOPS SSD (high-iops)", ru="High-IOPS SSD (high-iops)"),
    "high-iops-ha": Text(en="High-IOPS HA SSD (high-iops-ha)", ru="High-IOPS HA SSD (high-iops-ha)"),
    "ef-nvme": Text(en="Low Latency NVMe (ef-nvme)", ru="Low Latency NVMe (ef-nvme)"),
    "postgresql": Text(en="PostgreSQL", ru="PostgreSQL"),
    "mysql": Text(en="MySQL", ru="MySQL"),
    "clickhouse": Text(en="ClickHouse", ru="ClickHouse"),
    "mongodb": Text(en="MongoDB", ru="MongoDB"),
    "redis": Text(en="Redis", ru="Redis"),
    "tarantool": Text(en="Tarantool", ru="Tarantool"),
    "opensearch": Text(en="OpenSearch", ru="OpenSearch"),
    "postgrespro": Text(en="Postgres Pro", ru="Postgres Pro"),
    "hotbox": Text(en="Hotbox", ru="Hotbox"),
    "icebox": Text(en="Icebox", ru="Icebox"),
    "backup": Text(en="Backup", ru="Backup"),
    "sprut": Text(en="Sprut", ru="Sprut"),
    "neutron": Text(en="Neutron", ru="Neutron"),
    "s3": Text(en="Object storage", ru="Объектное хранилище"),
    "block": Text(en="Block storage", ru="Блочное хранилище"),
}
"""Names of values; a value without one is shown as the file has it."""

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ru": [
        "Январь",
        "Февраль",
        "Март",
        "Апрель",
        "Май",
        "Июнь",
        "Июль",
        "Август",
        "Сентябрь",
        "Октябрь",
        "Ноябрь",
        "Декабрь",
    ],
}


def say(key: str, language: Language, **values: object) -> str:
    """A word of the pages, filled in."""
    return WORDS[key][language].format(**values)


def choice(value: Any, language: Language) -> str:
    """A value of a choice for people."""
    found = CHOICES.get(str(value))
    return found[language] if found else str(value)


def day(value: date, language: Language) -> str:
    """A day: `12.01.2026`, in English `12 Jan 2026`."""
    if language == "ru":
        return f"{value:%d.%m.%Y}"
    return f"{value.day} {_MONTHS['en'][value.month - 1][:3]} {value.year}"


def month(value: date, language: Language) -> str:
    """A calendar month: `November 2026`."""
    return f"{_MONTHS[language][value.month - 1]} {value.year}"


def span(period: Period, language: Language) -> str:
    """First and last day of a period."""
    last = period.end - timedelta(minutes=1)
    return f"{day(period.start.date(), language)} – {day(last.date(), language)}"


def days(period: Period, language: Language) -> str:
    """The length of a period in days, with what fraction it has."""
    return number((Decimal(period.minutes) / 1440).normalize() + 0, language)
