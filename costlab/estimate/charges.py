"""A scenario becomes an estimate, in one straight pipe.

Nothing here multiplies a price. What has no answer becomes a problem, and the estimate says that it is incomplete.
"""

from decimal import Decimal

from costlab.catalog.loading import Catalog, load_catalog
from costlab.errors import InputError, kind
from costlab.estimate.advice import advise
from costlab.estimate.caps import assumed_unused, cap
from costlab.estimate.doubts import doubtful_ids, doubts, left_out
from costlab.estimate.lines import PricingRequest, ask
from costlab.estimate.partly import partly_discounted
from costlab.estimate.rating import rate
from costlab.estimate.sums import resource_costs, total
from costlab.estimate.usage import use
from costlab.model.numbers import Problem, exact
from costlab.model.scenario import Charge, Estimate, Scenario


def estimate_cost(scenario: Scenario, *, catalog: Catalog | None = None) -> Estimate:
    """Price a scenario: use, ask, rate, cap, sum, advise.

    What the resources *use* is *asked* of the price list, line by line; each line is *rated*; what discounts give
    beyond their *caps* is charged back; the charges are *summed*; and what else is worth knowing is *advised*.

    Returns charges, sums, assumptions and problems; `complete` is false when a line has no price. Raises `InputError`
    when a resource asks for something impossible, such as a disk type its zone lacks.
    """
    catalog = catalog or load_catalog(scenario.provider)
    with exact():
        request = ask(use(scenario, catalog))
        if request.errors:
            raise InputError(*request.errors)
        return _priced(request)


def estimate_possible(scenario: Scenario, *, catalog: Catalog | None = None) -> tuple[Estimate, tuple[Problem, ...]]:
    """The same for what somebody else wrote down: resources that cannot be had are left out and told.

    Returns the estimate of the others, and what each that is left out asked for in vain. Raises `InputError` where no
    resource is to blame.
    """
    catalog = catalog or load_catalog(scenario.provider)
    with exact():
        asked = ask(use(scenario, catalog))
    to_blame = {p.subject for p in asked.errors}
    kept = tuple(r for r in scenario.resources if r.resource_id not in to_blame)
    if asked.errors and len(kept) == len(scenario.resources):
        raise InputError(*asked.errors)
    left = scenario.model_copy(update={"resources": kept})
    return estimate_cost(left, catalog=catalog), tuple(asked.errors)


def _priced(request: PricingRequest) -> Estimate:
    """What is asked, rated, capped, summed and advised."""
    return _advised(_sum(cap(rate(request), request), request), request.catalog)


def _sum(charges: list[Charge], request: PricingRequest) -> Estimate:
    """Charges, sums and what was met on the way, put together."""
    scenario = request.scenario
    there = scenario.resources or scenario.unfilled
    empty = [] if there else [Problem(code="nothing_to_price", source=scenario.source)]
    first = scenario.prices_on or scenario.period.start.date()
    caps = assumed_unused(request.catalog, first, (c.contract for c in charges))
    problems = (*doubts(scenario), *request.problems, *empty, *partly_discounted(request), *caps)
    return Estimate(
        scenario=scenario,
        name=scenario.name,
        provider=scenario.provider,
        region=scenario.region,
        currency=request.region.currency,
        period=scenario.period,
        prices_on=scenario.prices_on,
        catalog=request.catalog.stamp(scenario.prices_on),
        resources=tuple(resource_costs(scenario, charges, request.incomplete | doubtful_ids(scenario))),
        charges=tuple(charges),
        problems=problems,
        assumptions=request.assumptions,
        total_low=_end_of_range(request, "low"),
        total_high=_end_of_range(request, "high"),
        complete=not any(kind(p) != "warning" for p in problems),
        unpriced=request.unpriced + left_out(scenario),
        contract=request.catalog.contract,
    )


def _end_of_range(request: PricingRequest, end: str) -> Decimal | None:
    """The total with every range at one of its ends, rated and capped like the expected one; None without ranges."""
    return total(cap(rate(request, end), request)).cost if request.ranged else None


def _advised(estimate: Estimate, catalog: Catalog) -> Estimate:
    """The estimate with what a customer should know beside its price."""
    return estimate.model_copy(update={"problems": (*estimate.problems, *advise(estimate.scenario, catalog))})
