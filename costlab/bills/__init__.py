"""Bills of many formats, read as charges. One file a format (`formats/`); what they share is in `reading/`.

Each format exposes `TITLE`, `PROVIDER`, `REGIONS` (currency → region), `COLUMNS` (our field → names of its column),
`REQUIRED`, `NAMES` (the same ready for comparing) and `matches(header) -> bool`; see `readers.Reader`.
The way of a bill is in `read.py`: read it first.
"""

from costlab.bills.detection import Detected, detect
from costlab.bills.profile_draft import draft_profile
from costlab.bills.read import read_bill, read_bill_into, read_bills
from costlab.bills.readers import Reader, load, names
from costlab.bills.reading.merge import other_basis
from costlab.bills.reading.notes import NOTES
from costlab.bills.reading.profile import Profile, load_profile, parse_profile, profile_text

__all__ = [
    "NOTES", "Detected", "Profile", "Reader", "detect", "draft_profile", "load", "load_profile", "names", "other_basis",
    "parse_profile", "profile_text", "read_bill", "read_bill_into", "read_bills",
]  # fmt: skip
