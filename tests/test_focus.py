"""FOCUS 1.2: exports whose sums are the documents', our checks, and the official validator as a second opinion."""

import csv
import io
import os
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from costlab.bills import read_bill
from costlab.cli import main
from costlab.estimate.charges import estimate_cost
from costlab.examples import example
from costlab.exports.estimates import focus, focus_parquet
from costlab.focus.check import Checked, check_file
from costlab.focus.columns import NATIONAL, SPECIFIED, SUBCATEGORIES, TOGETHER
from costlab.focus.names import KINDS
from costlab.focus.rules import WORDS, rules
from costlab.inventory.sources.estimate_file import read_estimate
from costlab.model.scenario import Estimate

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "focus"
KNOWN_WRONG = Path(__file__).parent / "focus" / "known_wrong.txt"
CRITERIA = (
    "ACCOUNT_NAMING_SUPPORTED,AVAILABILITY_ZONE_SUPPORTED,BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED,"
    "NEGOTIATED_PRICING_SUPPORTED,PUBLIC_PRICE_LIST_SUPPORTED,REGION_SUPPORTED,RESOURCE_TYPE_ASSIGNMENT_SUPPORTED,"
    "SUB_ACCOUNT_SUPPORTED,TAGGING_SUPPORTED,UNIT_PRICING_SUPPORTED,USAGE_MEASUREMENT_SUPPORTED"
)
MANDATORY = [c.name for c in SPECIFIED if c.level == "M" and not c.nullable]
COLUMNS = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "AvailabilityZone",
    "SkuId",
    "SkuPriceId",
    "Tags",
]
USAGE = dict(zip(COLUMNS, (
    "10.00", "acc", "Acme", "RUB", "2026-06-30T21:00:00Z", "2026-05-31T21:00:00Z", "Usage", "", "cores",
    "Usage-Based", "2026-06-01T21:00:00Z", "2026-05-31T21:00:00Z", "24.0", "Core-Hours", "10.00", "0.4166666667",
    "10.00", "INV-7", "VK", "12.00", "0.5", "Standard", "24.0", "Core-Hours", "VK", "VK", "Compute", "Серверы",
    "Virtual Machines", "", "sku", "sku@1", '{"env": "prod"}',
), strict=True))  # fmt: skip
TAX = USAGE | {
    "BilledCost": "2.20", "ChargeCategory": "Tax", "ChargeFrequency": "One-Time", "ConsumedQuantity": "",
    "ConsumedUnit": "", "ContractedCost": "2.20", "ContractedUnitPrice": "", "EffectiveCost": "2.20",
    "ListCost": "2.64", "ListUnitPrice": "", "PricingCategory": "", "PricingQuantity": "", "PricingUnit": "",
    "ServiceCategory": "Other", "ServiceName": "VAT", "ServiceSubcategory": "Other (Other)", "SkuId": "",
    "SkuPriceId": "", "Tags": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Estimate:
    path = tmp_path_factory.mktemp("shop") / "shop.yaml"
    path.write_bytes(example())
    return estimate_cost(read_estimate(path))


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Import one of the demo's bills (or a file) into a store of its own and export it."""
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))

    def export(name: str, ending: str = "csv") -> Path:
        source = Path(name)
        if not source.exists():
            source = tmp_path / name
            source.write_bytes(example(name))
        assert main(["bill", "import", str(source)]) in (0, 3)
        out = tmp_path / f"{source.stem}.focus.{ending}"
        assert main(["bill", "export", "--format", "focus", "-o", str(out)]) == 0
        return out

    return export


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(k for row in rows for k in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def found(checked: Checked) -> set[tuple[str, str]]:
    return {(f.rule, f.column) for f in checked.findings}


def test_the_specification_is_whole() -> None:
    assert len(SPECIFIED) == 57
    assert (len(SUBCATEGORIES), sum(map(len, SUBCATEGORIES.values()))) == (19, 82)
    assert all(sub in SUBCATEGORIES[category] for category, sub in KINDS.values())
    assert "RUB" in NATIONAL
    assert "KZT" in NATIONAL
    names = {c.name for c in SPECIFIED}
    assert set(TOGETHER) | set(TOGETHER.values()) <= names
    assert all(r.name in WORDS and r.column in names and r.columns <= names for r in rules())


def test_an_estimate_exports_clean_and_sums_to_its_total(shop: Estimate, tmp_path: Path) -> None:
    text = focus.render(shop, "en", "both")
    path = tmp_path / "shop.csv"
    path.write_text(text, encoding="utf-8", newline="")
    checked = check_file(path)
    assert checked.findings == ()
    rows = rows_of(text)
    assert sum(Decimal(r["BilledCost"]) for r in rows) == shop.total
    tax = [r for r in rows if r["ChargeCategory"] == "Tax"]
    assert sum(Decimal(r["BilledCost"]) for r in tax) == shop.vat
    assert sum(Decimal(r["x_AmountInclVat"]) for r in rows if r["x_AmountInclVat"]) == shop.total
    for row in rows:
        if row["ListUnitPrice"]:
            assert Decimal(row["ListUnitPrice"]) * Decimal(row["PricingQuantity"]) == Decimal(row["ListCost"])
            assert abs(Decimal(row["ListCost"]) - Decimal(row["BilledCost"])) < Decimal("0.02")
        assert row["ProviderName"] == row["PublisherName"] == row["InvoiceIssuerName"] == "VK Cloud"
    assert rows[0]["ChargePeriodStart"].endswith("T21:00:00Z")  # midnight in Moscow


def test_the_parquet_holds_the_same(shop: Estimate, tmp_path: Path) -> None:
    path = tmp_path / "shop.parquet"
    path.write_bytes(focus_parquet.render(shop, "en", "both"))
    assert check_file(path).findings == ()
    table = pq.read_table(path)
    assert sum(table.column("BilledCost").to_pylist()) == shop.total
    assert str(table.schema.field("ListCost").type) == "decimal128(38, 20)"
    assert str(table.schema.field("ChargePeriodStart").type) == "timestamp[us, tz=UTC]"


def test_every_service_exports_clean(tmp_path: Path) -> None:
    source = tmp_path / "every.yaml"
    source.write_bytes(example("every-service.yaml"))
    estimate = estimate_cost(read_estimate(source))
    path = tmp_path / "every.csv"
    for language in ("en", "ru"):
        path.write_text(focus.render(estimate, language, "both"), encoding="utf-8", newline="")
        checked = check_file(path)
        assert checked.findings == ()
        assert checked.invoices == (("", "RUB", estimate.total),)


def test_the_command_writes_parquet_by_the_ending(tmp_path: Path) -> None:
    source, out = tmp_path / "shop.yaml", tmp_path / "shop.parquet"
    source.write_bytes(example())
    assert main(["estimate", str(source), "--format", "focus", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize("name", ["bill-clean.csv", "bill-faults.csv"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_bill_exports_clean_and_reads_back(exported: Callable[..., Path], name: str, ending: str) -> None:
    out = exported(name, ending)
    checked = check_file(out)
    assert checked.findings == ()
    source = out.parent / name
    amount = read_bill(source).totals["RUB"]
    assert checked.invoices == (("", "RUB", amount),)
    again = read_bill(out)
    assert again.format == "focus"
    assert again.provider == "vk"
    assert again.totals == {"RUB": amount}
    assert again.rejected == 0


def test_bonuses_are_credits_and_list_prices_come_from_the_catalog(exported: Callable[..., Path]) -> None:
    rows = rows_of(exported("bill-faults.csv").read_text(encoding="utf-8"))
    bonuses = [r for r in rows if r["ChargeCategory"] == "Credit"]
    assert bonuses
    assert all(Decimal(r["BilledCost"]) < 0 and r["ListCost"] == r["BilledCost"] for r in bonuses)
    [tax] = [r for r in rows if r["ChargeCategory"] == "Tax"]
    assert (tax["x_VatRate"], tax["ChargePeriodStart"]) == ("0.22", "2026-10-31T21:00:00Z")
    usage = [r for r in rows if r["ChargeCategory"] == "Usage"]
    assert {r["x_PriceSource"] for r in usage} >= {"vk-pricelist-2026-01-12"}
    for row in usage:
        for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
            assert Decimal(row[price]) * Decimal(row["PricingQuantity"]) == Decimal(row[cost])


def test_an_export_of_an_export_is_the_same_document(exported: Callable[..., Path], tmp_path: Path) -> None:
    first = exported("bill-faults.csv")
    moved = tmp_path / "first.csv"
    first.replace(moved)
    assert main(["bill", "forget", "1"]) == 0
    second = exported(str(moved))
    before, after = (rows_of(p.read_text(encoding="utf-8")) for p in (moved, second))
    same = [c.name for c in SPECIFIED if c.name in before[0]]
    key = [[r[c] for c in same] for r in before]
    assert sorted(key) == sorted([r.get(c, "") for c in same] for r in after)
    assert check_file(second).findings == ()


CLEAN = ("aws_1_2_cost", "aws_1_3_cost", "azure_1_2_cost", "azure_1_3_cost", "gcp_1_2_cost", "gcp_1_3_cost")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no ../shared/samples here")
@pytest.mark.parametrize("name", CLEAN)
def test_samples(name: str, exported: Callable[..., Path]) -> None:
    [path] = SAMPLES.glob(f"{name}_*.csv")
    checked = check_file(path)
    assert checked.clean
    assert checked.rows == 100
    assert {f.rule for f in checked.findings} <= {"tax"}
    again = check_file(exported(str(path)))
    assert [(c, a) for _, c, a in again.invoices] == [(c, a) for _, c, a in checked.invoices]
    assert again.clean


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no ../shared/samples here")
def test_a_sample_with_faults() -> None:
    checked = check_file(SAMPLES / "consolidated_multi_provider_1_3.csv")
    assert {("product", "ListCost"), ("product", "ContractedCost"), ("null_for_tax", "PricingQuantity")} <= found(
        checked
    )


def _validator() -> str:
    """A Python that has the official validator, named by COSTLAB_FOCUS_VALIDATOR or `python3.12`; "" for none."""
    named = os.environ.get("COSTLAB_FOCUS_VALIDATOR", "python3.12")
    try:
        tried = subprocess.run([named, "-c", "import focus_validator"], capture_output=True, timeout=60, check=False)
    except OSError:
        return ""
    return named if tried.returncode == 0 else ""


def _official(python: str, path: Path) -> set[str]:
    """The rules that the official validator says are broken. It finds its own files only from its folder."""
    where = "import focus_validator, pathlib; print(pathlib.Path(focus_validator.__file__).parents[1])"
    folder = subprocess.run(
        [python, "-c", where], capture_output=True, text=True, timeout=60, check=True
    ).stdout.strip()
    run = "from focus_validator.main import main; main()"
    asked = ["--data-file", str(path), "--validate-version", "1.2", "--applicability-criteria", CRITERIA]
    told = subprocess.run(
        [python, "-c", run, *asked, "--block-download"],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=300,
        check=True,
    ).stdout
    assert "Total: 578" in told
    return {line.split()[1].rstrip(":") for line in told.splitlines() if line.startswith("❌")}


def test_the_official_validator_finds_what_is_known_to_be_wrong(exported: Callable[..., Path], tmp_path: Path) -> None:
    python = _validator()
    if not python:
        pytest.skip("no Python 3.12 with focus-validator 2.2.1: name one in COSTLAB_FOCUS_VALIDATOR")
    known = {line.split()[0] for line in KNOWN_WRONG.read_text("utf-8").splitlines() if line and line[0] != "#"}
    out = exported("bill-faults.csv")
    assert _official(python, out) == known
    broken = [r | ({"ListCost": "999999.0"} if r["ListCost"] else {}) for r in rows_of(out.read_text("utf-8"))]
    wrong = write(tmp_path / "wrong.csv", *broken)
    assert _official(python, wrong) == known, "the validator passes a wrong ListCost on every row"
    assert ("product", "ListCost") in found(check_file(wrong))
