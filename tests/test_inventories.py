"""Inventories of other platforms, OpenStack and tables: golden cases, and the facts of `../shared/samples`.

`inventories/<case>/` holds the input files (`book.yaml` is turned into a workbook) and `expected.json`; `case.yaml` may
name the reader, the file and a profile. Everywhere read = machines + resources + set aside, and every reason exists in
both languages.
"""

import json
import random
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from costlab import errors
from costlab.errors import InputError
from costlab.inventory import Options, read_inventory
from costlab.inventory.reading.cells import gb, number, sizes
from costlab.inventory.reading.instance_types import aws, azure, gcp
from costlab.inventory.sources import template
from costlab.model.inventory import Inventory
from costlab.services.parts.shapes import parse_flavor

FOLDER = Path(__file__).parent / "inventories"
CASES = sorted(p for p in FOLDER.iterdir() if p.is_dir())
ROWS = {
    "aws": 10, "aws-cur": 13, "azure": 3, "azure-migrate": 3, "gcp": 4, "migration-center": 3, "openstack-api": 11,
    "openstack-csv": 8, "openstack-table": 10, "powercli": 3, "proxmox": 4, "rvtools": 9, "table": 11,
    "table-profile": 2, "template": 2, "yandex": 3,
}  # fmt: skip
"""Counted by hand in the inputs: rows that are no part of a machine's row, and files of another kind."""
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"


def workbook(sheets: dict[str, list[list[Any]]], path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    sheet.write(line, column, value)
    return path


def inventory_of(case: Path, tmp_path: Path) -> Inventory:
    """Read below the folder given, which is where we are, so that origins are the same everywhere."""
    said = yaml.safe_load((case / "case.yaml").read_text()) if (case / "case.yaml").exists() else {}
    if (case / "book.yaml").exists():
        sheets = yaml.safe_load((case / "book.yaml").read_text(encoding="utf-8"))
        return read_inventory(workbook(sheets, tmp_path / f"{case.name}.xlsx").relative_to(tmp_path))
    copied = tmp_path / case.name
    copied.mkdir()
    for file in case.iterdir():
        if file.name not in ("expected.json", "case.yaml"):
            (copied / file.name).write_bytes(file.read_bytes())
    options = Options(profile=str(copied / said["profile"])) if "profile" in said else Options()
    return read_inventory(Path(case.name, said.get("open", "")), kind=said.get("kind"), options=options)


def counted(case: Path) -> int:
    """The rows of a case, counted by hand: `rows` of its `case.yaml`."""
    return int(yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))["rows"])


def as_plain(spec: dict[str, Any]) -> Any:
    return json.loads(json.dumps(spec, default=str))


def summary(found: Inventory) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "read": found.read,
        "machines": [
            json.loads(m.model_dump_json(exclude_defaults=True)) for m in found.machines
        ],
        "resources": [
            [r.resource_id, r.service, json.loads(r.spec.model_dump_json(exclude_defaults=True)), r.group,
             r.schedule.kind, r.count] for r in found.resources
        ],
        "to_fill_in": [[r.resource_id, r.service, as_plain(r.spec), list(r.to_fill_in)] for r in found.unfilled],
        "set_aside": [[a.origin, a.name, a.code, a.reason.en, a.reason.ru] for a in found.set_aside],
        "problems": [[p.code, p.subject, errors.message(p, "ru")] for p in found.problems],
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = inventory_of(case, tmp_path)
    assert found.read == len(found.machines) + len(found.resources) + len(found.unfilled) + len(found.set_aside)
    assert found.read == (ROWS[case.name] if case.name in ROWS else counted(case))
    expected = {"to_fill_in": []} | json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert summary(found) == expected
    for aside in found.set_aside:
        assert aside.reason.ru
        assert aside.reason.en
        assert aside.origin


def samples(*path: str) -> Path:
    found = SAMPLES.joinpath(*path)
    if not found.exists():
        pytest.skip(f"no samples: {'/'.join(path)}")
    return found


