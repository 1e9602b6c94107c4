"""Functions that other processes run: they are found by name, so not in a test module."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import NamedTuple


class Stay(NamedTuple):
    """When a process worked on a task."""

    process: int
    began: float
    ended: float


def stay(seconds: float) -> Stay:
    began = time.monotonic()
    time.sleep(seconds)
    return Stay(os.getpid(), began, time.monotonic())


def meet(name: str) -> bool:
    """Leave a file, and wait for the one that the other process leaves."""
    own = Path(name)
    own.touch()
    deadline = time.monotonic() + 60
    while len(list(own.parent.iterdir())) < 2:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def fail_at_zero(number: float) -> float:
    if number == 0:
        raise ZeroDivisionError("zero")
    time.sleep(number)
    return number


def linger(seconds: float) -> None:
    print("at work", flush=True)
    time.sleep(seconds)


def be_killed(_number: float) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
