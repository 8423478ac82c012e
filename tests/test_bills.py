"""Bills as people have them: dialects say the same, a broken cell costs its row, a wrong file says what it is."""

import contextlib
import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from costlab import bills
from costlab.bills import Profile, detect, read_bill, read_bill_into, read_bills, readers
from costlab.errors import InputError, kind, sentence
from costlab.files import tables
from costlab.files import xlsx as sheets
from costlab.model.bill import CHARGES, Control
from tests.bills import dirt
from tests.bills.samples import (
    DIALECTS,
    HEADER,
    ROWS,
    TOTAL,
    archive,
    bomb,
    encrypted,
    far_cell,
    full,
    save,
    shown,
    text,
    wanted,
    workbook,
)


@pytest.mark.parametrize("name", DIALECTS)
def test_dialects_say_the_same(name: str, tmp_path: Path) -> None:
    path = save(tmp_path, DIALECTS[name](), name)
    bill = read_bill(path)
    assert (
        shown(bill) == wanted() if name != "cp1251.csv" else [r[1:6] for r in shown(bill)] == [r[1:6] for r in wanted()]
    )
    known = [f for f in bill.charges.schema if not f.name.startswith("x_")]
    assert pa.schema(known) == CHARGES
    assert (bill.rows, bill.accepted, bill.rejected) == (5, 5, 0)
    assert [p.code for p in bill.problems] == (["sheets_aside"] if name.startswith("book") else [])  # “Итоги” is named
    assert bill.total == TOTAL * bill.sign
    assert bill.sign == (-1 if name == "negative.csv" else 1)
    assert (bill.first_day, bill.last_day) == (date(2026, 6, 1), date(2026, 6, 30))
    assert bill.projects == ("mcs0000000001", "mcs0000000002")
    assert (bill.provider, bill.region, bill.currency) == ("vk", "ru-msk", "RUB")
    assert detect(path).columns == bill.columns
    assert all(n in bills.NOTES for n, _ in bill.notes)


def test_what_each_file_says_of_itself(tmp_path: Path) -> None:
    found = {n: read_bill(save(tmp_path, make(), n)) for n, make in DIALECTS.items()}
    assert {n: b.encoding for n, b in found.items()} == {
        "cp1251.csv": "cp1251", "bom.csv": "utf-8", "utf16.txt": "utf-16-le", "negative.csv": "utf-8", "book.xlsx": "",
        "book-as.csv": "",
    }  # fmt: skip
    assert [b.delimiter for b in found.values()] == [";", ",", "\t", ";", "", ""]
    assert [b.header_line for b in found.values()] == [1, 1, 1, 4, 4, 4]
    assert found["negative.csv"].control == TOTAL
    assert found["negative.csv"].charges["line"].to_pylist() == [5, 6, 8, 9, 10]
    assert found["cp1251.csv"].control == TOTAL
    assert found["bom.csv"].ignored == ()
    assert found["bom.csv"].columns["amount"] == "Cost (RUB)"
    assert found["book.xlsx"].sha256 == found["book-as.csv"].sha256


def test_without_quantity_unit_in_the_header_and_unknown_columns(tmp_path: Path) -> None:
    bill = read_bill(save(tmp_path, "Дата;Параметр;Списано;Блок\n2026-06-01;CPU;1,5;x\n".encode()))
    assert bill.charges["quantity"].to_pylist() == [None]
    assert bill.ignored == ("Блок",)
    bill = read_bill(save(tmp_path, "Дата;Параметр;Количество, ГБ·ч;Списано, ₸\n2026-06-01;CPU;2;1,5\n".encode()))
    assert bill.charges["unit"].to_pylist() == ["ГБ·ч"]
    assert (bill.currency, bill.region) == ("KZT", "kz-ast")


