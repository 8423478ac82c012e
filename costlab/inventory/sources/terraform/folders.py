"""What Terraform itself would read of a folder: its configuration files, the values given to its variables, its roots.

One root is one folder: `*.tf` and `*.tf.json` in it and nowhere below, links followed as Terraform follows them,
override files last. Values come from `terraform.tfvars`, `terraform.tfvars.json` and `*.auto.tfvars(.json)`, in that
order. A folder without files of its own holds several roots; a folder that only modules call is no root.
"""

import json
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from costlab.errors import InputError, counted
from costlab.files.writing import os_reason, shown_path
from costlab.inventory.reading.sample import Options
from costlab.inventory.sources.terraform.evaluate import evaluate, expression
from costlab.inventory.sources.terraform.texts import bare
from costlab.model.numbers import Problem

MAX_BYTES = 2_000_000
"""Of one file: people write them by hand."""
MAX_FILES = 2_000
_LINK = 500
Values = dict[str, tuple[Any, str]]
"""Name of a variable → what is given to it, and where."""
_COMMENT = "//"
"""A key of Terraform's JSON that holds a comment."""
_HEREDOC = re.compile(r"<<(-?)([A-Za-z_][\w-]*)[ \t]*$")
_MAPS = (
    "tags", "metadata", "labels", "triggers", "properties", "parameters", "settings",
    "for_each", "content", "resource", "volumes", "extra_specs", "default",
)  # fmt: skip
"""Keys that hold a map; in JSON nothing else tells a map from a block."""


@dataclass(frozen=True)
class File:
    """One configuration file, parsed."""

    source: str
    body: dict[str, Any]
    override: bool = False


def roots_of(folder: Path) -> list[Path]:
    """The folders that Terraform could be run in: the folder itself, else those below that nobody calls."""
    if _configuration(folder):
        return [folder]
    inside = [p for p in sorted(folder.rglob("*")) if p.is_dir() and not _hidden(p, folder) and _configuration(p)]
    called = {target.resolve() for p in inside for target in _called(p)}
    return [p for p in inside if p.resolve() not in called] or inside


def uncalled(folder: Path, called: set[Path]) -> list[Path]:
    """Folders below a root that hold configuration and that nothing in the root calls."""
    below = (p for p in sorted(folder.rglob("*")) if p.is_dir() and not _hidden(p, folder) and _configuration(p))
    return [p for p in below if p.resolve() not in called]


def files_of(folder: Path) -> list[File]:
    """The configuration files of one folder, overrides last. Raises `InputError` for broken files."""
    return sorted((parsed(path) for path in _configuration(folder)), key=lambda f: f.override)


def parsed(path: Path) -> File:
    """One file. Raises `InputError`."""
    source = shown_path(path)
    target = _linked(path)
    stem = path.name.removesuffix(".json").removesuffix(".tf")
    body = _json(target, source) if path.name.endswith(".json") else _hcl(_text(target, source), source)
    return File(source, body, stem == "override" or stem.endswith("_override"))


def _linked(path: Path) -> Path:
    """Where a file leads that is a link written as text: Git makes such files where links are not to be had."""
    try:
        if path.stat().st_size > _LINK:
            return path
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return path
    target = path.parent / text if re.fullmatch(r"[\w./-]+\.tf(\.json)?", text) else path
    return target if target.is_file() else path


def values_of(folder: Path) -> Values:
    """What the folder's own files of values give to variables. Raises `InputError`."""
    names = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    names += sorted(p for p in folder.iterdir() if re.search(r"\.auto\.tfvars(\.json)?\Z", p.name))
    given: Values = {}
    for path in names:
        if path.is_file():
            given |= _values(path)
    return given


def _values(path: Path) -> Values:
    source = shown_path(path)
    body = _json(path, source, values=True) if path.suffix == ".json" else _hcl(_text(path, source), source)
    return {bare(k): (evaluate(v, {}), source) for k, v in body.items() if not k.startswith("__")}


def given_values(own: Values, options: Options, declared: dict[str, Any]) -> Values:
    """The folder's own values with those of `--var` and `--var-file` over them, in the order given.

    `declared`: name → type of the root's variables. As in Terraform, what `--var` gives is a literal where the
    variable is a text or says no type, and an expression otherwise. Variables of the environment (`TF_VAR_…`) are not
    read: the same folder must cost the same on every machine. Raises `InputError`.
    """
    options.declare(declared)
    given = dict(own)
    for kind, text in options.variables:
        if kind == "file":
            given |= _values(Path(text))
            continue
        name, _, value = text.partition("=")
        name, type_ = name.strip(), bare(str(declared.get(name.strip()))).removeprefix("${").removesuffix("}")
        literal = type_ in ("None", "string")
        if name in declared:
            given[name] = (value if literal else expression(value, {}), f"--var {name}")
    return given


def workspace_of(folder: Path) -> str:
    """The workspace chosen in a folder, as Terraform notes it."""
    try:
        return (folder / ".terraform" / "environment").read_text(encoding="utf-8")[:_LINK].strip() or "default"
    except (OSError, UnicodeDecodeError):
        return "default"


