"""A ZIP with one table in it, as portals and mail programs make of a report: the table is found by what the files hold.

The archive is measured first (`archives.py`), and nothing of it is written under a name of its own. Several tables are
refused, for they may be one bill or two; what is no table is set aside and named; what a system adds by itself
(`__MACOSX`, `.DS_Store`) is counted.
"""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from costlab.errors import InputError
from costlab.files import archives, xlsx
from costlab.files.writing import call, shown_path
from costlab.model.numbers import Problem

MAX_MEMBERS = 100
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_HEAD = 512
_SHOWN = 10
_RIVAL = 2
"""A table that scores less than the best one divided by this is no rival of it."""
_UTF8_NAME = 0x800
_SYSTEM = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """The one table of an archive; its copy is shown as `archive.zip/name`."""

    path: Path
    name: str
    left: tuple[str, ...]
    """Names of what is no table, or one of another kind."""
    system: int
    """Files that a system added by itself."""
    forget: Callable[[], None]
    """To be called when nothing shows the copy any more."""


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP that is no document of an office; what is broken is none either."""
    with path.open("rb") as file:
        if not file.read(len(_ZIP[0])).startswith(_ZIP):
            return False
    if xlsx.is_book(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return not archives.office_kind(archive.namelist())


def one_table(path: Path, folder: Path, score_of: Callable[[Path], int]) -> Member:
    """The one table in an archive, copied below `folder`; `score_of` says how much a file looks like it, and raises
    `InputError` for what is no table. Raises `InputError`: no table, several, an archive inside, or one that is locked,
    broken, or larger than it may be.
    """
    source = shown_path(path)
    archives.measure(path, xml=False)
    with zipfile.ZipFile(path) as archive:
        files = [e for e in archive.infolist() if not e.is_dir()]
        own = [e for e in files if not is_of_system(e.filename)]
        if len(own) > MAX_MEMBERS:
            raise InputError(Problem(code="too_many_files", source=source, args={"limit": str(MAX_MEMBERS)}))
        copies = [_copied(archive, e, folder / str(n)) for n, e in enumerate(own)]
    named = [_name(e) for e in own]
    forget = [call(copy, f"{source}/{name}") for copy, name in zip(copies, named, strict=True)]
    scores = [_score(copy, score_of) for copy in copies]
    best = max(scores, default=0)
    tables = [n for n, score in enumerate(scores) if score and score * _RIVAL >= best]
    if not tables and len(own) == 1:
        tables = [0]  # whoever reads it says what it is instead
    if len(tables) != 1:
        shown = [named[n] for n in tables] or named
        code = "archive_tables" if tables else "archive_without_table"
        args = {"count": str(len(tables)), "names": _listed(shown)}
        raise InputError(Problem(code=code, source=source, args=args))
    (one,) = tables
    for n, copy in enumerate(copies):
        if n != one:
            copy.unlink()
            forget[n]()
    left = tuple(name for n, name in enumerate(named) if n != one)
    return Member(copies[one], named[one], left, len(files) - len(own), forget[one])


def is_of_system(name: str) -> bool:
    """Whether a system adds such a file by itself, or hides it.

    >>> is_of_system("__MACOSX/._bill.csv"), is_of_system("november/.DS_Store"), is_of_system("november/bill.csv")
    (True, True, False)
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(p.startswith((".", "__MACOSX")) or p.lower() in _SYSTEM for p in parts)


def _copied(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> Path:
    with archive.open(entry) as member, target.open("wb") as out:
        shutil.copyfileobj(member, out, 1 << 20)
    return target


def _score(copy: Path, score_of: Callable[[Path], int]) -> int:
    with copy.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_GZIP) or archives.other_kind(head) or is_archive(copy):
        raise InputError(Problem(code="nested_archive", source=shown_path(copy)))
    try:
        return score_of(copy)
    except InputError:
        return 0


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: Windows in Russia writes CP866 and says nothing of it."""
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return entry.filename


def _listed(shown: list[str]) -> str:
    return ", ".join(shown[:_SHOWN]) + (f" … (+{len(shown) - _SHOWN})" if len(shown) > _SHOWN else "") or "—"
