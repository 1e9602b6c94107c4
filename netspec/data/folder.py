"""Opening a file that lies in a folder, and nothing else.

The name comes from a document that anybody may have written. It is relative and free of `..`; here
what it leads to is looked at: links that leave the folder, and all that is no regular file, are not
opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from netspec.data.errors import DataError
from netspec.files import open_file


@contextmanager
def opened(folder: Path, name: str, max_bytes: int) -> Iterator[BufferedReader]:
    """Open a file in a folder for reading.

    Args:
        folder: The folder.
        name: Relative to it, as `netspec.spec.data` has checked it.
        max_bytes: A larger file is refused.

    Raises:
        DataError: There is no such file, it is no regular file in the folder or too large, or it
            has changed while it was open.
    """
    try:
        stream = open_file(_inside(folder, name), os.O_NOFOLLOW)
    except OSError as error:
        raise _unreadable(name, error) from None
    with stream:
        before = os.fstat(stream.fileno())
        if before.st_size > max_bytes:
            raise DataError(
                "data-file-too-large",
                f"'{name}' has {before.st_size} bytes; the limit is {max_bytes}",
            )
        try:
            yield stream
        except OSError as error:
            raise _unreadable(name, error) from None
        after = os.fstat(stream.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise changed(name)


def changed(name: str) -> DataError:
    """Return the problem of a file that is not what it was when the compiler began."""
    message = f"'{name}' has changed while the network was compiled"
    return DataError("data-changed", message, hints=("run it again once the file is finished",))


def _inside(folder: Path, name: str) -> Path:
    """Return where a name leads to, without links.

    Raises:
        DataError: Out of the folder, or to something that is no regular file.
        OSError: There is no such file.
    """
    home = folder.resolve()
    try:
        path = (home / name).resolve(strict=True)
    except RuntimeError:  # links in a circle
        raise _not_a_file(name) from None
    if not path.is_relative_to(home):
        raise DataError(
            "data-outside-folder", f"'{name}' is a link that leaves the folder of the document"
        )
    if not stat.S_ISREG(path.stat().st_mode):
        raise _not_a_file(name)
    return path


def _not_a_file(name: str) -> DataError:
    return DataError("data-not-a-file", f"'{name}' is not a regular file")


def _unreadable(name: str, error: OSError) -> DataError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return DataError(
            "data-file-not-found",
            f"there is no file '{name}' beside the document",
            hints=("data files lie in the folder of the document; `save` does not copy them",),
        )
    return DataError("data-unreadable", f"cannot read '{name}': {error.strerror or error}")
