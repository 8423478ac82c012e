"""Rows that differ in one way are one finding: without VAT, a percentage off, the other column, another date's list.

Candidates are what `infer.py` found row by row, VAT left out (100/122 of the list), and the percentages that the rows
themselves name: an amount rounded to the kopeck allows an interval of percentages, a large amount a narrow one. An
interval in which several percentages fit says nothing, so that small rows do not decide. Every candidate is then rated
by the rating program, and explains the rows whose amount it gives: to the last digit, or of a percentage and of VAT
to the kopeck, which is what taking them of a rounded amount does; that kopeck is rounding. A percentage that nobody
agreed on is another price; as a contract it becomes what is expected.

The candidate that explains most money of an item is its pattern when it explains most of the item's rows that differ;
of equals the simpler one, and of equally simple ones nobody can tell: all are named, with what each leaves.
Works on `doubt` and `verdict` of `infer.py`, one row for each different question, never on the rows of the bill.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.compare.infer import alternatives
from costlab.compare.rerate import Rerated
from costlab.compare.split import Tariff
from costlab.compare.totals import KOPECK
from costlab.compare.without_vat import untaxed
from costlab.engine import duckdb as engine
from costlab.i18n.reasons import reason

_ASKED = 20_000
"""How many questions that differ, the most money first, decide."""
_ASKED_FOR_PERCENT = 1_000
"""How many questions, the largest amounts first, are asked which percentage they are off."""
_PERCENTS = 6
"""How many percentages are tried."""
_DECIMALS = 2
"""The most decimals of a percentage."""
_AGREED = 1
"""Decimals of a percentage that assume nothing."""
_LEAST_ROWS = 3
"""Fewer rows than this are no pattern."""
_NEAR_FROM = 1000 * KOPECK
"""A percentage, or VAT left out, taken of an amount that was rounded already ends a kopeck beside what the rating
program gives; of smaller amounts a kopeck decides nothing."""
_LEAST_QUESTIONS = 2
"""A percentage that is not whole must be seen in so many different amounts."""


@dataclass(frozen=True)
class Candidate:
    """One way in which rows may differ; the same for every tariff."""

    kind: str
    """`without_vat`, `percent`, or the words of `infer.py`: `also published`, `list 2024-04-19`, `rounded up`…"""
    more: int = 0
    """How many changes it makes beside the first."""
    percent: Decimal = Decimal(0)
    """How much below the list (above it: negative)."""
    net: bool = False
    """Without VAT."""

    @property
    def name(self) -> str:
        """What tells it apart in a tariff's key."""
        return f"{self.kind} {self.percent.normalize():f}{' net' * self.net}" if self.percent else self.kind

    @property
    def is_share(self) -> bool:
        """Whether it may have been taken of a rounded amount: a percentage, VAT left out, another VAT."""
        return self.net or bool(self.percent) or self.kind.startswith("vat ")

    @property
    def simplicity(self) -> int:
        """How much it assumes: a fact or an agreeable percentage (10, 37.5) nothing, each change more one.

        16.67 % assumes as much as two more: with two decimals nearly every amount is some percentage.
        """
        exponent = self.percent.normalize().as_tuple().exponent
        odd = isinstance(exponent, int) and -exponent > _AGREED
        return self.more + 2 * odd


@dataclass
class Pattern:
    """A way in which rows differ, and the items it holds for."""

    number: int
    candidate: Candidate
    skus: set[str] = field(default_factory=set)
    rivals: tuple[Candidate, ...] = ()
    """Others that explain just the same rows."""
    residuals: list[int] = field(default_factory=list)
    """What it, and each rival, leaves of the items' rows that differ, without signs."""


Hits = dict[tuple[str, Candidate], set[int]]
Tariffs = dict[tuple[str, Candidate], Tariff]
_FITS = f"(cost = billed OR (near AND abs(cost - billed) <= {KOPECK}))"
_DECIDES = f"(cost = billed OR (near AND abs(cost - billed) <= {KOPECK} AND billed >= {_NEAR_FROM}))"
_DIFFERS = "billed <> expected_cost AND billed > 0 AND expected_cost > 0"


