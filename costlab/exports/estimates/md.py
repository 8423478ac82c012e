"""Markdown, for a pull request or a wiki: totals, resources, lines, problems."""

from costlab import errors
from costlab.exports.estimates._words import agreements, label, notes, nothing_priced, shown, state, unit_price
from costlab.exports.inert import in_markdown as cell
from costlab.i18n.words import days, money, quantity, word
from costlab.model.numbers import Language
from costlab.model.scenario import Charge, Estimate, VatView

SUFFIX = "md"
MEDIA_TYPE = "text/markdown"


def render(estimate: Estimate, language: Language, vat: VatView) -> str:
    """The estimate as Markdown."""

    def amount(charge: Charge) -> str:
        return " | ".join(money(x, estimate.currency, language) for x in shown(charge, vat))

    total = estimate.total_net if vat == "net" else estimate.total
    kind = word("net" if vat == "net" else "cost", language)
    heads = {"included": ["cost"], "net": ["net"], "both": ["net", "vat", "cost"]}[vat]
    grouped = ["group"] if any(c.group for c in estimate.charges) else []
    keys = ["resource", *grouped, "item", "quantity", "unit_price", *heads]
    day = estimate.prices_on.isoformat() if estimate.prices_on else word("each", language)
    lines = [
        f"## {cell(estimate.name)}",
        "",
        f"**{word('total', language)}: {money(total, estimate.currency, language)}** ({kind}).",
        f"{word('period', language)}: {days(estimate.period, language)}. {word('prices_on', language)}: {day}.",
    ]
    if nothing_priced(estimate):
        lines[2] = f"**{word('total', language)}: {word('no_price', language)}**."
    if estimate.total_low is not None and estimate.total_high is not None and estimate.charges:
        low, high = (money(x, estimate.currency, language) for x in (estimate.total_low, estimate.total_high))
        lines.append(f"{word('range', language)}: {low} … {high}")
    lines += [f"{cell(name)}: {value}" for name, value in agreements(estimate, language)]
    if not estimate.complete:
        lines += ["", f"⚠ **{state(estimate, language)}**"]
    lines += ["", "| " + " | ".join(word(k, language) for k in keys) + " |"]
    lines.append("|" + "|".join(["---"] * (2 + len(grouped)) + ["---:"] * (2 + len(heads))) + "|")
    for charge in estimate.charges:
        held = quantity(charge.quantity, charge.level, charge.unit, language) if charge.unit else ""
        cells = [
            cell(charge.resource_id),
            *([cell(charge.group)] if grouped else []),
            cell(label(charge, language)),
            held,
            unit_price(charge, language),
        ]
        cells.append(amount(charge))
        lines.append("| " + " | ".join(cells) + " |")
    if estimate.assumptions:
        lines += ["", f"### {word('assumptions', language)}", ""]
        lines += [
            f"- {cell(f'{a.resource_id}: {a.key} = {a.value}: {a.reason[language]}')}" for a in estimate.assumptions
        ]
    if notes(estimate, language):
        lines += ["", f"### {word('notes', language)}", ""]
        lines += [f"- {cell(f'{name}: {note}')}" for name, note in notes(estimate, language)]
    if estimate.problems:
        lines += ["", f"### {word('problems', language)}", ""]
        lines += [f"- {cell(errors.sentence(p, language))}" for p in estimate.problems]
    stamp = estimate.catalog
    lines += [
        "",
        f"{word('price_list', language)} {stamp.list_date}, {word('checked', language)} {stamp.checked}.",
    ]
    return "\n".join(lines) + "\n"
