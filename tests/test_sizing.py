"""Sizing: percentiles with comfort, databases, flavors, disk types, licences; nothing lost, every choice told."""

from datetime import datetime
from decimal import Decimal

import pytest

from costlab.estimate.charges import estimate_cost
from costlab.inventory.sizing import SizingOptions, size
from costlab.model.inventory import Machine, MachineDisk, Utilisation
from costlab.model.numbers import Period

PERIOD = Period(
    start=datetime.fromisoformat("2026-11-01T00:00:00+03:00"), end=datetime.fromisoformat("2026-12-01T00:00:00+03:00")
)
BUSY = Utilisation(
    cpu_p95=Decimal(20), cpu_p99=Decimal(60), cpu_max=Decimal(70), memory_p95_gb=Decimal(3), days=Decimal(14),
    coverage=Decimal("0.7"),
)  # fmt: skip


def machine(**more):
    usual = {
        "machine_id": "a",
        "name": "web",
        "power": "on",
        "vcpu": 8,
        "ram_gb": Decimal(16),
        "os_name": "Ubuntu 22.04",
    }
    return Machine(**{**usual, **more})


def sized(one, **options):
    return size([one], SizingOptions(**options), name="t", period=PERIOD)


def spec(one, **options):
    return sized(one, **options).servers[0].resource.spec


@pytest.mark.parametrize(
    ("mode", "more", "flavor"),
    [
        ("moderate", {}, "STD3-4-4"),  # 8 x 20 % x 1.3 = 2.08 cores, 3 x 1.3 = 3.9 GB
        ("aggressive", {}, "STD3-2-4"),  # 1.76 cores, 3.3 GB
        ("as_is", {}, "STD2-8-16"),  # of Ice Lake it would be STD3-16-64
        ("moderate", {"role": "database"}, "STD2-8-16"),  # 8 x 60 % x 1.3 = 6.24 cores, all the memory
    ],
)
def test_percentiles_with_comfort(mode, more, flavor):
    assert spec(machine(utilisation=BUSY, **more), mode=mode).flavor == flavor


@pytest.mark.parametrize("change", [{"days": Decimal(6)}, {"coverage": Decimal("0.5")}, {"cpu_p95": None}])
def test_without_enough_measurements_a_machine_stays_as_it_is(change):
    found = sized(machine(utilisation=BUSY.model_copy(update=change)), mode="moderate").servers[0]
    assert found.mode == "as_is"
    assert any("as is" in c.en for c in found.choices)


def test_never_above_the_nameplate_unless_busy():
    calm = BUSY.model_copy(update={"cpu_p95": Decimal(79)})
    hot = BUSY.model_copy(update={"cpu_p95": Decimal(90)})
    small = {"vcpu": 4, "ram_gb": Decimal(4)}
    assert spec(machine(utilisation=calm, **small), mode="moderate").flavor == "STD3-4-4"
    assert spec(machine(utilisation=hot, **small), mode="moderate").flavor == "STD3-6-6"


def test_more_than_self_service_is_by_request():
    found = sized(machine(vcpu=32, ram_gb=Decimal(256)))
    assert found.servers[0].readiness == "conditional"
    assert (found.servers[0].resource.spec.vcpu, found.servers[0].resource.spec.ram_gb) == (32, 256)
    assert {p.code for p in estimate_cost(found.scenario).problems} >= {"on_request"}


@pytest.mark.parametrize(
    ("read", "write", "kind"),
    [(200, 100, "ceph-hdd"), (2000, 1000, "ceph-ssd"), (9000, 4000, "high-iops"), (99000, 1, "high-iops"),
     (None, None, "ceph-ssd")],
)  # fmt: skip
def test_the_cheapest_type_that_reaches_the_operations(read, write, kind):
    disk = MachineDisk(size_gb=Decimal("99.2"), read_iops=read, write_iops=write)
    (found,) = spec(machine(disks=(disk,))).disks
    assert (found.type, found.size_gb) == (kind, 100)


@pytest.mark.parametrize(
    ("basis", "total"), [("disks", 150), ("in_use", 104), ("partitions", 78), ("provisioned", 200)]
)
def test_the_storage_basis_is_switchable(basis, total):
    disks = tuple(MachineDisk(size_gb=Decimal(n)) for n in (100, 50))
    one = machine(disks=disks, in_use_gb=Decimal(80), partition_gb=Decimal(60), provisioned_gb=Decimal(200))
    assert sum(d.size_gb for d in spec(one, basis=basis).disks) == total


def test_a_basis_the_source_lacks_is_told():
    found = sized(machine(provisioned_gb=Decimal(10)), basis="partitions").servers[0]
    assert found.resource.spec.disks[0].size_gb == 10
    assert any("no partitions" in c.en for c in found.choices)


@pytest.mark.parametrize(
    ("system", "licence", "readiness"),
    [
        ("Microsoft Windows Server 2019 (64-bit)", "windows", "ready"),
        ("Microsoft Windows Server 2003", "windows", "conditional"),
        ("Astra Linux Special Edition 1.7 Смоленск", "astra-smolensk", "ready"),
        ("Red Hat Enterprise Linux 8", "linux", "conditional"),
        ("Debian GNU/Linux 12", "linux", "ready"),
        ("", "linux", "unknown"),
    ],
)
def test_the_system_decides_the_licence(system, licence, readiness):
    disk = (MachineDisk(size_gb=Decimal(10)),)
    found = sized(machine(os_name=system, disks=disk, ram_gb=Decimal(4), vcpu=4)).servers[0]
    assert (found.resource.spec.os, found.readiness) == (licence, readiness)


def test_nothing_is_lost():
    machines = [
        machine(),
        machine(machine_id="b"),
        machine(name="off", power="off"),
        machine(name="desk", os_name="Microsoft Windows 10 (64-bit)"),
        machine(name="blank", vcpu=None),
        machine(name="idle", utilisation=Utilisation(cpu_max=Decimal(0))),
        machine(name="_rounding"),
    ]
    found = size(machines, SizingOptions(), name="t", period=PERIOD)
    assert [s.resource.resource_id for s in found.servers] == ["web", "web-2", "rounding-2"]
    assert [s.code for s in found.set_aside] == ["powered_off", "blocked_os", "no_size", "zombie"]
    assert len(found.servers) + len(found.set_aside) == len(machines)
    assert len(size(machines, SizingOptions(powered_off=True), name="t", period=PERIOD).servers) == 4


def test_confidence_by_the_share_of_samples():
    assert sized(machine(utilisation=BUSY)).servers[0].confidence == 4
    assert sized(machine()).servers[0].confidence is None
