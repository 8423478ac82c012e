"""A discount's `services` are services of the price list; an estimate's may use rows of several of them. Told, once."""

from collections.abc import Iterator
from datetime import timedelta

from costlab.catalog.discounts import excluded, in_force, includes
from costlab.estimate.lines import PricingRequest
from costlab.model.numbers import Problem


def partly_discounted(request: PricingRequest) -> Iterator[Problem]:
    """A warning for each discount that names the service of a resource and leaves out rows this resource uses.

    `services: [vm]` is the price list's `vm`, cores and RAM; the disks and addresses of a virtual machine are rows of
    `disk` and `public_ip`. What the discount names in `exclude` is left out on purpose.
    """
    day, period = request.scenario.prices_on, request.scenario.period
    first, last = day or period.start.date(), day or (period.end - timedelta(minutes=1)).date()
    for discount in request.catalog.discounts:
        if not in_force(discount, first, last):
            continue
        left: dict[str, list[str]] = {}
        for line in request.lines:
            service, sku = line.resource.service, line.sku
            if service not in discount.services or sku.service in left.get(service, []):
                continue
            if not includes(discount, sku) and not excluded(discount, sku):
                left.setdefault(service, []).append(sku.service)
        for service, others in left.items():
            args = {"name": discount.name, "service": service, "others": ", ".join(others)}
            yield Problem(code="partly_discounted", source=request.catalog.contract, args=args)
