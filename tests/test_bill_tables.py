"""Bills in what people send them in: archives, workbooks of other programs, several sheets, standard input."""

import gzip
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from costlab.bills import read_bill
from costlab.errors import InputError
from costlab.store import import_bill, open_store
from tests.bills.dirt import CSV, HEADER, ROWS, objects
from tests.office import convert

GOLDEN = Path(__file__).parent / "bills" / "formats"
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


def test_google_in_json_is_read_as_its_csv(tmp_path: Path) -> None:
    """The same export as CSV, as JSON lines (packed or not) and as a list: the same charges, each at its own line."""
    lines = (GOLDEN / "gcp.jsonl").read_bytes()
    packed, listed = tmp_path / "gcp.json.gz", tmp_path / "gcp.json"
    packed.write_bytes(gzip.compress(lines, mtime=0))
    listed.write_text(json.dumps([json.loads(line, parse_float=str) for line in lines.splitlines()], indent=1))
    wanted = read_bill(GOLDEN / "gcp.csv")
    for path in (GOLDEN / "gcp.jsonl", packed, listed):
        bill = read_bill(path)
        assert (bill.format, bill.total, bill.rows, bill.rejected) == ("gcp_billing", wanted.total, 6, 1)
        assert [(p.code, p.line) for p in bill.problems] == [("bad_cell", 6)]
        assert [line + 1 for line in bill.charges["line"].to_pylist()] == wanted.charges["line"].to_pylist()
        same = [c for c in wanted.charges.column_names if c not in ("line", "file", "x_credits")]
        assert bill.charges.select(same).equals(wanted.charges.select(same))


def test_json_that_is_cut_off_or_names_a_key_twice(tmp_path: Path) -> None:
    whole = objects()
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole[:-9])
    with pytest.raises(InputError) as caught:
        read_bill(cut)
    assert [(p.code, p.line) for p in caught.value.problems] == [("cut_off", 4), ("bad_object", 4)]
    twice = tmp_path / "twice.jsonl"
    twice.write_bytes(whole.replace(b'"cost": 90.05', b'"cost": 90.05, "cost": 0', 1))
    bill = read_bill(twice)
    assert (bill.rows, bill.accepted, bill.total) == (4, 3, TOTAL - Decimal("90.05"))
    assert [(p.code, p.line) for p in bill.problems] == [("bad_object", 3)]
