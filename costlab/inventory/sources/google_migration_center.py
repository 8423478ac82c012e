"""Google Migration Center (and StratoZone): the set vmInfo.csv, diskInfo.csv, perfInfo.csv, tagInfo.csv.

Only vmInfo is required. Percentiles are of the samples of perfInfo by nearest rank (the smallest sample that as many
percent do not exceed); days are those between the first and the last sample, coverage is the share of the samples
there would be at the usual distance between two. Operations a second are of the whole machine and stand on its largest
disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

from costlab.inventory.reading.cells import Row, Table, find_table, gb, number, to_gb, whole
from costlab.inventory.reading.machines import InventoryDraft, note
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power, Utilisation
from costlab.model.numbers import Text

TITLE = Text(en="Google Migration Center CSV set", ru="Набор CSV Google Migration Center")

_VM: dict[str, tuple[str, ...]] = {
    "id": ("machineid",), "name": ("machinename",), "address": ("primaryipaddress",), "public": ("publicipaddress",),
    "vcpu": ("allocatedprocessorcorecount",), "memory": ("memorygib",), "allocated": ("totaldiskallocatedgib",),
    "used": ("totaldiskusedgib",), "type": ("machinetypelabel",), "os": ("osname",), "version": ("osversion",),
    "status": ("machinestatus",), "place": ("hostinglocation",),
}  # fmt: skip
_DISK = {"id": ("machineid",), "name": ("disklabel",), "size": ("sizeingib",), "used": ("usedingib",),
         "tier": ("storagetypelabel",)}  # fmt: skip
_PERF = {
    "id": ("machineid",), "time": ("timestamp",), "cpu": ("cpuutilizationpercentage",),
    "memory": ("memoryutilizationpercentage",), "bytes": ("utilizedmemorybytes",),
    "reads": ("diskreadoperationspersec",), "writes": ("diskwriteoperationspersec",),
}  # fmt: skip
_TAG = {"id": ("machineid",), "key": ("key",), "value": ("value",)}
_STATUS: dict[str, Power] = {"running": "on", "active": "on", "poweredon": "on", "stopped": "off", "poweredoff": "off",
                             "terminated": "off", "off": "off", "suspended": "suspended"}  # fmt: skip
_DAY = Decimal(86_400)


@dataclass
class _Samples:
    """What was measured of a machine."""

    times: list[datetime] = field(default_factory=list)
    values: dict[str, list[Decimal]] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """One more sample; a value that is not there is left out."""
        if (moment := _moment(row["time"])) is not None:
            self.times.append(moment)
        for name in ("cpu", "memory", "bytes", "reads", "writes"):
            if (value := number(row[name])) is not None:
                self.values.setdefault(name, []).append(value)

    def at(self, name: str, percent: int) -> Decimal | None:
        """The percentile of a value by nearest rank."""
        listed = sorted(self.values.get(name, ()))
        return listed[max(0, -(-len(listed) * percent // 100) - 1)] if listed else None

    def mean(self, name: str) -> Decimal | None:
        """The average of a value."""
        listed = self.values.get(name)
        return (sum(listed, Decimal(0)) / len(listed)).quantize(Decimal("0.0001")) if listed else None

    def span(self) -> tuple[Decimal | None, Decimal | None]:
        """Days, and the share of the samples expected."""
        times = sorted(set(self.times))
        if len(times) < 2:  # noqa: PLR2004 (one sample spans nothing)
            return None, None
        gaps = sorted((b - a).total_seconds() for a, b in pairwise(times))
        usual, whole_span = int(gaps[len(gaps) // 2]), int((times[-1] - times[0]).total_seconds())
        expected = whole_span // usual + 1 if usual else len(times)
        share = min(Decimal(1), Decimal(len(times)) / expected).quantize(Decimal("0.0001"))
        return (Decimal(whole_span + usual) / _DAY).quantize(Decimal("0.0001")), share


def matches(sample: Sample) -> bool:
    """A set, or a file, with a vmInfo table."""
    return any(_table(f, _VM, ("id", "name", "vcpu", "memory")) for f in sample.files if f.kind == "csv")


def read(sample: Sample, options: Options) -> Inventory:
    """Machines of every vmInfo; rows of machines that it lacks are set aside, once for each file and machine."""
    draft = InventoryDraft("google_migration_center", sample.source, options)
    whole_set = _Set()
    for file in sample.files:
        if not whole_set.take(file):
            draft.other_file(file, "no file of Migration Center's set", "файл не из набора Migration Center")
    for row in whole_set.machines:
        key = row["id"]
        _machine(draft, row, whole_set.disks.get(key, []), whole_set.samples.get(key), whole_set.tags.get(key, {}))
    known = {row["id"] for row in whole_set.machines}
    for (key, _), origin in whole_set.named.items():
        if key not in known:
            draft.aside(
                origin, key, "orphan", "rows of a machine that vmInfo lacks", "строки машины, которой нет в vmInfo"
            )
    return draft.inventory()


@dataclass
class _Set:
    """The rows of all files by machine."""

    machines: list[Row] = field(default_factory=list)
    disks: dict[str, list[MachineDisk]] = field(default_factory=dict)
    samples: dict[str, _Samples] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    named: dict[tuple[str, str], str] = field(default_factory=dict)
    """Machine and file of disks, samples and tags -> where the file names it first."""

    def take(self, file: Sample) -> bool:
        """The rows of one file; False when it is none of the set."""
        if table := _table(file, _VM, ("id", "name", "vcpu", "memory")):
            self.machines += table.rows
            return True
        kinds = ((_DISK, ("id", "size"), self._disk), (_PERF, ("id", "time"), self._sample),
                 (_TAG, ("id", "key"), self._tag))  # fmt: skip
        for known, need, put in kinds:
            if table := _table(file, known, need):
                for row in table.rows:
                    self.named.setdefault((row["id"], file.source), row.origin)
                    put(row)
                return True
        return False

    def _disk(self, row: Row) -> None:
        size = gb(row["size"])
        if size != 0:  # one that cannot be read is a disk without a size, which is told of its machine
            disk = MachineDisk(name=row["name"], size_gb=size or Decimal(0), used_gb=gb(row["used"]), tier=row["tier"])
            self.disks.setdefault(row["id"], []).append(disk)

    def _sample(self, row: Row) -> None:
        self.samples.setdefault(row["id"], _Samples()).take(row)

    def _tag(self, row: Row) -> None:
        self.tags.setdefault(row["id"], {})[row["key"]] = row["value"]


def _table(file: Sample, known: Mapping[str, Sequence[str]], need: Sequence[str]) -> Table | None:
    return find_table(file, "", known, need) if file.kind == "csv" else None


def _machine(
    draft: InventoryDraft, row: Row, disks: list[MachineDisk], samples: _Samples | None, tags: dict[str, str]
) -> None:
    name = row["name"] or row["id"]
    vcpu, memory = whole(row["vcpu"]), gb(row["memory"])
    if not vcpu or not memory:
        draft.unusable(row.origin, name, "no_size", "cores or memory are not readable", "не прочитать ядра или память")
        return
    load, notes = None, []
    if samples is not None:
        load = _load(samples, memory)
        reads, writes = samples.at("reads", 95), samples.at("writes", 95)
        if disks and (reads is not None or writes is not None):
            largest = max(range(len(disks)), key=lambda i: disks[i].size_gb)
            disks[largest] = disks[largest].model_copy(update={"read_iops": reads, "write_iops": writes})
            if len(disks) > 1:
                notes.append(note("operations of all disks are taken as the largest one's",
                                  "операции всех дисков отнесены к самому большому"))  # fmt: skip
    system = row["os"] if row["version"] in row["os"] else f"{row['os']} {row['version']}"
    draft.add(
        Machine(
            machine_id=row["id"] or name,
            name=name,
            power=_STATUS.get(row["status"].casefold().replace(" ", ""), "unknown"),
            vcpu=vcpu,
            ram_gb=memory,
            flavor=row["type"],
            disks=tuple(d.model_copy(update={"boot": i == 0}) for i, d in enumerate(disks)),
            provisioned_gb=gb(row["allocated"]) or None,
            in_use_gb=gb(row["used"]) or None,
            os_name=system.strip(),
            public_ips=1 if row["public"] and row["public"] != row["address"] else 0,
            tags=tags,
            utilisation=load,
            notes=tuple(notes),
            origin=row.origin,
        ),
        uuid=row["id"],
        address=row["address"],
    )


def _load(samples: _Samples, memory: Decimal) -> Utilisation:
    """Percentiles of the samples; memory from its bytes, else from its percentage."""

    def held(percent: int) -> Decimal | None:
        if (value := samples.at("bytes", percent)) is not None:
            return to_gb(value, "b")
        share = samples.at("memory", percent)
        return None if share is None else memory * share / 100

    mean = samples.mean("bytes")
    share = samples.mean("memory")
    average = to_gb(mean, "b") if mean is not None else None if share is None else memory * share / 100
    days, coverage = samples.span()
    return Utilisation(
        cpu_avg=samples.mean("cpu"), cpu_p95=samples.at("cpu", 95), cpu_p99=samples.at("cpu", 99),
        cpu_max=samples.at("cpu", 100), memory_avg_gb=average, memory_p95_gb=held(95), memory_p99_gb=held(99),
        memory_max_gb=held(100), days=days, coverage=coverage,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    """ISO 8601, or the American order the documentation shows."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        pass
    for form in ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
