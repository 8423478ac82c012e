"""A contract overlay: a private folder of the catalog's own shape whose prices take precedence over the list.

Each YAML file of the folder may hold `contract` (a name for its prices), `service`, `region` and `skus` (rates of SKUs
the list has, or SKUs it lacks), `discounts`, `taxes` and `regions` (for a region whose VAT the catalog does not know).

`services` of a discount are services of the price list: `vm` is cores and RAM, a machine's disks are rows of `disk`.
A section as the list prints it (“Cloud Servers”) is every service printed under it. What names nothing of the list is
an error with the nearest name: a discount that applies to nothing would be a silent loss.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from costlab.catalog.check import Place, ambiguous, check_sku, fault, floats, validated
from costlab.catalog.discounts import includes
from costlab.catalog.listed_names import named_services, named_skus
from costlab.catalog.loading import Catalog
from costlab.errors import InputError, near
from costlab.files.documents import Document, read_document
from costlab.files.writing import shown_path
from costlab.model.numbers import Args, Problem, Text, exact
from costlab.model.prices import Discount, Rate, Region, Sku, Source, TaxRate
from costlab.services import names

KEYS = ("contract", "service", "region", "skus", "discounts", "taxes", "regions")
_OF_A_PRICE = ("sku_id", "rates")
_FAR = Decimal(50)
"""No contract is so many times dearer or cheaper than the list: the price is of another number of units."""
_UNKNOWN_DAY = date(1970, 1, 1)


@dataclass
class _Overlay:
    """What the files of a folder add to a catalog."""

    catalog: Catalog
    rates: dict[str, list[Rate]] = field(default_factory=dict)
    skus: list[tuple[Sku, Document, Place]] = field(default_factory=list)
    discounts: list[tuple[Discount, Document, Place]] = field(default_factory=list)
    taxes: dict[str, tuple[TaxRate, ...]] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def with_contract(catalog: Catalog, folder: Path) -> Catalog:
    """The catalog with a contract's prices over it. Raises `InputError` with every fault, file and line."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise InputError(Problem(code="no_contract", source=shown_path(folder)))
    overlay = _Overlay(catalog)
    overlay.problems += _not_read(folder, files)
    documents = []
    for path in files:
        try:
            documents.append(read_document(path))
        except InputError as error:
            overlay.problems += error.problems
    for document in documents:
        _settings(overlay, document)
    for document in documents:
        _prices(overlay, document)
    overlay.problems += (
        ambiguous([*((s, documents[0], ()) for s in catalog.skus), *overlay.skus]) if overlay.skus else []
    )
    discounts = _discounts(overlay)
    if overlay.problems:
        raise InputError(*overlay.problems)
    own = tuple(_with_rates(sku, overlay.rates.get(sku.sku_id, [])) for sku in catalog.skus)
    provider = catalog.provider.model_copy(update={"regions": {**catalog.provider.regions, **overlay.regions}})
    return replace(
        catalog,
        provider=provider,
        skus=(*own, *(sku for sku, _, _ in overlay.skus)),
        taxes={**catalog.taxes, **overlay.taxes},
        sources={**catalog.sources, **overlay.sources},
        discounts=(*catalog.discounts, *discounts),
        contract=shown_path(folder),
    )


