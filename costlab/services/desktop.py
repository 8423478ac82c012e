"""Cloud Desktop (VDI). Rules: VK Cloud documentation, «Cloud Desktop. Тарификация» and «Добавление пула».

The system servers and the desktops are paid as machines at the section's own rates, with a service load balancer. The
system servers go on being paid when every pool is deleted, until the service itself is removed. A session pool runs
its minimum and a hot reserve, never more than its maximum; a personal pool has no reserve. Windows is licensed per
started pair of cores of each desktop at the section's own price, Astra and RED OS per desktop at the general one.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage
from costlab.services.parts.core_pairs import core_pairs
from costlab.services.parts.shapes import Disk, MachineFlavor, compute, disk_meter, machine

TITLE = Text(en="Cloud desktops (VDI)", ru="Облачные рабочие столы (VDI)")
EXAMPLE: dict[str, Any] = {
    "servers": [{"name": "system", "count": 2, "flavor": "STD3-4-8", "disk": {"type": "ceph-ssd", "size_gb": 50}}],
    "pools": [
        {
            "name": "office",
            "kind": "session",
            "minimum": 10,
            "hot_reserve": 2,
            "flavor": "STD3-2-8",
            "disk": {"type": "ceph-ssd", "size_gb": 60},
            "os": "windows",
        }
    ],
    "load_balancers": 1,
}
LOAD_BALANCERS = 1


class Servers(Record):
    """System servers of one shape."""

    name: str = "system"
    """Name
    Имя"""
    count: Annotated[Count, Field(ge=1, le=100)] = 1
    """Servers: paid until the service is removed, with or without pools
    Серверы: оплачиваются до удаления сервиса, есть пулы или нет"""
    flavor: MachineFlavor
    """Flavor of a server: see the machines of the service in your project
    Конфигурация сервера: смотрите ВМ сервиса в вашем проекте"""
    disk: Disk
    """Disk of a server
    Диск сервера"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one server per 30 days
    Цена по запросу: ядра и память одного сервера за 30 дней"""


class DesktopDisk(Record):
    """A desktop's disk: the types a pool may have."""

    type: Literal["ceph-hdd", "ceph-ssd", "high-iops"] = "ceph-ssd"
    """Type: a pool may have HDD, SSD or High-IOPS
    Тип: в пуле доступны HDD, SSD и High-IOPS"""
    size_gb: Annotated[Amount, Field(gt=0)]
    """Size, GB: what is provisioned is paid, used or not
    Размер, ГБ: оплачивается выделенный объём"""


class Pool(Record):
    """Desktops of one shape."""

    name: str
    """Name of the pool
    Имя пула"""
    kind: Literal["personal", "session"] = "personal"
    """Kind: personal = a desktop of one's own; session = any free one, with a hot reserve
    Тип: personal — персонализированный; session — сессионный, с горячим резервом"""
    minimum: Annotated[Count, Field(ge=0, le=10_000)]
    """Desktops: the least number, created with the pool
    Рабочие столы: минимальное число, создаются вместе с пулом"""
    hot_reserve: Annotated[Count, Field(ge=0, le=10_000)] = 0
    """Hot reserve: of a session pool, paid too
    Горячий резерв: только сессионного пула, тоже оплачивается"""
    maximum: Annotated[Count, Field(ge=0, le=10_000)] | None = None
    """Most desktops: the upper end of the cost
    Максимум рабочих столов: верхняя граница стоимости"""
    flavor: MachineFlavor
    """Flavor of a desktop
    Конфигурация рабочего стола"""
    disk: DesktopDisk
    """Disk of a desktop
    Диск рабочего стола"""
    os: Literal["linux", "windows", "astra-orel", "redos-standard"] = "linux"
    """Operating system: linux = an image of your own without a licence
    Операционная система: linux — свой образ без лицензии"""
    monthly_price: Amount | None = None
    """Price by request: cores and memory of one desktop per 30 days
    Цена по запросу: ядра и память одного рабочего стола за 30 дней"""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.maximum is not None and self.maximum < self.minimum:
            raise invalid("maximum", Text(en="less than `minimum`", ru="меньше, чем `minimum`"), "minimum ≤ maximum")
        if self.hot_reserve and self.kind != "session":
            raise invalid(
                "hot_reserve",
                Text(en="only a session pool has a hot reserve", ru="горячий резерв есть только у сессионного пула"),
                Text(en="remove it, or `kind: session`", ru="уберите его или укажите `kind: session`"),
            )
        return self


