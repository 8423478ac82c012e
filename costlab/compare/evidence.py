"""A bill's row names an item that several services sell at different prices: which one was bought is found by evidence.

Nobody documents that the granular report names the section, and the price list prints one name ("CPU, Intel Ice Lake",
"RAM") for up to eight services. In this order of strength: the resource (all its rows belong together; the section that
explains most of its money wins, and what does not agree with it is a price difference; of equals the one that an item
of its own names), then the row's own amount (exactly one candidate gives it, or several cost the same), then the
project (it has just one section). What none of these settles stays without a price, with the candidates and the
difference that each would leave. Amounts may be without VAT, or a percentage off the list: see evidence_fit.py.

A row that is settled is asked under a service of our own making (`marked`), so that the rest of the comparison knows
nothing of evidence. A bill without such rows pays for none of this.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import pyarrow as pa

from costlab.catalog.loading import Catalog
from costlab.catalog.naming import Answer, BillItem, candidates, names_of, no_price
from costlab.compare.evidence_fit import create_fit
from costlab.compare.totals import amount_of
from costlab.engine import duckdb as engine
from costlab.i18n.reasons import reason
from costlab.model.numbers import Args, Problem, Text
from costlab.model.prices import Sku

_MARK = "\x1f"
_PARTS = 3
"""What stands before, between and behind the marks: nothing, SKU and evidence; the rest is the bill's own text."""
EVIDENCE: dict[str, Text] = {
    "amounts": Text(en="by the amounts of its resource", ru="по суммам её ресурса"),
    "resource": Text(en="by the other rows of its resource", ru="по другим строкам её ресурса"),
    "item": Text(en="by another item of its resource", ru="по другой позиции её ресурса"),
    "amount": Text(en="by its amount", ru="по её сумме"),
    "one_of": Text(en="one of several at the same price", ru="одна из нескольких с той же ценой"),
    "project": Text(en="by the rest of its project", ru="по остальному проекту"),
    "unit": Text(en="by its unit", ru="по её единице"),
    "name": Text(en="by the name of its item", ru="по названию позиции"),
}
"""How the service of a row was found, in words."""


@dataclass
class Settled:
    """What evidence came to."""

    answers: dict[BillItem, Answer] = field(default_factory=dict)
    """By the marked item; those that nothing settled by the item as the bill writes it."""
    problems: list[Problem] = field(default_factory=list)


def marked(sku_id: str, evidence: str, service: str) -> str:
    """The service under which a settled row is asked."""
    return _MARK.join(("", sku_id, evidence, service))


def _why(evidence: str, section: str) -> str:
    """How an answer was found, as JSON for the sentence of its lines."""
    return reason("", evidence=EVIDENCE[evidence], section=section)


def said(service: str) -> str:
    """The service as the bill writes it."""
    return service.split(_MARK, _PARTS)[_PARTS] if service.startswith(_MARK) else service


def settle(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, answers: dict[BillItem, Answer], source: str, day: date
) -> Settled:
    """Find what the ambiguous rows of the view `charge` mean; creates the view `billed` that says it, and its `tally`.

    `day`: whose list month a unit of months is in. Reads the table `calendar`, cut by the regimes of every candidate.
    """
    names = names_of(catalog)
    several = {item: found for item in answers if len(found := candidates(item, catalog, names, day)) > 1}
    connection.execute("CREATE OR REPLACE TEMP VIEW billed AS SELECT * FROM charge")
    homes = _homes(catalog)
    settled = _by_words(connection, answers, homes, source)
    connection.execute(engine.sql("tally", "costlab.compare"))
    if not several:
        return settled
    _create_candidates(connection, several, answers, homes)
    create_fit(connection, {s.sku_id: s for found in several.values() for s, _ in found}, catalog)
    for statement in engine.sql("evidence", "costlab.compare").split(";\n"):
        connection.execute(statement)
    _by_project(connection)
    connection.execute(_GAPS)
    connection.execute(_BILLED)
    connection.execute(engine.sql("tally", "costlab.compare"))
    kinds = connection.execute(
        "SELECT service, parameter, unit, sum(rows), sum(rows * whole_amount) FROM tally GROUP BY 1, 2, 3"
    ).fetchall()
    counted: list[_Counted] = []
    by_sku = {item: {s.sku_id: (s, factor) for s, factor in found} for item, found in several.items()}
    for service, parameter, unit, rows, money in kinds:
        if service.startswith(_MARK):
            _, sku_id, evidence, own = service.split(_MARK, _PARTS)
            sku, factor = by_sku[BillItem(own, parameter, unit)][sku_id]
            section = homes[sku.service]
            counted.append((evidence, section, rows, amount_of(money)))
            answer = Answer(sku, factor, evidence=_why(evidence, section))
            settled.answers[BillItem(service, parameter, unit)] = answer
    settled.answers |= dict(_unsettled(connection, several, homes))
    settled.problems += _told(counted, source)
    engine.drop(connection, "candidate", "certain", "fit", "explained", "homely", "home_of", "gap")
    return settled


