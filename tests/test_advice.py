"""Warnings beside the price, and the facts they stand on: never a reason to be incomplete, and never slow."""

import csv
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import process_time

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from costlab import cli
from costlab.catalog.facts.disks import performance, sizes
from costlab.catalog.facts.flavors import largest, listed, nearest
from costlab.catalog.facts.kubernetes import allocatable_ram_mi, allocatable_vcpu
from costlab.catalog.loading import Catalog, load_catalog
from costlab.errors import kind
from costlab.estimate.advice import CODES, advise
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import parse_estimate, read_estimate
from costlab.model.numbers import Text
from costlab.model.scenario import Scenario
from costlab.services.parts.shapes import parse_flavor
from costlab.ui import state

FOLDER = Path(__file__).parent
SHARED = FOLDER.parent.parent / "shared" / "domain"
HEAD = "costlab: 1\nname: Advice\nperiod: 30d\nprices_on: 2026-11-01\nresources:\n"
ADVISED = sorted((FOLDER / "errors").glob("advice-*"))


def scenario(resources: str) -> Scenario:
    return parse_estimate((HEAD + resources).encode(), "advice.yaml", today=date(2026, 11, 1))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_an_ordinary_machine_needs_no_advice(catalog: Catalog) -> None:
    spec = "{flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: true}"
    assert advise(scenario(f"  - {{id: web, service: vm, spec: {spec}}}\n"), catalog) == []


@pytest.mark.parametrize("folder", ADVISED, ids=lambda p: p.name)
def test_advice_leaves_an_estimate_complete(folder: Path) -> None:
    found = estimate_cost(read_estimate(folder / "input.yaml", today=date(2026, 11, 1)))
    assert found.complete
    assert not found.unpriced
    assert {p.code for p in found.problems} <= CODES
    assert {kind(p) for p in found.problems} == {"warning"}


@pytest.mark.parametrize("name", ["table", "json", "md", "csv", "xlsx"])
def test_every_face_tells_it(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / f"out.{name}"
    file = str(FOLDER / "errors" / "advice-zone" / "input.yaml")
    assert cli.main(["estimate", file, "--format", name, "-o", str(out), "--lang", "en"]) == 0
    said = capsys.readouterr().err
    if name == "xlsx":
        book = openpyxl.load_workbook(out)
        said += " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
    elif name != "csv":  # rows of charges: the warnings go to stderr
        said = out.read_text(encoding="utf-8")
    assert "zone GZ1 is being emptied (also share)" in said


def test_advice_is_quick(catalog: Catalog) -> None:
    spec = "{flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: 1, zone: GZ1}"
    asked = scenario("".join(f"  - {{id: w{i}, service: vm, spec: {spec}}}\n" for i in range(1000)))
    advise(asked, catalog)
    best = 1.0
    for _ in range(5):
        start = process_time()
        advise(asked, catalog)
        best = min(best, process_time() - start)
    assert best < 0.03  # 6 ms on an idle machine


def test_a_database_disk_is_created_small(catalog: Catalog) -> None:
    spec = "{engine: mysql, flavor: STD3-2-8, disk: {type: high-iops, size_gb: 2049}}"
    (found,) = advise(scenario(f"  - {{id: db, service: database, spec: {spec}}}\n"), catalog)
    assert found.code == "ceiling"
    assert found.args["value"] == Text(en="2,049", ru="2\xa0049")
    assert found.args["limit"] == Text(en="2,048", ru="2\xa0048")


def test_a_provider_without_facts_gives_no_advice(catalog: Catalog) -> None:
    bare = replace(catalog, raw_facts={})
    asked = read_estimate(FOLDER / "errors" / "advice-flavors" / "input.yaml", today=date(2026, 11, 1))
    assert advise(asked, bare) == []
    assert performance("ceph-ssd", 100, bare) is None
    assert allocatable_vcpu(4, bare) is None
    assert allocatable_ram_mi(4, bare) is None
    assert largest(listed(bare)) is None


@pytest.mark.parametrize(
    ("name", "same", "other"),
    [
        ("STD3-3-8", "STD3-4-8", None),
        ("STD3-5-20", "STD3-16-64", "STD2-6-24"),
        ("STD2-6-12", "STD2-6-24", "STD3-6-12"),
        ("Heavy-16-60", None, "STD3-16-64"),
        ("vGPU-5-8-L4-8Q", "vGPU-8-16-L4-8Q", None),
        ("GPU2-20-80-L4-1", "GPU2-32-144-L4-2", None),
        ("GPU1-1-1-A100-1", "GPU1A-32-96-A100-1", None),
        ("STD3-32-128", None, None),
    ],
)
def test_nearest(catalog: Catalog, name: str, same: str | None, other: str | None) -> None:
    shape = parse_flavor(name)
    assert shape is not None
    assert nearest(shape, listed(catalog)) == (same, other)


def test_largest(catalog: Catalog) -> None:
    assert largest(listed(catalog)) == "STD3-16-64"
    assert largest(listed(catalog), "cascade-lake") == "STD2-16-32"


def test_facts_name_known_sources_and_types(catalog: Catalog) -> None:
    sources = {f.source for f in listed(catalog)}
    for name in ("disks", "limits", "kubernetes"):
        sources |= set(_sources(catalog.facts(name)))
    assert sources <= set(catalog.sources)
    zones = {z for t in catalog.facts("disks")["types"].values() for z in t["zones"]}
    assert zones <= set(catalog.provider.regions["ru-msk"].zones)


def _sources(data: object) -> list[str]:
    if isinstance(data, dict):
        own = [v for k, v in data.items() if k.endswith("source") and isinstance(v, str)]
        return own + [s for v in data.values() for s in _sources(v)]
    return [s for v in data for s in _sources(v)] if isinstance(data, list) else []


def test_disk_zones_agree_with_the_prices(catalog: Catalog) -> None:
    """A disk type that the list sells in some zones only is documented for just those."""
    for disk_type, meter in {"high-iops-ha": "block_storage.high_iops_ha"}.items():
        (sku,) = catalog.answers("ru-msk", meter, {})
        assert sku.zones == tuple(catalog.facts("disks")["types"][disk_type]["zones"])


def test_sizes(catalog: Catalog) -> None:
    assert sizes(catalog)["ceph-ssd"] == (5120, 102400)
    found = performance("ceph-ssd", Decimal("100.5"), catalog)
    assert found is not None
    assert found.read_iops == 3015


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collected facts are not here")
def test_every_collected_flavor_is_listed(catalog: Catalog) -> None:
    with (SHARED / "vk-flavors.csv").open(encoding="utf-8", newline="") as file:
        names = {r["flavor"] for r in csv.DictReader(file) if parse_flavor(r["flavor"]) is not None}
    assert {f.name for f in listed(catalog)} == names


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collected facts are not here")
def test_every_collected_disk_figure(catalog: Catalog) -> None:
    with (SHARED / "vk-disk-performance.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    for row in rows:
        found = performance(row["type"], Decimal(row["size_gb"]), catalog)
        assert found is not None
        assert {k: str(v) for k, v in found._asdict().items() if k in row} == {
            k: v for k, v in row.items() if k not in ("type", "size_gb")
        }


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["catalog", *words]) == 0
    return capsys.readouterr().out


def test_catalog_flavors(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "flavors", "--vcpu", "3", "--ram", "10", "--cpu", "ice-lake", "--format", "json"))
    assert [r["flavor"] for r in found] == ["STD3-4-12", "STD3-4-16", "STD3-6-12", "STD3-16-64"]
    assert found[0]["pods_vcpu"] == "3.92"
    assert found[0]["pods_ram_mi"] == "10009"
    assert "GPU2-32-144-L4-2" in told(capsys, "flavors", "--gpu", "l4", "--vcpu", "20", "--lang", "ru")
    assert told(capsys, "flavors", "--vcpu", "1000", "--lang", "en").strip() == "none"


