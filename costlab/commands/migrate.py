"""`costlab migrate`: what moving costs and when it pays, month by month."""

import argparse
import sys
from pathlib import Path

from costlab.commands import INCOMPLETE, OK, Words, chosen_format, contract_option, deliver, output_options

HELP = {
    "en": "current spend against the target: bridge, cash flow, break-even",
    "ru": "текущие расходы и новая площадка: мост, денежный поток, окупаемость",
}
_WORDS: Words = {
    "en": {
        "plan": "migration plan (YAML or JSON); the estimates it names lie beside it",
        "rates": "exchange rates by the user's word: date, from, to, rate, source (CSV, XLSX, YAML); the latest holds",
        "freeze": "write the approved plan with its priced target as a hashed baseline for `costlab compare`",
    },
    "ru": {
        "plan": "план миграции (YAML или JSON); сметы, которые он называет, лежат рядом",
        "rates": "курсы валют со слов пользователя: date, from, to, rate, source (CSV, XLSX, YAML), последний",
        "freeze": "записать утверждённый план с рассчитанной сметой как базовый бюджет с хешем для `costlab compare`",
    },
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """A plan, and what goes with it."""
    words = _WORDS[language]
    parser.add_argument("plan", metavar="PLAN", help=words["plan"])
    parser.add_argument("--rates", metavar="FILE", help=words["rates"])
    parser.add_argument("--freeze", metavar="PATH", type=Path, help=words["freeze"])
    contract_option(parser, language)
    output_options(parser, "exports.migrations", language)


def run(arguments: argparse.Namespace) -> int:
    """Read, price the target, work the plan out."""
    from costlab.api import migrate
    from costlab.errors import sentence
    from costlab.exports import migrations
    from costlab.files.writing import write_whole

    name = chosen_format(arguments, migrations.names(), lambda n: migrations.load(n).SUFFIX)
    budget = migrate(arguments.plan, contract=arguments.contract, rates=arguments.rates)
    if arguments.freeze:
        from costlab.migration.baseline import freeze

        write_whole(arguments.freeze, freeze(budget))
    deliver(migrations.load(name).render(budget, arguments.lang), name, arguments)
    if name != "table" or arguments.output:
        for problem in budget.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if budget.complete else INCOMPLETE
