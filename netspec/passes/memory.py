"""How much memory is free: what the system has left, and what a container may still take."""

from __future__ import annotations

import os
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


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
