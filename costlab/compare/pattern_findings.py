"""What the rows of each pattern come to, in numbers and in a sentence: asked of the lines, once they are split."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from costlab.catalog.loading import Catalog
from costlab.compare.patterns import Candidate, Pattern
from costlab.compare.result import ImpliedPrice, RowPattern
from costlab.compare.split import Tariff
from costlab.compare.totals import amount_of
from costlab.i18n.words import plain
from costlab.model.numbers import Args, Problem, Text, exact

_LIST = "list "
_ROUNDED = {
    "up": Text(en="rounded up to the kopeck", ru="округлены вверх до копейки"),
    "down": Text(en="rounded down to the kopeck", ru="округлены вниз до копейки"),
    "half_up": Text(en="rounded half-up per line", ru="округлены до копейки по каждой строке"),
}


def pattern_findings(
    connection: duckdb.DuckDBPyConnection,
    patterns: Sequence[Pattern],
    tariffs: Mapping[str, Tariff],
    catalog: Catalog,
    source: str,
) -> tuple[RowPattern, ...]:
    """A record for each pattern that has lines, the most money first; `tariffs` are all of the comparison."""
    days = _rows_by_day(connection) if patterns else {}
    made = [_finding(connection, p, days, tariffs, catalog, source) for p in patterns]
    return tuple(sorted((f for f in made if f is not None), key=lambda f: (-abs(f.delta), f.number)))


def _finding(
    connection: duckdb.DuckDBPyConnection,
    pattern: Pattern,
    days: Mapping[str, Mapping[date, int]],
    tariffs: Mapping[str, Tariff],
    catalog: Catalog,
    source: str,
) -> RowPattern | None:
    lines = f"FROM line WHERE json_extract_string(reason, '$.pattern') = '{pattern.number}'"
    ((rows, before, after, first, last),) = connection.execute(
        f"SELECT count(*), sum(before), sum(after), min(day), max(day) {lines}"
    ).fetchall()
    if not rows:
        return None
    scope = sorted(pattern.skus)
    every = [(day, n) for sku in scope for day, n in days.get(sku, {}).items()]
    within = sum(n for day, n in every if first <= day <= last)
    since = first if min(every)[0] < first else None
    until = last if max(every)[0] > last else None
    services = _services(connection, scope, catalog)
    candidate = pattern.candidate
    taken = connection.execute(f"SELECT DISTINCT after_tariff {lines}").fetchall()
    used = [tariffs[key] for (key,) in taken if key in tariffs]
    of_all = sum(n for own in days.values() for n in own.values())
    args: Args = {
        "rows": str(rows), "all": str(of_all), "billed": _money(after), "expected": _money(before),
        "percent": plain(abs(candidate.percent)), "vat": _shares(connection, pattern.number, tariffs),
        "apart": str(within - rows),
        **_scope(services, scope, catalog), **_days(since, until), "way": _way(candidate),
    }  # fmt: skip
    rivals: tuple[tuple[Text, Decimal], ...] = ()
    if pattern.rivals:
        ways = map(_way, (candidate, *pattern.rivals))
        rivals = tuple(zip(ways, map(amount_of, pattern.residuals), strict=True))
        args["ways"] = Text(
            en="; ".join(f"{way.en} (residual {_money_of(left)})" for way, left in rivals),
            ru="; ".join(f"{way.ru} (остаток {_money_of(left)})" for way, left in rivals),
        )
    return RowPattern(
        pattern.number, _kind(candidate), Problem(code=_code(pattern), source=source, args=args), rows, within - rows,
        amount_of(before), amount_of(after), first, last, candidate.percent or None,
        services if services is not None else (), () if services is not None else tuple(scope), rivals,
        tuple(_prices(used, candidate, first, until)), since, until,
    )  # fmt: skip


def _rows_by_day(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[date, int]]:
    """The bill's rows of each item by day."""
    found = connection.execute("""
        SELECT answer.sku_id, counted.day, sum(counted.rows) FROM (
            SELECT service, parameter, unit, day, count(*) AS rows FROM billed GROUP BY service, parameter, unit, day
        ) AS counted
        JOIN answer ON answer.service = counted.service AND answer.parameter = counted.parameter
            AND answer.unit = counted.unit
        WHERE answer.sku_id <> '' GROUP BY answer.sku_id, counted.day
    """).fetchall()
    by_sku: dict[str, dict[date, int]] = {}
    for sku_id, day, rows in found:
        by_sku.setdefault(sku_id, {})[day] = int(rows)
    return by_sku


