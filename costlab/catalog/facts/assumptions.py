"""Usage profiles: what a customer rarely knows (downloads, compression, log volume), named, sourced and overridable.

An estimate file asks for them with `assumptions: {profile: medium, set: {"logs*.egress_gb": 500}}`. A profile fills
keys of a spec that nobody gave; `set` names resources by wildcard and goes before the profile. The values stand in
`price_catalog/<provider>/facts/assumptions.yaml`. Each one that is taken is shown as an assumption.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import Field, ValidationError

from costlab.catalog.loading import Catalog
from costlab.errors import InputError
from costlab.files.documents import Document
from costlab.files.validation import problems_of
from costlab.i18n.words import plain
from costlab.model.numbers import Number, Problem, Record, Text
from costlab.model.scenario import Assumption, Resource, Scenario

FACTS = "assumptions"
_SMALLEST = Decimal("0.000001")


class Profiled(Record):
    """A key of a service's spec with its value in each profile, or its share of another key of the same spec."""

    values: Annotated[dict[str, Number], Field(min_length=1)]
    share_of: str = ""
    reason: Text
    source: str


def profiles(catalog: Catalog) -> tuple[str, ...]:
    """Names of the profiles, smallest first."""
    return tuple(catalog.facts(FACTS).get("profiles", ()))


def profiled(catalog: Catalog) -> dict[str, Profiled]:
    """`service.key` → its values."""
    return {k: Profiled.model_validate(v) for k, v in catalog.facts(FACTS).get("keys", {}).items()}


def with_assumptions(resource: Resource, scenario: Scenario, catalog: Catalog) -> tuple[Any, list[Assumption]]:
    """The spec with what was assumed filled in, and the assumptions. Raises `InputError` for impossible values."""
    if not scenario.profile and not scenario.overrides:
        return resource.spec, []
    known = profiled(catalog)
    taken: dict[str, tuple[str, Assumption]] = {}
    for key in type(resource.spec).model_fields:
        if key in resource.spec.model_fields_set:
            continue
        pattern = next((p for p in scenario.overrides if matches(p, resource, key)), None)
        profile = known.get(f"{resource.service}.{key}")
        if pattern is not None:
            text = scenario.overrides[pattern]
            reason = Text(en=f"set for {pattern} in the estimate", ru=f"задано в смете для {pattern}")
            source = scenario.source
        elif profile is not None and (value := _value(profile, scenario.profile, resource.spec)) is not None:
            text, source = value, profile.source
            reason = Text(en=f"profile “{scenario.profile}”: {profile.reason.en}",
                          ru=f"профиль «{scenario.profile}»: {profile.reason.ru}")  # fmt: skip
        else:
            continue
        told = Assumption(resource_id=resource.resource_id, key=key, value=text, reason=reason, source=source)
        taken[key] = (text, told)
    if not taken:
        return resource.spec, []
    given = resource.spec.model_dump(exclude_unset=True, by_alias=True)
    filled = {**given, **{k: text for k, (text, _) in taken.items()}}
    record = type(resource.spec)
    try:
        return record.model_validate(filled), [told for _, told in taken.values()]
    except ValidationError as error:
        document = Document(filled, {(): resource.line or 1}, resource.source)
        raise InputError(*problems_of(error, document, (), resource.resource_id, record)) from None


def matches(pattern: str, resource: Resource, key: str) -> bool:
    """Whether `logs*.egress_gb` speaks of this key of this resource."""
    name, _, wanted = pattern.rpartition(".")
    return wanted == key and fnmatchcase(resource.resource_id, name)


def _value(profile: Profiled, name: str, spec: Any) -> str | None:
    share = profile.values.get(name)
    if share is None or not profile.share_of:
        return None if share is None else plain(share)
    of = getattr(spec, profile.share_of, None)
    if not isinstance(of, Decimal | int):
        return None
    try:
        return plain((share * of).quantize(_SMALLEST, ROUND_HALF_UP).normalize())
    except InvalidOperation:
        return None


def unused(scenario: Scenario) -> list[Problem]:
    """Overrides that speak of no resource, or of no key of it: a slip, so it is told."""
    return [
        Problem(code="unused_assumption", source=scenario.source, subject=pattern)
        for pattern in scenario.overrides
        if not any(matches(pattern, r, key) for r in scenario.resources for key in type(r.spec).model_fields)
    ]
