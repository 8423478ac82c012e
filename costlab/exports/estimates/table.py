"""Plain text for a terminal: resources with their lines, totals, problems, and what the prices are based on."""

from decimal import Decimal

from costlab import errors
from costlab.exports.estimates._words import agreements, label, notes, nothing_priced, shown, state, unit_price
from costlab.exports.layout import layout
from costlab.i18n.words import days, money, percent, quantity, visible, word
from costlab.model.numbers import Language
from costlab.model.scenario import Charge, Estimate, ResourceCost, VatView

SUFFIX = "txt"
MEDIA_TYPE = "text/plain"
_MAX_LINES = 400
"""Above this a person wants resources, not lines."""


def render(estimate: Estimate, language: Language, vat: VatView) -> str:
    """The estimate as text."""
    rows, rules = _rows(estimate, language, vat)
    parts = [
        _heading(estimate, language),
        layout(rows, rules, right=range(1, len(rows[0]))),
        _totals(estimate, language, vat),
    ]
    if estimate.assumptions:
        parts.append(_assumptions(estimate, language))
    if notes(estimate, language):
        parts.append(_notes(estimate, language))
    if estimate.problems:
        parts.append(_problems(estimate, language))
    return "\n".join(parts) + "\n"


def _heading(estimate: Estimate, language: Language) -> str:
    day = estimate.prices_on.isoformat() if estimate.prices_on else word("each", language)
    return (
        f"{visible(estimate.name)}\n{word('period', language)}: {days(estimate.period, language)} · "
        f"{word('prices_on', language)}: {day}\n"
    )


def _rows(estimate: Estimate, language: Language, vat: VatView) -> tuple[list[list[str]], set[int]]:
    heads = {"included": ["cost"], "net": ["net"], "both": ["net", "vat", "cost"]}[vat]
    keys = ["item", "quantity", "unit_price", *heads]
    rows = [[word(k, language) for k in keys]]
    rules = {0}
    by_resource: dict[str, list[Charge]] = {}
    for charge in estimate.charges:
        by_resource.setdefault(charge.resource_id, []).append(charge)
    detailed = len(estimate.charges) <= _MAX_LINES
    group: str | None = None
    copies = {r.instances[0]: r.instances for r in estimate.scenario.resources if r.count > 1}
    folded = {name for names in copies.values() for name in names[1:]}
    for resource in estimate.resources:
        if resource.resource_id in folded:
            continue
        names = copies.get(resource.resource_id, [resource.resource_id])
        charges = by_resource.get(resource.resource_id, [])
        every = [c for name in names for c in by_resource.get(name, [])]
        if resource.group != group and resource.group:
            rows.append([f"[{resource.group}]", "", "", *[""] * len(heads)])
        group = resource.group
        rows.append(_resource_row(resource, charges, every, len(names), language, vat))
        rows += [_charge_row(c, estimate, language, vat) for c in charges if detailed]
    rules.add(len(rows) - 1)
    return rows, rules


def _resource_row(
    resource: ResourceCost,
    charges: list[Charge],
    every: list[Charge],
    count: int,
    language: Language,
    vat: VatView,
) -> list[str]:
    """Identical resources stand as one row, `web × 2`, the sum of them all, above the lines of the first."""
    columns = len({"included": "1", "net": "1", "both": "123"}[vat])
    own = resource.resource_id.removesuffix("#1") + f" × {count}" if count > 1 else resource.resource_id
    name = f"{own} ({resource.service})" if resource.service else own
    if not charges:
        return [name, "", "", *[""] * (columns - 1), word("no_price", language)]
    star, currency = "" if resource.complete else " *", charges[0].currency
    each = f"{count} × {money(_sums(charges, vat)[-1], currency, language)}" if count > 1 else ""
    return [name, "", each, *[money(x, currency, language) + star for x in _sums(every, vat)]]


def _sums(charges: list[Charge], vat: VatView) -> list[Decimal]:
    return [sum(x, Decimal("0.00")) for x in zip(*(shown(c, vat) for c in charges), strict=True)]


def _charge_row(charge: Charge, estimate: Estimate, language: Language, vat: VatView) -> list[str]:
    amounts = [money(x, estimate.currency, language) for x in shown(charge, vat)]
    held = quantity(charge.quantity, charge.level, charge.unit, language) if charge.unit else ""
    return [f"  {label(charge, language)}", held, unit_price(charge, language), *amounts]


def _totals(estimate: Estimate, language: Language, vat: VatView) -> str:
    def amount(value: Decimal) -> str:
        return money(value, estimate.currency, language)

    rate = f" ({percent(estimate.vat_rate, language)})" if estimate.vat_rate is not None else ""
    total = estimate.total_net if vat == "net" else estimate.total
    kind = word("net" if vat == "net" else "cost", language)
    lines = [f"{word('total', language)} · {kind}: {amount(total)}"]
    if vat != "net":
        net = f"{word('net', language)}: {amount(estimate.total_net)}"
        lines.append(f"{net} · {word('vat', language)}{rate}: {amount(estimate.vat)}")
    if estimate.total_low is not None and estimate.total_high is not None:
        lines.append(f"{word('range', language)}: {amount(estimate.total_low)} … {amount(estimate.total_high)}")
    if nothing_priced(estimate):
        lines = [f"{word('total', language)}: {word('no_price', language)}"]
    lines += [f"{name}: {value}" for name, value in agreements(estimate, language)]
    if not estimate.complete:
        lines.append(f"! {state(estimate, language)}")
    stamp = estimate.catalog
    if stamp.list_date:
        lines.append(
            f"{word('price_list', language)} {stamp.list_date}, {word('checked', language)} {stamp.checked}, "
            f"{word('catalog', language).lower()} {stamp.version[:12]}"
        )
    return "\n".join(lines)


def _notes(estimate: Estimate, language: Language) -> str:
    lines = [f"\n{word('notes', language)}:"]
    return "\n".join([*lines, *(visible(f"  {name}: {note}") for name, note in notes(estimate, language))])


def _assumptions(estimate: Estimate, language: Language) -> str:
    lines = [f"\n{word('assumptions', language)}:"]
    lines += [visible(f"  {a.resource_id}: {a.key} = {a.value}: {a.reason[language]}") for a in estimate.assumptions]
    return "\n".join(lines)


def _problems(estimate: Estimate, language: Language) -> str:
    lines = [f"\n{word('problems', language)}:"]
    return "\n".join([*lines, *(f"  {errors.sentence(p, language)}" for p in estimate.problems)])
