"""RVTools 3.x and 4.x: a workbook of sheets `vInfo`, `vDisk`, `vPartition`, `vMemory`…, or `vInfo` as CSV.

Memory and sizes are MiB also where a header of 3.x says MB, or nothing. `vInfo` decides which machines there are;
`vDisk`, `vPartition` and `vMemory` say more of them and are joined by UUID, else by name. What is momentary (active
memory, MHz now) is no basis of a size and is not taken. Every storage size is kept: disks, provisioned, in use,
partitions; they may differ twofold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from costlab.inventory.reading.cells import Row, Table, find_table, gb, normal, whole
from costlab.inventory.reading.machines import Found, note
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power
from costlab.model.numbers import Problem, Text

TITLE = Text(en="RVTools (VMware)", ru="RVTools (VMware)")

_INFO = {
    "name": ("vm",),
    "power": ("powerstate",),
    "template": ("template",),
    "srm": ("srm placeholder",),
    "vcpu": ("cpus",),
    "memory": ("memory",),
    "provisioned": ("provisioned",),
    "in_use": ("in use",),
    "total_disk": ("total disk capacity",),
    "disks": ("disks",),
    "address": ("primary ip address",),
    "pool": ("resource pool",),
    "folder": ("folder",),
    "datacenter": ("datacenter",),
    "cluster": ("cluster",),
    "os_config": ("os according to the configuration file",),
    "os_tools": ("os according to the vmware tools",),
    "annotation": ("annotation",),
    "uuid": ("vm uuid", "smbios uuid"),
    "vm_id": ("vm id",),
    "connection": ("connection state",),
}
_NEED = ("power", "vcpu", "memory")
_PART = {
    "name": ("vm",), "uuid": ("vm uuid",), "disk": ("disk", "hard disk"), "capacity": ("capacity",),
    "consumed": ("consumed",), "thin": ("thin",), "raw": ("raw",), "size": ("size",),
}  # fmt: skip
_POWER: dict[str, Power] = {"poweredon": "on", "poweredoff": "off", "suspended": "suspended"}
_LARGEST_GB = Decimal(65_536)
"""64 TiB: the largest virtual disk of VMware times one; a machine in use beyond a hundred of them is a mistake."""


def matches(sample: Sample) -> bool:
    """A sheet whose header has a power state, CPUs and memory, named `vInfo` or with RVTools' other columns."""
    return sample.kind in ("xlsx", "csv") and _info_sheet(sample) is not None


def read(sample: Sample, options: Options) -> Inventory:
    """Machines of `vInfo`; templates, placeholders and rows that stand alone are set aside. Raises `InputError`."""
    table = _info_sheet(sample)
    found = Found("rvtools", sample.source, options)
    if table is None:
        return found.inventory()
    parts = _Parts.of(sample)
    rows = list(_named(table, found))
    known = {r["uuid"].casefold() for r, _ in rows if r["uuid"]} | {name for _, name in rows}
    for row, name in rows:
        _machine(found, table, row, name, parts)
    for row, what in parts.orphans(known):
        found.aside(row.origin, row["name"] or row["disk"], "orphan", f"a {what} of a machine that vInfo lacks",
                    f"{what} машины, которой нет в vInfo")  # fmt: skip
    return found.inventory()


def _info_sheet(sample: Sample) -> Table | None:
    """The sheet of machines. An overwritten header of names is taken for what it is by its place."""
    for sheet in sorted(sample.sheet_names, key=lambda s: "vinfo" not in s.casefold()):
        table = find_table(sample, sheet, _INFO, _NEED)
        rvtools = table is not None and (
            "vinfo" in sheet.casefold() or {"os_config", "os_tools", "srm", "provisioned"} & set(table.columns)
        )
        if table is not None and rvtools:
            return table
    return None


def _named(table: Table, found: Found) -> Iterator[tuple[Row, str]]:
    """Rows with their machine's name; where nobody is called `VM`, the first column holds the names."""
    overwritten = "name" not in table.columns and 0 not in table.columns.values()
    if overwritten:
        said = table.header[0]
        found.assumed("name", "A", [f"{table.sheet}:{table.line}"], f"the header says “{said}” where “VM” should stand",
                      f"в заголовке «{said}» вместо «VM»")  # fmt: skip
    for row in table.rows:
        name = row.raw[0].strip() if overwritten else row["name"]
        if not name and not row["vcpu"] and not row["power"]:
            found.aside(row.origin, "", "no_machine", "the row names no machine", "в строке нет машины")
        elif normal(name) in ("vm", "total", "итого", "grand total") and whole(row["vcpu"]) is None:
            found.aside(row.origin, name, "no_machine", "a header or a total", "заголовок или итог")
        else:
            yield row, name


