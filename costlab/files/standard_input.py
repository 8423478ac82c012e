"""Standard input as a file, called <stdin>: what comes is kept in a file of ours that goes when the work is done.

A file can be looked at twice, and its kind be told by what it holds; a pipe cannot.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from costlab.errors import InputError
from costlab.files.tables import MAX_BYTES
from costlab.files.writing import call, os_reason
from costlab.model.numbers import Problem, Text

NAME = "<stdin>"
_CHUNK = 1 << 20


@contextmanager
def spooled() -> Iterator[Path]:
    """The file with all of standard input, as long as the block lasts.

    Raises `InputError` when there is no standard input, or more of it than the largest bill has.
    """
    with TemporaryDirectory(prefix="costlab-") as folder:
        path = Path(folder) / "stdin"
        try:
            _copy(path)
        except OSError as error:
            raise InputError(Problem(code="unreadable", source=NAME, args=os_reason(error))) from None
        forget = call(path, NAME)
        try:
            yield path
        finally:
            forget()


def _copy(path: Path) -> None:
    if sys.stdin is None or sys.stdin.closed:
        reason = Text(en="it is closed", ru="он закрыт")
        raise InputError(Problem(code="unreadable", source=NAME, args={"reason": reason}))
    size = 0
    with path.open("wb") as out:
        while piece := sys.stdin.buffer.read(_CHUNK):
            size += len(piece)
            if size > MAX_BYTES:
                limit = Text(en=f"{MAX_BYTES / 1e9:.0f} GB", ru=f"{MAX_BYTES / 1e9:.0f} ГБ")
                raise InputError(Problem(code="table_too_large", source=NAME, args={"limit": limit}))
            out.write(piece)
