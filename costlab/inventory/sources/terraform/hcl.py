"""Configuration files of Terraform, read without running it: literals, variables, locals, modules, dynamic blocks.

Terraform is not run. What is no literal and cannot be worked out from literals (`evaluate.py`) is a reference between
resources, or is listed as unresolved, which makes the result incomplete; a key that cannot change a price never does.
`count` and `for_each` are expanded, local modules are read once for each call with its inputs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from costlab.errors import InputError
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.sources.terraform import blocks
from costlab.inventory.sources.terraform.evaluate import MODULE, evaluate
from costlab.inventory.sources.terraform.folders import (
    File,
    Values,
    files_of,
    given_values,
    parsed,
    values_of,
    workspace_of,
)
from costlab.inventory.sources.terraform.functions import Unknown, limited
from costlab.inventory.sources.terraform.kinds import LOCAL, is_free
from costlab.inventory.sources.terraform.plan import Plan, Planned, own_address
from costlab.model.numbers import Args, Problem

MAX_INSTANCES = 100_000
_MODULE_DEPTH = 10
_CHAIN = 20
_META = ("count", "for_each", "provider", "lifecycle", "depends_on", "timeouts", "connection", "provisioner", "dynamic")
_NO_PRICE = (
    "name", "description", "tags", "user_data", "metadata", "labels", "key_pair", "config_drive", "personality",
    "admin_pass", "hostname", "security_groups", "security_group_ids", "fixed_ip", "subnet_id", "vip_subnet_id",
    "configs", "spark_configuration", "environment_variables", "cname", "insecure_registries", "cloud_monitoring",
    "configuration_values",
)  # fmt: skip
"""Keys that cannot change what a resource costs."""
_MATTERS = (("kubernetes_cluster", "labels"),)
"""Keys of `_NO_PRICE` that do: labels of a cluster hold the sizes of its disks."""
_LINK = re.compile(r"(^|_)(id|ids|uuid|port|name|ip|address|password|key|secret|flavor|pool|groups?|of)\Z")
"""Keys that say which other thing is meant: what the readers need of it they follow themselves."""
_WHOLE = re.compile(r"0|[1-9]\d{0,9}")
_TEXT = re.compile(r"(^|_)(id|ids|uuid|name|version|flavor|key|tags)\Z")
"""Keys whose values stay texts."""
_FOLLOWED = ("compute_flavor", "images_image", "networking_network", "blockstorage_volume", "blockstorage_snapshot")
"""Data sources that readers follow; of others nothing is asked."""
_OTHER = (
    "resource", "data", "module", "variable", "locals", "output", "provider", "terraform", "moved", "import", "removed",
    "check", "ephemeral", "action",
)  # fmt: skip
"""Blocks of the language; those that are no resource or module cost nothing."""


@dataclass(frozen=True)
class _Draft:
    """An instance while what it refers to may still be found."""

    planned: Planned
    """Its values may hold `Unknown`."""
    block: str
    """Address of its block."""
    is_data: bool


@dataclass
class _Root:
    """A root while it is read, with all its modules."""

    workspace: str
    drafts: list[_Draft] = field(default_factory=list)
    unresolved: list[tuple[str, str]] = field(default_factory=list)
    undeclared: list[tuple[str, str]] = field(default_factory=list)
    called: set[Path] = field(default_factory=set)
    inside: list[Path] = field(default_factory=list)
    """Folders of the modules that are being read."""
    read: dict[Path, blocks.Bodies] = field(default_factory=dict)
    regions: list[Any] = field(default_factory=list)

    def bodies_of(self, folder: Path) -> blocks.Bodies:
        """The blocks of a module, read once. Raises `InputError`."""
        if folder not in self.read:
            self.read[folder] = blocks.overridden(files_of(folder))
        return self.read[folder]

    def add(self, draft: _Draft) -> None:
        """One more instance. Raises `InputError` when there are more than anybody has."""
        if len(self.drafts) >= MAX_INSTANCES:
            args: Args = {"value": str(len(self.drafts) + 1), "limit": str(MAX_INSTANCES)}
            raise InputError(Problem(code="too_many_resources", source=draft.planned.origin, args=args))
        self.drafts.append(draft)


def plan_of(sample: Sample, options: Options) -> tuple[Plan, set[Path]]:
    """The resources of a file, or of several named together, as one root. Raises `InputError` for broken files."""
    if sample.kind == "folder" and sample.path.is_dir():
        return plan_of_folder(sample.path, options)
    files = [f for f in sample.files if f.kind == "hcl" or f.path.name.endswith((".tf", ".tf.json"))]
    return _plan([parsed(f.path) for f in files], {}, sample.path.parent, sample.source, options)


def plan_of_folder(folder: Path, options: Options) -> tuple[Plan, set[Path]]:
    """One root, and the folders of the modules it calls. Raises `InputError` for broken files."""
    return _plan(files_of(folder), values_of(folder), folder, str(folder), options)


def _plan(files: list[File], given: Values, folder: Path, source: str, options: Options) -> tuple[Plan, set[Path]]:
    root = _Root(workspace_of(folder), inside=[folder.resolve()])
    bodies = blocks.overridden(files)
    declared = {name: inner.get("type") for _, name, inner in blocks.named(bodies, "variable")}
    values = given_values(given, options, declared)
    root.undeclared += [(n, file) for n, (_, file) in values.items() if n not in declared]
    _module(root, bodies, {n: v for n, (v, _) in values.items() if n in declared}, folder, "", 0)
    after, data = _finished(root)
    regions = {str(n): {"expressions": {"region": {"constant_value": r}}} for n, r in enumerate(root.regions)}
    # Modules that could not be read stand last: they are few, and one of them may explain what stands before.
    unresolved = tuple(sorted(dict.fromkeys(root.unresolved), key=lambda u: u[1].startswith("module:")))
    plan = Plan(
        source, after, data=data, configuration={"provider_config": regions}, unresolved=unresolved,
        undeclared=tuple(root.undeclared),
    )  # fmt: skip
    return plan, root.called


def _module(
    root: _Root, bodies: blocks.Bodies, given: dict[str, Any], folder: Path, prefix: str, depth: int
) -> dict[str, Any]:
    """Read one module; returns its outputs. Raises `InputError`."""
    scope: dict[str, Any] = {
        MODULE: prefix, "var": blocks.variables(bodies, given), "module": {},
        "path": {"module": ".", "root": ".", "cwd": "."}, "terraform": {"workspace": root.workspace},
    }  # fmt: skip
    if depth:
        extra = sorted(set(given) - set(scope["var"]))
        root.unresolved += [(prefix.removesuffix("."), f"variable “{name}”") for name in extra]
    scope["local"] = blocks.locals_of(bodies, scope)
    for name, call in _in_order(list(blocks.named(bodies, "module"))):
        scope["module"][name] = _called(root, name, call, scope, folder, depth)
        scope["local"] = blocks.locals_of(bodies, scope)
    for source, body in bodies:
        for mode in ("resource", "data"):
            for (kind, name), block in blocks.labelled(body.get(mode), mode):
                _resource(root, block, scope, kind, f"{'data.' if mode == 'data' else ''}{kind}.{name}", source)
        for key in body:
            if key not in _OTHER and not key.startswith("__"):
                root.unresolved.append((key, f"{source}: {key}"))
    if not depth:
        root.regions += [evaluate(b["region"], scope) for _, _, b in blocks.named(bodies, "provider") if "region" in b]
    return {name: limited(evaluate(b.get("value"), scope), name) for _, name, b in blocks.named(bodies, "output")}


def _in_order(calls: list[tuple[str, str, dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Calls of modules, those first whose outputs others are given."""
    left = {name: call for _, name, call in calls}
    while left:
        asked = {n: set(re.findall(r"\bmodule\.([\w-]+)", str(call))) for n, call in left.items()}
        name = next((n for n in left if not asked[n] & left.keys()), next(iter(left)))
        yield name, left.pop(name)


