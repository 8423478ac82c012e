"""Rows of a bill that differ in one way are one finding; what differs otherwise stays a finding of its own."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from costlab.bills import read_bill
from costlab.catalog.contract import with_contract
from costlab.catalog.loading import load_catalog
from costlab.cli import main
from costlab.compare.reconcile import reconcile_bill
from costlab.compare.result import Comparison

HEADER = "Дата;Проект;ID ресурса;Сервис;Параметр;Количество;Ед. изм.;Сумма\n"
ITEMS = [
    ("Виртуальные серверы", "CPU, Intel Ice Lake", "5760", "vCPU·мин", "113.24"),
    ("Виртуальные серверы", "RAM, Intel Ice Lake", "23040", "ГБ·мин", "118.75"),
    ("Базы данных", "CPU, Intel Ice Lake", "5760", "vCPU·мин", "141.55"),
]
"""What a day costs by the list of 2026-01-12, with VAT; the last by 0.024575 a minute."""


def bill(path: Path, factor: dict[tuple[str, int], str], days: int = 4, planted: str = "") -> Path:
    """A bill of some days of November; `factor`: service ("" any) and first day → what the list's amount is times."""
    lines = []
    for day in range(1, days + 1):
        for service, item, quantity, unit, amount in ITEMS:
            share = Decimal(1)
            for (name, since), text in factor.items():
                if name in ("", service) and day >= since:
                    share = Decimal(text) if "/" not in text else Decimal(text[:3]) / Decimal(text[4:])
            cost = (Decimal(amount) * share).quantize(Decimal("0.01"), ROUND_HALF_UP)
            lines.append(f"{day:02}.11.2026;mcs1;r-{service[:2]};{service};{item};{quantity};{unit};{cost}\n")
    if planted:
        lines[0] = lines[0].rpartition(";")[0] + f";{planted}\n"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def shown(found: Comparison) -> list[tuple[str, str, tuple[str, ...], date | None, int, int]]:
    return [
        (p.kind, "" if p.percent is None else f"{p.percent:f}", p.services, p.since, p.rows, p.apart)
        for p in found.patterns
    ]


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        ({("", 1): "100/122"}, [("without_vat", "", (), None, 12, 0)]),
        ({("", 1): "0.9"}, [("percent", "10", (), None, 12, 0)]),
        ({("", 1): "0.875"}, [("percent", "12.5", (), None, 12, 0)]),
        ({("", 3): "0.9"}, [("percent", "10", (), date(2026, 11, 3), 6, 0)]),
        ({("Базы данных", 1): "0.85"}, [("percent", "15", ("database",), None, 4, 0)]),
        ({("", 1): "1.07"}, [("percent", "-7", (), None, 12, 0)]),
        ({}, []),
    ],
    ids=["net", "tenth", "fraction", "from a day", "one service", "above", "as listed"],
)
def test_what_was_taken_of_rounded_amounts_is_one_finding(
    factor: dict[tuple[str, int], str], expected: list[object], tmp_path: Path
) -> None:
    found = reconcile_bill(read_bill(bill(tmp_path / "bill.csv", factor)))
    assert shown(found) == expected
    assert found.complete
    assert abs(found.causes["rounding"]) <= Decimal("0.12")  # a kopeck a row, and said to be rounding
    assert not found.causes["unexplained"]


def test_a_row_beside_the_pattern_stays_a_finding(tmp_path: Path) -> None:
    found = reconcile_bill(read_bill(bill(tmp_path / "bill.csv", {("", 1): "0.9"}, planted="200.00")))
    assert [(p.rows, p.apart) for p in found.patterns] == [(11, 1)]
    first = found.lines.to_pylist()[0]
    assert (first["delta"], first["verdict"]) == (Decimal("86.76"), "price")


def test_rows_that_differ_each_in_its_own_way_are_no_pattern(tmp_path: Path) -> None:
    path = bill(tmp_path / "bill.csv", {("", 1): "0.9", ("", 2): "0.7", ("", 3): "0.5", ("", 4): "1.3"})
    assert reconcile_bill(read_bill(path)).patterns == ()


def test_the_suggested_contract_explains_the_bill(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bill(tmp_path / "bill.csv", {("", 3): "0.9"})
    assert main(["reconcile", str(path), "--suggest-contract", str(tmp_path / "deal"), "--format", "json"]) == 0
    capsys.readouterr()
    deal = with_contract(load_catalog(), tmp_path / "deal")
    found = reconcile_bill(read_bill(path), catalog=deal)
    assert abs(found.delta) <= Decimal("0.06")  # a kopeck a row: here the rounded amount was discounted
    assert found.patterns == ()


def test_nothing_is_suggested_for_a_bill_without_vat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bill(tmp_path / "bill.csv", {("", 1): "100/122"})
    assert main(["reconcile", str(path), "--suggest-contract", str(tmp_path / "deal"), "--lang", "en"]) == 2
    assert "no contract can be suggested" in capsys.readouterr().err
    assert not (tmp_path / "deal").exists()
