"""What a command is given, whatever it is, as scenarios to price: estimate files, plans, inventories, or a mixture.

Estimate files are read strictly: one mistake makes them unusable. An inventory was written by another program, so what
cannot be used of it is set aside, listed, and makes the result incomplete; the rest is priced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from costlab import errors
from costlab.catalog.loading import Catalog
from costlab.errors import InputError
from costlab.estimate.charges import estimate_cost, estimate_possible
from costlab.estimate.doubts import doubts
from costlab.estimate.overrides import refuse_untaken, with_overrides
from costlab.files.documents import Document
from costlab.inventory import Options, claimed, load
from costlab.inventory.reading.imported import reasons
from costlab.inventory.sizing import Sizing, SizingOptions, size
from costlab.inventory.sources.estimate_file import FORMAT, read_estimate, scenario_of
from costlab.model.inventory import Inventory
from costlab.model.numbers import Args, Problem, Text
from costlab.model.scenario import Estimate, Imported, Resource, Scenario

_OURS = "estimate_file"


@dataclass(frozen=True)
class Read:
    """What was read, as scenarios; `before` only where a source has two ends."""

    scenario: Scenario
    before: Scenario | None = None
    inventories: tuple[Inventory, ...] = ()
    """Empty when everything is an estimate file."""
    sizings: tuple[Sizing, ...] = ()
    """What became of machines of other platforms, one for each inventory that has some."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the readers met, and what is to be filled in."""
        return doubts(self.scenario)

    @property
    def read(self) -> int:
        """Rows of all sources: read = mapped + set aside."""
        own = len(self.scenario.resources) + len(self.scenario.unfilled)
        return sum(i.read for i in self.inventories) if self.inventories else own

    @property
    def mapped(self) -> int:
        """Rows that became something; those that wait for a value (`scenario.unfilled`) among them."""
        return sum(i.mapped for i in self.inventories) if self.inventories else self.read


def read_inputs(*paths: Path | str, kind: str | None = None, options: Options | None = None) -> Read:
    """Read whatever the paths hold; `kind` names a reader instead of the content. Raises `InputError`."""
    options = options or Options()
    found = claimed(paths, kind, otherwise=_OURS)
    if all(name == _OURS for name, _ in found):
        strict = {"period": options.period, "prices_on": options.prices_on}
        written = read_estimate(*paths, **strict, today=options.today, folder=options.folder)
        read = Read(with_overrides(written, options))
    else:
        inventories = tuple(load(name).read(sample, options) for name, sample in found)
        read = put_together(inventories, tuple(sample.source for _, sample in found), options)
    ends = [e for e in (read.scenario, read.before) if e is not None]
    refuse_untaken(options, [r for e in ends for r in (*e.resources, *e.unfilled)])
    return read


def put_together(inventories: tuple[Inventory, ...], sources: tuple[str, ...], options: Options) -> Read:
    """Inventories, sized, as scenarios to price; `sources`: their files. Raises `InputError` where regions clash."""
    header = _header(inventories, sources, options)
    sized = {n: _sized(i, header, options) for n, i in enumerate(inventories) if i.machines}
    inventories = tuple(_with_sizing(i, sized[n]) if n in sized else i for n, i in enumerate(inventories))
    resources = [
        (*i.resources, *(sized[n].scenario.resources if n in sized else ())) for n, i in enumerate(inventories)
    ]
    waiting = [(*i.unfilled, *(sized[n].scenario.unfilled if n in sized else ())) for n, i in enumerate(inventories)]
    header = header.model_copy(update={"imported": tuple(one for i in inventories for one in imported(i))})
    before = None
    if any(i.before is not None for i in inventories):
        ends = [r if i.before is None else i.before for i, r in zip(inventories, resources, strict=True)]
        before = with_overrides(header.model_copy(update={"resources": _unique(ends)}), options)
    after = with_overrides(header.model_copy(update=_told_apart(resources, waiting)), options)
    return Read(after, before, inventories, tuple(sized.values()))


def _told_apart(
    resources: Sequence[tuple[Resource, ...]], waiting: Sequence[tuple[Resource, ...]]
) -> dict[str, tuple[Resource, ...]]:
    """`resources` and `unfilled` of a scenario, no two of one id."""
    every = _unique([(*own, *unfilled) for own, unfilled in zip(resources, waiting, strict=True)])
    return {
        "resources": tuple(r for r in every if not r.to_fill_in),
        "unfilled": tuple(r for r in every if r.to_fill_in),
    }


