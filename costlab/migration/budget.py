"""A migration plan worked out: cash month by month, measures, bridge, sensitivity, and how complete it all is.

The target's monthly cost is an estimate's (priced by the rating program); everything else is what the plan says. What
it does not say is listed with what was used instead, and below 80 % of the categories the result is no «saving».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from costlab.catalog.loading import Catalog, load_catalog
from costlab.migration.bridge import BridgeStep, bridge, by_category, quantity_steps
from costlab.migration.cashflow import ONE, Flow, Inputs, Measures, MonthRow, Single, Step, measure, project
from costlab.migration.plan import CATEGORIES, CurrentLine, Once, Paid, Plan, first_day
from costlab.migration.register import Assumed, register
from costlab.migration.sensitivity import Swing, scenarios, switch_value, tornado
from costlab.model.numbers import KOPECK, Problem, exact
from costlab.model.scenario import Estimate

ZERO = Decimal("0.00")
ENOUGH = Decimal("0.80")
"""Share of the categories given or waived from which on a result may be called a saving."""
HORIZONS = (12, 36, 60)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_MONTH_MINUTES = (28 * 1440, 31 * 1440)


@dataclass(frozen=True)
class RunRate:
    """A category's monthly cost on both sides, at month 1, on the plan's VAT basis."""

    category: str
    today: Decimal
    after: Decimal
    state: str
    """`given`, `waived` or `missing`, of today's side."""


@dataclass(frozen=True)
class Budget:
    """A plan worked out. Money in the plan's currency, with VAT only where it is not recovered."""

    plan: Plan
    source: str
    inputs: Inputs
    rows: tuple[MonthRow, ...]
    """Months 1 to the horizon."""
    every: tuple[MonthRow, ...]
    """Months 1 to the longest of `HORIZONS` and the plan's own."""
    horizons: dict[int, Measures]
    """12, 36, 60 months and the plan's own."""
    steps: tuple[BridgeStep, ...]
    run_rate: tuple[RunRate, ...]
    swings: tuple[Swing, ...]
    switch: Decimal | None
    """The target's monthly cost at which nothing is won or lost; None = at none."""
    scenarios: dict[str, Measures]
    completeness: Decimal
    """Share of the categories that are given or waived, 0 to 1."""
    missing: tuple[str, ...]
    """Categories neither given nor waived."""
    assumed: tuple[Assumed, ...]
    problems: tuple[Problem, ...]
    target: Estimate | None
    with_vat: bool

    @property
    def result(self) -> Measures:
        """The measures at the plan's horizon."""
        return self.horizons[self.plan.finance.horizon]

    @property
    def complete(self) -> bool:
        """Whether the word «saving» may be used: enough categories, and a target in which everything has a price."""
        return self.completeness >= ENOUGH and not any(p.code in _LEAVES_OUT for p in self.problems)


_LEAVES_OUT = ("no_exchange_rate", "target_incomplete", "no_target")


def kopecks(amount: Decimal) -> Decimal:
    """An amount as it is printed: half up, away from zero."""
    with exact():
        return amount.quantize(KOPECK, ROUND_HALF_UP)


