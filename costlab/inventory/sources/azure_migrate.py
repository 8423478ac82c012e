"""Azure Migrate: the CSV that people fill in to import servers, of any year; up to 20 disks a server.

Header: Microsoft, «Discover servers using a CSV» (stars mark required columns, later variants leave them out). Memory
is MB, disks are GB. Its percentages of CPU and memory do not say which percentile they are: kept as averages.
"""

from decimal import Decimal

from costlab.inventory.reading.cells import Row, Table, find_table, gb, number, unread, whole
from costlab.inventory.reading.machines import InventoryDraft, note
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Utilisation
from costlab.model.numbers import Text

TITLE = Text(en="Azure Migrate CSV", ru="CSV Azure Migrate")

_DISKS = 20
_AVERAGE = note("which percentile its load is, is not said: taken as an average",
                "какой это перцентиль нагрузки, не указано: взято как среднее")  # fmt: skip
_FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("server name",), "address": ("ip addresses", "ip address"), "vcpu": ("cores",),
    "memory": ("memory in",), "os": ("os name",), "version": ("os version",), "type": ("server type",),
    "hypervisor": ("hypervisor",), "cpu": ("cpu utilization percentage",), "load": ("memory utilization percentage",),
    "number": ("number of disks",), "in_use": ("storage in use in",), "allocated": ("storage allocated in",),
} | {
    f"{field}_{n}": (f"disk {n} {words}",)
    for n in range(1, _DISKS + 1)
    for field, words in (("size", "size in"), ("reads", "read ops operations per second"),
                         ("writes", "write ops operations per second"))
}  # fmt: skip


def matches(sample: Sample) -> bool:
    """A table with Azure Migrate's own words for name, cores and memory."""
    return sample.kind in ("csv", "xlsx") and _table(sample) is not None


def read(sample: Sample, options: Options) -> Inventory:
    """Servers; those without cores or memory are set aside."""
    draft = InventoryDraft("azure_migrate", sample.source, options)
    table = _table(sample)
    for row in table.rows if table else ():
        _server(draft, table, row)  # type: ignore[arg-type]
    return draft.inventory()


def _table(sample: Sample) -> Table | None:
    for sheet in sample.sheet_names:
        if (table := find_table(sample, sheet, _FIELDS, ("name", "vcpu", "memory"))) is not None:
            return table
    return None


def _server(draft: InventoryDraft, table: Table, row: Row) -> None:
    name = row["name"]
    vcpu, memory = whole(row["vcpu"]), gb(row["memory"], table.units.get("memory", "mb"))
    if not vcpu or not memory:
        draft.unusable(row.origin, name, "no_size", "cores or memory are not readable", "не прочитать ядра или память")
        return
    disks = []
    for n in range(1, _DISKS + 1):
        said = row[f"size_{n}"]
        size = gb(said, table.units.get(f"size_{n}", "gb"))
        if said and size is None:
            en, ru = unread(said)
            draft.unusable(
                row.origin, name, "no_size", f"disk {n} is not readable: {en}", f"не прочитать диск {n}: {ru}"
            )
            return
        if size:
            reads, writes = number(row[f"reads_{n}"]), number(row[f"writes_{n}"])
            disks.append(MachineDisk(name=f"disk {n}", size_gb=size, read_iops=reads, write_iops=writes, boot=n == 1))
    cpu, load = number(row["cpu"]), number(row["load"])
    measured = Utilisation(cpu_avg=cpu, memory_avg_gb=None if load is None else memory * load / Decimal(100))
    version = row["version"] if row["version"] not in row["os"] else ""
    missing = []
    if row["number"] and whole(row["number"]) != len(disks):
        missing.append(note(f"“Number of disks” says {row['number']}, {len(disks)} have a size",
                            f"«Number of disks» — {row['number']}, размер есть у {len(disks)}"))  # fmt: skip
    draft.add(
        Machine(
            machine_id=name,
            name=name,
            vcpu=vcpu,
            ram_gb=memory,
            disks=tuple(disks),
            provisioned_gb=gb(row["allocated"], table.units.get("allocated", "gb")) or None,
            in_use_gb=gb(row["in_use"], table.units.get("in_use", "gb")) or None,
            os_name=f"{row['os']} {version}".strip(),
            tags={k: row[k] for k in ("type", "hypervisor") if row[k]},
            utilisation=measured if cpu is not None or load is not None else None,
            notes=() if cpu is None and load is None else (_AVERAGE,),
            origin=row.origin,
        ),
        address=row["address"],
        missing=missing,
        raw=row.raw,
    )
