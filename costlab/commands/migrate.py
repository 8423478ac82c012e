"""`costlab migrate`: what moving costs and when it pays, month by month."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from costlab.commands import INCOMPLETE, OK, Words, catalog_for, chosen_format, contract_option, deliver, output_options

if TYPE_CHECKING:
    from costlab.catalog.loading import Catalog
    from costlab.migration.plan import Plan
    from costlab.model.scenario import Estimate

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
    from costlab.engine.exchange import load_rates
    from costlab.errors import sentence
    from costlab.exports import migrations
    from costlab.files.writing import write_whole
    from costlab.migration.budget import migrate
    from costlab.migration.plan import ExchangeRate, read_plan

    name = chosen_format(arguments, migrations.names(), lambda n: migrations.load(n).SUFFIX)
    plan = read_plan(arguments.plan)
    if arguments.rates:
        known = (r for r in load_rates(arguments.rates).rates if r.bought == plan.currency)
        given = (ExchangeRate(currency=r.sold, rate=r.rate, day=r.day.isoformat(), source=r.source) for r in known)
        plan = plan.model_copy(update={"rates": (*plan.rates, *given)})
    target, as_is, others, catalog = _estimates(plan, Path(arguments.plan).parent, arguments.contract)
    budget = migrate(plan, target, as_is=as_is, alternatives=others, source=arguments.plan, catalog=catalog)
    if arguments.freeze:
        from costlab.migration.baseline import freeze

        write_whole(arguments.freeze, freeze(budget))
    deliver(migrations.load(name).render(budget, arguments.lang), name, arguments)
    if name != "table" or arguments.output:
        for problem in budget.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if budget.complete else INCOMPLETE


def _estimates(
    plan: "Plan", folder: Path, contract: Path | None
) -> tuple["Estimate | None", "Estimate | None", dict[str, "Estimate"], "Catalog | None"]:
    """The estimates a plan names, priced, and the target's catalog. Raises `InputError`."""
    from costlab.estimate.at_provider import at_provider
    from costlab.estimate.charges import estimate_cost
    from costlab.inventory.sources.estimate_file import read_estimate

    def priced(name: str, provider: str | None = None) -> "tuple[Estimate, Catalog]":
        scenario = read_estimate(folder / name)
        if provider:
            scenario = at_provider(scenario, provider)
        # A contract is with the target's provider: another cloud's estimate is priced at its own list.
        catalog = catalog_for(scenario.provider, contract if scenario.provider == "vk" else None)
        return estimate_cost(scenario, catalog=catalog), catalog

    goal = plan.target
    target, catalog = priced(goal.estimate) if goal.estimate else (None, None)
    as_is = priced(goal.as_is)[0] if goal.as_is else None
    return target, as_is, {a.name: priced(a.estimate, a.provider)[0] for a in goal.alternatives}, catalog
