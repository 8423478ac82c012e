"""Laws of whole estimates: sums agree, n machines cost n times one, a result reads back as the same estimate."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from costlab import services
from costlab.catalog.loading import load_catalog
from costlab.catalog.regimes import regimes
from costlab.errors import kind
from costlab.estimate.charges import estimate_cost
from costlab.exports.estimates.json import render
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.prices import Rounding
from costlab.model.scenario import ROUNDING_ID, Estimate
from tests.oracle.rate import half_up

TODAY = date(2026, 11, 1)
sizes = st.integers(1, 10**7).map(lambda n: Decimal(n).scaleb(-3))
schedules = st.one_of(
    st.just("always"),
    st.just("stopped"),
    st.integers(0, 600).map(lambda h: {"hours": h}),
    st.sampled_from([{"weekdays": "mon-fri 09-18"}, {"weekdays": "sat,sun 00-24"}]),
)


@st.composite
def resources(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A service's example, now and then with other sizes, a schedule, a count."""
    service = draw(st.sampled_from(services.names()))
    spec = json.loads(json.dumps(services.load(service).EXAMPLE))
    for key in ("size_gb", "stored_gb", "egress_gb"):
        if key in spec and draw(st.booleans()):
            spec[key] = str(draw(sizes))
    for disk in spec.get("disks", []):
        disk["size_gb"] = str(draw(sizes))
    for group in spec.get("groups", []):
        if draw(st.booleans()):
            low = draw(st.integers(0, 5))
            group["nodes"] = {"min": low, "max": low + draw(st.integers(0, 5))}
    found: dict[str, Any] = {
        "id": name,
        "service": service,
        "spec": spec,
        "group": draw(st.sampled_from(["", "a", "a/b"])),
    }
    module = services.load(service)
    if services.stoppable(service, module.Spec.model_validate(spec)):
        found["schedule"] = draw(schedules)
    return found


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """An estimate file of one to five resources."""
    period = draw(st.sampled_from(["30d", "2026-02", "2026-11", "2026-12", "2026-06-15..2026-08-02"]))
    size = draw(st.integers(1, 5))
    return {
        "costlab": 1,
        "name": "Random",
        "period": period,
        "resources": [draw(resources(f"r{n}")) for n in range(size)],
    }


def priced(file: dict[str, Any]) -> Estimate:
    return estimate_cost(parse_estimate(json.dumps(file).encode(), "random.json", today=TODAY))


@settings(max_examples=40)
@given(files())
def test_sums_agree(file: dict[str, Any]) -> None:
    """Total = Σ resources = Σ charges = net + VAT; every charge's VAT is contained in it by the rule."""
    found = priced(file)
    assert {p.code for p in found.problems if kind(p) == "unpriced"} <= {"on_request"}
    assert found.total == sum(r.cost for r in found.resources) == sum(c.cost for c in found.charges)
    assert found.total == found.total_net + found.vat
    for resource in found.resources:
        assert resource.cost == sum(c.cost for c in found.charges if c.resource_id == resource.resource_id)
    for charge in found.charges:
        assert charge.net + charge.vat == charge.cost
        rate = Fraction(charge.vat_rate)
        assert charge.vat * 100 == half_up(Fraction(charge.cost) * 100 * rate / (1 + rate))
        assert charge.cost.as_tuple().exponent == -2
    if found.total_low is not None and found.total_high is not None:
        assert found.total_low <= found.total <= found.total_high


@settings(max_examples=25)
@given(files(), st.integers(2, 12))
def test_n_identical_cost_n_times(file: dict[str, Any], count: int) -> None:
    one, many = priced(file), priced({**file, "resources": [{**r, "count": count} for r in file["resources"]]})
    assert many.total == one.total * count
    assert many.vat == one.vat * count
    assert len(many.resources) == len(one.resources) * count
    for name in ("total_low", "total_high"):
        alone = getattr(one, name)
        assert getattr(many, name) == (None if alone is None else alone * count)


@settings(max_examples=25)
@given(files())
def test_json_reads_back_as_the_same_estimate(file: dict[str, Any]) -> None:
    found = priced(file)
    text = render(found, "en", "included")
    again = estimate_cost(parse_estimate(text.encode(), "again.json", today=date(2027, 5, 5)))
    told, retold = (json.loads(render(e, "en", "included")) for e in (found, again))
    for charge in (*told["charges"], *retold["charges"]):
        if charge["price_source"].startswith("given: "):
            del charge["price_source"]  # names the line of the file the price was given in
    for problem in (*told["problems"], *retold["problems"]):
        del problem["source"], problem["line"]
    assert retold == told


@settings(max_examples=25)
@given(files())
def test_prices_on_changes_nothing_where_nothing_changes(file: dict[str, Any]) -> None:
    """Every period here lies after the list's first day, in one VAT rate: one day's prices are every day's."""
    if file["period"] == "30d":
        file = {**file, "period": "2026-11"}
    free, held = priced(file), priced({**file, "prices_on": "2026-10-01"})
    assert [c.cost for c in free.charges] == [c.cost for c in held.charges]
    assert (free.total, free.vat) == (held.total, held.vat)


def rounded_on_total() -> Any:
    """The VK catalog as it would be if only the document's total were rounded."""
    catalog = load_catalog("vk")
    rule = Rounding.model_validate({
        "effective": date(2019, 1, 1), "mode": "half_up", "scope": "total", "minimum": True, "label": "on total",
        "source": "test",
    })  # fmt: skip
    rounding = dict.fromkeys(catalog.provider.rounding, (rule,))
    provider = catalog.provider.model_copy(update={"rounding": rounding})
    return replace(catalog, provider=provider, version="test")


@settings(max_examples=25)
@given(files(), st.integers(1, 12))
def test_a_rounded_total_is_the_exact_sum(file: dict[str, Any], count: int) -> None:
    """The remainder is a row of its own, and what is summed is every instance."""
    file["resources"] = [{**r, "count": count} for r in file["resources"]]
    scenario = parse_estimate(json.dumps(file).encode(), "random.json", today=TODAY)
    found = estimate_cost(scenario, catalog=rounded_on_total())
    exact = sum(c.raw_cost for c in found.charges)
    assert abs(found.total - exact) <= Decimal("0.005")
    assert found.total == sum(r.cost for r in found.resources)
    rest = [c for c in found.charges if c.resource_id == ROUNDING_ID]
    assert len(rest) <= 1
    assert all(c.resource_id == ROUNDING_ID for c in found.charges[-len(rest) :] if rest)


def test_every_sku_has_a_history_that_begins_with_the_list() -> None:
    """Each priced SKU of the catalog has a history without a gap, but where a rate says that it ended."""
    catalog = load_catalog("vk")
    for sku in catalog.skus:
        history = regimes(catalog, sku)
        assert bool(history) == bool(sku.rates)
        for before, after in pairwise(history):
            assert before.end == after.start or before.rate.until is not None
