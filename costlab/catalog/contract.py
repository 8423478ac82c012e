"""A contract overlay: a private folder of the catalog's own shape whose prices take precedence over the list.

Each YAML file of the folder may hold `contract` (a name for its prices), `service`, `region` and `skus` (rates of SKUs
the list has, or SKUs it lacks), `discounts`, `taxes` and `regions` (for a region whose VAT the catalog does not know).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from costlab.catalog.check import Place, ambiguous, check_sku, fault, floats, validated
from costlab.catalog.loading import Catalog
from costlab.errors import InputError, near
from costlab.files.documents import Document, read_document
from costlab.files.writing import shown_path
from costlab.model.numbers import Problem
from costlab.model.prices import Discount, Rate, Region, Sku, Source, TaxRate

KEYS = ("contract", "service", "region", "skus", "discounts", "taxes", "regions")
_UNKNOWN_DAY = date(1970, 1, 1)


@dataclass
class _Overlay:
    """What the files of a folder add to a catalog."""

    catalog: Catalog
    rates: dict[str, list[Rate]] = field(default_factory=dict)
    skus: list[tuple[Sku, Document, Place]] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    taxes: dict[str, tuple[TaxRate, ...]] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def with_contract(catalog: Catalog, folder: Path) -> Catalog:
    """The catalog with a contract's prices over it. Raises `InputError` with every fault, file and line."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise InputError(Problem(code="no_contract", source=shown_path(folder)))
    found = _Overlay(catalog)
    documents = []
    for path in files:
        try:
            documents.append(read_document(path))
        except InputError as error:
            found.problems += error.problems
    for document in documents:
        _settings(found, document)
    for document in documents:
        _prices(found, document)
    found.problems += ambiguous([*((s, documents[0], ()) for s in catalog.skus), *found.skus]) if found.skus else []
    if found.problems:
        raise InputError(*found.problems)
    own = tuple(_with_rates(sku, found.rates.get(sku.sku_id, [])) for sku in catalog.skus)
    provider = catalog.provider.model_copy(update={"regions": {**catalog.provider.regions, **found.regions}})
    return replace(
        catalog,
        provider=provider,
        skus=(*own, *(sku for sku, _, _ in found.skus)),
        taxes={**catalog.taxes, **found.taxes},
        sources={**catalog.sources, **found.sources},
        discounts=(*catalog.discounts, *found.discounts),
        contract=shown_path(folder),
    )


def _with_rates(sku: Sku, rates: list[Rate]) -> Sku:
    return sku.model_copy(update={"rates": (*sku.rates, *rates)}) if rates else sku


def _settings(found: _Overlay, document: Document) -> None:
    """Names, discounts, taxes and regions: what prices of any file may refer to."""
    data = document.data
    if not isinstance(data, dict):
        found.problems.append(
            fault(document, (), "a contract file is made of `key: value`", f"keys: {', '.join(KEYS)}")
        )
        return
    found.problems += floats(document, data, ())
    for key in data:
        if key not in KEYS:
            args = {"key": str(key), **near(str(key), KEYS)}
            found.problems.append(
                Problem(code="unknown_key", source=document.source, line=document.line(key), args=args)
            )
    for index, body in _items(found, document, "discounts"):
        discount, faults = validated(document, ("discounts", index), Discount, body)
        found.problems += faults
        found.discounts += [discount] if discount else []
    for name, history in _entries(found, document, "taxes"):
        rates = []
        for index, body in enumerate(history if isinstance(history, list) else [history]):
            known = {"source": _source(found, document), **body} if isinstance(body, dict) else body
            tax, faults = validated(document, ("taxes", name, index), TaxRate, known)
            found.problems += faults
            rates += [tax] if tax else []
        found.taxes[name] = tuple(sorted(rates, key=lambda t: t.effective))
    for name, body in _entries(found, document, "regions"):
        region = found.regions.get(name) or found.catalog.region(name)
        if region is None or not isinstance(body, dict) or set(body) != {"tax"}:
            known = ", ".join(found.catalog.provider.regions)
            reason = f"{name}: a region of the provider and its `tax` are expected"
            reason_ru = "ожидается регион провайдера и его `tax`"
            wrong = fault(document, ("regions", name), reason, f"regions: {known}", reason_ru, f"регионы: {known}")
            found.problems.append(wrong)
            continue
        found.regions[name] = region.model_copy(update={"tax": str(body["tax"])})


def _items(found: _Overlay, document: Document, key: str) -> Iterator[tuple[int, Any]]:
    value = document.data.get(key, [])
    if isinstance(value, list):
        yield from enumerate(value)
    else:
        found.problems.append(fault(document, (key,), f"{key}: a list is expected", "- …", "ожидается список", "- …"))


def _entries(found: _Overlay, document: Document, key: str) -> Iterator[tuple[str, Any]]:
    value = document.data.get(key, {})
    if isinstance(value, dict):
        yield from value.items()
    else:
        found.problems.append(
            fault(document, (key,), f"{key}: `name: …` is expected", "name: …", "ожидается `имя: …`", "имя: …")
        )


def _source(found: _Overlay, document: Document) -> str:
    """The contract as a source of its own, for facts that name none."""
    name = str(document.data.get("contract") or Path(document.source).stem)
    key = f"contract: {name}"
    found.sources[key] = Source(
        source_id=key, publisher=name, title=name, url=Path(document.source).name, retrieved=_UNKNOWN_DAY
    )
    return key


def _prices(found: _Overlay, document: Document) -> None:
    if not isinstance(document.data, dict):
        return
    catalog = found.catalog
    provider = catalog.provider.model_copy(update={"regions": {**catalog.provider.regions, **found.regions}})
    source = _source(found, document)
    for index, body in _items(found, document, "skus"):
        place: Place = ("skus", index)
        if not isinstance(body, dict):
            found.problems += validated(document, place, Sku, body)[1]
            continue
        rates = body.get("rates")
        complete = [_complete(r, source) for r in rates] if isinstance(rates, list) else rates
        listed = catalog.by_id.get(str(body.get("sku_id")))
        if listed is not None:
            found.problems += [
                fault(document, (*place, key), f"{key}: the list already says it", "keep sku_id and rates",
                      "это уже сказано в прайс-листе", "оставьте sku_id и rates")
                for key in body
                if key not in ("sku_id", "rates")
            ]  # fmt: skip
            inherited = listed.model_dump(exclude={"rates"}) | {"rates": complete}
        else:
            shared = {"service": document.data.get("service"), "region": document.data.get("region")}
            inherited = {"provider": provider.provider, **shared, **body, "rates": complete}
        sku, faults = validated(document, place, Sku, inherited)
        found.problems += faults
        if sku is None:
            continue
        known = set(catalog.sources) | set(found.sources)
        found.problems += check_sku(document, place, sku.model_copy(update={"on_request": None}), provider, known,
                                    catalog.meters)  # fmt: skip
        if listed is not None:
            found.rates.setdefault(sku.sku_id, []).extend(sku.rates)
        else:
            found.skus.append((sku, document, place))


def _complete(rate: Any, source: str) -> Any:
    """A rate of a contract says at least its first day and its price; the file says the rest."""
    if not isinstance(rate, dict):
        return rate
    return {"contract": source.removeprefix("contract: "), "source": source, "checked": rate.get("effective"), **rate}
