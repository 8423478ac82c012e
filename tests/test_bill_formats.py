"""Bill formats: FOCUS, the consumption report, any table by a profile; what is none of them is named."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from costlab.bills import Profile, detect, draft_profile, load_profile, names, parse_profile, profile_text, read_bill
from costlab.bills.reading.moments import month_order, parse_moment, parse_span, span_in
from costlab.cli import main
from costlab.errors import InputError, sentence
from costlab.i18n.messages.formats import FORMATS
from costlab.model.bill import Bill
from tests.bills.samples import save

GOLDEN = Path(__file__).parent / "bills" / "formats"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of other people's sample files is absent")
NO_CLOCK = timedelta(0)


def rows(bill: Bill, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(bill.charges[c].to_pylist() for c in columns), strict=True))


def refused(path: Path, profile: Profile | None = None) -> tuple[str, dict[str, str]]:
    with pytest.raises(InputError) as caught:
        read_bill(path, profile=profile)
    return caught.value.problems[0].code, caught.value.problems[0].args


def independent_sum(path: Path, column: str) -> tuple[int, Decimal]:
    """Rows and Σ of a column by nothing but csv and Decimal."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [re.sub(r"[$, ]", "", row[column]) for row in csv.DictReader(file)]
    return len(cells), sum(map(Decimal, cells), Decimal(0))


@needs_samples
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("malformed/digitalocean-invoice.csv", "USD"),
    ],
)  # fmt: skip
def test_the_draft_of_a_profile_reads_what_no_reader_knows(name: str, column: str) -> None:
    path = SAMPLES / name
    bill = read_bill(path, profile=parse_profile(draft_profile(path).encode(), "draft"))
    assert (bill.accepted, bill.total) == independent_sum(path, column)
    assert (bill.format, bill.rejected) == ("generic", 0)


# The consumption report

HEADER = ("№", "Наименование услуги", "Кол-во", "Сумма", "", "")
BELOW = ("", "", "", "без НДС", "НДС 22 %", "с НДС")
BODY = (
    ("1", "Виртуальные серверы", "1", "1 000,00", "220,00", "1 220,00"),
    ("2", "Базы данных", "", "10,00", "2,20", "12,20"),
    ("", "Итого", "", "1 010,00", "222,20", "1 232,20"),
)
ABOVE = ("Отчёт о потреблении", "Период: с 01.10.2026 по 31.10.2026")


