"""Charts of a migration budget. Amounts become floats here for a length, never for a figure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plotly import graph_objects as go

from costlab.exports.migrations._words import cash, month, monthly, word
from costlab.i18n.words import sign
from costlab.migration.bridge import ORDER
from costlab.migration.budget import Budget
from costlab.migration.sensitivity import value
from costlab.model.numbers import Language

_SIDES = (("source", "#9aa4b2"), ("target", "#3d7de0"), ("one_off", "#f2994a"))
_UP, _DOWN, _SUM = "#d1603d", "#2e9d6a", "#3d7de0"
_LONGEST = 46


def _layout(height: int, language: Language, **more: Any) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 10, "b": 0},
        "separators": ",\u00a0" if language == "ru" else ".,",
        "legend": {"orientation": "h", "y": -0.2, "x": 0},
        **more,
    }


def _roubles(budget: Budget, **more: Any) -> dict[str, Any]:
    suffix = f"\u00a0{sign(budget.plan.currency)}"
    return {"tickformat": ",.0f", "ticksuffix": suffix, "fixedrange": True, "automargin": True, "nticks": 6, **more}


def _months(budget: Budget) -> dict[str, Any]:
    step = max(1, len(budget.rows) // 9)
    return {"fixedrange": True, "tickvals": [r.month for r in budget.rows][::step]}


def cash_flow(budget: Budget, language: Language) -> go.Figure:
    """What is paid each month with the migration, by side, and the line of what would be paid without it."""
    found = [monthly(budget, n) for n in range(len(budget.rows))]
    places = [r.month for r in budget.rows]
    names = [month(p, budget, language) for p in places]

    def series(key: str) -> dict[str, Any]:
        amounts = [row[key] or Decimal(0) for row in found]
        texts = [cash(a, budget, language) for a in amounts]
        return {
            "name": word(key, language),
            "x": places,
            "y": [float(a) for a in amounts],
            "customdata": list(zip(names, texts, strict=True)),
            "hovertemplate": "%{customdata[0]}<br>%{fullData.name}: <b>%{customdata[1]}</b><extra></extra>",
        }

    bars = [{"type": "bar", **series(k), "marker": {"color": c}} for k, c in _SIDES]
    line = {"type": "scatter", "mode": "lines", **series("status_quo"), "line": {"color": "#1b2a3a", "width": 2}}
    layout = _layout(340, language, barmode="stack", bargap=0.2, xaxis=_months(budget), yaxis=_roubles(budget))
    return go.Figure({"data": [*bars, line], "layout": layout})


def cumulative(budget: Budget, language: Language) -> go.Figure:
    """The effect added up; above zero the migration has paid for itself."""
    found = [monthly(budget, n) for n in range(len(budget.rows))]
    keys = ["cumulative"] + ([] if budget.result.npv is None else ["npv"])
    lines = []
    for key, color in zip(keys, (_SUM, "#27ae8f"), strict=False):
        amounts = [row[key] or Decimal(0) for row in found]
        texts = [(month(r.month, budget, language), cash(a, budget, language))
                 for r, a in zip(budget.rows, amounts, strict=True)]  # fmt: skip
        lines.append({
            "type": "scatter", "mode": "lines", "x": [r.month for r in budget.rows], "y": [float(a) for a in amounts],
            "name": word("discounted" if key == "npv" else key, language), "customdata": texts,
            "hovertemplate": "%{customdata[0]}<br>%{fullData.name}: <b>%{customdata[1]}</b><extra></extra>",
            "line": {"color": color, "width": 2.5},
        })  # fmt: skip
    layout = _layout(340, language, xaxis=_months(budget), yaxis=_roubles(budget, zeroline=True, zerolinewidth=2))
    return go.Figure({"data": lines, "layout": layout})


def _named(names: Sequence[str], texts: Sequence[str]) -> list[dict[str, Any]]:
    """Name and amount above each bar, so that neither is ever cut."""
    above = {"xref": "paper", "showarrow": False, "font": {"size": 12}}
    return [
        {**above, "y": place + 0.42, "x": x, "xanchor": side, "text": _plain(text)}
        for place, pair in enumerate(zip(names, texts, strict=True))
        for x, side, text in zip((0, 1), ("left", "right"), pair, strict=True)
    ]


def _stacked(names: Sequence[str], texts: Sequence[str]) -> list[dict[str, Any]]:
    """Name, and the two amounts below it, above each bar: side by side they would not fit a narrow screen."""
    left = {"xref": "paper", "showarrow": False, "font": {"size": 12}, "x": 0, "xanchor": "left"}
    lines = ((names, 0.62), (texts, 0.34))
    return [
        {**left, "y": place + height, "text": _plain(text)}
        for found, height in lines
        for place, text in enumerate(found)
    ]


def _plain(text: str) -> str:
    """A text that plotly shall not take for its markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bars(count: int, language: Language, notes: list[dict[str, Any]], **axis: Any) -> dict[str, Any]:
    return _layout(
        44 * count + 20,
        language,
        annotations=notes,
        showlegend=False,
        xaxis={"visible": False, "fixedrange": True, **axis},
        yaxis={"visible": False, "fixedrange": True, "range": [-0.5, count - 0.2]},
    )


