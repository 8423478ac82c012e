"""`costlab bill check`: FOCUS files against the rules of the specification, each finding with its count and place."""

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costlab.commands import INCOMPLETE, OK, Words, print_json

if TYPE_CHECKING:
    from costlab.focus.check import Checked, Finding

_WORDS: Words = {
    "en": {
        "files": "FOCUS files of charges (CSV or Parquet)",
        "invoice": "what a document takes, VAT included: INV-7=123456.78; may be repeated",
        "clean": "{file}: {rows} rows, {rules} rules: clean",
        "found": "{file}: {rows} rows, {rules} rules, breaks {n}:",
        "sum": "   {invoice}: Σ BilledCost = {amount} {currency}",
        "no_invoice": "no InvoiceId",
        "line": "   {keyword:<6} {column}: {words}: {count}",
        "first": "          first in line {line}: {example}",
        "only": "          {example}",
        "must": "MUST", "should": "SHOULD", "doubt": "doubt",
    },
    "ru": {
        "files": "файлы начислений FOCUS (CSV или Parquet)",
        "invoice": "сумма документа с НДС: INV-7=123456.78; можно повторять",
        "clean": "{file}: строк {rows}, правил {rules}: нарушений нет",
        "found": "{file}: строк {rows}, правил {rules}, нарушено {n}:",
        "sum": "   {invoice}: Σ BilledCost = {amount} {currency}",
        "no_invoice": "без InvoiceId",
        "line": "   {keyword:<12} {column}: {words}: {count}",
        "first": "                первая строка {line}: {example}",
        "only": "                {example}",
        "must": "обязательно", "should": "желательно", "doubt": "сомнение",
    },
}  # fmt: skip


def options(parser: argparse.ArgumentParser, language: str) -> None:
    """Files, amounts of documents, format."""
    words = _WORDS[language]
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=words["files"])
    parser.add_argument(
        "--invoice", action="append", default=[], type=_payable, metavar="ID=AMOUNT", help=words["invoice"]
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")


def run(arguments: argparse.Namespace) -> int:
    """Check and print; 3 when a file breaks a MUST."""
    from costlab.focus.check import check_file

    checked = [check_file(path, dict(arguments.invoice)) for path in arguments.files]
    if arguments.format == "json":
        print_json([_json(c, arguments.lang) for c in checked])
    else:
        for one in checked:
            _tell(one, arguments.lang)
    return OK if all(c.clean for c in checked) else INCOMPLETE


def _payable(text: str) -> tuple[str, Decimal]:
    invoice, _, amount = text.rpartition("=")
    try:
        payable = Decimal(amount)
    except InvalidOperation:
        payable = Decimal("NaN")
    if not invoice or not payable.is_finite():
        raise argparse.ArgumentTypeError(f"{text!r}: INV-7=123456.78")
    return invoice, payable


def _words(finding: "Finding", language: str) -> str:
    from costlab.focus.rules import WORDS

    return WORDS[finding.rule][language].format(**dict(finding.args))


def _tell(checked: "Checked", language: str) -> None:
    from costlab.i18n.words import visible

    words = _WORDS[language]
    facts = {"file": checked.source, "rows": checked.rows, "rules": checked.rules, "n": len(checked.findings)}
    print(visible(words["found" if checked.findings else "clean"].format(**facts)))
    for invoice, currency, amount in checked.invoices:
        name = invoice or words["no_invoice"]
        print(visible(words["sum"].format(invoice=name, amount=f"{amount:f}", currency=currency)))
    for finding in checked.findings:
        said = _words(finding, language)
        shown = {"keyword": words[finding.keyword], "column": finding.column or "—", "words": said}
        print(visible(words["line"].format(count=finding.count, **shown)))
        if finding.example:
            place = "only" if finding.line is None else "first"
            print(visible(words[place].format(line=finding.line, example=finding.example)))


def _json(checked: "Checked", language: str) -> dict[str, Any]:
    return {
        "file": checked.source,
        "rows": checked.rows,
        "set_aside": checked.set_aside,
        "rules": checked.rules,
        "clean": checked.clean,
        "invoices": [{"invoice": i, "currency": c, "billed": f"{a:f}"} for i, c, a in checked.invoices],
        "findings": [
            {
                "rule": f.rule, "column": f.column, "keyword": f.keyword, "count": f.count, "line": f.line,
                "example": f.example, "message": _words(f, language),
            }
            for f in checked.findings
        ],
    }  # fmt: skip
