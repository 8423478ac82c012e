"""A month's granular report of a scenario: what was used, day by day, priced by the oracle.

A report has a row per resource, parameter and day. Its amount never comes from the rating program: it is
`tests/oracle` that says what a quantity costs on a day, so that a bill that agrees with the program proves something.

A `Made` is a row and what was done to it; `charged` makes the amounts, `truth` says the exact effect of each cause.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from costlab.catalog.loading import Catalog
from costlab.compare.result import CAUSES
from costlab.estimate.lines import ask
from costlab.estimate.usage import use
from costlab.examples import example
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.periods import moment
from costlab.model.prices import Rate, Sku
from costlab.model.scenario import Resource, Scenario
from tests.oracle.rate import BILLION, Tariff, in_force, kopecks, price_of

PROJECT = "mcs1234567890"
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Made:
    """One row of a report: who used how much of what on a day, and how it was billed."""

    resource_id: str
    sku: Sku
    day: date
    used: Decimal | None
    """What the estimate says, in pricing units; None when it knows nothing of it."""
    quantity: Decimal
    """What the bill says, in pricing units."""
    parameter: str
    service: str
    tags: dict[str, str] = field(default_factory=dict)
    rate: Rate | None = None
    """Billed at this rate instead of the day's."""
    vat: Decimal | None = None
    """Billed with this VAT rate on the same net price."""
    mode: str | None = None
    """Rounded so instead of by the rule."""
    bonus_share: int = 0
    """Percent of the price that was paid with bonuses."""
    copies: int = 1
    """0: left out of the report; 2: there twice."""


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file; `amount` is the money taken, `bonus` what was paid with bonuses."""

    made: Made
    amount: Decimal
    bonus: Decimal

    @property
    def key(self) -> tuple[Any, ...]:
        """How reports are sorted."""
        return self.made.day, self.made.resource_id, self.made.service, self.made.parameter


def shop(month: str = "2026-11") -> Scenario:
    """The example shop in a calendar month."""
    scenario = parse_estimate(example(), "shop.yaml", today=date(2026, 11, 1))
    return in_month(scenario, month)


def in_month(scenario: Scenario, month: str) -> Scenario:
    """The same resources in another month (`2026-11`)."""
    year, number = (int(x) for x in month.split("-"))
    zone = scenario.period.start.tzinfo
    start = scenario.period.start.replace(year=year, month=number, day=1, hour=0, minute=0, tzinfo=zone)
    end = start.replace(year=year + number // 12, month=number % 12 + 1)
    return scenario.model_copy(update={"period": scenario.period.model_copy(update={"start": start, "end": end})})


def make(scenario: Scenario, catalog: Catalog, *, names: str = "ru", everything: bool = False) -> list[Made]:
    """The rows of a clean report, sorted as reports are.

    `names`: `ru`, or `mixed` with the price list's English and other names among them. Only what the report contains
    on a day is there, unless `everything`.
    """
    asked = ask(use(scenario, catalog), by_day=True)
    assert not asked.errors
    used: dict[tuple[str, str, date], Decimal] = {}
    tags: dict[str, dict[str, str]] = {}
    for line in asked.lines:
        if line.variant or line.usage.given is not None:
            continue
        day = moment(line.start, asked.region).date()
        for name in instances(line.resource):
            tags[name] = line.resource.tags
            key = name, line.sku.sku_id, day
            used[key] = used.get(key, Decimal(0)) + line.quantity
    rows = []
    for (name, sku_id, day), quantity in used.items():
        sku = catalog.by_id[sku_id]
        if quantity and (everything or catalog.itemised(sku, day)):
            parameter = _parameter(sku, name, names)
            service = catalog.sections[sku.service][0]
            rows.append(Made(name, sku, day, quantity, quantity, parameter, service, tags[name]))
    return sorted(rows, key=lambda r: (r.day, r.resource_id, r.service, r.parameter))


def instances(resource: Resource) -> list[str]:
    """Names of the identical resources a count stands for."""
    if resource.count == 1:
        return [resource.resource_id]
    return [f"{resource.resource_id}#{n}" for n in range(1, resource.count + 1)]


def _parameter(sku: Sku, name: str, names: str) -> str:
    known = [sku.name.ru, sku.name.en, *(text for a in sku.also_published_as for text in (a.name.ru, a.name.en))]
    return known[sum(map(ord, name + sku.sku_id)) % len(known)] if names == "mixed" else sku.name.ru


def tariff_of(catalog: Catalog, sku: Sku) -> Tariff:
    """What the oracle must know of a SKU."""
    region = catalog.provider.regions[sku.region]
    return Tariff(sku.rates, catalog.taxes[region.tax or ""], catalog.provider.rounding)


def price(
    catalog: Catalog, sku: Sku, day: date, quantity: Decimal,
    *, rate: Rate | None = None, vat: Decimal | None = None, mode: str | None = None,
) -> Decimal:  # fmt: skip
    """Roubles for a quantity on a day by the oracle; `rate`, `vat`, `mode` instead of those in force."""
    asked = catalog.version, sku.sku_id, day, quantity, rate and (rate.price, rate.per, rate.vat), vat, mode
    if asked not in _PRICED:
        _PRICED[asked] = _price(catalog, sku, day, quantity, rate, vat, mode)
    return _PRICED[asked]


_PRICED: dict[tuple[Any, ...], Decimal] = {}
"""The oracle is slow, and bills repeat themselves."""


def _price(
    catalog: Catalog, sku: Sku, day: date, quantity: Decimal, rate: Rate | None, vat: Decimal | None, mode: str | None
) -> Decimal:
    found = in_force(tariff_of(catalog, sku), day)
    assert found is not None, f"{sku.sku_id} has no price on {day}"
    due, tax, rule = found
    due = rate or due
    billionths = int(quantity * BILLION)
    raw = price_of(due, 0, billionths, billionths, rule, Fraction(tax.rate))
    if vat is not None:
        raw *= (1 + Fraction(vat)) / (1 + Fraction(tax.rate))
    return Decimal(kopecks(raw, mode or rule.mode, minimum=rule.minimum)).scaleb(-2)


@dataclass(frozen=True)
class Steps:
    """The price of a row as its causes set in, one after the other."""

    due: Decimal
    """The estimate's quantity at the day's price; nothing when it is not in the estimate."""
    counted: Decimal
    """The bill's quantity at the day's price."""
    priced: Decimal
    taxed: Decimal
    rounded: Decimal
    bonus: Decimal

    @property
    def amount(self) -> Decimal:
        """The money taken."""
        return self.rounded - self.bonus


def steps(catalog: Catalog, made: Made) -> Steps:
    """What a row costs with one cause after the other, in the order of `comparison.CAUSES`."""

    def at(quantity: Decimal, **changed: Any) -> Decimal:
        return price(catalog, made.sku, made.day, quantity, **changed)

    rounded = at(made.quantity, rate=made.rate, vat=made.vat, mode=made.mode)
    bonus = (rounded * made.bonus_share / 100).quantize(Decimal("0.01"))
    return Steps(
        due=at(made.used) if made.used is not None else NOTHING,
        counted=at(made.quantity),
        priced=at(made.quantity, rate=made.rate),
        taxed=at(made.quantity, rate=made.rate, vat=made.vat),
        rounded=rounded,
        bonus=bonus,
    )


def charged(catalog: Catalog, rows: Iterable[Made]) -> list[Row]:
    """The rows of the file, with their amounts."""
    found = []
    for made in rows:
        step = steps(catalog, made)
        found += [Row(made, step.amount, step.bonus)] * made.copies
    return found


def truth(catalog: Catalog, rows: Iterable[Made], *, estimate: bool = False) -> dict[str, Decimal]:
    """The exact effect of each cause; with `estimate`, against what the estimate expects of the rows."""
    found = dict.fromkeys(CAUSES, NOTHING)
    for made in rows:
        step = steps(catalog, made)
        if not made.copies:
            found["gone"] -= step.due if estimate else NOTHING
            continue
        found["duplicate"] += step.amount * (made.copies - 1)
        if estimate and made.used is None:
            found["new"] += step.amount
            continue
        found["quantity"] += step.counted - step.due if estimate else NOTHING
        found["price"] += step.priced - step.counted
        found["vat"] += step.taxed - step.priced
        found["bonus"] -= step.bonus
        found["rounding"] += step.rounded - step.taxed
    return found


def not_itemised(scenario: Scenario, catalog: Catalog) -> Decimal:
    """What the estimate has and the report cannot contain, rated day by day."""
    every = make(scenario, catalog, everything=True)
    left_out = (m for m in every if not catalog.itemised(m.sku, m.day))
    return -sum((price(catalog, m.sku, m.day, m.quantity) for m in left_out), NOTHING)


def unexpected(rows: list[Made], name: str) -> list[Made]:
    """The same rows once more, of a resource the estimate knows nothing of."""
    return [replace(m, resource_id=name, used=None) for m in rows]
