"""`-` in place of a file is standard input, in every command that reads files."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FILES = ("files", "file", "before", "after", "estimate", "plan")
"""Arguments that name files to read."""
_STDIN = ("-", Path("-"))


@contextmanager
def standard_input(arguments: argparse.Namespace) -> Iterator[None]:
    """Put the file that standard input was kept in where the arguments say `-`, as long as the block lasts.

    Raises `InputError`: it is asked for twice, or cannot be read.
    """
    given = {name: value for name in _FILES if (value := getattr(arguments, name, None)) is not None}
    times = sum(v in _STDIN for value in given.values() for v in _each(value))
    if not times:
        yield
        return
    from costlab.errors import InputError
    from costlab.files.standard_input import NAME, spooled
    from costlab.model.numbers import Problem

    if times > 1:
        raise InputError(Problem(code="stdin_twice", source=NAME))
    with spooled() as path:
        for name, value in given.items():
            put = [type(v)(path) if v in _STDIN else v for v in _each(value)]
            setattr(arguments, name, put if isinstance(value, list) else put[0])
        yield


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
