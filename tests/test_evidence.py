"""Rows that do not say which service they are of: evidence decides, is told, and what it cannot settle is named.

Prices of 2026-01-12 per minute with VAT: a vCPU of Cloud Servers 0.019660, of Databases 0.024575; memory 0.005154 and
0.006442; an SSD of Cloud Servers 0.000307. One day of 4 vCPU is 5,760 vCPU·minutes = 113.24 or 141.55.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from costlab.bills import read_bill
from costlab.compare.evidence import marked, said
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import Comparison
from costlab.exports.comparisons import why

CASES = Path(__file__).parent / "evidence"
HEADER = "Дата;PID проекта;ID ресурса;{section}Параметр;Количество;Ед. изм.;Сумма, руб. с НДС\n"
CPU, RAM, SSD = "CPU, Intel Ice Lake", "RAM, Intel Ice Lake", "Жесткий диск, SSD"
SERVER = [(CPU, "5760", "vCPU·мин", "113,24"), (RAM, "23040", "ГБ·мин", "118,75"), (SSD, "144000", "ГБ·мин", "44,21")]
DATABASE = [(CPU, "2880", "vCPU·мин", "70,78"), (RAM, "11520", "ГБ·мин", "74,22"), (SSD, "72000", "ГБ·мин", "27,65")]


def rows(resource: str, items: list[tuple[str, str, str, str]], project: str = "mcs1", day: str = "01.06.2026") -> str:
    return "".join(f"{day};{project};{resource};{';'.join(item)}\n" for item in items)


def compared(tmp_path: Path, body: str, section: str = "") -> Comparison:
    path = tmp_path / "bill.csv"
    path.write_text(HEADER.format(section=section) + body, encoding="utf-8")
    return reconcile_bill(read_bill(path))


def services(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(r["resource_id"], r["service"], str(r["delta"].normalize() + 0)) for r in comparison.lines.to_pylist()]


def test_the_amounts_of_a_resource_say_its_service(tmp_path: Path) -> None:
    found = compared(tmp_path, rows("vm-1", SERVER) + rows("pg-1", DATABASE))
    assert found.after == found.before
    assert found.complete
    assert {s for r, s, _ in services(found) if r == "pg-1"} == {"database"}
    assert {s for r, s, _ in services(found) if r == "vm-1"} == {"vm", "disk"}
    line = next(r for r in found.lines.to_pylist() if r["resource_id"] == "pg-1")
    assert why(line, "en") == "as expected; Базы данных by the amounts of its resource"
    assert {p.code for p in found.problems} == {"service_by_evidence"}


def test_a_wrong_price_stays_a_price_difference_of_the_resources_service(tmp_path: Path) -> None:
    """80.00 for memory that costs 74.22 in Databases and 59.37 in Cloud Servers."""
    wrong = [DATABASE[0], (*DATABASE[1][:3], "80,00"), DATABASE[2]]
    found = compared(tmp_path, rows("pg-1", wrong))
    assert services(found) == [("pg-1", "database", "0"), ("pg-1", "database", "5.78"), ("pg-1", "database", "0")]
    line = found.lines.to_pylist()[1]
    assert line["verdict"] == "price"
    assert "by the other rows of its resource" in why(line, "en")


def test_a_row_at_another_services_price_does_not_leave_its_resource(tmp_path: Path) -> None:
    """Memory billed at Cloud Servers' price on a database: 59.37 instead of 74.22."""
    cheap = [DATABASE[0], (*DATABASE[1][:3], "59,37"), DATABASE[2]]
    assert services(compared(tmp_path, rows("pg-1", cheap)))[1] == ("pg-1", "database", "-14.85")


def test_one_id_in_two_projects_is_two_resources(tmp_path: Path) -> None:
    found = compared(tmp_path, rows("a", SERVER, "mcs1") + rows("a", DATABASE, "mcs2"))
    assert found.after == found.before
    assert [s for _, s, _ in services(found)] == ["vm", "vm", "disk", "database", "database", "database"]


def test_without_a_resource_the_amount_decides(tmp_path: Path) -> None:
    found = compared(tmp_path, rows("", [SERVER[0], DATABASE[0]]))
    assert [s for _, s, _ in services(found)] == ["vm", "database"]
    assert "by its amount" in why(found.lines.to_pylist()[0], "en")


