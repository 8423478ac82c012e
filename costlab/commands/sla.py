"""`costlab sla`: what downtime is worth, by service, in both readings of the published table."""

import argparse
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from costlab.commands import OK, SHARED, Words, print_json

if TYPE_CHECKING:
    from costlab.credits.sla import Credit, Credits, Outage
    from costlab.model.numbers import Args, Language

HELP = {
    "en": "SLA credits for downtime: a share of what each service took from the personal account",
    "ru": "компенсации по SLA за простой: доля списанного за сервис с лицевого счёта",
}
_WORDS: Words = {
    "en": {
        "estimate": "take what each service cost from an estimate file (of a calendar month)",
        "downtime": "confirmed downtime of the month: 44.5, 30m, 8h, 1h30m",
        "spend": "what the service cost in the month (instead of an estimate)",
        "bonuses": "part of it paid with bonuses: it does not count",
        "beta": "a beta service: no SLA",
        "lost": "objects of the service were lost",
        "format": "output format",
    },
    "ru": {
        "estimate": "взять стоимость сервисов из файла сметы (за календарный месяц)",
        "downtime": "подтверждённый простой за месяц: 44.5, 30m, 8h, 1h30m",
        "spend": "сколько списано за сервис за месяц (вместо сметы)",
        "bonuses": "часть этой суммы, оплаченная бонусами: она не учитывается",
        "beta": "бета-сервис: без SLA",
        "lost": "потеряны объекты сервиса",
        "format": "формат вывода",
    },
}
_HEADS = {
    "en": ("Service", "Spent", "From personal", "Downtime, min", "Available", "Credit", "Bonuses", "By percent column"),
    "ru": ("Сервис", "Списано", "С лицевого", "Простой, мин", "Доступность", "Доля", "Бонусы", "По столбцу процентов"),
}
_NOTES = {
    "en": "Credits are paid as bonuses, to whoever claims them within {days} working days. Source: {source}",
    "ru": "Компенсация зачисляется бонусами, если заявить её за {days} рабочих дней. Источник: {source}",
}
_TOTAL = {"en": "Total", "ru": "Итого"}
_TIME = re.compile(r"(?:(?P<h>[0-9]{1,4}(?:\.[0-9]{1,4})?)h)?(?:(?P<m>[0-9]{1,6}(?:\.[0-9]{1,4})?)(?:m|min)?)?\Z")


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """An estimate or amounts, and the downtime of services."""
    words = _WORDS[language]
    parser.add_argument("estimate", nargs="?", metavar="ESTIMATE", help=words["estimate"])
    for name in ("downtime", "spend", "bonuses"):
        value = "TIME" if name == "downtime" else "AMOUNT"
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar=f"[SERVICE=]{value}",
            help=words[name],
            required=name == "downtime",
        )
    parser.add_argument("--beta", action="append", default=[], metavar="SERVICE", help=words["beta"])
    parser.add_argument("--data-lost", action="append", default=[], metavar="SERVICE", help=words["lost"])
    parser.add_argument("--provider", default="vk", help=SHARED[language]["provider"])
    parser.add_argument("--format", choices=("table", "json"), default="table", help=words["format"])


def run(arguments: argparse.Namespace) -> int:
    """Compute the credits and print them."""
    from costlab.catalog.loading import load_catalog
    from costlab.credits.sla import FACTS, credits_of, sla_of
    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    spent, provider, currency = _spent(arguments)
    catalog = load_catalog(provider)
    sla = sla_of(catalog)
    if sla is None:
        args = {"what": "SLA", "name": FACTS}
        raise InputError(Problem(code="no_facts", source=f"--provider {provider}", args=args))
    found = credits_of(sla, _outages(arguments, spent), currency, arguments.estimate or "")
    if arguments.format == "json":
        print_json(_json(found, arguments.lang))
    else:
        print(_table(found, catalog.sources[found.source].title, arguments.lang))
    return OK


def _spent(arguments: argparse.Namespace) -> tuple[dict[str, Decimal], str, str]:
    """What each service cost, the provider and the currency: from the estimate, or as given."""
    from costlab.estimate.charges import estimate_cost
    from costlab.estimate.sums import sums
    from costlab.inventory.sources.estimate_file import read_estimate

    if not arguments.estimate:
        return _by_service(arguments.spend, "--spend"), arguments.provider, "RUB"
    estimate = estimate_cost(read_estimate(arguments.estimate))
    spent = {name: s.cost for name, s in sums(estimate.charges, lambda c: c.service).items() if name}
    return spent | _by_service(arguments.spend, "--spend"), estimate.provider, estimate.currency


