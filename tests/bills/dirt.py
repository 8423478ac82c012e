"""Recipes of dirty files that are better built than kept: workbooks, archives, other encodings of many lines."""

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import yaml

from tests.bills.samples import encrypted, far_cell

HEADER = ("Дата", "ID ресурса", "Параметр", "Количество", "Сумма")
ROWS = [
    ("2026-06-01", "web", "CPU", 5760, 113.24), ("2026-06-01", "web", "SSD", 144000, 104.4),
    ("2026-06-02", "db", "RAM", 23040, 90.05), ("2026-06-02", "", "IP", 1440, 6.28),
]  # fmt: skip
CSV = "".join(";".join(map(str, r)) + "\n" for r in [HEADER, *ROWS]).encode()
CONTENT = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{properties}<sheets>'
    '<sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def sheet(rows: Any = ROWS, *, before: str = "", quote: str = '"', more: str = "") -> str:
    """The XML of a worksheet; `quote` stands around the references."""
    lines = []
    for number, row in enumerate([HEADER, *rows], start=1):
        cells = []
        for column, value in zip("ABCDEFGH", row, strict=False):
            place = f"r={quote}{column}{number}{quote}"
            if isinstance(value, str) and value.startswith("<f"):
                cells.append(f"<c {place}>{value}</c>")
            elif isinstance(value, str):
                cells.append(f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>')
            else:
                cells.append(f"<c {place}><v>{value}</v></c>")
        lines.append(f"<row r={quote}{number}{quote}>{''.join(cells)}</row>")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}">{before}<sheetData>{"".join(lines)}{more}</sheetData></worksheet>'


def book(xml: str | bytes = "", *, properties: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet, and what else its archive holds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in CONTENT.items():
            file.writestr(name, text.replace("{properties}", properties))
        file.writestr("xl/worksheets/sheet1.xml", xml or sheet())
        for name, content in (extra or {}).items():
            file.writestr(name, content)
    return out.getvalue()


def merged_header() -> bytes:
    """Two rows of header: names over several columns, and down both."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet("Отчёт")
        page.write_string(0, 0, "Отчёт о потреблении")
        for column, name in ((0, "Дата"), (1, "Параметр")):
            page.merge_range(2, column, 3, column, name)
        page.merge_range(2, 2, 2, 3, "Ресурс")
        page.merge_range(2, 4, 2, 5, "Сумма")
        page.write_row(3, 2, ["ID", "имя", "без НДС", "с НДС"])
        for number, row in enumerate(ROWS, start=4):
            page.write_row(number, 0, [row[0], row[2], row[1], "x", round(row[4] / 1.22, 2), row[4]])
    return out.getvalue()


def hidden() -> bytes:
    """Hidden and filtered rows, a hidden column, a sheet of totals first, and another sheet with the same header."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("Итоги").write_row(0, 0, ["Всего", 313.97])
        for name, rows in (("Июнь", ROWS), ("Июль", ROWS[:1])):
            page = made.add_worksheet(name)
            for number, row in enumerate([HEADER, *rows]):
                page.write_row(number, 0, row)
        page = made.get_worksheet_by_name("Июнь")
        page.autofilter(0, 0, 4, 4)
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(1, 1, None, None, {"hidden": True})
    return out.getvalue()


def objects(*broken: str) -> bytes:
    """The rows as Google exports them in JSON, one a line; these lines stand below the first."""
    good = [
        json.dumps(
            {"usage_start_time": f"{day} 00:00:00 UTC", "service": {"description": "VM"}, "sku": {"description": item},
             "resource": {"name": thing}, "cost": cost, "currency": "RUB", "cost_type": "regular", "credits": []}
        )
        for day, thing, item, _, cost in ROWS
    ]  # fmt: skip
    return "".join(f"{line}\n" for line in [good[0], *broken, *good[1:]]).encode()


def sheets(*named: tuple[str, Any], hidden: str = "") -> bytes:
    """A workbook of several sheets; one may be hidden. Rows get the header unless they begin with another."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in named:
            page = made.add_worksheet(name)
            own = any(set(r) >= set(HEADER) for r in rows)
            for number, row in enumerate(rows if own else [HEADER, *rows]):
                page.write_row(number, 0, row)
            if name == hidden:
                page.hide()
    return out.getvalue()


def written_by_a_program(rows: Any) -> bytes:
    """A workbook with formulas, whose values are 0 unless said: the program has computed none, and asks for it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, HEADER)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    page.write_formula(number, column, value[0], None, value[1])
                else:
                    page.write(number, column, value)
    return out.getvalue()