def accountants() -> bytes:
    """A workbook as accountants get it: titles, a header of two rows with merged cells, a total, a signature."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Отчёт")
        for line, title in enumerate(ABOVE):
            sheet.write_string(line, 1, title)
        sheet.merge_range(3, 3, 3, 5, "Сумма")
        for line, row in enumerate((HEADER, BELOW, *BODY), start=3):
            for column, cell in enumerate(row):
                if cell and not (line == 3 and column == 3):
                    sheet.write_string(line, column, cell)
        sheet.write_string(9, 1, "Главный бухгалтер")
    return out.getvalue()


def document(*tables: Iterable[Sequence[str]], above: Sequence[str] = ABOVE, head: str = "") -> bytes:
    """A DOCX of paragraphs and tables; a cell `>n:text` spans n columns, `^` goes on with the one above."""

    def cell(text: str) -> str:
        span, merged = "", ""
        if text.startswith(">"):
            n, _, text = text[1:].partition(":")
            span = f'<w:gridSpan w:val="{n}"/>'
        if text == "^":
            merged, text = "<w:vMerge/>", ""
        runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in re.split(r"(?<= )", text))
        return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr><w:p>{runs}</w:p></w:tc>"

    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in above)
    for table in tables:
        body += "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in table) + "</w:tbl><w:p/>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{head}<w:document {space}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


MERGED = ("№", "Наименование услуги", "Кол-во", ">3:Сумма")
CONSUMPTION = {
    "report.csv": "\n".join([*ABOVE, *(";".join(r) for r in (HEADER, BELOW, *BODY)), "Бухгалтер"]).encode(),
    "report.xlsx": accountants(),
    "report.docx": document((MERGED, BELOW, *BODY)),
    "broken-up.docx": document((("Приложение", "1"),), (MERGED, BELOW, BODY[0]), BODY[1:]),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSUMPTION)
def test_the_consumption_report(name: str, tmp_path: Path) -> None:
    path = save(tmp_path, CONSUMPTION[name], name)
    bill = read_bill(path)
    assert (bill.format, bill.provider, bill.region, bill.currency) == ("vk_consumption", "vk", "ru-msk", "RUB")
    assert rows(bill, "service", "amount", "quantity", "day", "period", "start", "end") == [
        (service, amount, quantity, date(2026, 10, 1), date(2026, 10, 1), datetime(2026, 9, 30, 21, tzinfo=UTC),
         datetime(2026, 10, 31, 21, tzinfo=UTC))
        for service, amount, quantity in (
            ("Виртуальные серверы", Decimal("1220.00"), Decimal(1)), ("Базы данных", Decimal("12.20"), None),
        )
    ]  # fmt: skip
    assert (bill.rejected, bill.total, bill.control, bill.problems) == (0, Decimal("1232.2"), Decimal("1232.20"), ())
    assert detect(path).format == "vk_consumption"


def test_consumption_by_month_week_and_day(tmp_path: Path) -> None:
    lines = ["Период;Проект;Услуга;Сумма, руб.", "Октябрь 2026;mcs1;Серверы;10,50", "2026-W45;mcs1;Серверы;1",
             "01.12.2026 - 07.12.2026;mcs1;Серверы;2", "08.12.2026;mcs1;Серверы;3", "осень;mcs1;Серверы;4"]  # fmt: skip
    bill = read_bill(save(tmp_path, "\n".join(lines).encode()))
    assert bill.format == "vk_consumption"
    assert bill.charges["day"].to_pylist() == [
        date(2026, 10, 1),
        date(2026, 11, 2),
        date(2026, 12, 1),
        date(2026, 12, 8),
    ]
    ends = [(10, 31), (11, 8), (12, 7)]  # nine in the evening of UTC is midnight in Moscow
    assert bill.charges["end"].to_pylist() == [*(datetime(2026, m, d, 21, tzinfo=UTC) for m, d in ends), None]
    assert [(p.code, p.line) for p in bill.problems] == [("bad_cell", 6)]
    assert (bill.rows, bill.total) == (5, Decimal("16.5"))


def test_one_report_is_not_taken_for_the_other(tmp_path: Path) -> None:
    granular = "Период;ID ресурса;Услуга;Сумма\n2026-10-01;x;CPU;1\n"
    assert detect(save(tmp_path, granular.encode())).format == "vk_granular"
    summary = "Service,Cost\nCompute,1\n"  # any cloud's
    assert refused(save(tmp_path, summary.encode()))[0] == "no_header"
    unsaid = "Услуга;Сумма\nСерверы;1,5\n"
    code, args = refused(save(tmp_path, unsaid.encode()))
    assert (code, args["missing"]) == ("no_header", "day")
    bill = read_bill(save(tmp_path, unsaid.encode()), profile=Profile(period="2026-10"))
    assert rows(bill, "day", "amount") == [(date(2026, 10, 1), Decimal("1.5"))]


def test_a_document_that_would_do_harm_is_refused(tmp_path: Path) -> None:
    entity = document((MERGED, BELOW, *BODY), head='<!DOCTYPE x [<!ENTITY a "b">]>')
    assert refused(save(tmp_path, entity, "a.docx"))[0] == "xml_entities"
    wide = document(([*HEADER[:3], ">99999:Сумма"], *BODY))
    assert refused(save(tmp_path, wide, "b.docx"))[0] == "broken_workbook"
    assert refused(save(tmp_path, document(above=("Договор",)), "c.docx"))[0] == "document"
    cut = CONSUMPTION["report.docx"]
    assert refused(save(tmp_path, cut[: len(cut) // 2], "d.docx"))[0] in ("broken_workbook", "document")


def test_a_name_merged_down_repeats_and_a_sum_does_not(tmp_path: Path) -> None:
    header = ("Проект", "Услуга", "Период", "Сумма")
    table = (header, ("mcs1", "Серверы", "Октябрь 2026", "10"), ("^", "Диски", "^", "^"), ("^", "Сеть", "^", "5"))
    bill = read_bill(save(tmp_path, document(table, above=()), "merged.docx"))
    assert rows(bill, "project", "service", "amount") == [
        ("mcs1", "Серверы", Decimal(10)), ("mcs1", "Сеть", Decimal(5)),
    ]  # fmt: skip
    assert [(p.code, p.line) for p in bill.problems] == [("empty_cell", 3)]


# Any table

TABLE = "when,what,who,team,net,paid\n2026-10-01,Disk,a,x,1.00,1.220000001\n2026-10-02,Disk,b,,2.00,2.44\n"


def test_a_profile_says_everything(tmp_path: Path) -> None:
    path = save(tmp_path, TABLE.encode())
    assert refused(path)[0] == "no_header"
    profile = Profile(
        format="generic", provider="acme", currency="EUR", tags={"team": "team"},
        columns={"day": "when", "amount": "paid", "service": "what", "project": "who"},
    )  # fmt: skip
    bill = read_bill(path, profile=profile)
    assert (bill.format, bill.provider, bill.currency, bill.region) == ("generic", "acme", "EUR", "")
    assert rows(bill, "day", "service", "project", "amount", "tags", "currency") == [
        (date(2026, 10, 1), "Disk", "a", Decimal("1.220000001"), '{"team": "x"}', "EUR"),
        (date(2026, 10, 2), "Disk", "b", Decimal("2.44"), "{}", "EUR"),
    ]
    assert bill.ignored == ("net",)
    kept = save(tmp_path, profile_text(profile).encode(), "profile.yaml")
    assert load_profile(kept) == profile


def test_a_profile_may_say_the_month(tmp_path: Path) -> None:
    path = save(tmp_path, b"what,paid\nDisk,1.5\n")
    said = Profile(format="generic", columns={"amount": "paid"}, period="2026-10")
    assert rows(read_bill(path, profile=said), "day", "start", "end") == [
        (date(2026, 10, 1), datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    ]
    unsaid = said.model_copy(update={"period": None})
    assert refused(path, unsaid)[0] == "no_header"


def test_a_profile_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, TABLE.encode())
    code, args = refused(path, Profile(format="genric"))
    assert (code, args["key"]) == ("not_allowed", "format")
    assert "generic" in args["nearest"].en
    assert refused(path, Profile(format="generic", columns={"amount": "paid"}, tags={"a": "b"}))[0] == "profile_header"
    for text in (b"period: 2026-13", b"currency: euro", b"provider: A B", b"tags: [1]"):
        with pytest.raises(InputError):
            parse_profile(b"costlab: 1\n" + text, "profile.yaml")


def test_the_draft_offers_what_the_table_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, TABLE.encode(), "table.csv")
    out = tmp_path / "profile.yaml"
    assert main(["bill", "profile", str(path), "-o", str(out), "--lang", "en"]) == 0
    text = out.read_text(encoding="utf-8")
    assert '  day: "when"    # 2026-10-01; 2026-10-02' in text
    assert "  # amount: …    # needed; choose one of: net, paid" in text
    assert '#   "team": x' in text
    out.write_text(text.replace("  # amount: …", '  amount: "paid"'), encoding="utf-8")
    assert read_bill(path, profile=load_profile(out)).total == Decimal("3.660000001")
    assert main(["bill", "profile", str(path), "--lang", "ru"]) == 0
    assert "нужно; выберите из: net, paid" in capsys.readouterr().out


def test_a_hostile_table_cannot_leave_the_comments_of_a_draft(tmp_path: Path) -> None:
    names = ['a"b\\', "x: y\u2028z", "#", "sum"]
    rows = [names, ["2026-10-01", "\u0085columns: {}\x0b", "'", "1"]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = save(tmp_path, text.getvalue().encode(), "evil.csv")
    profile = parse_profile(draft_profile(path).encode(), "draft")
    assert profile.columns == {"day": 'a"b\\', "amount": "sum"}
    assert read_bill(path, profile=profile).total == 1


# Words and times


CASES = sorted(p for p in GOLDEN.iterdir() if p.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_golden(case: Path) -> None:
    """`bill.*` and, where no format knows its columns, `profile.yaml`; `expected.json` was worked by hand."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    profile = load_profile(case / "profile.yaml") if (case / "profile.yaml").exists() else None
    bill = read_bill(next(case.glob("bill.*")), profile=profile)
    assert (bill.format, bill.rows, bill.rejected) == (expected["format"], expected["rows"], expected["rejected"])
    assert bill.accepted + bill.rejected == bill.rows
    assert bill.total == Decimal(expected["total"])
    assert bill.totals == {currency: Decimal(amount) for currency, amount in expected["totals"].items()}
    assert [p.code for p in bill.problems] == expected.get("problems", [])
    wanted = expected["charges"]
    assert bill.charges.num_rows == len(wanted)
    for got, told in zip(bill.charges.to_pylist(), wanted, strict=True):
        shown = {k: Decimal(v) if isinstance(got[k], Decimal) else v for k, v in told.items()}
        assert {k: got[k] if isinstance(got[k], Decimal | int) else str(got[k]) for k in told} == shown


