"""What can be wrong with the store of bills, and what an import changes there."""

from costlab.i18n.messages.form import Message

STORE: dict[str, Message] = {
    "store_url": Message(
        "error",
        "the address of the store is neither sqlite:///FILE nor postgresql://USER@HOST/DATABASE",
        "адрес хранилища — не sqlite:///ФАЙЛ и не postgresql://ПОЛЬЗОВАТЕЛЬ@УЗЕЛ/БАЗА",
        "correct COSTLAB_STORE, or leave it out to use a file in COSTLAB_HOME",
        "исправьте COSTLAB_STORE или не задавайте её: тогда это файл в COSTLAB_HOME",
    ),
    "app_not_installed": Message(
        "error",
        "the pages need {what}, which the command line does without",
        "страницам нужны {what}; командная строка обходится без них",
        "install them: pip install 'costlab[app]'",
        "установите: pip install 'costlab[app]'",
    ),
    "store_driver": Message(
        "error",
        "the driver of {driver} is not installed",
        "драйвер {driver} не установлен",
        "install it: pip install 'costlab[postgresql]'",
        "установите его: pip install 'costlab[postgresql]'",
    ),
    "store_unusable": Message(
        "error",
        "the database of the store does not answer as it should: {reason}",
        "база хранилища не отвечает как должна: {reason}",
        "check COSTLAB_STORE, the server, rights and free space; what was imported before is untouched",
        "проверьте COSTLAB_STORE, сервер, права и свободное место; загруженное раньше не тронуто",
    ),
    "store_newer": Message(
        "error",
        "the store was written by a later costlab (version {version} of the store; this one knows {known})",
        "хранилище записано более новым costlab (версия хранилища {version}; этот знает {known})",
        "update costlab",
        "обновите costlab",
    ),
    "store_file_missing": Message(
        "error",
        "the file of {bill} is not there: {name}",
        "нет файла от {bill}: {name}",
        "set COSTLAB_HOME to the folder the bill was imported into, or `costlab bill forget {id}` and import it again",
        "задайте COSTLAB_HOME той папкой, куда загружали счёт, или `costlab bill forget {id}` и загрузите его снова",
    ),
    "unknown_bill": Message(
        "error",
        "there is no bill {id} in the store",
        "в хранилище нет счёта {id}",
        "see `costlab bill list`",
        "см. `costlab bill list`",
    ),
    "nothing_to_import": Message(
        "error",
        "the folder holds no file",
        "в папке нет ни одного файла",
        "name a folder with exports",
        "укажите папку с выгрузками",
    ),
    "unknown_hint": Message(
        "error",
        "no reader is called “{value}”; there are: {allowed}",
        "чтеца «{value}» нет; есть: {allowed}",
        "{nearest}leave --format-hint out to let the content decide",
        "{nearest}без --format-hint решит содержимое файла",
    ),
    "hint_differs": Message(
        "error",
        "the content is of format “{found}”, not “{hint}”",
        "по содержимому это «{found}», а не «{hint}»",
        "leave --format-hint out, or name the columns in a mapping profile",
        "уберите --format-hint или назовите столбцы в профиле",
    ),
    "bill_replaced": Message(
        "warning",
        "holds every day that counted from bill {id} ({older}), {days}: those days count from this file now; {changed}",
        "содержит все дни, учтённые по счёту {id} ({older}), {days}: теперь они считаются по этому файлу; {changed}",
        "see what changed: costlab bill restatements {own}; undo: costlab bill forget {own}",
        "что изменилось: costlab bill restatements {own}; вернуть: costlab bill forget {own}",
    ),
    "bill_overlaps": Message(
        "warning",
        "overlaps bill {id} ({older}) in {days}: those days count from this file now, {left} others from that bill; "
        "{changed}",
        "пересекается со счётом {id} ({older}), {days}: теперь они считаются по этому файлу, ещё дней по тому: {left}; "
        "{changed}",
        "nothing is counted twice; see costlab bill restatements {own}; undo: costlab bill forget {own}",
        "ничего не считается дважды; см. costlab bill restatements {own}; вернуть: costlab bill forget {own}",
    ),
    "bill_may_double": Message(
        "warning",
        "names no project for {days}, which bill {id} ({older}) has by project: both are counted",
        "не называет проект за {days}, а в счёте {id} ({older}) эти дни — по проектам: учтены оба",
        "if it is the same money, keep one: costlab bill forget {own}",
        "если это те же деньги, оставьте один: costlab bill forget {own}",
    ),
}
