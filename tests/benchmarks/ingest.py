"""A bill of 26 columns read into typed Parquet, beside the fastest way there is that checks nothing.

`python -m tests.benchmarks.ingest [ROWS]`, or `COSTLAB_BENCH_INGEST=1000000 make bench`; ten million rows unless said
otherwise (3.5 GB of CSV), and a million where more would only take longer. The file is made by arithmetic from the
number of each row, so it is the same every time, and its sums are known in whole kopecks without reading it. Every
amount is quantity times price, rounded half-up: who reads money as floats finds lines wrong that are right.
"""

import json
import os
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import xlsxwriter

from costlab.bills import read_bill_into
from costlab.engine import duckdb as engine
from costlab.files import xlsx as sheets
from tests.benchmarks.measure import Measured, measure

ROWS = int(os.environ.get("COSTLAB_BENCH_INGEST", "10000000"))
SMALL = min(ROWS, 1_000_000)
SHEET_ROWS = 200_000
FOLDER = Path(tempfile.gettempdir()) / "costlab-bench"
_SEED = 20_261_101
_HEADER = (
    "Дата", "Проект", "Договор", "ID ресурса", "Имя ресурса", "Сервис", "Параметр", "Код SKU", "Количество",
    "Единица измерения", "Цена", "Стоимость", "Бонусы", "Валюта", "Метки", "Зона", "Регион", "Платформа", "Процессор",
    "Флейвор", "Владелец", "Статус", "Центр затрат", "Описание", "Номер записи", "Комментарий",
)  # fmt: skip
# Quantities in thousandths, prices and bonuses in kopecks; `k` is the amount in kopecks, half-up.
_NUMBERS = f"""
    SELECT r, q, p, (q * p + 500) // 1000 AS k, if(r % 10 = 0, 50 + r % 700, 0) AS b FROM (
        SELECT range AS r, CAST(hash(range + {_SEED}) % 5000000 AS BIGINT) AS q,
            CAST(1 + hash(range % 997 + {_SEED}) % 99999 AS BIGINT) AS p FROM range(?))
"""


def _kopecks(name: str) -> str:
    return f"{name} // 100 || '.' || lpad(CAST({name} % 100 AS VARCHAR), 2, '0')"


_CELLS = (
    "DATE '2026-06-01' + CAST(r % 30 AS INTEGER)", "'mcs' || 1000000000 + r % 40", "'Д-' || r % 5",
    "md5(CAST(r % 20000 AS VARCHAR))[:8] || '-0000-4000-8000-' || md5(CAST(r % 20000 AS VARCHAR))[9:20]",
    "'vm-' || r % 20000",
    "['Облачные вычисления', 'Сети', 'Базы данных', 'Объектное хранилище', 'Kubernetes'][1 + r % 5]",
    "'Параметр тарификации ' || r % 60", "'sku-' || r % 60",
    "q // 1000 || '.' || lpad(CAST(q % 1000 AS VARCHAR), 3, '0')",
    "['ГБ·ч', 'vCPU·ч', 'шт', 'ГБ'][1 + r % 4]", _kopecks("p"), _kopecks("k"), _kopecks("b"), "'RUB'",
    """'{"env": "' || ['prod', 'dev', 'test'][1 + r % 3] || '", "team": "t' || r % 50 || '"}'""", "'msk' || r % 3",
    "'ru-msk'", "'cloud'", "'Ice Lake'", "'std' || r % 9", "'user' || r % 300 || '@example.com'", "'on'",
    "'cc-' || r % 80",
    "'текст описания позиции ' || r % 500", "CAST(r AS VARCHAR)", "'нет'",
)  # fmt: skip


def clean_file(rows: int = ROWS) -> Path:
    """The CSV as a machine writes it."""
    return FOLDER / f"ingest-{rows}.csv"


def dirty_file() -> Path:
    """The same as people pass it on: CP1251, decimal comma, spaces in the thousands, currency, days of another form,
    a total below."""
    return FOLDER / f"ingest-{SMALL}-dirty.csv"


def sheet_file() -> Path:
    """A workbook of 200,000 rows."""
    return FOLDER / f"ingest-{SHEET_ROWS}.xlsx"


