"""costlab: what a cloud costs, to the kopeck, and where every kopeck comes from.

The functions below are the verbs of the command line for Python and notebooks, and all of the public interface: what
each takes, gives and raises stands in its docstring. They import what they need when they are called.
"""

import sys
from types import ModuleType
from typing import Any

from costlab import api as _verbs
from costlab.api import (
    charges_frame,
    compare,
    estimate_cost,
    frames,
    import_bill,
    load_catalog,
    migrate,
    read_bill,
    read_estimate,
    read_inventory,
    reconcile,
    write_workbook,
)

__all__ = [
    "charges_frame", "compare", "estimate_cost", "frames", "import_bill", "load_catalog", "migrate", "read_bill",
    "read_estimate", "read_inventory", "reconcile", "write_workbook",
]  # fmt: skip
__version__ = "0.2.0"


class _Package(ModuleType):
    """This package, whose names are its verbs.

    Python binds a submodule on its package when it is first imported: `costlab.compare`, the verb, would become the
    package of that name as soon as anything had imported `costlab.compare.split`. A property of the class stands
    before whatever is bound; `from costlab.compare.split import …` goes by `sys.modules` and is not touched by it.
    """

    @property
    def compare(self) -> Any:
        """The verb."""
        return _verbs.compare

    @compare.setter
    def compare(self, submodule: ModuleType) -> None:
        """Let go of the submodule that the import system binds."""

    def __dir__(self) -> list[str]:
        return list(__all__)


sys.modules[__name__].__class__ = _Package
