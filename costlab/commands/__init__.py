"""One file a command: put a module here and `costlab NAME` is there.

A command module exposes `HELP` (what it does, in both languages), `arguments(parser, language)`, which declares its
own options, and `run(arguments)`, which returns the exit status. It imports what it needs when it runs: `costlab
--help` loads nothing heavy. Here is what several of them share.
"""

import argparse
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from costlab.plugins import names_of

if TYPE_CHECKING:
    from costlab.catalog.loading import Catalog
    from costlab.compare.result import Comparison

OK, DEFECT, UNUSABLE, INCOMPLETE, FAILED = 0, 1, 2, 3, 4
"""Exit status: complete; a defect of ours; the input cannot be used; done but incomplete; a `--fail-if` holds."""

Words = dict[str, dict[str, str]]
"""Language -> name -> text: an option's help."""

SHARED: Words = {
    "en": {
        "format": "output format; taken from the ending of -o, else table",
        "output": "file to write (otherwise the terminal; a workbook needs it)",
        "provider": "folder of the price catalog",
        "contract": "folder of contract prices and discounts, which take precedence over the list",
        "engine": "compute on this Spark Connect server, not here (or set COSTLAB_ENGINE)",
    },
    "ru": {
        "format": "формат; по окончанию имени в -o, иначе table",
        "output": "куда записать (иначе на экран; для книги Excel обязательно)",
        "provider": "папка каталога цен",
        "contract": "папка договорных цен и скидок: они важнее прайс-листа",
        "engine": "считать на этом сервере Spark Connect, а не здесь (или задайте COSTLAB_ENGINE)",
    },
}
"""Help of the options that several commands have."""


class Command(Protocol):
    """The names a command module exposes."""

    HELP: dict[str, str]

    def arguments(self, parser: argparse.ArgumentParser, language: str) -> None:
        """Declare the command's own options."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; returns the exit status. Raises `InputError` when the input cannot be used."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Every command, in the order in which people meet them, the rest after."""
    first = ("estimate", "import", "compare", "reconcile")
    last = ("catalog", "demo", "app")
    found = {name.removesuffix("_") for name in names_of(__name__)}
    return (*(n for n in first if n in found), *sorted(found - {*first, *last}), *(n for n in last if n in found))


def load(name: str) -> Command:
    """A command module by its name; one named like a word of Python ends with `_`."""
    return cast("Command", import_module(f"costlab.commands.{name}{'_' if iskeyword(name) else ''}"))


def output_options(parser: argparse.ArgumentParser, folder: str, language: str) -> None:
    """`--format` and `-o` for the outputs of a folder of `costlab`."""
    words = SHARED[language]
    parser.add_argument("--format", choices=formats(folder), help=words["format"])
    parser.add_argument("-o", "--output", type=Path, metavar="PATH", help=words["output"])


def contract_option(parser: argparse.ArgumentParser, language: str, name: str = "--contract", note: str = "") -> None:
    """A folder of contract prices."""
    parser.add_argument(name, type=Path, metavar="DIR", help=SHARED[language]["contract"] + note)


def engine_option(parser: argparse.ArgumentParser, language: str) -> None:
    """Where to compute."""
    parser.add_argument("--engine", metavar="sc://HOST:PORT", help=SHARED[language]["engine"])


def catalog_for(provider: str, contract: Path | None) -> "Catalog":
    """A provider's catalog, with a contract over it where one is given. Raises `InputError`."""
    from costlab.api import load_catalog

    return load_catalog(provider, contract=contract)


def formats(folder: str) -> tuple[str, ...]:
    """The output formats a package of outputs holds (`exports.comparisons`), without importing any of them."""
    return names_of(f"costlab.{folder}")


def chosen_format(arguments: argparse.Namespace, offered: tuple[str, ...], suffix_of: Callable[[str], str]) -> str:
    """The format asked for: by `--format`, else by the ending of `-o`, else a table. Raises `InputError`."""
    from costlab.errors import InputError
    from costlab.files.writing import shown_path
    from costlab.model.numbers import Problem

    ending = arguments.output.suffix.lower().removeprefix(".") if arguments.output else ""
    name: str = arguments.format or ending or "table"
    if name not in offered:
        found = [n for n in offered if suffix_of(n) == name]
        if len(found) != 1:
            args = {"ending": ending, "allowed": ", ".join(offered)}
            raise InputError(Problem(code="unknown_ending", source=shown_path(arguments.output), args=args))
        name = found[0]
    own = f"{name}_{ending}"  # a format may have a module of its own for a kind of file, as FOCUS has for Parquet
    return own if own in offered else name


def deliver(rendered: str | bytes, name: str, arguments: argparse.Namespace) -> None:
    """Print text, or write what `-o` names. Raises `InputError`: a workbook does not go to a terminal."""
    from costlab.errors import InputError
    from costlab.files.writing import write_whole
    from costlab.model.numbers import Problem

    if arguments.output:
        write_whole(arguments.output, rendered)
    elif isinstance(rendered, str):
        sys.stdout.write(rendered)
    else:
        raise InputError(Problem(code="binary_output", source=f"--format {name}", args={"format": name}))


def print_comparison(comparison: "Comparison", arguments: argparse.Namespace) -> int:
    """Print or write a comparison; what is missing from it goes to stderr as well."""
    from costlab.errors import sentence
    from costlab.exports import comparisons

    name = chosen_format(arguments, comparisons.names(), lambda n: comparisons.load(n).SUFFIX)
    deliver(comparisons.load(name).render(comparison, arguments.lang), name, arguments)
    if name != "table" or arguments.output:
        for problem in comparison.problems:
            print(sentence(problem, arguments.lang), file=sys.stderr)
    return OK if comparison.complete else INCOMPLETE


def print_json(data: Any) -> None:
    """A result for programs."""
    import json

    print(json.dumps(data, ensure_ascii=False, indent=1))
