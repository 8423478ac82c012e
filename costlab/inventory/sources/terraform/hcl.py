"""Plain `.tf` files, as best effort: literals, defaults of variables, and references between resources.

Terraform itself is not run and no expression is computed: what is not a literal, a variable with a default or a
reference is listed as unresolved. `count` and `for_each` that are literals are expanded; modules are listed.
"""

import re
from importlib import import_module
from typing import Any

from costlab.errors import InputError, counted
from costlab.inventory.reading.sample import Sample
from costlab.inventory.sources.terraform.plan import Plan, Planned
from costlab.model.numbers import Problem

MAX_BYTES = 2_000_000
"""Of one file: people write them by hand."""
MAX_COUNT = 10_000
_WHOLE = re.compile(r"\$\{(.*)\}\Z", re.DOTALL)
_REFERENCE = re.compile(r"(?<![\w.\"-])((?:data\.)?[a-z][\w-]*(?:\.[A-Za-z_][\w-]*|\[[^\]]*\])+)")
_META = ("count", "for_each", "provider", "lifecycle", "depends_on", "timeouts", "connection", "provisioner")


def plan_of(sample: Sample) -> Plan:
    """The resources of a file, or of a folder's `.tf` files together. Raises `InputError` for broken files."""
    bodies = [(f.source, _parsed(f)) for f in sample.files if f.kind == "hcl"]
    known = _variables(bodies)
    after: list[Planned] = []
    data: list[Planned] = []
    expressions: list[dict[str, Any]] = []
    unresolved: list[tuple[str, str]] = []
    for source, body in bodies:
        for mode, into in (("resource", after), ("data", data)):
            for kind, name, block in _blocks(body.get(mode)):
                address = f"{'data.' if mode == 'data' else ''}{kind}.{name}"
                values, raw = _values(block, known)
                unresolved += [(address, f"{key} = {text}") for key, text in _open(raw)]
                expressions.append({"address": address, "expressions": raw})
                for index in _instances(block, known, address, unresolved):
                    into.append(Planned(f"{address}{index}", kind, values, origin=f"{source}:{address}{index}"))
        unresolved += [(f"module.{n}", "module") for m in body.get("module") or [] for n in _names(m)]
    configuration = {"root_module": {"resources": expressions}}
    return Plan(
        sample.source, tuple(after), data=tuple(data), configuration=configuration, unresolved=tuple(unresolved)
    )


def _parsed(file: Sample) -> dict[str, Any]:
    raw = file.path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise InputError(Problem(code="too_large", source=file.source, args=counted("limit", MAX_BYTES, "B", "Б")))
    try:
        # Taken only here: the parser needs a third of a second to start, and most inputs are no `.tf` files.
        found: dict[str, Any] = import_module("hcl2").loads(raw.decode("utf-8-sig").replace("\r\n", "\n") + "\n")
    except UnicodeDecodeError:
        raise InputError(Problem(code="not_text", source=file.source)) from None
    except RecursionError:
        raise InputError(Problem(code="too_deep", source=file.source, line=1, args={"limit": "40"})) from None
    except Exception as error:  # noqa: BLE001 (whatever the parser stumbles on is the file's fault)
        line = getattr(error, "line", None)
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        at = line if isinstance(line, int) and line > 0 else None
        raise InputError(Problem(code="hcl_broken", source=file.source, line=at, args={"reason": reason})) from None
    return found


def _bare(name: str) -> str:
    """A label without the quotes the parser keeps."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _names(block: dict[str, Any]) -> list[str]:
    return [_bare(k) for k in block if not k.startswith("__")]


def _blocks(found: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Type, name and body of each block with two labels."""
    listed = []
    for block in found or []:
        for kind, inner in block.items():
            for name, body in inner.items() if isinstance(inner, dict) and not kind.startswith("__") else ():
                if isinstance(body, dict):
                    listed.append((_bare(kind), _bare(name), body))
    return listed


