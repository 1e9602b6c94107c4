"""What of the machine is free: what the system has, and what a container may take of it."""

from __future__ import annotations

import os
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def cores() -> int:
    """Return how many cores this process can keep busy: those it may run on, if it has the time."""
    return min([len(os.sched_getaffinity(0)), *_cores_of_container()])


def _cores_of_container() -> list[int]:
    """Return how many whole cores' time the control group has; empty if there is no limit.

    Threads that wait for each other would all wait for one that has used up a part of a core.
    """
    try:
        time, period = map(int, (_CGROUP / "cpu.max").read_text(encoding="ascii").split())
    except (OSError, ValueError):  # "max"
        return []
    return [max(time // period, 1)]


def free_memory() -> int:
    """Return bytes that can be taken without swapping, as far as the system tells."""
    return min([_free_in_system(), *_free_in_container()])


def _free_in_system() -> int:
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("MemAvailable:"))
        return int(kilobytes) * 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _free_in_container() -> list[int]:
    """Return what the control group has left; empty if it has no limit or there is none."""
    try:
        limit = (_CGROUP / "memory.max").read_text(encoding="ascii").strip()
        used = int((_CGROUP / "memory.current").read_text(encoding="ascii"))
        statistics = (_CGROUP / "memory.stat").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
    if not limit.isdigit():  # "max"
        return []
    given_up = (line.split() for line in statistics)  # page cache goes when memory is short
    cached = sum(int(fields[1]) for fields in given_up if fields[0] == "inactive_file")
    return [max(int(limit) - used + cached, 0)]
