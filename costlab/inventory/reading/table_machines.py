"""Rows of tables that people make, as machines: words of columns in Russian and English, and what a cell may hold.

Used by the template of our own and by any other table. A cell may carry its unit (`16 Гб`), several disks (`100+500`,
`2x100`), a number of machines; a row may be a heading, a total or a second header. None of them becomes a machine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlab.inventory.reading.cells import Row, fields_of, number, sizes, unit_of, whole
from costlab.inventory.reading.machines import Found, note
from costlab.model.inventory import Machine, MachineDisk, Power, Utilisation
from costlab.model.numbers import Text
from costlab.services.parts.shapes import parse_flavor

NEED = ("name", "vcpu", "ram")
FIELDS: dict[str, tuple[str, ...]] = {
    "name": (
        "имя вм",
        "имя сервера",
        "имя машины",
        "имя хоста",
        "имя",
        "наименование вм",
        "наименование сервера",
        "наименование",
        "название",
        "сервер",
        "хост",
        "вм",
        "виртуальная машина",
        "hostname",
        "host name",
        "vm name",
        "server name",
        "machine name",
        "name",
        "vm",
        "server",
        "host",
        "machine",
        "virtual machine",
        "instance",
    ),
    "id": ("id", "uuid", "идентификатор", "инв номер", "инвентарный номер"),
    "vcpu": (
        "vcpu",
        "цпу",
        "цп",
        "ядра",
        "ядер",
        "количество ядер",
        "число ядер",
        "кол во ядер",
        "количество vcpu",
        "кол во vcpu",
        "кол во cpu",
        "количество cpu",
        "число vcpu",
        "cpu",
        "cpus",
        "vcpus",
        "cores",
        "cpu cores",
        "num cpu",
        "numcpu",
        "процессоры",
        "vcpu шт",
        "cpu шт",
        "ядра cpu",
        "процессор ядер",
    ),
    "ram": (
        "озу",
        "память",
        "оперативная память",
        "объем озу",
        "объем памяти",
        "ram",
        "memory",
        "mem",
        "оперативка",
        "озу ram",
        "memory size",
        "ram size",
    ),
    "disks": (
        "диски",
        "диск",
        "объем диска",
        "объем дисков",
        "дисковое пространство",
        "место на диске",
        "disks",
        "disk",
        "disk size",
        "storage",
        "схд",
        "дисковая подсистема",
        "хранилище",
        "hdd ssd",
    ),
    "hdd": ("hdd", "диск hdd", "объем hdd", "disk hdd", "sata", "hdd disk"),
    "ssd": ("ssd", "диск ssd", "объем ssd", "disk ssd", "ssd disk"),
    "nvme": ("nvme", "диск nvme", "disk nvme"),
    **{f"disk_{n}": (f"диск {n}", f"disk {n}", f"disk{n}", f"диск{n}", f"hdd{n}", f"hdd {n}") for n in range(1, 10)},
    "used": ("занято", "использовано", "занято на диске", "used", "in use", "used space", "disk used"),
    "read_iops": ("iops чтение", "чтение iops", "read iops"),
    "write_iops": ("iops запись", "запись iops", "write iops"),
    "os": ("ос", "операционная система", "os", "os name", "operating system", "guest os", "система ос"),
    "role": ("назначение", "роль", "role", "purpose", "функция"),
    "group": ("система", "приложение", "сервис", "ис", "проект", "application", "app", "service", "project", "group"),
    "environment": ("среда", "контур", "стенд", "окружение", "environment", "env", "stage"),
    "address": ("ip", "ip адрес", "ip address", "адрес", "ip адреса", "ipv4"),
    "public_ips": (
        "публичный ip",
        "публичные ip",
        "белый ip",
        "внешний ip",
        "public ip",
        "public ips",
        "external ip",
        "публичных ip",
        "белых ip",
    ),
    "count": (
        "кол во",
        "количество",
        "кол во вм",
        "количество вм",
        "число",
        "шт",
        "count",
        "qty",
        "quantity",
        "number",
    ),
    "power": ("статус", "состояние", "питание", "power", "power state", "powerstate", "state", "status"),
    "flavor": ("конфигурация", "флейвор", "flavor", "instance type", "тип инстанса"),
    "cpu_p95": ("cpu p95 %", "загрузка cpu p95 %", "cpu p95"),
    "cpu_max": ("cpu max %", "загрузка cpu макс %", "cpu max"),
    "memory_p95": ("память p95", "memory p95", "ram p95", "озу p95"),
    "days": ("дней измерений", "measured days"),
    "coverage": ("полнота измерений %", "coverage %"),
    "monthly_cost": ("стоимость в месяц", "цена в месяц", "monthly cost"),
    "currency": ("валюта", "currency"),
    "note": ("примечание", "примечания", "комментарий", "note", "notes", "comment", "comments"),
}
"""Field -> its spellings as `normal` writes them, the plainest meaning first."""
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
_SPARE_HEADER = 3
"""As many words of columns in one row make it another header."""


@dataclass
class Columns:
    """Where the fields stand at a place of the table, and in which units."""

    where: Mapping[str, int]
    units: dict[str, str]
    known: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, cells: Sequence[str], known: Mapping[str, Sequence[str]], units: Mapping[str, str]) -> "Columns":
        """From a header; a unit a person gave goes before the header's."""
        where = fields_of(cells, known)
        said = {f: u for f, c in where.items() if (u := unit_of(cells[c]))}
        return cls(where, said | dict(units), known)

    def row(self, line: int, origin: str, cells: Sequence[str]) -> Row:
        """A row by field."""
        named = {f: cells[c].strip() if c < len(cells) else "" for f, c in self.where.items()}
        return Row(line, origin, named, tuple(cells))


