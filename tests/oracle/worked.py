"""Cases worked by hand. `how` is the arithmetic; both the oracle (test_oracle.py) and the engine (test_rate.py) must agree."""

# ruff: noqa: E501 (a table: one case, one line)

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from costlab.model.prices import Rate, Rounding, TaxRate, Tier
from tests.oracle.rate import Charged, Tariff, Used

MOSCOW = 180
LIST = date(2020, 1, 1)
VAT = ((date(2019, 1, 1), "0.20"), (date(2026, 1, 1), "0.22"))
VISION = (("1000000", "0.06"), ("10000000", "0.05"), ("100000000", "0.04"), (None, "0.03"))


def at(text: str) -> int:
    """A Moscow moment such as `2026-11-01` or `2026-11-01 20:00` as a minute."""
    moment = datetime.fromisoformat(f"{text if ' ' in text else text + ' 00:00'}+03:00")
    return int(moment.timestamp()) // 60


NOVEMBER = (at("2026-11-01"), at("2026-12-01"))


def rate(price: str | None = None, per: str = "1", day: date = LIST, **more: Any) -> Rate:
    """A rate; `tiers` as pairs (up to, price)."""
    tiers = tuple(
        Tier(up_to=None if up_to is None else Decimal(up_to), price=Decimal(tier_price))
        for up_to, tier_price in more.pop("tiers", ())
    )
    number = None if price is None else Decimal(price)
    return Rate(effective=day, price=number, per=Decimal(per), tiers=tiers, source="test", checked=day, **more)


def rule(mode: str = "half_up", scope: str = "line", *, minimum: bool = True, day: date = LIST) -> Rounding:
    """A rounding rule."""
    return Rounding.model_validate({
        "effective": day, "mode": mode, "scope": scope, "minimum": minimum, "label": f"{mode} {scope}", "source": "test",
    })  # fmt: skip


def tariff(*rates: Rate, rounding: tuple[Rounding, ...] = (), vat: tuple[tuple[date, str], ...] = VAT) -> Tariff:
    """A SKU's history with the usual VAT and half-up per line."""
    taxes = tuple(TaxRate(effective=day, rate=Decimal(r), source="test") for day, r in vat)
    return Tariff(rates, taxes, {"default": rounding or (rule(),)})


@dataclass(frozen=True)
class Worked:
    """A document: usages as (tariff, quantity, start, end), and per line (quantity, raw, cost, VAT), in order of time.

    Remainders come last, as (cost, VAT).
    """

    name: str
    how: str
    tariffs: tuple[Tariff, ...]
    usages: tuple[tuple[int, str, int, int], ...]
    lines: tuple[tuple[str, str, str, str], ...]
    rest: tuple[tuple[str, str], ...] = field(default=())

    def used(self) -> list[Used]:
        """The usages for oracle and engine."""
        return [
            Used(i, str(key), start, end, int(Decimal(quantity).scaleb(9)))
            for i, (key, quantity, start, end) in enumerate(self.usages)
        ]

    def by_key(self) -> dict[str, Tariff]:
        """The tariffs by SKU."""
        return {str(i): t for i, t in enumerate(self.tariffs)}


