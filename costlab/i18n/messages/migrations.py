"""What can be wrong with a migration plan, its rates and its frozen baseline."""

from costlab.i18n.messages.form import Message

MIGRATIONS: dict[str, Message] = {
    "not_a_plan": Message(
        "error",
        "is not a migration plan",
        "это не план миграции",
        "a plan begins with `costlab: 1`, then `name`, `current`, `target` and `waves`",
        "план начинается с `costlab: 1`, затем `name`, `current`, `target` и `waves`",
    ),
    "no_exchange_rate": Message(
        "unpriced",
        "no rate from {currency} to {plan}: the amount is left out",
        "нет курса {currency} к {plan}: сумма не учтена",
        "add `rates: [{{currency: {currency}, rate: …, day: …, source: …}}]` to the plan",
        "добавьте в план `rates: [{{currency: {currency}, rate: …, day: …, source: …}}]`",
    ),
    "target_incomplete": Message(
        "unpriced",
        "the estimate is incomplete: lines without a price: {n}",
        "смета неполная: строк без цены — {n}",
        "run `costlab estimate` on it and give the missing prices",
        "запустите `costlab estimate` для неё и укажите недостающие цены",
    ),
    "alternative_incomplete": Message(
        "warning",
        "this alternative is incomplete and looks cheaper than it is: lines without a price: {n}",
        "этот вариант неполный и кажется дешевле, чем есть: строк без цены — {n}",
        "do not decide by it until those lines are priced",
        "не принимайте по нему решение, пока у этих строк нет цены",
    ),
    "alternative_no_rate": Message(
        "warning",
        "this alternative is in {currency} and there is no rate to {plan}: it is not compared",
        "этот вариант в {currency}, курса к {plan} нет: он не сравнивается",
        "add the rate to `rates` of the plan",
        "добавьте курс в `rates` плана",
    ),
    "no_target": Message(
        "unpriced",
        "the target costs nothing: neither an estimate nor lines",
        "у новой площадки нет расходов: ни сметы, ни строк",
        "give `target: estimate.yaml`, or `target: {{lines: […]}}`",
        "укажите `target: estimate.yaml` или `target: {{lines: […]}}`",
    ),
    "not_a_month": Message(
        "warning",
        "the estimate's period has {minutes:n} minutes and is taken as one month",
        "период сметы — {minutes:n} минут, принят за один месяц",
        "use `period: 30d` or a calendar month",
        "используйте `period: 30d` или календарный месяц",
    ),
    "no_estimate_to_freeze": Message(
        "error",
        "a baseline needs an estimate of the target, and the plan has only lines",
        "для базового бюджета нужна смета новой площадки, а в плане только строки",
        "give `target: {{estimate: estimate.yaml}}`",
        "укажите `target: {{estimate: estimate.yaml}}`",
    ),
    "baseline_changed": Message(
        "error",
        "the baseline does not match its hash: it was changed after it was frozen",
        "базовый бюджет не совпадает со своим хешем: его меняли после фиксации",
        "take the file that was approved, or freeze the plan anew",
        "возьмите утверждённый файл или зафиксируйте план заново",
    ),
}
