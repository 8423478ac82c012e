"""Profiles of bills, and what single cells mean: numbers, days, labels, names of columns."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costlab import bills
from costlab.bills import Profile, detect, load_profile, profile_text, read_bill
from costlab.bills.reading.columns import normal
from costlab.bills.reading.values import Notation, labels_json, parse_day, votes
from costlab.errors import InputError, sentence
from tests.bills.samples import (
    save,
)


def test_a_profile_names_what_is_unknown(tmp_path: Path) -> None:
    path = save(tmp_path, "Когда;Что;Почём;Сколько\n01/02/2026;CPU;-1,234;2\n02/02/2026;CPU;-1,000;2\n".encode())
    found = detect(path)
    assert (found.format, found.header) == ("", ("Когда", "Что", "Почём", "Сколько"))
    assert found.missing == ("day", "parameter", "amount")
    assert found.rows[0] == ("01/02/2026", "CPU", "-1,234", "2")
    profile = Profile(
        columns={"day": "Когда", "parameter": "Что", "amount": "Почём", "quantity": "Сколько"}, decimal=",",
        sign="negative", quantity_unit='ГБ·"ч"', dates="dmy",
    )  # fmt: skip
    saved = save(tmp_path, profile_text(profile).encode(), "profile.yaml")
    assert load_profile(saved) == profile
    bill = read_bill(path, profile=load_profile(saved))
    assert bill.charges["amount"].to_pylist() == [Decimal("1.234"), Decimal(1)]
    assert bill.charges["unit"].to_pylist() == ['ГБ·"ч"'] * 2
    assert (bill.first_day, bill.last_day) == (date(2026, 2, 1), date(2026, 2, 2))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("costlab: 1\ncolumns:\n  amuont: x\n", "profile.yaml:3: "),
        ("costlab: 1\ncolumns: {}\nsing: negative\n", "profile.yaml:3: "),
        ("costlab: 1\ncolumns: {}\ndecimal: x\n", "profile.yaml:3: "),
        ("- 1\n", "profile.yaml:1: "),
    ],
)
def test_a_wrong_profile_is_told_with_its_line(body: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load_profile(save(tmp_path, body.encode(), "profile.yaml"))
    assert said in sentence(error.value.problems[0], "en")


def test_numbers() -> None:
    def decided(*texts: str) -> str:
        found = votes((t.translate(str.maketrans("012345678", "9" * 9)), t.startswith("0"), 1) for t in texts)
        return found.decimal or ("?" if found.undecided else "")

    texts = ("1,5", "1.5", "1,234", "1,234 0,125", "1,234 12.5", "1,234,567", "1.234", "7")
    assert [decided(*t.split()) for t in texts] == [",", ".", "?", ",", ".", ".", "", ""]
    point, mark = Notation(".", True, 18), Notation(",", True, 18)
    assert [point.canonical(t) for t in ("1,234.56", "(5.00)", "5-", "5.64902E-05", "−1 000", "+3", "-", "1.")] == [
        "1234.56", "-5", "-5", "0.0000564902", "-1000", "3", "", "1",
    ]  # fmt: skip
    assert [mark.canonical(t) for t in ("1 234,56 ₽", "12,50 руб.", "1.234,5", "1\u00a0000")] == [
        "1234.56",
        "12.5",
        "1234.5",
        "1000",
    ]
    assert [
        point.canonical(t) for t in ("1 23", "1e999", "x", "NaN1", "--5", "1..2", "٣", "0.1234567890123456789")
    ] == [None] * 8


def test_days() -> None:
    def read(text: str, order: str = "", serial: bool = False) -> Any:
        found = parse_day(text, order, lambda: timedelta(hours=3), serial=serial)
        return found and (found[0].isoformat(), found[1])

    assert read("01.02.2026") == read("2026-02-01T00:00:00") == read("1 февраля 2026 г.") == ("2026-02-01", False)
    assert read("2026-01-31T21:00:00Z") == ("2026-02-01", False)
    assert read("2026-02-01 13:00") == ("2026-02-01", True)
    assert (read("01/02/2026", "dmy"), read("02/01/2026", "mdy")) == (("2026-02-01", False),) * 2
    assert (read("01/02/2026"), read("46054"), read("31.06.2026"), read("2026-13-01"), read("x")) == (None,) * 5
    assert read("46054", serial=True) == ("2026-02-01", False)


def test_labels() -> None:
    texts = ('{"a": 1, "b": true}', "a=b; c=d", '"a": "b"', '[{"key": "a", "value": "b"}]')
    assert [labels_json(t)[0] for t in texts] == [
        '{"a": "1", "b": "true"}', '{"a": "b", "c": "d"}', '{"a": "b"}', '{"a": "b"}',
    ]  # fmt: skip
    assert labels_json("[[[") == ('{"_raw": "[[["}', False)
    assert labels_json("x", ["env"], ["prod"])[0] == '{"_raw": "x", "env": "prod"}'


def test_every_column_name_is_one_field() -> None:
    for name in bills.names():
        reader = bills.load(name)
        synonyms = [normal(s) for group in reader.COLUMNS.values() for s in group]
        if reader.COLUMNS:  # generic knows no names: a profile has them all
            assert reader.matches([reader.COLUMNS[f][0] for f in reader.REQUIRED])
        assert {normal(s): f for f, group in reader.COLUMNS.items() for s in group} == reader.NAMES.strong
        fields: dict[str, set[str]] = {}
        for field, group in reader.COLUMNS.items():
            for synonym in group:
                fields.setdefault(normal(synonym), set()).add(field)
        assert all(len(f) == 1 for f in fields.values()), synonyms
