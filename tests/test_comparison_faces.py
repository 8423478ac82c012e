"""Faces of a comparison: every one shows the same exact numbers; sums hold; text of a bill stays text."""

import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from costlab.cli import main
from costlab.compare.result import CAUSES, WHY, Comparison
from costlab.examples import example
from costlab.exports import comparisons
from costlab.exports import estimates as exports
from costlab.exports.comparisons import compact, differing, explained, grouped, why
from costlab.model.numbers import Text
from tests import office
from tests.comparisons import comparison, faulty, line

NBSP = "\u00a0"
TINY = [line("1.005", "1.010000", "rounding", rounding="0.005"), line("2.00", "2.00")]


def shown(name: str, made: Comparison, language: Any = "en") -> str:
    text = comparisons.load(name).render(made, language)
    assert isinstance(text, str)
    return text.replace(NBSP, " ")


def as_json(made: Comparison) -> dict[str, Any]:
    found = json.loads(shown("json", made))
    assert isinstance(found, dict)
    return found


def many(rows: int, **more: Any) -> Comparison:
    """The faulty bill among very many lines that match."""
    made = faulty(**more)
    same = comparison([line("113.24", "113.24")], **more).lines
    lines = pa.concat_tables([made.lines, *[same] * rows]).combine_chunks()
    extra = Decimal("113.24") * rows
    return replace(made, lines=lines, before=made.before + extra, after=made.after + extra)


def test_formats_are_the_modules_of_the_folder() -> None:
    folder = Path(comparisons.__file__).parent
    assert set(comparisons.names()) == {path.stem for path in folder.glob("[!_]*.py")}
    assert "comparisons" not in exports.names()


def test_json_is_exact_and_adds_up() -> None:
    made = faulty()
    data = as_json(made)
    assert (data["before"], data["after"], data["delta"]) == ("443.92", "635.04", "191.12")
    assert list(data["causes"]) == list(CAUSES)
    assert sum(Decimal(v) for v in data["causes"].values()) == Decimal(data["delta"])
    for side in ("before", "after", "delta"):
        assert sum(Decimal(x[side]) for x in data["lines"]) == Decimal(data[side])
    for row in data["lines"]:
        assert sum(Decimal(v) for v in row["causes"].values()) == Decimal(row["delta"])
        assert row["why"]
    rated = {"rows": 8, "rows_rated": 7, "money": "635.04", "money_rated": "627.54", "conversions": []}
    assert data["coverage"] == rated
    assert data["lines"][1]["key"] == {
        "project": "", "resource_id": "web", "service": "vm", "sku_id": "vk.compute.vcpu.ice-lake",
        "dimensions": "cpu=ice-lake", "day": "2026-11-03",
    }  # fmt: skip
    assert data["problems"][0]["line"] == 8


def test_more_decimals_only_where_the_bill_has_more() -> None:
    data = as_json(comparison(TINY))
    assert [x["before"] for x in data["lines"]] == ["1.005", "2.00"]
    assert (data["before"], data["delta"]) == ("3.005", "0.005")
    assert data["lines"][0]["after"] == "1.01"


def test_very_many_lines_are_written_as_those_that_differ_and_the_rest() -> None:
    made = many(60_000)
    data = as_json(made)
    assert len(data["lines"]) == 8
    assert data["lines"][-1]["key"] == {"matching_lines": 60_001}
    for side in ("before", "after", "delta"):
        assert sum(Decimal(x[side]) for x in data["lines"]) == Decimal(data[side])
    kept, rest = compact(made, 60_008)
    assert kept.num_rows == 60_008
    assert rest is None


def test_the_share_that_is_explained() -> None:
    assert explained(comparison([line("1.00", "1.00")])) == 1
    assert explained(comparison([])) == 1
    pair = [line(None, "5.00", "no_price", unexplained="5.00"), line("5.00", None, "no_price", unexplained="-5.00")]
    assert explained(comparison(pair)) == 0
    nearly = [line("1.00", "1001.00", "price", price="1000.00"), line(None, "0.01", "no_price", unexplained="0.01")]
    assert explained(comparison(nearly)) == Decimal("0.999")  # never 100 % when something is not


