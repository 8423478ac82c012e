"""Cloud Databases. Rules: VK Cloud documentation, «Cloud Databases. Тарификация» and «Конфигурации».

Every node has its own cores, memory, data disk and system disk; PostgreSQL also a WAL disk of 0.2 × data; Postgres
Pro a licence. MySQL and PostgreSQL clusters include a service load balancer. A single instance or a master with a
replica can be stopped, a cluster cannot.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from costlab.language import plain
from costlab.model import Amount, Count, Period, Record, Text
from costlab.scenario import Assumption, Usage
from costlab.shapes import Cpu, Disk, MachineFlavor, compute, disk_meter, machine, one_shape

TITLE = Text(en="Managed database", ru="База данных")
EXAMPLE: dict[str, Any] = {
    "engine": "postgresql",
    "topology": "cluster",
    "nodes": 3,
    "flavor": "STD3-2-8",
    "disk": {"type": "high-iops", "size_gb": 100},
}

Engine = Literal["postgresql", "mysql", "clickhouse", "mongodb", "redis", "tarantool", "opensearch", "postgrespro"]
TOPOLOGIES: dict[str, tuple[str, ...]] = {
    "postgresql": ("single", "replica", "cluster"),
    "mysql": ("single", "replica", "cluster"),
    "postgrespro": ("single", "replica", "cluster"),
    "opensearch": ("cluster",),
}
WITH_WAL = ("postgresql", "postgrespro")
LICENSED = ("postgrespro",)
WITH_LOAD_BALANCER = ("postgresql", "mysql")
WAL_SHARE = Decimal("0.2")
SYSTEM_DISK_GB = Decimal(10)
NODES = {"single": 1, "replica": 2, "cluster": 3}


class Spec(Record):
    """Engine, topology, shape and disks of a database."""

    engine: Engine
    """Engine
    СУБД"""
    topology: Literal["single", "replica", "cluster"] = "single"
    """Topology: single, master with replica, or cluster
    Топология: один узел, мастер с репликой или кластер"""
    nodes: Annotated[Count, Field(ge=1, le=100)] | None = None
    """Nodes: of a cluster, 3 unless given
    Узлы: для кластера, по умолчанию 3"""
    flavor: MachineFlavor | None = None
    """Flavor of a node
    Конфигурация узла"""
    vcpu: Annotated[Count, Field(ge=1, le=240)] | None = None
    """vCPU: instead of a flavor
    vCPU: вместо конфигурации"""
    ram_gb: Annotated[Count, Field(ge=1, le=2048)] | None = None
    """RAM, GB: instead of a flavor
    ОЗУ, ГБ: вместо конфигурации"""
    cpu: Cpu | None = None
    """CPU class: Ice Lake unless given
    Класс CPU: по умолчанию Ice Lake"""
    disk: Disk
    """Data disk of a node
    Диск данных узла"""
    wal_gb: Amount | None = None
    """WAL disk of a node, GB: PostgreSQL only, 0.2 × data unless given
    Диск WAL узла, ГБ: только PostgreSQL, по умолчанию 0,2 от данных"""
    system_disk_gb: Amount | None = None
    """System disk of a node, GB: 10 unless given, 0 leaves it out
    Системный диск узла, ГБ: по умолчанию 10, 0 — не учитывать"""
    backup_gb: Amount = Decimal(0)
    """Backups, GB: stored, at the Backup class
    Резервные копии, ГБ: хранение в классе Backup"""
    public_ip: bool = False
    """Public address
    Публичный адрес"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one node per 30 days
    Цена по запросу: ядра и память одного узла за 30 дней"""
    licence_monthly_price: Amount | None = None
    """Licence price: of one node per 30 days, for Postgres Pro, which is licensed and not in the public list
    Цена лицензии: одного узла за 30 дней, для Postgres Pro: её нет в публичном прайс-листе"""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        one_shape(self.flavor, self.vcpu, self.ram_gb, self.cpu)
        allowed = TOPOLOGIES.get(self.engine, ("single", "cluster"))
        if self.topology not in allowed:
            raise _invalid("topology", f"{self.engine} has no topology “{self.topology}”",
                           f"у {self.engine} нет топологии «{self.topology}»", f"allowed: {', '.join(allowed)}",
                           f"допустимы: {', '.join(allowed)}")  # fmt: skip
        if self.nodes is not None and self.topology != "cluster" and self.nodes != NODES[self.topology]:
            raise _invalid("nodes", f"topology “{self.topology}” has {NODES[self.topology]}",
                           f"в топологии «{self.topology}» узлов: {NODES[self.topology]}",
                           "remove `nodes`, or choose `topology: cluster`",
                           "уберите `nodes` или выберите `topology: cluster`")  # fmt: skip
        if self.wal_gb and self.engine not in WITH_WAL:
            raise _invalid("wal_gb", f"{self.engine} has no WAL disk", f"у {self.engine} нет диска WAL",
                           "remove `wal_gb`", "уберите `wal_gb`")  # fmt: skip
        if self.licence_monthly_price is not None and self.engine not in LICENSED:
            raise _invalid("licence_monthly_price", f"{self.engine} needs no licence",
                           f"для {self.engine} лицензия не нужна", "remove `licence_monthly_price`",
                           "уберите `licence_monthly_price`")  # fmt: skip
        return self


def _invalid(key: str, reason: str, reason_ru: str, fix: str, fix_ru: str) -> PydanticCustomError:
    context = {"key": key, "reason": reason, "reason_ru": reason_ru, "fix": fix, "fix_ru": fix_ru}
    return PydanticCustomError("invalid", "database", context)


def wal_gb(data_gb: Decimal) -> Decimal:
    """Size of the WAL disk created beside a data disk («Автоматическое увеличение размера диска»).

    >>> wal_gb(Decimal(100))
    Decimal('20.0')
    """
    return data_gb * WAL_SHARE


def STOPPABLE(spec: Spec) -> bool:  # noqa: N802 (one of the names a service module exposes)
    """A cluster cannot be stopped."""
    return spec.topology != "cluster"


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Nodes × (cores, memory, data, WAL and system disk, licence), service load balancer, backups, address."""
    nodes = spec.nodes or NODES[spec.topology]
    engine: dict[str, str] = {"engine": spec.engine}
    zone = spec.zone or ""
    shape = machine(spec.flavor, spec.vcpu, spec.ram_gb, spec.cpu)
    yield from compute("database", shape, nodes, engine, zone=zone, given=spec.monthly_price, when="running")
    meter = disk_meter("database.disk", spec.disk.type)
    card = _assume("engine", spec.engine, "the general database prices are taken; ClickHouse of the Data Platform has "
                   "a dearer list of its own", "взяты общие цены баз данных; у ClickHouse в Data Platform свой, более "
                   "дорогой прайс-лист", "vk-pricelist-2026-01-12")  # fmt: skip
    yield Usage(meter=meter, dimensions={**engine, "use": "data"}, level=spec.disk.size_gb * nodes, zone=zone,
                assumption=card if spec.engine == "clickhouse" else None)  # fmt: skip
    if spec.engine in LICENSED:
        yield Usage(meter="licence.database", dimensions={"product": spec.engine}, level=nodes,
                    given=spec.licence_monthly_price, given_key="licence_monthly_price")  # fmt: skip
    if spec.engine in WITH_WAL:
        wal = wal_gb(spec.disk.size_gb) if spec.wal_gb is None else spec.wal_gb
        assumed = _assume("wal_gb", wal, "the WAL disk is created with 0.2 of the data disk",
                          "диск WAL создаётся размером 0,2 диска данных", "vk-docs-dbaas-disks")  # fmt: skip
        if wal:
            yield Usage(meter=meter, dimensions={**engine, "use": "wal"}, level=wal * nodes, zone=zone,
                        assumption=assumed if spec.wal_gb is None else None)  # fmt: skip
    system = SYSTEM_DISK_GB if spec.system_disk_gb is None else spec.system_disk_gb
    assumed = _assume("system_disk_gb", system, "every node has a system disk; neither size nor type is documented: "
                      "the data disk's type is taken", "у каждого узла есть системный диск; ни размер, ни тип не "
                      "описаны: взят тип диска данных", "")  # fmt: skip
    if system:
        yield Usage(meter=meter, dimensions={**engine, "use": "system"}, level=system * nodes, zone=zone,
                    assumption=assumed if spec.system_disk_gb is None else None)  # fmt: skip
    if spec.topology == "cluster" and spec.engine in WITH_LOAD_BALANCER:
        yield Usage(meter="database.service_load_balancer", dimensions=engine, level=1)
    if spec.backup_gb:
        yield Usage(meter="object_storage.stored", dimensions={"class": "backup"}, level=spec.backup_gb)
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1)


def _assume(key: str, value: Decimal | str, reason: str, reason_ru: str, source: str) -> Assumption:
    text = value if isinstance(value, str) else plain(value)
    return Assumption(key=key, value=text, reason=Text(en=reason, ru=reason_ru), source=source)
