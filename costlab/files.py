"""Files of the machine: what the system says about them in both languages, and writing whole or not at all."""

import errno
import os
import stat
from pathlib import Path

from costlab.errors import InputError
from costlab.model import Problem

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


def os_reason(error: OSError) -> dict[str, str]:
    """Arguments `reason` and `reason_ru` of a problem: what the system says."""
    reason = error.strerror or str(error)
    return {"reason": reason, "reason_ru": _RU.get(error.errno or 0, reason)}


def shown_path(path: Path | str) -> str:
    """A path as text that can be printed: bytes that are no UTF-8 stand as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def write_whole(path: Path | str, content: str | bytes) -> None:
    """Write a file whole or not at all; a link stays a link, a pipe or device is written into.

    Raises `InputError` when the place cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        _write(os.fspath(path), data)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(path), args=os_reason(error))) from None


def _write(name: str, data: bytes) -> None:
    if not name:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    try:
        mode = Path(name).stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if name in _STDOUT:  # may itself stand for a regular file, in which our place is ours to keep
        with open(1, "wb", closefd=False) as stream:
            stream.write(data)
        return
    if mode is not None and not stat.S_ISREG(mode):
        with Path(name).open("ab") as stream:
            stream.write(data)
        return
    target = Path(os.path.realpath(name))
    if mode is not None and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    draft = target.with_name(f".costlab-{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        if mode is not None:
            draft.chmod(stat.S_IMODE(mode))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
