"""How master nodes of Kubernetes grow by themselves.

Rule: VK Cloud documentation, «Cloud Containers. Масштабирование». Masters grow without being asked and never shrink by
themselves. A step for CPU adds two cores, a step for RAM goes up a ladder; each takes the other along only where it
must. Where that is follows from the published examples and flavors: a machine has one to four GB of RAM for each core.
"""

from costlab.services.parts.shapes import SELF_SERVICE_VCPU, Flavor, parse_flavor

LADDER = (6, 8, 12, 16, 20, 24, 32, 36, 48)
"""GB: the steps of a master's RAM."""
CPU_STEP = 2
MOST_GB_A_CORE = 4


def after_cpu(vcpu: int, ram_gb: int) -> tuple[int, int]:
    """Shape of a master after a step caused by CPU load; unchanged at the end of what has a public price.

    >>> after_cpu(2, 6), after_cpu(6, 6)
    ((4, 6), (8, 8))
    """
    cores = vcpu + CPU_STEP
    if cores > SELF_SERVICE_VCPU:
        return vcpu, ram_gb
    return cores, ram_gb if ram_gb >= cores else next((r for r in LADDER if r >= cores), ram_gb)


def after_ram(vcpu: int, ram_gb: int) -> tuple[int, int]:
    """Shape of a master after a step caused by RAM load; unchanged at the end of the ladder.

    >>> after_ram(2, 6), after_ram(2, 8)
    ((2, 8), (4, 12))
    """
    ram = next((r for r in LADDER if r > ram_gb), ram_gb)
    cores = vcpu
    while ram > cores * MOST_GB_A_CORE and cores + CPU_STEP <= SELF_SERVICE_VCPU:
        cores += CPU_STEP
    return cores, ram


def grown(shape: Flavor, steps: int) -> Flavor:
    """A master after as many CPU and as many RAM steps; whichever comes first, the larger of both results."""
    ends = []
    for order in ((after_cpu, after_ram), (after_ram, after_cpu)):
        size = (shape.vcpu, shape.ram_gb)
        for _ in range(steps):
            for step in order:
                size = step(*size)
        ends.append(size)
    return shape._replace(vcpu=max(v for v, _ in ends), ram_gb=max(r for _, r in ends))


def flavor_after(name: str, cause: str) -> str:
    """The flavor of a master after a step caused by `cpu` or `ram`.

    >>> flavor_after("STD2-2-8", "ram")
    'STD2-4-12'
    """
    shape = parse_flavor(name)
    if shape is None:
        raise ValueError(f"{name} is not a flavor")
    vcpu, ram = (after_cpu if cause == "cpu" else after_ram)(shape.vcpu, shape.ram_gb)
    return f"{name.split('-', maxsplit=1)[0]}-{vcpu}-{ram}"
