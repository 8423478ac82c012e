"""An estate's road in a browser: inventory, sizes, clouds, plan, files; on a wide and on a narrow screen."""

from pathlib import Path

import openpyxl
import pytest
import yaml
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
NBSP = "\u00a0"


def _example(page: Page) -> None:
    page.get_by_role("link", name="Миграция").click()
    expect(page.get_by_text("Во что обойдётся переезд в VK Cloud?")).to_be_visible()
    page.get_by_role("button", name="Открыть пример: 62 строки RVTools").click()
    expect(page.locator(".cl-kpis").first).to_contain_text("62")


def _plan(page: Page) -> None:
    page.get_by_role("button", name="Пример плана").click()
    expect(page.locator(".js-plotly-plot")).to_have_count(4, timeout=40_000)


def test_from_inventory_to_workbook(page: Page, tmp_path: Path) -> None:
    _example(page)
    expect(page.locator(".cl-kpis b").last).to_contain_text(NBSP)
    before = page.locator(".cl-kpis b").last.inner_text()
    page.get_by_role("radio", name="Занято: 15").click()
    expect(page.locator(".cl-kpis").first).not_to_contain_text(before)
    page.get_by_role("radio", name="Диски").click()
    expect(page.locator(".cl-kpis").first).to_contain_text(before)
    page.locator(".st-key-migrate-aside summary").first.click()
    expect(page.locator(".st-key-migrate-aside")).to_contain_text("estate.xlsx!vInfo:63")
    _plan(page)
    expect(page.get_by_text("за 36 мес.").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_contain_text("₽")
    with page.expect_download() as started:
        page.get_by_role("button", name="Книга (XLSX)").click()
    file = tmp_path / "budget.xlsx"
    started.value.save_as(file)
    assert "Мост" in openpyxl.load_workbook(file).sheetnames
    with page.expect_download() as started:
        page.get_by_role("button", name="Файл сметы").click()
    started.value.save_as(tmp_path / "estate.yaml")
    assert len(yaml.safe_load((tmp_path / "estate.yaml").read_text(encoding="utf-8"))["resources"]) == 55


def test_a_line_typed_in_stands_beside_the_estimate(page: Page) -> None:
    _example(page)
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 120, box["y"] + 52)  # the row that adds one
    page.wait_for_timeout(1000)
    for x, text in ((120, "Персонал"), (480, "410 000,50"), (590, "без НДС")):
        page.mouse.click(box["x"] + x, box["y"] + 52)
        page.wait_for_timeout(300)
        page.keyboard.type(text)
        page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
    expect(page.get_by_text("Месяц сегодня и в VK Cloud")).to_be_visible()
    row = page.locator(".cl-rows tr").filter(has_text="Персонал")
    expect(row).to_contain_text(f"410{NBSP}000,50{NBSP}₽")
    expect(page.get_by_text("Впишите хотя бы одну волну")).to_be_visible()
    page.get_by_role("link", name="Счета").click()
    page.get_by_role("link", name="Миграция").click()
    expect(page.locator(".cl-rows tr").filter(has_text="Персонал")).to_contain_text(f"410{NBSP}000,50{NBSP}₽")


def test_a_narrow_screen_shows_all_of_it(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _example(page)
    _plan(page)
    page.wait_for_timeout(1000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "[...document.querySelectorAll('.cl-kpis b')]"
    assert page.evaluate(f"Math.max(...{wide}.map(e => e.getBoundingClientRect().right))") <= 390
