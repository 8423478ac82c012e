"""`costlab reconcile`: a bill beside what it should have been."""

import argparse
from pathlib import Path

from costlab.commands import Words, catalog_for, contract_option, output_options, tell

HELP = {
    "en": "a bill beside what it should have been: every kopeck of difference explained",
    "ru": "счёт и то, каким он должен быть: объяснена каждая копейка разницы",
}
_WORDS: Words = {
    "en": {
        "bills": "granular reports (CSV or XLSX); the same file given twice counts once",
        "with": "an estimate: wrong quantities and missing rows show as well",
        "profile": "mapping profile (YAML): which column is which",
    },
    "ru": {
        "bills": "детализация (CSV или XLSX); один и тот же файл дважды считается один раз",
        "with": "смета: покажет и неверные количества, и недостающие строки",
        "profile": "профиль соответствия столбцов (YAML)",
    },
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Bills, and what helps to read and judge them."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="+", metavar="BILL", help=words["bills"])
    parser.add_argument("--estimate", metavar="FILE", help=words["with"])
    parser.add_argument("--profile", metavar="FILE", type=Path, help=words["profile"])
    contract_option(parser, language)
    output_options(parser, "exports/comparisons", language)


def run(arguments: argparse.Namespace) -> int:
    """Read, re-rate and compare."""
    from costlab.bills import load_profile, read_bills
    from costlab.inventory.estimate_file import read_estimate
    from costlab.reconcile import reconcile_bill

    scenario = read_estimate(arguments.estimate) if arguments.estimate else None
    profile = load_profile(arguments.profile) if arguments.profile else None
    bill = read_bills(arguments.files, profile=profile)
    catalog = catalog_for(bill.provider, arguments.contract)
    return tell(reconcile_bill(bill, catalog=catalog, scenario=scenario), arguments)
