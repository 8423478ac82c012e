"""12,800 random usages × tariffs: the engine and the oracle give the same rows, to the last digit."""

from datetime import date, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.oracle import bridge
from tests.oracle import rate as oracle
from tests.oracle.rate import Tariff
from tests.property.tariffs import FIRST, SPAN_DAYS, documents, price_books

OFFSETS = {"+03:00": 180, "+05:00": 300, "+00:00": 0, "-03:30": -210}
FIRST_MINUTE = (FIRST - date(1970, 1, 1)).days * 1440

as_of_days = st.one_of(st.none(), st.none(), st.integers(-5, SPAN_DAYS + 5).map(lambda d: FIRST + timedelta(days=d)))


# Not shrunk: a failure names the first usage that differs, which is small enough to work out by hand.
@settings(max_examples=320, phases=[Phase.generate])
@given(price_books(), documents(FIRST_MINUTE, 40), st.sampled_from(sorted(OFFSETS)), as_of_days)
def test_equal_to_the_last_digit(
    book: dict[str, Tariff], usages: list[oracle.Used], offset: str, as_of: date | None
) -> None:
    expected = oracle.rate_all(usages, book, OFFSETS[offset], as_of)
    found = bridge.rate_all(usages, book, offset, as_of)
    if found != expected:
        blamed = {c.usage_id for c in set(found) ^ set(expected)}
        told = [(u, book[u.price_key]) for u in usages if u.usage_id in blamed][:1]
        only = [[c for c in rows if c.usage_id in {-1, *(u.usage_id for u, _ in told)}] for rows in (found, expected)]
        raise AssertionError(f"{told}\nengine {only[0]}\noracle {only[1]}")
