"""Which account pays for what, day by day: bonuses of the matching type, then the personal account.

The documented order: the bonus account whose type matches the charge; what it cannot pay is taken from the personal
account, even when bonuses of other types are left. Several matching bonuses pay in the order they are written. A
personal balance below zero freezes a prepaid project whatever bonuses remain; its charges go on.

Charges are those of the estimate, to the kopeck: each is laid on the days it was used on, in proportion to the use of
each day, and the parts of a charge sum to it. A flat charge leaves on its first day, what belongs to no service (the
cap of a discount, rounding) on the last one. Amounts are divided and added here, never priced.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from costlab.catalog.loading import Catalog, load_catalog
from costlab.credits.accounts import PERSONAL, Account, Accounts, Written
from costlab.estimate.charges import estimate_cost
from costlab.estimate.lines import Line, ask
from costlab.estimate.sums import owners
from costlab.estimate.usage import use
from costlab.model.numbers import Period, Problem, Record
from costlab.model.scenario import Charge, Estimate, Scenario

_NOTHING = Decimal("0.00")
_DAY = 1440


class DayCharge(Record):
    """What a service cost on a day, by meter, because an account may cover only some."""

    day: date
    service: str
    meter: str
    amount: Decimal


class Payment(Record):
    """What an account paid for a service on a day; negative when money came back."""

    day: date
    service: str
    account: str
    amount: Decimal


class Evening(Record):
    """A day of the ledger: charged = sum of `paid`; balances after it. Accounts by name, the personal one last."""

    day: date
    charged: Decimal
    paid: dict[str, Decimal]
    burnt: dict[str, Decimal]
    balances: dict[str, Decimal]


class Balance(Record):
    """An account over the whole period: start - spent - burnt = end. What is given in the period counts as start."""

    account: str
    start: Decimal
    spent: Decimal
    burnt: Decimal
    end: Decimal
    expires: date | None = None


class Ledger(Record):
    """A period of accounts: sum of the payments = sum of the days = `total`."""

    name: str
    currency: str
    period: Period
    total: Decimal
    accounts: tuple[Balance, ...]
    days: tuple[Evening, ...]
    payments: tuple[Payment, ...]
    below_zero: date | None
    """The first evening with a negative personal balance."""
    lowest: Decimal
    """The lowest personal balance of an evening."""
    complete: bool
    unpriced: int
    problems: tuple[Problem, ...]


def simulate(scenario: Scenario, accounts: Accounts, *, catalog: Catalog | None = None) -> Ledger:
    """Price a scenario and let its accounts pay for it, day by day. Raises `InputError` as `estimate_cost` does."""
    catalog = catalog or load_catalog(scenario.provider)
    estimate = estimate_cost(scenario, catalog=catalog)
    charges = daily(estimate, ask(use(scenario, catalog), by_day=True).lines)
    payments, days = settle(charges, accounts, _days(estimate.period))
    balances = tuple(_balance(account, days) for account in _all(accounts))
    below = next((d.day for d in days if d.balances[PERSONAL] < 0), None)
    ledger = Ledger(
        name=estimate.name,
        currency=estimate.currency,
        period=estimate.period,
        total=sum((c.amount for c in charges), _NOTHING),
        accounts=balances,
        days=tuple(days),
        payments=tuple(payments),
        below_zero=below,
        lowest=min(d.balances[PERSONAL] for d in days),
        complete=estimate.complete,
        unpriced=estimate.unpriced,
        problems=estimate.problems,
    )
    return ledger.model_copy(update={"problems": (*ledger.problems, *_warnings(ledger, accounts))})


def daily(estimate: Estimate, by_day: Iterable[Line]) -> list[DayCharge]:
    """The charges of an estimate on the days they were used on: the parts of each charge sum to it."""
    clock = estimate.period.start.tzinfo
    used: dict[_Question, list[tuple[int, int]]] = {}
    for line in by_day:
        if not line.variant:
            question = (line.resource.resource_id, line.sku.sku_id, frozenset(line.usage.dimensions.items()))
            used.setdefault(question, []).append((line.start, line.billionths))
    owner = owners(estimate)
    found: dict[tuple[date, str, str], Decimal] = {}
    for charge in estimate.charges:
        own = used.get((owner.get(charge.resource_id, ""), charge.sku_id, frozenset(charge.dimensions.items())), [])
        for minute, amount in spread(charge.cost, _weights(charge, own)):
            place = (datetime.fromtimestamp(minute * 60, clock).date(), charge.service, charge.meter)
            found[place] = found.get(place, _NOTHING) + amount
    return [DayCharge(day=d, service=s, meter=m, amount=a) for (d, s, m), a in found.items()]


_Question = tuple[str, str, frozenset[tuple[str, str]]]
"""Resource, SKU and dimensions: what a charge and the daily use behind it have in common."""


def _weights(charge: Charge, used: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Minutes at which parts of a charge leave, and how much of it was used then; minutes count where use does not."""
    start, end = (int(m.timestamp()) // 60 for m in (charge.period.start, charge.period.end))
    if not charge.service:
        return [(end - 1, 1)]
    if charge.charge_model == "flat":
        return [(start, 1)]
    inside = [(minute, quantity) for minute, quantity in used if start <= minute < end]
    if any(quantity for _, quantity in inside):
        return sorted(inside)
    return [(minute, min(_DAY, end - minute)) for minute in range(start, end, _DAY)]


def spread(amount: Decimal, weights: list[tuple[int, int]]) -> list[tuple[int, Decimal]]:
    """An amount in proportion to weights, in kopecks: each sum of parts from the first on is rounded half up.

    >>> spread(Decimal("1.00"), [(0, 1), (1440, 1), (2880, 1)])
    [(0, Decimal('0.33')), (1440, Decimal('0.34')), (2880, Decimal('0.33'))]
    """
    whole = sum(weight for _, weight in weights)
    sign, kopecks = (-1 if amount < 0 else 1), abs(int(amount.scaleb(2)))
    parts = []
    before = so_far = 0
    for key, weight in weights:
        so_far += weight
        reached = (2 * kopecks * so_far + whole) // (2 * whole)
        parts.append((key, Decimal(sign * (reached - before)).scaleb(-2)))
        before = reached
    return parts


def settle(
    charges: Iterable[DayCharge], accounts: Accounts, days: Iterable[date]
) -> tuple[list[Payment], list[Evening]]:
    """Let the accounts pay: every payment, and the evenings. No price and no estimate is needed for it."""
    by_day: dict[date, list[DayCharge]] = {}
    for charge in charges:
        by_day.setdefault(charge.day, []).append(charge)
    left = {a.name: a.amount if a.since is None else _NOTHING for a in _all(accounts)}
    waiting = [a for a in accounts.bonuses if a.since is not None]
    payments: list[Payment] = []
    evenings: list[Evening] = []
    for day in days:
        left.update({a.name: a.amount for a in waiting if a.since is not None and a.since <= day})
        waiting = [a for a in waiting if a.since is not None and a.since > day]
        burnt = {a.name: left[a.name] for a in accounts.bonuses if a.expires is not None and a.expires <= day}
        burnt = {name: amount for name, amount in burnt.items() if amount}
        left.update(dict.fromkeys(burnt, _NOTHING))
        today = [p for b in _bills(by_day.get(day, []), accounts, day) for p in _pay(day, *b, left)]
        paid: dict[str, Decimal] = {}
        for payment in today:
            paid[payment.account] = paid.get(payment.account, _NOTHING) + payment.amount
        payments += today
        charged = sum((p.amount for p in today), _NOTHING)
        evenings.append(Evening(day=day, charged=charged, paid=paid, burnt=burnt, balances=dict(left)))
    return payments, evenings


def balance_after(account: str, accounts: dict[str, Any], charges: dict[str, str]) -> Decimal:
    """What an account holds after one day on which services cost so much; accounts as a file has them, days aside.

    >>> one = {"personal": "0", "bonuses": [{"name": "machines", "amount": "2000", "covers": ["vm"]}]}
    >>> balance_after("personal", one, {"vm": "2500"})
    Decimal('-500.00')
    """
    written = Written.model_validate(accounts)
    own = Accounts(personal=written.personal, bonuses=tuple(
        Account(name=b.name, amount=b.amount, covers=b.covers, excludes=b.excludes) for b in written.bonuses
    ))  # fmt: skip
    day = date.min
    asked = [DayCharge(day=day, service=s, meter="", amount=Decimal(a)) for s, a in charges.items()]
    return settle(asked, own, [day])[1][0].balances[account].quantize(_NOTHING)


def _bills(charges: list[DayCharge], accounts: Accounts, day: date) -> list[tuple[str, tuple[str, ...], Decimal]]:
    """A day's charges summed by service and by who may pay for them."""
    bills: dict[tuple[str, tuple[str, ...]], Decimal] = {}
    for charge in charges:
        payers: tuple[str, ...] = ()
        if charge.service not in ("", *accounts.personal_only):
            payers = tuple(
                a.name for a in accounts.bonuses if a.lives_on(day) and a.pays_for(charge.service, charge.meter)
            )
        bills[charge.service, payers] = bills.get((charge.service, payers), _NOTHING) + charge.amount
    return [(service, payers, amount) for (service, payers), amount in bills.items()]


def _pay(day: date, service: str, payers: tuple[str, ...], amount: Decimal, left: dict[str, Decimal]) -> list[Payment]:
    """One bill: bonuses in their order, each to its last kopeck, the rest from the personal account."""
    payments = []
    for name in payers:
        part = min(amount, left[name])
        if part > 0:
            left[name] -= part
            amount -= part
            payments.append(Payment(day=day, service=service, account=name, amount=part))
    if amount:
        left[PERSONAL] -= amount
        payments.append(Payment(day=day, service=service, account=PERSONAL, amount=amount))
    return payments


def _all(accounts: Accounts) -> tuple[Account, ...]:
    return (*accounts.bonuses, Account(name=PERSONAL, amount=accounts.personal))


def _days(period: Period) -> list[date]:
    """The days a period touches."""
    first, last = period.start.date(), (period.end - timedelta(minutes=1)).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _balance(account: Account, days: list[Evening]) -> Balance:
    given = account.since is None or account.since <= days[-1].day
    return Balance(
        account=account.name,
        start=account.amount if given else _NOTHING,
        spent=sum((d.paid.get(account.name, _NOTHING) for d in days), _NOTHING),
        burnt=sum((d.burnt.get(account.name, _NOTHING) for d in days), _NOTHING),
        end=days[-1].balances[account.name],
        expires=account.expires,
    )


def _warnings(ledger: Ledger, accounts: Accounts) -> Iterable[Problem]:
    """What a person should do something about."""
    if ledger.below_zero is not None:
        evening = next(d for d in ledger.days if d.day == ledger.below_zero)
        args = {"day": ledger.below_zero.isoformat(), "balance": f"{evening.balances[PERSONAL]:f}",
                "needed": f"{-ledger.lowest:f}"}  # fmt: skip
        yield Problem(code="below_zero", source=accounts.source, subject=PERSONAL, args=args)
    for balance in ledger.accounts:
        if balance.account == PERSONAL or not balance.start:
            continue
        if balance.burnt:
            args = {"amount": f"{balance.burnt:f}", "day": str(balance.expires)}
            yield Problem(code="bonus_burns", source=accounts.source, subject=balance.account, args=args)
        if not balance.spent:
            yield Problem(code="bonus_idle", source=accounts.source, subject=balance.account)
