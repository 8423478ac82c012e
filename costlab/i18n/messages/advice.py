"""Words of warnings about an estimate: quotas, limits, flavors, zones."""

from costlab.i18n.messages.form import Message

ADVICE: dict[str, Message] = {
    "flavor_not_listed": Message(
        "warning",
        "{value} is not among the published flavors{also}",
        "{value} нет среди опубликованных конфигураций{also}",
        "nearest orderable: {nearest}; or ask support to open it",
        "ближайшая доступная: {nearest}; или попросите поддержку её открыть",
    ),
    "flavor_not_listed_alone": Message(
        "warning",
        "{value} is not among the published flavors{also}, and none of them holds it",
        "{value} нет среди опубликованных конфигураций{also}, и ни одна её не вмещает",
        "ask support whether it can be opened",
        "спросите поддержку, можно ли её открыть",
    ),
    "quotas": Message(
        "warning",
        "this needs more than a project's quotas: {items}",
        "это больше квот проекта: {items}",
        "ask support to raise them before ordering; quotas are per project, and a new one has less still "
        "until {paid} have been paid",
        "до заказа попросите поддержку увеличить квоты; квоты действуют на проект, у нового они ещё ниже, "
        "пока не внесено {paid}",
    ),
    "ceiling": Message(
        "warning",
        "{what}: {value}, the limit is {limit}",
        "{what}: {value}, предел — {limit}",
        "spread it over several projects or resources, or agree on more with the provider",
        "разнесите по нескольким проектам или ресурсам либо согласуйте с провайдером",
    ),
    "disk_by_api": Message(
        "warning",
        "a {type} disk of {value} GB is larger than the console makes ({limit} GB)",
        "диск {type} на {value} ГБ больше, чем создаёт личный кабинет ({limit} ГБ)",
        "create it with OpenStack CLI or Terraform, or split it",
        "создайте его через OpenStack CLI или Terraform либо разделите",
    ),
    "disk_too_large": Message(
        "warning",
        "a {type} disk of {value} GB is larger than the limit of {limit} GB",
        "диск {type} на {value} ГБ больше предела {limit} ГБ",
        "split it, or agree on more with the provider",
        "разделите его или согласуйте с провайдером",
    ),
    "zone_note": Message("warning", "{note}{also}", "{note}{also}", "{fix}", "{fix}"),
    "zone_lacks_sdn": Message(
        "error",
        "sdn: zone {zone} has no {value}",
        "sdn: в зоне {zone} нет {value}",
        "choose `sdn: {allowed}`, or another zone",
        "выберите `sdn: {allowed}` или другую зону",
    ),
}