class _Basis:
    """Puts amounts on one currency and one VAT basis; remembers what it could not convert."""

    def __init__(self, plan: Plan, source: str, today: date) -> None:
        self.plan, self.source = plan, source
        self.recovered = plan.finance.vat_recoverable is not False
        first = first_day(plan.starts) if plan.starts else None
        taxes = load_catalog("vk").taxes["ru-vat"]
        self.tax = max((t for t in taxes if t.effective <= (first or today)), key=lambda t: t.effective)
        self.rates = {r.currency: r for r in sorted(plan.rates, key=lambda r: r.day)}
        self.problems: list[Problem] = []

    def both(self, paid: Paid, where: str, months: int = 1) -> tuple[Decimal, Decimal] | None:
        """Net and gross a month, in whole kopecks; None when there is no rate for the currency."""
        factor = self.factor(paid.currency, where)
        if factor is None:
            return None
        rate = self.tax.rate if paid.vat_rate is None else paid.vat_rate
        amount = paid.amount * factor / months
        if paid.vat == "included":
            return kopecks(amount / (1 + rate)), kopecks(amount)
        return kopecks(amount), kopecks(amount * (1 + rate) if paid.vat == "excluded" else amount)

    def factor(self, currency: str | None, where: str) -> Decimal | None:
        """What one unit is in the plan's currency, by the user's newest rate."""
        if currency in (None, self.plan.currency):
            return ONE
        found = self.rates.get(str(currency))
        if found is None:
            args = {"currency": str(currency), "plan": self.plan.currency}
            self.problems.append(Problem(code="no_exchange_rate", source=self.source, subject=where, args=args))
            return None
        return found.rate

    def used(self, pair: tuple[Decimal, Decimal]) -> Decimal:
        """The amount the model computes with."""
        return pair[0] if self.recovered else pair[1]

    def singles(self, found: tuple[Once, ...], key: str) -> tuple[Single, ...]:
        """Money of single months."""
        made = []
        for n, once in enumerate(found):
            pair = self.both(once, f"{key}[{n + 1}]")
            if pair is not None:
                made.append(Single(once.month, self.used(pair), once.name, once.category, once.owner))
        return tuple(made)


def migrate(
    plan: Plan,
    target: Estimate | None = None,
    *,
    as_is: Estimate | None = None,
    alternatives: Mapping[str, Estimate] | None = None,
    source: str = "",
    today: date | None = None,
    catalog: Catalog | None = None,
) -> Budget:
    """Work a plan out. `target`, `as_is`, `alternatives`: the estimates it names, priced; each of about one month.

    Nothing is refused here: what keeps the result from being whole is in `problems`.
    """
    with exact():
        return _worked_out(plan, target, as_is, alternatives or {}, source, today or date.today(), catalog)  # noqa: DTZ011 (a VAT rate, not a moment)


def _worked_out(
    plan: Plan,
    target: Estimate | None,
    as_is: Estimate | None,
    alternatives: Mapping[str, Estimate],
    source: str,
    today: date,
    catalog: Catalog | None,
) -> Budget:
    basis, goal, finance = _Basis(plan, source, today), plan.target, plan.finance
    lines = [(n, pair) for n in plan.current.lines if (pair := _line(basis, n)) is not None]
    staying = _sums([(n.category, p) for n, p in lines if n.stops_at == "never"])
    extra = [
        (n.category, pair)
        for n in goal.lines
        if (pair := basis.both(n, f"target.lines, {n.name or n.category}")) is not None
    ]
    own = _sums(extra)
    wanted = _target(basis, target, own, goal.discount, f"{source}: target")
    inputs = Inputs(
        source=tuple(_flow(basis, n, pair) for n, pair in lines),
        target=wanted.flows,
        waves=tuple(Step(w.share, w.target_starts, w.source_paid_until, w.ramp) for w in plan.waves),
        one_offs=basis.singles(plan.one_offs or (), "one_offs"),
        credits=basis.singles(plan.credits, "credits"),
        refresh=basis.singles(plan.refresh, "refresh"),
        tails=_tails(basis),
        resale=basis.singles(plan.resale, "resale"),
        horizon=max(finance.horizon, *HORIZONS),
        rate=finance.discount_rate,
        growth=finance.growth or ZERO,
        index_source=finance.indexation.source or ZERO,
        index_target=finance.indexation.target or ZERO,
        contingency=finance.contingency or ZERO,
    )
    rows = project(inputs)
    inputs = replace(inputs, horizon=finance.horizon)
    unlike = _alternatives(basis, alternatives, own)
    before = None if as_is is None else _target(basis, as_is, own, goal.discount, "as_is").flows
    if target is None and not goal.lines:
        basis.problems.append(Problem(code="no_target", source=source))
    factor = switch_value(inputs)
    given = {n.category for n, _ in lines}
    listed = [c for c in CATEGORIES if c != "migration"]
    state = {c: "given" if c in given else "waived" if c in plan.current.waived else "missing" for c in listed}
    missing = tuple(c for c in listed if state[c] == "missing")
    return Budget(
        plan=plan,
        source=source,
        inputs=inputs,
        rows=rows[: finance.horizon],
        every=rows,
        horizons={m: measure(rows[:m]) for m in sorted({*HORIZONS, finance.horizon})},
        steps=_bridge(basis, lines, staying, wanted, _moves(as_is, target, basis, catalog)),
        run_rate=tuple(_run_rate(basis, lines, staying, wanted, state)),
        swings=tornado(inputs, unlike),
        switch=None if factor is None else kopecks(factor * inputs.base_target),
        scenarios=scenarios(inputs, before),
        completeness=ONE - Decimal(len(missing)) / len(listed),
        missing=missing,
        assumed=tuple(register(plan, basis.tax, recovered=basis.recovered)),
        problems=tuple(_distinct(basis.problems)),
        target=target,
        with_vat=not basis.recovered,
    )