def test_catalog_disks(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = json.loads(told(capsys, "disks", "ceph-ssd", "250", "--format", "json"))
    assert (found["read_iops"], found["read_mb_s"], found["write_iops"], found["write_mb_s"]) == (
        "7500", "400", "3750", "400",
    )  # fmt: skip
    assert len(told(capsys, "disks", "--lang", "en").splitlines()) == 42
    assert cli.main(["catalog", "disks", "ceph-sd", "--lang", "en"]) == 2
    assert "did you mean “ceph-ssd”?" in capsys.readouterr().err


def test_the_page_shows_disks_and_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a disk reaches stands below its form; a warning stands at its resource and takes no amount away."""
    monkeypatch.setattr(state, "today", lambda: date(2026, 11, 1))
    monkeypatch.setenv("COSTLAB_LANG", "en")
    page = AppTest.from_file(str(FOLDER.parent / "app.py"), default_timeout=30).run()
    page = page.button(key="add-disk").click().run()
    assert "ceph-ssd, 100 GB: read 3,000 IOPS, 375 MB/s; write 1,500 IOPS, 188 MB/s; latency 3 ms" in [
        c.value for c in page.caption
    ]
    zone = next(x for x in page.selectbox if x.label == "Zone")
    page = zone.set_value("GZ1").run()
    assert not page.exception
    html = "\n".join(str(h.proto.body) for h in page.get("html"))
    assert "zone GZ1 is being emptied" in html
    assert "cl-tag warn" not in html


def test_growth_entered_and_taken_back_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "today", lambda: date(2026, 11, 1))
    monkeypatch.setenv("COSTLAB_LANG", "en")
    page = AppTest.from_file(str(FOLDER.parent / "app.py"), default_timeout=30).run()
    page = page.button(key="add-database").click().run()
    key = next(str(x.key) for x in page.text_input if x.label == "Greatest size, GB")
    page = page.text_input(key=key).set_value("300").run()
    (entry,) = page.session_state["memory"]["draft"].resources.values()
    assert entry["spec"]["disk_autoexpand"] == {"max_gb": "300"}
    page = page.text_input(key=key).set_value("").run()
    (entry,) = page.session_state["memory"]["draft"].resources.values()
    assert "disk_autoexpand" not in entry["spec"]
