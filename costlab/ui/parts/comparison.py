"""The figures of a comparison, its causes as a waterfall and as a table, and its files."""

import re
from collections.abc import Callable
from decimal import Decimal
from html import escape
from itertools import pairwise

import plotly.graph_objects as go
import streamlit as st

from costlab.compare.result import CAUSE_TITLES, CAUSES, Comparison
from costlab.exports import comparisons
from costlab.exports.comparisons import cash, change, differing, explained, side_titles, side_words, units_read, word
from costlab.i18n.words import number, percent
from costlab.model.numbers import Language
from costlab.ui.words import say

FORMATS = ("xlsx", "json", "md")
_UP, _DOWN, _SUM = "#d1603d", "#2e9d6a", "#3d7de0"


def figures(comparison: Comparison, language: Language) -> None:
    """The row of figures: both sides, their difference, and how much of it is explained."""
    currency, coverage = comparison.currency, comparison.coverage
    expected, billed = side_words(comparison, language)
    rated = ""
    if coverage.rows:
        n, m = (number(Decimal(x), language) for x in (coverage.rows_rated, coverage.rows))
        rated = say("rated", language, n=n, m=m)
    share = explained(comparison)
    unexplained = comparison.causes["unexplained"]
    tone = "" if not comparison.delta else "up" if comparison.delta > 0 else "down"
    before, after = (escape(t) for t in side_titles(comparison, language))
    delta = change(comparison.delta, currency, language)
    sides = [
        (expected, cash(comparison.before, currency, language), before, ""),
        (billed, cash(comparison.after, currency, language), after, ""),
    ]
    cards = [
        *(sides[::-1] if comparison.kind == "reconcile" else sides),
        (word("difference", language), delta, _share(comparison, language), tone),
        (word("explained", language), percent(share, language), rated, "good" if share == 1 else "warn"),
        (
            word("unexplained", language),
            cash(unexplained, currency, language),
            say("of_difference", language) if unexplained else "",
            "warn" if unexplained else "",
        ),
    ]
    cells = "".join(
        f'<div class="{tone}"><span>{title}</span><b>{value}</b><small title="{note}">{note}</small></div>'
        for title, value, note, tone in cards
    )
    st.html(f'<div class="cl-kpis">{cells}</div>')


def _share(comparison: Comparison, language: Language) -> str:
    """The difference as a share of what should have been, to a hundredth of a percent."""
    if not comparison.before or not comparison.delta:
        return ""
    share = (comparison.delta / comparison.before).quantize(Decimal("0.0001"))
    return f"{'+' if share > 0 else ''}{percent(share, language)}" if share else ""


def status(comparison: Comparison, language: Language) -> None:
    """What is not rated or was not read, in a sentence; nothing when all is."""
    coverage = comparison.coverage
    if coverage.rows and coverage.rows_rated != coverage.rows:
        money = [cash(x, comparison.currency, language) for x in (coverage.money_rated, coverage.money)]
        counts = [number(Decimal(x), language) for x in (coverage.rows_rated, coverage.rows)]
        text = word("coverage", language, **dict(zip("nmxy", counts + money, strict=True)))
        st.warning(text, icon=":material/help:")
    if told := units_read(comparison, language):
        st.caption(told.replace("$", "\\$"))


def causes(comparison: Comparison, language: Language) -> None:
    """Waterfall on the left, the same as a table on the right."""
    moved = [c for c in CAUSES if comparison.causes[c]]
    if not moved:
        if not differing(comparison).num_rows:
            n = number(Decimal(comparison.count), language)
            st.success(word("all_equal", language, n=n), icon=":material/check_circle:")
        return
    left, right = st.columns([1.5, 1], gap="medium")
    with left, st.container(border=True):
        st.markdown(f"**{say('waterfall', language)}**")
        chart = figure(comparison, moved, language)
        st.plotly_chart(chart, key="waterfall", config={"displayModeBar": False}, alt=say("waterfall", language))
    with right, st.container(border=True):
        st.markdown(f"**{word('causes', language)}**")
        rows = "".join(
            f"<tr><td>{CAUSE_TITLES[c][language]}<small>{say(f'cause_{c}', language)}</small></td>"
            f"<td>{change(comparison.causes[c], comparison.currency, language)}</td></tr>"
            for c in moved
        )
        total = change(comparison.delta, comparison.currency, language)
        foot = f"<tr><td>{word('difference', language)}</td><td>{total}</td></tr>"
        st.html(f'<table class="cl-causes">{rows}<tfoot>{foot}</tfoot></table>')


def figure(comparison: Comparison, moved: list[str], language: Language) -> go.Figure:
    """Horizontal steps from nothing to the difference; the amounts are texts made from the exact numbers."""
    amounts = [comparison.causes[c] for c in moved]
    names = [CAUSE_TITLES[c][language] for c in moved]
    texts = [change(a, comparison.currency, language) for a in (*amounts, comparison.delta)]
    steps = {
        "type": "waterfall",
        "orientation": "h",
        "y": [*names, word("difference", language)],
        "x": [*(float(a) for a in amounts), float(comparison.delta)],
        "measure": ["relative"] * len(moved) + ["total"],
        "customdata": texts,
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "increasing": {"marker": {"color": _UP}},
        "decreasing": {"marker": {"color": _DOWN}},
        "totals": {"marker": {"color": _SUM}},
        "connector": {"line": {"color": "rgba(128,136,150,.45)", "width": 1}},
    }
    levels = [0.0]
    for amount in amounts:
        levels.append(levels[-1] + float(amount))
    low, high = min(levels), max(levels)
    ends = [max(pair) for pair in pairwise(levels)] + [max(0.0, levels[-1])]
    texts_at = [
        {"x": x, "y": y, "text": text, "xanchor": "left", "showarrow": False, "xshift": 4, "font": {"size": 13}}
        for x, y, text in zip(ends, steps["y"], texts, strict=True)
    ]
    room = (high - low or 0.01) * 0.34
    layout = {
        "height": 42 * (len(moved) + 1) + 24,
        "margin": {"l": 0, "r": 8, "t": 4, "b": 8},
        "showlegend": False,
        "bargap": 0.42,
        "annotations": texts_at,
        "xaxis": {"visible": False, "fixedrange": True, "range": [low, high + room]},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "automargin": True, "ticksuffix": "  "},
    }
    return go.Figure({"data": [steps], "layout": layout})


def downloads(comparison: Comparison, language: Language) -> None:
    """A button per format; the file is made only when it is asked for."""
    stem = re.sub(r"[^\w.-]+", "-", comparison.name).strip("-.")[:80] or comparison.kind
    with st.container(horizontal=True, gap="xsmall", key="downloads"):
        for name in FORMATS:
            output = comparisons.load(name)
            st.download_button(
                name.upper(),
                data=_maker(name, comparison, language),
                mime=output.MEDIA_TYPE,
                file_name=f"{stem}-{comparison.kind}.{output.SUFFIX}",
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{name}",
                help=say("download", language),
            )


def _maker(name: str, comparison: Comparison, language: Language) -> Callable[[], bytes]:
    def make() -> bytes:
        made = comparisons.load(name).render(comparison, language)
        return made.encode() if isinstance(made, str) else made

    return make
