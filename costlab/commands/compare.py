"""`costlab compare`: two estimates, the exact difference by cause."""

import argparse

from costlab.commands import Words, catalog_for, contract_option, output_options, tell

HELP = {"en": "two estimates: the exact difference by cause", "ru": "две сметы: точная разница по причинам"}
_WORDS: Words = {
    "en": {
        "before": "estimate file, or the JSON of its result",
        "by": "sum the lines by some of: {names}",
    },
    "ru": {
        "before": "файл сметы или JSON её результата",
        "by": "сложить строки по признакам: {names}",
    },
}
_BY = ("service", "group", "resource_id", "sku_id", "dimensions", "project", "day")


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Two files, and what to sum by."""
    words = _WORDS[language]
    parser.add_argument("before", metavar="BEFORE", help=words["before"])
    parser.add_argument("after", metavar="AFTER", help=words["before"])
    parser.add_argument("--by", metavar="NAMES", type=_names, help=words["by"].format(names=", ".join(_BY)))
    contract_option(parser, language, note=" (AFTER)")
    contract_option(parser, language, "--contract-before", " (BEFORE)")
    output_options(parser, "exports/comparisons", language)


def _names(text: str) -> list[str]:
    """The features of `--by`."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in found if name not in _BY]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"{', '.join(wrong) or text!r}: {', '.join(_BY)}")
    return list(dict.fromkeys(found))


def run(arguments: argparse.Namespace) -> int:
    """Price both and compare."""
    from costlab.compare import compare_estimates
    from costlab.errors import InputError
    from costlab.estimate import estimate_cost
    from costlab.inventory.estimate_file import read_estimate
    from costlab.model import Problem

    sides = ((arguments.before, arguments.contract_before), (arguments.after, arguments.contract))
    asked = [(read_estimate(path), contract) for path, contract in sides]
    catalogs = [catalog_for(scenario.provider, contract) for scenario, contract in asked]
    before, after = (estimate_cost(s, catalog=c) for (s, _), c in zip(asked, catalogs, strict=True))
    if before.currency != after.currency:
        raise InputError(Problem(code="different_header", source=arguments.after, args={"key": "region"}))
    comparison = compare_estimates(before, after, catalogs=(catalogs[0], catalogs[1]))
    if arguments.by:
        from costlab.exports.comparisons import grouped

        groups = {r.resource_id: r.group for e in (before, after) for r in e.resources}
        comparison = grouped(comparison, arguments.by, groups)
    return tell(comparison, arguments)
