"""Questions about charges: known answers, and parts that add up to the whole whatever the charges are."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costlab import questions
from costlab.engine import duckdb as engine
from costlab.errors import InputError, sentence
from costlab.exports.answers import title
from costlab.questions import FIRST, Answer, Column, Where, _card, ask, card, names, sql
from tests.charges import charge, offer

Ask = Callable[..., Answer]
CPU = {"parameter": "CPU, Intel Ice Lake", "unit": "vCPU·мин"}
DISK = {"parameter": "Жесткий диск, SSD"}
FAST = {"parameter": "Жесткий диск, High-IOPS SSD"}
ADDRESS = {"parameter": "Плавающий IPv4-адрес (Sprut)", "unit": "шт.·мин", "service": "Сети"}
WINDOWS = {"parameter": "MS Windows Server", "unit": "шт.·сут", "service": "Лицензии"}
SNAPSHOT = {"parameter": "Жесткий диск, SSD (Snapshot)"}
NOTHING = Decimal(0)


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[list[dict[str, Any]]], Ask]:
    def given_rows(rows: list[dict[str, Any]]) -> Ask:
        def answer(name: str, **values: Any) -> Answer:
            with engine.connect() as connection:
                offer(connection, rows, tmp_path)
                return ask(connection, name, **values)

        return answer

    return given_rows


def rows(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[c] for c in columns) for row in answer.table.to_pylist()]


Charges = Callable[[list[dict[str, Any]]], Ask]

SHOP = [
    charge("2026-10-30", "10.00", tags={"env": "prod"}),
    charge("2026-11-02", "20.00", tags={"env": "prod", "team": ""}, resource_id="db"),
    charge("2026-11-03", "3.005", tags={"env": "test"}, resource_id="old"),
    charge("2026-11-08", "-1.00", category="Credit", service="", resource_id=""),
    charge("2026-11-09", "7.00", currency="USD", project="p'1", service='say "x"'),
]


def test_every_file_is_a_question() -> None:
    folder = Path(questions.__file__).parent
    assert set(names()) == {path.stem for path in folder.glob("[!_]*.sql")}
    assert names()[0] == FIRST


@pytest.mark.parametrize("name", names())
def test_a_head_says_all_of_its_question(name: str) -> None:
    """Both languages, every column under a title, every word reachable, every parameter in the query."""
    head, query = card(name), sql(name)
    texts = [head.title, head.short, head.about, *head.words.values()]
    texts += [w.why for w in head.words.values() if w.why is not None]
    assert all(text.en.strip() and re.search("[а-яё]", text.ru.lower()) for text in texts)
    hidden = {c for c, column in head.columns.items() if column.kind == "hidden"}
    split = {"d1", "d2", "d3", "d4", "bucket"} if "by" in head.takes else set()
    untitled = [c for c in set(head.columns) - hidden - split if title(c, "ru") == c and head.columns[c].title is None]
    assert untitled == []
    told = set(re.findall(r"'(\w+)'", query))
    assert set(head.words) <= told
    assert set(head.quiet) <= set(head.words)
    parameters = {"top": ("top",), "days": ("days",), "months": ("before", "after")}
    asked = {p for name in head.takes for p in parameters.get(name, ())}
    assert set(re.findall(r"\$(\w+)", query)) == asked


def test_a_head_with_a_mistake_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unquoted comma ends a text of YAML; a line that is no YAML; nothing at all."""
    for head, told in (
        ("title: {en: Days, ru: Дни, за которые}\n", r"head of questions/odd\.sql: title\.за которые: .*columns"),
        ("title: {en: [\n", r"head of questions/odd\.sql is no YAML"),
        ("", r"head of questions/odd\.sql: "),
    ):
        monkeypatch.setattr(_card, "_parts", lambda _, head=head: (head, ""))
        with pytest.raises(ValueError, match=told):
            _card.card.__wrapped__("odd")