def test_both_paths_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB's way and the careful one: charges, lines, rejected rows."""
    rows = [("2026-06-01", f'"r;{n}"' if n % 3 else f"r{n}", "CPU", f"{n},25") for n in range(5000)]
    rows[77], rows[78] = ("2026-06-01", "x"), ("Итого", "", "", "1")
    raw = "\n".join(["Дата;ID ресурса;Параметр;Сумма", *(";".join(r) for r in rows)]).encode()
    fast = read_bill(save(tmp_path, raw))
    monkeypatch.setattr(tables, "_fast", lambda *_: False)
    careful = read_bill(save(tmp_path, raw))
    assert fast == careful
    assert fast.charges["line"].to_pylist() == [n for n in range(2, 5002) if n not in (79, 80)]
    assert [(p.code, p.line) for p in fast.problems] == [("bad_row", 79), ("control_differs", 80)]


def test_a_quoted_line_break_moves_no_line_number(tmp_path: Path) -> None:
    raw = 'Дата;ID ресурса;Параметр;Сумма\n2026-06-01;"a\nb";CPU;1\n\n2026-06-02;c;CPU;2,5\n'
    assert read_bill(save(tmp_path, raw.encode())).charges["line"].to_pylist() == [2, 5]


CORRUPT = {
    "not a number": (7, "12x", "bad_cell"), "an error": (7, "#ЗНАЧ!", "bad_cell"), "nothing": (7, "", "empty_cell"),
    "too exact": (7, "1.0000000000000000001", "excess_digits"), "huge": (7, "9" * 30, "excess_digits"),
    "no day": (0, "31.06.2026", "bad_cell"), "another century": (0, "0026-06-01", "bad_cell"),
    "no parameter": (4, "", "empty_cell"), "quantity": (5, "много", "bad_cell"), "id": (2, "1.91431E+18", "mangled_id"),
    "stray quote": (2, '"a', "bad_row"), "delimiter": (2, "a;b", "bad_row"), "nul": (2, "a\x00b", "bad_bytes"),
    "decimal comma among points": (7, "12,5", "bad_cell"),
}  # fmt: skip


@pytest.mark.parametrize("case", CORRUPT)
def test_a_broken_cell_costs_its_own_row(case: str, tmp_path: Path) -> None:
    column, cell, code = CORRUPT[case]
    lines = [";".join(r[:8]) for r in [HEADER, *full()]]
    broken = list(full()[2][:8])
    broken[column] = cell
    lines[3] = ";".join(broken)
    path = save(tmp_path, "\n".join(lines).encode())
    bill = read_bill(path)
    assert [(p.code, p.line, kind(p)) for p in bill.problems] == [(code, 4, "rejected")]
    assert (bill.rows, bill.accepted, bill.rejected) == (5, 4, 1)
    assert bill.total == TOTAL - Decimal(ROWS[2][7])
    for language in ("en", "ru"):
        said = sentence(bill.problems[0], language)
        assert said.startswith(f"{path}:4: ")
        assert cell.replace("\x00", "�") in said
        assert "{" not in said


def test_a_broken_byte_costs_its_own_row(tmp_path: Path) -> None:
    raw = text([HEADER, *full()]).encode().replace("Базы".encode(), b"\xd0\xff\xd0")
    assert [(p.code, p.line) for p in read_bill(save(tmp_path, raw)).problems] == [("bad_bytes", 4)]


CODES = {
    "table_empty", "table_too_large", "zip_bomb", "encrypted", "old_excel", "html", "document", "not_a_table",
    "broken_workbook", "sheet_full", "no_header", "header_only", "ambiguous_header", "profile_header", "two_readers",
    "ambiguous_numbers", "ambiguous_dates", "mixed_currency", "mostly_rejected", "no_bill", "different_bills",
    "bad_row", "bad_bytes", "bad_cell", "empty_cell", "excess_digits", "mangled_id", "control_differs",
    "overlapping_files", *dirt.codes(),
}  # fmt: skip
"""Messages of reading bills; each has a case here or in `errors/bills`."""
CLEAN = text([HEADER, *full()])
PLACES = list(itertools.product(range(len(ROWS)), range(len(HEADER))))