def _distinct(problems: list[Problem]) -> list[Problem]:
    distinct: list[Problem] = []
    for problem in problems:
        if problem not in distinct:
            distinct.append(problem)
    return distinct


def _line(basis: _Basis, line: CurrentLine) -> tuple[Decimal, Decimal] | None:
    return basis.both(line, f"current.lines, {line.name or line.category}", _MONTHS[line.per])


def _flow(basis: _Basis, line: CurrentLine, pair: tuple[Decimal, Decimal]) -> Flow:
    contract = line.stops_at == "contract_end"
    return Flow(
        name=line.name or line.category,
        category=line.category,
        amount=basis.used(pair),
        starts=line.starts,
        ends=None if contract else line.ends,
        bound=(line.ends or 0) if contract else 0,
        stays=line.stops_at == "never",
        grows=line.scales_with != "none",
        indexation=line.indexation,
    )


def _tails(basis: _Basis) -> tuple[Single, ...]:
    tails = []
    for n, tail in enumerate(basis.plan.tails):
        pair = basis.both(tail, f"tails[{n + 1}]")
        if pair is not None:
            tails += [Single(m, basis.used(pair), tail.name) for m in range(tail.starts, tail.ends + 1)]
    return tuple(tails)


@dataclass(frozen=True)
class _Target:
    flows: tuple[Flow, ...]
    after: dict[str, tuple[Decimal, Decimal]]
    """Category → net and gross before the plan's discount."""
    discount: tuple[Decimal, Decimal]


def _target(
    basis: _Basis,
    estimate: Estimate | None,
    own: Mapping[str, tuple[Decimal, Decimal]],
    discount: Decimal,
    where: str,
) -> _Target:
    """The target's flows: an estimate by category, less the discount, and the plan's own lines."""
    priced: dict[str, tuple[Decimal, Decimal]] = {}
    if estimate is not None:
        factor = basis.factor(estimate.currency, where)
        if not estimate.complete:
            args = {"n": str(estimate.unpriced)}
            basis.problems.append(Problem(code="target_incomplete", source=estimate.scenario.source, args=args))
        if not _MONTH_MINUTES[0] <= estimate.period.minutes <= _MONTH_MINUTES[1]:
            args = {"minutes": str(estimate.period.minutes)}
            basis.problems.append(Problem(code="not_a_month", source=estimate.scenario.source, args=args))
        if factor is not None:
            sums = by_category(estimate)
            priced = {k: (kopecks(n * factor), kopecks(g * factor)) for k, (n, g) in sums.items()}
    off = {k: (kopecks(n * discount), kopecks(g * discount)) for k, (n, g) in priced.items()}
    after = {k: _plus(priced.get(k), own.get(k)) for k in CATEGORIES if k in priced or k in own}
    flows = tuple(
        Flow(CATEGORIES[k].en, k, basis.used(pair) - basis.used(off.get(k, (ZERO, ZERO)))) for k, pair in after.items()
    )
    total = (sum((n for n, _ in off.values()), ZERO), sum((g for _, g in off.values()), ZERO))
    return _Target(flows, after, total)


