"""What a draft costs: the valid resources are priced, each invalid one is told what is wrong with it."""

from dataclasses import dataclass
from datetime import date

from costlab.errors import InputError
from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.model.numbers import Problem
from costlab.model.scenario import Estimate, Resource, Scenario
from costlab.ui.draft import Draft, file_of, text_of


@dataclass(frozen=True)
class Priced:
    """A draft's estimate without its broken resources, and what is wrong with those."""

    estimate: Estimate | None
    """None when the header itself is wrong. Carries the errors among its problems and is then not complete."""
    broken: dict[str, tuple[Problem, ...]]
    """By the id of the resource."""
    header: tuple[Problem, ...] = ()


def price(draft: Draft, source: str, today: date) -> Priced:
    """Price a draft; every resource is judged by itself, so that one mistake does not hide the others' sums."""
    broken: dict[str, tuple[Problem, ...]] = {}
    try:
        scenario = parse_estimate(text_of(file_of(draft)), source, today=today)
    except InputError:
        try:
            scenario = parse_estimate(text_of({**file_of(draft), "resources": []}), source, today=today)
        except InputError as error:
            return Priced(None, {}, error.problems)
        kept: list[Resource] = []
        for key, entry in draft.resources.items():
            try:
                kept += parse_estimate(text_of(file_of(draft, key)), source, today=today).resources
            except InputError as error:
                broken[str(entry["id"])] = error.problems
        scenario = scenario.model_copy(update={"resources": tuple(kept)})
    scenario = _without_lines(scenario)
    try:
        estimate = _estimate(scenario, broken)
    except InputError as error:
        return Priced(None, broken, error.problems)
    errors = tuple(p for problems in broken.values() for p in problems)
    if errors:
        update = {"problems": (*errors, *estimate.problems), "complete": False}
        estimate = estimate.model_copy(update=update)
    return Priced(estimate, {k: tuple(_placeless(p) for p in v) for k, v in broken.items()})


def _estimate(scenario: Scenario, broken: dict[str, tuple[Problem, ...]]) -> Estimate:
    """Price; what turns out impossible only against the catalog is set aside as well."""
    try:
        return estimate_cost(scenario)
    except InputError as error:
        for problem in error.problems:
            broken[problem.subject] = (*broken.get(problem.subject, ()), _placeless(problem))
        kept = tuple(r for r in scenario.resources if r.resource_id not in broken)
        if len(kept) == len(scenario.resources):
            raise  # not about one resource: the page tells it above all of them
        return _estimate(scenario.model_copy(update={"resources": kept}), broken)


def _without_lines(scenario: Scenario) -> Scenario:
    """A form has no lines: the draft's JSON has, and they would only confuse."""
    bare = {
        key: tuple(r.model_copy(update={"line": None, "lines": {}}) for r in getattr(scenario, key))
        for key in ("resources", "unfilled")
    }
    imported = tuple(one.model_copy(update={"lines": ()}) for one in scenario.imported)
    return scenario.model_copy(update={**bare, "imported": imported})


def _placeless(problem: Problem) -> Problem:
    return problem.model_copy(update={"line": None})
