"""What the gate promises to have, so that a test without it fails and is not skipped."""

from __future__ import annotations

import os

VARIABLE = "NETSPEC_PROMISED"
"""Environment variable with names of what is there, e.g. `clang,nest`."""


def is_promised(what: str) -> bool:
    """Tell whether tests that need this may not be skipped."""
    return what in os.environ.get(VARIABLE, "").split(",")
