"""Cloud GPU and vGPU: one price for the whole machine, which its flavor names; the rest as Cloud Servers.

Rules: VK Cloud documentation, «Cloud GPU. Тарификация». The bundle holds cores, memory and GPU; disks, public IPs and
licences are paid apart, as long as they exist. A vGPU flavor has one vGPU, the most a machine may have, and its guest
needs an NVIDIA licence token. What a stopped machine pays for its bundle is not documented: `when_stopped` says.
Where the list prints a promotional price beside the ordinary one, the ordinary one is taken unless asked otherwise.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.beside import Os, beside
from costlab.services.parts.shapes import Disk, Flavor, parse_flavor

TITLE = Text(en="GPU server", ru="Виртуальная машина с GPU")
EXAMPLE: dict[str, Any] = {
    "flavor": "GPU2-16-72-L4-1",
    "disks": [{"type": "ceph-ssd", "size_gb": 200}],
    "public_ip": 1,
    "os": "linux",
}

STOPPABLE = True


def gpu_shape(name: str) -> Flavor:
    """The shape a GPU or vGPU flavor's name says. Raises pydantic's error when it names no GPU."""
    flavor = parse_flavor(name)
    if flavor is None or not flavor.gpus:
        reason = Text(en=f"“{name}” is no GPU flavor", ru=f"«{name}» — не конфигурация с GPU")
        fix = Text(
            en="a name reads GPU2-16-72-L4-1 or vGPU-8-16-L4-8Q; a machine without GPU is the service `vm`",
            ru="имя читается GPU2-16-72-L4-1 или vGPU-8-16-L4-8Q; машина без GPU — сервис `vm`",
        )
        raise invalid("", reason, fix)
    return flavor


def _known(name: str) -> str:
    gpu_shape(name)
    return name


class Spec(Record):
    """What a customer decides about a GPU machine."""

    flavor: Annotated[str, AfterValidator(_known)]
    """Flavor: GPU2-16-72-L4-1 has 16 vCPU, 72 GB and one L4; vGPU-8-16-L4-8Q has one vGPU of 8 GB
    Конфигурация: GPU2-16-72-L4-1 — 16 vCPU, 72 ГБ и одна L4; vGPU-8-16-L4-8Q — одна vGPU с 8 ГБ"""
    promotion: bool = False
    """Promotional price: where the list prints one beside the ordinary price (V100, V100S)
    Акционная цена: если она есть в прайс-листе рядом с обычной (V100, V100S)"""
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
    """Zone: must be the one of the GPU lent to the project
    Зона: должна совпадать с зоной GPU, выделенного проекту"""
    when_stopped: Literal["free", "billed"] | None = None
    """When stopped: whether the bundle is paid then is not documented; free unless given
    Остановленная машина: оплата конфигурации не описана; по умолчанию free — не оплачивается"""
    monthly_price: Amount | None = None
    """Price by request: of the whole bundle per 30 days, from your offer
    Цена по запросу: вся конфигурация за 30 дней, из вашего предложения"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """The bundle, disks, addresses and the operating system's licence."""
    zone = spec.zone or ""
    when: Literal["exists", "running"] = "exists" if spec.when_stopped == "billed" else "running"
    assumed = None if spec.when_stopped is not None else _unbilled_when_stopped()
    if spec.monthly_price is None:
        asked = {"flavor": spec.flavor, "offer": "promotion" if spec.promotion else "list"}
        yield Usage(meter="compute.gpu_vm", dimensions=asked, level=1, when=when, zone=zone, assumption=assumed)
    else:
        yield Usage(meter="compute.gpu_vm_by_request", dimensions={"flavor": spec.flavor}, level=1, when=when,
                    zone=zone, given=spec.monthly_price, assumption=assumed)  # fmt: skip
    yield from beside(spec.disks, spec.public_ip, spec.sdn, spec.os, gpu_shape(spec.flavor).vcpu, zone)


def _unbilled_when_stopped() -> Assumption:
    reason = Text(
        en="while the machine is stopped its bundle is not billed, like cores and memory; this is not documented",
        ru="у остановленной машины конфигурация не оплачивается, как ядра и память; в документации это не описано",
    )
    return Assumption(key="when_stopped", value="free", reason=reason, source="vk-docs-gpu-tariffication",
                      only_if_stopped=True)  # fmt: skip
