"""One cell or one byte of a good file is spoiled: at most its row is lost, and never without a word.

Every file has a total below its rows, so that a number that became another number is noticed too. What may happen:
the row is rejected, or read as what it now says; all other rows are exactly what they were. Spoiled where the names of
the columns stand, the file may be refused. Two rows are touched where the line break between them is.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from costlab.bills import read_bill
from costlab.errors import InputError, kind, sentence
from costlab.model.bill import Bill
from tests.bills.dirt import HEADER as PLAIN
from tests.bills.dirt import book, sheet

NAMES = ("Дата", "Проект", "ID ресурса", "Сервис", "Параметр", "Количество", "Ед. изм.", "Стоимость", "Бонусы", "Метки")
ROWS = [
    (f"2026-06-{n % 9 + 1:02}", f"mcs000000000{n % 2}", f"res-{n}", "Виртуальные серверы" if n % 3 else "Базы данных",
     ("CPU, Intel", "RAM", "Диск; SSD", "IP «белый»")[n % 4], f"{n * 1440 + 7}.5", "ГБ·мин",
     f"{n * 37 + 11}.{n % 90 + 10}",
     "0" if n % 4 else "1.25", '{"env": "prod", "a": "b\nc"}' if n % 5 == 4 else "")
    for n in range(16)
]  # fmt: skip
CODES = {"cut_off"}
"""What may refuse a whole file for a row: its last one, left without an end."""


def cell(text: str, delimiter: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(c in text for c in f'"{delimiter}\n') else text


def lines(delimiter: str, comma: bool, rows: list[tuple[str, ...]], untouched: str | None = None) -> list[str]:
    """The records of a file; `untouched` stands as it is, quoted by nobody."""
    total = sum(Decimal(r[7]) for r in ROWS)
    footer = ("Итого", *[""] * 6, str(total), "", "")
    made = []
    for row in [NAMES, *rows, footer]:
        cells = [
            c.replace(".", ",") if comma and n in (5, 7, 8) and c is not untouched else c for n, c in enumerate(row)
        ]
        made.append(delimiter.join(c if c is untouched else cell(c, delimiter) for c in cells) + "\n")
    return made


def semicolons(rows: list[tuple[str, ...]], untouched: str | None = None) -> bytes:
    return "".join(lines(";", False, rows, untouched)).encode("utf-8", "replace")


def commas(rows: list[tuple[str, ...]], untouched: str | None = None) -> bytes:
    return b"\xef\xbb\xbf" + "".join(lines(",", True, rows, untouched)).encode("utf-8", "replace")


def russian(rows: list[tuple[str, ...]], untouched: str | None = None) -> bytes:
    return "".join(lines(";", True, rows, untouched)).replace("\n", "\r\n").encode("cp1251", "replace")


def unicode_text(rows: list[tuple[str, ...]], untouched: str | None = None) -> bytes:
    return "".join(lines("\t", False, rows, untouched)).encode("utf-16-le", "replace").join([b"\xff\xfe", b""])


FILES: dict[str, Callable[..., bytes]] = {
    "semicolons.csv": semicolons, "commas.csv": commas, "russian.csv": russian, "unicode.txt": unicode_text,
}  # fmt: skip


def shown(bill: Bill) -> list[tuple[Any, ...]]:
    names = [n for n in bill.charges.column_names if n not in ("line", "file") and not n.startswith("x_")]
    return [tuple(row[n] for n in names) for row in bill.charges.to_pylist()]


def read(folder: Path, name: str, raw: bytes) -> Bill:
    path = folder / name
    path.write_bytes(raw)
    return read_bill(path)


@cache
def good(folder: Path, name: str) -> tuple[Bill, list[tuple[Any, ...]]]:
    """A file as it was."""
    bill = read(folder, name, FILES[name](ROWS))
    assert (bill.accepted, bill.rejected, bill.problems) == (len(ROWS), 0, ())
    return bill, shown(bill)


def check(before: tuple[Bill, list[tuple[Any, ...]]], touched: set[int], read_it: Callable[[], Bill]) -> None:
    """`touched`: places of the rows in which the spoiled byte stands; -1 the header, the count of rows the footer."""
    old, was = before
    try:
        bill = read_it()
    except InputError as error:
        refused = error.problems
    else:
        refused = ()
    for problem in refused:
        assert sentence(problem, "en")
        assert sentence(problem, "ru")
    if refused:
        assert -1 in touched or refused[0].code in CODES, refused
        return
    assert bill.rows == bill.accepted + bill.rejected
    assert sum(kind(p) == "rejected" for p in bill.problems) == bill.rejected
    if -1 in touched:  # a column may have lost its name, and the money stays
        assert bill.total == old.total or bill.problems, bill.columns
        return
    others = [row for n, row in enumerate(was) if n not in touched]
    now = shown(bill)
    rest = list(now)
    for row in others:
        assert row in rest, (row, bill.problems)
        rest.remove(row)
    assert len(rest) <= len(touched) + 1
    assert bill.rejected <= len(touched) + 2  # a row of two lines, cut in one of them
    lost = sum(Decimal(ROWS[n][7]) for n in touched if n < len(ROWS))
    place = list(bill.charges.column_names).index("amount") - 1
    assert bill.total * bill.sign == old.total - lost + sum(row[place] for row in rest)
    if bill.total != old.total:
        assert bill.problems, (bill.total, rest)
    for problem in bill.problems:
        assert sentence(problem, "en")
        assert sentence(problem, "ru")


NASTY = [
    "", '"', '""', ';"', "\n", "\r", "\t", ";", ",", "Итого", "Всего", "1,234", "1.234,5", "-", "−5", "(5)", "1e5",
    "1e999", "NaN", "inf", "#REF!", "NULL", "0026-06-01", "2062-06-01", "31.06.2026", "01/02/2026", "9" * 30,
    "0." + "1" * 30, "=1+1", "\x00", "\ufeff", "\u00a0", "$5", "5 ₽", "1.91431E+18", "Дата", "£", "£5", "-99999999",
    "99999999", "a;b", '{"a": 1, "a": 2}',
]  # fmt: skip


@seed(20260601)
@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(sorted(FILES)), st.integers(0, len(ROWS) - 1), st.integers(0, len(NAMES) - 1),
    st.sampled_from(NASTY) | st.text(max_size=12),
)  # fmt: skip
def test_one_cell(tmp_path_factory: pytest.TempPathFactory, name: str, row: int, column: int, text: str) -> None:
    text = "".join(text)  # a string of its own, told from others by identity
    rows = [list(r) for r in ROWS]
    rows[row][column] = text
    raw = FILES[name]([tuple(r) for r in rows], text)
    check(good(tmp_path_factory.getbasetemp(), name), {row}, lambda: read(tmp_path_factory.getbasetemp(), name, raw))


@seed(20260602)
@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_one_byte(tmp_path_factory: pytest.TempPathFactory, name: str, share: float, change: int) -> None:
    raw = bytearray(FILES[name](ROWS))
    at = int(share * len(raw))
    ends = [0]
    encoding = {"russian.csv": "cp1251", "unicode.txt": "utf-16-le"}.get(name, "utf-8")
    ending = "\r\n" if name == "russian.csv" else "\n"
    delimiter, comma = {"commas.csv": (",", True), "russian.csv": (";", True), "unicode.txt": ("\t", False)}.get(
        name, (";", False)
    )
    start = {"commas.csv": 3, "unicode.txt": 2}.get(name, 0)
    for record in lines(delimiter, comma, ROWS):
        start += len(record.replace("\n", ending).encode(encoding, "replace"))
        ends.append(start)
    record = next(n for n, end in enumerate(ends[1:]) if at < end) - 1
    touched = {record}
    if at >= ends[record + 2] - 2 * (1 + (encoding == "utf-16-le")) and record < len(ROWS):
        touched.add(record + 1)  # the line break itself
    raw[at] ^= change
    check(
        good(tmp_path_factory.getbasetemp(), name),
        touched,
        lambda: read(tmp_path_factory.getbasetemp(), name, bytes(raw)),
    )


@seed(20260603)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.integers(0, 4), st.sampled_from(NASTY) | st.text("abя1<&", max_size=8) | st.integers())
def test_one_cell_of_a_workbook(tmp_path_factory: pytest.TempPathFactory, row: int, column: int, value: Any) -> None:
    rows: list[list[Any]] = [[f"2026-06-0{n + 1}", f"r{n}", "CPU", n + 1, n * 10 + 5] for n in range(8)]
    footer = ["Итого", "", "", "", sum(r[4] for r in rows)]
    folder = tmp_path_factory.getbasetemp()
    was = read(folder, "good.xlsx", book(sheet([*rows, footer])))
    old = rows[row][4]
    clean = "".join(c for c in value if c.isprintable()) if isinstance(value, str) else value
    rows[row][column] = clean.replace("&", "&amp;").replace("<", "&lt;") if isinstance(clean, str) else clean
    bill = read(folder, "bill.xlsx", book(sheet([*rows, footer])))
    others = [r for n, r in enumerate(shown(was)) if n != row]
    rest = shown(bill)
    for other in others:
        rest.remove(other)
    assert len(rest) + bill.rejected <= 1
    place = list(bill.charges.column_names).index("amount") - 1
    assert bill.total * bill.sign == was.total - old + sum(r[place] for r in rest)
    assert bill.total == was.total or bill.problems


def test_names_are_those_of_the_recipes() -> None:
    assert set(PLAIN) <= {*NAMES, "Сумма"}
