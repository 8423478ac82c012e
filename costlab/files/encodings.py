"""What bytes a text file holds and in which encoding: one pass over the file, packed (gz) or not.

The order of proof: a mark of UTF-16, strict UTF-8, then the Russian eight-bit encodings by how Russian each makes the
text. Nothing is dropped or guessed: bytes that are no text are reported, so that their rows are set aside.
"""

import codecs
import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from costlab.errors import InputError
from costlab.files.archives import FREE_INFLATED, MAX_RATIO, bomb
from costlab.files.writing import shown_path
from costlab.i18n.words import grouped
from costlab.model.numbers import Args, Problem, Text

MAX_LINE = 1 << 24
"""A longer line is no row of a report, and would have to be held whole."""
GZIP = b"\x1f\x8b"
HEAD = 1 << 20
_CHUNK = 1 << 22
_FEED = 10
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_EIGHT_BIT = ("cp1251", "cp866", "koi8-r")
_COMMON = "оеаинтсрвл"
"""Six letters of ten in Russian text are these."""
_RUSSIAN, _CLOSE, _UPPER = 0.3, 0.6, 0.9
_PAIRS = 8
_NEUTRAL = "№«»—–\u00a0₽°±·×"
_FIRST_BYTE, _THREE, _FOUR = 0xC0, 0xE0, 0xF0
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


@dataclass
class Lines:
    """The line breaks of a text of one byte a character or UTF-8, counted while it is read."""

    feeds: int = 0
    pairs: int = 0
    returns: int = 0
    zeros: bool = False
    """Some bytes are 0."""
    end: bytes = b""
    """The last megabyte."""

    def add(self, piece: bytes) -> None:
        """The next bytes."""
        if self.end[-1:] == b"\r" and piece[:1] == b"\n":
            self.pairs += 1
        self.feeds += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == _FEED))
        if b"\r" in piece:  # most files have none, and looking for one byte costs next to nothing
            self.pairs += piece.count(b"\r\n")
            self.returns += piece.count(b"\r")
        self.zeros = self.zeros or b"\x00" in piece
        self.end = piece[-HEAD:] if len(piece) >= HEAD else (self.end + piece)[-HEAD:]

    @property
    def count(self) -> int:
        """Lines, without the blank ones at the end."""
        bare = self.end.rstrip(b"\r\n")
        return self.feeds - self.end[len(bare) :].count(b"\n") + (1 if bare else 0)

    @property
    def irregular(self) -> bool:
        """Whether only the careful reader splits them as they are."""
        return self.zeros or self.returns != self.pairs or self.pairs not in (0, self.feeds)


@dataclass(frozen=True)
class Content:
    """What a text file is made of."""

    head: bytes
    """The first megabyte, unpacked."""
    encoding: str
    sha256: str = ""
    """Of the file as it is; "" when only its beginning was looked at."""
    size: int = 0
    """Bytes, unpacked."""
    packed: bool = False
    damaged: bool = False
    """Some bytes are no text in this encoding."""
    doubtful: str = ""
    """Another encoding that would do nearly as well."""
    marks: int = 0
    """Byte order marks in the middle of the file."""
    ended: bool = True
    """The last line ends with a line break."""
    lines: Lines | None = None
    """Of a file that was looked at as a whole."""


def unpacked(head: bytes) -> bytes:
    """What the beginning of a file unpacks to; the same where it is not packed, b"" where it cannot be unpacked."""
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, HEAD)
    except zlib.error:
        return b""


def chunks(path: Path, limit: int) -> Iterator[bytes]:
    """The bytes of a file, unpacked when it is a gz. Raises `InputError` for one that is cut off or a bomb."""
    yield from (piece for _, piece in _both(path, limit))