def of_openpyxl() -> bytes:
    """Formulas as openpyxl writes them, with nothing for their value."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in [HEADER, *ROWS[:3], (*ROWS[3][:4], "=D5*2")]:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def july(rows: Any = ROWS) -> list[tuple[Any, ...]]:
    """The rows a month later."""
    return [(r[0].replace("-06-", "-07-"), *r[1:]) for r in rows]


def serial(start: int, properties: str = "") -> bytes:
    """Days as bare serial numbers."""
    return book(sheet([(start + int(r[0][-1]) - 1, *r[1:]) for r in ROWS]), properties=properties)


def lying_size() -> bytes:
    """An entry that declares a kilobyte and holds sixty megabytes; its check sum is that of the kilobyte."""
    raw = bytearray(book(extra={"xl/media/image1.bin": b"\x00" * 60_000_000}))
    told = b"\x00" * 1000
    for signature, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        name = raw.find(b"xl/media/image1.bin", 0 if at == 14 else raw.rfind(b"PK\x01\x02") - 1)
        start = raw.rfind(signature, 0, name)
        struct.pack_into("<I", raw, start + at, zlib.crc32(told))
        struct.pack_into("<I", raw, start + at + 8, len(told))
    return bytes(raw)


def overlapping() -> bytes:
    """Two entries of the list that are the same bytes of the archive."""
    raw = bytearray(book(extra={"xl/a.xml": b"<a/>", "xl/b.xml": b"<a/>"}))
    directory = raw.find(b"PK\x01\x02")
    first, second = (raw.find(n, directory) - 46 for n in (b"xl/a.xml", b"xl/b.xml"))
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    return bytes(raw)


def locked(archive: bytes = b"") -> bytes:
    """Entries protected with a password."""
    raw = bytearray(archive or book())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := raw.find(signature, place + 1)) >= 0:
            raw[place + at] |= 1
    return bytes(raw)


def macros() -> bytes:
    """Macros and a link to another workbook: neither run nor followed."""
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return book(extra={"xl/vbaProject.bin": b"Sub Auto_Open()", "xl/externalLinks/externalLink1.xml": link})


def many_entries() -> bytes:
    """More entries than any report has."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number in range(10_001):
            file.writestr(f"xl/{number}", b"")
    return out.getvalue()


def mixed_encodings() -> bytes:
    """One half is UTF-8, the other CP1251."""
    rows = "".join(f"2026-06-01;r{n};Виртуальный сервер;1;1.5\n" for n in range(20))
    return CSV + rows.encode("cp1251")


def many(broken: bytes, count: int = 5) -> bytes:
    """A hundred good rows, and some with `broken` for the identifier."""
    good = b"".join(b"2026-06-01;r%d;CPU;1;1.5\n" % n for n in range(100))
    bad = b"".join(b"2026-06-01;" + broken + b";CPU;%d;1.5\n" % n for n in range(count))
    return CSV + good + bad


