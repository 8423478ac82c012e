"""`costlab bill show`: what the bills of the store come to, split and asked about."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from costlab.commands import INCOMPLETE, OK, Words, _conditions, chosen_format, deliver, engine_option, output_options

if TYPE_CHECKING:
    from costlab.commands._conditions import Condition
    from costlab.engine.exchange import Rates
    from costlab.model.numbers import Problem
    from costlab.questions import Answer
    from costlab.store import Store

HELP = {
    "en": "cost of the imported bills by service, project, label, day…; changes, labels, prices, gaps, idle things",
    "ru": "расходы по загруженным счетам: по сервисам, проектам, меткам, дням…; изменения, метки, цены, пропуски, "
    "простой",
}
_WORDS: Words = {
    "en": {
        "files": "bills to ask instead of the store (`-`: standard input)",
        "by": "dimensions, up to four: service, project, resource, parameter, sku, region, category, currency, file, "
        "tag:KEY, a column x_… of the file",
        "grain": "one sum, or one a month, week or day",
        "top": "the largest so many, the others as one row (default: 20 in a table, all elsewhere)",
        "period": "billing months: 2026-11 or 2026-09..2026-11",
        "project": "only this project; may be repeated",
        "where": "only these charges: service=…, tag:env=prod; may be repeated: values of a dimension are alternatives",
        "question": "another question instead of cost",
        "days": "for idle: age from which a snapshot is old",
        "currency": "all money in this currency, by --rates",
        "rates": "file of rates: date, from, to, rate, source (CSV, XLSX or YAML)",
    },
    "ru": {
        "files": "счета, которые спросить вместо хранилища (`-` — стандартный ввод)",
        "by": "разрезы, до четырёх: service, project, resource, parameter, sku, region, category, currency, file, "
        "tag:КЛЮЧ, столбец файла x_…",
        "grain": "одной суммой или по месяцам, неделям, дням",
        "top": "столько самых крупных, остальные одной строкой (в таблице 20, иначе все)",
        "period": "расчётные месяцы: 2026-11 или 2026-09..2026-11",
        "project": "только этот проект; можно повторять",
        "where": "только эти начисления: service=…, tag:env=prod; можно повторять, значения одного разреза — на выбор",
        "question": "другой вопрос вместо расходов",
        "days": "для idle: с какого возраста снимок старый",
        "currency": "все суммы в этой валюте, по курсам из --rates",
        "rates": "файл курсов: date, from, to, rate, source (CSV, XLSX или YAML)",
    },
}
_TOP = 20
_GRAINS = ("total", "month", "week", "day")


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """What to ask, of which charges."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words["files"])
    parser.add_argument("--by", default="service", metavar="A,B", help=words["by"])
    parser.add_argument("--grain", choices=_GRAINS, default="total", help=words["grain"])
    parser.add_argument("--top", type=_count, metavar="N", help=words["top"])
    parser.add_argument("--period", metavar="MONTHS", help=words["period"])
    parser.add_argument("--project", action="append", default=[], metavar="P", help=words["project"])
    parser.add_argument("--where", action="append", default=[], metavar="D=V", help=words["where"])
    parser.add_argument("--question", default="cost", metavar="NAME", help=words["question"])
    parser.add_argument("--days", type=_count, default=30, metavar="N", help=words["days"])
    currency_options(parser, words)
    engine_option(parser, language)
    _conditions.option(parser, language, _conditions.STORE)
    output_options(parser, "exports.answers", language)


def currency_options(parser: argparse.ArgumentParser, words: dict[str, str]) -> None:
    """A single currency, and the rates that make one of several."""
    parser.add_argument("--currency", metavar="CODE", help=words["currency"])
    parser.add_argument("--rates", type=Path, metavar="FILE", help=words["rates"])


