"""Our own template of an inventory: XLSX or CSV that a person fills in, in Russian or English.

`costlab import --template FILE` writes it. Its first cell names it, the row below it has the columns; both languages
are read. Filled in, it has all that sizing can use: sizes, disks, load, today's cost.
"""

import csv
import io
from pathlib import Path

import xlsxwriter

from costlab.errors import InputError
from costlab.files.writing import os_reason, shown_path
from costlab.inventory.reading.cells import normal
from costlab.inventory.reading.machines import InventoryDraft
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.reading.table_machines import read_rows
from costlab.inventory.reading.table_shapes import hidden_parts, other_sheet
from costlab.inventory.reading.table_words import FIELDS
from costlab.model.inventory import Inventory
from costlab.model.numbers import Language, Problem, Text

TITLE = Text(en="Template of costlab", ru="Шаблон costlab")
MARK = "costlab machines 1"

COLUMNS: dict[str, Text] = {
    "name": Text(en="Name", ru="Имя"),
    "count": Text(en="Count", ru="Количество"),
    "group": Text(en="Application", ru="Система"),
    "environment": Text(en="Environment", ru="Среда"),
    "role": Text(en="Role", ru="Назначение"),
    "vcpu": Text(en="vCPU", ru="vCPU"),
    "ram": Text(en="RAM, GB", ru="ОЗУ, ГБ"),
    "disks": Text(en="Disks, GB", ru="Диски, ГБ"),
    "used": Text(en="Used, GB", ru="Занято, ГБ"),
    "read_iops": Text(en="Read IOPS", ru="IOPS чтение"),
    "write_iops": Text(en="Write IOPS", ru="IOPS запись"),
    "os": Text(en="OS", ru="ОС"),
    "address": Text(en="IP address", ru="IP-адрес"),
    "public_ips": Text(en="Public IPs", ru="Публичных IP"),
    "power": Text(en="Power", ru="Состояние"),
    "cpu_p95": Text(en="CPU p95, %", ru="Загрузка CPU p95, %"),
    "memory_p95": Text(en="Memory p95, GB", ru="Память p95, ГБ"),
    "days": Text(en="Measured days", ru="Дней измерений"),
    "coverage": Text(en="Coverage, %", ru="Полнота измерений, %"),
    "monthly_cost": Text(en="Monthly cost", ru="Стоимость в месяц"),
    "currency": Text(en="Currency", ru="Валюта"),
    "note": Text(en="Note", ru="Примечание"),
}
_HINTS: dict[str, Text] = {
    "name": Text(en="required", ru="обязательно"),
    "count": Text(en="of identical machines; 1 if empty", ru="одинаковых машин; пусто — 1"),
    "role": Text(en="database and SAP are sized more carefully", ru="базы данных и SAP подбираются осторожнее"),
    "vcpu": Text(en="required, a whole number", ru="обязательно, целое число"),
    "ram": Text(en="required; another unit may be written in the cell", ru="обязательно; можно с единицей в ячейке"),
    "disks": Text(en="several: 100+500", ru="несколько: 100+500"),
    "power": Text(en="on or off", ru="вкл или выкл"),
    "memory_p95": Text(en="with CPU p95, days and coverage: for sizing by load",
                       ru="вместе с CPU p95, днями и полнотой: для подбора по нагрузке"),
    "monthly_cost": Text(en="what the machine costs today", ru="сколько машина стоит сегодня"),
}  # fmt: skip
_HINTS_SHEET = Text(en="Hints", ru="Подсказки")
_WIDTH = 16
_KNOWN = {
    f: tuple(dict.fromkeys((normal(t.ru), normal(t.en), *FIELDS[f]))) for f, t in COLUMNS.items()
}  # fmt: skip


def matches(sample: Sample) -> bool:
    """A table whose first cell is the template's mark."""
    if sample.kind not in ("csv", "xlsx"):
        return False
    return any(_marked(sample, sheet) for sheet in sample.sheet_names)


def read(sample: Sample, options: Options) -> Inventory:
    """Machines of the sheet with the mark."""
    draft = InventoryDraft("template", sample.source, options)
    for sheet in sample.sheet_names:
        origin = f"{sample.source}!{sheet}" if sheet else sample.source
        rows = sample.rows(sheet)
        if not _marked(sample, sheet):
            if rows and sheet not in (_HINTS_SHEET.en, _HINTS_SHEET.ru):
                other_sheet(draft, rows, sheet, origin)
        elif len(rows) > 1:
            read_rows(draft, rows[1:], origin, _KNOWN)
            if hidden := hidden_parts(sample, sheet):
                draft.assumed("hidden", "+", [origin], *hidden)
    return draft.inventory()


def write(path: Path, language: Language) -> None:
    """Write an empty template; the ending decides: `.xlsx`, else CSV with `;`. Raises `InputError`."""
    titles = [t[language] for t in COLUMNS.values()]
    try:
        if path.suffix.casefold() == ".xlsx":
            path.write_bytes(_workbook(titles, language))
        else:
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=";").writerows([[MARK], titles])
            path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(path), args=os_reason(error))) from None


def _marked(sample: Sample, sheet: str) -> bool:
    rows = sample.rows(sheet)
    return bool(rows) and rows[0][1][0].strip() == MARK


def _workbook(titles: list[str], language: Language) -> bytes:
    """The template with its hints on a second sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Машины" if language == "ru" else "Machines")
        sheet.write_string(0, 0, MARK)
        for column, title in enumerate(titles):
            sheet.write_string(1, column, title, bold)
        sheet.set_column(0, len(titles) - 1, _WIDTH)
        sheet.freeze_panes(2, 1)
        power = list(COLUMNS).index("power")
        words = ["вкл", "выкл"] if language == "ru" else ["on", "off"]
        sheet.data_validation(2, power, 20_000, power, {"validate": "list", "source": words})
        hints = book.add_worksheet(_HINTS_SHEET[language])
        hints.set_column(0, 1, _WIDTH * 3)
        for line, (name, hint) in enumerate(_HINTS.items()):
            hints.write_string(line, 0, COLUMNS[name][language], bold)
            hints.write_string(line, 1, hint[language])
    return buffer.getvalue()
