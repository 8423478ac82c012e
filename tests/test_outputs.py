"""Golden outputs: `exports/<kind>/<format>/` holds what is written, as input and as the file it becomes.

Of an estimate the input is `input.yaml`; of a comparison `before.yaml` and `after.yaml`. English, VAT included.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from costlab.compare.split import compare_estimates
from costlab.estimate.charges import estimate_cost
from costlab.exports import comparisons, estimates
from costlab.inventory.sources.estimate_file import read_estimate
from costlab.model.scenario import Estimate

FOLDER = Path(__file__).parent / "exports"
CASES = sorted(p for p in FOLDER.glob("*/*") if p.is_dir())


def priced(path: Path) -> Estimate:
    return estimate_cost(read_estimate(path, today=date(2026, 11, 1)))


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_golden(case: Path) -> None:
    kind, name = case.parent.name, case.name
    made: Any
    if kind == "estimates":
        made = estimates.load(name).render(priced(case / "input.yaml"), "en", "included")
    else:
        sides = (priced(case / "before.yaml"), priced(case / "after.yaml"))
        made = comparisons.load(name).render(compare_estimates(*sides), "en")
    expected = next(case.glob("expected.*")).read_bytes()
    assert (made.encode() if isinstance(made, str) else made) == expected
