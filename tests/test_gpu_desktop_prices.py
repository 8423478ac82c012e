"""GPU machines, Cloud Desktop, Security Gate and 1C: every published price is in the catalog, and no other."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.catalog.loading import load_catalog
from costlab.catalog.regimes import regimes
from costlab.model.prices import Rate
from costlab.services.parts.shapes import parse_flavor

DOMAIN = Path(__file__).parent.parent.parent / "shared" / "domain"
SERVICES = {"gpu_vm": "GPU", "desktop": "Cloud Desktop", "security_gate": "Security Gate", "one_c": "1C:GRM"}
LIST = date(2026, 1, 12)
MINUTES = {"minute": 1, "day": 1440, "30d": 43200, "month": 43200}
RETIRED = {"GPU2-24-96-T4-1"}
"""Named by an older guide only."""


def rows(name: str) -> list[dict[str, str]]:
    path = DOMAIN / name
    if not path.exists():
        pytest.skip("../shared is not here: the published rows to compare with are absent")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def prices(rate: Rate) -> set[tuple[Decimal, Decimal]]:
    assert rate.price is not None
    return {(rate.price, rate.per), *((a.price, a.per) for a in rate.also_published)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_published_price_is_there_and_no_other(service: str) -> None:
    catalog = load_catalog()
    skus = [s for s in catalog.skus if s.service == service]
    names = {s.sku_id: s for s in skus} | {a.sku_id: s for s in skus for a in s.also_published_as}
    published = [r for r in rows("vk-prices.csv") if r["provider"] == "vk-cloud" and SERVICES[service] in r["service"]]
    seen: dict[str, set[tuple[Decimal, Decimal]]] = {}
    for row in published:
        sku = names[row["sku_suggested"]]
        per = Decimal(MINUTES[row["charge_period"]]) / catalog.meters[sku.meter].basis_minutes
        pair = (Decimal(row["price"]), per)
        seen.setdefault(sku.sku_id, set()).add(pair)
        if "DEFAULT" in row["notes"]:
            (rate,) = (r for r in sku.rates if r.effective == LIST)
            assert (rate.price, rate.per) == pair, row["sku_suggested"]
    assert {s.sku_id: set().union(*map(prices, s.rates)) for s in skus if s.rates} == seen


def test_gpu_flavors_are_the_documented_ones() -> None:
    """Each GPU name of the flavor table has its SKUs, each SKU's name is in the table, and the name says the shape."""
    table = {r["flavor"]: r for r in rows("vk-flavors.csv") if r["service"].startswith("Cloud GPU")}
    skus = [s for s in load_catalog().skus if s.meter == "compute.gpu_vm"]
    assert {s.dimensions["flavor"] for s in skus} == set(table) - RETIRED
    assert {s.sku_id for s in skus if s.rates and not s.sku_id.startswith("vk.gpu.t4-")} == {
        f"vk.{'vgpu' if flavor.startswith('vGPU') else 'gpu'}.{flavor.lower()}{suffix}"
        for flavor, row in table.items()
        if "-sxm4-" not in flavor and "-T4-" not in flavor
        for suffix in (["", ".list"] if "promotion" in row["notes"] else [""])
    }
    for name, row in table.items():
        shape = parse_flavor(name)
        assert shape is not None, name
        assert (shape.vcpu, shape.ram_gb, shape.gpus) == (int(row["vcpu"]), int(row["ram_gb"]), int(row["gpu_count"]))
        assert row["gpu"].upper().startswith(shape.gpu.split()[0]), name


def test_both_prices_of_a_promoted_flavor_answer() -> None:
    catalog = load_catalog()
    promoted = [s for s in catalog.skus if s.dimensions.get("offer") == "promotion"]
    assert len(promoted) == 6
    for sku in promoted:
        (listed,) = catalog.answers(sku.region, sku.meter, {**sku.dimensions, "offer": "list"})
        assert listed.sku_id == f"{sku.sku_id}.list"
        assert listed.rates[0].price > sku.rates[0].price
        assert listed.rates[0].note
        assert sku.rates[0].note


def test_no_price_of_1c_reaches_into_a_gap() -> None:
    """The price of 2024 ended before the list of 2026 began, and the months between have none."""
    catalog = load_catalog()
    sku = catalog.by_id["vk.1c-grm.accounting"]
    assert [r.price for r in sku.rates] == [Decimal(900), Decimal(39), Decimal(64)]
    assert regimes(catalog, sku, as_of=date(2025, 10, 6))
    assert regimes(catalog, sku, as_of=date(2025, 10, 7)) == []
    assert regimes(catalog, sku, as_of=date(2026, 1, 12))
