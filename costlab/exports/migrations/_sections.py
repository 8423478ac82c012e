"""The tables of a budget, the same in every output that is read as text."""

from decimal import Decimal

from costlab.exports.migrations._words import cash, category, month, monthly, word
from costlab.migration.bridge import ORDER
from costlab.migration.budget import Budget
from costlab.migration.sensitivity import value
from costlab.model.numbers import Language

Rows = list[list[str]]


def missing_words(budget: Budget, language: Language) -> str:
    """What the plan does not say: categories, and inputs for which a value was used."""
    found = [category(c, language) for c in budget.missing]
    found += [f"{a.title[language]} (= {a.value})" for a in budget.assumed if not a.given]
    return "; ".join(found)


def sections(budget: Budget, language: Language) -> list[tuple[str, Rows]]:
    """The tables of every text output: key of the title, and rows with their heads."""

    def heads(*keys: str) -> list[str]:
        return [word(k, language) for k in keys]

    def amounts(*values: Decimal | None) -> list[str]:
        return [cash(v, budget, language) for v in values]

    start = budget.inputs.base_source
    end = sum((r.after for r in budget.run_rate), Decimal(0))
    bridge = [heads("step", "amount"), [word("today", language), *amounts(start)]]
    bridge += [[ORDER[s.key][language], *amounts(s.amount)] for s in budget.steps if s.amount]
    bridge.append([word("after", language), *amounts(end)])
    run_rate = [heads("category", "today", "after", "change")]
    run_rate += [
        [category(r.category, language), *amounts(r.today, r.after, r.after - r.today)]
        for r in budget.run_rate
        if r.today or r.after
    ]
    run_rate.append([word("total", language), *amounts(start, end, end - start)])
    horizons = [heads("horizon", "status_quo", "project", "net", "npv", "break_even")]
    horizons += [
        [str(m), *amounts(x.status_quo, x.project, x.net, x.npv), month(x.break_even, budget, language)]
        for m, x in budget.horizons.items()
    ]
    keys = ("status_quo", "source", "target", "dual", "one_off", "credit", "resale", "net", "cumulative")
    cash_rows = [heads("month", *keys)]
    for n in range(len(budget.rows)):
        found = monthly(budget, n)
        cash_rows.append([month(n + 1, budget, language), *amounts(*(found[k] for k in keys))])
    swings = [heads("input", "low", "high")]
    swings += [
        [s.title[language], *(amounts(None if m is None else value(m))[0] for m in (s.low, s.high))]
        for s in budget.swings
    ]
    cases = [heads("scenario", "net", "npv", "break_even")]
    cases += [
        [word(name, language), *amounts(x.net, x.npv), month(x.break_even, budget, language)]
        for name, x in budget.scenarios.items()
    ]
    return [
        ("run_rate", run_rate),
        ("bridge", bridge),
        ("horizons", horizons),
        ("cash", cash_rows),
        ("sensitivity", swings),
        ("scenario", cases),
    ]
