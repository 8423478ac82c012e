"""Blocks of one module's files: override files laid over them, how many instances each has, values of variables.

Source of the rules: HashiCorp's language documentation, "Override Files", "Input Variables", "The `dynamic` block".
"""

import re
from collections.abc import Iterator
from typing import Any

from costlab.errors import InputError
from costlab.inventory.sources.terraform.evaluate import evaluate
from costlab.inventory.sources.terraform.folders import File
from costlab.inventory.sources.terraform.functions import Unknown, limited
from costlab.inventory.sources.terraform.texts import bare
from costlab.inventory.sources.terraform.types import converted
from costlab.model.numbers import Problem

MAX_COUNT = 10_000
Bodies = list[tuple[str, dict[str, Any]]]
"""Files with what they hold."""
_ONE_LABEL = ("module", "variable", "provider", "output")
_TWO_LABELS = ("resource", "data", "ephemeral")


def overridden(files: list[File]) -> Bodies:
    """The bodies of the files, what override files say laid over the blocks they name. Raises `InputError`."""
    plain = [(f.source, f.body) for f in files if not f.override]
    _refuse_twice(plain)
    for file in (f for f in files if f.override):
        left = {k: v for k, v in file.body.items() if k not in (*_ONE_LABEL, *_TWO_LABELS)}
        for mode in (*_ONE_LABEL, *_TWO_LABELS):
            over = dict(labelled(file.body.get(mode), mode))
            for _, body in plain:
                for labels, block in labelled(body.get(mode), mode):
                    _lay_over(block, over.pop(labels, {}))
            rest = [{labels[0]: {labels[1]: b} if len(labels) > 1 else b} for labels, b in over.items()]
            left |= {mode: rest} if rest else {}
        plain.append((file.source, left))
    return plain


def _lay_over(block: dict[str, Any], over: dict[str, Any]) -> None:
    """Attributes one by one; nested blocks of a name, also those that `dynamic` makes, all at once."""
    made = {bare(label) for holder in over.get("dynamic") or [] for label in holder}
    replaced = {bare(k) for k in over} | made
    if "dynamic" in block:
        kept = [h for h in block["dynamic"] if not replaced & {bare(k) for k in h}]
        block["dynamic"] = [*kept, *(over.get("dynamic") or [])]
    for name in made:
        block.pop(name, None)
    block.update({k: v for k, v in over.items() if k != "dynamic" or "dynamic" not in block})


def _refuse_twice(bodies: Bodies) -> None:
    """Terraform reads no folder that declares a thing twice."""
    seen: dict[tuple[str, ...], str] = {}
    for source, body in bodies:
        for mode in ("resource", "data", "module", "variable"):
            for labels, _ in labelled(body.get(mode), mode):
                key = (mode, *labels)
                if key in seen:
                    args = {"block": " ".join(key), "first": seen[key]}
                    raise InputError(Problem(code="hcl_twice", source=source, args=args))
                seen[key] = source


