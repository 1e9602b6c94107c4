"""What to tell a user about a worker that died."""

from __future__ import annotations

import signal
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

from netspec.backend.capabilities import load_capabilities

_LINES = 12

_COMPILER_ERROR = " error: "

_NO_HEADERS = "Python.h: No such file"

_REFUSAL = "FloatingPointError: "
"""How a line begins that says that subnormal numbers are missing, of a compiled program too."""


def missing_message() -> str:
    """Return what to say where Brian2 is not installed."""
    return f"backend 'brian2' needs Brian2, which is not installed; install it with: {_install()}"


def import_message(reason: str) -> str:
    """Return what to say where Brian2 is installed but cannot be imported."""
    return (
        f"backend 'brian2' cannot import Brian2 {version('brian2')} with NumPy {version('numpy')}: "
        f"{reason}; install versions that fit each other with: {_install()}"
    )


def failure_message(status: int, log: str, cache: Path | None) -> str:
    """Return one message with the end of what the worker wrote, and what to do if that is known.

    A compiled extension that cannot be loaded, such as one that a kill left unfinished, would stay
    in the cache and fail each time: then the cache is thrown away.

    Args:
        status: Of the process; negative if a signal ended it.
        log: Its standard error.
        cache: Where compiled extensions are kept, or `None`.
    """
    lines = [line.rstrip() for line in log.splitlines() if line.strip()]
    how = f"was ended by {_signal_name(-status)}" if status < 0 else "failed"
    for line in lines:
        if line.startswith(_REFUSAL):
            return f"backend 'brian2' cannot run: {line.removeprefix(_REFUSAL)}"
    message = f"the process of backend 'brian2' {how}"
    if cache and lines and lines[-1].startswith("ImportError: "):
        rmtree(cache, ignore_errors=True)
        message += "; its cache of compiled extensions was damaged and is removed, run it again"
    if _NO_HEADERS in log:
        message += "; Python's own headers are missing, install them with: sudo apt-get install "
        message += "python3-dev (or your system's equivalent), or use target=numpy"
    if said := next((line for line in lines if _COMPILER_ERROR in line), ""):
        message += f"; the compiler said: {said}"
    if lines:
        message += "; it wrote last:\n" + "\n".join(f"  {line}" for line in lines[-_LINES:])
    return message


def _install() -> str:
    return load_capabilities("netspec_brian2").install


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
