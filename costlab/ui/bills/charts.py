"""Charts of what bills come to. Amounts become floats here for a length or an area, never for a figure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st
from plotly import graph_objects as go

from costlab.exports.answers import day_text
from costlab.exports.comparisons import cash
from costlab.i18n.words import sign
from costlab.model.numbers import Language
from costlab.questions import Answer
from costlab.ui.words import say

COLORS = ("#3d7de0", "#f2994a", "#27ae8f", "#9b6bd6", "#e0567a", "#c7b12c", "#4fb3d9", "#8c6d5a", "#9aa4b2")
_CONFIG = {"displayModeBar": False}
_LONGEST = 40


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """One chart."""
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)


def name_of(value: str, *, rest: bool, language: Language) -> str:
    """A value of a dimension as a chart's label."""
    if rest:
        return say("others", language)
    text = value or say("not_told", language)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def over_time(answer: Answer, currency: str, language: Language) -> go.Figure:
    """Stacked bars: a dimension over days, weeks or months; what is beyond the largest is one colour."""
    (by,), grain = answer.by, answer.grain
    series: dict[tuple[int, str], dict[date, Decimal]] = {}
    for row in answer.table.to_pylist():
        name = name_of(row[by], rest=row["place"] == answer.rest, language=language)
        series.setdefault((row["place"], name), {})[row[grain]] = row["amount"]
    days = sorted({d for values in series.values() for d in values})
    labels = [day_text(d, grain, language) for d in days]
    bars = [
        _bars(name, days, labels, values, COLORS[min(n, len(COLORS) - 1)], currency, language)
        for n, ((_, name), values) in enumerate(sorted(series.items()))
    ]
    layout = {
        "barmode": "relative",
        "height": 380,
        "margin": {"l": 0, "r": 0, "t": 10, "b": 0},
        "separators": ",\u00a0" if language == "ru" else ".,",
        "bargap": 0.18,
        "legend": {"orientation": "h", "y": -0.16, "x": 0},
        "xaxis": {"type": "date", "fixedrange": True, **_ticks(days, labels)},
        "yaxis": {
            "tickformat": ",.0f",
            "ticksuffix": f"\u00a0{sign(currency)}",
            "fixedrange": True,
            "automargin": True,
        },
        "hovermode": "closest",
    }
    return go.Figure({"data": bars, "layout": layout})


def _bars(
    name: str, days: Sequence[date], labels: Sequence[str], values: dict[date, Decimal], color: str, currency: str,
    language: Language,
) -> dict[str, Any]:  # fmt: skip
    shown = [(d.isoformat(), label, values[d]) for d, label in zip(days, labels, strict=True) if d in values]
    return {
        "type": "bar",
        "name": name,
        "x": [x for x, _, _ in shown],
        "y": [float(v) for _, _, v in shown],
        "customdata": [(label, cash(v, currency, language)) for _, label, v in shown],
        "hovertemplate": "%{customdata[0]}<br>%{fullData.name}: <b>%{customdata[1]}</b><extra></extra>",
        "marker": {"color": color},
    }


def _ticks(days: Sequence[date], labels: Sequence[str]) -> dict[str, Any]:
    """At most ten marks, in the reader's own way to write a day."""
    step = max(1, -(-len(days) // 10))
    chosen = list(zip(days, labels, strict=True))[::step]
    texts = [label[:5] if label[2:3] == "." and len(label) == len("31.12.2026") else label for _, label in chosen]
    return {"tickvals": [d.isoformat() for d, _ in chosen], "ticktext": texts}


def largest(answer: Answer, currency: str, language: Language) -> go.Figure:
    """Horizontal bars, longest first; name and amount stand above each, so neither is ever cut."""
    (by,) = answer.by
    rows = [
        (name_of(row[by], rest=row["place"] == answer.rest, language=language), row["amount"])
        for row in answer.table.to_pylist()
    ][::-1]
    lengths = [float(v) for _, v in rows]
    texts = [cash(v, currency, language) for _, v in rows]
    names = [n for n, _ in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": lengths,
        "y": list(range(len(rows))),
        "width": 0.34,
        "marker": {"color": COLORS[0], "cornerradius": 3},
        "customdata": list(zip(names, texts, strict=True)),
        "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
    }
    above = {"xref": "paper", "showarrow": False, "font": {"size": 13}}
    words = [
        {**above, "y": place + 0.42, "x": x, "xanchor": side, "text": _plain(text)}
        for place, pair in enumerate(zip(names, texts, strict=True))
        for x, side, text in zip((0, 1), ("left", "right"), pair, strict=True)
    ]
    layout = {
        "height": 44 * len(rows) + 16,
        "margin": {"l": 0, "r": 0, "t": 8, "b": 4},
        "annotations": words,
        "xaxis": {"visible": False, "fixedrange": True, "range": [min([*lengths, 0]), max([*lengths, 0.01])]},
        "yaxis": {"visible": False, "fixedrange": True, "range": [-0.5, len(rows) - 0.2]},
    }
    return go.Figure({"data": [bars], "layout": layout})


def tree(answer: Answer, currency: str, language: Language) -> tuple[go.Figure, Decimal]:
    """Areas of project, service and item; what is negative has no area: its sum comes back beside the figure."""
    nodes: dict[tuple[str, ...], Decimal] = {}
    negative = Decimal(0)
    for row in answer.table.to_pylist():
        if row["amount"] <= 0:
            negative += row["amount"]
            continue
        rest = row["place"] == answer.rest
        path = [name_of(row[d], rest=rest, language=language) for d in answer.by]
        for depth in range(1, 2 if rest else len(path) + 1):
            key = tuple(path[:depth])
            nodes[key] = nodes.get(key, Decimal(0)) + row["amount"]
    keys = list(nodes)
    parents = {k[:-1] for k in keys if len(k) > 1}
    area = {
        "type": "treemap",
        "ids": ["\u0001".join(k) for k in keys],
        "labels": [_plain(k[-1]) for k in keys],
        "parents": ["\u0001".join(k[:-1]) for k in keys],
        # A parent's own part is what its children leave, which is nothing: so floats need not add up to be drawn.
        "values": [0.0 if k in parents else float(nodes[k]) for k in keys],
        "branchvalues": "remainder",
        "text": [cash(nodes[k], currency, language) for k in keys],
        "texttemplate": "%{label}<br>%{text}",
        "hovertemplate": "%{label}<br><b>%{text}</b><extra></extra>",
        "marker": {"cornerradius": 4},
        "tiling": {"pad": 2},
    }
    layout = {
        "height": 420,
        "margin": {"l": 0, "r": 0, "t": 6, "b": 0},
        "treemapcolorway": list(COLORS),
    }
    return go.Figure({"data": [area], "layout": layout}), negative


def _plain(text: str) -> str:
    """Text of a file that plotly shall not take for its markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
