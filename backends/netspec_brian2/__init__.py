"""The Brian2 backend: a readable Brian2 script, run in a process of its own."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from netspec.backend.capabilities import Capabilities, load_capabilities
from netspec.backend.program import Program
from netspec.errors import InternalError
from netspec.realise.network import RealisedNetwork
from netspec_brian2.build import Brian2Simulation
from netspec_brian2.compilers import missing_compiler
from netspec_brian2.emit import emit
from netspec_brian2.options import Brian2Options
from netspec_brian2.program import Brian2Program

if TYPE_CHECKING:
    from netspec.backend.protocol import Backend

__all__ = ["Brian2Backend", "backend"]


class Brian2Backend:
    """Brian2 with netspec's arithmetic, order of a step and random numbers."""

    name = "brian2"
    options = Brian2Options

    @property
    def capabilities(self) -> Capabilities:
        """What the backend can express."""
        return load_capabilities(__name__)

    def version(self) -> str | None:
        """Return Brian2's version, or `None` if it is not installed."""
        try:
            return version("brian2")
        except PackageNotFoundError:
            return None

    def what_is_missing(self, options: Brian2Options) -> str | None:
        """Return what is missing, Brian2 or a compiler, and what to do; `None` if nothing is."""
        if self.version() is None:
            return f"its simulator is missing; install it with: {self.capabilities.install}"
        return missing_compiler(options.target)

    def emit(self, network: RealisedNetwork, options: Brian2Options) -> Brian2Program:
        """Return the script that simulates `network`."""
        return emit(network, options)

    def build(self, program: Program, options: Brian2Options) -> Brian2Simulation:
        """Make sure that the script can run.

        Raises:
            BackendError: Brian2 or a compiler is missing.
        """
        if not isinstance(program, Brian2Program):
            raise InternalError("backend 'brian2' runs what it emitted")
        return Brian2Simulation(program, options)


backend = Brian2Backend()

if TYPE_CHECKING:
    _: Backend[Brian2Options] = backend