@settings(max_examples=150)
@given(
    st.sampled_from(PLACES),
    st.text(max_size=12) | st.sampled_from(['"', ';"', '""', "\n", "\r", "Итого", "1,234", "-"]),
)
@example((0, 7), '"')
@example((1, 2), "\n")
@example((4, 0), "Итого")
def test_any_one_cell(tmp_path_factory: pytest.TempPathFactory, place: tuple[int, int], cell: str) -> None:
    """Whatever a cell holds, the other rows are read, or the file is refused in words."""
    rows = [list(r) for r in full()]
    rows[place[0]][place[1]] = cell
    lines = [";".join(c if c is cell or ";" not in c else f'"{c}"' for c in r) for r in [HEADER, *rows]]
    raw = "\n".join([*lines, ""]).encode("utf-8", errors="replace")
    path = save(tmp_path_factory.getbasetemp(), raw, "cell.csv")
    bill = read_bill(path)
    assert bill.accepted + bill.rejected == bill.rows
    others = [r for n, r in enumerate(wanted()) if n != place[0]]
    assert [r for r in shown(bill) if r in others] == others
    assert sum(r[7] for r in shown(bill)) == bill.total * bill.sign


@given(
    st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=12), min_size=1, max_size=30),
    st.sampled_from(",."),
)
def test_sums_are_exact(tmp_path_factory: pytest.TempPathFactory, amounts: list[Decimal], mark: str) -> None:
    lines = ["Дата;Параметр;Сумма", *(f"2026-06-01;CPU;{a:f}".replace(".", mark) for a in amounts)]
    bill = read_bill(save(tmp_path_factory.getbasetemp(), "\n".join(lines).encode(), "sum.csv"))
    assert bill.total == sum(amounts)
    assert bill.charges["amount"].to_pylist() == [a * bill.sign for a in amounts]


