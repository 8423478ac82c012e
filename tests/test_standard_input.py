"""`-` is standard input: whatever it holds is told by its content, called <stdin>, and leaves nothing behind."""

import gzip
import io
import json
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from costlab.cli import main
from costlab.files import standard_input
from tests.bills.dirt import CSV, RECIPES
from tests.bills.samples import bomb

EXAMPLES = Path(__file__).parents[1] / "costlab" / "examples"
SHOP = (EXAMPLES / "shop.yaml").read_bytes()
BILL = (EXAMPLES / "bill-clean.csv").read_bytes()


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()


def run(monkeypatch: pytest.MonkeyPatch, content: bytes, *arguments: str) -> int:
    """A command with this on its standard input; nothing may be left of it."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    status = main([*arguments, "--lang", "en"])
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    return status


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_estimate(form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    content = SHOP if form == "yaml" else json.dumps(yaml.safe_load(SHOP), default=str).encode()
    run(monkeypatch, SHOP, "estimate", str(EXAMPLES / "shop.yaml"), "--format", "json")
    wanted = json.loads(capsys.readouterr().out)
    run(monkeypatch, content, "estimate", "-", "--format", "json")
    assert json.loads(capsys.readouterr().out)["total"] == wanted["total"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_reconcile(pack: type, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, pack(BILL), "reconcile", "-") == 0
    out = capsys.readouterr().out
    assert out.startswith("Reconciliation: <stdin>\n")
    assert "81,972.87\u00a0₽" in out


def test_import_into_the_store(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, RECIPES["zip_of_csv"](), "bill", "import", "-", "--format", "json") == 0
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert (file["file"], file["accepted"], file["total"]) == ("<stdin>/bill.csv", 4, "313.97")


def test_show_without_a_store(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Files that are given are asked and leave the store as it was."""
    assert run(monkeypatch, BILL, "bill", "show", "-", "--by", "file", "--format", "json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert "81972.87" in json.dumps(shown)
    assert "<stdin>" in json.dumps(shown)
    assert run(monkeypatch, b"", "bill", "show") == 2
    assert run(monkeypatch, RECIPES["two_sheets_one_bad_row"](), "bill", "show", "-") == 3
    assert "<stdin>!Июль:5: column “Сумма”" in capsys.readouterr().err


def test_inventory(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, (EXAMPLES / "estate.xlsx").read_bytes(), "import", "-", "--format", "json")
    read = json.loads(capsys.readouterr().out)
    assert (read["read"], read["mapped"] + len(read["set_aside"])) == (62, 62)
    assert {r["origin"].partition("!")[0] for r in read["resources"] if "!" in r["origin"]} == {"<stdin>"}


def test_one_side_of_a_comparison(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, SHOP, "compare", str(EXAMPLES / "shop.yaml"), "-", "--format", "json")
    assert json.loads(capsys.readouterr().out)["delta"] == "0.00"


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (b"", ("reconcile", "-"), "<stdin>: the file is empty; download the report again\n"),
        (b"x" * 99, ("bill", "check", "-"), "<stdin>: is no FOCUS table of charges"),
        (bomb(), ("reconcile", "-"), "<stdin>: unpacks to 60,000,000 B"),
        (b"resources: [", ("estimate", "-"), "<stdin>:2: the file is broken or cut off here"),
        (SHOP, ("compare", "-", "-"), "<stdin>: standard input can be read once, and `-` stands twice; save one"),
    ],
)
def test_refused(
    content: bytes, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert run(monkeypatch, content, *arguments) == 2
    assert capsys.readouterr().err.startswith(said)


def test_limits_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(standard_input, "MAX_BYTES", 100)
    assert run(monkeypatch, CSV * 9, "bill", "import", "-") == 2
    assert capsys.readouterr().err.startswith("<stdin>: ")
