"""ML Platform: JupyterHub, MLflow, MLflow Deploy. Rules: VK Cloud documentation, pages on creating each instance.

An instance is a machine: cores and memory while it runs, disks and addresses as long as they exist. The list has no
section for it, so the prices of Cloud Servers are taken, which is shown; or the price of your own offer. JupyterHub
has a boot disk of 50 GB beside its data disk, MLflow one of 25 GB, except in demo mode, which has a single disk.
MLflow outside demo mode also creates a PostgreSQL of Cloud Databases and a bucket; both stay when it is stopped.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.i18n.words import plain
from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts import database
from costlab.services.parts.bucket import bucket
from costlab.services.parts.database import Spec as Database
from costlab.services.parts.shapes import Disk, DiskType, MachineShape, compute, disk_meter

TITLE = Text(en="ML platform", ru="ML Platform (JupyterHub, MLflow)")
EXAMPLE: dict[str, Any] = {
    "component": "jupyterhub",
    "flavor": "STD3-4-16",
    "disks": [{"type": "ceph-ssd", "size_gb": 100}],
    "public_ip": 1,
}
STOPPABLE = True

BOOT_DISK_GB = {"jupyterhub": Decimal(50), "mlflow": Decimal(25), "mlflow-deploy": Decimal(0)}
"""Fixed sizes; MLflow Deploy is documented with one disk."""
BOOT_DISK_TYPE: DiskType = "ceph-ssd"
DATABASE = Database.model_validate(
    {"engine": "postgresql", "topology": "single", "flavor": "STD3-2-8",
     "disk": {"type": "ceph-ssd", "size_gb": 20}}
)  # fmt: skip
"""Taken when the database of MLflow is not described."""
DOCS = "vk-docs-mlplatform"


class Component(Record):
    """What of the platform it is."""

    component: Literal["jupyterhub", "mlflow", "mlflow-deploy"] = "jupyterhub"
    """Component
    Компонент"""


class Spec(MachineShape, Component):
    """A component, its machine, and what MLflow creates beside it."""

    disks: tuple[Disk, ...] = ()
    """Data disks: at least 50 GB for JupyterHub, 20 GB for MLflow
    Диски данных: не меньше 50 ГБ для JupyterHub, 20 ГБ для MLflow"""
    boot_disk_gb: Amount | None = None
    """Boot disk, GB: 50 for JupyterHub and 25 for MLflow unless given, 0 leaves it out
    Загрузочный диск, ГБ: по умолчанию 50 для JupyterHub и 25 для MLflow, 0 — не учитывать"""
    demo: bool = False
    """Demo mode: of MLflow, keeps everything on its one disk
    Деморежим: для MLflow, всё хранится на единственном диске"""
    database: Database | None = None
    """Database: that MLflow creates outside demo mode
    База данных: создаётся для MLflow вне деморежима"""
    bucket_gb: Amount | None = None
    """Bucket, GB: stored on average, class Hotbox
    Бакет, ГБ: хранится в среднем, класс Hotbox"""
    bucket_egress_gb: Amount = Decimal(0)
    """Downloads from the bucket, GB: in the period
    Исходящий трафик бакета, ГБ: за период"""
    public_ip: Annotated[Count, Field(ge=0, le=50)] = 0
    """Public IPv4: number of floating addresses, paid also when the instance is stopped
    Публичные IPv4: число плавающих адресов, оплачиваются и у остановленного инстанса"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""
    monthly_price: Amount | None = None
    """Price of an offer: cores and memory of the instance per 30 days, instead of the prices of Cloud Servers
    Цена из предложения: ядра и память инстанса за 30 дней, вместо цен Cloud Servers"""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.demo and self.component != "mlflow":
            raise invalid(
                "demo",
                Text(en="only MLflow has a demo mode", ru="деморежим есть только у MLflow"),
                Text(en="remove `demo`", ru="уберите `demo`"),
            )
        if self.database is not None and not in_production(self.component, self.demo):
            raise invalid(
                "database",
                Text(
                    en="only MLflow outside demo mode has a database",
                    ru="база данных есть только у MLflow вне деморежима",
                ),
                Text(en="remove `database`", ru="уберите `database`"),
            )
        if self.database is not None and self.database.engine != "postgresql":
            raise invalid(
                "database.engine",
                Text(en="the database of MLflow is PostgreSQL", ru="база данных MLflow — PostgreSQL"),
                Text(en="write `engine: postgresql`", ru="укажите `engine: postgresql`"),
            )
        return self