PLAIN = "Дата;Параметр;Сумма\n"
REFUSED = {
    "empty": (b"", "table_empty"), "blank": (b"\xef\xbb\xbf \r\n", "table_blank"),
    "html": (b"<!DOCTYPE html><html><body>login;a;b</body></html>", "html"), "encrypted": (encrypted(), "encrypted"),
    "xls": (tables._OLE + b"\x00" * 2000, "old_excel"), "docx": (archive("word/document.xml"), "document"),
    "zip": (archive("a.txt"), "no_header"), "pdf": (b"%PDF-1.7\n", "document"),
    "header only": (PLAIN.encode(), "header_only"), "footer only": (f"{PLAIN}Итого;;0".encode(), "header_only"),
    "no header": (b"a;b;c\n1;2;3\n", "no_header"), "binary": (bytes(range(256)) * 40, "not_a_table"),
    "two amounts": ("Дата;Параметр;Сумма;Стоимость\n2026-06-01;CPU;1;2\n".encode(), "ambiguous_header"),
    "numbers": (f"{PLAIN}2026-06-01;CPU;1,234\n".encode(), "ambiguous_numbers"),
    "dates": (f"{PLAIN}01/02/2026;CPU;1\n".encode(), "ambiguous_dates"),
    "nothing readable": (f"{PLAIN}x;CPU;y\n".encode(), "mostly_rejected"), "bomb": (bomb(), "zip_bomb"),
    "far cell": (far_cell(), "zip_bomb"), "cut off": (workbook()[:3000], "broken_workbook"),
    "broken": (archive("xl/workbook.xml"), "broken_workbook"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Path) -> None:
    raw, code = REFUSED[case]
    path = save(tmp_path, raw)
    with pytest.raises(InputError) as error:
        read_bill(path)
    problem = error.value.problems[0]
    assert (problem.code, kind(problem)) == (code, "error")
    for language in ("en", "ru"):
        said = sentence(problem, language)
        assert said.startswith(str(path))
        assert "{" not in said.replace("{amount: …}", "")
        assert ": ;" not in said


def test_several_currencies_are_never_added(tmp_path: Path) -> None:
    rows = "Дата;Параметр;Сумма;Валюта\n2026-06-01;CPU;1,5;RUB\n2026-06-01;CPU;2;KZT\n2026-06-02;CPU;3;₽\n"
    bill = read_bill(save(tmp_path, rows.encode()))
    assert (bill.currency, bill.totals) == ("", {"KZT": Decimal(2), "RUB": Decimal("4.5")})
    assert bill.charges["currency"].to_pylist() == ["RUB", "KZT", "RUB"]
    bill = read_bill(save(tmp_path, (rows + "2026-06-03;CPU;4;\n2026-06-03;CPU;4;12\n").encode()))
    assert [(p.code, p.line) for p in bill.problems if kind(p) == "rejected"] == [("empty_cell", 5), ("bad_cell", 6)]


def test_columns_nobody_knows_are_kept_as_text(tmp_path: Path) -> None:
    raw = 'Дата;Параметр;Сумма;Блок;блок;x_Own;;"a""b"\n2026-06-01;CPU;1; я ;NULL;7;8;9\n'
    charges = read_bill(save(tmp_path, raw.encode())).charges
    assert charges.schema.names[len(CHARGES) :] == ["x_Блок", "x_блок_", "x_Own", "x_column_7", 'x_a"b']
    assert list(charges.to_pylist()[0].values())[len(CHARGES) :] == [" я ", "NULL", "7", "8", "9"]


def test_controls_of_text_and_of_typed_rows(tmp_path: Path) -> None:
    raw = f"{PLAIN}2026-06-01; CPU ;-1,5\n2026-06-01;CPU;-1 000,25 ₽\nx;CPU;7\n2026-06-02;CPU;0,000000000000000001\n"
    bill = read_bill(save(tmp_path, raw.encode()))
    assert bill.before == bill.after == Control(3, Decimal("-1001.749999999999999999"))
    assert bill.totals == {"RUB": Decimal("1001.749999999999999999")}
    assert bill.charges["parameter"].to_pylist() == ["CPU"] * 3


def test_parquet_is_read_by_its_types(tmp_path: Path) -> None:
    path = tmp_path / "bill [1]*.parquet"
    columns = {
        "Дата": pa.array([datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, 5, tzinfo=UTC)]),
        "Параметр": ["CPU", "RAM"],
        "Сумма": pa.array([Decimal("0.000000000000000001"), Decimal("2.50")], pa.decimal128(38, 18)),
        "Количество": [0.1, 1e-7],
        "Метки": pa.array([[("env", "prod")], None], pa.map_(pa.string(), pa.string())),
        "Дни": pa.array([[1, 2], None]),
    }
    pq.write_table(pa.table(columns), path)
    bill = read_bill(path)
    rows = bill.charges.to_pylist()
    assert [r["amount"] for r in rows] == [Decimal("0.000000000000000001"), Decimal("2.5")]
    assert [r["quantity"] for r in rows] == [Decimal("0.1"), Decimal("0.0000001")]
    assert [(r["line"], r["day"].day, r["tags"], r["x_Дни"]) for r in rows] == [
        (1, 1, '{"env": "prod"}', "[1,2]"), (2, 2, "{}", ""),
    ]  # fmt: skip
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(InputError, match="broken Parquet"):
        read_bill(path)


def test_rows_go_to_a_file_and_cancelling_leaves_none(tmp_path: Path) -> None:
    stages: list[str] = []
    bill = read_bill_into(save(tmp_path, CLEAN.encode()), tmp_path, progress=lambda stage, _: stages.append(stage))
    assert bill.parquet == tmp_path / f"{bill.sha256}.parquet"
    assert (bill.loaded, shown(bill)) == (None, wanted())
    assert stages[0] == "read"
    bill.parquet.unlink()

    def stop(stage: str, _: float | None) -> None:
        if stage == "check":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_bill_into(save(tmp_path, CLEAN.encode()), tmp_path, progress=stop)
    assert [p.name for p in tmp_path.iterdir()] == ["bill.csv"]