def find_patterns(
    connection: duckdb.DuckDBPyConnection, rerated: Rerated, catalog: Catalog, used: dict[str, Tariff]
) -> tuple[list[Pattern], dict[str, Tariff]]:
    """The patterns of the questions that differ; their rows get the tariff of their pattern in `verdict`.

    `used`: the tariffs that `infer` found. Returns the patterns and the tariffs they bring.
    """
    differing = connection.execute(f"""
        SELECT doubt, sku_id, tariff, billed, expected_cost, rows FROM doubt WHERE {_DIFFERS}
        ORDER BY billed * rows DESC, doubt LIMIT {_ASKED}
    """).fetchall()
    questions = {row[0]: _Question(*row[1:]) for row in differing}
    if sum(q.rows for q in questions.values()) < _LEAST_ROWS:
        return [], {}
    own = [key for (key,) in connection.execute(f"SELECT DISTINCT tariff FROM doubt WHERE {_DIFFERS}").fetchall()]
    tariffs = _tariffs(own, [*_percents(questions.values(), rerated), Candidate("without_vat", net=True)], rerated)
    tariffs |= _known(own, used, rerated, catalog)
    patterns = _chosen(_hits(connection, tariffs, questions), questions)
    brought = _apply(connection, patterns, tariffs)
    return patterns, brought


@dataclass(frozen=True)
class _Question:
    sku_id: str
    tariff: str
    billed: int
    expected: int
    rows: int

    @property
    def money(self) -> int:
        """What it is worth in a vote."""
        return self.billed * self.rows


def _known(own: list[str], used: dict[str, Tariff], rerated: Rerated, catalog: Catalog) -> Tariffs:
    """What `infer` tries: every single change, and of several at once those that it found."""
    tariffs: Tariffs = {}
    for key in own:
        for other in alternatives(rerated.tariffs[key], rerated, catalog):
            if other.changes == 1 or (other.changes and other.tariff.key in used):
                tariffs[key, Candidate(other.kind, other.changes - 1)] = other.tariff
    return tariffs


def _percents(questions: Iterable[_Question], rerated: Rerated) -> list[Candidate]:
    """The percentages that most money names, with VAT and without: the simplest one in each row's interval."""
    votes: dict[Candidate, int] = defaultdict(int)
    for q in sorted(questions, key=lambda q: -q.money)[:_ASKED_FOR_PERCENT]:
        vat = 1 + Fraction(rerated.tariffs[q.tariff].regime.tax.rate)
        for net in (False, True):
            expected = Fraction(q.expected) / (vat if net else 1)
            percent = simplest_percent(Fraction(q.billed), expected)
            if percent is not None:
                votes[Candidate("percent", int(net), percent, net)] += q.money
    return sorted(votes, key=lambda c: -votes[c])[:_PERCENTS]


def simplest_percent(billed: Fraction, expected: Fraction) -> Decimal | None:
    """How many percent an amount is below another, both rounded to the kopeck, in the fewest decimals that tell.

    None where the amounts are too small to tell, or agree.

    >>> simplest_percent(Fraction(10192 * KOPECK), Fraction(11324 * KOPECK))
    Decimal('10')
    >>> simplest_percent(Fraction(9 * KOPECK), Fraction(10 * KOPECK)) is None
    True
    """
    half = Fraction(KOPECK, 2)
    low = 1 - (billed + half) / max(expected - half, half)
    high = 1 - (billed - half) / (expected + half)
    if low <= 0 <= high:
        return None
    for decimals in range(_DECIMALS + 1):
        scale = 100 * 10**decimals
        first, last = ceil(low * scale), floor(high * scale)
        if first == last:
            return Decimal(first).scaleb(-decimals)
        if first < last:
            return None
    return None


def _tariffs(own: list[str], candidates: Iterable[Candidate], rerated: Rerated) -> Tariffs:
    made = {(key, c): _tariff(rerated.tariffs[key], c) for c in candidates for key in own}
    return {key: tariff for key, tariff in made.items() if tariff is not None}


