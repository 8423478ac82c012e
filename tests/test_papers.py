"""README and docs: every command runs as it stands, and the figures beside it are the figures it prints."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from costlab.catalog.loading import load_catalog
from costlab.catalog.report import coverage
from costlab.cli import main
from costlab.examples import example

ROOT = Path(__file__).parent.parent
PAPERS = ("README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))
README_LIMIT = 9 * 1024
_FIGURE = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")
"""A number that stands alone in a comment beside a command; dates and names with digits are none."""


def read(paper: str = "README.md") -> str:
    return (ROOT / paper).read_text(encoding="utf-8")


def blocks(language: str, paper: str = "README.md") -> list[str]:
    """Fenced blocks of a paper, dedented by their own indentation."""
    fenced = re.findall(rf"^( *)```{language}\n(.*?)^\1```", read(paper), flags=re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", body, flags=re.MULTILINE) for indent, body in fenced]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the papers' commands run: the files that they speak of."""
    (tmp_path / "web.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    for name in ("estate.xlsx", "estate-plan.yaml"):
        (tmp_path / name).write_bytes(example(name))
    (tmp_path / "deal").mkdir()
    (tmp_path / "deal" / "offer.yaml").write_text(blocks("yaml", "docs/estimates.md")[0], encoding="utf-8")
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(block: str) -> list[tuple[list[str], list[str]]]:
    """The costlab commands of a block in order, each with the figures that its comment promises."""
    lines = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ costlab")]
    return [(shlex.split(x, comments=True)[1:], _FIGURE.findall(x.partition(" #")[2])) for x in lines]


BLOCKS = [
    pytest.param(told, id=f"{paper}: {' '.join(told[0][0])}")
    for paper in PAPERS
    for block in blocks("console", paper)
    if (told := commands(block))
]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.usefixtures("folder")
def test_commands(block: list[tuple[list[str], list[str]]], capsys: pytest.CaptureFixture[str]) -> None:
    """Each block in one folder, from its first command to its last; another cloud's list may lack something."""
    if not any(words[0] == "demo" for words, _ in block) and any("demo/" in w for words, _ in block for w in words):
        assert main(["demo", "demo"]) == 0
    for words, figures in block:
        capsys.readouterr()
        chosen = words if "--lang" in words or words[0] == "demo" else [*words, "--lang", "en"]
        assert main(chosen) == (3 if "--provider" in words else 0), words
        printed = "".join(capsys.readouterr())
        for figure in figures:
            assert figure in printed, (words, figure)


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(read().encode()) <= README_LIMIT


def test_every_link_leads_somewhere() -> None:
    for paper in (*PAPERS, "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", read(paper)):
            assert ((ROOT / paper).parent / target).exists(), (paper, target)


def test_the_total_it_promises(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(folder / "web.yaml"), "--lang", "en"]) == 0
    total = re.search(r"The total is ([\d,.]+)", read())
    assert total is not None
    assert total[1] in capsys.readouterr().out


def test_the_coverage_it_shows() -> None:
    pattern = r"^\| (priced|free|on_request|legacy) \| (.*) \|$"
    told = dict(re.findall(pattern, read("docs/estimates.md"), flags=re.MULTILINE))
    sold = load_catalog().facts("systems")  # what the provider sells; a service added by a recipe may be none of these
    rows = [row for row in coverage(load_catalog()) if row["service"] in sold]
    assert told == {
        status: ", ".join(f"{r['service']} ({r['skus']})" for r in rows if r["status"] == status)
        for status in ("priced", "free", "on_request", "legacy")
    }


def test_the_profile_it_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "logs.yaml").write_text(blocks("yaml", "docs/estimates.md")[1], encoding="utf-8")
    assert main(["estimate", "logs.yaml", "--lang", "en"]) == 0
    assert "logs: egress_gb = 200" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "row"),
    [
        (["--storage-basis", "disks"], "disks"),
        (["--storage-basis", "in_use"], "in use × 1.3"),
        (["--storage-basis", "partitions"], "partitions × 1.3"),
        (["--storage-basis", "provisioned"], "provisioned"),
    ],
)
def test_the_storage_bases_it_shows(
    words: list[str], row: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(rf"^\| {re.escape(row)} \| [\d,]+ \| ([\d,.]+) ₽ ", read("docs/migration.md"), re.MULTILINE)
    assert found is not None
    assert main(["estimate", str(folder / "estate.xlsx"), "--prices-on", "2026-11-22", *words, "--lang", "en"]) == 0
    assert found[1] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("provider", "title"), [("yandex", "Yandex Cloud"), ("t1", "T1"), ("mws", "MWS"), ("selectel", "Selectel")]
)
def test_the_other_clouds_it_shows(provider: str, title: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(rf"\| {title} \| ([\d,.]+) ₽ \|", read("docs/migration.md"))
    assert shown is not None
    asked = ["estimate", str(folder / "estate.xlsx"), "--prices-on", "2026-11-22", "--provider", provider]
    assert main([*asked, "--lang", "en"]) == 3
    assert shown[1] in capsys.readouterr().out


def test_python(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = folder / "example.py"
    script.write_text(blocks("python")[0], encoding="utf-8")
    runpy.run_path(str(script))
    assert "8474.33 1528.16 True" in capsys.readouterr().out
    assert (folder / "web.xlsx").exists()


def test_every_make_target_they_name_exists() -> None:
    makefile = read("Makefile")
    for paper in (*PAPERS, "CONTRIBUTING.md"):
        for target in set(re.findall(r"`?make ([a-z]+)", read(paper))) - {"it", "and"}:
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), (paper, target)


def test_every_path_of_the_tree_exists() -> None:
    readme = read()
    tree = readme[readme.index("```\napp.py ") + 4 :].split("```")[0]
    top = ""
    for line in tree.splitlines():
        names = [name.rstrip(",") for name in re.split(r"\s{2,}", line.strip())[0].split()]
        top = names[0] if not line.startswith(" ") else top
        for name in names:
            path = ROOT / name if not line.startswith(" ") else ROOT / top / name
            assert path.exists(), line
