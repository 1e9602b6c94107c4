"""What the gate promises to have, so that a test without it fails and is not skipped."""

from __future__ import annotations

import os
from importlib.util import find_spec
from shutil import which

import pytest

VARIABLE = "NETSPEC_PROMISED"
"""Environment variable with names of what is there, e.g. `clang,nest`."""


def is_promised(what: str) -> bool:
    """Tell whether tests that need this may not be skipped."""
    return what in os.environ.get(VARIABLE, "").split(",")


def require_c_compiler(name: str) -> None:
    """Leave a test out where clang is missing; GCC must be there, and clang if promised."""
    if which(name) is None and name == "clang" and not is_promised(name):
        pytest.skip("clang is missing")


def require_nest() -> None:
    """Leave a module of tests out where NEST is missing, for it is an extra; fail if promised."""
    if find_spec("nest") is None:
        missing = "NEST is missing: pip install -e '.[test,nest]'"
        if is_promised("nest"):
            pytest.fail(missing)
        pytest.skip(missing, allow_module_level=True)
