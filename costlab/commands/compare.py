"""`costlab compare`: two estimates, the exact difference by cause."""

import argparse
from typing import TYPE_CHECKING

from costlab.commands import Words, catalog_for, contract_option, output_options, tell

if TYPE_CHECKING:
    from costlab.bill import Bill
    from costlab.comparison import Comparison
    from costlab.scenario import Estimate

HELP = {"en": "two estimates: the exact difference by cause", "ru": "две сметы: точная разница по причинам"}
_WORDS: Words = {
    "en": {
        "before": "estimate file, the JSON of its result, or a baseline frozen by `costlab migrate --freeze`",
        "after": "the same; beside a baseline also a bill",
        "by": "sum the lines by some of: {names}",
    },
    "ru": {
        "before": "файл сметы, JSON её результата или базовый бюджет (`costlab migrate --freeze`)",
        "after": "то же; рядом с базовым бюджетом — и счёт",
        "by": "сложить строки по признакам: {names}",
    },
}
_BY = ("service", "group", "resource_id", "sku_id", "dimensions", "project", "day")


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Two files, and what to sum by."""
    words = _WORDS[language]
    parser.add_argument("before", metavar="BEFORE", help=words["before"])
    parser.add_argument("after", metavar="AFTER", help=words["after"])
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
    frozen = [_frozen(path) for path, _ in sides]
    if frozen[0] is not None and frozen[1] is None and (bill := _bill(arguments.after)) is not None:
        return tell(_against_bill(frozen[0], bill), arguments)
    asked = [(found.scenario if found else read_estimate(path), contract)
             for found, (path, contract) in zip(frozen, sides, strict=True)]  # fmt: skip
    catalogs = [catalog_for(scenario.provider, contract) for scenario, contract in asked]
    before, after = (
        found or estimate_cost(s, catalog=c) for found, (s, _), c in zip(frozen, asked, catalogs, strict=True)
    )
    if before.currency != after.currency:
        raise InputError(Problem(code="different_header", source=arguments.after, args={"key": "region"}))
    comparison = compare_estimates(before, after, catalogs=(catalogs[0], catalogs[1]))
    if arguments.by:
        from costlab.exports.comparisons import grouped

        groups = {r.resource_id: r.group for e in (before, after) for r in e.resources}
        comparison = grouped(comparison, arguments.by, groups)
    return tell(comparison, arguments)


def _frozen(path: str) -> "Estimate | None":
    """The frozen estimate of a baseline; None when the file is something else. Raises `InputError`: it was changed."""
    from costlab.baseline import is_baseline, thaw
    from costlab.documents import read_document
    from costlab.errors import InputError

    try:
        document = read_document(path)
    except InputError:
        return None  # whoever reads it as what it is says what is wrong
    return thaw(document) if is_baseline(document.data) else None


def _bill(path: str) -> "Bill | None":
    """The bill in a file; None when it is an estimate. Raises `InputError` when it is neither."""
    from costlab.bills import read_bill
    from costlab.errors import InputError
    from costlab.inventory.estimate_file import read_estimate

    try:
        read_estimate(path)
    except InputError as error:
        if {p.code for p in error.problems} & {"not_an_estimate", "syntax", "not_text", "too_large", "alias"}:
            return read_bill(path)
        raise
    return None


def _against_bill(frozen: "Estimate", bill: "Bill") -> "Comparison":
    """A bill beside what was approved, at the approved day's prices."""
    from costlab.baseline import frozen_catalog
    from costlab.reconcile import reconcile_bill

    return reconcile_bill(bill, catalog=frozen_catalog(frozen), scenario=frozen.scenario)
