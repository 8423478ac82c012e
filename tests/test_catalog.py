"""The catalog: what it refuses (with file and line), what it holds, and that its facts are the published ones."""

import csv
import os
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.catalog import report as catalog_report
from costlab.catalog.check import check_catalog
from costlab.catalog.loading import catalog_folder, load_catalog
from costlab.errors import InputError, kind, sentence
from costlab.model.periods import parse_day
from costlab.model.prices import Sku

PRICES = Path(__file__).parent.parent.parent / "shared" / "domain" / "vk-prices.csv"
NOT_LOADED = ("confirmation", "historical", "billing example", "secondary source")
LIST_DATE = date(2026, 1, 12)


def test_the_shipped_catalog_is_sound() -> None:
    assert [sentence(p, "en") for p in check_catalog()] == []


def test_every_question_has_one_answer() -> None:
    catalog = load_catalog()
    for sku in catalog.skus:
        assert catalog.answers(sku.region, sku.meter, sku.dimensions) == (sku,)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalog_folder(), tmp_path / "price_catalog"))


def _replace(file: str, before: str, after: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return change


def _write(file: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_text(text, encoding="utf-8") and None


VM = "vk/vm.yaml"
HEAD = "vk/provider.yaml"
LISTED = "  - {list_date: 2026-01-12, checked: 2026-10-01, source: vk-pricelist-2026-01-12}"
MONTH = "  - {effective: 2026-01-12, minutes: 43200, source: vk-pricelist-2026-01-12}"
RATE = '- {effective: 2026-01-12, price: "0.018972", per: 1'
EARLIER = f"    rates:\n      {RATE}, source: vk-docs-flavors, checked: 2026-01-12}}\n      {RATE}"
LATER = EARLIER.replace("2026-01-12, price", "2026-02-01, price", 1)
ICE = "sku_id: vk.compute.vcpu.ice-lake"
CASCADE = "sku_id: vk.compute.vcpu.cascade-lake"
Fault = tuple[Callable[[Path], None], str, str]
FAULTS: dict[str, Fault] = {
    "a float": (_replace(VM, 'price: "0.018972"', "price: 0.018972"), "vm.yaml:12", "is a float"),
    "unknown key": (_replace(VM, "per: 1, also", "pro: 1, also"), "vm.yaml:12", "unknown key “rates.pro”"),
    "double date": (_replace(VM, f"    rates:\n      {RATE}", EARLIER), "vm.yaml:13", "2026-01-12 is given twice"),
    "unsorted dates": (_replace(VM, f"    rates:\n      {RATE}", LATER), "vm.yaml:13", "comes after 2026-02-01"),
    "unknown source": (_replace(VM, "source: vk-pricelist-2026-01-12", "source: rumour"), "vm.yaml:12", "'rumour'"),
    "unknown meter": (_replace(VM, "meter: compute.vcpu", "meter: compute.cpu"), "vm.yaml:8", "meter 'compute.cpu'"),
    "unknown dimension": (_replace(VM, "{cpu: cascade-lake}", "{core: x}"), "vm.yaml:9", "unknown dimension 'core'"),
    "two answers": (_replace(VM, "{cpu: ice-lake}", "{cpu: cascade-lake}"), "vm.yaml:13", "answer the same question"),
    "twice the id": (_replace(VM, ICE, CASCADE), "vm.yaml:13", "is there twice"),
    "unknown zone": (_replace("vk/disk.yaml", "zones: [GZ1", "zones: [XX9"), "disk.yaml:9", "unknown zone 'XX9'"),
    "unknown rounding": (_replace(VM, "per: 1, also", "per: 1, rounding: odd, also"), "vm.yaml:12", "rounding 'odd'"),
    "price below zero": (_replace(VM, '"0.018972"', '"-1"'), "vm.yaml:12", "it must be ≥ 0"),
    "per nothing": (_replace(VM, "per: 1, also", "per: 0, also"), "vm.yaml:12", "it must be > 0"),
    "no price": (
        _replace("vk/snapshot.yaml", "    rates:\n      - ", "    zones:\n      - "),
        "snapshot.yaml:16",
        "is not a text",
    ),
    "cut off": (_replace("vk/disk.yaml", "published: [{", "published: [}"), "vk/disk.yaml:12", "broken or cut off"),
    "VAT that is no share": (_replace("taxes.yaml", '"0.22"', '"22"'), "taxes.yaml:7", "it must be < 1"),
    "VAT below zero": (_replace("taxes.yaml", '"0.22"', '"-0.22"'), "taxes.yaml:7", "it must be ≥ 0"),
    "taxes are no list": (_write("taxes.yaml", "ru-vat: 20\n"), "taxes.yaml:1", "not a list of rates"),
    "taxes are a list": (_write("taxes.yaml", "- ru-vat\n"), "taxes.yaml:1", "not made of"),
    "meters are a list": (_write("meters.yaml", "- compute.vcpu\n"), "meters.yaml:1", "not made of"),
    "source of a list": (_replace(HEAD, LISTED, LISTED.replace("vk-p", "p")), "provider.yaml:25", "'pricelist-2026"),
    "source of a month": (_replace(HEAD, MONTH, MONTH.replace("vk-p", "p")), "provider.yaml:27", "'pricelist-2026"),
    "lists out of order": (
        _replace(HEAD, LISTED, f"{LISTED}\n{LISTED.replace('2026-01-12,', '2025-01-12,')}"),
        "provider.yaml:26",
        "comes after",
    ),
    "no list month": (_replace(HEAD, f"list_month:\n{MONTH}", "list_month: []"), "provider.yaml:26", "at least 1"),
    "a month of nothing": (_replace(HEAD, "minutes: 43200", "minutes: 0"), "provider.yaml:27", "greater than 0"),
    "alias of no zone": (_replace(HEAD, "{DP1: GZ1}", "{DP1: GZ9}"), "provider.yaml:11", "unknown zone 'GZ9'"),
    "note of no zone": (_replace(HEAD, "      PA2: {sdn", "      PA9: {sdn"), "provider.yaml:17", "unknown zone 'PA9'"),
    "source of a zone's note": (
        _replace(HEAD, "source: vk-docs-regions}", "source: regions}"),
        "provider.yaml:17",
        "unknown source 'regions'",
    ),
    "a warning without a remedy": (
        _replace(HEAD, "        warning: {en: zone", "        warnin: {en: zone"),
        "provider.yaml:14",
        "warnin",
    ),
    "clock": (_replace(HEAD, '"+03:00"', '"+93:00"'), "provider.yaml:8", "utc_offset"),
    "other folder": (_replace(HEAD, "provider: vk", "provider: kv"), "provider.yaml:2", "'kv' in folder 'vk'"),
    "no regions": (_write(HEAD, "provider: vk\nregions: [a]\n"), "provider.yaml:1", "not made of"),
    "an alias is another's id": (
        _replace(
            VM, f"  - {CASCADE}\n", f"  - {CASCADE}\n    also_published_as: [{{{ICE}, name: {{en: a, ru: a}}}}]\n"
        ),
        "vm.yaml:8",
        "vk.compute.vcpu.ice-lake is there twice",
    ),
    "a fact of no source": (
        _replace("vk/facts/assumptions.yaml", "source: costlab-profiles", "source: rumour"),
        "assumptions.yaml:10",
        "unknown source 'rumour'",
    ),
    "a profile with a comma": (
        _replace("vk/facts/assumptions.yaml", "en: log volume", "en: log, volume"),
        "assumptions.yaml:47",
        "volume of a period",
    ),
    "empty file": (_write(VM, ""), "vm.yaml", "is empty"),
    "only a comment": (_write(VM, "# nothing\n"), "vm.yaml:1", "service, region, sections, skus"),
    "a list of SKUs only": (_write(VM, "- sku_id: a\n"), "vm.yaml:1", "service, region, sections, skus"),
    "a SKU is a word": (
        _write(VM, "service: vm\nregion: ru-msk\nskus: [a]\n"),
        "vm.yaml:3",
        "a group of keys",
    ),
    "VAT out of order": (_replace("taxes.yaml", "2026-01-01", "2018-01-01"), "taxes.yaml:7", "comes after"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_check_names_file_and_line(copy: Path, name: str) -> None:
    change, place, words = FAULTS[name]
    change(copy)
    found = [sentence(p, "en") for p in check_catalog("vk", copy)]
    assert any(place in line and words in line for line in found), found


def test_a_broken_catalog_is_not_half_loaded(copy: Path) -> None:
    _replace("vk/vm.yaml", 'price: "0.018972"', "price: 0.018972")(copy)
    with pytest.raises(InputError, match="costlab catalog check"):
        load_catalog("vk", copy)


@pytest.mark.parametrize("file", ["meters.yaml", "sources.yaml", "taxes.yaml", HEAD, VM])
@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "- a\n", "a\n", "a: 1\n", "a: [1]\n", "{a: {b: c}}\n", "\x00", "- [\n"]
)
def test_a_malformed_file_is_told_and_not_loaded(copy: Path, file: str, text: str) -> None:
    (copy / file).write_text(text, encoding="utf-8")
    assert check_catalog(None, copy)
    with pytest.raises(InputError):
        load_catalog("vk", copy)


def test_a_missing_file_is_told(copy: Path) -> None:
    (copy / "meters.yaml").unlink()
    assert check_catalog(None, copy)
    with pytest.raises(InputError):
        load_catalog("vk", copy)


def test_the_version_follows_the_content(copy: Path) -> None:
    before = load_catalog("vk", copy).version
    assert before == load_catalog().version
    _replace("vk/vm.yaml", '"0.018972"', '"0.018973"')(copy)
    assert load_catalog("vk", copy).version != before


def test_diff_and_coverage() -> None:
    catalog = load_catalog()
    priced = sum(1 for s in catalog.skus if any(r.until is None for r in s.rates))
    changes = catalog_report.diff(catalog, parse_day("2026-01-11"), parse_day("2026-01-12"))
    assert len(changes) == priced
    assert {c["change"] for c in changes} == {"added"}
    assert catalog_report.diff(catalog, parse_day("2026-01-12"), parse_day("2026-10-01")) == []
    coverage = {row["service"]: row["status"] for row in catalog_report.coverage(catalog)}
    assert coverage["vm"] == "priced"
    assert coverage["bare_metal"] == "on_request"


def test_a_vat_change_is_a_difference(copy: Path) -> None:
    (copy / "taxes.yaml").write_text(
        (copy / "taxes.yaml").read_text(encoding="utf-8")
        + '  - {effective: 2027-01-01, rate: "0.25", source: ru-tax-code-164}\n',
        encoding="utf-8",
    )
    changes = catalog_report.diff(load_catalog("vk", copy), parse_day("2026-12-31"), parse_day("2027-01-01"))
    assert {c["change"] for c in changes} == {"vat"}


def _published(sku: Sku) -> list[tuple[Decimal, Decimal, str]]:
    """Every price of the list that a SKU keeps: price, per so many units, the tier's end."""
    rate = next(r for r in sku.rates if r.effective == LIST_DATE)
    tiers = [(t.price, rate.per, "" if t.up_to is None else f"{t.up_to:f}") for t in rate.tiers]
    one = [] if rate.price is None else [(rate.price, rate.per, "")]
    return [*one, *tiers, *((a.price, a.per, "") for a in rate.also_published)]


def test_the_prices_are_the_published_ones() -> None:
    """Every DEFAULT row is the rate, its other published row is kept, and what one price names the other does too."""
    if not PRICES.exists():
        pytest.skip("../shared is not here: the published rows to compare with are absent")
    with PRICES.open(encoding="utf-8") as file:
        rows = [
            r
            for r in csv.DictReader(file)
            if r["provider"] == "vk-cloud"
            and not r["service"].startswith("confirmation")
            and not any(word in r["notes"] for word in NOT_LOADED)
        ]
    catalog = load_catalog()
    names = {s.sku_id: s for s in catalog.skus} | {a.sku_id: s for s in catalog.skus for a in s.also_published_as}
    minutes = {"minute": 1, "day": 1440, "30d": 43200, "usage": 0}
    for row in rows:
        sku = names[row["sku_suggested"]]
        published = _published(sku)
        basis = catalog.meters[sku.meter].basis_minutes
        counted = re.match(r"[0-9]+", row["unit"])  # "1000 characters" at 1 is 1 per 1000
        per = minutes[row["charge_period"]] // basis if basis else int(counted[0]) if counted else 1
        found = (Decimal(row["price"]), Decimal(per), row["tier_to"])
        assert found in published, row["sku_suggested"]
        if "DEFAULT" in row["notes"] and not row["tier_from"]:
            assert found == published[0], row["sku_suggested"]
    assert len(rows) > 500


def test_problems_of_the_catalog_stop() -> None:
    assert os.fspath(catalog_folder()).endswith("price_catalog")
    with pytest.raises(InputError) as raised:
        load_catalog("nowhere")
    assert kind(raised.value.problems[0]) == "error"
