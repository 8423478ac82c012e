"""Money of one currency as money of another: by the day's own rate, exact, once rounded; what has none is told."""

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlab.cli import main
from costlab.engine.duckdb import connect
from costlab.engine.exchange import ExchangeRate, Rates, convert, load_rates, missing, originals
from costlab.errors import InputError, sentence
from costlab.model.bill import NUMBER
from costlab.store import import_bill, open_store

GOLDEN = Path(__file__).parent / "bills" / "formats"
DAY = date(2026, 6, 1)
HEAD = "date,from,to,rate,source\n"


def save(folder: Path, text: str, name: str = "rates.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def converted(amounts: list[Decimal], rate: Decimal) -> list[Decimal]:
    rows = {"currency": ["USD"] * len(amounts), "day": [DAY] * len(amounts)}
    money = {n: pa.array(amounts, NUMBER) for n in ("amount", "bonus", "list_cost", "effective_cost")}
    with connect() as connection:
        connection.register("charge", pa.table({**rows, **money}))
        convert(connection, Rates("r", (ExchangeRate(DAY, "USD", "RUB", rate, "x"),)), "RUB")
        found = connection.execute("SELECT amount, original_amount, currency FROM charge").fetchall()
        assert missing(connection, "charge", Rates("r", ()), "RUB") == []
    assert [o for _, o, _ in found] == amounts
    assert {c for *_, c in found} == {"RUB"}
    return [a for a, *_ in found]


numbers = st.decimals(-(10**15) + 1, 10**15 - 1, places=18)


@settings(max_examples=60, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=20), st.decimals("0.0000000001", "999999.9999999999", places=10))
def test_every_row_is_rounded_once_as_a_person_would(amounts: list[Decimal], rate: Decimal) -> None:
    with localcontext(prec=80):
        expected = [(a * rate).quantize(Decimal("0.01"), ROUND_HALF_UP) for a in amounts]
    assert converted(amounts, rate) == expected


def test_halves_go_away_from_zero() -> None:
    amounts = [Decimal(t) for t in ("0.005", "-0.005", "0.004999999999999999", "1000000000000.005", "0")]
    expected = ["0.01", "-0.01", "0", "1000000000000.01", "0"]
    assert converted(amounts, Decimal(1)) == [Decimal(t) for t in expected]


@pytest.mark.parametrize(
    "name", ["rates.csv", "rates.yaml", "rates.json"]
)  # fmt: skip
def test_three_ways_to_write_a_rate(tmp_path: Path, name: str) -> None:
    row = {"date": "2026-06-01", "from": "USD", "to": "RUB", "rate": "78.5012", "source": "bank"}
    texts = {
        "rates.csv": HEAD + "2026-06-01,usd,RUB,78.5012,bank\n",
        "rates.yaml": "rates:\n  - {date: 2026-06-01, from: USD, to: RUB, rate: 78.5012, source: bank}\n",
        "rates.json": json.dumps({"rates": [row]}),
    }
    [rate] = load_rates(save(tmp_path, texts[name], name)).rates
    assert rate == ExchangeRate(DAY, "USD", "RUB", Decimal("78.5012"), "bank")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (HEAD, ["no_rates"]), ("date,from,to,rate\n2026-06-01,USD,RUB,1\n", ["rate_columns"]),
        (HEAD + "01.06.2026,USD,RUB,1,x\n2026-06-01,US,RUB,1,x\n", ["bad_rate", "bad_rate"]),
        (HEAD + "2026-06-01,USD,RUB,0,x\n2026-06-01,USD,RUB,1e5,x\n", ["bad_rate", "bad_rate"]),
        (HEAD + "2026-06-01,USD,RUB,1.12345678901,x\n", ["bad_rate"]), (HEAD + "2026-06-01,USD,RUB,1,\n", ["bad_rate"]),
        (HEAD + "2026-06-01,USD,RUB,1,x\n2026-06-01,USD,RUB,2,y\n", ["two_rates"]),
    ],
)  # fmt: skip
def test_what_is_no_rate(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load_rates(save(tmp_path, text))
    assert [p.code for p in caught.value.problems] == codes
    assert all(sentence(p, language) for p in caught.value.problems for language in ("en", "ru"))


def test_a_bill_in_one_currency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    store = open_store()
    import_bill(store, GOLDEN / "azure-actual.csv")
    import_bill(store, GOLDEN / "selectel.csv")
    store.engine.dispose()
    days = "".join(f"2023-09-{d:02},EUR,RUB,100.5,bank\n" for d in (2, 3, 4))
    rates = save(tmp_path, HEAD + days)
    asked = ["bill", "show", "--format", "json", "--currency", "RUB", "--rates", str(rates), "--lang", "en"]
    assert main(asked) == 3
    told = json.loads(capsys.readouterr().out)
    # 1200 and -100 and 0.00 (of 5.6e-5) at 100.5; the rounding of the 30th has no rate and keeps its currency.
    assert Decimal(told["totals"]["RUB"]) == Decimal("110550.01") + Decimal("1234.56")
    assert told["totals"]["EUR"] == "0.003"
    assert told["originals"] == {"EUR": "1100.0030564902", "RUB": "1234.56"}
    assert [p["message"] for p in told["problems"]] == [
        "no rate of EUR in RUB on 2023-09-30: 1 rows, 0.003 EUR, were not converted"
    ]
    assert told["complete"] is False
    rates.write_text(HEAD + days + "2023-09-30,EUR,RUB,100.5,bank\n", encoding="utf-8")
    assert main([*asked[:3], "table", *asked[4:]]) == 0
    assert "was 1,100.00" in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["bill", "show", "--rates", str(rates)]) == 2
    assert main(["bill", "show", "--question", "restated", "--currency", "RUB"]) == 2


