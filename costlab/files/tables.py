"""Tables somebody exported (CSV or XLSX, in any common encoding) as rows of text with the file's line numbers.

Nothing is interpreted here: cells stay text, so that no library decides what a number is. A row that cannot be split
into its columns is set aside with its line; the rest is untouched. The rows go to a Parquet file of text columns
`c0, c1, …` after `line`: memory stays bounded, and one file serves every pass of SQL over it.

A regular CSV is split by DuckDB. Its row count must then equal the count of physical lines, which proves that no quoted
line break moved the line numbers; whatever is irregular goes through the careful reader below.
"""

import codecs
import csv
import hashlib
import io
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from costlab.errors import InputError
from costlab.files import archives, encodings, headers, json_lines, packed
from costlab.files import docx as word
from costlab.files import parquet as columnar
from costlab.files import xlsx as sheets
from costlab.files.careful import Row, Shape, careful_records
from costlab.files.delimited import DELIMITERS, records
from costlab.files.headers import Score
from costlab.files.row_file import Rejected, write_row_file
from costlab.files.sheet_parts import Part, emptied, hashed, line_of, place_of, repeated
from costlab.files.sql_text import literal, parquet
from costlab.files.writing import no_pattern, os_reason, shown_path
from costlab.model.numbers import Args, Problem, Text

MAX_BYTES = 8_000_000_000
HEADER_SEARCH = 50
MAX_COLUMNS = 2000
_CHUNK = 1 << 22
_BATCH = 20_000
_NEVER = "\x01\x02\x03"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENTS = {b"%PDF": "PDF", b"{\\rtf": "RTF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG"}
_HTML = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<script", b"<meta", b"<table", b"<workbook")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass
class Table:
    """A table whose header is found; `rows()` writes its rows."""

    path: Path
    source: str
    kind: str
    """`csv`, `xlsx`, `docx`, `parquet` or `json`."""
    encoding: str
    delimiter: str
    """"" for a sheet."""
    sheet: str
    header: tuple[str, ...]
    header_line: int
    header_end: int
    """Last line of the header; beyond `header_line` when a name holds a line break."""
    preview: list[list[str]]
    """The first rows below the header."""
    sha256: str = ""
    damaged: bool = False
    """Some bytes are no text in this encoding."""
    doubtful: str = ""
    """Another encoding that would do nearly as well."""
    packed: bool = False
    """The file is a gz."""
    above: tuple[str, ...] = ()
    """What stands above the header: titles, the client, the period."""
    ended: bool = True
    """The last line ends with a line break."""
    lines: encodings.Lines | None = None
    """Of a text file that was looked at as a whole, as it is."""
    left: tuple[str, ...] = ()
    """Other files of the archive the table stands in."""
    parts: tuple[Part, ...] = ()
    """The sheets that are one table, where it is split over several; lines then say sheet and row (`sheet_parts`)."""
    repeated: list[tuple[str, str]] = field(default_factory=list)
    """Sheets all of whose rows stand on another one, and that other; known when the rows are written."""
    other_sheets: tuple[str, ...] = ()
    """Other sheets with the header of such a table."""
    sheets_aside: tuple[str, ...] = ()
    """Sheets that hold something else."""
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    """Row and column (from 1) of formulas that hold no value."""
    epoch: date | None = None
    """The day whose serial number is 0, in a sheet."""
    parsed: Any = None
    """The sheet as the parser holds it."""
    objects: Callable[[], Iterator[Row]] | None = None
    """The rows of a table in JSON."""
    rejected: list[Rejected] = field(default_factory=list)
    """Line, code (`bad_row`, `bad_bytes`) and text of each row that is not a row."""
    notes: dict[str, int] = field(default_factory=dict)

    def place(self, line: int) -> tuple[str, int]:
        """The file, with the sheet where the table is split over several, and the line or row in it."""
        if not self.parts or not line:
            return self.source, line
        part, row = place_of(line)
        return f"{self.source}!{self.parts[part].sheet}", row

    @property
    def width(self) -> int:
        """Cells of a row."""
        return len(self.header)

    @property
    def least(self) -> int:
        """Cells a row must have: up to the last column with a name."""
        return max((n for n, name in enumerate(self.header, start=1) if name.strip()), default=1)


Special = Callable[[Path], "Table | None"]
"""Opens a kind of file that only its caller knows; None for any other."""


