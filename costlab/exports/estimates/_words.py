"""How an estimate and its charges are told: amounts of a VAT view, names, prices, whether all of it has a price."""

from decimal import Decimal

from costlab.i18n.words import money, number, price, unit, visible, word
from costlab.model.numbers import Language
from costlab.model.prices import Tier
from costlab.model.scenario import Charge, Estimate, VatView


def shown(charge: Charge, vat: VatView) -> list[Decimal]:
    """The amounts of a charge in a VAT view."""
    return {"included": [charge.cost], "net": [charge.net], "both": [charge.net, charge.vat, charge.cost]}[vat]


def label(charge: Charge, language: Language) -> str:
    """The name of a price with what tells its lines apart: `SSD · data`."""
    extra = ", ".join(v for k, v in charge.dimensions.items() if k in ("use", "group", "node"))
    return f"{charge.sku_name[language]} · {extra}" if extra else charge.sku_name[language]


def nothing_priced(estimate: Estimate) -> bool:
    """Whether no line has a price: the sum of nothing is not a price of zero."""
    return not estimate.charges and not estimate.complete


def state(estimate: Estimate, language: Language) -> str:
    """Whether every line has a price, and how many have none."""
    if estimate.complete:
        return word("complete", language)
    if not estimate.unpriced:
        return word("left_out", language)
    return word("incomplete", language).format(n=number(Decimal(estimate.unpriced), language))


def unit_price(charge: Charge, language: Language) -> str:
    """A price as the list has it: `983,51 / 43 200 vCPU·мин`."""
    if not charge.unit:
        return ""
    per = f"{number(charge.per, language)} " if charge.per != 1 else ""
    each = f"{per}{unit(charge.unit, language)}"
    return " → ".join(price(t.price, language) for t in charge.tiers or [Tier(price=charge.unit_price)]) + f" / {each}"


def agreements(estimate: Estimate, language: Language) -> list[tuple[str, str]]:
    """The total at list prices, then what each contract or discount takes off it; nothing without one.

    Gross amounts. What the list has no price of cannot be compared with it, and the first line says so.
    """
    if not any(c.contract for c in estimate.charges):
        return []
    listed = estimate.list_total
    shown_total = word("no_price", language) if listed is None else money(listed, estimate.currency, language)
    rows = [(word("at_list", language), shown_total)]
    return rows + [(visible(name), money(-off, estimate.currency, language)) for name, off in estimate.agreed.items()]


def notes(estimate: Estimate, language: Language) -> list[tuple[str, str]]:
    """What the price list itself leaves open, by SKU: name and note, each once."""
    found = {c.sku_id: (c.sku_name[language], c.price_note[language]) for c in estimate.charges if c.price_note}
    return list(found.values())
