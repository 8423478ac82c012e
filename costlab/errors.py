"""What can be wrong and how we say it. A user's mistake is data (`Problem`); only our own defects are exceptions.

Every message names what is wrong; every remedy says what to do. Both exist in English and Russian. The kind decides
the exit status: an `error` makes the input unusable (2), `unpriced` and `rejected` leave the result incomplete (3), a
`warning` only tells.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal, NamedTuple

from costlab.language import visible
from costlab.model import Language, Problem

Kind = Literal["error", "unpriced", "rejected", "warning"]


class Message(NamedTuple):
    """The words of one kind of problem: message and remedy, English then Russian; `{name}` is filled from args."""

    kind: Kind
    en: str
    ru: str
    remedy_en: str
    remedy_ru: str


class InputError(Exception):
    """The input cannot be used; carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(sentence(p, "en") for p in problems))


MESSAGES: dict[str, Message] = {
    # files
    "unreadable": Message(
        "error",
        "cannot be read: {reason}",
        "не удаётся прочитать: {reason}",
        "check the path and the permissions",
        "проверьте путь и права доступа",
    ),
    "unwritable": Message(
        "error",
        "cannot be written: {reason}",
        "не удаётся записать: {reason}",
        "choose another place with -o",
        "выберите другое место: -o",
    ),
    "unknown_ending": Message(
        "error",
        "the ending “{ending}” names no format",
        "окончание «{ending}» не означает ни одного формата",
        "give `--format`: {allowed}",
        "укажите `--format`: {allowed}",
    ),
    "binary_output": Message(
        "error",
        "{format} is not text and cannot be shown in a terminal",
        "{format} — не текст, на экран его не вывести",
        "say where to write it: `-o estimate.{format}`",
        "укажите, куда записать: `-o estimate.{format}`",
    ),
    "unknown_sku": Message(
        "error",
        "unknown SKU “{value}”",
        "неизвестный SKU «{value}»",
        "{nearest}see `costlab catalog list`",
        "{nearest_ru}смотрите `costlab catalog list`",
    ),
    "is_directory": Message(
        "error", "is a folder, not a file", "это папка, а не файл", "name a file in it", "укажите файл в ней"
    ),
    "not_a_file": Message(
        "error",
        "is a pipe or a device, not a file",
        "это канал или устройство, а не файл",
        "save it to a file first",
        "сначала сохраните в файл",
    ),
    "too_large": Message(
        "error",
        "is larger than {limit}",
        "больше {limit}",
        "split it: an estimate holds resources, not bills",
        "разделите файл: смета содержит ресурсы, а не счета",
    ),
    "empty_file": Message(
        "error",
        "is empty",
        "файл пуст",
        "start from `costlab demo` or the README's example",
        "начните с `costlab demo` или примера из README",
    ),
    "not_text": Message(
        "error",
        "is not a UTF-8 text file",
        "это не текстовый файл в UTF-8",
        "give an estimate as YAML or JSON; save it as UTF-8",
        "нужна смета в YAML или JSON, сохранённая в UTF-8",
    ),
    "syntax": Message(
        "error",
        "the file is broken or cut off here: {reason}",
        "файл испорчен или обрывается здесь: {reason}",
        "mend this line or the one before; indent with spaces",
        "исправьте эту строку или предыдущую; отступы пробелами",
    ),
    "duplicate_key": Message(
        "error",
        "the key “{key}” is given twice",
        "ключ «{key}» указан дважды",
        "keep one of them",
        "оставьте один",
    ),
    "key_not_text": Message(
        "error",
        "a key must be a word",
        "ключ должен быть словом",
        "write `key: value`",
        "пишите `ключ: значение`",
    ),
    "alias": Message(
        "error",
        "anchors and aliases (& and *) are not read",
        "якоря и ссылки (& и *) не читаются",
        "write the value out, or use `count`",
        "напишите значение полностью или используйте `count`",
    ),
    "yaml_tag": Message(
        "error",
        "the tag {tag} is not read",
        "метка {tag} не читается",
        "write the value without a tag; a text goes into quotes",
        "напишите значение без метки; текст возьмите в кавычки",
    ),
    "several_documents": Message(
        "error",
        "holds more than one document",
        "содержит больше одного документа",
        "split the file",
        "разделите файл",
    ),
    "too_deep": Message(
        "error",
        "is nested deeper than {limit} levels",
        "вложенность больше {limit} уровней",
        "this is not an estimate",
        "это не смета",
    ),
    "too_many_values": Message(
        "error",
        "holds more than {limit} values",
        "содержит больше {limit} значений",
        "split it",
        "разделите файл",
    ),
    # shape of an estimate
    "not_an_estimate": Message(
        "error",
        "is not an estimate: {reason}",
        "это не смета: {reason}",
        "an estimate begins with `costlab: 1`, then `name`, `period` and `resources`",
        "смета начинается с `costlab: 1`, затем `name`, `period` и `resources`",
    ),
    "unknown_key": Message(
        "error",
        "unknown key “{key}”",
        "неизвестный ключ «{key}»",
        "{nearest}allowed: {allowed}",
        "{nearest_ru}допустимы: {allowed}",
    ),
    "missing_key": Message(
        "error", "“{key}” is missing", "не указан «{key}»", "add `{key}:{hint}`", "добавьте `{key}:{hint}`"
    ),
    "wrong_type": Message(
        "error",
        "{key}: “{value}” is not {expected}",
        "{key}: «{value}» — не {expected_ru}",
        "give {expected}",
        "нужно: {expected_ru}",
    ),
    "not_allowed": Message(
        "error",
        "{key}: “{value}” is not one of the allowed values",
        "{key}: «{value}» нет среди допустимых значений",
        "{nearest}allowed: {allowed}",
        "{nearest_ru}допустимы: {allowed}",
    ),
    "out_of_range": Message(
        "error",
        "{key}: {value} is out of range",
        "{key}: {value} вне допустимых границ",
        "it must be {limit}",
        "должно быть {limit}",
    ),
    "invalid": Message("error", "{key}: {reason}", "{key}: {reason_ru}", "{fix}", "{fix_ru}"),
    "unknown_service": Message(
        "error",
        "unknown service “{value}”",
        "неизвестный сервис «{value}»",
        "{nearest}allowed: {allowed}",
        "{nearest_ru}допустимы: {allowed}",
    ),
    "unknown_flavor": Message(
        "error",
        "{key}: unknown flavor “{value}”",
        "{key}: неизвестная конфигурация «{value}»",
        "{nearest}a name reads STD3-<vCPU>-<RAM GB> (Ice Lake) or STD2-… (Cascade Lake)",
        "{nearest_ru}имя читается STD3-<vCPU>-<ОЗУ ГБ> (Ice Lake) или STD2-… (Cascade Lake)",
    ),
    "duplicate_id": Message(
        "error",
        "the id “{value}” is used twice (first in {first})",
        "id «{value}» использован дважды (впервые: {first})",
        "give each resource its own id; for identical ones use `count`",
        "дайте каждому ресурсу свой id; для одинаковых есть `count`",
    ),
    "too_many_resources": Message(
        "error",
        "the resources and their `count` come to {value}, the limit is {limit}",
        "ресурсов с учётом `count` — {value}, предел — {limit}",
        "lower `count`, or split the file",
        "уменьшите `count` или разделите файл",
    ),
    "cannot_stop": Message(
        "error",
        "schedule: “{service}” cannot be stopped: it is billed as long as it exists",
        "schedule: «{service}» нельзя остановить: оплачивается, пока существует",
        "remove `schedule`, or shorten the period",
        "уберите `schedule` или сократите период",
    ),
    "zone_lacks": Message(
        "error",
        "{what} does not exist in zone {zone}",
        "{what}: нет в зоне {zone}",
        "zones that have it: {zones}",
        "есть в зонах: {zones}",
    ),
    "different_header": Message(
        "error",
        "{key} differs from the first file's",
        "{key} не совпадает с первым файлом",
        "price the files one by one, or give both the same {key}",
        "рассчитайте файлы по одному или укажите одинаковый {key}",
    ),
    "too_much": Message(
        "error",
        "sizes, prices and period together exceed 38 digits",
        "размеры, цены и срок вместе длиннее 38 цифр",
        "look for numbers with too many zeros",
        "поищите числа с лишними нулями",
    ),
    # prices
    "no_price": Message(
        "unpriced",
        "no public price for {what} in {region}",
        "нет публичной цены: {what}, регион {region}",
        "ask the provider, and add its price to the catalog",
        "запросите цену у провайдера и добавьте её в каталог",
    ),
    "on_request": Message(
        "unpriced",
        "no public price for {what}: {note}",
        "нет публичной цены: {what}. {note}",
        "ask the provider and give `{key}`",
        "запросите цену у провайдера и укажите `{key}`",
    ),
    "ambiguous_price": Message(
        "unpriced",
        "{count} prices answer {what}: {skus}",
        "на вопрос «{what}» отвечают {count} цены: {skus}",
        "run `costlab catalog check`: each question must have one answer",
        "запустите `costlab catalog check`: ответ должен быть один",
    ),
    "no_price_then": Message(
        "unpriced",
        "no price from {start} to {end} (end excluded) for {what}",
        "нет цены с {start} по {end} (не включая конец): {what}",
        "the first list is dated {first}: set `prices_on`, or add the older list to the catalog",
        "первый прайс-лист от {first}: задайте `prices_on` или добавьте старый прайс-лист в каталог",
    ),
    "no_price_on": Message(
        "unpriced",
        "no price on {day} for {what}",
        "на {day} нет цены: {what}",
        "the first list is dated {first}: choose a later `prices_on`, or add the older list to the catalog",
        "первый прайс-лист от {first}: выберите `prices_on` позже или добавьте старый прайс-лист в каталог",
    ),
    # bills: the file as a whole
    "table_empty": Message(
        "error", "the file is empty", "файл пуст", "download the report again", "выгрузите отчёт ещё раз"
    ),
    "table_too_large": Message(
        "error",
        "is larger than {limit}",
        "больше {limit}",
        "export a shorter period, or CSV",
        "выгрузите более короткий период или CSV",
    ),
    "zip_bomb": Message(
        "error",
        "unpacks to {size}, far more than a report of this size can hold: not opened",
        "распаковывается в {size}: намного больше, чем может отчёт такого размера; файл не открыт",
        "export the report as CSV",
        "выгрузите отчёт в CSV",
    ),
    "encrypted": Message(
        "error",
        "the workbook is protected with a password",
        "книга защищена паролем",
        "save it without a password, or export CSV",
        "сохраните без пароля или выгрузите CSV",
    ),
    "old_excel": Message(
        "error",
        "is a workbook of Excel 97-2003 (.xls)",
        "это книга Excel 97-2003 (.xls)",
        "save it as .xlsx or CSV",
        "сохраните её как .xlsx или CSV",
    ),
    "html": Message(
        "error",
        "is a web page, not a report: most likely the sign-in page",
        "это веб-страница, а не отчёт: скорее всего, страница входа",
        "sign in and download the report again",
        "войдите в личный кабинет и выгрузите отчёт ещё раз",
    ),
    "document": Message(
        "error",
        "is a document ({kind}), not a table",
        "это документ ({kind}), а не таблица",
        "export the granular report as CSV or XLSX",
        "выгрузите гранулярный отчёт в CSV или XLSX",
    ),
    "not_a_table": Message(
        "error",
        "is neither CSV nor XLSX: {reason}",
        "это не CSV и не XLSX: {reason}",
        "export the granular report as CSV or XLSX",
        "выгрузите гранулярный отчёт в CSV или XLSX",
    ),
    "broken_workbook": Message(
        "error",
        "the workbook is broken or cut off: {reason}",
        "книга испорчена или обрывается: {reason}",
        "download it again",
        "выгрузите её ещё раз",
    ),
    "sheet_full": Message(
        "error",
        "the sheet “{sheet}” is filled to Excel's last row: what came after it was cut off",
        "лист «{sheet}» заполнен до последней строки Excel: остальное отрезано",
        "export the report as CSV",
        "выгрузите отчёт в CSV",
    ),
    "no_header": Message(
        "error",
        "no header row was found that names {missing}; the nearest reads: {seen}",
        "не найдена строка заголовков, где есть {missing}; ближайшая: {seen}",
        "name the columns in a mapping profile (page Reconcile, or YAML with `columns:`)",
        "назовите столбцы в профиле (страница «Сверка» или YAML с `columns:`)",
    ),
    "header_only": Message(
        "error",
        "has a header and no rows",
        "есть заголовок, но нет ни одной строки",
        "choose a period with charges and download the report again",
        "выберите период с начислениями и выгрузите отчёт ещё раз",
    ),
    "ambiguous_header": Message(
        "error",
        "columns {headers} could all be “{field}”, and they differ",
        "столбцы {headers} подходят под «{field}» и различаются",
        "say which one in a mapping profile: `columns: {{{field}: …}}`",
        "выберите один в профиле: `columns: {{{field}: …}}`",
    ),
    "profile_header": Message(
        "error",
        "the profile takes “{field}” from the column “{header}”, which the file does not have",
        "профиль берёт «{field}» из столбца «{header}», которого в файле нет",
        "the file has: {seen}",
        "в файле есть: {seen}",
    ),
    "two_readers": Message(
        "error",
        "several readers know this format: {readers}",
        "формат подходит нескольким чтецам: {readers}",
        "this is a defect of the readers: report it with the header row",
        "это ошибка чтецов: сообщите о ней, приложив строку заголовков",
    ),
    "ambiguous_numbers": Message(
        "error",
        "column “{column}”: “{value}” may be read two ways, and nothing in the file decides",
        "столбец «{column}»: «{value}» можно прочитать двояко, и ничто в файле не решает, как",
        'give the decimal sign in a mapping profile: `decimal: ","`',
        'укажите десятичный знак в профиле: `decimal: ","`',
    ),
    "ambiguous_dates": Message(
        "error",
        "column “{column}”: “{value}” may be day/month or month/day, and nothing in the file decides",
        "столбец «{column}»: «{value}» — день/месяц или месяц/день, и ничто в файле не решает, как",
        "give the order in a mapping profile: `dates: dmy` or `dates: mdy`",
        "укажите порядок в профиле: `dates: dmy` или `dates: mdy`",
    ),
    "mixed_currency": Message(
        "error",
        "holds several currencies: {currencies}",
        "в файле несколько валют: {currencies}",
        "export each currency by itself",
        "выгрузите каждую валюту отдельно",
    ),
    "mostly_rejected": Message(
        "error",
        "{rejected} of {rows} rows cannot be read",
        "не читаются строки: {rejected} из {rows}",
        "check the columns in a mapping profile; the first rows are listed",
        "проверьте столбцы в профиле; первые строки перечислены",
    ),
    "no_bill": Message("error", "no file was given", "не указан ни один файл", "name a bill", "укажите счёт"),
    "different_bills": Message(
        "error",
        "differs from {first} in {key}: they cannot be read as one bill",
        "отличается от {first} ({key}): прочитать как один счёт нельзя",
        "reconcile them one by one",
        "сверьте их по отдельности",
    ),
    # bills: one row
    "bad_row": Message(
        "rejected",
        "the row has not the header's {width} columns: {value}",
        "в строке не {width} столбцов, как в заголовке: {value}",
        "mend the delimiters and quotes of this row, or download the report again",
        "исправьте разделители и кавычки строки или выгрузите отчёт ещё раз",
    ),
    "bad_bytes": Message(
        "rejected",
        "the row holds characters that are no text: {value}",
        "в строке есть символы, которые не являются текстом: {value}",
        "download the report again",
        "выгрузите отчёт ещё раз",
    ),
    "bad_cell": Message(
        "rejected",
        "column “{column}”: “{value}” is not {expected}",
        "столбец «{column}»: «{value}» — не {expected}",
        "correct the cell, or download the report again",
        "исправьте ячейку или выгрузите отчёт ещё раз",
    ),
    "empty_cell": Message(
        "rejected",
        "column “{column}” is empty",
        "столбец «{column}» пуст",
        "fill the cell, or download the report again",
        "заполните ячейку или выгрузите отчёт ещё раз",
    ),
    "excess_digits": Message(
        "rejected",
        "column “{column}”: “{value}” has more digits than can be kept exactly ({limit} decimals)",
        "столбец «{column}»: у «{value}» больше знаков, чем хранится точно (после запятой — {limit})",
        "give the amount with fewer decimals: nothing is rounded silently",
        "дайте число с меньшим числом знаков: молча ничего не округляется",
    ),
    "mangled_id": Message(
        "rejected",
        "column “{column}”: “{value}” is an identifier spoiled by a spreadsheet",
        "столбец «{column}»: «{value}» — идентификатор, испорченный табличным редактором",
        "use the report as it was downloaded, not saved by Excel",
        "возьмите отчёт таким, как он выгружен, без пересохранения в Excel",
    ),
    # bills: to know
    "control_differs": Message(
        "warning",
        "the file's own total “{label}” is {control}, its rows come to {total} (difference {difference})",
        "собственный итог файла «{label}» — {control}, а сумма строк — {total} (разница {difference})",
        "look for rejected, missing or doubled rows",
        "проверьте отклонённые, недостающие и повторные строки",
    ),
    "overlapping_files": Message(
        "warning",
        "the same project and days as in {first}: {days} ({count})",
        "те же проект и дни, что и в {first}: {days} ({count})",
        "if one report repeats the other, leave it out",
        "если один отчёт повторяет другой, уберите его",
    ),
    "row_without_price": Message(
        "unpriced",
        "{rows} rows of “{what}” ({money}) cannot be rated: {reason}",
        "строк «{what}»: {rows} на {money} — не рассчитать: {reason}",
        "check the name and the section, or add the price to the catalog",
        "проверьте название и раздел или добавьте цену в каталог",
    ),
    # warnings
    "nothing_to_price": Message(
        "warning", "nothing to price", "нечего рассчитывать", "add `resources`", "добавьте `resources`"
    ),
    # the catalog itself
    "catalog": Message("error", "{reason}", "{reason}", "{fix}", "{fix}"),
}