def bridge(budget: Budget, language: Language) -> go.Figure:
    """From today's month to the target's, step by step downwards; what is nothing is left out."""
    end = sum((r.after for r in budget.run_rate), Decimal(0))
    steps = [(word("today", language), budget.inputs.base_source, "absolute")]
    steps += [(ORDER[s.key][language], s.amount, "relative") for s in budget.steps if s.amount]
    steps.append((word("after", language), end, "total"))
    steps.reverse()
    names = [n for n, _, _ in steps]
    texts = [f"{'+' if kind == 'relative' and a > 0 else ''}{cash(a, budget, language)}" for _, a, kind in steps]
    # Plotly adds a waterfall up in the order of its data: from the top, that is the highest place first.
    order = list(range(len(steps)))[::-1]
    flow = {
        "type": "waterfall",
        "orientation": "h",
        "y": order,
        "x": [float(steps[n][1]) for n in order],
        "measure": [steps[n][2] for n in order],
        "width": 0.34,
        "customdata": [(names[n], texts[n]) for n in order],
        "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
        "increasing": {"marker": {"color": _UP}},
        "decreasing": {"marker": {"color": _DOWN}},
        "totals": {"marker": {"color": _SUM}},
        "connector": {"line": {"color": "rgba(128,136,150,.45)", "width": 1}},
    }
    return go.Figure({"data": [flow], "layout": _bars(len(steps), language, _named(names, texts))})


def tornado(budget: Budget, language: Language) -> go.Figure:
    """Each input moved by itself: how far the result goes from the plan's, to either side."""
    base = value(budget.result)
    swings = [s for s in budget.swings if s.width][::-1]
    names = [_short(s.title[language]) for s in swings]
    ends = [[value(m) for m in (s.low, s.high) if m is not None] for s in swings]
    texts = [f"{cash(min(e), budget, language)} … {cash(max(e), budget, language)}" for e in ends]
    sides = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(swings))),
            "x": [float(pick(e) - base) for e in ends],
            "base": [float(base)] * len(swings),
            "width": 0.34,
            "marker": {"color": color},
            "customdata": list(zip(names, texts, strict=True)),
            "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
        }
        for pick, color in ((min, _UP), (max, _DOWN))
    ]
    middle = {"type": "line", "x0": float(base), "x1": float(base), "y0": -0.5, "y1": len(swings) - 0.6,
              "layer": "below", "line": {"width": 1, "color": "#9aa4b2"}}  # fmt: skip
    layout = _bars(len(swings), language, _stacked(names, texts)) | {"barmode": "overlay", "shapes": [middle]}
    layout["height"] = 62 * len(swings) + 20
    return go.Figure({"data": sides, "layout": layout})


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