def _configuration(folder: Path) -> list[Path]:
    try:
        listed = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(Problem(code="unreadable", source=shown_path(folder), args=os_reason(error))) from None
    configuration = [
        p for p in listed if p.name.endswith((".tf", ".tf.json")) and not p.name.startswith(".") and p.is_file()
    ]
    if len(configuration) > MAX_FILES:
        raise InputError(Problem(code="too_many_files", source=shown_path(folder), args={"limit": str(MAX_FILES)}))
    return configuration


def _hidden(path: Path, base: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(base).parts)


def _called(folder: Path) -> list[Path]:
    """Local modules that the files of a folder call."""
    called = []
    for file in files_of(folder):
        for block in file.body.get("module") or []:
            sources = [v.get("source") for v in block.values() if isinstance(v, dict)]
            called += [folder / bare(s) for s in sources if isinstance(s, str) and bare(s).startswith((".", "/"))]
    return called


def _text(path: Path, source: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(code="unreadable", source=source, args=os_reason(error))) from None
    if len(raw) > MAX_BYTES:
        raise InputError(Problem(code="too_large", source=source, args=counted("limit", MAX_BYTES, "B", "Б")))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n") + "\n"
    except UnicodeDecodeError:
        raise InputError(Problem(code="not_text", source=source)) from None


def _hcl(text: str, source: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        # Taken only here: the parser needs a third of a second to start, and most inputs are no `.tf` files.
        hcl: dict[str, Any] = import_module("hcl2").loads(_quoted_heredocs(text))
    except RecursionError:
        raise InputError(Problem(code="too_deep", source=source, line=1, args={"limit": "40"})) from None
    except Exception as error:  # noqa: BLE001 (whatever the parser stumbles on is the file's fault)
        line = getattr(error, "line", None)
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        at = line if isinstance(line, int) and line > 0 else None
        raise InputError(Problem(code="hcl_broken", source=source, line=at, args={"reason": reason})) from None
    return hcl


def _quoted_heredocs(text: str) -> str:
    """Heredocs as quoted texts: Terraform takes spaces after their last word, the parser does not. Lines stay."""
    lines, out = text.split("\n"), []
    at = 0
    while at < len(lines):
        match = _HEREDOC.search(lines[at])
        end = next((n for n in range(at + 1, len(lines)) if match and lines[n].strip() == match[2]), None)
        if match is None or end is None or lines[at].lstrip().startswith(("#", "//")):
            out.append(lines[at])
            at += 1
            continue
        body = "".join(f"{line}\n" for line in lines[at + 1 : end])
        out.append(lines[at][: match.start()] + json.dumps(body, ensure_ascii=False))
        out += [""] * (end - at)
        at = end + 1
    return "\n".join(out)


def _json(path: Path, source: str, *, values: bool = False) -> dict[str, Any]:
    """Terraform's JSON in the shape the parser gives: lists of blocks, texts in quotes."""
    try:
        data = json.loads(_text(path, source), parse_float=str)
    except (ValueError, RecursionError):
        raise InputError(Problem(code="hcl_broken", source=source, args={"reason": "JSON"})) from None
    if not isinstance(data, dict):
        raise InputError(Problem(code="hcl_broken", source=source, args={"reason": "JSON"}))
    if values:
        return {k: _as_parsed(v) for k, v in data.items()}
    found: dict[str, Any] = {}
    for key, value in data.items():
        if key == _COMMENT:
            continue
        blocks = [pair for block in _each(value, source) for pair in block.items() if pair[0] != _COMMENT]
        if key == "locals":
            found[key] = [{name: _as_parsed(v)} for name, v in blocks]
        elif key in ("resource", "data", "ephemeral"):
            found[key] = [
                {kind: {name: _body(body)}}
                for kind, listed in blocks
                for inner in _each(listed, source)
                for name, bodies in inner.items()
                for body in _each(bodies, source)
                if name != _COMMENT
            ]
        else:
            found[key] = [{name: _body(inner)} for name, inner in blocks]
    return found


def _each(value: Any, source: str) -> list[dict[str, Any]]:
    """Objects of JSON, whether one stands alone or several in a list. Raises `InputError` for anything else."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) for one in listed):
        raise InputError(Problem(code="hcl_broken", source=source, args={"reason": "JSON"}))
    return listed


def _body(body: Any) -> Any:
    inner = body[0] if isinstance(body, list) and body else body
    if not isinstance(inner, dict):
        return _as_parsed(inner)
    return {
        key: [_body(value)] if isinstance(value, dict) and key not in _MAPS else
        [_body(v) if isinstance(v, dict) else _as_parsed(v) for v in value] if isinstance(value, list) else
        _as_parsed(value)
        for key, value in inner.items() if key != _COMMENT
    }  # fmt: skip


def _as_parsed(value: Any) -> Any:
    """A JSON text is a template; the parser would keep quotes around it."""
    if isinstance(value, dict):
        return {k: _as_parsed(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_parsed(v) for v in value]
    if isinstance(value, str):
        whole = value.startswith("${") and value.endswith("}") and value.count("${") == 1
        return value if whole else f'"{value}"'
    return value