def _both(path: Path, limit: int) -> Iterator[tuple[bytes, bytes]]:
    """Bytes of the file, and what they unpack to (the same for a file that is not packed)."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
        if not start.startswith(GZIP):
            while start:
                yield start, start
                start = file.read(_CHUNK)
            return
        source, size, read = shown_path(path), 0, 0
        inflate = zlib.decompressobj(31)
        while start:
            raw, packed = start, start
            read += len(raw)
            try:
                while packed:
                    if inflate.eof:  # another member, or zeros that fill a block of a tape
                        packed = packed.lstrip(b"\x00") if read == len(packed) else packed
                        inflate = zlib.decompressobj(31)
                    piece = inflate.decompress(packed, _CHUNK)
                    packed = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
                    size += len(piece)
                    if size > min(limit, max(FREE_INFLATED, MAX_RATIO * read)):
                        raise InputError(
                            bomb(
                                source,
                                Text(en=f"more than {grouped(size, 'en')} B", ru=f"более чем {grouped(size, 'ru')} Б"),
                            )
                        )
                    yield raw, piece
                    raw = b""
            except zlib.error:
                raise InputError(Problem(code="cut_off", source=source)) from None
            start = file.read(_CHUNK)
        if not inflate.eof:
            raise InputError(Problem(code="cut_off", source=source))


def look(path: Path, limit: int, *, whole: bool) -> Content:
    """What a file holds; `whole=False` looks at its beginning only. Raises `InputError`, `OSError`."""
    head, last, encoding, carry = b"", b"\n", "", b""
    size = marks = run = 0
    packed = damaged = False
    digest, lines = hashlib.sha256(), Lines()
    strict: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")("strict")
    for raw, piece in _both(path, limit):
        digest.update(raw)
        if not size:
            packed, encoding = raw.startswith(GZIP), _by_mark(piece[:HEAD])
            if packed and piece.startswith((GZIP, b"PK\x03\x04")):
                raise InputError(Problem(code="nested_archive", source=shown_path(path)))
            strict = codecs.getincrementaldecoder(encoding or "utf-8")("strict")
        head += piece[: HEAD - len(head)]
        size += len(piece)
        run = _run(piece, run, shown_path(path))
        marks += piece.count(codecs.BOM_UTF8) if b"\xef" in piece else 0  # one byte is found much faster than three
        last = piece[-1:] or last
        if encoding:
            damaged = damaged or not _decodes(strict, piece)
        elif not damaged:
            carry, good = _utf8(carry + piece if carry else piece)
            damaged = not good
        if not whole:
            break
        lines.add(piece)
    damaged = damaged or (not _decodes(strict, b"", final=whole) if encoding else whole and bool(carry))
    doubtful = ""
    if not encoding:
        encoding = "utf-8"
        if damaged and not _mostly_utf8(path, limit, head, whole=whole):
            encoding, doubtful = _eight_bit(head, shown_path(path))
            damaged = encoding == "cp1251" and whole and any(b"\x98" in c for c in chunks(path, limit))
    marks = marks - head.startswith(codecs.BOM_UTF8) if encoding == "utf-8" else 0
    sha256 = digest.hexdigest() if whole else ""
    ended, counted = last in b"\r\n\x00", lines if whole else None
    return Content(head, encoding, sha256, size, packed, damaged, doubtful, marks, ended, counted)


def _utf8(piece: bytes) -> tuple[bytes, bool]:
    """The character that is cut off at the end, and whether the bytes before it are UTF-8.

    As strict as Python's decoder and several times faster, for no text is built.
    """
    cut = next((n for n in range(1, min(4, len(piece) + 1)) if piece[-n] >= _FIRST_BYTE), 0)
    needed = 2 + (piece[-cut] >= _THREE) + (piece[-cut] >= _FOUR) if cut else 0
    carry = piece[-cut:] if cut < needed else b""
    size = len(piece) - len(carry)
    offsets = pa.py_buffer(struct.pack("<ii", 0, size))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(piece)).validate(full=True)
    except pa.ArrowInvalid:
        return b"", False
    return carry, True


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _by_mark(head: bytes) -> str:
    """UTF-16 by its mark, or by every other byte being zero."""
    if head[:2] in _UTF16:
        return _UTF16[head[:2]]
    pairs = len(head) // 2
    if pairs > 1:
        for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) * 5 > pairs * 2 and head.count(0) < pairs * 1.1:
                return name
    return ""


def _run(piece: bytes, run: int, source: str) -> int:
    """Bytes since the last line break. Raises `InputError` when a line is too long to be one."""
    at = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
    run = len(piece) - at - 1 if at >= 0 else run + len(piece)
    if run > MAX_LINE:
        args: Args = {"limit": Text(en=f"{MAX_LINE >> 20} MB", ru=f"{MAX_LINE >> 20} МБ")}
        raise InputError(Problem(code="line_too_long", source=source, args=args))
    return run


def _mostly_utf8(path: Path, limit: int, head: bytes, *, whole: bool) -> bool:
    """Whether this is UTF-8 with some broken bytes."""
    good = high = 0
    for chunk in chunks(path, limit) if whole else [head]:
        high += len(chunk) - len(chunk.translate(None, bytes(range(128, 256))))
        good += sum(map(len, _UTF8_PAIR.findall(chunk)))
    return good > high * 0.9


def _eight_bit(head: bytes, source: str) -> tuple[str, str]:
    """The encoding that makes the most Russian text, and another that does nearly as well. Raises `InputError`."""
    ranked = sorted(((_russian(head.decode(name, errors="replace")), name) for name in _EIGHT_BIT), reverse=True)
    (best, name), (second, other) = ranked[:2]
    pairs = sum(map(len, _UTF8_PAIR.findall(head)))
    # In CP866 such pairs are ordinary letters; in the others a capital before a sign is rare.
    mixed = name != "cp866" and pairs > _PAIRS and pairs * 20 > len(head.translate(None, bytes(range(128))))
    if best < _RUSSIAN or mixed:
        reason = Text(en="unknown encoding", ru="неизвестная кодировка")
        if mixed:
            reason = Text(en="several encodings in one file", ru="в одном файле несколько кодировок")
        raise InputError(Problem(code="not_a_table", source=source, args={"reason": reason}))
    return name, other if second > best * _CLOSE else ""


def _russian(text: str) -> float:
    """How Russian a text is: the share of common letters among what is not ASCII."""
    foreign = [c for c in text if not c.isascii() and c not in _NEUTRAL]
    if not foreign:
        return 1.0
    words = "".join(re.findall(r"[А-Яа-яЁё]{2,}", text))
    lower = sum(words.count(c) for c in _COMMON)
    upper = sum(words.count(c) for c in _COMMON.upper())
    turns = len(re.findall(r"[а-яё][А-ЯЁ]", text))
    return (lower + upper * _UPPER - turns) / len(foreign)
