"""`costlab estimate`: price an estimate file, a Terraform plan, or any inventory that `costlab import` reads."""

import argparse
import sys

from costlab.commands import (
    INCOMPLETE,
    OK,
    Words,
    _conditions,
    catalog_for,
    chosen_format,
    contract_option,
    deliver,
    output_options,
)
from costlab.commands._options import chosen, inventory_options

HELP = {
    "en": "price an estimate file, a Terraform plan or an inventory",
    "ru": "рассчитать смету, план Terraform или опись",
}
_WORDS: Words = {
    "en": {
        "files": "estimate files (several must share period and region), plans, inventories, folders",
        "prices_on": "price everything at this day's list, VAT and rounding",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; overrides the file's",
        "vat": "which amounts people are shown",
        "provider": "rate the same usage by another provider's list; what it does not have is listed",
    },
    "ru": {
        "files": "файлы смет (у нескольких общие период и регион), планы, описи, папки",
        "prices_on": "считать всё по прайс-листу, НДС и округлению этого дня",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; вместо указанного в файле",
        "vat": "какие суммы показывать",
        "provider": "то же потребление по прайс-листу другого провайдера; чего у него нет, перечислено",
    },
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Files, output, and what overrides the files."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="+", metavar="FILE", help=words["files"])
    output_options(parser, "exports.estimates", language)
    parser.add_argument("--prices-on", metavar="DAY", help=words["prices_on"])
    parser.add_argument("--period", metavar="P", help=words["period"])
    parser.add_argument("--provider", metavar="NAME", help=words["provider"])
    contract_option(parser, language)
    inventory_options(parser, language)
    _conditions.option(parser, language)
    parser.add_argument("--vat", choices=("included", "net", "both"), default="included", help=words["vat"])


def run(arguments: argparse.Namespace) -> int:
    """Price and print or write."""
    from dataclasses import replace

    from costlab.errors import sentence
    from costlab.estimate.at_provider import at_provider
    from costlab.estimate.inputs import price_inputs, read_inputs
    from costlab.exports import estimates as exports

    name = chosen_format(arguments, exports.names(), lambda n: exports.load(n).SUFFIX)
    read = read_inputs(*arguments.files, kind=arguments.kind, options=chosen(arguments))
    _conditions.check(arguments.fail_if, two_sides=read.before is not None)
    if arguments.provider:
        before = None if read.before is None else at_provider(read.before, arguments.provider)
        read = replace(read, scenario=at_provider(read.scenario, arguments.provider), before=before)
    catalog = catalog_for(read.scenario.provider, arguments.contract)
    result = price_inputs(read, catalog=catalog)
    deliver(exports.load(name).render(result, arguments.lang, arguments.vat), name, arguments)
    if name != "table" or arguments.output:
        for problem in result.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    status = OK if result.complete else INCOMPLETE
    if not arguments.fail_if:
        return status
    total = None if read.before is None else price_inputs(read, catalog=catalog, end="before").total
    return _conditions.verdict(arguments.fail_if, result.total, total, result.unpriced, status, arguments.lang)