def _variables(bodies: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """`var.name` and `local.name` → the literal they stand for."""
    known: dict[str, Any] = {}
    for _, body in bodies:
        for block in body.get("variable") or []:
            for name, inner in block.items():
                if isinstance(inner, dict) and "default" in inner:
                    known[f"var.{_bare(name)}"] = inner["default"]
        for block in body.get("locals") or []:
            known |= {f"local.{_bare(k)}": v for k, v in block.items() if not k.startswith("__")}
    for _ in range(3):  # a local may stand for a variable that stands for a literal
        known = {k: _literal(v, known) for k, v in known.items()}
    return {k: v for k, v in known.items() if not _is_expression(v)}


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and "${" in value


def _literal(value: Any, known: dict[str, Any]) -> Any:
    """A value with variables put in; an expression stays as it is."""
    if isinstance(value, str):
        text = _bare(value)
        whole = _WHOLE.match(text)
        return known.get(whole[1].strip(), text) if whole else text
    if isinstance(value, list):
        return [_literal(v, known) for v in value]
    if isinstance(value, dict):
        return {_bare(str(k)): _literal(v, known) for k, v in value.items() if not str(k).startswith("__")}
    return value


def _values(block: dict[str, Any], known: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is known of a block, and the references of the rest in the shape of a plan's configuration."""
    filled = _literal({k: v for k, v in block.items() if k not in _META}, known)
    values, raw = _split(filled)
    return (values if isinstance(values, dict) else {}), (raw if isinstance(raw, dict) else {})


def _split(value: Any) -> tuple[Any, Any]:
    """Known values and expressions of a value."""
    if _is_expression(value):
        return None, {"references": _references(value), "text": value}
    if isinstance(value, dict):
        parts = {k: _split(v) for k, v in value.items()}
        return {k: v for k, (v, _) in parts.items()}, {k: e for k, (_, e) in parts.items()}
    if isinstance(value, list):
        listed = [_split(v) for v in value]
        return [v for v, _ in listed], [e for _, e in listed]
    return (str(value) if isinstance(value, float) else value), {}  # the parser makes floats of 1.5; its text is exact


def _open(raw: Any, path: str = "") -> list[tuple[str, str]]:
    """Keys whose value is more than a reference to one resource, or text around one: nobody but Terraform knows it."""
    if isinstance(raw, dict) and "text" in raw and "references" in raw:
        whole = _WHOLE.match(raw["text"])
        plain = whole is not None and raw["references"] and re.fullmatch(r"[\w.\[\]\"-]+", whole[1].strip())
        return [] if whole is None or plain else [(path, raw["text"])]
    pairs = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    return [found for key, inner in pairs for found in _open(inner, f"{path}.{key}" if path else str(key))]


def _references(text: str) -> list[str]:
    return [r for r in _REFERENCE.findall(text) if not r.startswith(("var.", "local.", "each.", "count.", "path."))]


def _instances(
    block: dict[str, Any], known: dict[str, Any], address: str, unresolved: list[tuple[str, str]]
) -> list[str]:
    """Indices of the instances: [""] for one, `[0]`… for a count, `["a"]`… for a map or a set of literals."""
    if "count" in block:
        count = _literal(block["count"], known)
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MAX_COUNT:
            return [f"[{n}]" for n in range(count)]
        unresolved.append((address, f"count = {count}"))
    elif "for_each" in block:
        each = _literal(block["for_each"], known)
        if isinstance(each, dict):
            return [f'["{key}"]' for key in each]
        listed = re.fullmatch(r"\$\{toset\(\[(.*)\]\)\}", each, re.DOTALL) if isinstance(each, str) else None
        if listed and "${" not in listed[1] and not _REFERENCE.search(listed[1]):
            return [f'["{key}"]' for key in re.findall(r'"([^"]*)"', listed[1])]
        unresolved.append((address, f"for_each = {each}"))
    return [""]
