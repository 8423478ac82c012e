"""A migration month by month: what today's way would cost, what the project costs, and when that pays.

Decimal throughout, exact (`model/numbers.py`); powers are decimal powers with a fractional exponent, right to its
digits. Amounts are rounded to kopecks only where they are printed. Source of the formulas: README, «Migration budget».

    index_x(t) = ((1 + growth) (1 + indexation_x)) ^ ((t - 1) / 12)        x = source, target; t = 1 … horizon
    net(t)     = status quo(t) - (source(t) + target(t) + one-offs(t) - credits(t) - resale(t))
    npv        = sum of net(t) / (1 + r) ^ (t / 12)
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from costlab.model.numbers import exact

ZERO = Decimal(0)
ONE = Decimal(1)
YEAR = 12


@dataclass(frozen=True)
class Flow:
    """A monthly cost of one side at the prices and volume of month 1, on the plan's VAT basis and in its currency."""

    name: str
    category: str
    amount: Decimal
    starts: int = 1
    ends: int | None = None
    """Last month; None = no end."""
    bound: int = 0
    """Paid in full through this month whatever the waves do: a contract's last month."""
    stays: bool = False
    """Paid after the migration as well."""
    grows: bool = True
    indexation: Decimal | None = None
    """Own yearly rise; None = its side's."""


@dataclass(frozen=True)
class Step:
    """A wave in numbers."""

    share: Decimal
    target_starts: int
    source_paid_until: int
    ramp: int = 1


@dataclass(frozen=True)
class Single:
    """Money of one month."""

    month: int
    amount: Decimal
    name: str = ""
    category: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Inputs:
    """Everything the model computes from."""

    source: tuple[Flow, ...]
    target: tuple[Flow, ...]
    waves: tuple[Step, ...]
    one_offs: tuple[Single, ...] = ()
    credits: tuple[Single, ...] = ()
    refresh: tuple[Single, ...] = ()
    tails: tuple[Single, ...] = ()
    """One entry a month."""
    resale: tuple[Single, ...] = ()
    horizon: int = 36
    rate: Decimal | None = None
    growth: Decimal = ZERO
    index_source: Decimal = ZERO
    index_target: Decimal = ZERO
    contingency: Decimal = ZERO
    source_factor: Decimal = ONE
    """What the sensitivity multiplies today's running cost with."""
    target_factor: Decimal = ONE
    one_off_factor: Decimal = ONE
    dual_more: int = 0
    """Months each wave's source is paid longer."""

    @property
    def base_source(self) -> Decimal:
        """Today's running cost of a month."""
        return sum((f.amount for f in self.source), ZERO) * self.source_factor

    @property
    def base_target(self) -> Decimal:
        """The target's running cost of a month."""
        return sum((f.amount for f in self.target), ZERO) * self.target_factor


@dataclass(frozen=True)
class MonthRow:
    """One month; amounts not rounded. `dual` is a memo: it is inside `source`. Costs and gains are positive."""

    month: int
    status_quo: Decimal
    source: Decimal
    target: Decimal
    dual: Decimal
    one_off: Decimal
    credit: Decimal
    resale: Decimal
    net: Decimal
    cumulative: Decimal
    npv: Decimal | None
    """Σ of the discounted nets up to this month."""
    refresh: Decimal
    """Inside `status_quo`."""
    tail: Decimal
    """Inside `source`."""


@dataclass(frozen=True)
class Measures:
    """What a horizon comes to."""

    months: int
    status_quo: Decimal
    project: Decimal
    net: Decimal
    npv: Decimal | None
    break_even: int | None
    """First month from which the cumulative net stays at or above zero; None = not within the horizon."""
    break_even_discounted: int | None
    break_even_without_refresh: int | None
    trough: Decimal
    trough_month: int
    one_offs: Decimal
    dual: Decimal
    run_rate: Decimal
    """Saving of a year at the horizon's last month, refresh and tails apart."""
    payback: Decimal | None
    """Months: one-offs / steady monthly saving; None when nothing is saved."""
    roi: Decimal | None


@lru_cache(maxsize=4096)
def power(base: Decimal, months: int) -> Decimal:
    """`base ^ (months / 12)` at 60 digits.

    >>> power(Decimal("1.06"), 12), power(Decimal("1.21"), 6).normalize()
    (Decimal('1.06'), Decimal('1.1'))
    """
    with exact():
        whole, rest = divmod(months, YEAR)
        return base**whole * (base ** (Decimal(rest) / YEAR) if rest else ONE)


