"""The rating program by hand-worked cases and at its edges; `property/` has the random ones."""

import pytest

from oracle import bridge
from oracle.worked import WORKED, Worked, printed


@pytest.mark.parametrize("case", WORKED, ids=lambda c: c.name)
def test_worked_by_hand(case: Worked) -> None:
    assert printed(bridge.rate_all(case.used(), case.by_key())) == (case.lines, case.rest)
