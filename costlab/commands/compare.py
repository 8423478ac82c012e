"""`costlab compare`: two estimates, the exact difference by cause."""

import argparse
import re
from typing import TYPE_CHECKING

from costlab.commands import Words, _conditions, catalog_for, contract_option, output_options, print_comparison
from costlab.commands._options import chosen, inventory_options

if TYPE_CHECKING:
    from pathlib import Path

    from costlab.catalog.loading import Catalog
    from costlab.compare.reconcile import Charges
    from costlab.compare.result import Comparison
    from costlab.model.bill import Bill
    from costlab.model.scenario import Estimate

    Side = tuple[Estimate, Catalog]

HELP = {"en": "two estimates: the exact difference by cause", "ru": "две сметы: точная разница по причинам"}
_WORDS: Words = {
    "en": {
        "before": "estimate file, the JSON of its result, a plan or another inventory, or a baseline frozen by "
        "`costlab migrate --freeze`; or a bill, or a month of the store (store:2026-10)",
        "after": "the same; beside a baseline also a bill; left out, a Terraform plan is compared with what it changes",
        "prices_on": "price both sides at this day's list, VAT and rounding",
        "by": "sum the lines by some of: {names}",
    },
    "ru": {
        "before": "файл сметы, JSON её результата, план или другая опись, или базовый бюджет "
        "(`costlab migrate --freeze`); или счёт, или месяц из хранилища (store:2026-10)",
        "after": "то же; рядом с базовым бюджетом — и счёт; без него план Terraform сравнивается с тем, что он меняет",
        "prices_on": "считать обе стороны по прайс-листу, НДС и округлению этого дня",
        "by": "сложить строки по признакам: {names}",
    },
}
_BY = ("service", "group", "resource_id", "sku_id", "dimensions", "project", "day")


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Two files, and what to sum by."""
    words = _WORDS[language]
    parser.add_argument("before", metavar="BEFORE", help=words["before"])
    parser.add_argument("after", metavar="AFTER", nargs="?", help=words["after"])
    parser.add_argument("--by", metavar="NAMES", type=_names, help=words["by"].format(names=", ".join(_BY)))
    contract_option(parser, language, note=" (AFTER)")
    contract_option(parser, language, "--contract-before", " (BEFORE)")
    parser.add_argument("--prices-on", metavar="DAY", help=words["prices_on"])
    inventory_options(parser, language)
    _conditions.option(parser, language)
    output_options(parser, "exports.comparisons", language)


def _names(text: str) -> list[str]:
    """The features of `--by`."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in _BY]
    if wrong or not names:
        raise argparse.ArgumentTypeError(f"{', '.join(wrong) or text!r}: {', '.join(_BY)}")
    return list(dict.fromkeys(names))


def run(arguments: argparse.Namespace) -> int:
    """Price both and compare."""
    from costlab.compare.split import compare_estimates
    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    frozen = _frozen(arguments.before)
    if arguments.after is not None and frozen is None and (bills := _bills(arguments.before, arguments.after)):
        return _compare_bills(bills, arguments)
    if frozen is not None and arguments.after is not None and (bill := _bill(arguments.after)) is not None:
        return _told(_against_bill(frozen, bill), arguments)
    (before, first), (after, second) = _sides(arguments, frozen)
    if before.currency != after.currency:
        raise InputError(Problem(code="different_header", source=after.scenario.source, args={"key": "region"}))
    comparison = compare_estimates(before, after, catalogs=(first, second))
    if arguments.by:
        from costlab.exports.comparisons import grouped

        groups = {r.resource_id: r.group for e in (before, after) for r in e.resources}
        comparison = grouped(comparison, arguments.by, groups)
    elif _of_plans(before, after) and _is_markdown(arguments):
        arguments.format = "pr"
    status = print_comparison(comparison, arguments)
    return _conditions.verdict(arguments.fail_if, after.total, before.total, after.unpriced, status, arguments.lang)


def _bills(*places: str) -> "tuple[Charges, Charges] | None":
    """Both sides as bills: files, or months of the store. None: neither is one. Raises `InputError`: one of them is."""
    from costlab.errors import InputError
    from costlab.model.numbers import Problem

    one, two = (_stored_month(place) or _bill_or_none(place) for place in places)
    if one is None and two is None:
        return None
    if one is None or two is None:
        odd = places[0] if one is None else places[1]
        raise InputError(Problem(code="bill_beside_estimate", source=odd))
    return one, two


def _stored_month(place: str) -> "Charges | None":
    """The store's charges of `store:2026-11`, or of `2026-11` where no file is called so."""
    from pathlib import Path

    from costlab.commands._stored import stored_charges

    named = re.fullmatch(r"(store:)?(\d{4}-(?:0[1-9]|1[0-2]))(?:\.\.(\d{4}-(?:0[1-9]|1[0-2])))?", place)
    if named is None or (not named[1] and Path(place).exists()):
        return None
    return stored_charges((named[2], named[3] or named[2]))


