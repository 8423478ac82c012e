"""`--fail-if` on a bill and on the store."""

from pathlib import Path

import pytest

from costlab.cli import main

EXAMPLES = Path(__file__).parent.parent / "costlab" / "examples"
FAULTS = str(EXAMPLES / "bill-faults.csv")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("difference > 493.02", 4),
        ("difference > 493.03", 0),
        ("overcharge >= 493.03", 4),
        ("delta == 493.03", 4),
        ("delta_percent > 0.60%", 4),
        ("total < 81894.26", 0),
        ("expected == 81401.23", 4),
        ("unrated > 0", 0),
        ("unexplained > 0", 0),
    ],
)
def test_a_bill(condition: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", FAULTS, "--fail-if", condition]) == status, capsys.readouterr().err


def test_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COSTLAB_HOME", str(tmp_path))
    assert main(["bill", "import", str(EXAMPLES / "bill-clean.csv")]) == 0
    assert main(["bill", "show", "--fail-if", "total > 81972.87"]) == 0
    assert main(["bill", "show", "--fail-if", "total > 81972.86", "--fail-if", "charges > 900"]) == 4
    assert "total = 81972.87" in capsys.readouterr().err


def test_a_figure_that_a_bill_has_not() -> None:
    with pytest.raises(SystemExit):
        main(["bill", "show", "--fail-if", "difference > 1"])
