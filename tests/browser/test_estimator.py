"""The first road in a browser: add, read, download, open again."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
NBSP = "\u00a0"


def _total(page: Page, amount: str) -> None:
    expect(page.locator(".cl-total .big")).to_have_text(amount.replace(" ", NBSP))


def _add_server(page: Page) -> None:
    page.get_by_role("button", name="Добавить сервер").click()
    _total(page, "8 474,33 ₽")


def test_a_server_its_explanation_and_its_workbook(page: Page, tmp_path: Path) -> None:
    _add_server(page)
    page.locator(".cl-lines summary").first.click()
    expect(page.locator(".cl-how").first).to_contain_text("vk.compute.vcpu.ice-lake")
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="XLSX").click()
    file = tmp_path / "estimate.xlsx"
    started.value.save_as(file)
    assert started.value.suggested_filename.endswith(".xlsx")
    book = openpyxl.load_workbook(file, data_only=True)
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(v, int | float) and round(v * 100) == 847433 for v in values)


def test_a_change_shows_at_once_in_line_group_and_total(page: Page) -> None:
    _add_server(page)
    size = page.get_by_role("textbox", name="Размер, ГБ")
    size.fill("200,5")
    size.press("Enter")
    _total(page, "9 807,20 ₽")
    group = page.get_by_role("combobox", name="Группа")
    group.click()
    group.fill("shop")
    group.press("Enter")
    expect(page.locator(".cl-group")).to_have_text(f"shop9{NBSP}807,20{NBSP}₽")
    page.get_by_role("radio", name="Без НДС").click()
    expect(page.locator(".cl-sum")).to_have_text(f"8{NBSP}038,69{NBSP}₽")


def test_json_comes_back(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Открыть пример: магазин").click()
    expect(page.locator(".cl-row").first).to_be_visible()
    amount = page.locator(".cl-total .big").inner_text()
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON").click()
    file = tmp_path / "shop.json"
    started.value.save_as(file)
    page.get_by_role("button", name="Удалить всё").click()
    expect(page.get_by_text("Сколько будет стоить ваше облако?")).to_be_visible()
    page.get_by_role("button", name="Открыть", exact=True).click()
    page.locator("input[type=file]").set_input_files(file)
    _total(page, amount.replace(NBSP, " "))


def test_english(page: Page) -> None:
    _add_server(page)
    page.get_by_role("radio", name="EN").click()
    _total(page, "8,474.33 ₽".replace(" ", NBSP))
    expect(page.get_by_role("button", name="Add a service")).to_be_visible()
    expect(page.get_by_role("combobox", name="Region")).to_have_value("VK Cloud, Moscow")
    page.get_by_role("radio", name="Without").click()
    page.get_by_role("radio", name="RU").click()
    _total(page, "6 946,17 ₽")
    expect(page.get_by_role("combobox", name="Регион")).to_have_value("VK Cloud, Москва")


def test_a_narrow_screen_keeps_the_total_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _add_server(page)
    expect(page.locator(".cl-bar")).to_be_in_viewport()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