def labelled(blocks: Any, mode: str) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Labels and body of each block: `("vkcs_compute_instance", "web")`, `("size",)`."""
    found: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    for block in blocks or []:
        for first, inner in block.items() if isinstance(block, dict) else ():
            if not isinstance(inner, dict) or first.startswith("__"):
                continue
            if mode in _ONE_LABEL:
                found.append(((bare(first),), inner))
                continue
            found += [((bare(first), bare(n)), b) for n, b in inner.items() if isinstance(b, dict)]
    return found


def named(bodies: Bodies, mode: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """File, name and body of each block with one label."""
    for source, body in bodies:
        yield from ((source, labels[0], inner) for labels, inner in labelled(body.get(mode), mode))


def variables(bodies: Bodies, given: dict[str, Any]) -> dict[str, Any]:
    """What is given to each variable, else its default, turned into its type; one with neither is not known."""
    found: dict[str, Any] = {}
    for _, name, inner in named(bodies, "variable"):
        value = given.get(name, Unknown(f"var.{name}"))
        needs_default = name not in given or (value is None and inner.get("nullable") is False)
        if needs_default and "default" in inner:
            value = evaluate(inner["default"], {})
        found[name] = converted(value, inner.get("type"), f"var.{name}")
    return found


def locals_of(bodies: Bodies, scope: dict[str, Any]) -> dict[str, Any]:
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
        before = {k: found.get(k, Unknown(f"local.{k}")) for k in raw}
        found = {k: limited(evaluate(v, {**scope, "local": before}), f"local.{k}") for k, v in raw.items()}
        if found == before:
            break
    return found


def instances(block: dict[str, Any], scope: dict[str, Any]) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """Index and scope of each instance, and what could not be worked out of their number: then there is one."""
    if "count" in block:
        count = evaluate(block["count"], scope)
        count = int(count) if isinstance(count, str) and re.fullmatch(r"\d{1,9}", count) else count
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MAX_COUNT:
            return [(f"[{n}]", {**scope, "count": {"index": n}}) for n in range(count)], ""
        return [("", scope)], f"count = {shown(count)}"
    if "for_each" in block:
        each = evaluate(block["for_each"], scope)
        pairs = _pairs(each)
        if pairs is not None:
            return [(f'["{k}"]', {**scope, "each": {"key": k, "value": v}}) for k, v in pairs], ""
        return [("", scope)], f"for_each = {shown(each)}"
    return [("", scope)], ""


def shown(value: Any) -> str:
    """A value in a message."""
    return value.text if isinstance(value, Unknown) else str(value)


def _pairs(each: Any) -> list[tuple[Any, Any]] | None:
    if isinstance(each, dict) and len(each) <= MAX_COUNT:
        return list(each.items())
    if isinstance(each, list) and len(each) <= MAX_COUNT and not any(isinstance(v, Unknown) for v in each):
        return [(v if isinstance(v, str) else n, v) for n, v in enumerate(each)]
    return None


def filled(block: dict[str, Any], scope: dict[str, Any], meta: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    """A block with its values worked out and its `dynamic` blocks written out, and what could not be."""
    values = evaluate({k: v for k, v in block.items() if k not in meta}, scope)
    left: list[str] = []
    for key, inner in block.items():
        # A nested block may hold dynamic blocks of its own.
        if key not in meta and isinstance(inner, list) and any(isinstance(i, dict) and "dynamic" in i for i in inner):
            made = [filled(i, scope, ("dynamic",)) if isinstance(i, dict) else (i, []) for i in inner]
            values[bare(key)] = [m for m, _ in made]
            left += [text for _, texts in made for text in texts]
    for holder in _listed(block.get("dynamic")):
        for label, found in holder.items():
            for inner in _listed(found):
                name = bare(label)
                made_of, unread = _dynamic(name, inner, scope)
                held = values.get(name, [])
                values[name] = [*(held if isinstance(held, list) else [held]), *made_of]
                left += unread
    return values, left


def _dynamic(name: str, inner: dict[str, Any], scope: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The blocks that one `dynamic` block comes to."""
    each = evaluate(inner.get("for_each"), scope)
    pairs = _pairs(each)
    if pairs is None:
        return [], [f"dynamic {name}: for_each = {shown(each)}"]
    iterator = bare(str(inner.get("iterator", name)))
    iterator = iterator[2:-1] if iterator.startswith("${") else iterator
    made: list[dict[str, Any]] = []
    left: list[str] = []
    for key, value in pairs:
        own = {**scope, iterator: {"key": key, "value": value}}
        for content in _listed(inner.get("content")):
            block, unread = filled(content, own, ("dynamic",))
            made.append(block)
            left += unread
    return made, left


def _listed(value: Any) -> list[dict[str, Any]]:
    """Blocks, whether they stand in a list or alone (in JSON)."""
    found = value if isinstance(value, list) else [value]
    return [v for v in found if isinstance(v, dict)]