def _with_sizing(inventory: Inventory, sizing: Sizing) -> Inventory:
    """The inventory with what its sizing set aside and doubts."""
    update = {
        "set_aside": (*inventory.set_aside, *sizing.set_aside),
        "problems": (*inventory.problems, *sizing.problems),
    }
    return inventory.model_copy(update=update)


def imported(inventory: Inventory) -> tuple[Imported, ...]:
    """What an inventory leaves with the estimate made of it; an estimate file passes on what it says itself."""
    if inventory.scenario is not None:
        return inventory.scenario.imported
    own = Imported(
        source=inventory.source,
        kind=inventory.kind,
        read=inventory.read,
        set_aside=reasons(inventory.set_aside),
        doubts=inventory.problems,
    )
    return (own,)


def _sized(inventory: Inventory, header: Scenario, options: Options) -> Sizing:
    """Machines of another platform as machines of VK Cloud."""
    chosen = SizingOptions(
        mode=options.sizing, basis=options.storage_basis, powered_off=options.powered_off, given=options.override
    )
    return size(inventory.machines, chosen, name=inventory.source, period=header.period, region=header.region)


def price_inputs(read: Read, *, catalog: Catalog | None = None, end: Literal["before", "after"] = "after") -> Estimate:
    """Price one end. What an inventory holds and cannot be priced is listed, and the rest is priced.

    Raises `InputError` for an estimate file that asks for something impossible.
    """
    scenario = read.before if end == "before" and read.before is not None else read.scenario
    if not read.inventories:
        return estimate_cost(scenario, catalog=catalog)
    estimate, vain = estimate_possible(scenario, catalog=catalog)
    refused = [_impossible(_short(p)) for p in vain]
    met = [_short(p) for p in estimate.problems if end == "after" or p.code != "nothing_to_price"]
    update = {"problems": (*refused, *met), "unpriced": estimate.unpriced + len(refused)}
    return estimate.model_copy(update=update | {"complete": estimate.complete and not refused})


def _impossible(problem: Problem) -> Problem:
    """An impossible wish of one resource, as a line without a price."""
    args: Args = {
        "reason": Text(en=errors.message(problem, "en"), ru=errors.message(problem, "ru")),
        "fix": Text(en=errors.remedy(problem, "en"), ru=errors.remedy(problem, "ru")),
    }
    return Problem(code="impossible_resource", source=problem.source, subject=problem.subject, args=args)


def _short(problem: Problem) -> Problem:
    """An origin that ends with the resource's own address needs not say it twice."""
    if not problem.subject or not problem.source.endswith(f":{problem.subject}"):
        return problem
    return problem.model_copy(update={"source": problem.source.removesuffix(f":{problem.subject}")})


def _unique(found: Sequence[tuple[Resource, ...]]) -> tuple[Resource, ...]:
    """Resources of several sources together; an id that two sources use begins with its source."""
    seen: set[str] = set()
    resources: list[Resource] = []
    for listed in found:
        for resource in listed:
            name, prefix = resource.resource_id, Path(resource.source.partition(":")[0]).stem
            while name in seen:
                name = f"{prefix}/{name}"
            seen.add(name)
            same = name == resource.resource_id
            resources.append(resource if same else resource.model_copy(update={"resource_id": name}))
    return tuple(resources)


def _header(inventories: tuple[Inventory, ...], files: tuple[str, ...], options: Options) -> Scenario:
    """Name, provider, region, period and day of the prices: of the estimate file among the sources, else as asked."""
    own = next((i.scenario for i in inventories if i.scenario is not None), None)
    sources = ", ".join(files)
    regions = {i.region for i in inventories if i.region}
    if own is None:
        data = {"costlab": FORMAT, "provider": options.provider, "resources": []}
        data |= {"region": regions.pop()} if len(regions) == 1 else {}
        document = Document(data, {(): 1}, sources)
        own = scenario_of(document, options.period, options.prices_on, options.today, options.folder)
    elif regions - {own.region}:
        raise InputError(Problem(code="different_header", source=sources, line=1, args={"key": "region"}))
    name = ", ".join(Path(file).name.partition(".")[0] or file for file in files)
    return own.model_copy(update={"name": name, "source": sources, "resources": (), "unfilled": ()})
