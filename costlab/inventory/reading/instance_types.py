"""Sizes of instance types of other clouds: (vCPU, GB of memory), from their names; None where a name is not known.

Sources: AWS, «Amazon EC2 instance types» (general purpose, compute and memory optimised tables); Microsoft, «Sizes for
virtual machines in Azure»; Google, «Machine families resource and comparison guide». Only families whose sizes follow
one rule are here. Everything else is told by the inventory itself (describe-instance-types, `az vm list-sizes`), or by
a person's own map of types.
"""

import re
from decimal import Decimal

Size = tuple[int, Decimal]

_AWS_STEPS = {"large": 2, "xlarge": 4}
_AWS_GB_A_CORE = {
    "m4": "4", "m5": "4", "m5a": "4", "m5d": "4", "m5n": "4", "m6a": "4", "m6g": "4", "m6i": "4", "m7a": "4",
    "m7g": "4", "m7i": "4", "c5": "2", "c5a": "2", "c5d": "2", "c6a": "2", "c6g": "2", "c6i": "2", "c7a": "2",
    "c7g": "2", "c7i": "2",
    "r5": "8", "r5a": "8", "r5d": "8", "r6a": "8", "r6g": "8", "r6i": "8", "r7a": "8", "r7g": "8", "r7i": "8",
    "m3": "3.75",
}  # fmt: skip
_AWS_SMALL: dict[str, Size] = {
    "nano": (1, Decimal("0.5")), "micro": (1, Decimal(1)), "small": (1, Decimal(2)), "medium": (2, Decimal(4)),
    "large": (2, Decimal(8)), "xlarge": (4, Decimal(16)), "2xlarge": (8, Decimal(32)),
}  # fmt: skip
"""T2; T3, T3a and T4g have two cores in the three smallest too."""
_AZURE_GB = {"D": 4, "E": 8, "F": 2}
_AZURE_D = re.compile(r"Standard_([DEF])([0-9]{1,2})(?:a|p|l)?d?s?_v([2-6])\Z")
_AZURE: dict[str, Size] = {
    "A1_v2": (1, Decimal(2)), "A2_v2": (2, Decimal(4)), "A4_v2": (4, Decimal(8)), "A8_v2": (8, Decimal(16)),
    "A2m_v2": (2, Decimal(16)), "A4m_v2": (4, Decimal(32)), "A8m_v2": (8, Decimal(64)), "B1s": (1, Decimal(1)),
    "B1ms": (1, Decimal(2)), "B2s": (2, Decimal(4)), "B2ms": (2, Decimal(8)), "B4ms": (4, Decimal(16)),
    "B8ms": (8, Decimal(32)), "B12ms": (12, Decimal(48)), "B16ms": (16, Decimal(64)), "B20ms": (20, Decimal(80)),
}  # fmt: skip
_AZURE_CORES = (2, 4, 8, 16, 32)
_GCP_SHARED: dict[str, Size] = {
    "e2-micro": (2, Decimal(1)), "e2-small": (2, Decimal(2)), "e2-medium": (2, Decimal(4)),
    "f1-micro": (1, Decimal("0.6")), "g1-small": (1, Decimal("1.7")),
}  # fmt: skip
_GCP_GB_A_CORE = {
    "n1": {"standard": "3.75", "highmem": "6.5", "highcpu": "0.9"},
    "e2": {"standard": "4", "highmem": "8", "highcpu": "1"},
    "n2": {"standard": "4", "highmem": "8", "highcpu": "1"},
    "n2d": {"standard": "4", "highmem": "8", "highcpu": "1"},
    "c2": {"standard": "4"},
    "c3": {"standard": "4", "highmem": "8", "highcpu": "2"},
}
_MB = Decimal(1024)
_MAX_CORES = 512


def aws(name: str) -> Size | None:
    """The size of an EC2 type.

    >>> aws("m5.2xlarge")
    (8, Decimal('32'))
    """
    family, _, step = name.partition(".")
    if family in ("t2", "t3", "t3a", "t4g") and step in _AWS_SMALL:
        cores, memory = _AWS_SMALL[step]
        return (cores if family == "t2" else max(2, cores)), memory
    if name == "m3.medium":
        return 1, Decimal("3.75")
    if family not in _AWS_GB_A_CORE:
        return None
    times = re.fullmatch(r"([0-9]{1,2})xlarge", step)
    cores = int(times[1]) * 4 if times else _AWS_STEPS.get(step, 0)
    return (cores, cores * Decimal(_AWS_GB_A_CORE[family])) if 0 < cores <= _MAX_CORES else None


def azure(name: str) -> Size | None:
    """The size of an Azure VM; only the sizes whose memory follows the cores.

    >>> azure("Standard_D4s_v5")
    (4, Decimal('16'))
    """
    if (known := _AZURE.get(name.removeprefix("Standard_"))) is not None:
        return known
    match = _AZURE_D.match(name)
    if not match or int(match[2]) not in _AZURE_CORES or "l" in name.rpartition("_v")[0][len("Standard_") :]:
        return None
    family, cores, version = match[1], int(match[2]), int(match[3])
    if (family == "F") != (version == 2):  # noqa: PLR2004 (D and E of the second version differ, F has no other here)
        return None
    return cores, Decimal(cores * _AZURE_GB[family])


def gcp(name: str) -> Size | None:
    """The size of a Compute Engine machine type, custom ones included.

    >>> gcp("n2-custom-6-24576")
    (6, Decimal('24'))
    """
    if name in _GCP_SHARED:
        return _GCP_SHARED[name]
    if match := re.fullmatch(r"(?:[a-z0-9]+-)?custom-([0-9]{1,3})-([0-9]{3,7})(?:-ext)?", name):
        return (int(match[1]), Decimal(match[2]) / _MB) if int(match[1]) else None
    match = re.fullmatch(r"([a-z][0-9][a-z]?)-(standard|highmem|highcpu)-([0-9]{1,3})(?:-lssd)?", name)
    ratio = _GCP_GB_A_CORE.get(match[1], {}).get(match[2]) if match else None
    return (int(match[3]), int(match[3]) * Decimal(ratio)) if match and ratio and int(match[3]) else None
