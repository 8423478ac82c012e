"""What a reader of inventories is shown of a file or a set of files, and what a person may choose. Nothing is parsed
before a reader asks for it, and then once, by `documents.py`, `sheets.py` and `encodings.py`, whose limits hold.
"""

import csv
import re
import stat
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from costlab.errors import InputError
from costlab.files import encodings
from costlab.files import xlsx as sheets
from costlab.files.delimited import delimiter_of, records
from costlab.files.documents import Document, read_data, read_document
from costlab.files.other_books import OLE
from costlab.files.writing import os_reason, shown_path
from costlab.inventory.reading.unpacking import MAX_FILES, ZIP, is_packed, unpack
from costlab.model.inventory import StorageBasis
from costlab.model.numbers import Args, Problem, Record

Kind = Literal["json", "yaml", "csv", "xlsx", "hcl", "lines", "folder", "other"]
"""`lines`: what a program logs, one JSON object a line."""
MAX_TABLE_BYTES = 500_000_000
"""A CSV of machines: the samples of a month of utilisation are the largest that occur."""
UNCOMPUTED = "=…"
"""What stands for a formula whose value the workbook does not hold."""
_HEAD = 1 << 16
_GZIP = b"\x1f\x8b"
_HCL = re.compile(r"(resource|data|variable|provider|terraform|module|locals|output|moved|import|check)\b[^:=,;]*\{")
_FIRST_ENTRY, _PLAN_ENTRY = slice(30, 36), b"tfplan"
_LOGGED = re.compile(r"\s*\{[^\n]*\"@level\"[^\n]*\}[ \t\r]*(\n|\Z)")
_YAML = re.compile(r"(---|- |[\"']?[\w][\w .#*()/-]*[\"']?\s*:(\s|$))")


class Options(Record):
    """What a person may choose when an inventory is read and sized; every choice is shown in the result."""

    storage_basis: StorageBasis = "disks"
    sizing: Literal["as_is", "moderate", "aggressive"] = "as_is"
    powered_off: bool = False
    """Whether machines that are off are bought as well."""
    provider: str = "vk"
    region: str = ""
    """Of the target; "" = what the source says, else the provider's first."""
    flavors: dict[str, str] = Field(default_factory=dict)
    """The source's flavor id or instance type -> a flavor of VK Cloud."""
    volume_type: str = ""
    """Disk type where the source says none."""
    profile: str = ""
    """Path of a mapping profile, for tables made by hand."""
    overrides: dict[str, str] = Field(default_factory=dict)
    """`wildcard of names.key` -> value."""
    variables: tuple[tuple[Literal["var", "file"], str], ...] = ()
    """Values of Terraform's variables, later ones over earlier ones: `("var", "n=3")`, `("file", path)`."""
    period: str | None = None
    prices_on: str | None = None
    today: date | None = None
    folder: Path | None = None
    """Another folder than the product's `price_catalog`."""
    scope: str = ""
    """What stands before the names of one part of a source: `prod/` of several roots of Terraform."""
    _offered: dict[str, set[str]] = PrivateAttr(default_factory=dict)
    """Override → the keys that the things of its address take: an override that none of them took is a slip."""
    _taken: set[str] = PrivateAttr(default_factory=set)
    _declared: set[str] = PrivateAttr(default_factory=set)
    _configured: list[bool] = PrivateAttr(default_factory=list)

    def override(self, name: str, key: str) -> str | None:
        """What a person set for a key of a thing; that the thing takes this key is remembered."""
        for pattern, value in self.overrides.items():
            address, _, wanted = pattern.rpartition(".")
            shape = re.compile(re.escape(address).replace(r"\*", ".*"))
            if shape.fullmatch(name) or (self.scope and shape.fullmatch(f"{self.scope}{name}")):
                self._offered.setdefault(pattern, set()).add(key)
                if wanted == key:
                    self._taken.add(pattern)
                    return value
        return None

    def declare(self, names: Iterable[str]) -> None:
        """Remember the variables that a source declares."""
        self._declared.update(names)
        self._configured.append(True)

    def undeclared(self) -> dict[str, set[str]] | None:
        """Variables given that nothing declares, and those that are; None where nothing was read that has any."""
        names = {text.partition("=")[0].strip() for kind, text in self.variables if kind == "var"}
        return dict.fromkeys(names - self._declared, self._declared) if self._configured or not self.variables else None

    def untaken(self) -> dict[str, set[str]]:
        """Overrides that nothing took, and the keys that could have been set there."""
        return {p: self._offered.get(p, set()) for p in self.overrides if p not in self._taken}


