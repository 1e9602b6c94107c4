"""Files are written whole or not at all, and what is read is a file."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO

NOT_A_FILE = "not a regular file"


def open_file(path: str | os.PathLike[str], flags: int = 0) -> BufferedReader:
    """Open a regular file for reading; nothing else is waited for, as a FIFO would be.

    Args:
        path: The file, or a link to it.
        flags: More of those that `os.open` takes.

    Raises:
        OSError: There is no such file, it is a directory or no regular file, or it cannot be read.
    """
    # To open a device may already do something; and `Path("")` would be the current folder.
    _require_regular(os.stat(path), path)  # noqa: PTH116
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | flags)
    stream = os.fdopen(descriptor, "rb")
    try:
        _require_regular(os.fstat(descriptor), path)
    except OSError:
        stream.close()
        raise
    return stream


def _require_regular(found: os.stat_result, path: str | os.PathLike[str]) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, NOT_A_FILE, os.fspath(path))


@contextmanager
def atomic_writer(path: Path, *, follow_link: bool = True) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its name only once everything is on disk.

    Args:
        path: The file.
        follow_link: Whether a link may stand in its place, and what it points to is written. Not
            so where the user has not named the file, and the link may be a stranger's.

    Raises:
        OSError: The folder does not exist, cannot be written or is full, or there is a link that is
            not followed; names `path`, and nothing is left behind.
    """
    temporary: Path | None = None
    try:
        if follow_link:
            path = _target(path)
        else:
            refuse_link(path)
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(errno.EINVAL, NOT_A_FILE, os.fspath(path))
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            # The name that it has by now is none that anybody chose.
            raise OSError(error.errno, error.strerror, os.fspath(path)) from None
        raise


def refuse_link(path: Path) -> None:
    """Refuse a file that is a link.

    Raises:
        OSError: It is one, wherever it points to.
    """
    if path.is_symlink():
        reason = f"'{path.name}' is a link, which is not followed"
        raise OSError(errno.ELOOP, reason, os.fspath(path))


def _target(path: Path) -> Path:
    """Return the file itself: what a link points to is written, not the link."""
    try:
        target = path.resolve()
        leads_to_itself = target.is_symlink()
    except RuntimeError:  # what Python before 3.13 makes of a link that leads to itself
        leads_to_itself = True
    if leads_to_itself:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    return target


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    current = os.umask(0o022)
    os.umask(current)
    return current
