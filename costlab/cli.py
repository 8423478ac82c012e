"""The command line: parse, call a verb, print. Everything heavy is imported by the command that needs it.

Exit status: 0 complete; 1 a defect of ours; 2 the input cannot be used and nothing was written; 3 done but incomplete.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from costlab import __version__

if TYPE_CHECKING:
    from costlab.comparison import Comparison
    from costlab.model import Language

OK, DEFECT, UNUSABLE, INCOMPLETE = 0, 1, 2, 3

_HELP = {
    "en": {
        "about": "What a cloud costs, to the kopeck, and where every kopeck comes from.",
        "estimate": "price an estimate file",
        "catalog": "the price catalog: check, list, show, diff, coverage",
        "compare": "two estimates: the exact difference by cause",
        "reconcile": "a bill beside what it should have been: every kopeck of difference explained",
        "demo": "do the main job once on an example and tell where the results lie",
        "app": "open the web estimator",
        "files": "estimate files (YAML or JSON); several must share period and region",
        "format": "output format; taken from the ending of -o, else table",
        "output": "file to write (otherwise the terminal; a workbook needs it)",
        "prices_on": "price everything at this day's list, VAT and rounding",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; overrides the file's",
        "vat": "which amounts people are shown",
        "lang": "language of messages and tables (default: COSTLAB_LANG, then the system's)",
        "provider": "folder of the price catalog",
        "before": "estimate file, or the JSON of its result",
        "by": "sum the lines by some of: {names}",
        "bills": "granular reports (CSV or XLSX); the same file given twice counts once",
        "with": "an estimate: wrong quantities and missing rows show as well",
        "profile": "mapping profile (YAML): which column is which",
    },
    "ru": {
        "about": "Сколько стоит облако, до копейки, и откуда взялась каждая копейка.",
        "estimate": "рассчитать смету",
        "catalog": "каталог цен: проверка, список, карточка, сравнение, охват",
        "compare": "две сметы: точная разница по причинам",
        "reconcile": "счёт и то, каким он должен быть: объяснена каждая копейка разницы",
        "demo": "пройти весь путь на примере и показать, где результаты",
        "app": "открыть калькулятор в браузере",
        "files": "файлы смет (YAML или JSON); у нескольких общие период и регион",
        "format": "формат; по окончанию имени в -o, иначе table",
        "output": "куда записать (иначе на экран; для книги Excel обязательно)",
        "prices_on": "считать всё по прайс-листу, НДС и округлению этого дня",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; вместо указанного в файле",
        "vat": "какие суммы показывать",
        "lang": "язык сообщений и таблиц (по умолчанию COSTLAB_LANG, затем системный)",
        "provider": "папка каталога цен",
        "before": "файл сметы или JSON её результата",
        "by": "сложить строки по признакам: {names}",
        "bills": "детализация (CSV или XLSX); один и тот же файл дважды считается один раз",
        "with": "смета: покажет и неверные количества, и недостающие строки",
        "profile": "профиль соответствия столбцов (YAML)",
    },
}
_BY = ("service", "group", "resource_id", "sku_id", "dimensions", "project", "day")


def default_language() -> "Language":
    """COSTLAB_LANG, else the system's language when it is Russian, else English."""
    asked = os.environ.get("COSTLAB_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "ru" if asked.lower().startswith("ru") else "en"


def _parser(language: "Language") -> argparse.ArgumentParser:
    words = _HELP[language]
    parser = argparse.ArgumentParser(prog="costlab", description=words["about"])
    parser.add_argument("--version", action="version", version=f"costlab {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("ru", "en"), default=language, help=words["lang"])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    estimate = commands.add_parser("estimate", parents=[common], help=words["estimate"], description=words["estimate"])
    estimate.add_argument("files", nargs="+", metavar="FILE", help=words["files"])
    estimate.add_argument("--format", choices=_formats("exports"), help=words["format"])
    estimate.add_argument("-o", "--output", type=Path, metavar="PATH", help=words["output"])
    estimate.add_argument("--prices-on", metavar="DAY", help=words["prices_on"])
    estimate.add_argument("--period", metavar="P", help=words["period"])
    estimate.add_argument("--vat", choices=("included", "net", "both"), default="included", help=words["vat"])

    catalog = commands.add_parser("catalog", help=words["catalog"], description=words["catalog"])
    asks = catalog.add_subparsers(dest="ask", metavar="ASK", required=True)
    for name, arguments in {
        "check": (),
        "list": (),
        "show": ("sku",),
        "diff": ("before", "after"),
        "coverage": (),
    }.items():
        ask = asks.add_parser(name, parents=[common])
        for argument in arguments:
            ask.add_argument(argument, metavar={"sku": "SKU", "before": "DAY1", "after": "DAY2"}[argument])
        ask.add_argument("--provider", default=None if name == "check" else "vk", help=words["provider"])
        ask.add_argument("--format", choices=("table", "json"), default="table")

    compare = commands.add_parser("compare", parents=[common], help=words["compare"], description=words["compare"])
    compare.add_argument("before", metavar="BEFORE", help=words["before"])
    compare.add_argument("after", metavar="AFTER", help=words["before"])
    compare.add_argument("--by", metavar="NAMES", type=_names, help=words["by"].format(names=", ".join(_BY)))
    reconcile = commands.add_parser(
        "reconcile", parents=[common], help=words["reconcile"], description=words["reconcile"]
    )
    reconcile.add_argument("files", nargs="+", metavar="BILL", help=words["bills"])
    reconcile.add_argument("--estimate", metavar="FILE", help=words["with"])
    reconcile.add_argument("--profile", metavar="FILE", type=Path, help=words["profile"])
    for command in (compare, reconcile):
        command.add_argument("--format", choices=_formats("exports/comparisons"), help=words["format"])
        command.add_argument("-o", "--output", type=Path, metavar="PATH", help=words["output"])

    demo = commands.add_parser("demo", parents=[common], help=words["demo"], description=words["demo"])
    demo.add_argument("folder", nargs="?", type=Path, default=Path("costlab-demo"), metavar="DIR")
    app = commands.add_parser("app", parents=[common], help=words["app"], description=words["app"])
    app.add_argument("--port", type=int, default=8501)
    app.add_argument("--address", default="localhost")
    app.add_argument("--no-browser", action="store_true")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without ₽ shows a question mark and goes on; a program that reads us gets UTF-8.
            told = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(errors="replace", encoding=None if told else "utf-8")
    arguments = _parser(default_language()).parse_args(argv)
    from costlab.errors import InputError, sentence

    run = {
        "estimate": _estimate, "compare": _compare, "reconcile": _reconcile, "catalog": _catalog, "demo": _demo,
        "app": _app,
    }[arguments.command]  # fmt: skip
    try:
        status = run(arguments)
        sys.stdout.flush()
    except InputError as error:
        for problem in error.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong with us
        _close_output()
        return OK
    except OSError as error:
        if error.filename is not None:
            raise  # about a file, and whoever opens files tells what is wrong with them
        from costlab.files import os_reason
        from costlab.model import Problem

        _close_output()
        problem = Problem(code="unwritable", source="stdout", args=os_reason(error))
        print(sentence(problem, arguments.lang), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    else:
        return status


def _close_output() -> None:
    """Let what is left of the output go nowhere, or Python would fail at it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _estimate(arguments: argparse.Namespace) -> int:
    from costlab import exports
    from costlab.errors import sentence
    from costlab.estimate import estimate_cost
    from costlab.inventory.estimate_file import read_estimate

    name = _format(arguments, exports.names(), lambda n: exports.load(n).SUFFIX)
    scenario = read_estimate(*arguments.files, period=arguments.period, prices_on=arguments.prices_on)
    result = estimate_cost(scenario)
    _deliver(exports.load(name).render(result, arguments.lang, arguments.vat), name, arguments)
    if name != "table" or arguments.output:
        for problem in result.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if result.complete else INCOMPLETE


def _names(text: str) -> list[str]:
    """The features of `--by`."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in found if name not in _BY]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"{', '.join(wrong) or text!r}: {', '.join(_BY)}")
    return list(dict.fromkeys(found))


def _compare(arguments: argparse.Namespace) -> int:
    from costlab.compare import compare_estimates
    from costlab.errors import InputError
    from costlab.estimate import estimate_cost
    from costlab.inventory.estimate_file import read_estimate
    from costlab.model import Problem

    before, after = (estimate_cost(read_estimate(path)) for path in (arguments.before, arguments.after))
    if before.currency != after.currency:
        raise InputError(Problem(code="different_header", source=arguments.after, args={"key": "region"}))
    comparison = compare_estimates(before, after)
    if arguments.by:
        from costlab.exports.comparisons import grouped

        groups = {r.resource_id: r.group for e in (before, after) for r in e.resources}
        comparison = grouped(comparison, arguments.by, groups)
    return _tell(comparison, arguments)


def _reconcile(arguments: argparse.Namespace) -> int:
    from costlab.bills import load_profile, read_bills
    from costlab.inventory.estimate_file import read_estimate
    from costlab.reconcile import reconcile_bill

    scenario = read_estimate(arguments.estimate) if arguments.estimate else None
    profile = load_profile(arguments.profile) if arguments.profile else None
    bill = read_bills(arguments.files, profile=profile)
    return _tell(reconcile_bill(bill, scenario=scenario), arguments)


def _tell(comparison: "Comparison", arguments: argparse.Namespace) -> int:
    """Print or write a comparison; what is missing from it goes to stderr as well."""
    from costlab.errors import sentence
    from costlab.exports import comparisons

    name = _format(arguments, comparisons.names(), lambda n: comparisons.load(n).SUFFIX)
    _deliver(comparisons.load(name).render(comparison, arguments.lang), name, arguments)
    if name != "table" or arguments.output:
        for problem in comparison.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if comparison.complete else INCOMPLETE


def _formats(folder: str) -> tuple[str, ...]:
    """The output formats a folder of `costlab` holds, without importing any of them."""
    found = iter_modules([str(Path(__file__).parent / folder)])
    return tuple(sorted(m.name for m in found if not m.ispkg and not m.name.startswith("_")))


def _format(arguments: argparse.Namespace, formats: tuple[str, ...], suffix_of: "Callable[[str], str]") -> str:
    """The format asked for: by `--format`, else by the ending of `-o`, else a table. Raises `InputError`."""
    from costlab.errors import InputError
    from costlab.files import shown_path
    from costlab.model import Problem

    ending = arguments.output.suffix.lower().removeprefix(".") if arguments.output else ""
    name: str = arguments.format or ending or "table"
    if name not in formats:
        found = [n for n in formats if suffix_of(n) == name]
        if len(found) != 1:
            args = {"ending": ending, "allowed": ", ".join(formats)}
            raise InputError(Problem(code="unknown_ending", source=shown_path(arguments.output), args=args))
        name = found[0]
    return name


def _deliver(rendered: str | bytes, name: str, arguments: argparse.Namespace) -> None:
    """Print text, or write what `-o` names. Raises `InputError`: a workbook does not go to a terminal."""
    from costlab.errors import InputError
    from costlab.files import write_whole
    from costlab.model import Problem

    if arguments.output:
        write_whole(arguments.output, rendered)
    elif isinstance(rendered, str):
        sys.stdout.write(rendered)
    else:
        raise InputError(Problem(code="binary_output", source=f"--format {name}", args={"format": name}))


def _catalog(arguments: argparse.Namespace) -> int:
    from costlab import catalog_report as report
    from costlab.catalog import load_catalog
    from costlab.errors import InputError
    from costlab.model import Problem

    if arguments.ask == "check":
        return _check(arguments)
    catalog = load_catalog(arguments.provider)
    if arguments.ask == "show":
        found = report.show_sku(catalog, arguments.sku)
        if found is None:
            from costlab.errors import near

            args = {"value": arguments.sku, **near(arguments.sku, catalog.by_id)}
            raise InputError(Problem(code="unknown_sku", source="price_catalog", args=args))
        return _show(found, arguments, catalog)
    if arguments.ask == "diff":
        days = [_day(x) for x in (arguments.before, arguments.after)]
        return _rows(report.diff(catalog, *days), arguments)
    return _rows(report.coverage(catalog) if arguments.ask == "coverage" else report.list_skus(catalog), arguments)


def _day(text: str) -> Any:
    from costlab.errors import InputError
    from costlab.model import Problem
    from costlab.periods import PeriodError, parse_day

    try:
        return parse_day(text)
    except PeriodError as error:
        args = {
            "key": "DAY",
            "value": text,
            "expected": f"a day such as {error}",
            "expected_ru": f"день, например {error}",
        }
        raise InputError(Problem(code="wrong_type", source="costlab catalog diff", args=args)) from None


def _check(arguments: argparse.Namespace) -> int:
    from costlab.catalog import load_catalog, providers
    from costlab.catalog_check import check_catalog
    from costlab.errors import InputError

    problems = check_catalog(arguments.provider)
    if arguments.format == "json":
        import json

        from costlab.exports.json import problem_json

        faults = [problem_json(p, arguments.lang) for p in problems]
        print(json.dumps({"sound": not problems, "problems": faults}, ensure_ascii=False, indent=1))
        return UNUSABLE if problems else OK
    if problems:
        raise InputError(*problems)
    for name in providers() if arguments.provider is None else [arguments.provider]:
        catalog = load_catalog(name)
        rates = sum(len(s.rates) for s in catalog.skus)
        stamp = catalog.stamp()
        print(f"{name}: {len(catalog.skus)} SKU, {rates} rates, list {stamp.list_date}, checked {stamp.checked}: ok")
    return OK


def _rows(rows: list[dict[str, Any]], arguments: argparse.Namespace) -> int:
    import json

    from costlab.catalog_table import catalog_table

    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print(catalog_table(arguments.ask, rows, arguments.lang))
    return OK


def _show(found: dict[str, Any], arguments: argparse.Namespace, catalog: Any) -> int:
    import json

    from costlab.catalog_table import sku_card

    text = json.dumps(found, ensure_ascii=False, indent=1)
    print(text if arguments.format == "json" else sku_card(found, catalog, arguments.lang))
    return OK


def _demo(arguments: argparse.Namespace) -> int:
    from costlab.demo import run_demo

    for line in run_demo(arguments.folder, arguments.lang):
        print(line, flush=True)
    return OK


def _app(arguments: argparse.Namespace) -> int:
    import subprocess

    page = Path(__file__).parent / "ui" / "app.py"
    options = {
        "server.port": str(arguments.port),
        "server.address": arguments.address,
        "server.headless": str(arguments.no_browser).lower(),
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    command = [sys.executable, "-m", "streamlit", "run", str(page), *flags]
    environment = {**os.environ, "COSTLAB_LANG": arguments.lang}
    return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 (our own command)


if __name__ == "__main__":
    sys.exit(main())