class Sample:
    """A file, or a folder (or several paths named together) with its files in `files`.

    `source` is the printable path, `kind` what the content is, `head` the first 64 KiB (b"" of a folder).
    """

    def __init__(self, path: Path | str, files: Sequence["Sample"] | None = None) -> None:
        self.path, self.source = Path(path), shown_path(path)
        self._files = None if files is None else tuple(files)
        self.head = b""
        self.kind: Kind = "folder"
        if files is not None:
            return
        try:
            mode = self.path.stat().st_mode
            if stat.S_ISDIR(mode):
                return
            if not stat.S_ISREG(mode):  # a pipe may never end, /dev/zero never does
                raise InputError(Problem(code="not_a_file", source=self.source))
            with self.path.open("rb") as stream:
                self.head = stream.read(_HEAD)
        except OSError as error:
            raise InputError(Problem(code="unreadable", source=self.source, args=os_reason(error))) from None
        # The one format that is known by its name: Terraform reads every such file, whatever it begins with.
        self.kind = "hcl" if self.path.name.endswith((".tf", ".tf.json")) else _kind(self.head)
        if self.kind == "xlsx" and is_packed(self.path):
            self.kind, self.head = "folder", b""
            self._files = self._unpacked()

    def _unpacked(self) -> tuple["Sample", ...]:
        """The files of an archive that is no workbook; they lie in a folder that goes when this sample does."""
        self._folder = TemporaryDirectory(prefix="costlab-")
        listed: list[Sample] = []
        for path, name in unpack(self.path, self.source, Path(self._folder.name)):
            one = Sample(path, () if is_packed(path) else None)
            one.source = name
            listed.append(one)
        return tuple(listed)

    @cached_property
    def files(self) -> tuple["Sample", ...]:
        """The files of a folder by path, hidden ones left out; the file itself otherwise."""
        if self._files is not None:
            return self._files
        if self.kind != "folder":
            return (self,)
        found: list[Path] = []
        for path in sorted(self.path.rglob("*")):
            inside = path.relative_to(self.path).parts
            if not any(p.startswith(".") for p in inside) and path.is_file() and not path.is_symlink():
                found.append(path)
            if len(found) > MAX_FILES:
                args = {"limit": str(MAX_FILES)}
                raise InputError(Problem(code="too_many_files", source=self.source, args=args))
        return tuple(Sample(path) for path in found)

    @cached_property
    def data(self) -> Any:
        """The data of JSON or YAML (decimals as `Decimal`), None for everything else. Raises `InputError`."""
        if self.kind == "json":
            return read_data(self.path)
        return self.document.data if self.kind == "yaml" else None

    @cached_property
    def document(self) -> Document:
        """The same with the line of every key, for files that people write (up to 20 MB). Raises `InputError`."""
        return read_document(self.path)

    @cached_property
    def sheet_names(self) -> tuple[str, ...]:
        """Sheets of a workbook; ("",) for a CSV, () for everything else. Raises `InputError`."""
        if self.kind == "xlsx":
            return tuple(self._looks)
        return ("",) if self.kind == "csv" else ()

    def rows(self, sheet: str = "") -> list[tuple[int, list[str]]]:
        """Row number (first = 1) and cells as text of every row that is not blank. Raises `InputError`.

        Of a sheet (cells as `sheets.py` gives them), or of a CSV (`;`, `,` or tab, whichever splits its first lines
        into most cells; any encoding that `encodings.py` knows).
        """
        if sheet not in self._rows:
            listed = self._sheet(sheet) if self.kind == "xlsx" else self._csv()
            self._rows[sheet] = [(n, cells) for n, cells in listed if any(c.strip() for c in cells)]
        return self._rows[sheet]

    @cached_property
    def _looks(self) -> dict[str, sheets.Look]:
        return sheets.looks(self.path)

    def look(self, sheet: str) -> sheets.Look:
        """What a sheet hides and has not worked out; nothing of a CSV."""
        return self._looks.get(sheet, sheets.Look()) if self.kind == "xlsx" else sheets.Look()

    def _sheet(self, sheet: str) -> list[tuple[int, list[str]]]:
        """Rows of a sheet; a formula that holds no value says so in its cell."""
        uncomputed = self.look(sheet).uncomputed
        listed = list(sheets.rows(self.path, sheet, 0, {}))
        by_row: dict[int, list[int]] = {}
        for row, column in uncomputed:
            by_row.setdefault(row, []).append(column)
        for row, columns in by_row.items():
            if row <= len(listed):
                cells = listed[row - 1][1]
                cells += [""] * (max(columns) - len(cells))
                for column in columns:
                    cells[column - 1] = UNCOMPUTED
        return listed

    @cached_property
    def _rows(self) -> dict[str, list[tuple[int, list[str]]]]:
        return {}

    def _csv(self) -> list[tuple[int, list[str]]]:
        if self.kind != "csv":
            return []
        content = encodings.look(self.path, MAX_TABLE_BYTES, whole=True)
        raw = b"".join(encodings.chunks(self.path, MAX_TABLE_BYTES))
        text = raw.decode(content.encoding, errors="replace").removeprefix("\ufeff").replace("\x00", "")
        listed: list[tuple[int, list[str]]] = []
        end = 0
        try:
            for start, last, cells in records(text, delimiter_of(text[:_HEAD])):
                listed.append((start, cells))
                end = last
        except csv.Error as error:
            args: Args = {"reason": str(error)}
            raise InputError(Problem(code="syntax", source=self.source, line=end + 1, args=args)) from None
        return listed


def _kind(head: bytes) -> Kind:
    """What the beginning of a file looks like; its name decides nothing."""
    if head.startswith(ZIP) and head[_FIRST_ENTRY] == _PLAN_ENTRY:
        return "other"
    if head.startswith((ZIP, OLE)):
        return "xlsx"
    if head.startswith(_GZIP):
        return "csv" if _packed_kind(head) == "csv" else "other"
    return _text_kind(head)


def _packed_kind(head: bytes) -> Kind:
    """What the beginning of a packed file unpacks to looks like."""
    try:
        return _text_kind(zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD))
    except zlib.error:
        return "other"


def _text_kind(head: bytes) -> Kind:
    """What a text looks like."""
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    if text.lstrip().startswith(("{", "[")):
        return "lines" if _LOGGED.match(text) else "json"
    if "\x00" in text:
        return "other"
    in_comment = False
    for line in text.splitlines():
        bare = line.strip()
        in_comment = (in_comment or bare.startswith("/*")) and "*/" not in bare
        if not bare or in_comment or bare.startswith(("#", "//", "/*")) or bare.endswith("*/"):
            continue
        if _HCL.match(bare) or re.fullmatch(r"[a-z_]+\s*\{", bare):
            return "hcl"
        return "yaml" if _YAML.match(bare) else "csv"
    return "yaml"