def project(inputs: Inputs) -> tuple[MonthRow, ...]:
    """The rows of months 1 to the horizon."""
    with exact():
        rows = [_month(inputs, t) for t in range(1, inputs.horizon + 1)]
        cumulative = list(accumulate(r.net for r in rows))
        npv: list[Decimal | None] = [None] * len(rows)
        if inputs.rate is not None:
            npv = list(accumulate(r.net / power(1 + inputs.rate, r.month) for r in rows))
        return tuple(replace(r, cumulative=c, npv=n) for r, c, n in zip(rows, cumulative, npv, strict=True))


def _month(inputs: Inputs, t: int) -> MonthRow:
    left = remaining(inputs, t)
    refresh, tail = _single(inputs.refresh, t), _single(inputs.tails, t)
    running = source = dual = ZERO
    for flow in inputs.source:
        cost = flow.amount * index(inputs, flow, t, inputs.index_source) * inputs.source_factor
        renewed = flow.bound > 0 or flow.ends is None or t <= flow.ends
        if t < flow.starts or not renewed:
            continue
        running += cost
        source += cost * (ONE if flow.stays or t <= flow.bound else left)
        dual += ZERO if flow.stays else cost * _both(inputs, t)
    target = sum((f.amount * index(inputs, f, t, inputs.index_target) for f in inputs.target), ZERO)
    target *= arrived(inputs, t) * inputs.target_factor
    once = _single(inputs.one_offs, t) * (1 + inputs.contingency) * inputs.one_off_factor
    credit, resale = _single(inputs.credits, t), _single(inputs.resale, t)
    status_quo, source = running + refresh, source + tail
    net = status_quo - (source + target + once - credit - resale)
    return MonthRow(t, status_quo, source, target, dual, once, credit, resale, net, ZERO, None, refresh, tail)


def index(inputs: Inputs, flow: Flow, t: int, side: Decimal) -> Decimal:
    """What volume and prices have done to a flow by month t."""
    rise = power(1 + (side if flow.indexation is None else flow.indexation), t - 1)
    return rise * power(1 + inputs.growth, t - 1) if flow.grows else rise


def remaining(inputs: Inputs, t: int) -> Decimal:
    """The share of the source that is still paid: waves not yet left, and what no wave takes."""
    moved = sum((w.share for w in inputs.waves if t > w.source_paid_until + inputs.dual_more), ZERO)
    return ONE - moved


def arrived(inputs: Inputs, t: int) -> Decimal:
    """The share of the target that is paid; a ramp rises evenly, its last month being the whole share."""
    return sum(
        (w.share * min(ONE, Decimal(t - w.target_starts + 1) / w.ramp) for w in inputs.waves if t >= w.target_starts),
        ZERO,
    )


def _both(inputs: Inputs, t: int) -> Decimal:
    return sum((w.share for w in inputs.waves if w.target_starts <= t <= w.source_paid_until + inputs.dual_more), ZERO)


def _single(single: tuple[Single, ...], t: int) -> Decimal:
    return sum((s.amount for s in single if s.month == t), ZERO)


def break_even(balance: list[Decimal]) -> int | None:
    """The first month from which a running balance is never below zero again."""
    last = max((n for n, value in enumerate(balance, 1) if value < 0), default=0)
    return last + 1 if last < len(balance) else None


def measure(rows: tuple[MonthRow, ...]) -> Measures:
    """The measures of the months given, the last one being the horizon."""
    with exact():
        balance = [r.cumulative for r in rows]
        discounted = [r.npv for r in rows if r.npv is not None]
        last = rows[-1]
        own = list(accumulate(r.net - r.refresh for r in rows))
        trough = min(ZERO, *balance)
        once, dual = sum((r.one_off for r in rows), ZERO), sum((r.dual for r in rows), ZERO)
        steady = last.status_quo - last.refresh - (last.source - last.tail) - last.target
        put_in = once + dual
        return Measures(
            months=len(rows),
            status_quo=sum((r.status_quo for r in rows), ZERO),
            project=sum((r.status_quo - r.net for r in rows), ZERO),
            net=last.cumulative,
            npv=last.npv,
            break_even=break_even(balance),
            break_even_discounted=break_even(discounted) if discounted else None,
            break_even_without_refresh=break_even(own),
            trough=trough,
            trough_month=balance.index(trough) + 1 if trough < 0 else 0,
            one_offs=once,
            dual=dual,
            run_rate=YEAR * steady,
            payback=once / steady if steady > 0 else None,
            roi=last.cumulative / put_in if put_in else None,
        )


def outcome(inputs: Inputs) -> Measures:
    """Project and measure."""
    return measure(project(inputs))
