"""`costlab bill`: the store of bills: import, list, show, invoices, restatements, export, forget; see `_ASKS`."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costlab.commands import (
    INCOMPLETE,
    OK,
    SHARED,
    Words,
    _bill_check,
    _bill_invoices,
    _bill_profile,
    _bill_show,
    chosen_format,
    formats,
    print_json,
)

if TYPE_CHECKING:
    from costlab.model.numbers import Problem
    from costlab.store import Imported, Store

HELP = {
    "en": "the store of bills: import, list, show, restatements, export, check, forget",
    "ru": "хранилище счетов: загрузка, список, показ, изменения, выгрузка, проверка, удаление",
}
_WORDS: Words = {
    "en": {
        "import": "read billing exports into the store; the same file twice changes nothing",
        "list": "what the store holds",
        "show": "ask about the charges: by service, project, tag, day…",
        "restatements": "what a newer file changed in days an earlier one had",
        "export": "the charges that count, as a file",
        "check": "check FOCUS files against the specification",
        "invoices": "documents of a provider (FOCUS Invoice Detail) beside the charges that name them",
        "forget": "take a file out; the days it had taken from earlier files are theirs again",
        "files": "exports (CSV, XLSX, Parquet), or folders of them, the oldest first",
        "hint": "the format the file must be of, instead of what its content says",
        "profile": "write a draft of a mapping profile for a file nobody knows",
        "month": "the billing month of files that do not say it; a file without rows is then a month without charges",
        "with_profile": "mapping profile (YAML): which column is which",
        "vat": "whether the amounts are with VAT or without, where the header does not say",
        "period": "billing month or months: 2026-11, 2026-10..2026-12",
        "project": "only this project; may be repeated",
        "id": "number of the bill, see `costlab bill list`",
    },
    "ru": {
        "import": "загрузить выгрузки в хранилище; тот же файл дважды ничего не меняет",
        "list": "что в хранилище",
        "show": "вопросы о начислениях: по сервисам, проектам, меткам, дням…",
        "restatements": "что новый файл изменил в днях прежнего",
        "export": "учтённые начисления файлом",
        "check": "проверить файлы FOCUS по спецификации",
        "invoices": "документы провайдера (FOCUS Invoice Detail) рядом с начислениями, где указан их номер",
        "forget": "убрать файл; дни, взятые им у прежних файлов, снова считаются по ним",
        "files": "выгрузки (CSV, XLSX, Parquet) или папки с ними, старые раньше",
        "hint": "формат, которым должен быть файл",
        "profile": "черновик профиля для файла незнакомого формата",
        "month": "расчётный месяц файлов, где его нет; файл без строк — тогда месяц без начислений",
        "with_profile": "профиль соответствия столбцов (YAML)",
        "vat": "суммы с НДС или без, если заголовок этого не говорит",
        "period": "расчётный месяц или месяцы: 2026-11, 2026-10..2026-12",
        "project": "только этот проект; можно повторять",
        "id": "номер счёта, см. `costlab bill list`",
    },
}
_MONTH = r"(\d{4}-(?:0[1-9]|1[0-2]))"


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """What is to be done with the store, and what that needs."""
    words = _WORDS[language]
    asks = parser.add_subparsers(dest="ask", metavar="ASK", required=True)
    for name, (declare, _) in _ASKS.items():
        ask = asks.add_parser(name, help=words[name], description=words[name])
        declare(ask, language)
        ask.add_argument("--lang", choices=("ru", "en"), default=language)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    return _ASKS[arguments.ask][1](arguments)


def months(text: str) -> tuple[str, str]:
    """The first and last billing month of `2026-11` or `2026-10..2026-12`; an `argparse` type."""
    match = re.fullmatch(f"{_MONTH}(?:\\.\\.{_MONTH})?", text)
    if match is None or (match[2] or match[1]) < match[1]:
        raise argparse.ArgumentTypeError(f"{text!r}: 2026-11, 2026-10..2026-12")
    return match[1], match[2] or match[1]


def _table_or_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table")


def _import_options(parser: argparse.ArgumentParser, language: str) -> None:
    words = _WORDS[language]
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=words["files"])
    parser.add_argument("--format-hint", metavar="KIND", help=words["hint"])
    parser.add_argument("--profile", metavar="FILE", type=Path, help=words["with_profile"])
    parser.add_argument("--month", metavar="MONTH", type=months, help=words["month"])
    parser.add_argument("--vat", choices=("included", "excluded"), help=words["vat"])
    _table_or_json(parser)


def _import(arguments: argparse.Namespace) -> int:
    from costlab.bills import Profile, load_profile
    from costlab.errors import InputError, kind, sentence
    from costlab.exports.imports import file_json, import_text
    from costlab.exports.problems import problem_json
    from costlab.store import open_store

    profile = load_profile(arguments.profile) if arguments.profile else None
    said = {"period": arguments.month[0] if arguments.month else None, "vat": arguments.vat}
    if given := {k: v for k, v in said.items() if v}:
        profile = (profile or Profile()).model_copy(update=given)
    paths = _files(arguments.files)
    store = open_store()
    done: list[Imported] = []
    refused: list[tuple[Path, tuple[Problem, ...]]] = []
    for number, path in enumerate(paths, start=1):
        try:
            imported = _one(store, path, profile, f"{number}/{len(paths)} {path.name}", arguments)
        except InputError as error:
            if len(paths) == 1:
                raise
            refused.append((path, error.problems))
            continue
        done.append(imported)
        if arguments.format == "table":
            print(import_text(imported, arguments.lang), flush=True)
            for problem in imported.problems:
                print(sentence(problem, arguments.lang), file=sys.stderr)
    left_out = [p for _, problems in refused for p in problems]
    if not done:
        raise InputError(*left_out)
    problems = [*(p for i in done for p in i.problems), *left_out]
    if arguments.format == "json":
        told = [
            {"file": str(path), "problems": [problem_json(p, arguments.lang) for p in why]} for path, why in refused
        ]
        every = [problem_json(p, arguments.lang) for p in problems]
        print_json({"files": [file_json(i) for i in done], "refused": told, "problems": every})
    for problem in left_out:
        print(sentence(problem, arguments.lang), file=sys.stderr)
    incomplete = refused or any(kind(p) in ("rejected", "unpriced") for p in problems)
    return INCOMPLETE if incomplete else OK


def _one(store: "Store", path: Path, profile: Any, subject: str, arguments: argparse.Namespace) -> "Imported":
    from costlab.commands._progress_line import terminal
    from costlab.store import import_bill

    line = terminal(arguments.lang, subject)
    try:
        return import_bill(store, path, profile=profile, hint=arguments.format_hint, progress=line)
    finally:
        if line is not None:
            line.clear()


def _files(given: list[Path]) -> list[Path]:
    """Every file that is meant: of a folder all but hidden ones, the oldest first. Raises `InputError`."""
    from costlab.errors import InputError
    from costlab.files.writing import os_reason, shown_path
    from costlab.model.numbers import Problem

    files: list[Path] = []
    for path in given:
        if not path.is_dir():
            files.append(path)
            continue
        try:
            inside = sorted(_inside(path), key=lambda f: (f.lstat().st_mtime_ns, str(f)))
        except OSError as error:
            raise InputError(Problem(code="unreadable", source=shown_path(path), args=os_reason(error))) from None
        if not inside:
            raise InputError(Problem(code="nothing_to_import", source=shown_path(path)))
        files += inside
    return files


def _inside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _inside(path)
        else:
            yield path


def _list_options(parser: argparse.ArgumentParser, language: str) -> None:  # noqa: ARG001 (as the others)
    _table_or_json(parser)


def _list(arguments: argparse.Namespace) -> int:
    from costlab.exports.imports import bill_json, list_text
    from costlab.store import list_bills, open_store

    bills = list_bills(open_store())
    if arguments.format == "json":
        print_json([bill_json(b) for b in bills])
    else:
        print(list_text(bills, arguments.lang))
    return OK


def _restatement_options(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("id", nargs="?", type=int, metavar="ID", help=_WORDS[language]["id"])
    _table_or_json(parser)


def _restatements(arguments: argparse.Namespace) -> int:
    from costlab.exports.imports import restatement_json, restatements_text
    from costlab.store import open_store, problems_of, restatements

    store = open_store()
    if arguments.id is not None:
        problems_of(store, arguments.id)  # says so when there is no such bill
    found = restatements(store, arguments.id)
    if arguments.format == "json":
        print_json([restatement_json(r) for r in found])
    else:
        print(restatements_text(found, arguments.lang))
    return OK


def _export_options(parser: argparse.ArgumentParser, language: str) -> None:
    words = _WORDS[language]
    parser.add_argument("--format", choices=formats("exports.charges"), help=SHARED[language]["format"])
    parser.add_argument("-o", "--output", type=Path, metavar="PATH", help=SHARED[language]["output"])
    parser.add_argument("--period", type=months, metavar="MONTHS", help=words["period"])
    parser.add_argument("--project", action="append", default=[], help=words["project"])
    parser.add_argument("--provider", help=SHARED[language]["provider"])


def _export(arguments: argparse.Namespace) -> int:
    from costlab.commands._progress_line import terminal
    from costlab.exports import charges
    from costlab.exports.stored_charges import export_charges
    from costlab.store import open_store

    if not arguments.format and not (arguments.output and arguments.output.suffix):
        arguments.format = "csv"
    name = chosen_format(arguments, charges.names(), lambda n: charges.load(n).SUFFIX)
    first, last = arguments.period or (None, None)
    line = terminal(arguments.lang)
    try:
        export_charges(
            open_store(), name, arguments.output, provider=arguments.provider, first_period=first, last_period=last,
            projects=arguments.project, progress=line,
        )  # fmt: skip
    finally:
        if line is not None:
            line.clear()
    return OK


def _forget_options(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("id", nargs="+", type=int, metavar="ID", help=_WORDS[language]["id"])


def _forget(arguments: argparse.Namespace) -> int:
    from costlab.store import forget, open_store

    store = open_store()
    for number in arguments.id:
        forget(store, number)
    return OK


_ASKS: dict[str, tuple[Callable[[argparse.ArgumentParser, str], None], Callable[[argparse.Namespace], int]]] = {
    "import": (_import_options, _import),
    "list": (_list_options, _list),
    "show": (_bill_show.arguments, _bill_show.show),
    "profile": (_bill_profile.options, _bill_profile.run),
    "restatements": (_restatement_options, _restatements),
    "export": (_export_options, _export),
    "check": (_bill_check.options, _bill_check.run),
    "invoices": (_bill_invoices.options, _bill_invoices.run),
    "forget": (_forget_options, _forget),
}
"""What to do → its options, and who does it."""