def test_what_nothing_settles_is_named_with_the_difference_of_each(tmp_path: Path) -> None:
    found = compared(tmp_path, rows("", [(CPU, "5760", "vCPU·мин", "100,00")]))
    assert not found.complete
    (problem,) = found.problems
    assert problem.code == "row_without_price"
    assert "Виртуальные серверы (vk.compute.vcpu.ice-lake: -13.24)" in str(problem.args["reason"])
    assert "Базы данных" in str(problem.args["reason"])


def test_a_project_of_one_service_takes_its_rest(tmp_path: Path) -> None:
    found = compared(tmp_path, rows("pg-1", DATABASE) + rows("", [(CPU, "5760", "vCPU·мин", "150,00")]))
    assert services(found)[3] == ("", "database", "8.45")
    assert "by the rest of its project" in why(found.lines.to_pylist()[3], "en")


def test_a_bill_without_vat_is_held_against_net_amounts(tmp_path: Path) -> None:
    """113.24 / 1.22 = 92.82; 118.75 / 1.22 = 97.34; 70.78 / 1.22 = 58.02; 74.22 / 1.22 = 60.84."""
    net = rows("vm-1", [(*SERVER[0][:3], "92,82"), (*SERVER[1][:3], "97,34")])
    net += rows("pg-1", [(*DATABASE[0][:3], "58,02"), (*DATABASE[1][:3], "60,84")])
    assert [s for _, s, _ in services(compared(tmp_path, net))] == ["vm", "vm", "database", "database"]


def test_a_section_that_is_written_wins_over_the_amount(tmp_path: Path) -> None:
    body = "01.06.2026;mcs1;x;Базы данных;" + ";".join(SERVER[0]) + "\n"
    found = compared(tmp_path, body, "Сервис;")
    assert services(found) == [("x", "database", "-28.31")]
    assert not found.problems


def test_a_section_nobody_knows_leaves_it_to_evidence(tmp_path: Path) -> None:
    body = "".join("01.06.2026;mcs1;x;Прочее;" + ";".join(item) + "\n" for item in DATABASE)
    found = compared(tmp_path, body, "Сервис;")
    assert found.after == found.before
    assert {s for _, s, _ in services(found)} == {"database"}


@pytest.mark.parametrize("days", [3])
def test_every_day_of_a_resource_is_one_service(tmp_path: Path, days: int) -> None:
    """On the second day its CPU is billed at Cloud Servers' price: 56.62 instead of 70.78."""
    body = "".join(
        rows("pg-1", [(*DATABASE[0][:3], "56,62" if d == 2 else "70,78"), *DATABASE[1:]], day=f"0{d}.06.2026")
        for d in range(1, days + 1)
    )
    found = services(compared(tmp_path, body))
    assert {s for _, s, _ in found} == {"database"}
    assert [d for _, _, d in found if d != "0"] == ["-14.16"]


@pytest.mark.parametrize("case", sorted(p.name for p in CASES.iterdir()))
def test_golden(case: str) -> None:
    """Amounts worked by hand from the price list; what is due, which service, by which evidence."""
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    comparison = reconcile_bill(read_bill(CASES / case / "bill.csv"))
    lines = comparison.lines.to_pylist()
    assert (comparison.delta, comparison.complete) == (Decimal(expected["delta"]), expected["complete"])
    by_resource: dict[str, list[str]] = {}
    for line in lines:
        by_resource.setdefault(line["resource_id"], []).append(line["service"])
        assert expected["evidence"][line["resource_id"]] in why(line, "en")
    assert by_resource == expected["services"]
    if "patterns" in expected:
        assert [[p.kind, f"{p.percent:f}", p.rows] for p in comparison.patterns] == expected["patterns"]
    if "told" in expected:
        assert [p.code for p in comparison.problems] == expected["told"]


def test_a_separator_in_a_bills_own_text_is_its_text() -> None:
    assert said(marked("vk.x", "amount", "a\x1fb\x1fc")) == "a\x1fb\x1fc"
    assert said("a\x1fb") == "a\x1fb"
