"""Compiled libraries that are kept from one run to the next, for this user alone.

A library lies under the hash of everything that decides about its machine code. Beside it lies the
hash of its bytes, so that one which was cut off, or is not what was put there, is made again. Files
appear by renaming: whoever looks finds a whole one or none, however many processes write at once
and wherever one of them dies.
"""

from __future__ import annotations

import os
import platform
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

_LARGEST = 256
"""Libraries that are kept; of more, those that were not used for longest are taken away."""


def cache_key(*identity: str) -> str:
    """Return the name of a library.

    Args:
        identity: What decides about its machine code, beside this machine and this netspec.
    """
    machine = (version("netspec-snn"), sys.platform, platform.machine(), _cpu_features())
    return sha256("\0".join((*machine, *identity)).encode()).hexdigest()


def cached(key: str, make: Callable[[Path], None]) -> Path | None:
    """Return a library from the cache, made if it is not there or not whole.

    Args:
        key: Its name.
        make: Writes the library to a path.

    Returns:
        Its path, or `None` if there is no folder that is this user's alone and can be written.

    Raises:
        BackendError: It could not be made.
    """
    folder = _private_folder()
    if folder is None:
        return None
    library, proof = folder / f"{key}.so", folder / f"{key}.sha256"
    if _is_whole(library, proof):
        with suppress(OSError):
            os.utime(library)  # it was used
        return library
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix="making-") as making:
            made, written = Path(making) / "library.so", Path(making) / "proof"
            make(made)
            written.write_text(_digest(made))
            made.replace(library)
            written.replace(proof)
    except OSError:
        return None  # no room, or the folder went away: the cache is a convenience
    _forget_some(folder)
    return library


def _is_whole(library: Path, proof: Path) -> bool:
    try:
        found = library.lstat()
        own = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid()
        return own and _digest(library) == proof.read_text()
    except (OSError, UnicodeDecodeError):
        return False


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _private_folder() -> Path | None:
    """Return the folder of the cache if nobody else can put anything into it."""
    folder = user_cache_path("netspec", appauthor=False) / "native"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in (folder, folder.parent):
            found = each.lstat()
            own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
            if not own or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
        return folder if os.access(folder, os.W_OK | os.X_OK) else None
    except OSError:
        return None


def _forget_some(folder: Path) -> None:
    """Take away the libraries that were not used for longest, if there are too many."""
    with suppress(OSError):
        libraries = [(each.stat().st_mtime, each) for each in folder.glob("*.so")]
        for _, each in sorted(libraries)[:-_LARGEST]:
            each.unlink(missing_ok=True)
            each.with_suffix(".sha256").unlink(missing_ok=True)


def _cpu_features() -> str:
    """Return what distinguishes processors that run the same kind of code."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor()
    lines = dict.fromkeys(
        line for line in text.splitlines() if line.startswith(("flags", "Features", "model name"))
    )
    return "\n".join(lines)
