"""Questions people ask of the catalog: list, show, diff between two days, coverage of services. Plain data."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from costlab import services
from costlab.catalog.loading import Catalog
from costlab.catalog.regimes import Regime, regimes
from costlab.i18n.words import plain
from costlab.model.numbers import Period
from costlab.model.prices import AlsoPublished, OnRequest, Rate, Sku

_ANY = datetime(2026, 2, 1, tzinfo=UTC)
"""The start of a month for which examples are asked what they use; no price depends on it."""


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
        "days_since_checked": (date.today() - rate.checked).days,  # noqa: DTZ011 (a day is enough)
    }
    if rate.until is not None:
        data["until"] = rate.until.isoformat()
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
    """What the provider sells, a row each: services, their products (`facts/systems.yaml`), and what the prices say.

    `status` follows from the SKUs: `priced` where one has a price now, else `free` where one costs a documented
    nothing, else `on_request`; `legacy` where the provider sells it no more. `priced`, `free`, `on_request` and
    `ended` count the SKUs; `service` names the row, `services` the modules that price it.
    """
    systems: dict[str, dict[str, Any]] = catalog.facts("systems")
    own = {sku.service for sku in catalog.skus}
    return [_system(name, systems.get(name, {}), catalog) for name in sorted({*services.names(), *own, *systems})]


def _system(name: str, facts: dict[str, Any], catalog: Catalog) -> dict[str, Any]:
    skus = _skus_of(name, facts.get("skus", ()), catalog)
    states = Counter(_state(s, catalog.stamp().list_date) for s in skus)
    legacy = facts.get("legacy", False) or states["ended"] == len(skus) > 0
    states_found = (x for x in ("priced", "free", "on_request") if states[x])
    sources = {*_sources(skus), *([facts["source"]] if "source" in facts else [])}
    known = services.names()
    plain_title = services.load(name).TITLE.model_dump() if name in known else {"en": name, "ru": name}
    return {
        "service": name,
        "title": facts.get("title", plain_title),
        "services": facts.get("services", [name] if name in known else []),
        "status": "legacy" if legacy else next(states_found, "on_request"),
        "skus": len(skus),
        **{x: states[x] for x in ("priced", "free", "on_request", "ended")},
        "source": ", ".join(sorted(sources)),
        **({"note": facts["note"]} if "note" in facts else {}),
    }


def _skus_of(name: str, patterns: Iterable[str], catalog: Catalog) -> list[Sku]:
    """The SKUs a row stands on: by wildcards, or those of a service's own file and those its example asks for."""
    if patterns:
        return [s for s in catalog.skus if any(fnmatchcase(s.sku_id, p) for p in patterns)]
    asked = _asked(name, catalog) if name in services.names() else set[str]()
    return [s for s in catalog.skus if s.service == name or s.sku_id in asked]


def _asked(name: str, catalog: Catalog) -> set[str]:
    service = services.load(name)
    period = Period(start=_ANY, end=_ANY + timedelta(days=30))
    usages = service.usage(service.Spec.model_validate(service.EXAMPLE), period)
    return {
        sku.sku_id
        for usage in usages
        for region in catalog.provider.regions
        for sku in catalog.answers(region, usage.meter, usage.dimensions)
    }


def _state(sku: Sku, day: date | None) -> str:
    """Whether a SKU has a price on the day of the newest list or later, costs nothing, is asked for, or has ended."""
    if sku.on_request is not None:
        return "on_request"
    now = [r for r in sku.rates if r.until is None or day is None or r.until >= day]
    if not now:
        return "ended"
    return "priced" if any(t.price for r in now for t in (r.tiers or (r,))) else "free"


def _sources(skus: list[Sku]) -> set[str]:
    return {r.source for s in skus for r in s.rates} | {s.on_request.source for s in skus if s.on_request}
