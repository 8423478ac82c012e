"""The page Migrate, driven without a browser."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from costlab.cli import main
from costlab.examples import example
from costlab.ui import state
from tests.test_ui import html, keyed, run

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 22)
Open = Callable[..., AppTest]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr(state, "today", lambda: TODAY)
    st.cache_data.clear()

    def opened(language: str = "ru") -> AppTest:
        monkeypatch.setenv("COSTLAB_LANG", language)
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
        run(at)
        at.switch_page("costlab/ui/migrate/page.py")
        return run(at)

    return opened


def press(at: AppTest, key: str) -> AppTest:
    return run(at.button(key=key).click())


def choose(at: AppTest, name: str, value: str) -> AppTest:
    return run(at.segmented_control(key=keyed(at, name)).set_value(value))


def kpis(at: AppTest, number: int = 0) -> str:
    return html(at).split('<div class="cl-kpis">')[number + 1].split("</div></div>")[0]


def test_an_empty_page_says_what_to_do(page: Open) -> None:
    at = page("ru")
    assert "Во что обойдётся переезд в VK Cloud?" in html(at)
    assert at.button(key="migrate-example").label == "Открыть пример: 62 строки RVTools"
    assert "costlab import" in at.caption[0].value
    assert "What will moving to VK Cloud cost?" in html(page("en"))


def test_the_example_is_read_sized_and_priced_here_and_elsewhere(page: Open) -> None:
    at = press(page("ru"), "migrate-example")
    told = kpis(at)
    assert all(x in told for x in ("<b>62</b>", "<b>55</b>", "<b>7</b>", "314 vCPU", "1 015 682,79 ₽"))
    text = html(at)
    assert "estate.xlsx!vInfo:63" in text
    assert "та же машина, что estate.xlsx!vInfo:14" in text
    assert "costlab-" not in text.replace("costlab-cloud", "")
    assert "клиентские Windows в VK Cloud запускать нельзя" in text
    for amount in ("1 043 168,47 ₽", "848 745,59 ₽", "878 546,70 ₽", "938 921,88 ₽", "915 692,79 ₽", "строк: 18"):
        assert amount in text
    assert "Лицензия на два ядра" in text
    assert "STD3-4-8 · 60 ГБ</td>" in text
    assert "60 ГБ + 60 ГБ" not in text, "a machine listed twice has its disks once"


def test_storage_basis_and_what_is_off_change_the_estimate(page: Open) -> None:
    at = press(page("en"), "migrate-example")
    assert "1,015,682.79" in kpis(at)
    at = choose(at, "migrate-basis", "in_use")
    assert "977,381.05" in kpis(at)
    at = choose(at, "migrate-mode", "moderate")
    assert "55 of 55 servers keep their size" in at.info[0].value
    at = run(at.toggle(key=keyed(at, "migrate-off")).set_value(True))
    assert "<b>57</b>" in kpis(at)


def test_nothing_is_invented_before_a_plan_is_given(page: Open) -> None:
    at = press(page("ru"), "migrate-example")
    assert "Впишите хотя бы одну строку" in at.info[-1].value
    assert not at.get("plotly_chart")
    assert "Экономия" not in html(at)


def test_the_example_plan_is_worked_out(page: Open) -> None:
    at = press(press(page("ru"), "migrate-example"), "plan-example")
    text = html(at)
    assert "за 36 мес." in text
    assert "93,3 %" in at.success[0].value.replace("\u00a0", " ")
    assert "Окупается" in text


def test_below_eighty_percent_no_saving_is_claimed(page: Open) -> None:
    at = press(press(page("ru"), "migrate-example"), "plan-example")
    at = run(next(m for m in at.multiselect if str(m.key).startswith("plan-waived")).set_value([]))
    assert "говорить об экономии рано" in html(at)
    assert "НЕПОЛНЫЙ" in at.warning[0].value


def test_a_wrong_field_is_told_and_loses_nothing(page: Open) -> None:
    at = press(press(page("en"), "migrate-example"), "plan-example")
    field = next(t for t in at.text_input if str(t.key).startswith("plan-discount_rate"))
    at = run(field.set_value("many"))
    assert "The plan cannot be worked out yet" in html(at)
    field = next(t for t in at.text_input if str(t.key).startswith("plan-discount_rate"))
    at = run(field.set_value("0.16"))
    assert "over 36 months" in html(at)


def test_a_file_that_is_no_inventory_is_refused(page: Open) -> None:
    at = page("en")
    at = run(at.file_uploader[0].set_value([("notes.txt", b"nothing here\nat all\n", "text/plain")]))
    text = html(at)
    assert "notes.txt cannot be used" in text
    assert "/costlab-" not in text


def test_the_page_and_the_commands_say_the_same(
    page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("estate.xlsx", "estate-plan.yaml"):
        (tmp_path / name).write_bytes(example(name))
    monkeypatch.chdir(tmp_path)
    assert main(["import", "estate.xlsx", "--prices-on", "2026-11-22", "-o", "estate.yaml"]) == 0
    capsys.readouterr()
    main(["estimate", "estate.yaml", "--provider", "selectel", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["total"] == "848745.59"
    assert main(["migrate", "estate-plan.yaml", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    at = press(press(page("en"), "migrate-example"), "plan-example")
    told = html(at).replace(",", "")
    assert f"Saving over 36 months: {found['monthly'][-1]['cumulative']} ₽" in told
    assert f"{found['npv']} ₽" in told
    assert (found["monthly"][-1]["cumulative"], found["npv"]) == ("21884791.75", "16196077.16")
