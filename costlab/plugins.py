"""The folder is the registry: what a package holds is what costlab offers. No list of names stands anywhere.

A package of plug-ins calls `plugins(__name__)` and gets the two functions it offers: `names()`, without importing any
of them, and `load(name)`. What begins with `_` is a part that several share and is no plug-in; neither is `parts/`.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

PARTS = "parts"
"""The package beside plug-ins that holds what several of them share."""


def names_of(package: str) -> tuple[str, ...]:
    """The plug-ins of a package, by its dotted name, in the order of the alphabet; nothing is imported but parents."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    return tuple(sorted(m.name for m in iter_modules(places) if not m.name.startswith("_") and m.name != PARTS))


def plugins(package: str) -> tuple[Callable[[], tuple[str, ...]], Callable[[str], ModuleType]]:
    """`names` and `load` of a package of plug-ins."""
    return cache(lambda: names_of(package)), cache(lambda name: import_module(f"{package}.{name}"))
