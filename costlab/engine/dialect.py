"""The SQL files and queries, written for DuckDB, turned for Spark: the same questions, the same whole numbers.

HUGEINT becomes DECIMAL(38, 0). `//` becomes exact division that drops what is behind the point: Spark's `DIV` wraps at
64 bits without a word and its `/` keeps 18 decimals at most, so that a quotient is asked for only where nothing is
left over and, where it could exceed the 20 digits before those, in two steps. Signs are turned by subtracting: Spark's
`-x` and `abs(x)` round to 34 digits without a word (they go through a decimal of that precision).
"""

import re
from datetime import date
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

_WHOLE = "DECIMAL(38, 0)"
_STEP = 10**18
"""Quotients of one step have 20 digits at most; a divisor below this may need two."""
_ONE_STEP = f"CAST(((a) - (a) % (b)) / (b) AS {_WHOLE})"
_POINTER = re.compile(r"^/")


@lru_cache(maxsize=512)
def turned(text: str, values: tuple[tuple[str, Any], ...] = ()) -> tuple[exp.Expr, ...]:
    """The statements of a text as trees of Spark's dialect; `values` take the place of `$name`.

    The trees are kept for the next time: copy one before changing it.
    """
    known = dict(values)
    found = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    return tuple(_turn(tree, known) for tree in found)


def spark(tree: exp.Expr) -> str:
    """A tree as text for Spark."""
    return tree.sql("spark", identify=True, comments=False)


def _turn(tree: exp.Expr, values: dict[str, Any]) -> exp.Expr:
    for select in list(tree.find_all(exp.Select)):
        _name_no_windows(select)
    for node in reversed(list(tree.bfs())):  # what is inside first
        new = _node(node, values)
        if new is not node:
            node.replace(new)
    return tree


def _node(node: exp.Expr, values: dict[str, Any]) -> exp.Expr:  # noqa: C901, PLR0911 (a case a line)
    match node:
        case exp.IntDiv():
            return divided(node.this, node.expression)
        case exp.Neg() if not isinstance(node.this, exp.Literal):
            return _opposite(node.this)
        case exp.Abs():
            smaller = exp.LT(this=node.this, expression=exp.Literal.number(0))
            return exp.paren(exp.case().when(smaller, _opposite(node.this)).else_(node.this.copy()))
        case exp.DataType() if node.this == exp.DataType.Type.INT128:
            return exp.DataType.build(_WHOLE)
        case exp.CTE():
            node.set("materialized", None)  # Spark decides by itself
        case exp.Placeholder():
            return _literal(values[node.name])
        case exp.Window() if isinstance(node.this, exp.RowNumber):
            node.set("spec", None)  # the frame of a number is its own
            if node.args.get("order") is None:
                node.set("order", exp.Order(expressions=[exp.null()]))  # Spark wants some order, whichever
        case exp.Sub() if _is_date(node.expression):
            return exp.Anonymous(this="DATEDIFF", expressions=[node.this, node.expression])
        case exp.JSONExtractScalar():
            return _json_value(node)
        case exp.JSONObject():
            return _json_object(node)
        case exp.Anonymous():
            return _function(node)
    return node


def divided(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """`one // other`, towards zero, exact in 38 digits, for whole numbers of any type.

    One step is (a - a % b) / b, which leaves no remainder, and is enough while the quotient has no more than 20 digits:
    always, when b has more than 18. Else a is cut into a = high * 10^18 + low, and high // b and what it leaves are
    divided one after the other, as on paper.
    """
    a, b = f"CAST((x) AS {_WHOLE})", f"CAST((y) AS {_WHOLE})"
    high = _step(a, str(_STEP))
    low = f"({a} % {_STEP})"
    left = f"(({high} % {b}) * {_STEP} + {low})"
    two = f"({_step(high, b)} * {_STEP} + {_step(left, b)})"
    short = f"{b} < {_STEP} AND 0 - {b} < {_STEP} AND ({a} >= {_STEP} OR 0 - {a} >= {_STEP})"
    template = f"(CASE WHEN {short} THEN {two} ELSE {_step(a, b)} END)"
    parts = {"x": one, "y": other}

    def filled(node: exp.Expr) -> exp.Expr:
        return parts[node.name].copy() if isinstance(node, exp.Column) else node

    return _parsed(template).copy().transform(filled, copy=False)


def _step(a: str, b: str) -> str:
    return re.sub(r"\((a|b)\)", lambda m: f"({a if m[1] == 'a' else b})", _ONE_STEP)


@lru_cache
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, read="spark")


