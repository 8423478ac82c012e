"""Configuration files of Terraform, read without running it: literals, variables, locals, modules, dynamic blocks.

Terraform is not run. What is no literal and cannot be worked out from literals (`evaluate.py`) is a reference between
resources, or is listed as unresolved, which makes the result incomplete; a key that cannot change a price never does.
`count` and `for_each` are expanded, local modules are read once for each call with its inputs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from costlab.inventory.reading.sample import Sample
from costlab.inventory.sources.terraform.evaluate import Unknown, bare, evaluate, references, unknowns
from costlab.inventory.sources.terraform.folders import File, files_of, parsed, values_of
from costlab.inventory.sources.terraform.plan import Plan, Planned

MAX_COUNT = 10_000
_MODULE_DEPTH = 10
_META = ("count", "for_each", "provider", "lifecycle", "depends_on", "timeouts", "connection", "provisioner", "dynamic")
_NO_PRICE = (
    "name", "description", "tags", "user_data", "metadata", "labels", "key_pair", "config_drive", "personality",
    "admin_pass", "image_name", "hostname",
)  # fmt: skip
"""Keys that cannot change what a resource costs."""
_OTHER = (
    "resource", "data", "module", "variable", "locals", "output", "provider", "terraform", "moved", "import", "removed",
    "check", "ephemeral", "action",
)  # fmt: skip
"""Blocks of the language; those that are no resource or module cost nothing."""


@dataclass
class _Root:
    """A root while it is read, with all its modules."""

    after: list[Planned] = field(default_factory=list)
    data: list[Planned] = field(default_factory=list)
    unresolved: list[tuple[str, str]] = field(default_factory=list)
    uncalled: list[tuple[str, str]] = field(default_factory=list)
    """Modules that could not be read."""
    called: set[Path] = field(default_factory=set)


def plan_of(sample: Sample) -> tuple[Plan, set[Path]]:
    """The resources of a file, or of several named together, as one root. Raises `InputError` for broken files."""
    if sample.kind == "folder" and sample.path.is_dir():
        return plan_of_folder(sample.path)
    files = [f for f in sample.files if f.kind == "hcl" or f.path.name.endswith((".tf", ".tf.json"))]
    return _plan([parsed(f.path) for f in files], {}, sample.path.parent, sample.source)


def plan_of_folder(folder: Path) -> tuple[Plan, set[Path]]:
    """One root, and the folders of the modules it calls."""
    return _plan(files_of(folder), values_of(folder), folder, str(folder))


def _plan(files: list[File], given: dict[str, Any], folder: Path, source: str) -> tuple[Plan, set[Path]]:
    root = _Root()
    values = {name: evaluate(value, {}) for name, value in given.items()}
    module, _ = _module(root, files, values, folder, "", 0)
    plan = Plan(
        source, tuple(root.after), data=tuple(root.data), configuration={"root_module": module},
        unresolved=tuple(dict.fromkeys([*root.unresolved, *root.uncalled])),
    )  # fmt: skip
    return plan, root.called


def _module(
    root: _Root, files: list[File], given: dict[str, Any], folder: Path, prefix: str, depth: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read one module; returns its configuration in the shape of a plan's, and its outputs."""
    bodies = _overridden(files)
    scope: dict[str, Any] = {"var": _variables(bodies, given), "path": {"module": ".", "root": ".", "cwd": "."}}
    scope["local"] = _locals(bodies, scope)
    calls: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    for _, body in bodies:
        for block in body.get("module") or []:
            for name, call in block.items():
                if isinstance(call, dict):
                    key = bare(name)
                    calls[key], outputs[key] = _called(root, key, call, scope, folder, prefix, depth)
    scope["module"] = outputs
    expressions: list[dict[str, Any]] = []
    for source, body in bodies:
        for mode, into in (("resource", root.after), ("data", root.data)):
            for kind, name, block in _blocks(body.get(mode)):
                address = f"{'data.' if mode == 'data' else ''}{kind}.{name}"
                expressions += _resource(root, into, block, scope, (prefix, address, kind, source))
        for key in body:
            if key not in _OTHER and not key.startswith("__"):
                root.unresolved.append((key, f"{source}: {key}"))
    told = {bare(n): evaluate(b.get("value"), scope) for n, b in _named(bodies, "output")}
    shown = {n: {"expression": _reference(v)} for n, v in told.items()}
    return {"resources": expressions, "module_calls": calls, "outputs": shown}, told


