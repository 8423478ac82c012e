"""What a format's rows mean beyond their columns: categories, amortised cost, credits that stand inside a row.

Some clouds write one row and put its credits into columns beside the cost, or into a list inside a cell. Here each of
them becomes a row of its own: category `Credit`, a negative amount, the line of the row it stands in. What was paid
with a grant is told in `bonus` as well, so that amount + bonus is the price without the grant. A row of which a credit
cannot be read is set aside as a whole: nothing is half accepted.
"""

import ast
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from costlab.bills.reading.values import Notation
from costlab.errors import InputError
from costlab.files.sql_text import identifier, literal, parquet
from costlab.model.bill import NUMBER, Control
from costlab.model.numbers import Problem

NAME = "x_CreditName"
SOURCE_CATEGORY = "x_SourceCategory"
OPEN_INVOICE = "invoice = '' OR regexp_matches(lower(invoice), 'estimat|not.?final|pending')"
"""SQL: no number of an invoice yet, or one that says so."""
_DEEPEST = 200_000
_SCHEMA = pa.schema(
    [("col", pa.string()), ("k", pa.string()), ("name", pa.string()), ("credit", NUMBER), ("granted", pa.bool_())]
)
_EXACT = r"-?[0-9]{1,15}([.][0-9]{1,18})?"


@dataclass(frozen=True)
class CreditRules:
    """SQL over the typed rows of one file; names are those of the charges' columns (`x_…` for the file's own)."""

    columns: dict[str, str] = field(default_factory=dict)
    """Column → SQL of what it really is. The text that `category` had stays in `x_SourceCategory`."""
    credits: dict[str, bool] = field(default_factory=dict)
    """Column of credits (negative numbers) → whether they are a grant: money that is a gift."""
    credits_total: str = ""
    """Column of the sum of a row's credits: what the others leave of it is a credit as well."""
    nested: str = ""
    """Column that holds a list of credits as JSON, or as Python prints it."""
    grants: tuple[str, ...] = ()
    """Types of nested credits that are grants."""
    paid_with_bonus: str = ""
    """Whether a row was paid with bonuses as a whole."""
    open_: str = ""
    """Whether a row belongs to a month that is not final."""
    bases: dict[str, str] = field(default_factory=dict)
    """`actual`, `amortized` → what only such a view of the money holds."""


@dataclass
class Rewritten:
    """What became of the rows."""

    kept: Control
    """The file's rows that stay, and Σ of what they were before their credits."""
    added: Control
    """Rows that are credits, and their Σ."""
    totals: dict[str, Decimal]
    """Currency → Σ amount, credits taken off."""
    aside: list[tuple[int, str, str]]
    """Line, column and text of credits that cannot be read."""
    basis: str
    problems: list[Problem]
    notes: dict[str, int]


def finder(columns: Sequence[str]) -> Callable[..., str]:
    """A function that finds a column by any of its names, whatever their case and signs; "" when none is there."""
    known = {_plain(c): c for c in columns}

    def find(*names: str) -> str:
        return next((known[p] for n in names if (p := _plain(f"x_{n}")) in known), "")

    return find


def number_sql(column: str) -> str:
    """SQL for the number in a text column, exact or null; null as well when the file has no such column."""
    if not column:
        return "NULL::DECIMAL(38, 18)"
    text = f"trim({identifier(column)})"
    return f"CASE WHEN regexp_full_match({text}, '{_EXACT}') THEN CAST({text} AS DECIMAL(38, 18)) END"


def case_sql(text: str, values: dict[str, str], otherwise: str) -> str:
    """SQL that translates a text, whatever its case; `values` are of lower case, an empty text is Usage."""
    when = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in {"": "Usage", **values}.items())
    return f"CASE lower(trim({text})) {when} ELSE {otherwise} END"


