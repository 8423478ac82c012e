"""`costlab bill profile`: the draft of a mapping profile for a table no reader knows."""

import argparse
import sys
from pathlib import Path

from costlab.commands import OK, Words

_WORDS: Words = {
    "en": {
        "file": "a table of charges: CSV, XLSX, DOCX or Parquet",
        "output": "file to write (otherwise the terminal)",
    },
    "ru": {
        "file": "таблица начислений: CSV, XLSX, DOCX или Parquet",
        "output": "куда записать (иначе на экран)",
    },
}


def options(parser: argparse.ArgumentParser, language: str) -> None:
    """The table, and where the profile goes."""
    words = _WORDS[language]
    parser.add_argument("file", type=Path, metavar="FILE", help=words["file"])
    parser.add_argument("-o", "--output", type=Path, metavar="PATH", help=words["output"])


def run(arguments: argparse.Namespace) -> int:
    """Print or write the draft. Raises `InputError` when the file is no table."""
    from costlab.bills import draft_profile
    from costlab.files.writing import write_whole

    draft = draft_profile(arguments.file, arguments.lang)
    if arguments.output:
        write_whole(arguments.output, draft)
    else:
        sys.stdout.write(draft)
    return OK