def _opposite(node: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Sub(this=exp.Literal.number(0), expression=exp.paren(node.copy())))


def _literal(value: Any) -> exp.Expr:
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.number(value) if isinstance(value, int) else exp.Literal.string(str(value))


def _is_date(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DATE and isinstance(node.this, exp.Literal)


def _name_no_windows(select: exp.Select) -> None:
    """A named window written out where it is used: a number and a value cannot share one frame in Spark."""
    named = {w.name: w for w in select.args.get("windows") or ()}
    if not named:
        return
    select.set("windows", None)
    for use in list(select.find_all(exp.Window)):
        window = named.get(use.alias)
        if window is None:
            continue
        for part in ("partition_by", "order", "spec"):
            found = window.args.get(part)
            copied = [x.copy() for x in found] if isinstance(found, list) else found.copy() if found else None
            use.set(part, copied)
        use.set("alias", None)


def _json_value(node: exp.JSONExtractScalar) -> exp.Expr:
    """A value by its JSON pointer, one level deep, as text; a path `$.name` is Spark's own."""
    path = node.expression
    if isinstance(path, exp.JSONPath) or (isinstance(path, exp.Literal) and path.name.startswith("$")):
        text = path.name if isinstance(path, exp.Literal) else path.sql("spark").strip("'")
        return exp.Anonymous(this="GET_JSON_OBJECT", expressions=[node.this, exp.Literal.string(text)])
    pointer = exp.Anonymous(this="SUBSTRING", expressions=[path, exp.Literal.number(2)])
    for code, char in (("~1", "/"), ("~0", "~")):
        pointer = exp.Anonymous(
            this="REPLACE", expressions=[pointer, exp.Literal.string(code), exp.Literal.string(char)]
        )
    labels = exp.Anonymous(this="FROM_JSON", expressions=[node.this, exp.Literal.string("MAP<STRING, STRING>")])
    return exp.Anonymous(this="TRY_ELEMENT_AT", expressions=[labels, pointer])


def _json_object(node: exp.JSONObject) -> exp.Expr:
    """Nulls are kept, as DuckDB keeps them."""
    pairs = [x for pair in node.expressions for x in (pair.this, pair.expression)]
    record = exp.Anonymous(this="NAMED_STRUCT", expressions=pairs)
    keep = _parsed("MAP('ignoreNullFields', 'false')").copy()
    return exp.Anonymous(this="TO_JSON", expressions=[record, keep])


def _function(node: exp.Anonymous) -> exp.Expr:
    name = node.name.lower()
    if name == "epoch_us":
        moment = exp.cast(node.expressions[0], "TIMESTAMP", dialect="spark")
        return exp.Anonymous(this="UNIX_MICROS", expressions=[moment])
    if name == "hash":
        return exp.Anonymous(this="XXHASH64", expressions=node.expressions)
    if name == "json_merge_patch":
        # Two flat objects one after the other: of a name that is in both, a reader takes the last.
        first, second = (x.sql("spark", identify=True) for x in node.expressions)
        both = f"CONCAT(LEFT({first}, LENGTH({first}) - 1), ',', SUBSTRING({second}, 2))"
        joined = f"CASE WHEN {second} = '{{}}' THEN {first} ELSE {both} END"
        return sqlglot.parse_one(joined, read="spark")
    return node
