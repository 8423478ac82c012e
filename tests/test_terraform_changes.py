"""Two plans, their comparison in a pull request, conditions on it, and the examples for CI."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from costlab.cli import main
from costlab.commands._conditions import parse
from tests.test_terraform import CASE, change, plan


def test_the_comment_of_a_pull_request(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(CASE / "plan.json")
    assert main(["compare", path, "--format", "md", "--prices-on", "2026-11-01", "--fail-if", "delta > 10000"]) == 0
    text = capsys.readouterr().out.replace("\u00a0", " ")
    assert "## Cost of this change: +5,246.73 ₽ (67.8 %)" in text
    for part in ("Added: 1, +188.40 ₽", "Changed: 2, +5,246.73 ₽", "Removed: 1, -188.40 ₽", "Unchanged: 1."):
        assert part in text
    assert main(["compare", path, "--format", "md", "--fail-if", "delta_percent >= 60%", "--lang", "ru"]) == 4
    out = capsys.readouterr()
    assert "Стоимость изменения" in out.out
    assert "delta_percent" in out.err
    assert main(["estimate", path, "--fail-if", "delta > 5246.72"]) == 4
    assert main(["estimate", path, "--fail-if", "total > 20000", "--fail-if", "unpriced > 0"]) == 0


def test_two_plans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the branch would leave beside what main would leave; a side without a price is told and gives 3."""
    main_plan = plan(tmp_path, change("vkcs_networking_floatingip.a", {}))
    other = tmp_path / "pr"
    other.mkdir()
    unknown = change("vkcs_images_image.i", {"name": "i"}, unknown={"size_bytes": True})
    pr_plan = plan(
        other, change("vkcs_networking_floatingip.a", {}), change("vkcs_networking_floatingip.b", {}), unknown
    )
    assert main(["compare", str(main_plan), str(pr_plan), "--format", "md"]) == 3
    text = capsys.readouterr().out.replace("\u00a0", " ")
    assert "+188.40 ₽" in text
    assert "Incomplete: 1" in text
    assert main(["compare", str(main_plan), str(pr_plan), "--fail-if", "unpriced > 0"]) == 4
    assert main(["compare", str(pr_plan.with_name("none.json"))]) == 2


@pytest.mark.parametrize(
    "text", ["delta > 1; import os", "cost > 1", "delta >> 1", "delta > x", "total > 5%", "1 < delta"]
)
def test_conditions_are_nothing_else(text: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["estimate", str(CASE / "plan.json"), "--fail-if", text])
    assert stopped.value.code == 2


def test_conditions() -> None:
    assert parse(" delta_percent<=-2.50 % ")[:3] == ("delta_percent", "<=", Decimal("-2.50"))


def test_a_condition_on_a_difference_needs_two_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "state.json"
    values = {"root_module": {"resources": [{"address": "vkcs_networking_floatingip.a", "mode": "managed",
              "type": "vkcs_networking_floatingip", "values": {}}]}}  # fmt: skip
    state.write_text(json.dumps({"format_version": "1.0", "terraform_version": "1.11.4", "values": values}))
    assert main(["estimate", str(state), "--fail-if", "total > 188.39"]) == 4
    assert main(["estimate", str(state), "--fail-if", "delta > 1"]) == 2
    assert "two sides" in capsys.readouterr().err
    assert main(["compare", str(state)]) == 2


CI = Path(__file__).parents[1] / "costlab" / "examples" / "ci"


def scripts() -> dict[str, str]:
    """The steps of the two examples that call costlab, as one script each."""
    action = yaml.safe_load((CI / "github-pull-request.yml").read_text(encoding="utf-8"))
    (step,) = [s for s in action["jobs"]["cost"]["steps"] if s.get("id") == "price"]
    gitlab = yaml.safe_load((CI / "gitlab-merge-request.yml").read_text(encoding="utf-8"))["cost note"]["script"]
    ours = [line for line in gitlab if not line.startswith(("pip ", "python "))]
    return {"github": step["run"], "gitlab": "\n".join(ours)}


@pytest.mark.parametrize("name", ["github", "gitlab"])
@pytest.mark.parametrize(("limit", "holds"), [("delta > 10000", False), ("delta > 5000", True)])
def test_the_examples_for_ci_run(name: str, limit: str, *, holds: bool, tmp_path: Path) -> None:
    """The comment is written either way; the limit decides the status at the end."""
    (tmp_path / "plan.json").write_bytes((CASE / "plan.json").read_bytes())
    tools = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    told = {"GITHUB_OUTPUT": "out", "GITHUB_STEP_SUMMARY": "summary", "LIMIT": limit, "COST_LIMIT": limit}
    ran = subprocess.run(
        ["bash", "-e", "-c", scripts()[name]], cwd=tmp_path, env={**os.environ, **told, "PATH": tools}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert "Cost of this change" in (tmp_path / "cost.md").read_text(encoding="utf-8"), ran.stderr
    if name == "github":
        assert (ran.returncode, (tmp_path / "out").read_text()) == (0, f"status={4 if holds else 0}\n")
    else:
        assert ran.returncode == (4 if holds else 0)
