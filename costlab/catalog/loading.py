"""Load the price catalog and ask it. `check.py` says whether it is sound.

The catalog is a folder of YAML (`price_catalog/`): shared vocabulary and taxes at the top, one folder a provider, one
file a service. Loading uses the fast parser; only the check reads line numbers.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import ryaml

from costlab.errors import InputError
from costlab.model.numbers import Problem
from costlab.model.prices import Discount, Meter, Provider, Region, Sku, Source, TaxRate
from costlab.model.scenario import CatalogStamp

SHARED = ("sources.yaml", "meters.yaml", "taxes.yaml")


@dataclass(frozen=True)
class Catalog:
    """The prices of one provider with the vocabulary they are written in."""

    provider: Provider
    skus: tuple[Sku, ...]
    meters: dict[str, Meter]
    taxes: dict[str, tuple[TaxRate, ...]]
    sources: dict[str, Source]
    version: str
    """SHA-256 over every file's name and bytes."""
    sections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Service → the names its section has in price lists and bills."""
    discounts: tuple[Discount, ...] = ()
    contract: str = ""
    """Folder of the contract overlay, when one was given."""
    raw_facts: dict[str, bytes] = field(default_factory=dict)
    """The files of `facts/`: what is known of the provider besides prices."""

    def facts(self, name: str) -> Any:
        """`facts/<name>.yaml` as data; what it holds is checked by whoever asks. Raises `InputError`."""
        return _facts(name, self.raw_facts[name]) if name in self.raw_facts else {}

    @cached_property
    def by_id(self) -> dict[str, Sku]:
        """SKUs by `sku_id`."""
        return {sku.sku_id: sku for sku in self.skus}

    @cached_property
    def _by_meter(self) -> dict[str, list[Sku]]:
        found: dict[str, list[Sku]] = {}
        for sku in self.skus:
            found.setdefault(sku.meter, []).append(sku)
        return found

    def answers(self, region: str, meter: str, dimensions: dict[str, str]) -> tuple[Sku, ...]:
        """The SKUs that answer a question: same region and meter, every dimension of theirs as asked.

        Exactly one is an answer; none or several is a problem for the caller to report.
        """
        asked = dimensions.items()
        return tuple(
            sku for sku in self._by_meter.get(meter, ()) if sku.region == region and sku.dimensions.items() <= asked
        )

    def region(self, name: str) -> Region | None:
        """A region of the provider, if it has it."""
        return self.provider.regions.get(name)

    def itemised(self, sku: Sku, day: date) -> bool:
        """Whether the provider's granular report contains a SKU on a day."""
        asked = sku.dimensions.items()
        return any(
            rule.since <= day
            and rule.dimensions.items() <= asked
            and any(fnmatchcase(sku.meter, m) for m in rule.meters)
            for rule in self.provider.itemised
        )

    def stamp(self, day: date | None = None) -> CatalogStamp:
        """Version, and the list in force on a day (default: the newest)."""
        lists = [x for x in self.provider.lists if day is None or x.list_date <= day]
        newest = lists[-1] if lists else None
        return CatalogStamp(
            version=self.version,
            list_date=newest.list_date if newest else None,
            checked=newest.checked if newest else None,
        )


def catalog_folder() -> Path:
    """`price_catalog/`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "price_catalog"
    return inside if inside.is_dir() else package.parent / "price_catalog"


def providers(folder: Path | None = None) -> list[str]:
    """Names of the providers that have a folder in the catalog."""
    base = folder or catalog_folder()
    return sorted(p.parent.name for p in base.glob("*/provider.yaml"))


def load_catalog(provider: str = "vk", folder: Path | None = None) -> Catalog:
    """Load one provider's prices. Raises `InputError` when a file of the catalog is broken."""
    base = (folder or catalog_folder()).resolve()
    if provider not in providers(base):
        known = ", ".join(providers(base))
        args = {"reason": f"no provider {provider!r} in the catalog", "fix": f"known: {known}"}
        raise InputError(Problem(code="catalog", source=str(base), args=args))
    try:
        return _load(provider, base, _fingerprint(provider, base))
    except OSError as error:
        args = {"reason": error.strerror or str(error), "fix": "run `costlab catalog check`"}
        raise InputError(Problem(code="catalog", source=str(error.filename or base), args=args)) from None


