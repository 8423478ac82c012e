"""An estate that moves: inventories read, sized, and priced at VK Cloud and elsewhere. No Streamlit here.

Uploaded files lie in a private folder only while they are read; places are told with the names the reader knows.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from costlab.catalog.loading import load_catalog, providers
from costlab.errors import InputError
from costlab.estimate.at_provider import at_provider
from costlab.estimate.doubts import doubts
from costlab.estimate.inputs import Read, price_inputs
from costlab.estimate.sums import Sum, total
from costlab.inventory import read_inventories
from costlab.inventory.reading.imported import reasons
from costlab.inventory.sizing import Server, SizingOptions, size
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.inventory import Inventory, SetAside, StorageBasis
from costlab.model.numbers import Problem, Text
from costlab.model.scenario import Estimate, Imported, Resource, Scenario
from costlab.ui.bills.importing import safe_name

HOME = "vk"
BASES: tuple[StorageBasis, ...] = ("disks", "in_use", "partitions", "provisioned")
_HEADER = b"costlab: 1\nname: estate\nprovider: vk\nperiod: 30d\nresources: []\n"


@dataclass(frozen=True)
class Sized:
    """An estate as VK Cloud would run it: servers and resources, and everything that is left out."""

    scenario: Scenario
    servers: tuple[Server, ...]
    set_aside: tuple[SetAside, ...]
    """By the reader and by the sizing."""
    problems: tuple[Problem, ...]
    """What the readers met."""
    read: int
    inventories: tuple[Inventory, ...]

    @property
    def mapped(self) -> int:
        """Rows that became something: read = mapped + set aside."""
        return self.read - len(self.set_aside)


@dataclass(frozen=True)
class Priced:
    """The estate by one list, for a month of the list at home."""

    provider: str
    estimate: Estimate
    like: Sum
    """What the same lines cost at home: those this list prices as well."""

    @property
    def difference(self) -> Decimal | None:
        """What this list asks more than the one at home for the same lines; None in another currency."""
        return self.estimate.total - self.like.cost if self.estimate.currency == currency(HOME) else None


def read_files(files: Sequence[tuple[str, bytes]]) -> tuple[Inventory, ...]:
    """Uploaded inventories: name and bytes. Raises `InputError`."""
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder:
        paths: list[Path] = []
        for name, raw in files:
            path = Path(folder) / safe_name(name)
            if path in paths:
                path = path.with_name(f"{len(paths)}-{path.name}")
            path.write_bytes(raw)
            paths.append(path)
        try:
            return tuple(_renamed(i, folder) for i in read_inventories(*paths))
        except InputError as error:
            raise InputError(*(_bare(p, folder) for p in error.problems)) from None


def size_up(inventories: Sequence[Inventory], options: SizingOptions, name: str, today: date) -> Sized:
    """Size the machines and add the resources that need none. Raises `InputError`."""
    header = parse_estimate(_HEADER, name, today=today).model_copy(update={"name": name, "prices_on": today})
    machines = [m for i in inventories for m in i.machines]
    sizing = size(machines, options, name=name, period=header.period, region=header.region)
    own = [r for i in inventories for r in (*i.resources, *i.unfilled)]
    every = _unique([*sizing.scenario.resources, *sizing.scenario.unfilled, *own])
    doubtful = Imported(
        source=name,
        read=sum(i.read for i in inventories),
        set_aside=reasons(a for a in (*(a for i in inventories for a in i.set_aside), *sizing.set_aside)),
        doubts=(*(p for i in inventories for p in i.problems), *sizing.problems),
    )
    scenario = header.model_copy(
        update={
            "resources": tuple(r for r in every if not r.to_fill_in),
            "unfilled": tuple(r for r in every if r.to_fill_in),
            "imported": (doubtful,),
        }
    )
    return Sized(
        scenario,
        sizing.servers,
        (*(a for i in inventories for a in i.set_aside), *sizing.set_aside),
        doubts(scenario),
        sum(i.read for i in inventories),
        tuple(i.model_copy(update={"machines": ()}) for i in inventories),
    )


def price_at(sized: Sized, provider: str, home: Estimate | None = None) -> Priced:
    """The estate by a provider's list; what it has no price of is a problem of the estimate. Raises `InputError`."""
    scenario = at_provider(sized.scenario, provider)
    if provider != HOME:  # what the readers met is told once, beside the list at home
        scenario = scenario.model_copy(update={"imported": ()})
    estimate = price_inputs(Read(scenario, None, sized.inventories))
    if home is None:
        return Priced(provider, estimate, total(estimate.charges))
    answered = {(c.resource_id, c.meter) for c in estimate.charges}
    return Priced(provider, estimate, total(c for c in home.charges if (c.resource_id, c.meter) in answered))


