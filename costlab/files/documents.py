"""Read YAML and JSON that people wrote: every value with its line, decimals from their text, nothing trusted.

The parser's events are turned into data here (and not by PyYAML's constructors) for three reasons: a decimal must
never pass through a float, every key must remember its line, and a hostile file must not be able to nest, repeat or
expand itself beyond the limits below.
"""

import json
import re
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from costlab.errors import InputError, counted
from costlab.files.writing import os_reason, shown_path
from costlab.model.numbers import Args, Problem, Text

MAX_BYTES = 20_000_000
MAX_DEPTH = 40
MAX_NODES = 2_000_000
MAX_DATA_BYTES = 200_000_000
"""Of JSON that a program wrote: a plan of 5,000 resources has 30 MB, for it says everything twice."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,39})\Z")
"""A leading zero makes a name of it: 007 is not 7."""
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|\n|[^\s{}\[\]:,"]+', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SYNTAX_RU = {  # what the parsers say most often; the rest is shown as they say it
    "did not find expected '-' indicator": "ожидался следующий пункт списка «-»",
    "did not find expected key": "ожидался ключ",
    "did not find expected ',' or '}'": "ожидалась «,» или «}»",
    "did not find expected ',' or ']'": "ожидалась «,» или «]»",
    "mapping values are not allowed in this context": "лишнее двоеточие: возьмите значение в кавычки",
    "could not find expected ':'": "ожидалось двоеточие",
    "found unexpected end of stream": "файл кончился внутри кавычек",
    "found a tab character that violates indentation": "отступ сделан табуляцией",
    "found character that cannot start any token": "с этого знака значение начинаться не может",
    "Expecting property name enclosed in double quotes": "ожидался ключ в двойных кавычках",
    "Expecting ',' delimiter": "ожидалась запятая",
    "Expecting ':' delimiter": "ожидалось двоеточие",
    "Expecting value": "ожидалось значение",
    "Unterminated string starting at": "не закрыты кавычки",
    "Extra data": "лишний текст после конца",
}

Path_ = tuple[str | int, ...]


class Document:
    """Data plus the line of every key and item (first line = 1)."""

    def __init__(self, data: Any, lines: dict[Path_, int], source: str) -> None:
        self.data, self.lines, self.source = data, lines, source

    def line(self, *path: str | int) -> int:
        """The line of a path, or of the nearest thing around it that has one."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return self.lines.get((), 1)


def quoted(text: str) -> str:
    """A YAML text in double quotes, whatever it holds."""
    shown = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(shown)}"'


def read_document(path: Path | str) -> Document:
    """Read a YAML or JSON file. Raises `InputError` when it cannot be used at all."""
    return parse_document(_bytes(path, MAX_BYTES), shown_path(path))


def _bytes(path: Path | str, limit: int) -> bytes:
    """What a file holds. Raises `InputError` when it is none, or larger than the limit."""
    source = shown_path(path)
    file = Path(path)
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(Problem(code="is_directory", source=source))
        if not stat.S_ISREG(mode):  # a pipe may never end, /dev/zero never does
            raise InputError(Problem(code="not_a_file", source=source))
        with file.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise InputError(Problem(code="unreadable", source=source, args=os_reason(error))) from None
    if len(raw) > limit:
        raise InputError(Problem(code="too_large", source=source, args=counted("limit", limit, "B", "Б")))
    return raw


