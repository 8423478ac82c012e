"""One file a service. The folder is the registry: put a module here and every face offers it.

A service module exposes five names:

- `TITLE`: its name in both languages;
- `EXAMPLE`: a sensible spec, which a form opens with;
- `Spec`: a frozen pydantic record of what a customer decides. The docstring of each attribute is the form's label and
  help, `Label: help`, the first line English, the second Russian; its limits are the validation;
- `usage(spec, period)`: what that asks of a price list, in the words of `price_catalog/meters.yaml`;
- optionally `STOPPABLE = True` (or a function of the spec) where a stopped resource pays less: it may have a schedule.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from costlab.model import Period, Text
from costlab.scenario import Usage


class Service(Protocol):
    """The names a service module exposes."""

    TITLE: Text
    EXAMPLE: dict[str, Any]
    Spec: type[Any]

    def usage(self, spec: Any, period: Period) -> Iterable[Usage]:
        """What the spec asks of a price list."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Every service, alphabetically; what begins with `_` is shared by several and none itself."""
    return tuple(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


@cache
def load(name: str) -> Service:
    """A service module by its name."""
    return cast("Service", import_module(f"costlab.services.{name}"))


def stoppable(name: str, spec: Any) -> bool:
    """Whether a resource can be stopped, so that a schedule makes sense for it."""
    service = load(name)
    answer = getattr(service, "STOPPABLE", None)
    if callable(answer):
        return bool(answer(spec))
    return False if answer is None else bool(answer)
