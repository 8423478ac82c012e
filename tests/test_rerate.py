"""How a bill's row finds its price: by section and name, with its unit turned into pricing units."""

from datetime import date
from fractions import Fraction

import pytest

from costlab.catalog.loading import load_catalog
from costlab.catalog.naming import BillItem, answer, conversion, names_of, normal_name

CATALOG = load_catalog()
NAMES = names_of(CATALOG)
DAY = date(2026, 11, 1)
ITEMISED = [s for s in CATALOG.skus if CATALOG.itemised(s, DAY) and s.rates]


@pytest.mark.parametrize("sku", ITEMISED, ids=lambda s: s.sku_id)
def test_every_itemised_price_is_found_by_its_published_names(sku) -> None:
    for section in CATALOG.sections[sku.service]:
        for text in (sku.name, *(a.name for a in sku.also_published_as)):
            for name in (text.ru, text.en):
                found = answer(BillItem(section, name, ""), CATALOG, NAMES)
                assert found.sku == sku, (section, name, found.why)


def test_a_name_of_several_sections_needs_its_section() -> None:
    found = answer(BillItem("", "RAM", ""), CATALOG, NAMES)
    assert found.sku is None
    assert "several items" in found.why
    assert answer(BillItem("Базы данных", "RAM", ""), CATALOG, NAMES).sku == CATALOG.by_id["vk.dbaas.ram"]
    assert answer(BillItem("", "Low Latency NVME (Snapshot)", ""), CATALOG, NAMES).sku is not None


def test_spelling_does_not_matter() -> None:
    for name in ("жёсткий диск, ssd", "Жесткий\u00a0диск,  SSD", "ЖЕСТКИЙ ДИСК , SSD"):
        assert (
            answer(BillItem("Виртуальные серверы", name, ""), CATALOG, NAMES).sku
            == CATALOG.by_id["vk.compute.disk.ssd"]
        )
    assert normal_name("Плавающий IPv4-адрес (Sprut)") == normal_name("плавающий ipv4 адрес sprut")


def test_an_unknown_item_says_so() -> None:
    found = answer(BillItem("Виртуальные серверы", "Телепорт", ""), CATALOG, NAMES)
    assert found.sku is None
    assert "нет в прайс-листе" in found.why


@pytest.mark.parametrize(
    ("unit", "meter", "factor"),
    [
        ("", "compute.vcpu", Fraction(1)),
        ("vCPU·мин", "compute.vcpu", Fraction(1)),
        ("vCPU·ч", "compute.vcpu", Fraction(60)),
        ("ГБ*час", "block_storage.ssd", Fraction(60)),
        ("GB-hours", "block_storage.ssd", Fraction(60)),
        ("ГБ", "block_storage.ssd", Fraction(1440)),
        ("шт.", "network.public_ipv4", Fraction(1440)),
        ("шт. · сут", "licence.core_pair", Fraction(1)),
        ("шт", "licence.core_pair", Fraction(1)),
        ("ГБ·мес", "block_storage.ssd", Fraction(43200)),
        ("ГБ", "object_storage.egress", Fraction(1)),
        ("ч", "compute.bare_metal", Fraction(1)),
        ("vCPU", "block_storage.ssd", None),
        ("ГБ·ч", "object_storage.egress", None),
        ("попугай", "compute.ram", None),
        ("ГиБ·ч", "compute.ram", None),
    ],
)
def test_units(unit: str, meter: str, factor: Fraction | None) -> None:
    assert conversion(unit, CATALOG.meters[meter], 43_200) == factor


@pytest.mark.parametrize(("provider", "minutes"), [("vk", 43_200), ("selectel", 43_800), ("aws", 43_800)])
@pytest.mark.parametrize("unit", ["{}·мес", "{} month", "{}*месяц"])
def test_a_month_is_the_price_lists(provider: str, minutes: int, unit: str) -> None:
    """43,200 minutes are 30 days, 43,800 a twelfth of a year: the provider's list says which."""
    catalog = load_catalog(provider)
    sku = next(s for s in catalog.skus if s.meter.startswith("block_storage.") and s.rates)
    meter = catalog.meters[sku.meter]
    named = {sku.sku_id: [sku]}
    found = answer(BillItem(sku.service, sku.sku_id, unit.format("GB")), catalog, named)
    assert (found.sku, found.factor * meter.basis_minutes) == (sku, minutes)
