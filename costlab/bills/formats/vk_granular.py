"""VK Cloud's granular report (page «Баланс», CSV or XLSX): spending by day, resource and parameter.

Its exact header is not published, so columns are found by name, in any order; what is found so far:
«ID ресурса» (for a time `resource_id`), parameters named as the price list's items, user labels. The names stand in
`reading/vk_columns.py`, for the consumption report has many of them.
"""

from costlab.bills.reading.columns import Rules
from costlab.bills.reading.vk_columns import COLUMNS, IGNORED, NAMES, REGIONS, REQUIRED, WEAK, matches
from costlab.model.numbers import Text

__all__ = ["COLUMNS", "IGNORED", "NAMES", "PROVIDER", "REGIONS", "REQUIRED", "RULES", "TITLE", "WEAK", "matches"]

TITLE = Text(en="VK Cloud, granular report", ru="VK Cloud, гранулярный отчёт")
PROVIDER = "vk"
RULES = Rules(likely=2)
