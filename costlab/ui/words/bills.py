"""Words of the page Bills."""

from costlab.model.numbers import Text

BILLS: dict[str, Text] = {
    "page_bills": Text(en="Bills", ru="Счета"),
    "bills_title": Text(en="Where does the money go?", ru="На что уходят деньги?"),
    "bills_how": Text(
        en="Import billing exports: granular and consumption reports, FOCUS files. Every amount stays exact, a file "
        "given twice counts once, a corrected one replaces the days it has.",
        ru="Загрузите выгрузки: детализацию, отчёт о потреблении, файлы FOCUS. Все суммы точны; один файл дважды "
        "считается один раз, исправленный заменяет свои дни.",
    ),
    "bills_upload": Text(
        en="Billing exports, up to {limit} MB each: CSV, XLSX, DOCX, Parquet",
        ru="Выгрузки, до {limit} МБ каждая: CSV, XLSX, DOCX, Parquet",
    ),
    "bills_path": Text(en="Or a path on the server: a file or a folder", ru="Или путь на сервере: файл либо папка"),
    "bills_path_in": Text(en="Or a path below {folder}", ru="Или путь внутри {folder}"),
    "bills_path_go": Text(en="Import from the path", ru="Загрузить по пути"),
    "bills_path_off": Text(
        en="Bigger files: `costlab bill import FILE` on the server, or set COSTLAB_BILLS_DIR there.",
        ru="Файлы побольше: `costlab bill import ФАЙЛ` на сервере, или укажите там COSTLAB_BILLS_DIR.",
    ),
    "bills_example": Text(en="Import an example bill", ru="Загрузить пример счёта"),
    "bills_add": Text(en="Import", ru="Загрузить"),
    "bills_profile": Text(
        en="Mapping profile (YAML), for unknown columns", ru="Профиль столбцов (YAML), если они неизвестны"
    ),
    "bills_of": Text(en="file {n} of {m}", ru="файл {n} из {m}"),
    "bills_cancel": Text(en="Cancel", ru="Отменить"),
    "bills_cancelled": Text(en="Cancelled; files imported before stay", ru="Отменено; загруженное раньше осталось"),
    "bills_failed": Text(
        en="The import failed by a defect of ours; nothing half-done stayed. The server's log says more.",
        ru="Загрузка сорвалась по нашей ошибке; ничего недоделанного не осталось. Подробности в журнале сервера.",
    ),
    "bills_imported": Text(en="{file}: {rows} rows, {total}", ru="{file}: строк {rows}, {total}"),
    "bills_rejected": Text(en="rejected: {n}", ru="отклонено: {n}"),
    "bills_unchanged": Text(
        en="{file} was imported before: nothing changed", ru="{file} уже загружен: ничего не изменилось"
    ),
    "bills_restated": Text(
        en="{file} replaced days of earlier files; the difference: {delta}",
        ru="{file} заменил дни прежних файлов; разница: {delta}",
    ),
    "bills_view": Text(en="View", ru="Вид"),
    "view_overview": Text(en="Overview", ru="Обзор"),
    "view_files": Text(en="Files", ru="Файлы"),
    "months": Text(en="Billing months", ru="Расчётные месяцы"),
    "first_month": Text(en="From month", ru="С месяца"),
    "last_month": Text(en="To month", ru="По месяц"),
    "projects": Text(en="Projects", ru="Проекты"),
    "services": Text(en="Services", ru="Сервисы"),
    "all": Text(en="all", ru="все"),
    "label_key": Text(en="Label", ru="Метка"),
    "label_values": Text(en="Values", ru="Значения"),
    "no_value": Text(en="(no label)", ru="(без метки)"),
    "currency": Text(en="Currency", ru="Валюта"),
    "by": Text(en="Split by", ru="Разрез"),
    "grain": Text(en="In time", ru="По времени"),
    "grain_total": Text(en="one sum", ru="одной суммой"),
    "grain_month": Text(en="by month", ru="по месяцам"),
    "grain_week": Text(en="by week", ru="по неделям"),
    "grain_day": Text(en="by day", ru="по дням"),
    "top": Text(en="Largest", ru="Крупнейших"),
    "snapshot_age": Text(en="A snapshot is old after, days", ru="Снимок старый после, дней"),
    "before_month": Text(en="Before", ru="Было"),
    "after_month": Text(en="After", ru="Стало"),
    "per_day": Text(en="Cost over time, by service", ru="Расходы по времени и сервисам"),
    "top_services": Text(en="Largest services", ru="Крупнейшие сервисы"),
    "tree": Text(en="Projects, services, items", ru="Проекты, сервисы, позиции"),
    "tree_negative": Text(
        en="Credits and refunds ({total}) have no area and are not drawn; they are in every sum.",
        ru="Возвраты и скидки ({total}) площади не имеют и не нарисованы; в суммах они есть.",
    ),
    "others": Text(en="others", ru="остальные"),
    "not_told": Text(en="(not told)", ru="(не указано)"),
    "rows_shown": Text(en="rows: {n}", ru="строк: {n}"),
    "nothing_asked": Text(
        en="Nothing fits the filter: choose other months or projects.",
        ru="Под условия ничего не подходит: выберите другие месяцы или проекты.",
    ),
    "no_restatements": Text(
        en="No file has changed days of an earlier one.", ru="Ни один файл не менял дней более раннего."
    ),
    "one_month": Text(
        en="Two different billing months are needed: import bills of another month, or choose another.",
        ru="Нужны два разных расчётных месяца: загрузите счета другого месяца или выберите другой.",
    ),
    "kpi_total": Text(en="Total", ru="Итого"),
    "kpi_rows": Text(en="Rows", ru="Строк"),
    "kpi_days": Text(en="Days", ru="Дни"),
    "kpi_largest": Text(en="Largest service", ru="Крупнейший сервис"),
    "kpi_untagged": Text(en="Without any label", ru="Без единой метки"),
    "file_name": Text(en="File", ru="Файл"),
    "file_format": Text(en="Format", ru="Формат"),
    "file_days": Text(en="Days", ru="Дни"),
    "file_rows": Text(en="Rows", ru="Строк"),
    "file_rejected": Text(en="Rejected", ru="Отклонено"),
    "file_total": Text(en="Total", ru="Сумма"),
    "file_current": Text(en="Days that count", ru="Дней учтено"),
    "file_notes": Text(en="Notes", ru="Замечания"),
    "file_imported": Text(en="Imported, UTC", ru="Загружен, UTC"),
    "file_problems": Text(en="Show problems of", ru="Проблемы файла"),
}