@dataclass(frozen=True)
class _Parts:
    """Rows of the other sheets by UUID and by name."""

    disks: dict[str, list[tuple[Table, Row]]]
    partitions: dict[str, list[tuple[Table, Row]]]
    memory: dict[str, list[tuple[Table, Row]]]

    @classmethod
    def of(cls, sample: Sample) -> "_Parts":
        """Read `vDisk`, `vPartition` and `vMemory` where there are such sheets."""
        found: list[dict[str, list[tuple[Table, Row]]]] = []
        for title, need in (("vdisk", "capacity"), ("vpartition", "capacity"), ("vmemory", "size")):
            listed: dict[str, list[tuple[Table, Row]]] = {}
            for sheet in sample.sheet_names:
                table = find_table(sample, sheet, _PART, ("name", need)) if sheet.casefold().endswith(title) else None
                seen: set[tuple[str, str, str]] = set()
                for row in table.rows if table else ():
                    key = row["uuid"].casefold() or row["name"]
                    part = (key, row["disk"], row[need])
                    if row["disk"] and part in seen:  # a machine listed twice brings its disks twice
                        continue
                    seen.add(part)
                    listed.setdefault(key, []).append((table, row))  # type: ignore[arg-type]
            found.append(listed)
        return cls(*found)

    def orphans(self, known: set[str]) -> Iterator[tuple[Row, str]]:
        """Disks whose machine is not there (of other sheets nobody pays)."""
        for key, listed in self.disks.items():
            if key not in known:
                yield from ((row, "disk") for _, row in listed if row["name"])


def _machine(found: Found, table: Table, row: Row, name: str, parts: _Parts) -> None:
    if row["template"].casefold() in ("true", "1", "истина", "yes"):
        found.aside(row.origin, name, "template", "a template is no machine", "шаблон — не машина")
        return
    if row["srm"].casefold() in ("true", "1", "истина", "yes"):
        found.aside(row.origin, name, "srm_placeholder", "a placeholder of Site Recovery Manager",
                    "заглушка Site Recovery Manager")  # fmt: skip
        return
    if row["connection"].casefold() in ("orphaned", "invalid", "inaccessible"):
        found.aside(row.origin, name, "orphan", f"vCenter calls it {row['connection']}",
                    f"в vCenter состояние {row['connection']}")  # fmt: skip
        return
    key = row["uuid"].casefold()

    def of(listed: dict[str, list[tuple[Table, Row]]]) -> list[tuple[Table, Row]]:
        return listed.get(key) or listed.get(name) or []

    vcpu = whole(row["vcpu"])
    memory = gb(row["memory"], table.units.get("memory", "mib")) or next(
        (gb(r["size"], t.units.get("size", "mib")) for t, r in of(parts.memory)), None
    )
    if not vcpu or not memory:
        found.unusable(row.origin, name, "no_size", "CPUs or memory are not readable", "не прочитать CPU или память")
        return
    notes = []
    disks = tuple(_disks(of(parts.disks)))
    if not disks and (total := gb(row["total_disk"], "mib")):
        disks = (MachineDisk(name="total", size_gb=total, boot=True),)
        notes.append(note("no vDisk: all disks as one", "нет vDisk: все диски одним"))
    partitions = [gb(r["consumed"], t.units.get("consumed", "mib")) for t, r in of(parts.partitions)]
    sizes = [_sane(found, row, name, table, f) for f in ("provisioned", "in_use")]
    if any("raw" in d.tier for d in disks):
        notes.append(
            note("has a raw device mapping: check how it moves", "есть RDM-диск: проверьте, как его перенести")
        )
    found.add(
        Machine(
            machine_id=row["uuid"] or row["vm_id"] or name,
            name=name,
            power=_POWER.get(row["power"].casefold(), "unknown"),
            vcpu=vcpu,
            ram_gb=memory,
            disks=disks,
            provisioned_gb=sizes[0],
            in_use_gb=sizes[1],
            partition_gb=sum((p for p in partitions if p is not None), Decimal(0)) or None,
            os_name=row["os_tools"] or row["os_config"],
            group=row["folder"] or row["pool"] or row["cluster"],
            tags={k: row[k] for k in ("datacenter", "cluster") if row[k]},
            notes=tuple(notes),
            origin=row.origin,
        ),
        uuid=row["uuid"],
        address=row["address"],
    )


def _disks(listed: list[tuple[Table, Row]]) -> Iterator[MachineDisk]:
    for index, (table, row) in enumerate(listed):
        size = gb(row["capacity"], table.units.get("capacity", "mib"))
        if size:
            tier = "raw" if row["raw"].casefold() == "true" else "thin" if row["thin"].casefold() == "true" else ""
            yield MachineDisk(name=row["disk"], size_gb=size, tier=tier, boot=index == 0)


def _sane(found: Found, row: Row, name: str, table: Table, field: str) -> Decimal | None:
    """A storage size; petabytes in one machine are a mistake of the export, told and left out."""
    size = gb(row[field], table.units.get(field, "mib"))
    if size is not None and size > _LARGEST_GB * 100:
        args = {"key": field, "value": "-", "reason": f"{row[field]} MiB cannot be true",
                "reason_ru": f"{row[field]} МиБ не может быть"}  # fmt: skip
        found.problems.append(Problem(code="read_as", source=row.origin, subject=name, args=args))
        return None
    return size or None
