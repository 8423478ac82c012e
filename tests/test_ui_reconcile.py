"""The pages Reconcile and Compare, driven without a browser."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from costlab.examples import example
from costlab.ui import state
from tests.test_ui import html, keyed, run

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 1)
PAGES = "costlab/ui"
Open = Callable[[str, str], AppTest]
BILL = """Дата;Проект;ID ресурса;Сервис;Параметр;Количество;Единица измерения;{amount}
2026-11-03;mcs1;<b>web;Виртуальные серверы;CPU, Intel Ice Lake;5760;vCPU·мин;113,24
2026-11-04;mcs1;<b>web;Виртуальные серверы;CPU, Intel Ice Lake;5760;vCPU·мин;120,00
2026-11-05;mcs1;<b>web;Виртуальные серверы;Загадка;1;шт;7,50
"""


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr(state, "today", lambda: TODAY)

    def opened(name: str, language: str = "ru") -> AppTest:
        monkeypatch.setenv("COSTLAB_LANG", language)
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        run(at)
        at.switch_page(f"{PAGES}/{name}/page.py")
        return run(at)

    return opened


def give(at: AppTest, text: str, name: str = "bill.csv", number: int = 0) -> AppTest:
    return run(at.file_uploader[number].set_value((name, text.encode(), "text/csv")))


def press(at: AppTest, key: str) -> AppTest:
    return run(at.button(key=key).click())


def kpis(at: AppTest) -> str:
    return html(at).split('<div class="cl-kpis">')[1].split("</div></div>")[0]


def test_an_empty_page_says_what_to_do(page: Open) -> None:
    at = page("reconcile", "ru")
    assert "Верен ли счёт?" in html(at)
    assert [b.key for b in at.button] == ["bill_example", "bill_clean"]
    assert "costlab reconcile" in at.caption[0].value
    assert "Is the bill right?" in html(page("reconcile", "en"))


def test_a_bill_is_shown_as_it_was_read_before_it_is_reconciled(page: Open) -> None:
    at = give(page("reconcile", "ru"), BILL.format(amount="Сумма, ₽"))
    text = html(at)
    assert "VK Cloud, гранулярный отчёт" in text
    assert "CSV, разделитель «;», заголовок в строке 1" in text
    assert "03.11.2026 – 05.11.2026" in text
    assert "принято 3, отклонено 0" in text
    assert "<b>240,74 ₽</b>" in text
    assert '<div class="cl-kpis">' not in text
    assert "<b>web" not in text
    at = press(at, "bill-check")
    assert "240,74 ₽" in kpis(at)
    assert "226,48 ₽" in kpis(at)
    assert "+14,26 ₽" in kpis(at)
    assert "оценено 2 из 3 строк" in kpis(at)
    assert "оценено строк 2 из 3, 233,24 ₽ из 240,74 ₽" in at.warning[0].value.replace("\u00a0", " ")


def test_every_line_tells_how_it_was_computed(page: Open) -> None:
    at = press(give(page("reconcile", "ru"), BILL.format(amount="Сумма, ₽")), "bill-check")
    text = html(at)
    assert "5 760 vCPU·мин × 0,019660 ₽ / vCPU·мин → <b>113,24 ₽</b>" in text
    assert "действует с 12.01.2026, сверен 01.10.2026" in text
    assert "bill.csv:3" in text
    assert "Цена +6,76 ₽" in text
    assert "&lt;b&gt;web" in text
    assert "<b>web" not in text


def test_lines_are_filtered_searched_and_paged(page: Open) -> None:
    at = press(page("reconcile", "ru"), "bill_example")
    assert html(at).count('<i class="cl-mark') == 10
    pills = at.get("button_group")
    keys = [str(p.key) for p in pills]
    verdict = next(p for p in pills if str(p.key).startswith("verdict-"))
    assert keys
    at = run(verdict.set_value("duplicate"))
    assert html(at).count('<i class="cl-mark') == 3
    verdict = next(p for p in at.get("button_group") if str(p.key).startswith("verdict-"))
    at = run(verdict.set_value("all"))
    assert html(at).count('<i class="cl-mark') == 25
    at = run(at.text_input(key="find-reconcile").set_value("front-lb"))
    assert "orders-db ·" not in html(at)
    at = run(at.text_input(key="find-reconcile").set_value("nothing like that"))
    assert any(c.value == "Ничего не найдено" for c in at.caption)


def test_a_clean_bill_says_so(page: Open) -> None:
    at = press(page("reconcile", "en"), "bill_clean")
    assert "0.00 ₽" in kpis(at)
    assert at.success[0].value.startswith("Every line matches")


def test_an_estimate_shows_missing_rows(page: Open) -> None:
    at = press(page("reconcile", "ru"), "bill_example")
    assert "не выставлено" not in html(at)
    at = run(next(p for p in at.get("button_group") if p.key == keyed(at, "against")).set_value("example"))
    assert "не выставлено: есть в смете, нет в счёте" in html(at)
    assert "Не детализируется в отчёте" in html(at)


def test_an_unknown_column_is_named_once(page: Open) -> None:
    at = give(page("reconcile", "ru"), BILL.format(amount="Ушло со счёта"))
    assert "Ушло со счёта" in html(at)
    assert "bill.csv" in html(at)
    assert "cl-notes bad" in html(at)
    assert not [b for b in at.button if b.key == "bill-check"]
    at = run(at.selectbox(key=keyed(at, "map-amount")).set_value("Ушло со счёта"))
    assert "<b>240,74 ₽</b>" in html(at)
    profile = at.session_state["memory"]["bill-profile"]
    assert dict(profile.columns) == {"amount": "Ушло со счёта"}
    at = press(at, "bill-check")
    assert "+14,26 ₽" in kpis(at)
    at = run(at.selectbox(key=keyed(at, "map-amount")).set_value(""))
    assert '<div class="cl-kpis">' not in html(at)


def test_a_kept_profile_is_read_again(page: Open) -> None:
    at = give(page("reconcile", "ru"), BILL.format(amount="Ушло со счёта"))
    text = 'costlab: 1\ncolumns: {amount: "Ушло со счёта"}\n'
    at = give(at, text, "columns.yaml")
    assert "<b>240,74 ₽</b>" in html(at)
    at = give(at, "costlab: 1\ncolumns: {sum: x}\n", "wrong.yaml")
    assert "wrong.yaml" in html(at)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><html><body>login</body></html>", "это веб-страница"),
        (BILL.format(amount="Сумма, ₽").splitlines()[0] + "\n", "нет ни одной строки"),
        ("Привет", "не найдена строка заголовков"),
    ],
)
def test_what_is_not_a_bill_is_refused_with_a_remedy(page: Open, text: str, expected: str) -> None:
    at = give(page("reconcile", "ru"), text)
    assert "Файл bill.csv сверить нельзя" in html(at)
    assert expected in html(at)
    at = press(at, "bill-other")
    assert "Верен ли счёт?" in html(at)


def test_a_broken_cell_costs_its_row_and_is_named(page: Open) -> None:
    at = give(page("reconcile", "ru"), BILL.format(amount="Сумма, ₽").replace("120,00", "сто"))
    assert "принято 2, отклонено 1" in html(at)
    assert "<b>строка 3</b>" in html(at)
    assert "сто" in html(at)


def test_nothing_of_an_upload_stays_on_the_disk(page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    at = give(page("reconcile", "ru"), BILL.format(amount="Сумма, ₽").replace("113,24", "99,99"))
    press(at, "bill-check")
    assert not list(tmp_path.glob("costlab-*"))


def changed() -> str:
    data = yaml.safe_load(example())
    data["name"] = "Bigger shop"
    data["resources"][0]["count"] = 3
    del data["resources"][1]
    return str(yaml.safe_dump(data, allow_unicode=True))


def side(at: AppTest, name: str) -> Any:
    return next(p for p in at.get("button_group") if p.key == keyed(at, f"side-{name}"))


def test_two_estimates_are_compared(page: Open) -> None:
    at = page("compare", "ru")
    assert "Выберите сметы с обеих сторон" in at.info[0].value
    at = run(side(at, "before").set_value("example"))
    at = give(at, changed(), "bigger.yaml")
    assert "Bigger shop" in kpis(at)
    text = html(at)
    assert '<i class="cl-mark up">+</i>' in text
    assert '<i class="cl-mark down">-</i>' in text
    assert "есть только после" in text
    assert "Появилось" in text
    assert "Исчезло" in text


def test_choices_outlive_another_language_and_another_page(page: Open) -> None:
    at = run(side(page("compare", "ru"), "before").set_value("example"))
    at = give(at, changed(), "bigger.yaml")
    at = run(at.segmented_control(key="language-choice").set_value("en"))
    assert "Bigger shop" in kpis(at)
    at.switch_page(f"{PAGES}/estimate/page.py")
    run(at).switch_page(f"{PAGES}/compare/page.py")
    at = run(at)
    assert "Bigger shop" in kpis(at)
    assert any("bigger" in c.value for c in at.caption)


def test_the_present_estimate_is_a_side(page: Open) -> None:
    at = page("compare", "ru")
    at = run(side(at, "after").set_value("draft"))
    assert any(c.value == "Смета на первой странице пуста" for c in at.caption)
    at.switch_page(f"{PAGES}/estimate/page.py")
    at = press(run(at), "first-server")
    at.switch_page(f"{PAGES}/compare/page.py")
    at = run(at)
    assert side(at, "after").value == "draft"
    at = run(side(at, "before").set_value("draft"))
    assert "0,00 ₽" in kpis(at)
    assert at.success[0].value.startswith("Все строки совпадают")


def test_an_estimate_that_cannot_be_read_says_why(page: Open) -> None:
    at = give(page("compare", "ru"), "costlab: 2\n", "odd.yaml")
    assert "Файл odd.yaml не открыт" in html(at)
