"""AWS Cost and Usage Report (1.0, its Athena names, 2.0 with maps) as an inventory: the machines behind the money.

Every row that names an instance is a part of it: type and size by the rows of running, cost of all. A report does not
say which instance has which volume: a volume with the Name tag of exactly one instance is taken for its own, others
become disks of their own. GB-months of an interval over the interval's share of its month are the GB held (AWS, «Amazon
EBS pricing»: a month is as long as it is). Where several months are read, the last one an object has counts. Cost is
amortised as AWS's own guide says: the effective cost of covered and reserved hours, nothing for negations, else
unblended. Everything else is counted and set aside by product.
"""

from collections.abc import Iterator
from decimal import Decimal

from costlab.inventory.reading import aws_answers
from costlab.inventory.reading.instance_types import aws as size_of
from costlab.inventory.reading.machines import InventoryDraft, note
from costlab.inventory.reading.sample import Options, Sample
from costlab.inventory.sources.aws_cur.rows import Line, Thing, columns_of, lines
from costlab.model.inventory import Inventory, Machine, MachineDisk
from costlab.model.numbers import Text
from costlab.model.scenario import Resource
from costlab.services import disk

TITLE = Text(en="AWS Cost and Usage Report", ru="AWS Cost and Usage Report (детализация затрат)")

_Rest = dict[tuple[str, str], list[Line]]
_OTHER: dict[str, tuple[str, Text]] = {
    "Tax": ("tax", Text(en="taxes", ru="налоги")),
    "Credit": ("credit", Text(en="credits", ru="кредиты")),
    "Refund": ("credit", Text(en="refunds", ru="возвраты")),
    "Fee": ("fee", Text(en="fees", ru="разовые платежи")),
    "RIFee": ("fee", Text(en="fees of reservations", ru="плата за резервирование")),
    "SavingsPlanRecurringFee": ("fee", Text(en="fees of savings plans", ru="плата за Savings Plans")),
    "SavingsPlanUpfrontFee": ("fee", Text(en="fees of savings plans", ru="плата за Savings Plans")),
    "SavingsPlanNegation": ("fee", Text(en="offsets of savings plans", ru="зачёты Savings Plans")),
}
_SERVICE = Text(en="no machine and no volume", ru="не машина и не том")


def matches(sample: Sample) -> bool:
    """A table with line items; a folder that has answers of describe-* too is theirs, they say more."""
    known = any(columns_of(f) is not None for f in sample.files)
    return known and not (sample.kind == "folder" and aws_answers.any_of(sample))


def read(sample: Sample, options: Options) -> Inventory:
    """A machine an instance, disks of volumes without one; read = machines + disks + what is set aside by product."""
    draft = InventoryDraft("aws_cur", sample.source, options)
    instances: dict[str, Thing] = {}
    volumes: dict[str, Thing] = {}
    rest: _Rest = {}
    for file in sample.files:
        if columns_of(file) is None and _manifest(file):
            draft.aside(file.source, file.path.name, "other_file", "the manifest of a report", "манифест отчёта")
            continue
        if columns_of(file) is None:
            draft.other_file(
                file, "no Cost and Usage Report is in this file", "в файле нет отчёта Cost and Usage Report"
            )
            continue
        for line in lines(file):
            things, identity = instances if line.instance else volumes, line.instance or line.volume
            if identity and (line.offsets or line.kind not in _OTHER):
                things.setdefault(identity, Thing(identity, line.origin)).lines.append(line)
            else:
                rest.setdefault((line.product, line.kind if line.kind in _OTHER else ""), []).append(line)
    own = _owners(instances, volumes)
    for instance in instances.values():
        _machine(draft, instance, [v for n, v in volumes.items() if own.get(n) == instance.identity],
                 disks_elsewhere=any(n not in own for n in volumes))  # fmt: skip
    _disks(draft, [v for n, v in volumes.items() if n not in own])
    _set_aside(draft, rest)
    return draft.inventory(own_rows=len(draft.resources))


def _manifest(file: Sample) -> bool:
    """Whether a file is what AWS writes beside a report: its columns and its parts."""
    data = file.data if file.kind == "json" else None
    return isinstance(data, dict) and bool({"reportKeys", "assemblyId", "reportName"} & data.keys())


