"""What can be wrong with an inventory."""

from costlab.messages.form import Message

INVENTORIES: dict[str, Message] = {
    "unknown_inventory": Message(
        "error",
        "no reader knows this content",
        "ни один чтец не знает такого содержимого",
        "known are: {known}; name one with `--from`, or give a table with a mapping profile",
        "известны: {known}; укажите чтеца: `--from`, или дайте таблицу с профилем столбцов",
    ),
    "two_inventories": Message(
        "error",
        "several readers know this content: {readers}",
        "содержимое подходит нескольким чтецам: {readers}",
        "choose one with `--from`",
        "выберите одного: `--from`",
    ),
    "several_inventories": Message(
        "error",
        "holds several inventories: {kinds}",
        "здесь несколько описей: {kinds}",
        "name one file",
        "укажите один файл",
    ),
    "too_many_files": Message(
        "error",
        "the folder holds more than {limit} files",
        "в папке больше {limit} файлов",
        "name the files themselves, or a smaller folder",
        "укажите сами файлы или папку поменьше",
    ),
}
