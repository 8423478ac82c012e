"""What objects say of a flavor: its names, and the disks it brings on the host: the system's where a server was started
from an image, and ephemeral ones.

VK Cloud's flavors have none (a 0 in the list): there every disk is a volume.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from costlab.inventory.reading.machines import exact, text


def local_gb(image: str, flavor: Mapping[str, Any], *, has_root: bool) -> Decimal:
    """GB on the host of a server of this flavor; `image` is "" where it was started from a volume.

    >>> local_gb("Ubuntu", {"disk": 80, "ephemeral": 20}, has_root=False)
    Decimal('100')
    """
    system = exact(flavor.get("disk")) if image and not has_root else None
    more = exact(flavor.get("ephemeral") or flavor.get("os_flv_ext_data_ephemeral"))
    return (system or Decimal(0)) + (more or Decimal(0))


def flavor_names(value: Any) -> list[str]:
    """The names and ids of a flavor: `STD3-8-32 (uuid)`, an object, or one of them."""
    if isinstance(value, dict):
        return [n for n in (text(value.get(k)) for k in ("original_name", "name", "id")) if n]
    said = text(value)
    match = re.fullmatch(r"(.*?)\s*\(([^()]+)\)", said)
    return [match[1], match[2]] if match else [said] if said else []
