"""The form of a message."""

from typing import Literal, NamedTuple

from costlab.model.numbers import Text

Kind = Literal["error", "unpriced", "rejected", "warning"]


class Message(NamedTuple):
    """The words of one kind of problem: message and remedy, English then Russian; `{name}` is filled from args."""

    kind: Kind
    en: str
    ru: str
    remedy_en: str
    remedy_ru: str

    @property
    def text(self) -> Text:
        """What is wrong."""
        return Text(en=self.en, ru=self.ru)

    @property
    def remedy(self) -> Text:
        """What to do about it."""
        return Text(en=self.remedy_en, ru=self.remedy_ru)
