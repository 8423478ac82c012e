"""Laws of the one comparison: causes add up to the difference, lines to the totals, and nothing differs from itself."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from costlab.bills import read_bill
from costlab.catalog.loading import load_catalog
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import CAUSES, VERDICTS, Comparison
from costlab.compare.split import compare_estimates
from costlab.model.scenario import Scenario
from tests.bills.dialects import DIALECTS, write
from tests.bills.faults import FAULTS, plant
from tests.bills.generator import charged, in_month, make, shop, truth
from tests.property.test_estimates import files, priced
from tests.test_reconcile import consistent

faults = st.lists(st.sampled_from(list(FAULTS)), max_size=4, unique=True)


def lawful(found: Comparison) -> None:
    assert tuple(found.causes) == CAUSES
    assert set(found.verdicts) <= set(VERDICTS)
    consistent(found)


@settings(max_examples=40)
@given(files(), files())
def test_two_estimates(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Σ causes = delta = after - before; the other way round the difference is the opposite."""
    one, two = priced(before), priced(after)
    found, back = compare_estimates(one, two), compare_estimates(two, one)
    lawful(found)
    lawful(back)
    assert (found.before, found.after) == (one.total, two.total)
    assert found.delta == -back.delta
    for cause, opposite in (("new", "gone"), ("gone", "new")):
        assert found.causes[cause] == -back.causes[opposite]


@settings(max_examples=25)
@given(files())
def test_an_estimate_is_itself(file: dict[str, Any]) -> None:
    found = compare_estimates(priced(file), priced(file))
    lawful(found)
    assert found.delta == 0
    assert not any(found.causes.values())
    assert {v for v, (n, _) in found.verdicts.items() if n} <= {"match"}


@settings(max_examples=25)
@given(files(), st.sampled_from(["2026-02", "2026-11", "2026-12"]), st.sampled_from(["2026-03", "2026-11"]))
def test_another_month_is_calendar_or_rounding(file: dict[str, Any], one: str, other: str) -> None:
    """The same resources all the time: only days and amounts per period differ, no price, nothing new."""
    found = compare_estimates(priced({**file, "period": one}), priced({**file, "period": other}))
    lawful(found)
    assert not any(found.causes[c] for c in ("price", "vat", "new", "gone", "unexplained"))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Some of the shop's resources, now and then more of them."""
    every = shop().resources
    chosen = draw(st.lists(st.sampled_from(every), min_size=1, max_size=3, unique_by=lambda r: r.resource_id))
    counted = [r.model_copy(update={"count": draw(st.integers(1, 2))}) for r in chosen]
    month = draw(st.sampled_from(["2026-02", "2026-11"]))
    return in_month(shop().model_copy(update={"resources": tuple(counted)}), month)


@settings(max_examples=25)
@given(scenarios(), scenarios(), faults, st.sampled_from(sorted(DIALECTS)), st.integers(0, 99))
def test_a_bill_and_an_estimate_that_need_not_fit(
    billed: Scenario, estimated: Scenario, planted: list[str], dialect: str, seed: int
) -> None:
    """Whatever the bill and the estimate are, every kopeck has a cause; against itself, the right one."""
    catalog = load_catalog("vk")
    rows = make(billed, catalog)
    if not rows:
        return
    rows = plant(planted, rows, catalog, seed)
    if not any(m.copies for m in rows):
        return
    with tempfile.TemporaryDirectory() as folder:
        bill = read_bill(write(Path(folder), dialect, charged(catalog, rows), catalog))
        alone = reconcile_bill(bill, catalog=catalog)
        found = reconcile_bill(bill, catalog=catalog, scenario=estimated)
    lawful(alone)
    lawful(found)
    assert alone.after == found.after == sum(r.amount for r in charged(catalog, rows))
    known = truth(catalog, rows)
    assert {c: alone.causes[c] for c in ("duplicate", "new", "gone", "bonus")} == {
        "duplicate": known["duplicate"], "new": Decimal(0), "gone": Decimal(0), "bonus": known["bonus"],
    }  # fmt: skip
    assert alone.causes["unexplained"] == 0
