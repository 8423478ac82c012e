"""Laws the rating program keeps, whatever the prices: parts sum to the whole, more never costs less."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from costlab.model.prices import Rate
from tests.oracle import bridge
from tests.oracle.rate import BILLION, Charged, Tariff, Used
from tests.oracle.worked import at, rate, rule, tariff
from tests.property.tariffs import MODELS, tiers

START = at("2026-11-01")
PERIOD = 10 * 1440
thousandths = st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-3))
"""Prices whose product with a billionth still prints exactly at twelve decimals."""
scopes = st.sampled_from(["line", "day", "unit", "total"])
modes = st.sampled_from(["half_up", "up", "down"])


def raw(charges: list[Charged]) -> int:
    """Exact sum in 10^-12 roubles."""
    return sum(c.raw_cost for c in charges)


def cost(charges: list[Charged]) -> int:
    """The document's sum in kopecks, remainders included."""
    return sum(c.cost for c in charges)


@st.composite
def priced(draw: st.DrawFn, model: str, day: date = date(2020, 1, 1)) -> Rate:
    """A rate per one unit (or per package of 7) at a price of three decimals."""
    if model in ("graduated", "volume"):
        steps = draw(tiers())
        pairs = tuple((None if t.up_to is None else str(t.up_to), str(draw(thousandths))) for t in steps)
        return rate(day=day, charge_model=model, tiers=pairs)
    return rate(str(draw(thousandths)), "7" if model == "package" else "1", day=day, charge_model=model)


@settings(max_examples=100)
@given(
    st.data(), st.integers(-(10**9), 10**9), st.lists(st.integers(1, PERIOD - 1), min_size=1, max_size=4, unique=True)
)
def test_parts_sum_to_the_whole(data: st.DataObject, a_minute: int, cuts: list[int]) -> None:
    """A level held for the period, or held for its parts one after the other: the same units, the same exact cost."""
    days = data.draw(st.lists(st.integers(2, 9), max_size=3, unique=True))
    history = [data.draw(priced("per_unit"))]
    history += [data.draw(priced("per_unit", date(2026, 11, d))) for d in sorted(days)]
    book = {"0": tariff(*history, rounding=(rule(data.draw(modes), data.draw(scopes)),))}
    edges = [0, *sorted(cuts), PERIOD]
    parts = [Used(i, "0", START + a, START + b, a_minute * (b - a)) for i, (a, b) in enumerate(pairwise(edges))]
    charges = bridge.rate_all([*parts, Used(99, "0", START, START + PERIOD, a_minute * PERIOD)], book)
    whole = [c for c in charges if c.usage_id == 99]
    split = [c for c in charges if 0 <= c.usage_id < 99]
    assert sum(c.quantity for c in whole) == sum(c.quantity for c in split) == a_minute * PERIOD
    assert raw(whole) == raw(split)


@settings(max_examples=100)
@given(st.data(), st.sampled_from(MODELS), st.integers(0, 10**16), scopes)
def test_a_change_to_the_same_price_changes_nothing(data: st.DataObject, model: str, quantity: int, scope: str) -> None:
    """Whatever the charge model, cutting the period leaves the quantity and the exact cost as they were."""
    first = data.draw(priced(model))
    days = data.draw(st.lists(st.integers(2, 10), min_size=1, max_size=5, unique=True))
    again = [first.model_copy(update={"effective": date(2026, 11, d)}) for d in sorted(days)]
    book = {str(i): tariff(*rates, rounding=(rule(scope=scope),)) for i, rates in enumerate(([first], [first, *again]))}
    charges = bridge.rate_all([Used(i, str(i), START, START + PERIOD, quantity) for i in (0, 1)], book)
    one, cut = ([c for c in charges if c.usage_id == i] for i in (0, 1))
    assert len(cut) == len(days) + 1
    assert sum(c.quantity for c in one) == sum(c.quantity for c in cut)
    assert raw(one) == raw(cut)


@settings(max_examples=100)
@given(st.data(), st.sampled_from([m for m in MODELS if m != "volume"]), scopes, modes, st.booleans())
def test_more_never_costs_less(data: st.DataObject, model: str, scope: str, mode: str, minimum: bool) -> None:
    """Except in volume tiers. Quantities are whole billionths a minute, as a level over time is."""
    prices = [data.draw(priced(model))]
    if data.draw(st.booleans()):
        prices.append(data.draw(priced(model, date(2026, 11, 6))))
    book = {"0": tariff(*prices, rounding=(rule(mode, scope, minimum=minimum),))}
    levels = sorted(data.draw(st.lists(st.integers(0, 10**10), min_size=2, max_size=6)))
    document = [Used(i, "0", START, START + PERIOD, n * PERIOD) for i, n in enumerate(levels)]
    if scope == "total":
        costs = [cost(bridge.rate_all([used], book)) for used in (document[0], document[-1])]
    else:
        charges = bridge.rate_all(document, book)
        costs = [cost([c for c in charges if c.usage_id == i]) for i in range(len(levels))]
    assert costs == sorted(costs)


def test_more_may_cost_less_in_volume_tiers() -> None:
    """100 units at 1.00 are 100.00; the 101st brings all of them to 0.50: 50.50."""
    book = {"0": tariff(rate(charge_model="volume", tiers=(("100", "1"), (None, "0.5"))))}
    hundred, one_more = (bridge.rate_all([Used(0, "0", START, START + PERIOD, n * BILLION)], book) for n in (100, 101))
    assert (cost(hundred), cost(one_more)) == (10000, 5050)


@settings(max_examples=60)
@given(st.data(), modes, st.integers(1, 25))
def test_the_document_is_the_rounded_exact_sum(data: st.DataObject, mode: str, size: int) -> None:
    """Under the scope `total`, lines and remainder together are the exact sum, rounded once."""
    book: dict[str, Tariff] = {
        m: tariff(data.draw(priced(m)), rounding=(rule(mode, "total", minimum=False),)) for m in MODELS
    }
    quantities = data.draw(
        st.lists(st.tuples(st.sampled_from(MODELS), st.integers(-(10**12), 10**13)), min_size=size, max_size=size)
    )
    document = [Used(i, m, START, START + PERIOD, q) for i, (m, q) in enumerate(quantities)]
    charges = bridge.rate_all(document, book)
    exact = Fraction(raw(charges), 10**10)
    assert abs(cost(charges) - exact) <= (Fraction(1, 2) if mode == "half_up" else 1)
    if mode != "half_up":
        assert cost(charges) == 0 or (abs(cost(charges)) >= abs(exact)) == (mode == "up" or exact == cost(charges))


def test_a_leap_day_is_a_day() -> None:
    """29 February 2028 is 1440 minutes of its own price."""
    book = {"0": tariff(*(rate(p, day=date(2028, 2, 28) + timedelta(days=n)) for n, p in enumerate(("1", "2", "3"))))}
    used = [Used(0, "0", at("2028-02-28"), at("2028-03-02"), 3 * BILLION)]
    assert [c.cost for c in bridge.rate_all(used, book)] == [100, 200, 300]