def test_documents_beside_charges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    store = open_store()
    import_bill(store, GOLDEN / "focus-1.3.csv")
    store.engine.dispose()
    assert main(["bill", "invoices", str(GOLDEN / "invoice-detail-1.4.csv"), "--format", "json"]) == 0
    first, voided = json.loads(capsys.readouterr().out)["invoices"]
    assert (first["invoice"], first["document"], voided["document"], voided["status"]) == (
        "INV-1", "113.12", "0", "Voided",
    )  # fmt: skip
    assert Decimal(first["difference"]) == Decimal("113.12") - Decimal(first["charges"])
    assert first["rows"] > 0
    assert main(["bill", "invoices", str(GOLDEN / "invoice-detail-1.4.csv"), "--lang", "ru"]) == 0
    assert "По документу" in capsys.readouterr().out
    assert main(["bill", "invoices", str(GOLDEN / "yandex.csv")]) == 2


def test_the_month_of_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    head = (GOLDEN / "azure-actual.csv").read_text(encoding="utf-8").splitlines()[0]
    path = save(tmp_path, head + "\n", "empty.csv")
    assert main(["bill", "import", str(path)]) == 2
    assert main(["bill", "import", str(path), "--month", "2026-10", "--format", "json"]) == 0
    [told] = json.loads(capsys.readouterr().out)["files"]
    assert (told["rows"], told["accepted"], told["total"]) == (0, 0, "0")


def test_originals_by_currency() -> None:
    with connect() as connection:
        rows = {
            "original_currency": ["USD", "USD", "RUB"],
            "original_amount": pa.array([1, 2, 3], pa.decimal128(38, 0)),
        }
        connection.register("asked", pa.table(rows))
        assert originals(connection, "asked") == {"RUB": 3, "USD": 3}


def test_a_bill_in_another_currency_meets_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The granular report of a bill in dollars, whose list is in roubles."""
    text = "Дата;ID ресурса;Параметр;Количество;Сумма;Валюта\n2026-06-01;web;CPU;1;1.005;USD\n"
    bill = save(tmp_path, text, "bill.csv")
    assert main(["reconcile", str(bill), "--lang", "en"]) == 2
    assert main(["reconcile", str(bill), "--currency", "RUB"]) == 2  # no rate: nothing is compared in part
    assert "2026-06-01" in capsys.readouterr().err
    rates = save(tmp_path, HEAD + "2026-06-01,USD,RUB,80,bank\n")
    main(["reconcile", str(bill), "--currency", "RUB", "--rates", str(rates), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["after"] == "80.40"
