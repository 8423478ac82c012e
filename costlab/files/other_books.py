"""Workbooks that are no XLSX (`.xls`, `.xlsb`, `.ods`) as rows of values.

Their bytes do not say cheaply how large a block of cells the parser will hold, so that no look beforehand can bound it.
The parser therefore works in a process of its own with bounded memory and time, and gives back rows as lines of JSON; a
file that asks for more ends that process and is refused. Nothing of the file is executed or written to disk.
"""

import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import python_calamine

from costlab.errors import InputError
from costlab.files import archives
from costlab.files.writing import shown_path
from costlab.i18n.words import grouped
from costlab.model.numbers import Problem, Text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_BYTES = 200_000_000
MAX_CELLS = 8_000_000
"""Of all sheets together, blank ones within the block of a sheet included."""
_MEMORY = 3_000_000_000
"""Address space of the parser's process."""
_SECONDS = 300
_HEAD = 1 << 16
_BINARY, _OPEN = "xl/workbook.bin", "mimetype"


@dataclass(frozen=True)
class Sheet:
    """A sheet as the parser of XLSX gives one."""

    listed: list[list[Any]]

    def iter_rows(self) -> Iterator[list[Any]]:
        """Its rows from the first one on; blank cells are ""."""
        return iter(self.listed)


@dataclass(frozen=True)
class Book:
    """A workbook as the parser of XLSX gives one."""

    sheets: dict[str, Sheet]
    hidden: frozenset[str]

    @property
    def sheets_metadata(self) -> list[python_calamine.SheetMetadata]:
        """Which of its sheets are hidden."""
        kind, seen = python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum
        return [
            python_calamine.SheetMetadata(n, kind, seen.Hidden if n in self.hidden else seen.Visible)
            for n in self.sheets
        ]

    @property
    def sheet_names(self) -> list[str]:
        """Names of its sheets, in their order."""
        return list(self.sheets)

    def get_sheet_by_name(self, name: str) -> Sheet:
        """A sheet by its name."""
        return self.sheets[name]


def is_other_book(path: Path) -> bool:
    """Whether a file is a workbook of these kinds, by its content. Raises `InputError` for a locked one."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise InputError(Problem(code="encrypted", source=shown_path(path)))
        return True
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            return _BINARY in names or (
                _OPEN in names and archive.getinfo(_OPEN).file_size < _HEAD and b"spreadsheet" in archive.read(_OPEN)
            )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return False


def open_book(path: Path) -> Book:
    """All sheets of a workbook. Raises `InputError` where it cannot be read, or holds more than a report can."""
    stat = path.stat()
    return _opened(str(path.absolute()), shown_path(path), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=1)
def _opened(path: str, source: str, size: int, _changed: int) -> Book:
    if size > MAX_BYTES:
        raise InputError(archives.bomb(source, Text(en=f"{grouped(size, 'en')} B", ru=f"{grouped(size, 'ru')} Б")))
    sheets: dict[str, Sheet] = {}
    hidden: set[str] = set()
    command = [sys.executable, "-m", "costlab.files.other_books", path]
    with Popen(command, stdout=PIPE, stderr=DEVNULL, encoding="utf-8") as child:  # noqa: S603 (a module of ours)
        for line in child.stdout or ():
            said = json.loads(line)
            if isinstance(said, list):
                next(reversed(sheets.values())).listed.append([_value(v) for v in said])
            elif "sheet" in said:
                sheets[said["sheet"]] = Sheet([])
                hidden |= {said["sheet"]} if said["hidden"] else set()
            elif "cells" in said:
                en, ru = grouped(said["cells"], "en"), grouped(said["cells"], "ru")
                raise InputError(archives.bomb(source, Text(en=f"{en} cells", ru=f"{ru} ячеек")))
            elif "password" in said["error"].casefold():
                raise InputError(Problem(code="encrypted", source=source))
            else:
                raise InputError(_unreadable(source, path, said["error"]))
    if child.returncode:
        raise InputError(
            archives.bomb(source, Text(en="more memory than is given to it", ru="больше памяти, чем ему отведено"))
        )
    return Book(sheets, frozenset(hidden))


def _unreadable(source: str, path: str, reason: str) -> Problem:
    with Path(path).open("rb") as file:
        old = file.read(len(OLE)) == OLE
    return Problem(code="old_excel", source=source) if old else archives.broken(source, reason)


def _value(value: Any) -> Any:
    """A day or a moment is an object with its ISO text; everything else is what JSON says."""
    return datetime.fromisoformat(value["moment"]) if isinstance(value, dict) else value


def _said(value: Any) -> Any:
    """A value as JSON has it: no whole number is larger than a double holds, no text is anything else."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"moment": datetime.combine(value, time()).isoformat()}
    return str(value) if isinstance(value, time | timedelta) else value


def _bounded() -> None:
    """Bound this process, where the system can."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _speak(said: Any) -> None:
    sys.stdout.write(json.dumps(said, ensure_ascii=True) + "\n")


def _parse(path: str) -> None:
    """The child: every sheet's name, then its rows."""
    _bounded()
    cells = 0
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        visible = python_calamine.SheetVisibleEnum.Visible
        hidden = {m.name for m in book.sheets_metadata if m.visible != visible}
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            cells += (sheet.total_height or 0) * (sheet.total_width or 0)
            if cells > MAX_CELLS:
                _speak({"cells": cells})
                return
            _speak({"sheet": name, "hidden": name in hidden})
            for row in sheet.iter_rows():
                _speak([_said(v) for v in row])
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic of the parser is not an Exception)
        _speak({"error": str(error).splitlines()[0][:200] if str(error) else type(error).__name__})


if __name__ == "__main__":
    _parse(sys.argv[1])
