"""SLA credits: both readings of the table, what does not count, and the command in both languages."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlab.catalog.loading import load_catalog
from costlab.cli import main
from costlab.credits.sla import Credits, Outage, Sla, credit, credits_of, month_of, on_edge, sla_of
from costlab.errors import sentence
from costlab.model.numbers import Period

ROOT = Path(__file__).parent.parent
FOUND = sla_of(load_catalog("vk"))
assert FOUND is not None
SLA: Sla = FOUND


def told(*outages: Outage) -> Credits:
    return credits_of(SLA, outages, "RUB")


def outage(minutes: str, service: str = "vm", **more: object) -> Outage:
    return Outage.model_validate({"service": service, "spent": "10000", "downtime_minutes": minutes, **more})


def codes(found: Credits) -> list[str]:
    return [p.code for p in found.problems]


@pytest.mark.parametrize("minutes", ["21.95", "44.5", "440", "2170"])
def test_where_the_columns_differ_both_are_told(minutes: str) -> None:
    found = told(outage(minutes))
    assert codes(found) == ["sla_readings_differ"]
    assert found.credits[0].differs


@pytest.mark.parametrize("minutes", ["22", "21.9", "45", "43.8", "450", "438", "2160", "2190", "4380"])
def test_an_edge_is_told(minutes: str) -> None:
    assert on_edge(SLA, Decimal(minutes))
    assert set(codes(told(outage(minutes)))) <= {"sla_edge", "sla_readings_differ"}
    assert codes(told(outage(minutes)))


def test_the_last_row_begins_after_its_hours() -> None:
    assert [credit(SLA, outage(m)).amount for m in ("4380", "4380.01")] == [Decimal("2500.00"), Decimal("5000.00")]


def test_no_promise_for_voice_and_beta() -> None:
    found = told(outage("600", "voice"), outage("600", beta=True), outage("600"))
    assert [c.status for c in found.credits] == ["no_sla", "no_sla", "credit"]
    assert found.total == Decimal("2000.00")
    assert codes(found) == ["no_sla", "no_sla"]


def test_lost_objects_give_back_bonuses_too() -> None:
    found = told(outage("10", "object_storage", bonuses="4000", data_lost=True), outage("10", data_lost=True))
    assert [c.amount for c in found.credits] == [Decimal("10000.00"), Decimal("0.00")]
    assert codes(found) == ["no_data_loss_credit"]


def test_bonuses_cannot_exceed_the_spend() -> None:
    found = told(outage("600", bonuses="12000"))
    assert found.total == 0
    assert codes(found) == ["more_bonuses_than_spent"]


amounts = st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-2))


@given(amounts, amounts, st.integers(0, 50_000_000).map(lambda n: Decimal(n).scaleb(-3)))
def test_a_credit_is_never_more_than_was_paid(spent: Decimal, bonuses: Decimal, minutes: Decimal) -> None:
    found = credit(SLA, Outage(service="vm", spent=spent, bonuses=bonuses, downtime_minutes=minutes))
    assert 0 <= found.amount <= found.personal <= spent
    assert 0 <= found.amount_by_percent <= found.personal
    longer = credit(SLA, Outage(service="vm", spent=spent, bonuses=bonuses, downtime_minutes=minutes + 1))
    assert found.amount <= longer.amount


@pytest.mark.parametrize(
    ("start", "end", "month"),
    [
        ("2026-10-31T23:00", "2026-11-01T02:00", date(2026, 11, 1)),
        ("2026-10-31T20:00", "2026-11-01T02:00", date(2026, 10, 1)),
        ("2026-10-31T22:00", "2026-11-01T02:00", date(2026, 10, 1)),
        ("2026-10-31T23:00", "2026-12-01T02:00", date(2026, 11, 1)),
        ("2026-12-31T23:00", "2027-01-01T02:00", date(2027, 1, 1)),
    ],
)
def test_an_outage_belongs_to_the_month_of_its_larger_part(start: str, end: str, month: date) -> None:
    moments = (datetime.fromisoformat(f"{text}:00+03:00") for text in (start, end))
    assert month_of(Period(start=next(moments), end=next(moments))) == month


def test_the_command_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sla", "--spend", "vm=10000", "--bonuses", "vm=4000", "--downtime", "vm=44.5m"]
    assert main([*words, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "180.00" in english
    assert "the table's minutes give 3 %, its percentages 10 %" in english
    assert main([*words, "--lang", "ru"]) == 0
    assert "180,00" in capsys.readouterr().out
    assert main([*words, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["total"], data["total_by_percent"], data["credits"][0]["differs"]) == ("180.00", "600.00", True)


def test_the_command_takes_spends_from_an_estimate(capsys: pytest.CaptureFixture[str]) -> None:
    shop = str(ROOT / "costlab" / "examples" / "shop.yaml")
    assert main(["sla", shop, "--downtime", "vm=8h", "--downtime", "database=1h30m", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [(c["service"], c["downtime_minutes"], c["share"]) for c in data["credits"]] == [
        ("vm", "480", "0.20"),
        ("database", "90", "0.10"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--spend", "10000", "--downtime", "soon"], "“soon” is not a time"),
        (["--spend", "much", "--downtime", "30"], "“much” is not an amount"),
        (["--spend", "vm=10000", "--downtime", "vn=30"], "did you mean “vm”?"),
        (["--spend", "1", "--downtime", "30", "--provider", "nobody"], "no provider 'nobody'"),
    ],
)
def test_wrong_options(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sla", *words, "--lang", "en"]) == 2
    assert said in capsys.readouterr().err


def test_every_warning_reads_in_both_languages() -> None:
    found = told(outage("44.5"), outage("45"), outage("600", "voice"), outage("1", bonuses="12000", data_lost=True))
    for language in ("en", "ru"):
        for problem in found.problems:
            assert "{" not in sentence(problem, language)
