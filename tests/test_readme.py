"""The README's examples run as they stand."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from costlab.catalog.loading import load_catalog
from costlab.catalog.report import coverage
from costlab.cli import main
from costlab.examples import example

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
RECIPES = Path(__file__).parent.parent / "price_catalog" / "README.md"


def blocks(language: str) -> list[str]:
    """Fenced blocks, dedented by their own indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", README, flags=re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", body, flags=re.MULTILINE) for indent, body in found]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "web.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    for name in ("estate.xlsx", "estate-plan.yaml"):
        (tmp_path / name).write_bytes(example(name))
    (tmp_path / "deal").mkdir()
    (tmp_path / "deal" / "offer.yaml").write_text(blocks("yaml")[1], encoding="utf-8")
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(block: str) -> list[list[str]]:
    """The costlab commands of a block, in order."""
    lines = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ costlab")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


BLOCKS = [found for block in blocks("console") if (found := commands(block))]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: " ".join(b[0]))
@pytest.mark.usefixtures("folder")
def test_commands(block: list[list[str]]) -> None:
    """Each block in one folder, from its first command to its last; another cloud's list may lack something."""
    if not any(command[0] == "demo" for command in block) and any("demo/" in w for c in block for w in c):
        assert main(["demo", "demo"]) == 0
    for command in block:
        assert main(command) == (3 if "--provider" in command else 0), command


def test_the_total_it_promises(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(folder / "web.yaml"), "--lang", "en"]) == 0
    total = re.search(r"The total is ([\d,.]+)", README)
    assert total is not None
    assert total[1] in capsys.readouterr().out


def test_the_coverage_it_shows() -> None:
    told = dict(re.findall(r"^\| (priced|free|on_request|legacy) \| (.*) \|$", README, flags=re.MULTILINE))
    rows = coverage(load_catalog())
    assert told == {
        status: ", ".join(f"{r['service']} ({r['skus']})" for r in rows if r["status"] == status)
        for status in ("priced", "free", "on_request", "legacy")
    }


def test_the_profile_it_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "logs.yaml").write_text(blocks("yaml")[2], encoding="utf-8")
    assert main(["estimate", "logs.yaml", "--lang", "en"]) == 0
    assert "logs: egress_gb = 200" in capsys.readouterr().out


def test_python(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = folder / "example.py"
    script.write_text(blocks("python")[0], encoding="utf-8")
    runpy.run_path(str(script))
    assert "8474.33 1528.16 True" in capsys.readouterr().out
    assert (folder / "web.xlsx").exists()


def test_every_make_target_it_names_exists() -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)", README)) - {"it", "and"}:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_every_path_of_the_tree_exists() -> None:
    tree = README[README.index("```\napp.py ") + 4 :].split("```")[0]
    base, top = Path(__file__).parent.parent, ""
    for line in tree.splitlines():
        name = line.split()[0].rstrip(",")
        top = name if not line.startswith(" ") else top
        path = base / name if not line.startswith(" ") else base / top / name
        assert path.exists(), line
