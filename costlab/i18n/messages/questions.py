"""The words of what can be wrong with a question about bills."""

from costlab.i18n.messages.form import Message

QUESTIONS: dict[str, Message] = {
    "unknown_question": Message(
        "error",
        "there is no question “{question}”",
        "нет вопроса «{question}»",
        "{nearest}ask one of: {allowed}",
        "{nearest}есть вопросы: {allowed}",
    ),
    "unknown_dimension": Message(
        "error",
        "the charges have no “{dimension}” to split by",
        "у начислений нет «{dimension}», разбить по нему нельзя",
        "{nearest}choose from: {allowed}",
        "{nearest}выберите из: {allowed}",
    ),
    "many_dimensions": Message(
        "error",
        "more than {most} dimensions at once",
        "больше {most} разрезов сразу",
        "name at most {most}",
        "назовите не больше {most}",
    ),
    "two_months": Message(
        "error",
        "there are not two billing months to compare (missing: {missing})",
        "нет двух расчётных месяцев для сравнения (не хватает: {missing})",
        "import bills of both months; there are: {known}",
        "загрузите счета обоих месяцев; есть: {known}",
    ),
    "bad_months": Message(
        "error",
        "“{value}” is no billing month and no range of them",
        "«{value}» — не расчётный месяц и не промежуток месяцев",
        "write 2026-11 or 2026-09..2026-11",
        "напишите 2026-11 или 2026-09..2026-11",
    ),
    "bad_filter": Message(
        "error",
        "“{value}” is no filter",
        "«{value}» — не условие",
        "write DIMENSION=VALUE, as in service=Лицензии or tag:env=prod",
        "напишите РАЗРЕЗ=ЗНАЧЕНИЕ, например service=Лицензии или tag:env=prod",
    ),
    "too_long_ago": Message(
        "error",
        "the charges span from {first} to {last}: too long to look at day by day",
        "начисления занимают с {first} по {last}: по дням не рассмотреть",
        "ask about fewer months",
        "спросите о меньшем числе месяцев",
    ),
    "engine_address": Message(
        "error",
        "{value} is no address of a Spark Connect server",
        "{value} — не адрес сервера Spark Connect",
        "write sc://host:port, as in sc://127.0.0.1:15002, or leave it out to compute on this machine",
        "укажите sc://узел:порт, например sc://127.0.0.1:15002, или не указывайте ничего, чтобы считать на этой машине",
    ),
    "engine_missing": Message(
        "error",
        "what talks to Spark is not installed",
        "не установлено то, что обращается к Spark",
        "pip install 'costlab[spark]', or compute on this machine",
        "выполните pip install 'costlab[spark]' или считайте на этой машине",
    ),
    "engine_silent": Message(
        "error",
        "the Spark Connect server does not answer: {reason}",
        "сервер Spark Connect не отвечает: {reason}",
        "check the address and the server's log, or compute on this machine",
        "проверьте адрес и журнал сервера или считайте на этой машине",
    ),
    "nothing_imported": Message(
        "error",
        "there are no charges to ask about",
        "нет начислений, о которых можно спросить",
        "import a bill (costlab bill import FILE), or ask about other months and projects",
        "загрузите счёт (costlab bill import ФАЙЛ) или спросите о других месяцах и проектах",
    ),
    "bills_dir_unset": Message(
        "error",
        "files of the server may not be read from this page",
        "файлы сервера с этой страницы читать нельзя",
        "upload the file, or let the server's owner set COSTLAB_BILLS_DIR to a folder of bills",
        "загрузите файл или попросите владельца сервера указать папку со счетами в COSTLAB_BILLS_DIR",
    ),
    "bills_dir_outside": Message(
        "error",
        "lies outside the folder of bills",
        "лежит вне папки со счетами",
        "give a path below {folder}",
        "укажите путь внутри {folder}",
    ),
    "no_bill_there": Message(
        "error",
        "there is no such file, or the folder is empty",
        "такого файла нет, или папка пуста",
        "check the path: it is one of the server's, not of your computer's",
        "проверьте путь: он на сервере, а не на вашем компьютере",
    ),
}