def level(factor: str) -> bytes:
    """Three items for two days; on the second every price is another by a factor."""
    lines = ["Дата;ID ресурса;Сервис;Параметр;Количество;Сумма"]
    for day, times in (("2025-12-31", "1"), ("2026-01-01", factor)):
        lines += [f"{day};r;ВМ;{name};1000;{float(times) * cost:.2f}" for name, cost in
                  (("CPU", 1200), ("RAM", 2400), ("SSD", 3600), ("IP", 6000))]  # fmt: skip
    return "\n".join(lines).encode() + b"\n"


RECIPES: dict[str, Callable[[], bytes]] = {
    "merged_header": merged_header,
    "hidden": hidden,
    "formula": lambda: book(sheet([*ROWS[:3], (*ROWS[3][:4], "<f>SUM(D2:D3)</f>")])),
    "formula_of_a_program": lambda: written_by_a_program([*ROWS[:3], (*ROWS[3][:4], "=D5*2")]),
    "formula_with_a_value": lambda: written_by_a_program([*ROWS[:3], (*ROWS[3][:4], ("=D5*2", 6.28))]),
    "formula_that_comes_to_0": lambda: written_by_a_program(
        [(*ROWS[0][:4], ("=D2*2", 113.24)), (*ROWS[3][:4], "=D5-D5")]
    ),
    "formula_of_openpyxl": of_openpyxl,
    "serial_1900": lambda: serial(46174),
    "serial_1904": lambda: serial(46174 - 1462, '<workbookPr date1904="1"/>'),
    "mixed_encodings": mixed_encodings,
    "utf16_without_mark": lambda: CSV.decode().encode("utf-16-le"),
    "utf16_big_endian": lambda: b"\xfe\xff" + CSV.decode().encode("utf-16-be"),
    "many_bad_bytes": lambda: many(b"\xff"),
    "many_bad_rows": lambda: many(b"a;b"),
    "many_mangled_ids": lambda: many(b"1.91431E+18"),
    "vat_step": lambda: level("1.0166667"),
    "gz": lambda: gzip.compress(CSV, mtime=0),
    "gz_cut_off": lambda: gzip.compress(CSV, mtime=0)[:-20],
    "gz_bomb": lambda: gzip.compress(CSV + b"\n" * 60_000_000, mtime=0),
    "gz_of_workbook": lambda: gzip.compress(book(), mtime=0),
    "workbook": book,
    "workbook_cut_off": lambda: book()[:-100],
    "workbook_changed": lambda: book().replace(b"PK\x03\x04", b"PK\x03\x05", 1).replace(b"PK\x03\x05", b"PK\x03\x04"),
    "encrypted": encrypted,
    "locked": locked,
    "bomb": lambda: book(extra={"xl/media/image1.bin": b"\x00" * 60_000_000}),
    "lying_size": lying_size,
    "overlapping": overlapping,
    "many_entries": many_entries,
    "far_cell": far_cell,
    "far_cell_in_apostrophes": lambda: book(
        sheet(quote="'", more="<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")
    ),
    "lying_dimension": lambda: book(sheet(before='<dimension ref="A1:XFD1048576"/>')),
    "doctype": lambda: book('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet()),
    "hidden_doctype": lambda: book(('<?xml version="1.0" encoding="utf-16"?>' + sheet()).encode("utf-16")),
    "outside_path": lambda: book(extra={"../../etc/cron.d/x": b"x"}),
    "macros": macros,
    "zip_of_csv": lambda: _zip({"bill.csv": CSV}),
    "zip_of_zip": lambda: _zip({"bill.zip": _zip({"bill.csv": CSV})}),
    "zip_of_gz": lambda: _zip({"bill.csv": CSV, "older/bill.csv.gz": gzip.compress(CSV, mtime=0)}),
    "zip_of_workbook": lambda: _zip({"ноябрь/счёт.xlsx": book()}),
    "zip_of_two": lambda: _zip({"june.csv": CSV, "july.csv": CSV.replace(b"2026-06", b"2026-07")}),
    "zip_from_a_mac": lambda: _zip(
        {"bill.csv": CSV, "__MACOSX/._bill.csv": b"\x00\x05\x16\x07", ".DS_Store": b"\x00\x00\x00\x01Bud1"}
    ),
    "zip_with_papers": lambda: _zip({"bill.csv": CSV, "act.pdf": b"%PDF-1.7\n", "readme.txt": b"Cost, in roubles\n"}),
    "zip_of_papers": lambda: _zip({"act.pdf": b"%PDF-1.7\n", "invoice.pdf": b"%PDF-1.7\n"}),
    "zip_of_page": lambda: _zip({"report.csv": b"<!DOCTYPE html><html><body>sign in</body></html>"}),
    "tar_gz": lambda: gzip.compress(tar(), mtime=0),
    "zip_with_tar": lambda: _zip({"bill.csv": CSV, "older.tar": tar()}),
    "bz2": lambda: bz2.compress(CSV),
    "xz": lambda: lzma.compress(CSV),
    "zip_locked": lambda: locked(_zip({"bill.csv": CSV})),
    "zip_outside": lambda: _zip({"../../bill.csv": CSV}),
    "zip_absolute": lambda: _zip({"/srv/bill.csv": CSV}),
    "zip_bomb": lambda: _zip({"bill.csv": CSV + b"\n" * 60_000_000}),
    "zip_cut_off": lambda: _zip({"bill.csv": CSV})[:-60],
    "zip_from_windows": lambda: _renamed(b"name-of-it.csv", "за-июнь-26.csv".encode("cp866")),
    "zip_empty": lambda: _zip({}),
    "two_sheets": lambda: sheets(("Июнь", ROWS), ("Июль", july())),
    "two_sheets_one_bad_row": lambda: sheets(
        ("Июнь", ROWS), ("Июль", [*july()[:3], ("2026-07-02", "", "IP", 1440, "?")])
    ),
    "two_sheets_one_hidden": lambda: sheets(("Июнь", ROWS), ("Июль", july()), hidden="Июль"),
    "sheet_and_excerpt": lambda: sheets(("Сети", ROWS[3:]), ("Все", [*ROWS, *july()]), ("Все (2)", [*ROWS, *july()])),
    "sheet_of_other_columns": lambda: sheets(("Июнь", ROWS), ("План", [HEADER[::-1], july()[0][::-1]])),
    "full_sheet_goes_on": lambda: sheets(("Июнь", ROWS), ("Июнь 2", july(ROWS[:3]))),
    "json_lines": objects,
    "json_lines_broken": lambda: objects("[1, 2]", "", "null", "2026-06-01;web"),
    "json_list": lambda: b"[" + objects().replace(b"\n", b",\n")[:-2] + b"]",
    "json_lines_packed": lambda: gzip.compress(objects(), mtime=0),
    "excel_end": lambda: book(sheet()),
    "long_line": lambda: CSV + b"x" * 3_000_000,
    "many_columns": lambda: CSV.replace(b"\n", b";" + b";".join(b"x%d" % n for n in range(2000)) + b"\n", 1),
}


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tar() -> bytes:
    """A report in a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        entry = tarfile.TarInfo("bill.csv")
        entry.size = len(CSV)
        file.addfile(entry, io.BytesIO(CSV))
    return out.getvalue()


def _renamed(latin: bytes, other: bytes) -> bytes:
    """An archive with a name in bytes that nothing explains: the packer of Windows writes CP866 so."""
    return _zip({latin.decode(): CSV}).replace(latin, other)


def codes() -> set[str]:
    """The messages that the cases of `errors/bills` show."""
    folder = Path(__file__).parent.parent / "errors" / "bills"
    cases = (yaml.safe_load(p.read_text(encoding="utf-8")) for p in folder.glob("*/*.yaml"))
    return {code for case in cases for code in case.get("codes", [])}


def build(recipe: str, path: Path) -> None:
    """Write a recipe's file."""
    path.write_bytes(RECIPES[recipe]())
