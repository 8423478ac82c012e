"""The workbook: its formulas are the engine's arithmetic, its texts are texts, and it is fit to be read and printed."""

import random
import shutil
import time
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

import costlab
from costlab import services
from costlab.catalog.loading import Catalog, load_catalog
from costlab.estimate.charges import estimate_cost
from costlab.exports.estimates import xlsx
from costlab.i18n.words import word
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.scenario import Estimate
from tests import office

ROOT = Path(__file__).parent.parent
LINES, PRICES = 3, 4
HOSTILE = [
    '=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "web*", ">1", "WEB*", "<r><t>x</t></r>", "_x0041_", "'1",
]  # fmt: skip
DAY = "2026-11-01"


def vm(name: str, **spec: object) -> dict[str, object]:
    return {"id": name, "service": "vm", "spec": spec}


def s3(name: str, stored: object, storage: str = "icebox", **more: object) -> dict[str, object]:
    return {"id": name, "service": "object_storage", "spec": {"class": storage, "stored_gb": stored, **more}}


def estimate(resources: list[dict[str, object]], folder: Path, catalog: Catalog, **header: object) -> Estimate:
    data = {
        "costlab": 1,
        "name": "=1+1 & shop",
        "provider": "vk",
        "period": "2026-11",
        "resources": resources,
        **header,
    }
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    scenario = parse_estimate(text.encode(), "shop.yaml", folder=folder, today=date(2026, 11, 20))
    return estimate_cost(scenario, catalog=catalog)


