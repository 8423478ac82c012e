"""The numbers and words of costlab as types, and the one base of its records. Start reading here.

Records are frozen and hold no behaviour beyond sums of their own fields. Names are the field's own (FOCUS, price
list, rate card). Money and the quantities it depends on are `Decimal`; a float is refused wherever it tries to
enter, because 0.1 is not a tenth.
"""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Context, Decimal, localcontext
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["ru", "en"]

ZERO = Decimal(0)

KOPECK = Decimal("0.01")
"""The smallest amount of money there is to pay."""

DIGITS = 60
"""Decimal digits of any sum or product here: Python's 28 would round large bills."""


def exact() -> AbstractContextManager[Context]:
    """A context in which no sum or product of money rounds.

    >>> with exact():
    ...     Decimal(10) ** 30 + KOPECK
    Decimal('1000000000000000000000000000000.01')
    """
    return localcontext(prec=DIGITS)


_PLAIN_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?\Z")
"""Python would also take 1_000, infinity and the digits of other scripts."""


def _exact(value: Any) -> Any:
    """Let integers, decimals and decimal text through; refuse floats and booleans."""
    if isinstance(value, float | bool):
        raise ValueError("a float or a boolean is not an exact number")  # noqa: TRY004 (pydantic wants ValueError)
    if isinstance(value, str):
        if not _PLAIN_NUMBER.match(value.strip()):
            raise ValueError("not a number")
        return value.strip()
    return value


Number = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False)]
"""An exact decimal: from an integer, a `Decimal` or its text; never from a float."""

Price = Annotated[Number, Field(ge=0)]
"""A published price: 0 is free, less is a mistake."""

Count = Annotated[int, BeforeValidator(_exact)]
"""A whole number; `true` is not one."""

Amount = Annotated[Number, Field(ge=0, le=Decimal(10) ** 12, decimal_places=6)]
"""A size, quantity or price a person may enter: 0 to 10^12 with at most six decimals."""


class Record(BaseModel):
    """The one base: frozen, complete, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Record):
    """One text in both languages of the product."""

    en: str
    ru: str

    def __getitem__(self, language: str) -> str:
        return self.ru if language == "ru" else self.en


Args = dict[str, str | Text]
"""Arguments of a message: what reads the same in both languages is a plain text, what does not is a `Text`."""


class Period(Record):
    """A half-open stretch of time in whole minutes; both ends carry the region's UTC offset."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return int((self.end - self.start).total_seconds()) // 60


class Problem(Record):
    """Something a person must know, as data: where, what, and what to do. `i18n/messages` holds the words."""

    code: str
    """Key of `i18n.messages.MESSAGES`, which holds the words and the kind."""
    source: str
    """File, page or price list the problem is about."""
    line: int | None = None
    subject: str = ""
    """Resource, SKU or key concerned."""
    args: Mapping[str, str | Text] = Field(default_factory=dict)
    """Arguments of the message and the remedy; a `Text` where they differ by language (see `Args`)."""

    # The kind follows from the code, see errors.kind(): "error" stops, "unpriced" makes incomplete, "warning" tells.
