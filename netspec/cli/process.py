"""What a command needs of its process: streams to write to, signals to clean up, a quick end."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType


def open_streams() -> None:
    """Open what the process was started without, as `netspec … >&-` does, into nothing.

    What a stream's encoding has no character for is written as its code point.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def give_up_streams() -> None:
    """Keep Python from complaining at its end about output that could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(null, stream.fileno())
            except (OSError, ValueError):
                continue
            finally:
                os.close(null)


def leave_memory_to_the_system() -> None:
    """Keep Python from looking for cycles at its end, which takes as long as importing NumPy."""
    atexit.register(gc.freeze)


@contextmanager
def unwinding_signals() -> Iterator[None]:
    """Make SIGTERM and SIGHUP end the block as an exception does, so that nothing is left behind.

    Handlers of someone else stay, and so does `nohup`. Signals reach the main thread only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [
        each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL
    ]
    for each in ours:
        signal.signal(each, _leave)
    try:
        yield
    finally:
        for each in ours:
            signal.signal(each, signal.SIG_DFL)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
