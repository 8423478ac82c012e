"""The page Bills, driven without a browser."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from costlab.errors import InputError
from costlab.examples import example
from costlab.exports.answers import load as output
from costlab.exports.answers import names as outputs
from costlab.questions import Where
from costlab.questions.spend import answer, card, questions
from costlab.store import Store, import_bill, list_bills, open_store
from costlab.ui.bills import charts as bills_charts
from costlab.ui.bills import importing
from tests.test_ui import html, keyed, run

ROOT = Path(__file__).parent.parent
Open = Callable[..., AppTest]
HEADER = "Дата;Проект;ID ресурса;Сервис;Параметр;Количество;Единица измерения;Сумма, ₽\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COSTLAB_STORE", raising=False)
    monkeypatch.delenv("COSTLAB_BILLS_DIR", raising=False)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def page(home: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    assert home

    def opened(language: str = "ru") -> AppTest:
        monkeypatch.setenv("COSTLAB_LANG", language)
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        run(at)
        at.switch_page("costlab/ui/bills/page.py")
        return run(at)

    return opened


@pytest.fixture
def store(home: Path) -> Store:
    """Two months: one of the example, and one row before it."""
    found = open_store()
    for name, raw in {
        "november.csv": example("bill-clean.csv"),
        "october.csv": f"{HEADER}2026-10-31;mcs1;<b>old;Виртуальные серверы;RAM;1440;ГБ·мин;7,50\n".encode(),
    }.items():
        (home / name).write_bytes(raw)
        import_bill(found, home / name)
    return found


def waited(at: AppTest) -> AppTest:
    """The page after the import it started."""
    job = at.session_state["memory"]["bills-job"]
    job.wait(60)
    return run(at)


def view(at: AppTest, name: str) -> AppTest:
    return run(at.segmented_control(key=keyed(at, "bills-view")).set_value(name))


def test_an_empty_page_says_what_to_do(page: Open) -> None:
    at = page("ru")
    assert "На что уходят деньги?" in html(at)
    assert at.button(key="bills-example").label == "Загрузить пример счёта"
    assert "Where does the money go?" in html(page("en"))


def test_an_example_is_imported_and_shown(page: Open) -> None:
    at = waited(run(page("ru").button(key="bills-example").click()))
    text = html(at)
    assert "<b>bill-clean.csv</b>: строк 822, <b>81 972,87 ₽</b>" in text
    assert "<b>81 972,87 ₽</b>" in text.split('<div class="cl-kpis">')[1]
    assert len(at.get("plotly_chart")) == 3


def test_an_upload_is_imported_under_its_own_name(page: Open, home: Path) -> None:
    at = page("ru")
    raw = f"{HEADER}2026-10-31;mcs1;a;Сети;RAM;1;ГБ·мин;7,50\n2026-10-31;mcs1;a;Сети;RAM;1;ГБ·мин;x\n".encode()
    at = waited(run(at.file_uploader[0].set_value([("../../oct.csv", raw, "text/csv")])))
    assert "<b>oct.csv</b>: строк 1, <b>7,50 ₽</b>" in html(at)
    assert "отклонено: 1" in html(at)
    assert [b.accepted for b in list_bills(open_store())] == [1]
    assert home


def test_what_cannot_be_read_is_told(page: Open) -> None:
    at = waited(run(page("ru").file_uploader[0].set_value([("odd.csv", b"a;b\n1;2\n", "text/csv")])))
    assert "odd.csv" in html(at)
    assert "cl-notes bad" in html(at)
    assert list_bills(open_store()) == []


VIEWS = ("overview", *questions(), "files")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_view_is_drawn(page: Open, store: Store, language: str) -> None:
    assert store
    expected = {"overview": "81 980,37 ₽", "cost": "81 980,37 ₽", "files": "october.csv", "idle": "2 970,00 ₽"}
    at = page(language)
    for name in VIEWS:
        at = view(at, name)
        text = html(at)
        assert "<b>old" not in text
        if language == "ru" and name in expected:
            assert expected[name] in text
        assert len(at.info) == (1 if name == "restated" else 0)
        if name in questions():
            assert card(name).about[language] in [c.value for c in at.caption]


def test_filters_narrow_every_sum(page: Open, store: Store) -> None:
    at = page("ru")
    assert store
    at = run(at.multiselect(key=keyed(at, "bills-service")).set_value(["Лицензии"]))
    assert "<b>2 970,00 ₽</b>" in html(at)
    at = run(at.selectbox(key=keyed(at, "bills-tag")).set_value("env"))
    at = run(at.multiselect(key=keyed(at, "bills-tag-values-env")).set_value(["prod"]))
    assert "Под условия ничего не подходит" in at.info[0].value


def test_a_table_of_two_dimensions_and_days(page: Open, store: Store) -> None:
    at = view(page("ru"), "cost")
    assert store
    at = run(at.multiselect(key=keyed(at, "bills-by")).set_value(["service", "tag:env"]))
    at = run(at.number_input(key="bills-top-n").set_value(2))
    text = html(at)
    assert "остальные: " in text
    assert "Итого: 81 980,37 ₽ · строк: 823" in text


def test_charts_have_their_figures_from_exact_sums(store: Store) -> None:
    found = answer(store, "cost", by=("service",), grain="day", top=2)
    figure = bills_charts.over_time(found, "RUB", "ru")
    assert [bar["name"] for bar in figure.data] == ["Контейнеры", "Базы данных", "остальные"]
    assert figure.layout.yaxis.ticksuffix == "\u00a0₽"
    assert figure.layout.separators == ",\u00a0"
    assert tuple(figure.data[0]["customdata"][0]) == ("01.11.2026", "1\u00a0104,85\u00a0₽")
    boxes = answer(store, "cost", by=("project", "service"), top=60)
    tree, negative = bills_charts.tree(boxes, "RUB", "en")
    assert negative == 0
    assert "mcs1" in tree.data[0]["labels"]


@pytest.mark.parametrize("name", outputs())
@pytest.mark.parametrize("question", questions())
def test_every_answer_in_every_format(store: Store, question: str, name: str) -> None:
    found = answer(store, question, by=("service", "tag:env"), grain="day", top=3)
    for language in ("ru", "en"):
        assert output(name).render(found, language)  # type: ignore[arg-type]


def test_an_import_can_be_cancelled_and_leaves_nothing(home: Path) -> None:
    rows = "".join(f"2026-10-{1 + n % 28:02};mcs1;r{n};Сети;RAM;1;ГБ·мин;7,50\n" for n in range(60_000))
    (home / "big.csv").write_bytes((HEADER + rows).encode())
    store = open_store()
    job = importing.start(store, [home / "big.csv", home / "big.csv"])
    job.cancel()
    job.wait(60)
    assert job.cancelled
    assert not job.failed
    assert list_bills(store) == []
    again = importing.start(store, [home / "big.csv"])
    end = time.monotonic() + 60
    while again.running and time.monotonic() < end:
        time.sleep(0.01)
    assert again.done[0].bill.totals == {"RUB": Decimal("450000.00")}


def test_paths_of_the_server_stay_in_their_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "bills"
    folder.mkdir()
    (folder / "a.csv").write_text("x")
    (folder / "link.csv").symlink_to("/etc/passwd")
    (home / "secret.csv").write_text("x")

    def refused(text: str, address: str | None = "0.0.0.0") -> str:  # noqa: S104 (what is asked about)
        with pytest.raises(InputError) as error:
            importing.server_files(text, address)
        return error.value.problems[0].code

    assert refused(str(folder / "a.csv")) == "bills_dir_unset"
    assert importing.server_files(str(folder / "a.csv"), "localhost") == [folder / "a.csv"]
    monkeypatch.setenv("COSTLAB_BILLS_DIR", str(folder))
    assert importing.server_files("a.csv", None) == [folder / "a.csv"]
    assert importing.server_files(str(folder), None) == [folder / "a.csv"]
    for text in ("../secret.csv", str(home / "secret.csv"), "link.csv", "/etc/passwd", "../bills-2/a.csv"):
        assert refused(text) == "bills_dir_outside"
    assert refused("none.csv") == "no_bill_there"
    assert refused("") == "no_bill_there"
    assert refused("a\x00b") == "no_bill_there"


def test_a_filter_of_a_page_and_of_a_command_mean_the_same(store: Store) -> None:
    where = Where(equal=(("service", ("Лицензии",)),))
    assert answer(store, "cost", where=where).totals == {"RUB": Decimal("2970.00")}
