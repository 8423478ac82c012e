"""From rows of text to charges in a Parquet file: a survey of the columns, then one SELECT over them.

Days and labels have few distinct texts, irregular numbers as well: Python reads each text once, SQL joins it back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from costlab.bills.reading.columns import Layout, Rules, currency_code
from costlab.bills.reading.numbers import WIDE, Number, Numbers, digits_sql, unreadable
from costlab.bills.reading.profile import Profile
from costlab.bills.reading.survey import EDGES, NOTHING, SurveyPlan, mangled_sql, survey, tidy_sql
from costlab.bills.reading.totals import TOTAL
from costlab.bills.reading.values import BESIDE, SCALES, Notation, labels_json, shape_sql
from costlab.bills.reading.when import Times, When
from costlab.bills.reading.write import facts, tidy, write
from costlab.errors import InputError
from costlab.files.sql_text import identifier, literal
from costlab.files.tables import Irregular, Table, settle
from costlab.model.bill import ROWS, Control
from costlab.model.numbers import Problem
from costlab.progress import Progress, report

_TEXTS = (
    "project", "resource_id", "service", "parameter", "unit", "category", "charge_class", "account", "region",
    "resource_name", "sku", "description", "invoice",
)  # fmt: skip
_NAMED = ("project", "service", "parameter")
_TIMES = ("day", "period")
_SEPARATOR = "chr(31)"
MAX_REJECTED_ROWS = 200_000
"""So many rows that are no charges are looked at one by one."""


@dataclass
class Read:
    """What a file's rows came to; the charges are in the file that was asked for."""

    aside: list[tuple[int, str, list[str]]]
    """Line, the field that makes it no charge (`total`: the name of a total), cells."""
    left_out: int
    """Rows that are no charges; more than `aside` holds when they are very many."""
    before: Control
    """Of the text; `after` of the typed rows, both with the file's own sign."""
    after: Control
    sign: int
    totals: dict[str, Decimal]
    """Currency → Σ amount, positive = the customer pays."""
    notations: dict[str, Notation]
    currency: str
    """"" when there are several."""
    providers: tuple[str, ...]
    """What the rows say of who provides the services."""
    first_day: date | None
    last_day: date | None
    last_line: int
    projects: tuple[str, ...]
    notes: dict[str, int] = field(default_factory=dict)


