"""Backends that are broken on purpose, one for each rule of the contract.

Some run another network than they were given, some print other arithmetic, some keep another order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import netspec_numpy
import netspec_numpy.printer
from netspec.backend.program import Program
from netspec.backend.protocol import AnyBackend
from netspec.expr.nodes import Binary, Compare, Expression, Integer, Logical, Name, transform
from netspec.expr.printer import Precedence, Printed
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork
from netspec.results.record import NonFinite
from netspec.testing.oracle import OracleProgram, backend as oracle, scalar, steps as oracle_steps

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


# --- refractoriness -----------------------------------------------------------------------


def periods_changed_by(steps: int) -> Change:
    """Count refractory periods of at least one step shorter or longer."""

    def change(network: RealisedNetwork) -> RealisedNetwork:
        populations = {}
        for name, population in network.populations.items():
            parameters = dict(population.parameters)
            if ir.PERIOD in parameters:
                period = parameters[ir.PERIOD]
                parameters[ir.PERIOD] = np.where(period > 0, period + steps, period)
            populations[name] = replace(population, parameters=parameters)
        return replace(network, populations=populations)

    return change


def port_guards(guard: Expression) -> Change:
    """Shut the ports of held variables for another window."""
    shut = Compare(">", Name(ir.COUNTDOWN), Integer(0))

    def in_port(port: ir.Port) -> ir.Port:
        statements = tuple(
            replace(each, value=transform(each.value, lambda node: guard if node == shut else node))
            for each in port.statements
        )
        return replace(port, statements=statements)

    return lambda network: _with_cells(
        network, lambda cell: replace(cell, ports=tuple(in_port(port) for port in cell.ports))
    )


ONE_STEP_SHORTER = Compare(">", Name(ir.COUNTDOWN), Integer(1))
ONE_STEP_LONGER = Logical("or", Compare(">", Name(ir.COUNTDOWN), Integer(0)), Name(ir.HELD))


def threshold_reached(network: RealisedNetwork) -> RealisedNetwork:
    """Let a spike need its threshold reached instead of passed, or the other way round."""
    other = {">": ">=", ">=": ">"}

    def in_event(event: ir.Event) -> ir.Event:
        def swap(node: Expression) -> Expression:
            if isinstance(node, Compare):
                return replace(node, operator=other[node.operator])  # type: ignore[arg-type]
            return node

        return replace(event, condition=transform(event.condition, swap))

    return _with_cells(
        network, lambda cell: replace(cell, events=tuple(in_event(each) for each in cell.events))
    )


def _with_cells(network: RealisedNetwork, change: Callable[[ir.Cell], ir.Cell]) -> RealisedNetwork:
    populations = tuple(
        replace(population, cell=change(population.cell)) for population in network.ir.populations
    )
    return replace(network, ir=replace(network.ir, populations=populations))


# --- weights and delays -------------------------------------------------------------------


def weights_off_the_grid(network: RealisedNetwork) -> RealisedNetwork:
    """Use weights that are no multiples of a quantum, and add them up in another order."""
    projections = {}
    for name, edges in network.projections.items():
        order = np.lexsort((-np.arange(edges.sources.size), edges.sources))
        weights = np.broadcast_to(edges.weights, edges.sources.shape)[order]
        delays = np.broadcast_to(edges.delays, edges.sources.shape)[order]
        projections[name] = replace(
            edges,
            sources=edges.sources[order],
            targets=edges.targets[order],
            weights=weights * (1.0 + 2.0**-30),
            delays=delays,
        )
    return replace(network, projections=projections)


def delays_longer(network: RealisedNetwork) -> RealisedNetwork:
    """Deliver one step late."""
    projections = {
        name: replace(edges, delays=edges.delays + 1) for name, edges in network.projections.items()
    }
    return replace(network, projections=projections)


class WeightAtEmission(oracle_steps.OracleSimulation):
    """Reads weights when events leave instead of when they arrive."""

    def emit(self, k: int, name: str, i: int) -> None:
        self.spikes[name].append((k, i))
        for edge in self.edges[name, i]:
            weight = self.weights[edge.projection][edge.number]
            self.in_flight[k + edge.delay].append((edge, weight))  # type: ignore[arg-type]

    def deliver(self, k: int) -> None:
        leaving: list[Any] = self.in_flight.pop(k, [])
        kept = self.weights
        for edge, weight in leaving:
            if kept[edge.projection][edge.number] != weight:
                self.weights = {**self.weights}
                self.weights[edge.projection] = list(self.weights[edge.projection])
                self.weights[edge.projection][edge.number] = weight
        self.in_flight[k] = [edge for edge, _ in leaving]
        super().deliver(k)
        self.weights = kept


class ConnectionAtEmission(oracle_steps.OracleSimulation):
    """Looks at whether a projection is connected when events leave."""

    def emit(self, k: int, name: str, i: int) -> None:
        self.spikes[name].append((k, i))
        for edge in self.edges[name, i]:
            if self.connected[edge.projection]:
                self.in_flight[k + edge.delay].append(edge)

    def deliver(self, k: int) -> None:
        kept = self.connected
        self.connected = dict.fromkeys(kept, True)
        super().deliver(k)
        self.connected = kept


# --- the order of a step ------------------------------------------------------------------


class ResetBeforePorts(oracle_steps.OracleSimulation):
    """Resets before it delivers."""

    def step(self, k: int) -> NonFinite | None:
        for entry in self.network.timeline:
            if entry.step == k:
                self.apply(entry)
        self.record(k)
        self.update(k)
        fired = self.events(k)
        for population, event, i in fired:
            scalar.in_sequence(population.resets[event], population.neurons[i])
        self.deliver(k)
        return None


class RecordAfterUpdate(oracle_steps.OracleSimulation):
    """Samples after the update instead of before."""

    def step(self, k: int) -> NonFinite | None:
        for entry in self.network.timeline:
            if entry.step == k:
                self.apply(entry)
        self.update(k)
        self.record(k)
        fired = self.events(k)
        self.deliver(k)
        for population, event, i in fired:
            scalar.in_sequence(population.resets[event], population.neurons[i])
        return None


class DrawOneStepLate(oracle_steps.OracleSimulation):
    """Uses the draws of the step before."""

    def events(self, k: int) -> Any:
        original = scalar.drawn
        with pytest.MonkeyPatch.context() as patch:
            late = max(k - 1, 0)
            patch.setattr(scalar, "drawn", lambda key, _, i: original(key, late, i))
            return super().events(k)


# --- arithmetic ---------------------------------------------------------------------------


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
