"""`costlab reconcile`: a bill beside what it should have been."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from costlab.commands import (
    SHARED,
    Words,
    _bill_show,
    _conditions,
    catalog_for,
    contract_option,
    engine_option,
    output_options,
    print_comparison,
)
from costlab.commands._stored import stored_charges
from costlab.commands.bill import months

if TYPE_CHECKING:
    from costlab.compare.reconcile import Charges
    from costlab.compare.result import Comparison
    from costlab.progress import Progress

HELP = {
    "en": "a bill beside what it should have been: every kopeck of difference explained",
    "ru": "счёт и то, каким он должен быть: объяснена каждая копейка разницы",
}
_WORDS: Words = {
    "en": {
        "bills": "granular reports (CSV or XLSX); the same file given twice counts once",
        "period": "instead of files, the store's charges of a billing month or months: 2026-11, 2026-10..2026-12",
        "project": "of the store: only this project; may be repeated",
        "with": "an estimate: wrong quantities and missing rows show as well",
        "profile": "mapping profile (YAML): which column is which",
        "vat": "whether the bill's amounts are with VAT or without, where its header does not say (or says it wrongly)",
        "suggest": "write what the bill's patterns and unlisted days imply as a contract folder, for --contract",
        "currency": "bring the bill to this currency, that of the price list, by --rates",
        "rates": "file of rates: date, from, to, rate, source (CSV, XLSX or YAML)",
        "lines": "write every line, matching ones as well, to this Parquet file",
    },
    "ru": {
        "bills": "детализация (CSV или XLSX); один и тот же файл дважды считается один раз",
        "period": "вместо файлов начисления из хранилища за месяц или месяцы: 2026-11, 2026-10..2026-12",
        "project": "из хранилища только этот проект; можно повторять",
        "with": "смета: покажет и неверные количества, и недостающие строки",
        "profile": "профиль соответствия столбцов (YAML)",
        "vat": "суммы счёта с НДС или без, если заголовок этого не говорит (или говорит неверно)",
        "suggest": "записать закономерности и цены счёта для дней без прайс-листа как папку договора для --contract",
        "currency": "привести счёт к этой валюте, валюте прайс-листа, по курсам из --rates",
        "rates": "файл курсов: date, from, to, rate, source (CSV, XLSX или YAML)",
        "lines": "записать все строки, и совпавшие тоже, в этот файл Parquet",
    },
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Bills, and what helps to read and judge them."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="*", metavar="BILL", help=words["bills"])
    parser.add_argument("--period", type=months, metavar="MONTHS", help=words["period"])
    parser.add_argument("--project", action="append", default=[], metavar="P", help=words["project"])
    parser.add_argument("--provider", help=SHARED[language]["provider"])
    parser.add_argument("--estimate", metavar="FILE", help=words["with"])
    parser.add_argument("--profile", metavar="FILE", type=Path, help=words["profile"])
    parser.add_argument("--vat", choices=("included", "excluded"), help=words["vat"])
    parser.add_argument("--suggest-contract", metavar="DIR", type=Path, help=words["suggest"])
    parser.add_argument("--lines", metavar="PATH", type=Path, help=words["lines"])
    _bill_show.currency_options(parser, words)
    contract_option(parser, language)
    engine_option(parser, language)
    _conditions.option(parser, language, _conditions.BILL)
    output_options(parser, "exports.comparisons", language)


def run(arguments: argparse.Namespace) -> int:
    """Read, re-rate and compare."""
    from costlab.commands._progress_line import terminal
    from costlab.compare.reconcile import converted, reconcile_charges
    from costlab.errors import InputError
    from costlab.inventory.sources.estimate_file import read_estimate
    from costlab.model.numbers import Problem

    if bool(arguments.files) == bool(arguments.period):
        raise InputError(Problem(code="bill_or_period", source="costlab reconcile"))
    scenario = read_estimate(arguments.estimate) if arguments.estimate else None
    line = terminal(arguments.lang)
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder:
        try:
            charges = (
                stored_charges(arguments.period, projects=arguments.project, provider=arguments.provider)
                if arguments.period
                else _read(arguments, Path(folder), line)
            )
            if (rates := _bill_show.asked_rates(arguments)) is not None:
                charges = converted(charges, rates, arguments.currency)
            catalog = catalog_for(charges.provider, arguments.contract) if arguments.contract else None
            found = reconcile_charges(
                charges,
                catalog=catalog,
                scenario=scenario,
                lines=arguments.lines,
                progress=line,
                server=arguments.engine,
            )
        finally:
            if line is not None:
                line.clear()
    code = print_comparison(found, arguments)
    if arguments.suggest_contract:
        _suggest(found, arguments.suggest_contract)
    return _conditions.failed_or(code, arguments.fail_if, _conditions.bill_figures(found), arguments.lang)


def _suggest(found: "Comparison", folder: Path) -> None:
    """Write the contract that the bill's patterns come to. Raises `InputError`: there is none, or no place for it."""
    from costlab.compare.suggested_contract import FILE, suggested_contract
    from costlab.errors import InputError
    from costlab.files.writing import os_reason, shown_path, write_whole
    from costlab.model.numbers import Problem

    text = suggested_contract(found)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(folder), args=os_reason(error))) from None
    write_whole(folder / FILE, text)


def _read(arguments: argparse.Namespace, folder: Path, progress: "Progress | None") -> "Charges":
    """The charges of the files; those of a single one go through `folder`, so that it may be large."""
    from costlab.bills import Profile, load_profile, read_bill_into, read_bills
    from costlab.compare.reconcile import charges_of

    profile = load_profile(arguments.profile) if arguments.profile else None
    if arguments.vat:
        profile = (profile or Profile()).model_copy(update={"vat": arguments.vat})
    if len(arguments.files) > 1:
        return charges_of(read_bills(arguments.files, profile=profile))
    return charges_of(read_bill_into(arguments.files[0], folder, profile=profile, progress=progress))
