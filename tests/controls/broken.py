"""Three ways in which a backend can be broken.

It runs another network than it was given, it keeps another order, or it prints other arithmetic.
What networks and orders these are is in `readings` and `orders`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import netspec_numpy
import netspec_numpy.printer
from netspec.backend.program import Program
from netspec.backend.protocol import AnyBackend
from netspec.expr.nodes import Binary
from netspec.expr.printer import Precedence, Printed
from netspec.realise.network import RealisedNetwork
from netspec.testing.oracle import OracleProgram, backend as oracle, steps as oracle_steps

Change = Callable[[RealisedNetwork], RealisedNetwork]


class Misreading:
    """A backend that runs another network than it is given."""

    def __init__(self, sound: AnyBackend, change: Change) -> None:
        self.sound, self.change = sound, change
        self.name, self.capabilities, self.options = "broken", sound.capabilities, sound.options

    def version(self) -> str | None:
        return "broken"

    def emit(self, network: RealisedNetwork, options: Any) -> Program:
        return self.sound.emit(self.change(network), options)

    def build(self, program: Program, options: Any) -> Any:
        return self.sound.build(program, options)


class Misbehaving(Misreading):
    """The oracle with another order of things."""

    def __init__(self, simulation: type[oracle_steps.OracleSimulation]) -> None:
        super().__init__(oracle, lambda network: network)
        self.simulation = simulation

    def build(self, program: Program, options: Any) -> Any:
        assert isinstance(program, OracleProgram)
        return self.simulation(program.network)


class Miscompiling(Misreading):
    """The NumPy backend with other arithmetic in its program."""

    def __init__(self, appended: str, printer: type[Any] | None = None) -> None:
        super().__init__(netspec_numpy.backend, lambda network: network)
        self.appended, self.printer = appended, printer

    def emit(self, network: RealisedNetwork, options: Any) -> Program:
        with pytest.MonkeyPatch.context() as patch:
            if self.printer is not None:
                patch.setattr(netspec_numpy.printer, "ScopedPrinter", self.printer)
            program = super().emit(network, options)
        files = {name: text + self.appended for name, text in program.files.items()}
        return replace(program, files=files)


class FusingPrinter(netspec_numpy.printer.ScopedPrinter):
    """Contracts `x + a*b` into a fused multiply-add, as compilers do if they may."""

    def binary(self, node: Binary) -> Printed:
        match node:
            case Binary("+", addend, Binary("*", left, right)):
                texts = ", ".join(self.visit(each).text for each in (left, right, addend))
                return Printed(f"fma({texts})", Precedence.ATOM)
            case _:
                return super().binary(node)


FMA = """
from fractions import Fraction
fma = np.vectorize(lambda a, b, c: float(Fraction(a) * Fraction(b) + Fraction(c)), otypes=[float])
"""

LIBRARY_EXP = """
exp = np.exp
"""

ONE_LANE = """
sum_in_lanes = lambda values: np.add.accumulate(values)[-1]
"""
