"""What the words of a bill mean in a price list: section, item and unit as a SKU and a factor, or why they do not."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from costlab.catalog.loading import Catalog
from costlab.i18n.reasons import reason
from costlab.model.numbers import Text
from costlab.model.periods import list_month_minutes
from costlab.model.prices import Meter, Sku

_TIMES: dict[str, int] = {
    "мин": 1, "минута": 1, "минуты": 1, "минут": 1, "min": 1, "minute": 1, "minutes": 1,
    "ч": 60, "час": 60, "часа": 60, "часов": 60, "h": 60, "hour": 60, "hours": 60,
    "сут": 1440, "сутки": 1440, "день": 1440, "дней": 1440, "дня": 1440, "day": 1440, "days": 1440,
}  # fmt: skip
"""Words for time in units of quantity, in minutes."""
_MONTHS = ("мес", "месяц", "месяца", "месяцев", "mo", "month", "months")
"""A month is as long as the provider's price list says: 43,200 minutes of 30 days, 43,800 of a twelfth of a year…"""


@dataclass(frozen=True)
class BillItem:
    """What one kind of row asks: section, item name and unit as the bill writes them."""

    service: str
    parameter: str
    unit: str


@dataclass(frozen=True)
class Answer:
    """The SKU it means and how its unit becomes pricing units; or why it has none."""

    sku: Sku | None = None
    factor: Fraction = Fraction(1)
    why: str = ""
    """JSON for the sentence, when there is no SKU."""
    evidence: str = ""
    """JSON of how it was found, where the name alone does not say it."""
    by: str = ""
    """What decided, where it was not the section: `unit` (only this one of its name is measured so) or `name` (the
    section that is written has no such item)."""


def normal_name(name: str) -> str:
    """An item's name for comparing: case, ё, spaces, quotes and dashes do not matter.

    >>> normal_name("Жёсткий  диск, SSD") == normal_name("жесткий диск , ssd")
    True
    """
    text = name.replace("\u00a0", " ").casefold().replace("ё", "е")
    return " ".join(re.sub(r"[^\w+%/.]+", " ", text).split())


def names_of(catalog: Catalog) -> dict[str, list[Sku]]:
    """Every name the price list prints, in both languages, aliases included → the SKUs that have it."""
    found: dict[str, list[Sku]] = {}
    for sku in catalog.skus:
        texts = [sku.name, *(a.name for a in sku.also_published_as)]
        words = {normal_name(t) for text in texts for t in (text.ru, text.en)}
        for name in words | {sku.sku_id, *(a.sku_id for a in sku.also_published_as)}:
            found.setdefault(name, []).append(sku)
    return found


def named(asked: BillItem, catalog: Catalog, names: dict[str, list[Sku]]) -> list[Sku]:
    """The priced SKUs that have a row's name, those of its section where it names one that has it."""
    known = names.get(normal_name(asked.parameter)) or names.get(asked.parameter.strip(), [])
    priced = [s for s in known if s.rates]
    return [s for s in priced if _in_section(s, asked.service, catalog)] or priced


def _in_section(sku: Sku, service: str, catalog: Catalog) -> bool:
    return normal_name(service) in {normal_name(n) for n in catalog.sections.get(sku.service, ())} | {sku.service}


def candidates(
    asked: BillItem, catalog: Catalog, names: dict[str, list[Sku]], day: date = date.max
) -> list[tuple[Sku, Fraction]]:
    """The SKUs a row may mean, each with what makes pricing units of its unit; none whose unit is another's."""
    month = list_month_minutes(catalog.provider, day)
    known = named(asked, catalog, names)
    factors = ((sku, conversion(asked.unit, catalog.meters[sku.meter], month)) for sku in known)
    return [(sku, factor) for sku, factor in factors if factor is not None]


def answer(asked: BillItem, catalog: Catalog, names: dict[str, list[Sku]], day: date = date.max) -> Answer:
    """Which SKU a row means. One name in several sections needs the section, its unit, or evidence; two are none.

    `day`: whose list month a unit of months is in; the newest unless given.
    """
    known = named(asked, catalog, names)
    if not known:
        return Answer(why=no_price(Text(en="no such item in the price list", ru="такой позиции нет в прайс-листе")))
    fitting = candidates(asked, catalog, names, day)
    if len(fitting) > 1:
        skus = ", ".join(s.sku_id for s, _ in fitting)
        return Answer(
            why=no_price(Text(en=f"several items have this name: {skus}", ru=f"это имя у нескольких позиций: {skus}"))
        )
    if not fitting:
        units = ", ".join(dict.fromkeys(catalog.meters[s.meter].pricing_unit for s in known))
        return Answer(
            why=no_price(Text(en=f"unit “{asked.unit}” is not {units}", ru=f"единица «{asked.unit}» — не {units}"))
        )
    [(sku, factor)] = fitting
    elsewhere = bool(asked.service.strip()) and not _in_section(sku, asked.service, catalog)
    return Answer(sku, factor, by="unit" if len(known) > 1 else "name" if elsewhere else "")


def no_price(text: Text) -> str:
    """Why a row has no price, as JSON for the sentence."""
    return reason("no_price", reason=text)


def conversion(unit: str, meter: Meter, month_minutes: int) -> Fraction | None:
    """Pricing units in one unit of the bill: `ГБ·ч` is 60 GB·minutes; a bare `ГБ` of a time meter is held all day.

    `month_minutes`: how long the price list calls a month. No unit at all means the price list's own. None when the two
    do not measure the same thing.
    """
    if " ".join(unit.split()).casefold() == meter.pricing_unit.casefold():
        return Fraction(1)
    words = [w for w in re.split(r"[·*×\-/\s.]+", unit.casefold()) if w]
    if not words:
        return Fraction(1)
    minutes = {**_TIMES, **dict.fromkeys(_MONTHS, month_minutes)}
    times = [minutes[w] for w in words if w in minutes]
    if len(times) > 1 or (times and not meter.basis_minutes):
        return None
    things = [w for w in words if w not in minutes]
    if things and not any(_same_thing(w, meter.unit) for w in things):
        return None
    if not meter.basis_minutes:
        return Fraction(1)
    return Fraction(times[0] if times else 1440, meter.basis_minutes)


_THINGS: dict[str, tuple[str, ...]] = {
    "GB": ("гб", "gb"),
    "vCPU": ("vcpu", "cpu", "ядро", "ядра", "ядер", "core", "cores"),
    "address": ("адрес", "адреса", "адресов", "address", "addresses", "ip"),
    "LB": ("балансировщик", "баланс", "lb", "balancer"),
    "licence": ("лицензия", "лицензии", "лицензий", "лиц", "licence", "license", "licences"),
    "server": ("сервер", "server"),
}


_PIECES = ("шт", "штук", "штуки", "ед", "pcs", "piece", "pieces", "unit", "units")


def _same_thing(word: str, unit: str) -> bool:
    return word in _PIECES or word in _THINGS.get(unit, (unit.casefold(),))