def read_data(path: Path | str) -> Any:
    """The data of a JSON file that a program wrote: up to 200 MB, without the lines of its keys.

    Decimals are `Decimal`; keys given twice, NaN and more depth than the limit are refused. Raises `InputError`.
    """
    source = shown_path(path)
    raw = _bytes(path, MAX_DATA_BYTES)
    text = _decode(raw, source)
    try:
        data = json.loads(
            text, parse_float=_json_decimal, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys
        )
    except (RecursionError, ValueError):
        _json(text, source)  # says what is wrong, with the line
        return _Builder(source).build(text).data  # YAML in flow style
    level, depth = [data], 0
    while level := [v for x in level if isinstance(x, dict | list) for v in (x.values() if isinstance(x, dict) else x)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise InputError(Problem(code="too_deep", source=source, line=1, args={"limit": str(MAX_DEPTH)}))
    return data


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique_keys = dict(pairs)
    if len(unique_keys) != len(pairs):
        raise ValueError("a key given twice")
    return unique_keys


def parse_document(raw: bytes, source: str) -> Document:
    """Parse the bytes of a YAML or JSON file. Raises `InputError`."""
    if len(raw) > MAX_BYTES:
        raise InputError(Problem(code="too_large", source=source, args=counted("limit", MAX_BYTES, "B", "Б")))
    text = _decode(raw, source)
    if not text.strip():
        raise InputError(Problem(code="empty_file", source=source))
    if text.lstrip().startswith(("{", "[")):
        document = _json(text, source)
        if document is not None:
            return document
    return _Builder(source).build(text)


def _decode(raw: bytes, source: str) -> str:
    """UTF-8 (or UTF-16 with its mark); anything else is not a text file of ours."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(Problem(code="not_text", source=source, line=line)) from None
    if "\x00" in text:
        raise InputError(Problem(code="not_text", source=source, line=text[: text.index("\x00")].count("\n") + 1))
    return text


def _json(text: str, source: str) -> Document | None:
    """Strict JSON, or None when the text is YAML in flow style."""
    try:
        data = json.loads(text, parse_float=_json_decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if re.match(r"\s*[{\[]\s*[\"}\]\[{]", text):  # it meant to be JSON
            args: Args = {"reason": Text(en=error.msg, ru=_SYNTAX_RU.get(error.msg, error.msg))}
            raise InputError(Problem(code="syntax", source=source, line=error.lineno, args=args)) from None
        return None
    except RecursionError:
        raise InputError(Problem(code="too_deep", source=source, line=1, args={"limit": str(MAX_DEPTH)})) from None
    except ValueError:
        line = _line_of(r"\b(NaN|Infinity|[0-9]{4300,}|[0-9.]+[eE][-+]?[0-9]{4,})", text)
        args = {"reason": Text(en="not a number that can be read", ru="такое число не прочитать")}
        raise InputError(Problem(code="syntax", source=source, line=line, args=args)) from None
    return Document(data, _JsonLines(source).read(text), source)


def _json_decimal(text: str) -> Decimal:
    if not _DECIMAL.match(text):
        raise ValueError(text)
    return Decimal(text)


def _line_of(pattern: str, text: str) -> int:
    match = re.search(pattern, text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


class _JsonLines:
    """The line of every key and item of valid JSON, which the standard parser does not tell; refuses what it lets by.

    That is keys given twice, half characters (lone surrogates), and more depth or values than the limits.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[Path_, int] = {}
        self.stack: list[tuple[Path_, set[str] | None]] = []  # open containers: path, keys met (None for a list)
        self.path: Path_ = ()
        self.line, self.values = 1, 0

    def read(self, text: str) -> dict[Path_, int]:
        """Walk over the text once."""
        before = ""
        for mark in _MARKS.findall(text):
            if mark == "\n":
                self.line += 1
                continue
            if mark == ",":
                here, keys = self.stack[-1]
                self.path = here if keys is not None else (*here, int(self.path[-1]) + 1)
            elif mark in "}]":
                self.path = self.stack.pop()[0]
            elif mark != ":":
                self._text_or_value(mark, is_value=before == ":")
            before = mark
        return self.lines

    def _fail(self, code: str, **args: str) -> InputError:
        return InputError(Problem(code=code, source=self.source, line=self.line, args=args))

    def _text_or_value(self, mark: str, *, is_value: bool) -> None:
        if mark[0] == '"' and _SURROGATE.search(mark) and not _is_whole(json.loads(mark)):
            raise self._fail("not_text")
        base, keys = self.stack[-1] if self.stack else ((), None)
        if keys is not None and not is_value:
            key = str(json.loads(mark))
            if key in keys:
                raise self._fail("duplicate_key", key=key)
            keys.add(key)
            self.path = (*base, key)
            self.lines[self.path] = self.line
            return
        self.values += 1
        if self.values > MAX_NODES:
            raise self._fail("too_many_values", limit=str(MAX_NODES))
        if self.stack and keys is None:
            self.lines[self.path] = self.line
        if mark in "{[":
            if len(self.stack) >= MAX_DEPTH:
                raise self._fail("too_deep", limit=str(MAX_DEPTH))
            self.stack.append((self.path, set() if mark == "{" else None))
            self.path = self.path if mark == "{" else (*self.path, 0)


def _is_whole(text: str) -> bool:
    """Whether no half of a character stands alone."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


class _Builder:
    """Turns parser events into plain data; holds the stack of open containers."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[Path_, int] = {}
        self.root: Any = None
        self.stack: list[tuple[Any, Path_]] = []
        self.keys: list[str | None] = []  # per open container, the key that waits for its value
        self.nodes = 0

    def build(self, text: str) -> Document:
        documents = 0
        try:
            event: Any
            for event in yaml.parse(text, Loader=_Loader):
                documents += isinstance(event, yaml.DocumentStartEvent)
                if documents > 1:
                    raise self._fail("several_documents", event)
                if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                    self.stack.pop()
                    self.keys.pop()
                elif isinstance(event, yaml.NodeEvent):
                    self._node(event)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            reason = getattr(error, "problem", None) or str(error).splitlines()[0]
            line = mark.line + 1 if mark else 1
            args: Args = {"reason": Text(en=str(reason), ru=_SYNTAX_RU.get(str(reason), str(reason)))}
            raise InputError(Problem(code="syntax", source=self.source, line=line, args=args)) from None
        return Document(self.root, self.lines, self.source)

    def _fail(self, code: str, event: Any, **args: str) -> InputError:
        return InputError(Problem(code=code, source=self.source, line=event.start_mark.line + 1, args=args))

    def _node(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._fail("alias", event)
        if event.tag is not None:
            raise self._fail("yaml_tag", event, tag=str(event.tag).removeprefix("tag:yaml.org,2002:"))
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._fail("too_many_values", event, limit=str(MAX_NODES))
        scalar = isinstance(event, yaml.ScalarEvent)
        if self.stack and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None:
            self._key(event)
            return
        value: Any = _scalar(event) if scalar else [] if isinstance(event, yaml.SequenceStartEvent) else {}
        path = self._place(value, event.start_mark.line + 1)
        if not scalar:
            if len(self.stack) >= MAX_DEPTH:
                raise self._fail("too_deep", event, limit=str(MAX_DEPTH))
            self.stack.append((value, path))
            self.keys.append(None)

    def _key(self, event: Any) -> None:
        container, path = self.stack[-1]
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            raise self._fail("key_not_text", event)
        key = str(event.value)
        if key in container:
            raise self._fail("duplicate_key", event, key=key)
        self.lines[(*path, key)] = line
        self.keys[-1] = key

    def _place(self, value: Any, line: int) -> Path_:
        """Put a value where it belongs; returns its path."""
        if not self.stack:
            self.root = value
            return ()
        container, path = self.stack[-1]
        key = self.keys[-1]
        if key is not None:
            container[key] = value
            self.keys[-1] = None
            return (*path, key)
        container.append(value)
        here = (*path, len(container) - 1)
        self.lines[here] = line
        return here


def _scalar(event: Any) -> Any:
    """YAML 1.2 core scalars; decimals keep every digit of their text; `yes` and `on` are words."""
    text: str = event.value
    if event.style in ("'", '"', "|", ">"):
        return text
    if text in _WORDS:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Decimal(text)
    return text
