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
        "строк — {rows:n}, на {money}: сервис не назван, позиция есть у многих; отнесены к «{section}» {evidence}",
        "nothing, unless you know better: give the section in a column of its own",
        "ничего, если это верно; иначе добавьте столбец с разделом прайс-листа",
    ),
    "focus_brought_back": Message(
        "warning",
        "costlab's own FOCUS export: {rows:n} rows taken with their VAT, {taxes:n} Tax rows and {bonuses:n} bonus rows "
        "put together with them",
        "выгрузка FOCUS из costlab: строк — {rows:n}, взяты с их НДС; с ними соединены строки Tax: {taxes:n}, "
        "оплаты бонусами: {bonuses:n}",
        "nothing: these are the amounts of the bill it was written from",
        "ничего: это суммы счёта, из которого она сделана",
    ),
    "bill_beside_estimate": Message(
        "error",
        "is no bill, and the other side is one: a bill is compared with a bill or a month of the store",
        "это не счёт, а другая сторона — счёт: он сравнивается со счётом или с месяцем из хранилища",
        "to hold a bill against an estimate: costlab reconcile BILL --estimate FILE",
        "чтобы сверить счёт со сметой: costlab reconcile СЧЁТ --estimate ФАЙЛ",
    ),
    "tiers_by_row": Message(
        "unpriced",
        "{rows:n} rows of {what} in {month} come to {quantity} together, a further tier of its price than any of "
        "them reaches: each was rated by itself, so what was due is not known",
        "строк {what} за {month} — {rows:n}, вместе {quantity}: это дальняя ступень цены, до которой ни одна из них не "
        "доходит; каждая посчитана сама по себе, и сколько должно быть, неизвестно",
        "price the month's whole volume: costlab estimate",
        "посчитайте весь объём месяца: costlab estimate",
    ),
    "brought_back_here": Message(
        "error",
        "is costlab's own FOCUS export: it is put together again on this machine only",
        "выгрузка FOCUS из costlab: собрать её обратно можно только на этой машине",
        "leave --engine out",
        "уберите --engine",
    ),
    "focus_tax_changed": Message(
        "rejected",
        "costlab's own FOCUS export was changed: in {documents:n} places the Tax or bonus rows are not its rows' own; "
        "every row is taken as it stands, without VAT",
        "выгрузка FOCUS из costlab изменена: мест, где строки Tax или бонусов не те, что у её строк, — {documents:n}; "
        "все строки взяты как есть, без НДС",
        "export it again: costlab bill export --format focus",
        "выгрузите её заново: costlab bill export --format focus",
    ),
    "net_rounding": Message(
        "warning",
        "the bill is rounded to the kopeck without VAT, and so is what is expected: {money} beside rounding with VAT",
        "счёт округлён до копейки без НДС, так же и ожидаемые суммы: {money} к округлению с НДС",
        "nothing: it is rounding, and no difference",
        "ничего: это округление, а не расхождение",
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
    "pattern_without_vat": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} are {vat} of the list{days}, {billed} instead of {expected}: without VAT; "
        "other rows of the same: {apart:n}",
        "строк{scope} — {rows:n} из {all:n} — это {vat} прайс-листа{days}, {billed} вместо {expected}: без НДС; "
        "прочих строк там же: {apart:n}",
        "if the bill is without VAT, say so with --vat excluded (in a profile: vat: excluded)",
        "если счёт без НДС, укажите это: --vat excluded (в профиле: vat: excluded)",
    ),
    "pattern_below": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} are {percent} % below the list{days}, {billed} instead of {expected}; "
        "other rows of the same: {apart:n}",
        "строк{scope} — {rows:n} из {all:n} — на {percent} % ниже прайс-листа{days}, {billed} вместо {expected}; "
        "прочих строк там же: {apart:n}",
        "if that is agreed, write it as a contract with --suggest-contract deal, and reconcile with --contract deal",
        "если это скидка по договору, запишите её: --suggest-contract deal, и сверяйте с --contract deal",
    ),
    "pattern_above": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} are {percent} % above the list{days}, {billed} instead of {expected}; "
        "other rows of the same: {apart:n}",
        "строк{scope} — {rows:n} из {all:n} — на {percent} % выше прайс-листа{days}, {billed} вместо {expected}; "
        "прочих строк там же: {apart:n}",
        "if that is agreed, write the prices as a contract with --suggest-contract deal, and use --contract deal; "
        "if not, ask the provider",
        "если это цены договора, запишите их: --suggest-contract deal, и сверяйте с --contract deal; "
        "если нет, спросите провайдера",
    ),
    "pattern_percent_net": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} are {way} ({vat}){days}, {billed} instead of {expected}; "
        "other rows of the same: {apart:n}",
        "строк{scope} — {rows:n} из {all:n} — {way} ({vat}){days}, {billed} вместо {expected}; "
        "прочих строк там же: {apart:n}",
        "if the bill is without VAT, say so with --vat excluded; the percentage is then shown by itself",
        "если счёт без НДС, укажите --vat excluded; процент тогда будет показан отдельно",
    ),
    "pattern_price": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} are {way}{days}, {billed} instead of {expected}; "
        "other rows of the same: {apart:n}",
        "строк{scope} — {rows:n} из {all:n} — {way}{days}, {billed} вместо {expected}; прочих строк там же: {apart:n}",
        "if these prices are yours, write them with --suggest-contract deal, and reconcile with --contract deal",
        "если это ваши цены, запишите их: --suggest-contract deal, и сверяйте с --contract deal",
    ),
    "pattern_other": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} are {way}{days}, {billed} instead of {expected}; "
        "other rows of the same: {apart:n}",
        "строк{scope} — {rows:n} из {all:n} — {way}{days}, {billed} вместо {expected}; прочих строк там же: {apart:n}",
        "ask the provider by which rule these rows were charged",
        "спросите провайдера, по какому правилу начислены эти строки",
    ),
    "pattern_cannot_tell": Message(
        "warning",
        "{rows:n} of {all:n} rows{scope} differ in one way{days}, {billed} instead of {expected}, and several fit "
        "equally: {ways}: cannot tell",
        "строк{scope} — {rows:n} из {all:n} — расходятся одинаково{days}, {billed} вместо {expected}, и подходит "
        "не одно объяснение: {ways}; какое верно, не сказать",
        "reconcile another month, in which they differ, or ask the provider",
        "сверьте другой месяц, где они разойдутся, или спросите провайдера",
    ),
    "pattern_implied_prices": Message(
        "warning",
        "no price list covers {rows:n} rows of {items:n} items from {first} to {last} ({money}), but the bill agrees "
        "with itself on their prices; rows that do not: {apart:n}",
        "прайс-листа на строки с {first} по {last} нет — {rows:n}, позиций {items:n}, на {money}, — но цены в счёте "
        "постоянны; строк с другими ценами: {apart:n}",
        "write them as a list of your own with --suggest-contract deal, and reconcile with --contract deal: "
        "they are implied by this bill, not published",
        "запишите их как свой прайс-лист: --suggest-contract deal, и сверяйте с --contract deal: "
        "они следуют из этого счёта, а не опубликованы",
    ),
    "no_contract_to_suggest": Message(
        "error",
        "no contract can be suggested: no rows are uniformly below the list, or at other prices that repeat",
        "предложить договор не из чего: нет строк, которые одинаково ниже прайс-листа или с повторяющейся другой ценой",
        "reconcile without --suggest-contract",
        "сверяйте без --suggest-contract",
    ),
}
