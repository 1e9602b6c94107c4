"""Plain text on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from netspec.columns import printable_lines

if TYPE_CHECKING:
    from netspec.backend.protocol import AnyBackend


def say(text: str = "") -> None:
    """Write a line or several to stdout; what users chose for names does nothing to a terminal."""
    sys.stdout.write(printable_lines(text) + "\n")


def amount(size: float) -> str:
    """Return a number of bytes for people.

    >>> amount(1_500_000)
    '1.5 MB'
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.4g} TB"


def not_installed(backend: AnyBackend) -> str:
    """Return that the simulator of a backend is not installed, and what to do about it."""
    return "; ".join(filter(None, ("not installed", backend.capabilities.install_advice)))
