"""`costlab estimate`: price an estimate file."""

import argparse
import sys

from costlab.commands import (
    INCOMPLETE,
    OK,
    Words,
    catalog_for,
    chosen_format,
    contract_option,
    deliver,
    output_options,
)

HELP = {"en": "price an estimate file", "ru": "рассчитать смету"}
_WORDS: Words = {
    "en": {
        "files": "estimate files (YAML or JSON); several must share period and region",
        "prices_on": "price everything at this day's list, VAT and rounding",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; overrides the file's",
        "vat": "which amounts people are shown",
    },
    "ru": {
        "files": "файлы смет (YAML или JSON); у нескольких общие период и регион",
        "prices_on": "считать всё по прайс-листу, НДС и округлению этого дня",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; вместо указанного в файле",
        "vat": "какие суммы показывать",
    },
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Files, output, and what overrides the files."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="+", metavar="FILE", help=words["files"])
    output_options(parser, "exports", language)
    parser.add_argument("--prices-on", metavar="DAY", help=words["prices_on"])
    parser.add_argument("--period", metavar="P", help=words["period"])
    contract_option(parser, language)
    parser.add_argument("--vat", choices=("included", "net", "both"), default="included", help=words["vat"])


def run(arguments: argparse.Namespace) -> int:
    """Price and print or write."""
    from costlab import exports
    from costlab.errors import sentence
    from costlab.estimate import estimate_cost
    from costlab.inventory.estimate_file import read_estimate

    name = chosen_format(arguments, exports.names(), lambda n: exports.load(n).SUFFIX)
    scenario = read_estimate(*arguments.files, period=arguments.period, prices_on=arguments.prices_on)
    result = estimate_cost(scenario, catalog=catalog_for(scenario.provider, arguments.contract))
    deliver(exports.load(name).render(result, arguments.lang, arguments.vat), name, arguments)
    if name != "table" or arguments.output:
        for problem in result.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if result.complete else INCOMPLETE
