"""OpenStack: what the `openstack` client prints (tables, JSON, YAML, CSV; list, long, show), and answers of the APIs.

Every row becomes its own resource: a server pays cores and memory, a volume its gigabytes, also when nothing is
attached to it, a floating address as long as it exists. One file, or a set of files of one project: the same object
said by several of them is one, the others add what it left out. Flavors are looked up and are no rows of their own.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from costlab.catalog.loading import load_catalog
from costlab.errors import InputError, near
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.sources.openstack import tables as _openstack_tables
from costlab.inventory.sources.openstack.resources import FREE, MAKES, Made
from costlab.model.inventory import Inventory
from costlab.model.numbers import Problem, Text

TITLE = Text(en="OpenStack client and API", ru="OpenStack: клиент и API")

_API = {
    "servers": "server", "flavors": "flavor", "volumes": "volume", "floatingips": "address", "images": "image",
    "snapshots": "snapshot", "shares": "share", "instances": "database", "clusters": "cluster",
    "loadbalancers": "balancer", "networks": "network", "routers": "router", "vpnservices": "vpn",
    "tenant_usages": "usage",
}  # fmt: skip
"""Key of an API's answer (the singular is an answer to one question) -> kind."""
_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("address", ("floating_ip_address",)),
    ("balancer", ("vip_address",)),
    ("server", ("networks", "flavor")),
    ("server", ("networks", "flavor_name")),
    ("server", ("addresses", "flavor", "status")),
    ("database", ("datastore",)),
    ("cluster", ("master_count", "node_count")),
    ("share", ("share_proto",)),
    ("flavor", ("vcpus", "ram")),
    ("volume", ("size", "attached_to")),
    ("volume", ("size", "attachments")),
    ("snapshot", ("size", "volume")),
    ("snapshot", ("size", "volume_id", "created_at")),
    ("image", ("disk_format", "size")),
    ("router", ("external_gateway_info",)),
    ("network", ("subnets",)),
    ("usage", ("server_usages",)),
)
"""Keys that only one kind of object has."""
_LITERAL = 100_000
_CONTAINER = frozenset({"name", "count", "bytes"})


@dataclass(frozen=True)
class Item:
    """An object of the cloud as one file says it; keys in lower case with `_`."""

    kind: str
    values: dict[str, Any]
    origin: str

    @property
    def key(self) -> str:
        """What makes it the same object in another file; without an id it is nobody else's."""
        said = self.values.get("id") or self.values.get("uuid") or self.values.get("floating_ip_address")
        return f"{self.kind} {said or self.origin}"

    def differs(self, other: "Item") -> list[str]:
        """Keys of which both say something else: of one object they would not."""
        pairs = {k: (self.values.get(k), other.values.get(k)) for k in ("name", "size")}
        return [k for k, (a, b) in pairs.items() if a not in (None, "") and b not in (None, "") and str(a) != str(b)]

    @property
    def name(self) -> str:
        """What people call it."""
        known = (self.values.get(k) for k in ("name", "floating_ip_address", "id", "uuid"))
        return str(next((k for k in known if k), ""))


def matches(sample: Sample) -> bool:
    """A file with at least one object of a known kind."""
    if sample.kind == "folder":
        return any(f.kind in ("json", "yaml", "csv") and _known(f) for f in sample.files)
    return _known(sample)


def read(sample: Sample, options: Options) -> Inventory:
    """Resources of VK Cloud; what is free, said twice or not known is set aside. Raises `InputError`."""
    regions = load_catalog(options.provider, options.folder).provider.regions
    if options.region and options.region not in regions:
        args = {"key": "region", "value": options.region, **near(options.region, regions)}
        raise InputError(Problem(code="not_allowed", source="--region", args=args))
    region = regions[options.region] if options.region else next(iter(regions.values()))
    made = Made(sample.source, options, dict.fromkeys(region.zones) | dict(region.zone_aliases))
    objects = _gathered(made, sample)
    made.look_up([(i.kind, i.values) for i in objects.values()])
    for item in objects.values():
        if item.kind in MAKES:
            MAKES[item.kind](made, item.values, item.origin)
        elif item.kind in FREE:
            made.aside(item.origin, item.name, "free", FREE[item.kind].en, FREE[item.kind].ru)
        elif item.kind != "flavor":
            made.unusable(item.origin, item.name, "what kind of object this is cannot be told: use `--long`",
                          "что это за объект, не понять: используйте `--long`")  # fmt: skip
    return made.inventory(region.region)