def rewrite_credits(
    connection: duckdb.DuckDBPyConnection, draft: Path, meaning: CreditRules, notation: Notation, sign: int, source: str
) -> Rewritten:
    """Rewrite the rows of `draft` as they are meant. Raises `InputError` for a file of two views of the same money."""
    read = parquet(draft)
    basis = _basis(connection, read, meaning, source)
    texts = _texts(connection, read, meaning)
    found, aside_texts = _credits(texts, meaning, notation)
    connection.register("arrow_input", pa.Table.from_pylist(found, schema=_SCHEMA))
    connection.execute("CREATE OR REPLACE TEMP TABLE known_credit AS SELECT * FROM arrow_input")
    connection.unregister("arrow_input")
    aside = _aside(connection, read, aside_texts)
    lines = ", ".join(str(line) for line, *_ in aside) or "-1"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE credit AS {_parts(read, meaning, lines)}")
    ((rows, money),) = connection.execute(
        f"SELECT count(*), coalesce(sum(amount), 0) FROM {read} WHERE line NOT IN ({lines})"
    ).fetchall()
    ((credit_rows, taken),) = connection.execute("SELECT count(*), coalesce(sum(credit), 0) FROM credit").fetchall()
    out = draft.with_suffix(".meant")
    query = _query(connection, read, meaning, lines, sign)
    connection.execute(f"COPY ({query}) TO {literal(out)} (FORMAT parquet, COMPRESSION zstd, WRITE_BLOOM_FILTER false)")
    out.replace(draft)
    sums = connection.execute(f"SELECT currency, count(*), sum(amount) FROM {read} GROUP BY 1 ORDER BY 1").fetchall()
    added = Control(credit_rows, taken * sign)
    after = Control(sum(n for _, n, _ in sums), sum((s for *_, s in sums), Decimal(0)))
    if after != Control(rows + credit_rows, money + added.amount):
        raise ArithmeticError(f"{source}: rows with their credits are {after}, not {rows} + {credit_rows}")
    notes = {"credits_apart": credit_rows} if credit_rows else {}
    totals = {c: s.normalize() + 0 for c, _, s in sums}
    problems = _not_final(connection, read, meaning, source)
    if basis == "amortized":
        problems.append(Problem(code="amortized_view", source=source))
    return Rewritten(Control(rows, money * sign), added, totals, aside, basis, problems, notes)


def _texts(connection: duckdb.DuckDBPyConnection, read: str, meaning: CreditRules) -> list[tuple[str, str]]:
    """Every distinct cell of the columns that hold credits, with its column."""
    columns = [*meaning.credits, *filter(None, (meaning.credits_total, meaning.nested))]
    asked = ((c, f"SELECT DISTINCT {identifier(c)} FROM {read}") for c in columns)
    return [(c, text) for c, query in asked for (text,) in connection.execute(query).fetchall()]


