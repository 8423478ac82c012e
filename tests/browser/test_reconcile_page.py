"""The bill's road in a browser: upload, look, reconcile, read, download."""

import json
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from costlab.examples import example

pytestmark = pytest.mark.browser
NBSP = "\u00a0"


def _open(page: Page) -> None:
    page.get_by_role("link", name="Сверка").click()
    expect(page.get_by_text("Верен ли счёт?")).to_be_visible()


def _upload(page: Page, name: str, raw: bytes) -> None:
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/csv", "buffer": raw})


def _drawn(page: Page) -> None:
    """The page is whole: before that a list that is opened is closed again, and a file is still the one before."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def _kpis(page: Page, amount: str) -> None:
    expect(page.locator(".cl-kpis")).to_contain_text(amount.replace(" ", NBSP))


def test_a_bill_from_upload_to_workbook(page: Page, tmp_path: Path) -> None:
    _open(page)
    _upload(page, "november.csv", example("bill-faults.csv"))
    expect(page.locator(".cl-facts").filter(has_text="принято 822, отклонено 0")).to_have_count(1)
    page.get_by_test_id("stBaseButton-primary").click()
    _kpis(page, "+493,03 ₽")
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    expect(page.locator(".cl-causes")).to_contain_text("Дубликаты")
    page.locator(".cl-diff summary").first.click()
    expect(page.locator(".cl-how").first).to_contain_text("november.csv:504")
    with page.expect_download() as started:
        page.get_by_role("button", name="XLSX").click()
    file = tmp_path / "difference.xlsx"
    started.value.save_as(file)
    book = openpyxl.load_workbook(file, data_only=True)
    assert any(row[1].value == 493.03 for row in book["Итоги"].iter_rows())
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON").click()
    file = tmp_path / "difference.json"
    started.value.save_as(file)
    data = json.loads(file.read_text(encoding="utf-8"))
    assert (data["delta"], data["causes"]["unexplained"]) == ("493.03", "0.00")


def test_a_column_nobody_knows_is_named_in_the_page(page: Page, tmp_path: Path) -> None:
    _open(page)
    raw = example("bill-clean.csv").replace("Сумма, ₽".encode(), "Ушло со счёта".encode(), 1)
    _upload(page, "odd.csv", raw)
    expect(page.locator(".cl-notes.bad")).to_contain_text("не найдена строка заголовков")
    _drawn(page)
    box = page.get_by_role("combobox", name="Сумма").first
    box.click()
    box.fill("Ушло")
    page.get_by_role("option", name="Ушло со счёта").click()
    expect(page.locator(".cl-facts").filter(has_text="принято")).to_have_count(1)
    _drawn(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Скачать профиль").click()
    file = tmp_path / "columns.yaml"
    started.value.save_as(file)
    assert "Ушло со счёта" in file.read_text(encoding="utf-8")
    page.get_by_test_id("stBaseButton-primary").click()
    expect(page.get_by_text("Все строки совпадают")).to_be_visible()


def test_a_narrow_screen_shows_all_of_it(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _open(page)
    page.get_by_role("button", name="Открыть пример счёта с ошибками").click()
    _kpis(page, "+493,03 ₽")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "[...document.querySelectorAll('.cl-kpis b, .cl-diff .cl-amount')]"
    assert page.evaluate(f"Math.max(...{wide}.map(e => e.getBoundingClientRect().right))") <= 390


def test_compare_with_the_present_estimate(page: Page) -> None:
    page.get_by_role("button", name="Добавить сервер").click()
    expect(page.locator(".cl-total .big")).to_be_visible()
    page.get_by_role("link", name="Сравнение").click()
    page.get_by_role("radio", name="Пример: магазин").first.click()
    expect(page.locator(".cl-kpis")).to_contain_text(f"8{NBSP}474,33")
    expect(page.locator(".cl-diff summary").first).to_be_visible()
    page.get_by_role("radio", name="EN").click()
    expect(page.locator(".cl-kpis")).to_contain_text("8,474.33")
    page.get_by_role("link", name="Estimate").click()
    expect(page.locator(".cl-total .big")).to_contain_text("8,474.33")