def _outages(arguments: argparse.Namespace, spent: dict[str, Decimal]) -> "list[Outage]":
    from costlab.credits.sla import Outage
    from costlab.errors import InputError, near
    from costlab.model.numbers import Problem

    downtime = {name: _minutes(text) for name, text in _pairs(arguments.downtime)}
    bonuses = _by_service(arguments.bonuses, "--bonuses")
    problems = []
    for option, names in {
        "downtime": downtime,
        "bonuses": bonuses,
        "beta": arguments.beta,
        "data-lost": arguments.data_lost,
    }.items():
        known = spent if option == "downtime" else downtime
        problems += [
            Problem(code="not_allowed", source=f"--{option}", args={"key": "SERVICE", "value": n, **near(n, known)})
            for n in names
            if n not in known
        ]
    if problems:
        raise InputError(*problems)
    return [
        Outage(
            service=name,
            spent=spent[name],
            bonuses=bonuses.get(name, Decimal(0)),
            downtime_minutes=minutes,
            beta=name in arguments.beta,
            data_lost=name in arguments.data_lost,
        )
        for name, minutes in downtime.items()
    ]


def _pairs(texts: Iterable[str]) -> list[tuple[str, str]]:
    """`vm=8h` as a service and its value; without a service the name is empty."""
    pairs = [text.rpartition("=") for text in texts]
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _by_service(texts: list[str], option: str) -> dict[str, Decimal]:
    return {name: _amount(value, option) for name, value in _pairs(texts)}


def _amount(text: str, option: str) -> Decimal:
    try:
        value = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= Decimal(10) ** 12 or value != round(value, 2):
        raise _bad(option, text, ("an amount with at most two decimals", "сумма не более чем с двумя знаками"), "10000")
    return value


def _minutes(text: str) -> Decimal:
    match = _TIME.match(text.replace(",", "."))
    if not match or not (match["h"] or match["m"]):
        raise _bad("--downtime", text, ("a time", "время"), "vm=8h, 44.5, 1h30m")
    return Decimal(match["h"] or 0) * 60 + Decimal(match["m"] or 0)


def _bad(option: str, value: str, expected: tuple[str, str], example: str) -> Exception:
    from costlab.errors import InputError
    from costlab.model.numbers import Problem, Text

    args: Args = {"value": value, "expected": Text(en=expected[0], ru=expected[1]), "example": example}
    return InputError(Problem(code="bad_option", source=option, args=args))


def _json(found: "Credits", language: "Language") -> dict[str, Any]:
    """Money as text; `total` = Σ `credits[].amount`."""
    from costlab.exports.problems import problem_json

    return {
        "costlab": 1,
        "currency": found.currency,
        "total": f"{found.total:f}",
        "total_by_percent": f"{found.total_by_percent:f}",
        "credits": [{**c.model_dump(mode="json"), "differs": c.differs} for c in found.credits],
        "claim_working_days": found.claim_working_days,
        "source": found.source,
        "problems": [problem_json(p, language) for p in found.problems],
    }


def _table(found: "Credits", source: str, language: "Language") -> str:
    from costlab.errors import sentence
    from costlab.exports.layout import layout
    from costlab.i18n.words import money

    rows = [list(_HEADS[language]), *(_row(c, found.currency, language) for c in found.credits)]
    total = [money(x, found.currency, language) for x in (found.total, found.total_by_percent)]
    rows.append([_TOTAL[language], *[""] * 5, *total])
    lines = [layout(rows, {0, len(rows) - 2}, right=range(1, len(rows[0])))]
    lines += [f"! {sentence(p, language)}" for p in found.problems]
    lines.append(_NOTES[language].format(days=found.claim_working_days, source=source))
    return "\n".join(lines)


def _row(credit: "Credit", currency: str, language: "Language") -> list[str]:
    from costlab.i18n.words import money, number, percent

    return [
        credit.service or "—",
        money(credit.spent, currency, language),
        money(credit.personal, currency, language),
        number(credit.downtime_minutes, language),
        percent(credit.availability, language),
        percent(credit.share, language),
        money(credit.amount, currency, language),
        money(credit.amount_by_percent, currency, language),
    ]