def make() -> None:
    """Write the files and what they must come to, unless they are there."""
    FOLDER.mkdir(exist_ok=True)
    for rows in {SMALL, ROWS}:
        _make(rows)
    if not dirty_file().exists():
        with engine.connect() as connection:
            _make_dirty(connection, clean_file(SMALL), dirty_file())
    if not sheet_file().exists():
        _make_sheet(sheet_file())


def _make(rows: int) -> None:
    path = clean_file(rows)
    if not path.with_suffix(".json").exists():
        shown = ", ".join(f'{cell} AS "{name}"' for name, cell in zip(_HEADER, _CELLS, strict=True))
        with engine.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            query = f"COPY (SELECT {shown} FROM ({_NUMBERS})) TO '{path}' (DELIMITER ';', HEADER)"
            connection.execute(query, [rows])
            [[kopecks]] = connection.execute(f"SELECT sum(k)::BIGINT FROM ({_NUMBERS})", [rows]).fetchall()
        path.with_suffix(".json").write_text(json.dumps(kopecks))


def truth(rows: int = ROWS) -> Decimal:
    """Roubles of the file."""
    return Decimal(json.loads(clean_file(rows).with_suffix(".json").read_text())).scaleb(-2)


def _make_dirty(connection: duckdb.DuckDBPyConnection, path: Path, out: Path) -> None:
    money = """replace("{0}", '.', ',')"""
    for mark in ("','", "chr(160)"):
        money = f"regexp_replace({money}, '([0-9])([0-9]{{{{3}}}})' || {mark}, '\\1' || chr(160) || '\\2' || {mark})"
    money += """ || ' руб.' AS "{0}\""""
    day = """strftime(CAST("Дата" AS DATE), '%d.%m.%Y') AS "Дата\""""
    quantity = """replace("Количество", '.', ',') AS "Количество\""""
    changed = ", ".join([day, quantity, *(money.format(name) for name in ("Стоимость", "Бонусы"))])
    draft = out.with_suffix(".draft")
    connection.execute(
        f"COPY (SELECT * REPLACE ({changed}) FROM read_csv('{path}', delim = ';', all_varchar = true)) "
        f"TO '{draft}' (DELIMITER ';', HEADER)"
    )
    with draft.open(encoding="utf-8", newline="") as file, out.open("w", encoding="cp1251", newline="") as copy:
        while chunk := file.read(1 << 22):
            copy.write(chunk)
        copy.write("Итого" + ";" * (len(_HEADER) - 1) + "\n")
    draft.unlink()


def _make_sheet(path: Path) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("Отчёт")
    for place, name in enumerate(_HEADER[:15]):
        sheet.write_string(0, place, name)
    numbers = {8: 1000, 10: 100, 11: 100, 12: 100}
    with engine.connect() as connection:
        shown = ", ".join(_CELLS[n] if n not in numbers else {8: "q", 10: "p", 11: "k", 12: "b"}[n] for n in range(15))
        for row, cells in enumerate(connection.execute(f"SELECT {shown} FROM ({_NUMBERS})", [SHEET_ROWS]).fetchall()):
            for place, cell in enumerate(cells):
                if place in numbers:
                    sheet.write_number(row + 1, place, cell / numbers[place])
                else:
                    sheet.write_string(row + 1, place, str(cell))
    book.close()


def _import(path: Path) -> Decimal:
    with tempfile.TemporaryDirectory() as folder:
        bill = read_bill_into(path, Path(folder))
        assert bill.rejected == 0
        assert bill.before == bill.after
        return bill.totals["RUB"]


def ours() -> object:
    """Read, check, type and write; every control included."""
    found = _import(clean_file())
    assert found == truth()
    return found


def ours_small() -> object:
    """The same of the smaller file."""
    found = _import(clean_file(SMALL))
    assert found == truth(SMALL)
    return found


def ours_dirty() -> object:
    """The same of the dirty file."""
    found = _import(dirty_file())
    assert found == truth(SMALL)
    return found


def ours_sheet() -> object:
    """The same of the workbook."""
    return _import(sheet_file())