def open_table(path: Path | str, score: Score, *, whole: bool = True, special: Special = lambda _: None) -> Table:
    """Find out what a file is and where its header stands (the best scoring row of the first 50).

    `whole=False` looks at the first megabyte only and leaves `sha256` empty; `special` is asked before anything is
    supposed. Of a ZIP, the one table in it is opened. Raises `InputError` when it is no table.
    """
    path, source = Path(path), shown_path(path)
    try:
        if path.is_dir():
            raise InputError(Problem(code="is_directory", source=source))
        if path.exists() and not path.is_file():  # a pipe may never end, /dev/zero never does
            raise InputError(Problem(code="not_a_file", source=source))
        size = path.stat().st_size
        if size > MAX_BYTES:
            args: Args = {"limit": Text(en=f"{MAX_BYTES / 1e9:.0f} GB", ru=f"{MAX_BYTES / 1e9:.0f} ГБ")}
            raise InputError(Problem(code="table_too_large", source=source, args=args))
        with path.open("rb") as file:
            head = file.read(encodings.HEAD)
        table = special(path) or _opened(path, head, score, special, whole=whole)
    except OSError as error:
        raise InputError(Problem(code="unreadable", source=source, args=os_reason(error))) from None
    if table.width > MAX_COLUMNS:
        args = {"columns": str(table.width), "limit": str(MAX_COLUMNS)}
        raise InputError(Problem(code="too_many_columns", source=source, line=table.header_line, args=args))
    return table


def _opened(path: Path, head: bytes, score: Score, special: Special, *, whole: bool) -> Table:
    """A table by the kind of file that its beginning shows."""
    _refuse_others(head, shown_path(path))
    if packed.is_archive(path):
        return _open_member(path, score, special, whole=whole)
    if head.startswith(columnar.MAGIC):
        opened = columnar.look(path, whole=whole)
        return Table(path, shown_path(path), "parquet", "", "", "", opened.header, 0, 0, opened.preview, opened.sha256)
    if head.startswith((*_ZIP, _OLE)):
        return _open_book(path, head, score, whole=whole)
    if json_lines.is_table(head):
        return _open_json(path, head, whole=whole)
    return _open_csv(path, encodings.look(path, MAX_BYTES, whole=whole), score)


def _open_book(path: Path, head: bytes, score: Score, *, whole: bool) -> Table:
    kind, book = ("docx", word) if word.is_document(head) else ("xlsx", sheets)
    found = book.find_header(path, score, HEADER_SEARCH)
    source = shown_path(path)
    table = Table(path, source, kind, "", "", found.sheet, found.header, found.line, found.end, found.preview)
    table.sha256 = _sha256(path) if whole else ""
    table.notes.update(found.notes)
    table.parts, table.other_sheets, table.sheets_aside = found.parts, found.others, found.aside
    table.uncomputed, table.epoch, table.parsed, table.above = found.uncomputed, found.epoch, found.parsed, found.above
    return table


def _open_member(path: Path, score: Score, special: Special, *, whole: bool) -> Table:
    """The one table in an archive; its copy goes when the table does."""
    folder = TemporaryDirectory(prefix="costlab-")

    def score_of(copy: Path) -> int:
        return score(list(open_table(copy, score, whole=False, special=special).header))

    member = packed.one_table(path, Path(folder.name), score_of)
    table = open_table(member.path, score, whole=whole, special=special)
    weakref.finalize(table, folder.cleanup)
    weakref.finalize(table, member.forget)
    table.left = member.left
    table.notes |= {"in_archive": 1} | ({"system_files": member.system} if member.system else {})
    return table


class Irregular(Exception):  # noqa: N818 (not an error: the careful reader takes over)
    """A CSV that DuckDB does not split as its lines are."""


