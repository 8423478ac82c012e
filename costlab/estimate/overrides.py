"""`--set ADDRESS.KEY=VALUE`: what a person sets on the resources of a scenario, whatever they were read from.

What a reader takes of it while it reads (the size of a disk that is no key of a spec) it has taken already; here every
key of a spec can be set, also of a line of an estimate file, and of one that waits for its value. An override that
nothing took is a slip of the pen, never silently without effect.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from costlab import services
from costlab.errors import InputError, near
from costlab.files.documents import Document
from costlab.files.validation import problems_of
from costlab.inventory import Options
from costlab.inventory.reading.resources import unknown_keys
from costlab.inventory.sources.estimate_file import plain_spec
from costlab.model.numbers import Problem
from costlab.model.scenario import Resource, Scenario

_SHAPE = ("vcpu", "ram_gb", "cpu")
"""What a flavor takes the place of."""


def with_overrides(scenario: Scenario, options: Options) -> Scenario:
    """The scenario with what was set; a line whose last unknown value is set is an ordinary resource.

    Raises `InputError` for a value that the key cannot have.
    """
    if not options.overrides:
        return scenario
    changed = [_with(r, options) for r in (*scenario.resources, *scenario.unfilled)]
    return scenario.model_copy(
        update={
            "resources": tuple(r for r in changed if not r.to_fill_in),
            "unfilled": tuple(r for r in changed if r.to_fill_in),
        }
    )


def _with(resource: Resource, options: Options) -> Resource:
    spec_type = services.load(resource.service).Spec
    keys = [f.alias or name for name, f in spec_type.model_fields.items()]
    given = {k: v for k in keys if (v := _given(resource.resource_id, k, options)) is not None}
    if not given:
        return resource
    known = plain_spec(resource)
    if "flavor" in given:
        known = {k: v for k, v in known.items() if k not in _SHAPE}
    wanted: dict[str, Any] = known | {k: {"true": True, "false": False}.get(v, v) for k, v in given.items()}
    waits = unknown_keys(wanted)
    if waits:
        return resource.model_copy(update={"spec": wanted, "to_fill_in": waits})
    try:
        spec = spec_type.model_validate(wanted)
    except ValidationError as error:
        said = ", ".join(f"{resource.resource_id}.{k}={v}" for k, v in given.items())
        document = Document(wanted, {}, f"--set {said}")
        wrong = problems_of(error, document, (), resource.resource_id, spec_type)
        raise InputError(*(p.model_copy(update={"line": None}) for p in wrong)) from None
    return resource.model_copy(update={"spec": spec, "to_fill_in": ()})


def _given(name: str, key: str, options: Options) -> str | None:
    """By the name of the resource, or of that which it is a part of (`c#shard-1` of `c`)."""
    own = options.override(name, key)
    return own if own is not None or "#" not in name else options.override(name.partition("#")[0], key)


def refuse_untaken(options: Options, resources: Iterable[Resource]) -> None:
    """Raise `InputError` for overrides that nothing took: a mistyped address or key, with the nearest one."""
    names = sorted({r.resource_id for r in resources} | {r.resource_id.partition("#")[0] for r in resources})
    wrong = []
    for pattern, offered in options.untaken().items():
        address, _, key = pattern.rpartition(".")
        if offered:
            args = {"key": key, "value": address, **near(key, sorted(offered))}
            wrong.append(Problem(code="set_unknown_key", source=f"--set {pattern}", args=args))
        else:
            args = {"value": address or pattern, "key": key, **near(address, names)}
            wrong.append(Problem(code="set_unmatched", source=f"--set {pattern}", args=args))
    undeclared = options.undeclared()
    if undeclared is None:
        wrong.append(Problem(code="variables_unread", source="--var"))
    for name, known in sorted((undeclared or {}).items()):
        wrong.append(Problem(code="variable_unknown", source=f"--var {name}", args=near(name, sorted(known))))
    if wrong:
        raise InputError(*wrong)
