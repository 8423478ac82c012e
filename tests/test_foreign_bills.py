"""Bills of other clouds: every digit of the file, categories, credits, the view of the money, months that are open."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costlab.bills import Profile, read_bill, read_bills
from costlab.bills.reading.meaning import nested_credits
from costlab.errors import InputError, kind, sentence
from costlab.model.bill import Bill
from costlab.store import import_bill, open_store

GOLDEN = Path(__file__).parent / "bills" / "formats"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of other people's sample files is absent")


def rows(bill: Bill, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(bill.charges[c].to_pylist() for c in columns), strict=True))


def money(bill: Bill, column: str = "amount") -> Decimal:
    return sum((v for v in bill.charges[column].to_pylist() if v is not None), Decimal(0))


def refused(*paths: Path, profile: Profile | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_bills(paths, profile=profile)
    for language in ("en", "ru"):
        assert all("{" not in sentence(p, language) for p in caught.value.problems)
    return caught.value.problems[0].code


def own_sum(path: Path, *columns: str) -> tuple[int, Decimal]:
    """Rows and Σ of the file's cost by nothing but csv and Decimal."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    column = next(c for c in columns if c in found[0])
    return len(found), sum((Decimal(r[column]) for r in found if r[column]), Decimal(0))


def points(data: Any) -> list[Decimal]:
    """The prices of an answer of CloudKitty, by nothing but json and Decimal."""
    if "results" in data:
        return [row[data["columns"].index("rate")] for row in data["results"]]
    usage = [u for frame in data["dataframes"] for us in frame["usage"].values() for u in us]
    return [u["rating"]["price"] for u in usage]


AWS = ("aws/cur-anonymous-sample.csv", "aws/koku/2022-07-01-alt-columns.csv", "aws/koku/2023-06-01.csv")
AZURE = (
    "azure/ea-cost-export-anonymous-sample.csv", "azure/koku/azure_camelCased.csv", "azure/koku/azure_version_2.csv",
    "azure/koku/camel_azure_version_2.csv", "azure/koku/costreport_a243c6f2-199f-4074-9a2c-40e671cf1584.csv",
)  # fmt: skip
COSTS = (
    "lineItem/UnblendedCost", "line_item_unblended_cost", "CostInBillingCurrency", "costInBillingCurrency",
    "PreTaxCost", "preTaxCost",
)  # fmt: skip


@needs_samples
@pytest.mark.parametrize("name", [*AWS, *AZURE])
def test_every_sample_is_read_to_its_last_digit(name: str) -> None:
    bill = read_bill(SAMPLES / name)
    assert (bill.format, bill.rejected) == ("aws_cur" if name in AWS else "azure", 0)
    assert (bill.accepted, bill.total) == own_sum(SAMPLES / name, *COSTS)
    assert sum(bill.totals.values()) == bill.total == money(bill)


@needs_samples
def test_samples_that_cannot_be_used() -> None:
    assert refused(SAMPLES / "aws" / "koku" / "test_cur.csv") == "mostly_rejected"  # each row lacks its last cells
    for cloud in ("aws", "azure"):
        empty = SAMPLES / cloud / "koku" / "empty_frame.csv"
        assert refused(empty) == "header_only"
        bill = read_bill(empty, profile=Profile(period="2026-10"))
        assert (bill.rows, bill.accepted, bill.total, bill.charges.num_rows) == (0, 0, 0, 0)
        assert (str(bill.first_day), str(bill.last_day)) == ("2026-10-01", "2026-10-31")
        assert [p.code for p in bill.problems] == ["zero_month"]
    codes = [p.code for p in read_bill(SAMPLES / AWS[0]).problems]
    assert "not_final" in codes
    with pytest.raises(InputError, match="no header row"):
        read_bill(SAMPLES / "cloudkitty" / "scope_get.json")


