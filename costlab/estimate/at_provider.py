"""The same usage at another provider: what a scenario uses, asked of another folder of `price_catalog/`.

Meters are nobody's own, so nothing is translated; what the other list does not answer is a Problem of the estimate.
Zones are the first provider's and fall away; the period stays as long as it was, whatever month the other one counts.
"""

from pathlib import Path

from costlab.catalog.loading import load_catalog
from costlab.model.numbers import Record
from costlab.model.scenario import Resource, Scenario


def at_provider(scenario: Scenario, provider: str, region: str | None = None, folder: Path | None = None) -> Scenario:
    """The scenario at another provider, in its first region unless one is named.

    Raises `InputError` for an unknown provider. A region it does not have is told by the estimate.
    """
    if provider == scenario.provider:
        return scenario
    regions = load_catalog(provider, folder).provider.regions
    return scenario.model_copy(
        update={
            "provider": provider,
            "region": region or next(iter(regions)),
            "resources": tuple(_moved(r) for r in scenario.resources),
        }
    )


def _moved(resource: Resource) -> Resource:
    spec = resource.spec
    if isinstance(spec, Record) and getattr(spec, "zone", None) is not None:
        spec = spec.model_copy(update={"zone": None})
    return resource.model_copy(update={"spec": spec})