def _homes(catalog: Catalog) -> dict[str, str]:
    """Service → the section of the price list that prints it."""
    return {s.service: next(iter(catalog.sections.get(s.service, ())), s.service) for s in catalog.skus}


_CANDIDATE = pa.schema(
    [
        *((n, pa.string()) for n in ("service", "parameter", "unit", "sku_id", "home")),
        ("numerator", pa.decimal128(38, 0)),
        ("denominator", pa.decimal128(38, 0)),
    ]
)


def _create_candidates(
    connection: duckdb.DuckDBPyConnection,
    several: dict[BillItem, list[tuple[Sku, Fraction]]],
    answers: dict[BillItem, Answer],
    homes: dict[str, str],
) -> None:
    rows = [
        {"service": i.service, "parameter": i.parameter, "unit": i.unit, "sku_id": sku.sku_id,
         "home": homes[sku.service], "numerator": Decimal(factor.numerator), "denominator": Decimal(factor.denominator)}
        for i, found in several.items() for sku, factor in found
    ]  # fmt: skip
    engine.create(connection, "candidate", pa.Table.from_pylist(rows, schema=_CANDIDATE))
    known = [
        {"service": i.service, "parameter": i.parameter, "unit": i.unit, "home": homes[a.sku.service]}
        for i, a in answers.items() if a.sku is not None
    ]  # fmt: skip
    fields = pa.schema([(n, pa.string()) for n in ("service", "parameter", "unit", "home")])
    engine.create(connection, "certain", pa.Table.from_pylist(known, schema=fields))


def _by_project(connection: duckdb.DuckDBPyConnection) -> None:
    """`by_project`: what is left of a project in which everything that is known is of one section."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE project_home AS
        SELECT project, min(home) AS home FROM (
            SELECT by_resource.project, candidate.home FROM by_resource
            JOIN candidate
                ON candidate.sku_id = by_resource.sku_id AND candidate.service = by_resource.service
                AND candidate.parameter = by_resource.parameter AND candidate.unit = by_resource.unit
        ) WHERE project <> '' GROUP BY project HAVING count(DISTINCT home) = 1
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE by_project AS
        SELECT project_home.project, candidate.service, candidate.parameter, candidate.unit,
            min(candidate.sku_id) AS sku_id
        FROM project_home JOIN candidate ON candidate.home = project_home.home
        GROUP BY project_home.project, candidate.service, candidate.parameter, candidate.unit
        HAVING count(*) = 1
    """)


_GAPS = """
CREATE OR REPLACE TEMP TABLE gap AS
SELECT tally.service, tally.parameter, tally.unit, tally.stretch, tally.quantity, tally.amount, tally.bonus, fit.sku_id,
    tally.whole_amount + tally.whole_bonus - fit.cost AS money
FROM tally JOIN fit ON fit.tally = tally.tally
"""
_BILLED = """
CREATE OR REPLACE TEMP VIEW billed AS
SELECT charge.* EXCLUDE (service), CASE
    WHEN by_resource.sku_id IS NOT NULL THEN
        chr(31) || by_resource.sku_id || chr(31) || by_resource.evidence || chr(31) || charge.service
    WHEN by_amount.sku_id IS NOT NULL THEN
        chr(31) || by_amount.sku_id || chr(31) || CASE by_amount.evidence WHEN 'amounts' THEN 'amount' ELSE 'one_of' END
            || chr(31) || charge.service
    WHEN by_project.sku_id IS NOT NULL THEN
        chr(31) || by_project.sku_id || chr(31) || 'project' || chr(31) || charge.service
    ELSE charge.service END AS service
FROM charge
JOIN calendar ON calendar.day = charge.day
LEFT JOIN by_resource
    ON by_resource.project = charge.project AND by_resource.resource_id = charge.resource_id
    AND by_resource.service = charge.service AND by_resource.parameter = charge.parameter
    AND by_resource.unit = charge.unit AND by_resource.equals = 1
LEFT JOIN by_amount
    ON by_amount.service = charge.service AND by_amount.parameter = charge.parameter AND by_amount.unit = charge.unit
    AND by_amount.stretch = calendar.stretch AND by_amount.quantity IS NOT DISTINCT FROM charge.quantity
    AND by_amount.amount = charge.amount AND by_amount.bonus = charge.bonus
LEFT JOIN by_project
    ON by_project.project = charge.project AND by_project.service = charge.service
    AND by_project.parameter = charge.parameter AND by_project.unit = charge.unit
"""