class Spec(Record):
    """System servers, pools of desktops, load balancers."""

    servers: tuple[Servers, ...] = ()
    """System servers: the machines the service runs on
    Системные серверы: ВМ, на которых работает сервис"""
    pools: tuple[Pool, ...] = ()
    """Pools of desktops
    Пулы рабочих столов"""
    load_balancers: Annotated[Count, Field(ge=0, le=20)] | None = None
    """Service load balancers: 1 unless given
    Сервисные балансировщики: 1, если не указано"""
    zone: str | None = None
    """Zone: decides which disk types exist
    Зона: от неё зависят доступные типы дисков"""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.servers and not self.pools:
            raise invalid(
                "servers",
                Text(en="neither servers nor pools are given", ru="не указаны ни серверы, ни пулы"),
                Text(en="give `servers` or `pools`", ru="укажите `servers` или `pools`"),
            )
        return self


def pool_size(minimum: int, hot_reserve: int = 0, maximum: int | None = None) -> int:
    """Desktops that a pool runs: the least number and the hot reserve, at most the maximum.

    With a minimum that equals the maximum there is no reserve, as documented.

    >>> pool_size(10, 2), pool_size(10, 2, 11), pool_size(10, 2, 10)
    (12, 11, 10)
    """
    size = minimum + hot_reserve
    return size if maximum is None else min(size, maximum)


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """System servers, their load balancer, and the machines, disks and licences of each pool."""
    zone = spec.zone or ""
    balancers = LOAD_BALANCERS if spec.load_balancers is None else spec.load_balancers
    assumed = Assumption(
        key="load_balancers",
        value=str(balancers),
        reason=Text(
            en="the service has a load balancer; how many is not documented",
            ru="у сервиса есть балансировщик; сколько их, не описано",
        ),
        source="vk-docs-desktop-tariffication",
    )
    if balancers:
        yield Usage(meter="desktop.service_load_balancer", level=balancers, zone=zone,
                    assumption=assumed if spec.load_balancers is None else None)  # fmt: skip
    for servers in spec.servers:
        asked = {"role": "server", "pool": servers.name}
        yield from compute("desktop", machine(servers.flavor), servers.count, asked, zone=zone,
                           given=servers.monthly_price, given_key="servers.monthly_price")  # fmt: skip
        yield Usage(meter=disk_meter("desktop.disk", servers.disk.type), dimensions=asked,
                    level=servers.disk.size_gb * servers.count, zone=zone)  # fmt: skip
    missing = Assumption(
        key="servers",
        value="0",
        reason=Text(
            en="the system servers are paid too and none is given: neither their number nor their size is documented",
            ru="системные серверы тоже оплачиваются, но не указаны: ни число, ни размер не описаны",
        ),
        source="vk-docs-desktop-tariffication",
    )
    for index, pool in enumerate(spec.pools):
        yield from _pool(pool, zone, None if spec.servers or index else missing)


def _pool(pool: Pool, zone: str, assumed: Assumption | None) -> Iterator[Usage]:
    desktops = pool_size(pool.minimum, pool.hot_reserve, pool.maximum)
    span = None if pool.maximum is None else (desktops, pool.maximum)
    shape, asked = machine(pool.flavor), {"role": "desktop", "pool": pool.name}

    def levels(each: Decimal) -> dict[str, Decimal]:
        ends = {} if span is None else {"low": each * span[0], "high": each * span[1]}
        return {"level": each * desktops, **ends}

    yield from compute("desktop", shape, desktops, asked, zone=zone, given=pool.monthly_price, span=span,
                       given_key="pools.monthly_price")  # fmt: skip
    meter = disk_meter("desktop.disk", pool.disk.type)
    yield Usage(meter=meter, dimensions=asked, zone=zone, assumption=assumed, **levels(pool.disk.size_gb))
    if pool.os == "windows":
        licences = Decimal(core_pairs("windows-server", shape.vcpu))
        yield Usage(meter="licence.desktop_core_pair", dimensions={"product": "windows-server", "pool": pool.name},
                    **levels(licences))  # fmt: skip
    elif pool.os != "linux":
        yield Usage(meter="licence.instance", dimensions={"product": pool.os}, **levels(Decimal(1)))