def polars_sink(rows: int = ROWS) -> object:
    """Baseline: all columns scanned as text, four of them typed, all written; nothing is checked or counted."""
    wide = pl.Decimal(38, 18)
    with tempfile.TemporaryDirectory() as folder:
        frame = pl.scan_csv(clean_file(rows), separator=";", infer_schema=False).with_columns(
            pl.col("Дата").str.to_date("%Y-%m-%d"),
            *(pl.col(c).cast(wide) for c in ("Количество", "Стоимость", "Бонусы")),
        )
        out = Path(folder) / "out.parquet"
        frame.sink_parquet(out)
        return pl.scan_parquet(out).select(pl.len()).collect().item()


def polars_small() -> object:
    """The same of the smaller file."""
    return polars_sink(SMALL)


def wrong_lines() -> object:
    """Ours: lines whose amount is not quantity times price, by exact arithmetic over what was read."""
    with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
        bill = read_bill_into(clean_file(SMALL), Path(folder))
        [[wrong]] = connection.execute(f"""
            SELECT count(*) FROM read_parquet('{bill.parquet}')
            WHERE (CAST(quantity * 1000 AS HUGEINT) * CAST(replace("x_Цена", '.', '') AS HUGEINT) + 500) // 1000
                <> CAST(amount * 100 AS HUGEINT)""").fetchall()
        return wrong


def pandas_floats() -> object:
    """Baseline: the usual way, money as floats; the lines it takes for wrong."""
    names = ["Количество", "Цена", "Стоимость"]
    frame = pd.read_csv(clean_file(SMALL), sep=";")
    return int(((frame[names[0]] * frame[names[1]]).round(2) != frame[names[2]]).sum())


def sheet_raw() -> object:
    """Every cell of the workbook as text; the limits before it are a part of the whole import."""
    return sum(len(cells) for _, cells in sheets.rows(sheet_file(), "Отчёт", 1, {}))


def sheet_openpyxl() -> object:
    """Baseline: openpyxl's streaming reader, values as they come."""
    book = openpyxl.load_workbook(sheet_file(), read_only=True, data_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True))


def report() -> bool:
    """Print every measure; False when something is not as it must be."""
    measure(make, 1)
    small, base = measure(polars_small, 2), measure(polars_sink, 2)
    of_small, clean = measure(ours_small, 2), measure(ours, 2)
    _line(f"ingest: a CSV of {ROWS:,} rows, typed", clean, base, "Polars, scan and sink")
    _line(f"ingest: a CSV of {ROWS:,} rows, typed", clean, of_small, f"the same of {SMALL:,} rows")
    _line(f"ingest: a CSV of {SMALL:,} rows, typed", of_small, small, "Polars, scan and sink")
    _line(f"ingest: the dirty CSV of {SMALL:,} rows", measure(ours_dirty, 1), small, "Polars on the clean one")
    exact, floats = measure(wrong_lines, 1), measure(pandas_floats, 1)
    print(f"ingest: lines wrong: {exact.result} of ours, {floats.result} of pandas floats "
          f"({floats.cpu:.2f} s, {floats.peak_mb} MB to read)", flush=True)  # fmt: skip
    raw, slow = measure(sheet_raw), measure(sheet_openpyxl)
    print(f"ingest: an XLSX of {SHEET_ROWS:,} rows, every cell: {raw.cpu:.2f} s, {raw.peak_mb} MB   "
          f"= {slow.cpu / raw.cpu:.1f} times as fast as openpyxl ({slow.cpu:.2f} s)", flush=True)  # fmt: skip
    _line(f"ingest: the XLSX of {SHEET_ROWS:,} rows, typed", measure(ours_sheet, 1), slow, "openpyxl's reading alone")
    return exact.result == "0" and raw.result == slow.result


def _line(title: str, own: Measured, base: Measured, named: str) -> None:
    print(f"{title:<46} {own.cpu:8.2f} s cpu  {own.peak_mb:6} MB   = {own.cpu / base.cpu:5.2f} × {named} "
          f"({base.cpu:.2f} s, {base.peak_mb} MB); {own.wall:.1f} s wall", flush=True)  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        os.environ["COSTLAB_BENCH_INGEST"] = sys.argv[1]  # the measured processes read it
        ROWS = int(sys.argv[1])
        SMALL = min(ROWS, 1_000_000)
    sys.exit(0 if report() else 1)
