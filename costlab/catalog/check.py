"""Is the catalog sound? Every fault with file and line, all of them at once.

Refused: floats, unknown keys, unsorted or double dates, unknown sources, meters, dimensions, zones and rounding rules,
prices that are not prices, and two SKUs that answer one question.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from costlab.catalog.facts.assumptions import FACTS, Profiled
from costlab.catalog.loading import SHARED, catalog_folder, fact_files, files, provider_of, providers
from costlab.errors import InputError
from costlab.files.documents import Document, read_document
from costlab.files.validation import problems_of, shown
from costlab.model.numbers import Args, Problem, Text
from costlab.model.prices import Meter, OnRequest, Provider, Rate, Sku, Source, TaxRate

Place = tuple[str | int, ...]


def check_catalog(provider: str | None = None, folder: Path | None = None) -> list[Problem]:
    """Every fault of the catalog (of one provider, or of all); an empty list when it is sound."""
    base = folder or catalog_folder()
    problems: list[Problem] = []
    shared = {name: document for name in SHARED if (document := _read(base / name, problems)) is not None}
    if len(shared) < len(SHARED):
        return problems
    sources = set(_records(shared["sources.yaml"], Source, "source_id", problems))
    meters = _records(shared["meters.yaml"], Meter, "meter", problems)
    taxes = _taxes(shared["taxes.yaml"], sources, problems)
    for name in providers(base) if provider is None else [provider]:
        _provider(name, base, sources, meters, taxes, problems)
        problems += _facts(name, base, sources, problems)
    return problems


def _facts(name: str, base: Path, sources: set[str], problems: list[Problem]) -> Iterator[Problem]:
    """The files of `facts/`: every source named is known, and a usage profile is one."""
    for path in fact_files(name, base):
        document = _read(path, problems)
        if document is None:
            continue
        yield from _named(document, document.data, (), sources)
        if path.stem == FACTS and isinstance(document.data, dict):
            for key, body in (document.data.get("keys") or {}).items():
                yield from validated(document, ("keys", key), Profiled, body)[1]


def _named(document: Document, data: Any, place: Place, sources: set[str]) -> Iterator[Problem]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if key == "source" and isinstance(value, str) and value not in sources:
            yield _unknown(document, (*place, key), "source", value)
        yield from _named(document, value, (*place, key), sources)


def _read(path: Path, problems: list[Problem]) -> Document | None:
    try:
        document = read_document(path)
    except InputError as error:
        problems += error.problems
        return None
    problems += floats(document, document.data, ())
    return document


def floats(document: Document, data: Any, place: Place) -> Iterator[Problem]:
    """An unquoted decimal would be read as a float by most parsers."""
    if isinstance(data, Decimal):
        yield fault(
            document,
            place,
            Text(en=f"{place[-1]}: {data} is a float", ru="число с точкой"),
            Text(en="quote it", ru="возьмите в кавычки"),
        )
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from floats(document, value, (*place, key))


def fault(document: Document, place: Place, reason: str | Text, fix: str | Text) -> Problem:
    """A fault of a file of prices, at its line."""
    if isinstance(reason, Text):
        reason = Text(en=reason.en, ru=f"{place[-1] if place else ''}: {reason.ru}")
    args: Args = {"reason": reason, "fix": fix}
    return Problem(code="catalog", source=document.source, line=document.line(*place), args=args)


def validated(document: Document, place: Place, record: type[BaseModel], data: Any) -> tuple[Any, list[Problem]]:
    """The record, or what is wrong with its keys, in the words of the file.

    `data` is what stands at `place` of the document, with what the file says once for several added.
    """
    if not isinstance(data, dict):
        key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
        args: Args = {"key": key, "value": shown(data), "expected": Text(en="a group of keys", ru="группа ключей")}
        return None, [Problem(code="wrong_type", source=document.source, line=document.line(*place), args=args)]
    try:
        return record.model_validate(data), []
    except ValidationError as error:
        own = {path[len(place) :]: line for path, line in document.lines.items() if path[: len(place)] == place}
        part = Document(data, {**own, (): document.line(*place)}, document.source)
        return None, problems_of(error, part, (), "", record)


def _records(document: Document, record: type[BaseModel], key: str, problems: list[Problem]) -> dict[str, Any]:
    records = {}
    for name, body in _entries(document, problems).items():
        made, faults = validated(document, (name,), record, {key: name, **body} if isinstance(body, dict) else body)
        problems += faults
        if made is not None:
            records[name] = made
    return records


def _taxes(document: Document, sources: set[str], problems: list[Problem]) -> set[str]:
    taxes = _entries(document, problems)
    for name, entries in taxes.items():
        rates: list[tuple[Any, Place]] = []
        if not isinstance(entries, list) or not entries:
            problems.append(fault(document, (name,), f"{name} is not a list of rates", "- {effective, rate, source}"))
            continue
        for index, body in enumerate(entries):
            made, faults = validated(document, (name, index), TaxRate, body)
            problems += faults
            rates += [(made, (name, index))] if made else []
        problems += _dated(document, rates)
        problems += [_unknown(document, p, "source", r.source) for r, p in rates if r.source not in sources]
    return set(taxes)


def _entries(document: Document, problems: list[Problem]) -> dict[str, Any]:
    """A shared file's entries by key; none, and a problem, when it is something else."""
    if isinstance(document.data, dict):
        return document.data
    problems.append(fault(document, (), "the file is not made of `key: value`", "see the file as it was"))
    return {}


