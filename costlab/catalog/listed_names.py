"""What a person means by a name of the price list: a service or SKU by its id, a wildcard, or as the list prints it."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from costlab.catalog.loading import Catalog
from costlab.catalog.naming import normal_name
from costlab.model.prices import Sku

_WILDCARD = re.compile(r"[*?\[]")


def named_services(name: str, catalog: Catalog, skus: Iterable[Sku]) -> tuple[str, ...]:
    """The services a name means: one by its id, those of a wildcard, or all that are printed in a section of that name.

    Case, spaces, hyphens and ё do not matter. An id goes before a section of the same name.
    """
    services = sorted({s.service for s in skus})
    if _WILDCARD.search(name):
        return (name,) if any(fnmatchcase(s, name) for s in services) else ()
    wanted = _plain(name)
    own = tuple(s for s in services if _plain(s) == wanted)
    return own or tuple(s for s in services if wanted in {_plain(t) for t in catalog.sections.get(s, ())})


def named_skus(name: str, skus: Iterable[Sku]) -> tuple[str, ...]:
    """The SKUs a name means: one by its id or the id it is also published under, or those of a wildcard."""
    if _WILDCARD.search(name):
        return (name,) if any(fnmatchcase(s.sku_id, name) for s in skus) else ()
    return tuple(s.sku_id for s in skus if name in (s.sku_id, *(a.sku_id for a in s.also_published_as)))


def _plain(name: str) -> str:
    return normal_name(name.replace("_", " ").replace("-", " "))
