"""Expressions of Terraform's language over literals: what they come to, or that only Terraform knows.

A clear part of the language, computed without running anything: literals, templates, lists, objects, indices and
attributes, conditionals, operators, and the functions of `FUNCTIONS`. Whatever depends on something else (an attribute
of a resource, a data source, a function not listed, a `for` or splat expression) is `Unknown`, with the references in
it. Source of the rules: HashiCorp's language documentation, "Expressions". Numbers are exact decimals.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

MAX_ITEMS = 10_000
_DEPTH = 60
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<string>\"(?:[^\"\\$]|\\.|\$\{(?:[^{}\"]|\"[^\"]*\")*\}|\$)*\")"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>\.\.\.|==|!=|<=|>=|&&|\|\||=>|[-+*/%<>!?:.,(){}\[\]=]))"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_ROOTS = ("var", "local", "each", "count", "path", "terraform", "self", "module")


@dataclass(frozen=True)
class Unknown:
    """A value that only Terraform knows: its text, and the resources it refers to."""

    text: str
    references: tuple[str, ...] = ()


class _NotKnownError(Exception):
    """Somewhere in an expression stands what is not known."""


def evaluate(value: Any, scope: Mapping[str, Any]) -> Any:
    """A value as the parser gives it, with every expression in it worked out, or `Unknown` in its place."""
    if isinstance(value, dict):
        return {bare(str(k)): evaluate(v, scope) for k, v in value.items() if not str(k).startswith("__")}
    if isinstance(value, list):
        return [evaluate(v, scope) for v in value]
    if isinstance(value, float):
        return Decimal(str(value))
    if not isinstance(value, str):
        return value
    if value.startswith("${") and value.endswith("}") and _whole(value):
        return expression(value[2:-1], scope)
    return template(bare(value), scope)


def expression(text: str, scope: Mapping[str, Any]) -> Any:
    """What an expression comes to."""
    try:
        tokens = _tokens(text)
        parser = _Parser(tokens, scope)
        result = parser.conditional(0)
        return result if parser.at_end else Unknown(f"${{{text}}}", references(text))
    except (_NotKnownError, RecursionError, ValueError, TypeError, KeyError, IndexError, ArithmeticError):
        return Unknown(f"${{{text}}}", references(text))


def template(text: str, scope: Mapping[str, Any]) -> Any:
    """A text with `${…}` in it."""
    if "${" not in text and "%{" not in text:
        return _unescaped(text)
    if "%{" in text.replace("%%{", ""):
        return Unknown(text, references(text))
    parts: list[str] = []
    for literal, inner in _pieces(text):
        parts.append(_unescaped(literal))
        if inner is not None:
            value = expression(inner, scope)
            if value is None or isinstance(value, Unknown | dict | list):
                return Unknown(text, references(text))
            parts.append(_text(value))
    return "".join(parts)


def references(text: str) -> tuple[str, ...]:
    """The resources and data sources an expression names, with their indices."""
    found = re.findall(r"(?<![\w.\"-])((?:data\.)?[a-z][\w-]*(?:\.[A-Za-z_][\w-]*|\[[^\]]*\])+)", text)
    return tuple(r for r in found if r.partition(".")[0] not in _ROOTS)


def bare(name: str) -> str:
    """A text without the quotes the parser keeps."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def unknowns(value: Any) -> Iterator[Unknown]:
    """Everything in a value that is not known."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from unknowns(inner)


def _whole(text: str) -> bool:
    """Whether `${…}` is one expression from end to end."""
    return next(iter(_pieces(text)), ("", None)) == ("", text[2:-1])


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """Literal text and the expression after it; None at the end."""
    at = 0
    while (start := text.find("${", at)) >= 0:
        if text[start - 1 : start] == "$":
            yield text[at : start + 1], None
            at = start + 1
            continue
        depth, end, quoted = 1, start + 2, False
        while end < len(text) and depth:
            char = text[end]
            quoted ^= char == '"' and text[end - 1] != "\\"
            depth += 0 if quoted else (char == "{") - (char == "}")
            end += 1
        yield text[at:start], text[start + 2 : end - 1]
        at = end
    yield text[at:], None


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), text).replace("$${", "${").replace("%%{", "%{")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(text[at:])
        tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return tokens


class _Parser:
    """Reads one expression and computes it on the way."""

    def __init__(self, tokens: list[tuple[str, str]], scope: Mapping[str, Any]) -> None:
        self._tokens, self._scope, self._at = tokens, scope, 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def conditional(self, depth: int) -> Any:
        if depth > _DEPTH:
            raise RecursionError
        condition = self._binary(0, depth)
        if not self._takes("?"):
            return condition
        yes = self._attempt(depth)
        self._need(":")
        no = self._attempt(depth)
        if not isinstance(condition, bool):
            raise _NotKnownError
        chosen = yes if condition else no
        if isinstance(chosen, _NotKnownError):
            raise chosen
        return chosen

    def _attempt(self, depth: int) -> Any:
        """One side of a conditional: that it is not known matters only when it is chosen."""
        try:
            return self.conditional(depth + 1)
        except _NotKnownError as error:
            self._skip_operand()
            return error

    def _skip_operand(self) -> None:
        open_ = 0
        while not self.at_end:
            sign = self._tokens[self._at][1] if self._tokens[self._at][0] == "sign" else ""
            if not open_ and sign in (":", ")", "]", "}", ","):
                return
            open_ += (sign in ("(", "[", "{", "?")) - (sign in (")", "]", "}", ":"))
            self._at += 1

    def _binary(self, level: int, depth: int) -> Any:
        if level == len(_LEVELS):
            return self._unary(depth + 1)
        left = self._binary(level + 1, depth)
        while (sign := self._sign()) in _LEVELS[level]:
            self._at += 1
            right = self._binary(level + 1, depth)
            left = _operated(sign, left, right)
        return left

    def _unary(self, depth: int) -> Any:
        if self._takes("-"):
            return -_number(self._unary(depth + 1))
        if self._takes("!"):
            value = self._unary(depth + 1)
            if not isinstance(value, bool):
                raise _NotKnownError
            return not value
        return self._postfix(self._primary(depth), depth)

    def _postfix(self, value: Any, depth: int) -> Any:
        while not self.at_end:
            if self._takes("."):
                kind, name = self._next()
                if kind == "sign":
                    raise _NotKnownError
                value = _item(value, int(name) if kind == "number" else name)
            elif self._takes("["):
                key = self.conditional(depth + 1)
                self._need("]")
                value = _item(value, key)
            else:
                break
        return value

    def _primary(self, depth: int) -> Any:
        kind, text = self._next()
        if kind == "number":
            number = Decimal(text)
            return int(number) if number == number.to_integral_value() and "." not in text else number
        if kind == "string":
            return _known(template(text[1:-1], self._scope))
        if kind == "name":
            return self._named(text, depth)
        if text == "(":
            value = self.conditional(depth + 1)
            self._need(")")
            return value
        if text == "[":
            return self._listed("]", depth)
        if text == "{":
            return self._object(depth)
        raise ValueError(text)

    def _named(self, name: str, depth: int) -> Any:
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        if name == "for":
            raise _NotKnownError
        if self._takes("("):
            arguments = self._listed(")", depth)
            if name not in FUNCTIONS:
                raise _NotKnownError
            return FUNCTIONS[name](*arguments)
        if name not in self._scope:
            raise _NotKnownError
        return _known(self._scope[name])

    def _listed(self, end: str, depth: int) -> list[Any]:
        values = []
        while not self._takes(end):
            values.append(self.conditional(depth + 1))
            if not self._takes(","):
                self._need(end)
                break
        return values

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._takes("}"):
            kind, text = self._next()
            key = text if kind == "name" else _known(template(text[1:-1], self._scope)) if kind == "string" else None
            if key is None or not (self._takes("=") or self._takes(":")):
                raise _NotKnownError
            found[str(key)] = self.conditional(depth + 1)
            self._takes(",")
        return found

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _sign(self) -> str:
        return "" if self.at_end or self._tokens[self._at][0] != "sign" else self._tokens[self._at][1]

    def _takes(self, sign: str) -> bool:
        taken = self._sign() == sign
        self._at += taken
        return taken

    def _need(self, sign: str) -> None:
        if not self._takes(sign):
            raise _NotKnownError


def _known(value: Any) -> Any:
    if isinstance(value, Unknown):
        raise _NotKnownError
    return value


def _item(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        return _known(value[_text(key)])
    if isinstance(value, list) and not isinstance(key, bool):
        return _known(value[int(key)])
    raise _NotKnownError


def _number(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        raise _NotKnownError
    if isinstance(value, int | Decimal):
        return value
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else number


def _operated(sign: str, left: Any, right: Any) -> Any:
    if any(True for _ in unknowns([left, right])):
        raise _NotKnownError
    if sign in ("==", "!="):
        return (left == right) == (sign == "==")
    if sign in ("&&", "||"):
        if not isinstance(left, bool) or not isinstance(right, bool):
            raise _NotKnownError
        return (left and right) if sign == "&&" else (left or right)
    a, b = Decimal(_number(left)), Decimal(_number(right))
    if sign in ("<", ">", "<=", ">="):
        return {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]
    try:
        result = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "%": lambda: a % b}[
            sign
        ]()
    except (DivisionByZero, InvalidOperation):
        raise _NotKnownError from None
    return int(result) if result == result.to_integral_value() else result


def _merged(*maps: dict[str, Any]) -> dict[str, Any]:
    return {k: v for one in maps for k, v in one.items()}


def _flat(value: list[Any]) -> list[Any]:
    return [x for v in value for x in (_flat(v) if isinstance(v, list) else [v])]


def _range(*bounds: Any) -> list[int]:
    values = range(*(int(_number(b)) for b in bounds))
    if len(values) > MAX_ITEMS:
        raise _NotKnownError
    return list(values)


def _lookup(holder: dict[str, Any], key: str, *default: Any) -> Any:
    return holder[key] if key in holder else default[0]


def _unique(values: Any) -> list[Any]:
    return [v for n, v in enumerate(values) if v not in values[:n]]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "toset": _unique, "tolist": list, "tomap": dict, "distinct": _unique,
    "concat": lambda *x: [v for one in x for v in one],
    "flatten": _flat, "merge": _merged, "keys": sorted, "values": lambda m: [m[k] for k in sorted(m)],
    "length": len, "range": _range, "lookup": _lookup, "contains": lambda held, v: v in held,
    "element": lambda held, n: held[int(n) % len(held)], "tonumber": _number, "tostring": _text,
    "max": lambda *x: max(map(_number, x)), "min": lambda *x: min(map(_number, x)),
    "ceil": lambda n: int(Decimal(_number(n)).to_integral_value("ROUND_CEILING")),
    "floor": lambda n: int(Decimal(_number(n)).to_integral_value("ROUND_FLOOR")),
    "coalesce": lambda *x: next(v for v in x if v not in (None, "")), "lower": str.lower, "upper": str.upper,
    "join": lambda sign, held: sign.join(map(_text, held)), "split": lambda sign, text: text.split(sign),
    "zipmap": lambda k, v: dict(zip(map(_text, k), v, strict=True)),
    "one": lambda held: held[0] if held else None, "sum": lambda held: sum(map(_number, held)),
}  # fmt: skip
"""Functions of Terraform that are worked out here; any other makes its expression unknown."""
