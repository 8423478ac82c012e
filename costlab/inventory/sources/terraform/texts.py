"""Texts of Terraform's language: quotes, escapes, and the expressions that stand in them."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<string>\"(?:[^\"\\$]|\\.|\$\{(?:[^{}\"]|\"[^\"]*\")*\}|\$)*\")"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>\.\.\.|==|!=|<=|>=|&&|\|\||=>|[-+*/%<>!?:.,(){}\[\]=]))"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


def bare(name: str) -> str:
    """A text without the quotes the parser keeps."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def is_whole(text: str) -> bool:
    """Whether `${…}` is one expression from end to end."""
    return next(iter(pieces(text)), ("", None)) == ("", text[2:-1])


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
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


def unescaped(text: str) -> str:
    """A text with its escapes worked out."""
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), text).replace("$${", "${").replace("%%{", "%{")


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Kind (`number`, `string`, `name`, `sign`) and text of each token. Raises `ValueError`."""
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(text[at:])
        tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return tokens