def _unsettled(
    connection: duckdb.DuckDBPyConnection, several: dict[BillItem, list[tuple[Sku, Fraction]]], homes: dict[str, str]
) -> Iterator[tuple[BillItem, Answer]]:
    """Items of rows that nothing settled: the candidates, and the difference that each would leave."""
    left = connection.execute("""
        SELECT gap.service, gap.parameter, gap.unit, gap.sku_id, sum(tally.rows * gap.money)
        FROM tally
        JOIN gap
            ON gap.service = tally.service AND gap.parameter = tally.parameter AND gap.unit = tally.unit
            AND gap.stretch = tally.stretch AND gap.quantity IS NOT DISTINCT FROM tally.quantity
            AND gap.amount = tally.amount AND gap.bonus = tally.bonus
        GROUP BY gap.service, gap.parameter, gap.unit, gap.sku_id ORDER BY 1, 2, 3, 4
    """).fetchall()
    gaps: dict[BillItem, dict[str, int]] = {}
    for service, parameter, unit, sku_id, gap in left:
        gaps.setdefault(BillItem(service, parameter, unit), {})[sku_id] = gap
    for item, found in several.items():
        known = {sku_id: f": {amount_of(gap):+f}" for sku_id, gap in gaps.get(item, {}).items()}
        named = ", ".join(f"{homes[sku.service]} ({sku.sku_id}{known.get(sku.sku_id, '')})" for sku, _ in found)
        why = Text(
            en=f"several items have this name, and nothing tells which; each would leave a difference: {named}",
            ru=f"это имя у нескольких позиций, и ничто не говорит, какая из них; разница с каждой: {named}",
        )
        yield (
            item,
            Answer(why=no_price(why)),
        )


def _by_words(
    connection: duckdb.DuckDBPyConnection, answers: dict[BillItem, Answer], homes: dict[str, str], source: str
) -> Settled:
    """Rows whose words alone decide, but not their section: it has no such item, or only the unit tells."""
    by_words = {item: a for item, a in answers.items() if a.sku is not None and a.by}
    settled = Settled()
    if not by_words:
        return settled
    rows = connection.execute(
        "SELECT service, parameter, unit, count(*), sum(amount) FROM charge GROUP BY service, parameter, unit"
    ).fetchall()
    counted: list[_Counted] = []
    for service, parameter, unit, count, money in rows:
        item = BillItem(service, parameter, unit)
        if (own := by_words.get(item)) is not None and own.sku is not None:
            section = homes[own.sku.service]
            settled.answers[item] = replace(own, evidence=_why(own.by, section))
            counted.append((own.by, section, count, money))
    settled.problems += _told(counted, source)
    return settled


_Counted = tuple[str, str, int, Decimal]
"""Evidence, section, rows, their money."""


def _told(counted: Iterable[_Counted], source: str) -> Iterator[Problem]:
    """One line for each way and section: how many rows were taken for it, and how much money."""
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for evidence, section, rows, money in counted:
        before = sums.get((evidence, section), (0, Decimal(0)))
        sums[evidence, section] = (before[0] + rows, before[1] + money)
    for (evidence, section), (rows, money) in sorted(sums.items()):
        words = EVIDENCE[evidence]
        args: Args = {"rows": str(rows), "section": section, "money": f"{money.normalize() + 0:f}", "evidence": words}
        yield Problem(code="service_by_evidence", source=source, args=args)
