"""The web estimator, driven without a browser. Today is pinned, so that prices do not move under the tests."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costlab import services
from costlab.exports.estimates import load
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.ui import draft as drafts
from costlab.ui import state
from costlab.ui.estimate.form import number_text
from costlab.ui.estimate.pricing import price
from costlab.ui.estimate.summary import summary
from costlab.ui.parts.add import example

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 1)
Open = Callable[[str], AppTest]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr(state, "today", lambda: TODAY)

    def opened(language: str = "ru") -> AppTest:
        monkeypatch.setenv("COSTLAB_LANG", language)
        return run(AppTest.from_file(str(ROOT / "app.py"), default_timeout=30))

    return opened


def run(what: Any) -> AppTest:
    """Run the page, or the page of an input that was just changed."""
    at: AppTest = what.run()
    assert not at.exception, [e.value for e in at.exception]
    return at


def click(at: AppTest, key: str) -> AppTest:
    return run(at.button(key=key).click())


def html(at: AppTest) -> str:
    """All HTML of the page, with plain spaces."""
    return "\n".join(str(h.proto.body) for h in at.get("html")).replace("\u00a0", " ").replace("&nbsp;", " ")


def total(at: AppTest) -> str:
    return html(at).split('<div class="big">')[1].split("</div>")[0]


def draft(at: AppTest) -> drafts.Draft:
    found = at.session_state["memory"]["draft"]
    assert isinstance(found, drafts.Draft)
    return found


def keyed(at: AppTest, name: str) -> str:
    """The key of an input as the page has drawn it now."""
    return f"{name}-{at.session_state['memory']['generation']}"


def field(at: AppTest, label: str) -> str:
    """The key of the input with a label."""
    kinds = (at.text_input, at.number_input, at.selectbox, at.toggle)
    return next(str(x.key) for kind in kinds for x in kind if x.label == label)


def upload(at: AppTest, name: str, raw: bytes) -> AppTest:
    return run(at.file_uploader[0].set_value((name, raw, "application/octet-stream")))


def test_empty_page_says_what_to_do(page: Open) -> None:
    at = page("ru")
    assert "Сколько будет стоить ваше облако?" in html(at)
    assert at.button(key="first-server").label == "Добавить сервер"
    assert at.button(key="example").label == "Открыть пример: магазин"
    for name in services.names():
        assert at.button(key=f"add-{name}").label == services.load(name).TITLE.ru
    assert "What will your cloud cost?" in html(page("en"))


@pytest.mark.parametrize(("language", "expected"), [("ru", "8 474,33 ₽"), ("en", "8,474.33 ₽")])
def test_a_server_is_priced_at_once(page: Open, language: str, expected: str) -> None:
    at = click(page(language), "first-server")
    assert total(at) == expected
    assert html(at).count("<details><summary><span") == 4


def test_the_language_can_be_changed_and_nothing_is_lost(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = run(at.segmented_control(key="language-choice").set_value("en"))
    assert total(at) == "8,474.33 ₽"
    assert "How computed" in html(at)


def test_every_amount_tells_how_it_was_computed(page: Open) -> None:
    text = html(click(page("ru"), "first-server"))
    assert "172 800 vCPU·мин × 0,019660 ₽ / vCPU·мин" in text
    assert "= 3 397,248 ₽ → <b>3 397,25 ₽</b> → НДС 22 %: 612,62 ₽, без НДС: 2 784,63 ₽" in text
    assert "<code>vk.compute.vcpu.ice-lake</code>" in text
    assert 'href="https://cloud.vk.com/pricelist/"' in text
    assert "12.01.2026, сверен 01.10.2026" in text
    assert "849 ₽ / 43 200 vCPU·мин" in text


def test_a_disk_can_be_resized_with_a_comma(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = run(at.text_input(key=field(at, "Размер, ГБ")).set_value("200,5"))
    (entry,) = draft(at).resources.values()
    assert entry["spec"]["disks"] == [{"type": "ceph-ssd", "size_gb": "200.5"}]
    assert total(at) == "9 807,20 ₽"


def test_disks_are_added_and_removed(page: Open) -> None:
    at = click(page("ru"), "first-server")
    key = next(str(b.key) for b in at.button if b.label == "Добавить")
    at = click(at, key)
    (entry,) = draft(at).resources.values()
    assert len(entry["spec"]["disks"]) == 2
    assert total(at) == "9 800,57 ₽"
    remove = next(str(b.key) for b in at.button if "-remove-" in str(b.key))
    assert total(click(at, remove)) == "8 474,33 ₽"


def test_vat_switch(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = run(at.segmented_control(key=keyed(at, "vat")).set_value("net"))
    assert total(at) == "6 946,17 ₽"
    at = run(at.segmented_control(key=keyed(at, "vat")).set_value("both"))
    assert total(at) == "8 474,33 ₽"
    assert "6 946,17 ₽ + НДС 1 528,16 ₽" in html(at)


def test_period_switch(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = run(at.selectbox(key=field(at, "Период")).set_value("2026-12"))
    assert "Итого за 31 дн." in html(at)
    assert total(at) == "8 756,81 ₽"
    at = run(at.selectbox(key=field(at, "Период")).set_value("own"))
    assert draft(at).period == {"start": "2026-12-01", "end": "2027-01-01"}
    last = next(d for d in at.date_input if d.label == "Последний день")
    at = run(last.set_value(date(2026, 12, 30)))
    assert total(at) == "8 474,33 ₽"
    last = next(d for d in at.date_input if d.label == "Последний день")
    at = run(last.set_value(date(2026, 11, 30)))
    assert draft(at).period == {"start": "2026-12-01", "end": "2026-12-31"}
    assert "период не изменён" in at.toast[0].value


def test_clone_rename_group_count_delete_undo(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = click(at, "clone-r1")
    assert [e["id"] for e in draft(at).resources.values()] == ["vm-1", "vm-2"]
    at = run(at.text_input(key=field(at, "Название")).set_value("vm-1"))
    assert draft(at).resources["r2"]["id"] == "vm-2"
    assert "занято" in at.toast[0].value
    at = run(at.text_input(key=field(at, "Название")).set_value("=web <b>"))
    at = run(at.number_input(key=field(at, "Количество")).set_value(10))
    assert total(at) == "93 217,63 ₽"
    draft(at).resources["r2"]["group"] = "shop"  # AppTest cannot type a new option; the browser test does
    at = run(at)
    assert "<b>shop</b><span>84 743,30 ₽" in html(at)
    assert "=web &lt;b&gt;" in html(at)
    assert "=web <b>" not in html(at)
    at = click(at, "delete-r2")
    assert total(at) == "8 474,33 ₽"
    at = click(at, "undo")
    assert total(at) == "93 217,63 ₽"
    at = click(at, "clear")
    assert not draft(at).resources
    assert total(click(at, "undo")) == "93 217,63 ₽"


def test_a_mistake_is_told_at_its_resource_and_spares_the_rest(page: Open) -> None:
    at = click(click(page("ru"), "first-server"), "clone-r1")
    at = run(at.text_input(key=field(at, "Конфигурация")).set_value("STD9-x"))
    text = html(at)
    assert total(at) == "8 474,33 ₽"
    assert "неизвестная конфигурация «STD9-x»" in text
    assert "с ошибками, не в итоге: 1" in text
    assert any("Ресурсы с ошибками" in c.value for c in at.caption)


def test_what_the_catalog_refuses_spares_the_rest(page: Open) -> None:
    at = click(click(page("ru"), "first-server"), "add-disk")
    at = run(at.selectbox(key=field(at, "Тип")).set_value("ef-nvme"))
    at = run(at.selectbox(key=field(at, "Зона")).set_value("PA2"))
    assert "нет в зоне PA2" in html(at)
    assert total(at) == "8 474,33 ₽"


def test_no_price_is_never_zero(page: Open) -> None:
    at = click(click(page("ru"), "first-server"), "add-bare_metal")
    at = run(at.text_input(key=field(at, "Цена месяца")).set_value(""))
    text = html(at)
    assert "НЕПОЛНАЯ: строк без цены — 1" in text
    assert "нет публичной цены" in text
    assert ">нет цены<" in text
    assert total(at) == "8 474,33 ₽"


def test_a_region_without_a_price_list_says_so(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = run(at.selectbox(key=field(at, "Регион")).set_value("kz-ast"))
    assert "Публичного прайс-листа для региона «Казахстан» нет" in at.warning[0].value
    assert "НЕПОЛНАЯ" in html(at)
    assert total(at) == "нет цены"
    assert "0,00" not in html(at)


def test_an_estimate_survives_download_and_upload(page: Open) -> None:
    at = click(page("ru"), "example")
    before = total(at)
    scenario = parse_estimate(drafts.text_of(drafts.file_of(draft(at))), "x", today=TODAY)
    estimate = price(draft(at), "x", TODAY).estimate
    assert estimate is not None
    made = load("json").render(estimate, "ru", "included")
    assert isinstance(made, str)
    at = upload(click(at, "clear"), "shop.json", made.encode())
    assert total(at) == before
    assert draft(at).period == "30d" or draft(at).prices_on
    again = parse_estimate(drafts.text_of(drafts.file_of(draft(at))), "x", today=TODAY)
    assert [r.spec for r in again.resources] == [r.spec for r in scenario.resources]
    raw = example()
    assert raw is not None
    assert total(upload(at, "shop.yaml", raw)) == before


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("a.yaml", b"costlab: 1\nresources:\n  - {id: a, service: vmm}\n", "неизвестный сервис «vmm»"),
        ("a.yaml", b"costlab: 1\nresources:\n  - {id: a, service: disk, spec: {sise: 1}}\n", "неизвестный ключ «sise»"),
        ("a.json", b'{"costlab": 1, "resources": [', "файл испорчен или обрывается"),
        ("a.json", b"\x89PNG\r\n\x1a\n\x00", "это не текстовый файл"),
        ("<b>.yaml", b"a: !!python/object/apply:os.system [id]", "метка python/object/apply:os.system не читается"),
    ],
)
def test_a_broken_upload_changes_nothing_and_says_why(page: Open, name: str, raw: bytes, expected: str) -> None:
    at = upload(click(page("ru"), "first-server"), name, raw)
    text = html(at)
    assert expected in text
    assert "<b>.yaml не открыт" not in text
    assert total(at) == "8 474,33 ₽"
    assert expected not in html(click(at, "refused-close"))


def test_what_no_sum_can_hold_is_told(page: Open) -> None:
    raw = (ROOT / "tests" / "errors" / "too-much" / "input.yaml").read_bytes()
    at = upload(click(page("en"), "first-server"), "huge.yaml", raw)
    assert "together exceed 38 digits" in html(at) + "".join(e.value for e in at.error)


def test_days_far_away_can_be_edited(page: Open) -> None:
    raw = b"costlab: 1\nprices_on: 2199-12-31\nperiod: {start: 2199-06-01, end: 2199-12-31}\nresources: []\n"
    at = upload(page("en"), "far.yaml", raw)
    assert draft(at).period == {"start": "2199-06-01", "end": "2199-12-31"}


@pytest.mark.parametrize("service", services.names())
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_service_opens_with_a_form_and_a_price(page: Open, service: str, language: str) -> None:
    at = click(page(language), f"add-{service}")
    assert "cl-tag bad" not in html(at)
    (entry,) = draft(at).resources.values()
    assert entry["spec"] == services.load(service).EXAMPLE
    keys = [x.key for kind in (at.text_input, at.number_input, at.selectbox, at.toggle) for x in kind]
    assert len(keys) == len(set(keys))


def test_autoscaling_is_a_switch(page: Open) -> None:
    at = click(page("ru"), "add-kubernetes")
    switch = next(t for t in at.toggle if t.label.startswith("Автомасштабирование"))
    at = run(switch.set_value(True))
    at = run(at.number_input(key=field(at, "Максимум узлов")).set_value(6))
    (entry,) = draft(at).resources.values()
    assert entry["spec"]["groups"][0]["nodes"] == {"min": 3, "max": 6}
    assert "С учётом роста" in html(at)
    switch = next(t for t in at.toggle if t.label.startswith("Автомасштабирование"))
    at = run(switch.set_value(False))
    (entry,) = draft(at).resources.values()
    assert entry["spec"]["groups"][0]["nodes"] == 3


def test_a_stopped_machine(page: Open) -> None:
    at = click(page("ru"), "first-server")
    at = run(at.selectbox(key=field(at, "Время работы")).set_value("stopped"))
    assert total(at) == "1 514,64 ₽"
    at = run(at.selectbox(key=field(at, "Время работы")).set_value("hours"))
    at = run(at.text_input(key=field(at, "Часов за период")).set_value("360"))
    (entry,) = draft(at).resources.values()
    assert entry["schedule"] == {"hours": "360"}


def test_hundreds_of_resources_are_paged_and_found(page: Open) -> None:
    entries = [{"id": f"disk-{n}", "service": "disk", "spec": {"type": "ceph-ssd", "size_gb": 1}} for n in range(300)]
    raw = json.dumps({"costlab": 1, "name": "big", "period": "30d", "resources": entries}).encode()
    at = upload(page("ru"), "big.json", raw)
    assert html(at).count('class="cl-row"') == 25
    at = run(at.text_input(key="filter").set_value("disk-299"))
    assert html(at).count('class="cl-row"') == 1


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("1 000,5", "ru", "1000.5"),
        ("1\u00a0000", "ru", "1000"),
        ("1,000", "ru", "1.000"),
        ("1,000", "en", "1000"),
        ("1,000.5", "en", "1000.5"),
        ("0,5", "en", "0.5"),
        ("abc", "ru", "abc"),
    ],
)
def test_numbers_as_people_type_them(typed: str, language: str, expected: str) -> None:
    assert number_text(typed, "ru" if language == "ru" else "en") == expected


def test_summary_of_a_resource() -> None:
    vm = services.load("vm")
    words = summary(vm.Spec, vm.EXAMPLE, "ru")
    assert words == "STD3-4-16 · SSD (ceph-ssd) 100 ГБ · Публичные IPv4: 1 · Linux, свободные дистрибутивы"


def test_both_configurations_are_one() -> None:
    inside = ROOT / "costlab" / "ui" / ".streamlit" / "config.toml"
    assert inside.read_text() == (ROOT / ".streamlit" / "config.toml").read_text()
