"""The C++ compiler that Brian2 will call: whether it is there, and which one it is."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from netspec.errors import BackendError
from netspec_brian2.cache import extension_cache
from netspec_brian2.options import COMPILER_FLAGS, Target


def require_compiler(target: Target) -> None:
    """Make sure that a target can compile.

    Raises:
        BackendError: What it needs is missing.
    """
    if missing := missing_compiler(target):
        raise BackendError(f"backend 'brian2' with target={target} cannot compile: {missing}")


def missing_compiler(target: Target) -> str | None:
    """Return what a target misses to compile, and what brings it; `None` if it can."""
    if target == "numpy":
        return None
    needed = [_compiler(target), *(["make"] if target == "cpp_standalone" else [])]
    missing = [program for program in needed if shutil.which(program) is None]
    if not missing:
        return None
    names = " and ".join(f"'{program}'" for program in missing)
    return (
        f"{names} cannot be found; {_advice(missing)}, or use target=numpy, which compiles nothing"
    )


def _advice(missing: Sequence[str]) -> str:
    """Return what brings missing programs."""
    if missing[0] != "make" and os.environ.get("CXX"):
        return "it is what the environment variable CXX says: name a C++ compiler there or unset it"
    packages = " ".join("make" if program == "make" else "g++" for program in missing)
    return f"install with: sudo apt-get install {packages} (or your system's equivalent)"


def cache_folder() -> Path | None:
    """Return where extensions of this compiler and these flags are kept, or `None`."""
    compiler = _compiler("cython")
    asked = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    flags = COMPILER_FLAGS["cython"]
    return extension_cache(version("brian2"), platform.machine(), asked.stdout, *flags)


def _compiler(target: Target) -> str:
    """Return the program that compiles C++ for a target."""
    configured = sysconfig.get_config_var("CXX") if target == "cython" else None
    command = os.environ.get("CXX") or configured or "g++"
    try:
        return (shlex.split(command) or ["g++"])[0]
    except ValueError:  # a quotation that does not end: no program is called that
        return command