def _services(connection: duckdb.DuckDBPyConnection, skus: list[str], catalog: Catalog) -> tuple[str, ...] | None:
    """The services a pattern is of, () for all that cost something; None when only some of a service's items are."""
    paid = connection.execute("SELECT DISTINCT sku_id FROM judged WHERE tariff IS NOT NULL AND cost > 0").fetchall()
    others = {sku_id for (sku_id,) in paid} - set(skus)
    if not others:
        return ()
    services = {catalog.by_id[sku].service for sku in skus}
    return None if services & {catalog.by_id[sku].service for sku in others} else tuple(sorted(services))


def _scope(services: tuple[str, ...] | None, skus: list[str], catalog: Catalog) -> Args:
    if services == ():
        return {"scope": ""}
    if services is None:
        names = [catalog.by_id[sku].name for sku in skus]
        return {
            "scope": Text(
                en=f" of {', '.join(dict.fromkeys(n.en for n in names))}",
                ru=f" по позициям {', '.join(dict.fromkeys(n.ru for n in names))}",
            ),
        }
    titles = ", ".join(dict.fromkeys(t for s in services for t in catalog.sections.get(s, (s,))[:1]))
    return {"scope": Text(en=f" of {titles}", ru=f" раздела {titles}")}


def _days(since: date | None, until: date | None) -> dict[str, Text]:
    """Between which days it holds, where the same items have rows beyond them."""
    return {
        "days": Text(
            en=(f", from {since}" if since else "") + (f", until {until}" if until else ""),
            ru=(f", с {since}" if since else "") + (f", по {until}" if until else ""),
        ),
    }


def _way(candidate: Candidate) -> Text:
    """The way itself in words."""
    en, ru = [], []
    if candidate.percent:
        percent = plain(abs(candidate.percent))
        below = candidate.percent > 0
        en.append(f"{percent} % {'below' if below else 'above'} the list")
        ru.append(f"на {percent} % {'ниже' if below else 'выше'} прайс-листа")
    if candidate.net:
        en.append("without VAT")
        ru.append("без НДС")
    words = candidate.kind.split(" ")
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word == "also":
            en.append("at the list's other column")
            ru.append("по другой колонке прайс-листа")
        elif word == "list" and after[:1].isdigit():
            en.append(f"by the list of {after}")
            ru.append(f"по прайс-листу от {after}")
        elif word == "list":
            en.append("at the list's price, not the contract's")
            ru.append("по цене прайс-листа, а не договора")
        elif word == "vat":
            percent = plain(Decimal(after) * 100)
            en.append(f"with VAT of {percent} %")
            ru.append(f"с НДС {percent} %")
        elif word == "rounded":
            en.append(_ROUNDED[after].en)
            ru.append(_ROUNDED[after].ru)
    return Text(en=", ".join(en), ru=", ".join(ru))


def _kind(candidate: Candidate) -> str:
    if candidate.percent:
        return "percent"
    if candidate.net:
        return "without_vat"
    if candidate.more:
        return "several"
    if candidate.kind.startswith(("also", "list")):
        return "price"
    return "vat" if candidate.kind.startswith("vat") else "rounding"


def _code(pattern: Pattern) -> str:
    kind, candidate = _kind(pattern.candidate), pattern.candidate
    if pattern.rivals:
        return "pattern_cannot_tell"
    if kind == "without_vat":
        return "pattern_without_vat"
    if candidate.percent:
        return "pattern_percent_net" if candidate.net else "pattern_below" if candidate.percent > 0 else "pattern_above"
    return "pattern_price" if kind == "price" else "pattern_other"


def _shares(connection: duckdb.DuckDBPyConnection, number: int, tariffs: Mapping[str, Tariff]) -> str:
    """100/122, for each rate of VAT that is left out."""
    taken = connection.execute(
        f"SELECT DISTINCT before_tariff FROM line WHERE json_extract_string(reason, '$.pattern') = '{number}'"
    ).fetchall()
    rates = sorted({tariffs[key].regime.tax.rate for (key,) in taken if key in tariffs})
    return ", ".join(f"100/{plain(100 + 100 * rate)}" for rate in rates)


def _prices(used: list[Tariff], candidate: Candidate, first: date, until: date | None) -> Iterable[ImpliedPrice]:
    """What a contract would name for the same amounts: another price of the list's own kind."""
    above = candidate.percent < 0 and not candidate.net
    if not above and not (candidate.kind.startswith(("also", "list 2")) and not candidate.more):
        return
    for tariff in used:
        rate: Any = tariff.regime.rate
        if rate.price is not None and rate.charge_model == "per_unit":
            with exact():
                price = rate.price * (1 - candidate.percent / 100)
            yield ImpliedPrice(tariff.regime.sku.sku_id, first, until, price, rate.per)


def _money(whole: int) -> str:
    return _money_of(amount_of(whole))


def _money_of(amount: Decimal) -> str:
    return f"{amount:f}"
