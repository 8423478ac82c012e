"""Cloud Databases. Rules: VK Cloud documentation, «Cloud Databases. Тарификация» and «Конфигурации».

Every node has its own cores, memory, data disk and system disk; PostgreSQL also a WAL disk of 0.2 × data; Postgres
Pro a licence. MySQL and PostgreSQL clusters include a service load balancer, but not those over several zones (the
Terraform provider gives them a VRRP port). A single instance or a master with a replica can be stopped, a cluster
cannot. Disks may grow by themselves: `_disk_growth.py`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from costlab.i18n.words import plain
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.disk_growth import MOST_GB, MOST_WAL_GB, Use, grown_gb
from costlab.services.parts.shapes import Disk, MachineFlavor, MachineShape, compute, disk_meter

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
MULTI_AZ_VERSION = "16"
GROWING_SINGLE = {"redis": "5", "mongodb": "4.0"}
"""Engines whose disks grow only in a single node, and only in this version."""
NODES = {"single": 1, "replica": 2, "cluster": 3}


def _text(value: Any) -> Any:
    """Let a version be written as a number: 16, 5.7."""
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


class Autoexpand(Record):
    """A disk that grows by itself when it fills."""

    max_gb: Annotated[Amount, Field(gt=0)]
    """Greatest size, GB: the disk does not grow beyond it
    Наибольший размер, ГБ: больше диск не растёт"""


class Topology(Record):
    """An engine and how many nodes run it."""

    engine: Engine
    """Engine
    СУБД"""
    topology: Literal["single", "replica", "cluster"] = "single"
    """Topology: single, master with replica, or cluster
    Топология: один узел, мастер с репликой или кластер"""
    nodes: Annotated[Count, Field(ge=1, le=100)] | None = None
    """Nodes: of a cluster, 3 unless given
    Узлы: для кластера, по умолчанию 3"""


class Spec(MachineShape, Topology):
    """Engine, topology, shape and disks of a database."""

    flavor: MachineFlavor | None = None
    """Flavor of a node
    Конфигурация узла"""
    disk: Disk
    """Data disk of a node
    Диск данных узла"""
    disk_autoexpand: Autoexpand | None = None
    """Growth of the data disk: gives the estimate a high end beside the amount expected
    Рост диска данных: у сметы появляется верхняя граница"""
    wal_gb: Amount | None = None
    """WAL disk of a node, GB: PostgreSQL only, 0.2 × data unless given
    Диск WAL узла, ГБ: только PostgreSQL, по умолчанию 0,2 от данных"""
    wal_autoexpand: Autoexpand | None = None
    """Growth of the WAL disk: PostgreSQL only, up to 2048 GB
    Рост диска WAL: только PostgreSQL, до 2048 ГБ"""
    system_disk_gb: Amount | None = None
    """System disk of a node, GB: 10 unless given, 0 leaves it out
    Системный диск узла, ГБ: по умолчанию 10, 0 — не учитывать"""
    backup_gb: Amount = Decimal(0)
    """Backups, GB: stored, at the Backup class
    Резервные копии, ГБ: хранение в классе Backup"""
    public_ip: bool = False
    """Public address
    Публичный адрес"""
    version: Annotated[str, BeforeValidator(_text)] | None = None
    """Version: of the engine; some can do what others cannot
    Версия: СУБД; от неё зависят некоторые возможности"""
    multi_az: bool = False
    """Several zones: a cluster of PostgreSQL 16 with an odd number of nodes; it has no load balancer
    Несколько зон: кластер PostgreSQL 16 с нечётным числом узлов; балансировщика у него нет"""
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
        allowed = TOPOLOGIES.get(self.engine, ("single", "cluster"))
        if self.topology not in allowed:
            raise invalid(
                "topology",
                Text(
                    en=f"{self.engine} has no topology “{self.topology}”",
                    ru=f"у {self.engine} нет топологии «{self.topology}»",
                ),
                Text(en=f"allowed: {', '.join(allowed)}", ru=f"допустимы: {', '.join(allowed)}"),
            )
        if self.nodes is not None and self.topology != "cluster" and self.nodes != NODES[self.topology]:
            raise invalid(
                "nodes",
                Text(
                    en=f"topology “{self.topology}” has {NODES[self.topology]}",
                    ru=f"в топологии «{self.topology}» узлов: {NODES[self.topology]}",
                ),
                Text(
                    en="remove `nodes`, or choose `topology: cluster`",
                    ru="уберите `nodes` или выберите `topology: cluster`",
                ),
            )
        if self.wal_gb and self.engine not in WITH_WAL:
            raise invalid(
                "wal_gb",
                Text(en=f"{self.engine} has no WAL disk", ru=f"у {self.engine} нет диска WAL"),
                Text(en="remove `wal_gb`", ru="уберите `wal_gb`"),
            )
        if self.licence_monthly_price is not None and self.engine not in LICENSED:
            raise invalid(
                "licence_monthly_price",
                Text(en=f"{self.engine} needs no licence", ru=f"для {self.engine} лицензия не нужна"),
                Text(en="remove `licence_monthly_price`", ru="уберите `licence_monthly_price`"),
            )
        self._multi_az_possible()
        self._growth_possible()
        return self

    def _multi_az_possible(self) -> None:
        if not self.multi_az:
            return
        version = (self.version or MULTI_AZ_VERSION).partition(".")[0]
        if self.engine != "postgresql" or self.topology != "cluster" or version != MULTI_AZ_VERSION:
            raise invalid(
                "multi_az",
                Text(
                    en="only a cluster of PostgreSQL 16 spreads over zones",
                    ru="по зонам распределяется только кластер PostgreSQL 16",
                ),
                Text(
                    en="choose `engine: postgresql`, `topology: cluster`, `version: 16`, or remove `multi_az`",
                    ru="выберите `engine: postgresql`, `topology: cluster`, `version: 16` или уберите `multi_az`",
                ),
            )
        nodes = NODES["cluster"] if self.nodes is None else self.nodes
        if nodes % 2 == 0 or nodes < NODES["cluster"]:
            raise invalid(
                "nodes",
                Text(
                    en=f"a cluster over several zones cannot have {nodes} nodes",
                    ru=f"в кластере из нескольких зон не может быть узлов: {nodes}",
                ),
                Text(en="give an odd number from 3", ru="укажите нечётное число от 3"),
            )

    def _growth_possible(self) -> None:
        if self.disk_autoexpand is not None:
            if not self._grows():
                raise invalid(
                    "disk_autoexpand",
                    Text(
                        en=f"disks of {self.engine} do not grow by themselves here",
                        ru=f"диски {self.engine} здесь сами не растут",
                    ),
                    Text(
                        en="remove `disk_autoexpand`: it is for "
                        "MySQL, PostgreSQL, ClickHouse, and single nodes of Redis 5 and MongoDB 4.0",
                        ru="уберите `disk_autoexpand`: он есть у MySQL, PostgreSQL, ClickHouse и у одиночных "
                        "Redis 5 и MongoDB 4.0",
                    ),
                )
            most = MOST_GB.get(self.disk.type)
            _within("disk_autoexpand", self.disk_autoexpand.max_gb, self.disk.size_gb, most)
        if self.wal_autoexpand is not None:
            if self.engine not in WITH_WAL:
                raise invalid(
                    "wal_autoexpand",
                    Text(en=f"{self.engine} has no WAL disk", ru=f"у {self.engine} нет диска WAL"),
                    Text(en="remove `wal_autoexpand`", ru="уберите `wal_autoexpand`"),
                )
            size = wal_gb(self.disk.size_gb) if self.wal_gb is None else self.wal_gb
            _within("wal_autoexpand", self.wal_autoexpand.max_gb, size, MOST_WAL_GB)

    def _grows(self) -> bool:
        """Whether this engine, version and topology has growing disks."""
        versions = GROWING_SINGLE.get(self.engine)
        if self.engine == "opensearch":
            return False
        return versions is None or (self.topology == "single" and (self.version or versions).startswith(versions))


def _within(key: str, most: Decimal, size: Decimal, limit: int | None) -> None:
    """Refuse a greatest size below the size, or above what the provider allows."""
    if most < size:
        raise invalid(
            key,
            Text(
                en=f"{plain(most)} GB is less than the disk's {plain(size)} GB",
                ru=f"{plain(most)} ГБ меньше самого диска: {plain(size)} ГБ",
            ),
            Text(en="give the size it may reach", ru="укажите размер, до которого он может вырасти"),
        )
    if limit is not None and most > limit:
        raise invalid(
            key,
            Text(
                en=f"{plain(most)} GB is more than the {limit} GB allowed",
                ru=f"{plain(most)} ГБ больше допустимых {limit} ГБ",
            ),
            Text(en=f"give at most {limit}", ru=f"укажите не больше {limit}"),
        )


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
    shape = spec.shape
    yield from compute("database", shape, nodes, engine, zone=zone, given=spec.monthly_price, when="running")
    meter = disk_meter("database.disk", spec.disk.type)
    card = Assumption(
        key="engine",
        value=spec.engine,
        reason=Text(
            en="the general database prices are taken; ClickHouse of the Data Platform has a dearer list of its own",
            ru="взяты общие цены баз данных; у ClickHouse в Data Platform свой, более дорогой прайс-лист",
        ),
        source="vk-pricelist-2026-01-12",
    )
    yield Usage(meter=meter, dimensions={**engine, "use": "data"}, level=spec.disk.size_gb * nodes, zone=zone,
                assumption=card if spec.engine == "clickhouse" else None,
                **_range(spec.disk.size_gb, nodes, spec.disk_autoexpand, "data"))  # fmt: skip
    if spec.engine in LICENSED:
        yield Usage(meter="licence.database", dimensions={"product": spec.engine}, level=nodes,
                    given=spec.licence_monthly_price, given_key="licence_monthly_price")  # fmt: skip
    if spec.engine in WITH_WAL:
        wal = wal_gb(spec.disk.size_gb) if spec.wal_gb is None else spec.wal_gb
        assumed = Assumption(
            key="wal_gb",
            value=plain(wal),
            reason=Text(
                en="the WAL disk is created with 0.2 of the data disk",
                ru="диск WAL создаётся размером 0,2 диска данных",
            ),
            source="vk-docs-dbaas-disks",
        )
        if wal:
            yield Usage(meter=meter, dimensions={**engine, "use": "wal"}, level=wal * nodes, zone=zone,
                        assumption=assumed if spec.wal_gb is None else None,
                        **_range(wal, nodes, spec.wal_autoexpand, "wal"))  # fmt: skip
    system = SYSTEM_DISK_GB if spec.system_disk_gb is None else spec.system_disk_gb
    assumed = Assumption(
        key="system_disk_gb",
        value=plain(system),
        reason=Text(
            en="every node has a system disk; neither size nor type is documented: the data disk's type is taken",
            ru="у каждого узла есть системный диск; ни размер, ни тип не описаны: взят тип диска данных",
        ),
    )
    if system:
        yield Usage(meter=meter, dimensions={**engine, "use": "system"}, level=system * nodes, zone=zone,
                    assumption=assumed if spec.system_disk_gb is None else None)  # fmt: skip
    if spec.topology == "cluster" and spec.engine in WITH_LOAD_BALANCER and not spec.multi_az:
        yield Usage(meter="database.service_load_balancer", dimensions=engine, level=1)
    if spec.backup_gb:
        yield Usage(meter="object_storage.stored", dimensions={"class": "backup"}, level=spec.backup_gb)
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=1)


def _range(size: Decimal, nodes: int, growth: Autoexpand | None, use: Use) -> dict[str, Decimal]:
    """From the size given to the one it grows to, on every node: they grow together."""
    if growth is None:
        return {}
    return {"low": size * nodes, "high": grown_gb(size, growth.max_gb, use) * nodes}