def kind(problem: Problem) -> Kind:
    """What follows from the problem: `error`, `unpriced`, `rejected` (a row of a file) or `warning`."""
    return MESSAGES[problem.code].kind


def message(problem: Problem, language: Language) -> str:
    """What is wrong."""
    words = MESSAGES[problem.code]
    return (words.ru if language == "ru" else words.en).format_map(_Filled(problem.args, language))


def remedy(problem: Problem, language: Language) -> str:
    """What to do about it."""
    words = MESSAGES[problem.code]
    return (words.remedy_ru if language == "ru" else words.remedy_en).format_map(_Filled(problem.args, language))


def sentence(problem: Problem, language: Language) -> str:
    """One line for a terminal: `shop.yaml:14: web: what is wrong; what to do`."""
    place = f"{problem.source}:{problem.line}" if problem.line else problem.source
    subject = f"{problem.subject}: " if problem.subject else ""
    return visible(f"{place}: {subject}{message(problem, language)}; {remedy(problem, language)}")


def near(value: str, allowed: Iterable[str]) -> dict[str, str]:
    """Arguments `allowed`, `nearest`, `nearest_ru` for a value that is not among the allowed ones."""
    options = list(allowed)
    found = get_close_matches(value, options, n=1, cutoff=0.5)
    return {
        "allowed": ", ".join(options) or "—",
        "nearest": f"did you mean “{found[0]}”? " if found else "",
        "nearest_ru": f"возможно, «{found[0]}»? " if found else "",
    }


class _Filled(dict[str, str]):
    """Arguments of a message; one with a `_ru` twin is replaced by it in Russian."""

    def __init__(self, args: dict[str, str], language: Language) -> None:
        super().__init__(args)
        if language == "ru":
            self.update({k[:-3]: v for k, v in args.items() if k.endswith("_ru") and k[:-3] in args})

    def __missing__(self, key: str) -> str:
        return ""
