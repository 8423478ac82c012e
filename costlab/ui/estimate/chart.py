"""What the total consists of. The only place where amounts become floats: a chart's lengths, never its figures."""

import streamlit as st
from plotly import graph_objects as go

from costlab import services
from costlab.estimate.sums import Sum, sums
from costlab.exports.estimates import VatView
from costlab.i18n.words import money, word
from costlab.model.numbers import Language
from costlab.model.scenario import Charge, Estimate
from costlab.ui import state
from costlab.ui.words import say

BARS = 12
"""More are cut off: the rows have them all."""
_COLOR = "#3d7de0"
_SPLITS = ("service", "group")


def draw(estimate: Estimate, language: Language, vat: VatView) -> None:
    """Bars by service or by group, longest first."""
    by = "service"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{say('breakdown', language)}**", width="stretch")
        if any(c.group for c in estimate.charges):
            by = (
                st.segmented_control(
                    say("breakdown", language),
                    _SPLITS,
                    default="service",
                    required=True,
                    key=state.key("split"),
                    width="content",
                    label_visibility="collapsed",
                    format_func=lambda x: say(f"by_{x}", language),
                )
                or "service"
            )
    found = sums(estimate.charges, lambda c: _title(c, by, language))
    st.plotly_chart(
        figure(found, estimate.currency, language, vat),
        key="breakdown",
        config={"displayModeBar": False},
        alt=say("breakdown", language),
    )
    if len(found) > BARS:
        st.caption(f"… +{len(found) - BARS}")


def _title(charge: Charge, by: str, language: Language) -> str:
    if by == "group":
        return charge.group or say("no_group", language)
    return services.load(charge.service).TITLE[language] if charge.service else word("rounding", language)


def figure(found: dict[str, Sum], currency: str, language: Language, vat: VatView) -> go.Figure:
    """Horizontal bars; name and amount stand above each, as text made from the exact sums, so neither is ever cut."""
    amounts = {k: v.net if vat == "net" else v.cost for k, v in found.items()}
    longest = sorted(amounts.items(), key=lambda x: x[1], reverse=True)[:BARS][::-1]
    texts = [money(v, currency, language) for _, v in longest]
    names = [_short(k) for k, _ in longest]
    lengths = [float(v) for _, v in longest]
    places = list(range(len(longest)))
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": lengths,
        "y": places,
        "width": 0.34,
        "marker": {"color": _COLOR, "cornerradius": 3},
        "customdata": list(zip(names, texts, strict=True)),
        "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
    }
    above = {"xref": "paper", "showarrow": False, "font": {"size": 13}}
    words = [
        {**above, "y": place + 0.4, "x": x, "xanchor": side, "text": text}
        for place, *pair in zip(places, names, texts, strict=True)
        for x, side, text in zip((0, 1), ("left", "right"), pair, strict=True)
    ]
    layout = {
        "height": 46 * len(longest) + 16,
        "margin": {"l": 0, "r": 0, "t": 8, "b": 4},
        "separators": ", " if language == "ru" else ".,",
        "annotations": words,
        "xaxis": {"visible": False, "fixedrange": True, "range": [0, max([*lengths, 0.01])]},
        "yaxis": {"visible": False, "fixedrange": True, "range": [-0.5, len(longest) - 0.25]},
    }
    return go.Figure({"data": [bars], "layout": layout})


def _short(text: str) -> str:
    """A name as the chart shows it: plotly reads tags, and a long one would run into the amount."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;")
    return plain if len(plain) <= 32 else plain[:31] + "…"  # noqa: PLR2004
