"""Cloud Servers: cores and memory while running; disks, addresses and licences as long as they exist.

Rules: VK Cloud documentation, «Cloud Servers. Тарификация» and «Лицензии Microsoft». A stopped machine pays no cores
and no memory, and goes on paying disks, public IPs and licences. Windows Server: one licence per started pair of
cores. Astra, Alt and RED OS: one licence per machine.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage
from costlab.services.parts.beside import Os, beside
from costlab.services.parts.shapes import Cpu, Disk, MachineFlavor, compute, machine, one_shape

TITLE = Text(en="Cloud server", ru="Виртуальная машина")
EXAMPLE: dict[str, Any] = {
    "flavor": "STD3-4-16",
    "disks": [{"type": "ceph-ssd", "size_gb": 100}],
    "public_ip": 1,
    "os": "linux",
}

STOPPABLE = True


class Spec(Record):
    """What a customer decides about a machine."""

    flavor: MachineFlavor | None = None
    """Flavor: STD3-<vCPU>-<RAM GB> is Ice Lake, STD2 is Cascade Lake
    Конфигурация: STD3-<vCPU>-<ОЗУ ГБ> — Ice Lake, STD2 — Cascade Lake"""
    vcpu: Annotated[Count, Field(ge=1, le=240)] | None = None
    """vCPU: instead of a flavor
    vCPU: вместо конфигурации"""
    ram_gb: Annotated[Count, Field(ge=1, le=2048)] | None = None
    """RAM, GB: instead of a flavor
    ОЗУ, ГБ: вместо конфигурации"""
    cpu: Cpu | None = None
    """CPU class: Ice Lake unless given
    Класс CPU: по умолчанию Ice Lake"""
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

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        one_shape(self.flavor, self.vcpu, self.ram_gb, self.cpu)
        return self


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Cores, memory, disks, addresses and the operating system's licence."""
    shape = machine(spec.flavor, spec.vcpu, spec.ram_gb, spec.cpu)
    zone = spec.zone or ""
    yield from compute("compute", shape, 1, {}, zone=zone, given=spec.monthly_price, when="running")
    yield from beside(spec.disks, spec.public_ip, spec.sdn, spec.os, shape.vcpu, zone)
