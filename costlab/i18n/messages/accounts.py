"""What must be known of SLA credits and of accounts: bonuses and the personal one."""

from costlab.i18n.messages.form import Message

ACCOUNTS: dict[str, Message] = {
    # SLA
    "sla_readings_differ": Message(
        "warning",
        "{minutes} minutes: the table's minutes give {one}, its percentages {other}",
        "{minutes} мин: по минутам таблицы {one}, по её процентам {other}",
        "the minutes are taken; claim by the column that is better for you and name it",
        "взяты минуты; заявляйте по выгодному столбцу и укажите его",
    ),
    "sla_edge": Message(
        "warning",
        "{minutes} minutes are exactly where two rows of the table meet",
        "{minutes} мин — ровно на границе двух строк таблицы",
        "the agreement leaves it open: show when the downtime began and ended",
        "в соглашении граница не определена: подтвердите начало и конец простоя",
    ),
    "no_sla": Message(
        "warning",
        "this service has no SLA, so no credit",
        "у этого сервиса нет SLA, компенсации нет",
        "beta services and those sold as they are carry no promise",
        "у бета-сервисов и сервисов «как есть» гарантий нет",
    ),
    "no_data_loss_credit": Message(
        "warning",
        "no credit is promised for lost data of this service",
        "за потерю данных этого сервиса компенсация не обещана",
        "it is for: {services}",
        "она есть для: {services}",
    ),
    "more_bonuses_than_spent": Message(
        "warning",
        "bonuses of {bonuses} exceed what was spent: {spent}",
        "бонусов {bonuses} больше, чем потрачено: {spent}",
        "give the part of the spend that bonuses paid",
        "укажите часть расходов, оплаченную бонусами",
    ),
    "bad_option": Message(
        "error",
        "“{value}” is not {expected}",
        "«{value}» — не {expected}",
        "write it like {example}",
        "напишите, например: {example}",
    ),
    "no_facts": Message(
        "error",
        "nothing is known of this provider’s {what}",
        "у этого провайдера неизвестно: {what}",
        "use a provider that has `facts/{name}.yaml`",
        "выберите провайдера, у которого есть `facts/{name}.yaml`",
    ),
    # accounts
    "not_accounts": Message(
        "error",
        "holds no accounts",
        "нет счетов",
        'begin with `accounts: {{personal: "500.00"}}`',
        'начните с `accounts: {{personal: "500.00"}}`',
    ),
    "below_zero": Message(
        "warning",
        "the personal account falls below zero on {day}: {balance} that evening",
        "лицевой счёт уходит в минус {day}: вечером {balance}",
        "top it up by {needed} before; a negative balance freezes a prepaid project, whatever bonuses remain",
        "пополните заранее на {needed}; минус замораживает проект на предоплате, даже если остались бонусы",
    ),
    "bonus_burns": Message(
        "warning",
        "{amount} unspent burns on {day}",
        "сгорит {day}: {amount} не потрачено",
        "use services it covers before that day",
        "используйте до этого дня сервисы, которые он оплачивает",
    ),
    "bonus_idle": Message(
        "warning",
        "pays for nothing in this estimate",
        "ничего в этой смете не оплачивает",
        "see its `covers` and `excludes`",
        "проверьте `covers` и `excludes`",
    ),
}
