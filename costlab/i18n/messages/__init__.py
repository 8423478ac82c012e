"""The words of every problem, in both languages: estimates and prices, warnings, bills, questions, accounts."""

from costlab.i18n.messages.accounts import ACCOUNTS
from costlab.i18n.messages.advice import ADVICE
from costlab.i18n.messages.bills import BILLS
from costlab.i18n.messages.estimates import ESTIMATES
from costlab.i18n.messages.form import Kind, Message
from costlab.i18n.messages.formats import FORMATS
from costlab.i18n.messages.inventories import INVENTORIES
from costlab.i18n.messages.migrations import MIGRATIONS
from costlab.i18n.messages.questions import QUESTIONS
from costlab.i18n.messages.reconcile import RECONCILE
from costlab.i18n.messages.store import STORE
from costlab.i18n.messages.tables import TABLES

MESSAGES: dict[str, Message] = (
    ESTIMATES | ADVICE | BILLS | TABLES | FORMATS | ACCOUNTS | RECONCILE | STORE | QUESTIONS | INVENTORIES | MIGRATIONS
)

__all__ = ["MESSAGES", "Kind", "Message"]
