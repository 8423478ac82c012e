"""How long work tells where it is, and how a person stops it.

A function that may take over a second takes `progress: Progress | None` and calls `report(progress, stage, share)` as
it goes on. Whoever asked for the work may raise from it: nothing half-done stays behind.
"""

from collections.abc import Callable

from costlab.model.numbers import Language, Text

Progress = Callable[[str, float | None], None]
"""Called with a stage (key of `STAGES`) and the share of it that is done, 0 to 1; None when that is not known."""

STAGES: dict[str, Text] = {
    "copy": Text(en="copying", ru="копирование"),
    "hash": Text(en="reading", ru="чтение"),
    "text": Text(en="reading", ru="чтение"),
    "read": Text(en="reading", ru="чтение"),
    "check": Text(en="checking", ru="проверка"),
    "type": Text(en="typing the columns", ru="разбор столбцов"),
    "write": Text(en="writing", ru="запись"),
    "keep": Text(en="arranging by month", ru="раскладка по месяцам"),
    "claim": Text(en="finding the days", ru="поиск дней"),
    "restate": Text(en="comparing with earlier files", ru="сравнение с прежними файлами"),
    "commit": Text(en="saving", ru="сохранение"),
    "rate": Text(en="pricing", ru="расчёт"),
    "compare": Text(en="comparing", ru="сравнение"),
    "export": Text(en="exporting", ru="выгрузка"),
}
"""The words of each stage; a stage nobody named here is shown by its key."""


class Cancelled(Exception):  # noqa: N818 (not an error: somebody asked for it)
    """Raised from a `Progress` by whoever wants the work to stop."""


def report(progress: Progress | None, stage: str, share: float | None = None) -> None:
    """Tell the stage and its share; nothing when nobody listens. What the listener raises goes through."""
    if progress is not None:
        progress(stage, share)


def stage_text(stage: str, language: Language) -> str:
    """A stage in words."""
    return STAGES[stage][language] if stage in STAGES else stage
