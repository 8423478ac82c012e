"""What a person should know of rows that were read: nothing here changes them.

Asked in SQL over the charges of one bill (or of several), wherever they lie. Prices are only compared here, as ratios
of sums; they are never money.
"""

import re
from decimal import Decimal
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import duckdb

from costlab.files.sql_text import identifier
from costlab.model.bill import Bill
from costlab.model.numbers import Args, Problem, Text

_NAMES = ("project", "resource_id", "service", "parameter", "resource_name")
_TELLING = ("resource_id", "parameter", "sku", "day", "quantity", "amount", "start")
_MAX_DISTINCT = 100_000
"""Distinct names looked at one by one; a column with more of them holds identifiers made by machines."""
_ALIKE = ("АВЕКМНОРСТУХаеорсухЁё", "ABEKMHOPCTYXaeopcyxЕе")
_SPACES = "[\\s\\x{a0}\\x{200b}-\\x{200f}\\x{2028}\\x{2029}\\x{feff}]+"
_SPOILED = re.compile("[РСÐÑ][\u0080-\u04ff\u2010-\u2122]")
_MARKED = 2
_LATIN = ("cp1251", "cp1252", "latin-1")
_SHOWN = 20
_NEAR = Decimal("0.0005")
_SHIFT = Decimal("0.002")
_SHIFTED_SHARE = Decimal("0.9")
_ENOUGH = 3
_WORTH = 20
"""Below this, a day's sum is too small for a price to be seen through its rounding."""
_UNIT_FACTORS = tuple(map(Decimal, ("1.024", "1.048576", "1.073741824", "60", "720", "1024")))
_TAXES = (
    (Decimal("1.22") / Decimal("1.20"), "VAT of 22 % instead of 20 %", "НДС 22 % вместо 20 %"),
    (Decimal("1.20"), "VAT of 20 % was added", "добавлен НДС 20 %"),
    (Decimal("1.22"), "VAT of 22 % was added", "добавлен НДС 22 %"),
    (1 / Decimal("1.20"), "VAT of 20 % was taken out", "убран НДС 20 %"),
    (1 / Decimal("1.22"), "VAT of 22 % was taken out", "убран НДС 22 %"),
)


def doubts(connection: duckdb.DuckDBPyConnection, relation: str, source: str) -> list[Problem]:
    """Warnings about the charges of `relation` (SQL): repeated rows, names that look alike, units, levels of prices."""

    def ask(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query).fetchall()

    repeated = _repeated(ask, relation, source)
    [counts] = ask(f"SELECT {', '.join(f'approx_count_distinct({n})' for n in _NAMES)} FROM {relation}")
    for name, count in zip(_NAMES, counts, strict=True):
        if 1 < count <= _MAX_DISTINCT or name in ("service", "parameter"):
            # Far fewer than rows; asked once.
            ask(f"CREATE OR REPLACE TEMP TABLE doubted AS SELECT DISTINCT {name} FROM {relation} WHERE {name} <> ''")
            repeated += _lookalikes(ask, "doubted", name, source)
            foreign = ask(f"SELECT {name} FROM doubted WHERE strlen({name}) <> length({name}) ORDER BY 1")
            repeated += _mojibake([t for [t] in foreign], name, source)
    units = f"(SELECT DISTINCT service, parameter, unit FROM {relation} WHERE unit <> '')"
    units = f"SELECT service, parameter, list_sort(list(unit)) FROM {units}"
    for service, parameter, seen in ask(f"{units} GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2 LIMIT {_SHOWN}"):
        args = {"what": " · ".join(filter(None, (service, parameter))), "units": ", ".join(seen)}
        repeated.append(Problem(code="unit_drift", source=source, args=args))
    return repeated + _prices(ask, relation, source)


def schema_changed(before: Bill, after: Bill) -> Problem | None:
    """A warning when two files of one format have other columns; labels come and go."""
    (old, new) = (
        {h for f, h in b.columns.items() if not f.startswith("label:")} | {h.strip() for h in b.ignored}
        for b in (before, after)
    )
    if old == new:
        return None
    lists = [", ".join(f"“{h}”" for h in sorted(part)) or "—" for part in (new - old, old - new)]
    args = {"first": before.source, "new": lists[0], "gone": lists[1]}
    return Problem(code="schema_changed", source=after.source, args=args)


