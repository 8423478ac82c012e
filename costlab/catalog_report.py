"""Questions people ask of the catalog: list, show, diff between two days, coverage of services. Plain data."""

from datetime import date
from typing import Any

from costlab import services
from costlab.catalog import Catalog
from costlab.engine.prices import Regime, regimes
from costlab.language import plain
from costlab.model import AlsoPublished, OnRequest, Rate, Sku


def list_skus(catalog: Catalog) -> list[dict[str, Any]]:
    """Every SKU with its rates, as `catalog list` prints them."""
    return [_sku(sku, catalog) for sku in catalog.skus]


def show_sku(catalog: Catalog, sku_id: str) -> dict[str, Any] | None:
    """Everything known of one SKU (also by an id it is also published as), or None."""
    wanted = (s for s in catalog.skus if sku_id in (s.sku_id, *(a.sku_id for a in s.also_published_as)))
    sku = next(wanted, None)
    if sku is None:
        return None
    named = {r.source for r in sku.rates} | ({sku.on_request.source} if sku.on_request else set())
    return {
        **_sku(sku, catalog),
        "region": sku.region,
        "dimensions": sku.dimensions,
        "zones": list(sku.zones),
        "name": sku.name.model_dump(),
        "also_published_as": [a.model_dump() for a in sku.also_published_as],
        "sources": [catalog.sources[s].model_dump(mode="json") for s in sorted(named)],
    }


def _sku(sku: Sku, catalog: Catalog) -> dict[str, Any]:
    data: dict[str, Any] = {
        "sku_id": sku.sku_id,
        "service": sku.service,
        "meter": sku.meter,
        "unit": catalog.meters[sku.meter].pricing_unit,
        "name": sku.name.model_dump(),
        "rates": [_rate(r) for r in sku.rates],
    }
    if sku.on_request is not None:
        data["on_request"] = _request(sku.on_request)
    return data


def _rate(rate: Rate) -> dict[str, Any]:
    data: dict[str, Any] = {
        "effective": rate.effective.isoformat(),
        "charge_model": rate.charge_model,
        "price": None if rate.price is None else f"{rate.price:f}",
        "per": plain(rate.per),
        "vat": rate.vat,
        "rounding": rate.rounding,
        "source": rate.source,
        "checked": rate.checked.isoformat(),
    }
    if rate.tiers:
        data["tiers"] = [
            {"up_to": None if t.up_to is None else plain(t.up_to), "price": f"{t.price:f}"} for t in rate.tiers
        ]
    if rate.also_published:
        data["also_published"] = [_also(a) for a in rate.also_published]
    if rate.note is not None:
        data["note"] = rate.note.model_dump()
    return data


def _also(also: AlsoPublished) -> dict[str, str]:
    return {"price": f"{also.price:f}", "per": plain(also.per)}


def _request(asked: OnRequest) -> dict[str, Any]:
    return {
        "per": plain(asked.per),
        "note": asked.note.model_dump(),
        "source": asked.source,
        "checked": asked.checked.isoformat(),
    }


def diff(catalog: Catalog, before: date, after: date) -> list[dict[str, Any]]:
    """What changed between two days: prices added, removed and changed, and VAT. Unchanged SKUs are left out."""
    changes = []
    for sku in catalog.skus:
        old, new = (next(iter(regimes(catalog, sku, as_of=day)), None) for day in (before, after))
        kind = _change(old, new)
        if kind:
            changes.append(
                {
                    "sku_id": sku.sku_id,
                    "name": sku.name.model_dump(),
                    "change": kind,
                    "before": _then(old),
                    "after": _then(new),
                }
            )
    return changes


def _change(old: Regime | None, new: Regime | None) -> str:
    if old is None or new is None:
        return "" if old is new else "added" if old is None else "removed"
    if old.rate != new.rate:
        return "changed"
    return "vat" if old.tax != new.tax else "rounding" if old.rounding != new.rounding else ""


def _then(regime: Regime | None) -> dict[str, Any] | None:
    if regime is None:
        return None
    return {**_rate(regime.rate), "vat_rate": str(regime.tax.rate), "rounding": regime.rounding.label}


def coverage(catalog: Catalog) -> list[dict[str, Any]]:
    """Each service: `priced`, `free` or `on_request`, how many SKUs, and the sources they were read in."""
    found: dict[str, list[Sku]] = {name: [] for name in services.names()}
    for sku in catalog.skus:
        found.setdefault(sku.service, []).append(sku)
    return [
        {"service": name, "status": _status(skus), "skus": len(skus), "source": ", ".join(_sources(skus))}
        for name, skus in sorted(found.items())
    ]


def _status(skus: list[Sku]) -> str:
    prices = [t for s in skus for r in s.rates for t in (r.tiers or (r,)) if t.price is not None]
    if any(p.price for p in prices):
        return "priced"
    return "free" if prices else "on_request"


def _sources(skus: list[Sku]) -> list[str]:
    rates = {r.source for s in skus for r in s.rates}
    return sorted(rates | {s.on_request.source for s in skus if s.on_request})