def _tariff(own: Tariff, candidate: Candidate) -> Tariff | None:
    """What a tariff becomes under a candidate; None where it does not apply."""
    key, regime = f"{own.key}|{candidate.name}", own.regime
    if (candidate.percent and regime.rate.contract) or (candidate.net and not regime.tax.rate):
        return None
    regime = replace(regime, factor=regime.factor * (1 - Fraction(candidate.percent) / 100))
    return Tariff(key, untaxed(regime, key) if candidate.net else replace(regime, price_key=key))


def _hits(connection: duckdb.DuckDBPyConnection, tariffs: Tariffs, questions: dict[int, _Question]) -> Hits:
    """Item and candidate → the questions whose amount the candidate gives."""
    asked = pa.table({"doubt": pa.array(list(questions), pa.int64())})
    engine.create(connection, "asked_doubt", asked)
    keys = list(tariffs)
    _rate(connection, keys, tariffs, "doubt.doubt IN (SELECT doubt FROM asked_doubt)")
    rows = connection.execute(f"SELECT doubt, number FROM trial_cost WHERE {_DECIDES}").fetchall()
    engine.drop(connection, "asked_doubt", "trial_cost")
    hits: Hits = defaultdict(set)
    for doubt, number in rows:
        hits[questions[doubt].sku_id, keys[number][1]].add(doubt)
    return hits


def _rate(
    connection: duckdb.DuckDBPyConnection, keys: list[tuple[str, Candidate]], tariffs: Tariffs, chosen: str
) -> None:
    """`trial_cost`: what each chosen question would have cost under each candidate (`number` in `keys`)."""
    table = {
        "tariff": pa.array([own for own, _ in keys], pa.string()),
        "number": pa.array(range(len(keys)), pa.int64()),
        "price_key": pa.array([tariffs[key].key for key in keys], pa.string()),
        "near": pa.array([c.is_share for _, c in keys], pa.bool_()),
    }
    engine.create(connection, "trial_tariff", pa.table(table))
    width = len(keys) or 1
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE usage AS
        SELECT doubt * {width} + number AS usage_id, price_key, start_minute, start_minute + 1440 AS end_minute,
            quantity
        FROM doubt JOIN trial_tariff ON trial_tariff.tariff = doubt.tariff
        WHERE {_DIFFERS} AND {chosen}
    """)
    history = {tariffs[key].key: tariffs[key].regime for key in keys}
    engine.create_price_tables(connection, list(history.values()), engine.span(connection))
    rated = f"SELECT usage_id, sum(cost) * {KOPECK} AS cost FROM ({engine.sql('rate')}) GROUP BY usage_id"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE trial_cost AS
        SELECT doubt.doubt, doubt.sku_id, doubt.rows, doubt.billed, trial_tariff.number, rated.cost, trial_tariff.near
        FROM ({rated}) AS rated
        JOIN doubt ON doubt.doubt = rated.usage_id // {width}
        JOIN trial_tariff ON trial_tariff.number = rated.usage_id % {width}
    """)
    engine.drop(connection, "trial_tariff", "usage")


def _chosen(hits: Hits, questions: dict[int, _Question]) -> list[Pattern]:
    """The patterns, the one that explains most money of the bill first; each item has one at most."""
    open_skus = {q.sku_id for q in questions.values()}
    differing = {sku: sum(q.rows for q in questions.values() if q.sku_id == sku) for sku in open_skus}
    candidates = list(dict.fromkeys(c for _, c in hits))
    patterns: list[Pattern] = []
    while open_skus:
        covered = {c: list(_covered(c, open_skus, hits, questions, differing)) for c in candidates}
        explained = {c: {d for sku in skus for d in hits[sku, c]} for c, skus in covered.items()}
        money = {c: sum(questions[d].money for d in doubts) for c, doubts in explained.items()}
        ranked = sorted((c for c in candidates if _enough(c, explained[c], questions)),
                        key=lambda c: (-money[c], c.simplicity, bool(c.percent), c.name))  # fmt: skip
        if not ranked:
            break
        best = ranked[0]
        rivals = tuple(c for c in ranked[1:]
                       if explained[c] == explained[best] and c.simplicity <= best.simplicity)  # fmt: skip
        patterns.append(Pattern(len(patterns) + 1, best, set(covered[best]), rivals))
        open_skus -= set(covered[best])
    return patterns


