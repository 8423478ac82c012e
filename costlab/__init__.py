"""costlab: what a cloud costs, to the kopeck, and where every kopeck comes from.

The verbs below are the public Python interface. They load on first use, so that `import costlab` is instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from costlab.catalog.loading import load_catalog
    from costlab.estimate.charges import estimate_cost
    from costlab.exports.estimates.xlsx import write_workbook
    from costlab.focus.frames import charges_frame
    from costlab.inventory.sources.estimate_file import read_estimate

__all__ = ["charges_frame", "estimate_cost", "load_catalog", "read_estimate", "write_workbook"]
__version__ = "0.1.0"

_HOME = {
    "charges_frame": "costlab.focus.frames",
    "estimate_cost": "costlab.estimate.charges",
    "load_catalog": "costlab.catalog.loading",
    "read_estimate": "costlab.inventory.sources.estimate_file",
    "write_workbook": "costlab.exports.estimates.xlsx",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'costlab' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