def changed_catalog(target: Path, change: dict[str, list[dict[str, object]]], **rules: list[dict[str, object]]) -> Path:
    """A copy of the price catalog in which some SKUs have other rates, and rounding policies are added."""
    folder = target / "prices"
    shutil.copytree(ROOT / "price_catalog", folder)
    for path in (folder / "vk").glob("*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name == "provider.yaml":
            data["rounding"].update(rules)
        for sku in data.get("skus", []):
            if sku["sku_id"] in change:
                sku["rates"] = [
                    {"source": "vk-pricelist-2026-01-12", "checked": date(2026, 10, 1), **r}
                    for r in change[sku["sku_id"]]
                ]
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def rate(price: str, per: object = 43200, day: date = date(2026, 1, 12), **more: object) -> dict[str, object]:
    return {"effective": day, "price": price, "per": per, **more}


def realistic(quantity: str = "1") -> list[dict[str, object]]:
    """Ties, the minimum, splits, ranges, hostile names, what has no price, and many odd sizes."""
    chance = random.Random(20261122)  # noqa: S311 (not a secret)
    worker = {
        "name": "w",
        "nodes": {"min": 2, "max": 5},
        "flavor": "STD3-4-16",
        "disk": {"type": "ceph-ssd", "size_gb": 50},
    }
    masters = {"count": 3, "flavor": "STD3-4-8"}
    found = [
        s3("icebox tie", quantity),
        s3("hotbox tie", 1, "hotbox"),
        s3("least", "0.000001", egress_gb="0.000001"),
        {**vm("web", flavor="STD3-4-16", disks=[{"type": "ceph-ssd", "size_gb": 100}], public_ip=1), "count": 3},
        {**vm("win", vcpu=3, ram_gb=7, os="windows"), "schedule": "stopped"},
        {**vm("office hours", vcpu=2, ram_gb=4), "schedule": {"weekdays": "mon-fri 09-18"}},
        {"id": "k8s", "service": "kubernetes", "spec": {"generation": 1, "masters": masters, "groups": [worker]}},
        {"id": "db", "service": "database", "spec": {"engine": "postgresql", "topology": "cluster", "nodes": 3,
         "flavor": "STD3-4-16", "disk": {"type": "high-iops", "size_gb": 333}, "backup_gb": 77}},
        {"id": "metal", "service": "bare_metal", "spec": {"monthly_price": 199919, "hours": 360}},
        {"id": "unpriced", "service": "bare_metal", "spec": {"hours": 360}},
    ]  # fmt: skip
    found += [{**s3(name, n + 1), "group": name} for n, name in enumerate(HOSTILE)]
    for number in range(250):
        digits = chance.choice([1, 10, 1000, 10**6])
        size = str(Decimal(chance.randrange(1, 10 ** chance.randrange(2, 10))) / digits)
        found.append(s3(f"random {number}", size, chance.choice(["icebox", "hotbox", "backup"]), egress_gb=size))
        kind = chance.choice(["ceph-hdd", "ceph-ssd", "high-iops", "ef-nvme"])
        disk = {"type": kind, "size_gb": chance.randrange(1, 5000)}
        found.append({"id": f"disk {number}", "service": "disk", "spec": disk})
    return found


BASE = {
    "vk.s3.hotbox.storage": [rate("2.01")],
    "vk.compute.ram": [rate("0.005154", 1), rate("0.005671", 1, date(2026, 11, 10))],
}
STEPS = [{"up_to": 10, "price": "3.335"}, {"up_to": 1000, "price": "2.005"}, {"price": "1.115"}]
OLD = date(2025, 1, 1)


def models() -> tuple[dict[str, list[dict[str, object]]], dict[str, list[dict[str, object]]]]:
    """Every charge model and rounding rule on the SKUs the services ask for, and the rules themselves."""

    def rule(mode: str, scope: str, minimum: bool) -> list[dict[str, object]]:
        label = f"{mode} {scope} {minimum}"
        source = {"label": label, "label_ru": f"{label} ru", "source": "vk-docs-billing"}
        return [{"effective": date(2019, 1, 1), "mode": mode, "scope": scope, "minimum": minimum, **source}]

    def tiers(model: str, per: int = 1, rounding: str = "default") -> dict[str, object]:
        return {"effective": OLD, "charge_model": model, "tiers": STEPS, "per": per, "rounding": rounding}

    rates = {
        "vk.s3.icebox.egress": [tiers("graduated")],
        "vk.s3.hotbox.egress": [tiers("volume", rounding="cut")],
        "vk.s3.icebox.storage": [rate("1.09", 43200, OLD, rounding="daily")],
        "vk.s3.hotbox.storage": [rate("2.017", 43200, OLD, rounding="total")],
        "vk.compute.ram": [rate("0.005154", 1, OLD, rounding="up")],
        "vk.compute.vcpu.ice-lake": [rate("0.019660", 1, OLD, rounding="down", vat="excluded")],
        "vk.compute.disk.ssd": [{**rate("7.5", 1000000, OLD), "charge_model": "package"}],
        "vk.compute.disk.hdd": [{**rate("99.995", 1, OLD), "charge_model": "flat"}],
        "vk.compute.disk.high-iops-ssd": [rate("0.29", 1, OLD, rounding="total")],
        "vk.ip.floating.sprut": [rate("208.8", 720, OLD, rounding="cut")],
    }
    rules = {
        "up": rule("up", "line", minimum=True),
        "down": rule("down", "line", minimum=True),
        "daily": rule("half_up", "day", minimum=True),
        "total": rule("half_up", "total", minimum=True),
        "cut": rule("down", "unit", minimum=False),
    }
    return rates, rules


def model_resources() -> list[dict[str, object]]:
    sizes = ["0.5", "3", "10", "10.25", "999.999", "1000", "1000.000001", "5000"]
    found: list[dict[str, object]] = [s3(f"ice {x}", x, egress_gb=x) for x in sizes]
    found += [s3(f"hot {x}", x, "hotbox", egress_gb=x) for x in sizes]
    for n, kind in enumerate(["ceph-ssd", "ceph-hdd", "high-iops"], 1):
        found.append(vm(f"vm {n}", vcpu=n, ram_gb=3 * n, disks=[{"type": kind, "size_gb": 37 * n}], public_ip=n))
    return found


@dataclass(frozen=True)
class Proof:
    """A workbook as LibreOffice computed it anew, and what the engine says."""

    engine: Estimate
    computed: dict[str, list[list[object]]]


@pytest.fixture(scope="session")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Proof]:
    """Four workbooks, each with every cached value wrong; `changed` also with another quantity and another price."""
    office.soffice()
    folder = tmp_path_factory.mktemp("workbook")
    prices = {"base": changed_catalog(folder / "base", BASE)}
    prices["changed"] = changed_catalog(folder / "changed", {**BASE, "vk.compute.disk.ssd": [rate("0.000335", 1)]})
    rates, rules = models()
    prices["models"] = changed_catalog(folder / "models", rates, **rules)
    catalogs = {name: load_catalog("vk", path) for name, path in prices.items()}
    half = {"start": DAY, "end": "2026-11-16"}
    old = {"start": "2025-12-20", "end": "2026-01-10"}

    engine = {
        "base": estimate(realistic(), prices["base"], catalogs["base"], period=half),
        "changed": estimate(realistic("7.7"), prices["changed"], catalogs["changed"], period=half),
        "models": estimate(model_resources(), prices["models"], catalogs["models"], period=half),
        "old": estimate(model_resources(), prices["models"], catalogs["models"], period=old),
    }
    written = {}
    for name in ("base", "models", "old"):
        written[name] = folder / f"{name} plain.xlsx"
        costlab.write_workbook(engine[name], written[name])
    quantity, price = cell_of(engine["base"], written["base"])
    edits = {"changed": {(LINES, quantity): str(Decimal("7.7") * 21600), (PRICES, price): "0.000335"}}
    spoilt = []
    for name, own in engine.items():
        spoilt.append(folder / f"{name}.xlsx")
        count = office.spoil(written["base" if name == "changed" else name], spoilt[-1], edits.get(name))
        assert count > 3 * len(own.charges)
    recalculated = office.convert(folder, *spoilt)
    return {n: Proof(engine[n], office.rows(path)) for n, path in zip(engine, recalculated, strict=True)}


