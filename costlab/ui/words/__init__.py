"""Words only the web pages use; the rest are in `costlab/language.py`."""

from datetime import date, timedelta
from decimal import Decimal

from costlab.i18n.words import number
from costlab.model.numbers import Language, Period, Text
from costlab.ui.words.bills import BILLS
from costlab.ui.words.migrate import MIGRATE

WORDS: dict[str, Text] = {
    "tagline": Text(en="Cloud cost, exact to the kopeck", ru="Стоимость облака с точностью до копейки"),
    "name": Text(en="Estimate name", ru="Название сметы"),
    "region": Text(en="Region", ru="Регион"),
    "period": Text(en="Period", ru="Период"),
    "list_month": Text(en="List month, {days} days", ru="Прайсовый месяц, {days} дней"),
    "own": Text(en="Own dates…", ru="Свои даты…"),
    "first_day": Text(en="First day", ru="Первый день"),
    "last_day": Text(en="Last day", ru="Последний день"),
    "usage_profile": Text(en="Usage profile", ru="Профиль"),
    "profile_none": Text(en="None", ru="Нет"),
    "profile_help": Text(
        en="Fills what is rarely known: downloads, compression, backups. Each value is shown under assumptions",
        ru="Заполняет то, что редко известно: скачивание, сжатие, резервные копии. Каждое значение — в допущениях",
    ),
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
    "range": Text(en="As it grows: {low} … {high}", ru="С учётом роста: {low} … {high}"),
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
    "imported": Text(en="{source}: read {read}, set aside {aside}", ru="{source}: прочитано {read}, отложено {aside}"),
    "settled": Text(en="Settled", ru="Решено"),
    "broken_catalog": Text(en="The price catalog cannot be read", ru="Каталог цен не читается"),
    "your_estimate": Text(en="this page", ru="страница"),
    "upload": Text(en="Choose a file", ru="Выбрать файл"),
    # pages of comparisons
    "page_estimate": Text(en="Estimate", ru="Смета"),
    "page_reconcile": Text(en="Reconcile", ru="Сверка"),
    "page_compare": Text(en="Compare", ru="Сравнение"),
    "reconcile_title": Text(en="Is the bill right?", ru="Верен ли счёт?"),
    "reconcile_how": Text(
        en="Give the granular report of a month as VK Cloud exports it. Every row is rated anew at the prices of its "
        "day; every kopeck of difference gets a cause.",
        ru="Загрузите детализацию за месяц, как её выгружает VK Cloud. Каждая строка пересчитывается по ценам своего "
        "дня, у каждой копейки разницы есть причина.",
    ),
    "bill_file": Text(
        en="Granular report, CSV or XLSX, up to {limit} MB", ru="Детализация, CSV или XLSX, до {limit} МБ"
    ),
    "bill_large": Text(
        en="Larger files: `costlab reconcile report.csv -o reconciliation.xlsx` in a terminal. The file stays on this "
        "server only while it is read.",
        ru="Файлы больше: `costlab reconcile report.csv -o сверка.xlsx` в терминале. Файл хранится на этом сервере, "
        "только пока читается.",
    ),
    "bill_example": Text(en="Open an example bill with faults", ru="Открыть пример счёта с ошибками"),
    "bill_clean": Text(en="Example without faults", ru="Пример без ошибок"),
    "bill_other": Text(en="Another file", ru="Другой файл"),
    "bill_refused": Text(en="{file} cannot be reconciled", ru="Файл {file} сверить нельзя"),
    "bill_read": Text(en="What was read", ru="Что прочитано"),
    "bill_check": Text(en="Reconcile", ru="Сверить"),
    "format": Text(en="Format", ru="Формат"),
    "kind": Text(en="File", ru="Файл"),
    "reading": Text(en="Reading the file…", ru="Читаю файл…"),
    "reconciling": Text(en="Rating every row anew…", ru="Пересчитываю каждую строку…"),
    "against_example": Text(en="the example estimate", ru="со сметой примера"),
    "encoding": Text(en="Encoding", ru="Кодировка"),
    "sheet": Text(en="sheet", ru="лист"),
    "separator": Text(en="separator {sign}", ru="разделитель {sign}"),
    "header_line": Text(en="header in line {n}", ru="заголовок в строке {n}"),
    "project": Text(en="Project", ru="Проект"),
    "rows": Text(en="Rows", ru="Строки"),
    "rows_read": Text(en="{n} accepted, {m} rejected", ru="принято {n}, отклонено {m}"),
    "sum": Text(en="Sum", ru="Сумма"),
    "control_same": Text(en="equal to the file's own total", ru="совпадает с итогом файла"),
    "control_other": Text(en="the file's own total is {total}", ru="итог самого файла: {total}"),
    "columns": Text(en="Columns", ru="Столбцы"),
    "ignored": Text(en="Columns not used", ru="Столбцы не используются"),
    "first_rows": Text(en="First rows as they were read", ru="Первые строки, как они прочитаны"),
    "mapping": Text(en="Say which column is which", ru="Указать, какой столбец что значит"),
    "mapping_how": Text(
        en="Once: download the profile and give it the next time, here or to `costlab reconcile --profile`.",
        ru="Один раз: скачайте профиль и дайте его в следующий раз здесь или в `costlab reconcile --profile`.",
    ),
    "by_name": Text(en="by its name", ru="по названию"),
    "profile": Text(en="Download the profile", ru="Скачать профиль"),
    "profile_file": Text(en="Mapping profile, YAML", ru="Профиль столбцов, YAML"),
    "decimal": Text(en="Decimal sign", ru="Десятичный знак"),
    "dates": Text(en="Order of dates", ru="Порядок в датах"),
    "dmy": Text(en="day / month / year", ru="день / месяц / год"),
    "serial": Text(en="numbers of a spreadsheet (46174)", ru="числа таблицы (46174)"),
    "mdy": Text(en="month / day / year", ru="месяц / день / год"),
    "as_found": Text(en="as found", ru="определить"),
    "field_day": Text(en="Day", ru="День"),
    "field_project": Text(en="Project", ru="Проект"),
    "field_resource_id": Text(en="Resource ID", ru="ID ресурса"),
    "field_resource_name": Text(en="Resource name", ru="Имя ресурса"),
    "field_service": Text(en="Service", ru="Сервис"),
    "field_parameter": Text(en="Item of the price list", ru="Позиция прайс-листа"),
    "field_quantity": Text(en="Quantity", ru="Количество"),
    "field_unit": Text(en="Unit", ru="Единица"),
    "field_amount": Text(en="Amount", ru="Сумма"),
    "field_bonus": Text(en="Bonuses", ru="Бонусы"),
    "field_labels": Text(en="Labels", ru="Метки"),
    "field_currency": Text(en="Currency", ru="Валюта"),
    "against": Text(en="Compare the bill with", ru="С чем сверить"),
    "against_list": Text(en="the price list", ru="с прайс-листом"),
    "against_draft": Text(en="the estimate “{name}”", ru="со сметой «{name}»"),
    "against_file": Text(en="an estimate file", ru="со сметой из файла"),
    "suggested_contract": Text(en="These prices as a contract (YAML)", ru="Эти цены как договор (YAML)"),
    "against_how": Text(
        en="The price list rates the bill's own quantities. An estimate shows wrong quantities and missing rows too.",
        ru="По прайс-листу оцениваются количества самого счёта. Смета покажет и неверные количества, и недостающие "
        "строки.",
    ),
    "rated": Text(en="rated {n} of {m} rows", ru="оценено {n} из {m} строк"),
    "of_difference": Text(en="has no cause yet", ru="причина не найдена"),
    "waterfall": Text(en="What the difference is made of", ru="Из чего сложилась разница"),
    "cause_calendar": Text(en="more or fewer days", ru="больше или меньше дней"),
    "cause_quantity": Text(en="more or less was used", ru="другой объём"),
    "cause_price": Text(en="another price", ru="другая цена"),
    "cause_vat": Text(en="another VAT rate", ru="другая ставка"),
    "cause_discount": Text(en="a discount", ru="применена скидка"),
    "cause_bonus": Text(en="paid with bonuses", ru="оплачено бонусами"),
    "cause_rounding": Text(en="another rounding rule", ru="другое правило"),
    "cause_new": Text(en="was not there before", ru="раньше не было"),
    "cause_gone": Text(en="is not there any more", ru="больше нет"),
    "cause_duplicate": Text(en="the same row again", ru="та же строка ещё раз"),
    "cause_not_itemised": Text(en="the report cannot contain it", ru="отчёт этого не содержит"),
    "cause_unexplained": Text(en="nobody can tell why", ru="причина неизвестна"),
    "show": Text(en="Show", ru="Показать"),
    "differing": Text(en="All that differ", ru="Все с расхождениями"),
    "all_lines": Text(en="All lines: {n}", ru="Все строки: {n}"),
    "find_line": Text(en="Resource, SKU or day", ru="Ресурс, SKU или день"),
    "price_source": Text(en="Price of the list", ru="Цена по прайсу"),
    "where": Text(en="Line", ru="Строка"),
    "more_problems": Text(en="… and {n} more, all of them in the files", ru="… и ещё {n}, все — в файлах"),
    "compare_title": Text(en="What changed, and why?", ru="Что изменилось и почему?"),
    "compare_how": Text(
        en="Two estimates: the difference is split exactly into quantity, price, VAT and what is new or gone.",
        ru="Две сметы: разница точно раскладывается на количество, цену, НДС, появившееся и исчезнувшее.",
    ),
    "side_before": Text(en="Before", ru="Было"),
    "side_after": Text(en="After", ru="Стало"),
    "side_draft": Text(en="The present estimate", ru="Текущая смета"),
    "side_file": Text(en="A file", ru="Файл"),
    "side_example": Text(en="The example shop", ru="Пример: магазин"),
    "side_empty": Text(en="The estimate on the first page is empty", ru="Смета на первой странице пуста"),
    "compare_wait": Text(en="Choose an estimate on both sides", ru="Выберите сметы с обеих сторон"),
    "currencies": Text(
        en="{one} and {two} cannot be compared: choose estimates of one region",
        ru="{one} и {two} сравнить нельзя: выберите сметы одного региона",
    ),
    "min_max": Text(en="from {low} to {high}", ru="от {low} до {high}"),
    **BILLS,
    **MIGRATE,
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
    "Business Applications": (Text(en="Business applications", ru="Бизнес-приложения"), "work"),
    "Identity": (Text(en="Identity", ru="Доступ"), "key"),
    "Other": (Text(en="Other", ru="Прочее"), "category"),
}
"""FOCUS ServiceCategory → its name here and an icon."""


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