def test_sample_rvtools() -> None:
    found = read_inventory(samples("rvtools", "mjvincent-small-complete.xlsx"))
    assert (found.kind, found.read, len(found.machines), len(found.set_aside)) == ("rvtools", 3, 3, 0)
    assert [(m.name, m.power, m.vcpu, m.ram_gb, m.provisioned_gb, m.partition_gb) for m in found.machines] == [
        ("sample-web-01", "on", 2, 8, 120, 60),
        ("sample-db-01", "on", 4, 16, 320, 250),
        ("sample-archive-01", "off", 2, 4, 80, 10),
    ]


def test_sample_openstack() -> None:
    """93 vCPU in all, 56 of them active; 3,984 GB of volumes; 7 addresses, 2 of them free."""
    found = read_inventory(samples("openstack-cli"))
    servers = [r for r in found.resources if r.service == "vm"]
    vcpu = {r.resource_id: shape.vcpu for r in servers if (shape := parse_flavor(r.spec.flavor))}
    assert (len(servers), sum(vcpu.values())) == (19, 93)
    assert sum(vcpu[r.resource_id] for r in servers if r.schedule.kind == "always") == 56
    assert sum(r.spec.size_gb for r in found.resources if r.service == "disk") == 3984
    addresses = [r for r in found.resources if r.service == "public_ip"]
    assert (len(addresses), sum(not r.group for r in addresses)) == (7, 2)
    assert found.read == len(found.resources) + len(found.set_aside)


@pytest.mark.parametrize("name", ["server_list.json", "server_list_long.json", "server_list_long.yaml"])
def test_sample_openstack_shapes(name: str) -> None:
    found = read_inventory(samples("openstack-cli", name))
    assert (found.kind, found.read, len(found.resources)) == ("openstack", 19, 19)


def test_sample_openstack_api() -> None:
    found = read_inventory(samples("openstack-api"))
    kinds = sorted(r.service for r in found.resources)
    assert kinds == ["disk", "disk", "file_share", "load_balancer", *["public_ip"] * 4, "snapshot", "vm"]
    assert found.read == len(found.resources) + len(found.set_aside)


def test_sample_azure_migrate() -> None:
    found = read_inventory(samples("azure-migrate", "template-2026-eight-servers.csv"))
    assert (found.read, len(found.machines)) == (8, 8)
    assert sum(m.vcpu or 0 for m in found.machines) == 92
    assert sum(m.ram_gb or 0 for m in found.machines) == 320
    assert sum(d.size_gb for m in found.machines for d in m.disks) == 4600
    assert sum(m.in_use_gb or 0 for m in found.machines) == 3580


@pytest.mark.parametrize(
    ("name", "read", "machines"),
    [("5", 5, 5), ("6-resize", 6, 3), ("12", 12, 4), ("13", 13, 3)],
)
def test_sample_aws(name: str, read: int, machines: int) -> None:
    found = read_inventory(samples("aws", f"describe-instances-{name}.json"))
    assert (found.kind, found.read, len(found.machines)) == ("aws", read, machines)
    assert {a.code for a in found.set_aside} <= {"deleted"}


@pytest.mark.parametrize(
    ("name", "read", "machines"),
    [
        ("cur-anonymous-sample.csv", 25, 0), ("koku/2022-07-01-alt-columns.csv", 1, 1), ("koku/2023-06-01.csv", 1, 1),
        ("koku/empty_frame.csv", 0, 0), ("koku/test_cur.csv", 19, 0),
    ],
)  # fmt: skip
def test_sample_aws_cur(name: str, read: int, machines: int) -> None:
    """A report of storage and taxes, hours of one machine, and transfer of machines whose hours are not there."""
    found = read_inventory(samples("aws", *name.split("/")))
    assert (found.kind, found.read, len(found.machines)) == ("aws_cur", read, machines)
    if name == "koku/2023-06-01.csv":
        machine = found.machines[0]
        assert (machine.vcpu, machine.ram_gb, machine.monthly_cost, machine.currency) == (2, 8, Decimal("0.3"), "NOK")


