"""Random price histories and usages for the property tests."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from costlab.model.prices import Rate, Rounding, TaxRate, Tier
from tests.oracle.rate import Tariff, Used

FIRST = date(2025, 11, 1)
SPAN_DAYS = 150
MODELS = ("per_unit", "graduated", "volume", "package", "flat", "percentage")
MODES = ("half_up", "up", "down")
SCOPES = ("line", "day", "unit", "total")

prices = st.builds(
    lambda n, decimals: Decimal(n).scaleb(-decimals),
    st.one_of(st.integers(0, 20), st.integers(0, 200_000)),
    st.integers(0, 6),
)
pers = st.sampled_from([Decimal(x) for x in ("1", "43200", "44640", "720", "30", "1000", "7", "0.5", "1000000")])
vat_rates = st.sampled_from([Decimal(x) for x in ("0", "0.1", "0.12", "0.18", "0.20", "0.22")])
# Mostly from the first day on, so that most usages have a price; up to three changes later.
some_days = st.tuples(st.sampled_from([0, 0, 0, 0, 0, 20]), st.lists(st.integers(21, SPAN_DAYS), max_size=3)).map(
    lambda days: [FIRST + timedelta(days=d) for d in sorted({days[0], *days[1]})]
)
# Tiers end, packages close and quantities land on the same round numbers, so that the edges are met.
ROUND = (1, 10, 720, 1000, 43200, 1_000_000)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    """One to four steps, the last without an end."""
    edge = st.one_of(st.sampled_from(ROUND), st.integers(1, 3_000_000).map(lambda n: Decimal(n).scaleb(-3)))
    ends = sorted({Decimal(e) for e in draw(st.lists(edge, max_size=3))})
    steps: list[Decimal | None] = [*ends, None]
    return tuple(Tier(up_to=end, price=draw(prices)) for end in steps)


@st.composite
def rates(draw: st.DrawFn, model: str, policy: str) -> tuple[Rate, ...]:
    """A SKU's history under one charge model."""
    return tuple(
        Rate.model_validate({
            "effective": day,
            "charge_model": model,
            "price": None if model in ("graduated", "volume") else draw(prices),
            "tiers": draw(tiers()) if model in ("graduated", "volume") else (),
            "per": draw(pers),
            "rounding": policy,
            "vat": draw(st.sampled_from(["included", "excluded"])),
            "source": "test",
            "checked": day,
        })
        for day in draw(some_days)
    )  # fmt: skip


@st.composite
def rules(draw: st.DrawFn, scope: str | None = None) -> tuple[Rounding, ...]:
    """A rounding policy's history."""
    return tuple(
        Rounding.model_validate(
            {
                "effective": day,
                "mode": draw(st.sampled_from(MODES)),
                "scope": scope or draw(st.sampled_from(SCOPES)),
                "minimum": draw(st.booleans()),
                "label": "test",
                "source": "test",
            }
        )
        for day in draw(some_days)
    )


@st.composite
def price_books(draw: st.DrawFn) -> dict[str, Tariff]:
    """Six SKUs, one of each charge model, that share VAT rates and three rounding policies."""
    taxes = tuple(TaxRate(effective=day, rate=draw(vat_rates), source="test") for day in draw(some_days))
    policies = {name: draw(rules()) for name in ("default", "one", "two")}
    return {
        model: Tariff(draw(rates(model, draw(st.sampled_from(sorted(policies))))), taxes, policies) for model in MODELS
    }


@st.composite
def documents(draw: st.DrawFn, first_minute: int, size: int) -> list[Used]:
    """`size` usages of any SKU, around the days on which prices change."""
    quantities = st.one_of(
        st.integers(-(10**5), 10**7),
        st.integers(-(10**13), 10**16),
        st.integers(0, 10**7).map(lambda n: n * 10**9),
        st.sampled_from(ROUND).map(lambda n: n * 10**9),
        st.sampled_from(ROUND).map(lambda n: n * 10**9 + 1),
    )
    shapes = st.tuples(
        st.sampled_from(MODELS),
        st.integers(-3 * 1440, SPAN_DAYS * 1440),
        st.one_of(st.integers(1, 3000), st.integers(1, 60).map(lambda d: d * 1440), st.sampled_from([43200, 576000])),
        quantities,
    )  # fmt: skip
    return [
        Used(i, model, first_minute + start, first_minute + start + length, quantity)
        for i, (model, start, length, quantity) in enumerate(draw(st.lists(shapes, min_size=size, max_size=size)))
    ]
