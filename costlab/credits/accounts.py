"""The accounts of a project, as a person writes them: the personal one and typed bonuses.

    accounts:
      personal: "500.00"
      welcome: 2026-11-01        # day of registration: the welcome bonuses of the region
      bonuses:
        - {name: machines, amount: "2000", covers: [vm, backup], excludes: ["licence.*"], expires: 2026-12-01}
        - {promotion: promo-code, amount: "10000", since: 2026-11-05}

`covers` and `excludes` are names of services or patterns of meters; without `covers` a bonus covers everything.
`expires` is the first day on which it can no longer be spent. What a promotion or a welcome bonus leaves out, and how
long it lasts, stands in `price_catalog/<provider>/facts/bonuses.yaml`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from costlab import services
from costlab.catalog.loading import Catalog
from costlab.errors import InputError, near
from costlab.files.documents import Document, read_document
from costlab.files.validation import problems_of
from costlab.model.invalid import invalid
from costlab.model.numbers import KOPECK, Amount, Args, Number, Problem, Record, Text
from costlab.model.periods import PeriodError, parse_day

FACTS = "bonuses"
PERSONAL = "personal"
_LARGEST = Decimal(10) ** 12


class Bonus(Record):
    """A bonus account as it is written."""

    name: str = ""
    """Name: of a promotion unless given
    Название: если не указано — название акции"""
    promotion: str = ""
    """Promotion: what it leaves out and how long it lasts are known
    Акция: что она не оплачивает и сколько действует, известно"""
    amount: Amount
    """Amount
    Сумма"""
    covers: tuple[str, ...] = ()
    """Covers: services or patterns of meters; everything unless given
    Оплачивает: сервисы или шаблоны показателей; если не указано — всё"""
    excludes: tuple[str, ...] = ()
    """Excludes: services or patterns of meters
    Не оплачивает: сервисы или шаблоны показателей"""
    since: str | None = None
    """Given on: the first day it can be spent
    Начислен: первый день, когда им можно платить"""
    expires: str | None = None
    """Expires: the first day on which it can no longer be spent
    Сгорает: первый день, когда платить им уже нельзя"""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _whole_kopecks("amount", self.amount)
        first, last = (_day(key, getattr(self, key)) for key in ("since", "expires"))
        if first is not None and last is not None and last <= first:
            raise invalid(
                "expires",
                Text(en="is not after `since`", ru="не позже, чем `since`"),
                Text(en="check both days", ru="проверьте оба дня"),
            )
        if not self.name and not self.promotion:
            raise invalid(
                "name",
                Text(en="the bonus has no name", ru="у бонуса нет названия"),
                Text(en="add `name: machines`", ru="добавьте `name: machines`"),
            )
        return self


class Written(Record):
    """The `accounts` of a file."""

    personal: Annotated[Number, Field(ge=-_LARGEST, le=_LARGEST)]
    """Personal account: real money, may be below zero
    Лицевой счёт: реальные деньги, может быть меньше нуля"""
    welcome: str | None = None
    """Day of registration: adds the welcome bonuses
    День регистрации: добавляет приветственные бонусы"""
    bonuses: tuple[Bonus, ...] = ()
    """Bonus accounts: in the order in which they pay
    Бонусные счета: в порядке списания"""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _whole_kopecks("personal", self.personal)
        _day("welcome", self.welcome)
        return self


class Account(Record):
    """An account that pays: bonuses in the order they are tried, the personal one after them."""

    name: str
    amount: Decimal
    covers: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    since: date | None = None
    expires: date | None = None

    def pays_for(self, service: str, meter: str) -> bool:
        """Whether the type of the account matches a charge."""
        return (not self.covers or _speaks_of(self.covers, service, meter)) and not _speaks_of(
            self.excludes, service, meter
        )

    def lives_on(self, day: date) -> bool:
        """Whether it can be spent on a day."""
        return (self.since is None or self.since <= day) and (self.expires is None or day < self.expires)


class Accounts(Record):
    """All accounts of a project. Bonuses never pay for `personal_only` services."""

    personal: Decimal
    bonuses: tuple[Account, ...] = ()
    personal_only: tuple[str, ...] = ()
    source: str = ""


def _speaks_of(patterns: tuple[str, ...], service: str, meter: str) -> bool:
    return any(p == service or fnmatchcase(meter, p) for p in patterns)


def _day(key: str, text: str | None) -> date | None:
    try:
        return None if text is None else parse_day(text)
    except PeriodError as error:
        reason = Text(en=f"“{text}” is not a day", ru=f"«{text}» — не день")
        raise invalid(key, reason, Text(en=f"write {error}", ru=f"напишите {error}")) from None


def _whole_kopecks(key: str, amount: Decimal) -> None:
    if amount != round(amount, 2):
        raise invalid(
            key,
            Text(en=f"{amount:f} has parts of a kopeck", ru=f"в {amount:f} есть доли копейки"),
            Text(en="give at most two decimals", ru="укажите не более двух знаков"),
        )


def read_accounts(path: Path | str, catalog: Catalog, region: str) -> Accounts:
    """Read an accounts file. Raises `InputError` with every problem found."""
    document = read_document(path)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("accounts"), dict):
        raise InputError(Problem(code="not_accounts", source=document.source, line=1))
    problems = [
        Problem(code="unknown_key", source=document.source, line=document.line(key),
                args={"key": str(key), **near(str(key), ("accounts", "costlab"))})
        for key in data if key not in ("accounts", "costlab")
    ]  # fmt: skip
    try:
        written = Written.model_validate(data["accounts"])
    except ValidationError as error:
        raise InputError(*problems, *problems_of(error, document, ("accounts",), "", Written)) from None
    facts = catalog.facts(FACTS)
    bonuses = list(_welcome(written, facts, region))
    for index, bonus in enumerate(written.bonuses):
        found = list(_wrong_names(document, index, bonus, catalog, facts))
        problems += found
        if not found:
            bonuses.append(_account(bonus, facts))
    problems += _doubles(document, [PERSONAL, *(b.name for b in bonuses)])
    if problems:
        raise InputError(*problems)
    personal = written.personal.quantize(KOPECK)
    only = tuple(facts.get("personal_only", ()))
    return Accounts(personal=personal, bonuses=tuple(bonuses), personal_only=only, source=document.source)


def _welcome(written: Written, facts: dict[str, Any], region: str) -> Iterator[Account]:
    """The welcome bonuses of a region, from the day of registration."""
    if written.welcome is None:
        return
    known = facts.get("welcome", {})
    since = parse_day(written.welcome)
    for entry in known.get(region, ()):
        yield Account(
            name=entry["name"],
            amount=Decimal(entry["amount"]).quantize(KOPECK),
            covers=tuple(entry.get("covers", ())),
            excludes=tuple(entry.get("excludes", ())),
            since=since,
            expires=since + timedelta(days=known["days"]),
        )


def _account(bonus: Bonus, facts: dict[str, Any]) -> Account:
    """A bonus with what is known of its promotion; what the file says goes first."""
    known = facts.get("promotions", {}).get(bonus.promotion, {})
    since, expires = _day("since", bonus.since), _day("expires", bonus.expires)
    if expires is None and since is not None and "days" in known:
        expires = since + timedelta(days=known["days"])
    return Account(
        name=bonus.name or bonus.promotion,
        amount=bonus.amount.quantize(KOPECK),
        covers=bonus.covers,
        excludes=bonus.excludes or tuple(known.get("excludes", ())),
        since=since,
        expires=expires,
    )


def _wrong_names(
    document: Document, index: int, bonus: Bonus, catalog: Catalog, facts: dict[str, Any]
) -> Iterator[Problem]:
    """Services, patterns and promotions that do not exist: a slip would silently move money."""
    place: tuple[str | int, ...] = ("accounts", "bonuses", index)
    promotions = facts.get("promotions", {})
    wrong = [("promotion", bonus.promotion, promotions)] if bonus.promotion not in ("", *promotions) else []
    known = services.names()
    for key in ("covers", "excludes"):
        names = [n for n in getattr(bonus, key) if n not in known]
        wrong += [(key, n, known) for n in names if not any(fnmatchcase(m, n) for m in catalog.meters)]
    for key, value, allowed in wrong:
        args = {"key": key, "value": value, **near(value, allowed)}
        line = document.line(*place, key)
        yield Problem(code="not_allowed", source=document.source, line=line, subject=bonus.name, args=args)


def _doubles(document: Document, names: list[str]) -> Iterator[Problem]:
    for name in sorted({n for n in names if names.count(n) > 1}):
        args: Args = {
            "key": "name",
            "reason": Text(en=f"two accounts are called {name}", ru=f"два счёта названы {name}"),
            "fix": Text(en="name them differently", ru="назовите их по-разному"),
        }
        line = document.line("accounts", "bonuses")
        yield Problem(code="invalid", source=document.source, line=line, args=args)