def in_production(component: str, demo: bool) -> bool:
    """Whether a component keeps its data in a database and a bucket of their own."""
    return component == "mlflow" and not demo


def usage(spec: Spec, period: Period) -> Iterator[Usage]:
    """The machine, its disks and addresses; of MLflow in production the database and the bucket."""
    zone = spec.zone or ""
    yield from _machine(spec, zone)
    yield from _disks(spec, zone)
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=spec.public_ip, zone=zone)
    production = in_production(spec.component, spec.demo)
    if production:
        yield from _database(spec, period)
    yield from bucket(spec.bucket_gb, spec.bucket_egress_gb, created=production, source=DOCS)


def _machine(spec: Spec, zone: str) -> Iterator[Usage]:
    if spec.monthly_price is not None:
        asked = {"component": spec.component}
        yield Usage(meter="ml_platform.instance", dimensions=asked, level=1, given=spec.monthly_price, when="running",
                    zone=zone)  # fmt: skip
        return
    first, *rest = compute("compute", spec.shape, 1, {}, zone=zone, when="running")
    reason = Text(
        en="the list has no section for ML Platform; its instances are machines: prices of Cloud Servers are taken",
        ru="в прайс-листе нет раздела ML Platform; инстансы — это ВМ: взяты цены Cloud Servers",
    )
    assumed = Assumption(key="monthly_price", value="Cloud Servers", reason=reason, source=DOCS)
    yield first.model_copy(update={"assumption": assumed})
    yield from rest


def _disks(spec: Spec, zone: str) -> Iterator[Usage]:
    usual = Decimal(0) if spec.demo else BOOT_DISK_GB[spec.component]
    boot = usual if spec.boot_disk_gb is None else spec.boot_disk_gb
    if boot:
        reason = Text(
            en="the boot disk of this component has a fixed size; the type of the first data disk is taken, or SSD",
            ru="у этого компонента загрузочный диск фиксированного размера; тип — как у первого диска данных или SSD",
        )
        assumed = Assumption(key="boot_disk_gb", value=plain(boot), reason=reason, source=DOCS)
        meter = disk_meter("block_storage", spec.disks[0].type if spec.disks else BOOT_DISK_TYPE)
        yield Usage(meter=meter, dimensions={"use": "boot"}, level=boot, zone=zone,
                    assumption=assumed if spec.boot_disk_gb is None else None)  # fmt: skip
    for disk in spec.disks:
        meter = disk_meter("block_storage", disk.type)
        yield Usage(meter=meter, dimensions={"use": "data"}, level=disk.size_gb, zone=zone)


def _database(spec: Spec, period: Period) -> Iterator[Usage]:
    """The database's own usage, its keys under `database`; it does not stop with MLflow."""
    first = spec.database is None
    for used in database.usage(spec.database or DATABASE, period):
        assumed = used.assumption
        if first:
            reason = Text(
                en="MLflow outside demo mode creates a PostgreSQL; which one is not documented: a small one is taken",
                ru="MLflow вне деморежима создаёт PostgreSQL; какую, не описано: взята небольшая",
            )
            value = f"{DATABASE.flavor}, {plain(DATABASE.disk.size_gb)} GB"
            assumed, first = Assumption(key="database", value=value, reason=reason, source=DOCS), False
        elif assumed is not None:
            assumed = assumed.model_copy(update={"key": f"database.{assumed.key}"})
        key = f"database.{used.given_key}"
        yield used.model_copy(update={"when": "exists", "assumption": assumed, "given_key": key})
