"""Small bills written by hand: the same five rows in the dialects people have."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from costlab.bills.reading.values import labels_json
from costlab.files import tables
from costlab.model.bill import CHARGES, Bill

HEADER = ("Дата", "Проект", "ID ресурса", "Сервис", "Параметр", "Количество", "Ед. изм.", "Стоимость, ₽", "Метки")
ROWS = [
    ("2026-06-01", "mcs0000000001", "web", "Виртуальные серверы", "CPU, Intel Ice Lake", "5760", "vCPU·мин", "113.24"),
    ("2026-06-01", "mcs0000000001", "web", "Виртуальные серверы", "Жесткий диск, SSD", "144000.5", "ГБ·мин", "1044.2"),
    ("2026-06-02", "mcs0000000002", "db", "Базы данных", "RAM", "23040", "ГБ·мин", "90.000000000001"),
    ("2026-06-02", "mcs0000000002", "", "Публичные IP", "Плавающий IPv4-адрес (Sprut)", "1440", "шт.·мин", "-6.28"),
    ("2026-06-30", "mcs0000000002", "win", "Лицензии", "MS Windows Server", "3", "шт.", "1234567.89"),
]
TAGS = ({"env": "prod"}, {"env": "prod", "team": "a b"}, {}, {}, {"env": "dev"})
JSON = ('{"env": "prod"}', "{'env': 'prod', 'team': 'a b'}", "", "{}", "env=dev")
TOTAL = sum(Decimal(r[7]) for r in ROWS)


def text(rows: Iterable[Sequence[str]], delimiter: str = ";") -> str:
    def quoted(cell: str) -> str:
        return f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(c in cell for c in f'"{delimiter}\n') else cell

    return "".join(delimiter.join(map(quoted, row)) + "\r\n" for row in rows)


def comma(number: str) -> str:
    return number.replace(".", ",")


def grouped(number: str) -> str:
    whole, _, rest = number.partition(".")
    return f"{int(whole):,}".replace(",", "\u202f") + (f",{rest}" if rest else "") + " ₽"


def full(make: Any = str) -> list[tuple[str, ...]]:
    return [(*r[:5], make(r[5]), r[6], make(r[7]), j) for r, j in zip(ROWS, JSON, strict=True)]


def russian() -> bytes:
    lines = [HEADER, *full(comma), ("Итого", *[""] * 6, comma(str(TOTAL)), "")]
    return (
        text(lines)
        .encode("cp1251", errors="replace")
        .replace("Стоимость, ?".encode("cp1251"), b"\xd1\xf2\xee\xe8\xec\xee\xf1\xf2\xfc, \xf0\xf3\xe1.")
    )


def english() -> bytes:
    header = ("Labels", "Cost (RUB)", "Usage_day", "PID", "Resource  ID", "SERVICE", "Item", "Quantity", "Unit", "Zone")
    lines = [header] + [(r[8], r[7], r[0], *r[1:7], "ME1") for r in full()]
    return b"\xef\xbb\xbf" + text(lines, ",").encode()


def tabs() -> bytes:
    header = (
        "День",
        "ID проекта",
        "resource_id",
        "Раздел",
        "Услуга/параметр",
        "Объём",
        "Единица",
        "Сумма с НДС",
        "tag:env",
        "tag:team",
    )
    lines = [header] + [
        (f"{r[0][8:]}.{r[0][5:7]}.{r[0][:4]} 00:00:00", *r[1:5], grouped(r[5]), r[6], grouped(r[7]).replace("-", "−"),
         t.get("env", ""), t.get("team", ""))
        for r, t in zip(ROWS, TAGS, strict=True)
    ]  # fmt: skip
    return text(lines, "\t").encode("utf-16")


def negative() -> bytes:
    """Preamble, signature, subtotals and amounts as payments."""
    turned = [(*r[:7], str(-Decimal(r[7])), r[8]) for r in full()]
    first = sum(Decimal(r[7]) for r in turned[:2])
    lines = [
        ("Гранулярный отчёт",), ("Период: июнь 2026", "", "", ""), (), HEADER, *turned[:2],
        ("Итого по проекту mcs0000000001", *[""] * 6, str(first), ""), *turned[2:], ("Всего:", f"{TOTAL:f}"),
        ("Сформировано 01.07.2026",),
    ]  # fmt: skip
    return text(lines).encode()


def workbook(numbers: bool = True) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 7, 1, tzinfo=UTC)})  # the same bytes at any time
        book.add_worksheet("Итоги").write_row(0, 0, ["Всего", 1])
        sheet, day = book.add_worksheet("Детализация"), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_string(1, 1, "Отчёт")
        for column, name in enumerate(HEADER):
            sheet.write_string(3, column + 1, name)
        for line, row in enumerate(full(), start=4):
            for column, cell in enumerate(row, start=1):
                if column == 1:
                    sheet.write_datetime(line, column, date.fromisoformat(cell), day)
                elif column in (6, 8) and numbers:
                    sheet.write_number(line, column, Decimal(cell))
                else:
                    sheet.write_string(line, column, cell)
    return out.getvalue()


DIALECTS = {
    "cp1251.csv": russian, "bom.csv": english, "utf16.txt": tabs, "negative.csv": negative, "book.xlsx": workbook,
    "book-as.csv": workbook,
}  # fmt: skip


def save(folder: Path, raw: bytes, name: str = "bill.csv") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def shown(bill: Bill) -> list[tuple[Any, ...]]:
    return [tuple(r[k] for k in CHARGES.names[1:11]) for r in bill.charges.to_pylist()]


def wanted() -> list[tuple[Any, ...]]:
    return [
        (r[1], r[2], r[3], r[4], date.fromisoformat(r[0]), Decimal(r[5]), r[6], Decimal(r[7]), Decimal(0),
         labels_json(j)[0])
        for r, j in zip(ROWS, JSON, strict=True)
    ]  # fmt: skip


def encrypted() -> bytes:
    return tables._OLE + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 500


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
    return out.getvalue()


def far_cell() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_string(1_048_575, 16_383, "x")
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b" " * 60_000_000)
    return out.getvalue()
