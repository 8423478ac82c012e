"""`costlab bill check`: what breaks a rule is found, and nothing else."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.cli import main
from costlab.errors import InputError
from costlab.focus.check import check_file
from tests.test_focus import MANDATORY, TAX, USAGE, found, write

BROKEN: list[tuple[dict[str, str], tuple[str, str]]] = [
    ({"ListCost": "999999"}, ("product", "ListCost")),
    ({"ContractedCost": "10.01"}, ("product", "ContractedCost")),
    ({"BillingCurrency": "RUR"}, ("currency", "BillingCurrency")),
    ({"ChargeCategory": "usage"}, ("value", "ChargeCategory")),
    ({"ServiceSubcategory": "Block Storage"}, ("parent", "ServiceSubcategory")),
    ({"ServiceCategory": "Cloud"}, ("value", "ServiceCategory")),
    ({"BilledCost": "1 000,00"}, ("number", "BilledCost")),
    ({"BilledCost": "+10"}, ("number", "BilledCost")),
    ({"ChargePeriodStart": "2026-05-31 21:00:00"}, ("time", "ChargePeriodStart")),
    ({"ChargePeriodEnd": "2026-06-01T30:00:00Z"}, ("time", "ChargePeriodEnd")),
    ({"ChargePeriodEnd": USAGE["ChargePeriodStart"]}, ("ends", "ChargePeriodEnd")),
    ({"ChargePeriodEnd": "2026-07-02T21:00:00Z"}, ("outside", "ChargePeriodStart")),
    ({"Tags": '{"a": {"b": 1}}'}, ("json", "Tags")),
    ({"Tags": "env=prod"}, ("json", "Tags")),
    ({"ChargeClass": "NULL"}, ("null_word", "ChargeClass")),
    ({"SkuPriceId": ""}, ("null_for_charge", "SkuPriceId")),
    ({"PricingUnit": ""}, ("not_null_together", "PricingUnit")),
    ({"ConsumedQuantity": "", "ConsumedUnit": ""}, ("consumes", "ConsumedQuantity")),
    ({"ChargeCategory": "Purchase"}, ("purchase", "ChargeFrequency")),
    ({"ListUnitPrice": "-0.5", "ListCost": "-12"}, ("negative", "ListUnitPrice")),
    ({"ChargeCategory": "Tax"}, ("null_for_tax", "PricingQuantity")),
    ({"ChargeCategory": "Credit", "ListUnitPrice": "", "PricingQuantity": ""}, ("credit", "ListCost")),
    ({"ChargeClass": "Correction"}, ("early", "ChargeClass")),
]


def test_a_sound_file_is_clean(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", USAGE, TAX)
    checked = check_file(path, {"INV-7": Decimal("12.20")})
    assert checked.findings == ()
    assert checked.clean
    assert checked.invoices == (("INV-7", "RUB", Decimal("12.20")),)


@pytest.mark.parametrize(("change", "finding"), BROKEN)
def test_a_broken_row_is_found(tmp_path: Path, change: dict[str, str], finding: tuple[str, str]) -> None:
    checked = check_file(write(tmp_path / "f.csv", USAGE, USAGE | change))
    hit = next(f for f in checked.findings if (f.rule, f.column) == finding)
    assert (hit.count, hit.line) == (1, 3)


@pytest.mark.parametrize("column", MANDATORY)
def test_nulls_and_missing_columns_are_found(tmp_path: Path, column: str) -> None:
    checked = check_file(write(tmp_path / "f.csv", USAGE | {column: ""}))
    assert ("null", column) in found(checked)
    assert not checked.clean
    if column != "BilledCost":
        without = {k: v for k, v in USAGE.items() if k != column}
        assert ("absent", column) in found(check_file(write(tmp_path / "g.csv", without)))


def test_rules_of_several_rows(tmp_path: Path) -> None:
    other = {
        "ServiceCategory": "Storage",
        "ServiceSubcategory": "Block Storage",
        "SkuId": "b",
        "BillingCurrency": "KZT",
    }
    checked = check_file(write(tmp_path / "f.csv", USAGE, USAGE | other), {"INV-7": Decimal(1), "INV-8": Decimal(2)})
    assert {("one", "ServiceCategory"), ("one", "SkuId"), ("one", "BillingCurrency"), ("invoice_sum", "BilledCost"),
            ("invoice_absent", "InvoiceId")} <= found(checked)  # fmt: skip
    tax = check_file(write(tmp_path / "t.csv", USAGE, TAX | {"ListCost": "0"}))
    assert found(tax) == {("tax", "ListCost")}


@pytest.mark.parametrize(
    ("price", "quantity", "cost", "clean"),
    [
        ("0.0000012149", "1222335.5526", "1.48501546285374", True),
        ("5.64902E-05", "1e3", "0.0564902", True),
        ("0.019660", "172800", "3397.25", True),  # rounded to the kopeck
        ("0.019660", "172800", "3397.26", False),
        ("0.1", "3", "0.30000000000000004", True),  # a double
        ("0.5", "24", "12", True),
        ("0.5", "24", "12.1", False),
        ("0", "24", "0", True),
        ("0.5", "-24", "-12", True),
        ("123456789012345678.5", "2", "246913578024691357", True),
        ("0.000000000000000001", "0.000000000000000001", "0.01", False),
    ],
)
def test_products_are_exact(tmp_path: Path, price: str, quantity: str, cost: str, *, clean: bool) -> None:
    row = USAGE | {"ListUnitPrice": price, "ContractedUnitPrice": price, "PricingQuantity": quantity}
    row |= {"ListCost": cost, "ContractedCost": cost}
    checked = check_file(write(tmp_path / "f.csv", row))
    assert (("product", "ListCost") not in found(checked)) is clean


def test_odd_files(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no FOCUS table"):
        check_file(path)
    twice = check_file(write(path, {k.lower(): v for k, v in USAGE.items()} | {"Mine": "1", "x_Ours": "2"}))
    assert {("spelling", "BilledCost"), ("no_prefix", "Mine")} <= found(twice)
    text = write(path, USAGE, USAGE).read_text(encoding="utf-8")
    path.write_text(text + "cut off,\n", encoding="utf-8")
    checked = check_file(path)
    assert (checked.rows, checked.set_aside) == (2, 1)
    assert ("row", "") in found(checked)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_command_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    good, bad = write(tmp_path / "g.csv", USAGE, TAX), write(tmp_path / "b.csv", USAGE | {"ListCost": "1"})
    assert main(["bill", "check", str(good), "--invoice", "INV-7=12.20", "--lang", language]) == 0
    assert main(["bill", "check", str(good), "--invoice", "INV-7=12.21", "--lang", language]) == 3
    assert main(["bill", "check", str(bad), "--lang", language]) == 3
    assert "ListUnitPrice" in capsys.readouterr().out
    assert main(["bill", "check", str(bad), "--format", "json", "--lang", language]) == 3
    [told] = json.loads(capsys.readouterr().out)
    assert told["findings"][0]["rule"] == "product"
    assert told["findings"][0]["line"] == 2


def test_the_one_wrong_row_of_a_hundred_thousand_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "big.csv", USAGE)
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *([row] * 99_999), row.replace("12.00", "999999")]) + "\n", encoding="utf-8")
    checked = check_file(path)
    assert found(checked) == {("product", "ListCost")}
    assert checked.rows == 100_000
    assert [(f.count, f.line) for f in checked.findings] == [(1, 100_001)]
