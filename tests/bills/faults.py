"""What can be wrong with a bill, done to the rows of a clean one. The same seed does the same.

A fault changes rows, nothing else: what it comes to is `generator.truth`. Rows are chosen so that a wrong price is
worth more than a kopeck: one kopeck cannot be told from a rounding rule.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import ryaml

from costlab.catalog.loading import Catalog, catalog_folder, files, load_catalog
from costlab.model.prices import Rate
from tests.bills.generator import Made, steps

OTHER_VAT = {Decimal("0.22"): Decimal("0.20"), Decimal("0.20"): Decimal("0.22")}
SWITCH = date(2026, 11, 16)
SWITCHED = {
    "vk.compute.vcpu.ice-lake": Decimal("1.1"),
    "vk.compute.ram": Decimal("1.08"),
    "vk.dbaas.ram": Decimal("0.9"),
    "vk.k8s.gen2.worker.ram": Decimal("1.125"),
}


@dataclass
class Bench:
    """What a fault works on."""

    catalog: Catalog
    rows: list[Made]
    random: Random

    def pick(self, count: int, fits: Callable[[Made], bool] = bool) -> list[int]:
        """Places of some rows."""
        found = [i for i, made in enumerate(self.rows) if made.copies == 1 and fits(made)]
        return sorted(self.random.sample(found, min(count, len(found))))

    def change(self, place: int, **changed: Any) -> None:
        """Change a row."""
        self.rows[place] = replace(self.rows[place], **changed)


def wrong_rate(bench: Bench) -> None:
    """A resource's rows of one SKU, and a row of another, at a price nobody published."""
    for place in bench.pick(2, _plain):
        chosen = bench.rows[place]
        rate = _due(chosen)
        assert rate.price is not None
        factor = Decimal(bench.random.choice(["0.8", "0.9", "1.13", "1.5"]))
        other = rate.model_copy(update={"price": rate.price * factor, "also_published": ()})
        own = [i for i, m in enumerate(bench.rows) if (m.resource_id, m.sku) == (chosen.resource_id, chosen.sku)]
        for i in own if bench.random.random() < 0.5 else [place]:
            made = bench.rows[i]
            step = steps(bench.catalog, replace(made, rate=other))
            if _plain(made) and _due(made) == rate and abs(step.priced - step.counted) > Decimal("0.05"):
                bench.change(i, rate=other)


def duplicate(bench: Bench) -> None:
    """Three rows there twice."""
    for place in bench.pick(3):
        bench.change(place, copies=2)


def missing(bench: Bench) -> None:
    """Three rows not there."""
    for place in bench.pick(3):
        bench.change(place, copies=0)


def wrong_quantity(bench: Bench) -> None:
    """Four rows with twice or half the quantity."""
    for place in bench.pick(4, _plain):
        used = bench.rows[place].quantity
        bench.change(place, quantity=used * 2 if bench.random.random() < 0.5 or used % 2 else used / 2)


def old_price(bench: Bench) -> None:
    """A new list is in force, the bill goes on with the one before."""
    for place, made in enumerate(bench.rows):
        before = [(a, b) for a, b in pairwise(made.sku.rates) if b.effective <= made.day]
        if before and made.rate is None:
            bench.change(place, rate=before[-1][0])


def rounded_up(bench: Bench) -> None:
    """Every amount up to the kopeck."""
    for place, made in enumerate(bench.rows):
        if not _unknown(made):
            bench.change(place, mode="up")


def minute_rate(bench: Bench) -> None:
    """The list's other column: where a price per 30 days is due the one per minute, and the other way round."""
    for place, made in enumerate(bench.rows):
        rate = _due(made)
        if rate.also_published and made.rate is None:
            other = rate.also_published[0]
            bench.change(place, rate=rate.model_copy(update={"price": other.price, "per": other.per}))


def other_vat(bench: Bench) -> None:
    """The net price with the VAT of another year."""
    for place, made in enumerate(bench.rows):
        if not _unknown(made):
            tax = [t.rate for t in bench.catalog.taxes["ru-vat"] if t.effective <= made.day][-1]
            bench.change(place, vat=OTHER_VAT[tax])


def bonus(bench: Bench) -> None:
    """Five rows paid with bonuses, in part or as a whole."""
    for place in bench.pick(5):
        bench.change(place, bonus_share=bench.random.choice([10, 37, 50, 100]))


FAULTS: dict[str, Callable[[Bench], None]] = {
    "wrong_quantity": wrong_quantity,
    "wrong_rate": wrong_rate,
    "old_price": old_price,
    "minute_rate": minute_rate,
    "other_vat": other_vat,
    "rounded_up": rounded_up,
    "bonus": bonus,
    "duplicate": duplicate,
    "missing": missing,
}
"""In the order they are done: what befalls a few rows before what befalls every row that is left."""


def plant(names: list[str] | tuple[str, ...], rows: list[Made], catalog: Catalog, seed: int = 1) -> list[Made]:
    """The rows with some faults in them."""
    bench = Bench(catalog, list(rows), Random(seed))  # noqa: S311 (the same every time is the point)
    for name, fault in FAULTS.items():
        if name in names:
            fault(bench)
    return bench.rows


def second_list(folder: Path, day: date = SWITCH, factors: dict[str, Decimal] | None = None) -> Catalog:
    """The VK catalog, copied into `folder`, with a second list from a day on: SKU → factor on its price."""
    factors = factors or SWITCHED
    left = set(factors)
    base = catalog_folder()
    for path in files("vk", base):
        data = ryaml.loads(path.read_text(encoding="utf-8"))
        for sku in data.get("skus", []) if path.parent != base else []:
            factor = factors.get(sku["sku_id"])
            if factor is not None:
                last = sku["rates"][-1]
                also = [{**x, "price": str(Decimal(x["price"]) * factor)} for x in last["also_published"]]
                dearer = {"price": str(Decimal(last["price"]) * factor), "also_published": also}
                sku["rates"].append({**last, "effective": day.isoformat(), **dearer})
                left.remove(sku["sku_id"])
        copy = folder / path.relative_to(base)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(json.dumps(data, ensure_ascii=False, default=str), encoding="utf-8")
    assert not left, f"no such SKU: {left}"
    return load_catalog("vk", folder)


def _due(made: Made) -> Rate:
    return [r for r in made.sku.rates if r.effective <= made.day][-1]


def _unknown(made: Made) -> bool:
    """Billed at a price nobody published: its VAT and rounding cannot be told, so they stay as they are due."""
    if made.rate is None:
        return False
    known = {(r.price, r.per) for r in made.sku.rates} | {
        (a.price, a.per) for r in made.sku.rates for a in r.also_published
    }
    return (made.rate.price, made.rate.per) not in known


def _plain(made: Made) -> bool:
    return made.rate is None and _due(made).charge_model == "per_unit" and made.quantity > 0


__all__ = ["FAULTS", "SWITCH", "plant", "second_list"]