def test_every_format_has_its_case() -> None:
    """A format is what its folder holds; each reads some golden file."""
    read = {json.loads((case / "expected.json").read_text(encoding="utf-8"))["format"] for case in CASES}
    read |= {detect(path).format for path in GOLDEN.iterdir() if path.is_file()}
    assert set(names()) == read
    assert {"other_format", "other_dataset"} <= set(FORMATS)


def test_refusals_speak_both_languages(tmp_path: Path) -> None:
    path = save(tmp_path, b"group_description,project_name,USD\nx,y,1\n")
    with pytest.raises(InputError) as caught:
        read_bill(path)
    assert "DigitalOcean invoice" in sentence(caught.value.problems[0], "en")
    russian = sentence(caught.value.problems[0], "ru")
    assert "costlab bill profile" in russian
    assert "гранулярный отчёт" in russian


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Январь 2026", ("2026-01-01", "2026-02-01")), ("декабрь 2026 г.", ("2026-12-01", "2027-01-01")),
        ("2026-02", ("2026-02-01", "2026-03-01")), ("12.2026", ("2026-12-01", "2027-01-01")),
        ("2026", ("2026-01-01", "2027-01-01")), ("2026-W01", ("2025-12-29", "2026-01-05")),
        ("с 01.10.2026 по 31.10.2026", ("2026-10-01", "2026-11-01")),
        ("29.12-04.01.2027", ("2026-12-29", "2027-01-05")), ("2026-10-01 – 2026-10-07", ("2026-10-01", "2026-10-08")),
        ("31.10.2026 - 01.10.2026", None), ("13.2026", None), ("01.10.2026", None), ("vCPU 2026", None), ("", None),
        ("2026-W60", None), ("٣.2026", None),
    ],
)  # fmt: skip
def test_spans(text: str, span: tuple[str, str] | None) -> None:
    found = parse_span(text, "dmy")
    assert (found and (found[0].isoformat(), found[1].isoformat())) == span


