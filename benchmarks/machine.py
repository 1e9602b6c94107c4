"""The machine that measures, and what is installed on it."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from netspec_native.compiler import found_compiler

_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def described() -> dict[str, Any]:
    """Return what decides about times, as plain data."""
    compiler = found_compiler()
    return {
        "processor": _first_of(Path("/proc/cpuinfo"), "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "caches": _caches(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB",
        "load": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "c_compiler": compiler.version if compiler else None,
        "cpp_compiler": _version_of("g++"),
        "versions": {
            "python": platform.python_version(),
            **{
                name: _installed(name)
                for name in ("netspec-snn", "numpy", "brian2", "cython", "nest-simulator")
            },
        },
    }


def _first_of(path: Path, field: str) -> str | None:
    """Return the first value of a field in a file of lines `field : value`."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    pairs = (line.partition(":") for line in lines)
    return next((value.strip() for name, _, value in pairs if name.strip() == field), None)


def _caches() -> dict[str, str]:
    """Return the size of the caches of the first core, e.g. `{"L2 Unified": "1024K"}`."""
    found = {}
    for each in sorted(_CACHES.glob("index*")):
        level, kind, size = (
            (each / name).read_text(encoding="ascii").strip() for name in ("level", "type", "size")
        )
        found[f"L{level} {kind.lower()}"] = size
    return found


def _version_of(program: str) -> str | None:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return next(iter(done.stdout.splitlines()), None)


def _installed(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
