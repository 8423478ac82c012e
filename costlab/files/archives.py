"""Archives (XLSX and DOCX are zips) measured before any parser may unpack them. Nothing is written to disk here.

What an archive declares is not believed: every entry is unpacked here once, in pieces, and must come to exactly the
size and the sum it declares. So a file that promises a kilobyte and holds ten gigabytes is refused at the kilobyte.
"""

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from costlab.errors import InputError
from costlab.files.writing import shown_path
from costlab.i18n.words import grouped
from costlab.model.numbers import Args, Problem, Text

MAX_INFLATED = 2_000_000_000
MAX_RATIO = 100
FREE_INFLATED = 50_000_000
"""Below this, no ratio is suspicious."""
MAX_ENTRIES = 10_000
_DIRECTORY = 8_000_000
"""Bytes the list of entries may take: it is read whole."""
_CHUNK = 1 << 20
_TAIL = 65_557
_END, _END64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_HEADER = 30
_ENCRYPTED = 1
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")

_OFFICE = {
    "word/": "DOCX", "ppt/": "PPTX", "xl/workbook.xml": "XLSX", "xl/workbook.bin": "XLSB", "content.xml": "ODF",
}  # fmt: skip

_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard", b"MSCF": "CAB",
}  # fmt: skip
_TAR, _TAR_AT = b"ustar", 257

Watch = Callable[[str], Callable[[bytes], None] | None]
"""For the name of an entry: who is shown its bytes, piece by piece (with some of the last piece again)."""


def measure(path: Path, watch: Watch = lambda _: None, *, xml: bool = True) -> tuple[str, ...]:
    """The names in an archive whose every entry is what it declares. Raises `InputError`.

    `xml`: its entries are parts of a document, whose XML may declare nothing.
    """
    source = shown_path(path)
    try:
        _check_directory(path, source)
        with zipfile.ZipFile(path) as archive:
            entries = sorted(archive.infolist(), key=lambda e: e.header_offset)
            _check_entries(entries, path.stat().st_size, source)
        with path.open("rb") as file:
            end = 0
            for entry in entries:
                end = _start(file, entry, end, source)
                pieces = _pieces(file, entry, source)
                if xml:
                    _check_content(pieces, entry.filename, watch(entry.filename), source)
                else:
                    deque(pieces, maxlen=0)
                end += entry.compress_size
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise InputError(broken(source, str(error))) from None
    return tuple(e.filename for e in entries)


def office_kind(names: Iterable[str]) -> str:
    """Which document of an office an archive with these names is; "" when it is none."""
    every = list(names)
    return next((kind for start, kind in _OFFICE.items() if any(n.startswith(start) for n in every)), "")


def other_kind(head: bytes) -> str:
    """Which archive, of those that are not read here, begins so; "" when it is none.

    >>> other_kind(b"BZh91AY&SY"), other_kind(b"PK")
    ('bzip2', '')
    """
    if head.startswith(_TAR, _TAR_AT):
        return "tar"
    return next((kind for magic, kind in _OTHERS.items() if head.startswith(magic)), "")


def broken(source: str, reason: str | Text) -> Problem:
    """The problem of an archive that cannot be read."""
    args: Args = {"reason": reason[:200] if isinstance(reason, str) else reason}
    return Problem(code="broken_workbook", source=source, args=args)


def bomb(source: str, size: Text) -> Problem:
    """The problem of a file that unpacks to too much."""
    return Problem(code="zip_bomb", source=source, args={"size": size})


