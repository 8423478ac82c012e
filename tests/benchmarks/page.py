"""One edit on the page of an estimate with fifty machines, as the server sees it."""

import logging
from functools import cache
from itertools import count
from pathlib import Path

from streamlit.testing.v1 import AppTest

from costlab.estimate.charges import estimate_cost
from costlab.inventory.sources.estimate_file import parse_estimate
from costlab.ui import state
from costlab.ui.draft import draft_of
from tests.benchmarks.faces import estimate_text

APP = Path(__file__).parent.parent.parent / "app.py"
_sizes = count(11)
logging.disable(logging.WARNING)  # Streamlit warns of every run outside its server


@cache
def _page() -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    scenario = parse_estimate(estimate_text(50), "bench.yaml")
    at.session_state["memory"] = state.fresh() | {"draft": draft_of(scenario, state.today())}
    return at.run()


def change() -> object:
    """Give one machine another disk and draw the page again."""
    at = _page()
    entry = next(iter(at.session_state["memory"]["draft"].resources.values()))
    entry["spec"]["disks"][0]["size_gb"] = str(next(_sizes))
    at.run()
    if at.exception:
        raise RuntimeError(at.exception[0].value)
    return len(at.get("html"))


def without_page() -> object:
    """Baseline: the same estimate priced without a page."""
    return estimate_cost(parse_estimate(estimate_text(50), "bench.yaml")).total
