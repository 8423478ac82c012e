"""`costlab bonuses`: a period of accounts, day by day: which bonus pays for what, and when the money ends."""

import argparse
from typing import TYPE_CHECKING, Any

from costlab.commands import INCOMPLETE, OK, Words, catalog_for, contract_option, print_json

if TYPE_CHECKING:
    from decimal import Decimal

    from costlab.credits.bonuses import Balance, Evening, Ledger
    from costlab.model.numbers import Language

HELP = {
    "en": "bonuses and the personal account, day by day: who pays for what and when the money ends",
    "ru": "бонусы и лицевой счёт по дням: что чем оплачивается и когда кончатся деньги",
}
_WORDS: Words = {
    "en": {
        "estimate": "estimate file",
        "accounts": 'accounts: {personal: "500.00", bonuses: [{name, amount, covers, excludes, expires}]}',
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; overrides the file's",
        "format": "output format",
    },
    "ru": {
        "estimate": "файл сметы",
        "accounts": 'accounts: {personal: "500.00", bonuses: [{name, amount, covers, excludes, expires}]}',
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; вместо указанного в файле",
        "format": "формат вывода",
    },
}
_HEADS = {
    "en": ("Account", "At first", "Spent", "Burnt", "At the end", "Burns on"),
    "ru": ("Счёт", "Вначале", "Потрачено", "Сгорело", "В конце", "Сгорает"),
}
_DAYS = {
    "en": ("Day", "Charged", "By bonuses", "From personal", "Burnt", "{name}, evening"),
    "ru": ("День", "Списано", "Бонусами", "С лицевого", "Сгорело", "{name}, вечером"),
}
_PERSONAL = {"en": "personal", "ru": "лицевой"}
_TOTAL = {"en": "Total", "ru": "Итого"}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """An estimate and the accounts that pay for it."""
    words = _WORDS[language]
    parser.add_argument("estimate", metavar="ESTIMATE", help=words["estimate"])
    parser.add_argument("accounts", metavar="ACCOUNTS", help=words["accounts"])
    parser.add_argument("--period", metavar="P", help=words["period"])
    contract_option(parser, language)
    parser.add_argument("--format", choices=("table", "json"), default="table", help=words["format"])


def run(arguments: argparse.Namespace) -> int:
    """Simulate and print."""
    from costlab.credits.accounts import read_accounts
    from costlab.credits.bonuses import simulate
    from costlab.inventory.sources.estimate_file import read_estimate

    scenario = read_estimate(arguments.estimate, period=arguments.period)
    catalog = catalog_for(scenario.provider, arguments.contract)
    ledger = simulate(scenario, read_accounts(arguments.accounts, catalog, scenario.region), catalog=catalog)
    if arguments.format == "json":
        print_json(_json(ledger, arguments.lang))
    else:
        print(_table(ledger, arguments.lang))
    return OK if ledger.complete else INCOMPLETE


def _json(ledger: "Ledger", language: "Language") -> dict[str, Any]:
    """Money as text; `total` = sum of `days[].charged` = sum of `payments[].amount`."""
    from costlab.exports.problems import problem_json

    data = ledger.model_dump(mode="json", exclude={"problems", "period"})
    period = {"start": ledger.period.start.isoformat(), "end": ledger.period.end.isoformat()}
    return {"costlab": 1, **data, "period": period, "problems": [problem_json(p, language) for p in ledger.problems]}


def _table(ledger: "Ledger", language: "Language") -> str:
    from costlab.errors import sentence
    from costlab.exports.layout import layout
    from costlab.i18n.words import days

    rows = [list(_HEADS[language]), *(_account(b, ledger, language) for b in ledger.accounts)]
    parts = [f"{ledger.name}\n{days(ledger.period, language)}\n", layout(rows, {0}, right=range(1, len(rows[0]))), ""]
    names = [b.account for b in ledger.accounts]
    *heads, left = _DAYS[language]
    heads += [left.format(name=_name(name, language)) for name in names]
    rows = [heads, *(_day(d, names, language) for d in ledger.days), _totals(ledger, language)]
    parts.append(layout(rows, {0, len(rows) - 2}, right=range(1, len(heads))))
    parts += [f"! {sentence(p, language)}" for p in ledger.problems]
    return "\n".join(parts)


def _name(account: str, language: "Language") -> str:
    from costlab.credits.accounts import PERSONAL

    return _PERSONAL[language] if account == PERSONAL else account


def _account(balance: "Balance", ledger: "Ledger", language: "Language") -> list[str]:
    from costlab.i18n.words import money

    amounts = [balance.start, balance.spent, balance.burnt, balance.end]
    shown = [money(x, ledger.currency, language) for x in amounts]
    return [_name(balance.account, language), *shown, str(balance.expires or "—")]


def _day(evening: "Evening", names: list[str], language: "Language") -> list[str]:
    from costlab.credits.accounts import PERSONAL

    personal = evening.paid.get(PERSONAL, evening.charged * 0)
    burnt = sum(evening.burnt.values(), evening.charged * 0)
    amounts = [evening.charged, evening.charged - personal, personal, burnt]
    return [evening.day.isoformat(), *(_amount(x, language) for x in [*amounts, *map(evening.balances.get, names)])]


def _totals(ledger: "Ledger", language: "Language") -> list[str]:
    *bonuses, personal = ledger.accounts
    paid, burnt = (sum((getattr(b, k) for b in bonuses), personal.burnt) for k in ("spent", "burnt"))
    amounts = [ledger.total, paid, personal.spent, burnt, *(b.end for b in ledger.accounts)]
    return [_TOTAL[language], *(_amount(x, language) for x in amounts)]


def _amount(value: "Decimal | None", language: "Language") -> str:
    from costlab.i18n.words import number

    return "" if value is None else number(value, language, 2)
