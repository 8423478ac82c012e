"""Flavors, disk types and images of Terraform resources.

Order of a flavor's resolution (vk-cs/vkcs documentation, `vkcs_compute_flavor`): a person's own map, the name in the
resource, the data source by id or by reference, the name's pattern; what has none of them is not priced.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from costlab.inventory.sources.terraform.plan import Planned
from costlab.inventory.sources.terraform.reading import Reading
from costlab.model.numbers import Text
from costlab.model.scenario import TO_FILL_IN
from costlab.services.parts.shapes import Flavor, disk_type_named, parse_flavor

DISK_TYPE = "ceph-ssd"
_CPU = {"cascadelake": "cascade-lake", "icelake": "ice-lake"}
_MIB_PER_GIB = 1024
_WINDOWS = "windows"
_LICENSED = ("astra", "alt", "redos", "red os", "red-os", "редос", "альт", "астра")


class Shape(NamedTuple):
    """A shape as keys of a spec, and what its name says where it has one."""

    spec: dict[str, Any]
    flavor: Flavor | None
    name: str
    local_gb: int
    """Disk of the flavor itself, which has no price of its own."""


def shape(reading: Reading, planned: Planned, name: Any, flavor_id: Any, *path: str) -> Shape | None:
    """The flavor of a resource, from its name or id; `path` is the key whose reference may lead to it."""
    if (set_by_person := reading.overridden(planned, "flavor")) is not None:
        return _named(set_by_person, {}) or Shape({"flavor": set_by_person}, None, set_by_person, 0)
    for key in (name, flavor_id):
        if isinstance(key, str) and key in reading.options.flavors:
            return _named(reading.options.flavors[key], {})
    if isinstance(name, str) and name and (named := _named(name, {})) is not None:
        return named
    sources = reading.refers(planned, *path, value=flavor_id)
    for source in sources:
        if source.kind.endswith("compute_flavor") or "vcpus" in source.values:
            said = source.values.get("name")
            if (named := _named(said if isinstance(said, str) else "", source.values)) is not None:
                return named
    return _named(flavor_id, {}) if isinstance(flavor_id, str) else None


def to_fill_in(*said: Any) -> Shape:
    """The shape of a machine whose flavor nobody says; what its source says of it is kept beside."""
    name = next((s for s in said if isinstance(s, str) and s), "")
    return Shape({"flavor": f"{TO_FILL_IN} {name}".strip()}, None, name, 0)


def _named(name: str, values: dict[str, Any]) -> Shape | None:
    """A flavor by its name's pattern, or by the numbers of a data source."""
    known = parse_flavor(name)
    disk = values.get("disk")
    local = disk if isinstance(disk, int) and not isinstance(disk, bool) else (known.disk_gb if known else 0)
    if known is not None:
        return Shape({"flavor": name}, known, name, local)
    vcpu, ram = values.get("vcpus"), values.get("ram")
    if not (isinstance(vcpu, int) and isinstance(ram, int) and vcpu and ram and ram % _MIB_PER_GIB == 0):
        return None
    generation = str((values.get("extra_specs") or {}).get("mcs:cpu_generation", "")).partition("-")[0]
    spec = {"vcpu": vcpu, "ram_gb": ram // _MIB_PER_GIB, "cpu": _CPU.get(generation)}
    return Shape({k: v for k, v in spec.items() if v is not None}, None, name, local)


def disk(reading: Reading, planned: Planned, size_gb: Decimal, volume_type: Any) -> dict[str, Any]:
    """A disk as a spec; a type that is not given is assumed and told, one that VK Cloud has not is in doubt."""
    given = reading.overridden(planned, "volume_type")
    if given and (by_hand := disk_type_named(given.lower())):
        return {"type": by_hand, "size_gb": size_gb}
    chosen = str(volume_type).lower() if isinstance(volume_type, str) and volume_type else ""
    if known := disk_type_named(chosen):
        return {"type": known, "size_gb": size_gb}
    taken = given or reading.options.volume_type or DISK_TYPE
    if chosen:
        why = Text(en=f"the price list has no disk type “{chosen}”", ru=f"в прайс-листе нет типа диска «{chosen}»")
        if not (given or reading.options.volume_type):
            reading.incomplete(planned, "value_unknown", key="volume_type", reason=why)
    else:
        why = Text(en="no disk type is given", ru="тип диска не указан")
    reading.assume(planned, "volume_type", taken, why)
    return {"type": taken, "size_gb": size_gb}


def system_of(reading: Reading, planned: Planned) -> str:
    """`windows` or `linux`, by what the plan says of the image; a distribution with a licence is told."""
    if (given := reading.overridden(planned, "os")) is not None:
        return given
    texts = [str(planned.get("image_name") or "")]
    images = reading.refers(planned, "image_id", value=planned.get("image_id"))
    images += reading.refers(planned, "image_name")
    for index, block in enumerate(planned.blocks("block_device")):
        images += reading.refers(planned, "block_device", index, "uuid", value=block.get("uuid"))
    for image in list(images):
        if image.kind == "blockstorage_volume":  # a bootable volume knows its image
            images += reading.refers(image, "image_id", value=image.get("image_id"))
    for image in images:
        properties = image.values.get("properties")
        texts += [str(image.values.get("name") or "")]
        texts += [str(v) for v in properties.values()] if isinstance(properties, dict) else []
    words = " ".join(texts).lower()
    asks_password = any(block.get("get_password_data") is True for block in planned.blocks("vendor_options"))
    if _WINDOWS in words or asks_password:
        return _WINDOWS
    if any(word in words.replace(",", " ").split() or f"{word}-" in words for word in _LICENSED):
        why = Text(
            en="the image may carry a licence; its edition cannot be told from the plan",
            ru="у образа может быть лицензия; редакция из плана не видна",
        )
        reading.assume(planned, "os", "linux", why)
    return "linux"


def outside(network: Planned) -> bool:
    """Whether a network is the external one, whose ports carry public addresses."""
    return network.values.get("external") is True or network.values.get("name") in ("internet", "ext-net")
