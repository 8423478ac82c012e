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
    # Terraform
    "value_unknown": Message(
        "unpriced",
        "{key}: {reason}",
        "{key}: {reason}",
        "give it: `--set 'ADDRESS.{key}=…'`; `*` stands for any part of an address",
        "укажите: `--set 'АДРЕС.{key}=…'`; `*` заменяет любую часть адреса",
    ),
    "value_assumed": Message(
        "warning",
        "{key} = {value}: {reason}",
        "{key} = {value}: {reason}",
        "if it is another: `--set 'ADDRESS.{key}=…'`",
        "если значение другое: `--set 'АДРЕС.{key}=…'`",
    ),
    "unusable_resource": Message(
        "unpriced",
        "cannot be priced: {reason}",
        "не рассчитать: {reason}",
        "mend it in the configuration, or set the key with `--set`",
        "исправьте в конфигурации или задайте ключ: `--set`",
    ),
    "impossible_resource": Message(
        "unpriced",
        "cannot be priced: {reason}",
        "не рассчитать: {reason}",
        "{fix}",
        "{fix}",
    ),
    "unknown_type": Message(
        "unpriced",
        "resources of type {type} are not known here",
        "ресурсы типа {type} здесь неизвестны",
        "check whether it costs anything, and add it to an estimate file by hand",
        "проверьте, платный ли он, и добавьте его в файл сметы вручную",
    ),
    "other_provider": Message(
        "unpriced",
        "provider “{provider}” is not read",
        "провайдер «{provider}» не читается",
        "read are: {known}; add its cost by hand",
        "читаются: {known}; добавьте стоимость вручную",
    ),
    "plan_errored": Message(
        "unpriced",
        "Terraform stopped with an error while planning: the plan is not whole",
        "Terraform прервал план с ошибкой: план неполный",
        "mend the error and plan again",
        "исправьте ошибку и постройте план заново",
    ),
    "plan_deposed": Message(
        "warning",
        "{count} objects wait to be deleted after an earlier replacement",
        "объектов, которые ждут удаления после прежней замены: {count}",
        "they are paid until `terraform apply` deletes them; they stand on the side before",
        "они оплачиваются, пока `terraform apply` их не удалит; учтены на стороне «до»",
    ),
    "raw_state": Message(
        "error",
        "is the raw state file of Terraform, whose format may change",
        "это внутренний файл состояния Terraform, его формат может меняться",
        "write it as JSON: `terraform show -json > state.json`",
        "выгрузите в JSON: `terraform show -json > state.json`",
    ),
    "terraform_format": Message(
        "error",
        "format {value} of Terraform's JSON is not known",
        "формат {value} JSON Terraform неизвестен",
        "known are formats 0 and 1",
        "известны форматы 0 и 1",
    ),
    "hcl_unresolved": Message(
        "unpriced",
        "cannot be worked out without Terraform: {what}",
        "без Terraform не вычислить: {what}",
        "give the plan instead: `terraform plan -out p && terraform show -json p > plan.json`",
        "дайте план: `terraform plan -out p && terraform show -json p > plan.json`",
    ),
    "hcl_broken": Message(
        "error",
        "is not readable as Terraform's language: {reason}",
        "не читается как язык Terraform: {reason}",
        "check it with `terraform validate`, or give the plan's JSON",
        "проверьте `terraform validate` или дайте JSON плана",
    ),
}