def _alternatives(
    basis: _Basis, estimates: Mapping[str, Estimate], own: Mapping[str, tuple[Decimal, Decimal]]
) -> dict[str, tuple[Flow, ...]]:
    """Other targets that can be compared; what keeps one from it, or leaves a part of it out, is a warning."""
    alternatives: dict[str, tuple[Flow, ...]] = {}
    for name, estimate in estimates.items():
        source = estimate.scenario.source
        if estimate.currency not in (basis.plan.currency, *basis.rates):
            args = {"currency": estimate.currency, "plan": basis.plan.currency}
            basis.problems.append(Problem(code="alternative_no_rate", source=source, subject=name, args=args))
            continue
        if not estimate.complete:
            args = {"n": str(estimate.unpriced)}
            basis.problems.append(Problem(code="alternative_incomplete", source=source, subject=name, args=args))
        whole = estimate.model_copy(update={"complete": True})
        alternatives[name] = _target(basis, whole, own, ZERO, name).flows
    return alternatives


def _plus(*pairs: tuple[Decimal, Decimal] | None) -> tuple[Decimal, Decimal]:
    return sum((p[0] for p in pairs if p), ZERO), sum((p[1] for p in pairs if p), ZERO)


def _sums(pairs: Sequence[tuple[str, tuple[Decimal, Decimal]]]) -> dict[str, tuple[Decimal, Decimal]]:
    return {k: _plus(*(p for c, p in pairs if c == k)) for k in dict.fromkeys(c for c, _ in pairs)}


def _moves(
    as_is: Estimate | None, target: Estimate | None, basis: _Basis, catalog: Catalog | None
) -> dict[str, Decimal]:
    if as_is is None or target is None or as_is.currency != target.currency:
        return {}
    factor = basis.factor(target.currency, "as_is") or ZERO
    return {k: kopecks(v * factor) for k, v in quantity_steps(as_is, target, catalog).items()}


_Lines = list[tuple[CurrentLine, tuple[Decimal, Decimal]]]


def _bridge(
    basis: _Basis,
    lines: _Lines,
    staying: Mapping[str, tuple[Decimal, Decimal]],
    wanted: _Target,
    moves: Mapping[str, Decimal],
) -> tuple[BridgeStep, ...]:
    """From `base_source` to `base_target` plus what stays; in net amounts, VAT that is not recovered being a step."""
    now = _sums([(n.category, p) for n, p in lines if not n.retired])
    after = {k: _plus(wanted.after.get(k), staying.get(k)) for k in CATEGORIES}
    retired = sum((p[0] for n, p in lines if n.retired), ZERO)
    vat_before = sum((p[1] - p[0] for _, p in lines), ZERO)
    vat_after = sum((g - n for n, g in after.values()), ZERO) - (wanted.discount[1] - wanted.discount[0])
    return bridge(
        {k: n for k, (n, _) in now.items()},
        retired,
        {k: n for k, (n, _) in after.items()},
        moves,
        wanted.discount[0],
        ZERO if basis.recovered else vat_after - vat_before,
    )


def _run_rate(
    basis: _Basis,
    lines: _Lines,
    staying: Mapping[str, tuple[Decimal, Decimal]],
    wanted: _Target,
    state: Mapping[str, str],
) -> list[RunRate]:
    today = _sums([(n.category, p) for n, p in lines])
    net = {f.category: f.amount for f in wanted.flows}
    none = (ZERO, ZERO)
    return [
        RunRate(
            c,
            basis.used(today.get(c, none)),
            net.get(c, ZERO) + basis.used(staying.get(c, none)),
            state.get(c, "given"),
        )
        for c in CATEGORIES
    ]
