"""Contract prices and discounts: precedence, days, caps, what is shown before and after, and every refused file."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.bills import read_bills
from costlab.catalog.contract import with_contract
from costlab.catalog.loading import load_catalog
from costlab.cli import main
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.split import compare_estimates
from costlab.errors import InputError, sentence
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.scenario import Estimate

EXAMPLE = Path(__file__).parent.parent / "costlab" / "examples" / "bill-clean.csv"
SERVER = """costlab: 1
name: server
{period}
resources:
  - id: web
    service: vm
    count: {count}
    spec: {{flavor: STD3-4-16, disks: [{{type: ceph-ssd, size_gb: 100}}], public_ip: 1, os: windows}}
"""
PRICE = """contract: Deal
skus:
  - sku_id: vk.compute.vcpu.ice-lake
    rates: [{effective: 2026-06-01, until: 2026-11-15, price: "0.017000", per: 1}]
"""
DISCOUNT = """contract: Deal
discounts:
  - {name: Start, percent: 20, services: [vm, disk], exclude: [vk.compute.ram], from: 2026-11-01, to: 2027-01-31}
"""


def deal(tmp_path: Path, *texts: str) -> Path:
    folder = tmp_path / "deal"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def priced(folder: Path | None, period: str = "prices_on: 2026-11-05", count: int = 1) -> Estimate:
    scenario = parse_estimate(SERVER.format(period=period, count=count).encode(), "server.yaml")
    catalog = load_catalog()
    return estimate_cost(scenario, catalog=with_contract(catalog, folder) if folder else catalog)


def costs(found: Estimate) -> dict[str, list[str]]:
    by_sku: dict[str, list[str]] = {}
    for charge in found.charges:
        by_sku.setdefault(charge.sku_id, []).append(str(charge.cost))
    return by_sku


def test_a_contract_price_takes_precedence_and_says_what_the_list_asks(tmp_path: Path) -> None:
    """4 vCPU x 43,200 min x 0.017 = 2,937.60; at the list 0.019660: 3,397.25."""
    found = priced(deal(tmp_path, PRICE))
    assert costs(found)["vk.compute.vcpu.ice-lake"] == ["2937.60"]
    assert found.list_total == priced(None).total
    assert found.agreed == {"Deal": Decimal("459.65")}
    (cores,) = (c for c in found.charges if c.contract)
    assert (cores.list_cost, cores.price_source) == (Decimal("3397.25"), "contract: Deal")


def test_a_contract_ends_with_its_last_day(tmp_path: Path) -> None:
    """November: 15 days at the contract's price, 15 days at the list's: 1,468.80 and 1,698.62 (1,698.624)."""
    found = priced(deal(tmp_path, PRICE), period="period: 2026-11")
    assert costs(found)["vk.compute.vcpu.ice-lake"] == ["1468.80", "1698.62"]
    assert found.agreed == {"Deal": Decimal("1698.62") - Decimal("1468.80")}


def test_a_discount_is_taken_off_the_list_but_not_off_a_contract_price(tmp_path: Path) -> None:
    """SSD 100 x 43,200 x 0.000307 x 0.8 = 1,060.992; memory is excluded; cores have the contract's price."""
    found = priced(deal(tmp_path, PRICE, DISCOUNT))
    assert costs(found)["vk.compute.disk.ssd"] == ["1060.99"]
    assert costs(found)["vk.compute.ram"] == ["3562.44"]
    assert costs(found)["vk.compute.vcpu.ice-lake"] == ["2937.60"]
    assert found.agreed == {"Deal": Decimal("459.65"), "Start": Decimal("265.25")}
    assert found.list_total is not None
    assert found.total == found.list_total - sum(found.agreed.values())


def test_the_largest_of_several_discounts_applies(tmp_path: Path) -> None:
    more = 'discounts: [{name: More, percent: "50", skus: [vk.compute.disk.*], from: 2026-11-01}]\n'
    found = priced(deal(tmp_path, DISCOUNT, more))
    assert costs(found)["vk.compute.disk.ssd"] == ["663.12"]
    assert set(found.agreed) == {"Start", "More"}


def test_a_cap_takes_back_what_exceeds_it(tmp_path: Path) -> None:
    """Two servers: 2 x (679.45 + 265.25) = 1,889.40 off, of which 1,000.00 stays."""
    capped = DISCOUNT.replace("from:", 'cap: "1000.00", from:')
    found = priced(deal(tmp_path, capped), count=2)
    assert found.agreed == {"Start": Decimal("1000.00")}
    (back,) = (c for c in found.charges if c.resource_id == "_discount")
    assert (back.cost, back.vat) == (Decimal("889.40"), Decimal("160.38"))
    assert found.total == sum(r.cost for r in found.resources)
    comparison = compare_estimates(priced(None, count=2), found)
    assert {k: v for k, v in comparison.causes.items() if v} == {"discount": Decimal("-1000.00")}


