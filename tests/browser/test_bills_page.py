"""Bills in a browser: upload, overview, tables, questions, download; on a wide and on a narrow screen."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from costlab.examples import example

pytestmark = pytest.mark.browser
NBSP = "\u00a0"
TOTAL = "81 972,87 ₽".replace(" ", NBSP)


def _bills(page: Page) -> None:
    """The page with the example in the store, whoever imported it first."""
    page.get_by_role("link", name="Счета").click()
    expect(page.get_by_text("На что уходят деньги?")).to_be_visible()
    upload = page.locator("input[type=file]").first
    if not upload.is_visible() and page.locator(".st-key-bills-add").count():
        page.locator(".st-key-bills-add summary").click()
    upload.set_input_files({"name": "november.csv", "mimeType": "text/csv", "buffer": example("bill-clean.csv")})
    expect(page.locator(".cl-notes").filter(has_text="november.csv")).to_be_visible(timeout=60_000)
    expect(page.locator(".cl-kpis")).to_contain_text(TOTAL)


def _view(page: Page, name: str) -> None:
    page.locator("[class*=st-key-bills-view-]").get_by_text(name, exact=True).click()


def test_from_upload_to_download(page: Page, tmp_path: Path) -> None:
    _bills(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    expect(page.locator(".js-plotly-plot").first).to_contain_text("₽")
    _view(page, "Простой")
    expect(page.locator(".cl-rows")).to_contain_text("лицензия без машины")
    expect(page.locator(".cl-notes").last).to_contain_text("не начислялась ни разу")
    _view(page, "Цены")
    expect(page.locator(".cl-rows")).to_contain_text(f"33{NBSP}₽ / шт.·сут")
    _view(page, "Таблица")
    expect(page.locator(".cl-rows th")).to_have_text(["Сервис", "Строк", "Сумма", "Доля"])
    expect(page.locator(".cl-sum")).to_contain_text(TOTAL)
    page.wait_for_timeout(500)
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON").click()
    file = tmp_path / "cost.json"
    started.value.save_as(file)
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["totals"] == {"RUB": "81972.87"}


def test_a_narrow_screen_shows_all_of_it(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _bills(page)
    for name in ("Обзор", "Простой", "Файлы"):
        _view(page, name)
        page.wait_for_timeout(1000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