def others() -> list[str]:
    """Every other provider of the price catalog, those in roubles first."""
    return sorted((p for p in providers() if p != HOME), key=lambda p: (currency(p) != "RUB", p))


def currency(provider: str) -> str:
    """The currency of a provider's first region."""
    return next(iter(load_catalog(provider).provider.regions.values())).currency


def storage(inventories: Sequence[Inventory]) -> dict[StorageBasis, Decimal]:
    """GB of all machines that are not off, by every basis any of them has: they may differ twofold."""
    machines = [m for i in inventories for m in i.machines if m.power in ("on", "unknown")]
    found: dict[StorageBasis, Decimal] = {}
    for basis in BASES:
        sizes = [
            {
                "disks": sum((d.size_gb for d in m.disks), Decimal(0)) or None,
                "in_use": m.in_use_gb,
                "partitions": m.partition_gb,
                "provisioned": m.provisioned_gb,
            }[basis]
            for m in machines
            for _ in range(m.count)
        ]
        if any(s is not None for s in sizes):
            found[basis] = sum((s for s in sizes if s is not None), Decimal(0))
    return found


def shape_of(sized: Sized) -> tuple[int, Decimal]:
    """Cores and GB of memory of the machines that move, as they are today."""
    machines = [s.machine for s in sized.servers]
    return sum((m.vcpu or 0) * m.count for m in machines), sum(
        ((m.ram_gb or Decimal(0)) * m.count for m in machines), Decimal(0)
    )


def _unique(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """Resources whose ids are told apart."""
    seen: set[str] = set()
    unique: list[Resource] = []
    for resource in resources:
        name, number = resource.resource_id, 1
        while name in seen:
            number += 1
            name = f"{resource.resource_id}-{number}"
        seen.add(name)
        unique.append(resource.model_copy(update={"resource_id": name}))
    return tuple(unique)


def _renamed(inventory: Inventory, folder: str) -> Inventory:
    """The inventory without the folder its files lay in for a moment."""

    def bare(text: str) -> str:
        return text.replace(f"{folder}/", "")

    aside = [
        a.model_copy(
            update={
                "origin": bare(a.origin),
                "reason": a.reason.model_copy(update={"en": bare(a.reason.en), "ru": bare(a.reason.ru)}),
            }
        )
        for a in inventory.set_aside
    ]
    update: dict[str, Any] = {
        "source": bare(inventory.source),
        "machines": tuple(m.model_copy(update={"origin": bare(m.origin)}) for m in inventory.machines),
        "resources": tuple(r.model_copy(update={"source": bare(r.source)}) for r in inventory.resources),
        "unfilled": tuple(r.model_copy(update={"source": bare(r.source)}) for r in inventory.unfilled),
        "set_aside": tuple(aside),
        "problems": tuple(_bare(p, folder) for p in inventory.problems),
    }
    return inventory.model_copy(update=update)


def _bare(problem: Problem, folder: str) -> Problem:
    def bare(text: str) -> str:
        return text.replace(f"{folder}/", "").replace(folder, "…")

    args = {k: bare(v) if isinstance(v, str) else Text(en=bare(v.en), ru=bare(v.ru)) for k, v in problem.args.items()}
    return problem.model_copy(update={"source": bare(problem.source), "subject": bare(problem.subject), "args": args})
