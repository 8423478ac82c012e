"""RVTools 3.x and 4.x: a workbook of sheets `vInfo`, `vDisk`, `vPartition`, `vMemory`…, or a CSV file for each.

Memory and sizes are MiB also where a header of 3.x says MB, or nothing. `vInfo` decides which machines there are;
`vDisk`, `vPartition` and `vMemory` say more of them and are joined within a vCenter by VM ID, else by UUID, else by
name (a clone may have the UUID of its original, two folders may have machines of one name); what several machines could
own is nobody's, and told. A VMDK or raw LUN that several machines name is one disk. What is momentary (active
memory, MHz now) is no basis of a size and is not taken. Every storage size is kept: disks, provisioned, in use,
partitions; they may differ twofold.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlab.inventory.reading.cells import Row, Table, find_table, gb, normal, unread, whole
from costlab.inventory.reading.machines import InventoryDraft, note
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.reading.table_shapes import other_sheet
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power
from costlab.model.numbers import Args, Problem, Text

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
    "vcenter": ("vi sdk server",),
}
_NEED = ("power", "vcpu", "memory")
_PART = {
    "name": ("vm",), "uuid": ("vm uuid",), "disk": ("disk", "hard disk"), "capacity": ("capacity",),
    "consumed": ("consumed",), "thin": ("thin",), "raw": ("raw",), "size": ("size",), "vm_id": ("vm id",),
    "vcenter": ("vi sdk server",), "key": ("disk key",), "path": ("path", "disk path"), "lun": ("raw lun id",),
    "sharing": ("sharing mode",),
}  # fmt: skip
_TAB = re.compile(
    r"(?:tab)?v(?:CPU|Memory|Network|CD|USB|Snapshot|Tools|Source|RP|Cluster|Host|HBA|NIC|Switch|Port|dvSwitch|dvPort"
    r"|SC_VMK|Datastore|MultiPath|License|FileInfo|Health|Floppy|MetaData)\Z",
    re.IGNORECASE,
)
"""Names of RVTools' other sheets as files."""
_READ = re.compile(r"(?:tab)?(v(?:info|disk|partition|memory))(?![a-z])")
"""A sheet that is read, in its title of small letters; what is left of the title tells one export from another."""
_TRUE = ("true", "1", "истина", "yes", "wahr", "vrai", "verdadero", "vero")
"""Excel writes truth in its own language."""
_POWER: dict[str, Power] = {"poweredon": "on", "poweredoff": "off", "suspended": "suspended"}
_LARGEST_GB = Decimal(65_536)
"""64 TiB: the largest virtual disk of VMware times one; a machine in use beyond a hundred of them is a mistake."""


def matches(sample: Sample) -> bool:
    """A sheet whose header has a power state, CPUs and memory, named `vInfo` or with RVTools' other columns; of a
    folder the CSV files of one export, `vInfo` and at least one other.
    """
    if sample.kind == "folder":
        return any(len(book) > 1 and _info_sheet(book) is not None for book in _books(sample))
    return sample.kind in ("xlsx", "csv") and any(_info_sheet(book) is not None for book in _books(sample))


def read(sample: Sample, options: Options) -> Inventory:
    """Machines of `vInfo`; templates, placeholders and rows that stand alone are set aside. Raises `InputError`."""
    draft = InventoryDraft("rvtools", sample.source, options)
    read_files: set[str] = set()
    for book in _books(sample):
        for export in _exports(book):
            if (table := _info_sheet(export)) is not None:
                _read_book(draft, export, table)
                read_files |= {s.file.source for s in export if s.known}
        for sheet in book:
            if sheet.name and sheet.file.source in read_files and not sheet.of_rvtools:
                other_sheet(draft, sheet.file.rows(sheet.name), sheet.name, f"{sheet.file.source}!{sheet.name}")
    for file in sample.files:
        if file.source in read_files:
            continue
        if _TAB.search(file.path.stem):
            draft.aside(file.source, file.path.name, "other_file", "a sheet of RVTools that sizes nothing",
                        "лист RVTools, от которого размер не зависит")  # fmt: skip
        else:
            draft.other_file(file, "nothing of RVTools is in this file", "в файле нет данных RVTools")
    return draft.inventory()