def _resource(
    root: _Root, into: list[Planned], block: dict[str, Any], scope: dict[str, Any], known: tuple[str, str, str, str]
) -> Iterator[dict[str, Any]]:
    """The instances of one block; yields the expressions that lead elsewhere."""
    prefix, address, kind, source = known
    first: dict[str, Any] | None = None
    for index, own in _instances(root, block, scope, f"{prefix}{address}"):
        filled = evaluate({k: v for k, v in block.items() if k not in _META}, own)
        for label, inner in _dynamic(root, block, own, f"{prefix}{address}"):
            held = filled.setdefault(label, [])
            filled[label] = [*(held if isinstance(held, list) else [held]), inner]
        values, raw = _split(filled)
        first = raw if first is None else first
        root.unresolved += [(f"{prefix}{address}", f"{key} = {text}") for key, text in _open(raw)]
        into.append(Planned(f"{prefix}{address}{index}", kind, values, origin=f"{source}:{prefix}{address}{index}"))
    yield {"address": address, "expressions": first or {}}


def _dynamic(
    root: _Root, block: dict[str, Any], scope: dict[str, Any], address: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The blocks that `dynamic` blocks come to."""
    for holder in block.get("dynamic") or []:
        for label, inner in holder.items():
            if not isinstance(inner, dict):
                continue
            name, each = bare(label), evaluate(inner.get("for_each"), scope)
            pairs = _pairs(each)
            if pairs is None:
                text = each.text if isinstance(each, Unknown) else str(each)
                root.unresolved.append((address, f"dynamic {name}: for_each = {text}"))
                continue
            iterator = bare(str(inner.get("iterator", name)))
            iterator = iterator[2:-1] if iterator.startswith("${") else iterator
            for content in inner.get("content") or []:
                for key, value in pairs:
                    own = {**scope, iterator: {"key": key, "value": value}}
                    yield name, evaluate(content, own)


def _instances(
    root: _Root, block: dict[str, Any], scope: dict[str, Any], address: str
) -> list[tuple[str, dict[str, Any]]]:
    """Index and scope of each instance: one, or as many as `count` or `for_each` says."""
    if "count" in block:
        count = evaluate(block["count"], scope)
        count = int(count) if isinstance(count, str) and count.isdigit() else count
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MAX_COUNT:
            return [(f"[{n}]", {**scope, "count": {"index": n}}) for n in range(count)]
        root.unresolved.append((address, f"count = {count.text if isinstance(count, Unknown) else count}"))
    elif "for_each" in block:
        each = evaluate(block["for_each"], scope)
        pairs = _pairs(each)
        if pairs is not None:
            return [(f'["{k}"]', {**scope, "each": {"key": k, "value": v}}) for k, v in pairs]
        root.unresolved.append((address, f"for_each = {each.text if isinstance(each, Unknown) else each}"))
    return [("", scope)]


def _pairs(each: Any) -> list[tuple[Any, Any]] | None:
    if isinstance(each, dict) and len(each) <= MAX_COUNT:
        return list(each.items())
    if isinstance(each, list) and len(each) <= MAX_COUNT and not any(isinstance(v, Unknown) for v in each):
        return [(v if isinstance(v, str) else n, v) for n, v in enumerate(each)]
    return None


def _called(
    root: _Root, name: str, call: dict[str, Any], scope: dict[str, Any], folder: Path, prefix: str, depth: int
) -> tuple[dict[str, Any], Any]:
    """A call of a module: every instance read with its inputs, or named as not read."""
    said = evaluate(call.get("source"), scope)
    address = f"{prefix}module.{name}"
    local = isinstance(said, str) and said.startswith(("./", "../", "/"))
    target = (folder / said).resolve() if local else folder
    if not local or not target.is_dir() or depth >= _MODULE_DEPTH:
        root.uncalled.append((address, f"module: source = {said.text if isinstance(said, Unknown) else said}"))
        return {}, Unknown(address)
    root.called.add(target)
    files = files_of(target)
    module: dict[str, Any] = {}
    outputs: list[tuple[str, Any]] = []
    inputs = {k: v for k, v in call.items() if k not in ("source", "version", "providers", *_META)}
    for index, own in _instances(root, call, scope, address):
        given = evaluate(inputs, own)
        module, told = _module(root, files, given, target, f"{address}{index}.", depth + 1)
        outputs.append((index, told))
    shown: Any = outputs[0][1] if len(outputs) == 1 and not outputs[0][0] else [told for _, told in outputs]
    return {"module": module, "expressions": {k: _reference(evaluate(v, scope)) for k, v in inputs.items()}}, shown


def _reference(value: Any) -> dict[str, Any]:
    """A value as a plan's configuration shows it: by what it refers to."""
    return {"references": [r for u in unknowns(value) for r in u.references]}


def _overridden(files: list[File]) -> list[tuple[str, dict[str, Any]]]:
    """The bodies of the files, what override files say laid over the blocks they name."""
    plain = [(f.source, f.body) for f in files if not f.override]
    for file in (f for f in files if f.override):
        left = {k: v for k, v in file.body.items() if k not in ("resource", "variable", "locals")}
        over = {(k, n): b for k, n, b in _blocks(file.body.get("resource"))}
        for _, body in plain:
            for kind, name, block in _blocks(body.get("resource")):
                block.update(over.pop((kind, name), {}))
        rest = [{k: {n: b}} for (k, n), b in over.items()]
        extra: dict[str, Any] = {key: file.body[key] for key in ("variable", "locals") if key in file.body}
        plain.append((file.source, {**left, **extra, **({"resource": rest} if rest else {})}))
    return plain


def _named(bodies: list[tuple[str, dict[str, Any]]], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for _, body in bodies:
        for block in body.get(key) or []:
            yield from ((name, inner) for name, inner in block.items() if isinstance(inner, dict))


def _variables(bodies: list[tuple[str, dict[str, Any]]], given: dict[str, Any]) -> dict[str, Any]:
    """What is given to each variable, else its default; one with neither is not known."""
    found: dict[str, Any] = {}
    for name, inner in _named(bodies, "variable"):
        key = bare(name)
        if key in given:
            found[key] = given[key]
        elif "default" in inner:
            found[key] = evaluate(inner["default"], {})
        elif key not in found:
            found[key] = Unknown(f"var.{key}")
    return found


def _locals(bodies: list[tuple[str, dict[str, Any]]], scope: dict[str, Any]) -> dict[str, Any]:
    """Locals, which may stand for each other; a circle is not known."""
    raw = {
        bare(k): v
        for _, body in bodies
        for block in body.get("locals") or []
        for k, v in block.items()
        if not k.startswith("__")
    }
    found: dict[str, Any] = {}
    for _ in range(len(raw) + 1):
        before = dict(found)
        found = {k: evaluate(v, {**scope, "local": before}) for k, v in raw.items()}
        if found == before:
            break
    return found


def _blocks(found: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Type, name and body of each block with two labels."""
    listed = []
    for block in found or []:
        for kind, inner in block.items():
            for name, body in inner.items() if isinstance(inner, dict) and not kind.startswith("__") else ():
                if isinstance(body, dict):
                    listed.append((bare(kind), bare(name), body))
    return listed


def _split(value: Any) -> tuple[Any, Any]:
    """Known values and expressions of a value."""
    if isinstance(value, Unknown):
        return None, {"references": list(value.references), "text": value.text}
    if isinstance(value, dict):
        parts = {k: _split(v) for k, v in value.items()}
        return {k: v for k, (v, _) in parts.items()}, {k: e for k, (_, e) in parts.items() if e}
    if isinstance(value, list):
        listed = [_split(v) for v in value]
        return [v for v, _ in listed], [e for _, e in listed] if any(e for _, e in listed) else {}
    return (str(value) if not isinstance(value, int | str | None | bool) else value), {}


def _open(raw: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Keys whose value nobody but Terraform knows; what leads to a resource is followed, what costs nothing is not."""
    if isinstance(raw, dict) and "text" in raw and "references" in raw:
        if path.partition(".")[0] not in _NO_PRICE and not references(raw["text"]):
            yield path, raw["text"]
        return
    pairs = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, inner in pairs:
        yield from _open(inner, f"{path}.{key}" if path else str(key))