def asked_rates(arguments: argparse.Namespace) -> "Rates | None":
    """The rates given; None when none are wanted. Raises `InputError` for rates without a currency to turn money to."""
    from costlab.engine.exchange import Rates, load_rates
    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    if arguments.rates and not arguments.currency:
        raise InputError(Problem(code="currency_unsaid", source="--rates"))
    if not arguments.currency:
        return None
    return load_rates(arguments.rates) if arguments.rates else Rates("--rates", ())


def show(arguments: argparse.Namespace) -> int:
    """Ask the store, or the files that are given, and print or write the answer."""
    with _asked_store(arguments.files) as (store, doubts):
        return _show(arguments, store, doubts)


@contextmanager
def _asked_store(files: list[Path]) -> "Iterator[tuple[Store, list[Problem]]]":
    """The store; of files that are given one of their own, which goes with them, and what is doubtful in them.

    Raises `InputError` for a file that cannot be read.
    """
    from costlab.store import import_bill, open_store

    if not files:
        yield open_store(), []
        return
    with TemporaryDirectory(prefix="costlab-") as folder:
        store = open_store(f"sqlite:///{folder}/store.db", home=folder)
        try:
            yield store, [p for file in files for p in import_bill(store, file).problems]
        finally:
            store.engine.dispose()


def _show(arguments: argparse.Namespace, store: "Store", doubts: "list[Problem]") -> int:
    from dataclasses import replace

    from costlab.errors import InputError, kind, near, sentence
    from costlab.exports import answers
    from costlab.model.numbers import Problem
    from costlab.questions import spend

    name = chosen_format(arguments, answers.names(), lambda n: answers.load(n).SUFFIX)
    if arguments.question not in spend.questions():
        args = {"question": arguments.question, **near(arguments.question, spend.questions())}
        raise InputError(Problem(code="unknown_question", source="--question", args=args))
    equal = [*(("project", (p,)) for p in arguments.project), *map(spend.condition, arguments.where)]
    where = spend.where_of(arguments.period, equal)
    by = tuple(dict.fromkeys(part.strip() for part in arguments.by.split(",") if part.strip()))
    before = after = None
    card = spend.card(arguments.question)
    if "months" in card.takes and where.first_period:  # one month is compared with the one before it
        before, after = where.first_period if where.first_period != where.last_period else None, where.last_period
        where = replace(where, first_period=None, last_period=None)
    top = arguments.top if arguments.top is not None else (_TOP if name in ("table", "md") else None)
    answer = spend.answer(
        store,
        arguments.question,
        where=where,
        by=by,
        grain=arguments.grain,
        top=top,
        before=before,
        after=after,
        days=arguments.days,
        server=arguments.engine,
        currency=arguments.currency,
        rates=asked_rates(arguments),
    )
    if not answer.charges and arguments.question != spend.RESTATED:
        raise InputError(Problem(code="nothing_imported", source="store"))
    figures = _figures(answer, arguments.fail_if)
    deliver(answers.load(name).render(answer, arguments.lang), name, arguments)
    for problem in (*doubts, *answer.problems):
        print(sentence(problem, arguments.lang), file=sys.stderr)
    status = INCOMPLETE if answer.problems or any(kind(p) != "warning" for p in doubts) else OK
    return _conditions.failed_or(status, arguments.fail_if, figures, arguments.lang)


def _figures(answer: "Answer", conditions: "list[Condition]") -> dict[str, Decimal]:
    """The figures of `_conditions.STORE`. Raises `InputError`: a condition on money of several currencies."""
    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    if len(answer.totals) > 1 and any(c.figure != "charges" for c in conditions):
        args = {"currencies": ", ".join(sorted(answer.totals)), "first": min(answer.totals)}
        raise InputError(Problem(code="condition_currencies", source="--fail-if", args=args))
    total, bonuses = (next(iter(sums.values()), Decimal(0)) for sums in (answer.totals, answer.bonuses))
    return {"total": total, "bonuses": bonuses, "charges": Decimal(answer.charges)}


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004 (more is no number of rows)
        raise argparse.ArgumentTypeError(text)
    return int(text)
