"""Files of the machine: what the system says about them in both languages, and writing whole or not at all."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from costlab.errors import InputError
from costlab.model.numbers import Problem, Text

_RU = {
    errno.ENOENT: "нет такого файла или папки",
    errno.EACCES: "нет прав",
    errno.EPERM: "нет прав",
    errno.EISDIR: "это папка",
    errno.ENOTDIR: "на пути не папка, а файл",
    errno.ENOSPC: "на диске нет места",
    errno.EROFS: "диск только для чтения",
    errno.ENAMETOOLONG: "слишком длинное имя",
    errno.ELOOP: "ссылки ведут по кругу",
}


_STDOUT = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def os_reason(error: OSError) -> dict[str, Text]:
    """The argument `reason` of a problem: what the system says."""
    reason = error.strerror or str(error)
    return {"reason": Text(en=reason, ru=_RU.get(error.errno or 0, reason))}


_CALLED: dict[str, str] = {}
"""Path of a copy of ours -> what a person knows it as: the member of an archive, standard input."""


def call(path: Path, name: str) -> Callable[[], None]:
    """Have a copy of ours shown by the name of what it is a copy of, until what is returned is called."""
    key = os.fspath(path)
    _CALLED[key] = name

    def forget() -> None:
        _CALLED.pop(key, None)

    return forget


def shown_path(path: Path | str) -> str:
    """A path as text that can be printed: bytes that are no UTF-8 stand as escapes, a copy by what it is a copy of."""
    return _CALLED.get(os.fspath(path)) or os.fsencode(path).decode("utf-8", "backslashreplace")


def no_pattern(path: Path | str) -> str:
    """A path in which no character stands for other files, for what reads patterns of paths."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def write_whole(path: Path | str, content: str | bytes) -> None:
    """Write a file whole or not at all; a link stays a link, a pipe or device is written into.

    Raises `InputError` when the place cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        _write(os.fspath(path), data)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(path), args=os_reason(error))) from None


@contextmanager
def written_whole(path: Path | str) -> Iterator[Path]:
    """A place for a draft that becomes `path` when the block ends well, and goes away when it does not.

    For what is too large for memory. A link stays a link, into a pipe or device it is copied. Raises `InputError`.
    """
    name = os.fspath(path)
    try:
        mode = _writable(name)
        regular = name not in _STDOUT and (mode is None or stat.S_ISREG(mode))
        target = Path(os.path.realpath(name))
        with TemporaryDirectory(prefix=".costlab-", dir=target.parent if regular else None) as folder:
            draft = Path(folder) / "draft"
            yield draft
            if regular:
                if mode is not None:
                    draft.chmod(stat.S_IMODE(mode))
                draft.replace(target)
            else:
                out = open(1, "wb", closefd=False) if name in _STDOUT else Path(name).open("ab")  # noqa: SIM115
                with draft.open("rb") as source, out:
                    copyfileobj(source, out)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(path), args=os_reason(error))) from None


def _writable(name: str) -> int | None:
    """The mode of what stands at a name, None when nothing does; `OSError` when nothing can be written there."""
    if not name:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    try:
        mode = Path(name).stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if stat.S_ISREG(mode) and name not in _STDOUT and not os.access(os.path.realpath(name), os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return mode


def _write(name: str, data: bytes) -> None:
    mode = _writable(name)
    if name in _STDOUT:  # may itself stand for a regular file, in which our place is ours to keep
        with open(1, "wb", closefd=False) as stream:
            stream.write(data)
        return
    if mode is not None and not stat.S_ISREG(mode):
        with Path(name).open("ab") as stream:
            stream.write(data)
        return
    target = Path(os.path.realpath(name))
    draft = target.with_name(f".costlab-{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        if mode is not None:
            draft.chmod(stat.S_IMODE(mode))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