@dataclass(frozen=True)
class _Sheet:
    """A sheet of a workbook, or a CSV file that was one."""

    title: str
    file: Sample
    name: str

    @property
    def tab(self) -> str:
        """Which of the sheets that are read it is by its title, in small letters; "" for none."""
        title = _READ.search(self.title)
        return title[1] if title else ""

    @property
    def export(self) -> str:
        """What its title says beside the name of the sheet: `moscow_` of `moscow_vinfo`."""
        return _READ.sub("", self.title, 1)

    @property
    def known(self) -> bool:
        """Whether it is read at all: any sheet of a workbook, a CSV by its name."""
        return bool(self.name) or bool(self.tab) or self.table(_INFO, _NEED) is not None

    @property
    def of_rvtools(self) -> bool:
        """Whether it is a sheet that RVTools writes, or machines under another title."""
        return bool(self.tab or _TAB.search(self.title)) or _info_sheet([self]) is not None

    def table(self, known: Mapping[str, Sequence[str]], need: Sequence[str]) -> Table | None:
        """Its table, None where it lacks a column that is needed."""
        return find_table(self.file, self.name, known, need)


def _books(sample: Sample) -> list[list[_Sheet]]:
    """The sheets of each export: of a workbook, or the CSV files that lie in one folder."""
    books: dict[str, list[_Sheet]] = {}
    for file in sample.files:
        if file.kind in ("csv", "xlsx"):
            listed = [_Sheet((s or file.path.stem).casefold(), file, s) for s in file.sheet_names]
            books.setdefault(file.source if file.kind == "xlsx" else str(file.path.parent), []).extend(listed)
    return [sorted(book, key=lambda s: "vinfo" not in s.title) for book in books.values()]


def _exports(book: Sequence[_Sheet]) -> list[list[_Sheet]]:
    """The sheets of each `vInfo` where several lie together: those whose titles say the same beside the sheet's name.

    A sheet goes to one of them only.
    """
    infos = [s for s in book if _info_sheet([s]) is not None]
    if len(infos) < 2:  # noqa: PLR2004 (a single export owns all that lies beside it, whatever it is called)
        return [list(book)]
    left = [s for s in book if s not in infos]
    exports: list[list[_Sheet]] = []
    for info in infos:
        own = [s for s in left if s.export == info.export]
        left = [s for s in left if s not in own]
        exports.append([info, *own])
    return exports


def _read_book(draft: InventoryDraft, book: Sequence[_Sheet], table: Table) -> None:
    """The machines of one export."""
    _told_groups(draft, table)
    rows = list(_named(table, draft))
    parts = _Parts.of(book, rows)
    for place, (row, name) in enumerate(rows):
        _machine(draft, table, row, name, {sheet: parts.of_machine(sheet, place) for sheet in _SHEETS})
    for row, sheet in parts.orphans:
        draft.aside(row.origin, row["name"] or row["disk"], "orphan", f"a row of {sheet} whose machine vInfo lacks",
                    f"строка {sheet}, машины которой нет в vInfo")  # fmt: skip
    for row, sheet in parts.doubtful:
        draft.unusable(row.origin, row["name"] or row["disk"], "doubtful", f"a row of {sheet} that several machines"
                       " could own", f"строка {sheet}, которая может быть у нескольких машин")  # fmt: skip


def _info_sheet(book: Sequence[_Sheet]) -> Table | None:
    """The sheet of machines. An overwritten header of names is taken for what it is by its place."""
    for sheet in book:
        table = sheet.table(_INFO, _NEED)
        rvtools = table is not None and (
            sheet.tab == "vinfo" or {"os_config", "os_tools", "srm", "provisioned"} & set(table.columns)
        )
        if table is not None and rvtools:
            return table
    return None