def files(provider: str, base: Path) -> list[Path]:
    """The files that make up one provider's prices, shared ones first."""
    return [base / name for name in SHARED] + sorted((base / provider).glob("*.yaml"))


def fact_files(provider: str, base: Path) -> list[Path]:
    """What is known of a provider besides prices: `facts/`."""
    return sorted((base / provider / "facts").glob("*.yaml"))


def _fingerprint(provider: str, base: Path) -> tuple[tuple[str, int, int], ...]:
    stats = ((p, p.stat()) for p in (*files(provider, base), *fact_files(provider, base)))
    return tuple((str(p), s.st_mtime_ns, s.st_size) for p, s in stats)


@lru_cache(maxsize=8)
def _load(provider: str, base: Path, fingerprint: tuple[tuple[str, int, int], ...]) -> Catalog:
    digest = hashlib.sha256()
    data: dict[str, Any] = {}
    facts: dict[str, bytes] = {}
    for name, _, _ in fingerprint:
        path = Path(name)
        raw = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + raw + b"\0")
        if path.parent.name == "facts":
            facts[path.stem] = raw
        else:
            data[str(path.relative_to(base))] = _parse(path, raw)
    try:
        return replace(build(provider, data, digest.hexdigest()), raw_facts=facts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # the check says where, and all of it
        reason = str(error).splitlines()[0]
        args = {"reason": f"the catalog is broken: {reason}", "fix": "run `costlab catalog check`"}
        raise InputError(Problem(code="catalog", source=str(base), args=args)) from error


def _parse(path: Path, raw: bytes) -> Any:
    try:
        return ryaml.loads(raw.decode("utf-8"))
    except (ryaml.InvalidYamlError, UnicodeDecodeError) as error:
        args = {"reason": str(error).splitlines()[0], "fix": "run `costlab catalog check`"}
        raise InputError(Problem(code="catalog", source=str(path), args=args)) from None


@lru_cache(maxsize=64)
def _facts(name: str, raw: bytes) -> Any:
    return _parse(Path("facts") / f"{name}.yaml", raw)


def build(provider: str, data: dict[str, Any], version: str) -> Catalog:
    """Make the catalog's records from parsed files. Raises `ValueError` (pydantic's) when one is not sound."""
    names = [n for n in data if n.startswith(f"{provider}/") and n != f"{provider}/provider.yaml"]
    return Catalog(
        provider=provider_of(data[f"{provider}/provider.yaml"]),
        skus=tuple(sku for name in names for sku in skus_of(provider, data[name])),
        meters={k: Meter(meter=k, **v) for k, v in data["meters.yaml"].items()},
        taxes={k: tuple(TaxRate.model_validate(x) for x in v) for k, v in data["taxes.yaml"].items()},
        sources={k: Source(source_id=k, **v) for k, v in data["sources.yaml"].items()},
        sections=_sections(data[n] for n in names),
        version=version,
    )


def _sections(service_files: Iterable[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    sections: dict[str, tuple[str, ...]] = {}
    for data in service_files:
        sections[data["service"]] = (*sections.get(data["service"], ()), *data.get("sections", ()))
    return sections


def provider_of(data: dict[str, Any]) -> Provider:
    """`provider.yaml` as a record; a region takes its name from its key."""
    regions = {name: {"region": name, **body} for name, body in data["regions"].items()}
    return Provider.model_validate({**data, "regions": regions})


def skus_of(provider: str, data: dict[str, Any]) -> Iterator[Sku]:
    """The SKUs of one service file; they inherit its service and region."""
    for entry in data["skus"]:
        yield Sku.model_validate({"provider": provider, "service": data["service"], "region": data["region"], **entry})
