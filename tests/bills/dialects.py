"""One bill in many files: seven ways such reports are written. The header of VK's own is not public.

Every writer takes the same rows and says the same; only quantities are in other units (minutes, hours, or the level
held for the whole day) where that is exact, and the last one has none.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from costlab.catalog.loading import Catalog
from tests.bills.generator import PROJECT, Row

MINUTE, HOUR, DAY, NONE = "minute", "hour", "day", "none"
_WORDS = {
    "GB": ("ГБ", "GB"),
    "vCPU": ("vCPU", "vCPU"),
    "address": ("шт.", "pcs"),
    "LB": ("шт.", "pcs"),
    "licence": ("шт.", "pcs"),
}
_TIMES = {"minute": ("·мин", "·min"), "hour": ("·ч", "·h"), "day": ("·сут", "·day")}
_LENGTH = {"minute": 1, "hour": 60, "day": 1440}


def quantity_of(row: Row, catalog: Catalog, time: str, language: int) -> tuple[Decimal, str]:
    """A row's quantity in `time`, or in pricing units where that is not exact; and its unit in words.

    By `day` a level held from midnight to midnight is shown bare: `100`, `ГБ`.
    """
    meter = catalog.meters[row.made.sku.meter]
    unit, quantity = _WORDS[meter.unit][language], row.made.quantity.normalize()
    if meter.basis == "none":
        return quantity, unit
    minutes = quantity * _LENGTH[meter.basis]
    converted = (minutes / _LENGTH.get(time, 1)).quantize(Decimal(1).scaleb(-9)).normalize()
    if time not in _LENGTH or converted * _LENGTH[time] != minutes:
        return quantity, unit + _TIMES[meter.basis][language]
    return converted, unit if time == "day" else unit + _TIMES[time][language]


def number(value: Decimal, mark: str = ".", group: str = "") -> str:
    """A number as a report prints it: `1 234,50`."""
    text = f"{value:f}"
    whole, dot, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", group)
    rest = rest.rstrip("0") if len(rest) > 2 else rest
    return sign + grouped + (mark + rest if dot and rest else "")


def _labels(row: Row) -> str:
    return json.dumps(row.made.tags, ensure_ascii=False) if row.made.tags else ""


def _total(rows: Sequence[Row]) -> Decimal:
    return sum((r.amount for r in rows), Decimal("0.00"))


def _text(lines: Iterable[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def russian(rows: Sequence[Row], catalog: Catalog) -> bytes:
    """UTF-8 with BOM, `;`, decimal comma, labels as JSON, a footer; quantities in pricing units."""
    lines: list[Sequence[str]] = [
        ("Дата", "Проект", "ID ресурса", "Сервис", "Параметр", "Количество", "Единица измерения", "Сумма, ₽",
         "Бонусы, ₽", "Метки"),
    ]  # fmt: skip
    for row in rows:
        made, (quantity, unit) = row.made, quantity_of(row, catalog, NONE, 0)
        lines.append((
            made.day.isoformat(), PROJECT, made.resource_id, made.service, made.parameter, number(quantity, ","), unit,
            number(row.amount, ","), number(row.bonus, ","), _labels(row),
        ))  # fmt: skip
    lines.append(("Итого", "", "", "", "", "", "", number(_total(rows), ","), "", ""))
    return b"\xef\xbb\xbf" + _text(lines, ";").encode()


def cp1251(rows: Sequence[Row], catalog: Catalog) -> bytes:
    """CP1251, `;`, amounts negative, a column for each label, other words and another order; levels per day."""
    keys = sorted({k for r in rows for k in r.made.tags})
    lines: list[Sequence[str]] = [
        ("ID ресурса", "Дата списания", "Услуга", "Наименование параметра", "Списано", "Списано бонусов",
         "Объём потребления", "Ед. изм.", "ID проекта", *(f"label.{k}" for k in keys)),
    ]  # fmt: skip
    for row in rows:
        made, (quantity, unit) = row.made, quantity_of(row, catalog, DAY, 0)
        lines.append((
            made.resource_id, f"{made.day:%d.%m.%Y}", made.service, made.parameter, number(-row.amount, ","),
            number(-row.bonus, ","), number(quantity, ","), unit, PROJECT, *(made.tags.get(k, "") for k in keys),
        ))  # fmt: skip
    return _text(lines, ";").encode("cp1251")


def english(rows: Sequence[Row], catalog: Catalog) -> bytes:
    """UTF-8, `,`, English headers, decimal points; hours."""
    lines: list[Sequence[str]] = [
        ("Date", "Project", "Resource ID", "Service", "Parameter", "Quantity", "Unit", "Cost, RUB", "Bonus", "Labels")
    ]
    for row in rows:
        made, (quantity, unit) = row.made, quantity_of(row, catalog, HOUR, 1)
        lines.append((
            made.day.isoformat(), PROJECT, made.resource_id, made.service, made.parameter, number(quantity), unit,
            number(row.amount), number(row.bonus), _labels(row),
        ))  # fmt: skip
    return _text(lines, ",").encode()


def snake(rows: Sequence[Row], catalog: Catalog) -> bytes:
    """Names as programs write them, money and bonus apart, more decimals than kopecks."""
    lines: list[Sequence[str]] = [
        ("usage_day", "pid", "resource_id", "service", "parameter", "quantity", "unit", "money", "bonus", "labels")
    ]
    for row in rows:
        made, (quantity, unit) = row.made, quantity_of(row, catalog, MINUTE, 1)
        lines.append((
            made.day.isoformat(), PROJECT, made.resource_id, made.service, made.parameter, f"{quantity:f}", unit,
            f"{row.amount:.6f}", f"{row.bonus:.6f}", _labels(row) or "{}",
        ))  # fmt: skip
    return _text(lines, ",").encode()


def workbook(rows: Sequence[Row], catalog: Catalog) -> bytes:
    """XLSX: a title above the header, real dates and numbers, a total below."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 12, 1)})  # noqa: DTZ001 (a workbook knows no zones)
        sheet = book.add_worksheet("Детализация")
        day_format = book.add_format({"num_format": "dd.mm.yyyy"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write_string(0, 0, "Гранулярный отчёт")
        sheet.write_string(1, 0, f"Проект: {PROJECT}")
        header = ("Дата", "ID проекта", "ID ресурса", "Сервис", "Параметр", "Количество", "Единица", "Стоимость, руб.",
                  "Бонусы", "Метки")  # fmt: skip
        for column, name in enumerate(header):
            sheet.write_string(3, column, name)
        for line, row in enumerate(rows, start=4):
            made, (quantity, unit) = row.made, quantity_of(row, catalog, DAY, 0)
            sheet.write_datetime(line, 0, datetime.combine(made.day, datetime.min.time()), day_format)
            for column, text in enumerate((PROJECT, made.resource_id, made.service, made.parameter), start=1):
                sheet.write_string(line, column, text)
            sheet.write_number(line, 5, quantity)
            sheet.write_string(line, 6, unit)
            sheet.write_number(line, 7, row.amount, money)
            sheet.write_number(line, 8, row.bonus, money)
            sheet.write_string(line, 9, _labels(row))
        sheet.write_string(len(rows) + 4, 0, "Итого")
        sheet.write_number(len(rows) + 4, 7, _total(rows), money)
    return out.getvalue()


def utf16(rows: Sequence[Row], catalog: Catalog) -> bytes:
    """Tabs in UTF-16, DD.MM.YYYY, thousands set apart by no-break spaces."""
    nbsp = "\u00a0"
    lines: list[Sequence[str]] = [
        (
            "Период",
            "PID",
            "ID ресурса",
            "Раздел",
            "Название параметра",
            "Объем",
            "Единицы",
            "Стоимость",
            "Бонусы",
            "Теги",
        )
    ]
    for row in rows:
        made, (quantity, unit) = row.made, quantity_of(row, catalog, HOUR, 0)
        lines.append((
            f"{made.day:%d.%m.%Y}", PROJECT, made.resource_id, made.service, made.parameter,
            number(quantity, ",", nbsp), unit, number(row.amount, ",", nbsp), number(row.bonus, ",", nbsp),
            _labels(row),
        ))  # fmt: skip
    return _text(lines, "\t").encode("utf-16")


def no_quantity(rows: Sequence[Row], catalog: Catalog) -> bytes:  # noqa: ARG001 (every dialect takes the catalog)
    """As `russian`, without quantities."""
    lines: list[Sequence[str]] = [("Дата", "Проект", "ID ресурса", "Сервис", "Параметр", "Сумма", "Бонусы", "Метки")]
    for row in rows:
        made = row.made
        lines.append((
            made.day.isoformat(), PROJECT, made.resource_id, made.service, made.parameter, number(row.amount, ","),
            number(row.bonus, ","), _labels(row),
        ))  # fmt: skip
    return _text(lines, ";").encode()


Writer = Callable[[Sequence[Row], Catalog], bytes]
DIALECTS: dict[str, Writer] = {
    "russian.csv": russian,
    "cp1251.csv": cp1251,
    "english.csv": english,
    "snake.csv": snake,
    "workbook.xlsx": workbook,
    "utf16.txt": utf16,
}
"""Six files of one bill, each with quantities."""


def write(folder: Path, name: str, rows: Sequence[Row], catalog: Catalog) -> Path:
    """Write a bill in a dialect of `DIALECTS`, or `no_quantity.csv`."""
    path = folder / name
    path.write_bytes({**DIALECTS, "no_quantity.csv": no_quantity}[name](rows, catalog))
    return path
