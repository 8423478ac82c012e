"""The same usage by other lists: their months, their VAT, and what they do not have."""

from datetime import date
from decimal import Decimal

import pytest

from costlab.catalog import providers
from costlab.catalog_check import check_catalog
from costlab.elsewhere import elsewhere
from costlab.errors import InputError
from costlab.estimate import estimate_cost
from costlab.inventory.estimate_file import parse_estimate

WEB = b"""costlab: 1
name: web
period: 30d
prices_on: 2026-11-01
resources:
  - id: web
    service: vm
    spec: {flavor: STD3-4-16, disks: [{type: ceph-ssd, size_gb: 100}], public_ip: 1, zone: MS1}
  - {id: s3, service: object_storage, spec: {class: hotbox, stored_gb: 1000}}
"""


def priced(provider):
    return estimate_cost(elsewhere(parse_estimate(WEB, "web.yaml", today=date(2026, 11, 1)), provider))


@pytest.mark.parametrize(
    ("provider", "web"),
    [
        # hours of a 30-day month x (4 vCPU, 16 GB, 100 GB, 1 address), each line to the kopeck
        ("yandex", "3571.20 3801.60 1432.80 189.73"),
        ("selectel", "2900.45 4218.62 1036.80 186.98"),
        ("mws", "3650.28 3886.04 895.97 152.42"),
        # minutes of it, and VAT on top: the annex is without
        ("t1", "3595.00 3480.61 1312.70 213.66"),
    ],
)
def test_a_machine_elsewhere(provider, web):
    found = priced(provider)
    assert [str(c.cost) for c in found.charges if c.resource_id == "web"] == web.split()
    assert found.complete
    assert found.currency == "RUB"


def test_a_month_of_730_hours_is_longer_than_the_period():
    s3 = next(c for c in priced("selectel").charges if c.resource_id == "s3")
    assert s3.per == 43800
    assert s3.cost == (Decimal(1000) * 43200 * Decimal("2.57") / 43800).quantize(Decimal("0.01"))


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_abroad_is_an_order_of_magnitude_in_dollars(provider):
    found = priced(provider)
    assert found.currency == "USD"
    assert not found.complete
    assert {p.code for p in found.problems} == {"no_price"}
    assert all("order of magnitude" in c.price_note.en for c in found.charges)


def test_what_has_no_counterpart_is_a_problem():
    found = priced("cloud-ru")  # sells whole machines only
    assert [p.code for p in found.problems] == ["no_price", "no_price"]


def test_an_unknown_provider():
    with pytest.raises(InputError):
        priced("nimbus")


def test_every_list_is_sound():
    assert {"vk", "yandex", "selectel", "cloud-ru", "mws", "t1", "aws", "azure", "gcp"} <= set(providers())
    assert check_catalog() == []