def test_the_rest_of_the_files_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(path: Path, **more: Any) -> str:
        with pytest.raises(InputError) as error:
            read_bill(path, **more)
        return error.value.problems[0].code

    good = save(tmp_path, CLEAN.encode())
    assert code(tmp_path) == "is_directory"
    assert code(tmp_path / "none.csv") == "unreadable"
    assert code(good, profile=Profile(columns={"amount": "Нет такого"})) == "profile_header"
    with pytest.raises(InputError, match="no file was given"):
        read_bills([])
    kzt = save(tmp_path, "Дата;Параметр;Списано, ₸\n2026-06-01;CPU;1,5\n".encode(), "kzt.csv")
    with pytest.raises(InputError, match="cannot be read as one bill"):
        read_bills([good, kzt])
    reader = bills.load("vk_granular")
    monkeypatch.setattr(readers, "names", lambda: ("vk_granular", "another"))
    monkeypatch.setattr(readers, "load", lambda _: reader)
    assert code(good) == "two_readers"
    monkeypatch.undo()
    monkeypatch.setattr(sheets, "LAST_ROW", 9)
    assert code(save(tmp_path, workbook(), "full.xlsx")) == "sheet_full"
    monkeypatch.setattr(tables, "MAX_BYTES", 10)
    assert code(good) == "table_too_large"


def test_a_total_that_differs_is_a_warning(tmp_path: Path) -> None:
    lines = [HEADER, *full(), ("Итого", *[""] * 6, "1", "")]
    bill = read_bill(save(tmp_path, text(lines).encode()))
    assert (bill.rows, bill.control) == (5, Decimal(1))
    assert [(p.code, p.line, kind(p)) for p in bill.problems] == [("control_differs", 7, "warning")]
    assert bill.problems[0].args["difference"] == f"{1 - TOTAL:f}".rstrip("0")


def test_a_footer_may_be_rounded_and_a_tax_line_is_no_total(tmp_path: Path) -> None:
    rows = "2026-06-01;CPU;1.005\n2026-06-01;CPU;1.001\nИтого;;2.01\nВ том числе НДС;;0.36\n"
    bill = read_bill(save(tmp_path, (PLAIN + rows).encode()))
    assert (bill.accepted, bill.control, bill.problems) == (2, Decimal("2.01"), ())


def test_the_header_again_in_the_middle(tmp_path: Path) -> None:
    bill = read_bill(save(tmp_path, f"{PLAIN}2026-06-01;CPU;1\n{PLAIN}2026-06-02;CPU;2\n".encode()))
    assert (bill.rows, dict(bill.notes)) == (2, {"header_repeated": 1})


def test_two_columns_of_one_meaning_may_be_identical(tmp_path: Path) -> None:
    bill = read_bill(save(tmp_path, "Дата;Параметр;Сумма;Стоимость\n2026-06-01;CPU;1;1\n".encode()))
    assert dict(bill.notes) == {"same_columns": 1}


def test_the_same_file_counts_once(tmp_path: Path) -> None:
    lines = [HEADER, *full()]
    paths = [
        save(tmp_path, text(lines[:3]).encode(), "a.csv"), save(tmp_path, text(lines[:3]).encode(), "again.csv"),
        save(tmp_path, text([HEADER, *lines[3:]]).encode(), "b.csv"),
    ]  # fmt: skip
    bill = read_bills(paths)
    assert shown(bill) == wanted()
    assert dict(bill.notes)["same_file"] == 1
    assert (bill.problems, bill.total, bill.rows) == ((), TOTAL, 5)
    assert (bill.first_day, bill.last_day) == (date(2026, 6, 1), date(2026, 6, 30))
    overlapping = read_bills([paths[0], save(tmp_path, CLEAN.encode(), "all.csv")])
    assert [p.code for p in overlapping.problems] == ["overlapping_files"]
    assert read_bills(paths[:2]).sha256 == read_bill(paths[0]).sha256


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_bytes_are_never_our_defect(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    for content in (raw, b"PK\x03\x04" + raw, CLEAN.encode()[:200] + raw):
        with contextlib.suppress(InputError):
            read_bill(save(tmp_path_factory.getbasetemp(), content, "raw.csv"))


@given(st.integers(0, 7000), st.binary(min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_broken_workbook_is_never_our_defect(
    tmp_path_factory: pytest.TempPathFactory, place: int, raw: bytes
) -> None:
    content = bytearray(BOOK)
    content[place : place + len(raw)] = raw
    with contextlib.suppress(InputError):
        read_bill(save(tmp_path_factory.getbasetemp(), bytes(content), "raw.xlsx"))


BOOK = workbook()
