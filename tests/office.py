"""LibreOffice Calc as the judge of our workbooks: recalculate them, without a window and with a profile of its own."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

# Without this LibreOffice shows a file's cached values instead of computing: 0 = always recalculate.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
WRONG = "13.37"
FORMULA = re.compile(r"(<f>[^<]*</f>)<v>[^<]*</v>")


def soffice() -> str:
    """The program; without it the test is skipped, or fails where everything is required."""
    found = shutil.which("soffice")
    if found is None:
        reason = "LibreOffice is not installed (soffice)"
        if os.environ.get("COSTLAB_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def convert(folder: Path, *workbooks: Path, to: str = "xlsx") -> list[Path]:
    """Open, recalculate and save workbooks into a folder; returns the new files in the same order."""
    program = soffice()
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    out = folder / "out"
    command = [program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", to]
    done = subprocess.run(
        [*command, "--outdir", str(out), *map(str, workbooks)], capture_output=True, timeout=300, check=False
    )
    written = [out / f"{w.stem}.{to}" for w in workbooks]
    missing = [w.name for w in written if not w.exists()]
    assert not missing, f"{missing}: {done.stdout!r} {done.stderr!r}"
    return written


def spoil(workbook: Path, target: Path, edits: Mapping[tuple[int, str], str] | None = None) -> int:
    """A copy in which every cached value is wrong, and cells (number of the sheet, `J5`) hold other numbers.

    Returns how many cached values were replaced.
    """
    count = 0
    asked = dict(edits or {})
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if sheet := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename):
                text, replaced = FORMULA.subn(rf"\g<1><v>{WRONG}</v>", data.decode())
                count += replaced
                for (number, cell), value in list(asked.items()):
                    if number == int(sheet[1]):
                        text, found = re.subn(rf'(<c r="{cell}"[^>]*>)<v>[^<]*</v>', rf"\g<1><v>{value}</v>", text)
                        assert found == 1, cell
                        del asked[number, cell]
                data = text.encode()
            new.writestr(item, data)
    assert not asked
    return count


def rows(workbook: Path, *, formulas: bool = False) -> dict[str, list[list[object]]]:
    """The cells of every sheet, row by row: values, or formulas where there are some."""
    book = openpyxl.load_workbook(workbook, data_only=not formulas)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}