def read_rows(
    found: Found,
    rows: Sequence[tuple[int, Sequence[str]]],
    origin: str,
    known: Mapping[str, Sequence[str]] = FIELDS,
    units: Mapping[str, str] | None = None,
) -> None:
    """Rows from a header on; every row below it becomes a machine or is set aside."""
    columns = Columns.of(rows[0][1], known, units or {})
    _ram_unit(found, columns, rows, origin)
    for line, cells in rows[1:]:
        here = f"{origin}:{line}"
        again = fields_of(cells, known)
        if len(again) >= _SPARE_HEADER and all(n in again for n in NEED):
            found.aside(here, "", "header", "a header", "строка заголовка")
            columns = Columns.of(cells, known, units or {})
            continue
        row = columns.row(line, here, cells)
        filled = [c for c in cells if c.strip()]
        name = row["name"]
        if _TOTAL.match(name or filled[0].strip()):
            found.aside(here, name or filled[0].strip(), "total", "a row of totals", "строка итогов")
        elif len(filled) == 1:
            found.aside(here, filled[0].strip(), "heading", "a heading, no machine", "подзаголовок, а не машина")
        elif not name and not (row["vcpu"] and row["ram"]):
            found.aside(here, filled[0].strip(), "no_machine", "the row names no machine", "в строке нет машины")
        elif not name and not any(row[f] for f in ("os", "address", "role", "group", "environment", "id")):
            found.aside(here, "", "total", "sums without a name", "суммы без имени")
        else:
            _machine(found, columns, row)


def _ram_unit(found: Found, columns: Columns, rows: Sequence[tuple[int, Sequence[str]]], origin: str) -> None:
    """Memory without any unit, where every machine has hundreds: megabytes, told."""
    if "ram" in columns.units or "ram" not in columns.where:
        return
    texts = [columns.row(n, "", c)["ram"] for n, c in rows[1:]]
    plain = [v for t in texts if (v := number(t)) is not None and not re.search(r"[^\W\d_]", t)]
    if plain and min(plain) >= _LEAST_MB:
        columns.units["ram"] = "mb"
        found.assumed("ram", "MB", [f"{origin}:{rows[0][0]}"], "no unit is given and every machine has 512 or more",
                      "единица не указана, а у каждой машины 512 и больше")  # fmt: skip


