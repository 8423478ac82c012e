"""The second half of `costlab demo`: two granular reports of the example shop, a clean one and one with faults."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from costlab.bills import read_bill
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import CAUSE_TITLES, Comparison
from costlab.examples import example
from costlab.exports import comparisons
from costlab.files.writing import write_whole
from costlab.i18n.words import money, number
from costlab.model.numbers import Language, Text

_SAY: dict[str, Text] = {
    "title": Text(
        en="5. A month later two bills came (granular reports):",
        ru="5. Через месяц пришли два счёта (гранулярные отчёты):",
    ),
    "clean": Text(
        en="   {file}: {rows} rows, {billed}: every kopeck as it should be.",
        ru="   {file}: строк {rows}, {billed}: всё до копейки как должно быть.",
    ),
    "faults": Text(
        en="   {file}: {rows} rows, {billed} instead of {expected}, difference {delta}:",
        ru="   {file}: строк {rows}, {billed} вместо {expected}, разница {delta}:",
    ),
    "cause": Text(en="      {title}: {amount}", ru="      {title}: {amount}"),
    "why": Text(en="      for example line {line}: {why}", ru="      например, строка {line}: {why}"),
    "report": Text(
        en="   Every difference with its reason: {file}, or `costlab reconcile {bill}`.",
        ru="   Все расхождения с причинами: {file} или `costlab reconcile {bill}`.",
    ),
}  # fmt: skip


def told_bills(folder: Path, language: Language) -> Iterator[str]:
    """Write the two reports, reconcile them, tell what came out. Raises `InputError` if it cannot write."""
    yield _SAY["title"][language]
    for name in ("bill-clean.csv", "bill-faults.csv"):
        path = folder / name
        write_whole(path, example(name))
        bill = read_bill(path)
        found = reconcile_bill(bill)
        yield from _lines(name, bill.accepted, found, language)
    report = folder / "bill-faults.xlsx"
    write_whole(report, comparisons.load("xlsx").render(found, language))
    yield _SAY["report"][language].format(file=report.name, bill=path)


def _lines(name: str, rows: int, comparison: Comparison, language: Language) -> Iterator[str]:
    amounts = {"billed": comparison.after, "expected": comparison.before, "delta": comparison.delta}
    words = {k: money(v, comparison.currency, language) for k, v in amounts.items()}
    kind = "faults" if comparison.delta or any(comparison.causes.values()) else "clean"
    yield _SAY[kind][language].format(file=name, rows=number(Decimal(rows), language), **words)
    for cause, amount in comparison.causes.items():
        if amount:
            title = CAUSE_TITLES[cause][language]
            yield _SAY["cause"][language].format(title=title, amount=money(amount, comparison.currency, language))
    differing = comparisons.differing(comparison).to_pylist()
    odd = next((row for row in differing if row["verdict"] == "price"), None)
    if odd is not None:
        yield _SAY["why"][language].format(
            line=odd["line_after"], why=comparisons.why(odd, language, comparison.currency)
        )
