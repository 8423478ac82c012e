"""Cloud Servers: cores and memory while running; disks, addresses and licences as long as they exist.

Rules: VK Cloud documentation, «Cloud Servers. Тарификация» and «Лицензии Microsoft». A stopped machine pays no cores
and no memory, and goes on paying disks, public IPs and licences. Windows Server: one licence per started pair of
cores. Astra, Alt and RED OS: one licence per machine.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import Amount, Period, Text
from costlab.model.scenario import Usage
from costlab.services.parts.beside import Os, beside
from costlab.services.parts.shapes import Disk, MachineShape, compute

TITLE = Text(en="Cloud server", ru="Виртуальная машина")
EXAMPLE: dict[str, Any] = {
    "flavor": "STD3-4-16",
    "disks": [{"type": "ceph-ssd", "size_gb": 100}],
    "public_ip": 1,
    "os": "linux",
}

STOPPABLE = True


class Spec(MachineShape):
    """What a customer decides about a machine."""

    disks: tuple[Disk, ...] = ()
    """Disks: paid while they exist, also when the machine is stopped
    Диски: оплачиваются и у остановленной машины"""
    public_ip: Annotated[int, Field(ge=0, le=50)] = 0
    """Public IPv4: number of floating addresses, paid also when the machine is stopped
    Публичные IPv4: число плавающих адресов, оплачиваются и у остановленной машины"""
    os: Os = "linux"
    """Operating system: linux = free distributions; the others carry a licence
    Операционная система: linux — бесплатные дистрибутивы; остальные с лицензией"""
    sdn: Literal["sprut", "neutron"] = "sprut"
    """SDN: the price of an address is the same in both
    SDN: цена адреса одинакова"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""
    monthly_price: Amount | None = None
    """Price by request: of cores and memory per 30 days, for shapes over 16 vCPU or 64 GB
    Цена по запросу: ядра и память за 30 дней, для конфигураций больше 16 vCPU или 64 ГБ"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Cores, memory, disks, addresses and the operating system's licence."""
    shape, zone = spec.shape, spec.zone or ""
    yield from compute("compute", shape, 1, {}, zone=zone, given=spec.monthly_price, when="running")
    yield from beside(spec.disks, spec.public_ip, spec.sdn, spec.os, shape.vcpu, zone)
