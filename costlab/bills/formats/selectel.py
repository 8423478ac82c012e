"""Selectel's report of services rendered (CSV, monthly): by project, service, object and resource.

It is no accounting document. Its exact header is not published, so columns are found by name. What was paid from a
bonus balance becomes a row of category Credit with `bonus`, for the closing documents leave it out.
"""

from collections.abc import Sequence

from costlab.bills.reading.columns import Rules
from costlab.bills.reading.meaning import CreditRules, finder
from costlab.bills.reading.selectel_columns import COLUMNS, NAMES, REQUIRED, matches
from costlab.files.sql_text import identifier
from costlab.model.numbers import Text

__all__ = ["COLUMNS", "NAMES", "PROVIDER", "REGIONS", "REQUIRED", "RULES", "TITLE", "matches", "meaning"]

TITLE = Text(en="Selectel, services rendered", ru="Selectel, отчёт об оказанных услугах")
PROVIDER = "selectel"
REGIONS: dict[str, str] = {}
_BALANCE = (
    "Баланс", "Баланс списания", "Списано с баланса", "Тип баланса", "Balance", "Balance charged", "Charged balance",
)  # fmt: skip


def meaning(columns: Sequence[str]) -> CreditRules:
    """What was paid with bonuses, by the balance it was taken from."""
    balance = finder(columns)(*_BALANCE)
    return CreditRules(
        paid_with_bonus=f"regexp_matches(lower({identifier(balance)}), 'бонус|bonus')" if balance else ""
    )


RULES = Rules(spans=True, signed=True, meaning=meaning)