def _resource(root: _Root, block: dict[str, Any], scope: dict[str, Any], kind: str, address: str, source: str) -> None:
    """The instances of one block; a block without any is one that says so."""
    address, is_data = f"{scope[MODULE]}{address}", address.startswith("data.")
    free = _is_free(kind, is_data)
    listed, doubt = blocks.instances(block, scope)
    if doubt and not free:
        root.unresolved.append((address, doubt))
    if not listed and not is_data:
        root.add(_Draft(Planned(address, kind, {}, origin=f"{source}:{address}", absent=True), address, is_data))
    for index, own in listed:
        values, left = blocks.filled(block, own, _META)
        root.unresolved += [] if free else [(address, text) for text in left]
        planned = Planned(f"{address}{index}", kind, values, origin=f"{source}:{address}{index}")
        root.add(_Draft(planned, address, is_data))


def _is_free(kind: str, is_data: bool) -> bool:
    """Whether nothing that a block says can change a price."""
    own = Planned("", kind, {}).kind
    return own not in _FOLLOWED if is_data else is_free(own) or kind.startswith(LOCAL)


def _called(root: _Root, name: str, call: dict[str, Any], scope: dict[str, Any], folder: Path, depth: int) -> Any:
    """A call of a module: every instance read with its inputs, or named as not read; returns its outputs."""
    said = evaluate(call.get("source"), scope)
    address = f"{scope[MODULE]}module.{name}"
    local = isinstance(said, str) and said.startswith(("./", "../", "/"))
    target = (folder / said).resolve() if local else folder
    circular = target in root.inside or depth >= _MODULE_DEPTH
    if not local or circular or not target.is_dir() or not (bodies := root.bodies_of(target)):
        root.unresolved.append((address, f"module: source = {blocks.shown(said)}"))
        return Unknown(address)
    root.called.add(target)
    root.inside.append(target)
    listed, doubt = blocks.instances(call, scope)
    if doubt:
        root.unresolved.append((address, doubt))
    if not listed:
        planned = Planned(address, "module", {}, origin=address, absent=True)
        root.add(_Draft(planned, address, is_data=False))
    inputs = {k: v for k, v in call.items() if k not in ("source", "version", "providers", *_META)}
    outputs: dict[str, Any] = {}
    for index, own in listed:
        given = {k: v for k, v in evaluate(inputs, own).items() if not k.startswith("__")}
        outputs[index] = _module(root, bodies, given, target, f"{address}{index}.", depth + 1)
    root.inside.pop()
    if "count" in call and not doubt:
        return list(outputs.values())
    if "for_each" in call and not doubt:
        return {index[2:-2]: told for index, told in outputs.items()}
    return outputs.get("", {})


