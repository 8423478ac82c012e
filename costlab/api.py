"""The verbs of Python: what the command line does, one function each. `import costlab` offers these and nothing else.

Files are given as paths, results are records; money in them is `Decimal`. What cannot be used raises
`costlab.errors.InputError`, whose `problems` say file, line and remedy (`costlab.errors.sentence(problem, "en")`);
what is left out of a result that could be made is listed in the result's own `problems`, and `complete` is False.
Everything heavy is imported when a verb is called, so that `import costlab` costs nothing.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from costlab.bills import Profile
    from costlab.catalog.loading import Catalog
    from costlab.compare.result import Comparison
    from costlab.estimate.inputs import Read
    from costlab.migration.budget import Budget
    from costlab.model.bill import Bill
    from costlab.model.inventory import Inventory
    from costlab.model.numbers import Language
    from costlab.model.scenario import Charge, Estimate, Scenario, VatView
    from costlab.store import Imported, Store

__all__ = [
    "charges_frame", "compare", "estimate_cost", "frames", "import_bill", "load_catalog", "migrate", "read_bill",
    "read_estimate", "read_inventory", "reconcile", "write_workbook",
]  # fmt: skip


def load_catalog(
    provider: str = "vk", folder: Path | str | None = None, *, contract: Path | str | None = None
) -> "Catalog":
    """The dated price list of a provider: what every amount is rated by.

    Args:
        provider: a folder of `price_catalog/`: "vk", "yandex", "selectel"…
        folder: another catalog than the product's own, of the same shape.
        contract: a folder of YAML files with a contract's prices and discounts, which go before the list on their days.

    Returns:
        The catalog, to be given to `estimate_cost`, `compare`, `reconcile` or `migrate`. Its `version` is the hash of
        its content.

    Raises:
        InputError: no such provider, or a file is broken: every fault with file and line.
    """
    from costlab.catalog import contract as contracts
    from costlab.catalog import loading

    catalog = loading.load_catalog(provider, Path(folder) if folder is not None else None)
    return catalog if contract is None else contracts.with_contract(catalog, Path(contract))


def read_estimate(*paths: Path | str, period: str | None = None, prices_on: str | None = None) -> "Scenario":
    """Read estimate files (YAML or JSON, also the JSON of a result) as one scenario.

    Args:
        paths: one file or several that agree on provider, region, period and prices_on.
        period: instead of the file's own: "30d", "2026-11" or "2026-11-01/2026-12-01".
        prices_on: instead of the file's own: the day whose prices, VAT and rounding hold throughout, "2026-11-01".

    Returns:
        What is asked: resources, period, assumptions. Sizes are `Decimal`, read from their text.

    Raises:
        InputError: the file is not an estimate or asks for what there is not: every problem with its line.
    """
    from costlab.inventory.sources import estimate_file

    return estimate_file.read_estimate(*paths, period=period, prices_on=prices_on)


def read_inventory(path: Path | str, *, kind: str | None = None, **choices: Any) -> "Inventory":
    """Read what a team has: a Terraform plan, state or folder, OpenStack, RVTools, AWS, Azure, a table…

    Args:
        path: one file, or one folder that is read as a set.
        kind: a module of `costlab/inventory/sources`, instead of finding it by content.
        choices: fields of `costlab.inventory.Options`: `region`, `volume_type`, `profile`, `flavors`, `overrides`…

    Returns:
        Resources, machines to be sized, and what was set aside with the reason; read = used + set aside.
        `estimate_cost` prices it.

    Raises:
        InputError: the file cannot be read, or no reader (or more than one) claims it.
        ValueError: a choice that there is not.
    """
    from costlab import inventory

    return inventory.read_inventory(path, kind=kind, options=inventory.Options(**choices))


def estimate_cost(
    what: "Scenario | Inventory | Path | str", *, catalog: "Catalog | None" = None, **choices: Any
) -> "Estimate":
    """Price a scenario, an inventory, or whatever a path holds of either.

    Args:
        what: from `read_estimate` or `read_inventory`; or the path of a file or folder that either could read.
        catalog: prices to use; the provider's list where none is given.
        choices: how an inventory is sized, fields of `costlab.inventory.Options`: `storage_basis`, `sizing`,
            `powered_off`, `period`, `prices_on`…

    Returns:
        Charges exact to the kopeck with price, day, source, rounding and VAT; `total`, `vat` and `total_net` as
        `Decimal` in `currency`; `complete` is False where a line has no price, and `problems` says which.

    Raises:
        InputError: the file cannot be used, or a resource asks for what cannot be.
        ValueError: a choice that there is not.
    """
    from costlab.estimate import charges, inputs
    from costlab.model.scenario import Scenario

    if isinstance(what, Scenario):
        if choices:
            raise ValueError(f"{', '.join(choices)}: a scenario has been sized; these are chosen for an inventory")
        return charges.estimate_cost(what, catalog=catalog)
    return inputs.price_inputs(_inputs(what, choices), catalog=catalog)


def compare(
    before: "Estimate | Bill | Path | str",
    after: "Estimate | Bill | Path | str",
    *,
    catalog: "Catalog | None" = None,
) -> "Comparison":
    """Split the difference of two estimates, two bills, or an approved budget and its bill, exactly by cause.

    Args:
        before: an estimate, the path of one (or of an inventory or plan), or a baseline that `costlab migrate --freeze`
            wrote; or a bill, beside which `after` is a bill, too.
        after: the same; or a bill, which is then compared with what `before` expects.
        catalog: the prices `after` was rated with where that was not the provider's list (a contract).

    Returns:
        `delta` = after - before = Σ `causes` to the last digit: calendar, quantity, price, VAT, discount, bonus,
        rounding, new, gone… `lines` holds each pair; `frames` makes tables of it.

    Raises:
        InputError: a file cannot be used.
        ValueError: the two are in different currencies.
        TypeError: `before` is a bill, and `after` is none.
    """
    from costlab.catalog.loading import load_catalog as listed
    from costlab.compare import bills, split
    from costlab.compare import reconcile as reconciling
    from costlab.migration.baseline import frozen_catalog
    from costlab.model.scenario import Estimate

    if not isinstance(before, Estimate | str | Path):
        if isinstance(after, Estimate | str | Path):
            raise TypeError("a bill is compared with a bill")
        sides = (reconciling.charges_of(before), reconciling.charges_of(after))
        return bills.compare_bills(*sides, catalogs=(None, catalog))
    first, frozen = (before, False) if isinstance(before, Estimate) else _estimate(before, None)
    prices = frozen_catalog(first) if frozen else listed(first.provider)
    if not isinstance(after, Estimate | str | Path):
        return reconciling.reconcile_bill(after, catalog=catalog or prices, scenario=first.scenario)
    second = after if isinstance(after, Estimate) else _estimate(after, catalog)[0]
    return split.compare_estimates(first, second, catalogs=(prices, catalog or listed(second.provider)))


def read_bill(*paths: Path | str, profile: "Profile | Path | str | None" = None) -> "Bill":
    """Read billing reports of any known format: VK, FOCUS, Yandex, Selectel, AWS, Azure, Google, CloudKitty, a table.

    Args:
        paths: one file, or several of one format; a file given twice counts once.
        profile: which column is which, for a table that no format knows: a profile or the path of its YAML.

    Returns:
        What the file says of itself and its rows as an Arrow table (`charges`, DECIMAL(38, 18)); accepted + rejected =
        rows, and what was repaired or rejected is in `notes` and `problems`.

    Raises:
        InputError: the file as a whole cannot be used, or no format (or more than one) claims it.
    """
    from costlab import bills

    known = bills.load_profile(profile) if isinstance(profile, str | Path) else profile
    return bills.read_bills(paths, profile=known) if len(paths) != 1 else bills.read_bill(paths[0], profile=known)


def import_bill(
    path: Path | str, *, store: "Store | None" = None, profile: "Profile | Path | str | None" = None
) -> "Imported":
    """Keep a billing report in the store; the same file twice changes nothing, a newer one owns the days it has.

    Args:
        path: one file.
        store: where to keep it (`costlab.store.open_store`); COSTLAB_STORE and COSTLAB_HOME say where none is given.
        profile: as of `read_bill`.

    Returns:
        The bill as it is kept, `status` ("imported" or "unchanged"), and what it restates of earlier files.

    Raises:
        InputError: the file cannot be used or the store does not answer; then nothing has changed.
    """
    from costlab import bills
    from costlab import store as stores

    known = bills.load_profile(profile) if isinstance(profile, str | Path) else profile
    return stores.import_bill(store or stores.open_store(), path, profile=known)


def reconcile(
    bill: "Bill | Path | str", *, estimate: "Scenario | Path | str | None" = None, catalog: "Catalog | None" = None
) -> "Comparison":
    """Put a bill beside what it should have been: every row is rated again as of its day.

    Args:
        bill: from `read_bill`, or the path of a report.
        estimate: what was planned, so that wrong quantities, missing and unexpected rows show as well.
        catalog: prices to use (a contract); the provider's list where none is given.

    Returns:
        As of `compare`: *before* is what should have been, *after* what was billed, every kopeck under a cause.

    Raises:
        InputError: a file cannot be used, or the provider has no list for these charges.
    """
    from costlab.compare.reconcile import reconcile_bill

    billed = read_bill(bill) if isinstance(bill, str | Path) else bill
    planned = read_estimate(estimate) if isinstance(estimate, str | Path) else estimate
    return reconcile_bill(billed, catalog=catalog, scenario=planned)


def migrate(plan: Path | str, *, contract: Path | str | None = None, rates: Path | str | None = None) -> "Budget":
    """Work a migration plan out: what moving costs, month by month, and when it pays.

    Args:
        plan: the path of a plan (YAML or JSON); the estimates it names lie beside it.
        contract: a folder with the contract's prices at VK Cloud.
        rates: a file of exchange rates (date, from, to, rate, source) beside those of the plan; the latest holds.

    Returns:
        Months, measures (net present value, break-even), bridge, sensitivity, and how complete it all is; money in the
        plan's currency. `complete` says whether the word “saving” may be used.

    Raises:
        InputError: the plan or an estimate it names cannot be used.
    """
    from costlab.migration import budget
    from costlab.migration.plan import ExchangeRate, read_plan

    known, beside = read_plan(plan), Path(plan).parent
    if rates is not None:
        from costlab.engine.exchange import load_rates

        told = (r for r in load_rates(Path(rates)).rates if r.bought == known.currency)
        given = (ExchangeRate(currency=r.sold, rate=r.rate, day=r.day.isoformat(), source=r.source) for r in told)
        known = known.model_copy(update={"rates": (*known.rates, *given)})
    goal = known.target
    target, catalog = _planned(beside, goal.estimate, None, contract) if goal.estimate else (None, None)
    as_is = _planned(beside, goal.as_is, None, contract)[0] if goal.as_is else None
    others = {a.name: _planned(beside, a.estimate, a.provider, contract)[0] for a in goal.alternatives}
    return budget.migrate(known, target, as_is=as_is, alternatives=others, source=str(plan), catalog=catalog)


def write_workbook(
    result: "Estimate | Comparison | Budget", path: Path | str, language: "Language" = "en", vat: "VatView" = "both"
) -> None:
    """Write a result as an Excel workbook: live formulas, each with the value the engine computed.

    Args:
        result: an estimate, a comparison (also of a bill) or a migration budget.
        path: the .xlsx file, replaced as a whole or not at all.
        language: "en" or "ru".
        vat: which amounts of an estimate are shown, not what they are: "included", "net" or "both".

    Raises:
        InputError: more lines than a worksheet has rows, or the path cannot be written.
    """
    from costlab.compare.result import Comparison
    from costlab.exports import comparisons, estimates, migrations
    from costlab.files.writing import write_whole
    from costlab.model.scenario import Estimate

    if isinstance(result, Estimate):
        content = estimates.load("xlsx").render(result, language, vat)
    elif isinstance(result, Comparison):
        content = comparisons.load("xlsx").render(result, language)
    else:
        content = migrations.load("xlsx").render(result, language)
    write_whole(path, content)


def charges_frame(charges: "Estimate | Bill | Iterable[Charge]") -> "pd.DataFrame":
    """The charges of an estimate (FOCUS column names) or of a bill as a pandas DataFrame.

    Args:
        charges: an estimate, a bill, or charges of an estimate.

    Returns:
        One row a charge. Money, prices and quantities are `Decimal` in columns of dtype object, so that `* 12`,
        `/ 3`, a share of the total and `groupby(…)[column].sum()` are exact or as exact as Python's decimal; a float
        is refused. What a row does not say is `Decimal("NaN")`, which sums leave out. Times are those of the region's
        clock, whose offset is `frame.attrs["utc_offset"]`.
    """
    from costlab.focus import frames as making

    return making.charges_frame(charges)


def frames(result: Any, language: Literal["en", "ru"] = "en") -> "Mapping[str, pd.DataFrame]":
    """Everything a result holds, as DataFrames by name.

    Args:
        result: what any other verb gives: an estimate, a comparison, a bill, a budget or an inventory.
        language: of the words in `problems`.

    Returns:
        `charges`, `resources` of an estimate; `lines`, `causes` of a comparison; `charges` of a bill; `months`,
        `run_rate` of a budget; `machines`, `resources`, `set_aside` of an inventory; and `problems` of each. Columns
        as of `charges_frame`.

    Raises:
        TypeError: of anything else.
    """
    from costlab.focus import frames as making

    return making.frames(result, language)


def _inputs(what: "Inventory | Path | str", choices: Mapping[str, Any]) -> "Read":
    from costlab.estimate.inputs import put_together, read_inputs
    from costlab.inventory import Options

    options = Options(**choices)
    if isinstance(what, str | Path):
        return read_inputs(what, options=options)
    return put_together((what,), (what.source,), options)


def _estimate(path: Path | str, catalog: "Catalog | None") -> "tuple[Estimate, bool]":
    """What a path holds, priced, and whether that is a baseline whose prices are frozen. Raises `InputError`."""
    from costlab.errors import InputError
    from costlab.files.documents import read_document
    from costlab.migration.baseline import is_baseline, thaw

    try:
        document = read_document(path)
    except InputError:  # no document: a reader of inventories says what it is
        return estimate_cost(path, catalog=catalog), False
    return (thaw(document), True) if is_baseline(document.data) else (estimate_cost(path, catalog=catalog), False)


def _planned(folder: Path, name: str, provider: str | None, contract: Path | str | None) -> "tuple[Estimate, Catalog]":
    """An estimate that a plan names, priced; a contract is with the target's provider and no other."""
    from costlab.estimate.at_provider import at_provider

    scenario = read_estimate(folder / name)
    if provider:
        scenario = at_provider(scenario, provider)
    catalog = load_catalog(scenario.provider, contract=contract if scenario.provider == "vk" else None)
    return estimate_cost(scenario, catalog=catalog), catalog
