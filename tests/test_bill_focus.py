"""FOCUS files as bills: every row, digit and column of theirs, in CSV and in Parquet."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlab.bills import read_bill
from costlab.bills.formats import focus as focus_reader
from costlab.model.bill import CHARGES
from tests.bills.samples import save
from tests.test_bill_formats import GOLDEN, SAMPLES, independent_sum, needs_samples, refused, rows


def test_focus_keeps_every_category_and_every_digit() -> None:
    bill = read_bill(GOLDEN / "focus-1.3.csv")
    assert (bill.format, bill.provider, bill.accepted, bill.rejected) == ("focus", "acme", 7, 0)
    assert bill.total == Decimal("113.123456789012345678")
    assert rows(bill, "line", "category", "charge_class", "amount")[1:] == [
        (3, "Purchase", "", Decimal(100)), (4, "Usage", "", Decimal(0)), (5, "Tax", "", Decimal("12.00")),
        (6, "Credit", "", Decimal("-2.5")), (7, "Usage", "Correction", Decimal("-1.25")),
        (8, "Adjustment", "", Decimal("3.75")),
    ]  # fmt: skip
    first = bill.charges.to_pylist()[0]
    said = {k: v for k, v in first.items() if not k.startswith("x_") and k not in ("file", "line", "start", "end")}
    assert said == {
        "project": "sub-1", "resource_id": "i-1", "service": "Compute One", "parameter": "Core hours",
        "day": date(2026, 5, 1), "quantity": Decimal("1.1234567891"), "unit": "Hours",
        "amount": Decimal("1.123456789012345678"), "bonus": Decimal(0), "tags": '{"env": "prod", "keep": "true"}',
        "category": "Usage", "charge_class": "", "currency": "USD", "period": date(2026, 5, 1), "account": "acc-1",
        "region": "eu-1", "resource_name": "web", "sku": "SKU-1", "description": "Cores",
        "list_cost": Decimal("2.5"), "effective_cost": Decimal("1.0"), "invoice": "INV-1",
    }  # fmt: skip
    assert (first["start"], first["end"]) == (
        datetime(2026, 5, 1, 0, tzinfo=UTC), datetime(2026, 5, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert rows(bill, "start", "end", "day")[3] == (None, None, date(2026, 5, 2))  # a whole day
    assert rows(bill, "resource_id", "list_cost", "quantity")[3] == ("", None, None)
    # A correction keeps its day of April and stands on the invoice of May.
    assert rows(bill, "day", "period")[5] == (date(2026, 4, 30), date(2026, 5, 1))


def test_focus_keeps_what_has_no_field() -> None:
    bill = read_bill(GOLDEN / "focus-1.3.csv")
    assert rows(bill, "x_Team", "x_HostProviderName", "x_BillingPeriodEnd")[0] == (
        "red",
        "Acme",
        "2026-06-01T00:00:00Z",
    )
    assert sorted(n for n in bill.charges.column_names if n.startswith("x_")) == [
        "x_BillingPeriodEnd", "x_HostProviderName", "x_ServiceProviderName", "x_Team",
    ]  # fmt: skip


def typed(text: str, column: str) -> Any:
    """A cell of the golden file as a writer of Parquet would store it."""
    if text in ("", "NULL", "null"):
        return None
    if column.endswith(("Cost", "Quantity")):
        return Decimal(text)
    if column.endswith(("Start", "End")):
        return datetime.fromisoformat(text)
    if column == "Tags":
        return [(k, json.dumps(v) if v is True else v) for k, v in json.loads(text).items()]
    return text


def test_focus_in_parquet_says_the_same(tmp_path: Path) -> None:
    """Decimals, timestamps, nulls and a map of tags, as exporters write them."""
    with (GOLDEN / "focus-1.3.csv").open(encoding="utf-8", newline="") as file:
        said = list(csv.DictReader(file))
    types: dict[str, Any] = {"Tags": pa.map_(pa.string(), pa.string())}
    for name in said[0]:
        if name.endswith(("Cost", "Quantity")):
            types[name] = pa.decimal128(38, 18)
        elif name.endswith(("Start", "End")):
            types[name] = pa.timestamp("us", "UTC")
    table = pa.table({n: pa.array([typed(r[n], n) for r in said], types.get(n, pa.string())) for n in said[0]})
    path = tmp_path / "focus.parquet"
    pq.write_table(table, path)
    text, bill = read_bill(GOLDEN / "focus-1.3.csv"), read_bill(path)
    columns = [n for n in CHARGES.names if n not in ("line", "file")]
    assert rows(bill, *columns) == rows(text, *columns)
    assert (bill.format, bill.provider, bill.total, bill.rejected) == ("focus", "acme", text.total, 0)


def test_focus_doubles_are_read_by_their_shortest_text(tmp_path: Path) -> None:
    start = pa.array([datetime(2026, 5, 1, tzinfo=UTC)] * 3)
    path = tmp_path / "doubles.parquet"
    pq.write_table(pa.table({"ChargePeriodStart": start, "BilledCost": pa.array([0.1, 0.2, 1e-7])}), path)
    assert read_bill(path).total == Decimal("0.3000001")


def test_focus_of_a_provider_whose_days_are_not_those_of_utc(tmp_path: Path) -> None:
    lines = [
        "ProviderName,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,BilledCost,SkuMeter",
        "VK Cloud,RUB,2026-05-31T21:00:00Z,2026-05-31T21:00:00Z,2026-06-01T21:00:00Z,10.00,CPU",
        "VK Cloud,RUB,2026-05-31 21:00:00,2026-06-29 21:00:00,2026-06-30 20:00:00,1.5,CPU",
    ]
    bill = read_bill(save(tmp_path, "\n".join(lines).encode()))
    assert (bill.provider, bill.region, bill.currency) == ("vk", "ru-msk", "RUB")
    assert rows(bill, "day", "period") == [(date(2026, 6, 1), date(2026, 6, 1)), (date(2026, 6, 30), date(2026, 6, 1))]
    assert rows(bill, "start")[0] == (None,)
    assert rows(bill, "end")[1] == (datetime(2026, 6, 30, 20, tzinfo=UTC),)


def test_the_bounds_of_billing_months_prove_the_order_of_day_and_month(tmp_path: Path) -> None:
    head = "BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BilledCost"
    us = read_bill(save(tmp_path, f"{head}\n5/1/26,6/1/26,5/2/26,5/3/26,1\n".encode()))
    eu = read_bill(save(tmp_path, f"{head}\n1/5/26,1/6/26,2/5/26,3/5/26,1\n".encode()))
    assert rows(us, "day", "period") == rows(eu, "day", "period") == [(date(2026, 5, 2), date(2026, 5, 1))]
    unclear = save(tmp_path, b"ChargePeriodStart,BilledCost\n5/2/26,1\n")
    assert refused(unclear)[0] == "ambiguous_dates"


def test_an_impossible_end_costs_the_row_nothing(tmp_path: Path) -> None:
    head = "ChargePeriodStart,ChargePeriodEnd,BilledCost"
    raw = f"{head}\n2026-05-01T20:00:00Z,2026-05-01T30:00:00Z,1.5\n2026-05-01T30:00:00Z,,1\n2026-05-02,,2\n"
    bill = read_bill(save(tmp_path, raw.encode()))
    assert rows(bill, "line", "amount") == [(2, Decimal("1.5")), (4, Decimal(2))]
    assert dict(bill.notes)["ends_unread"] == 1
    assert [(p.code, p.line) for p in bill.problems] == [("bad_cell", 3)]


@pytest.mark.parametrize(
    ("header", "version"),
    [
        ("BilledCost,ChargePeriodStart", "1.0"), ("BilledCost,SkuMeter", "1.1"), ("InvoiceId,SkuMeter", "1.2"),
        ("InvoiceId,ServiceProviderName", "1.3"), ("ServiceProviderName,InvoiceDetailId", "1.4"),
    ],
)  # fmt: skip
def test_the_version_shows_in_the_columns(header: str, version: str) -> None:
    assert focus_reader.version(header.split(",")) == version


def test_the_provider_of_focus_rows() -> None:
    assert focus_reader.provider(["Amazon Web Services", "AWS"]) == "aws"
    assert focus_reader.provider(["VK Cloud"]) == "vk"
    assert focus_reader.provider(["Acme, Inc."]) == "acme-inc"
    assert focus_reader.provider(["AWS", "Google Cloud"]) == focus_reader.provider([]) == "focus"


COST_AND_USAGE = sorted(p for p in (SAMPLES / "focus").glob("*.csv") if "contract_commitment" not in p.name)
"""Every sample is read; nothing is left out."""


@needs_samples
@pytest.mark.parametrize("path", COST_AND_USAGE, ids=lambda p: p.stem[:60])
def test_every_cost_and_usage_sample_is_read_to_its_last_digit(path: Path) -> None:
    bill = read_bill(path)
    assert (bill.accepted, bill.total) == independent_sum(path, "BilledCost")
    assert (bill.format, bill.rejected) == ("focus", 0)
    assert sum(bill.totals.values()) == bill.total


@needs_samples
def test_other_samples_are_refused_by_name() -> None:
    found = {p.name: refused(p) for p in (SAMPLES / "focus").glob("*contract_commitment*.csv")}
    assert len(found) == 3
    assert {(code, args["dataset"]) for code, args in found.values()} == {("other_dataset", "Contract Commitment")}
    malformed = SAMPLES / "malformed"
    assert refused(malformed / "digitalocean-invoice.csv")[1]["what"]["en"] == "DigitalOcean invoice"
    assert refused(malformed / "tokenizing-error.csv")[0] == "no_header"
    assert refused(malformed / "empty-file.csv")[0] == "table_empty"
    assert refused(SAMPLES / "yandex-bill-header.csv")[0] == "header_only"
