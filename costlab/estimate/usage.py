"""The first step: what each resource of a scenario uses, asked of its service; no price is known here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from costlab import services
from costlab.catalog.facts.assumptions import unused, with_assumptions
from costlab.catalog.loading import Catalog
from costlab.errors import InputError
from costlab.model.numbers import Period, Problem
from costlab.model.prices import Region
from costlab.model.scenario import Assumption, Resource, Scenario, Usage


@dataclass(frozen=True)
class ResourceUsage:
    """A resource with what it uses; `errors` where a value that was assumed for it is impossible."""

    resource: Resource
    usages: tuple[Usage, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    errors: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ScenarioUsage:
    """A scenario with what its resources use, and the catalog that is to price it."""

    scenario: Scenario
    catalog: Catalog
    resources: tuple[ResourceUsage, ...]
    problems: tuple[Problem, ...]

    @property
    def region(self) -> Region:
        """The scenario's region as the catalog knows it."""
        return self.catalog.provider.regions[self.scenario.region]


def use(scenario: Scenario, catalog: Catalog) -> ScenarioUsage:
    """What a scenario uses: of one instance, where a resource has a count."""
    resources = tuple(_use(resource, scenario, catalog) for resource in scenario.resources)
    return ScenarioUsage(scenario, catalog, resources, tuple(unused(scenario)))


def _use(resource: Resource, scenario: Scenario, catalog: Catalog) -> ResourceUsage:
    try:
        spec, assumed = with_assumptions(resource, scenario, catalog)
    except InputError as error:
        return ResourceUsage(resource, errors=error.problems)
    usages = merged(_usages(resource, spec, scenario.period))
    own = (u.assumption for u in usages if u.assumption is not None)
    matter = (a for a in own if resource.schedule.kind != "always" or not a.only_if_stopped)
    named = (a.model_copy(update={"resource_id": resource.resource_id}) for a in matter)
    return ResourceUsage(resource, tuple(usages), (*assumed, *named))


def _usages(resource: Resource, spec: Any, period: Period) -> Iterable[Usage]:
    return services.load(resource.service).usage(spec, period)


def merged(usages: Iterable[Usage]) -> list[Usage]:
    """One usage per question: two disks of one type are one line."""
    by_question: dict[Any, Usage] = {}
    for usage in usages:
        asked = (usage.meter, *sorted(usage.dimensions.items()), usage.when, usage.zone, usage.given)
        key = (asked, usage.level is None, usage.low is None)
        before = by_question.get(key)
        names = [n for n in ("level", "amount", "low", "high") if getattr(usage, n) is not None]
        update = {n: getattr(before, n) + getattr(usage, n) for n in names} if before else {}
        by_question[key] = before.model_copy(update=update) if before else usage
    return list(by_question.values())
