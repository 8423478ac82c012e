"""Check a FOCUS file (Cost and Usage, CSV or Parquet) against the specification; a finding says how often and where.

The rows stay text, so that nothing is rounded on the way; arithmetic is exact (engine/focus_product.sql). The rules are
data (focus_rules.py): one pass counts the rows that break each, a second one finds the first of them. An empty cell
is null, in a CSV and in Parquet.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from costlab.engine.duckdb import connect, sql
from costlab.errors import InputError
from costlab.files.tables import Irregular, Table, open_table, settle, write_rows
from costlab.focus import rules as data
from costlab.focus.columns import LATER, SPECIFIED
from costlab.focus.rules import Keyword, Rule
from costlab.model.numbers import KOPECK, Problem, exact

_NAMES = {c.name: c.type for c in SPECIFIED}
_PLAIN = {re.sub(r"[\W_]+", "", name).casefold(): name for name in (*_NAMES, *LATER)}
_FEWEST = 5
"""So many columns of the specification make a table a FOCUS file, however broken."""
_COSTS = ("BilledCost", "ListCost", "ContractedCost", "EffectiveCost")
_PARSED = ("ListCost", "ContractedCost", "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity",
           "PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice")  # fmt: skip
_READ_AT_ONCE = 10_000
"""Documents whose taxes are looked at one by one."""
_AT_ONCE = 40
"""Rules in one pass: DuckDB plans one wide question slower than several."""


@dataclass(frozen=True)
class Finding:
    """A rule that rows (or, for `one`, `tax` and invoices, keys) break: how many, the first line, an example."""

    rule: str
    column: str
    keyword: Keyword
    count: int
    line: int | None
    example: str
    args: tuple[tuple[str, str], ...] = ()
    """What the words of the rule name."""


@dataclass(frozen=True)
class Checked:
    """A file that was checked; `rows` + `set_aside` are its rows."""

    source: str
    columns: tuple[str, ...]
    rows: int
    set_aside: int
    """Lines that are no rows of the table; a finding too."""
    rules: int
    """Rules that applied: their columns are there."""
    invoices: tuple[tuple[str, str, Decimal], ...]
    """InvoiceId ("" for none), BillingCurrency, Σ BilledCost."""
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether the file breaks no MUST of the specification."""
        return not any(f.keyword == "must" for f in self.findings)


def check_file(path: Path | str, invoices: Mapping[str, Decimal] | None = None) -> Checked:
    """Check one file; `invoices` are payable amounts the sums must equal, by InvoiceId.

    Raises `InputError` when the file is no table, or not a FOCUS table of charges.
    """
    table = open_table(path, _score)
    names, header = _named(table.header)
    if len(set(names.values()) & set(_NAMES)) < _FEWEST or "BilledCost" not in names.values():
        raise InputError(Problem(code="not_focus", source=table.source))
    with TemporaryDirectory(prefix="costlab-") as folder, connect() as connection, exact():
        rows = _typed(connection, table, names, Path(folder))
        columns = list(names.values())
        found = list(header)
        if table.rejected:
            line, _, text = table.rejected[0]
            found.append(Finding("row", "", "must", len(table.rejected), line, text[:200]))
        found += [Finding("absent", name, keyword, rows, None, "") for name, keyword in data.missing(columns)]
        applied = [r for r in data.rules() if r.columns <= {*columns, *data.SUPPOSED_NULL}]
        found += _broken(connection, applied)
        each = [(k, c, w) for k, c, w in data.ONE_EACH if k in columns and c in columns]
        found += [f for key, column, keyword in each for f in _one_each(connection, key, column, keyword)]
        sums = _invoices(connection, columns)
        found += _payable(sums, invoices or {})
        found += _taxes(connection, columns)
    rank = {"must": 0, "should": 1, "doubt": 2}
    found.sort(key=lambda f: rank[f.keyword])
    return Checked(
        table.source, table.header, rows, len(table.rejected), len(applied) + len(each), tuple(sums), tuple(found)
    )


