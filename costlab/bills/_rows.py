"""From rows of text to charges: one SELECT over the text columns, with small tables for what SQL does not read itself.

Days and labels have few distinct texts, irregular numbers as well: Python reads each text once, SQL joins it back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from costlab.bill import DECIMALS, ROWS
from costlab.bills._columns import CURRENCIES, Layout, Rules
from costlab.bills._profile import Profile
from costlab.bills._totals import TOTAL
from costlab.bills._values import SCALES, Notation, Votes, labels_json, shape_sql, votes
from costlab.bills._when import Times, When
from costlab.errors import InputError
from costlab.model import Problem
from costlab.tables import Table

_TEXTS = (
    "project", "resource_id", "service", "parameter", "unit", "category", "charge_class", "account", "region",
    "resource_name", "sku", "description", "invoice",
)  # fmt: skip
_TRIM = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279) || chr(8239)"
_MANGLED = r"[0-9][.,][0-9]+[eE]\+[0-9]+"
_SEPARATOR = "chr(31)"
_FEW = 1000


@dataclass
class Read:
    """What a file's rows came to, with the file's own sign."""

    charges: pa.Table
    aside: list[tuple[int, str, list[str]]]
    """Line, the field that makes it no charge (`total`: the name of a total), cells."""
    total: Decimal
    notations: dict[str, Notation]
    currency: str
    providers: tuple[str, ...] = ()
    """What the rows say of who provides the services."""
    notes: dict[str, int] = field(default_factory=dict)


class Rows:
    """The view `raw` in a connection, and which of its columns is which field."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, table: Table, layout: Layout, profile: Profile | None,
        rules: Rules,
    ) -> None:  # fmt: skip
        self.connection, self.table, self.layout, self.rules = connection, table, layout, rules
        self.profile = profile or Profile()
        self.notes: dict[str, int] = {}
        self.joins: list[str] = []
        self.shapes: dict[str, list[tuple[str, bool, int, str]]] = {}
        self.columns = {name: f"c{places[0]}" for name, places in layout.fields.items()}
        for name, places in layout.fields.items():
            self._same(name, places)

    def read(self, offset_of: Callable[[str, tuple[str, ...]], timedelta]) -> Read:
        """Read every row; `offset_of` gives the clock of a currency's region and of the providers the rows name.

        Raises `InputError`.
        """
        currency = self._currency()
        providers = self._providers()
        notations = self._notations()
        when = self._when(lambda: offset_of(currency, providers))
        numbers = {name: self._number(name, n) for name, n in notations.items()}
        self._labels()
        charges = _in_order(self._select(numbers, currency, when))
        bad = pc.is_valid(charges["reason"])
        aside = self._aside(charges.select(["line", "reason"]).filter(bad))
        charges = _without(charges.drop_columns(["reason"]), bad, len(aside))
        total = self._total(numbers["amount"], [line for line, _, _ in aside])
        return Read(charges.cast(ROWS), aside, total, notations, currency, providers, self.notes)

    def header(self, name: str) -> str:
        """The file's header of a field."""
        return self.table.header[self.layout.fields[name][0]]

    def _ask(self, query: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(values)).fetchall()

    def _same(self, name: str, places: list[int]) -> None:
        """Two columns of one meaning must hold the same."""
        for other in places[1:]:
            [[differ]] = self._ask(f"SELECT count(*) FROM raw WHERE c{places[0]} <> c{other}")
            if differ:
                headers = ", ".join(f"“{self.table.header[p]}”" for p in places)
                args = {"field": name, "headers": headers}
                line = self.table.header_line
                raise InputError(Problem(code="ambiguous_header", source=self.table.source, line=line, args=args))
            self.notes["same_columns"] = self.notes.get("same_columns", 0) + 1

    def _currency(self) -> str:
        if "currency" in self.columns:
            column = self.columns["currency"]
            day = next((self.columns[f] for f in ("day", "start", "period") if f in self.columns), "")
            where = f"WHERE trim({day}, {_TRIM}) <> ''" if day else ""
            query = f"SELECT DISTINCT trim({column}, {_TRIM}) FROM raw {where}"
            found = sorted({t for [t] in self._ask(query) if t})
            codes = {CURRENCIES.get(t.casefold().rstrip("."), t.upper()) for t in found}
            codes -= {self.header("currency").strip().upper()}
            known = codes & set(CURRENCIES.values()) or codes
            if len(known) > 1:
                args = {"currencies": ", ".join(sorted(known))}
                raise InputError(Problem(code="mixed_currency", source=self.table.source, args=args))
            if known:
                return str(known.pop())
        return self.profile.currency or self.layout.currency or self.rules.currency

    def _providers(self) -> tuple[str, ...]:
        wanted = (n for h in self.rules.provider_columns for n, seen in enumerate(self.table.header) if seen == h)
        column = next(wanted, None)
        if column is None:
            return ()
        return tuple(sorted(t for [t] in self._ask(f"SELECT DISTINCT trim(c{column}, {_TRIM}) FROM raw") if t))

    def _notations(self) -> dict[str, Notation]:
        """How the numbers of each column are written: by the column itself, else by the file's other columns."""
        found: dict[str, tuple[Votes, str]] = {}
        for name in SCALES:
            if column := self.columns.get(name):
                zero = f"starts_with(ltrim({column}, ' -−+'), '0')"
                shown = f"{shape_sql(column)} AS shape, {zero} AS zero, count(*), any_value({column})"
                rows = [(s, bool(z), n, t) for s, z, n, t in self._ask(f"SELECT {shown} FROM raw GROUP BY ALL")]
                self.shapes[name] = rows
                column_votes = votes((shape, zero_led, n) for shape, zero_led, n, _ in rows)
                example = next((text for shape, _, _, text in rows if shape == column_votes.open), "")
                found[name] = column_votes, example
        comma, point = (sum(getattr(v, key) for v, _ in found.values()) for key in ("comma", "point"))
        everywhere = Votes(comma, point).decimal or ("." if self.table.kind == "xlsx" else "")
        notations = {}
        for name, (column_votes, example) in found.items():
            decimal = self.profile.decimal or column_votes.decimal or everywhere
            if not decimal and column_votes.undecided:
                args = {"column": self.header(name), "value": example}
                raise InputError(Problem(code="ambiguous_numbers", source=self.table.source, args=args))
            groups = column_votes.grouped or not (column_votes.ungrouped or not decimal)
            notations[name] = Notation(decimal or ".", groups, SCALES[name])
        return notations

    def _when(self, offset: Callable[[], timedelta]) -> When:
        """Day, month and span of each row."""
        found = Times(self.columns, self.table, self.profile, self.rules, self._ask, self._offer, offset).when()
        self.joins += found.joins
        self.notes |= found.notes
        return found

    def _number(self, name: str, notation: Notation) -> str:
        """SQL for a number's canonical text: "" for an empty cell, null for what is none."""
        column = self.columns[name]
        kinds: dict[str, list[str]] = {"plain": [], "clean": [], "slow": []}
        repaired = 0
        counts: dict[str, int] = {}
        examples: dict[str, str] = {}
        for shape, _, count, text in self.shapes[name]:
            counts[shape], examples[shape] = counts.get(shape, 0) + count, text
        for shape, count in counts.items():
            kind = notation.kind(shape)
            kinds[kind].append(shape)
            repaired += count if kind != "plain" and notation.canonical(examples[shape]) else 0
        if repaired:
            self.notes["numbers_repaired"] = self.notes.get("numbers_repaired", 0) + repaired
        plain = f"replace({column}, ',', '.')" if notation.decimal == "," else column
        if not kinds["clean"] and not kinds["slow"]:
            return plain
        self._offer(f"kinds_{name}", {s: k for k, found in kinds.items() for s in found}, pa.string())
        join = f"LEFT JOIN kinds_{name} ON kinds_{name}.k = {shape_sql(column)}"
        slow = f"SELECT DISTINCT {column} FROM raw {join} WHERE kinds_{name}.v = 'slow'"
        self._offer(f"slow_{name}", {t: notation.canonical(t) for [t] in self._ask(slow)}, pa.string())
        self.joins += [join, f"LEFT JOIN slow_{name} ON slow_{name}.k = {column}"]
        return (
            f"CASE kinds_{name}.v WHEN 'plain' THEN {plain} WHEN 'clean' THEN {notation.clean_sql(column)} "
            f"ELSE slow_{name}.v END"
        )

    def _labels(self) -> None:
        keys = list(self.layout.labels)
        columns = [f"c{i}" for i in self.layout.labels.values()]
        if cell := self.columns.get("labels"):
            columns.insert(0, cell)
        if not columns:
            return
        together = f"concat_ws({_SEPARATOR}, {', '.join(columns)})"
        rows = self._ask(
            f"SELECT {together} AS k, count(*), {', '.join(f'any_value({c})' for c in columns)} FROM raw GROUP BY 1"
        )
        found: dict[str, Any] = {}
        for key, count, *values in rows:
            text, good = labels_json(values[0] if cell else "", keys, values[1:] if cell else values)
            found[key] = text
            if not good:
                self.notes["labels_unread"] = self.notes.get("labels_unread", 0) + count
        self._offer("labels", found, pa.string())
        self.joins.append(f"LEFT JOIN labels ON labels.k = {together}")

    def _offer(self, name: str, pairs: dict[str, Any], kind: Any) -> None:
        """A small table `k`, `v`."""
        table = pa.table({"k": pa.array(pairs.keys(), pa.string()), "v": pa.array(pairs.values(), kind)})
        self.connection.register("arrow_input", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM arrow_input")
        self.connection.unregister("arrow_input")

    def _select(self, numbers: dict[str, str], currency: str, when: When) -> pa.Table:
        """Every row typed, with `reason`: the field that makes it no charge, null for a charge."""
        texts = {t: f"trim({self.columns[t]}, {_TRIM})" if t in self.columns else "''" for t in _TEXTS}
        named = [c for t in ("project", "service", "parameter") if (c := self.columns.get(t))]
        totals = {text for c in named for [text] in self._ask(f"SELECT DISTINCT {c} FROM raw") if TOTAL.match(text)}
        self._offer("totals", dict.fromkeys(totals), pa.string())
        unit = self.profile.quantity_unit or self.layout.unit
        self._offer("units", {"": unit}, pa.string())
        shown = f"CASE WHEN {texts['unit']} = '' THEN (SELECT v FROM units) ELSE {texts['unit']} END"
        labelled = any(j.startswith("LEFT JOIN labels ") for j in self.joins)
        inner = [
            "raw.line AS line",
            *(f"{sql} AS {name}" for name, sql in texts.items() if name != "unit"),
            f"{shown} AS unit",
            f"{when.day} AS day",
            f"{when.period} AS period",
            *(f"timezone('UTC', {sql}) AS {_name(name)}" for name, sql in (("start", when.start), ("end", when.end))),
            *(f"{numbers.get(name, chr(39) * 2)} AS {name}" for name in SCALES),
            f"{'labels.v' if labelled else chr(39) + '{}' + chr(39)} AS tags",
            f"{' OR '.join(f'{c} IN (SELECT k FROM totals)' for c in named) if totals else 'false'} AS total",
            *(f"{condition} AS bad_{name}" for condition, name in when.bad),
        ]
        needs = [f"{t} = '' THEN '{t}'" for t in ("service", "parameter") if t in self.layout.required]
        needs += [f"bad_{name} THEN '{name}'" for _, name in when.bad]
        reason = (
            f"CASE WHEN total THEN 'total' WHEN day IS NULL THEN '{when.source or 'day'}' "
            f"{' '.join(f'WHEN {need}' for need in needs)} "
            "WHEN coalesce(amount, '') = '' THEN 'amount' WHEN quantity IS NULL THEN 'quantity' "
            f"WHEN bonus IS NULL THEN 'bonus' WHEN list_cost IS NULL THEN 'list_cost' "
            f"WHEN effective_cost IS NULL THEN 'effective_cost' WHEN {self._mangled()} THEN 'resource_id' END"
        )
        said = {"category": "if(category = '', 'Usage', category)", "currency": _quoted(currency)}
        outer = []
        for name in ROWS.names:
            sql = said.get(name, _name(name))
            if name in SCALES:
                # An unreadable number is named by `reason`; what is readable fits its column and loses no digit.
                sql = f"TRY_CAST(nullif({name}, '') AS DECIMAL(38, {SCALES[name]}))"
                sql = f"coalesce({sql}, 0::DECIMAL(38, {DECIMALS}))" if name == "bonus" else sql
            outer.append(f"{sql} AS {_name(name)}")
        rows = f"SELECT {', '.join(inner)} FROM raw {' '.join(self.joins)}"
        query = f"SELECT {', '.join(outer)}, {reason} AS reason FROM ({rows})"
        return self.connection.sql(query).to_arrow_table()

    def _mangled(self) -> str:
        """SQL for an identifier that a spreadsheet turned into a number; looked for only where there is one."""
        if column := self.columns.get("resource_id"):
            test = f"regexp_full_match(trim({column}, {_TRIM}), '{_MANGLED}')"
            if self._ask(f"SELECT 1 FROM (SELECT DISTINCT {column} FROM raw) WHERE {test} LIMIT 1"):
                return f"regexp_full_match(resource_id, '{_MANGLED}')"
        return "false"

    def _aside(self, bad: pa.Table) -> list[tuple[int, str, list[str]]]:
        """The cells of the rows that are no charges."""
        if not bad.num_rows:
            return []
        self.connection.register("bad", bad)
        cells = ", ".join(f"c{n}" for n in range(self.table.width))
        query = f"SELECT raw.line, bad.reason, {cells} FROM raw JOIN bad ON bad.line = raw.line ORDER BY raw.line"
        return [(line, reason, list(rest)) for line, reason, *rest in self._ask(query)]

    def _total(self, amount: str, aside: list[int]) -> Decimal:
        """Σ of the amount's digits over the charges, as integers of 10^-18: another way than the column's type."""
        self._offer("aside", dict.fromkeys(map(str, aside)), pa.string())
        skip = "WHERE raw.line NOT IN (SELECT CAST(k AS BIGINT) FROM aside)" if aside else ""
        text = f"SELECT {amount} AS t FROM raw {' '.join(self.joins)} {skip}"
        places = "CASE WHEN contains(t, '.') THEN length(t) - instr(t, '.') ELSE 0 END"
        digits = f"CAST(replace(t, '.', '') || repeat('0', {DECIMALS} - ({places})) AS HUGEINT)"
        [[found]] = self._ask(f"SELECT CAST(coalesce(sum({digits}), 0) AS HUGEINT) FROM ({text})")
        return Decimal(int(found)).scaleb(-DECIMALS)


def _name(column: str) -> str:
    """A column's name in SQL; `end` is a word of it."""
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _without(charges: pa.Table, bad: Any, count: int) -> pa.Table:
    """The other rows; a few are cut out without copying what is between them."""
    if count > _FEW:
        return charges.filter(pc.invert(bad))
    cuts = [-1, *pc.indices_nonzero(bad).to_pylist(), charges.num_rows]
    return pa.concat_tables([charges.slice(a + 1, b - a - 1) for a, b in pairwise(cuts)])


def _in_order(charges: pa.Table) -> pa.Table:
    """The rows in the file's order. Threads hand over whole batches, each in order: mostly only those are moved."""
    batches = sorted((b for b in charges.to_batches() if b.num_rows), key=lambda b: b["line"][0].as_py())
    table = pa.Table.from_batches(batches, charges.schema)
    lines = table["line"].combine_chunks()
    rising = len(lines) < 2 or bool(pc.all(pc.less(lines[:-1], lines[1:])).as_py())  # noqa: PLR2004
    return table if rising else table.sort_by("line")


def first_and_last(days: Any) -> tuple[date | None, date | None]:
    """The first and the last day of a column."""
    found = pc.min_max(days).as_py()
    return found["min"], found["max"]