def _owners(instances: dict[str, Thing], volumes: dict[str, Thing]) -> dict[str, str]:
    """Volume -> instance, by a Name tag that exactly one instance with a size has."""
    named: dict[str, list[str]] = {}
    for identity, instance in instances.items():
        if instance.type:
            named.setdefault(instance.tags.get("name", ""), []).append(identity)
    owners = {n: named.get(v.tags.get("name") or "-", []) for n, v in volumes.items() if v.held_gb}
    return {n: o[0] for n, o in owners.items() if len(o) == 1}


def _machine(draft: InventoryDraft, instance: Thing, volumes: list[Thing], *, disks_elsewhere: bool) -> None:
    name, kind = instance.tags.get("name") or instance.identity, instance.type
    if not kind:
        draft.unusable(instance.origin, name, "no_size", "the report has other costs of it, but no hours of running",
                       "в отчёте есть другие её затраты, но нет часов работы")  # fmt: skip
        return
    size = draft.shape(kind, instance.size or size_of(kind))
    month = instance.month
    parts = [instance, *(v for v in volumes if v.month == month)]
    costs = [c for p in parts for c in p.costs]
    currencies = {c for _, c in costs}
    one = len(currencies) == 1
    cost = sum((a for a, _ in costs), Decimal(0)) if one else None
    taken = draft.add(
        Machine(
            machine_id=instance.identity,
            name=name,
            power="on",
            vcpu=size[0],
            ram_gb=size[1],
            flavor=kind,
            disks=tuple(MachineDisk(name=v.identity, size_gb=v.held_gb, tier=v.tier) for v in volumes),
            os_name=instance.os_name,
            environment=next((instance.tags[k] for k in ("env", "environment") if instance.tags.get(k)), ""),
            tags=instance.tags,
            monthly_cost=cost,
            currency=next(iter(currencies)) if one else "",
            notes=tuple(_notes(instance, volumes, month)),
            origin=instance.origin,
        ),
        uuid=instance.identity,
        licensed=True,
        disks_elsewhere=disks_elsewhere,
    )
    if not taken:
        _disks(draft, volumes)


def _notes(instance: Thing, volumes: list[Thing], month: str) -> Iterator[Text]:
    if len(instance.types) > 1:
        said = ", ".join(instance.types)
        yield note(f"changed its type: {said}; the last one is taken", f"тип менялся: {said}; взят последний")
    if instance.hours is not None:
        hours = f"{instance.hours.normalize():f}"
        yield note(f"ran {hours} h in {month}: its cost is of these hours",
                   f"работала {hours} ч за {month}: затраты за эти часы")  # fmt: skip
    if volumes:
        yield note("volumes by the same Name tag; their GB are GB-months over the share of the month the rows cover",
                   "тома по тому же тегу Name; их ГБ — ГБ-месяцы, делённые на долю месяца в строках")  # fmt: skip


def _disks(draft: InventoryDraft, volumes: list[Thing]) -> None:
    """Volumes whose instance the report does not say: the same gigabytes, as disks of their own."""
    made: list[str] = []
    for volume in volumes:
        if not volume.held_gb:
            draft.aside(volume.origin, volume.identity, "unresolved", "costs of a volume, but no gigabytes held",
                        "затраты тома, но без занятых гигабайт")  # fmt: skip
            continue
        spec = disk.Spec(size_gb=volume.held_gb)
        tags = volume.tags
        draft.resources.append(
            Resource(resource_id=volume.identity, service="disk", spec=spec, tags=tags, source=volume.origin)
        )
        made.append(volume.identity)
    if made:
        draft.assumed("volume", "disk", made, "the report does not say whose volumes these are: disks of their own; GB"
                      " are GB-months over the share of the month the rows cover", "отчёт не говорит, чьи это тома:"
                      " отдельные диски; ГБ — ГБ-месяцы, делённые на долю месяца в строках")  # fmt: skip


def _set_aside(draft: InventoryDraft, rest: _Rest) -> None:
    """One entry a product and a kind of line: rows and their cost."""
    for (product, kind), rows in rest.items():
        code, what = _OTHER.get(kind, ("other_service", _SERVICE))
        totals: dict[str, Decimal] = {}
        for row in rows:
            if row.unblended is not None:
                totals[row.currency] = totals.get(row.currency, Decimal(0)) + row.unblended
        cost = ", ".join(f"{a:f} {c}".strip() for c, a in totals.items()) or "-"
        draft.aside(rows[0].origin, product or "-", code, f"{what.en}: rows {len(rows)}, cost {cost}",
                    f"{what.ru}: строк {len(rows)}, затраты {cost}")  # fmt: skip
