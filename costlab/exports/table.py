"""Plain text for a terminal: resources with their lines, totals, problems, and what the prices are based on."""

from collections.abc import Container
from decimal import Decimal
from unicodedata import east_asian_width

from costlab import errors
from costlab.exports import VatView
from costlab.language import days, money, number, percent, price, quantity, unit, visible, word
from costlab.model import Language, Tier
from costlab.scenario import Charge, Estimate, ResourceCost

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
    if estimate.problems:
        parts.append(_problems(estimate, language))
    return "\n".join(parts) + "\n"


def shown(charge: Charge, vat: VatView) -> list[Decimal]:
    """The amounts of a charge in a VAT view."""
    return {"included": [charge.cost], "net": [charge.net], "both": [charge.net, charge.vat, charge.cost]}[vat]


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
    copies = {f"{r.resource_id}#1": r.count for r in estimate.scenario.resources if r.count > 1}
    folded = {f"{r.resource_id}#{n}" for r in estimate.scenario.resources for n in range(2, r.count + 1)}
    for resource in estimate.resources:
        if resource.resource_id in folded:
            continue
        charges = by_resource.get(resource.resource_id, [])
        if resource.group != group and resource.group:
            rows.append([f"[{resource.group}]", "", "", *[""] * len(heads)])
        group = resource.group
        count = copies.get(resource.resource_id, 1)
        rows.append(_resource_row(resource, charges, count, estimate, language, vat))
        rows += [_charge_row(c, estimate, language, vat) for c in charges if detailed]
    rules.add(len(rows) - 1)
    return rows, rules


def _resource_row(
    resource: ResourceCost,
    charges: list[Charge],
    count: int,
    estimate: Estimate,
    language: Language,
    vat: VatView,
) -> list[str]:
    """Identical resources stand as one row, `web × 2`, above the lines of one of them."""
    columns = len({"included": "1", "net": "1", "both": "123"}[vat])
    own = resource.resource_id.removesuffix("#1") + f" × {count}" if count > 1 else resource.resource_id
    name = f"{own} ({resource.service})" if resource.service else own
    if not charges:
        return [name, "", "", *[""] * (columns - 1), word("no_price", language)]
    sums = [sum(x, Decimal("0.00")) for x in zip(*(shown(c, vat) for c in charges), strict=True)]
    star = "" if resource.complete else " *"
    each = f"{count} × {money(sums[-1], estimate.currency, language)}" if count > 1 else ""
    return [name, "", each, *[money(x * count, estimate.currency, language) + star for x in sums]]


def _charge_row(charge: Charge, estimate: Estimate, language: Language, vat: VatView) -> list[str]:
    label = f"  {charge.sku_name[language]}"
    extra = ", ".join(v for k, v in charge.dimensions.items() if k in ("use", "group", "node"))
    amounts = [money(x, estimate.currency, language) for x in shown(charge, vat)]
    held = quantity(charge.quantity, charge.level, charge.unit, language) if charge.unit else ""
    return [f"{label} · {extra}" if extra else label, held, unit_price(charge, language), *amounts]


def unit_price(charge: Charge, language: Language) -> str:
    """A price as the list has it: `983,51 / 43 200 vCPU·мин`."""
    if not charge.unit:
        return ""
    per = f"{number(charge.per, language)} " if charge.per != 1 else ""
    each = f"{per}{unit(charge.unit, language)}"
    return " → ".join(price(t.price, language) for t in charge.tiers or [Tier(price=charge.unit_price)]) + f" / {each}"


def layout(rows: list[list[str]], rules: set[int], right: Container[int]) -> str:
    """Aligned text; a rule is drawn below the rows in `rules`, the columns in `right` stand right."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for index, row in enumerate(rows):
        cells = [_pad(cell, width, right=i in right) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
        if index in rules:
            lines.append("─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


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
    unpriced = sum(errors.kind(p) == "unpriced" for p in estimate.problems)
    if not estimate.complete:
        lines.append(f"! {word('incomplete', language).format(n=unpriced)}")
    stamp = estimate.catalog
    if stamp.list_date:
        lines.append(
            f"{word('price_list', language)} {stamp.list_date}, {word('checked', language)} {stamp.checked}, "
            f"{word('catalog', language).lower()} {stamp.version[:12]}"
        )
    return "\n".join(lines)


def _assumptions(estimate: Estimate, language: Language) -> str:
    lines = [f"\n{word('assumptions', language)}:"]
    lines += [visible(f"  {a.resource_id}: {a.key} = {a.value}: {a.reason[language]}") for a in estimate.assumptions]
    return "\n".join(lines)


def _problems(estimate: Estimate, language: Language) -> str:
    lines = [f"\n{word('problems', language)}:"]
    return "\n".join([*lines, *(f"  {errors.sentence(p, language)}" for p in estimate.problems)])
