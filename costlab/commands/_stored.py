"""Charges of the store by billing month, for the commands that take a bill."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from costlab.compare.reconcile import Charges


def stored_charges(months: tuple[str, str], *, projects: Sequence[str] = (), provider: str | None = None) -> "Charges":
    """The store's current charges of some months. Raises `InputError`: none, or of several providers."""
    from costlab.compare.reconcile import Charges
    from costlab.engine.duckdb import connect
    from costlab.errors import InputError
    from costlab.model.numbers import Problem
    from costlab.store import create_charge_view, list_bills, open_store, problems_of

    store = open_store()
    first, last = months
    name = first if first == last else f"{first}..{last}"
    name = ", ".join([name, *projects])
    charge_view = partial(
        create_charge_view, store, provider=provider, first_period=first, last_period=last,
        projects=projects,
    )  # fmt: skip
    with connect() as connection:
        offered = charge_view(connection)
        ((some,),) = connection.execute("SELECT count(*) FROM (FROM charge LIMIT 1)").fetchall()
    bills = [b for b in list_bills(store) if b.bill_id in offered.bills]
    if not some:
        raise InputError(Problem(code="no_charges", source="costlab reconcile", args={"what": name}))
    places = {(b.provider, b.region) for b in bills}
    if len(places) > 1:
        args = {"providers": ", ".join(" ".join(p).strip() for p in sorted(places))}
        raise InputError(Problem(code="several_providers", source=name, args=args))
    ((provider, region),) = places
    problems = tuple(p for b in bills for p in problems_of(store, b.bill_id))
    return Charges(name, provider, region, charge_view, problems)
