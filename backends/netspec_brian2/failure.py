"""What to tell a user about a worker that died."""

from __future__ import annotations

import signal
from pathlib import Path
from shutil import rmtree

_LINES = 12

_REFUSAL = "FloatingPointError: "
"""How a line begins that says that subnormal numbers are missing, of a compiled program too."""


def failure_message(status: int, log: str, cache: Path | None) -> str:
    """Return one message with the end of what the worker wrote.

    A compiled extension that cannot be loaded, such as one that a kill left unfinished, would stay
    in the cache and fail each time: then the cache is thrown away.

    Args:
        status: Of the process; negative if a signal ended it.
        log: Its standard error.
        cache: Where compiled extensions are kept, or `None`.
    """
    how = f"was ended by {_signal_name(-status)}" if status < 0 else "failed"
    lines = [line.rstrip() for line in log.splitlines() if line.strip()]
    for line in lines:
        if line.startswith(_REFUSAL):
            return f"backend 'brian2' cannot run: {line.removeprefix(_REFUSAL)}"
    message = f"the process of backend 'brian2' {how}"
    if cache and lines and lines[-1].startswith("ImportError: "):
        rmtree(cache, ignore_errors=True)
        message += "; its cache of compiled extensions was damaged and is removed, run it again"
    if lines:
        message += "; it wrote last:\n" + "\n".join(f"  {line}" for line in lines[-_LINES:])
    return message


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