def _repeated(ask: Any, relation: str, source: str) -> list[Problem]:
    """Rows that repeat another in everything but their line."""
    names = [identifier(name) for name, *_ in ask(f"DESCRIBE SELECT * FROM {relation}") if name not in ("line", "file")]
    rows, different = 0, -1
    for columns in (_TELLING, names):  # rows that differ in a few columns need not be compared in all of them
        if rows != different:
            key = f"hash({', '.join(columns)})"
            [[rows, different]] = ask(f"SELECT count(*), count(DISTINCT {key}) FROM {relation}")
    if rows == different:
        return []
    repeated = (
        f"SELECT {key} AS k, amount, count(*) AS n, list(line ORDER BY line)[2] AS second FROM {relation} GROUP BY 1, 2"
    )
    sums = ask(f"SELECT amount, CAST(sum(n - 1) AS BIGINT), min(second) FROM ({repeated}) WHERE n > 1 GROUP BY 1")
    money = sum((amount * count for amount, count, _ in sums), Decimal(0))
    args = {"count": str(rows - different), "money": _plain(money), "first": str(min(line for *_, line in sums))}
    return [Problem(code="duplicate_rows", source=source, args=args)]


def _lookalikes(ask: Any, names: str, name: str, source: str) -> list[Problem]:
    """Distinct names that differ only in letters of another alphabet, invisible characters, spaces or case."""
    text = (
        f"trim(regexp_replace(translate(nfc_normalize({name}), '{_ALIKE[0]}', '{_ALIKE[1]}'), '{_SPACES}', ' ', 'g'))"
    )
    folded = text if name == "resource_id" else f"lower({text})"
    pairs = f"SELECT min({name}), max({name}) FROM {names} GROUP BY {folded}"
    alike = ask(f"SELECT * FROM ({pairs} HAVING count(DISTINCT {name}) > 1) ORDER BY 1")
    if not alike:
        return []
    args = {"field": name, "first": alike[0][0], "second": alike[0][1], "count": str(len(alike))}
    return [Problem(code="lookalike_names", source=source, args=args)]


def _mojibake(texts: list[str], name: str, source: str) -> list[Problem]:
    """Names that were UTF-8 and were read as another encoding before they came here."""
    spoiled = [(t, meant) for t in texts if len(_SPOILED.findall(t)) >= _MARKED and (meant := _meant(t))]
    if not spoiled:
        return []
    args = {"field": name, "value": spoiled[0][0], "meant": spoiled[0][1], "count": str(len(spoiled))}
    return [Problem(code="mojibake", source=source, args=args)]


def _meant(text: str) -> str:
    for encoding in _LATIN:
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if re.search("[А-Яа-яЁё]", meant):
            return meant
    return ""


def _prices(ask: Any, relation: str, source: str) -> list[Problem]:
    """Days from which every price, or the price of one item, is another by a factor that means something."""
    daily = (
        f"SELECT service, parameter, unit, day, sum(amount + bonus), sum(quantity) FROM {relation} "
        f"WHERE quantity > 0 AND category = 'Usage' GROUP BY 1, 2, 3, 4 "
        f"HAVING sum(amount + bonus) >= {_WORTH} AND min(currency) = max(currency) ORDER BY 1, 2, 3, 4"
    )
    shifts: dict[Any, list[tuple[Decimal, str]]] = {}
    for (service, parameter, _), rows in groupby(ask(daily), key=lambda r: r[:3]):
        prices = [(day, amount / quantity) for *_, day, amount, quantity in rows]
        for (_, before), (day, after) in pairwise(prices):
            what = " · ".join(filter(None, (service, parameter)))
            shifts.setdefault(day, []).append((after / before, what))
    found = []
    for day, ratios in sorted(shifts.items()):
        level = median(r for r, _ in ratios)
        same = sum(abs(r / level - 1) < _NEAR for r, _ in ratios)
        if len(ratios) >= _ENOUGH and same >= len(ratios) * _SHIFTED_SHARE and abs(level - 1) > _SHIFT:
            args: Args = {"day": day.isoformat(), "factor": f"{level:.4f}", "count": str(same), "hint": ""}
            tax = next(((en, ru) for f, en, ru in _TAXES if abs(level / f - 1) < _NEAR), None)
            if tax:
                args["hint"] = Text(en=f": {tax[0]}", ru=f": {tax[1]}")
            found.append(Problem(code="price_level_shift", source=source, args=args))
            continue
        for ratio, what in ratios:
            if any(abs(r / f - 1) < _NEAR for f in _UNIT_FACTORS for r in (ratio, 1 / ratio)):
                args = {"what": what, "day": day.isoformat(), "factor": f"{ratio:.4f}"}
                found.append(Problem(code="unit_jump", source=source, args=args))
    return found[:_SHOWN]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