def cell_of(result: Estimate, path: Path) -> tuple[str, str]:
    """Where the quantity of the first line and the price of SSD stand."""
    assert result.charges[0].resource_id == "icebox tie"
    prices = office.rows(path)[word("prices", "en")]
    row = next(n for n, cells in enumerate(prices, 1) if cells[0] == "vk.compute.disk.ssd")
    return "J2", f"C{row}"


def exact(value: object) -> Decimal:
    assert isinstance(value, int | float), value
    return Decimal(repr(value))


@pytest.mark.office
@pytest.mark.parametrize("name", ["base", "changed", "models", "old"])
def test_recalculated_workbook_equals_the_engine(proofs: dict[str, Proof], name: str) -> None:
    engine, sheets = proofs[name].engine, proofs[name].computed
    lines = sheets["Line items"][1:]
    wrong = [
        (charge.resource_id, charge.sku_id, str(charge.quantity), row[13:19], charge.cost)
        for charge, row in zip(engine.charges, lines, strict=False)
        if [exact(v) for v in row[16:19]] != [charge.net, charge.vat, charge.cost]
    ]
    assert not wrong
    assert len(lines) == len(engine.charges) + 1
    assert [exact(v) for v in lines[-1][16:19]] == [engine.total_net, engine.vat, engine.total]
    own = sheets["Resources"][1:]
    assert [exact(row[6]) for row in own[:-1]] == [r.cost for r in engine.resources]
    assert all(exact(row[4]) + exact(row[5]) == exact(row[6]) for row in own)
    assert_summary(engine, sheets["Summary"])


def assert_summary(engine: Estimate, rows: list[list[object]]) -> None:
    facts = {row[0]: row[1] for row in rows}
    assert exact(facts["Total · Cost with VAT"]) == engine.total
    assert exact(facts["Without VAT"]) == engine.total_net
    assert exact(next(v for k, v in facts.items() if str(k).startswith("VAT"))) == engine.vat
    top = next(n for n, row in enumerate(rows) if row[0] == "Service")
    by_service: dict[str, Decimal] = {}
    for resource in engine.resources:
        title = services.load(resource.service).TITLE.en if resource.service else "Rounding"
        by_service[title] = by_service.get(title, Decimal("0.00")) + resource.cost
    shown = {str(row[0]): exact(row[3]) for row in rows[top + 1 : top + 2 + len(by_service)]}
    assert shown == {**by_service, "Total": engine.total}


