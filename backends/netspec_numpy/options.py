"""Options of the NumPy backend: none of its own."""

from __future__ import annotations

from netspec.backend.protocol import BackendOptions


class NumpyOptions(BackendOptions):
    """The NumPy backend runs on one thread and has nothing of its own to choose."""