def write_rows(
    table: Table, connection: duckdb.DuckDBPyConnection, folder: Path, *, careful: bool = False
) -> int | None:
    """Create the view `raw` of the rows below the header: `line` (int64), then `c0, c1, …` (text, never null).

    A regular CSV is read where it lies each time `raw` is asked; the number of rows it must have is returned, for
    `settle` to compare. Anything else goes to a file in `folder`, and so does every file when `careful`. Rows that are
    no rows are listed in `table.rejected`.
    """
    table.rejected.clear()
    if table.kind == "parquet":
        columnar.create_raw_view(table.path, connection)
        return None
    out = folder / "rows.parquet"
    if table.kind == "csv":
        text = _utf8(table, folder)
        lines = table.lines if text == table.path and table.lines else _measure(text)
        if not (careful or lines.irregular or table.damaged):
            _fast(table, connection, text)
            return lines.count - table.header_end
        with text.open(encoding="utf-8-sig", newline="") as file:
            rows = careful_records(enumerate(file, start=1), _shape(table))
            table.rejected += write_row_file(rows, table.width, out, delimiter=table.delimiter, damaged=table.damaged)
    elif table.objects is not None:
        table.rejected += write_row_file(table.objects(), table.width, out, code="bad_object", damaged=table.damaged)
    elif table.kind == "docx":
        found = word.rows(table.path, table.sheet, table.header_end, table.width, table.notes)
        table.rejected += write_row_file(_as_wide(table, found), table.width, out)
    else:
        places = _write_sheets(table, folder)
        every = " UNION ALL ".join(f"SELECT * FROM {parquet(place)}" for place in places)
        connection.execute(f"CREATE OR REPLACE VIEW raw AS {every}")
        return None
    connection.execute(f"CREATE OR REPLACE VIEW raw AS SELECT * FROM {parquet(out)}")
    return None


