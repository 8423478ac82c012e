"""`costlab demo`: the main job once, on an example."""

import argparse
from pathlib import Path

from costlab.commands import OK

HELP = {
    "en": "do the main job once on an example and tell where the results lie",
    "ru": "пройти весь путь на примере и показать, где результаты",
}


def arguments(parser: argparse.ArgumentParser, language: str) -> None:  # noqa: ARG001 (every command takes it)
    """The folder to write to."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path("costlab-demo"), metavar="DIR")


def run(arguments: argparse.Namespace) -> int:
    """Write, price, reconcile, tell."""
    from costlab.commands._demo import run_demo

    for line in run_demo(arguments.folder, arguments.lang):
        print(line, flush=True)
    return OK
