"""Bills in what people send them in: archives, workbooks of other programs, several sheets, standard input."""

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from costlab.bills import read_bill
from costlab.store import import_bill, open_store
from tests.bills.dirt import CSV, HEADER, ROWS
from tests.office import convert

TOTAL = Decimal("313.97")


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, sheets: dict[str, list[tuple[Any, ...]]]) -> Path:
    """A workbook whose sheets have the header and these rows."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([HEADER, *rows]):
                sheet.write_row(number, 0, row)
    return path


def test_a_bill_and_the_same_bill_in_an_archive_are_one(tmp_path: Path) -> None:
    """An archive made again has other bytes; what is in it has not."""
    plain = tmp_path / "bill.csv"
    plain.write_bytes(CSV)
    packed = zipped(tmp_path / "bill.zip", **{"june/bill.csv": CSV})
    store = open_store(home=tmp_path / "home")
    assert import_bill(store, packed).status == "imported"
    again = import_bill(store, plain)
    assert (again.status, again.bill.source) == ("unchanged", f"{packed}/june/bill.csv")


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_workbooks_of_other_programs(ending: str, tmp_path: Path) -> None:
    ours = workbook(tmp_path / "bill.xlsx", {"Лист1": ROWS})
    (other,) = convert(tmp_path, ours, to=ending)
    packed = zipped(tmp_path / "bill.zip", **{other.name: other.read_bytes()})
    for path, source in ((other, str(other)), (packed, f"{packed}/{other.name}")):
        bill = read_bill(path)
        assert (bill.total, bill.accepted, bill.rejected, bill.source) == (TOTAL, 4, 0, source)
        assert bill.charges["amount"].to_pylist() == list(map(Decimal, ("113.24", "104.40", "90.05", "6.28")))
        assert [str(d) for d in bill.charges["day"].to_pylist()] == ["2026-06-01"] * 2 + ["2026-06-02"] * 2