def _machine(found: Found, columns: Columns, row: Row) -> None:
    name = row["name"] or row["address"] or row["id"] or f"row {row.line}"
    notes: list[Text] = []
    count = whole(row["count"]) if row["count"] else 1
    if count == 0:
        found.aside(row.origin, name, "none", "its quantity is 0", "количество 0")
        return
    shape = _shape(found, columns, row, notes)
    if count is None or count > _MOST_COUNT:
        found.unusable(
            row.origin, name, "quantity", f"its quantity is “{row['count']}”", f"количество «{row['count']}»"
        )
        return
    if shape is None:
        said = f"“{row['vcpu']}”, “{row['ram']}”"
        found.unusable(row.origin, name, "no_size", f"cores and memory are not readable: {said}",
                       f"не прочитать ядра и память: {said}")  # fmt: skip
        return
    disks, unread = _disks(columns, row)
    if unread:
        found.unusable(
            row.origin, name, "no_size", f"disks are not readable: “{unread}”", f"не прочитать диски: «{unread}»"
        )
        return
    if any(m.name == name for m in found.machines):
        notes.append(note("the name occurs more than once", "имя встречается не один раз"))
    if row["note"]:
        notes.append(note(row["note"], row["note"]))
    used = sizes(row["used"], columns.units.get("used", "gb"))
    role = next((r for p, r in _ROLES if p.search(row["role"])), "")
    found.add(
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
            public_ips=_addresses(row["public_ips"]),
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
    )


def _shape(found: Found, columns: Columns, row: Row, notes: list[Text]) -> tuple[int, Decimal] | None:
    """Cores and GB; `2x8` are two sockets of eight."""
    flavor = parse_flavor(row["flavor"])
    known = found.shape(row["flavor"], (flavor.vcpu, Decimal(flavor.ram_gb)) if flavor else None)
    sockets = re.fullmatch(r"\s*([0-9]{1,2})\s*[xх×*]\s*([0-9]{1,3})\s*\w*\.?\s*", row["vcpu"])
    vcpu = int(sockets[1]) * int(sockets[2]) if sockets else whole(row["vcpu"])
    if sockets:
        notes.append(note(f"{row['vcpu']}: sockets × cores", f"{row['vcpu']}: сокеты × ядра"))
    ram = sum(sizes(row["ram"], columns.units.get("ram", "gb")), Decimal(0))
    if vcpu and 0 < ram <= _MOST_GB:
        return vcpu, ram
    return known if not row["vcpu"] and not row["ram"] else None


def _disks(columns: Columns, row: Row) -> tuple[list[MachineDisk], str]:
    """The disks of every column of disks, and the text of a cell that cannot be read."""
    found: list[MachineDisk] = []
    each = [f for f in columns.where if f in ("disks", "hdd", "ssd", "nvme") or f.startswith("disk_")]
    iops = number(row["read_iops"]), number(row["write_iops"])
    for field in each:
        cell = row[field]
        if not cell or cell in ("-", "—", "0", "нет", "no"):
            continue
        read = sizes(cell, columns.units.get(field, "gb"))
        if not read or not all(read):
            return [], cell
        word = re.search(r"hdd|ssd|nvme", cell, re.IGNORECASE)
        tier = field if field in ("hdd", "ssd", "nvme") else word[0].casefold() if word else ""
        for size in read:
            first = not found
            speeds = {"read_iops": iops[0], "write_iops": iops[1]} if first else {}
            found.append(MachineDisk(name=f"{field}", size_gb=size, tier=tier, boot=first, **speeds))
    return found, ""


def _power(text: str) -> Power:
    """What the table says of its state; nothing said is no state."""
    said = text.casefold().strip()
    return "on" if said in _ON else "off" if said in _OFF else "unknown"


def _addresses(text: str) -> int:
    """How many: a number, a yes, or the addresses themselves."""
    if text.casefold() in _YES:
        return 1
    listed = re.findall(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", text)
    return len(listed) or whole(text) or 0


def _load(columns: Columns, row: Row) -> Utilisation | None:
    values = {f: number(row[f]) for f in ("cpu_p95", "cpu_max", "days")}
    memory = sizes(row["memory_p95"], columns.units.get("memory_p95", "gb"))
    share = number(row["coverage"])
    if all(v is None for v in values.values()) and not memory:
        return None
    return Utilisation(**values, memory_p95_gb=memory[0] if memory else None,
                       coverage=None if share is None else share / 100)  # fmt: skip


def headers(rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, Sequence[str]], depth: int) -> Iterator[int]:
    """Places of the rows, among the first, that name all that is needed; the richest first."""
    found = [(len(f), i) for i, (_, c) in enumerate(rows[:depth]) if all(n in (f := fields_of(c, known)) for n in NEED)]
    yield from (i for _, i in sorted(found, key=lambda x: (-x[0], x[1])))