def _score(cells: list[str]) -> int:
    return sum(_plain(c) in _PLAIN for c in cells)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _named(header: Sequence[str]) -> tuple[dict[int, str], list[Finding]]:
    """Which cell holds which column of the specification, and what is wrong with the names."""
    names: dict[int, str] = {}
    named: list[Finding] = []
    for n, text in enumerate(header):
        shown = text.strip()
        name = _PLAIN.get(_plain(shown))
        if name is None:
            if shown and not shown.startswith("x_"):
                named.append(Finding("no_prefix", shown, "must", 1, None, shown))
        elif name in names.values():
            named.append(Finding("repeated", name, "must", 1, None, shown))
        else:
            names[n] = name
            if shown != name:
                named.append(Finding("spelling", name, "must", 1, None, shown, (("name", shown),)))
    return names, named


def _typed(connection: duckdb.DuckDBPyConnection, table: Table, names: dict[int, str], folder: Path) -> int:
    """Create `focus`: `line`, every known column as text or null, costs as DECIMAL, moments as TIMESTAMP; its rows."""
    for statement in sql("product", "costlab.focus").split(";\n"):
        connection.execute(statement)
    try:
        expected = write_rows(table, connection, folder)
        rows = _fill(connection, table, names)
        settle(table, connection, rows, expected)
    except (Irregular, duckdb.InvalidInputException):
        write_rows(table, connection, folder, careful=True)
        rows = _fill(connection, table, names)
    return rows


def _fill(connection: duckdb.DuckDBPyConnection, table: Table, names: dict[int, str]) -> int:
    cells = {name: f"nullif(c{n}, '')" for n, name in names.items()}
    if table.kind == "parquet":  # a typed moment has come as text with its microseconds
        typed = r"'^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)\.000000Z?$', '\1T\2Z'"
        cells |= {n: f"regexp_replace({c}, {typed})" for n, c in cells.items() if _NAMES.get(n) == "time"}
    shown = [f'{cell} AS "{name}"' for name, cell in cells.items()]
    shown += [f'CAST(NULL AS VARCHAR) AS "{name}"' for name in sorted(data.SUPPOSED_NULL - set(cells))]
    more = [f'TRY_CAST("{n}" AS DECIMAL(38, 18)) AS "{n}#d"' for n in _COSTS if n in cells]
    more += [f'TRY_CAST("{n}" AS TIMESTAMP) AS "{n}#t"' for n in cells if _NAMES.get(n) == "time"]
    more += [f'exact("{n}") AS "{n}#n"' for n in _PARSED if n in cells]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE focus AS SELECT *, {', '.join(more)} "
        f"FROM (SELECT line, {', '.join(shown)} FROM raw)"
    )
    ((rows,),) = connection.execute("SELECT count(*) FROM focus").fetchall()
    return int(rows)