def test_sample_other_clouds() -> None:
    hub = read_inventory(samples("aws", "migration-hub-import-sample.csv"))
    assert [(m.name, m.vcpu, m.ram_gb) for m in hub.machines] == [("pay-app01", 16, 32), ("srv-2", 2, 8)]
    disks = read_inventory(samples("gcp", "compute-aggregated-disks-54k.json"))
    assert [(a.name, a.code, a.reason.en[:5]) for a in disks.set_aside] == [
        ("disk-1", "unattached", "32 GB"), ("instance-1", "unattached", "10 GB"),
    ]  # fmt: skip
    machine = read_inventory(samples("azure", "vm-list-rest.json")).machines[0]
    assert (machine.vcpu, machine.ram_gb, [d.size_gb for d in machine.disks]) == (1, 2, [30, 1023])


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("16 Гб", "gb", ["16"]), ("100+500", "gb", ["100", "500"]), ("2x100", "gb", ["100", "100"]),
        ("1,5 ТБ", "gb", ["1536"]), ("100+500 ТБ", "gb", ["102400", "512000"]), ("8192", "mb", ["8"]),
        ("50 ГБ / 1 ТБ", "gb", ["50", "1024"]), ("1 024 МБ", "gb", ["1"]), ("сто", "gb", []), ("100+?", "gb", []),
        ("", "gb", []), ("1" * 40, "gb", []),
    ],
)  # fmt: skip
def test_sizes(text: str, unit: str, expected: list[str]) -> None:
    assert sizes(text, unit) == [Decimal(e) for e in expected]


def test_numbers() -> None:
    assert [number(t) for t in ("1 024", "12,5", "1,234.5", "1.234,5", "131,072", "45%", "-3", "много")] == [
        Decimal(1024), Decimal("12.5"), Decimal("1234.5"), Decimal("1234.5"), Decimal(131072), Decimal(45), None, None,
    ]  # fmt: skip
    assert gb("13167616", "b") == Decimal("0.012264")


def test_instance_types() -> None:
    known = {"t2.micro": (1, 1), "t3.micro": (2, 1), "m3.medium": (1, Decimal("3.75")), "m4.16xlarge": (64, 256),
             "c5.9xlarge": (36, 72), "r5.large": (2, 16)}  # fmt: skip
    assert {n: aws(n) for n in known} == known
    assert [aws(n) for n in ("m5.metal", "x9.huge", "m5", "t3.9xlarge")] == [None] * 4
    assert (azure("Standard_E8s_v5"), azure("Standard_F4s_v2"), azure("Standard_B2ms")) == ((8, 64), (4, 8), (2, 8))
    assert [azure(n) for n in ("Standard_D4ls_v5", "Standard_D4_v2", "Standard_E8-2s_v3", "x")] == [None] * 4
    assert (gcp("n1-highmem-4"), gcp("custom-2-5120"), gcp("e2-medium")) == ((4, 26), (2, 5), (2, 4))
    assert gcp("projects") is None


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_template_is_read_back(tmp_path: Path, language: Any, ending: str) -> None:
    file = tmp_path / f"template.{ending}"
    template.write(file, language)
    empty = read_inventory(file)
    assert (empty.kind, empty.read) == ("template", 0)
    if ending == "csv":
        file.write_text(file.read_text(encoding="utf-8-sig") + "web;2;;;;4;16;100;\n", encoding="cp1251")
        machine = read_inventory(file).machines[0]
        assert (machine.name, machine.count, machine.vcpu, machine.ram_gb) == ("web", 2, 4, 16)


