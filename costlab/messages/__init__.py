"""The words of every problem, in both languages: estimates and prices in one file, bills in another."""

from costlab.messages.bills import BILLS
from costlab.messages.estimates import ESTIMATES
from costlab.messages.form import Kind, Message

MESSAGES: dict[str, Message] = ESTIMATES | BILLS

__all__ = ["MESSAGES", "Kind", "Message"]
