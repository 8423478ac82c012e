"""`costlab bill invoices`: documents of a provider beside the store's charges that name them."""

import argparse
import sys
from pathlib import Path

from costlab.commands import INCOMPLETE, OK, Words, print_json

_WORDS: Words = {
    "en": {
        "file": "FOCUS 1.4 Invoice Detail: the lines of documents (CSV or Parquet)",
        "head": "Document|Currency|State|Document total|Charges|Difference|Rows",
    },
    "ru": {
        "file": "FOCUS 1.4 Invoice Detail: строки документов (CSV или Parquet)",
        "head": "Документ|Валюта|Состояние|По документу|По начислениям|Разница|Строк",
    },
}


def options(parser: argparse.ArgumentParser, language: str) -> None:
    """The file of documents."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_WORDS[language]["file"])
    parser.add_argument("--format", choices=("table", "json"), default="table")


def run(arguments: argparse.Namespace) -> int:
    """Compare and tell; a difference is a result, not an error."""
    from costlab.errors import kind, sentence
    from costlab.exports.layout import layout
    from costlab.exports.problems import problem_json
    from costlab.i18n.words import plain, visible
    from costlab.store import open_store
    from costlab.store.invoices import compare_invoices

    found, problems = compare_invoices(open_store(), arguments.file)
    if arguments.format == "json":
        told = [
            {
                "invoice": i.number, "currency": i.currency, "status": i.status, "lines": i.lines,
                "document": plain(i.document), "charges": plain(i.charges), "difference": plain(i.difference),
                "rows": i.rows,
            }
            for i in found
        ]  # fmt: skip
        print_json({"invoices": told, "problems": [problem_json(p, arguments.lang) for p in problems]})
    else:
        rows = [_WORDS[arguments.lang]["head"].split("|")]
        rows += [
            [visible(i.number), i.currency, visible(i.status), plain(i.document), plain(i.charges),
             plain(i.difference), str(i.rows)]
            for i in found
        ]  # fmt: skip
        print(layout(rows, {0, len(rows) - 1}, right={3, 4, 5, 6}))
    for problem in problems:
        print(sentence(problem, arguments.lang), file=sys.stderr)
    return INCOMPLETE if any(kind(p) == "rejected" for p in problems) else OK
