"""The oracle: a backend that is slow and obvious. It defines what the others do.

`steps` is the definition: the loops of a run. `scalar` is the arithmetic that they use.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netspec.backend.capabilities import Capabilities, load_capabilities
from netspec.backend.program import Program
from netspec.backend.protocol import BackendOptions
from netspec.errors import InternalError
from netspec.ir.dump import dump
from netspec.realise.network import RealisedNetwork
from netspec.testing.oracle.steps import OracleSimulation

if TYPE_CHECKING:
    from netspec.backend.protocol import Backend

__all__ = ["OracleBackend", "backend"]


class OracleOptions(BackendOptions):
    """The oracle has nothing of its own to choose."""


@dataclass(frozen=True, slots=True, eq=False)
class OracleProgram(Program):
    """The text of the IR for a reader, and the network that the oracle interprets."""

    network: RealisedNetwork


class OracleBackend:
    """The backend that defines what the others do."""

    name = "oracle"
    options = OracleOptions

    @property
    def capabilities(self) -> Capabilities:
        """Everything."""
        return load_capabilities(__name__)

    def version(self) -> str | None:
        """Return Python's version: nothing else is needed."""
        return sys.version.split()[0]

    def emit(self, network: RealisedNetwork, options: OracleOptions) -> OracleProgram:
        """Return the network, readable."""
        files = {"network.txt": dump(network.ir)}
        return OracleProgram(self.name, "network.txt", files, {}, network)

    def build(self, program: Program, options: OracleOptions) -> OracleSimulation:
        """Make the network runnable."""
        if not isinstance(program, OracleProgram):
            raise InternalError("the oracle runs what it emitted in this process, not files")
        return OracleSimulation(program.network, state_digest=options.state_digest)


backend = OracleBackend()

if TYPE_CHECKING:
    _: Backend[OracleOptions] = backend