def _credits(
    texts: list[tuple[str, str]], meaning: CreditRules, notation: Notation
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Credits by column and text; and the texts that mean none and are not empty."""
    found, aside = [], []
    for column, text in texts:
        if column == meaning.nested:
            parts = nested_credits(text)
            pairs = None if parts is None else [(n, a, kind in meaning.grants) for n, kind, a in parts]
        else:
            name = column.removeprefix("x_")
            amount = notation.canonical(text)
            pairs = None if amount is None else [(name, Decimal(amount or 0), meaning.credits.get(column, False))]
        if pairs is None:
            aside.append((column, text))
            continue
        for name, amount_, granted in pairs:
            if amount_:
                found.append({"col": column, "k": text, "name": name, "credit": amount_, "granted": granted})
    return found, aside


def nested_credits(text: str) -> list[tuple[str, str, Decimal]] | None:
    """Name, type and amount of each credit of a list written as JSON or as Python prints it; None for what is neither.

    The text is only ever parsed, as literals: nothing in it is run.
    """
    text = text.strip()
    if text.casefold() in ("", "[]", "null", "none", "nan"):
        return []
    if len(text) > _DEEPEST:
        return None
    data: Any = None
    for read in (_json, _python):
        try:
            data = read(text)
            break
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError, ArithmeticError):
            continue
    if isinstance(data, dict):
        data = [data]
    if not isinstance(data, list):
        return None
    found = []
    for part in data:
        amount = _exact(part.get("amount")) if isinstance(part, dict) else None
        if amount is None:
            return None
        found.append((str(part.get("full_name") or part.get("name") or "credit"), str(part.get("type") or ""), amount))
    return found


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _python(text: str) -> Any:
    """A literal of Python; its numbers by their text, for a float would lose digits."""
    return _literal_of(ast.parse(text, mode="eval").body, text)


def _literal_of(node: ast.expr, text: str) -> Any:
    """Lists, mappings, texts, numbers, and nothing else. Raises `ValueError`."""
    if isinstance(node, ast.List | ast.Tuple):
        return [_literal_of(n, text) for n in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(_literal_of(k, text)): _literal_of(v, text) for k, v in pairs if k is not None}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -Decimal(ast.get_source_segment(text, node.operand) or "")
    if isinstance(node, ast.Constant):
        number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return Decimal(ast.get_source_segment(text, node) or "") if number else node.value
    raise ValueError(text)


def _exact(value: Any) -> Decimal | None:
    """A number the charges hold to its last digit; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    text = str(value)
    return Decimal(canonical) if (canonical := Notation(".", False, 18).canonical(text)) else None


def _aside(
    connection: duckdb.DuckDBPyConnection, read: str, texts: list[tuple[str, str]]
) -> list[tuple[int, str, str]]:
    """Line, column and text of each row with a credit that cannot be read; the first such column of a row."""
    aside: dict[int, tuple[int, str, str]] = {}
    for column, text in texts:
        lines = connection.execute(f"SELECT line FROM {read} WHERE {identifier(column)} = ?", [text]).fetchall()
        for (line,) in lines:
            aside.setdefault(line, (line, column.removeprefix("x_"), text))
    return [aside[line] for line in sorted(aside)]


def _parts(read: str, meaning: CreditRules, lines: str) -> str:
    """SQL of the credits of each line: `line`, `name`, `credit` (with the file's sign), `granted`."""
    kept = f"charges.line NOT IN ({lines})"
    columns = [*meaning.credits, *([meaning.nested] if meaning.nested else [])]
    parts = [
        f"SELECT charges.line, known.name, known.credit, known.granted FROM {read} AS charges "
        f"JOIN known_credit AS known ON known.col = {literal(c)} AND known.k = charges.{identifier(c)} WHERE {kept}"
        for c in columns
    ]
    if meaning.paid_with_bonus:
        parts.append(
            f"SELECT line, 'bonus' AS name, -amount AS credit, true AS granted FROM {read} AS charges "
            f"WHERE ({meaning.paid_with_bonus}) AND amount <> 0 AND {kept}"
        )
    if not parts:
        return "SELECT 0::BIGINT AS line, '' AS name, 0::DECIMAL(38, 18) AS credit, false AS granted WHERE false"
    named = " UNION ALL ".join(parts)
    if not meaning.credits_total:
        return named
    total = meaning.credits_total
    rest = (
        f"SELECT charges.line, {literal(total.removeprefix('x_'))} AS name, "
        f"CAST(coalesce(known.credit, 0) - coalesce(own.credit, 0) AS DECIMAL(38, 18)) AS credit, false AS granted "
        f"FROM {read} AS charges "
        f"LEFT JOIN known_credit AS known ON known.col = {literal(total)} AND known.k = charges.{identifier(total)} "
        f"LEFT JOIN (SELECT line, sum(credit) AS credit FROM named GROUP BY line) AS own ON own.line = charges.line "
        f"WHERE {kept} AND coalesce(known.credit, 0) <> coalesce(own.credit, 0)"
    )
    return f"WITH named AS ({named}) SELECT * FROM named UNION ALL {rest}"


def _query(connection: duckdb.DuckDBPyConnection, read: str, meaning: CreditRules, lines: str, sign: int) -> str:
    """SQL of every row as it is meant, each followed by its credits."""
    columns = [name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()]
    changed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in meaning.columns.items())
    names = ", ".join(identifier(c) for c in columns)
    extra = f", category AS {identifier(SOURCE_CATEGORY)}" if "category" in meaning.columns else ""
    rows = f"SELECT *{f' REPLACE ({changed})' if changed else ''}{extra} FROM {read} WHERE line NOT IN ({lines})"
    if not (meaning.credits or meaning.nested or meaning.credits_total or meaning.paid_with_bonus):
        return f"{rows} ORDER BY line"
    money = "CAST(credit.credit * " + str(sign) + " AS DECIMAL(38, 18))"
    own = {
        "amount": money, "category": "'Credit'", "charge_class": "''", "quantity": "NULL", "unit": "''",
        "bonus": f"CASE WHEN credit.granted THEN -{money} ELSE 0 END", "description": "credit.name",
        "list_cost": f"CASE WHEN list_cost IS NOT NULL THEN {money} END",
        "effective_cost": f"CASE WHEN effective_cost IS NOT NULL THEN {money} END",
    }  # fmt: skip
    own |= {c: "''" for c in (*meaning.credits, meaning.nested, meaning.credits_total) if c}
    replaced = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in own.items())
    tail = f", {identifier(SOURCE_CATEGORY)}" if extra else ""
    return (
        f"WITH meant AS ({rows}) SELECT {names}{tail}, '' AS {identifier(NAME)} FROM meant UNION ALL "
        f"SELECT * FROM (SELECT meant.* REPLACE ({replaced}), credit.name AS {identifier(NAME)} "
        f"FROM meant JOIN credit ON credit.line = meant.line) ORDER BY line, {identifier(NAME)}"
    )


def _basis(connection: duckdb.DuckDBPyConnection, read: str, meaning: CreditRules, source: str) -> str:
    """Which view of the money the rows are: `actual`, `amortized`, "" when nothing in them tells."""
    basis = {}
    for name, test in meaning.bases.items():
        ((line,),) = connection.execute(f"SELECT min(line) FROM {read} WHERE {test}").fetchall()
        if line is not None:
            basis[name] = line
    if len(basis) > 1:
        raise InputError(Problem(code="two_bases", source=source, line=max(basis.values())))
    return next(iter(basis), "")


def _not_final(connection: duckdb.DuckDBPyConnection, read: str, meaning: CreditRules, source: str) -> list[Problem]:
    """A warning for the billing months whose rows are on no invoice yet."""
    if not meaning.open_:
        return []
    rows = connection.execute(
        f"SELECT period, count(*), min(line) FROM {read} WHERE {meaning.open_} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if not rows:
        return []
    args = {"months": ", ".join(f"{month:%Y-%m}" for month, *_ in rows), "rows": str(sum(n for _, n, _ in rows))}
    return [Problem(code="not_final", source=source, line=rows[0][2], args=args)]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