def _dated(document: Document, entries: list[tuple[Any, Place]], day: str = "effective") -> Iterator[Problem]:
    for (before, _), (after, place) in pairwise(entries):
        one, two = getattr(before, day), getattr(after, day)
        if two == one:
            yield fault(
                document,
                place,
                Text(en=f"{two} is given twice", ru="дата указана дважды"),
                Text(en="one entry a day", ru="одна запись на дату"),
            )
        elif two < one:
            yield fault(
                document,
                place,
                Text(en=f"{two} comes after {one}", ru="даты не по порядку"),
                Text(en="sort by first day", ru="упорядочите по первому дню"),
            )


def _unknown(document: Document, place: Place, what: str, name: str) -> Problem:
    where = {"source": "sources.yaml", "meter": "meters.yaml"}.get(what, "provider.yaml or meters.yaml")
    return fault(
        document,
        place,
        Text(en=f"unknown {what} {name!r}", ru=f"неизвестно: {what} {name!r}"),
        Text(en=f"add it to {where}, or correct it", ru=f"добавьте в {where} или исправьте"),
    )


def _provider(
    name: str,
    base: Path,
    sources: set[str],
    meters: dict[str, Meter],
    taxes: set[str],
    problems: list[Problem],
) -> None:
    header = _read(base / name / "provider.yaml", problems)
    if header is None:
        return
    try:
        provider = provider_of(header.data)
    except ValidationError as error:
        problems += [fault(header, e["loc"], f"{e['loc'][-1]}: {e['msg']}", "correct it") for e in error.errors()]
        return
    except (KeyError, TypeError, AttributeError, ValueError):
        problems.append(fault(header, (), "the regions are not made of `key: value`", "see price_catalog/README.md"))
        return
    if provider.provider != name:
        problems.append(fault(header, ("provider",), f"provider {provider.provider!r} in folder {name!r}", "same name"))
    problems += _conventions(header, provider, sources, taxes)
    found: list[tuple[Sku, Document, Place]] = []
    for path in files(name, base)[len(SHARED) :]:
        if path.name == "provider.yaml":
            continue
        document = _read(path, problems)
        if document is not None:
            found += _skus(document, provider, sources, meters, problems)
    problems += ambiguous(found)


def _conventions(header: Document, provider: Provider, sources: set[str], taxes: set[str]) -> Iterator[Problem]:
    for policy, rules in provider.rounding.items():
        places: list[tuple[Any, Place]] = [(r, ("rounding", policy, i)) for i, r in enumerate(rules)]
        yield from _dated(header, places)
        yield from (_unknown(header, p, "source", r.source) for r, p in places if r.source not in sources)
    months: list[tuple[Any, Place]] = [(m, ("list_month", i)) for i, m in enumerate(provider.list_month)]
    lists: list[tuple[Any, Place]] = [(x, ("lists", i)) for i, x in enumerate(provider.lists)]
    itemised: list[tuple[Any, Place]] = [(x, ("itemised", i)) for i, x in enumerate(provider.itemised)]
    yield from _dated(header, months)
    yield from _dated(header, lists, "list_date")
    for entry, where in (*lists, *months, *itemised):
        if entry.source not in sources:
            yield _unknown(header, where, "source", entry.source)
    yield from _regions(header, provider, sources, taxes)


def _regions(header: Document, provider: Provider, sources: set[str], taxes: set[str]) -> Iterator[Problem]:
    for region in provider.regions.values():
        for alias, zone in region.zone_aliases.items():
            if zone not in region.zones:
                yield _unknown(header, ("regions", region.region, "zone_aliases", alias), "zone", zone)
        for zone, note in region.zone_notes.items():
            where = ("regions", region.region, "zone_notes", zone)
            if zone not in region.zones:
                yield _unknown(header, where, "zone", zone)
            if note.source not in sources:
                yield _unknown(header, (*where, "source"), "source", note.source)
        if region.tax is not None and region.tax not in taxes:
            yield _unknown(header, ("regions", region.region, "tax"), "tax", region.tax)


