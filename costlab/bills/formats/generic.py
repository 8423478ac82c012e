"""Any table of charges, by a mapping profile that says everything (`format: generic`): CSV, XLSX, DOCX or Parquet.

A profile is made once: `costlab bill profile FILE` writes a draft of it. No column is taken that the profile does not
name; those it leaves out stay in the charges as text.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Names, Rules, layout, names
from costlab.bills.reading.profile import Profile
from costlab.model.numbers import Text

TITLE = Text(en="Table with a mapping profile", ru="Таблица с профилем столбцов")
PROVIDER = "generic"
"""When the profile names no provider."""
REGIONS: dict[str, str] = {}
COLUMNS: dict[str, tuple[str, ...]] = {}
REQUIRED = ("amount",)
"""And when: a column of days, moments or months, or the profile's `period`."""
NAMES: Names = names(COLUMNS, {}, REQUIRED, ())
RULES = Rules(currency="", spans=True)


def matches(header: Sequence[str], profile: Profile | None = None) -> bool:
    """Whether the profile asks for this reader and the file has the columns it names."""
    return profile is not None and profile.format == "generic" and not layout(header, NAMES, profile).missing
