"""Kinds of inventories that go wrong: identity, numbers, tables, missing parts; several inputs of each kind.

`inventory_kinds/<kind>.yaml` holds inputs (`files`: text or JSON by name, or `book`: rows of sheets) and what a person
reads from them: `machines` as `name vCPU RAM_GB disk+disk` (a count before it), `resources` as `name service size`,
`aside` as `name: code`, and the beginnings of the sentences in English, `told`. Nothing else may be told.
"""

import gzip
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from costlab import errors
from costlab.inventory import read_inventories, read_inventory
from costlab.model.inventory import Inventory, Machine
from tests.office import convert
from tests.test_inventories import SAMPLES, workbook

FOLDER = Path(__file__).parent / "inventory_kinds"
INPUTS = [
    pytest.param(one, id=f"{file.stem}-{place}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for place, one in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), start=1)
]


def put(one: dict[str, Any], folder: Path) -> Path:
    if "book" in one:
        return workbook(one["book"], folder / "book.xlsx")
    for name, content in one["files"].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / name if len(one["files"]) == 1 else folder


def line(machine: Machine) -> str:
    disks = "+".join(f"{d.size_gb:f}{'h' if d.tier == 'hdd' else ''}" for d in machine.disks)
    count = f"{machine.count} × " if machine.count != 1 else ""
    return f"{count}{machine.name} {machine.vcpu} {machine.ram_gb:f} {disks}".strip()


@pytest.mark.parametrize("one", INPUTS)
def test_kind(one: dict[str, Any], tmp_path: Path) -> None:
    found = read_inventory(put(one, tmp_path))
    assert [line(m) for m in found.machines] == one.get("machines", [])
    sizes = [f"{r.resource_id} {r.service} {getattr(r.spec, 'size_gb', '')}".strip() for r in found.resources]
    assert sizes == one.get("resources", [])
    assert [f"{a.name}: {a.code}" for a in found.set_aside] == one.get("aside", [])
    told = [f"{p.subject}: {errors.message(p, 'en')}".replace(str(tmp_path), "FOLDER") for p in found.problems]
    wanted = one.get("told", [])
    assert len(told) == len(wanted), told
    for sentence, beginning in zip(told, wanted, strict=True):
        assert sentence.startswith(beginning), sentence
    incomplete = any(errors.kind(p) == "unpriced" for p in found.problems)
    assert incomplete == one.get("incomplete", bool(wanted))
    whole(found)


def whole(found: Inventory) -> None:
    """Nothing is lost, and every reason is said in both languages."""
    own = 0 if found.kind == "estimate_file" else len(found.resources)
    assert found.read == len(found.machines) + own + len(found.set_aside)
    assert all(a.reason.ru and a.reason.en and a.origin for a in found.set_aside)
    assert all(errors.sentence(p, "ru") for p in found.problems)


def test_a_file_of_a_folder_that_nobody_reads_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Имя;vCPU;ОЗУ, ГБ;Диск, ГБ\nweb;2;4;10\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Том;Объем;Место\nnas;5000;Казань\nbkp;90;Казань\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("просто текст\n", encoding="utf-8")
    found = read_inventories(tmp_path)
    assert [(i.kind, i.read, len(i.machines)) for i in found] == [("table", 1, 1), ("unread", 2, 0)]
    assert [(a.name, a.code) for a in found[1].set_aside] == [("b.csv", "other_file"), ("c.txt", "other_file")]
    assert [p.code for p in found[1].problems] == ["row_unusable"]
    for one in found:
        whole(one)


TABLE = [["Имя", "vCPU", "ОЗУ, ГБ", "Диск, ГБ"], ["a", 2, 4.5, 100], ["b", 4, 16, "2026-05-04"]]


def ods(rows: list[list[Any]], path: Path, repeated: str = "", tall: str = "") -> Path:
    """A workbook as LibreOffice writes it, reduced to what a reader needs."""

    def cell(value: Any) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell {repeated} office:value-type="float" office:value="{value}"/>'
        if re.fullmatch(r"[0-9-]{10}", value):
            return f'<table:table-cell {repeated} office:value-type="date" office:date-value="{value}"/>'
        return f'<table:table-cell {repeated} office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    lines = "".join(f"<table:table-row {tall}>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    body = f'<office:body><office:spreadsheet><table:table table:name="L">{lines}</table:table>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_open_document(tmp_path: Path) -> None:
    found = read_inventory(ods(TABLE, tmp_path / "t.ods"))
    assert [line(m) for m in found.machines] == ["a 2 4.5 100"]
    assert [(a.name, a.code) for a in found.set_aside] == [("b", "no_size")]
    assert "a date where a number belongs" in found.set_aside[0].reason.en


def test_open_document_that_claims_too_much(tmp_path: Path) -> None:
    """17 billion cells in two kilobytes: refused in words, in a moment."""
    wide, tall = 'table:number-columns-repeated="16384"', 'table:number-rows-repeated="1048576"'
    bomb = ods([["x"]], tmp_path / "t.ods", wide, tall)
    with pytest.raises(errors.InputError) as raised:
        read_inventory(bomb)
    assert {p.code for p in raised.value.problems} <= {"zip_bomb", "broken_workbook"}


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_workbooks_of_other_programs(tmp_path: Path, ending: str) -> None:
    book = workbook({"L": [r for r in TABLE if r[0] != "b"]}, tmp_path / "t.xlsx")
    found = read_inventory(convert(tmp_path, book, to=ending)[0])
    assert [line(m) for m in found.machines] == ["a 2 4.5 100"]


def test_packed(tmp_path: Path) -> None:
    """A table as `.csv.gz`; an export's CSV files in one archive, with an archive in it that is not opened."""
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress("Имя;vCPU;ОЗУ, ГБ;Диск, ГБ\na;2;4;10\n".encode()))
    assert [line(m) for m in read_inventory(tmp_path / "t.csv.gz").machines] == ["a 2 4 10"]
    with zipfile.ZipFile(tmp_path / "rv.zip", "w") as archive:
        archive.writestr(
            "rv/tabvInfo.csv", "VM;Powerstate;CPUs;Memory;Provisioned MiB;VM ID\na;poweredOn;2;4096;1;vm-1\n"
        )
        archive.writestr("rv/tabvDisk.csv", "VM;Disk;Capacity MiB;VM ID\na;Hard disk 1;20480;vm-1\n")
        archive.write(tmp_path / "t.csv.gz", "more.csv.gz")
    found = read_inventory(tmp_path / "rv.zip")
    assert [line(m) for m in found.machines] == ["a 2 4 20"]
    assert found.machines[0].origin.endswith("rv.zip/rv/tabvInfo.csv:2")
    assert [(a.name, a.code) for a in found.set_aside] == [("more.csv.gz", "other_file")]
    whole(found)


@pytest.mark.parametrize("place", sorted(p.name for p in SAMPLES.iterdir() if p.is_dir()) if SAMPLES.exists() else [])
def test_samples_are_whole(place: str) -> None:
    """Read = machines + resources + set aside, for every reader and every sample that is an inventory."""
    if place in ("malformed", "terraform-plan", "focus", "accounting", "cloudkitty"):
        pytest.skip("no inventories")
    for file in sorted(p for p in (SAMPLES / place).rglob("*") if p.is_file()):
        try:
            found = read_inventory(file)
        except errors.InputError:
            continue  # no inventory, or a part of a set
        whole(found)
