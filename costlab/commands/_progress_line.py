"""One line of a terminal that says how far long work is."""

import sys
import time
from typing import TextIO

from costlab.model.numbers import Language
from costlab.progress import stage_text

_PATIENCE = 0.5
"""Seconds before a line is worth showing."""


_EVERY = 0.1


_WIDTH = 78


class Line:
    """One line of a terminal that says what is being done, how far it is and how long it will take."""

    def __init__(self, language: Language, subject: str = "", out: TextIO | None = None) -> None:
        self.subject = subject
        self._language, self._out = language, out or sys.stderr
        self._began = self._stage_began = time.monotonic()
        self._shown = 0.0
        self._stage = ""
        self._width = 0

    def __call__(self, stage: str, share: float | None) -> None:
        """Show it, at most ten times a second."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_began = stage, now
        elif now - self._shown < _EVERY:
            return
        if now - self._began < _PATIENCE:
            return
        self._shown = now
        words = [self.subject, stage_text(stage, self._language)]
        if share is not None:
            words.append(f"{min(max(share, 0.0), 1.0) * 100:.0f} %")
            left = _left(now - self._stage_began, share)
            words.append(left)
        text = " · ".join(w for w in words if w)[:_WIDTH]
        self._out.write("\r" + text.ljust(self._width))
        self._out.flush()
        self._width = max(self._width, len(text))

    def clear(self) -> None:
        """Take the line away, so that what is printed next stands alone."""
        if self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()
            self._width = 0
        self._began = time.monotonic()


def _left(passed: float, share: float) -> str:
    """Time left as `0:12`, when there is enough to tell by."""
    if share <= 0.0 or share >= 1.0 or passed < 1:
        return ""
    seconds = int(passed * (1 - share) / share)
    return f"−{seconds // 60}:{seconds % 60:02d}"


def terminal(language: Language, subject: str = "") -> Line | None:
    """A line on stderr, where that is a terminal."""
    return Line(language, subject) if sys.stderr is not None and sys.stderr.isatty() else None
