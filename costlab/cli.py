"""The command line: parse, call a command, tell its errors. The commands are the files of `commands/`.

Exit status: 0 complete; 1 a defect of ours; 2 the input cannot be used and nothing was written; 3 done but incomplete;
4 a `--fail-if` condition holds.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from costlab import __version__, commands
from costlab.commands import OK, UNUSABLE
from costlab.commands._stdin import standard_input

if TYPE_CHECKING:
    from costlab.model.numbers import Language

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
_ABOUT = {
    "en": "What a cloud costs, to the kopeck, and where every kopeck comes from.",
    "ru": "Сколько стоит облако, до копейки, и откуда взялась каждая копейка.",
}
_LANG = {
    "en": "language of messages and tables (default: COSTLAB_LANG, then the system's)",
    "ru": "язык сообщений и таблиц (по умолчанию COSTLAB_LANG, затем системный)",
}


def default_language() -> "Language":
    """COSTLAB_LANG, else the system's language when it is Russian, else English."""
    asked = os.environ.get("COSTLAB_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "ru" if asked.lower().startswith("ru") else "en"


def _parser(language: "Language", argv: Sequence[str]) -> argparse.ArgumentParser:
    """The options of the command that is called; of the others only what the overview says of them."""
    called = next((word for word in argv if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(prog="costlab", description=_ABOUT[language])
    parser.add_argument("--version", action="version", version=f"costlab {__version__}")
    offered = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    words = {name.replace("_", "-"): name for name in commands.names()}
    for word, name in words.items():
        if called in words and called != word:
            offered.add_parser(word)  # its name alone: to load them all takes longer than an answer
            continue
        command = commands.load(name)
        text = command.HELP[language]
        own = offered.add_parser(word, help=text, description=text)
        own.add_argument("--lang", choices=("ru", "en"), default=language, help=_LANG[language])
        command.arguments(own, language)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    _set_encoding()
    argv = sys.argv[1:] if argv is None else argv
    arguments = _parser(default_language(), argv).parse_args(argv)
    language: Language = arguments.lang or default_language()
    from costlab.errors import InputError, sentence

    try:
        with standard_input(arguments):
            status = commands.load(arguments.command.replace("-", "_")).run(arguments)
        sys.stdout.flush()
    except InputError as error:
        for problem in error.problems:
            print(sentence(problem, language), file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong with us
        _close_output()
        return OK
    except OSError as error:
        if error.filename is not None:
            raise  # about a file, and whoever opens files tells what is wrong with them
        from costlab.files.writing import os_reason
        from costlab.model.numbers import Problem

        _close_output()
        problem = Problem(code="unwritable", source="stdout", args=os_reason(error))
        print(sentence(problem, language), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except RuntimeError as error:
        if str(error) == "Query interrupted":  # Ctrl-C while DuckDB was at work
            return INTERRUPTED
        raise
    else:
        return status


def _set_encoding() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without ₽ shows a question mark and goes on; a program that reads us gets UTF-8.
            told = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(errors="replace", encoding=None if told else "utf-8")


def _close_output() -> None:
    """Let what is left of the output go nowhere, or Python would fail at it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