@pytest.mark.office
def test_the_cases_that_are_easy_to_miss(proofs: dict[str, Proof]) -> None:
    lines = proofs["base"].computed["Line items"][1:]
    cost = {(row[1], row[6]): exact(row[18]) for row in lines}
    assert cost["icebox tie", "vk.s3.icebox.storage"] == Decimal("0.55")
    assert cost["hotbox tie", "vk.s3.hotbox.storage"] == Decimal("1.01")
    assert cost["least", "vk.s3.icebox.storage"] == Decimal("0.01")
    assert cost["metal", "vk.bare-metal.server"] == Decimal("99957.60")
    ram = [row for row in lines if row[1] == "web#1" and row[6] == "vk.compute.ram"]
    assert [exact(row[11]) for row in ram] == [Decimal("0.005154"), Decimal("0.005671")]


@pytest.mark.office
def test_no_rule_is_left_out(proofs: dict[str, Proof]) -> None:
    """The proof above means something only if these charges were there, and as formulas."""
    met = {(c.charge_model, c.rounding.mode, c.rounding.scope) for c in proofs["models"].engine.charges}
    assert {m for m, _, _ in met} == {"per_unit", "graduated", "volume", "package", "flat"}
    assert {s for _, _, s in met} == {"line", "day", "unit", "total"}
    assert {m for _, m, _ in met} == {"half_up", "up", "down"}
    assert any(c.resource_id == "_rounding" for c in proofs["models"].engine.charges)
    assert {c.vat_rate for c in proofs["old"].engine.charges} == {Decimal("0.20"), Decimal("0.22")}
    assert not [row for row in proofs["models"].computed["Line items"] if "not a formula" in str(row[14])]
    # A tier that begins in the middle of a period cannot be a formula of its line: it says so.
    assert [row for row in proofs["old"].computed["Line items"] if "not a formula" in str(row[14])]


@pytest.fixture(scope="module")
def plain() -> Estimate:
    """Whatever has a price of its own, at the real catalog's prices; nothing here needs LibreOffice."""
    return estimate(realistic()[:30], ROOT / "price_catalog", load_catalog("vk"))