def test_a_head_that_is_not_true_is_refused(asked: Charges, monkeypatch: pytest.MonkeyPatch) -> None:
    less = card("coverage").model_copy(update={"columns": {"project": Column()}})
    monkeypatch.setattr(questions, "card", lambda _: less)
    with pytest.raises(TypeError, match=r"coverage\.sql yields .* its head says \['project'\]"):
        asked(SHOP)("coverage")


GOLDEN = sorted((Path(__file__).parent / "questions").glob("*/case.yaml"))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda p: p.parent.name)
def test_golden(case: Path, asked: Charges) -> None:
    """`case.yaml`: the question, what it is asked with, charges (what is not said is usual) and the rows, by hand."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    made = [charge(**{**c, "day": str(c["day"])}) for c in told["charges"]]
    table = asked(made)(told["question"], **told.get("asked", {})).table.to_pylist()
    assert len(table) == len(told["rows"])
    for got, wanted in zip(table, told["rows"], strict=True):
        shown = {k: Decimal(v) if isinstance(got[k], Decimal) else v for k, v in wanted.items()}
        assert {k: got[k] for k in wanted} == shown


def test_cost_by_dimensions_and_grain(asked: Charges) -> None:
    answer = asked(SHOP)("cost", by=["project", "tag:env"], grain="month")
    found = rows(answer, "project", "tag:env", "month", "currency", "charges", "amount")
    assert found == [
        ("mcs1", "prod", date(2026, 10, 1), "RUB", 1, Decimal("10.00")),
        ("mcs1", "prod", date(2026, 11, 1), "RUB", 1, Decimal("20.00")),
        ("mcs1", "test", date(2026, 11, 1), "RUB", 1, Decimal("3.005")),
        ("mcs1", "", date(2026, 11, 1), "RUB", 1, Decimal("-1.00")),
        ("p'1", "", date(2026, 11, 1), "USD", 1, Decimal("7.00")),
    ]
    assert answer.totals == {"RUB": Decimal("32.005"), "USD": Decimal("7.00")}
    assert answer.table.schema.field("amount").type.scale == 18


def test_weeks_begin_on_monday_and_days_are_days(asked: Charges) -> None:
    weeks = rows(asked(SHOP)("cost", grain="week", where=Where(equal=(("currency", ("RUB",)),))), "week", "amount")
    assert weeks == [(date(2026, 10, 26), Decimal("10.00")), (date(2026, 11, 2), Decimal("22.005"))]
    days = rows(asked(SHOP)("cost", grain="day"), "day", "amount")
    assert (date(2026, 11, 8), Decimal("-1.00")) in days


def test_the_largest_and_the_rest(asked: Charges) -> None:
    answer = asked(SHOP)("cost", by=["resource"], grain="month", top=1)
    found = rows(answer, "resource", "month", "currency", "place", "items", "amount")
    assert found == [
        ("db", date(2026, 11, 1), "RUB", 1, 1, Decimal("20.00")),
        ("", date(2026, 10, 1), "RUB", 2, 1, Decimal("10.00")),
        ("", date(2026, 11, 1), "RUB", 2, 2, Decimal("2.005")),
        ("web", date(2026, 11, 1), "USD", 1, 1, Decimal("7.00")),
    ]
    assert answer.rest == 2


def test_a_month_is_the_billing_month(asked: Charges) -> None:
    late = [charge("2026-10-31", "5.00", period=date(2026, 11, 1))]
    assert rows(asked(late)("cost", grain="month"), "month") == [(date(2026, 11, 1),)]


def test_filters_are_data_not_sql(asked: Charges) -> None:
    question = asked(SHOP)
    nasty = Where(equal=(("project", ("p'1", "' OR 1=1 --")), ("tag:a'b\"~/c", ("",))))
    assert question("cost", where=nasty).totals == {"USD": Decimal("7.00")}
    assert question("cost", where=Where(date(2026, 10, 1), date(2026, 10, 1))).totals == {"RUB": Decimal("10.00")}
    assert question("cost", by=['tag:"'], where=Where(equal=(("service", ('say "x"',)),))).charges == 1


def test_a_column_of_the_file_is_a_dimension(asked: Charges) -> None:
    mine = [charge("2026-11-01", "1", **{'x_Cost "centre"': "17"}), charge("2026-11-01", "2")]
    found = rows(asked(mine)("cost", by=['x_Cost "centre"']), 'x_Cost "centre"', "amount")
    assert found == [("", Decimal(2)), ("17", Decimal(1))]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "costs"}, "ask one of"),
        ({"name": "cost", "by": ["servise"]}, "did you mean “service”?"),
        ({"name": "cost", "by": ["tag:"]}, "choose from"),
        ({"name": "cost", "by": ["a", "b", "c", "d", "e"]}, "at most 4"),
        ({"name": "changed", "before": date(2026, 9, 1)}, "missing: 2026-09"),
    ],
)
def test_what_cannot_be_asked_says_what_can(asked: Charges, values: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        asked(SHOP)(values.pop("name"), **values)
    assert expected in sentence(refused.value.problems[0], "en")
    assert sentence(refused.value.problems[0], "ru")


def test_tags_and_what_they_do_not_cover(asked: Charges) -> None:
    answer = asked(SHOP)("tags")
    found = rows(answer, "currency", "tag", "different", "charges", "untagged_charges", "tagged", "untagged", "amount")
    assert found == [
        ("RUB", "", 0, 3, 1, Decimal("33.005"), Decimal("-1.00"), Decimal("32.005")),
        ("RUB", "env", 2, 3, 1, Decimal("33.005"), Decimal("-1.00"), Decimal("32.005")),
        ("USD", "", 0, 0, 1, NOTHING, Decimal("7.00"), Decimal("7.00")),
        ("USD", "env", 0, 0, 1, NOTHING, Decimal("7.00"), Decimal("7.00")),
    ]


def test_new_and_gone_resources(asked: Charges) -> None:
    answer = asked(SHOP)("changed", where=Where(equal=(("currency", ("RUB",)),)))
    found = rows(answer, "status", "resource_id", "before", "after", "delta")
    assert found == [
        ("new", "db", NOTHING, Decimal("20.00"), Decimal("20.00")),
        ("new", "old", NOTHING, Decimal("3.005"), Decimal("3.005")),
        ("new", "", NOTHING, Decimal("-1.00"), Decimal("-1.00")),
        ("gone", "web", Decimal("10.00"), NOTHING, Decimal("-10.00")),
    ]
    assert answer.periods == (date(2026, 10, 1), date(2026, 11, 1))
    short = asked(SHOP)("changed", top=1, where=Where(equal=(("currency", ("RUB",)),)))
    assert rows(short, "status", "place", "items", "delta")[:2] == [
        ("new", 1, 1, Decimal("20.00")),
        ("new", 2, 2, Decimal("2.005")),
    ]


def test_unit_prices_seen_tell_when_a_price_changed(asked: Charges) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
    old, new = Decimal("113.24"), Decimal("120.01")
    mine = [charge(d, old if d.day < 12 else new, quantity=Decimal(5760), **CPU) for d in days]
    mine.append(charge("2026-01-31", "5.00", quantity=None, **CPU))
    answer = asked(mine)("prices")
    found = rows(answer, "first_day", "last_day", "days", "charges", "amount", "price")
    assert found == [
        (date(2026, 1, 31), date(2026, 1, 31), 1, 1, Decimal("5.00"), None),
        (date(2026, 1, 1), date(2026, 1, 11), 11, 11, old * 11, Decimal("0.0196597222222")),
        (date(2026, 1, 12), date(2026, 1, 31), 20, 20, new * 20, Decimal("0.0208350694444")),
    ]


def test_rounding_is_no_change_of_price(asked: Charges) -> None:
    mine = [
        charge("2026-11-01", "0.03", quantity=Decimal(100)),
        charge("2026-11-02", "0.02", quantity=Decimal(90)),
        charge("2026-11-03", "2.50", quantity=Decimal(10000)),
    ]
    assert rows(asked(mine)("prices"), "days", "price") == [(3, Decimal("0.000250245338567"))]


def test_coverage_finds_days_without_rows_and_with_other_numbers(asked: Charges) -> None:
    mine = [charge(f"2026-11-0{d}", project=p) for d in (1, 2, 4, 5) for p in "ab" for _ in range(4)]
    mine += [charge("2026-11-05", project="b")] * 2 + [charge("2026-11-06", project="b")]
    found = rows(asked(mine)("coverage"), "project", "day", "state", "charges", "usual")
    odd = [(p, d.day, state, n, usual) for p, d, state, n, usual in found if state != "usual"]
    assert odd == [
        ("a", 3, "missing", 0, 4),
        ("b", 3, "missing", 0, 4),
        ("b", 5, "more", 6, 4),
        ("b", 6, "fewer", 1, 4),
    ]


def test_a_day_within_a_charge_of_a_month_is_not_missing(asked: Charges) -> None:
    span = {"start": datetime(2026, 11, 1, tzinfo=UTC), "end": datetime(2026, 11, 4, tzinfo=UTC)}
    mine = [charge("2026-11-01", **span), charge("2026-11-05")]
    states = [s for (s,) in rows(asked(mine)("coverage"), "state")]
    assert states == ["usual", "within", "within", "missing", "usual"]


def idle(answer: Answer) -> dict[str, list[tuple[str, Decimal]]]:
    found = defaultdict(list)
    for rule, resource, amount in rows(answer, "rule", "resource_id", "amount"):
        found[rule].append((resource, amount))
    return dict(found)


def test_what_a_stopped_machine_still_costs(asked: Charges) -> None:
    mine = []
    for day in range(1, 5):
        on = f"2026-11-0{day}"
        mine += [charge(on, "2.00", **DISK), charge(on, "33.00", **WINDOWS), charge(on, "1.00", **ADDRESS)]
        if day < 3:
            mine.append(charge(on, "9.00", **CPU))
    mine += [charge("2026-11-01", "4.00", resource_id="alone", **DISK)]
    mine += [charge("2026-11-01", "0.50", resource_id="floating", **ADDRESS)]
    assert idle(asked(mine)("idle")) == {
        "disk_stopped": [("web", Decimal("4.00"))],
        "ip_stopped": [("web", Decimal("2.00"))],
        "licence_stopped": [("web", Decimal("66.00"))],
        "disk_alone": [("alone", Decimal("4.00"))],
        "ip_alone": [("floating", Decimal("0.50"))],
        "": [("", Decimal("90.00"))],
    }


def test_a_project_without_machines_needs_no_addresses_and_disks(asked: Charges) -> None:
    mine = [charge("2026-11-01", "1.00", resource_id="ip-1", **ADDRESS), charge("2026-11-01", "2.00", **DISK)]
    assert idle(asked(mine)("idle")) == {
        "ip_empty": [("ip-1", Decimal("1.00"))],
        "disk_empty": [("web", Decimal("2.00"))],
        "": [("", NOTHING)],
    }


def test_more_addresses_than_machines(asked: Charges) -> None:
    mine = [charge("2026-11-01", "9.00", resource_id="vm", **CPU)]
    mine += [charge("2026-11-01", f"1.0{n}", resource_id=f"ip-{n}", **ADDRESS) for n in range(3)]
    found = idle(asked(mine)("idle"))
    assert found["ip_surplus"] == [("ip-1", Decimal("1.01")), ("ip-0", Decimal("1.00"))]


@pytest.mark.parametrize(("size", "noticed"), [(333, False), (334, True), (533, True), (534, False)])
def test_a_fast_disk_where_an_ordinary_one_is_as_fast(asked: Charges, size: int, noticed: bool) -> None:
    mine = [
        charge("2026-11-01", "9.00", **CPU),
        charge("2026-11-01", "7.00", quantity=Decimal(size * 24), **FAST | {"unit": "ГБ·ч"}),
    ]
    assert ("disk_fast" in idle(asked(mine)("idle"))) == noticed


def test_old_snapshots(asked: Charges) -> None:
    mine = [charge(date(2026, 10, 1) + timedelta(days=n), "1.00", resource_id="snap", **SNAPSHOT) for n in range(40)]
    assert idle(asked(mine)("idle")) == {"snapshot_old": [("snap", Decimal(10))], "": [("", Decimal(30))]}
    assert idle(asked(mine)("idle", days=60)) == {"": [("", Decimal(40))]}


def test_items_nobody_lists_are_known_by_their_words(asked: Charges) -> None:
    mine = [
        charge("2026-11-01", "3.00", resource_id="vol", parameter="Block storage volume (standard)", unit="GB-Month")
    ]
    assert idle(asked(mine)("idle"))["disk_empty"] == [("vol", Decimal("3.00"))]


def test_no_charges_have_no_answer_rows(asked: Charges) -> None:
    for name in names():
        if "months" not in card(name).takes:
            assert asked([])(name).totals == {}


AMOUNT = st.decimals(min_value=-(10**12), max_value=10**12, places=18, allow_nan=False)
PARAMETERS = [CPU, DISK, FAST, ADDRESS, WINDOWS, SNAPSHOT, {"parameter": "Load balancer"}, {"parameter": ""}]


@st.composite
def charges(draw: st.DrawFn) -> dict[str, Any]:
    """Any charge of a few names, so that they meet."""
    on = date(2026, 10, 25) + timedelta(days=draw(st.integers(0, 12)))
    quantity = draw(st.one_of(st.none(), st.decimals(min_value=-99999, max_value=999999, places=9)))
    return charge(
        on, draw(AMOUNT), quantity=quantity, bonus=draw(AMOUNT),
        project=draw(st.sampled_from(["", "a", "b"])), resource_id=draw(st.sampled_from(["", "x", "y", "z"])),
        currency=draw(st.sampled_from(["RUB", "KZT"])),
        tags=draw(st.sampled_from([{}, {"env": "prod"}, {"env": "", "a/b": "1"}, "", {"env": None}])),
        **draw(st.sampled_from(PARAMETERS)),
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.lists(charges(), min_size=1, max_size=40),
    by=st.lists(st.sampled_from(["service", "project", "resource", "tag:env", "tag:a/b"]), max_size=4, unique=True),
    grain=st.sampled_from(["total", "month", "week", "day"]),
    top=st.one_of(st.none(), st.integers(0, 4)),
)
def test_the_parts_of_every_answer_are_the_whole(
    asked: Charges, made: list[dict[str, Any]], by: list[str], grain: str, top: int | None
) -> None:
    with localcontext(prec=60):
        _parts_are_the_whole(asked(made), made, by, grain, top)


def _parts_are_the_whole(question: Ask, made: list[dict[str, Any]], by: list[str], grain: str, top: int | None) -> None:
    whole: dict[str, Decimal] = defaultdict(Decimal)
    for row in made:
        whole[row["currency"]] += row["amount"]
    for name in names():
        try:
            answer = question(name, by=by, grain=grain, top=top)
        except InputError:
            if "months" in card(name).takes and len({row["period"] for row in made}) < 2:
                continue
            raise
        assert answer.totals == whole
        found: dict[str, Decimal] = defaultdict(Decimal)
        if card(name).adds_up == "months":
            for currency, before, after, delta in rows(answer, "currency", "before", "after", "delta"):
                found[currency] += before + after
                assert after - before == delta
        elif card(name).adds_up == "each_row":
            for currency, tag, tagged, untagged in rows(answer, "currency", "tag", "tagged", "untagged"):
                found[currency] += tagged + untagged if tag == "" else 0
        else:
            for currency, amount in rows(answer, "currency", "amount"):
                found[currency] += amount
        assert {c: v for c, v in found.items() if v} == {c: v for c, v in whole.items() if v}