def _as_wide(table: Table, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Rows with as many cells as the header."""
    return ((n, (cells + [""] * table.width)[: table.width], "") for n, cells in rows)


def _write_sheets(table: Table, folder: Path) -> list[Path]:
    """The rows of each sheet as a file; those of a sheet that repeats another are left out, and told."""
    parts = table.parts or (Part(table.sheet, table.header_end),)
    written: list[tuple[Path, list[Rejected], array[int]]] = []
    for number, part in enumerate(parts):
        parsed = table.parsed if part.sheet == table.sheet else None
        goes_on = number + 1 < len(parts)
        found = sheets.rows(table.path, part.sheet, part.header_end, table.notes, parsed, goes_on=goes_on)
        hashes = array("q")
        rows = _as_wide(table, emptied(((line_of(number, row), cells) for row, cells in found), table.uncomputed))
        place = folder / f"rows-{number}.parquet"
        rejected = write_row_file(hashed(rows, hashes) if len(parts) > 1 else rows, table.width, place)
        written.append((place, rejected, hashes))
    left_out = dict(repeated([hashes for *_, hashes in written]))
    table.repeated = [(parts[n].sheet, parts[other].sheet) for n, other in sorted(left_out.items())]
    kept = [one for n, one in enumerate(written) if n not in left_out]
    table.notes |= {"sheets_joined": len(kept)} if len(kept) > 1 else {}
    table.rejected += [row for _, rejected, _ in kept for row in rejected]
    return [place for place, *_ in kept]


def settle(table: Table, connection: duckdb.DuckDBPyConnection, rows: int, expected: int | None) -> None:
    """Compare the rows of `raw` with the physical lines; what is missing must be rows with too few cells, now listed.

    Raises `Irregular` when it is not.
    """
    if expected is None or rows == expected:
        return
    joined = f"concat_ws({literal(table.delimiter)}, {', '.join(f'c{n}' for n in range(table.width))})"
    short = f"SELECT line, rtrim({joined}, {literal(table.delimiter)}) FROM split WHERE short ORDER BY line"
    found = connection.execute(short).fetchall()
    if rows + len(found) != expected:
        raise Irregular
    table.rejected += [(line, "bad_row", row) for line, row in found if row.strip()]


def _refuse_others(head: bytes, source: str) -> None:
    """Say what a file is when it is not a table; its name decides nothing."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4000]
    if not start:
        raise InputError(Problem(code="table_blank" if head else "table_empty", source=source))
    if head.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in head:
        raise InputError(Problem(code="encrypted", source=source))
    for magic, name in _DOCUMENTS.items():
        if head.startswith(magic):
            raise InputError(Problem(code="document", source=source, args={"kind": name}))
    if kind := archives.other_kind(head):
        raise InputError(Problem(code="other_archive", source=source, args={"kind": kind}))
    low = start.lower()
    if low.startswith(_HTML) or b"<html" in low:
        page = low.startswith((b"<?xml", b"<workbook")) or b"<table" in head.lower()
        raise InputError(Problem(code="html_table" if page else "html", source=source))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _open_csv(path: Path, content: encodings.Content, score: Score) -> Table:
    if content.packed:
        _refuse_others(content.head, shown_path(path))
    text = content.head.decode(content.encoding, errors="replace").removeprefix("\ufeff")
    if sum(c < " " and c not in "\t\r\n" for c in text) > len(text) // 100 + 1:
        args: Args = {"reason": Text(en="binary data", ru="двоичные данные")}
        raise InputError(Problem(code="not_a_table", source=shown_path(path), args=args))
    best: tuple[tuple[int, int], headers.Header, str] | None = None
    for delimiter in DELIMITERS:
        found = headers.find(_top(text, delimiter), score)
        if found is not None and (best is None or found.rank > best[0]):
            best = found.rank, found, delimiter
    if best is None:
        raise InputError(Problem(code="table_empty", source=shown_path(path)))
    _, found, delimiter = best
    table = Table(
        path, shown_path(path), "csv", content.encoding, delimiter, "", found.cells, found.start, found.end, []
    )
    table.sha256, table.damaged, table.ended = content.sha256, content.damaged, content.ended
    table.lines = content.lines
    table.packed, table.doubtful, table.above = content.packed, content.doubtful, found.above
    marked = content.encoding == "utf-8" and content.head.startswith(codecs.BOM_UTF8)
    seen = {"bom": int(marked), "stray_marks": content.marks, "unpacked": int(content.packed), **found.notes}
    table.notes = {note: count for note, count in seen.items() if count}
    lines = islice(enumerate(io.StringIO(text, newline=""), start=1), table.header_end + _BATCH)
    table.preview = [cells for _, cells, _ in islice(careful_records(lines, _shape(table)), HEADER_SEARCH) if cells]
    return table


def _open_json(path: Path, head: bytes, *, whole: bool) -> Table:
    found = json_lines.look(path, head, MAX_BYTES, whole=whole)
    content = found.content
    table = Table(path, shown_path(path), "json", content.encoding, "", "", found.header, 0, 0, found.preview)
    table.sha256 = (content.sha256 or _sha256(path)) if whole else ""
    table.packed, table.ended, table.objects, table.damaged = content.packed, content.ended, found.rows, content.damaged
    table.notes |= {"unpacked": 1} if content.packed else {}
    return table


def _top(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """First line, last line and cells of the rows in which a header is looked for."""
    try:
        for start, end, cells in islice(records(text, delimiter), HEADER_SEARCH):
            if any(c.strip() for c in cells):
                yield start, end, [c.strip("\ufeff") for c in cells]
    except csv.Error:
        return


def _utf8(table: Table, folder: Path) -> Path:
    """The file itself when it is plain UTF-8, else a copy that is."""
    if table.encoding == "utf-8" and not table.damaged and not table.packed:
        return table.path
    copy = folder / "utf8.csv"
    decoder = codecs.getincrementaldecoder(table.encoding)("replace")
    with copy.open("w", encoding="utf-8", newline="") as out:
        for chunk in encodings.chunks(table.path, MAX_BYTES):
            out.write(decoder.decode(chunk))
        out.write(decoder.decode(b"", final=True))
    return copy


def _measure(text: Path) -> encodings.Lines:
    """The lines of a copy."""
    lines = encodings.Lines()
    with text.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines.add(chunk)
    return lines


def _fast(table: Table, connection: duckdb.DuckDBPyConnection, text: Path) -> None:
    """The view `raw` where DuckDB splits the file itself; in `split` stand the rows with too few cells as well."""
    names = [f"c{n}" for n in range(table.width)]
    columns = ", ".join(f"'{n}': 'VARCHAR'" for n in names)
    # Cells are missing from the right: where the last that a row must have is there, so are all before it.
    texts = ", ".join([*names[: table.least], *(f"coalesce({n}, '') AS {n}" for n in names[table.least :])])
    # A cell that is not there is null; no cell of text can be, for the null text holds characters no table has.
    read = (
        f"read_csv({literal(no_pattern(text))}, header=false, auto_detect=false, skip={table.header_end}, "
        f"""columns={{{columns}}}, delim={literal(table.delimiter)}, quote='"', escape='"', """
        f"nullstr={literal(_NEVER)}, null_padding=true, strict_mode=true)"
    )
    numbered = f"SELECT row_number() OVER () + {table.header_end} AS line, * FROM {read}"
    query = f"SELECT line, {names[table.least - 1]} IS NULL AS short, {texts} FROM ({numbered})"
    connection.execute(f"CREATE OR REPLACE VIEW split AS {query}")
    connection.execute("CREATE OR REPLACE VIEW raw AS SELECT * EXCLUDE (short) FROM split WHERE NOT short")


def _shape(table: Table) -> Shape:
    return Shape(table.delimiter, table.header_end, table.least, table.width)