def _skus(
    document: Document,
    provider: Provider,
    sources: set[str],
    meters: dict[str, Meter],
    problems: list[Problem],
) -> list[tuple[Sku, Document, Place]]:
    data = document.data
    extra = set(data) - {"service", "region", "sections", "skus"} if isinstance(data, dict) else {"?"}
    if extra or not isinstance(data.get("skus"), list):
        problems.append(
            fault(
                document, tuple(extra)[:1], "a service file has the keys service, region, sections, skus", "keep those"
            )
        )
        return []
    skus = []
    sections = data.get("sections", [])
    if not isinstance(sections, list) or not all(isinstance(s, str) for s in sections):
        problems.append(fault(document, ("sections",), "sections: a list of names is expected", "[Name, Имя]"))
    for index, body in enumerate(data["skus"]):
        place: Place = ("skus", index)
        inherited = {
            "provider": provider.provider,
            "service": data.get("service"),
            "region": data.get("region"),
        }
        sku, faults = validated(document, place, Sku, {**inherited, **body} if isinstance(body, dict) else body)
        problems += faults
        if sku is not None:
            problems += check_sku(document, place, sku, provider, sources, meters)
            skus.append((sku, document, place))
    return skus


def check_sku(
    document: Document,
    place: Place,
    sku: Sku,
    provider: Provider,
    sources: set[str],
    meters: dict[str, Meter],
) -> Iterator[Problem]:
    """What an SKU refers to must be there: region, meter, dimensions, zones, sources and rounding rules."""
    region = provider.regions.get(sku.region)
    meter = meters.get(sku.meter)
    if region is None:
        yield _unknown(document, ("region",), "region", sku.region)
    if meter is None:
        yield _unknown(document, (*place, "meter"), "meter", sku.meter)
    for key in sku.dimensions if meter else ():
        if meter and key not in meter.dimensions:
            yield _unknown(document, (*place, "dimensions", key), "dimension", key)
    for zone in sku.zones if region else ():
        if region and zone not in region.zones:
            yield _unknown(document, (*place, "zones"), "zone", zone)
    if bool(sku.rates) == (sku.on_request is not None):
        yield fault(document, place, f"{sku.sku_id} needs either rates or on_request", "give one of them")
    entries: list[tuple[Any, Place]] = [(r, (*place, "rates", i)) for i, r in enumerate(sku.rates)]
    yield from _dated(document, entries)
    for rate, where in entries:
        yield from _rate(document, where, rate, provider, sources)
    if sku.on_request is not None:
        yield from _rate(document, (*place, "on_request"), sku.on_request, provider, sources)


def _rate(
    document: Document, place: Place, rate: Rate | OnRequest, provider: Provider, sources: set[str]
) -> Iterator[Problem]:
    if rate.source not in sources:
        yield _unknown(document, (*place, "source"), "source", rate.source)
    if rate.rounding not in provider.rounding:
        yield _unknown(document, (*place, "rounding"), "rounding", rate.rounding)


def ambiguous(places: list[tuple[Sku, Document, Place]]) -> Iterator[Problem]:
    """Two SKUs that could answer one question, and two with one id."""
    ids: dict[str, Sku] = {}
    own, names = {sku.sku_id for sku, _, _ in places}, set[str]()
    groups: dict[tuple[str, str], list[tuple[Sku, Document, Place]]] = {}
    for sku, document, place in places:
        if sku.sku_id in ids:
            yield fault(document, (*place, "sku_id"), f"{sku.sku_id} is there twice", "each sku_id once")
        ids[sku.sku_id] = sku
        for alias in sku.also_published_as:
            if alias.sku_id in names or alias.sku_id in own:
                yield fault(document, (*place, "also_published_as"), f"{alias.sku_id} is there twice", "each id once")
            names.add(alias.sku_id)
        groups.setdefault((sku.region, sku.meter), []).append((sku, document, place))
    for group in groups.values():
        for (one, _, _), (two, document, place) in combinations(group, 2):
            if all(two.dimensions.get(k, v) == v for k, v in one.dimensions.items()):
                yield fault(
                    document,
                    place,
                    Text(
                        en=f"{one.sku_id} and {two.sku_id} answer the same question",
                        ru=f"{one.sku_id} и {two.sku_id} отвечают на один вопрос",
                    ),
                    Text(en="tell them apart by a dimension", ru="различите их измерением"),
                )
