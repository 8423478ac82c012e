"""One estimate with every service in it: priced, in every output, recalculated, on the page; and usage profiles."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import costlab
from costlab import services
from costlab.catalog.contract import with_contract
from costlab.catalog.facts.assumptions import profiled, profiles
from costlab.catalog.loading import Catalog, load_catalog
from costlab.errors import InputError, sentence
from costlab.estimate.charges import estimate_cost
from costlab.examples import example
from costlab.exports import estimates as exports
from costlab.inventory.sources.estimate_file import as_file, parse_estimate
from costlab.model.scenario import Estimate
from tests import office
from tests.test_ui import html, page, run, total, upload

__all__ = ["page"]
FILE = "every-service.yaml"
TODAY = date(2026, 11, 1)
OFFER = """contract: Deal
skus:
  - {sku_id: vk.compute.ram, rates: [{effective: 2026-06-01, until: 2026-11-10, price: "0.005", per: 1}]}
discounts:
  - {name: Start, percent: "12.5", exclude: [licence, vision], from: 2026-11-05, cap: "20000"}
"""


CASES = Path(__file__).parent / "cases"


def of_the_file() -> list[str]:
    """Services of the file."""
    return [r["service"] for r in yaml.safe_load(example(FILE))["resources"]]


def other_cases() -> list[Path]:
    """Golden cases of services that the file does not have: of those that were added since."""
    return [CASES / f"example-{n.replace('_', '-')}" for n in services.names() if n not in of_the_file()]


def priced(catalog: Catalog | None = None, **header: Any) -> Estimate:
    """Every service there is."""
    data = {**yaml.safe_load(example(FILE)), **header}
    if "resources" not in header:
        added = [yaml.safe_load((c / "input.yaml").read_text(encoding="utf-8"))["resources"][0] for c in other_cases()]
        data["resources"] += [{**r, "id": r["service"].replace("_", "-")} for r in added]
    return estimate_cost(parse_estimate(json.dumps(data, default=str).encode(), FILE, today=TODAY), catalog=catalog)


def test_the_file_has_every_service_as_its_form_opens() -> None:
    resources = yaml.safe_load(example(FILE))["resources"]
    assert [r["service"] for r in resources] == sorted(set(of_the_file()))
    assert set(of_the_file()) <= set(services.names())
    for resource in resources:
        given = {k for k in resource["spec"] if k.endswith("_price")}
        shown = {k: v for k, v in resource["spec"].items() if k not in given}
        if resource["service"] == "hadoop":
            shown["nodes"] = [{k: v for k, v in n.items() if k != "monthly_price"} for n in shown["nodes"]]
        expected = services.load(resource["service"]).EXAMPLE
        assert shown == {k: v for k, v in expected.items() if k not in given}


def test_all_of_it_is_priced() -> None:
    found = priced()
    told = [json.loads((case / "expected.json").read_text(encoding="utf-8")) for case in other_cases()]
    assert found.complete is all(t["complete"] for t in told)
    assert found.total == Decimal("1779914.60") + sum(Decimal(t["total"]) for t in told)
    assert found.total == sum(c.cost for c in found.charges) == sum(r.cost for r in found.resources)
    assert {c.resource_id for c in found.charges} == {r.resource_id for r in found.resources}


@pytest.mark.parametrize("name", exports.names())
@pytest.mark.parametrize("language", ["ru", "en"])
def test_all_of_it_is_in_every_output(name: str, language: Any) -> None:
    found = exports.load(name).render(priced(), language, "included")
    assert len(found) > (1000 if isinstance(found, bytes) else 10 * len(services.names()))
    if isinstance(found, str) and name != "json":
        assert all(r.resource_id in found.replace("\\", "") for r in priced().resources)


@pytest.fixture(scope="module")
def under_contract(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("deal")
    (folder / "deal.yaml").write_text(OFFER, encoding="utf-8")
    return with_contract(load_catalog(), folder)


@pytest.mark.office
def test_recalculated_by_libreoffice_it_is_the_same(tmp_path: Path, under_contract: Catalog) -> None:
    month = {"period": "2026-11", "prices_on": None}
    engines = {"list": priced(), "deal": priced(under_contract, **month)}
    spoilt = []
    for name, engine in engines.items():
        costlab.write_workbook(engine, tmp_path / f"{name} plain.xlsx")
        spoilt.append(tmp_path / f"{name}.xlsx")
        assert office.spoil(tmp_path / f"{name} plain.xlsx", spoilt[-1]) > len(engine.charges)
    for (name, engine), path in zip(engines.items(), office.convert(tmp_path, *spoilt), strict=True):
        lines = office.rows(path)["Line items"][1:]
        told = [[Decimal(repr(v)) for v in row[16:19]] for row in lines]
        wanted = [[c.net, c.vat, c.cost] for c in engine.charges]
        assert [(n, t, w) for n, (t, w) in enumerate(zip(told, wanted, strict=False)) if t != w] == [], name
        assert told[-1] == [engine.total_net, engine.vat, engine.total]


def test_a_contract_over_every_service_adds_up(under_contract: Catalog) -> None:
    found = priced(under_contract, period="2026-11", prices_on=None)
    assert found.list_total is not None
    assert found.list_total - sum(found.agreed.values()) == found.total
    assert found.agreed["Start"] == Decimal(20000)
    assert found.list_total == priced(period="2026-11", prices_on=None).total - sum(
        (c.cost - c.list_cost for c in found.charges if c.contract and c.list_cost is None), Decimal(0)
    )


@pytest.mark.parametrize("language", ["ru", "en"])
def test_all_of_it_is_on_the_page(page: Callable[[str], Any], language: str) -> None:
    at = upload(page(language), FILE, example(FILE))
    assert total(at).replace("\u00a0", " ") == {"ru": "1 779 914,60 ₽", "en": "1,779,914.60 ₽"}[language]
    assert not at.error


@pytest.mark.parametrize("name", services.names())
def test_each_form_opens_with_a_sensible_default(page: Callable[[str], Any], name: str) -> None:
    at = run(page("ru").button(key=f"add-{name}").click())
    assert 'class="cl-total"' in html(at)
    assert not at.error


# Usage profiles


STORE = {"resources": [
    {"id": "logs-a", "service": "object_storage", "spec": {"class": "hotbox", "stored_gb": 1000}},
    {"id": "logs-b", "service": "object_storage", "spec": {"class": "hotbox", "stored_gb": 1000}},
    {"id": "site", "service": "object_storage", "spec": {"class": "hotbox", "stored_gb": 1000, "egress_gb": 7}},
]}  # fmt: skip


def egress(found: Estimate) -> dict[str, Decimal]:
    return {c.resource_id: c.quantity for c in found.charges if c.meter == "object_storage.egress"}


def test_a_profile_fills_what_nobody_gave_and_a_wildcard_goes_before_it() -> None:
    """20 % of 1,000 GB in the middle profile; what is given stays."""
    assert egress(priced(**STORE)) == {"site": Decimal(7)}
    asked = {"profile": "medium", "set": {"logs-b*.egress_gb": "12.5"}}
    found = priced(**STORE, assumptions=asked)
    assert egress(found) == {"logs-a": Decimal(200), "logs-b": Decimal("12.5"), "site": Decimal(7)}
    told = {(a.resource_id, a.key, a.value) for a in found.assumptions}
    assert told == {("logs-a", "egress_gb", "200"), ("logs-b", "egress_gb", "12.5")}
    assert all(a.source for a in found.assumptions)
    again = parse_estimate(json.dumps(as_file(found.scenario)).encode(), "again.json", today=TODAY)
    assert estimate_cost(again).total == found.total


def test_the_page_keeps_the_profile_of_a_file_and_offers_others(page: Callable[[str], Any]) -> None:
    text = json.dumps({"costlab": 1, "period": "2026-11", "assumptions": {"profile": "large"}, **STORE})
    at = upload(page("en"), "store.json", text.encode())
    assert (shown := total(at)) == "9,469.17 ₽"  # 3 × 2,280 stored, 2 × 1,310 + 9.17 downloaded
    chosen = next(s for s in at.selectbox if s.label == "Usage profile")
    at = run(chosen.set_value("small"))
    assert total(at) != shown
    assert at.session_state["memory"]["draft"].assumptions == {"profile": "small"}


def test_every_profiled_key_is_a_key_of_its_service() -> None:
    catalog = load_catalog()
    for key, entry in profiled(catalog).items():
        service, _, name = key.partition(".")
        assert name in services.load(service).Spec.model_fields, key
        assert set(entry.values) == set(profiles(catalog))
        assert entry.source in catalog.sources


@pytest.mark.parametrize(("asked", "words"), [
    ({"profile": "huge"}, "profile: “huge” is not one of the allowed values"),
    ({"profil": "small"}, "unknown key “profil”; did you mean “profile”?"),
    ({"set": ["a"]}, "set: “[a]” is not `resource*.key: value`"),
    ({"set": {"logs*.egress_gb": "-1"}}, "egress_gb: -1 is out of range"),
    ([], "assumptions:"),
])  # fmt: skip
def test_faulty_assumptions_are_told(asked: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        priced(**STORE, assumptions=asked)
    assert any(words in sentence(p, "en") for p in caught.value.problems), [
        sentence(p, "en") for p in caught.value.problems
    ]


def test_an_assumption_about_nothing_is_told() -> None:
    found = priced(**STORE, assumptions={"set": {"site.egrss_gb": 1}})
    assert [p.code for p in found.problems if p.code != "quotas"] == ["unused_assumption"]
