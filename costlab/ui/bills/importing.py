"""Imports that a page started: each runs in a thread of its own, tells how far it is, and can be stopped. No Streamlit.

Which files of the server a page may read: those below COSTLAB_BILLS_DIR; without it any, but only where nobody beside
the users of this machine reaches the page.
"""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from costlab.bills import Profile
from costlab.errors import InputError
from costlab.files.writing import os_reason, shown_path
from costlab.model.numbers import Problem
from costlab.progress import Cancelled
from costlab.store import Imported, Store, import_bill

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 100


@dataclass
class Job:
    """Files being imported one after another; what came of each."""

    names: tuple[str, ...]
    done: list[Imported] = field(default_factory=list)
    refused: list[tuple[str, tuple[Problem, ...]]] = field(default_factory=list)
    stage: str = ""
    share: float | None = None
    cancelled: bool = False
    failed: bool = False
    """A defect of ours; the server's log has it."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether the thread is still at it."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def current(self) -> str:
        """The file being imported."""
        return self.names[min(len(self.done) + len(self.refused), len(self.names) - 1)]

    def cancel(self) -> None:
        """Ask it to stop; the file at hand leaves nothing behind."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def report(self, stage: str, share: float | None) -> None:
        """What the import tells. Raises `Cancelled` when it shall stop."""
        self.stage, self.share = stage, share
        if self._stop.is_set():
            raise Cancelled


def start(store: Store, paths: Sequence[Path], profile: Profile | None = None, folder: Path | None = None) -> Job:
    """Import files in a thread; `folder` is ours and goes when it has ended."""
    job = Job(names=tuple(path.name for path in paths))
    job._thread = threading.Thread(  # noqa: SLF001 (made here)
        target=_run, args=(job, store, tuple(paths), profile, folder), name="costlab-import", daemon=True
    )
    job._thread.start()  # noqa: SLF001
    return job


def _run(job: Job, store: Store, paths: tuple[Path, ...], profile: Profile | None, folder: Path | None) -> None:
    ended = False
    try:
        for path in paths:
            try:
                job.done.append(import_bill(store, path, profile=profile, progress=job.report))
            except InputError as error:
                job.refused.append((path.name, error.problems))
        ended = True
    except Cancelled:
        job.cancelled = ended = True
    finally:
        job.failed = not ended
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def upload(store: Store, files: Sequence[tuple[str, bytes]], profile: Profile | None = None) -> Job:
    """Import uploaded files: name and bytes."""
    folder = Path(tempfile.mkdtemp(prefix="costlab-"))
    paths = []
    for number, (name, raw) in enumerate(files):
        own = folder / str(number)
        own.mkdir()
        path = own / safe_name(name)
        path.write_bytes(raw)
        paths.append(path)
    return start(store, paths, profile, folder)


def safe_name(name: str) -> str:
    r"""The last part of a name, of characters every system can have in one.

    >>> safe_name("..\\..\\июль 2026.csv"), safe_name("../"), safe_name(".hidden")
    ('июль 2026.csv', 'bill', 'hidden')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w .()+-]+", "_", last).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    return (f"{stem[:_LONGEST]}{dot}{suffix[:8]}" if dot else kept[:_LONGEST]) or "bill"


def bills_folder() -> str:
    """The folder of the server that bills may be read from; "" when none was set."""
    return os.environ.get("COSTLAB_BILLS_DIR", "")


def may_read(address: str | None) -> bool:
    """Whether the page may read files of the server at all; `address` is what the server listens on."""
    return bool(bills_folder()) or (address or "") in _LOOPBACK


def server_files(text: str, address: str | None) -> list[Path]:
    """The file a path names, or the files of a folder.

    Raises `InputError` when there are none or they may not be read.
    """
    folder = bills_folder()
    if not may_read(address):
        raise InputError(Problem(code="bills_dir_unset", source="COSTLAB_BILLS_DIR"))
    asked = Path(text.strip()).expanduser() if text.strip() else Path(folder)
    if folder and not asked.is_absolute():
        asked = Path(folder) / asked
    try:
        path = Path(os.path.realpath(asked))
        inside = not folder or path.is_relative_to(os.path.realpath(folder))
    except (OSError, ValueError):
        raise InputError(Problem(code="no_bill_there", source=shown_path(asked.name))) from None
    if not inside:
        raise InputError(Problem(code="bills_dir_outside", source=shown_path(asked), args={"folder": folder}))
    try:
        if path.is_dir():
            inner = sorted(p for p in path.iterdir() if p.is_file() and not p.is_symlink() and p.name[:1] != ".")
        else:
            inner = [path] if path.is_file() else []
    except OSError as error:
        raise InputError(Problem(code="unreadable", source=shown_path(asked), args=os_reason(error))) from None
    if not inner or not text.strip():
        raise InputError(Problem(code="no_bill_there", source=shown_path(asked)))
    return inner