def _named(table: Table, draft: InventoryDraft) -> Iterator[tuple[Row, str]]:
    """Rows with their machine's name; where nobody is called `VM`, the first column holds the names."""
    overwritten = "name" not in table.columns and 0 not in table.columns.values()
    if overwritten:
        said = table.header[0]
        draft.assumed("name", "A", [f"{table.sheet}:{table.line}"], f"the header says “{said}” where “VM” should stand",
                      f"в заголовке «{said}» вместо «VM»")  # fmt: skip
    for row in table.rows:
        name = row.raw[0].strip() if overwritten else row["name"]
        if not name and not row["vcpu"] and not row["power"]:
            draft.aside(row.origin, "", "no_machine", "the row names no machine", "в строке нет машины")
        elif normal(name) in ("vm", "total", "итого", "grand total") and whole(row["vcpu"]) is None:
            draft.aside(row.origin, name, "no_machine", "a header or a total", "заголовок или итог")
        else:
            yield row, name


_Part = tuple[Table, Row]
_SHEETS = {"vDisk": "capacity", "vPartition": "capacity", "vMemory": "size"}
"""Sheet -> the column it must have."""
_JOINS = ("vm_id", "uuid", "name")


@dataclass(frozen=True)
class _Parts:
    """Rows of the other sheets, by the machine (its place in `vInfo`) that owns them."""

    owned: dict[tuple[str, int], list[_Part]]
    orphans: list[tuple[Row, str]]
    """Disks whose machine is not there (of other sheets nobody pays)."""
    doubtful: list[tuple[Row, str]]

    @classmethod
    def of(cls, book: Sequence[_Sheet], rows: Sequence[tuple[Row, str]]) -> "_Parts":
        """Read the sheets that are there."""
        known = _Owners(rows)
        parts = cls({}, [], [])
        for title, need in _SHEETS.items():
            seen: set[tuple[object, ...]] = set()
            for sheet in book:
                table = sheet.table(_PART, ("name", need)) if sheet.tab == title.casefold() else None
                for row in table.rows if table else ():
                    owners = known.of(row)
                    same = (*owners, *(row[f] for f in ("name", "disk", "key", "path", need)))
                    if row["disk"] and owners and same in seen:  # a machine listed twice brings its disks twice
                        continue
                    seen.add(same)
                    parts.put(title, owners, table, row)  # type: ignore[arg-type]
        return parts

    def put(self, title: str, owners: Sequence[int], table: Table, row: Row) -> None:
        """A row to its one owner, else among those that have none."""
        if len(owners) == 1:
            self.owned.setdefault((title, owners[0]), []).append((table, row))
        elif title == "vDisk" and row["name"]:
            (self.doubtful if owners else self.orphans).append((row, title))

    def of_machine(self, title: str, place: int) -> list[_Part]:
        """Rows of a sheet that a machine owns."""
        return self.owned.get((title, place), [])


class _Owners:
    """Machines of `vInfo` by what other sheets name them by."""

    def __init__(self, rows: Sequence[tuple[Row, str]]) -> None:
        self.rows = rows
        self.by: dict[tuple[str, str], list[int]] = {}
        for place, (row, name) in enumerate(rows):
            for join in _JOINS:
                if said := name if join == "name" else row[join].casefold():
                    self.by.setdefault((join, said), []).append(place)

    def of(self, part: Row) -> tuple[int, ...]:
        """Places of the machines that may own a row; identical rows of one machine are its first."""
        places: list[int] = []
        for join in _JOINS:
            said = part[join] if join == "name" else part[join].casefold()
            listed = [p for p in self.by.get((join, said), ()) if self._one_vcenter(p, part)]
            listed = [p for p in listed if p in places] or listed if places else listed
            places = listed or places
            alike = {self.rows[p][0].raw for p in places}
            if len(alike) == 1:
                return (places[0],)
        return tuple(places)

    def _one_vcenter(self, place: int, part: Row) -> bool:
        own, other = self.rows[place][0]["vcenter"].casefold(), part["vcenter"].casefold()
        return not own or not other or own == other


