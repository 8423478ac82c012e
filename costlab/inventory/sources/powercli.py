"""vSphere PowerCLI: what `Get-VM | Select … | Export-Csv` writes. There is no standard, so columns are found by words.

The first line may be `#TYPE …`; numbers follow the locale of Windows (`12,5`). Memory and space are GB unless a header
says MB. Load is known as averages and maxima only, so no machine can be sized by percentile.
"""

from decimal import Decimal

from costlab.inventory.reading.cells import Row, Table, find_table, gb, number, whole
from costlab.inventory.reading.machines import InventoryDraft
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory, Machine, MachineDisk, Power, Utilisation
from costlab.model.numbers import KOPECK, Text

TITLE = Text(en="PowerCLI (VMware) CSV", ru="CSV PowerCLI (VMware)")

_DISKS = 16
_FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "vm", "vmname", "vm name"), "vcpu": ("numcpu", "num cpu"),
    "memory_gb": ("memorygb", "memory gb"), "memory_mb": ("memorymb", "memory mb"),
    "provisioned": ("provisionedspacegb", "provisionedspace", "provisioned space"),
    "used": ("usedspacegb", "usedspace", "used space"),
    "power": ("powerstate", "power state"), "os": ("os", "guest os", "osfullname", "guest", "guestfullname"),
    "folder": ("folder",), "host": ("vmhost",), "uuid": ("id", "uuid", "persistentid"),
    "address": ("ip", "ip address", "ipaddress"), "notes": ("notes",),
    "cpu_avg": ("cpu usage average mhz",), "cpu_max": ("cpu usage max mhz",), "host_mhz": ("maxhostcpumhz",),
    "memory_avg": ("memory usage average %", "memory usage average"),
    "memory_max": ("memory usage max %", "memory usage max"),
} | {f"disk_{n}": (f"hdd{n} capacity", f"hdd {n} capacity") for n in range(1, _DISKS + 1)}  # fmt: skip
_POWER: dict[str, Power] = {"poweredon": "on", "poweredoff": "off", "suspended": "suspended"}


def matches(sample: Sample) -> bool:
    """A CSV with `NumCpu` and memory as PowerCLI names them."""
    return sample.kind == "csv" and _table(sample) is not None


def read(sample: Sample, options: Options) -> Inventory:
    """Virtual machines; those without cores or memory are set aside."""
    draft = InventoryDraft("powercli", sample.source, options)
    table = _table(sample)
    for row in table.rows if table else ():
        _vm(draft, table, row)  # type: ignore[arg-type]
    return draft.inventory()


def _table(sample: Sample) -> Table | None:
    for need in ("memory_gb", "memory_mb"):
        for sheet in sample.sheet_names:
            if (table := find_table(sample, sheet, _FIELDS, ("name", "vcpu", need))) is not None:
                return table
    return None


def _vm(draft: InventoryDraft, table: Table, row: Row) -> None:
    name, vcpu = row["name"], whole(row["vcpu"])
    memory = gb(row["memory_gb"], "gb") or gb(row["memory_mb"], "mb")
    if not vcpu or not memory:
        draft.unusable(row.origin, name, "no_size", "NumCpu or memory are not readable",
                       "не прочитать NumCpu или память")  # fmt: skip
        return
    disks: list[MachineDisk] = []
    for n in range(1, _DISKS + 1):
        if said := row[f"disk_{n}"]:  # one that cannot be read has no size, which is told of the machine
            size = number(said) if not number(said) else gb(said, table.units.get(f"disk_{n}", "gb"))
            if size != 0:
                disks.append(MachineDisk(name=f"HDD{n}", size_gb=size or Decimal(0), boot=n == 1))
    draft.add(
        Machine(
            machine_id=row["uuid"] or name,
            name=name,
            power=_POWER.get(row["power"].casefold(), "unknown"),
            vcpu=vcpu,
            ram_gb=memory,
            disks=tuple(disks),
            provisioned_gb=gb(row["provisioned"], table.units.get("provisioned", "gb")) or None,
            in_use_gb=gb(row["used"], table.units.get("used", "gb")) or None,
            os_name=row["os"].partition(":")[2] if row["os"].startswith(f"{name}:") else row["os"],
            group=row["folder"],
            tags={"host": row["host"]} if row["host"] else {},
            utilisation=_load(row, vcpu, memory),
            origin=row.origin,
        ),
        uuid=row["uuid"],
        address=row["address"],
    )


def _load(row: Row, vcpu: int, memory: Decimal) -> Utilisation | None:
    """MHz as percent of the cores, where the speed of a host's core is given; percent of memory as GB."""
    speed = number(row["host_mhz"])
    whole_mhz = speed * vcpu if speed else None

    def percent(text: str) -> Decimal | None:
        value = number(text)
        return None if value is None or not whole_mhz else (value * 100 / whole_mhz).quantize(KOPECK)

    def held(text: str) -> Decimal | None:
        value = number(text)
        return None if value is None else memory * value / 100

    cpu_avg, cpu_max = percent(row["cpu_avg"]), percent(row["cpu_max"])
    average, most = held(row["memory_avg"]), held(row["memory_max"])
    if all(v is None for v in (cpu_avg, cpu_max, average, most)):
        return None
    return Utilisation(cpu_avg=cpu_avg, cpu_max=cpu_max, memory_avg_gb=average, memory_max_gb=most)