def _bill_or_none(path: str) -> "Charges | None":
    """The bill in a file; None when nothing reads it as one, or an inventory other than a plain table claims it."""
    from pathlib import Path

    from costlab.bills import read_bill
    from costlab.compare.reconcile import charges_of
    from costlab.errors import InputError
    from costlab.inventory import claimed

    if Path(path).is_dir():
        return None
    try:
        ((source, _),) = claimed((path,), None, otherwise="estimate_file")
    except InputError:
        source = "table"
    if source not in ("estimate_file", "table"):
        return None
    try:
        return charges_of(read_bill(path))
    except InputError:
        return None


def _compare_bills(bills: "tuple[Charges, Charges]", arguments: argparse.Namespace) -> int:
    """Two bills."""
    from costlab.compare.bills import compare_bills

    contracts = (arguments.contract_before, arguments.contract)
    prices = [catalog_for(b.provider, c) if c else None for b, c in zip(bills, contracts, strict=True)]
    comparison = compare_bills(*bills, catalogs=(prices[0], prices[1]))
    return _told(comparison, arguments)


def _told(comparison: "Comparison", arguments: argparse.Namespace) -> int:
    """A comparison of bills, summed as asked, printed, judged by `--fail-if`."""
    unrated = comparison.verdicts.get("no_price", (0, None))[0]
    if arguments.by:
        from costlab.exports.comparisons import grouped

        comparison = grouped(comparison, arguments.by, {})
    status = print_comparison(comparison, arguments)
    return _conditions.verdict(arguments.fail_if, comparison.after, comparison.before, unrated, status, arguments.lang)


def _of_plans(before: "Estimate", after: "Estimate") -> bool:
    """Whether a side came from Terraform: its ids are addresses, and a pull request is where people read it."""
    resources = (*before.scenario.resources, *after.scenario.resources)
    return any(r.source.endswith(f":{r.resource_id}") for r in resources[:1] + resources[-1:])


def _is_markdown(arguments: argparse.Namespace) -> bool:
    return bool(arguments.format == "md" or (not arguments.format and str(arguments.output).endswith(".md")))


def _sides(arguments: argparse.Namespace, frozen: "Estimate | None") -> "tuple[Side, Side]":
    """Both sides priced, with their catalogs. Raises `InputError` when there is only one."""
    from costlab.errors import InputError
    from costlab.estimate.inputs import price_inputs, read_inputs
    from costlab.model.numbers import Problem

    options = chosen(arguments)
    if arguments.after is None:
        read = read_inputs(arguments.before, kind=arguments.kind, options=options)
        if read.before is None:
            raise InputError(Problem(code="one_side", source=read.scenario.source))
        catalogs = [catalog_for(options.provider, c) for c in (arguments.contract_before, arguments.contract)]
        ends = (price_inputs(read, catalog=catalogs[0], end="before"), price_inputs(read, catalog=catalogs[1]))
        return (ends[0], catalogs[0]), (ends[1], catalogs[1])

    def side(path: str, contract: "Path | None", known: "Estimate | None") -> "Side":
        if known is not None:
            return known, catalog_for(known.provider, contract)
        read = read_inputs(path, kind=arguments.kind, options=options)
        catalog = catalog_for(read.scenario.provider, contract)
        return price_inputs(read, catalog=catalog), catalog

    first = side(arguments.before, arguments.contract_before, frozen)
    return first, side(arguments.after, arguments.contract, _frozen(arguments.after))


def _frozen(path: str) -> "Estimate | None":
    """The frozen estimate of a baseline; None when the file is something else. Raises `InputError`: it was changed."""
    from costlab.errors import InputError
    from costlab.files.documents import read_document
    from costlab.migration.baseline import is_baseline, thaw

    try:
        document = read_document(path)
    except InputError:
        return None  # whoever reads it as what it is says what is wrong
    return thaw(document) if is_baseline(document.data) else None


def _bill(path: str) -> "Bill | None":
    """The bill in a file; None when it is an estimate. Raises `InputError` when it is neither."""
    from costlab.bills import read_bill
    from costlab.errors import InputError
    from costlab.inventory.sources.estimate_file import read_estimate

    try:
        read_estimate(path)
    except InputError as error:
        if {p.code for p in error.problems} & {"not_an_estimate", "syntax", "not_text", "too_large", "alias"}:
            return read_bill(path)
        raise
    return None


def _against_bill(frozen: "Estimate", bill: "Bill") -> "Comparison":
    """A bill beside what was approved, at the approved day's prices; what was in doubt there still is."""
    from dataclasses import replace

    from costlab.compare.reconcile import reconcile_bill
    from costlab.migration.baseline import frozen_catalog

    comparison = reconcile_bill(bill, catalog=frozen_catalog(frozen), scenario=frozen.scenario)
    met = set(map(str, comparison.problems))
    return replace(comparison, problems=(*(p for p in frozen.problems if str(p) not in met), *comparison.problems))
