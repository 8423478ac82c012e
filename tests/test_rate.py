"""The rating program by hand-worked cases and at its edges; `property/` has the random ones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import bridge
from tests.oracle import rate as oracle
from tests.oracle.rate import Tariff, Used
from tests.oracle.worked import MOSCOW, NOVEMBER, WORKED, Worked, printed, rate, rule, tariff


@pytest.mark.parametrize("case", WORKED, ids=lambda c: c.name)
def test_worked_by_hand(case: Worked) -> None:
    assert printed(bridge.rate_all(case.used(), case.by_key())) == (case.lines, case.rest)


HUGE = 10**38 - 1


@pytest.mark.parametrize(
    ("what", "quantity"),
    [
        (tariff(rate("1")), HUGE),
        (tariff(rate("1")), -HUGE),
        (tariff(rate("1")), 10**38),
        (tariff(rate("1")), 10**60),
        (tariff(rate("123456789.123456789")), 10**30),
        (tariff(rate("1." + "0" * 40 + "1")), 1),
        (tariff(rate("1", "0.000000007"), rounding=(rule(scope="unit"),)), 10**36),
        (tariff(rate("7" * 30, "7.000000001", charge_model="package")), 10**30),
    ],
)
def test_beyond_38_digits_raises(what: Tariff, quantity: int) -> None:
    with pytest.raises(OverflowError):
        bridge.rate_all([Used(0, "0", *NOVEMBER, quantity)], {"0": what})


def test_a_sum_beyond_38_digits_raises() -> None:
    document = [Used(i, "0", *NOVEMBER, 8 * 10**36) for i in range(40)]
    what = tariff(rate("1", "1" + "0" * 22), rounding=(rule(scope="total"),))
    assert bridge.rate_all(document[:1], {"0": what})
    with pytest.raises(OverflowError):
        bridge.rate_all(document, {"0": what})


@given(
    st.integers(20, 39).flatmap(lambda digits: st.integers(-(10**digits), 10**digits)),
    st.sampled_from(["1", "0.000307", "1234.56", "983.51", "99999999.999999"]),
    st.sampled_from(["1", "43200", "7", "1000000"]),
    st.sampled_from(["line", "day", "unit", "total"]),
)
def test_exact_or_refused_never_wrapped(quantity: int, price: str, per: str, scope: str) -> None:
    book = {"0": tariff(rate(price, per), rate(price, per, day=date(2026, 11, 9)), rounding=(rule(scope=scope),))}
    document = [Used(0, "0", *NOVEMBER, quantity)]
    try:
        found = bridge.rate_all(document, book)
    except OverflowError:
        assert len(str(abs(quantity))) > 25, "an amount of this size must be computed"
        return
    assert found == oracle.rate_all(document, book, MOSCOW)


def test_nothing_used_nothing_charged() -> None:
    assert bridge.rate_all([], {"0": tariff(rate("1"))}) == []
