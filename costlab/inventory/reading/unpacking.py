"""A ZIP with the files of an export, as a folder. An archive in it stays packed: nobody sends one so."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from costlab.errors import InputError
from costlab.files import archives, packed, xlsx
from costlab.model.numbers import Problem

ZIP = b"PK\x03\x04"
MAX_FILES = 2_000


def is_packed(path: Path) -> bool:
    """Whether a file is an archive and no workbook."""
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP and not xlsx.is_book(path)


def unpack(path: Path, source: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file of an archive, below `folder`, and what to call it. The archive is measured first: its limits are
    those of `archives.py`, and no name leads outside. Raises `InputError`.
    """
    names = archives.measure(path, xml=False)
    if kind := archives.office_kind(names):
        raise InputError(Problem(code="document", source=source, args={"kind": kind}))
    files = [n for n in sorted(names) if not n.endswith("/") and not packed.is_of_system(n)]
    if len(files) > MAX_FILES:
        raise InputError(Problem(code="too_many_files", source=source, args={"limit": str(MAX_FILES)}))
    with zipfile.ZipFile(path) as archive:
        for name in files:
            target = folder / name.replace("\\", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
            yield target, f"{source}/{name}"
