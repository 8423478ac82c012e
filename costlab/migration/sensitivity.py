"""How much a migration's result moves when one input moves: tornado, switch value, three scenarios.

One at a time, everything else as planned. The steps are policy, not data, and are printed with every result: ±20 % on
both running costs, ±50 % on one-offs, three months more of dual running, ±5 points on the discount rate, ±10 points on
either indexation. The conservative scenario has as-is sizing, six months of dual running and 30 % contingency; the
optimistic one has one month of dual running at most and no contingency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from costlab.migration.cashflow import ONE, ZERO, Flow, Inputs, Measures, outcome
from costlab.model.numbers import Text

_RUNNING, _ONCE, _DUAL = Decimal("0.2"), Decimal("0.5"), 3
_RATE, _INDEX = Decimal("0.05"), Decimal("0.10")
_CAUTIOUS_DUAL, _CAUTIOUS_CONTINGENCY = 6, Decimal("0.30")
_HALVINGS, _DOUBLINGS = 80, 12


@dataclass(frozen=True)
class Swing:
    """What one input does to the result: with the input lower and higher."""

    key: str
    title: Text
    low: Measures | None
    high: Measures | None

    @property
    def width(self) -> Decimal:
        """Distance between the two results."""
        values = [value(m) for m in (self.low, self.high) if m is not None]
        return max(values) - min(values)


def value(measures: Measures) -> Decimal:
    """The figure that is watched: NPV where there is a discount rate, else the cumulative net."""
    return measures.net if measures.npv is None else measures.npv


def tornado(inputs: Inputs, alternatives: Mapping[str, tuple[Flow, ...]]) -> tuple[Swing, ...]:
    """Every swing, widest first; `alternatives` are other targets by name."""
    base = outcome(inputs)

    def moved(**changes: object) -> Measures:
        return outcome(replace(inputs, **changes))  # type: ignore[arg-type]

    found = [
        Swing("source", Text(en="Today's running cost ±20 %", ru="Текущие расходы ±20 %"),
              moved(source_factor=ONE - _RUNNING), moved(source_factor=ONE + _RUNNING)),
        Swing("target", Text(en="Target's running cost ±20 %", ru="Расходы новой площадки ±20 %"),
              moved(target_factor=ONE - _RUNNING), moved(target_factor=ONE + _RUNNING)),
        Swing("one_offs", Text(en="One-off costs ±50 %", ru="Разовые затраты ±50 %"),
              moved(one_off_factor=ONE - _ONCE), moved(one_off_factor=ONE + _ONCE)),
        Swing("dual", Text(en="Dual running 3 months longer", ru="Параллельная оплата дольше на 3 мес."),
              base, moved(dual_more=_DUAL)),
        Swing("index_source", Text(en="Indexation of the source ±10 points", ru="Индексация старой площадки ±10 п.п."),
              moved(index_source=inputs.index_source - _INDEX), moved(index_source=inputs.index_source + _INDEX)),
        Swing("index_target", Text(en="Indexation of the target ±10 points", ru="Индексация новой площадки ±10 п.п."),
              moved(index_target=inputs.index_target - _INDEX), moved(index_target=inputs.index_target + _INDEX)),
    ]  # fmt: skip
    if inputs.refresh:
        title = Text(en="Without the avoided refresh", ru="Без учёта обновления оборудования")
        found.append(Swing("refresh", title, moved(refresh=()), base))
    if inputs.rate is not None:
        title = Text(en="Discount rate ±5 points", ru="Ставка дисконтирования ±5 п.п.")
        less = moved(rate=max(ZERO, inputs.rate - _RATE))
        found.append(Swing("rate", title, less, moved(rate=inputs.rate + _RATE)))
    for name, flows in alternatives.items():
        title = Text(en=f"Instead: {name}", ru=f"Вместо этого: {name}")
        found.append(Swing(f"alternative:{name}", title, base, moved(target=flows)))
    return tuple(sorted(found, key=lambda s: -s.width))


def switch_value(inputs: Inputs) -> Decimal | None:
    """The factor on the target's running cost at which the result is zero, by bisection; None = at none up to 4,096."""

    def at(factor: Decimal) -> Decimal:
        return value(outcome(replace(inputs, target_factor=factor)))

    if not inputs.base_target or at(ZERO) < 0:
        return None
    low, high = ZERO, ONE
    for _ in range(_DOUBLINGS):
        if at(high) < 0:
            break
        low, high = high, high * 2
    else:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle) >= 0 else (low, middle)
    return low


def scenarios(inputs: Inputs, as_is: tuple[Flow, ...] | None) -> dict[str, Measures]:
    """`conservative`, `base`, `optimistic`; `as_is`: the target before right-sizing, where it is known."""
    longer = tuple(
        replace(w, source_paid_until=max(w.source_paid_until, w.target_starts + _CAUTIOUS_DUAL - 1))
        for w in inputs.waves
    )
    shorter = tuple(replace(w, source_paid_until=min(w.source_paid_until, w.target_starts)) for w in inputs.waves)
    cautious = replace(
        inputs,
        waves=longer,
        contingency=max(inputs.contingency, _CAUTIOUS_CONTINGENCY),
        target=inputs.target if as_is is None else as_is,
    )
    return {
        "conservative": outcome(cautious),
        "base": outcome(inputs),
        "optimistic": outcome(replace(inputs, waves=shorter, contingency=ZERO)),
    }