def _check_directory(path: Path, source: str) -> None:
    """The list of entries must be small enough to read, and there must be only one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        at = tail.rfind(_END)
        if at < 0:
            raise InputError(
                broken(source, Text(en="no list of entries at its end", ru="в конце нет списка содержимого"))
            )
        if sum(_ends(tail, n) for n in range(len(tail)) if tail.startswith(_END, n)) > 1:
            raise InputError(broken(source, Text(en="two lists of entries", ru="два списка содержимого")))
        length = int.from_bytes(tail[at + 12 : at + 16], "little")
        if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR:  # noqa: PLR2004 (length of the locator)
            file.seek(int.from_bytes(tail[at - 12 : at - 4], "little"))
            record = file.read(56)
            if record[:4] == _END64:
                length = int.from_bytes(record[40:48], "little")
    if length > _DIRECTORY:
        raise InputError(
            bomb(
                source,
                Text(
                    en=f"a list of entries of {grouped(length, 'en')} B",
                    ru=f"список содержимого в {grouped(length, 'ru')} Б",
                ),
            )
        )


def _ends(tail: bytes, at: int) -> bool:
    """Whether a list of entries that ends the file may end here (one inside an embedded archive does not)."""
    return at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail)


def _check_entries(entries: list[zipfile.ZipInfo], packed: int, source: str) -> None:
    names = [e.filename for e in entries]
    if len(names) > MAX_ENTRIES:
        raise InputError(
            bomb(source, Text(en=f"{grouped(len(names), 'en')} files", ru=f"{grouped(len(names), 'ru')} файлов"))
        )
    outside = next((n for n in names if _leads_outside(n)), None)
    if outside is not None:
        raise InputError(Problem(code="zip_path", source=source, args={"name": outside[:100]}))
    if len(set(names)) < len(names):
        raise InputError(broken(source, Text(en="two entries of one name", ru="два вложения с одним именем")))
    if any(e.flag_bits & _ENCRYPTED for e in entries):
        raise InputError(Problem(code="encrypted", source=source))
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        raise InputError(broken(source, Text(en="unknown compression", ru="неизвестное сжатие")))
    size = sum(e.file_size for e in entries)
    if size > MAX_INFLATED or size > max(FREE_INFLATED, MAX_RATIO * packed):
        raise InputError(bomb(source, Text(en=f"{grouped(size, 'en')} B", ru=f"{grouped(size, 'ru')} Б")))


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":" or "\x00" in name


def _start(file: BinaryIO, entry: zipfile.ZipInfo, end: int, source: str) -> int:
    """Go to where an entry's bytes begin; entries may not share any."""
    if entry.header_offset < end:
        raise InputError(bomb(source, Text(en="entries laid over each other", ru="вложения, наложенные друг на друга")))
    file.seek(entry.header_offset)
    header = file.read(_HEADER)
    if header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(f"no entry where {entry.filename} should be")
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return file.seek(entry.header_offset + _HEADER + lengths)


def _pieces(file: BinaryIO, entry: zipfile.ZipInfo, source: str) -> Iterator[bytes]:
    """The content of an entry, unpacked; never a byte more than it declares."""
    left, size, check = entry.compress_size, 0, 0
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(_CHUNK, left))):
        left -= len(packed)
        while packed:
            piece = packed if inflate is None else inflate.decompress(packed, _CHUNK)
            packed = b"" if inflate is None else inflate.unconsumed_tail
            size, check = size + len(piece), zlib.crc32(piece, check)
            if size > entry.file_size:
                en, ru = grouped(entry.file_size, "en"), grouped(entry.file_size, "ru")
                more = Text(en=f"more than the {en} B it declares", ru=f"больше, чем {ru} Б, о которых заявляет")
                raise InputError(bomb(source, more))
            if piece:
                yield piece
    if left or size != entry.file_size or check != entry.CRC or (inflate is not None and not inflate.eof):
        raise zipfile.BadZipFile(f"{entry.filename} is cut off or changed")


def _check_content(pieces: Iterator[bytes], name: str, seen: Callable[[bytes], None] | None, source: str) -> None:
    """Show an entry's bytes to who watches it; XML may not declare entities, nor hide from being looked at."""
    xml = name.lower().endswith((".xml", ".rels", ".vml"))
    carry = b""
    for number, piece in enumerate(pieces):
        text = carry + piece
        carry = text[-400:]
        xml = xml or (number == 0 and text.lstrip()[:1] == b"<")
        if xml and (_DOCTYPE.search(text) or (number == 0 and text[:2] in _WIDE)):
            raise InputError(Problem(code="xml_entities", source=source, args={"name": name[:100]}))
        if seen is not None:
            seen(text)