def _gathered(made: Made, sample: Sample) -> dict[str, Item]:
    """Every object once, with what all files say of it; the first file that names it is its origin."""
    objects: dict[str, Item] = {}
    for file in sample.files:
        found = list(_items(file)) if file.kind in ("json", "yaml", "csv") else []
        if not found:
            made.other_file(file, "nothing of OpenStack is in this file", "в файле нет объектов OpenStack")
        for item in found:
            first = objects.setdefault(item.key, item)
            if first is item:
                continue
            if (differs := first.differs(item)) and item.kind != "flavor":
                args = {"other": first.origin, "reason": ", ".join(differs)}
                made.problems.append(Problem(code="same_identity", source=item.origin, subject=item.name, args=args))
                objects[f"{item.key} {item.origin}"] = item
                continue
            more = {k: v for k, v in item.values.items() if first.values.get(k) in (None, "", [], {})}
            objects[item.key] = Item(first.kind, {**first.values, **more}, first.origin)
            if item.kind != "flavor":
                made.aside(item.origin, item.name, "duplicate", "said by another file already: taken together",
                           "уже есть в другом файле: объединено")  # fmt: skip
    return objects


def _known(sample: Sample) -> bool:
    return any(item.kind not in ("other", "container") for item in _items(sample))


def _items(sample: Sample) -> Iterator[Item]:
    """Every object of a file."""
    if sample.kind == "csv":
        yield from _of_tables(sample) if _openstack_tables.printed(sample) else _of_csv(sample)
        return
    data = sample.data
    if isinstance(data, dict):
        wrapped = [k for k in data if k in _API and isinstance(data[k], list)]
        single = [k for k in data if f"{k}s" in _API and isinstance(data[k], dict) and len(data) == 1]
        if wrapped:
            items = [(_API[k], v) for k in wrapped for v in data[k]]
            if not any(_recognised(kind, v) for kind, v in items) and items:
                return
        elif single:
            items = [(_API[f"{k}s"], data[k]) for k in single]
        else:
            items = [("", data)]
    else:
        items = [("", v) for v in data] if isinstance(data, list) else []
    for index, (kind, value) in enumerate(items):
        if isinstance(value, dict):
            values = _plain(value)
            kind = kind or _kind(values)  # noqa: PLW2901 (the API says it, the client does not)
            if kind == "other" and len(items) == 1:
                return
            own = values.get("id") or values.get("uuid") or index + 1
            yield Item(kind, values, f"{sample.source}:{own}")


def _recognised(kind: str, value: Any) -> bool:
    """Whether an object below a common word such as `instances` is OpenStack's: ids and words of its APIs."""
    if not isinstance(value, dict) or "kind" in value:
        return False
    values = _plain(value)
    return kind in ("network", "router", "vpn", "usage", "flavor") or _kind(values) == kind


def _of_csv(sample: Sample) -> Iterator[Item]:
    """Rows of `-f csv`: lists and objects are printed as Python writes them."""
    rows = sample.rows()
    header = [_key(c) for c in rows[0][1]] if rows else []
    if len(set(header)) != len(header) or not {"id", "uuid"} & set(header):
        return
    for line, cells in rows[1:]:
        values = {k: _literal(v) for k, v in zip(header, cells, strict=False)}
        yield Item(_kind(values), values, f"{sample.source}:{line}")


def _of_tables(sample: Sample) -> Iterator[Item]:
    """Rows of `-f table`; what the client shortens to words there is brought to what its JSON says."""
    for line, cells in _openstack_tables.objects(sample):
        values = {_key(k): _openstack_tables.value(v) for k, v in cells.items()}
        values = {k: _literal(v) if isinstance(v, str) else v for k, v in values.items()}
        for key in ("router_external", "router_type", "is_public"):
            if values.get(key) in ("True", "External"):
                values[key] = True
        yield Item(_kind(values), values, f"{sample.source}:{line}")


def _literal(text: str) -> Any:
    """A cell: a list or an object where it is one (literals only, nothing is run), else text."""
    text = text.strip()
    if text.startswith(("{", "[")) and len(text) < _LITERAL:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
    return None if text == "None" else text


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {_key(k): v for k, v in value.items()}


def _key(text: str) -> str:
    """`Floating IP Address`, `OS-EXT-AZ:availability_zone` -> `floating_ip_address`, `availability_zone`."""
    bare = text.removeprefix("OS-EXT-AZ:").removeprefix("os-extended-volumes:")
    return re.sub(r"[^a-z0-9]+", "_", bare.casefold()).strip("_")


def _kind(values: dict[str, Any]) -> str:
    if values.keys() >= _CONTAINER and len(values) <= len(_CONTAINER) + 2:
        return "container"
    for kind, keys in _SIGNS:
        if all(k in values for k in keys):
            return kind
    return "other"
