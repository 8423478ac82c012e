"""The lines of a comparison, page by page; each opens to how it was computed. What is not ours is escaped."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from costlab.catalog.loading import Catalog
from costlab.compare.result import CAUSE_TITLES, CAUSES, VERDICT_TITLES, Comparison
from costlab.exports.comparisons import cash, change, differing, item, price_words, side_words, verdict_title, why, word
from costlab.i18n.words import number, unit
from costlab.model.numbers import Language
from costlab.model.prices import Sku
from costlab.ui import state
from costlab.ui.words import day, say

PAGE = 25
_ALL = "all"
_MARKS = {"unexpected": "+", "not_billed": "-", "not_itemised": "-", "duplicate": "+"}


def draw(comparison: Comparison, catalog: Catalog, language: Language) -> None:
    """The filter by verdict, the search, the page of lines."""
    different = differing(comparison)
    total = comparison.count
    unlisted = comparison.rest.differing if comparison.rest else 0
    n = number(Decimal(different.num_rows + unlisted), language)
    title = word("lines_differ", language, n=n, m=number(Decimal(total), language))
    st.markdown(f"#### {title}")
    counts = {row["verdict"]: row["verdict_count"] for row in _counts(different)}
    options = ["", *sorted(counts, key=lambda v: -counts[v]), _ALL]
    titles = {
        "": say("differing", language),
        _ALL: say("all_lines", language, n=number(Decimal(comparison.lines.num_rows), language)),
    }
    titles |= {
        v: f"{verdict_title(v, comparison, language)}: {number(Decimal(n), language)}" for v, n in counts.items()
    }
    with st.container(horizontal=True, vertical_alignment="bottom", key="line-filter"):
        chosen = st.pills(
            say("show", language),
            options,
            default="" if counts else _ALL,
            required=True,
            format_func=titles.__getitem__,
            key=state.key("verdict", comparison.kind),
            label_visibility="collapsed",
        )
        asked = st.text_input(
            say("find_line", language),
            key=f"find-{comparison.kind}",
            placeholder=say("find_line", language),
            label_visibility="collapsed",
            width=260,
        )
    shown = comparison.lines if chosen == _ALL else different
    if chosen and chosen != _ALL:
        shown = shown.filter(pc.equal(shown["verdict"], chosen))
    shown = _found(shown, asked.strip())
    if not shown.num_rows:
        st.caption(say("nothing_found", language))
        return
    pages = -(-shown.num_rows // PAGE)
    # The first page again after every other choice.
    number_key = f"page-{comparison.kind}-{chosen}-{asked}-{comparison.name}"
    slot = st.container()
    at = st.pagination(pages, key=number_key) if pages > 1 else 1
    with slot:
        rows = shown.slice((at - 1) * PAGE, PAGE).to_pylist()
        st.html(f'<div class="cl-lines cl-diff">{"".join(_line(r, comparison, catalog, language) for r in rows)}</div>')


def _counts(lines: pa.Table) -> list[dict[str, Any]]:
    counts: list[dict[str, Any]] = lines.group_by("verdict").aggregate([("verdict", "count")]).to_pylist()
    return counts


def _found(lines: pa.Table, asked: str) -> pa.Table:
    """Lines whose resource, SKU, item or day contains the text."""
    if not asked:
        return lines
    columns = ("resource_id", "sku_id", "dimensions", "project")
    hits = [pc.fill_null(pc.match_substring(lines[c], asked, ignore_case=True), False) for c in columns]
    hits.append(pc.fill_null(pc.match_substring(pc.cast(lines["day"], pa.string()), asked), False))
    keep = hits[0]
    for hit in hits[1:]:
        keep = pc.or_(keep, hit)
    return lines.filter(keep)


def _line(row: Mapping[str, Any], comparison: Comparison, catalog: Catalog, language: Language) -> str:
    """Mark, what it is, why it differs, by how much; then how it was computed."""
    mark = _MARKS.get(row["verdict"], "~" if row["delta"] or row["verdict"] != "match" else "=")
    names = [row["resource_id"] or row["project"], day(row["day"], language) if row["day"] else ""]
    place = escape(" · ".join(x for x in names if x))
    sentence = escape(why(row, language, comparison.currency))
    title = (
        verdict_title(row["verdict"], comparison, language)
        if row["delta"]
        else VERDICT_TITLES[row["verdict"]][language]
    )
    if comparison.kind == "compare" and row["verdict"] in ("unexpected", "not_billed"):
        title = ""  # the sentence says the same
    else:
        title = f"{title.removeprefix('~ ')}: "
    delta = change(row["delta"], comparison.currency, language)
    sides = " → ".join(
        "—" if row[s] is None else cash(row[s], comparison.currency, language) for s in ("before", "after")
    )
    tone = "up" if row["delta"] > 0 else "down" if row["delta"] < 0 else ""
    return (
        f'<details><summary><i class="cl-mark {tone}">{mark}</i><span class="cl-what">{escape(item(row, language))}'
        f"<small>{place}</small><em>{escape(title)}{sentence}</em></span>"
        f'<span class="cl-amount {tone}">{delta}<small>{sides}</small></span></summary>'
        f"{_how(row, comparison, catalog, language)}</details>"
    )


def _how(row: Mapping[str, Any], comparison: Comparison, catalog: Catalog, language: Language) -> str:
    currency = comparison.currency
    expected, billed = side_words(comparison, language)
    sku = catalog.by_id.get(row["sku_id"])
    facts: list[tuple[str, str]] = []
    for title, side in ((expected, "before"), (billed, "after")):
        if row[side] is not None:
            facts.append((title, _side(row, side, currency, language)))
    source = _source(row, sku, catalog, language)
    if source:
        facts.append((say("price_source", language), source))
    moved = [c for c in CAUSES if row[c]]
    if moved:
        parts = ", ".join(f"{CAUSE_TITLES[c][language]} {change(row[c], currency, language)}" for c in moved)
        facts.append((word("causes", language), f"{parts} = <b>{change(row['delta'], currency, language)}</b>"))
    facts.append((word("why", language), escape(why(row, language, currency))))
    if row["sku_id"]:
        facts.append(("SKU", f"<code>{escape(row['sku_id'])}</code> {escape(row['dimensions'] or '')}"))
    if row["project"]:
        facts.append((word("project", language), escape(row["project"])))
    ends = (("line_after", row["file"] or comparison.after_side.source), ("line_before", comparison.before_side.source))
    lines = [f"{escape(name)}:{row[key]}" for key, name in ends if row[key]]
    if lines:
        facts.append((say("where", language), ", ".join(lines)))
    return f'<div class="cl-how"><dl>{_pairs(facts)}</dl></div>'


def _pairs(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in facts)


def _side(row: Mapping[str, Any], side: str, currency: str, language: Language) -> str:
    """`5 760 vCPU·мин × 0,019660 ₽ / vCPU·мин → 113,24 ₽`, as far as it is known."""
    amount = f"<b>{cash(row[side], currency, language)}</b>"
    quantity, of = row[f"quantity_{side}"], row["unit"] or ""
    price = price_words(row[f"price_{side}"], of, currency, language)
    if quantity is None:
        return f"{escape(price)} → {amount}" if price else amount
    held = f"{number(quantity, language)} {escape(unit(of, language))}".strip()
    return f"{held} × {escape(price)} → {amount}" if price else f"{held} → {amount}"


def _source(row: Mapping[str, Any], sku: Sku | None, catalog: Catalog, language: Language) -> str:
    """Where the expected price stands: publication and first day."""
    shown = row["price_before"] or row["price_after"]
    if sku is None or not shown:
        return ""
    published = shown.partition(" / ")[0].partition(" → ")[0]
    found = [r for r in sku.rates if f"{r.price if r.price is not None else r.tiers[0].price:f}" == published]
    at = [r for r in found if row["day"] is None or r.effective <= row["day"]] or found
    if not at:
        return ""
    source = catalog.sources.get(at[-1].source)
    first, checked = day(at[-1].effective, language), day(at[-1].checked, language)
    named = escape(source.title if source else at[-1].source)
    return f"{named}, {say('effective', language).lower()} {first}, {say('checked', language, day=checked)}"