def test_from_list_to_contract_is_all_discount_and_back(tmp_path: Path) -> None:
    folder = deal(tmp_path, PRICE, DISCOUNT)
    at_list, agreed = priced(None), priced(folder)
    found, back = compare_estimates(at_list, agreed), compare_estimates(agreed, at_list)
    assert {k: v for k, v in found.causes.items() if v} == {"discount": Decimal("-724.90")}
    assert {k: v for k, v in back.causes.items() if v} == {"discount": Decimal("724.90")}


def test_a_bill_at_list_prices_under_a_contract_is_a_discount_not_given(tmp_path: Path) -> None:
    folder = deal(tmp_path, PRICE.replace("effective: 2026-06-01, until: 2026-11-15", "effective: 2026-01-12"))
    bill = read_bills([EXAMPLE])
    found = reconcile_bill(bill, catalog=with_contract(load_catalog(), folder))
    assert found.causes["discount"] > 0
    assert {k for k, v in found.causes.items() if v} == {"discount"}


def test_what_the_list_lacks_gets_a_price(tmp_path: Path) -> None:
    text = """contract: KZ list
service: vm
region: kz-ast
taxes: {kz-vat: [{effective: 2026-01-01, rate: "0.16"}]}
regions: {kz-ast: {tax: kz-vat}}
skus:
  - {sku_id: kz.vcpu, meter: compute.vcpu, name: {en: vCPU, ru: vCPU}, rates: [{effective: 2026-01-01, price: "4000", per: 43200}]}
  - {sku_id: kz.ram, meter: compute.ram, name: {en: RAM, ru: ОЗУ}, rates: [{effective: 2026-01-01, price: "1100", per: 43200}]}
"""  # noqa: E501
    file = b"costlab: 1\nregion: kz-ast\nprices_on: 2026-11-01\nresources:\n"
    file += b"  - {id: a, service: vm, spec: {flavor: STD3-2-4}}\n"
    scenario = parse_estimate(file, "kz.yaml")
    assert not estimate_cost(scenario).complete
    found = estimate_cost(scenario, catalog=with_contract(load_catalog(), deal(tmp_path, text)))
    assert (found.total, found.currency, found.complete) == (Decimal("12400.00"), "KZT", True)
    assert (found.list_total, found.vat) == (None, Decimal("1710.35"))


OWN = """service: vm
region: ru-msk
skus: [{sku_id: x, meter: METER, name: {en: a, ru: a}, rates: [{effective: 2026-01-01, price: "1"}]}]
"""
FAULTS = {
    "float": (PRICE.replace('"0.017000"', "0.017"), "0.yaml:4: price: 0.017 is a float"),
    "key": ("discount: []\n", "0.yaml:1: unknown key “discount”; did you mean “discounts”?"),
    "percent": (DISCOUNT.replace("20,", "120,"), "0.yaml:3: percent: 120 is out of range; it must be ≤ 100"),
    "list": ("- a\n", "0.yaml:1: a contract file is made of `key: value`"),
    "again": (
        PRICE.replace("    rates", "    meter: compute.vcpu\n    rates"),
        "0.yaml:4: meter: the list already says it",
    ),
    "region": ("regions: {mars: {tax: x}}\n", "0.yaml:1: mars: a region of the provider and its `tax` are expected"),
    "meter": (
        OWN.replace("METER", "y"),
        "0.yaml:3: unknown meter 'y'",
    ),
    "twice": (
        OWN.replace("METER", "compute.ram"),
        "0.yaml:3: vk.compute.ram and x answer the same question",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_contract_is_refused_with_file_and_line(tmp_path: Path, name: str) -> None:
    text, words = FAULTS[name]
    with pytest.raises(InputError) as caught:
        with_contract(load_catalog(), deal(tmp_path, text))
    told = [sentence(p, "en") for p in caught.value.problems]
    assert any(words in line for line in told), told


def test_a_folder_without_prices_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "server.yaml").write_text(SERVER.format(period="period: 30d", count=1), encoding="utf-8")
    assert main(["estimate", str(tmp_path / "server.yaml"), "--contract", str(tmp_path / "none"), "--lang", "en"]) == 2
    assert "no contract prices here" in capsys.readouterr().err


def test_every_face_shows_before_and_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = deal(tmp_path, PRICE, DISCOUNT)
    (tmp_path / "server.yaml").write_text(SERVER.format(period="prices_on: 2026-11-05", count=1), encoding="utf-8")
    words = ["estimate", str(tmp_path / "server.yaml"), "--contract", str(folder), "--lang", "en"]
    for form in ("table", "md"):
        assert main([*words, "--format", form]) == 0
        told = capsys.readouterr().out.replace("\xa0", " ")
        assert "At list prices: 10,454.33 ₽" in told
        assert "Deal: -459.65 ₽" in told
        assert "Start: -265.25 ₽" in told
    assert main([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["contract"]["list_total"] == "10454.33"
    assert told["contract"]["agreed"] == {"Deal": "-459.65", "Start": "-265.25"}
    changed = ["compare", words[1], words[1], "--contract", str(folder), "--format", "json", "--lang", "en"]
    assert main(changed) == 0
    assert json.loads(capsys.readouterr().out)["causes"]["discount"] == "-724.90"
    assert main(["catalog", "diff", "2026-01-12", "2026-11-01", "--estimate", words[1], "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["delta"] == "0.00"