class Rows:
    """The view `raw` in a connection, and which of its columns is which field."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, table: Table, layout: Layout, profile: Profile | None,
        rules: Rules, expected: int | None,
    ) -> None:  # fmt: skip
        self.connection, self.table, self.layout, self.rules = connection, table, layout, rules
        self.profile = profile or Profile()
        self.notes: dict[str, int] = {}
        self.joins: list[str] = []
        self.columns = {name: f"c{places[0]}" for name, places in layout.fields.items()}
        # The small tables must stay on the side that is held in memory, and the rows in the order of the file.
        connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        self.provider = self._provider_column()
        try:
            self.seen = survey(connection, self._asked())
        except duckdb.Error as error:
            if expected is None:
                raise
            raise Irregular from error
        settle(table, connection, self.seen.rows, expected)
        for name, places in layout.fields.items():
            if name not in BESIDE:
                self._same(name, places)

    def read(
        self, offset_of: Callable[[str, tuple[str, ...]], timedelta], out: Path, progress: Progress | None = None
    ) -> Read:
        """Write every charge to `out`; `offset_of` gives the clock of a currency's region and of the rows' providers.

        Raises `InputError`; `ArithmeticError` if the typed rows are not the text's.
        """
        report(progress, "type")
        providers = tuple(sorted(t for t in map(str.strip, self.seen.texts.get(self.provider, [])) if t))
        numbers = Numbers(self.table, self.profile, self.columns, self.seen.shapes, self._ask, self._create_lookup)
        notations = numbers.notations()
        found = {name: numbers.number(name, n) for name, n in notations.items()}
        self.joins += numbers.joins
        self.notes |= numbers.notes
        main, currency = self._currency(found["amount"])
        when = self._when(lambda: offset_of(main, providers))
        inner, reasons = self._inner(found, when, currency)
        labels = self._labels()
        rows = f"SELECT {', '.join([*inner, labels])} FROM raw {' '.join(self.joins)}"
        reason = f"CASE {' '.join(f'WHEN {test} THEN {literal(name)}' for test, name in reasons)} END"
        aside, left_out = self._aside(rows, reason) if reasons else ([], 0)
        kept = f"({reason}) IS NULL" if reasons else "true"
        sums = {
            name: self._sum(name, found[name], notations[name], aside, left_out, rows, kept) for name in _signed(found)
        }
        sign, flipped = self._signs(sums)
        query = f"SELECT {', '.join(self._outer(flipped))} FROM ({rows}) WHERE {kept}"
        write(self.connection, query, out, progress)
        words = tidy(self.connection, out, [name for name in _TEXTS if name in self.columns and name not in _NAMED])
        words += sum(n for column in self.seen.suspects.values() for t, n in column.items() if t in NOTHING)
        if words:
            self.notes["null_words"] = self.notes.get("null_words", 0) + words
        facts_ = facts(self.connection, out)
        before = Control(self.seen.rows - left_out, sums["amount"])
        after = Control(facts_.rows, facts_.amount * sign)
        if before != after:
            raise ArithmeticError(f"{self.table.source}: the typed rows are {after}, the text is {before}")
        if sign < 0:
            self.notes["payments_negative"] = after.rows
        if facts_.negative:
            self.notes["corrections"] = facts_.negative
        one = next(iter(facts_.totals)) if len(facts_.totals) == 1 else "" if facts_.totals else main
        return Read(
            aside, left_out, before, after, sign, facts_.totals, notations, one, providers, facts_.first_day,
            facts_.last_day, facts_.last_line, facts_.projects, self.notes,
        )  # fmt: skip

    def header(self, name: str) -> str:
        """The file's header of a field."""
        return self.table.header[self.layout.fields[name][0]]

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def _provider_column(self) -> str:
        found = (n for h in self.rules.provider_columns for n, seen in enumerate(self.table.header) if seen == h)
        place = next(found, None)
        return "" if place is None else f"c{place}"

    def _asked(self) -> SurveyPlan:
        """What the survey must look at."""
        chosen = self.columns
        texts = [chosen[f] for f in (*_TIMES, "currency") if f in chosen]
        cell = [chosen["labels"]] if "labels" in chosen else []
        return SurveyPlan(
            numbers=list(dict.fromkeys(chosen[f] for f in SCALES if f in chosen)),
            texts=list(dict.fromkeys([*texts, *([self.provider] if self.provider else [])])),
            named=list(dict.fromkeys(chosen[f] for f in _NAMED if f in chosen)),
            labels=[*cell, *(f"c{n}" for n in self.layout.labels.values())],
            summed=chosen["amount"],
            identifier=chosen.get("resource_id", ""),
        )

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

    def _currency(self, amount: Number) -> tuple[str, str]:
        """The currency whose clock the days are on, and SQL for each row's; null when the row's cannot be known."""
        said = self.profile.currency or self.layout.currency or self._marked(amount)
        default = said or self.rules.currency
        if "currency" not in self.columns:
            return default, _same(default)
        column = self.columns["currency"]
        codes: dict[str, str | None] = {}
        for text in self.seen.texts[column]:
            bare = text.strip(EDGES)
            code = currency_code(bare, any_code=self.rules.any_code)
            codes[text] = "" if bare in ("", "-", *NOTHING) else code or None
        known = sorted({c for c in codes.values() if c})
        if len(known) == 1:
            default = known[0]
        elif known and not said:
            default = ""  # an empty cell among several currencies is not ours to fill
        codes = {t: (default or None) if c == "" else c for t, c in codes.items()}
        if set(codes.values()) == {default}:
            return default, _same(default)
        self._create_lookup("currencies", codes, pa.string())
        self.joins.append(f"LEFT JOIN currencies ON currencies.k = {column}")
        return default or known[0] if known else default, "currencies.v"

    def _marked(self, amount: Number) -> str:
        """The currency that most amounts name beside the number; one cell does not speak for the file."""
        shapes = [s for s in self.seen.shapes[self.columns["amount"]] if "9" in s.text]
        for code in set(amount.currencies.values()):
            if sum(s.count for s in shapes if amount.currencies.get(s.text) == code) * 2 > sum(s.count for s in shapes):
                return code
        return ""

    def _when(self, offset: Callable[[], timedelta]) -> When:
        """Day, month and span of each row."""
        when = Times(
            self.columns, self.table, self.profile, self.rules, self._ask, self._create_lookup, offset,
            texts=self.seen.texts,
        ).when()  # fmt: skip
        self.joins += when.joins
        self.notes |= when.notes
        return when

    def _labels(self) -> str:
        columns = self._asked().labels
        if not columns:
            return "'{}' AS tags"
        keys, cell = list(self.layout.labels), "labels" in self.columns
        labels: dict[str, Any] = {}
        for texts, count in self.seen.labels:
            text, good = labels_json(texts[0] if cell else "", keys, texts[1:] if cell else texts)
            labels["\x1f".join(texts)] = text
            if not good:
                self.notes["labels_unread"] = self.notes.get("labels_unread", 0) + count
        self._create_lookup("labels", labels, pa.string())
        together = f"concat_ws({_SEPARATOR}, {', '.join(columns)})" if len(columns) > 1 else columns[0]
        self.joins.append(f"LEFT JOIN labels ON labels.k = {together}")
        return "labels.v AS tags"

    def _create_lookup(self, name: str, pairs: dict[str, Any], kind: Any) -> None:
        """A small table `k`, `v`."""
        table = pa.table({"k": pa.array(pairs.keys(), pa.string()), "v": pa.array(pairs.values(), kind)})
        self.connection.register("arrow_input", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM arrow_input")
        self.connection.unregister("arrow_input")

    def _inner(self, numbers: dict[str, Number], when: When, currency: str) -> tuple[list[str], list[tuple[str, str]]]:
        """Columns of the typed rows, and what makes a row no charge: a condition over them and its field, in order."""
        inner = ["raw.line AS line", *(f"{self._text(name)} AS {name}" for name in _TEXTS)]
        inner += [f"{when.day} AS day", f"{when.period} AS period", f"{currency} AS currency"]
        inner += [f"timezone('UTC', {when.start}) AS start", f"timezone('UTC', {when.end}) AS \"end\""]
        inner += [f"{numbers[name].value if name in numbers else f'NULL::{WIDE}'} AS {name}" for name in SCALES]
        inner += [f"c{n} AS {identifier(header)}" for n, header in self._extra().items()]
        reasons: list[tuple[str, str]] = []
        for test, name in (
            *self._totals(),
            *self._missing(when),
            *unreadable(numbers),
            *self._wrong(numbers, currency),
        ):
            alias = f"bad_{len(reasons)}"
            inner.append(f"{test} AS {alias}")
            reasons.append((alias, name))
        return inner, reasons

    def _totals(self) -> Iterator[tuple[str, str]]:
        """Rows that are totals."""
        named = [c for f in _NAMED if (c := self.columns.get(f))]
        if totals := {t for c in named for t in self.seen.suspects[c] if TOTAL.match(t)}:
            self._create_lookup("totals", dict.fromkeys(totals), pa.string())
            yield " OR ".join(f"{c} IN (SELECT k FROM totals)" for c in named), "total"

    def _missing(self, when: When) -> Iterator[tuple[str, str]]:
        """Rows without what a charge must have."""
        if when.day != "days.v" or self._ask("SELECT 1 FROM days WHERE v IS NULL LIMIT 1"):
            yield f"({when.day}) IS NULL", when.source or "day"
        for name in ("service", "parameter"):
            texts = self.seen.suspects.get(self.columns.get(name, ""), {})
            if name in self.layout.required and any(t.strip(EDGES) in ("", *NOTHING) for t in texts):
                yield f"({self._text(name)}) = ''", name
        yield from when.bad

    def _wrong(self, numbers: dict[str, Number], currency: str) -> Iterator[tuple[str, str]]:
        """Rows whose identifier or currency cannot be believed."""
        if self.seen.mangled:
            yield mangled_sql(self._text("resource_id")), "resource_id"
        if currency == "currencies.v":
            yield "currencies.v IS NULL", "currency"
        if marks := numbers["amount"].currencies:
            self._create_lookup("marks", marks, pa.string())
            self.joins.append(f"LEFT JOIN marks ON marks.k = {shape_sql(self.columns['amount'])}")
            yield f"marks.v <> {currency} AND {currency} <> ''", "currency"

    def _text(self, name: str) -> str:
        """SQL for a text field: trimmed, "" for what the file does not say."""
        column = self.columns.get(name)
        sql = _same("")
        if column is not None:
            # A column with very many texts is not looked at before it is written: `_tidy` does it where it is cheap.
            suspects = self.seen.suspects.get(column, {})
            sql = column if all(t == t.strip(EDGES) and t not in NOTHING for t in suspects) else tidy_sql(column)
        default = {"category": "Usage", "unit": self.profile.quantity_unit or self.layout.unit}.get(name, "")
        if not default:
            return sql
        return f"coalesce(nullif({sql}, ''), {literal(default)})" if column is not None else _same(default)

    def _extra(self) -> dict[int, str]:
        """Columns of the file that are no field of ours: place → name."""
        used = {
            place for name, places in self.layout.fields.items() if name in (*ROWS.names, "labels") for place in places
        }
        used |= set(self.layout.labels.values())
        extra: dict[int, str] = {}
        taken: set[str] = set()
        for place, header in enumerate(self.table.header):
            if place in used:
                continue
            bare = " ".join("".join(c if c.isprintable() else " " for c in header).split())[:120]
            if not bare and not self._ask(f"SELECT 1 FROM raw WHERE c{place} <> '' LIMIT 1"):
                continue
            bare = bare or f"column_{place + 1}"
            name = bare if bare.startswith("x_") else f"x_{bare}"
            while name.casefold() in taken:
                name += "_"
            taken.add(name.casefold())
            extra[place] = name
        return extra

    def _outer(self, flipped: set[str]) -> list[str]:
        """Every column of the result, with what is paid positive."""
        columns = []
        for name in ROWS.names:
            sql = f"-{name}" if name in flipped else identifier(name)
            if name == "bonus":
                sql = f"coalesce({sql}, CAST(0 AS {WIDE}))"
            columns.append(f"CAST({sql} AS {WIDE}) AS {name}" if name in SCALES else f"{sql} AS {identifier(name)}")
        columns += [f"{'-' * ('amount' in flipped)}{name} AS {name}" for name in BESIDE if name in self.columns]
        columns.append(f"{_same(self.table.source)} AS file")
        return [*columns, *map(identifier, self._extra().values())]

    def _aside(self, rows: str, reason: str) -> tuple[list[tuple[int, str, list[str]]], int]:
        """The cells of the rows that are no charges, and how many they are."""
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE bad AS SELECT * FROM "
            f"(SELECT line, {reason} AS reason FROM ({rows})) WHERE reason IS NOT NULL"
        )
        [[count]] = self._ask("SELECT count(*) FROM bad")
        if not count:
            return [], 0
        cells = ", ".join(f"c{n}" for n in range(self.table.width))
        few = f"SELECT * FROM bad ORDER BY line LIMIT {MAX_REJECTED_ROWS}"
        query = (
            f"SELECT raw.line, reason, {cells} FROM raw JOIN ({few}) AS bad ON bad.line = raw.line ORDER BY raw.line"
        )
        return [(line, why, list(rest)) for line, why, *rest in self._ask(query)], count

    def _sum(
        self, name: str, number: Number, notation: Notation, aside: list[tuple[int, str, list[str]]], left_out: int,
        rows: str, kept: str,
    ) -> Decimal:  # fmt: skip
        """Σ of a column's text over the charges: of all cells by their digits, less those of the rows set aside."""
        if number.total is not None and left_out == len(aside):
            place = int(self.columns[name][1:])
            return number.total - sum((Decimal(notation.canonical(c[place]) or 0) for *_, c in aside), Decimal(0))
        query = rows.replace("SELECT ", f"SELECT {number.text} AS counted, ", 1)
        [[found]] = self._ask(
            f"SELECT CAST(coalesce(sum({digits_sql('counted')}), 0) AS HUGEINT) FROM ({query}) "
            f"WHERE {kept} AND counted <> ''"
        )
        return Decimal(int(found)).scaleb(-SCALES[name])

    def _signs(self, sums: dict[str, Decimal]) -> tuple[int, set[str]]:
        """The sign that makes what is paid positive, and the columns that are turned. A correction keeps its own."""
        said = self.profile.sign or ("positive" if self.rules.signed else None)
        sign = -1 if said == "negative" or (said is None and sums["amount"] < 0 and self._below("amount")) else 1
        flipped = {"amount"} if sign < 0 else set()
        return sign, flipped | {n for n in ("bonus", "quantity") if sums.get(n, 0) < 0 and self._below(n)}

    def _below(self, name: str) -> bool:
        """Whether most numbers of a column are below zero: one large refund turns no sign."""
        shapes = [s for s in self.seen.shapes[self.columns[name]] if "9" in s.text]
        below = sum(s.count for s in shapes if any(c in s.text for c in "-−–("))
        return below > sum(s.count for s in shapes if not s.zero) - below


def _signed(numbers: dict[str, Number]) -> list[str]:
    """Columns whose sum decides a sign."""
    return ["amount", *(n for n in ("bonus", "quantity") if n in numbers and numbers[n].negative)]


def _same(text: str) -> str:
    """SQL for one text in every row; of a type with this one value, which costs nothing to write."""
    return f"CAST({literal(text)} AS ENUM({literal(text)}))"
