"""The rows of imported bills on disk: typed Parquet files, one a bill and billing month, whole or not there at all.

```
<home>/costlab.sqlite                               the catalog, unless COSTLAB_STORE names another database
<home>/stores/<store id>/charges/period=2026-11/<sha256>-<import>.parquet
<home>/stores/<store id>/incoming/<import>/         an import at work; nobody else looks into it
<home>/stores/<store id>/lock                       shared by imports at work, exclusive for whoever sweeps
```

A file is written under `incoming`, synced, renamed into `charges`, and only then named by a row of the catalog. A file
that no row names is an orphan: of an import that died, or of a bill that was forgotten.
"""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nobody can say whether an import is alive, so only age tells
    fcntl = None  # type: ignore[assignment]

GRACE = 600.0
"""Seconds an orphan is kept: somebody may be reading a bill that was just forgotten."""
_ABANDONED = 86_400.0
"""Seconds after which an import is dead where nobody can ask."""


@contextmanager
def incoming(folder: Path) -> Iterator[Path]:
    """An empty folder for one import, which nobody sweeps while the import lives; gone afterwards."""
    (folder / "incoming").mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_SH)
        own = folder / "incoming" / uuid.uuid4().hex[:16]
        own.mkdir()
        try:
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)


def settle(draft: Path, folder: Path, name: str) -> Path:
    """Move a written file to its place, so that after a power cut it is there whole or not at all."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync(draft)
    draft.rename(target)
    for parent in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync(parent)
    return target


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows has no such thing as syncing a folder
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def orphaned(folder: Path, names: list[str]) -> None:
    """Let the grace time of files that no row names any more begin now."""
    for name in names:
        with suppress(OSError):
            os.utime(folder / name)


@contextmanager
def sweeping(folder: Path) -> Iterator[list[Path]]:
    """The files that may be orphans, with no import at work until the block ends; [] when one is.

    Ask the catalog for the names it knows inside the block: whatever was committed is there by then.
    """
    if not folder.is_dir():
        yield []
        return
    with (folder / "lock").open("ab") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield []
                return
        _drop_abandoned(folder / "incoming", _ABANDONED if fcntl is None else 0)
        yield list(folder.glob("charges/period=*/*.parquet"))


def _drop_abandoned(folder: Path, age: float) -> None:
    for own in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            if time.time() - own.stat().st_mtime >= age:
                shutil.rmtree(own)


def drop(orphans: list[Path], grace: float) -> int:
    """Delete files older than the grace time; returns how many."""
    dropped = 0
    for path in orphans:
        with suppress(OSError):
            if time.time() - path.stat().st_mtime >= grace:
                path.unlink()
                dropped += 1
    return dropped