def test_the_largest_difference_comes_first() -> None:
    deltas = [abs(d) for d in differing(faulty())["delta"].to_pylist()]
    assert deltas == sorted(deltas, reverse=True)
    assert len(deltas) == 7


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["Должно быть", "443,92 ₽", "+191,12 ₽", "97,4 %", "Охват: оценено строк 7 из 8", "НЕПОЛНАЯ",
                "0,021626 ₽ / vCPU·мин вместо 0,019660 ₽ / vCPU·мин (старый прайс)", "11 520 вместо 5 760 vCPU·мин",
                "10,00 ₽ оплачено бонусами", "нет в прайс-листе", "округлено вверх вместо до ближайшего"]),
        ("en", ["Expected", "443.92 ₽", "+191.12 ₽", "97.4 %", "Coverage: rated 7 of 8 rows", "INCOMPLETE",
                "billed at 0.021626 ₽ / vCPU·min instead of 0.019660 ₽ / vCPU·min", "the same row as line 2"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["table", "md"])
def test_people_read_it_in_their_language(name: str, language: str, words: list[str]) -> None:
    text = shown(name, faulty(), language)
    for word in words:
        # The terminal cuts a long reason, Markdown does not.
        assert word in text or (name == "table" and word[:30] in text), word


def test_a_clean_bill_is_told_in_one_sentence() -> None:
    text = shown("table", comparison([line("1.00", "1.00")] * 3), "ru")
    assert "Все строки совпадают: 3" in text
    assert "Причина" not in text


def test_no_more_than_forty_lines_and_how_many_there_are() -> None:
    rows = [line("1.00", "2.00", "price", price="1.00", resource_id=f"web-{n}") for n in range(50)]
    for name in ("table", "md"):
        text = shown(name, comparison(rows))
        assert "… and 10 more, +10.00 ₽" in text
        assert text.count("web-") == 40


def test_text_of_a_bill_steers_neither_terminal_nor_wiki() -> None:
    rows = [line("1.00", "2.00", "price", price="1.00", resource_id="\x1b[2J<script>|a", sku_id="", dimensions="*b*")]
    made = comparison(rows, name="\x1b]0;x\x07")
    assert "\x1b" not in shown("table", made)
    assert "<script>" not in shown("md", made)
    assert "\\|a" in shown("md", made)


def test_every_reason_has_a_sentence_without_holes() -> None:
    args = {
        "other_price": {"billed": "2.01 / 43200", "expected": "1.89 / 43200", "which": Text(en="x", ru="х")},
        "implied_price": {"expected": "1.89 / 43200", "per": "43200"},
        "other_vat": {"billed_vat": "0.20", "expected_vat": "0.22"},
        "other_rounding": {"billed_rounding": "up to the kopeck", "expected_rounding": "half-up per line"},
        "calendar": {"before_minutes": "43200", "after_minutes": "44640"},
        "duplicate": {"line": "12345"},
        **{f"{way}_list{net}": {"percent": "12.5"} for way in ("below", "above") for net in ("", "_net")},
        "no_price": {"reason": Text(en="no list", ru="нет прайса")},
    }
    for code in WHY:
        row = line("1.00", "2.00", "price", price="1.50", vat="-0.50", why=(code, args.get(code, {})))
        for language in ("ru", "en"):
            text = why(row, language, "RUB").replace(NBSP, " ")
            assert text
            assert "{" not in text
            assert "  " not in text, (code, text)
    russian = {c: why(line("1.00", "1.00", why=(c, args.get(c, {}))), "ru").replace(NBSP, " ") for c in WHY}
    assert russian["other_vat"] == "НДС 20 % вместо 22 %"
    assert russian["other_rounding"] == "округлено вверх до копейки вместо до копейки по каждой строке"
    assert russian["calendar"] == "дней: 31 вместо 30"
    assert russian["below_list"] == "на 12,5 % ниже прайс-листа"
    assert russian["duplicate"] == "та же строка, что и строка 12345"
    assert "7,5 ₽" in russian["implied_price"]  # 1.00 / 5760 × 43200
    several = line("1.00", "2.00", "quantity", quantity="1.50", vat="-0.50", why=("several", {}))
    assert why(several, "en").replace(NBSP, " ") == "several causes: quantity +1.50 ₽, VAT -0.50 ₽"


def test_lines_can_be_summed_by_a_feature() -> None:
    made = faulty()
    sums = grouped(made, ["service", "group"], {"web": "shop"})
    assert [r["group"] for r in sums.lines.to_pylist()].count("shop") == 1
    assert sum(sums.lines["delta"].to_pylist()) == made.delta
    data = as_json(sums)
    assert data["delta"] == "191.12"
    assert set(data["lines"][0]["key"]) == {"service", "group"}
    assert sum(Decimal(x["after"]) for x in data["lines"]) == Decimal("635.04")
    assert "shop" in shown("table", sums)
    assert "shop" in shown("md", sums)
    assert comparisons.load("xlsx").render(sums, "en")


def test_two_estimates_are_told_with_the_marks_of_a_change() -> None:
    rows = [
        line(None, "2.00", "unexpected", new="2.00", day=None, why=("new", {})),
        line("1.00", None, "not_billed", gone="-1.00", day=None, why=("gone", {})),
        line("1.00", "1.50", "price", price="0.50", day=None),
    ]
    text = shown("table", comparison(rows, "compare"))
    assert all(mark in text for mark in ("[+ added]", "[- removed]", "[~ other price]"))
    assert "Before" in text
    assert "Expected" not in text


def book(made: Comparison, folder: Path, language: Any = "en") -> Path:
    path = folder / "difference.xlsx"
    content = comparisons.load("xlsx").render(made, language)
    assert isinstance(content, bytes)
    path.write_bytes(content)
    return path


def test_workbook_formulas_carry_our_values(tmp_path: Path) -> None:
    path = book(faulty(), tmp_path)
    values, formulas = office.rows(path), office.rows(path, formulas=True)
    assert list(values) == ["Summary", "Causes", "Lines", "Problems"]
    facts = {row[0]: row[1] for row in values["Summary"]}
    assert (facts["Difference"], facts["Billed"], facts["Expected"]) == (191.12, 635.04, 443.92)
    assert facts["Explained"] == 0.974
    causes = {row[0]: row[1] for row in values["Causes"]}
    assert (causes["Price"], causes["Gone"], causes["Difference"]) == (11.33, -44.2, 191.12)
    assert "SUMIFS" in str(formulas["Causes"][3][3])
    head = values["Lines"][0]
    delta, check = head.index("Difference"), head.index("Check")
    assert [row[check] for row in values["Lines"][1:]] == [0] * 9
    assert all(str(row[delta]).startswith("=ROUND(") for row in formulas["Lines"][1:])
    assert values["Problems"][1][0] == "bill.csv:8"


def test_workbook_keeps_text_as_text(tmp_path: Path) -> None:
    for sheet in openpyxl.load_workbook(book(faulty(), tmp_path)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert str(cell.value).startswith(("=ROUND(", "=IF(", "=MAX(", "='", "=B")), cell.value


def test_workbook_has_a_native_waterfall(tmp_path: Path) -> None:
    with zipfile.ZipFile(book(faulty(), tmp_path)) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert '<c:grouping val="stacked"/>' in chart
    assert chart.count("<c:ser>") == 6
    empty = book(comparison([line("1.00", "1.00")]), tmp_path)
    with zipfile.ZipFile(empty) as parts:
        assert not [n for n in parts.namelist() if n.startswith("xl/charts/")]


@pytest.mark.office
@pytest.mark.parametrize("kind", ["faulty", "tiny", "down", "many", "empty", "compare"])
def test_recalculated_workbook_equals_ours(kind: str, tmp_path: Path) -> None:
    """LibreOffice computes every formula itself: no cached value of ours is left in the file it opens."""
    down = [
        line("100.00", "70.00", "price", price="-30.00"),
        line(None, "45.00", "unexpected", new="45.00"),
        line("60.00", None, "not_billed", gone="-60.00"),
    ]
    made = {
        "faulty": faulty,
        "tiny": lambda: comparison(TINY * 300),
        "down": lambda: comparison(down),
        "many": lambda: many(20_001),
        "empty": lambda: comparison([]),
        "compare": lambda: comparison(down, "compare"),
    }[kind]()
    path = book(made, tmp_path, "ru")
    assert office.spoil(path, tmp_path / "spoilt.xlsx") > 5
    (recalculated,) = office.convert(tmp_path, tmp_path / "spoilt.xlsx")
    ours, theirs = office.rows(path), office.rows(recalculated)
    for sheet, rows in ours.items():
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    # A workbook's cell is a binary number: the same to its last decimals.
                    assert theirs[sheet][number][column] == pytest.approx(value, abs=1e-9), (sheet, number, column)
    head = theirs["Строки"][0]
    checks = [row[head.index("Контроль")] for row in theirs["Строки"][1:]]
    assert not any(checks)


def command(*words: object) -> int:
    return main([str(w) for w in words])


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    path = tmp_path / "november.csv"
    path.write_bytes(example("bill-faults.csv"))
    return path


def test_reconcile_on_the_command_line(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("reconcile", bill, bill, "--format", "json", "--lang", "en") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["delta"], data["causes"]["duplicate"], data["causes"]["unexplained"]) == ("493.03", "461.16", "0.00")
    shop = bill.with_name("shop.yaml")
    shop.write_bytes(example())
    out = bill.with_name("out.xlsx")
    assert command("reconcile", bill, "--estimate", shop, "-o", out) == 0
    assert out.read_bytes().startswith(b"PK")


def test_reconcile_says_what_is_incomplete_and_what_is_unusable(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = bill.read_text(encoding="utf-8-sig").splitlines()
    lines[4] = lines[4].replace(";29,38;", ";oops;")
    bill.write_text("\n".join(lines), encoding="utf-8")
    assert command("reconcile", bill, "-o", bill.with_name("out.md"), "--lang", "en") == 3
    assert "november.csv:5" in capsys.readouterr().err
    bill.write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    out = bill.with_name("none.json")
    assert command("reconcile", bill, "-o", out) == 2
    assert not out.exists()


def test_a_mapping_profile_on_the_command_line(bill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bill.write_text(bill.read_text(encoding="utf-8-sig").replace("Сумма, ₽", "Ушло", 1), encoding="utf-8")
    assert command("reconcile", bill) == 2
    profile = bill.with_name("columns.yaml")
    profile.write_text("costlab: 1\ncolumns: {amount: Ушло}\n", encoding="utf-8")
    assert command("reconcile", bill, "--profile", profile, "--format", "json") == 0
    assert '"delta": "493.03"' in capsys.readouterr().out


def test_compare_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "a.yaml", tmp_path / "b.yaml"
    text = example().decode()
    before.write_text(text, encoding="utf-8")
    after.write_text(text.replace("count: 2", "count: 3"), encoding="utf-8")
    assert command("compare", before, after, "--by", "service,group", "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    assert sum(Decimal(x["delta"]) for x in data["lines"]) == Decimal(data["delta"]) == Decimal("8474.33")
    assert {tuple(x["key"]) for x in data["lines"]} == {("service", "group")}
    result = tmp_path / "a.json"
    assert command("estimate", before, "-o", result) == 0
    assert command("compare", result, before, "--lang", "ru") == 0
    assert "Все строки совпадают" in capsys.readouterr().out
    with pytest.raises(SystemExit) as refused:
        command("compare", before, after, "--by", "colour")
    assert refused.value.code == 2
