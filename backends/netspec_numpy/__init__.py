"""The NumPy backend: a readable program that needs numpy and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netspec.backend.capabilities import Capabilities, load_capabilities
from netspec.backend.program import Program
from netspec.realise.network import RealisedNetwork
from netspec_numpy.build import NumpySimulation
from netspec_numpy.emit import emit
from netspec_numpy.options import NumpyOptions

if TYPE_CHECKING:
    from netspec.backend.protocol import Backend

__all__ = ["NumpyBackend", "backend"]


class NumpyBackend:
    """Vectorised loops over steps, in this process."""

    name = "numpy"
    options = NumpyOptions

    @property
    def capabilities(self) -> Capabilities:
        """What the backend can express."""
        return load_capabilities(__name__)

    def version(self) -> str | None:
        """Return NumPy's version; netspec itself needs it, so it is always there."""
        return np.__version__

    def emit(self, network: RealisedNetwork, options: NumpyOptions) -> Program:
        """Return the program that simulates `network`."""
        return emit(network, options)

    def build(self, program: Program, options: NumpyOptions) -> NumpySimulation:
        """Compile the program's text in this process."""
        return NumpySimulation(program)


backend = NumpyBackend()

if TYPE_CHECKING:
    _: Backend[NumpyOptions] = backend