@pytest.fixture(scope="module")
def written(plain: Estimate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plain") / "shop.xlsx"
    costlab.write_workbook(plain, path)
    return path


def test_every_amount_is_a_formula_with_the_engines_value_beside_it(plain: Estimate, written: Path) -> None:
    formulas, values = office.rows(written, formulas=True), office.rows(written)
    for charge, text, shown in zip(plain.charges, formulas["Line items"][1:], values["Line items"][1:], strict=False):
        # Price, per, before rounding, net, VAT, cost; the quantity is what a person changes.
        assert all(str(text[n]).startswith("=") for n in (11, 12, 13, 16, 17, 18)), text
        assert exact(text[9]) == charge.quantity
        assert [exact(v) for v in shown[16:19]] == [charge.net, charge.vat, charge.cost]
    assert all(str(v).startswith("=") for row in formulas["Resources"][1:] for v in row[4:7])
    assert_summary(plain, values["Summary"])
    assert [v for row in formulas["Summary"] for v in row if str(v).startswith("=ROUND(SUM(")]


def test_prices_stand_once_with_first_day_and_source(plain: Estimate, written: Path) -> None:
    prices = office.rows(written)["Prices"]
    asked = {(c.sku_id, c.unit_price, c.per, c.price_effective, c.price_source) for c in plain.charges}
    shown = [(r[0], exact(r[2]), exact(r[3]), r[7].date() if r[7] != "given" else None, r[8]) for r in prices[1:]]
    assert len(shown) == len(set(shown)) == len(asked)
    assert set(shown) == asked


def test_text_stays_text(plain: Estimate, written: Path) -> None:
    book = openpyxl.load_workbook(written)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert str(cell.value).startswith(("=ROUND", "=IF(", "='Prices'!", "=J")), cell.value
    cells = {(c.value.strip(), c.data_type) for c in book["Resources"]["B"] if isinstance(c.value, str)}
    expected = {n[:-1] if n.startswith("<r>") else n for n in HOSTILE}
    assert {(name, "s") for name in expected} <= cells
    assert book["Summary"]["A1"].value == plain.name == "=1+1 & shop"
    assert book["Summary"]["A1"].data_type == "s"


def test_sheets_are_fit_to_read_and_print(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == ["Summary", "Resources", "Line items", "Prices", "Assumptions", "Problems"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes is not None
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "&P" in sheet.oddFooter.right.text
        if sheet.title != "Summary":
            assert sheet.auto_filter.ref
            assert sheet.print_title_rows == "$1:$1"
    assert "₽" in book["Line items"]["S2"].number_format
    with zipfile.ZipFile(written) as parts:
        assert [n for n in parts.namelist() if n.startswith("xl/charts/")] == ["xl/charts/chart1.xml"]
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert "Summary!$D$" in chart


def column(sheet: Any, number: int) -> Any:
    """A column's dimensions; equal neighbours share them in the file."""
    return next(d for d in sheet.column_dimensions.values() if d.min <= number + 1 <= d.max)


def test_no_amount_is_wider_than_its_column(written: Path) -> None:
    book, values = openpyxl.load_workbook(written), office.rows(written)
    for sheet in book.worksheets:
        for row in values[sheet.title]:
            for number, value in enumerate(row):
                if isinstance(value, int | float):
                    width = column(sheet, number).width
                    text = f"{value:,}" if value == int(value) and number < 14 else f"{value:,.2f} ₽"
                    assert len(text) <= width, (sheet.title, number, value)


@pytest.mark.parametrize(("vat", "columns"), [("included", {"S"}), ("net", {"P", "Q"}), ("both", {"P", "Q", "R", "S"})])
def test_vat_view_decides_what_is_shown(plain: Estimate, tmp_path: Path, vat: str, columns: set[str]) -> None:
    costlab.write_workbook(plain, tmp_path / "x.xlsx", vat=vat)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Line items"]
    assert {c for n, c in enumerate("PQRS", 15) if not column(sheet, n).hidden} == columns


def test_incomplete_estimate_says_so_in_both_languages(plain: Estimate, tmp_path: Path) -> None:
    assert not plain.complete
    for language, badge in (("en", "INCOMPLETE: lines without a price: 1"), ("ru", "НЕПОЛНАЯ: строк без цены — 1")):
        costlab.write_workbook(plain, tmp_path / "x.xlsx", language)
        sheets = office.rows(tmp_path / "x.xlsx")
        assert sheets[word("summary", language)][1][0] == badge
        assert sheets[word("problems", language)][1][0] == "unpriced"
        row = next(r for r in sheets[word("resources", language)] if r[1] == "unpriced")
        assert row[7] == word("no_price", language)


def test_empty_estimate(tmp_path: Path) -> None:
    empty = estimate([], ROOT / "price_catalog", load_catalog("vk"))
    costlab.write_workbook(empty, tmp_path / "x.xlsx")
    sheets = office.rows(tmp_path / "x.xlsx")
    assert {row[0]: row[1] for row in sheets["Summary"]}["Total · Cost with VAT"] == 0
    assert len(sheets["Line items"]) == 1


def test_ten_thousand_lines_take_seconds() -> None:
    machines = [
        {**vm("m", flavor="STD3-4-16", disks=[{"type": "ceph-ssd", "size_gb": 100}], public_ip=1), "count": 2500}
    ]
    many = estimate(machines, ROOT / "price_catalog", load_catalog("vk"))
    assert len(many.charges) == 10_000
    start = time.process_time()
    assert xlsx.render(many, "en", "both")
    assert time.process_time() - start < 20  # about 3.5 s; the bound only tells seconds from minutes
