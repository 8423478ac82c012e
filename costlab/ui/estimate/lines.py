"""A resource's lines as HTML, each of which opens to how it was computed. Everything that is not ours is escaped."""

from collections.abc import Iterable
from html import escape

from costlab.catalog.loading import Catalog
from costlab.estimate.sums import Sum
from costlab.exports.estimates import VatView, label
from costlab.i18n.words import money, number, percent, price, quantity, sign, unit
from costlab.model.numbers import Language
from costlab.model.prices import Rate, Sku
from costlab.model.scenario import Charge
from costlab.ui.words import day, say, span

_HTTP = ("https://", "http://")


def amounts(value: Charge | Sum, currency: str, language: Language, vat: VatView) -> str:
    """An amount in the VAT view: gross, net, or net with VAT and gross beneath."""
    if vat == "net":
        return money(value.net, currency, language)
    if vat == "included":
        return money(value.cost, currency, language)
    parts = f"{money(value.net, currency, language)} + {say('vat', language)} {money(value.vat, currency, language)}"
    return f"{money(value.cost, currency, language)}<small>{parts}</small>"


def lines(charges: Iterable[Charge], catalog: Catalog, language: Language, vat: VatView) -> str:
    """All lines of one instance."""
    return f'<div class="cl-lines">{"".join(_line(c, catalog, language, vat) for c in charges)}</div>'


def _line(charge: Charge, catalog: Catalog, language: Language, vat: VatView) -> str:
    name = escape(label(charge, language))
    held = escape(quantity(charge.quantity, charge.level, charge.unit, language)) if charge.unit else ""
    amount = amounts(charge, charge.currency, language, vat)
    return (
        f'<details><summary><span class="cl-what">{name}<small>{held}</small></span>'
        f'<span class="cl-amount">{amount}</span></summary>{_how(charge, catalog, language)}</details>'
    )


def _how(charge: Charge, catalog: Catalog, language: Language) -> str:
    """Quantity × price per unit [source, date] = raw → rounding → VAT, and where the price stands."""
    sku = catalog.by_id.get(charge.sku_id)
    rate = _rate(charge, sku)
    given = charge.price_source.startswith("given")
    source = catalog.sources.get(charge.price_source)
    first = day(charge.price_effective, language) if charge.price_effective else ""
    named = escape(source.title if source else charge.price_source)
    origin = say("given", language) if given else f"{named}, {first}"
    cost, vat, net = (money(x, charge.currency, language) for x in (charge.cost, charge.vat, charge.net))
    formula = (
        f"{number(charge.quantity, language)} {escape(unit(charge.unit, language))} × {_price(charge, language)} "
        f"<i>[{origin}]</i> = "
        f"{number(charge.raw_cost, language)}&nbsp;{sign(charge.currency)} → <b>{cost}</b> → {say('vat', language)} "
        f"{percent(charge.vat_rate, language)}: {vat}, {say('without_vat', language)}: {net}"
    )
    facts = [
        ("SKU", f"<code>{escape(charge.sku_id)}</code>"),
        (say("row", language), escape(charge.sku_name[language])),
        (say("span", language), span(charge.period, language)),
        (say("rounding", language), escape(charge.rounding.text[language])),
    ]
    if not given:
        checked = f", {say('checked', language, day=day(rate.checked, language))}" if rate else ""
        facts.append((say("effective", language), first + checked))
    if source:
        url = escape(source.url, quote=True) if source.url.startswith(_HTTP) else ""
        title = f"{escape(source.publisher)}. {escape(source.title)}"
        link = f'<a href="{url}" target="_blank" rel="noopener noreferrer">{title}</a>' if url else title
        facts.append((say("source", language), link))
    for other in rate.also_published if rate else ():
        each = f"{number(other.per, language)} {escape(unit(charge.unit, language))}"
        text = f"{price(other.price, language)}&nbsp;{sign(charge.currency)} / {each}"
        facts.append((say("also", language), f"{text} ({say('also_note', language)})"))
    if charge.price_note:
        facts.append((say("note", language), escape(charge.price_note[language])))
    rows = "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in facts)
    return f'<div class="cl-how"><p>{formula}</p><dl>{rows}</dl></div>'


def _price(charge: Charge, language: Language) -> str:
    """A price as published, tiers one after another."""
    per = "" if charge.per == 1 else f"{number(charge.per, language)} "
    each = f"{per}{escape(unit(charge.unit, language))}"
    each = f"{sign(charge.currency)} / {each}"
    if not charge.tiers:
        return f"{price(charge.unit_price, language)}&nbsp;{each}"
    steps = [
        f"{say('up_to', language)} {number(t.up_to, language)}: {price(t.price, language)}"
        if t.up_to is not None
        else f"{say('beyond', language)}: {price(t.price, language)}"
        for t in charge.tiers
    ]
    return f"({'; '.join(steps)}) {each}"


def _rate(charge: Charge, sku: Sku | None) -> Rate | None:
    rates = sku.rates if sku else ()
    return next((r for r in rates if r.effective == charge.price_effective), None)
