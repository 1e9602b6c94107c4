"""Compiled libraries that are kept from one run to the next, for this user alone.

A library is one file, named by the hash of everything that decides about its machine code. Behind
the code stands a hash of both, so that a file which was cut off, or is not what was put there, is
made again. It appears by renaming: whoever looks finds a whole one or none, however many processes
write at once and wherever one of them dies. What is loaded is a copy of what was looked at, so that
nobody, not even on another machine, can take it away or change it meanwhile.

A process loads a library once: what is loaded stays for as long as the process lives, and there is
room for some ten thousand.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

from platformdirs import user_cache_path

from netspec.errors import BackendError
from netspec.results.metadata import netspec_version

_LARGEST = 256
"""Libraries that are kept; of more, those that were not used for longest are taken away."""

_UNFINISHED = "netspec-native-"
_LONG = 3600.0
"""Seconds after which nobody is still writing a file."""

_loaded_here: dict[str, int] = {}
"""Handles of the libraries that this process has loaded, by key."""


def cache_key(*identity: str) -> str:
    """Return the name of a library.

    Args:
        identity: What decides about its machine code, beside this machine and this netspec.
    """
    machine = (sys.platform, platform.machine(), str(struct.calcsize("P")), *platform.libc_ver())
    told = (netspec_version(), *machine, _cpu_features(), *identity)
    # Each text on its own, so that no two lists of texts are one.
    return sha256("".join(sha256(each.encode()).hexdigest() for each in told).encode()).hexdigest()


def cached_library(key: str, make: Callable[[Path], None]) -> ctypes.CDLL:
    """Return a library from the cache; it is made if it is not there or not whole.

    Where there is no folder that is this user's alone, or no room in it, nothing is kept, and
    nothing that cannot be loaded.

    Args:
        key: Its name.
        make: Writes the library to a path.

    Raises:
        BackendError: It cannot be written or loaded.
    """
    if key not in _loaded_here:
        try:
            with _private_folder() as folder:
                _loaded_here[key] = _found_or_made(folder, key, make)
        except OSError as error:
            raise BackendError(
                f"backend 'native' cannot work in its temporary folder: {error.strerror or error}; "
                "set TMPDIR to a place with more room, from which programs may be started"
            ) from error
    # To each caller its own functions, whose types it sets.
    return ctypes.CDLL(None, handle=_loaded_here[key])


def _found_or_made(folder: Path | None, key: str, make: Callable[[Path], None]) -> int:
    """Return the handle of a library that is loaded from the cache, or made and kept there."""
    places = (None, folder) if folder else (None,)
    code = _kept(folder, key) if folder else None
    if code is not None:
        return _loaded(code, places)
    with _temporary_folder() as making:
        make(making / "simulate.so")
        code = (making / "simulate.so").read_bytes()
    handle = _loaded(code, places)
    if folder:
        _keep(folder, key, code)
    return handle


@contextmanager
def _temporary_folder(place: Path | None = None) -> Iterator[Path]:
    # On a network's disk a file that is loaded cannot be taken away: the rest has to stay.
    folder = tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=place, ignore_cleanup_errors=True)
    with folder as name:
        yield Path(name)


def _loaded(code: bytes, places: Iterable[Path | None]) -> int:
    """Load a library from the first place from which that can be done; return its handle.

    Raises:
        OSError: There is none; says why it is not the first.
    """
    refused: list[OSError] = []
    for place in places:
        try:
            with _temporary_folder(place) as folder:
                (folder / "simulate.so").write_bytes(code)
                return ctypes.CDLL(str(folder / "simulate.so"))._handle
        except OSError as error:
            refused.append(error)
    raise refused[0]


@contextmanager
def _private_folder() -> Iterator[Path | None]:
    """Yield a way to the folder of the cache, if nobody else can put anything into it.

    The folder is opened once, so that it cannot be exchanged after it was looked at.
    """
    folder = user_cache_path("netspec", appauthor=False) / "native"
    handle = None
    try:
        if folder.is_absolute():  # else there is no home
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        pass  # the cache is a convenience
    try:
        private = handle is not None and _is_private(os.fstat(handle))
        yield Path(f"/proc/self/fd/{handle}") if private else None
    finally:
        if handle is not None:
            os.close(handle)


def _is_private(found: os.stat_result) -> bool:
    """Tell whether only this user can write to something."""
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _kept(folder: Path, key: str) -> bytes | None:
    """Return the code of a library that is in the cache and whole."""
    path = folder / f"{key}.so"
    try:
        # A link is refused, and a pipe would be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or not _is_private(found):
                return None
            content = stream.read()
    except OSError:
        return None
    code = content[: -sha256().digest_size]
    if content != code + _seal(key, code):
        return None
    with suppress(OSError):
        os.utime(path)  # it was used
    return code


def _keep(folder: Path, key: str, code: bytes) -> None:
    """Put a library into the cache, if that is possible."""
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=folder, prefix=_UNFINISHED)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(code + _seal(key, code))
            Path(name).replace(folder / f"{key}.so")
        finally:
            Path(name).unlink(missing_ok=True)
        _tidy(folder, (folder / f"{key}.so").stat().st_mtime)


def _seal(key: str, code: bytes) -> bytes:
    return sha256(key.encode() + code).digest()


def _tidy(folder: Path, now: float) -> None:
    """Take away what killed processes left, and if there are too many libraries, the oldest."""
    for each in folder.glob(f"{_UNFINISHED}*"):
        if each.lstat().st_mtime < now - _LONG:
            rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
    libraries = sorted((each.lstat().st_mtime, each) for each in folder.glob("*.so"))
    for _, each in libraries[:-_LARGEST]:
        each.unlink(missing_ok=True)


def _cpu_features() -> str:
    """Return what distinguishes processors that run the same kind of code."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor()
    told = ("flags", "Features", "model name", "CPU part")
    return "\n".join(dict.fromkeys(line for line in text.splitlines() if line.startswith(told)))