def test_the_period_above_a_table() -> None:
    assert span_in(["Отчёт", "за октябрь 2026 г."]) == (date(2026, 10, 1), date(2026, 11, 1))
    assert span_in(["с 01.10.2026 по 31.10.2026", "октябрь 2026"]) == (date(2026, 10, 1), date(2026, 11, 1))
    assert span_in(["октябрь 2026", "ноябрь 2026"]) is None  # two say two things
    assert span_in(["Сформировано 02.11.2026"]) is None


def test_moments_and_orders() -> None:
    hour = datetime(2026, 5, 1, 10, tzinfo=UTC)
    for text in ("2026-05-01T10:00:00Z", "2026-05-01 10:00:00 UTC", "2026-05-01T13:00+03:00", "2026-05-01 10:00"):
        assert parse_moment(text, "", NO_CLOCK) == hour
    assert parse_moment("2026-05-01 13:00:00 +0300", "", NO_CLOCK) == hour
    for text in ("2026-05-01T30:00:00Z", "2026-02-31", "soon", "", "2026-05-01T10:00:00 PST"):
        assert parse_moment(text, "", NO_CLOCK) is None
    assert month_order(["4/1/25", "5/1/25"]) == "mdy"
    assert month_order(["1/4/25", "1/5/25"]) == "dmy"
    assert month_order(["1/1/25"]) == month_order(["4/2/25"]) == month_order([]) == ""