def test_wrong_profile(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("columns: {nam: A}\nunits: {ram: apples}\nheader_row: x\nrows: 1\n")
    (tmp_path / "t.csv").write_text("A,B\n1,2\n")
    with pytest.raises(InputError) as raised:
        read_inventory(tmp_path / "t.csv", kind="table", options=Options(profile=str(profile)))
    assert sorted(p.code for p in raised.value.problems) == ["not_allowed", "unknown_key", "unknown_key", "wrong_type"]
    with pytest.raises(InputError) as raised:
        read_inventory(tmp_path / "t.csv", kind="table")
    assert [p.code for p in raised.value.problems] == ["table_empty"]


def test_person_names_the_flavor() -> None:
    found = read_inventory(FOLDER / "aws" / "instances.json", options=Options(flavors={"z1.odd": "STD3-4-16"}))
    machine = next(m for m in found.machines if m.machine_id == "i-3")
    assert (machine.vcpu, machine.ram_gb) == (4, 16)


def test_claims_more_rows_than_it_has(tmp_path: Path) -> None:
    """A sheet that ends at Excel's last row is not read as if it were whole; the message says what to do."""
    file = tmp_path / "full.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("vInfo")
        sheet.write_row(0, 0, ["VM", "Powerstate", "CPUs", "Memory", "Provisioned MiB"])
        sheet.write_row(1, 0, ["web", "poweredOn", 2, 4096, 10240])
        sheet.write_blank(1_048_575, 0, None, book.add_format({"bold": True}))
    found = read_inventory(file)
    assert (found.read, len(found.machines)) == (1, 1)


def test_many_machines(tmp_path: Path) -> None:
    """20,000 machines with two disks each."""
    rows = [["VM", "Powerstate", "CPUs", "Memory", "Provisioned MiB", "VM UUID"]]
    rows += [[f"vm{n}", "poweredOn", 2, 4096, 20480, f"u{n}"] for n in range(20_000)]
    disks = [["VM", "Disk", "Capacity MiB", "VM UUID"]]
    disks += [[f"vm{n}", f"Hard disk {d}", 10240, f"u{n}"] for n in range(20_000) for d in (1, 2)]
    file = workbook({"vInfo": rows, "vDisk": disks}, tmp_path / "many.xlsx")
    begun = time.perf_counter()
    found = read_inventory(file)
    assert len(found.machines) == 20_000
    assert sum(len(m.disks) for m in found.machines) == 40_000
    assert time.perf_counter() - begun < 60


def test_too_large_to_be_true(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Имя;vCPU;ОЗУ, ГБ\na;999;8\nb;4;8\n", encoding="utf-8")
    found = read_inventory(file)
    assert [(a.name, a.code) for a in found.set_aside] == [("a", "too_large")]
    assert [m.name for m in found.machines] == ["b"]


BAD: list[Any] = [
    None,
    True,
    -1,
    0,
    "",
    "x",
    [],
    {},
    ["a"],
    {"a": 1},
    10**30,
    "1e999",
    "9" * 50,
    [[{}]],
    "\u202e",
    "=cmd()",
]


def spoiled(value: Any, dice: random.Random) -> Any:
    """The value with something wrong in one place of sixteen."""
    if dice.random() < 0.06:
        return dice.choice(BAD)
    if isinstance(value, dict):
        return {k: spoiled(v, dice) for k, v in value.items() if dice.random() > 0.03}
    return [spoiled(v, dice) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["aws", "azure", "gcp", "openstack-api", "proxmox", "yandex"])
def test_hostile_values(name: str, tmp_path: Path) -> None:
    """Whatever stands in a place, it is read, set aside or refused in words; nothing is lost and nothing crashes."""
    dice = random.Random(name)  # noqa: S311 (the same every time)
    for _ in range(40):
        for file in (FOLDER / name).glob("*.json"):
            if file.name != "expected.json":
                data = spoiled(json.loads(file.read_text(encoding="utf-8")), dice)
                (tmp_path / file.name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            found = read_inventory(tmp_path)
        except InputError as error:
            told = error.problems
        else:
            told = found.problems
            assert found.read == len(found.machines) + len(found.resources) + len(found.unfilled) + len(found.set_aside)
        assert all(errors.sentence(p, "ru") for p in told)