def _covered(
    candidate: Candidate, skus: set[str], hits: Hits, questions: dict[int, _Question], differing: dict[str, int]
) -> Iterator[str]:
    """The items most of whose differing rows a candidate explains."""
    for sku in skus:
        if sum(questions[d].rows for d in hits.get((sku, candidate), ())) * 2 > differing[sku]:
            yield sku


def _enough(candidate: Candidate, explained: set[int], questions: dict[int, _Question]) -> bool:
    """Whether there is enough to speak of a pattern."""
    if sum(questions[d].rows for d in explained) < _LEAST_ROWS:
        return False
    return candidate.simplicity == 0 or len(explained) >= _LEAST_QUESTIONS


def _apply(connection: duckdb.DuckDBPyConnection, patterns: list[Pattern], tariffs: Tariffs) -> dict[str, Tariff]:
    """Give every question of a pattern its tariff; what `infer` said of the same tariff stays, with the number.

    Where nobody can tell between several, a question keeps what `infer` said of it, or the price of its amount.
    """
    of_sku = {sku: p for p in patterns for sku in p.skus}
    keys = [
        (own, c) for (own, c), tariff in tariffs.items()
        if (p := of_sku.get(tariff.regime.sku.sku_id)) and c in (p.candidate, *p.rivals)
    ]  # fmt: skip
    _rate(connection, keys, tariffs, "true")
    owners = [of_sku[tariffs[key].regime.sku.sku_id] for key in keys]
    columns = {
        "number": pa.array(range(len(keys)), pa.int64()),
        "pattern": pa.array([p.number for p in owners], pa.int64()),
        "place": pa.array(
            [(p.candidate, *p.rivals).index(c) for p, (_, c) in zip(owners, keys, strict=True)], pa.int64()
        ),
        "price_key": pa.array([tariffs[key].key for key in keys], pa.string()),
        "certain": pa.array([not p.rivals for p in owners], pa.bool_()),
        "why": pa.array([_reason(p) for p in owners], pa.string()),
    }
    engine.create(connection, "pattern_tariff", pa.table(columns))
    residuals = connection.execute("""
        SELECT pattern, place, sum(rows * abs(billed - cost)) FROM trial_cost JOIN pattern_tariff USING (number)
        GROUP BY pattern, place ORDER BY pattern, place
    """).fetchall()
    for number, _, residual in residuals:
        patterns[number - 1].residuals.append(residual)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE verdict AS
        WITH of_pattern AS (
            SELECT doubt, CASE WHEN certain THEN price_key END AS tariff, why
            FROM trial_cost JOIN pattern_tariff USING (number) WHERE place = 0 AND {_FITS}
        )
        SELECT verdict.doubt, verdict.tariff,
            CASE WHEN of_pattern.doubt IS NULL THEN verdict.reason
                ELSE json_merge_patch(coalesce(verdict.reason, '{{}}'), of_pattern.why) END AS reason
        FROM verdict LEFT JOIN of_pattern ON of_pattern.doubt = verdict.doubt
        WHERE of_pattern.doubt IS NULL OR of_pattern.tariff IS NULL OR of_pattern.tariff = verdict.tariff
        UNION ALL
        SELECT of_pattern.doubt, of_pattern.tariff, of_pattern.why
        FROM of_pattern LEFT JOIN verdict ON verdict.doubt = of_pattern.doubt
            AND (of_pattern.tariff IS NULL OR verdict.tariff = of_pattern.tariff)
        WHERE verdict.doubt IS NULL
    """)
    engine.drop(connection, "trial_cost", "pattern_tariff")
    return {tariffs[key].key: tariffs[key] for key in keys}


def _reason(pattern: Pattern) -> str:
    """Why a row of a pattern was billed as it was, as JSON; what `infer` knows it says itself."""
    candidate, args = pattern.candidate, {"pattern": str(pattern.number)}
    if pattern.rivals:
        return json.dumps(args)
    if candidate.percent:
        code = "below_list" if candidate.percent > 0 else "above_list"
        percent = f"{abs(candidate.percent).normalize():f}"
        return reason(f"{code}_net" if candidate.net else code, percent=percent, **args)
    return reason("without_vat", **args) if candidate.net else json.dumps(args)
