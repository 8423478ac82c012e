"""Expressions of Terraform's language over literals: what they come to, or that only Terraform knows.

A clear part of the language, computed without running anything: literals, templates, lists, objects, indices and
attributes, conditionals, operators, `for` and splat expressions, and the functions of `functions.py`. Whatever depends
on something else (an attribute of a resource, a data source, a function not listed) is `Unknown`; one that is nothing
but an attribute of a resource keeps its address. Source of the rules: HashiCorp's language documentation,
"Expressions". Numbers are exact decimals.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from costlab.inventory.sources.terraform.functions import (
    FUNCTIONS,
    MAX_ITEMS,
    MAY_HOLD_UNKNOWN,
    NotKnownError,
    Unknown,
    boolean,
    number,
    text_of,
    unknowns,
)  # fmt: skip
from costlab.inventory.sources.terraform.operators import operated
from costlab.inventory.sources.terraform.texts import bare, is_whole, pieces, tokens_of, unescaped

_DEPTH = 60
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_STEP = 2
"""Tokens of `.name`."""
_ROOTS = ("var", "local", "each", "count", "path", "terraform", "self", "module")
MODULE = "@module"
"""Key of a scope: the address of its module with a point at the end, "" for the root; no name can be equal to it."""
CALLS = "@calls"
"""Key of a scope: other functions than `FUNCTIONS`."""


_ERRORS = (KeyError, IndexError, InvalidOperation)
"""What Terraform itself would stop at: `try` goes on to its next argument."""
_NOT_KNOWN = (
    NotKnownError, RecursionError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError,
    StopIteration,
)  # fmt: skip


def evaluate(value: Any, scope: Mapping[str, Any]) -> Any:
    """A value as the parser gives it, with every expression in it worked out, or `Unknown` in its place."""
    if isinstance(value, dict):
        return {_key(str(k), scope): evaluate(v, scope) for k, v in value.items() if not str(k).startswith("__")}
    if isinstance(value, list):
        return [evaluate(v, scope) for v in value]
    if isinstance(value, float):
        return Decimal(str(value))
    if not isinstance(value, str):
        return value
    if value.startswith("${") and value.endswith("}") and is_whole(value):
        return expression(value[2:-1], scope)
    return template(bare(value), scope)


def _key(text: str, scope: Mapping[str, Any]) -> str:
    """A key of an object, which may be an expression; one that is not known stays as it is written."""
    key = evaluate(text, scope) if "${" in text else bare(text)
    return bare(text) if isinstance(key, Unknown | dict | list) or key is None else text_of(key)


def expression(text: str, scope: Mapping[str, Any]) -> Any:
    """What an expression comes to; a list or an object may hold `Unknown`."""
    shown = f"${{{text}}}"
    try:
        parser = _Parser(tokens_of(text), scope)
        result = parser.conditional(0)
    except _NOT_KNOWN:
        return Unknown(shown)
    if not parser.at_end:
        return Unknown(shown)
    return Unknown(shown, result.references) if isinstance(result, Unknown) else result


def template(text: str, scope: Mapping[str, Any]) -> Any:
    """A text with `${…}` in it."""
    if "${" not in text and "%{" not in text:
        return unescaped(text)
    if "%{" in text.replace("%%{", ""):
        return Unknown(text)
    parts: list[str] = []
    for literal, inner in pieces(text):
        parts.append(unescaped(literal))
        if inner is not None:
            value = expression(inner, scope)
            if value is None or isinstance(value, Unknown | dict | list):
                return Unknown(text)
            parts.append(text_of(value))
    return "".join(parts)


class _Parser:
    """Reads one expression and computes it on the way."""

    def __init__(self, tokens: list[tuple[str, str]], scope: Mapping[str, Any]) -> None:
        self._tokens, self._scope, self._at, self._left = tokens, scope, 0, MAX_ITEMS

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
        chosen = yes if boolean(condition) else no
        if isinstance(chosen, NotKnownError):
            raise chosen
        return chosen

    def _attempt(self, depth: int) -> Any:
        """One side of a conditional: that it is not known matters only when it is chosen."""
        start, scope = self._at, self._scope
        try:
            return self.conditional(depth + 1)
        except NotKnownError as error:
            self._at, self._scope = start, scope
            self._skip_operand()
            return error

    def _skip_operand(self, until: tuple[str, ...] = (":", ")", "]", "}", ",")) -> None:
        open_ = 0
        while not self.at_end:
            sign = self._tokens[self._at][1] if self._tokens[self._at][0] == "sign" else ""
            if not open_ and sign in until:
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
            left = operated(sign, left, right)
        return left

    def _unary(self, depth: int) -> Any:
        if self._takes("-"):
            return -number(self._unary(depth + 1))
        if self._takes("!"):
            return not boolean(self._unary(depth + 1))
        return self._postfix(self._primary(depth), depth)

    def _postfix(self, value: Any, depth: int) -> Any:
        while not self.at_end:
            if self._splat():
                return self._each_of(value, depth)
            if not self._step_next():
                break
            value = self._step(value, depth)
        return value

    def _step_next(self) -> bool:
        return self._sign() in (".", "[")

    def _step(self, value: Any, depth: int) -> Any:
        """One attribute or index further."""
        if self._takes("."):
            kind, name = self._next()
            if kind == "sign":
                raise NotKnownError
            return _item(value, int(name) if kind == "number" else name, dotted=True)
        self._need("[")
        key = _known(self.conditional(depth + 1))
        self._need("]")
        return _item(value, key)

    def _splat(self) -> bool:
        """Whether `[*]` or `.*` stands here; steps over it."""
        for signs in (("[", "*", "]"), (".", "*")):
            if tuple(s for _, s in self._tokens[self._at : self._at + len(signs)]) == signs:
                self._at += len(signs)
                return True
        return False

    def _each_of(self, value: Any, depth: int) -> Any:
        """What follows a splat, for each element."""
        if isinstance(value, Unknown):
            return self._one_of(value, depth)
        held = value if isinstance(value, list) else [] if value is None else [value]
        start, results = self._at, []
        for one in held or [Unknown("")]:
            self._at, result = start, one
            while self._step_next():
                result = self._step(result, depth)
            results.append(result)
        return results if held else []

    def _one_of(self, value: Unknown, depth: int) -> Unknown:
        """`x.*.id[1]` is `x[1].id`; without an index it is every one of them."""
        start = self._at
        while self._sign() == ".":
            self._at += _STEP
        after = self._at
        one = self._step(value, depth) if self._sign() == "[" else value
        end, self._at = self._at, start
        while self._at < after:
            one = self._step(one, depth)
        self._at = end
        return one

    def _primary(self, depth: int) -> Any:
        kind, text = self._next()
        if kind == "number":
            return number(text)
        if kind == "string":
            return _known(template(text[1:-1], self._scope))
        if kind == "name":
            return self._named(text, depth)
        if text == "(":
            value = self.conditional(depth + 1)
            self._need(")")
            return value
        return self._bracketed(text, depth)

    def _bracketed(self, sign: str, depth: int) -> Any:
        if sign in ("[", "{") and self._tokens[self._at : self._at + 1] == [("name", "for")]:
            return self._for("]" if sign == "[" else "}", depth)
        if sign == "[":
            return self._listed("]", depth)
        if sign == "{":
            return self._object(depth)
        raise ValueError(sign)

    def _for(self, end: str, depth: int) -> Any:
        """`[for v in X : … if …]` or `{for k, v in X : … => … if …}`; maps go by key, as Terraform's do."""
        self._at += 1
        names = [self._next()[1]]
        if self._takes(","):
            names.append(self._next()[1])
        if self._next() != ("name", "in"):
            raise NotKnownError
        source = _known(self.conditional(depth + 1))
        self._need(":")
        pairs = sorted(source.items()) if isinstance(source, dict) else list(enumerate(source))
        start, outer, results = self._at, self._scope, []
        self._left -= len(pairs)
        if self._left < 0:
            raise NotKnownError
        for key, value in pairs:
            self._at = start
            self._scope = {**outer, **dict(zip(reversed(names), (value, key), strict=False))}
            results += self._for_body(end, depth)
        self._scope = outer
        if not pairs:
            self._skip_operand(until=(end,))
        self._need(end)
        if end == "]":
            return results
        if len(dict(results)) != len(results):
            raise NotKnownError  # Terraform refuses a key that comes twice
        return dict(results)

    def _for_body(self, end: str, depth: int) -> list[Any]:
        """What one element comes to: nothing where its condition is not met."""
        result = self.conditional(depth + 1)
        if end == "}":
            self._need("=>")
            result = (text_of(_known(result)), self.conditional(depth + 1))
        if not self.at_end and self._tokens[self._at] == ("name", "if"):
            self._at += 1
            return [result] if boolean(_known(self.conditional(depth + 1))) else []
        return [result]

    def _named(self, name: str, depth: int) -> Any:
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        if self._takes("("):
            return self._call(name, depth)
        if name in self._scope:
            return self._scope[name]
        if name in _ROOTS:
            raise NotKnownError
        return self._resource(name, depth)

    def _call(self, name: str, depth: int) -> Any:
        if name in ("try", "can"):
            tried = self._tried(depth)
            return bool(tried) if name == "can" else tried[0]
        arguments = self._listed(")", depth)
        functions = self._scope.get(CALLS, FUNCTIONS)
        if name not in functions or any(isinstance(a, Unknown) for a in arguments):
            raise NotKnownError
        if name not in MAY_HOLD_UNKNOWN and any(True for _ in unknowns(arguments)):
            raise NotKnownError
        return functions[name](*arguments)

    def _tried(self, depth: int) -> list[Any]:
        """Arguments of `try` that have no error in them; what is not known is no error."""
        results: list[Any] = []
        while not self._takes(")"):
            start, scope = self._at, self._scope
            try:
                results.append(self.conditional(depth + 1))
            except _ERRORS:
                self._at, self._scope = start, scope
                self._skip_operand((",", ")"))
            except NotKnownError:
                if not results:
                    raise
                self._at, self._scope = start, scope
                self._skip_operand((",", ")"))
            self._takes(",")
        return results

    def _resource(self, name: str, depth: int) -> Unknown:
        """The address of a resource or data source, with its index where it has one."""
        parts = [name]
        while len(parts) < (3 if name == "data" else 2):
            self._need(".")
            parts.append(self._next()[1])
        address = f"{self._scope.get(MODULE, '')}{'.'.join(parts)}"
        if self._sign() == "[" and self._tokens[self._at + 1 : self._at + 2] != [("sign", "*")]:
            self._at += 1
            key = _known(self.conditional(depth + 1))
            self._need("]")
            address += f'["{key}"]' if isinstance(key, str) else f"[{text_of(key)}]"
        return Unknown(address, (address,))

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
            key = self._object_key(depth)
            if key is None or not (self._takes("=") or self._takes(":")):
                raise NotKnownError
            found[str(key)] = self.conditional(depth + 1)
            self._takes(",")
        return found

    def _object_key(self, depth: int) -> Any:
        kind, text = self._next()
        if text == "(":
            key = _known(self.conditional(depth + 1))
            self._need(")")
            return key
        return text if kind == "name" else _known(template(text[1:-1], self._scope)) if kind == "string" else None

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
            raise NotKnownError


def _known(value: Any) -> Any:
    if isinstance(value, Unknown):
        raise NotKnownError
    return value


def _item(value: Any, key: Any, *, dotted: bool = False) -> Any:
    if isinstance(value, Unknown):
        step = f".{key}" if dotted else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
        return Unknown(value.text + step, tuple(r + step for r in value.references))
    if isinstance(value, dict):
        return value[text_of(key)]
    if isinstance(value, list) and not isinstance(key, bool) and int(key) >= 0:
        return value[int(key)]
    if value is None:
        raise KeyError(key)
    raise NotKnownError
