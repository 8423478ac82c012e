"""The words of every problem, in both languages: estimates and prices, warnings, bills, questions, accounts."""

from costlab.messages.accounts import ACCOUNTS
from costlab.messages.advice import ADVICE
from costlab.messages.bills import BILLS
from costlab.messages.estimates import ESTIMATES
from costlab.messages.form import Kind, Message
from costlab.messages.formats import FORMATS
from costlab.messages.inventories import INVENTORIES
from costlab.messages.migrations import MIGRATIONS
from costlab.messages.questions import QUESTIONS
from costlab.messages.reconcile import RECONCILE
from costlab.messages.store import STORE

MESSAGES: dict[str, Message] = (
    ESTIMATES | ADVICE | BILLS | FORMATS | ACCOUNTS | RECONCILE | STORE | QUESTIONS | INVENTORIES | MIGRATIONS
)

__all__ = ["MESSAGES", "Kind", "Message"]
