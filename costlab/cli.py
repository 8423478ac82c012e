"""The command line: parse, call a verb, print. Everything heavy is imported by the command that needs it.

Exit status: 0 complete; 1 a defect of ours; 2 the input cannot be used and nothing was written; 3 done but incomplete.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costlab import __version__

if TYPE_CHECKING:
    from costlab.model import Language

OK, DEFECT, UNUSABLE, INCOMPLETE = 0, 1, 2, 3

_HELP = {
    "en": {
        "about": "What a cloud costs, to the kopeck, and where every kopeck comes from.",
        "estimate": "price an estimate file",
        "catalog": "the price catalog: check, list, show, diff, coverage",
        "demo": "do the main job once on an example and tell where the results lie",
        "app": "open the web estimator",
        "files": "estimate files (YAML or JSON); several must share period and region",
        "format": "output format; taken from the name of -o, else table",
        "output": "file to write (otherwise the terminal)",
        "prices_on": "price everything at this day's list, VAT and rounding",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; overrides the file's",
        "vat": "which amounts people are shown",
        "lang": "language of messages and tables (default: COSTLAB_LANG, then the system's)",
        "provider": "folder of the price catalog",
    },
    "ru": {
        "about": "Сколько стоит облако, до копейки, и откуда взялась каждая копейка.",
        "estimate": "рассчитать смету",
        "catalog": "каталог цен: проверка, список, карточка, сравнение, охват",
        "demo": "пройти весь путь на примере и показать, где результаты",
        "app": "открыть калькулятор в браузере",
        "files": "файлы смет (YAML или JSON); у нескольких общие период и регион",
        "format": "формат; по имени файла -o, иначе table",
        "output": "куда записать (иначе на экран)",
        "prices_on": "считать всё по прайс-листу, НДС и округлению этого дня",
        "period": "30d | 2026-11 | 2026-11-01..2026-12-01; вместо указанного в файле",
        "vat": "какие суммы показывать",
        "lang": "язык сообщений и таблиц (по умолчанию COSTLAB_LANG, затем системный)",
        "provider": "папка каталога цен",
    },
}
_FORMATS = ("table", "json", "csv", "md", "xlsx")


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
    estimate.add_argument("--format", choices=_FORMATS, help=words["format"])
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

    demo = commands.add_parser("demo", parents=[common], help=words["demo"], description=words["demo"])
    demo.add_argument("folder", nargs="?", type=Path, default=Path("costlab-demo"), metavar="DIR")
    app = commands.add_parser("app", parents=[common], help=words["app"], description=words["app"])
    app.add_argument("--port", type=int, default=8501)
    app.add_argument("--address", default="localhost")
    app.add_argument("--no-browser", action="store_true")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    arguments = _parser(default_language()).parse_args(argv)
    from costlab.errors import InputError, sentence

    run = {"estimate": _estimate, "catalog": _catalog, "demo": _demo, "app": _app}[arguments.command]
    try:
        return run(arguments)
    except InputError as error:
        for problem in error.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong with us
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130


def _estimate(arguments: argparse.Namespace) -> int:
    from costlab import exports
    from costlab.errors import sentence
    from costlab.estimate import estimate_cost
    from costlab.inventory.estimate_file import read_estimate

    scenario = read_estimate(*arguments.files, period=arguments.period, prices_on=arguments.prices_on)
    result = estimate_cost(scenario)
    name = arguments.format or _format_of(arguments.output)
    rendered = exports.load(name).render(result, arguments.lang, arguments.vat)
    if arguments.output:
        _write(arguments.output, rendered)
    elif isinstance(rendered, bytes):
        _write(
            Path(f"{Path(scenario.source.split(', ')[0]).stem}.{exports.load(name).SUFFIX}"),
            rendered,
            tell=True,
        )
    else:
        sys.stdout.write(rendered)
    if name != "table" or arguments.output:
        for problem in result.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if result.complete else INCOMPLETE


def _format_of(output: Path | None) -> str:
    endings = {".json": "json", ".csv": "csv", ".md": "md", ".xlsx": "xlsx"}
    return endings.get(output.suffix.lower(), "table") if output else "table"


def _write(path: Path, content: str | bytes, *, tell: bool = False) -> None:
    """Write whole or not at all. Raises `InputError` when the place cannot be written."""
    from costlab.errors import InputError
    from costlab.model import Problem

    data = content.encode("utf-8") if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        args = {"reason": error.strerror or str(error)}
        raise InputError(Problem(code="unwritable", source=str(path), args=args)) from None
    if tell:
        print(path)


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
    if problems:
        raise InputError(*problems)
    for name in [arguments.provider] if arguments.provider else providers():
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
