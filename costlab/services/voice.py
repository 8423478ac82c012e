"""Cloud Voice. Rule: «Cloud Voice. Тарификация»: synthesis per 1000 characters, recognition per minute of audio.

The page does not say whether a part of a thousand is paid as a part or as a whole, so that both can be asked; a part
is the default. The service is no longer sold, and it has no SLA.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage

TITLE = Text(en="Voice", ru="Голосовые технологии")
EXAMPLE: dict[str, Any] = {"synthesis_characters": 100000, "recognition_minutes": 600}


class Spec(Record):
    """Characters spoken and minutes understood."""

    synthesis_characters: Annotated[Count, Field(ge=0, le=10**12)] = 0
    """Synthesis, characters: in the period
    Синтез, символы: за период"""
    recognition_minutes: Amount = Decimal(0)
    """Recognition, minutes: of audio in the period
    Распознавание, минуты: аудио за период"""
    recognition: Literal["file", "stream"] = "file"
    """Audio: files or a stream, at the same price
    Аудио: файлы или поток, цена одинакова"""
    counting: Literal["linear", "started-thousand"] = "linear"
    """Counting characters: linear, or each started thousand as a whole
    Счёт символов: линейно или за каждую начатую тысячу"""


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """Characters and minutes of audio."""
    if spec.synthesis_characters:
        asked = {"counting": spec.counting}
        yield Usage(meter="voice.synthesis", dimensions=asked, amount=spec.synthesis_characters)
    if spec.recognition_minutes:
        yield Usage(meter="voice.recognition", dimensions={"audio": spec.recognition}, amount=spec.recognition_minutes)
