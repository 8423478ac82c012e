"""The form of a message."""

from typing import Literal, NamedTuple

Kind = Literal["error", "unpriced", "rejected", "warning"]


class Message(NamedTuple):
    """The words of one kind of problem: message and remedy, English then Russian; `{name}` is filled from args."""

    kind: Kind
    en: str
    ru: str
    remedy_en: str
    remedy_ru: str