def _machine(draft: InventoryDraft, table: Table, row: Row, name: str, parts: Mapping[str, list[_Part]]) -> None:
    if row["template"].casefold() in _TRUE:
        draft.aside(row.origin, name, "template", "a template is no machine", "шаблон — не машина")
        return
    if row["srm"].casefold() in _TRUE:
        draft.aside(row.origin, name, "srm_placeholder", "a placeholder of Site Recovery Manager",
                    "заглушка Site Recovery Manager")  # fmt: skip
        return
    if row["connection"].casefold() in ("orphaned", "invalid", "inaccessible"):
        draft.aside(row.origin, name, "orphan", f"vCenter calls it {row['connection']}",
                    f"в vCenter состояние {row['connection']}")  # fmt: skip
        return
    vcpu = whole(row["vcpu"])
    memory = gb(row["memory"], table.units.get("memory", "mib")) or next(
        (gb(r["size"], t.units.get("size", "mib")) for t, r in parts["vMemory"]), None
    )
    if not vcpu or not memory:
        said = next((t for t in (row["vcpu"] if not vcpu else "", row["memory"] if not memory else "") if t), "")
        en, ru = unread(said) if said else ("not given", "не указано")
        draft.unusable(row.origin, name, "no_size", f"CPUs or memory are not readable: {en}",
                       f"не прочитать CPU или память: {ru}")  # fmt: skip
        return
    notes = []
    listed = [
        (_disk(t, r, boot=i == 0), _disk_id(r, row.origin.rpartition(":")[0]))
        for i, (t, r) in enumerate(parts["vDisk"])
    ]
    disks = tuple(d for d, _ in listed)
    if not disks and (total := gb(row["total_disk"], "mib")):
        disks = (MachineDisk(name="total", size_gb=total, boot=True),)
        notes.append(note("no vDisk: all disks as one", "нет vDisk: все диски одним"))
    partitions = [gb(r["consumed"], t.units.get("consumed", "mib")) for t, r in parts["vPartition"]]
    sizes = [_sane(draft, row, name, table, f) for f in ("provisioned", "in_use")]
    if any("raw" in d.tier for d in disks):
        notes.append(
            note("has a raw device mapping: check how it moves", "есть RDM-диск: проверьте, как его перенести")
        )
    count = whole(row["disks"])
    missing = (
        [
            note(
                f"vInfo counts {count} disks, vDisk has {len(listed)}",
                f"в vInfo дисков: {count}, в vDisk: {len(listed)}",
            )
        ]
        if listed and count is not None and count != len(listed)
        else []
    )
    draft.add(
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
        scope=row["vcenter"].casefold() or row.origin.rpartition(":")[0],
        disk_ids=[i for _, i in listed],
        missing=missing,
    )


def _disk(table: Table, row: Row, *, boot: bool) -> MachineDisk:
    """A disk; a size that cannot be read is 0, which is told of the machine."""
    size = gb(row["capacity"], table.units.get("capacity", "mib")) or Decimal(0)
    tier = "raw" if row["raw"].casefold() in _TRUE else "thin" if row["thin"].casefold() in _TRUE else ""
    return MachineDisk(name=row["disk"], size_gb=size, tier=tier, boot=boot)


def _disk_id(row: Row, scope: str) -> str:
    """What makes two rows one disk: the LUN of a raw mapping, else the file of the disk; within a vCenter, or an
    export that names none: two sites may have a `[datastore1] web/web.vmdk` each.
    """
    lun = row["lun"] if row["raw"].casefold() in _TRUE else ""
    own = f"LUN {lun}" if lun else row["path"]
    where = f"{row['vcenter']} " if row["vcenter"] else f"{scope}\n"
    return f"{where}{own}" if own else ""


def _told_groups(draft: InventoryDraft, table: Table) -> None:
    """Numbers in MiB are whole: a point before three digits groups thousands, as German Windows writes them."""
    grouped = [r.origin for r in table.rows if re.fullmatch(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+", r["memory"])]
    if grouped:
        draft.assumed("memory", "MiB", grouped, "a point before three digits groups thousands: MiB have no parts",
                      "точка перед тремя цифрами отделяет тысячи: долей МиБ не бывает")  # fmt: skip


def _sane(draft: InventoryDraft, row: Row, name: str, table: Table, field: str) -> Decimal | None:
    """A storage size; petabytes in one machine are a mistake of the export, told and left out."""
    size = gb(row[field], table.units.get(field, "mib"))
    if size is not None and size > _LARGEST_GB * 100:
        reason = Text(en=f"{row[field]} MiB cannot be true", ru=f"{row[field]} МиБ не может быть")
        args: Args = {"key": field, "value": "-", "reason": reason}
        draft.problems.append(Problem(code="read_as", source=row.origin, subject=name, args=args))
        return None
    return size or None