@needs_samples
@pytest.mark.parametrize("path", sorted((SAMPLES / "cloudkitty").glob("[ds][au]*.json")), ids=lambda p: p.stem)
def test_cloudkitty_samples(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    bill = read_bill(path)
    assert (bill.format, bill.accepted, bill.total) == ("cloudkitty", len(points(data)), sum(points(data)))
    assert [p.code for p in bill.problems] == (["other_pages"] if data.get("total", 0) > bill.rows else [])


def test_cloudkitty_keeps_what_is_no_point() -> None:
    bill = read_bill(GOLDEN / "cloudkitty.json")
    assert (bill.rows, bill.accepted, bill.rejected) == (3, 2, 1)
    assert rows(bill, "line", "resource_id", "parameter", "project", "unit") == [
        (1, "vm-1", "instance", "p1", "instance"), (2, "vol-1", "volume.size", "p1", "GiB"),
    ]  # fmt: skip
    assert bill.total == Decimal("0.10000000000000001") + Decimal("1e-7")
    short = read_bill(GOLDEN / "cloudkitty-summary.json")
    assert [(p.code, p.line) for p in short.problems] == [("other_pages", None), ("bad_cell", 2)]
    assert read_bill(GOLDEN / "cloudkitty.json", profile=Profile(currency="RUB")).currency == "RUB"


def test_aws_lines_have_categories_and_an_amortised_cost() -> None:
    path = GOLDEN / "aws-cur-1.csv"
    bill = read_bill(path)
    assert (bill.accepted, bill.total) == own_sum(path, "lineItem/UnblendedCost")
    assert rows(bill, "x_SourceCategory", "category", "charge_class", "effective_cost") == [
        ("Usage", "Usage", "", Decimal("0.0960000001")), ("SavingsPlanCoveredUsage", "Usage", "", Decimal("0.06")),
        ("SavingsPlanNegation", "Usage", "", Decimal(0)),
        ("SavingsPlanRecurringFee", "Purchase", "", Decimal("0.04")),
        ("DiscountedUsage", "Usage", "", Decimal("0.12")), ("RIFee", "Purchase", "", Decimal("3.75")),
        ("Fee", "Purchase", "", Decimal(0)), ("Tax", "Tax", "", Decimal("107.5")),
        ("Refund", "Usage", "Correction", Decimal("-2.5")), ("Credit", "Credit", "", Decimal("-10.0000000009")),
    ]  # fmt: skip
    assert {str(p) for p in bill.charges["period"].to_pylist()} == {"2026-06-01"}
    assert str(bill.first_day) == "2026-05-10"  # the refund keeps its day; days are those of UTC
    [problem] = bill.problems
    assert (problem.code, problem.line, problem.args["rows"], kind(problem)) == ("not_final", 11, "1", "warning")


def test_cur_2_says_the_same(tmp_path: Path) -> None:
    """The second version writes the names with underscores, and all labels in one cell."""
    with (GOLDEN / "aws-cur-1.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    names = {"resourceTags/user:env": "resource_tags", "reservation/ReservationARN": "reservation_reservation_a_r_n"}
    snake = ["".join(f"_{c.lower()}" if c.isupper() else c for c in h.replace("/", "_")) for h in table[0]]
    header = [names.get(old, new.replace("__", "_")) for old, new in zip(table[0], snake, strict=True)]
    body = [[*r[:-1], json.dumps({"env": r[-1]}) if r[-1] else ""] for r in table[1:]]
    path = tmp_path / "cur2.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *body])
    first, second = read_bill(GOLDEN / "aws-cur-1.csv"), read_bill(path)
    same = ("line", "amount", "category", "charge_class", "effective_cost", "list_cost", "day", "tags", "service")
    assert rows(first, *same) == rows(second, *same)


def test_azure_actual_and_amortised_are_refused_together(tmp_path: Path) -> None:
    actual, amortised = GOLDEN / "azure-actual.csv", GOLDEN / "azure-amortized.csv"
    bill = read_bill(actual)
    assert (bill.basis, bill.accepted, bill.total) == ("actual", *own_sum(actual, "CostInBillingCurrency"))
    assert rows(bill, "category", "currency", "tags")[0] == ("Usage", "EUR", '{"env": "prod"}')
    assert bill.charges["category"].to_pylist() == ["Usage", "Usage", "Purchase", "Purchase", "Adjustment"]
    assert read_bill(amortised).basis == "amortized"
    assert refused(actual, amortised) == "other_basis"
    both = tmp_path / "both.csv"
    both.write_text(actual.read_text() + "".join(amortised.read_text().splitlines(keepends=True)[1:]))
    assert refused(both) == "two_bases"
    store = open_store(home=tmp_path / "home")
    import_bill(store, actual)
    with pytest.raises(InputError) as caught:
        import_bill(store, amortised)
    assert caught.value.problems[0].code == "other_basis"
    store.engine.dispose()


def test_azure_in_german() -> None:
    bill = read_bill(GOLDEN / "azure-german.csv")
    assert rows(bill, "amount", "service", "project", "category") == [
        (Decimal("1234.56"), "Virtual Machines", "sub-1", "Usage")
    ]


def test_credits_of_yandex_become_rows(tmp_path: Path) -> None:
    bill = read_bill(GOLDEN / "yandex.csv")
    assert (bill.rows, bill.accepted, bill.rejected, bill.added.rows) == (4, 3, 1, 5)
    assert [(p.code, p.line, p.args["column"]) for p in bill.problems] == [("bad_cell", 5, "monetary_grant_credit")]
    assert bill.total == Decimal("61.623456789")  # the file's own column of cost
    assert money(bill) == bill.totals["RUB"] == bill.total - Decimal("6.75")  # less the credits of the rows
    assert money(bill, "bonus") == 3
    grants = [r for r in rows(bill, "line", "description", "amount", "bonus") if r[3]]
    assert grants == [(2, "monetary_grant_credit", Decimal(-3), Decimal(3))]
    # What the sum of credits has beyond its parts stands as a credit of its own.
    assert (4, "credit", Decimal("-0.25"), Decimal(0)) in rows(bill, "line", "description", "amount", "bonus")
    assert bill.charges["tags"].to_pylist()[0] == '{"env": "prod"}'
    assert str(bill.charges["day"].to_pylist()[0]) == "2026-06-01"
    store = open_store(home=tmp_path / "home")
    stored = import_bill(store, GOLDEN / "yandex.csv").bill
    assert (stored.rows, stored.accepted, stored.totals) == (4, 3, bill.totals)
    store.engine.dispose()


def test_google_credits_are_parsed_and_never_run() -> None:
    bill = read_bill(GOLDEN / "gcp.csv")
    assert (bill.rows, bill.accepted, bill.rejected) == (6, 5, 1)
    assert [(p.code, p.line) for p in bill.problems] == [("bad_cell", 7)]
    assert bill.total == Decimal("-0.309999999999999999")
    assert money(bill) == bill.total + Decimal("-0.040005000000000002")
    assert rows(bill, "line", "category", "charge_class", "amount", "bonus", "description")[:3] == [
        (2, "Usage", "", Decimal("0.100000000000000001"), 0, ""),
        (2, "Credit", "", Decimal("-0.000005"), Decimal("0.000005"), "Free"),
        (2, "Credit", "", Decimal("-0.03"), 0, "Sustained"),
    ]
    assert rows(bill, "category", "charge_class", "day")[-1][:2] == ("Adjustment", "Correction")
    # The last hour of June on the invoice of July.
    late = [r for r in rows(bill, "line", "day", "period") if r[0] == 3]
    assert {(str(day), str(month)) for _, day, month in late} == {("2026-06-30", "2026-07-01")}


@pytest.mark.parametrize(
    "text", ["__import__('os')", "[1]", "[{'amount': None}]", "{", "[{'amount': 1e400}]", "[{'amount': f()}]", "x" * 9]
)
def test_what_is_no_list_of_credits(text: str) -> None:
    assert nested_credits(text) is None


def test_nested_credits_keep_every_digit() -> None:
    found = nested_credits("[{'name': 'a', 'amount': -0.100000000000000001, 'type': 'T'}]")
    assert found == [("a", "T", Decimal("-0.100000000000000001"))]
    assert nested_credits('{"name": "a", "amount": "-1.50"}') == [("a", "", Decimal("-1.5"))]
    assert nested_credits("[]") == nested_credits("") == []


def test_selectel_bonuses_are_told_apart() -> None:
    bill = read_bill(GOLDEN / "selectel.csv")
    assert (bill.format, bill.provider, bill.accepted, bill.total) == ("selectel", "selectel", 2, Decimal("1334.66"))
    assert bill.totals == {"RUB": Decimal("1234.56")}  # what the closing documents take
    assert rows(bill, "line", "category", "amount", "bonus") == [
        (2, "Usage", Decimal("1234.56"), 0), (3, "Usage", Decimal("100.10"), 0),
        (3, "Credit", Decimal("-100.10"), Decimal("100.10")),
    ]  # fmt: skip


def test_invoice_detail_is_no_charge(tmp_path: Path) -> None:
    path = GOLDEN / "invoice-detail-1.4.csv"
    bill = read_bill(path)
    assert (bill.format, bill.provider, bill.total) == ("focus_invoice_detail", "acme", Decimal("118.12"))
    store = open_store(home=tmp_path / "home")
    with pytest.raises(InputError) as caught:
        import_bill(store, path)
    assert caught.value.problems[0].code == "documents_only"
    store.engine.dispose()
