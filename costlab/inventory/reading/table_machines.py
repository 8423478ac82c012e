"""Rows of tables that people make, as machines: words of columns in Russian and English, and what a cell may hold.

Used by the template of our own and by any other table. A cell may carry its unit (`16 Гб`), several disks (`100+500`,
`2x100`), a number of machines; a row may be a heading, a total or a second header. None of them becomes a machine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from costlab.inventory.reading.cells import (
    Row,
    decimal_mark,
    fields_of,
    normal,
    number,
    parts,
    settled,
    sizes,
    unit_of,
    unread,
    whole,
)
from costlab.inventory.reading.licences import licence
from costlab.inventory.reading.machines import InventoryDraft, Shape, note
from costlab.inventory.reading.table_words import FIELDS, NEED, looks_like_number_of_things
from costlab.model.inventory import Machine, MachineDisk, Power, Utilisation
from costlab.model.numbers import Text
from costlab.services.parts.shapes import parse_flavor

_TOTAL = re.compile(r"(итого|всего|сумма|total|sum|grand total|subtotal|подытог)\b", re.IGNORECASE)
_ON = ("on", "вкл", "включена", "включен", "running", "active", "работает", "poweredon", "powered on", "1", "да", "up")
_OFF = ("off", "выкл", "выключена", "выключен", "stopped", "poweredoff", "powered off", "shutoff", "нет", "down")
_ROLES = (
    (re.compile(r"\bsap\b", re.IGNORECASE), "sap"),
    (re.compile(r"субд|\bбд\b|баз[аыу] данных|database|\bdb\b|postgres|oracle|mysql|mssql|sql server|clickhouse",
                re.IGNORECASE), "database"),
)  # fmt: skip
_YES = ("да", "yes", "true", "есть", "+")
_LEAST_MB, _MOST_GB, _MOST_COUNT = 512, Decimal(24_576), 10_000
_NOTHING = ("", "-", "—", "–", "0", "нет", "no", "none", "n/a", "н/д")
_TIER = re.compile(r"hdd|ssd|nvme", re.IGNORECASE)
_TYPES = {"hdd": "hdd", "sata": "hdd", "sas": "hdd", "ssd": "ssd", "nvme": "nvme", "high-iops": "nvme"}
"""What a word in a column of types says; a disk that is two of them is the first."""
_SIZED = ("ram", "used", "memory_p95")
_DISK = re.compile(r"disks|hdd|ssd|nvme|disk_[0-9]+")
_SPARE_HEADER = 3
"""As many words of columns in one row make it another header."""


@dataclass
class Columns:
    """Where the fields stand at a place of the table, and in which units."""

    where: Mapping[str, int]
    units: dict[str, str]
    known: Mapping[str, Sequence[str]]
    strangers: Mapping[int, str]
    """Columns that look like a count or a size and are no field: place -> header."""
    mark: str = ""
    """What the sizes of this table show to stand before parts of one."""

    @classmethod
    def of(cls, cells: Sequence[str], known: Mapping[str, Sequence[str]], units: Mapping[str, str]) -> "Columns":
        """From a header; a unit a person gave goes before the header's."""
        where = fields_of(cells, known)
        said = {f: u for f, c in where.items() if (u := unit_of(cells[c]))}
        strange = {
            i: c.strip()
            for i, c in enumerate(cells)
            if i not in where.values() and looks_like_number_of_things(normal(c))
        }
        return cls(where, said | dict(units), known, strange)

    def sizes(self, row: Row, field: str) -> list[Decimal]:
        """The sizes of a cell, none where it cannot be told what they are."""
        unit = self.units.get(field, "gb")
        plain = settled(row[field], unit, self.mark)
        return [] if plain is None else sizes(plain, unit)

    def marked(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Self:
        """With the decimal mark that the columns of sizes show."""
        places = [c for f, c in self.where.items() if f in _SIZED or _DISK.fullmatch(f)]
        self.mark = decimal_mark(cells[c] for _, cells in rows for c in places if c < len(cells))
        return self

    def row(self, line: int, origin: str, cells: Sequence[str]) -> Row:
        """A row by field."""
        named = {f: cells[c].strip() if c < len(cells) else "" for f, c in self.where.items()}
        return Row(line, origin, named, tuple(cells))


def read_rows(
    draft: InventoryDraft,
    rows: Sequence[tuple[int, Sequence[str]]],
    origin: str,
    known: Mapping[str, Sequence[str]] = FIELDS,
    units: Mapping[str, str] | None = None,
) -> None:
    """Rows from a header on; every row below it becomes a machine or is set aside."""
    columns = Columns.of(rows[0][1], known, units or {}).marked(rows[1:])
    _ram_unit(draft, columns, rows, origin)
    _share_unit(draft, columns, rows[1:], origin)
    for line, cells in rows[1:]:
        here = f"{origin}:{line}"
        again = fields_of(cells, known)
        if len(again) >= _SPARE_HEADER and all(n in again for n in NEED):
            draft.aside(here, "", "header", "a header", "строка заголовка")
            columns = Columns.of(cells, known, units or {}).marked(rows[1:])
            continue
        row = columns.row(line, here, cells)
        filled = [c for c in cells if c.strip()]
        name = row["name"]
        if _TOTAL.match(name or filled[0].strip()):
            draft.aside(here, name or filled[0].strip(), "total", "a row of totals", "строка итогов")
        elif len(filled) == 1:
            draft.aside(here, filled[0].strip(), "heading", "a heading, no machine", "подзаголовок, а не машина")
        elif not name and not (row["vcpu"] and row["ram"]):
            draft.aside(here, filled[0].strip(), "no_machine", "the row names no machine", "в строке нет машины")
        elif not name and not any(row[f] for f in ("os", "address", "role", "group", "environment", "id")):
            draft.aside(here, "", "total", "sums without a name", "суммы без имени")
        else:
            _machine(draft, columns, row)


def _ram_unit(draft: InventoryDraft, columns: Columns, rows: Sequence[tuple[int, Sequence[str]]], origin: str) -> None:
    """Memory without any unit, where every machine has hundreds: megabytes, told."""
    if "ram" in columns.units or "ram" not in columns.where:
        return
    texts = [columns.row(n, "", c)["ram"] for n, c in rows[1:]]
    plain = [v for t in texts if (v := number(t)) is not None and not re.search(r"[^\W\d_]", t)]
    if plain and min(plain) >= _LEAST_MB:
        columns.units["ram"] = "mb"
        draft.assumed("ram", "MB", [f"{origin}:{rows[0][0]}"], "no unit is given and every machine has 512 or more",
                      "единица не указана, а у каждой машины 512 и больше")  # fmt: skip


def _machine(draft: InventoryDraft, columns: Columns, row: Row) -> None:
    name = row["name"] or row["address"] or row["id"] or f"row {row.line}"
    notes: list[Text] = []
    count = whole(row["count"]) if row["count"] else 1
    if count == 0:
        draft.aside(row.origin, name, "none", "its quantity is 0", "количество 0")
        return
    shape = _shape(draft, columns, row, notes)
    disks, unread_disk = _disks(columns, row)
    wrong = _wrong(columns, row, count, shape, unread_disk)
    if wrong is not None:
        draft.unusable(row.origin, name, *wrong)
        return
    if shape is None:
        return
    if any(m.name == name for m in draft.machines):
        notes.append(note("the name occurs more than once", "имя встречается не один раз"))
    if row["note"]:
        notes.append(note(row["note"], row["note"]))
    addresses = _addresses(row["public_ips"])
    used = columns.sizes(row, "used")
    role = next((r for p, r in _ROLES if p.search(row["role"])), "")
    draft.add(
        Machine(
            machine_id=row["id"] or name,
            name=name,
            power=_power(row["power"]),
            vcpu=shape[0],
            ram_gb=shape[1],
            flavor=row["flavor"],
            disks=tuple(disks),
            in_use_gb=sum(used, Decimal(0)) or None,
            os_name=row["os"],
            public_ips=addresses or 0,
            role=role,
            environment=row["environment"],
            group=row["group"],
            tags={k: row[k] for k in ("role",) if row[k]},
            count=count,
            utilisation=_load(columns, row),
            monthly_cost=number(row["monthly_cost"]),
            currency=row["currency"].upper(),
            notes=tuple(notes),
            origin=row.origin,
        ),
        uuid=row["id"],
        address=row["address"],
        scope=row.origin.rpartition(":")[0],
        missing=list(_missing(row, disks, addresses)),
        raw=row.raw,
    )


def _missing(row: Row, disks: Sequence[MachineDisk], addresses: int | None) -> Iterator[Text]:
    """What a row says of a machine and no price can be found for, or what does not agree with itself."""
    if not licence(row["os"], included=False):
        said = (licence(c, included=False) for c in row.raw if c != row["name"])
        yield from list(dict.fromkeys(s for s in said if s))
    if addresses is None:
        en, ru = unread(row["public_ips"])
        yield note(f"public addresses: {en}", f"публичные адреса: {ru}")
    if row["gpu"].casefold() not in _NOTHING:
        yield note(f"GPU “{row['gpu']}”: choose a GPU flavor by hand",
                   f"GPU «{row['gpu']}»: выберите конфигурацию с GPU")  # fmt: skip
    if row["disk_count"] and disks and whole(row["disk_count"]) != len(disks):
        yield note(f"the count of disks says {row['disk_count']}, {len(disks)} have a size",
                   f"дисков указано {row['disk_count']}, размер есть у {len(disks)}")  # fmt: skip


def _wrong(
    columns: Columns, row: Row, count: int | None, shape: Shape | None, unread_disk: str
) -> tuple[str, str, str] | None:
    """Why a row cannot become a machine: code and reason, None where it can."""
    if count is None or count > _MOST_COUNT:
        en, ru = unread(row["count"])
        return "quantity", f"its quantity: {en}", f"количество: {ru}"
    if shape is None:
        readable = whole(row["vcpu"]) if not re.search(r"[xх×*]", row["vcpu"]) else 1
        said = row["vcpu"] if not readable else row["ram"]
        en, ru = unread(said) if said else ("not given", "не указано")
        return "no_size", f"cores and memory are not readable: {en}", f"не прочитать ядра и память: {ru}"
    if unread_disk:
        en, ru = unread(unread_disk)
        return "no_size", f"disks are not readable: {en}", f"не прочитать диски: {ru}"
    for place, header in columns.strangers.items():
        cell = row.raw[place].strip() if place < len(row.raw) else ""
        if cell.casefold() not in _NOTHING and any(c.isdigit() for c in cell):
            en = f"column “{header}” ({cell}) looks like a count or a size, and is not known: name it in a profile"
            ru = f"столбец «{header}» ({cell}) похож на количество или размер, но неизвестен: назовите его в профиле"
            return "strange_column", en, ru
    return None


def _shape(draft: InventoryDraft, columns: Columns, row: Row, notes: list[Text]) -> Shape | None:
    """Cores and GB; `2x8` are two sockets of eight."""
    flavor = parse_flavor(row["flavor"])
    known = draft.shape(row["flavor"], (flavor.vcpu, Decimal(flavor.ram_gb)) if flavor else None)
    sockets = re.fullmatch(r"\s*([0-9]{1,2})\s*[xх×*]\s*([0-9]{1,3})\s*\w*\.?\s*", row["vcpu"])
    vcpu = int(sockets[1]) * int(sockets[2]) if sockets else whole(row["vcpu"])
    if sockets:
        notes.append(note(f"{row['vcpu']}: sockets × cores", f"{row['vcpu']}: сокеты × ядра"))
    ram = sum(columns.sizes(row, "ram"), Decimal(0))
    if vcpu and 0 < ram <= _MOST_GB:
        return vcpu, ram
    return known if row["flavor"] and not row["vcpu"] and not row["ram"] else None


def _disks(columns: Columns, row: Row) -> tuple[list[MachineDisk], str]:
    """The disks of every column of disks, and the text of a cell that cannot be read."""
    disks: list[MachineDisk] = []
    each = [f for f in columns.where if _DISK.fullmatch(f)]
    iops = number(row["read_iops"]), number(row["write_iops"])
    said = row["disk_type"].casefold()
    general = next((t for word, t in _TYPES.items() if word in said), "")
    if said and not general and said not in _NOTHING:
        return [], row["disk_type"]
    for field in each:
        cell = row[field]
        if cell.casefold() in _NOTHING:
            continue
        read = columns.sizes(row, field)
        if not read or not all(read):
            return [], cell
        own = field if field in ("hdd", "ssd", "nvme") else general
        for size, tier in zip(read, _tiers(cell, len(read), own), strict=True):
            first = not disks
            speeds = {"read_iops": iops[0], "write_iops": iops[1]} if first else {}
            disks.append(MachineDisk(name=f"{field}", size_gb=size, tier=tier, boot=first, **speeds))
    return disks, ""


def _tiers(cell: str, count: int, otherwise: str) -> list[str]:
    """The type of each size of a cell: the word beside it, else the one word of the cell, else `otherwise`."""
    words = [w.casefold() for w in _TIER.findall(cell)]
    each = parts(cell)
    if len(set(words)) > 1 and len(each) == count:
        beside = (_TIER.search(p) for p in each)
        return [w[0].casefold() if w else otherwise for w in beside]
    return [words[0] if words else otherwise] * count


def _power(text: str) -> Power:
    """What the table says of its state; nothing said is no state."""
    said = text.casefold().strip()
    return "on" if said in _ON else "off" if said in _OFF else "unknown"


def _addresses(text: str) -> int | None:
    """How many: a number, a yes, or the addresses themselves; None where it cannot be told."""
    if text.casefold() in _NOTHING:
        return 0
    if text.casefold() in _YES:
        return 1
    listed = re.findall(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", text)
    return len(listed) or whole(text)


def _share_unit(
    draft: InventoryDraft, columns: Columns, rows: Sequence[tuple[int, Sequence[str]]], origin: str
) -> None:
    """Percentages that are all at most 1, some with parts: a workbook shows 85 % and keeps 0.85; told."""
    for field in ("cpu_p95", "cpu_max", "coverage"):
        values = [v for n, c in rows if (v := number(columns.row(n, "", c)[field])) is not None]
        if values and max(values) <= 1 and any(v % 1 for v in values):
            columns.units[field] = "share"
            draft.assumed(field, "0…1", [origin], "every value is at most 1: shares, not percent",
                          "все значения не больше 1: это доли, а не проценты")  # fmt: skip


def _load(columns: Columns, row: Row) -> Utilisation | None:
    values = {f: number(row[f]) for f in ("cpu_p95", "cpu_max", "days")}
    values = {f: v * 100 if v is not None and columns.units.get(f) == "share" else v for f, v in values.items()}
    memory = columns.sizes(row, "memory_p95")
    share = number(row["coverage"])
    share = share * 100 if share is not None and columns.units.get("coverage") == "share" else share
    if all(v is None for v in values.values()) and not memory:
        return None
    return Utilisation(**values, memory_p95_gb=memory[0] if memory else None,
                       coverage=None if share is None else share / 100)  # fmt: skip
