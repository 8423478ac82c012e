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
from typing import Any, Protocol, cast

from costlab.model.numbers import Period, Text
from costlab.model.scenario import Usage
from costlab.plugins import plugins


class Service(Protocol):
    """The names a service module exposes."""

    TITLE: Text
    EXAMPLE: dict[str, Any]
    Spec: type[Any]

    def usage(self, spec: Any, period: Period) -> Iterable[Usage]:
        """What the spec asks of a price list."""
        ...


names, _load = plugins(__name__)


def load(name: str) -> Service:
    """A service module by its name."""
    return cast("Service", _load(name))


def stoppable(name: str, spec: Any) -> bool:
    """Whether a resource can be stopped, so that a schedule makes sense for it."""
    service = load(name)
    answer = getattr(service, "STOPPABLE", None)
    if callable(answer):
        return bool(answer(spec))
    return False if answer is None else bool(answer)
