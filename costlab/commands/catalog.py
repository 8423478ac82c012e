"""`costlab catalog`: the price catalog itself. Each of its questions is an entry of `_ASKS`."""

import argparse
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from costlab.commands import OK, SHARED, UNUSABLE, Words, print_comparison, print_json

HELP = {
    "en": "the price catalog: check, list, show, diff, coverage, flavors, disks",
    "ru": "каталог цен: проверка, список, карточка, сравнение, охват, конфигурации, диски",
}

_WORDS: Words = {
    "en": {"estimate": "your estimate at both days' lists, instead of the lists themselves"},
    "ru": {"estimate": "ваша смета по прайс-листам обоих дней вместо самих прайс-листов"},
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """A question and what it needs."""
    asks = parser.add_subparsers(dest="ask", metavar="ASK", required=True)
    for name, (words, _) in _ASKS.items():
        ask = asks.add_parser(name)
        for word in words:
            ask.add_argument(word, metavar={"sku": "SKU", "before": "DAY1", "after": "DAY2"}[word])
        for word, options in _SIZES.get(name, {}).items():
            ask.add_argument(word, **options)
        if name == "diff":
            ask.add_argument("--estimate", metavar="FILE", help=_WORDS[language]["estimate"])
        ask.add_argument("--provider", default=None if name == "check" else "vk", help=SHARED[language]["provider"])
        ask.add_argument("--format", choices=("table", "json"), default="table")
        ask.add_argument("--lang", choices=("ru", "en"), default=language)


def run(arguments: argparse.Namespace) -> int:
    """Answer one question."""
    return _ASKS[arguments.ask][1](arguments)


def _list(arguments: argparse.Namespace) -> int:
    from costlab.catalog import report
    from costlab.catalog.loading import load_catalog

    return _rows(report.list_skus(load_catalog(arguments.provider)), arguments)


def _coverage(arguments: argparse.Namespace) -> int:
    from costlab.catalog import report
    from costlab.catalog.loading import load_catalog

    return _rows(report.coverage(load_catalog(arguments.provider)), arguments)


def _diff(arguments: argparse.Namespace) -> int:
    from costlab.catalog import report
    from costlab.catalog.loading import load_catalog

    days = [_day(x) for x in (arguments.before, arguments.after)]
    if arguments.estimate:
        return _at_both(arguments, days)
    return _rows(report.diff(load_catalog(arguments.provider), *days), arguments)


def _at_both(arguments: argparse.Namespace, days: list[date]) -> int:
    """One estimate at two days' prices, VAT and rounding: the same usage, so only those differ."""
    from costlab.compare.split import compare_estimates
    from costlab.estimate.charges import estimate_cost
    from costlab.inventory.sources.estimate_file import read_estimate

    scenario = read_estimate(arguments.estimate)
    priced = [scenario.model_copy(update={"name": f"{scenario.name}, {d}", "prices_on": d}) for d in days]
    arguments.output = None
    return print_comparison(compare_estimates(*(estimate_cost(s) for s in priced)), arguments)


def _show(arguments: argparse.Namespace) -> int:
    from costlab.catalog import report
    from costlab.catalog.loading import load_catalog
    from costlab.errors import InputError, near
    from costlab.exports.catalog import sku_card
    from costlab.model.numbers import Problem

    catalog = load_catalog(arguments.provider)
    found = report.show_sku(catalog, arguments.sku)
    if found is None:
        args = {"value": arguments.sku, **near(arguments.sku, catalog.by_id)}
        raise InputError(Problem(code="unknown_sku", source="price_catalog", args=args))
    if arguments.format == "json":
        print_json(found)
    else:
        print(sku_card(found, catalog, arguments.lang))
    return OK


def _flavors(arguments: argparse.Namespace) -> int:
    from costlab.catalog.facts.flavors import suggest
    from costlab.catalog.loading import load_catalog

    catalog = load_catalog(arguments.provider)
    return _rows(suggest(catalog, arguments.vcpu, arguments.ram, arguments.cpu, arguments.gpu), arguments)


def _disks(arguments: argparse.Namespace) -> int:
    from costlab.catalog.facts.disks import sizes, table
    from costlab.catalog.loading import load_catalog
    from costlab.errors import InputError, near
    from costlab.model.numbers import Problem

    catalog = load_catalog(arguments.provider)
    known = sizes(catalog)
    if arguments.type is not None and arguments.type not in known:
        args = {"key": "TYPE", "value": arguments.type, **near(arguments.type, known)}
        raise InputError(Problem(code="not_allowed", source="costlab catalog disks", args=args))
    return _rows(table(catalog, arguments.type, arguments.size), arguments)


def _gigabytes(text: str) -> Decimal:
    """A size from the command line, exact."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text) or Decimal(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r}: GB, 100 or 0.5")
    return Decimal(text)


def _day(text: str) -> date:
    from costlab.errors import InputError
    from costlab.model.numbers import Args, Problem, Text
    from costlab.model.periods import PeriodError, parse_day

    try:
        return parse_day(text)
    except PeriodError as error:
        args: Args = {
            "key": "DAY",
            "value": text,
            "expected": Text(en=f"a day such as {error}", ru=f"день, например {error}"),
        }
        raise InputError(Problem(code="wrong_type", source="costlab catalog diff", args=args)) from None


def _check(arguments: argparse.Namespace) -> int:
    from costlab.catalog.check import check_catalog
    from costlab.catalog.loading import load_catalog, providers
    from costlab.errors import InputError

    problems = check_catalog(arguments.provider)
    if arguments.format == "json":
        from costlab.exports.problems import problem_json

        faults = [problem_json(p, arguments.lang) for p in problems]
        print_json({"sound": not problems, "problems": faults})
        return UNUSABLE if problems else OK
    if problems:
        raise InputError(*problems)
    for name in providers() if arguments.provider is None else [arguments.provider]:
        catalog = load_catalog(name)
        rates = sum(len(s.rates) for s in catalog.skus)
        stamp = catalog.stamp()
        age = f" ({(date.today() - stamp.checked).days} days ago)" if stamp.checked else ""  # noqa: DTZ011 (a day is enough)
        checked = f"list {stamp.list_date}, checked {stamp.checked}{age}"
        print(f"{name}: {len(catalog.skus)} SKU, {rates} rates, {checked}: ok")
    return OK


def _rows(rows: list[dict[str, Any]], arguments: argparse.Namespace) -> int:
    from costlab.exports.catalog import catalog_table

    if arguments.format == "json":
        print_json(rows)
    else:
        print(catalog_table(arguments.ask, rows, arguments.lang))
    return OK


_ASKS: dict[str, tuple[tuple[str, ...], Callable[[argparse.Namespace], int]]] = {
    "check": ((), _check),
    "list": ((), _list),
    "show": (("sku",), _show),
    "diff": (("before", "after"), _diff),
    "coverage": ((), _coverage),
    "flavors": ((), _flavors),
    "disks": ((), _disks),
}
"""Question → the words it takes, and who answers."""

_SIZES: dict[str, dict[str, dict[str, Any]]] = {
    "flavors": {
        "--vcpu": {"type": int, "default": 1, "metavar": "N"},
        "--ram": {"type": int, "default": 1, "metavar": "GB"},
        "--cpu": {"choices": ("ice-lake", "cascade-lake", "high-freq", "legacy")},
        "--gpu": {"metavar": "MODEL"},
    },
    "disks": {
        "type": {"nargs": "?", "metavar": "TYPE"},
        "size": {"nargs": "?", "metavar": "GB", "type": _gigabytes},
    },
}
"""What the questions about sizes may be narrowed by."""
