"""Why a bill cannot be held against a price list."""

from costlab.i18n.messages.form import Message

RECONCILE: dict[str, Message] = {
    "several_currencies": Message(
        "error",
        "has money in several currencies: {currencies}; they cannot be added",
        "деньги в разных валютах: {currencies}; складывать их нельзя",
        "reconcile each currency by itself",
        "сверьте каждую валюту отдельно",
    ),
    "other_currency": Message(
        "error",
        "is in {currency}, the price list in {listed}",
        "в валюте {currency}, а прайс-лист в {listed}",
        "choose the region whose price list is in {currency}",
        "выберите регион, у которого прайс-лист в {currency}",
    ),
    "no_list_of": Message(
        "error",
        "there is no price list of “{what}”: nothing tells what should have been billed",
        "нет прайс-листа «{what}»: не с чем сверять",
        "providers with a price list: {known}; or add one to the price catalog",
        "провайдеры с прайс-листом: {known}; или добавьте прайс-лист в каталог цен",
    ),
    "service_by_evidence": Message(
        "warning",
        "{rows:n} rows, {money}, do not name a service that has their item: taken for “{section}” {evidence}",
        "строк — {rows:n}, на {money}: сервис не назван, позиция есть у многих; отнесены к «{section}» {evidence_ru}",
        "nothing, unless you know better: give the section in a column of its own",
        "ничего, если это верно; иначе добавьте столбец с разделом прайс-листа",
    ),
    "pattern_net": Message(
        "warning",
        "{rows:n} of {of:n} rows ({services}) are the list's amounts without VAT: one finding, {money} in all",
        "{rows:n} из {of:n} строк ({services}) — суммы прайс-листа без НДС: одно расхождение, всего {money}",
        "ask for the report with VAT: amounts without it are recognised and not yet brought to gross",
        "запросите отчёт с НДС: суммы без НДС распознаются, но пока не приводятся к суммам с НДС",
    ),
    "pattern_below": Message(
        "warning",
        "{rows:n} of {of:n} rows ({services}) are {percent} % below the list from {day}: one finding, {money} in all",
        "{rows:n} из {of:n} строк ({services}) на {percent} % ниже прайс-листа с {day}: одно расхождение, {money}",
        "when it is a contract, `--suggest-contract DIR` writes it as one for `--contract DIR`",
        "если это договор, `--suggest-contract DIR` запишет его для `--contract DIR`",
    ),
    "pattern_above": Message(
        "warning",
        "{rows:n} of {of:n} rows ({services}) are {percent} % above the list from {day}: one finding, {money} in all",
        "{rows:n} из {of:n} строк ({services}) на {percent} % выше прайс-листа с {day}: одно расхождение, {money}",
        "ask the provider by which list the bill was made",
        "спросите провайдера, по какому прайс-листу выставлен счёт",
    ),
    "pattern_unsure": Message(
        "warning",
        "two patterns fit the amounts equally well: they cannot tell which it is",
        "суммам одинаково подходят два объяснения: по ним не сказать, какое верно",
        "look into the contract, and at how the document states VAT",
        "посмотрите договор и то, как НДС указан в документе",
    ),
    "no_pattern": Message(
        "warning",
        "no contract is suggested: the rows are not uniformly below the list",
        "договор не предложен: строки не ниже прайс-листа на один процент",
        "look at the differing lines one by one",
        "посмотрите строки с расхождениями по одной",
    ),
    "amount_beyond": Message(
        "error",
        "an amount or a quantity is too large to be computed exactly",
        "сумма или количество слишком велики для точного расчёта",
        "look for a row with more than 19 digits before the point",
        "найдите строку, где больше 19 цифр до запятой",
    ),
    "no_charges": Message(
        "error",
        "the store has no charges of {what}",
        "в хранилище нет начислений: {what}",
        "see `costlab bill list`, or import the bill with `costlab bill import`",
        "посмотрите `costlab bill list` или загрузите счёт: `costlab bill import`",
    ),
    "several_providers": Message(
        "error",
        "the charges are of several providers or regions: {providers}",
        "начисления разных провайдеров или регионов: {providers}",
        "choose one with --provider, or projects with --project",
        "выберите одного: --provider, или проекты: --project",
    ),
    "bill_or_period": Message(
        "error",
        "either files or --period is expected",
        "нужны либо файлы, либо --period",
        "name a bill, or a month of the store: --period 2026-11",
        "укажите счёт или месяц из хранилища: --period 2026-11",
    ),
}