def _not_read(folder: Path, files: Sequence[Path]) -> Iterator[Problem]:
    """What else lies in the folder and looks like a part of the contract: it would be left out in silence."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() in (".yaml", ".yml", ".json") and path.is_file() and path not in files:
            reason = Text(en="only `.yaml` files directly in the folder of a contract are read",
                          ru="читаются только файлы `.yaml`, лежащие прямо в папке договора")  # fmt: skip
            fix = Text(en="rename or move it", ru="переименуйте или перенесите его")
            yield Problem(
                code="invalid", source=shown_path(path), args={"key": path.name, "reason": reason, "fix": fix}
            )


def _with_rates(sku: Sku, rates: list[Rate]) -> Sku:
    return sku.model_copy(update={"rates": (*sku.rates, *rates)}) if rates else sku


def _settings(overlay: _Overlay, document: Document) -> None:
    """Names, discounts, taxes and regions: what prices of any file may refer to."""
    data = document.data
    if not isinstance(data, dict):
        overlay.problems.append(
            fault(document, (), "a contract file is made of `key: value`", f"keys: {', '.join(KEYS)}")
        )
        return
    overlay.problems += floats(document, data, ())
    for key in data:
        if key not in KEYS:
            args = {"key": str(key), **near(str(key), KEYS)}
            overlay.problems.append(
                Problem(code="unknown_key", source=document.source, line=document.line(key), args=args)
            )
    for index, body in _items(overlay, document, "discounts"):
        discount, faults = validated(document, ("discounts", index), Discount, body)
        overlay.problems += faults
        overlay.discounts += [(discount, document, ("discounts", index))] if discount else []
    for name, history in _entries(overlay, document, "taxes"):
        rates = []
        for index, body in enumerate(history if isinstance(history, list) else [history]):
            known = {"source": _source(overlay, document), **body} if isinstance(body, dict) else body
            tax, faults = validated(document, ("taxes", name, index), TaxRate, known)
            overlay.problems += faults
            rates += [tax] if tax else []
        overlay.taxes[name] = tuple(sorted(rates, key=lambda t: t.effective))
    for name, body in _entries(overlay, document, "regions"):
        region = overlay.regions.get(name) or overlay.catalog.region(name)
        if region is None or not isinstance(body, dict) or set(body) != {"tax"}:
            known = ", ".join(overlay.catalog.provider.regions)
            reason = Text(
                en=f"{name}: a region of the provider and its `tax` are expected",
                ru="ожидается регион провайдера и его `tax`",
            )
            fix = Text(en=f"regions: {known}", ru=f"регионы: {known}")
            wrong = fault(document, ("regions", name), reason, fix)
            overlay.problems.append(wrong)
            continue
        overlay.regions[name] = region.model_copy(update={"tax": str(body["tax"])})


def _items(overlay: _Overlay, document: Document, key: str) -> Iterator[tuple[int, Any]]:
    value = document.data.get(key, [])
    if isinstance(value, list):
        yield from enumerate(value)
    else:
        overlay.problems.append(
            fault(document, (key,), Text(en=f"{key}: a list is expected", ru="ожидается список"), "- …")
        )


def _entries(overlay: _Overlay, document: Document, key: str) -> Iterator[tuple[str, Any]]:
    value = document.data.get(key, {})
    if isinstance(value, dict):
        yield from value.items()
    else:
        overlay.problems.append(
            fault(
                document,
                (key,),
                Text(en=f"{key}: `name: …` is expected", ru="ожидается `имя: …`"),
                Text(en="name: …", ru="имя: …"),
            )
        )


def _source(overlay: _Overlay, document: Document) -> str:
    """The contract as a source of its own, for facts that name none."""
    name = str(document.data.get("contract") or Path(document.source).stem)
    key = f"contract: {name}"
    overlay.sources[key] = Source(
        source_id=key, publisher=name, title=name, url=Path(document.source).name, retrieved=_UNKNOWN_DAY
    )
    return key


def _discounts(overlay: _Overlay) -> list[Discount]:
    """The discounts with what they name as the price list has it; a name that means nothing there is a problem."""
    skus = (*overlay.catalog.skus, *(sku for sku, _, _ in overlay.skus))
    priced = {rate.contract for rates in overlay.rates.values() for rate in rates}
    priced |= {rate.contract for sku, _, _ in overlay.skus for rate in sku.rates}
    resolved: list[Discount] = []
    for discount, document, place in overlay.discounts:
        taken = {d.name for d in resolved} | (priced if discount.cap is not None else set())
        if discount.name in taken:
            args: Args = {
                "key": "name",
                "reason": Text(en=f"“{discount.name}” is there twice", ru=f"«{discount.name}» указано дважды"),
                "fix": Text(en="each price and discount has its own name", ru="дайте каждой цене и скидке своё имя"),
            }
            overlay.problems.append(_problem("invalid", document, (*place, "name"), args))
        update: dict[str, tuple[str, ...]] = {}
        for key in ("services", "skus", "exclude"):
            written = getattr(discount, key)
            meanings = [_meaning(key, name, overlay.catalog, skus) for name in written]
            for name, meaning in zip(written, meanings, strict=True):
                if not meaning:
                    overlay.problems.append(_unknown(key, name, document, place, overlay.catalog, skus))
            update[key] = tuple(dict.fromkeys(n for meaning in meanings for n in meaning))
        final = discount.model_copy(update=update)
        resolved.append(final)
        known = all(_meaning(k, n, overlay.catalog, skus) for k in update for n in getattr(discount, k))
        if known and not any(includes(final, s) for s in skus):
            nothing: Args = {
                "key": "exclude",
                "reason": Text(
                    en=f"“{discount.name}” applies to nothing", ru=f"«{discount.name}» ни к чему не относится"
                ),
                "fix": Text(
                    en="leave out of `exclude` what it is for", ru="уберите из `exclude` то, на что она даётся"
                ),
            }
            overlay.problems.append(_problem("invalid", document, (*place, "exclude"), nothing))
    return resolved


def _meaning(key: str, name: str, catalog: Catalog, skus: Iterable[Sku]) -> tuple[str, ...]:
    """What a name of a discount is in the price list; nothing when it is nothing there."""
    services = named_services(name, catalog, skus) if key != "skus" else ()
    return services or (named_skus(name, skus) if key != "services" else ())


def _unknown(key: str, name: str, document: Document, place: Place, catalog: Catalog, skus: Iterable[Sku]) -> Problem:
    """A name that the price list does not have, with the nearest one it has."""
    ids = sorted({s.sku_id for s in skus})
    services = sorted({s.service for s in skus})
    printed = [title for titles in catalog.sections.values() for title in titles]
    known = {"services": [*services, *printed], "skus": ids, "exclude": [*services, *printed, *ids]}[key]
    args: Args = {"key": key, "value": name, **near(name, known)}
    if key == "services" and name in names():
        args["nearest"] = Text(
            en="it is a service of estimates that uses rows of other services: name those; ",
            ru="это сервис смет, который использует строки других сервисов: назовите их; ",
        )
    code = "unknown_sku" if key == "skus" else "unlisted_service"
    return _problem(code, document, (*place, key), args)


def _problem(code: str, document: Document, place: Place, args: Args) -> Problem:
    return Problem(code=code, source=document.source, line=document.line(*place), args=args)


def _prices(overlay: _Overlay, document: Document) -> None:
    if not isinstance(document.data, dict):
        return
    catalog = overlay.catalog
    provider = catalog.provider.model_copy(update={"regions": {**catalog.provider.regions, **overlay.regions}})
    source = _source(overlay, document)
    for index, body in _items(overlay, document, "skus"):
        place: Place = ("skus", index)
        if not isinstance(body, dict):
            overlay.problems += validated(document, place, Sku, body)[1]
            continue
        rates = body.get("rates")
        complete = [_complete(r, source) for r in rates] if isinstance(rates, list) else rates
        listed = catalog.by_id.get(str(body.get("sku_id")))
        if listed is not None:
            overlay.problems += _without_unit(listed, rates, document, place)
            overlay.problems += [_needless(str(key), document, (*place, key)) for key in body if key not in _OF_A_PRICE]
            inherited = listed.model_dump(exclude={"rates"}) | {"rates": complete}
        elif lacking := list(_lacking(body, document, place, catalog)):
            overlay.problems += lacking
            continue
        else:
            shared = {"service": document.data.get("service"), "region": document.data.get("region")}
            inherited = {"provider": provider.provider, **shared, **body, "rates": complete}
        sku, faults = validated(document, place, Sku, inherited)
        overlay.problems += faults
        if sku is None:
            continue
        known = set(catalog.sources) | set(overlay.sources)
        overlay.problems += check_sku(document, place, sku.model_copy(update={"on_request": None}), provider, known,
                                    catalog.meters)  # fmt: skip
        if listed is not None:
            known_days = {r.effective for r in overlay.rates.get(sku.sku_id, ())}
            for day in sorted({r.effective for r in sku.rates} & known_days):
                twice: Args = {
                    "key": "sku_id",
                    "reason": Text(en=f"{sku.sku_id} has two prices from {day}", ru=f"у {sku.sku_id} две цены с {day}"),
                    "fix": Text(en="keep one", ru="оставьте одну"),
                }
                overlay.problems.append(_problem("invalid", document, (*place, "sku_id"), twice))
            overlay.rates.setdefault(sku.sku_id, []).extend(sku.rates)
        else:
            overlay.skus.append((sku, document, place))


def _without_unit(listed: Sku, rates: Any, document: Document, place: Place) -> Iterator[Problem]:
    """A price that does not say per how many units it is and is far from the list's: 500 a month read as 500 a minute
    would be an honest mistake of some millions.
    """
    latest = listed.rates[-1] if listed.rates else None
    if latest is None or not latest.price:
        return
    known = sorted({latest.per, *(a.per for a in latest.also_published)})
    for index, rate in enumerate(rates if isinstance(rates, list) else []):
        if not isinstance(rate, dict) or "per" in rate:
            continue
        price = _decimal(rate.get("price"))
        with exact():
            times = price * latest.per / latest.price if price else Decimal(1)
        if not 1 / _FAR < times < _FAR:
            yield _problem("missing_key", document, (*place, "rates", index), {"key": "per", "hint": f" {known[-1]:f}"})


def _decimal(value: Any) -> Decimal | None:
    """A price as it is written, None where it is none (which is told elsewhere)."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _needless(key: str, document: Document, place: Place) -> Problem:
    """A key beside the price of an SKU that the list has: it says that already, or there is no such key."""
    if key in Sku.model_fields:
        return fault(
            document,
            place,
            Text(en=f"{key}: the list already says it", ru="это уже сказано в прайс-листе"),
            Text(en="keep sku_id and rates", ru="оставьте sku_id и rates"),
        )
    return _problem("unknown_key", document, place, {"key": key, **near(key, _OF_A_PRICE)})


def _lacking(body: dict[str, Any], document: Document, place: Place, catalog: Catalog) -> Iterator[Problem]:
    """What an SKU that the list does not have must say of itself; an id alone is a slip in the name of one it has."""
    name = str(body.get("sku_id", ""))
    if name and "meter" not in body:
        args = {"key": "sku_id", "value": name, **near(name, catalog.by_id)}
        yield _problem("unknown_sku", document, (*place, "sku_id"), args)
        return
    for key, known in (("service", ()), ("region", tuple(catalog.provider.regions))):
        if body.get(key) is None and document.data.get(key) is None:
            hint = f" {known[0]}" if known else " vm"
            yield _problem("missing_key", document, place, {"key": key, "hint": hint})


def _complete(rate: Any, source: str) -> Any:
    """A rate of a contract says at least its first day and its price; the file says the rest."""
    if not isinstance(rate, dict):
        return rate
    return {"contract": source.removeprefix("contract: "), "source": source, "checked": rate.get("effective"), **rate}