def _broken(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Count the rows that break each rule, then find the first of those that any row breaks."""
    counts: list[int] = []
    for start in range(0, len(rules), _AT_ONCE):
        asked = ", ".join(f"count_if({r.broken})" for r in rules[start : start + _AT_ONCE])
        counts += connection.execute(f"SELECT {asked} FROM focus").fetchall()[0]
    for rule, count in zip(rules, counts, strict=True):
        if count:
            seen = [c for c in (rule.column, rule.of) if c]
            if rule.name in ("product", "unproven"):
                seen.append("PricingQuantity")
            shown = ", ".join(f'"{c}"' for c in seen)
            query = f"SELECT line, {shown} FROM focus WHERE {rule.broken} ORDER BY line LIMIT 1"
            [(line, *values)] = connection.execute(query).fetchall()
            example = ", ".join(f"{c}={_shown(v)}" for c, v in zip(seen, values, strict=True))
            yield Finding(rule.name, rule.column, rule.keyword, count, line, example, (("of", rule.of),))


def _one_each(connection: duckdb.DuckDBPyConnection, key: str, column: str, keyword: Keyword) -> Iterator[Finding]:
    """Keys with more than one value of a column."""
    query = f"""
        SELECT "{key}", min(first), list("{column}" ORDER BY first)[:3] FROM (
            SELECT "{key}", "{column}", min(line) AS first FROM focus
            WHERE "{key}" IS NOT NULL AND "{column}" IS NOT NULL GROUP BY ALL
        ) GROUP BY "{key}" HAVING count(*) > 1 ORDER BY 2
    """
    rows = connection.execute(query).fetchall()
    if rows:
        name, line, values = rows[0]
        example = f"{key}={_shown(name)}: {', '.join(map(_shown, values))}"
        yield Finding("one", column, keyword, len(rows), line, example, (("of", column), ("key", key)))


def _invoices(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> list[tuple[str, str, Decimal]]:
    names = [f"coalesce(\"{c}\", '')" if c in columns else "''" for c in ("InvoiceId", "BillingCurrency")]
    query = f'SELECT {", ".join(names)}, sum("BilledCost#d") FROM focus GROUP BY 1, 2 ORDER BY 1, 2'
    return [(i, c, _plain_amount(a)) for i, c, a in connection.execute(query).fetchall()]


def _payable(sums: Sequence[tuple[str, str, Decimal]], invoices: Mapping[str, Decimal]) -> Iterator[Finding]:
    """Documents whose amount the rows do not add up to."""
    for invoice, payable in invoices.items():
        found = [a for i, _, a in sums if i == invoice]
        if not found:
            yield Finding("invoice_absent", "InvoiceId", "must", 1, None, f"{invoice}: {payable}")
        elif len(found) > 1 or found[0] != payable:
            told = f"{invoice}: Σ {' + '.join(map(str, found))}, {payable}"
            yield Finding("invoice_sum", "BilledCost", "must", 1, None, told)


def _taxes(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> Iterator[Finding]:
    """Taxes whose list, contracted or effective cost is not what was taxed at the rate of the billed cost.

    Half a kopeck a row of the document is left to rounding. A doubt, because parts of a document may be exempt.
    """
    if "BilledCost" not in columns or "ChargeCategory" not in columns:
        return
    costs = [c for c in _COSTS if c in columns]
    sums = ", ".join(
        f'sum("{c}#d") FILTER ("ChargeCategory" = \'Tax\'), sum("{c}#d") FILTER ("ChargeCategory" <> \'Tax\')'
        for c in costs
    )
    keys = [f'"{c}"' for c in ("InvoiceId", "BillingCurrency", "BillingPeriodStart") if c in columns]
    first = "min(line) FILTER (\"ChargeCategory\" = 'Tax')"
    query = f"SELECT {first}, count(*), {sums} FROM focus GROUP BY {', '.join(keys) or '()'} HAVING {first} IS NOT NULL"
    wrong: Counter[str] = Counter()
    examples: dict[str, tuple[int, str]] = {}
    for line, rows, *amounts in connection.execute(query).fetchmany(_READ_AT_ONCE):
        tax, base = (dict(zip(costs, amounts[n::2], strict=True)) for n in (0, 1))
        billed, taxed = tax["BilledCost"] or 0, base["BilledCost"] or 0
        for cost in costs[1:]:
            if tax[cost] is None or base[cost] is None or not taxed:
                continue
            expected = billed * base[cost] / taxed
            if abs(tax[cost] - expected) > rows * Decimal("0.005") + KOPECK:
                wrong[cost] += 1
                told = f"{_plain_amount(tax[cost])}, {expected.quantize(KOPECK)}"
                if cost not in examples or line < examples[cost][0]:
                    examples[cost] = line, told
    for cost, count in wrong.items():
        yield Finding("tax", cost, "doubt", count, *examples[cost])


def _plain_amount(amount: Decimal | None) -> Decimal:
    plain = (amount or Decimal(0)).normalize()
    kopecks = plain.quantize(KOPECK)
    return kopecks if kopecks == plain else plain


def _shown(value: Any) -> str:
    return "null" if value is None else str(value)[:120]