def printed(charges: list[Charged]) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Charges as a person writes them: lines (quantity, raw, cost, VAT) and remainders (cost, VAT)."""

    def text(value: int, scale: int) -> str:
        return f"{Decimal(value).scaleb(-scale).normalize():f}"

    def money(value: int) -> str:
        return f"{Decimal(value).scaleb(-2):f}"

    lines = sorted((c for c in charges if c.usage_id >= 0), key=lambda c: (c.usage_id, c.start))
    rest = [c for c in charges if c.usage_id < 0]
    return (
        tuple((text(c.quantity, 9), text(c.raw_cost, 12), money(c.cost), money(c.vat)) for c in lines),
        tuple((money(c.cost), money(c.vat)) for c in rest),
    )


def _one(name: str, how: str, what: Tariff, quantity: str, raw: str, cost: str, vat: str) -> Worked:
    return Worked(name, how, (what,), ((0, quantity, *NOVEMBER),), ((quantity, raw, cost, vat),))


def _vision(name: str, images: str, how: str, cost: str, vat: str, model: str = "graduated") -> Worked:
    raw = f"{Decimal(cost).normalize():f}"
    return _one(name, how, tariff(rate(charge_model=model, tiers=VISION)), images, raw, cost, vat)


_DEC22, _JAN1, _JAN11 = at("2025-12-22"), at("2026-01-01"), at("2026-01-11")
_STEPS = (("100", "1"), (None, "0.5"))
_STEPS_2 = (("100", "2"), (None, "1"))
_DAY2, _DAY3 = date(2026, 11, 2), date(2026, 11, 3)
_ON_TOTAL = (rule(scope="total"),)
_TWO_DAYS = (at("2026-11-01"), at("2026-11-03"))

WORKED: tuple[Worked, ...] = (
    Worked(
        "E-46 vm",
        "172 800 x 0.019660 = 3397.248; 691 200 x 0.005154 = 3562.4448; 4 320 000 x 0.000307 = 1326.24; "
        "43 200 x 0.004361 = 188.3952. VAT = cost x 22/122: 612.6188, 642.4072, 239.1580, 33.9738",
        tuple(tariff(rate(p)) for p in ("0.019660", "0.005154", "0.000307", "0.004361")),
        tuple((i, q, *NOVEMBER) for i, q in enumerate(("172800", "691200", "4320000", "43200"))),
        (
            ("172800", "3397.248", "3397.25", "612.62"),
            ("691200", "3562.4448", "3562.44", "642.41"),
            ("4320000", "1326.24", "1326.24", "239.16"),
            ("43200", "188.3952", "188.40", "33.97"),
        ),
    ),
    _vision("E-04", "1000000", "10^6 x 0.06; VAT 60000 x 22/122 = 10819.6721", "60000.00", "10819.67"),
    _vision("E-05", "1000001", "60000 + 1 x 0.05; VAT 10819.6811", "60000.05", "10819.68"),
    _vision("E-05 volume", "1000001", "1000001 x 0.05; VAT 50000.05 x 22/122 = 9016.4025", "50000.05", "9016.40", "volume"),
    _vision("E-06", "10000000", "60000 + 9 x 10^6 x 0.05 = 510000; VAT 91967.2131", "510000.00", "91967.21"),
    _vision("E-07", "10000001", "510000 + 0.04; VAT 91967.2203", "510000.04", "91967.22"),
    _vision("E-08", "100000000", "510000 + 90 x 10^6 x 0.04 = 4110000; VAT 741147.5410", "4110000.00", "741147.54"),
    _vision("E-09", "150000000", "4110000 + 50 x 10^6 x 0.03 = 5610000; VAT 1011639.3443", "5610000.00", "1011639.34"),
    _vision("E-10", "1", "0.06; VAT 0.0108", "0.06", "0.01"),
    _vision("volume at its edge", "1000000", "up to and including: 10^6 x 0.06", "60000.00", "10819.67", "volume"),
    _one(
        "E-62 queues", "1 M free, 99 x 29.99 = 2969.01, 50 x 27.49 = 1374.50; VAT 4343.51 x 22/122 = 783.2559",
        tariff(rate(per="1000000", charge_model="graduated", tiers=(("1000000", "0"), ("100000000", "29.99"), (None, "27.49")))),
        "150000000", "4343.51", "4343.51", "783.26",
    ),
    _one(
        "E-02 bare metal", "199919/720 = 277.6652 cut to 277.66; x 360 = 99957.60; VAT 18025.1410",
        tariff(rate("199919", "720"), rounding=(rule("down", "unit"),)), "360", "99957.6", "99957.60", "18025.14",
    ),
    _one(
        "E-03 bare metal month", "277.66 x 720 = 199915.20; VAT 36050.2820",
        tariff(rate("199919", "720"), rounding=(rule("down", "unit"),)), "720", "199915.2", "199915.20", "36050.28",
    ),
    _one("half a month", "2.01 x 21600/43200 = 1.005, a half goes up; VAT 0.1821", tariff(rate("2.01", "43200")), "21600", "1.005", "1.01", "0.18"),
    _one("icebox", "1.09 x 21600/43200 = 0.545; VAT 0.0992", tariff(rate("1.09", "43200")), "21600", "0.545", "0.55", "0.10"),
    _one("E-36 one GB minute", "0.000102 is under a kopeck: 0.01; VAT 0.0018", tariff(rate("0.000102")), "1", "0.000102", "0.01", "0.00"),
    _one("without the minimum", "0.000102 rounds to 0", tariff(rate("0.000102"), rounding=(rule(minimum=False),)), "1", "0.000102", "0.00", "0.00"),
    _one("zero stays zero", "0 x price", tariff(rate("0.000102")), "0", "0", "0.00", "0.00"),
    _one("a free item", "5 x 0", tariff(rate("0")), "5", "0", "0.00", "0.00"),
    _one("a correction", "-2.01/2 = -1.005, away from zero", tariff(rate("2.01", "43200")), "-21600", "-1.005", "-1.01", "-0.18"),
    _one("a small correction", "the minimum keeps the sign", tariff(rate("0.000102")), "-1", "-0.000102", "-0.01", "0.00"),
    _one("up", "1.001 -> 1.01; VAT 0.1821", tariff(rate("1.001"), rounding=(rule("up"),)), "1", "1.001", "1.01", "0.18"),
    _one("up, a correction", "-1.001 -> -1.01", tariff(rate("1.001"), rounding=(rule("up"),)), "-1", "-1.001", "-1.01", "-0.18"),
    _one("down", "1.009 -> 1.00; VAT 0.1803", tariff(rate("1.009"), rounding=(rule("down"),)), "1", "1.009", "1.00", "0.18"),
    _one("down, under a kopeck", "0.009 -> the minimum", tariff(rate("0.009"), rounding=(rule("down"),)), "1", "0.009", "0.01", "0.00"),
    _one("unit half-up", "0.016 -> 0.02; x 3 = 0.06; VAT 0.0108", tariff(rate("0.016"), rounding=(rule(scope="unit"),)), "3", "0.06", "0.06", "0.01"),
    _one("unit up, then half-up", "0.021 -> 0.03; x 0.5 = 0.015 -> 0.02", tariff(rate("0.021"), rounding=(rule("up", "unit"),)), "0.5", "0.015", "0.02", "0.00"),
    _one("unit of a package", "2.505 a package -> 2.51; 250/100 -> 3 packages = 7.53; VAT 1.3579",
         tariff(rate("2.505", "100", charge_model="package"), rounding=(rule(scope="unit"),)), "250", "7.53", "7.53", "1.36"),
    _one("package", "250/100 -> 3 x 10; VAT 5.4098", tariff(rate("10", "100", charge_model="package")), "250", "30", "30.00", "5.41"),
    _one("package, exactly", "200/100 = 2 x 10; VAT 3.6066", tariff(rate("10", "100", charge_model="package")), "200", "20", "20.00", "3.61"),
    _one("package, a correction", "-(250/100 -> 3) x 10", tariff(rate("10", "100", charge_model="package")), "-250", "-30", "-30.00", "-5.41"),
    _one("percentage", "10 per 100 of 1234.56 = 123.456; VAT 22.2631", tariff(rate("10", "100", charge_model="percentage")), "1234.56", "123.456", "123.46", "22.26"),
    Worked("flat", "a fee of 500 whatever is used: one unit; VAT 90.1639", (tariff(rate("500", charge_model="flat")),),
           ((0, "7", *NOVEMBER),), (("1", "500", "500.00", "90.16"),)),
    Worked("flat, nothing used", "no use, no fee", (tariff(rate("500", charge_model="flat")),),
           ((0, "0", *NOVEMBER),), (("0", "0", "0.00", "0.00"),)),
    Worked("flat over a change", "two days, half a unit each: 250 and 300; VAT 45.0820, 54.0984",
           (tariff(rate("500", charge_model="flat"), rate("600", day=_DAY2, charge_model="flat")),),
           ((0, "7", *_TWO_DAYS),), (("0.5", "250", "250.00", "45.08"), ("0.5", "300", "300.00", "54.10"))),
    Worked("package over a change", "75 each day of 150: 1 package, then 2 - 1 = 1 at the new price",
           (tariff(rate("10", "100", charge_model="package"), rate("12", "100", day=_DAY2, charge_model="package")),),
           ((0, "150", *_TWO_DAYS),), (("75", "10", "10.00", "1.80"), ("75", "12", "12.00", "2.16"))),
    Worked("graduated over a change", "day 1: 0-75 x 1 = 75; day 2: 75-100 x 2 + 100-150 x 1 = 100; VAT 13.5246, 18.0328",
           (tariff(rate(charge_model="graduated", tiers=_STEPS), rate(day=_DAY2, charge_model="graduated", tiers=_STEPS_2)),),
           ((0, "150", *_TWO_DAYS),), (("75", "75", "75.00", "13.52"), ("75", "100", "100.00", "18.03"))),
    Worked("volume over a change", "the whole (150) is in the second tier both days: 75 x 0.5, 75 x 1; VAT 6.7623, 13.5246",
           (tariff(rate(charge_model="volume", tiers=_STEPS), rate(day=_DAY2, charge_model="volume", tiers=_STEPS_2)),),
           ((0, "150", *_TWO_DAYS),), (("75", "37.5", "37.50", "6.76"), ("75", "75", "75.00", "13.52"))),
    Worked("billionths are cut cumulatively", "10 billionths over 3 days: 3, 6, 10 -> 3, 3, 4, at three prices",
           (tariff(rate("1000"), rate("2000", day=_DAY2), rate("3000", day=_DAY3)),),
           ((0, "0.00000001", at("2026-11-01"), at("2026-11-04")),),
           (("0.000000003", "0.000003", "0.01", "0.00"), ("0.000000003", "0.000006", "0.01", "0.00"),
            ("0.000000004", "0.000012", "0.01", "0.00"))),
    Worked("each day rounded", "3 x 0.335: each day 0.335 -> 0.34, together 1.02 (one line would be 1.005 -> 1.01); VAT 0.1839",
           (tariff(rate("0.335"), rounding=(rule(scope="day"),)),), ((0, "3", at("2026-11-01"), at("2026-11-04")),),
           (("3", "1.005", "1.02", "0.18"),)),
    Worked("the region's day", "20:00 to 04:00 in Moscow is 4 h and 4 h: 0.005 -> 0.01 twice (a UTC day would give 0.01 once)",
           (tariff(rate("0.01"), rounding=(rule(scope="day"),)),), ((0, "1", at("2026-11-01 20:00"), at("2026-11-02 04:00")),),
           (("1", "0.01", "0.02", "0.00"),)),
    Worked("rest of the total", "3 x 0.335: lines 0.34 each = 1.02, the document 1.005 -> 1.01: rest -0.01",
           (tariff(rate("0.335"), rounding=_ON_TOTAL),), tuple((0, "1", *NOVEMBER) for _ in range(3)),
           (("1", "0.335", "0.34", "0.06"),) * 3, (("-0.01", "0.00"),)),
    Worked("rest of a small total", "two lines of 0.001 -> 0.00 each; the document 0.002 is not zero: 0.01",
           (tariff(rate("0.001"), rounding=_ON_TOTAL),), tuple((0, "1", *NOVEMBER) for _ in range(2)),
           (("1", "0.001", "0.00", "0.00"),) * 2, (("0.01", "0.00"),)),
    Worked("rest of a total, up", "3 x 0.112 -> 0.11 each = 0.33; 0.336 up -> 0.34: rest 0.01",
           (tariff(rate("0.112"), rounding=(rule("up", "total"),)),), tuple((0, "1", *NOVEMBER) for _ in range(3)),
           (("1", "0.112", "0.11", "0.02"),) * 3, (("0.01", "0.00"),)),
    Worked("a rest per VAT rate", "two usages of 0.67 over the new year: 0.335 -> 0.34 four times; per rate 0.67 - 0.68 = -0.01; "
           "VAT of 0.34: 0.0567 at 20 %, 0.0613 at 22 %",
           (tariff(rate("0.67"), rounding=_ON_TOTAL),), ((0, "1", _DEC22, _JAN11), (0, "1", _DEC22, _JAN11)),
           (("0.5", "0.335", "0.34", "0.06"),) * 4, (("-0.01", "0.00"), ("-0.01", "0.00"))),
    Worked("VAT 20 to 22, included", "20 days, 10 before and 10 after: 14.40 each; VAT 14.40/6 = 2.40; 14.40 x 22/122 = 2.5967",
           (tariff(rate("43.20", "43200")),), ((0, "28800", _DEC22, _JAN11),),
           (("14400", "14.4", "14.40", "2.40"), ("14400", "14.4", "14.40", "2.60"))),
    Worked("VAT 20 to 22, excluded", "12.00 x 1.20 = 14.40 with 2.40; 12.00 x 1.22 = 14.64 with 2.64",
           (tariff(rate("36.00", "43200", vat="excluded")),), ((0, "28800", _DEC22, _JAN11),),
           (("14400", "14.4", "14.40", "2.40"), ("14400", "14.64", "14.64", "2.64"))),
    Worked("rounding rule changes", "1.001 a day: up 1.01, from the second day half-up 1.00",
           (tariff(rate("1.001"), rounding=(rule("up"), rule("half_up", day=_DAY2))),), ((0, "2", *_TWO_DAYS),),
           (("1", "1.001", "1.01", "0.18"), ("1", "1.001", "1.00", "0.18"))),
    Worked("before the first list", "four days, the list begins on the third: only 2 of 4 are priced",
           (tariff(rate("5", day=_DAY3)),), ((0, "4", at("2026-11-01"), at("2026-11-05")),), (("2", "10", "10.00", "1.80"),)),
)  # fmt: skip

__all__ = ["MOSCOW", "WORKED", "Worked", "at", "printed", "rate", "rule", "tariff"]
