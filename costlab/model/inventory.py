"""What a foreign inventory says of a machine, before it is sized: the record every inventory is brought to.

Sizes are decimal GB of the source's own statement (an inventory in MiB is converted exactly and says so); what a source
does not say is None, never 0.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from costlab.model.numbers import Number, Period, Problem, Record, Text
from costlab.model.scenario import Resource, Scenario

Power = Literal["on", "off", "suspended", "unknown"]
StorageBasis = Literal["disks", "in_use", "partitions", "provisioned"]
"""Which of the sizes an inventory has is meant to be bought: the largest single choice of a sizing."""


class MachineDisk(Record):
    """A disk of a machine."""

    name: str = ""
    size_gb: Number
    used_gb: Number | None = None
    tier: str = ""
    """The source's own word for it: `thin`, `gp3`, `network-ssd`…"""
    read_iops: Number | None = None
    write_iops: Number | None = None
    boot: bool = False


class Utilisation(Record):
    """Measured load: percent of the machine's own cores and GB of its memory."""

    cpu_avg: Number | None = None
    cpu_p95: Number | None = None
    cpu_p99: Number | None = None
    cpu_max: Number | None = None
    memory_avg_gb: Number | None = None
    memory_p95_gb: Number | None = None
    memory_p99_gb: Number | None = None
    memory_max_gb: Number | None = None
    days: Number | None = None
    coverage: Number | None = None
    """Share of the expected samples that are there, 0 to 1."""


class Machine(Record):
    """A machine as its source describes it."""

    machine_id: str
    """The source's own id (UUID, instance id); the name where it has none."""
    name: str
    power: Power = "unknown"
    vcpu: int | None = None
    ram_gb: Number | None = None
    flavor: str = ""
    """The source's instance type."""
    disks: tuple[MachineDisk, ...] = ()
    provisioned_gb: Number | None = None
    in_use_gb: Number | None = None
    partition_gb: Number | None = None
    """What the guest's partitions hold."""
    os_name: str = ""
    public_ips: int = 0
    role: str = ""
    """`database`, `sap`… where the source or a profile says so: such machines are sized more carefully."""
    environment: str = ""
    group: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    count: int = 1
    utilisation: Utilisation | None = None
    monthly_cost: Decimal | None = None
    """What it costs today, where the source says."""
    currency: str = ""
    notes: tuple[Text, ...] = ()
    """Doubts that do not keep it out, such as a core share below 100 %."""
    origin: str = ""
    """`rvtools.xlsx!vInfo:40`, `plan.json:module.web.vkcs_compute_instance.app[0]`."""


class SetAside(Record):
    """A row that became nothing, and why."""

    origin: str
    name: str
    code: str
    """`template`, `powered_off`, `blocked_os`, `duplicate`, `unknown_flavor`, `free`, `unresolved`…"""
    reason: Text


class Inventory(Record):
    """What one file (or set) held. read = mapped + set aside, each row in one of the two."""

    source: str
    kind: str
    """Name of the reader (a module of `costlab/inventory`)."""
    read: int
    """Rows: machines, objects of the cloud, files of which nothing was read."""
    resources: tuple[Resource, ...] = ()
    """Resources of VK Cloud itself (Terraform, OpenStack, an estimate): nothing to size."""
    unfilled: tuple[Resource, ...] = ()
    """The same, of which a value is not known: lines to fill in."""
    before: tuple[Resource, ...] | None = None
    """The same before a plan is applied."""
    machines: tuple[Machine, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    problems: tuple[Problem, ...] = ()
    scenario: Scenario | None = None
    """What an estimate file asks beyond its resources: name, day of prices, assumptions."""
    provider: str = "vk"
    region: str = ""
    period: Period | None = None

    @property
    def mapped(self) -> int:
        """Rows that became machines or resources; one row may become several, as the shards of a cluster do."""
        return self.read - len(self.set_aside)
