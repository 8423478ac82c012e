"""Cyber Backup («Кибер Бэкап Облачный»). Rule: «Кибер Бэкап. Тарификация».

The cluster is paid as what it is made of: machines, disks, an address, a load balancer if one is used, the objects in
Hotbox or Icebox, an SSD on which copies wait for them; and a licence per protected device, which has no public price.
Setting it up is quoted one by one. Traffic of the service itself is free.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.shapes import Cpu

TITLE = Text(en="Cyber Backup", ru="Кибер Бэкап")
EXAMPLE: dict[str, Any] = {
    "vcpu": 12,
    "ram_gb": 24,
    "disk_gb": 360,
    "stored_gb": 1000,
    "temporary_gb": 100,
    "devices": 10,
}


class Spec(Record):
    """A cluster, what it stores and how many devices it protects."""

    vcpu: Annotated[Count, Field(ge=1, le=10_000)] = 12
    """vCPU: of all servers together; the documented cluster of three has 12
    vCPU: всех серверов вместе; в описанном кластере из трёх — 12"""
    ram_gb: Annotated[Count, Field(ge=1, le=100_000)] = 24
    """RAM, GB: of all servers together
    ОЗУ, ГБ: всех серверов вместе"""
    cpu: Cpu = "ice-lake"
    """CPU class
    Класс CPU"""
    disk_gb: Annotated[Amount, Field(gt=0)] = Decimal(360)
    """SSD, GB: of all servers together
    SSD, ГБ: всех серверов вместе"""
    public_ip: Annotated[Count, Field(ge=0, le=50)] = 1
    """Public IPv4: number of floating addresses
    Публичные IPv4: число плавающих адресов"""
    load_balancers: Annotated[Count, Field(ge=0, le=20)] = 1
    """Load balancers: 0 when none is used
    Балансировщики: 0, если не используется"""
    storage_class: Literal["hotbox", "icebox", "backup"] = "hotbox"
    """Storage class: hotbox or icebox by the rule; the documentation's own formula says backup
    Класс хранения: по правилам hotbox или icebox; в примере документации указан backup"""
    stored_gb: Amount
    """Stored copies, GB: average over the period
    Хранится копий, ГБ: в среднем за период"""
    temporary_gb: Annotated[Amount, Field(ge=0)] = Decimal(0)
    """Temporary SSD, GB: where copies wait before they are stored
    SSD для промежуточного хранения, ГБ"""
    devices: Annotated[Count, Field(ge=0, le=1_000_000)] = 1
    """Devices: each protected one needs a licence
    Устройства: для каждого защищаемого нужна лицензия"""
    zone: str | None = None
    """Zone
    Зона"""
    monthly_price: Amount | None = None
    """Licence price: of one device per 30 days, from your offer
    Цена лицензии: одного устройства за 30 дней, из предложения"""
    setup_price: Amount | None = None
    """Setting up: once, from your offer; left out unless given
    Настройка: разовая цена из предложения; без неё не учитывается"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Machines, disks, network, objects, licences, and the set-up if its price is given."""
    zone = spec.zone or ""
    asked: dict[str, str] = {"cpu": spec.cpu}
    yield Usage(meter="compute.vcpu", dimensions=asked, level=spec.vcpu, zone=zone)
    yield Usage(meter="compute.ram", dimensions=asked, level=spec.ram_gb, zone=zone)
    yield Usage(meter="block_storage.ssd", dimensions={"use": "data"}, level=spec.disk_gb, zone=zone)
    if spec.temporary_gb:
        yield Usage(meter="block_storage.ssd", dimensions={"use": "temporary"}, level=spec.temporary_gb, zone=zone)
    if spec.public_ip:
        yield Usage(meter="network.public_ipv4", dimensions={"kind": "floating"}, level=spec.public_ip, zone=zone)
    if spec.load_balancers:
        yield Usage(meter="network.load_balancer", dimensions={"kind": "standard"}, level=spec.load_balancers)
    left_out = None
    if spec.setup_price is None:
        reason = Text(
            en="setting the service up is quoted one by one and left out",
            ru="услуги по настройке оцениваются индивидуально и не учтены",
        )
        left_out = Assumption(key="setup_price", value="0", reason=reason, source="vk-docs-cyber-backup")
    yield Usage(meter="object_storage.stored", dimensions={"class": spec.storage_class}, level=spec.stored_gb,
                assumption=left_out)  # fmt: skip
    if spec.devices:
        yield Usage(meter="cyber_backup.device_licence", level=spec.devices, given=spec.monthly_price)
    if spec.setup_price is not None:
        yield Usage(meter="cyber_backup.setup", amount=1, given=spec.setup_price, given_key="setup_price")