def _finished(root: _Root) -> tuple[tuple[Planned, ...], tuple[Planned, ...]]:
    """Instances and data sources, what they say of each other filled in, and what stays open named."""
    known = {d.planned.address: d.planned.values for d in root.drafts}
    after: list[Planned] = []
    data: list[Planned] = []
    for draft in root.drafts:
        values, links = _split(_typed(_followed(draft.planned.values, known, 0)))
        if not _is_free(draft.planned.type, draft.is_data):
            root.unresolved += [
                (draft.block, f"{key} = {text}") for key, text, is_link in _open(links) if _matters(draft, key, is_link)
            ]
        own = draft.planned
        planned = Planned(own.address, own.type, values, origin=own.origin, links=links, absent=own.absent)
        (data if draft.is_data else after).append(planned)
    return tuple(after), tuple(data)


def _typed(value: Any, key: str = "") -> Any:
    """Texts that are numbers or truth values as such: the provider's schema turns them, whatever was written."""
    if isinstance(value, dict):
        return {k: _typed(v, str(k)) for k, v in value.items()}
    if isinstance(value, list):
        return [_typed(v, key) for v in value]
    if value in ("true", "false"):
        return value == "true"
    if isinstance(value, str) and _WHOLE.fullmatch(value) and not _TEXT.search(key):
        return int(value)
    return value


def _followed(value: Any, known: dict[str, dict[str, Any]], hops: int) -> Any:
    """A value with attributes that other blocks write out in the place of references to them."""
    if isinstance(value, dict):
        return {k: _followed(v, known, hops) for k, v in value.items()}
    if isinstance(value, list):
        return [_followed(v, known, hops) for v in value]
    if not isinstance(value, Unknown) or len(value.references) != 1 or hops > _CHAIN:
        return value
    (reference,) = value.references
    address = own_address(reference)
    key = reference[len(address) :].removeprefix(".")
    found = known.get(address, {}).get(key)
    return value if found is None or isinstance(found, dict | list) else _followed(found, known, hops + 1)


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


def _open(links: Any, path: str = "") -> Iterator[tuple[str, str, bool]]:
    """Key, text, and whether it is a reference, of each value that nobody but Terraform knows."""
    if isinstance(links, dict) and "text" in links and "references" in links:
        yield path, links["text"], bool(links["references"])
        return
    pairs = links.items() if isinstance(links, dict) else enumerate(links) if isinstance(links, list) else ()
    for key, inner in pairs:
        yield from _open(inner, f"{path}.{key}" if path else str(key))


def _matters(draft: _Draft, key: str, is_link: bool) -> bool:
    """Whether an open value can change the price, and no reader follows it by itself."""
    top = key.partition(".")[0]
    if top in _NO_PRICE and not draft.is_data and (draft.planned.kind, top) not in _MATTERS:
        return False
    last = next((p for p in reversed(key.split(".")) if not p.isdigit()), key)
    return not (is_link and _LINK.search(last))
