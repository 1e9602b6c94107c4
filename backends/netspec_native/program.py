"""A program, and the network that it is of."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.backend.program import Program
from netspec.realise.network import RealisedNetwork


@dataclass(frozen=True, slots=True, eq=False)
class NativeProgram(Program):
    """A program that knows what it would record if it were stopped before its first step."""

    network: RealisedNetwork
