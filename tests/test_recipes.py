"""docs/recipes.md, word for word: its files in a scratch copy of the tree leave the checks and the tests green.

All six recipes are followed at once; then what each adds is asked for as a user would, and `ruff`, `mypy`,
`lint-imports`, `costlab catalog check` and the tests that discover plug-ins run on the copy.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
FOLDERS = {
    "A service": "costlab/services/", "A source of inventories": "costlab/inventory/sources/",
    "A bill format": "costlab/bills/formats/", "A question": "costlab/questions/", "An output": "costlab/exports/",
    "A price list": "price_catalog/",
}  # fmt: skip
_LEFT_OUT = (".git", ".venv", "__pycache__", ".ruff_cache", "*.png")
"""The cache of `mypy` comes along: only what a recipe adds is checked anew."""
TESTS = (
    ("tests/test_plugins.py", ""),
    ("tests/test_cases.py", "example or selectel or program"),
    ("tests/test_inventories.py", "test_case"),
    ("tests/test_bill_formats.py", "golden or has_its_case"),
    ("tests/test_questions.py", "head or golden or every_file or no_charges"),
    ("tests/test_outputs.py", ""),
    ("tests/test_every_service.py", "form_opens or is_priced or totals"),
    ("tests/test_ui_bills.py", "drawn and en or every_format and pace"),
    ("tests/test_coverage.py", ""),
    ("tests/test_catalog.py", ""),
    ("tests/test_comparison_faces.py", "modules_of_the_folder"),
    ("tests/test_cli.py", "endings"),
    ("tests/test_papers.py", "coverage"),
)
"""Tests that go over a folder of plug-ins, or over what follows from one."""


def files(section: str) -> dict[str, str]:
    """Path → content of each block that stands under its path."""
    return dict(re.findall(r"^`([\w./-]+)`[^\n`]*:\n\n```\w+\n(.*?)^```", section, re.MULTILINE | re.DOTALL))


class Copy:
    """The tree with all recipes followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        for section in SECTIONS.values():
            for path, content in files(section).items():
                assert not (folder / path).exists(), path
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(content, encoding="utf-8")

    def run(self, *words: str, within: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A module of Python with the copy's packages."""
        place = within or self.folder
        around = {**os.environ, "PYTHONPATH": str(place), "COSTLAB_HOME": str(self.folder / ".home")}
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, cwd=place, env=around, capture_output=True, text=True, check=False)

    def costlab(self, *words: str) -> str:
        done = self.run("costlab.cli", *words, "--lang", "en")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("recipes") / "tree")


def test_each_is_one_file_and_its_golden_case() -> None:
    assert set(FOLDERS) <= set(SECTIONS)
    for title, folder in FOLDERS.items():
        paths = list(files(SECTIONS[title]))
        product = [p for p in paths if not p.startswith("tests/")]
        assert len(product) == 1, (title, product)
        assert product[0].startswith(folder)
        golden = {str(Path(p).parent) for p in paths if p.startswith("tests/")}
        assert len(golden) == 1, (title, golden)
        assert product[0] in SECTIONS[title].replace("`", "")


def test_a_service_is_priced_and_offered(copy: Copy) -> None:
    result = json.loads(copy.costlab("estimate", "tests/cases/example-address-pool/input.yaml", "--format", "json"))
    assert (result["total"], result["complete"]) == ("565.19", True)
    coverage = json.loads(copy.costlab("catalog", "coverage", "--format", "json"))
    assert next(row["status"] for row in coverage if row["service"] == "address_pool") == "priced"


def test_a_source_is_read(copy: Copy) -> None:
    done = copy.run("costlab.cli", "import", "tests/inventories/hypervisor-list/machines.json", "--lang", "en")
    assert done.returncode == 3, done.stderr  # one row has no memory: read, named, and the result is incomplete
    assert "Hypervisor's list" in done.stdout or "hypervisor_list" in done.stdout
    assert "cores or memory are not readable" in done.stdout + done.stderr


def test_a_bill_is_kept_and_the_question_asked(copy: Copy) -> None:
    assert "northern" in copy.costlab("bill", "import", "tests/bills/formats/northern/bill.csv").lower()
    shown = copy.costlab("bill", "show", "--question", "pace")
    assert "Days a service was paid for" in shown
    assert "Days paid" in shown
    assert "1,230.00" in shown
    asked = json.loads(copy.costlab("bill", "show", "--question", "pace", "--format", "json"))
    assert [row["paid_days"] for row in asked["rows"]] == [1, 1]
    for name in ("md", "csv"):
        assert copy.costlab("bill", "show", "--question", "pace", "--format", name)


def test_an_output_is_offered_by_name_and_ending(copy: Copy) -> None:
    assert "totals" in copy.costlab("estimate", "--help")
    source = "tests/exports/estimates/totals/input.yaml"
    shown = copy.costlab("estimate", source, "--format", "totals")
    copy.costlab("estimate", source, "-o", "two.tsv")
    assert (copy.folder / "two.tsv").read_text(encoding="utf-8") == shown


def test_a_price_list_is_used(copy: Copy) -> None:
    assert "ok" in copy.costlab("catalog", "check")
    shown = copy.costlab("catalog", "show", "selectel.fileshare.hdd", "--provider", "selectel")
    assert "0.0112" in shown


@pytest.mark.parametrize("words", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)])
def test_the_checks_are_green(copy: Copy, words: tuple[str, ...]) -> None:
    done = copy.run(*words)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_no_contract_is_broken(copy: Copy) -> None:
    """No import of a recipe's file is against a contract."""
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    around = {**os.environ, "PYTHONPATH": str(copy.folder)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=copy.folder, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(("path", "which"), TESTS, ids=lambda x: x.rpartition("/")[2] or "all")
def test_the_tests_that_discover_are_green(copy: Copy, path: str, which: str) -> None:
    done = copy.run("pytest", "-q", "-x", path, *(["-k", which] if which else []))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert " passed" in done.stdout
